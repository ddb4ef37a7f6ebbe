"""Celery doors of the outbox."""

from celery import shared_task

from accounts import actions


@shared_task(name=actions.SEND_MAIL_TASK)
def send_mail(mail_id: int) -> None:
    actions.send_mail(mail_id=mail_id)


@shared_task(name="accounts.sweep")
def sweep() -> None:
    actions.sweep()
