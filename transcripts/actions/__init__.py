"""What is done in transcription: credit found, awarded once, written on a transcript, told to the student; college IDs
kept, worksheets made and answered, requests taken."""

from transcripts.actions.awards import award_credit
from transcripts.actions.corrections import repost_change
from transcripts.actions.identities import (
    assign_sid,
    decide_conflict,
    enter_sid,
    give_identity,
    undo_identity,
)
from transcripts.actions.imports import apply_import, drop_import, hand_in, match_again
from transcripts.actions.plans import save_columns, save_course_id, save_plan, start_planned_runs
from transcripts.actions.requests import request_transcription, withdraw_request
from transcripts.actions.runs import (
    LANES,
    RUN_TASK,
    SLICE,
    finish_run,
    give_sid,
    resume_run,
    run_transcription,
    start_run,
    stop_run,
    transcribe_next,
    transcribe_student,
)
from transcripts.actions.transcripts import issue_transcript, tell_student, transcript_rows
from transcripts.actions.worksheets import export_again, make_worksheet, say_active, take_worksheet

__all__ = [
    "LANES",
    "RUN_TASK",
    "SLICE",
    "apply_import",
    "assign_sid",
    "award_credit",
    "decide_conflict",
    "drop_import",
    "enter_sid",
    "export_again",
    "finish_run",
    "give_identity",
    "give_sid",
    "hand_in",
    "issue_transcript",
    "make_worksheet",
    "match_again",
    "repost_change",
    "request_transcription",
    "resume_run",
    "run_transcription",
    "save_columns",
    "save_course_id",
    "save_plan",
    "say_active",
    "start_planned_runs",
    "start_run",
    "stop_run",
    "take_worksheet",
    "tell_student",
    "transcribe_next",
    "transcribe_student",
    "transcript_rows",
    "undo_identity",
    "withdraw_request",
]
