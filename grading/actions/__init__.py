"""What is done with grades."""

from grading.actions.changes import (
    approve_change,
    ask_change,
    confirm_change,
    decline_change,
    desk_of,
    withdraw_change,
)
from grading.actions.classes import (
    ask_extension,
    declare_complete,
    decline_extension,
    grant_extension,
)
from grading.actions.comments import (
    add_comment,
    correct_comment,
)
from grading.actions.drafts import discard_draft, keep_draft
from grading.actions.late_claims import accept_claim
from grading.actions.reminders import (
    remind_of_blanks,
)
from grading.actions.rosters import (
    STATUS_CHOICES,
    RosterResult,
    RowChange,
    RowResult,
    save_roster,
    state_of,
    try_roster,
)
from grading.actions.settings import (
    remove_window,
    set_college_year,
    set_window,
)
from grading.actions.undoing import UndoResult, undo_roster

__all__ = [
    "STATUS_CHOICES",
    "RosterResult",
    "RowChange",
    "RowResult",
    "UndoResult",
    "accept_claim",
    "add_comment",
    "approve_change",
    "ask_change",
    "ask_extension",
    "confirm_change",
    "correct_comment",
    "declare_complete",
    "decline_change",
    "decline_extension",
    "desk_of",
    "discard_draft",
    "grant_extension",
    "keep_draft",
    "remind_of_blanks",
    "remove_window",
    "save_roster",
    "set_college_year",
    "set_window",
    "state_of",
    "try_roster",
    "undo_roster",
    "withdraw_change",
]
