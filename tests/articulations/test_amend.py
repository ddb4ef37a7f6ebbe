"""An agreement is amended or renewed by a text everybody signs; until then the old one stays, and students keep theirs."""

import datetime
from typing import Any

import pytest
from django.urls import reverse

from accounts.models import User
from articulations.forms.agreement_texts import typed_of_agreement
from articulations.models import AgreementText, Articulation, ArticulationCourse
from tests import agreeing
from tests.people import Cast
from tests.policing import PolicingClient


def page(agreement: Articulation, kind: str = "") -> str:
    return reverse("articulations:amend", args=[agreement.public_id]) + (f"?kind={kind}" if kind else "")


def typed(agreement: Articulation, kind: str, **changes: Any) -> dict[str, Any]:
    leave = "first_year" if kind == "amendment" else "valid_from"
    found = Articulation.objects.with_names().get(pk=agreement.pk)
    return {
        **{name: value for name, value in typed_of_agreement(found, kind).items() if name != leave},
        **changes,
    }


@pytest.fixture
def dean(cast: Cast) -> User:
    return agreeing.make_dean(cast.cbc, cast.dean)


def sign_all(cast: Cast, text: AgreementText, dean: User) -> Articulation:
    agreeing.out(text, by=cast.consortium)
    agreeing.signed(text, by=cast.district)
    agreeing.signed(text, by=dean)
    return agreeing.in_force(text)


def test_an_amendment_takes_over_on_its_first_day(client: PolicingClient, cast: Cast, dean: User) -> None:
    old = cast.agreement
    was_until = old.valid_until
    client.force_login(cast.consortium)
    html = client.get(page(old)).content.decode()
    assert 'value="Accounting 1"' in html
    first = datetime.date(cast.year.first_year + 1, 7, 1)
    answer = client.post(page(old), typed(old, "amendment", credits_1="4", valid_from=first))
    assert answer.status_code == 302
    text = AgreementText.objects.get(amends=old)
    assert (text.version, text.kind, text.valid_until) == (2, "amendment", was_until)
    assert Articulation.objects.get(pk=old.pk).valid_until == was_until
    new = sign_all(cast, text, dean)
    old = Articulation.objects.with_names().get(pk=old.pk)
    assert old.valid_until == first - datetime.timedelta(days=1)
    assert set(old.courses.values_list("valid_until", flat=True)) == {old.valid_until}
    assert (new.number, new.replaces, new.valid_from) == (f"{old.number}.2", old, first)
    assert new.courses.get().credits == 4
    cast.registration.refresh_from_db()
    assert cast.registration.articulation == old
    html = client.get(reverse("articulations:articulation", args=[old.public_id])).content.decode()
    assert f"{old.number}.2" in html
    assert client.get(page(old)).status_code == 409


def test_a_renewal_follows_the_last_day(client: PolicingClient, cast: Cast, dean: User) -> None:
    old = cast.agreement
    client.force_login(cast.consortium)
    answer = client.post(page(old, "renewal"), typed(old, "renewal"))
    assert answer.status_code == 302
    text = AgreementText.objects.get(amends=old)
    new = sign_all(cast, text, dean)
    assert new.valid_from == old.valid_until + datetime.timedelta(days=1)
    lines = ArticulationCourse.objects.filter(high_school_course=cast.accounting)
    assert {line.valid_until for line in lines} == {old.valid_until, new.valid_until}
    assert "Not a word." not in client.get(answer.url).content.decode()


@pytest.mark.parametrize(
    ("kind", "changes", "words"),
    [
        ("amendment", {"valid_from": "2001-01-01"}, "The amendment begins outside of the agreement"),
        ("amendment", {"valid_from": ""}, "Enter the first day"),
        ("renewal", {}, "The agreement is in force until"),
    ],
)
def test_days_that_do_not_fit_are_told(
    client: PolicingClient, cast: Cast, kind: str, changes: dict[str, str], words: str
) -> None:
    client.force_login(cast.consortium)
    first = cast.year.first_year
    if kind == "renewal":
        changes = {"first_year": str(first), "last_year": str(first + 2)}
    answer = client.post(page(cast.agreement, kind), typed(cast.agreement, kind, **changes))
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_one_text_at_a_time(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.consortium)
    assert client.post(page(cast.agreement, "renewal"), typed(cast.agreement, "renewal")).status_code == 302
    answer = client.post(page(cast.agreement, "renewal"), typed(cast.agreement, "renewal"))
    assert answer.status_code == 409
    assert "is under way" in answer.content.decode()


def test_others_amend_nothing(client: PolicingClient, cast: Cast) -> None:
    for user in (cast.other_consortium, cast.faculty, cast.district):
        client.force_login(user)
        assert client.get(page(cast.agreement)).status_code == 403
