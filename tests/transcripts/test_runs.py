"""Summer transcription: what waits, a look ahead, the start, and earlier runs."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Job
from organizations.models import CollegeYear, Window
from tests import people
from tests.people import Cast
from transcripts.models import TranscriptionRun
from transcripts.rules import waiting

URL = "/transcripts/runs/"


def chosen(cast: Cast) -> dict[str, Any]:
    return {"college": str(cast.cbc.public_id), "year": cast.year.first_year}


def test_the_registrar_sees_what_waits_and_what_was_done(cast: Cast, client: Client) -> None:
    client.force_login(cast.registrar)
    page = client.get(URL)
    assert page.status_code == 200
    assert [(one.college, one.year, one.classes, one.students) for one in page.context["waiting"]] == [
        (cast.cbc.name, str(cast.year), 2, 2)
    ]
    assert list(page.context["past"].object_list) == [cast.run]
    assert cast.wwcc.name not in page.content.decode()


def test_a_look_ahead_counts_what_would_be_awarded_and_held(cast: Cast, client: Client) -> None:
    client.force_login(cast.registrar)
    page = client.get(URL, chosen(cast))
    forecast = page.context["forecast"]
    assert (forecast.classes, forecast.students, forecast.awarded) == (2, 2, 1)
    assert forecast.rows == [{"label": "Fees/Req is Pending", "count": 1}]
    assert "Start the summer transcription" in page.content.decode()
    assert "Grades are still entered until" in page.content.decode()
    people.close_window(Window.Kind.GRADING, cast.columbia_basin, cast.year)
    page = client.get(URL, chosen(cast))
    assert f"The school year {cast.year} is not over." in page.content.decode()
    assert not TranscriptionRun.objects.live().exists()


def test_the_button_starts_the_run_and_leads_to_it(
    cast: Cast, client: Client, nudges: list[tuple[str, int]]
) -> None:
    client.force_login(cast.registrar)
    answer = client.post(URL, chosen(cast))
    run = TranscriptionRun.objects.live().get()
    assert answer.status_code == 302
    assert answer["Location"] == reverse("transcripts:run", args=[run.public_id])
    assert run.started_by == cast.registrar
    jobs = Job.objects.filter(subject_id=run.pk)
    assert sorted(nudges) == sorted((job.task, job.pk) for job in jobs)
    page = client.get(URL)
    assert [one.pk for one in page.context["live"]] == [run.pk]
    assert page.context["waiting"][0].under_way
    assert "In the run under way" in page.content.decode()


def test_a_second_start_is_refused_with_words(cast: Cast, client: Client) -> None:
    client.force_login(cast.registrar)
    client.post(URL, chosen(cast))
    page = client.post(URL, chosen(cast))
    assert page.status_code == 409
    assert "A transcription of this college and year is under way." in page.content.decode()
    assert TranscriptionRun.objects.live().count() == 1


@pytest.mark.parametrize(
    ("mode", "words"),
    [("on_request", "waits for credit that was asked for"), ("external", "transcribes outside sers")],
)
def test_where_no_run_may_start_the_page_says_why_and_has_no_button(
    cast: Cast, client: Client, mode: str, words: str
) -> None:
    CollegeYear.objects.filter(college=cast.cbc, year=cast.year).update(mode=mode)
    client.force_login(cast.registrar)
    page = client.get(URL, chosen(cast))
    assert page.status_code == 200
    assert words in page.content.decode()
    assert "Start the summer transcription" not in page.content.decode()


def test_a_year_in_which_nothing_waits_is_refused(cast: Cast, client: Client) -> None:
    client.force_login(cast.registrar)
    answer = client.post(URL, chosen(cast) | {"year": cast.last_year.first_year})
    assert answer.status_code == 409
    assert "No completed class of that year waits for credit." in answer.content.decode()


def test_another_college_is_not_there(cast: Cast, client: Client) -> None:
    client.force_login(cast.other_registrar)
    assert client.get(URL, chosen(cast)).status_code == 404
    answer = client.post(URL, chosen(cast))
    assert answer.status_code == 422
    assert "Choose a school year from the list." in answer.content.decode()
    assert not TranscriptionRun.objects.live().exists()


def test_state_staff_read_all_runs_and_start_none(cast: Cast, client: Client) -> None:
    client.force_login(cast.state)
    page = client.get(URL)
    assert {one.pk for one in page.context["past"].object_list} == {cast.run.pk, cast.other_run.pk}
    assert page.context["waiting"] == []
    assert client.post(URL, chosen(cast)).status_code == 403
    assert client.get(URL, chosen(cast)).status_code == 404


def test_other_seats_are_turned_away(cast: Cast, client: Client) -> None:
    for person in (cast.teacher, cast.consortium, cast.faculty, cast.student.user, cast.nobody):
        assert person is not None
        client.force_login(person)
        assert client.get(URL).status_code == 403
        assert client.post(URL, chosen(cast)).status_code == 403


@pytest.mark.parametrize(
    "typed",
    [
        {"college": "not a key", "year": "2026"},
        {"college": "", "year": ""},
        {"college": "00000000-0000-0000-0000-000000000000", "year": "99999999999999999999"},
        {"college": "x" * 200_000, "year": "9" * 5_000},
        {"year": "2026"},
    ],
    ids=["no key", "empty", "unknown", "long", "half"],
)
def test_nonsense_gets_words_not_an_error(cast: Cast, client: Client, typed: dict[str, str]) -> None:
    client.force_login(cast.registrar)
    assert client.post(URL, typed).status_code == 422
    if len(typed["year"]) < 1000:
        assert client.get(URL, typed).status_code == 404


def test_one_run_and_three_cost_the_same_queries(
    cast: Cast, client: Client, django_assert_num_queries: Any
) -> None:
    client.force_login(cast.registrar)
    client.get(URL)
    with django_assert_num_queries(11):
        client.get(URL)
    for first_year in (2014, 2015):
        people.make_run(cast.cbc, people.make_year(first_year), cast.registrar)
        people.make_run(cast.cbc, people.make_year(first_year), cast.registrar, state="stopped")
    with django_assert_num_queries(11):
        page = client.get(URL)
    assert len(page.context["past"].object_list) == len(page.context["live"]) + 1 == 3


def test_what_waits_is_found_by_its_own_index(cast: Cast) -> None:
    """Of all that was ever Completed a tenth waits for credit."""
    with CaptureQueriesContext(connection) as caught:
        assert [one.classes for one in waiting([cast.cbc.pk])] == [2]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        (sql,) = [one["sql"] for one in caught.captured_queries if "settledrepeat" in one["sql"]]
        cursor.execute(f"EXPLAIN {sql}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "registration_not_awarded" in plan, plan
