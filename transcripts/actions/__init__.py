"""What is done in transcription: credit found, awarded once, written on a transcript, told to the student; college IDs
kept, worksheets made and answered, requests taken."""

from transcripts.actions.awards import award_credit
from transcripts.actions.badges import make_badge, revoke_badge
from transcripts.actions.checking import (
    CheckedFile,
    Verdict,
    check_file,
    count_file_check,
)
from transcripts.actions.corrections import repost_change
from transcripts.actions.exchange import acknowledge, export_pesc, export_pesc_of_run
from transcripts.actions.identities import (
    assign_sid,
    decide_conflict,
    enter_sid,
    give_identity,
    undo_identity,
)
from transcripts.actions.imports import apply_import, drop_import, hand_in, match_again
from transcripts.actions.issuing import (
    REISSUE_TASK,
    ask_for_new_issue,
    issue_new_ids,
    reissue_transcript,
    revoke_transcript,
    try_reissue_again,
)
from transcripts.actions.letterheads import preview_letter, save_letterhead, save_wording
from transcripts.actions.mailings import (
    MAILING_TASK,
    finish_mailing,
    make_mailing,
    make_mailing_again,
    make_next_part,
    mark_mailed,
    note_file_taken,
    start_mailing,
)
from transcripts.actions.merging import merge_records, undo_merge
from transcripts.actions.plans import save_columns, save_course_id, save_plan, start_planned_runs
from transcripts.actions.repeats import free_repeats, reopen_repeat, settle_repeat
from transcripts.actions.replacements import (
    approve_replacement,
    ask_replacement,
    decline_replacement,
    withdraw_replacement,
)
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
from transcripts.actions.stating import give_statement
from transcripts.actions.transcripts import (
    draw_documents,
    issue_transcript,
    letter_facts,
    tell_student,
    transcript_rows,
    words_of,
)
from transcripts.actions.worksheets import (
    export_again,
    make_worksheet,
    say_active,
    say_removed,
    take_worksheet,
)

__all__ = [
    "LANES",
    "MAILING_TASK",
    "REISSUE_TASK",
    "RUN_TASK",
    "SLICE",
    "CheckedFile",
    "Verdict",
    "acknowledge",
    "apply_import",
    "approve_replacement",
    "ask_for_new_issue",
    "ask_replacement",
    "assign_sid",
    "award_credit",
    "check_file",
    "count_file_check",
    "decide_conflict",
    "decline_replacement",
    "draw_documents",
    "drop_import",
    "enter_sid",
    "export_again",
    "export_pesc",
    "export_pesc_of_run",
    "finish_mailing",
    "finish_run",
    "free_repeats",
    "give_identity",
    "give_sid",
    "give_statement",
    "hand_in",
    "issue_new_ids",
    "issue_transcript",
    "letter_facts",
    "make_badge",
    "make_mailing",
    "make_mailing_again",
    "make_next_part",
    "make_worksheet",
    "mark_mailed",
    "match_again",
    "merge_records",
    "note_file_taken",
    "preview_letter",
    "reissue_transcript",
    "reopen_repeat",
    "repost_change",
    "request_transcription",
    "resume_run",
    "revoke_badge",
    "revoke_transcript",
    "run_transcription",
    "save_columns",
    "save_course_id",
    "save_letterhead",
    "save_plan",
    "save_wording",
    "say_active",
    "say_removed",
    "settle_repeat",
    "start_mailing",
    "start_planned_runs",
    "start_run",
    "stop_run",
    "take_worksheet",
    "tell_student",
    "transcribe_next",
    "transcribe_student",
    "transcript_rows",
    "try_reissue_again",
    "undo_identity",
    "undo_merge",
    "withdraw_replacement",
    "withdraw_request",
    "words_of",
]
