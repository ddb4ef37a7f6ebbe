"""The history of a profile: who changed what, from what to what, and why; and who reads it."""

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from accounts import actions as accounts
from accounts.models import User
from students import actions
from students.models import Student
from tests.people import Cast
from tests.policing import PolicingClient
from tests.students.pages import text


def address(student: Student) -> str:
    return reverse("students:changes", args=[student.public_id])


def edit(student: Student, changes: dict[str, Any], by: User, reason: str = "") -> None:
    student.refresh_from_db()
    actions.edit_student(student=student, changes=changes, seen=student.updated_at, by=by, reason=reason)


def test_each_change_says_who_from_what_to_what_and_why(cast: Cast, client: PolicingClient) -> None:
    edit(cast.student, {"phone": "509 555 0117", "grade_level": 12}, cast.counselor)
    edit(cast.student, {"birth_date": date(2009, 12, 24)}, cast.consortium, reason="Typed wrong")
    accounts.change_email(user=cast.student.user, email="new@example.com", by=cast.counselor)
    client.force_login(cast.student.user)
    page = text(client.get(address(cast.student)))
    counselor, consortium = cast.counselor.name, cast.consortium.name
    assert f"{counselor} Phone empty 509 555 0117" in page
    assert f"{counselor} Grade level Grade 11 Grade 12" in page
    assert f"{consortium} Birth date" in page
    assert "December 24, 2009 Typed wrong" in page
    assert f"{counselor} Personal e-mail Waits to be confirmed marisol@example.net new@example.com" in page


def test_a_school_is_named(cast: Cast, client: PolicingClient) -> None:
    edit(cast.newcomer, {"school": cast.wahi}, cast.consortium)
    client.force_login(cast.state)
    page = text(client.get(address(cast.newcomer)))
    assert f"High school {cast.kamiakin.name} {cast.wahi.name}" in page


def test_nothing_was_changed(cast: Cast, client: PolicingClient) -> None:
    client.force_login(cast.student.user)
    assert "Nothing was changed since the account was made." in text(client.get(address(cast.student)))


@pytest.mark.parametrize(
    ("person", "status"),
    [
        ("counselor", 200), ("district", 200), ("consortium", 200), ("state", 200), ("teacher", 403),
        ("registrar", 403), ("faculty", 403), ("other_counselor", 404), ("other_consortium", 404),
    ],
)  # fmt: skip
def test_who_reads_it(cast: Cast, client: PolicingClient, person: str, status: int) -> None:
    client.force_login(getattr(cast, person))
    assert client.get(address(cast.student)).status_code == status


def test_queries(cast: Cast, client: PolicingClient, django_assert_num_queries: Any) -> None:
    edit(cast.newcomer, {"school": cast.wahi, "phone": "509 555 0117"}, cast.consortium)
    client.force_login(cast.state)
    with django_assert_num_queries(11):
        client.get(address(cast.newcomer))
    edit(cast.newcomer, {"school": cast.kamiakin}, cast.other_consortium)
    edit(cast.newcomer, {"school": cast.wahi}, cast.consortium)
    with django_assert_num_queries(11):
        client.get(address(cast.newcomer))
