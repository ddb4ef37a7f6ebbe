"""The screens of grading, by noun."""

from grading.views.assignments import (
    roster,
    rosters,
)

__all__ = [
    "roster",
    "rosters",
]
