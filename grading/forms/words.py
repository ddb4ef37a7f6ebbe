"""Grades, statuses and receipts in the words of the pages."""

from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.html import format_html

from grading import rules
from grading.actions import RosterResult, RowChange
from grading.models import MET, NOT_ATTAINED, NOT_MET, GradePart, Shown, percent_text
from organizations.models import AcademicYear, CollegeYear
from sers.lib.moments import short_day, time_of_day
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

STATUS_LABEL = {status: str(status.label) for status in Registration.Status}
FEES_REQ_LABEL = {fees_req: str(fees_req.label) for fees_req in Registration.FeesReq}


def school_year_name(first_year: int) -> str:
    """`2026-27`."""
    return str(AcademicYear(first_year=first_year))


def counted(number: int, noun: str, plural: str = "") -> str:
    """`1 grade`, `4 grades`."""
    return f"{number} {noun if number == 1 else plural or noun + 's'}"


def saved_in_words(result: RosterResult, *, receipts: str = "") -> str:
    """`4 grades saved. Receipt R-2041. You can change them until June 25.`

    With the address of the class's `receipts`, the receipt is a link to what was saved and its undo.
    """
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
        f" You can change {'it' if changed == 1 else 'them'} until {short_day(result.until)}."
        if changed and result.until
        else ""
    )
    receipt: str = f"Receipt {result.receipt}"
    if receipts:
        receipt = format_html('<a href="{}{}/">{}</a>', receipts, result.receipt, receipt)
    return format_html("{} saved. {}.{}", listed, receipt, until)


def days_in_words(day: date, on: date) -> str:
    """`today`, `tomorrow`, `in 3 days`; nothing beyond a month."""
    days = (day - on).days
    if days > 31:
        return ""
    return {0: "today", 1: "tomorrow"}.get(days, f"in {days} days")


def kept_in_words(at: datetime, on: date) -> str:
    """`2:02 pm` of the same day, else `June 3, 2:02 pm`."""
    day = timezone.localtime(at).date()
    clock = time_of_day(at)
    return clock if day == on else f"{rules.day_in_words(day, on)}, {clock}"


def asks_in_words(standard: rules.Standard) -> str:
    """What a college asks for beside one grade: `A grade each semester. Industry exam met.`"""
    terms = GradePart.Part.FIRST in standard.parts
    which = "the lowest one" if standard.points_from == CollegeYear.PointsFrom.LOWEST else "the last one"
    parts = [f"The minimum counts in each semester; the college grade is {which}."] if terms else []
    parts += [
        f"{GradePart.Part(part).label} must be met." for part in standard.parts if part in GradePart.CRITERIA
    ]
    return " ".join(parts)


def nothing_earned(standard: rules.Standard | None, percent: Decimal | None) -> str:
    """`none, below 85`: what stands in place of a college grade."""
    if standard is None or percent is None or standard.college_grade(percent).is_earned:
        return NONE
    return f"{NONE}, below {percent_text(standard.minimum)}"


def typed_text(change: RowChange, was: Shown, standard: rules.Standard) -> str:
    """What was typed in the boxes of a row, as they show it when it is saved; what cannot be read stays as typed."""
    if standard.is_whole:
        typed = {GradePart.Part.WHOLE.value: was.grade if change.grade is None else change.grade}
    else:
        typed = {
            part: change.parts.get(part, stood)
            for part, stood in zip(standard.parts, was.grade.split("/"), strict=False)
        }
    texts = []
    for part, text in typed.items():
        try:
            texts.append(rules.read_text(standard.read(part, text)))
        except ValueError:
            texts.append(
                text[: rules.LONGEST] if standard.is_whole else text[: rules.LONGEST].replace("/", " ")
            )
    return "/".join(texts)


def earns(standard: rules.Standard, typed: str) -> str:
    """The college grade of what stands in the boxes of a row."""
    texts = [typed] if standard.is_whole else typed.split("/")
    try:
        read = {
            part: standard.read(part, text, stood=text)
            for part, text in zip(standard.parts, texts, strict=True)
        }
    except ValueError:
        return EMPTY
    decided = standard.decide(read)
    if decided is None:
        return EMPTY
    return str(decided.grade) if decided.grade.is_earned else nothing_earned(standard, decided.percent)


def stands(shown: Shown) -> str:
    """`88 %`, `3.9 A`, `Not Attained`, `Withdrawn`, `90 % / - - -`."""
    if shown.grade.strip("/") and shown.grade != NOT_ATTAINED and shown.status not in Registration.ENDED:
        return " / ".join(with_percent(text) for text in shown.grade.split("/"))
    return str(Registration.Status(shown.status).label)


def with_percent(text: str) -> str:
    """`88 %`, `3.9 A`, `Not Attained`, `- - -`: what stands in a box, said aloud."""
    if not text:
        return EMPTY
    if text == NOT_ATTAINED:
        return str(Registration.Status.NOT_ATTAINED.label)
    if text in (MET, NOT_MET):
        return text.capitalize()
    return text if any(sign.isalpha() for sign in text) else f"{text} %"


def box_in_words(shown: str) -> str:
    """What stands in the boxes of a row, as `rules.shown_of` says it: `97 %`, `90 % / - - -`."""
    return " / ".join(with_percent(text) for text in shown.split("/"))


def entered(change: RowChange) -> str:
    """What a person entered in a row, in words: `91 %`, `Not Attained`, `Withdrawn`."""
    typed = [*change.parts.values()] or [change.grade or ""]
    if not any(text.strip() for text in typed):
        if change.status in Registration.Status.values:
            return str(Registration.Status(change.status).label)
        return "no grade"
    return " / ".join(_entered(text) for text in typed)


def _entered(text: str) -> str:
    try:
        read = rules.read_grade(text)
    except ValueError:
        return text[: rules.LONGEST]
    return with_percent(rules.read_text(read))
