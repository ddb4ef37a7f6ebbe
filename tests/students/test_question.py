"""The questions of Create New SERS Account, one a page."""

from typing import Any

import pytest
from django.urls import reverse

from organizations.models import HighSchool
from students.forms.creating import QUESTIONS, Draft
from students.models import Student
from tests.people import Cast
from tests.policing import PolicingClient
from tests.students.creating import answer, answer_all, page_url, typed
from tests.students.pages import errors, text, title

CHECK = reverse("students:check")


def page_of(field: str) -> str:
    """The page that asks for it."""
    return next(
        page
        for page, question in QUESTIONS.items()
        if any(field == name or field.startswith(f"{name}_") for name in question.base_fields)
    )


def test_one_page_leads_to_the_next_and_back(cast: Cast, client: PolicingClient) -> None:
    pages, back = list(QUESTIONS), reverse("students:new")
    for page, following in zip(pages, [*pages[1:], ""], strict=True):
        assert f'class="s-back" href="{back}"' in client.get(page_url(page)).content.decode()
        response = answer(client, page, typed(cast))
        assert response.headers["Location"] == (page_url(following) if following else CHECK)
        back = page_url(page)


def test_a_change_leads_back_to_the_answers(cast: Cast, client: PolicingClient) -> None:
    answer_all(client, typed(cast))
    response = client.get(page_url("name"))
    assert response.context["form"]["first_name"].value() == "Noor"
    assert f'class="s-back" href="{CHECK}"' in response.content.decode()
    assert answer(client, "name", typed(cast, first_name="Nora")).headers["Location"] == CHECK
    assert "Nora" in text(client.get(CHECK))


def test_answers_stand_again_where_they_were_given(cast: Cast, client: PolicingClient) -> None:
    answer_all(client, typed(cast))
    assert 'value="27"' in client.get(page_url("birth-date")).content.decode()
    school = client.get(page_url("school")).content.decode()
    assert f'value="{cast.kamiakin.public_id}" selected' in school
    assert 'value="11" checked' in school.replace('" class="', '"').replace("\n", " ") or "checked" in school


def test_the_session_keeps_no_answer_in_clear(cast: Cast, client: PolicingClient) -> None:
    answer_all(client, typed(cast))
    kept = str(dict(client.session))
    assert Draft.KEY in kept
    for word in ("Noor", "Haddad", "march", "noor@example.net", "first_name"):
        assert word not in kept


