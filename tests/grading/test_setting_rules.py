"""What a window may be, what settings change in words, and whom they touch."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from grading import rules
from organizations.models import AcademicYear, GradeScale, Window
from tests.people import Cast

YEAR = AcademicYear(first_year=2026)
REGISTRATION, GRADING = Window.Kind.REGISTRATION, Window.Kind.GRADING


@pytest.mark.parametrize(
    ("kind", "opens_on", "closes_on", "rule"),
    [
        (REGISTRATION, date(2026, 9, 1), date(2027, 6, 15), None),
        (REGISTRATION, date(2026, 7, 1), date(2027, 6, 30), None),
        (REGISTRATION, date(2026, 9, 1), date(2027, 7, 1), "after_year"),
        (GRADING, date(2027, 1, 1), date(2027, 7, 25), None),
        (GRADING, date(2027, 1, 1), date(2027, 12, 31), None),
        (GRADING, date(2027, 1, 1), date(2028, 1, 1), "outside"),
        (GRADING, date(2026, 6, 30), date(2027, 6, 1), "outside"),
        (GRADING, date(2027, 6, 2), date(2027, 6, 1), "order"),
        (GRADING, date(2027, 6, 1), date(2027, 6, 1), None),
    ],
)
def test_a_window_lies_in_its_year(kind: str, opens_on: date, closes_on: date, rule: str | None) -> None:
    refusal = rules.why_not_window(kind, opens_on, closes_on, YEAR)
    assert (refusal.rule if refusal else None) == rule


def test_a_college_must_be_a_member() -> None:
    refusal = rules.why_not_window(GRADING, date(2027, 1, 1), date(2027, 6, 1), YEAR, college_is_member=False)
    assert refusal is not None
    assert refusal.rule == "not_member"


@pytest.mark.parametrize(
    ("opens", "closes", "words"),
    [
        (1, 5, "Nothing is open by it before"),
        (-5, 5, "It is open as soon as it is saved"),
        (-5, -1, "It is closed"),
    ],
)
def test_what_saving_does(opens: int, closes: int, words: str) -> None:
    on = date(2027, 3, 1)
    assert rules.window_effect(on + timedelta(days=opens), on + timedelta(days=closes), on).startswith(words)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("minimum_percent", Decimal("85.00"), "85 %"), ("minimum_percent", Decimal("82.5"), "82.5 %"),
        ("every_term", True, "Yes"), ("every_term", False, "No"), ("mode", "on_request", "When the student asks"),
        ("request_by", date(2027, 8, 31), "August 31, 2027"), ("request_by", None, "Not set"),
        ("tuition_per_credit", Decimal("131.96"), "$131.96"), ("tuition_per_credit", None, "Not set"),
        ("scale", GradeScale(name="CBC"), "CBC"),
    ],
)  # fmt: skip
def test_settings_in_words(name: str, value: Any, words: str) -> None:
    assert rules.term_in_words(name, value) == words


def test_only_what_differs_is_told() -> None:
    before = {"minimum_percent": Decimal(85), "every_term": False}
    told = rules.differences(before, {"minimum_percent": Decimal(80), "every_term": False})
    assert [(one.name, one.before, one.after) for one in told] == [("Minimum percent", "85 %", "80 %")]
    assert [one.before for one in rules.differences({}, before)] == ["Not set", "Not set"]


def test_whom_it_touches(cast: Cast) -> None:
    touched = rules.touched_by(cast.cbc, cast.year)
    assert (touched.in_progress, touched.graded, touched.own_minimum, touched.awarded) == (1, 3, 0, 0)
    assert rules.touched_by(cast.cbc, cast.last_year).awarded == 1
    cast.agreement.minimum_percent = Decimal(90)
    cast.agreement.save()
    assert rules.touched_by(cast.cbc, cast.year).own_minimum == 1


@pytest.mark.parametrize(
    ("kind", "numbers"), [("registration", [5, 4]), ("payment", [1]), ("grading", [1, 1]), ("request", [2])]
)
def test_who_is_affected(cast: Cast, kind: str, numbers: list[int]) -> None:
    found = rules.affected_by(cast.columbia_basin, None, cast.year, kind)
    assert [one.number for one in found] == numbers
    assert [one.number for one in rules.affected_by(cast.columbia_basin, cast.wwcc, cast.year, kind)] == [
        0
    ] * len(numbers)


def test_a_scale_of_the_college_with_rows(cast: Cast) -> None:
    for scale, every_row, rule in (
        (cast.cbc_scale, True, None), (GradeScale(name="All"), True, None),
        (cast.other_cbc_scale, True, "other_scale"), (cast.cbc_scale, False, "no_rows"),
    ):  # fmt: skip
        refusal = rules.why_not_these_terms(scale, cast.cbc, every_row=every_row)
        assert (refusal.rule if refusal else None) == rule
