"""A partner without an account signs by the mailed link, once; or declines."""

from typing import Any

from django.test import Client
from django.urls import reverse

from accounts.models import Mail
from articulations import actions
from articulations.models import AgreementSigner, SigningLink
from tests import agreeing
from tests.articulations.test_signing_link import SIGN, signer
from tests.people import Cast

__all__ = ["signer"]


def opened(client: Client, one: AgreementSigner) -> str:
    token = actions.new_signing_link(one)
    client.get(reverse("articulations:signing_link", args=[token]))
    return token


def typed(one: AgreementSigner, **changes: Any) -> dict[str, Any]:
    return {
        "chosen": "sign", "sign-sha256": one.text.sha256, "sign-name": "ana  RUIZ", "sign-has_read": "on",
        "sign-intends": "on", **changes,
    }  # fmt: skip


def test_the_link_was_mailed_to_who_signs(signer: AgreementSigner) -> None:
    mail = Mail.objects.get(to="outside@example.org")
    assert "waits for your signature" in mail.subject
    assert "/articulations/agreements/links/" in mail.text
    assert SigningLink.objects.filter(signer=signer).count() == 1


def test_it_signs_once(client: Client, cast: Cast, signer: AgreementSigner) -> None:
    token = opened(client, signer)
    assert client.post(SIGN, typed(signer, **{"sign-name": "Ana"})).status_code == 422
    answer = client.post(SIGN, typed(signer))
    assert "You have signed" in answer.content.decode()
    signature = signer.text.signatures.get()
    assert (signature.by, signature.way, signature.signed_as) == (None, "mailed link", "Superintendent")
    client.get(reverse("articulations:signing_link", args=[token]))
    assert client.post(SIGN, typed(signer)).status_code == 404
    assert signer.text.signatures.count() == 1


def test_everybody_else_signs_too_before_it_is_in_force(
    client: Client, cast: Cast, signer: AgreementSigner
) -> None:
    agreeing.signed(signer.text, by=cast.district)
    agreeing.signed(signer.text, by=agreeing.make_dean(cast.cbc, cast.dean))
    assert agreeing.fresh(signer.text).state == "out"
    opened(client, signer)
    client.post(SIGN, typed(signer))
    assert agreeing.in_force(signer.text).basis == "signed"


def test_it_declines_with_a_reason(client: Client, signer: AgreementSigner) -> None:
    opened(client, signer)
    assert client.post(SIGN, {"chosen": "decline", "decline-reason": ""}).status_code == 422
    answer = client.post(SIGN, {"chosen": "decline", "decline-reason": "Not in our budget."})
    assert "You have declined" in answer.content.decode()
    text = agreeing.fresh(signer.text)
    assert (text.state, text.ended_name, text.reason) == ("declined", "Ana Ruiz", "Not in our budget.")


def test_what_was_called_back_is_not_signed(client: Client, cast: Cast, signer: AgreementSigner) -> None:
    opened(client, signer)
    actions.call_back(text=signer.text, by=cast.consortium)
    answer = client.post(SIGN, typed(signer))
    assert answer.status_code == 409
    assert "not out for signature" in answer.content.decode()


def test_the_consortium_mails_a_new_link(client: Client, cast: Cast, signer: AgreementSigner) -> None:
    client.force_login(cast.consortium)
    page = reverse("articulations:agreement", args=[signer.text.public_id])
    assert "Mail a new link" in client.get(page).content.decode()
    assert client.post(page, {"chosen": "link", "signer": signer.pk}).status_code == 302
    assert Mail.objects.filter(to="outside@example.org").count() == 2
    assert SigningLink.objects.filter(signer=signer, ended_at=None).count() == 1