@pytest.mark.parametrize("kept", ["", "nonsense", "00ff", "zz"])
def test_a_draft_nobody_can_read_begins_anew(cast: Cast, client: PolicingClient, kept: str) -> None:
    answer(client, "name", typed(cast))
    session = client.session
    session[Draft.KEY] = kept
    session.save()
    assert client.get(page_url("name")).context["form"]["first_name"].value() is None


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"first_name": ""}, "Enter your legal first name"),
        ({"first_name": "N" * 200_000}, "Shorten your legal first name to 100 characters or fewer"),
        ({"birth_date_month": "", "birth_date_day": "", "birth_date_year": ""}, "Enter your birth date"),
        ({"birth_date_month": ""}, "Add a month to your birth date"),
        ({"birth_date_month": "", "birth_date_year": ""}, "Add a month and a year to your birth date"),
        ({"birth_date_month": "June", "birth_date_day": "31", "birth_date_year": "2010"}, "June 31 is not a date in 2010"),
        ({"birth_date_month": "Spring"}, "Enter the month of your birth date as a number from 1 to 12 or by its name"),
        ({"birth_date_day": "9" * 5000}, "Enter the day of your birth date as a number from 1 to 31"),
        ({"birth_date_month": "1" * 5000}, "Enter the month of your birth date as a number from 1 to 12 or by its name"),
        ({"birth_date_year": "1970"}, "Enter your own birth date: students are 12 to 25 years old"),
        ({"birth_date_year": "2999"}, "Enter a birth date in the past"),
        ({"email": ""}, "Enter your personal e-mail"),
        ({"email": "noor at home"}, "Enter an e-mail like name@example.org"),
        ({"email": "n" * 300 + "@example.org"}, "Shorten your e-mail to 254 characters or fewer"),
        ({"second_email": "home"}, "Enter an e-mail like name@example.org"),
        ({"second_email": "Noor@example.net"}, "Enter another address than the first, or leave it empty"),
        ({"school": ""}, "Choose your high school"),
        ({"school": "nonsense"}, "Choose a school from the list"),
        ({"school": "6b2f0a0e-9a0b-4a53-8a55-bd3a31f3d5d1"}, "Choose a school from the list"),
        ({"grade_level": "8"}, "Choose your grade level"),
        ({"graduation_year": "1999"}, "Choose a year from the list"),
        ({"phone": "none"}, "Enter a phone number like 509 555 0117"),
        ({"state": "9X"}, "Enter your state with two letters, for example WA"),
        ({"postal_code": "ABC"}, "Enter your ZIP code with five digits, for example 99336"),
        ({"guardian_email": "mother"}, "Enter an e-mail like name@example.org"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_and_nothing_is_kept(
    cast: Cast, client: PolicingClient, changes: dict[str, str], said: str
) -> None:
    page = page_of(next(iter(changes)))
    response = answer(client, page, typed(cast, **changes))
    assert response.status_code == 422
    assert title(response).startswith("Error: ")
    assert said in errors(response)
    assert Draft.KEY not in client.session


def test_a_page_keeps_what_was_right(cast: Cast, client: PolicingClient) -> None:
    response = answer(client, "school", typed(cast, grade_level="8"))
    assert response.context["form"]["school"].value() == str(cast.kamiakin.public_id)
    response = answer(client, "name", typed(cast, first_name=""))
    assert response.context["form"]["last_name"].value() == "Haddad"


def test_an_address_of_a_school_is_asked_about_once(cast: Cast, client: PolicingClient) -> None:
    sent = typed(cast, email="noor@ksd.k12.wa.us")
    response = answer(client, "email", sent)
    assert response.status_code == 422
    assert errors(response) == []
    assert "Is noor@ksd.k12.wa.us an address of your school?" in text(response)
    assert not title(response).startswith("Error")
    again = sent | {"email_asked": response.context["form"]["email_asked"].value()}
    assert answer(client, "email", again).status_code == 302


def test_another_address_of_a_school_is_asked_about_anew(cast: Cast, client: PolicingClient) -> None:
    sent = typed(cast, email="noor@other.k12.wa.us", email_asked="noor@ksd.k12.wa.us")
    assert answer(client, "email", sent).status_code == 422


def test_a_skills_center_is_nobodys_own_school(cast: Cast, client: PolicingClient) -> None:
    center = HighSchool.objects.create(
        name="Tri-Tech", district=cast.kennewick, kind=HighSchool.Kind.SKILLS_CENTER, city="Kennewick"
    )
    assert "Tri-Tech" not in text(client.get(page_url("school")))
    assert answer(client, "school", typed(cast, school=str(center.public_id))).status_code == 422


def test_no_page_asks_for_a_social_security_number() -> None:
    for question in QUESTIONS.values():
        assert not any("social" in name or "ssn" in name for name in question.base_fields)


def test_a_page_that_is_not_there(client: PolicingClient, db: None) -> None:
    assert client.get(page_url("nonsense")).status_code == 404


def test_private_questions_say_why_and_may_stay_empty(cast: Cast, client: PolicingClient) -> None:
    words = text(client.get(page_url("about-you")))
    assert "Your teachers and colleges do not see these answers." in words
    assert "Prefer not to say" in words
    assert answer(client, "about-you", {}).status_code == 302


def test_answers_of_a_school_that_left_the_list_are_asked_again(cast: Cast, client: PolicingClient) -> None:
    answer_all(client, typed(cast))
    HighSchool.objects.filter(pk=cast.kamiakin.pk).update(kind=HighSchool.Kind.SKILLS_CENTER)
    assert client.get(CHECK).headers["Location"] == page_url("school")


def test_schools_stand_under_their_districts(
    cast: Cast, client: PolicingClient, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(1):
        page = client.get(page_url("school")).content.decode()
    assert '<optgroup label="Kennewick School District">' in page
    for at in range(3):
        HighSchool.objects.create(name=f"School {at}", district=cast.kennewick, city="Kennewick")
    with django_assert_num_queries(1):
        client.get(page_url("school"))


def test_answering_makes_no_account(cast: Cast, client: PolicingClient) -> None:
    before = Student.objects.count()
    answer_all(client, typed(cast))
    assert Student.objects.count() == before
