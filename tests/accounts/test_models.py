"""What the database refuses about people, events and the outbox, whoever asks."""

import datetime

import pytest
from django.utils import timezone

from accounts.actions import queue_job, record_event
from accounts.models import Event, User
from tests.people import Cast
from tests.raw import INK, breaks, change, copy, delete, stands


def test_a_user_name_is_held_once_whatever_its_case(cast: Cast) -> None:
    with stands():
        copy(cast.teacher, username="tess.teacher2")
    with breaks("user_name_once"):
        copy(cast.teacher, username=cast.teacher.username.upper())


def test_people_are_found_by_user_name_whatever_its_case(cast: Cast) -> None:
    assert User.objects.get_by_natural_key(cast.teacher.username.upper()) == cast.teacher
    with pytest.raises(User.DoesNotExist):
        User.objects.get_by_natural_key(None)


def test_a_person_with_rows_cannot_be_deleted(cast: Cast) -> None:
    with stands():
        delete(cast.nobody)
    with breaks("violates foreign key constraint"):
        delete(cast.teacher)


def test_an_event_is_ink(cast: Cast) -> None:
    event = record_event(by=cast.state, kind="test.happened", subject=cast.student, data={"what": "nothing"})
    with breaks(INK + "accounts_event"):
        change(event, kind="test.never_happened")
    with breaks(INK + "accounts_event"):
        delete(event)
    with breaks(INK + "accounts_event"):
        Event.objects.filter(pk=event.pk).update(actor=None)
    with breaks(INK + "accounts_event"):
        event.delete()


def test_an_event_says_what_it_is_about_without_a_key(cast: Cast) -> None:
    event = record_event(by=None, kind="test.happened", subject=cast.registration)
    event.refresh_from_db()
    assert (event.subject_type, event.subject_id) == ("students.registration", cast.registration.pk)
    assert (event.actor, event.data) == (None, {})
    assert abs(timezone.now() - event.at) < datetime.timedelta(hours=1)


def test_the_same_mail_is_written_once(cast: Cast) -> None:
    with stands():
        copy(cast.letter, key="another letter")
    with breaks("accounts_mail_key_key"):
        copy(cast.letter)


@pytest.mark.parametrize(
    ("state", "done_at", "constraint"),
    [
        ("queued", None, ""),
        ("done", "2026-09-01T12:00:00Z", ""),
        ("parked", None, ""),
        ("done", None, "done_has_its_moment"),
        ("queued", "2026-09-01T12:00:00Z", "done_has_its_moment"),
        ("parked", "2026-09-01T12:00:00Z", "done_has_its_moment"),
        ("lost", None, "mail_state_is_known"),
    ],
)
def test_only_what_is_done_has_its_moment(
    cast: Cast, state: str, done_at: str | None, constraint: str
) -> None:
    with breaks(constraint) if constraint else stands():
        copy(cast.letter, key="another letter", state=state, done_at=done_at)


def test_jobs_are_rows_of_the_same_kind(cast: Cast) -> None:
    job = queue_job(key="a job", task="transcripts.run_transcription", subject=cast.run)
    with breaks("accounts_job_key_key"):
        copy(job)
    with breaks("job_done_has_its_moment"):
        change(job, state="done")
    with breaks("job_state_is_known"):
        change(job, state="lost")
    with breaks("attempts"):
        change(job, attempts=-1)
