"""Celery doors of reports."""

from celery import shared_task

from reports import actions


@shared_task(name=actions.EXPORT_TASK)
def make_export(job_id: int) -> None:
    actions.make_export(job_id=job_id)


@shared_task(name="reports.remove_exports")
def remove_exports() -> None:
    actions.remove_exports()
