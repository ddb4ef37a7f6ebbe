"""Withdraw from a class: a page that asks, and a button that does it."""

import pytest
from django.urls import reverse

from accounts.models import Event
from organizations.models import Window
from students import actions
from students.models import Registration
from tests.people import Cast, close_window
from tests.policing import PolicingClient
from tests.students.pages import messages, text

Status = Registration.Status


@pytest.fixture
def url(cast: Cast) -> str:
    return reverse("students:withdraw", args=[cast.registration.public_id])


@pytest.fixture
def student(cast: Cast, client: PolicingClient) -> PolicingClient:
    client.force_login(cast.student.user)
    return client


def test_the_page_asks_and_changes_nothing(cast: Cast, url: str, student: PolicingClient) -> None:
    words = text(student.get(url))
    assert "Do you want to give up the credit for Accounting 1 ?" in words.replace("1?", "1 ?")
    assert "Stay registered" in words
    cast.registration.refresh_from_db()
    assert cast.registration.status == Status.IN_PROGRESS


def test_the_button_withdraws(cast: Cast, url: str, student: PolicingClient) -> None:
    response = student.post(url, follow=True)
    assert messages(response) == ["You are withdrawn from Accounting 1. It earns no credit."]
    cast.registration.refresh_from_db()
    assert (cast.registration.status, cast.registration.version) == (Status.WITHDRAWN, 2)
    assert Event.objects.get(kind="students.withdrawn").actor == cast.student.user


def test_pressed_again_it_says_how_it_stands(url: str, student: PolicingClient) -> None:
    student.post(url)
    response = student.post(url)
    assert response.status_code == 409
    assert "The class stands as Withdrawn." in text(response)


def test_one_can_register_again(cast: Cast, url: str, student: PolicingClient) -> None:
    student.post(url)
    again = actions.register(
        student=cast.student, section=cast.section, college=cast.cbc, by=cast.student.user
    )
    assert again.pk != cast.registration.pk


def test_after_a_grade_or_the_window_it_is_refused(cast: Cast, url: str, student: PolicingClient) -> None:
    close_window(Window.Kind.REGISTRATION, cast.columbia_basin, cast.year)
    assert "The time to withdraw by yourself is over." in text(student.get(url))
    assert student.post(url).status_code == 409
    student.force_login(cast.classmate.user)
    graded = reverse("students:withdraw", args=[cast.classmate_registration.public_id])
    assert student.post(graded).status_code == 409
    cast.classmate_registration.refresh_from_db()
    assert cast.classmate_registration.status == Status.COMPLETED


def test_it_is_ones_own(cast: Cast, url: str, student: PolicingClient) -> None:
    student.force_login(cast.classmate.user)
    assert student.post(url).status_code == 404
    student.force_login(cast.consortium)
    assert student.post(url).status_code == 403
    cast.registration.refresh_from_db()
    assert cast.registration.status == Status.IN_PROGRESS
