"""Celery doors of transcription."""

from celery import shared_task

from transcripts import actions


@shared_task(name=actions.RUN_TASK)
def run_transcription(job_id: int) -> None:
    actions.run_transcription(job_id=job_id)


@shared_task(name="transcripts.start_planned_runs")
def start_planned_runs() -> None:
    actions.start_planned_runs()
