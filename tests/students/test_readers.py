"""Who has seen my record: in plain words, for the student, and for those who keep the record."""

from typing import Any

import pytest
from django.urls import reverse

from students import actions
from students.models import Disclosure, Student
from tests.people import Cast
from tests.policing import PolicingClient
from tests.students.pages import text, title

What = Disclosure.What


def address(student: Student, query: str = "") -> str:
    return reverse("students:readers", args=[student.public_id]) + query


def test_a_student_reads_who_what_and_why(cast: Cast, client: PolicingClient) -> None:
    client.force_login(cast.student.user)
    words = text(client.get(address(cast.student)))
    assert "Who has seen my record" in words
    assert "1 visit" in words
    assert "Rita Registrar Registrar, Columbia Basin College" in words
    assert "Your name, contact and school" in words
    assert "Works at a school or college where you take a class or want to go 34 CFR 99.31(a)(2)" in words


def test_the_own_school_is_shown_when_asked_for_and_oneself_never(cast: Cast, client: PolicingClient) -> None:
    actions.disclose(students=[cast.student], what=What.ROSTER, by=cast.teacher)
    client.force_login(cast.student.user)
    client.get(reverse("students:student", args=[cast.student.public_id]))
    assert "Tess Teacher" not in text(client.get(address(cast.student)))
    words = text(client.get(address(cast.student, "?show=everybody")))
    assert "2 visits" in words
    assert "Tess Teacher Teacher, Kamiakin High School The list of a class you are in" in words
    assert "Marisol Vega Student" not in words


def test_a_reason_and_a_refusal_are_told(cast: Cast, client: PolicingClient) -> None:
    actions.disclose(
        students=[cast.student], what=What.OPENED, by=cast.other_district, refused=True,
        reason="Asked at our office for her ID", ground=Disclosure.Ground.CONSENT, beyond=True,
    )  # fmt: skip
    client.force_login(cast.student.user)
    words = text(client.get(address(cast.student)))
    assert "Dmitri User District User, Walla Walla Public Schools" in words
    assert "Not let in" in words
    assert "You, or your parent, agreed in writing: “Asked at our office for her ID” 34 CFR 99.30" in words


def test_nobody_yet(cast: Cast, client: PolicingClient) -> None:
    client.force_login(cast.newcomer.user)
    assert "Nobody outside the school district has looked" in text(client.get(address(cast.newcomer)))
    assert "Nobody but you has looked" in text(client.get(address(cast.newcomer, "?show=everybody")))


@pytest.mark.parametrize("who", ["district", "consortium", "state"])
def test_who_keeps_the_record_reads_it_and_is_written_down(
    cast: Cast, client: PolicingClient, who: str
) -> None:
    client.force_login(getattr(cast, who))
    words = text(client.get(address(cast.student)))
    assert "Who has seen this record" in words
    assert "Rita Registrar" in words
    assert Disclosure.objects.filter(reader=getattr(cast, who), what=What.READERS).count() == 1


@pytest.mark.parametrize("who", ["other_district", "other_consortium"])
def test_for_strangers_it_is_not_there(cast: Cast, client: PolicingClient, who: str) -> None:
    client.force_login(getattr(cast, who))
    assert client.get(address(cast.student)).status_code == 404


def test_other_seats_have_no_business_here(cast: Cast, client: PolicingClient) -> None:
    for person in (cast.teacher, cast.counselor, cast.registrar, cast.faculty):
        client.force_login(person)
        assert client.get(address(cast.student)).status_code == 403
    client.force_login(cast.classmate.user)
    assert client.get(address(cast.student)).status_code == 404


def test_fifty_a_page(cast: Cast, client: PolicingClient) -> None:
    for number in range(52):
        actions.disclose(students=[cast.newcomer], what=What.HISTORY, by=cast.state, session=str(number))
    client.force_login(cast.newcomer.user)
    assert "52 visits" in text(client.get(address(cast.newcomer)))
    second = client.get(address(cast.newcomer, "?page=2"))
    assert len(second.context["readings"]) == 2
    assert "page 2 of 2" in title(second)


def test_one_visit_and_three_cost_the_same(
    cast: Cast, client: PolicingClient, django_assert_num_queries: Any
) -> None:
    client.force_login(cast.student.user)
    with django_assert_num_queries(7):
        client.get(address(cast.student))
    for by in (cast.state, cast.consortium):
        actions.disclose(students=[cast.student], what=What.HISTORY, by=by)
    with django_assert_num_queries(7):
        assert len(client.get(address(cast.student)).context["readings"]) == 3
