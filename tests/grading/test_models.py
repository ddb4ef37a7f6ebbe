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
        ({"outcome": "completed", "percent": None}, True),  # a grade chosen from the scale
        ({"outcome": "completed", "percent": None, "points": None}, True),  # by its letter
        ({"outcome": "completed", "percent": None, "points": None, "letter": ""}, False),
        ({"outcome": "taken_back", "percent": None, "points": None, "letter": ""}, True),
        ({"outcome": "taken_back", "percent": None, "points": None}, False),
        ({"outcome": "taken_back", "points": None, "letter": ""}, False),
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


# --- Grade Changes, extensions, completions, comments ----------------------------------------------------

NOW = "2026-09-01 12:00+00"


def sound(state: str, cast: Cast) -> dict[str, Any]:
    """Columns that a Grade Change of a state must have."""
    teacher, consortium = cast.teacher.pk, cast.consortium.pk
    confirmed = {"confirmed_by_id": teacher, "confirmed_at": NOW, "grade": "91"}
    decided = {"decided_by_id": consortium, "decided_at": NOW, "decision": "No paper."}
    return {
        "requested": {},
        "confirmed": confirmed,
        "approved": confirmed | decided | {"entry_id": cast.graduate_registration.grades.get().pk},
        "declined": decided,
        "withdrawn": decided | {"decision": ""},
    }[state] | {"state": state}


@pytest.mark.parametrize("state", ["requested", "confirmed", "approved", "declined", "withdrawn"])
def test_a_grade_change_of_each_state_can_stand(cast: Cast, state: str) -> None:
    with stands():
        copy(
            cast.grade_change,
            reference="G-NEW",
            registration_id=cast.below_registration.pk,
            **sound(state, cast),
        )


@pytest.mark.parametrize(
    ("state", "broken", "constraint"),
    [
        (
            "requested",
            {"confirmed_by_id": 1, "confirmed_at": NOW, "grade": "91"},
            "grade_change_state_has_its_people",
        ),
        ("requested", {"decided_by_id": 1, "decided_at": NOW}, "grade_change_state_has_its_people"),
        ("confirmed", {"confirmed_by_id": None, "confirmed_at": None}, "grade_change_state_has_its_people"),
        ("confirmed", {"confirmed_at": None}, "grade_change_people_have_their_moments"),
        ("confirmed", {"grade": ""}, "grade_change_people_have_their_moments"),
        ("confirmed", {"decided_by_id": 1, "decided_at": NOW}, "grade_change_state_has_its_people"),
        ("approved", {"entry_id": None}, "grade_change_state_has_its_people"),
        ("approved", {"decided_at": None}, "grade_change_people_have_their_moments"),
        ("approved", {"confirmed_by_id": None, "confirmed_at": None}, "grade_change_state_has_its_people"),
        ("declined", {"decision": ""}, "grade_change_state_has_its_people"),
        ("declined", {"decided_by_id": None, "decided_at": None}, "grade_change_state_has_its_people"),
        ("withdrawn", {"decided_by_id": None, "decided_at": None}, "grade_change_state_has_its_people"),
        ("confirmed", {"needs_reposting_at": NOW}, "only_an_approved_change_is_posted_again"),
        ("approved", {"reposted_at": NOW}, "only_an_approved_change_is_posted_again"),
        ("requested", {"state": "lost"}, "grade_change_state_"),
    ],
)
def test_a_state_has_its_people_and_moments(
    cast: Cast, state: str, broken: dict[str, Any], constraint: str
) -> None:
    broken = {
        name: cast.consortium.pk if value == 1 and name.endswith("_by_id") else value
        for name, value in broken.items()
    }
    columns = sound(state, cast) | broken
    with breaks(constraint):
        copy(cast.grade_change, reference="G-NEW", registration_id=cast.below_registration.pk, **columns)


@pytest.mark.parametrize("same", ["confirmed_by_id", "asked_by_id"])
def test_a_grade_change_takes_two_people(cast: Cast, same: str) -> None:
    columns = sound("approved", cast) | {same: cast.consortium.pk}
    with breaks("grade_change_takes_two_people"):
        copy(cast.grade_change, reference="G-NEW", registration_id=cast.below_registration.pk, **columns)


