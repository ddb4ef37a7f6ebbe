"""The screens of grading, by noun."""

from grading.views.assignments import roster, rosters
from grading.views.comments import comments
from grading.views.grade_changes import change, change_file, changes, new_change

__all__ = [
    "change",
    "change_file",
    "changes",
    "comments",
    "new_change",
    "roster",
    "rosters",
]
