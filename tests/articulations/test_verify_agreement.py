"""What the code of an agreement opens: real, replaced, terminated, or nothing."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articulations import actions
from articulations.models import AgreementDocument, Articulation
from sers.lib.codes import in_groups
from tests import agreeing
from tests.people import Cast


def address(code: str) -> str:
    return reverse("articulations:verify_agreement", args=[code])


@pytest.fixture
def agreement(cast: Cast) -> Articulation:
    """Signed by all; its document is a few bytes."""
    agreeing.signed(cast.agreement_text, by=cast.district)
    agreeing.signed(cast.agreement_text, by=agreeing.make_dean(cast.cbc, cast.dean))
    AgreementDocument.objects.create(
        text=cast.agreement_text, code="7" * 26, sha256="0" * 64, certificate="1" * 64, pdf=b"%PDF-1.7"
    )
    return agreeing.in_force(cast.agreement_text)


def test_a_real_one_says_what_it_must_say(client: Client, cast: Cast, agreement: Articulation) -> None:
    answer = client.get(address("7" * 26))
    html = answer.content.decode()
    for words in (
        "This agreement is real",
        "MKTG 110 Marketing, 5 credits",
        cast.district.name,
        cast.agreement_text.sha256,
    ):
        assert words in html
    assert "127.0.0.1" not in html
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert client.get(address(in_groups("7" * 26).lower())).status_code == 200


def test_a_terminated_one_says_so(client: Client, cast: Cast, agreement: Articulation) -> None:
    actions.terminate_agreement(
        agreement=agreement, on=timezone.localdate() if agreement.valid_from < timezone.localdate() else agreement.valid_until,
        reason="No more", by=cast.consortium,
    )  # fmt: skip
    assert "This agreement was terminated" in client.get(address("7" * 26)).content.decode()


def test_the_form_for_transcripts_leads_on(client: Client, agreement: Articulation) -> None:
    answer = client.get(reverse("transcripts:verify_code", args=["7" * 26]))
    assert answer.status_code == 302
    assert answer.url == address("7" * 26)


def test_a_code_nobody_has_opens_nothing(client: Client, cast: Cast) -> None:
    answer = client.get(address("0" * 26))
    assert answer.status_code == 404
    assert "No agreement has this code" in answer.content.decode()
