"""One run: progress, totals that agree, problems with who can act; read again by script, by link, by address."""

from typing import Any
from unittest import mock

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from students.models import Registration
from tests import people
from tests.people import Cast
from transcripts import actions, rules
from transcripts.models import RunItem, RunLine, TranscriptionRun

State = TranscriptionRun.State


def address(run: TranscriptionRun) -> str:
    return reverse("transcripts:run", args=[run.public_id])


@pytest.fixture
def run(cast: Cast) -> TranscriptionRun:
    """Started, not yet taken up by a worker."""
    return actions.start_run(college=cast.cbc, year=cast.year, by=cast.registrar)


def do_one(run: TranscriptionRun) -> None:
    TranscriptionRun.objects.filter(pk=run.pk, state=State.PREPARING).update(state=State.RUNNING)
    with mock.patch("transcripts.documents.draw", return_value=(b"%PDF", b"%PDF")):
        actions.transcribe_next(run_id=run.pk)


def test_a_finished_run_says_what_stands(cast: Cast, client: Client) -> None:
    client.force_login(cast.registrar)
    page = client.get(address(cast.run))
    text = page.content.decode()
    assert page.status_code == 200
    assert "1 of 1 student done: credit is awarded for 1 class, none is held." in text
    assert "Totals agree" in text
    assert "Nothing is held: every class found has its credit." in text
    assert "Stop safely" not in text
    assert "hx-trigger" not in text


def test_a_run_under_way_shows_how_far_it_is_and_reads_itself_again(
    cast: Cast, client: Client, run: TranscriptionRun
) -> None:
    client.force_login(cast.registrar)
    text = client.get(address(run)).content.decode()
    assert "Preparing: waiting for a worker" in text
    assert "0 of 2 students, 0 %." in text
    do_one(run)
    page = client.get(address(run))
    text = page.content.decode()
    assert "1 of 2 students, 50 %. About 1 minute left." in text
    assert 'hx-trigger="every 2s"' in text
    assert "You can leave this page." in text
    assert "Stop safely" in text
    assert f'href="{address(run)}"' in text  # Refresh, for those without script
    assert "HX-Refresh" not in client.get(address(run), headers={"HX-Request": "true"})
    figures = page.context["figures"]
    assert figures.found == figures.recorded + figures.held + figures.waiting == 2


def test_the_last_reading_by_script_loads_the_whole_page(cast: Cast, client: Client) -> None:
    client.force_login(cast.registrar)
    assert client.get(address(cast.run), headers={"HX-Request": "true"})["HX-Refresh"] == "true"
    assert "HX-Refresh" not in client.get(address(cast.run))


def test_a_run_without_a_worker_says_so(cast: Cast, client: Client, run: TranscriptionRun) -> None:
    TranscriptionRun.objects.filter(pk=run.pk).update(started_at=timezone.now() - 2 * rules.runs.QUIET)
    client.force_login(cast.registrar)
    assert "The run waits for a worker and goes on by itself." in client.get(address(run)).content.decode()


def test_a_stopped_run_offers_to_resume(cast: Cast, client: Client, run: TranscriptionRun) -> None:
    actions.stop_run(run=run, by=cast.registrar)
    client.force_login(cast.registrar)
    text = client.get(address(run)).content.decode()
    assert "Resume goes on with the next student." in text
    assert "Resume</button>" in text
    assert "hx-trigger" not in text


def test_problems_name_student_class_reason_and_who_can_act(
    cast: Cast, client: Client, run: TranscriptionRun
) -> None:
    do_one(run), do_one(run)
    client.force_login(cast.registrar)
    page = client.get(address(run))
    (row,) = page.context["problems"]
    assert (row.student, row.sers_id) == (cast.owing.list_name, cast.owing.sers_id)
    assert (row.title, row.school) == ("Accounting 1", cast.kamiakin.name)
    assert (row.problem, row.remedy.who) == ("Fees/Req is Pending", "Consortium")
    assert reverse("students:student", args=[cast.owing.public_id]) in page.content.decode()


def test_problems_can_be_narrowed_to_one_kind(cast: Cast, client: Client, run: TranscriptionRun) -> None:
    Registration.objects.filter(pk=cast.classmate_registration.pk).update(status="not_attained")
    do_one(run), do_one(run)
    client.force_login(cast.registrar)
    assert len(client.get(address(run)).context["problems"]) == 2
    page = client.get(address(run), {"problem": "changed"})
    assert [row.student for row in page.context["problems"]] == [cast.classmate.list_name]
    for nonsense in ("zz", "x" * 5000, "broken"):
        assert len(client.get(address(run), {"problem": nonsense}).context["problems"]) == 2
    assert client.get(address(run), {"page": "99999999999999999999"}).status_code == 200


def test_totals_that_differ_are_said_aloud(cast: Cast, client: Client) -> None:
    """The record of credit is asked, not the lines: a line that claims an award without credit shows."""
    run = people.make_run(cast.cbc, cast.year, cast.registrar, cast.classmate_registration, state="stopped")
    RunLine.objects.filter(run=run).update(state=RunLine.State.AWARDED)
    RunItem.objects.filter(run=run).update(state=RunItem.State.DONE, done_at=timezone.now())
    client.force_login(cast.registrar)
    text = client.get(address(run)).content.decode()
    assert "Totals differ" in text
    assert "waiting: 1 class." in text


def test_strangers_and_other_seats(cast: Cast, client: Client) -> None:
    client.force_login(cast.other_registrar)
    assert client.get(address(cast.run)).status_code == 404
    client.force_login(cast.state)
    page = client.get(address(cast.run))
    assert page.status_code == 200
    assert "Resume" not in page.content.decode()
    for person in (cast.teacher, cast.consortium, cast.graduate.user):
        assert person is not None
        client.force_login(person)
        assert client.get(address(cast.run)).status_code == 403


def test_one_problem_and_three_cost_the_same_queries(
    cast: Cast, client: Client, run: TranscriptionRun, django_assert_num_queries: Any
) -> None:
    do_one(run), do_one(run)
    client.force_login(cast.registrar)
    client.get(address(run))
    with django_assert_num_queries(9):
        client.get(address(run))
    for number in range(2):
        held = people.make_registration(
            people.make_student(cast.kamiakin, f"Pat{number}"), cast.section, cast.agreement,
            fees_req=Registration.FeesReq.PENDING, percent="90", by=cast.teacher,
        )  # fmt: skip
        item = RunItem.objects.create(run=run, student=held.student, state="done", done_at=timezone.now())
        RunLine.objects.create(run=run, item=item, registration=held, state="held", problem="fees_req")
    with django_assert_num_queries(9):
        assert len(client.get(address(run)).context["problems"]) == 3
