"""Celery doors of transcription."""

from celery import shared_task

from transcripts import actions


@shared_task(name=actions.RUN_TASK)
def run_transcription(job_id: int) -> None:
    actions.run_transcription(job_id=job_id)


@shared_task(name="transcripts.start_planned_runs")
def start_planned_runs() -> None:
    actions.start_planned_runs()


@shared_task(name=actions.REISSUE_TASK)
def reissue_transcript(job_id: int) -> None:
    actions.reissue_transcript(job_id=job_id)


@shared_task(name=actions.MAILING_TASK)
def make_mailing(job_id: int) -> None:
    actions.make_mailing(job_id=job_id)
