"""Operations: what waits and stands still, jobs set going again, backups, slow pages, odd sign-ins, and who is told."""

import re
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import InternalError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.urls import resolve
from django.utils import timezone

from accounts.actions import queue_job, queue_mail
from accounts.models import Event, Job, Mail, OpenSession, OutboxState
from reports import actions, rules
from reports.models import Backup, ListExport, SlowPage
from reports.tasks import remove_exports, watch
from sers.lib.refusal import Refused
from sers.middleware import SlowPageMiddleware
from tests.people import PASSWORD, Cast, make_list_export
from tests.policing import PolicingClient
from tests.students.pages import text

ADDRESS = "/reports/operations/"
RESUME = "/reports/operations/job/"


def a_job(cast: Cast, key: str = "a job", **facts: Any) -> Job:
    job = queue_job(key=key, task="nothing.at_all", subject=cast.run)
    Job.objects.filter(pk=job.pk).update(**facts)
    job.refresh_from_db()
    return job


def settled(cast: Cast) -> None:
    """Everything that the cast left waiting is done."""
    for outbox in (Mail, Job):
        outbox.objects.filter(state="queued").update(state=OutboxState.DONE, done_at=timezone.now())


# --- Rules -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("minutes", "ahead", "still"),
    [(0, 0, False), (9, 0, False), (11, 0, True), (600, 0, True), (600, 30, False)],
)
def test_work_that_waits_ten_minutes_stands_still(cast: Cast, minutes: int, ahead: int, still: bool) -> None:
    """What is put off until later does not stand still, however old it is."""
    settled(cast)
    now = timezone.now()
    a_job(cast, created_at=now - timedelta(minutes=minutes), not_before=now + timedelta(minutes=ahead))
    mail, jobs = rules.loads(now)
    assert (jobs.waiting, jobs.stands_still) == (1, still)
    assert (mail.waiting, mail.stands_still) == (0, False)


@pytest.mark.parametrize(
    ("hours", "label"), [(None, "Not known"), (0, "Taken"), (25, "Taken"), (27, "Too old")]
)
def test_what_is_known_of_backups_is_what_was_told(cast: Cast, hours: int | None, label: str) -> None:
    now = timezone.now()
    if hours is not None:
        Backup.objects.create(size=5_000_000, where="vault 2", taken_at=now - timedelta(hours=hours))
    state = rules.backup_state(Backup.objects.newest(), None, now)
    assert state.label == label
    assert ("vault 2" in state.words) is (hours is not None)


def test_each_alarm_is_told_and_a_quiet_house_tells_nothing(cast: Cast) -> None:
    settled(cast)
    now = timezone.now()
    assert rules.alarms(now) == []
    a_job(cast, "still", created_at=now - timedelta(hours=1), not_before=now)
    a_job(cast, "parked", state=OutboxState.PARKED)
    Backup.objects.create(size=1, where="vault 2", taken_at=now - timedelta(days=3))
    Event.objects.bulk_create(
        Event(kind="accounts.sign_in_refused", subject_type="accounts.ratelimit", subject_id=at)
        for at in range(rules.operations.MANY_REFUSED)
    )
    assert [alarm.kind for alarm in rules.alarms(now)] == ["jobs-still", "jobs-parked", "backup", "sign-ins"]


# --- Acts ---------------------------------------------------------------------------------------------------


def test_the_state_is_told_once_a_day_for_each_kind(cast: Cast) -> None:
    settled(cast)
    a_job(cast, state=OutboxState.PARKED)
    watch()
    watch()
    mail = Mail.objects.get(kind="reports/alarm")
    assert mail.to == cast.state.email
    assert "Jobs given up after five tries: 1." in mail.text
    assert ADDRESS in mail.text
    assert actions.watch(now=timezone.now() + timedelta(days=1)) == 2, (
        "given up still; and the mail stands still"
    )


def test_a_job_is_set_going_once(cast: Cast) -> None:
    job = a_job(cast, state=OutboxState.PARKED, attempts=5, error="OSError: no")
    actions.resume_job(key=job.key, by=cast.state)
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("queued", 0)
    with pytest.raises(Refused, match="does not stand still any more"):
        actions.resume_job(key=job.key, by=cast.state)
    event = Event.objects.about(job, "reports.job_set_going").get()
    assert (event.actor, event.data) == (cast.state, {"error": "OSError: no"})


