"""When a student may ask for transcription: the truth table, at the edges of the days."""

from datetime import date

import pytest

from organizations.models import CollegeYear
from organizations.rules import Opening
from students.models import Registration
from transcripts import rules

ON = date(2027, 6, 30)
OPEN, NEVER = Opening(True, date(2027, 6, 1), date(2027, 6, 30)), Opening(False)
CLOSED, AHEAD = (
    Opening(False, date(2027, 5, 1), date(2027, 6, 29)),
    Opening(False, date(2027, 7, 1), date(2027, 8, 1)),
)


@pytest.mark.parametrize(
    ("mode", "request_by", "opening", "status", "asked", "rule"),
    [
        ("on_request", None, NEVER, "completed", False, None),
        ("on_request", None, NEVER, "in_progress", False, None),
        ("on_request", ON, NEVER, "completed", False, None),
        ("on_request", date(2027, 6, 29), NEVER, "completed", False, "too_late"),
        ("on_request", None, OPEN, "completed", False, None),
        ("on_request", None, CLOSED, "completed", False, "too_late"),
        ("on_request", None, AHEAD, "completed", False, "not_yet"),
        ("on_request", date(2027, 6, 29), OPEN, "completed", False, "too_late"),
        ("on_request", ON, OPEN, "completed", True, "asked"),
        ("on_request", ON, OPEN, "not_attained", False, "no_credit"),
        ("on_request", ON, OPEN, "withdrawn", False, "no_credit"),
        ("on_request", ON, OPEN, "not_in_class", False, "no_credit"),
        ("automatic", ON, OPEN, "completed", False, "not_on_request"),
        ("enrollment", ON, OPEN, "completed", False, "not_on_request"),
        ("external", ON, OPEN, "completed", False, "not_on_request"),
        (None, None, OPEN, "completed", False, "not_on_request"),
    ],
)
def test_when_a_student_may_ask(
    mode: str | None, request_by: date | None, opening: Opening, status: str, asked: bool, rule: str | None
) -> None:
    terms = CollegeYear(mode=mode, request_by=request_by) if mode else None
    refusal = rules.why_not_request(Registration(status=status), terms, opening, asked=asked, on=ON)
    assert (refusal.rule if refusal else None) == rule


def test_the_earlier_of_two_last_days_counts() -> None:
    terms = CollegeYear(request_by=date(2027, 6, 15))
    assert rules.last_day(terms, OPEN) == date(2027, 6, 15)
    assert rules.last_day(CollegeYear(), OPEN) == date(2027, 6, 30)
    assert rules.last_day(None, NEVER) is None
