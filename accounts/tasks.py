"""Celery doors of the outbox, and of what is asked for on a page and answered by mail."""

from celery import shared_task

from accounts import actions


@shared_task(name=actions.SEND_MAIL_TASK)
def send_mail(mail_id: int) -> None:
    actions.send_mail(mail_id=mail_id)


@shared_task(name="accounts.sweep")
def sweep() -> None:
    actions.sweep()
    actions.forget_old_requests()


@shared_task(name=actions.ANSWER_REQUEST_TASK)
def answer_request(job_id: int) -> None:
    actions.answer_request(job_id=job_id)
