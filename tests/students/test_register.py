"""Register for Classes: what is listed, and where ticks and codes lead."""

from typing import Any
from urllib.parse import parse_qs, urlparse

import pytest
from django.urls import reverse

from accounts.access import Role
from organizations.models import HighSchool, Window
from students.models import Student
from tests.people import (
    Cast,
    close_window,
    make_agreement,
    make_college_course,
    make_high_school_course,
    make_seat,
    make_section,
)
from tests.policing import PolicingClient
from tests.students.pages import errors, text

URL = reverse("students:register")
CHOOSE = reverse("students:choose")


@pytest.fixture
def newcomer(client: PolicingClient, cast: Cast) -> PolicingClient:
    """Goes to Kamiakin, registered for nothing yet."""
    client.force_login(cast.newcomer.user)
    return client


def test_every_class_of_ones_own_school_is_listed(cast: Cast, newcomer: PolicingClient) -> None:
    words = text(newcomer.get(URL))
    assert "Classes at Kamiakin High School" in words
    assert "Accounting 1 Columbia Basin College, 5 credits Tess Teacher" in words
    assert "Welding Technology Columbia Basin College, 3 credits" in words
    assert "Medical Terminology" not in words


def test_who_left_is_not_named_as_teacher(cast: Cast, newcomer: PolicingClient) -> None:
    words = text(newcomer.get(URL))
    assert "Fergus" not in words
    assert "Lola" in words  # has not activated the account: that keeps nobody from registering


def test_a_class_that_is_registered_is_shown_with_the_reason(cast: Cast, client: PolicingClient) -> None:
    client.force_login(cast.student.user)
    response = client.get(URL)
    assert "You are registered for this class with Columbia Basin College." in text(response)
    assert reverse("students:registration", args=[cast.registration.public_id]) in response.content.decode()
    assert f'value="{cast.accounting.public_id}"' not in response.content.decode()


def test_a_class_whose_window_is_closed_is_shown_with_the_reason(
    cast: Cast, newcomer: PolicingClient
) -> None:
    close_window(Window.Kind.REGISTRATION, cast.columbia_basin, cast.year)
    response = newcomer.get(URL)
    assert "Registration in Columbia Basin closed" in text(response)
    assert 'type="checkbox"' not in response.content.decode()


def test_a_class_without_an_agreement_or_of_another_year_is_not_listed(
    cast: Cast, newcomer: PolicingClient
) -> None:
    make_section(make_high_school_course(cast.kamiakin, "Pottery"), cast.teacher_seat)
    old = make_high_school_course(cast.kamiakin, "Stenography")
    make_section(old, cast.teacher_seat, year=cast.last_year)
    make_agreement((old, cast.acct_201), consortium=cast.columbia_basin)
    words = text(newcomer.get(URL))
    assert "Pottery" not in words
    assert "Stenography" not in words


def test_another_school_can_be_chosen(cast: Cast, newcomer: PolicingClient) -> None:
    response = newcomer.get(URL, {"school": str(cast.wahi.public_id)})
    words = text(response)
    assert "Classes at Walla Walla High School" in words
    assert "Medical Terminology" in words
    assert "Your school Kamiakin High School" in words


def test_a_skills_center_can_be_chosen(cast: Cast, newcomer: PolicingClient) -> None:
    center = HighSchool.objects.create(
        name="Tri-Tech Skills Center", district=cast.kennewick, kind=HighSchool.Kind.SKILLS_CENTER
    )
    course = make_high_school_course(center, "Pre-Nursing")
    make_section(course, make_seat(cast.teacher, Role.TEACHER, center))
    make_agreement((course, make_college_course(cast.cbc, "NURS 101")), consortium=cast.columbia_basin)
    assert "Tri-Tech Skills Center" in text(newcomer.get(URL))
    assert "Pre-Nursing" in text(newcomer.get(URL, {"school": str(center.public_id)}))


@pytest.mark.parametrize("school", ["", "nonsense", "6b2f0a0e-9a0b-4a53-8a55-bd3a31f3d5d1", "x" * 5000])
def test_a_school_that_is_none_leads_to_ones_own(newcomer: PolicingClient, school: str) -> None:
    response = newcomer.get(URL, {"school": school})
    assert response.status_code == 422
    assert "Classes at Kamiakin High School" in text(response)


def test_a_school_without_classes_says_so(cast: Cast, newcomer: PolicingClient) -> None:
    Student.objects.filter(pk=cast.newcomer.pk).update(
        school=HighSchool.objects.create(name="Delta High School", district=cast.kennewick)
    )
    assert "Delta High School has no class yet that earns college credit" in text(newcomer.get(URL))


def test_ticked_classes_lead_to_the_choice(cast: Cast, newcomer: PolicingClient) -> None:
    chosen = [str(cast.accounting.public_id), str(cast.welding.public_id)]
    response = newcomer.post(URL, {"classes": chosen, "register": "classes"})
    assert response.status_code == 302
    assert urlparse(response.headers["Location"]).path == CHOOSE
    assert parse_qs(urlparse(response.headers["Location"]).query) == {"class": chosen}


def test_nothing_ticked_is_refused(newcomer: PolicingClient) -> None:
    response = newcomer.post(URL, {"register": "classes"})
    assert response.status_code == 422
    assert errors(response) == ["Tick the classes you want to register for"]


def test_a_class_that_is_not_listed_is_refused_and_ticks_are_kept(
    cast: Cast, newcomer: PolicingClient
) -> None:
    for foreign in (str(cast.health.public_id), "nonsense", "x" * 200_000):
        response = newcomer.post(URL, {"classes": [str(cast.accounting.public_id), foreign]})
        assert response.status_code == 422
        assert errors(response) == ["Choose classes from the list"]
        assert " checked" in response.content.decode()


@pytest.mark.parametrize("typed", ["WELDING", "welding", " Weld-ing "])
def test_a_class_code_leads_straight_to_the_choice(newcomer: PolicingClient, typed: str) -> None:
    response = newcomer.post(URL, {"code": typed, "find": "code"})
    assert response.headers["Location"] == f"{CHOOSE}?code=WELDING"


@pytest.mark.parametrize("typed", ["NOTHING", "???", "x" * 10_000])
def test_a_code_that_no_class_has_is_refused(newcomer: PolicingClient, typed: str) -> None:
    response = newcomer.post(URL, {"code": typed, "find": "code"})
    assert response.status_code == 422
    assert errors(response)
    assert newcomer.post(URL, {"code": "", "find": "code"}).status_code == 422


def test_a_code_of_last_year_is_refused(cast: Cast, newcomer: PolicingClient) -> None:
    response = newcomer.post(URL, {"code": cast.last_section.class_code, "find": "code"})
    assert response.status_code == 422


def test_it_is_for_students(cast: Cast, client: PolicingClient) -> None:
    assert client.get(URL).status_code == 302
    client.force_login(cast.teacher)
    assert client.get(URL).status_code == 403


def test_the_number_of_queries_does_not_grow(
    cast: Cast, newcomer: PolicingClient, django_assert_num_queries: Any
) -> None:
    newcomer.get(URL)
    with django_assert_num_queries(17):
        newcomer.get(URL)
    for at in range(3):
        course = make_high_school_course(cast.kamiakin, f"Class {at}")
        make_section(course, cast.teacher_seat, cast.colleague_seat)
        make_agreement((course, cast.acct_201), (course, cast.wld_110), consortium=cast.columbia_basin)
    with django_assert_num_queries(17):
        newcomer.get(URL)
