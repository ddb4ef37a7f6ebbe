"""The mailed link of a partner without an account: it goes on, with the token out of the address, and uses nothing up."""

import pytest
from django.test import Client
from django.urls import reverse

from articulations import actions
from articulations.models import AgreementSigner
from tests import agreeing
from tests.people import Cast

SIGN = reverse("articulations:sign_outside")


@pytest.fixture
def signer(cast: Cast) -> AgreementSigner:
    """Ana Ruiz, who has no account, beside the CTE director and the dean."""
    agreeing.name_partners(
        cast.columbia_basin,
        cast.cte_director,
        cast.dean,
        year=cast.year,
        by=cast.consortium,
        outside="Ana Ruiz",
    )
    text = agreeing.prepared(
        cast.columbia_basin, cast.cbc, cast.kamiakin,
        agreeing.terms(cast.year.first_year, classes=("Payroll",)), by=cast.consortium,
    )  # fmt: skip
    agreeing.out(text, by=cast.consortium)
    return AgreementSigner.objects.in_order().get(text=text, outside_name="Ana Ruiz")


def test_it_goes_on_and_can_be_opened_again(client: Client, signer: AgreementSigner) -> None:
    token = actions.new_signing_link(signer)
    for _ in range(2):
        answer = client.get(reverse("articulations:signing_link", args=[token]))
        assert answer.url == SIGN
        assert answer["Referrer-Policy"] == "no-referrer"
        assert "Sign agreement" in client.get(SIGN).content.decode()


def test_a_newer_link_ends_the_one_before(client: Client, signer: AgreementSigner) -> None:
    token = actions.new_signing_link(signer)
    actions.new_signing_link(signer)
    client.get(reverse("articulations:signing_link", args=[token]))
    assert client.get(SIGN).status_code == 404


def test_a_token_that_was_never_mailed_opens_nothing(client: Client, cast: Cast) -> None:
    client.get(reverse("articulations:signing_link", args=["never-mailed"]))
    answer = client.get(SIGN)
    assert answer.status_code == 404
    assert "This link does not work any more" in answer.content.decode()
