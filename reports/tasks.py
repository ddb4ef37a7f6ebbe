"""Celery doors of reports."""

from celery import shared_task

from reports import actions


@shared_task(name=actions.EXPORT_TASK)
def make_export(job_id: int) -> None:
    actions.make_export(job_id=job_id)


@shared_task(name="reports.remove_exports")
def remove_exports() -> None:
    actions.remove_exports()
    actions.remove_lists()
    actions.forget_slow_pages()


@shared_task(name=actions.LIST_TASK)
def make_list(job_id: int) -> None:
    actions.make_list(job_id=job_id)


@shared_task(name=actions.COUNT_TASK)
def count_asked(job_id: int) -> None:
    actions.count_asked(job_id=job_id)


@shared_task(name="reports.count_tonight")
def count_tonight() -> None:
    actions.count_tonight()


@shared_task(name="reports.watch")
def watch() -> None:
    actions.watch()


@shared_task(name=actions.MAILING_TASK)
def deliver_mailing(job_id: int) -> None:
    actions.deliver_mailing(job_id=job_id)
