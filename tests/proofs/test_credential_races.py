"""Two staff who record one industry credential of one student in the same moment, and two who take one back."""

from contextlib import nullcontext
from functools import partial
from typing import Any

import pgtrigger
import pytest
from django.db import IntegrityError
from django.utils import timezone

from accounts.models import Event, User
from students import actions
from students.actions import credentials as recording
from students.models import CredentialTakenBack, EarnedCredential, Registration
from students.rules import credentials as rules
from tests.people import Cast, make_earned, make_registration, make_student
from tests.proofs.test_races import REPEATS, at_once, meeting, threads

__all__ = ["threads"]
pytestmark = pytest.mark.django_db(transaction=True)

TRIGGER = "students.EarnedCredential:one_standing_credential_a_person"


def record_twice(
    cast: Cast, patch: pytest.MonkeyPatch, *, by_trigger: bool = True
) -> tuple[Registration, list[Any]]:
    """The teacher and the counselor tick the same student; both have found that the student does not hold it."""
    pupil = make_student(cast.kamiakin, "Twice")
    registration = make_registration(pupil, cast.section, cast.agreement)

    def press(by: User) -> Any:
        with nullcontext() if by_trigger else pgtrigger.ignore(TRIGGER):
            return actions.record_credentials(
                section=cast.section, credential=cast.credential, earned_on=timezone.localdate(),
                students=[registration.public_id], by=User.objects.get(pk=by.pk),
            )  # fmt: skip

    with meeting(patch, rules, "why_not_earned"):
        return registration, at_once(lambda: press(cast.teacher), lambda: press(cast.counselor))


def test_recorded_by_two_at_once_it_stands_once_and_the_second_is_told_who(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(REPEATS):
        registration, answers = record_twice(cast, monkeypatch)
        for answer in answers:
            if isinstance(answer, Exception):
                raise answer
        (earned,) = EarnedCredential.objects.filter(registration=registration)
        (won,) = [one for one in answers if one.receipt]
        (told,) = [one for one in answers if not one.receipt]
        assert [one.pk for one in won.earned] == [earned.pk]
        (why,) = told.refused.values()
        assert why.rule == "held"
        assert earned.recorded_by.name in why.message
        assert Event.objects.about(cast.section, "students.credentials_recorded").filter(
            data__earned=[earned.pk]
        ).count() == 1  # fmt: skip


def test_control_without_the_lock_the_second_is_refused_by_the_database_alone(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The trigger still keeps it once, but nobody is told who was first."""
    monkeypatch.setattr(recording, "lock_people", lambda people: None)
    crude = 0
    for _ in range(5):
        registration, answers = record_twice(cast, monkeypatch)
        assert EarnedCredential.objects.filter(registration=registration).count() == 1
        crude += any(isinstance(one, IntegrityError) for one in answers)
    assert crude


def test_control_without_lock_and_trigger_it_stands_twice(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recording, "lock_people", lambda people: None)
    doubled = 0
    for _ in range(5):
        registration, answers = record_twice(cast, monkeypatch, by_trigger=False)
        assert not any(isinstance(one, Exception) for one in answers)
        doubled += EarnedCredential.objects.filter(registration=registration).count() == 2
    assert doubled


def test_whole_classes_recorded_at_once_do_not_wait_for_each_other_for_ever(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same ten students, ticked in opposite orders by two: the people are locked in one order."""
    pupils = [make_student(cast.kamiakin, f"Pupil{one}") for one in range(10)]
    for at in range(3):
        credential = type(cast.credential).objects.create(title=f"Card {at}", given_by="Somebody")
        keys = [
            (
                Registration.objects.filter(student=one, section=cast.section).first()
                or make_registration(one, cast.section, cast.agreement)
            ).public_id
            for one in pupils
        ]

        def press(by: User, order: list[Any], credential: Any = credential) -> Any:
            return actions.record_credentials(
                section=cast.section, credential=credential, earned_on=timezone.localdate(), students=order,
                by=User.objects.get(pk=by.pk),
            )  # fmt: skip

        answers = at_once(
            partial(press, cast.teacher, keys),
            partial(press, cast.counselor, keys[::-1]),
        )
        for answer in answers:
            if isinstance(answer, Exception):
                raise answer
        assert sum(len(one.earned) for one in answers) == len(pupils)


def test_taken_back_by_two_at_once_it_is_taken_back_once(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    for at in range(REPEATS):
        pupil = make_student(cast.kamiakin, f"Back{at}")
        earned = make_earned(
            make_registration(pupil, cast.section, cast.agreement), cast.first_aid, by=cast.teacher
        )

        def press(by: User, earned: EarnedCredential = earned) -> Any:
            return actions.take_back_credential(
                earned=EarnedCredential.objects.select_related("registration__section", "credential").get(
                    pk=earned.pk
                ),
                reason="Wrong row",
                by=User.objects.get(pk=by.pk),
            )

        with meeting(monkeypatch, rules, "why_not_take_back"):
            answers = at_once(
                partial(press, cast.teacher),
                partial(press, cast.counselor),
            )
        assert CredentialTakenBack.objects.filter(earned=earned).count() == 1
        (refused,) = [one for one in answers if isinstance(one, Exception)]
        assert "It was taken back already." in str(refused)