def test_a_backup_is_noted_by_what_takes_it(db: None) -> None:
    said = StringIO()
    call_command("note_backup", size=123_456, where="vault 2", stdout=said)
    backup = Backup.objects.get()
    assert (backup.size, backup.where) == (123_456, "vault 2")
    assert "is noted" in said.getvalue()
    with pytest.raises(CommandError, match="it was not noted"):
        call_command("note_backup", size=0, where="vault 2")
    with pytest.raises(InternalError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE reports_backup SET size = 1")


def test_a_slow_page_is_counted_by_its_name(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def draw(request: HttpRequest) -> HttpResponse:
        request.resolver_match = resolve("/reports/operations/")
        return HttpResponse("drawn")

    request, page = HttpRequest(), SlowPageMiddleware(draw)
    monkeypatch.setattr(SlowPage, "SLOW", 0)
    page(request)
    page(request)
    monkeypatch.setattr(SlowPage, "SLOW", 1000)
    page(request)
    row = SlowPage.objects.get()
    assert (row.page, row.times) == ("reports:operations", 2)
    actions.note_slow_page(page="reports:operations", milliseconds=2500)
    row.refresh_from_db()
    assert (row.times, row.slowest_ms) == (3, 2500)
    SlowPage.objects.update(day=timezone.localdate() - timedelta(days=8))
    remove_exports()
    assert not SlowPage.objects.exists()


def test_many_tries_are_written_down_once(cast: Cast, client: PolicingClient) -> None:
    from accounts.rules import SIGN_IN_TRIES_OF_ACCOUNT

    for _ in range(SIGN_IN_TRIES_OF_ACCOUNT + 3):
        client.post("/accounts/sign-in/", {"username": cast.teacher.username, "password": f"not {PASSWORD}"})
    (event,) = Event.objects.filter(kind="accounts.sign_in_refused")
    assert (event.actor, event.data) == (None, {}), "nothing that was typed is kept"


# --- The page -----------------------------------------------------------------------------------------------


def test_a_quiet_house_says_so(cast: Cast, client: PolicingClient) -> None:
    settled(cast)
    client.force_login(cast.state)
    page = text(client.get(ADDRESS))
    for words in (
        "SERS runs", "No backup was ever noted.", "No page took longer than a second",
        "Nobody is signed in from three networks or more", "Nobody asked for a list of 10,000 rows or more",
    ):  # fmt: skip
        assert words in page, words


def test_the_page_tells_all_of_it(cast: Cast, client: PolicingClient) -> None:
    settled(cast)
    now = timezone.now()
    a_job(cast, "still", created_at=now - timedelta(hours=1))
    a_job(cast, "a-parked-job", state=OutboxState.PARKED, error="OSError: no space")
    actions.note_backup(size=5_000_000, where="vault 2")
    actions.note_slow_page(page="students:search", milliseconds=2340)
    make_list_export(cast.registrar, total=56_000, students=30_000)
    for number in range(3):
        OpenSession.objects.create(
            session_key=f"k{number}", user=cast.teacher, network=f"203.0.113.{number}",
            expire_date=now + timedelta(hours=1),
        )  # fmt: skip
    Event.objects.create(kind="accounts.sign_in_refused", subject_type="accounts.ratelimit", subject_id=1)
    client.force_login(cast.state)
    page = text(client.get(ADDRESS))
    for words in (
        "Work stands still", "1 job given up after five tries", "a-parked-job", "OSError: no space",
        "5.0 MB, kept at vault 2", "students:search 1 2.3 s", "56,000 30,000", "is signed in from 3 networks",
        "1 time an address or account was refused",
    ):  # fmt: skip
        assert words in page, words


def test_the_button_sets_a_job_going(cast: Cast, client: PolicingClient) -> None:
    job = a_job(cast, "a-parked-job", state=OutboxState.PARKED)
    client.force_login(cast.state)
    assert 'value="a-parked-job"' in client.get(ADDRESS).content.decode()
    answer = client.post(RESUME, {"key": "a-parked-job"}, follow=True)
    assert "The job is set going." in text(answer)
    job.refresh_from_db()
    assert job.state == "queued"
    assert "does not stand still any more" in text(client.post(RESUME, {"key": "a-parked-job"}, follow=True))


def test_others_have_no_business_here(cast: Cast, client: PolicingClient) -> None:
    job = a_job(cast, state=OutboxState.PARKED)
    for who in (cast.consortium, cast.registrar, cast.teacher, cast.nobody):
        client.force_login(who)
        assert client.get(ADDRESS).status_code == 403
        assert client.post(RESUME, {"key": job.key}).status_code == 403
    job.refresh_from_db()
    assert job.state == "parked"


def test_home_says_what_stands_still(cast: Cast, client: PolicingClient) -> None:
    settled(cast)
    client.force_login(cast.state)
    assert "See what stands still" not in text(client.get("/"))
    a_job(cast, state=OutboxState.PARKED)
    now = timezone.now()
    Backup.objects.create(size=1, where="vault 2", taken_at=now - timedelta(days=3))
    page = text(client.get("/"))
    assert "See what stands still" in page
    assert "Jobs given up after five tries: 1. And 1 thing more." in page


def test_home_leads_there(cast: Cast, client: PolicingClient) -> None:
    client.force_login(cast.state)
    assert ADDRESS in client.get("/").content.decode()
    client.force_login(cast.consortium)
    assert ADDRESS not in client.get("/").content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_a_page_costs_the_same_however_long(
    cast: Cast, client: PolicingClient, number: int, django_assert_num_queries: Any
) -> None:
    for at in range(number):
        a_job(cast, f"job {at}", state=OutboxState.PARKED)
        make_list_export(cast.registrar, total=56_000)
        actions.note_slow_page(page=f"page:{at}", milliseconds=2000)
    client.force_login(cast.state)
    client.get(ADDRESS)
    with django_assert_num_queries(17):
        client.get(ADDRESS)


@pytest.mark.parametrize(
    ("asked", "index"),
    [
        (Mail.objects.standing_still(), "mail_given_up"),
        (Job.objects.standing_still(), "job_given_up"),
        (
            Event.objects.of_sign_in("accounts.sign_in_refused", timezone.now()),
            "event_of_sign_in|event_by_kind",
        ),
        (ListExport.objects.latest_first()[:20], "list_by_moment"),
    ],
)
def test_it_is_read_by_an_index(cast: Cast, asked: Any, index: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    assert re.search(index, asked.explain())


def test_mail_that_was_given_up_is_led_to(cast: Cast, client: PolicingClient) -> None:
    mail = queue_mail(key="x", to="a@example.org", template="free", context={"subject": "s", "text": "t"})
    assert mail is not None
    Mail.objects.filter(pk=mail.pk).update(state=OutboxState.PARKED)
    client.force_login(cast.state)
    assert "/accounts/sent/?state=parked" in client.get(ADDRESS).content.decode()
    assert "a@example.org" in text(client.get("/accounts/sent/?state=parked"))
