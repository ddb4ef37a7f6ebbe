"""What makes agreements and classes sound, and how an agreement reads."""

import datetime
from decimal import Decimal
from typing import Any

import pytest

from articulations import rules
from articulations.models import Articulation
from tests.people import Cast

JULY, JUNE = datetime.date(2026, 7, 1), datetime.date(2029, 6, 30)


@pytest.mark.parametrize(
    ("first", "last", "rule"),
    [
        (2026, 2025, "ends_before"),
        (2026, 2026, None),
        (2026, 2027, None),
        (2026, 2028, None),
        (2026, 2029, "runs_too_long"),
        (2026, 2099, "runs_too_long"),
    ],
)
def test_why_not_run(first: int, last: int, rule: str | None) -> None:
    refusal = rules.why_not_run(first, last)
    assert (refusal.rule if refusal else None) == rule


def test_the_longest_run_is_named() -> None:
    refusal = rules.why_not_run(2026, 2030)
    assert refusal is not None
    assert refusal.next_step == "Choose 2026-27 to 2028-29 or fewer years."


def test_days_and_words_of_years() -> None:
    assert rules.days_of(2026, 2028) == (JULY, JUNE)
    assert rules.validity_in_words(JULY, JUNE) == "2026-27 to 2028-29"
    assert rules.validity_in_words(JULY, datetime.date(2027, 6, 30)) == "2026-27"
    assert rules.years_in_words(1999, 1999) == "1999-00"


@pytest.mark.parametrize(
    ("on", "state"),
    [
        (JULY - datetime.timedelta(days=1), ("progress", "From 2026-27")),
        (JULY, ("done", "In force")),
        (JUNE, ("done", "In force")),
        (JUNE + datetime.timedelta(days=1), ("quiet", "Expired")),
    ],
)
def test_state_of(on: datetime.date, state: tuple[str, str]) -> None:
    assert rules.state_of(Articulation(valid_from=JULY, valid_until=JUNE), on) == state


@pytest.mark.parametrize(
    ("own", "college", "minimum"),
    [("90", "85", "90"), (None, "85", "85"), ("70", None, "70"), (None, None, None), ("0", "85", "0")],
)
def test_minimum_of(own: str | None, college: str | None, minimum: str | None) -> None:
    line = {"own_minimum": None if own is None else Decimal(own), "college_id": 4}
    found = rules.minimum_of(line, {} if college is None else {4: Decimal(college)})
    assert found == (None if minimum is None else Decimal(minimum))


@pytest.mark.parametrize(
    ("lines", "several", "needed"),
    [
        ([(1, "A")], False, False),
        ([(1, "A"), (1, "B")], False, False),  # one class earns two courses
        ([(1, "A"), (2, "A")], True, True),  # two classes for one course
        ([(1, "A"), (2, "B")], True, False),
    ],
)
def test_details_tell_when_several_classes_are_needed(
    lines: list[tuple[int, str]], several: bool, needed: bool
) -> None:
    rows: list[dict[str, Any]] = [{"high_school_course_id": taught, "code": code} for taught, code in lines]
    details = rules.Details(rows, [], None, "", None)
    assert (details.has_several_classes, details.needs_several_classes) == (several, needed)


def test_who_may_enter_what(cast: Cast) -> None:
    assert rules.can_enter_articulation(cast.consortium, cast.columbia_basin)
    assert not rules.can_enter_articulation(cast.consortium, cast.walla_walla)
    assert not rules.can_enter_articulation(cast.state, cast.columbia_basin)
    assert rules.can_enter_section(cast.consortium, cast.kamiakin)
    assert not rules.can_enter_section(cast.consortium, cast.wahi)
    assert not rules.can_enter_section(cast.teacher, cast.kamiakin)


def test_numbers_are_told_to_staff(cast: Cast) -> None:
    told = (
        cast.teacher,
        cast.counselor,
        cast.district,
        cast.faculty,
        cast.registrar,
        cast.consortium,
        cast.state,
    )
    assert all(rules.can_see_numbers(person) for person in told)
    assert not any(
        rules.can_see_numbers(person) for person in (cast.student.user, cast.nobody, cast.former_teacher)
    )


def test_who_teaches_where(cast: Cast) -> None:
    assert rules.why_not_teach(cast.teacher_seat, cast.kamiakin) is None
    assert rules.why_not_teach(cast.teacher_seat, cast.wahi) is not None
    assert rules.why_not_teach(cast.counselor.seats.get(), cast.kamiakin) is not None
