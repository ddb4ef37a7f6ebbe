"""What is done with grades."""

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
    "save_roster",
]
