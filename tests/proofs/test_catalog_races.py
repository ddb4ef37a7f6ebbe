"""Two people at one catalog at once: what is shown is saved once, a number stands once. Beside each race its control."""

import itertools
from typing import Any

import pytest
from django.db import IntegrityError
from django.db.models import QuerySet

from accounts.models import Mail, User
from articulations import actions, rules
from articulations.actions import courses
from articulations.models import AgreementMark, CollegeCourse, CourseChange, CourseFile
from tests.people import Cast
from tests.proofs.test_races import REPEATS, at_once, meeting, refusals, threads  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db(transaction=True)
numbers = itertools.count(1)


def save_twice(cast: Cast, patch: pytest.MonkeyPatch) -> tuple[CourseFile, list[Any]]:
    """The registrar and the consortium press Save All on one file in the same moment: both have read its rows."""
    rows = [{"line": 2, "code": "ACCT& 201", "structure": f"{next(numbers)} hours"}]
    file = actions.hand_in_courses(
        college=cast.cbc, name="catalog.csv", rows=rows, by=User.objects.get(pk=cast.registrar.pk)
    )
    seen = rules.seen_of(rules.read_courses(cast.cbc, file.rows))

    def press(user: User) -> CourseFile:
        return actions.save_courses(
            file=CourseFile.objects.get(pk=file.pk), seen=seen, by=User.objects.get(pk=user.pk)
        )

    with meeting(patch, rules, "read_courses"):
        answers = at_once(lambda: press(cast.registrar), lambda: press(cast.consortium))
    return file, answers


def changes_of(file: CourseFile, before: int) -> int:
    return CourseChange.objects.count() - before


def test_a_file_is_saved_once(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(REPEATS):
        before, letters = CourseChange.objects.count(), Mail.objects.count()
        file, answers = save_twice(cast, monkeypatch)
        assert refusals(answers) == []
        assert [(one.changed, one.marked) for one in answers] == [(1, 1), (1, 1)]
        assert changes_of(file, before) == 1
        assert AgreementMark.objects.filter(change=CourseChange.objects.latest("pk")).count() == 1
        sent = list(Mail.objects.order_by("pk").values_list("to", flat=True)[letters:])
        assert len(sent) == len(set(sent))


def test_control_a_file_saved_twice_without_the_locks(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    doubled = 0
    for _ in range(5):
        before = CourseChange.objects.count()
        with monkeypatch.context() as patch:
            patch.setattr(QuerySet, "select_for_update", lambda self, *args, **kwargs: self)
            patch.setattr(courses, "one_at_a_time", lambda key: None)
            file, _ = save_twice(cast, patch)
        doubled += changes_of(file, before) == 2
    assert doubled


def add_twice(cast: Cast, patch: pytest.MonkeyPatch) -> tuple[str, list[Any]]:
    """Two add a course of one number, and both have found that it is not there."""
    code = f"RACE {next(numbers)}"

    def add(user: User) -> CollegeCourse:
        return actions.add_course(
            college=cast.cbc,
            code=code,
            facts={"title": "Race", "credits": "5"},
            by=User.objects.get(pk=user.pk),
        )

    with meeting(patch, rules, "why_not_add"):
        return code, at_once(lambda: add(cast.registrar), lambda: add(cast.faculty))


def test_a_number_stands_once_and_the_other_is_told(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(REPEATS):
        code, answers = add_twice(cast, monkeypatch)
        assert refusals(answers) == ["there_already"]
        assert CollegeCourse.objects.filter(code=code).count() == 1


def test_control_a_number_added_twice_without_the_lock(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """The database still lets it stand once; but the other person gets an error instead of words."""
    broken = 0
    monkeypatch.setattr(courses, "one_at_a_time", lambda key: None)
    for _ in range(5):
        code, answers = add_twice(cast, monkeypatch)
        assert CollegeCourse.objects.filter(code=code).count() == 1
        broken += any(isinstance(answer, IntegrityError) for answer in answers)
    assert broken


def edit_twice(cast: Cast, patch: pytest.MonkeyPatch) -> list[Any]:
    """Two change one course by hand, and both saw it as it was."""
    seen, number = cast.acct_201.last_change, next(numbers)

    def edit(user: User, **facts: str) -> CourseChange | None:
        return actions.change_course(
            course=CollegeCourse.objects.get(pk=cast.acct_201.pk), facts=facts, seen=seen,
            by=User.objects.get(pk=user.pk),
        )  # fmt: skip

    with meeting(patch, rules, "course_facts"):
        return at_once(
            lambda: edit(cast.registrar, structure=f"{number} hours"),
            lambda: edit(cast.faculty, faculty=f"Ada Bell {number}"),
        )


def test_of_two_who_change_a_course_one_is_told(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(REPEATS):
        assert refusals(edit_twice(cast, monkeypatch)) == ["meanwhile"]


def test_control_two_change_a_course_without_the_lock(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, *args, **kwargs: self)
    assert [] in [refusals(edit_twice(cast, monkeypatch)) for _ in range(5)]
