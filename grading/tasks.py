"""Celery doors of grading."""

from celery import shared_task

from grading import actions


@shared_task(name="grading.remind_of_blanks")
def remind_of_blanks() -> None:
    actions.remind_of_blanks()
