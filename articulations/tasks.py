"""Celery doors of articulations."""

from celery import shared_task

from articulations import actions


@shared_task(name="articulations.remind_of_assurances")
def remind_of_assurances() -> None:
    actions.remind_of_assurances()


@shared_task(name=actions.DOCUMENT_TASK)
def make_agreement_document(job_id: int) -> None:
    actions.make_agreement_document(job_id=job_id)


@shared_task(name="articulations.remind_of_reviews")
def remind_of_reviews() -> None:
    actions.remind_of_reviews()


@shared_task(name="articulations.remind_of_signatures")
def remind_of_signatures() -> None:
    actions.remind_of_signatures()
