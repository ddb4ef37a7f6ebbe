"""Grades, statuses and receipts in the words of the pages."""

from datetime import date
from decimal import Decimal

from grading import rules
from grading.actions import RosterResult, RowChange
from grading.models import NOT_ATTAINED, Shown, percent_text
from organizations.models import AcademicYear
from students.models import Registration

#: What stands where no grade is.
EMPTY = "- - -"
#: What stands where the college awards nothing for a grade.
NONE = "none"
STATUS_STATE = {
    Registration.Status.IN_PROGRESS: "progress",
    Registration.Status.COMPLETED: "done",
    Registration.Status.NOT_ATTAINED: "miss",
    Registration.Status.WITHDRAWN: "quiet",
    Registration.Status.NOT_IN_CLASS: "quiet",
}
FEES_REQ_STATE = {
    Registration.FeesReq.PENDING: "wait",
    Registration.FeesReq.PROCESSED: "done",
    Registration.FeesReq.WAIVED: "quiet",
    Registration.FeesReq.NOT_REQUIRED: "quiet",
}


def school_year_name(first_year: int) -> str:
    """`2026-27`."""
    return str(AcademicYear(first_year=first_year))


def counted(number: int, noun: str, plural: str = "") -> str:
    """`1 grade`, `4 grades`."""
    return f"{number} {noun if number == 1 else plural or noun + 's'}"


def saved_in_words(result: RosterResult) -> str:
    """`4 grades saved. Receipt R-2041. You can change them until June 25.`"""
    if not result.receipt:
        return "Nothing was changed, so nothing was saved."
    parts = [
        counted(number, noun, plural)
        for number, noun, plural in (
            (result.grades, "grade", ""),
            (result.statuses, "status", "statuses"),
            (result.comments, "comment", ""),
        )
        if number
    ]
    listed = parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
    changed = result.grades + result.statuses
    until = (
        f" You can change {'it' if changed == 1 else 'them'} until {result.until:%B} {result.until.day}."
        if changed and result.until
        else ""
    )
    return f"{listed} saved. Receipt {result.receipt}.{until}"


def days_in_words(day: date, on: date) -> str:
    """`today`, `tomorrow`, `in 3 days`; nothing beyond a month."""
    days = (day - on).days
    if days > 31:
        return ""
    return {0: "today", 1: "tomorrow"}.get(days, f"in {days} days")


def nothing_earned(standard: rules.Standard | None, percent: Decimal | None) -> str:
    """`none, below 85`: what stands in place of a college grade."""
    if standard is None or percent is None:
        return NONE
    return f"{NONE}, below {percent_text(standard.minimum)}"


def earns(standard: rules.Standard | None, typed: str) -> str:
    """The college grade of what stands in a grade box."""
    try:
        percent = rules.read_grade(typed)
    except ValueError:
        return EMPTY
    if percent is None or standard is None:
        return EMPTY
    if percent == NOT_ATTAINED:
        return NONE
    grade = standard.college_grade(Decimal(percent))
    return str(grade) if grade.is_earned else nothing_earned(standard, Decimal(percent))


def stands(shown: Shown) -> str:
    """`88 %`, `Not Attained`, `Withdrawn`."""
    if shown.grade and shown.grade != NOT_ATTAINED:
        return f"{shown.grade} %"
    return str(Registration.Status(shown.status).label)


def entered(change: RowChange) -> str:
    """What a person entered in a row, in words: `91 %`, `Not Attained`, `Withdrawn`."""
    try:
        read = rules.read_grade(change.grade or "")
    except ValueError:
        return (change.grade or "")[:40]
    if read == NOT_ATTAINED:
        return str(Registration.Status.NOT_ATTAINED.label)
    if read is not None:
        return f"{percent_text(Decimal(read))} %"
    if change.status in Registration.Status.values:
        return str(Registration.Status(change.status).label)
    return "no grade"
