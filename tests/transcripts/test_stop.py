"""Stop safely."""

from django.test import Client
from django.urls import reverse

from accounts.models import Event
from tests.people import Cast
from transcripts import actions
from transcripts.models import TranscriptionRun


def address(run: TranscriptionRun) -> str:
    return reverse("transcripts:stop", args=[run.public_id])


def test_stopping_keeps_what_is_done_and_says_so(cast: Cast, client: Client) -> None:
    run = actions.start_run(college=cast.cbc, year=cast.year, by=cast.registrar)
    client.force_login(cast.registrar)
    page = client.post(address(run), follow=True)
    assert "The transcription is stopped. What is done stays." in page.content.decode()
    run.refresh_from_db()
    assert run.state == TranscriptionRun.State.STOPPED
    assert Event.objects.get(kind="transcripts.run_stopped").actor == cast.registrar
    again = client.post(address(run), follow=True)
    assert "Nothing was changed: the transcription is stopped." in again.content.decode()
    assert Event.objects.filter(kind="transcripts.run_stopped").count() == 1


def test_a_finished_run_is_not_stopped(cast: Cast, client: Client) -> None:
    client.force_login(cast.registrar)
    page = client.post(address(cast.run), follow=True)
    assert "Nothing was changed: the transcription is finished." in page.content.decode()
    cast.run.refresh_from_db()
    assert cast.run.state == TranscriptionRun.State.FINISHED


def test_strangers_other_seats_and_other_methods(cast: Cast, client: Client) -> None:
    run = actions.start_run(college=cast.cbc, year=cast.year, by=cast.registrar)
    client.force_login(cast.other_registrar)
    assert client.post(address(run)).status_code == 404
    for person in (cast.state, cast.consortium, cast.student.user):
        assert person is not None
        client.force_login(person)
        assert client.post(address(run)).status_code == 403
    client.force_login(cast.registrar)
    assert client.get(address(run)).status_code == 405
    run.refresh_from_db()
    assert run.state == TranscriptionRun.State.PREPARING
