"""Change teacher: another section of the same class and year."""

import pytest
from django.urls import reverse

from accounts.models import Event
from articulations.models import Section
from organizations.models import Window
from students.models import Registration
from tests.people import Cast, close_window, make_section
from tests.policing import PolicingClient
from tests.students.pages import errors, messages, text


@pytest.fixture
def url(cast: Cast) -> str:
    return reverse("students:change_teacher", args=[cast.registration.public_id])


@pytest.fixture
def other(cast: Cast) -> Section:
    return make_section(cast.accounting, cast.colleague_seat, label="Period 5")


@pytest.fixture
def student(cast: Cast, client: PolicingClient) -> PolicingClient:
    client.force_login(cast.student.user)
    return client


def test_the_teacher_now_is_chosen(url: str, other: Section, student: PolicingClient) -> None:
    response = student.get(url)
    assert "Your teacher now: Tess Teacher" in text(response)
    assert "Colin Teacher, Period 5" in text(response)
    assert response.content.decode().count(" checked") == 1


def test_it_moves_the_registration(cast: Cast, url: str, other: Section, student: PolicingClient) -> None:
    response = student.post(url, {"section": str(other.public_id), "version": "1"}, follow=True)
    assert messages(response) == ["Your teacher is changed. The new one sees you on the class roster now."]
    cast.registration.refresh_from_db()
    assert cast.registration.section == other
    assert cast.registration.version == 2
    event = Event.objects.get(kind="students.teacher_changed")
    assert event.data == {"was": cast.section.pk, "is": other.pk}
    assert event.actor == cast.student.user


def test_the_same_teacher_changes_nothing(
    cast: Cast, url: str, other: Section, student: PolicingClient
) -> None:
    response = student.post(url, {"section": str(cast.section.public_id), "version": "1"}, follow=True)
    assert messages(response) == []
    cast.registration.refresh_from_db()
    assert cast.registration.version == 1


def test_a_change_meanwhile_is_told(cast: Cast, url: str, other: Section, student: PolicingClient) -> None:
    Registration.objects.filter(pk=cast.registration.pk).update(version=2)
    response = student.post(url, {"section": str(other.public_id), "version": "1"})
    assert response.status_code == 409
    assert "The class was changed while this page was open." in text(response)
    cast.registration.refresh_from_db()
    assert cast.registration.section == cast.section


def test_another_class_is_no_choice(cast: Cast, url: str, other: Section, student: PolicingClient) -> None:
    for foreign in (
        str(cast.colleague_section.public_id),
        str(cast.last_section.public_id),
        "",
        "x" * 200_000,
    ):
        response = student.post(url, {"section": foreign, "version": "1"})
        assert response.status_code == 422
        assert errors(response)
    assert student.post(url, {"section": str(other.public_id), "version": "one"}).status_code == 422
    cast.registration.refresh_from_db()
    assert cast.registration.section == cast.section


def test_a_closed_window_or_a_grade_refuses(
    cast: Cast, url: str, other: Section, student: PolicingClient
) -> None:
    close_window(Window.Kind.REGISTRATION, cast.columbia_basin, cast.year)
    response = student.post(url, {"section": str(other.public_id), "version": "1"})
    assert response.status_code == 409
    assert "The time to change your teacher by yourself is over." in text(response)
    student.force_login(cast.classmate.user)
    graded = reverse("students:change_teacher", args=[cast.classmate_registration.public_id])
    assert "The class stands as Completed." in text(student.get(graded))
    assert student.post(graded, {"section": str(other.public_id), "version": "2"}).status_code == 409


def test_it_is_ones_own(cast: Cast, url: str, other: Section, student: PolicingClient) -> None:
    student.force_login(cast.classmate.user)
    assert student.get(url).status_code == 404
    assert student.post(url, {"section": str(other.public_id), "version": "1"}).status_code == 404
    student.force_login(cast.teacher)
    assert student.get(url).status_code == 403
