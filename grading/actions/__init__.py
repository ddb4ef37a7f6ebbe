"""What is done with grades."""

from grading.actions.changes import (
    approve_change,
    ask_change,
    confirm_change,
    consortium_addresses,
    decline_change,
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
from grading.actions.rosters import (
    STATUS_CHOICES,
    RosterResult,
    RowChange,
    RowResult,
    save_roster,
)

__all__ = [
    "STATUS_CHOICES",
    "RosterResult",
    "RowChange",
    "RowResult",
    "add_comment",
    "approve_change",
    "ask_change",
    "ask_extension",
    "confirm_change",
    "consortium_addresses",
    "correct_comment",
    "declare_complete",
    "decline_change",
    "decline_extension",
    "grant_extension",
    "save_roster",
    "withdraw_change",
]