def test_one_open_grade_change_a_class(cast: Cast) -> None:
    with breaks("one_open_grade_change_a_class"):
        copy(cast.grade_change, reference="G-NEW")
    with stands():
        copy(cast.grade_change, reference="G-NEW", **sound("declined", cast))


@pytest.mark.parametrize("to", ["approved"])
def test_a_grade_change_goes_its_way(cast: Cast, to: str) -> None:
    with breaks("Invalid transition"):
        change(cast.grade_change, **sound(to, cast))
    for there in ("confirmed", "declined", "withdrawn"):
        with stands():
            change(cast.grade_change, **sound(there, cast))


def test_what_was_asked_and_what_was_decided_is_ink(cast: Cast) -> None:
    asked = cast.grade_change
    for columns in (
        {"reason": "Another."},
        {"asked_by_id": cast.teacher.pk},
        {"wanted": "99"},
        {"asked_at": NOW},
    ):
        with breaks("Cannot update rows from grading_gradechange"):
            change(asked, **columns)
    with breaks("Cannot delete rows from grading_gradechange"):
        delete(asked)
    change(asked, **sound("declined", cast))
    for columns in (
        {"state": "requested", "decided_by_id": None, "decided_at": None, "decision": ""},
        {"decision": "Other words."},
        {"decided_by_id": cast.teacher.pk},
    ):
        with breaks(""):
            change(asked, **columns)


def test_an_approved_change_is_marked_as_posted_once_more(cast: Cast) -> None:
    change(cast.grade_change, **sound("confirmed", cast))
    change(cast.grade_change, **(sound("approved", cast) | {"needs_reposting_at": NOW}))
    with stands():
        change(cast.grade_change, reposted_at=NOW)


@pytest.mark.parametrize(
    ("columns", "is_sound"),
    [
        ({"state": "granted", "until": "2026-09-09", "decided_by_id": 1, "decided_at": NOW}, True),
        ({"state": "granted", "decided_by_id": 1, "decided_at": NOW}, False),
        ({"state": "granted", "until": "2026-09-09"}, False),
        ({"state": "declined", "decided_by_id": 1, "decided_at": NOW, "decision": "Too late."}, True),
        ({"state": "declined", "decided_by_id": 1, "decided_at": NOW}, False),
        ({"state": "requested", "until": "2026-09-09"}, False),
    ],
)
def test_an_extension_of_a_state_has_its_people(cast: Cast, columns: dict[str, Any], is_sound: bool) -> None:
    if "decided_by_id" in columns:
        columns = columns | {"decided_by_id": cast.consortium.pk}
    with stands() if is_sound else breaks("extension_state_has_its_people"):
        change(cast.extension, **columns)


def test_an_extension_is_asked_once_and_decided_once(cast: Cast) -> None:
    with breaks("one_open_extension_a_class"):
        copy(cast.extension)
    with breaks("Cannot delete rows"):
        delete(cast.extension)
    granted = {"until": "2026-09-09", "decided_by_id": cast.consortium.pk, "decided_at": NOW}
    change(cast.extension, state="granted", **granted)
    for columns in ({"until": "2027-09-09"}, {"decision": "More."}):
        with breaks("Cannot update rows from grading_windowextension"):
            change(cast.extension, **columns)


def test_declarations_and_comments_are_ink(cast: Cast) -> None:
    for row, columns in ((cast.completion, {"completed": 9}), (cast.comment, {"text": "Nothing."})):
        with breaks(INK):
            change(row, **columns)
        with breaks(INK):
            delete(row)
    with breaks("completion_once"):
        copy(cast.completion)
    with breaks("no_comment_supersedes_itself"):
        copy(cast.comment, id=-77, supersedes_id=-77)
    first = copy(cast.comment, supersedes_id=cast.comment.pk)
    assert first
    with breaks("supersedes_id"):
        copy(cast.comment, supersedes_id=cast.comment.pk)
