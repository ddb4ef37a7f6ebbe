"""Celery doors of articulations."""

from celery import shared_task

from articulations import actions


@shared_task(name="articulations.remind_of_assurances")
def remind_of_assurances() -> None:
    actions.remind_of_assurances()
