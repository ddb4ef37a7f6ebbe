"""What the database refuses about grades, whoever asks."""

from typing import Any

import pytest

from grading.models import GradeEntry
from tests.people import Cast, enter_grade
from tests.raw import INK, breaks, change, copy, delete, stands


def entry(cast: Cast) -> GradeEntry:
    found: GradeEntry = cast.classmate_registration.grades.get()
    return found


def test_a_grade_is_ink(cast: Cast) -> None:
    one = entry(cast)
    for attempt in (
        lambda: change(one, percent="100"),
        lambda: change(one, entered_by_id=None),
        lambda: delete(one),
        lambda: GradeEntry.objects.filter(pk=one.pk).update(letter="A+"),
        lambda: GradeEntry.objects.filter(pk=one.pk).delete(),
        lambda: one.save(),
        lambda: one.delete(),
    ):
        with breaks(INK + "grading_gradeentry"):
            attempt()
    with stands():
        copy(one, number=2, percent="98")


def test_grades_are_numbered_once(cast: Cast) -> None:
    with breaks("grade_entry_once"):
        copy(entry(cast))


@pytest.mark.parametrize(
    ("percent", "is_sound"), [("0", True), ("100", True), ("-0.01", False), ("100.01", False)]
)
def test_a_grade_is_a_percent(cast: Cast, percent: str, is_sound: bool) -> None:
    with stands() if is_sound else breaks("grade_is_a_percent"):
        copy(entry(cast), number=2, percent=percent)


@pytest.mark.parametrize(
    ("facts", "is_sound"),
    [
        ({"outcome": "completed"}, True),
        ({"outcome": "completed", "percent": None}, False),
        ({"outcome": "completed", "points": None}, True),  # a scale of letters
        ({"outcome": "not_attained"}, False),  # with 3.9 A
        ({"outcome": "not_attained", "points": None}, False),
        ({"outcome": "not_attained", "letter": ""}, False),
        ({"outcome": "not_attained", "points": None, "letter": ""}, True),
        ({"outcome": "not_attained", "points": None, "letter": "", "percent": None}, True),
        ({"outcome": "passed"}, False),
    ],
    ids=str,
)
def test_an_outcome_fits_its_grade(cast: Cast, facts: dict[str, Any], is_sound: bool) -> None:
    with stands() if is_sound else breaks("grade_outcome_fits_its_grade"):
        copy(entry(cast), number=2, **facts)


def test_the_last_entry_counts(cast: Cast) -> None:
    enter_grade(cast.classmate_registration, "91", by=cast.teacher)
    enter_grade(cast.classmate_registration, "86", by=cast.teacher)
    current = GradeEntry.objects.filter(registration=cast.classmate_registration).current()
    assert [(one.number, str(one.percent), one.college_grade) for one in current] == [(3, "86.00", "3.1 B")]
    assert cast.classmate_registration.grades.count() == 3


def test_a_registration_with_a_grade_cannot_be_deleted(cast: Cast) -> None:
    with breaks("violates foreign key constraint"):
        delete(cast.below_registration)
