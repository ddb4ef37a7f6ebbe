"""The screens of grading, by noun."""

from grading.views.assignments import roster, rosters
from grading.views.classes import extension, extensions, reopen, verification
from grading.views.comments import comments
from grading.views.grade_changes import change, change_file, changes, new_change

__all__ = [
    "change",
    "change_file",
    "changes",
    "comments",
    "extension",
    "extensions",
    "new_change",
    "reopen",
    "roster",
    "rosters",
    "verification",
]
