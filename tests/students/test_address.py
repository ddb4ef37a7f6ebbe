"""A changed e-mail, decided by a second person: who may, who only thinks so, and what stands afterwards."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts import actions as accounts
from accounts import rules as account_rules
from accounts.models import EmailChange, Event, MailedLink, User
from organizations.models import Seat
from sers.lib.refusal import Refused
from students import actions, rules
from students.models import Student
from tests.accounts.pages import mailed_links, subjects
from tests.people import Cast, make_address_change
from tests.policing import PolicingClient
from tests.raw import breaks, change
from tests.students.pages import messages, text


@pytest.fixture
def asked(cast: Cast) -> EmailChange:
    """The student's address, changed by the counselor; the one before was confirmed."""
    User.objects.filter(pk=cast.student.user_id).update(email_confirmed_at=timezone.now())
    made = accounts.change_email(
        user=User.objects.get(pk=cast.student.user_id), email="new@example.com", by=cast.counselor
    )
    assert made is not None
    return made


def address(change: EmailChange) -> str:
    return reverse("students:address", args=[change.public_id])


def confirm(change: EmailChange) -> None:
    (token,) = mailed_links(change.new_address)
    accounts.confirm_email(token=token)


# --- Who may --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("person", "rule"),
    [
        ("district", None), ("consortium", None), ("state", None),
        ("counselor", "not_a_second_person"),
        ("teacher", "not_in_reach"), ("other_counselor", "not_in_reach"), ("other_district", "not_in_reach"),
        ("other_consortium", "not_in_reach"), ("registrar", "not_in_reach"), ("faculty", "not_in_reach"),
        ("classmate", "not_in_reach"), ("student", "not_in_reach"), ("many_hats", "not_in_reach"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("act", [actions.approve_address, actions.refuse_address])
def test_who_decides(cast: Cast, asked: EmailChange, person: str, rule: str | None, act: Any) -> None:
    one = getattr(cast, person)
    by = User.objects.get(pk=one.user_id if isinstance(one, Student) else one.pk)
    if rule is None:
        act(change=asked, by=by)
    else:
        with pytest.raises(Refused) as refused:
            act(change=asked, by=by)
        assert refused.value.refusal.rule == rule
    asked.refresh_from_db()
    assert bool(asked.approved_at or asked.refused_at) == (rule is None)


@pytest.mark.parametrize(
    ("facts", "rule"),
    [
        ({}, None),
        ({"hold_until": -1}, "nothing_held"),
        ({"ended_at": 0}, "nothing_held"),
        ({"approved_at": 0}, "nothing_held"),
        ({"refused_at": 0}, "nothing_held"),
    ],
)
def test_why_not_decide_address_by_state(
    cast: Cast, asked: EmailChange, facts: dict[str, int], rule: str | None
) -> None:
    now = timezone.now()
    for name, hours in facts.items():
        setattr(asked, name, now + timedelta(hours=hours))
    refusal = rules.why_not_decide_address(asked, cast.district, now)
    assert (refusal.rule if refusal else None) == rule
    assert rules.is_held(asked, now) == (rule is None)


def test_nobody_makes_the_colleague_who_agrees(cast: Cast, asked: EmailChange) -> None:
    Seat.objects.filter(user=cast.district).update(granted_by=cast.counselor)
    refusal = rules.why_not_decide_address(asked, cast.district, timezone.now())
    assert refusal is not None
    assert refusal.rule == "seat_from_the_first"


@pytest.mark.parametrize("shared", ["new@example.com", "counselor"])
def test_another_account_of_the_same_person_is_no_second_person(
    cast: Cast, asked: EmailChange, shared: str
) -> None:
    mine = cast.counselor.email if shared == "counselor" else shared
    User.objects.filter(pk=cast.district.pk).update(email=mine.upper())
    refusal = rules.why_not_decide_address(asked, User.objects.get(pk=cast.district.pk), timezone.now())
    assert refusal is not None
    assert refusal.rule == "same_address"


# --- What happens ---------------------------------------------------------------------------------------


def test_approved_the_account_can_be_reset_at_once(
    cast: Cast, client: PolicingClient, asked: EmailChange
) -> None:
    confirm(asked)
    client.force_login(cast.district)
    page = text(client.get(address(asked)))
    assert "Is this the e-mail of Marisol Vega?" in page
    assert "Before marisol@example.net" in page
    assert "New new@example.com" in page
    response = client.post(address(asked), {"act": "approve"}, follow=True)
    assert messages(response) == ["The new e-mail of Marisol Vega is approved."]
    student = Student.objects.in_full().get(pk=cast.student.pk)
    assert rules.why_not_reset_student(student, timezone.now()) is None
    assert Event.objects.filter(kind="accounts.email_change_approved", actor=cast.district).exists()
    assert client.get(address(asked)).status_code == 404


def test_refused_after_it_was_confirmed_the_former_address_is_back(
    cast: Cast, client: PolicingClient, asked: EmailChange
) -> None:
    before = User.objects.get(pk=asked.user_id).email_confirmed_at
    confirm(asked)
    user = User.objects.get(pk=asked.user_id)
    lost = accounts.new_link(user=user, purpose=MailedLink.Purpose.RECOVER, address="new@example.com")
    client.force_login(cast.consortium)
    response = client.post(address(asked), {"act": "refuse"}, follow=True)
    assert messages(response) == ["The e-mail of Marisol Vega stays as it was. The student is told."]
    user.refresh_from_db()
    assert (user.email, user.email_confirmed_at) == ("marisol@example.net", before)
    assert accounts.look_at_link(lost) is None
    assert subjects("marisol@example.net")[-1] == "Your SERS e-mail was not changed"
    assert account_rules.why_not_reset(user, timezone.now()) is None


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_of_two_wrong_changes_neither_comes_back(
    cast: Cast, asked: EmailChange, order: tuple[int, int]
) -> None:
    confirm(asked)
    user = User.objects.get(pk=asked.user_id)
    second = accounts.change_email(user=user, email="newer@example.com", by=cast.counselor)
    assert second is not None
    confirm(second)
    for number in order:
        actions.refuse_address(change=(asked, second)[number], by=cast.district)
    user.refresh_from_db()
    assert user.email == "marisol@example.net"


def test_an_approval_of_one_change_does_not_let_the_next_one_through(cast: Cast, asked: EmailChange) -> None:
    confirm(asked)
    user = User.objects.get(pk=asked.user_id)
    accounts.change_email(user=user, email="newer@example.com", by=cast.counselor)
    actions.approve_address(change=asked, by=cast.district)
    assert account_rules.why_not_reset(user, timezone.now()) is not None


def test_refused_before_it_was_confirmed_its_link_opens_nothing(cast: Cast, asked: EmailChange) -> None:
    (token,) = mailed_links("new@example.com")
    actions.refuse_address(change=asked, by=cast.district)
    with pytest.raises(Refused):
        accounts.confirm_email(token=token)
    assert User.objects.get(pk=asked.user_id).email == "marisol@example.net"


def test_when_the_address_changes_links_to_the_former_one_open_nothing(
    cast: Cast, asked: EmailChange
) -> None:
    user = User.objects.get(pk=asked.user_id)
    old = accounts.new_link(user=user, purpose=MailedLink.Purpose.RECOVER)
    confirm(asked)
    assert accounts.look_at_link(old) is None


def test_who_changed_it_reads_why_another_decides(cast: Cast, client: PolicingClient) -> None:
    client.force_login(cast.counselor)
    page = client.get(address(cast.address_change))
    assert "You changed this e-mail yourself." in text(page)
    assert "Approve" not in [button for button in page.content.decode().split(">") if "<button" in button]
    assert client.post(address(cast.address_change), {"act": "approve"}).status_code == 409


@pytest.mark.parametrize(
    ("person", "status"), [("other_district", 404), ("teacher", 403), ("registrar", 403)]
)
def test_strangers(cast: Cast, client: PolicingClient, asked: EmailChange, person: str, status: int) -> None:
    client.force_login(getattr(cast, person))
    assert client.get(address(asked)).status_code == status
    assert client.post(address(asked), {"act": "approve"}).status_code == status


def test_the_database_says_what_must_be_true_of_a_refusal(cast: Cast, asked: EmailChange) -> None:
    now = timezone.now()
    with breaks("refused_once_by_a_second_person"):
        change(asked, refused_by_id=asked.by_id, refused_at=now, ended_at=now)
    with breaks("refused_once_by_a_second_person"):
        change(asked, refused_by_id=asked.user_id, refused_at=now, ended_at=now)
    with breaks("refused_once_by_a_second_person"):
        change(asked, refused_by_id=cast.state.pk, refused_at=now)  # neither ended nor confirmed
    with breaks("refused_once_by_a_second_person"):
        change(asked, refused_by_id=cast.state.pk, ended_at=now)


def test_queries(cast: Cast, client: PolicingClient, django_assert_num_queries: Any) -> None:
    client.force_login(cast.district)
    with django_assert_num_queries(6):
        client.get(address(cast.address_change))
    made = make_address_change(cast.classmate, by=cast.counselor)
    with django_assert_num_queries(6):
        client.get(address(made))
