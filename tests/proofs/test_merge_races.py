"""Two people merge at once, or somebody registers while they do: the records of one person stay one person's.

The rule is asked behind a lock on both records, and the database holds it where nobody asks. Each control takes the
guard away, and the fault is there.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

import pytest
from django.db import connection

from accounts.models import User
from students.models import Merge, Registration, Student
from tests.people import Cast, make_registration, make_student
from tests.proofs.test_races import REPEATS, at_once, meeting, refusals, threads
from transcripts import actions, rules
from transcripts.actions import merging

__all__ = ["threads"]  # the fixture that keeps eight threads

pytestmark = pytest.mark.django_db(transaction=True)
WHY = "The same person"


def fresh(record: Student) -> Student:
    return Student.objects.get(pk=record.pk)


def merge(cast: Cast, stands: Student, gone: Student) -> Merge:
    by = User.objects.get(pk=cast.consortium.pk)
    return actions.merge_records(stands=fresh(stands), gone=fresh(gone), reason=WHY, by=by)


@contextmanager
def without_trigger(table: str, trigger: str) -> Iterator[None]:
    """The database asks nothing of this table for a while."""
    name = _name_of(trigger)
    with connection.cursor() as cursor:
        cursor.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER "{name}"')
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f'ALTER TABLE "{table}" ENABLE TRIGGER "{name}"')


def _name_of(trigger: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgname FROM pg_trigger WHERE tgname LIKE %s", [f"pgtrigger_{trigger}%"])
        (name,) = cursor.fetchone()
    return str(name)


@contextmanager
def without_lock() -> Iterator[None]:
    """Both records are read as they stand, and kept from nobody."""

    def read(*records: int) -> dict[int, Student]:
        return {
            one.pk: one
            for one in Student.objects.filter(pk__in=records).select_related("user", "school__district")
        }

    with mock.patch.object(merging, "_hold", read):
        yield


def crosswise(cast: Cast, patch: pytest.MonkeyPatch) -> tuple[list[Any], int]:
    """One merges A into B while another merges B into A; how many of the two are merged away afterwards."""
    one, other = make_student(cast.kamiakin), make_student(cast.kamiakin)
    with meeting(patch, rules, "why_not_merge"):
        answers = at_once(lambda: merge(cast, one, other), lambda: merge(cast, other, one))
    return answers, Student.objects.merged_away().filter(pk__in=(one.pk, other.pk)).count()


def test_crosswise_one_is_refused_and_no_circle_is_made(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(REPEATS):
        answers, gone = crosswise(cast, monkeypatch)
        assert set(refusals(answers)) <= {"merged_already", "stands_for_another"}
        assert len(refusals(answers)) == 1
        assert gone == 1


def test_control_crosswise_without_lock_and_trigger(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    with without_lock(), without_trigger("students_student", "merges_make_no_chain"):
        assert 2 in [crosswise(cast, monkeypatch)[1] for _ in range(5)]


def registered_meanwhile(cast: Cast, patch: pytest.MonkeyPatch) -> int:
    """Two records are merged while the second registers for a class of the first; live registrations afterwards."""
    one, other = make_student(cast.kamiakin), make_student(cast.kamiakin)
    make_registration(one, cast.section, cast.agreement)
    with meeting(patch, rules, "why_not_merge", people=1):
        answers = at_once(
            lambda: merge(cast, one, other),
            lambda: make_registration(fresh(other), cast.section, cast.agreement),
        )
    for answer in answers:
        if isinstance(answer, Exception):
            assert "one_live_registration_of_a_class_a_year" in str(answer) or "Both are registered" in str(
                answer
            )
    if not Student.objects.merged_away().filter(pk=other.pk).exists():
        return 1
    return int(Registration.objects.live().of(one).count())


def test_who_registers_while_records_are_merged_is_in_a_class_once(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(REPEATS):
        assert registered_meanwhile(cast, monkeypatch) == 1


def test_both_records_take_a_class_up_again_once(cast: Cast) -> None:
    """Two registrations of a merged person, both left, are put back at once: the database lets one of them."""
    for _ in range(REPEATS):
        one, other = make_student(cast.kamiakin), make_student(cast.kamiakin)
        left = [
            make_registration(who, cast.section, cast.agreement, status="withdrawn") for who in (one, other)
        ]
        merge(cast, one, other)
        at_once(*(lambda pk=row.pk: back(pk) for row in left))
        assert Registration.objects.live().of(one).count() == 1


def test_control_both_take_a_class_up_again_without_the_trigger(cast: Cast) -> None:
    one, other = make_student(cast.kamiakin), make_student(cast.kamiakin)
    left = [make_registration(who, cast.section, cast.agreement, status="withdrawn") for who in (one, other)]
    merge(cast, one, other)
    with without_trigger("students_registration", "one_class_a_person"):
        at_once(*(lambda pk=row.pk: back(pk) for row in left))
    assert Registration.objects.live().of(one).count() == 2


def back(pk: int) -> None:
    Registration.objects.filter(pk=pk).update(status=Registration.Status.IN_PROGRESS)
