"""Resume a stopped run."""

from django.test import Client
from django.urls import reverse

from accounts.models import Event, Job
from tests.people import Cast
from transcripts import actions
from transcripts.models import TranscriptionRun


def address(run: TranscriptionRun) -> str:
    return reverse("transcripts:resume", args=[run.public_id])


def test_a_stopped_run_goes_on_and_a_second_press_changes_nothing(cast: Cast, client: Client) -> None:
    run = actions.start_run(college=cast.cbc, year=cast.year, by=cast.registrar)
    actions.stop_run(run=run, by=cast.registrar)
    client.force_login(cast.registrar)
    page = client.post(address(run), follow=True)
    assert "The transcription goes on." in page.content.decode()
    run.refresh_from_db()
    assert (run.state, run.starts) == (TranscriptionRun.State.PREPARING, 2)
    assert Job.objects.filter(key__startswith=f"run-{run.pk}-2-").count() == actions.LANES
    again = client.post(address(run), follow=True)
    assert "Nothing was changed: the transcription is preparing." in again.content.decode()
    assert Job.objects.filter(subject_id=run.pk).count() == 2 * actions.LANES
    assert Event.objects.filter(kind="transcripts.run_resumed").count() == 1


def test_a_finished_run_is_not_resumed(cast: Cast, client: Client) -> None:
    client.force_login(cast.registrar)
    page = client.post(address(cast.run), follow=True)
    assert "Nothing was changed: the transcription is finished." in page.content.decode()


def test_strangers_other_seats_and_other_methods(cast: Cast, client: Client) -> None:
    client.force_login(cast.other_registrar)
    assert client.post(address(cast.run)).status_code == 404
    for person in (cast.state, cast.consortium, cast.student.user):
        assert person is not None
        client.force_login(person)
        assert client.post(address(cast.run)).status_code == 403
    client.force_login(cast.registrar)
    assert client.get(address(cast.run)).status_code == 405
