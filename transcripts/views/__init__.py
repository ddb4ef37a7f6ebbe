"""Screens of transcription: runs, documents and their mailing, the student's credit, and anyone's check of a document."""

from transcripts.views.badges import badge, badge_status, badges, issuer
from transcripts.views.eligibility import eligibility, not_yet, request, settle_repeat, withdraw_request
from transcripts.views.exchange import acknowledge, pesc, pesc_batch
from transcripts.views.identities import conflict, conflicts, identities, imports, sheet, undo_identity
from transcripts.views.issuing import document, issued, new_ids, paper_facts, reissue, retry_reissue, revoke
from transcripts.views.letterheads import letterhead, logo, wording
from transcripts.views.mailings import mailing, mailing_file, mailings, mark_mailed, remake_mailing
from transcripts.views.merging import merge, merges, new_merge
from transcripts.views.replacements import replace_identity, replacement, replacements
from transcripts.views.runs import ledger, resume, run, runs, stop
from transcripts.views.stating import statement
from transcripts.views.transcripts import letter, mine, paper, transcript
from transcripts.views.verifying import check_file, verify, verify_code
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
    "acknowledge",
    "badge",
    "badge_status",
    "badges",
    "check_file",
    "columns",
    "conflict",
    "conflicts",
    "document",
    "eligibility",
    "identities",
    "imports",
    "issued",
    "issuer",
    "ledger",
    "letter",
    "letterhead",
    "logo",
    "mailing",
    "mailing_file",
    "mailings",
    "mark_mailed",
    "merge",
    "merges",
    "mine",
    "new_ids",
    "new_merge",
    "not_yet",
    "paper",
    "paper_facts",
    "pesc",
    "pesc_batch",
    "plan",
    "reconciliation",
    "reissue",
    "remake_mailing",
    "replace_identity",
    "replacement",
    "replacements",
    "reposts",
    "request",
    "resume",
    "retry_reissue",
    "revoke",
    "run",
    "runs",
    "settle_repeat",
    "sheet",
    "statement",
    "stop",
    "take_worksheet",
    "transcript",
    "undo_identity",
    "verify",
    "verify_code",
    "withdraw_request",
    "wording",
    "worksheet",
    "worksheets",
]
