"""Celery doors of accounts and seats."""

from celery import shared_task

from organizations import actions


@shared_task(name=actions.SAVE_FILE_TASK)
def save_people_file(job_id: int) -> None:
    actions.save_people_file(job_id=job_id)


@shared_task(name="organizations.remind_people")
def remind_people() -> None:
    actions.remind_people()
