"""Not yet: what a college's classes wait for, by reason; nobody else's."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from organizations.models import CollegeYear
from students.models import Registration
from tests import people
from tests.people import Cast
from transcripts.models import TranscriptionPlan

URL = "/transcripts/not-yet/"


def place(cast: Cast) -> dict[str, Any]:
    return {"college": str(cast.cbc.public_id), "year": cast.year.first_year}


def shown(page: Any) -> dict[str, str]:
    return {row.student: row.reason.value for row in page.context["page"]}


def test_each_class_says_what_it_waits_for(cast: Cast, client: Client) -> None:
    client.force_login(cast.registrar)
    page = client.get(URL, place(cast))
    assert shown(page) == {cast.classmate.list_name: "ready", cast.owing.list_name: "fees_req"}
    assert page.context["found"].total == 2
    text = page.content.decode()
    assert "Consortium: set Fees/Req to Processed" in text
    assert reverse("transcripts:eligibility", args=[cast.owing_registration.public_id]) in text


def test_one_reason_alone(cast: Cast, client: Client) -> None:
    client.force_login(cast.registrar)
    page = client.get(URL, place(cast) | {"reason": "fees_req"})
    assert shown(page) == {cast.owing.list_name: "fees_req"}
    assert page.context["found"].total == 2  # the table of reasons counts all
    assert len(shown(client.get(URL, place(cast) | {"reason": "zz"}))) == 2


@pytest.mark.parametrize(
    ("mode", "reason"),
    [
        ("on_request", "not_asked"),
        ("enrollment", "enrollment"),
        ("external", "external"),
        ("automatic", "ready"),
    ],
)
def test_the_college_s_way_is_a_reason(cast: Cast, client: Client, mode: str, reason: str) -> None:
    CollegeYear.objects.filter(college=cast.cbc, year=cast.year).update(mode=mode)
    client.force_login(cast.registrar)
    assert shown(client.get(URL, place(cast)))[cast.classmate.list_name] == reason


def test_a_missing_college_id_is_a_reason_where_the_college_says_so(cast: Cast, client: Client) -> None:
    TranscriptionPlan.objects.create(
        college_year=CollegeYear.objects.get(college=cast.cbc, year=cast.year), sid_required=True
    )
    client.force_login(cast.registrar)
    assert shown(client.get(URL, place(cast)))[cast.classmate.list_name] == "no_sid"
    people.make_identity(cast.classmate, cast.cbc)
    assert shown(client.get(URL, place(cast)))[cast.classmate.list_name] == "ready"


def test_a_grade_that_is_missing_shows_when_the_year_is_over(cast: Cast, client: Client) -> None:
    late = people.make_registration(cast.newcomer, cast.last_section, cast.agreement)
    client.force_login(cast.registrar)
    page = client.get(URL, place(cast) | {"year": cast.last_year.first_year})
    assert shown(page) == {late.student.list_name: "no_grade"}
    assert cast.student.list_name not in shown(client.get(URL, place(cast)))  # this year's teacher has time


def test_consortium_staff_see_their_own_agreements(cast: Cast, client: Client) -> None:
    client.force_login(cast.consortium)
    assert len(shown(client.get(URL, place(cast)))) == 2
    client.force_login(cast.other_consortium)
    page = client.get(URL, place(cast))
    assert page.context["place"].college == cast.wwcc  # what is not theirs is not chosen
    assert cast.owing.sers_id not in page.content.decode()


def test_nothing_waits_is_said(cast: Cast, client: Client) -> None:
    Registration.objects.filter(status="completed", awarded_at=None).update(status="in_progress")
    client.force_login(cast.registrar)
    assert "Nothing waits" in client.get(URL, place(cast)).content.decode()


def test_other_seats_are_turned_away(cast: Cast, client: Client) -> None:
    for user in (cast.teacher, cast.counselor, cast.faculty, cast.student.user):
        assert user is not None
        client.force_login(user)
        assert client.get(URL).status_code == 403


@pytest.mark.parametrize(
    "asked", [{"college": "zz", "year": "x" * 500}, {"page": "9" * 30}, {"reason": "%00"}]
)
def test_nonsense_falls_back(cast: Cast, client: Client, asked: dict[str, str]) -> None:
    client.force_login(cast.registrar)
    assert client.get(URL, asked).status_code == 200


def test_one_class_and_three_cost_the_same_queries(
    cast: Cast, client: Client, django_assert_num_queries: Any
) -> None:
    client.force_login(cast.registrar)
    client.get(URL)
    with django_assert_num_queries(QUERIES):
        client.get(URL, place(cast))
    for number in range(3):
        people.make_registration(
            people.make_student(cast.kamiakin, f"Pat{number}"), cast.section, cast.agreement, percent="90"
        )
    with django_assert_num_queries(QUERIES):
        assert len(shown(client.get(URL, place(cast)))) == 5


QUERIES = 18
