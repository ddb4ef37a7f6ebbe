"""Two at once around Reset Account: two who press it, and one who presses while the address is changed."""

from typing import Any

import pytest
from django.utils import timezone

from accounts import actions as accounts
from accounts.actions import addresses
from accounts.models import EmailChange, Mail, MailedLink, User
from students import actions, rules
from students.actions import addresses as students_addresses
from students.actions import resetting
from students.models import Student
from tests.people import Cast, make_student
from tests.proofs.test_races import REPEATS, at_once, meeting, refusals, threads

__all__ = ["threads"]  # the fixture that keeps eight threads

pytestmark = pytest.mark.django_db(transaction=True)
RESET = MailedLink.Purpose.RESET


def confirmed_student(cast: Cast) -> Student:
    made = make_student(cast.kamiakin, "Reset")
    User.objects.filter(pk=made.user_id).update(email_confirmed_at=timezone.now())
    return made


def without_lock(patch: pytest.MonkeyPatch) -> None:
    """The protection taken away: the rows are read, not held."""
    patch.setattr(
        resetting, "held", lambda student: Student.objects.select_related("user").get(pk=student.pk)
    )


def reset_twice(cast: Cast, patch: pytest.MonkeyPatch) -> tuple[int, int]:
    """A counselor and a district user press Reset Account; how many links were mailed, how many of them open."""
    student = confirmed_student(cast)
    with meeting(patch, rules, "open_reset"):
        answers = at_once(
            lambda: actions.reset_account(student=student, by=cast.counselor),
            lambda: actions.reset_account(student=student, by=cast.district),
        )
    assert refusals(answers) == []
    links = MailedLink.objects.filter(user=student.user_id, purpose=RESET)
    mailed = Mail.objects.filter(person=student.user_id, subject="Your SERS account was reset").count()
    return mailed, links.open_at(timezone.now()).count()


def test_reset_twice_at_once_mails_one_link_and_it_opens(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(REPEATS):
        assert reset_twice(cast, monkeypatch) == (1, 1)


def test_control_reset_twice_without_the_lock(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    without_lock(monkeypatch)
    assert [mailed for mailed, _ in [reset_twice(cast, monkeypatch) for _ in range(5)] if mailed == 2]


def reset_while_changed(cast: Cast, patch: pytest.MonkeyPatch) -> bool:
    """A staff member changes the address while another resets. Did the link go out after the change was asked for?"""
    student = confirmed_student(cast)
    user = User.objects.get(pk=student.user_id)

    def change() -> Any:
        return accounts.change_email(user=user, email="new@example.com", by=cast.counselor)

    with meeting(patch, rules, "why_not_reset_student"):
        answers = at_once(change, lambda: actions.reset_account(student=student, by=cast.district))
    assert set(refusals(answers)) <= {"address_changed"}
    asked = EmailChange.objects.get(user=user).asked_at
    return MailedLink.objects.filter(user=user, purpose=RESET, created_at__gt=asked).exists()


def test_a_change_of_address_holds_a_reset_that_comes_at_the_same_time(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(REPEATS):
        assert not reset_while_changed(cast, monkeypatch)


def test_control_a_reset_beside_a_change_without_the_lock(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_lock(monkeypatch)
    assert True in [reset_while_changed(cast, monkeypatch) for _ in range(5)]


def decide_at_once(cast: Cast, act: Any) -> tuple[list[str], EmailChange]:
    """A district user approves a changed address while a consortium user refuses it; who was refused, what stands."""
    student = confirmed_student(cast)
    made = accounts.change_email(
        user=User.objects.get(pk=student.user_id), email="new@example.com", by=cast.counselor
    )
    answers = at_once(
        lambda: actions.approve_address(change=made, by=cast.district),
        lambda: act(change=made, by=cast.consortium),
    )
    return refusals(answers), EmailChange.objects.get(user=student.user_id)


@pytest.mark.parametrize("act", [actions.refuse_address, actions.approve_address])
def test_two_who_decide_a_changed_address_at_once(cast: Cast, act: Any) -> None:
    for _ in range(REPEATS):
        rules_said, change = decide_at_once(cast, act)
        assert rules_said == ["nothing_held"]
        assert (change.approved_at is None) != (change.refused_at is None)


def test_control_two_who_decide_without_the_lock(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Looked at and then written, as if nobody else were there: both are told that their word counts."""
    # The first lock of all three is the student's row; without any of them both find that nothing is decided.
    monkeypatch.setattr(students_addresses, "ask", lambda *, change, by: None)
    monkeypatch.setattr(addresses, "undecided", lambda *, change, by: EmailChange.objects.get(pk=change.pk))
    assert [] in [decide_at_once(cast, actions.approve_address)[0] for _ in range(5)]
