"""Assignments: a teacher's classes of a school year, and what each still needs."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from articulations.models import Section
from organizations.models import Window
from sers.lib.moments import short_day
from students.models import Registration
from tests import people
from tests.people import Cast
from tests.policing import PolicingClient

URL = reverse("grading:rosters")


def cells(html: str, title: str) -> list[str]:
    """The words of the row of a class."""
    (row,) = (row for row in re.findall(r"<tr role=\"row\">.*?</tr>", html, re.DOTALL) if title in row)
    return [
        " ".join(re.sub(r"<[^>]+>", "", cell).split())
        for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)
    ]


def opened(client: PolicingClient, user: Any, query: str = "") -> str:
    client.force_login(user)
    response = client.get(URL + query)
    assert response.status_code == 200
    return str(response.content.decode())


def test_classes_with_their_counts_and_deadline(client: PolicingClient, cast: Cast) -> None:
    html = opened(client, cast.teacher)
    due = short_day(timezone.localdate() + timedelta(days=30))
    label = f", {cast.section.label}" if cast.section.label else ""
    assert cells(html, reverse("grading:roster", args=[cast.section.public_id])) == [
        f"{cast.accounting.title}{label}", "5", "3", "1", "1", f"Open Grades are due {due}, in 30 days",
    ]  # fmt: skip
    assert "1 class, 5 students: 1 has no grade yet." in html
    assert f"Grades are due {due}: 1 student in 1 class." in html


def test_other_peoples_classes_are_not_here(client: PolicingClient, cast: Cast) -> None:
    html = opened(client, cast.teacher)
    for section in (cast.colleague_section, cast.other_section, cast.last_section):
        assert str(section.public_id) not in html


def test_many_seats_show_only_what_is_taught(client: PolicingClient, cast: Cast) -> None:
    html = opened(client, cast.many_hats)
    assert str(cast.colleague_section.public_id) in html
    assert str(cast.other_section.public_id) not in html


def test_earlier_years_can_be_chosen(client: PolicingClient, cast: Cast) -> None:
    html = opened(client, cast.teacher, f"?year={cast.last_year.first_year}")
    assert str(cast.last_section.public_id) in html
    assert str(cast.section.public_id) not in html
    assert f"School year {cast.last_year}" in html


def test_windows_that_differ_by_college_are_told_by_college(client: PolicingClient, cast: Cast) -> None:
    ww_course = people.make_college_course(cast.wwcc, "ACCT& 201")
    elsewhere = people.make_agreement((cast.accounting, ww_course), consortium=cast.walla_walla)
    people.make_registration(cast.newcomer, cast.section, elsewhere)
    people.close_window(Window.Kind.GRADING, cast.walla_walla, cast.year, days_ago=2)
    grading = cells(opened(client, cast.teacher), str(cast.section.public_id))[-1]
    assert re.fullmatch(
        rf"Open Grades are due \w+ \d+(, \d+)?, in 30 days {cast.cbc.name} "
        rf"Closed Since \w+ \d+(, \d+)?: 1 without a grade {cast.wwcc.name}",
        grading,
    )


def test_all_graded_asks_for_nothing(client: PolicingClient, cast: Cast) -> None:
    people.grade(cast.registration, "90", by=cast.teacher)
    html = opened(client, cast.teacher)
    assert "nobody waits for a grade." in html
    assert "Grades are due" not in html.split("<table")[0]


def test_no_classes_says_what_to_do(client: PolicingClient, cast: Cast) -> None:
    Section.teachers.through.objects.all().delete()
    html = opened(client, cast.teacher)
    assert "You have no classes in this school year yet." in html
    assert "ask there if a class is missing" in html
    html = opened(client, cast.teacher, "?year=2001")
    assert "You had no classes in that school year." in html


def test_a_class_without_students(client: PolicingClient, cast: Cast) -> None:
    people.make_section(cast.welding, cast.teacher_seat, label="Period 7")
    assert cells(opened(client, cast.teacher), "Period 7")[1:] == [
        "0", "0", "0", "0", "No students are registered yet",
    ]  # fmt: skip


def test_a_year_that_is_none_is_not_there(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.teacher)
    for year in ("abc", "20266", "-1", "２０２６", "9" * 300, "1e3"):
        assert client.get(URL, {"year": year}).status_code == 404, year
    for year in ("0000", "9999"):
        assert "You had no classes" in opened(client, cast.teacher, f"?year={year}")


def test_who_may_open_it(client: PolicingClient, cast: Cast) -> None:
    assert client.get(URL).status_code == 302
    strangers: tuple[Any, ...] = (cast.student.user, cast.counselor, cast.consortium, cast.state, cast.nobody)
    for person in strangers:
        client.force_login(person)
        assert client.get(URL).status_code == 403


@pytest.mark.parametrize("number", [1, 3])
def test_queries(client: PolicingClient, cast: Cast, number: int, django_assert_num_queries: Any) -> None:
    for i in range(number - 1):
        section = people.make_section(cast.accounting, cast.teacher_seat, label=f"Period {i + 5}")
        for student in (cast.newcomer, cast.graduate)[: i + 1]:
            people.make_registration(
                student, section, cast.agreement,
                status=Registration.Status.WITHDRAWN if i else Registration.Status.IN_PROGRESS,
            )  # fmt: skip
    client.force_login(cast.teacher)
    # session, user, seats; the years taught, the classes, their declarations, their registrations counted, the
    # windows, what was opened again
    with django_assert_num_queries(9):
        assert client.get(URL).status_code == 200


def test_a_class_without_blanks_is_to_be_declared_complete(client: PolicingClient, cast: Cast) -> None:
    people.grade(cast.registration, "90", by=cast.teacher)
    sheet = reverse("grading:verification", args=[cast.section.public_id])
    html = opened(client, cast.teacher)
    assert sheet in html
    assert '<span class="tag wait">Declare complete</span>' in html
    client.post(sheet)
    assert '<span class="tag done">Complete</span>' in opened(client, cast.teacher)
