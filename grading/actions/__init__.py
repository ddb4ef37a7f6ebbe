"""What is done with grades."""

from grading.actions.changes import (
    approve_change,
    ask_change,
    confirm_change,
    consortium_addresses,
    decline_change,
    withdraw_change,
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
    "confirm_change",
    "consortium_addresses",
    "correct_comment",
    "decline_change",
    "save_roster",
    "withdraw_change",
]
