"""Reset Account: who presses it for whom, what goes where, what stands until the link is used, and when it waits."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts import actions as accounts
from accounts.models import EmailChange, Event, Mail, MailedLink, RateLimit, User
from sers.lib.refusal import Refused
from students import actions, rules
from students.models import Disclosure, Student
from tests.accounts.pages import NEW_PASSWORD, mailed_links, security_facts, subjects
from tests.people import PASSWORD, Cast
from tests.policing import PolicingClient
from tests.students.pages import messages, text

RESET = MailedLink.Purpose.RESET


@pytest.fixture
def student(cast: Cast) -> Student:
    """The student of Columbia Basin, whose address is confirmed."""
    User.objects.filter(pk=cast.student.user_id).update(email_confirmed_at=timezone.now())
    found: Student = Student.objects.in_full().get(pk=cast.student.pk)
    return found


def address(student: Student) -> str:
    return reverse("students:reset_account", args=[student.public_id])


def account(student: Student) -> User:
    assert student.user is not None
    return student.user


# --- Who may --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("person", "may"),
    [
        ("teacher", True), ("colleague", False), ("other_teacher", False), ("former_teacher", False),
        ("counselor", True), ("other_counselor", False), ("district", True), ("other_district", False),
        ("consortium", True), ("other_consortium", False), ("state", True), ("registrar", False),
        ("faculty", False), ("nobody", False), ("student", False), ("classmate", False), ("many_hats", False),
    ],
)  # fmt: skip
def test_can_reset(cast: Cast, student: Student, person: str, may: bool) -> None:
    one = getattr(cast, person)
    user = User.objects.get(pk=one.user_id if isinstance(one, Student) else one.pk)
    assert rules.can_reset(user, student) == may
    if may:
        actions.reset_account(student=student, by=user)
    else:
        with pytest.raises(Refused) as refused:
            actions.reset_account(student=student, by=user)
        assert refused.value.refusal.rule == "not_in_reach"
    assert MailedLink.objects.filter(purpose=RESET).count() == may


def test_a_record_that_was_only_opened_is_not_reset(cast: Cast, client: PolicingClient) -> None:
    accounts_before = MailedLink.objects.count()
    actions.search_beyond(
        terms={"name": cast.other_student.name},
        ground=Disclosure.Ground.CONSENT,
        reason="The parent asked us to",
        by=cast.teacher,
    )
    actions.open_record(
        student=cast.other_student,
        birth_date=cast.other_student.birth_date,
        ground=Disclosure.Ground.CONSENT,
        reason="The parent asked us to",
        by=cast.teacher,
    )
    client.force_login(cast.teacher)
    assert client.get(reverse("students:student", args=[cast.other_student.public_id])).status_code == 200
    assert client.get(address(cast.other_student)).status_code == 404
    assert client.post(address(cast.other_student)).status_code == 404
    assert MailedLink.objects.count() == accounts_before


# --- When it may not go out -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "rule"),
    [
        ({}, None),
        ({"merged_into": True}, "merged"),
        ({"user": None}, "no_account"),
        ({"died_on": True}, "closed"),
        ({"is_active": False}, "closed"),
        ({"email_confirmed_at": None}, "not_confirmed"),
        ({"bounced": True}, "came_back"),
        ({"held": True}, "address_changed"),
    ],
)
def test_why_not_reset_student(cast: Cast, student: Student, facts: dict[str, Any], rule: str | None) -> None:
    user, now = account(student), timezone.now()
    if facts.get("merged_into"):
        student.merged_into = cast.classmate
    if "user" in facts:
        student.user = None
    if facts.get("died_on"):
        student.died_on = timezone.localdate()
    for name in ("is_active", "email_confirmed_at"):
        if name in facts:
            setattr(user, name, facts[name])
    if facts.get("bounced"):
        Mail.objects.create(
            key="b",
            to=user.email,
            subject="s",
            text="t",
            state="done",
            done_at=now,
            bounced_at=timezone.now(),
            bounce_reason="5.1.1 unknown",
        )
    if facts.get("held"):
        accounts.change_email(user=user, email="m@example.com", by=cast.counselor)
    refusal = rules.why_not_reset_student(student, now)
    assert (refusal.rule if refusal else None) == rule
    if refusal:
        assert refusal.next_step


@pytest.mark.parametrize(
    ("by_person", "of_student", "refused"), [(60, 5, False), (61, 1, True), (1, 6, True)]
)
def test_why_not_reset_again(by_person: int, of_student: int, refused: bool) -> None:
    ends = timezone.now()
    limits = [RateLimit(tries=tries, ends_at=ends) for tries in (by_person, of_student)]
    assert (rules.why_not_reset_again(*limits) is not None) == refused


@pytest.mark.parametrize(
    ("whole", "masked"),
    [("marisol@example.net", "m•••@example.net"), ("x@y.org", "x•••@y.org"), ("a@b@c.org", "a•••@c.org")],
)
def test_masked_address(whole: str, masked: str) -> None:
    assert rules.masked_address(whole) == masked


# --- What happens ---------------------------------------------------------------------------------------


def test_it_asks_then_mails_and_tells_what_is_next(
    student: Student, cast: Cast, client: PolicingClient
) -> None:
    client.force_login(cast.teacher)
    page = text(client.get(address(student)))
    assert "Reset the account of Marisol Vega?" in page
    assert "A link goes to m•••@example.net" in page
    assert account(student).email not in page
    response = client.post(address(student), {"act": "reset"}, follow=True)
    assert messages(response) == ["A link was mailed to Marisol Vega."]
    assert "What to do next" in text(response)
    assert f"for {cast.teacher.name}" in text(response)
    link = MailedLink.objects.get(purpose=RESET)
    assert (link.user, link.asked_by, link.address) == (
        account(student),
        cast.teacher,
        account(student).email,
    )
    assert subjects(account(student).email)[-1] == "Your SERS account was reset"
    event = Event.objects.get(kind="students.account_reset")
    assert (event.actor, event.subject_id) == (cast.teacher, student.pk)


def test_a_further_address_is_told_without_a_link(student: Student, cast: Cast) -> None:
    User.objects.filter(pk=student.user_id).update(
        second_email="spare@example.com", second_email_confirmed_at=timezone.now()
    )
    actions.reset_account(student=student, by=cast.counselor)
    assert subjects("spare@example.com") == ["Your SERS account was reset"]
    assert mailed_links("spare@example.com") == []


def test_the_old_password_works_until_the_link_is_used(
    student: Student, cast: Cast, client: PolicingClient
) -> None:
    open_elsewhere = PolicingClient()
    open_elsewhere.force_login(account(student))
    actions.reset_account(student=student, by=cast.teacher)
    assert User.objects.get(pk=student.user_id).check_password(PASSWORD)
    assert open_elsewhere.get(reverse("students:my_classes")).status_code == 200
    (token,) = mailed_links(account(student).email)
    client.get(reverse("accounts:link", args=[token]))
    client.post(reverse("accounts:security"), security_facts())
    assert User.objects.get(pk=student.user_id).check_password(NEW_PASSWORD)
    assert open_elsewhere.get(reverse("students:my_classes")).status_code == 302
    # Once: the same link opens nothing more.
    assert PolicingClient().get(reverse("accounts:link", args=[token])).status_code == 404


def test_pressed_again_the_young_link_stands_and_an_old_one_is_replaced(student: Student, cast: Cast) -> None:
    first = actions.reset_account(student=student, by=cast.teacher)
    assert actions.reset_account(student=student, by=cast.counselor) == first
    assert Mail.objects.filter(subject="Your SERS account was reset").count() == 1
    MailedLink.objects.filter(pk=first.pk).update(created_at=timezone.now() - timedelta(minutes=16))
    second = actions.reset_account(student=student, by=cast.counselor)
    first.refresh_from_db()
    assert first.ended_at is not None
    assert MailedLink.objects.filter(purpose=RESET).open_at(timezone.now()).get() == second


def test_too_many_are_refused(student: Student, cast: Cast, client: PolicingClient) -> None:
    client.force_login(cast.teacher)
    for _ in range(rules.RESETS_OF_STUDENT):
        assert client.post(address(student)).status_code == 302
    response = client.post(address(student))
    assert response.status_code == 429
    assert "This account was reset several times within an hour. Try again after" in text(response)


def test_it_waits_after_a_staff_change_of_the_address(
    student: Student, cast: Cast, client: PolicingClient
) -> None:
    accounts.change_email(user=account(student), email="marisol.new@example.com", by=cast.counselor)
    client.force_login(cast.teacher)
    page = text(client.get(address(student)))
    assert "A staff member changed the e-mail of this account on" in page
    assert "or now, when a second person approves the change" in page
    assert client.post(address(student)).status_code == 409
    assert not MailedLink.objects.filter(purpose=RESET).exists()
    accounts.approve_email_change(change=EmailChange.objects.get(user=student.user), by=cast.district)
    assert client.post(address(student)).status_code == 302


def test_an_address_nobody_confirmed_is_sent_its_link_instead(cast: Cast, client: PolicingClient) -> None:
    client.force_login(cast.teacher)
    response = client.get(address(cast.student))
    assert "The e-mail of this account was never confirmed." in text(response)
    assert "Send the link that confirms m•••@example.net" in text(response)
    assert client.post(address(cast.student), {"act": "reset"}).status_code == 409
    response = client.post(address(cast.student), {"act": "confirm"}, follow=True)
    assert messages(response) == ["The link that confirms the e-mail was mailed to Marisol Vega."]
    link = MailedLink.objects.get(user=cast.student.user)
    assert link.purpose == MailedLink.Purpose.CONFIRM_EMAIL
    assert client.post(address(cast.student), {"act": "confirm"}).status_code == 409  # within five minutes


@pytest.mark.parametrize(
    ("person", "queries"), [("teacher", 9), ("state", 10)]
)  # the State's purpose is one more
def test_queries(
    student: Student,
    cast: Cast,
    client: PolicingClient,
    django_assert_num_queries: Any,
    person: str,
    queries: int,
) -> None:
    client.force_login(getattr(cast, person))
    for _ in range(2):
        with django_assert_num_queries(queries):
            client.get(address(student))
        actions.reset_account(student=student, by=cast.counselor)
