"""Forms and fees under races: two staff on one form, a provider that tells twice at once, a bank file saved twice.

Each thing is decided and each dollar entered once. What protects it is a lock on the registration, on the checkout, or by
name; with the lock off the fault is there.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

import pytest
from django.db import IntegrityError
from django.db.models import QuerySet

from accounts.models import User
from students import actions, rules
from students.actions import statements
from students.models import (
    Checkout,
    Payment,
    ProviderNews,
    Registration,
    RequirementDecision,
    Statement,
    Student,
)
from tests.owing import make_fee, make_requirement
from tests.people import (
    Cast,
    account_of,
    make_registration,
    make_student,
)
from tests.proofs.test_races import REPEATS, at_once, meeting, refusals, threads

__all__ = ["threads"]  # the fixture that keeps eight threads

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def without_row_locks() -> Iterator[None]:
    """Nobody waits for a row."""
    with mock.patch.object(QuerySet, "select_for_update", lambda rows, *args, **kwargs: rows):
        yield


def two_staff(cast: Cast, patch: pytest.MonkeyPatch) -> tuple[Registration, list[Any]]:
    """Two staff press Process for one registration; both have found that it may be."""
    registration = make_registration(make_student(cast.kamiakin, "Torn"), cast.section, cast.agreement)
    make_requirement(registration, "form")
    make_fee(registration, 50)

    def press() -> actions.Processed:
        rows = Registration.objects.filter(pk=registration.pk).select_related("articulation")
        by = User.objects.get(pk=cast.consortium.pk)
        return actions.process_requirements(registrations=rows, to="processed", by=by)

    with meeting(patch, rules, "why_not_decide"):
        return registration, at_once(press, press)


def test_two_staff_decide_once(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(REPEATS):
        registration, answers = two_staff(cast, monkeypatch)
        assert refusals(answers) == []
        assert sorted(one.changed for one in answers) == [0, 1]
        assert RequirementDecision.objects.filter(requirement__registration=registration).count() == 2
        assert Payment.objects.get(student=registration.student).amount == 50


def test_control_without_the_lock_they_decide_twice(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """If this fails, the test above proves nothing."""
    twice = 0
    with without_row_locks():
        for _ in range(REPEATS):
            registration, _ = two_staff(cast, monkeypatch)
            twice += RequirementDecision.objects.filter(requirement__registration=registration).count() > 2
    assert twice


def told_twice(cast: Cast) -> tuple[Checkout, list[Any]]:
    """The provider delivers one message twice at once."""
    registration = make_registration(make_student(cast.kamiakin, "Told"), cast.section, cast.agreement)
    make_fee(registration, 50)
    student = Student.objects.select_related("user").get(pk=registration.student_id)
    checkout = actions.begin_checkout(student=student, consortium=cast.columbia_basin, by=account_of(student))
    headers, body = actions.LocalProvider().write(checkout, "paid")

    def deliver() -> ProviderNews:
        return actions.take_news(headers=headers, body=body)

    return checkout, at_once(deliver, deliver)


def test_news_that_come_twice_at_once_are_one_payment(cast: Cast) -> None:
    for _ in range(REPEATS):
        checkout, answers = told_twice(cast)
        assert refusals(answers) == []
        assert answers[0].pk == answers[1].pk
        assert Payment.objects.filter(checkout=checkout).count() == 1


def test_control_without_the_lock_the_database_refuses_the_second(cast: Cast) -> None:
    """Behind the lock stands a constraint: the second is an error, and still no second payment."""
    refused = 0
    with without_row_locks():
        for _ in range(REPEATS):
            checkout, answers = told_twice(cast)
            refused += any(isinstance(one, IntegrityError) for one in answers)
            assert Payment.objects.filter(checkout=checkout).count() == 1
    assert refused


def saved_twice(cast: Cast) -> tuple[Student, list[Any]]:
    """One bank file, handed in twice, is saved by two people at once."""
    registration = make_registration(make_student(cast.kamiakin, "Saved"), cast.section, cast.agreement)
    make_fee(registration, 50)
    rows = [["Date", "Amount", "Memo"], ["11/02/2026", "50", registration.student.sers_id]]
    files = [
        actions.hand_in_statement(
            consortium=cast.columbia_basin, name="b.csv", rows=rows, by=cast.consortium
        ).pk
        for _ in range(2)
    ]

    def save(key: int) -> Statement:
        by = User.objects.get(pk=cast.consortium.pk)
        return actions.save_statement(statement=Statement.objects.get(pk=key), by=by)

    return registration.student, at_once(lambda: save(files[0]), lambda: save(files[1]))


def test_a_file_saved_twice_at_once_is_entered_once(cast: Cast) -> None:
    for _ in range(REPEATS):
        student, answers = saved_twice(cast)
        assert refusals(answers) == []
        assert Payment.objects.filter(student=student).count() == 1


def test_control_without_the_lock_the_database_refuses_the_second_file(cast: Cast) -> None:
    """Behind the lock stands the constraint that holds each line once a consortium."""
    refused = 0
    with mock.patch.object(statements, "one_at_a_time", return_value=None):
        for _ in range(REPEATS):
            student, answers = saved_twice(cast)
            refused += any(isinstance(one, IntegrityError) for one in answers)
            assert Payment.objects.filter(student=student).count() == 1
    assert refused
