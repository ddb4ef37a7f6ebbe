"""The screens of grading, by noun."""

from grading.views.assignments import rosters
from grading.views.classes import extension, extensions, reopen, verification
from grading.views.comments import comments
from grading.views.entering import draft, roster
from grading.views.grade_changes import change, change_file, changes, new_change
from grading.views.late_claims import late_claim, late_claims
from grading.views.overview import progress, progress_file
from grading.views.rules_and_dates import college_year, settings, windows
from grading.views.sheets import paste, sheet
from grading.views.undoing import receipt, receipts

__all__ = [
    "change",
    "change_file",
    "changes",
    "college_year",
    "comments",
    "draft",
    "extension",
    "extensions",
    "late_claim",
    "late_claims",
    "new_change",
    "paste",
    "progress",
    "progress_file",
    "receipt",
    "receipts",
    "reopen",
    "roster",
    "rosters",
    "settings",
    "sheet",
    "verification",
    "windows",
]
