"""Registration History: every registration with its Status, and Details in place."""

from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from students.models import Registration, Student
from tests.people import Cast, make_agreement, make_high_school_course, make_registration, make_section
from tests.policing import PolicingClient
from tests.students.pages import text


def address(student: Student, registration: Registration | None = None) -> str:
    opened = f"?open={registration.public_id}" if registration else ""
    return reverse("students:history", args=[student.public_id]) + opened


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("student", "In Progress"),
        ("classmate", "Completed"),
        ("below", "Not Attained"),
        ("gone", "Withdrawn"),
    ],
)
def test_every_registration_with_its_status(
    cast: Cast, client: PolicingClient, name: str, status: str
) -> None:
    client.force_login(cast.counselor)
    words = text(client.get(address(getattr(cast, name))))
    assert "1 registration" in words
    assert f"Accounting 1 Kamiakin High School {cast.year} Columbia Basin College {status} Details" in words


def test_details_open_in_place(cast: Cast, client: PolicingClient) -> None:
    client.force_login(cast.teacher)
    closed = text(client.get(address(cast.classmate)))
    assert "High-school grade" not in closed
    words = text(client.get(address(cast.classmate, cast.classmate_registration)))
    assert "High-school grade 97 %" in words
    assert "College grade 3.9 A" in words
    assert "College credits earned None yet" in words
    assert "Fees/Req Processed" in words
    assert f"Registration {cast.classmate_registration.reference}" in words
    assert "Close of" not in words
    assert "Close Accounting 1" in words


def test_credit_earned_is_named(cast: Cast, client: PolicingClient) -> None:
    client.force_login(cast.graduate.user)
    words = text(client.get(address(cast.graduate, cast.graduate_registration)))
    assert "College credits earned ACCT& 201 Principles of Accounting I, 5 credits" in words


def test_a_fee_is_told(cast: Cast, client: PolicingClient) -> None:
    client.force_login(cast.consortium)
    assert "Fees/Req Pending $20" in text(client.get(address(cast.owing, cast.owing_registration)))


def test_what_is_out_of_reach_is_counted_not_shown(cast: Cast, client: PolicingClient) -> None:
    make_registration(cast.student, cast.colleague_section, cast.welding_agreement)
    client.force_login(cast.teacher)
    words = text(client.get(address(cast.student)))
    assert "1 registration outside your reach is not shown" in words
    assert "Welding" not in words
    client.force_login(cast.student.user)
    assert "outside your reach" not in text(client.get(address(cast.student)))


@pytest.mark.parametrize("opened", ["", "nonsense", "6b2f0a0e-9a0b-4a53-8a55-bd3a31f3d5d1", "x" * 5000])
def test_details_of_nothing_open_nothing(cast: Cast, client: PolicingClient, opened: str) -> None:
    client.force_login(cast.counselor)
    response = client.get(reverse("students:history", args=[cast.student.public_id]), {"open": opened})
    assert response.status_code == 200
    assert "High-school grade" not in text(response)


def test_no_registrations_yet(cast: Cast, client: PolicingClient) -> None:
    client.force_login(cast.newcomer.user)
    assert "No registrations yet." in text(client.get(address(cast.newcomer)))


def test_who_may_open_it(cast: Cast, client: PolicingClient) -> None:
    for person in (cast.other_teacher, cast.other_consortium, cast.classmate.user):
        client.force_login(person)
        assert client.get(address(cast.student)).status_code == 404
    client.force_login(cast.faculty)
    assert client.get(address(cast.student)).status_code == 403


def test_one_registration_and_three_cost_the_same(
    cast: Cast, client: PolicingClient, django_assert_num_queries: Any
) -> None:
    client.force_login(cast.counselor)
    with django_assert_num_queries(15):
        client.get(address(cast.classmate, cast.classmate_registration))
    for at in range(2):
        course = make_high_school_course(cast.kamiakin, f"Class {at}")
        agreement = make_agreement(
            (course, cast.acct_201), (course, cast.wld_110), consortium=cast.columbia_basin
        )
        section = make_section(course, cast.teacher_seat, cast.colleague_seat)
        make_registration(cast.classmate, section, agreement, percent="92", fee_due=Decimal(20))
    with django_assert_num_queries(15):
        client.get(address(cast.classmate, cast.classmate_registration))
