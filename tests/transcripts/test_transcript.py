"""The PDF, to keep."""

import uuid

from django.test import Client
from django.urls import reverse

from tests.people import Cast
from transcripts.models import Transcript


def address(transcript: Transcript) -> str:
    return reverse("transcripts:transcript", args=[transcript.public_id])


def test_the_student_the_registrar_and_the_state_get_the_file(cast: Cast, client: Client) -> None:
    for person in (cast.graduate.user, cast.registrar, cast.state):
        assert person is not None
        client.force_login(person)
        answer = client.get(address(cast.transcript))
        assert answer.status_code == 200
        assert answer.content == bytes(cast.transcript.file.pdf)
        assert answer["Content-Type"] == "application/pdf"
        day = cast.transcript.issued_at.astimezone().date()
        assert answer["Content-Disposition"].startswith(
            'attachment; filename="transcript-columbia-basin-college-'
        )
        assert answer["Content-Disposition"].endswith('.pdf"'), day
        assert "no-store" in answer["Cache-Control"]


def test_it_is_nobody_else_s(cast: Cast, client: Client) -> None:
    for stranger in (cast.classmate.user, cast.other_graduate.user, cast.other_registrar):
        assert stranger is not None
        client.force_login(stranger)
        assert client.get(address(cast.transcript)).status_code == 404
    for seat in (cast.teacher, cast.counselor, cast.consortium):
        client.force_login(seat)
        assert client.get(address(cast.transcript)).status_code == 403
    client.force_login(cast.registrar)
    assert client.get(reverse("transcripts:transcript", args=[uuid.uuid4()])).status_code == 404
    client.logout()
    assert client.get(address(cast.transcript)).status_code == 302
