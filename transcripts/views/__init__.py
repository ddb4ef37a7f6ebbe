"""Screens of transcription: the registrar's runs, college IDs, worksheets; the student's transcripts and requests; and
anyone's check of a transcript."""

from transcripts.views.eligibility import eligibility, not_yet, request, withdraw_request
from transcripts.views.identities import conflict, conflicts, identities, imports, sheet, undo_identity
from transcripts.views.runs import ledger, resume, run, runs, stop
from transcripts.views.transcripts import mine, transcript, verify, verify_code
from transcripts.views.worksheets import (
    columns,
    plan,
    reconciliation,
    reposts,
    take_worksheet,
    worksheet,
    worksheets,
)

__all__ = [
    "columns",
    "conflict",
    "conflicts",
    "eligibility",
    "identities",
    "imports",
    "ledger",
    "mine",
    "not_yet",
    "plan",
    "reconciliation",
    "reposts",
    "request",
    "resume",
    "run",
    "runs",
    "sheet",
    "stop",
    "take_worksheet",
    "transcript",
    "undo_identity",
    "verify",
    "verify_code",
    "withdraw_request",
    "worksheet",
    "worksheets",
]
