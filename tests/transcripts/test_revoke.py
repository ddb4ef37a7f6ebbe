"""A transcript is taken back, for good, with a reason."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Event, Mail
from sers.lib.refusal import Refused
from tests.people import Cast
from transcripts import actions
from transcripts.models import CreditAward, Transcript


def address(transcript: Transcript) -> str:
    return reverse("transcripts:revoke", args=[transcript.public_id])


def test_whoever_checks_it_reads_so_and_the_credit_stands(cast: Cast, client: Client) -> None:
    client.force_login(cast.registrar)
    credits = CreditAward.objects.standing().count()
    answer = client.post(address(cast.transcript), {"reason": "It went to the wrong student"})
    assert answer.status_code == 302
    cast.transcript.refresh_from_db()
    assert cast.transcript.revoked_by == cast.registrar
    assert CreditAward.objects.standing().count() == credits
    assert "It went to the wrong student" in Mail.objects.get(key=f"revoked-{cast.transcript.pk}").text
    assert Event.objects.get(kind="transcripts.revoked").data == {"reason": "It went to the wrong student"}
    client.logout()
    for code in (cast.transcript.code, cast.transcript.letter.code):
        text = client.get(reverse("transcripts:verify_code", args=[code])).content.decode()
        assert "This transcript is revoked" in text
        assert "wrong student" not in text


def test_it_is_revoked_once(cast: Cast, client: Client) -> None:
    actions.revoke_transcript(transcript=cast.transcript, reason="Once", by=cast.registrar)
    client.force_login(cast.registrar)
    assert client.post(address(cast.transcript), {"reason": "Twice"}).status_code == 409
    with pytest.raises(Refused, match="revoked already"):
        actions.revoke_transcript(transcript=cast.transcript, reason="Twice", by=cast.registrar)


def test_only_the_registrar_of_the_college_and_with_a_reason(cast: Cast, client: Client) -> None:
    for person in (cast.other_registrar, cast.state):
        with pytest.raises(Refused, match="Only the registrar"):
            actions.revoke_transcript(transcript=cast.transcript, reason="Because", by=person)
    with pytest.raises(Refused, match="Enter the reason"):
        actions.revoke_transcript(transcript=cast.transcript, reason=" ", by=cast.registrar)
    client.force_login(cast.registrar)
    assert client.post(address(cast.transcript), {"reason": ""}).status_code == 422


def test_the_database_keeps_no_revocation_without_who_and_why(cast: Cast) -> None:
    with pytest.raises(IntegrityError, match="says_who_and_why"), transaction.atomic():
        Transcript.objects.filter(pk=cast.transcript.pk).update(revoked_at=timezone.now())
