"""A changed address holds Reset Account: why_not_reset, who approves, and what the database refuses."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts import actions, rules
from accounts.models import EmailChange
from sers.lib.refusal import Refused
from tests.accounts.pages import mailed_links
from tests.people import Cast
from tests.raw import breaks, change, copy


def changed_by(cast: Cast, person: str) -> EmailChange:
    """The student's address, changed by this person of the cast."""
    by = cast.student.user if person == "student" else getattr(cast, person)
    made = actions.change_email(user=cast.student.user, email="marisol.new@example.com", by=by)
    assert made is not None
    return made


@pytest.mark.parametrize(
    ("by", "hours", "approved", "held"),
    [
        ("student", 0, False, False),  # one's own
        ("counselor", 0, False, True),
        ("district", 71, False, True),
        ("consortium", 71, False, True),
        ("state", 72, False, False),
        ("counselor", 73, False, False),
        ("counselor", 1, True, False),
    ],
)
def test_why_not_reset(cast: Cast, by: str, hours: int, approved: bool, held: bool) -> None:
    made = changed_by(cast, by)
    if approved:
        actions.approve_email_change(change=made, by=cast.consortium)
    refusal = rules.why_not_reset(cast.student.user, made.asked_at + timedelta(hours=hours))
    assert (refusal is not None) == held
    if refusal is not None:
        assert "a second person approves" in refusal.next_step


def test_it_holds_before_and_after_the_new_address_is_confirmed(cast: Cast) -> None:
    changed_by(cast, "counselor")
    assert rules.why_not_reset(cast.student.user, timezone.now()) is not None
    (token,) = mailed_links("marisol.new@example.com")
    user = actions.confirm_email(token=token)
    assert rules.why_not_reset(user, timezone.now()) is not None
    assert rules.held_address(user, user.email, timezone.now()) is not None


def test_a_change_taken_back_holds_nothing(cast: Cast) -> None:
    changed_by(cast, "counselor")
    actions.change_email(user=cast.student.user, email="mine@example.com", by=cast.student.user)
    assert rules.why_not_reset(cast.student.user, timezone.now()) is None


@pytest.mark.parametrize("person", ["teacher", "faculty", "registrar", "nobody", "classmate"])
def test_others_change_no_address(cast: Cast, person: str) -> None:
    one = getattr(cast, person)
    with pytest.raises(Refused) as refused:
        actions.change_email(user=cast.student.user, email="x@example.com", by=getattr(one, "user", one))
    assert refused.value.refusal.rule == "not_yours_to_change"
    assert not EmailChange.objects.filter(user=cast.student.user).exists()


@pytest.mark.parametrize(
    ("by", "rule"), [("counselor", "not_a_second_person"), ("student", "not_a_second_person")]
)
def test_a_second_person_approves(cast: Cast, by: str, rule: str) -> None:
    made = changed_by(cast, "counselor")
    with pytest.raises(Refused) as refused:
        actions.approve_email_change(change=made, by=cast.student.user if by == "student" else cast.counselor)
    assert refused.value.refusal.rule == rule
    actions.approve_email_change(change=made, by=cast.district)
    with pytest.raises(Refused) as again:
        actions.approve_email_change(change=made, by=cast.state)
    assert again.value.refusal.rule == "nothing_held"


def test_the_database_says_what_must_be_true_of_a_change(cast: Cast) -> None:
    made = changed_by(cast, "counselor")
    with breaks("one_change_of_address_at_a_time"):
        copy(made)
    with breaks("change_by_another_holds_a_reset"):
        change(made, hold_until=None)
    with breaks("approved_by_a_second_person"):
        change(made, approved_by_id=cast.counselor.pk, approved_at=timezone.now())
    with breaks("approved_by_a_second_person"):
        change(made, approved_by_id=made.user_id, approved_at=timezone.now())
    with breaks("approval_has_its_person_and_moment"):
        change(made, approved_by_id=cast.state.pk)
    with breaks("change_of_address_is_confirmed_or_ended"):
        change(made, confirmed_at=timezone.now(), ended_at=timezone.now())


def test_the_database_keeps_three_different_questions(cast: Cast) -> None:
    first, second, _third = cast.colleague.answers.all()
    with breaks("question_once"):
        change(first, question=second.question)
    with breaks("answer_number_once"):
        change(first, number=second.number)
    with breaks("three_answers_at_most"):
        change(first, number=4)


def test_the_database_keeps_a_code_once_and_a_second_address_whole(cast: Cast) -> None:
    actions.new_recovery_codes(user=cast.teacher, by=cast.teacher)
    code = cast.teacher.recovery_codes.all()[0]
    with breaks("recovery_code_once"):
        copy(code)
    with breaks("second_email_is_there_to_be_confirmed"):
        change(cast.teacher, second_email_confirmed_at=timezone.now())
