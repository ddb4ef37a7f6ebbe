"""The verification sheet of a class, and declaring it complete."""

import re
from typing import Any

import pytest
from django.urls import reverse

from grading.actions import RowChange, save_roster
from grading.models import Shown
from organizations.models import CollegeYear
from tests import people
from tests.people import Cast
from tests.policing import PolicingClient


def url(cast: Cast) -> str:
    return reverse("grading:verification", args=[cast.section.public_id])


def test_the_sheet_says_who_and_what(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.teacher)
    html = client.get(url(cast)).content.decode()
    assert "5 students: 2 Completed, 1 Not Attained, 1 left the class, 1 without a grade" in html
    for words in ("97 %", "3.9 A", "none, below 85", cast.classmate.sers_id, "Withdrawn", "Teacher ____"):
        assert words in html
    assert "1 student has neither a grade nor a status." in html
    response = client.post(url(cast))
    assert response.status_code == 409
    assert "1 student has neither a grade nor a status." in response.content.decode()


def test_the_sheet_says_each_term_and_each_blank(client: PolicingClient, cast: Cast) -> None:
    """What is compared with the grade book is what the teacher typed."""
    CollegeYear.objects.filter(college=cast.cbc, year=cast.year).update(every_term=True)
    change = RowChange(cast.registration.public_id, 1, parts={"first": "92"}, was=Shown("in_progress", "/"))
    save_roster(section=cast.section, changes=[change], by=cast.teacher)
    client.force_login(cast.teacher)
    words = " ".join(re.sub(r"<[^>]+>", " ", client.get(url(cast)).content.decode()).split())
    assert f"Vega, Marisol {cast.student.sers_id} 92 % / - - - - - - In Progress" in words


def test_declared_and_changed_since(client: PolicingClient, cast: Cast) -> None:
    people.grade(cast.registration, "90", by=cast.teacher)
    client.force_login(cast.teacher)
    assert "Declare complete" in client.get(url(cast)).content.decode()
    html = client.post(url(cast), follow=True).content.decode()
    reference = f"V-{cast.section.pk}-1"
    assert f"The class is declared complete. Reference {reference}." in html
    assert "Declare complete" not in html
    people.make_registration(cast.newcomer, cast.section, cast.agreement)
    html = client.get(url(cast)).content.decode()
    assert "Changed since" in html
    client.force_login(cast.consortium)
    html = client.get(url(cast)).content.decode()
    assert "students or grades have changed since" in html
    assert '<button class="btn btn-primary">Declare' not in html


def test_others_read_and_do_not_declare(client: PolicingClient, cast: Cast) -> None:
    people.grade(cast.registration, "90", by=cast.teacher)
    for user, get, post in (
        (cast.consortium, 200, 403), (cast.counselor, 200, 403), (cast.registrar, 200, 403), (cast.state, 200, 403),
        (cast.colleague, 404, 404), (cast.other_consortium, 404, 404), (cast.student.user, 403, 403),
    ):  # fmt: skip
        client.force_login(user)
        assert client.get(url(cast)).status_code == get, user
        assert client.post(url(cast)).status_code == post, user


def test_an_empty_class(client: PolicingClient, cast: Cast) -> None:
    section = people.make_section(cast.welding, cast.teacher_seat)
    client.force_login(cast.teacher)
    html = client.get(reverse("grading:verification", args=[section.public_id])).content.decode()
    assert "No students are registered for this class yet." in html


@pytest.mark.parametrize("number", [1, 3])
def test_queries(client: PolicingClient, cast: Cast, number: int, django_assert_num_queries: Any) -> None:
    section = people.make_section(cast.welding, cast.teacher_seat)
    for student in (cast.student, cast.newcomer, cast.graduate)[:number]:
        people.make_registration(student, section, cast.welding_agreement, percent="90", by=cast.teacher)
    client.force_login(cast.teacher)
    # session, user, seats; the class, its rows, their measure, the last declaration, statements
    with django_assert_num_queries(9):
        client.get(reverse("grading:verification", args=[section.public_id]))
