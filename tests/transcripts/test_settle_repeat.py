"""A class whose course is on the record already: the registrar looks at it, and it waits for nothing."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import Event
from sers.lib.refusal import Refused
from students.models import Registration
from tests import people
from tests.people import Cast
from transcripts import actions, rules
from transcripts.models import SettledRepeat


@pytest.fixture
def repeat(cast: Cast) -> Registration:
    """Grace takes the class again, a year after its course was put on her record."""
    return people.make_registration(
        cast.graduate, cast.section, cast.agreement, percent="99", by=cast.teacher
    )


def press(client: Client, registration: Registration, **data: Any) -> Any:
    return client.post(reverse("transcripts:settle_repeat", args=[registration.public_id]), data)


def page_of(client: Client, registration: Registration) -> str:
    return client.get(reverse("transcripts:eligibility", args=[registration.public_id])).content.decode()


def waiting(cast: Cast) -> int:
    """Classes the next run would take, by every list that says so."""
    number = rules.forecast(cast.cbc, cast.year).classes
    listed = {one.year_id: one.classes for one in rules.waiting([cast.cbc.pk])}[cast.year.pk]
    found = rules.not_yet(Registration.objects.all(), cast.cbc, cast.year)
    assert number == listed == found.total
    return number


def test_a_settled_repeat_is_off_every_list_until_it_waits_again(
    cast: Cast, client: Client, repeat: Registration
) -> None:
    client.force_login(cast.registrar)
    before = waiting(cast)
    assert "Leave it: the earlier credit stands" in page_of(client, repeat)
    for _ in range(2):
        assert press(client, repeat).status_code == 302
    assert waiting(cast) == before - 1
    settled = SettledRepeat.objects.get()
    assert (settled.award, settled.settled_by) == (cast.award, cast.registrar)
    assert "no run takes it" in page_of(client, repeat)
    run = actions.start_run(college=cast.cbc, year=cast.year, by=cast.registrar)
    assert not run.lines.filter(registration=repeat).exists()

    press(client, repeat, again="1")
    assert waiting(cast) == before
    assert actions.reopen_repeat(registration=repeat, by=cast.registrar) is False
    assert [one.kind for one in Event.objects.filter(kind__startswith="transcripts.repeat").order_by("pk")] == [
        "transcripts.repeat_settled", "transcripts.repeat_reopened",
    ]  # fmt: skip


def test_what_is_no_repeat_is_not_settled(cast: Cast, client: Client) -> None:
    client.force_login(cast.registrar)
    press(client, cast.classmate_registration)
    assert not SettledRepeat.objects.exists()
    with pytest.raises(Refused, match="does not repeat"):
        actions.settle_repeat(registration=cast.classmate_registration, by=cast.registrar)


def test_only_the_registrar_of_the_college(cast: Cast, client: Client, repeat: Registration) -> None:
    for user in (cast.other_registrar, cast.consortium, cast.state):
        for act in (actions.settle_repeat, actions.reopen_repeat):
            with pytest.raises(Refused, match="Only the registrar"):
                act(registration=repeat, by=user)
    client.force_login(cast.other_registrar)
    assert press(client, repeat).status_code == 404
    client.force_login(cast.consortium)
    assert press(client, repeat).status_code == 403


def test_where_the_earlier_credit_is_taken_back_the_class_waits_again(
    cast: Cast, repeat: Registration
) -> None:
    actions.settle_repeat(registration=repeat, by=cast.registrar)
    actions.free_repeats([cast.award], by=cast.registrar)
    assert SettledRepeat.objects.of(repeat) is None


def test_a_repeat_is_settled_once(cast: Cast, repeat: Registration) -> None:
    facts = {"registration": repeat, "award": cast.award, "settled_by": cast.registrar}
    SettledRepeat.objects.create(**facts)
    with pytest.raises(IntegrityError, match="repeat_is_settled_once"), transaction.atomic():
        SettledRepeat.objects.create(**facts)
