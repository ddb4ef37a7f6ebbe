"""What is done in transcription: credit found, awarded once, written on a transcript, told to the student."""

from transcripts.actions.awards import award_credit
from transcripts.actions.runs import (
    LANES,
    RUN_TASK,
    SLICE,
    finish_run,
    resume_run,
    run_transcription,
    start_run,
    stop_run,
    transcribe_next,
    transcribe_student,
)
from transcripts.actions.transcripts import issue_transcript, tell_student, transcript_rows

__all__ = [
    "LANES",
    "RUN_TASK",
    "SLICE",
    "award_credit",
    "finish_run",
    "issue_transcript",
    "resume_run",
    "run_transcription",
    "start_run",
    "stop_run",
    "tell_student",
    "transcribe_next",
    "transcribe_student",
    "transcript_rows",
]
