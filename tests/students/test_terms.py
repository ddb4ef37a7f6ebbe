"""What a consortium asks in a year: set with a look first; what was asked of students before stands."""

from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from organizations.models import ConsortiumYear, FurtherAsk
from students import actions, rules
from students.models import Registration
from tests.owing import make_fee, make_requirement, make_terms
from tests.people import (
    Cast,
    account_of,
)
from tests.policing import PolicingClient
from tests.students.pages import errors, messages, text

ASKS: dict[str, Any] = {
    "form_required": "on", "guardian_signs": "minors", "fee_basis": "flat_per_year", "fee_amount": "50",
    "fee_payer": "student",
}  # fmt: skip


@pytest.fixture
def url(cast: Cast, client: PolicingClient) -> str:
    client.force_login(cast.consortium)
    return reverse("students:terms", args=[cast.columbia_basin.public_id])


def terms_of(cast: Cast) -> ConsortiumYear:
    return ConsortiumYear.objects.get(consortium=cast.columbia_basin, year=cast.year)


def test_a_look_changes_nothing_and_save_sets_it_with_its_history(
    cast: Cast, client: PolicingClient, url: str
) -> None:
    looked = client.post(url, ASKS | {"look": "1"})
    assert "Fee, was" not in text(looked)
    assert "Fee: No fee, then Once a school year" in text(looked)
    assert terms_of(cast).fee_basis == "none"
    saved = client.post(url, ASKS | {"save": "1", "seen": "0"}, follow=True)
    assert messages(saved) == [f"What Columbia Basin asks in {cast.year} is saved."]
    terms = terms_of(cast)
    assert (terms.form_required, terms.guardian_signs, terms.fee_amount) == (True, "minors", Decimal(50))
    assert "Fee, was No fee, is Once a school year" in text(saved)


def test_who_registers_then_is_asked_who_registered_before_is_not(
    cast: Cast, client: PolicingClient, url: str
) -> None:
    client.post(url, ASKS | {"save": "1", "seen": "0"})
    cast.registration.refresh_from_db()
    assert cast.registration.fees_req == "not_required"
    new = actions.register(
        student=cast.newcomer, section=cast.section, college=cast.cbc, by=account_of(cast.newcomer),
    )  # fmt: skip
    assert sorted(new.requirements.values_list("kind", "amount")) == [
        ("fee", Decimal(50)), ("form", Decimal(0)), ("guardian", Decimal(0)),
    ]  # fmt: skip
    assert (new.fees_req, new.fee_due) == ("pending", Decimal(50))


def test_what_is_asked_no_more_is_lifted_only_when_wished(
    cast: Cast, client: PolicingClient, url: str
) -> None:
    make_terms(cast.columbia_basin, cast.year, form_required=True)
    make_requirement(cast.owing_registration, "form")
    nothing = {
        "guardian_signs": "nobody",
        "fee_basis": "none",
        "fee_payer": "student",
        "save": "1",
        "seen": "0",
    }
    client.post(url, nothing)
    assert cast.owing_registration.requirements.get().state == "pending"
    make_terms(cast.columbia_basin, cast.year, form_required=True)
    event = rules.history_of_asks(terms_of(cast))[0]
    client.post(url, nothing | {"lift": "on", "seen": str(event.pk)})
    assert cast.owing_registration.requirements.get().state == "dropped"
    cast.owing_registration.refresh_from_db()
    assert cast.owing_registration.fees_req == "not_required"


def test_who_saved_meanwhile_is_not_overwritten(cast: Cast, client: PolicingClient, url: str) -> None:
    client.post(url, ASKS | {"save": "1", "seen": "0"})
    late = client.post(url, ASKS | {"fee_amount": "60", "save": "1", "seen": "0"})
    assert late.status_code == 409
    assert terms_of(cast).fee_amount == Decimal(50)


def test_something_else_is_asked_in_both_languages_and_ended(
    cast: Cast, client: PolicingClient, url: str
) -> None:
    names = {"name_en": "College application", "name_es": "Solicitud", "note_en": "Apply online.", "add": "1"}
    client.post(url, names)
    ask = FurtherAsk.objects.get(ended_at=None)
    assert ask.names == {"en": "College application", "es": "Solicitud"}
    new = actions.register(
        student=cast.newcomer, section=cast.section, college=cast.cbc, by=account_of(cast.newcomer),
    )  # fmt: skip
    assert new.requirements.get().asked == ask
    ended = client.post(url, {"end": str(ask.public_id), "lift": "1"}, follow=True)
    assert messages(ended)[-1] == "College application is asked no more."
    assert new.requirements.get().state == "dropped"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"fee_amount": ""}, "A fee needs an amount. Enter it in dollars, or choose No fee."),
        ({"fee_amount": "much"}, "Enter an amount such as 50 or 12.50"),
        ({"guardian_signs": "aunt"}, "Choose who signs"),
        ({"fee_due_on_month": "6", "fee_due_on_day": "1", "fee_due_on_year": "1999"}, "lies between"),
    ],
)
def test_nonsense_is_refused_at_its_field(
    client: PolicingClient, url: str, change: dict[str, str], said: str
) -> None:
    response = client.post(url, ASKS | change | {"save": "1", "seen": "0"})
    assert response.status_code == 422
    assert any(said in one for one in errors(response))


def test_the_state_reads_and_the_neighbour_finds_nothing(
    cast: Cast, client: PolicingClient, url: str
) -> None:
    client.force_login(cast.state)
    assert client.get(url).status_code == 200
    assert client.post(url, ASKS | {"save": "1"}).status_code == 403
    client.force_login(cast.other_consortium)
    assert client.get(url).status_code == 404


def test_a_year_far_off_is_not_there(client: PolicingClient, url: str) -> None:
    assert client.get(f"{url}?year=3000").status_code == 404
    assert client.get(f"{url}?year=x").status_code == 404


def test_a_yearly_fee_a_district_pays_is_asked_once_and_holds_up_nobody(cast: Cast) -> None:
    make_terms(cast.columbia_basin, cast.year, fee_basis="flat_per_year", fee_amount=20, fee_payer="district")
    ask: dict[str, Any] = {"student": cast.newcomer, "college": cast.cbc, "by": cast.newcomer.user}
    first, second = (actions.register(section=one, **ask) for one in (cast.section, cast.colleague_section))
    assert (first.fees_req, first.fee_due) == (Registration.FeesReq.NOT_REQUIRED, 0)
    assert [one.requirements.count() for one in (first, second)] == [1, 0]


def test_a_fee_does_not_change_because_the_terms_do(cast: Cast) -> None:
    fee = make_fee(cast.owing_registration, 20)
    make_terms(cast.columbia_basin, cast.year, fee_basis="per_class", fee_amount=99)
    fee.refresh_from_db()
    assert fee.amount == 20
