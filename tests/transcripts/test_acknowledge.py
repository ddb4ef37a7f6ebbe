"""Handing in an Acknowledgment; what it must say stands in tests/transcripts/test_pesc.py."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import Event
from tests.people import Cast
from tests.transcripts.test_pesc import BODY, CODE, HOSTILE, acknowledgment


def test_it_is_kept_with_the_transcript(cast: Cast, client: Client) -> None:
    url = reverse("transcripts:acknowledge", args=[cast.transcript.public_id])
    client.force_login(cast.registrar)
    body = BODY.replace(CODE, cast.transcript.code).replace(">2<", ">1<")
    assert client.post(url, {"file": SimpleUploadedFile("a.xml", acknowledgment(body))}).status_code == 302
    event = Event.objects.get(kind="transcripts.pesc_acknowledged")
    assert (event.actor, event.data) == (cast.registrar, {"tracking": "R-1", "notes": ["Thank you"]})
    cast.transcript.refresh_from_db()
    assert cast.transcript.acknowledged_at is not None


def test_a_hostile_one_is_refused_in_words(cast: Cast, client: Client) -> None:
    url = reverse("transcripts:acknowledge", args=[cast.transcript.public_id])
    client.force_login(cast.registrar)
    file = SimpleUploadedFile("a.xml", acknowledgment(BODY, HOSTILE["a file"]))
    page = client.post(url, {"file": file})
    assert page.status_code == 422
    assert "has a document type" in page.content.decode()
    assert "root:" not in page.content.decode()


def test_it_is_nobody_else_s(cast: Cast, client: Client) -> None:
    url = reverse("transcripts:acknowledge", args=[cast.transcript.public_id])
    for person, status in ((cast.other_registrar, 404), (cast.state, 403), (cast.teacher, 403)):
        client.force_login(person)
        assert client.get(url).status_code == status
