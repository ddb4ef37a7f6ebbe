"""Create New SERS Account."""

import datetime
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.access import Role
from accounts.models import Event, Mail, User
from organizations.models import HighSchool
from students.models import Student, StudentLink
from students.rules import identity
from tests.people import Cast
from tests.policing import PolicingClient
from tests.students.pages import errors, messages, text, title

URL = reverse("students:new")
CREATED = reverse("students:created")
PASSWORD = "a quiet river of stones"


def typed(cast: Cast, **changes: str) -> dict[str, str]:
    """What a new student types, all in order."""
    return {
        "first_name": "Noor",
        "last_name": "Haddad",
        "birth_date_month": "march",
        "birth_date_day": "27",
        "birth_date_year": str(timezone.localdate().year - 16),
        "email": "noor@example.net",
        "school": str(cast.kamiakin.public_id),
        "grade_level": "11",
        "graduation_year": str(timezone.localdate().year + 1),
        "password": PASSWORD,
        "compare_password": PASSWORD,
    } | changes


def test_a_new_person_gets_an_account_an_id_and_a_mail(cast: Cast, client: PolicingClient) -> None:
    response = client.post(
        URL, typed(cast, phone="509 555 0117", city="Kennewick", state="wa", postal_code="99336")
    )
    assert response.status_code == 302
    assert response.headers["Location"] == CREATED
    student = Student.objects.get(first_name="Noor")
    assert (student.last_name, student.school, student.grade_level) == ("Haddad", cast.kamiakin, 11)
    assert (student.state, student.phone) == ("WA", "509 555 0117")
    assert student.birth_date == datetime.date(timezone.localdate().year - 16, 3, 27)
    assert student.user is not None
    assert student.user.check_password(PASSWORD)
    assert student.user.email_confirmed_at is None
    assert [seat.role for seat in student.user.seats.all()] == [Role.STUDENT]
    assert StudentLink.objects.filter(student=student).count() == 1
    mail = Mail.objects.get(to="noor@example.net")
    assert student.sers_id in mail.text
    assert student.user.username in mail.text
    assert "/students/confirm/" in mail.text
    assert Event.objects.get(kind="students.created").actor == student.user


def test_the_new_person_is_signed_in_and_can_register(cast: Cast, client: PolicingClient) -> None:
    response = client.post(URL, typed(cast), follow=True)
    assert "Check your e-mail" in text(response)
    assert client.get(reverse("students:register")).status_code == 200


def test_a_likely_duplicate_reads_the_same_and_learns_nothing(cast: Cast, client: PolicingClient) -> None:
    new = text(client.post(URL, typed(cast), follow=True))
    again = PolicingClient()
    born = cast.student.birth_date
    response = again.post(
        URL,
        typed(
            cast,
            first_name="MARISOL",
            last_name="Véga",
            birth_date_month=str(born.month),
            birth_date_day=str(born.day),
            birth_date_year=str(born.year),
        ),
        follow=True,
    )
    at = "Check your e-mail We sent"
    assert at in new
    assert text(response).partition(at)[2] == new.partition(at)[2]
    assert Student.objects.filter(last_name="Véga").count() == 0
    assert not response.context["user"].is_authenticated
    mail = Mail.objects.get(subject="You have a SERS account")
    assert mail.to == cast.student.email
    assert cast.student.sers_id in mail.text


def test_sent_twice_it_makes_one_account(cast: Cast, client: PolicingClient) -> None:
    client.post(URL, typed(cast))
    PolicingClient().post(URL, typed(cast))
    assert Student.objects.filter(first_name="Noor").count() == 1


def test_staff_who_help_stay_signed_in_as_themselves(cast: Cast, client: PolicingClient) -> None:
    client.force_login(cast.counselor)
    response = client.post(URL, typed(cast), follow=True)
    assert response.context["user"] == cast.counselor
    assert Student.objects.filter(first_name="Noor").exists()


def test_a_person_of_one_name(cast: Cast, client: PolicingClient) -> None:
    assert client.post(URL, typed(cast, last_name="")).status_code == 302
    student = Student.objects.get(first_name="Noor")
    assert (student.name, student.list_name) == ("Noor", "Noor")


def test_an_empty_form_names_each_field_in_the_order_of_the_page(cast: Cast, client: PolicingClient) -> None:
    response = client.post(URL, {})
    assert response.status_code == 422
    assert title(response).startswith("Error: ")
    assert errors(response) == [
        "Enter your legal first name",
        "Enter your birth date",
        "Choose your high school",
        "Choose your grade level",
        "Choose your graduation year",
        "Enter your personal e-mail",
        "Enter a password",
        "Enter the password again",
    ]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"birth_date_month": ""}, "Add a month to your birth date"),
        ({"birth_date_month": "", "birth_date_year": ""}, "Add a month and a year to your birth date"),
        ({"birth_date_month": "June", "birth_date_day": "31", "birth_date_year": "2010"}, "June 31 is not a date in 2010"),
        ({"birth_date_month": "Spring"}, "Enter the month of your birth date as a number from 1 to 12 or by its name"),
        ({"birth_date_day": "9" * 5000}, "Enter the day of your birth date as a number from 1 to 31"),
        ({"birth_date_month": "1" * 5000}, "Enter the month of your birth date as a number from 1 to 12 or by its name"),
        ({"birth_date_year": "1970"}, "Enter your own birth date: students are 12 to 25 years old"),
        ({"birth_date_year": "2999"}, "Enter a birth date in the past"),
        ({"email": "noor at home"}, "Enter an e-mail like name@example.org"),
        ({"email": "n" * 300 + "@example.org"}, "Shorten your e-mail to 254 characters or fewer"),
        ({"school": "nonsense"}, "Choose a school from the list"),
        ({"school": "6b2f0a0e-9a0b-4a53-8a55-bd3a31f3d5d1"}, "Choose a school from the list"),
        ({"grade_level": "8"}, "Choose your grade level"),
        ({"graduation_year": "1999"}, "Choose a year from the list"),
        ({"first_name": "N" * 200_000}, "Shorten your legal first name to 100 characters or fewer"),
        ({"phone": "none"}, "Enter a phone number like 509 555 0117"),
        ({"state": "9X"}, "Enter your state with two letters, for example WA"),
        ({"postal_code": "ABC"}, "Enter your ZIP code with five digits, for example 99336"),
        ({"password": "short", "compare_password": "short"}, "Use at least 15 characters"),
        ({"compare_password": PASSWORD + "x"}, "The two passwords differ: enter the same password twice"),
        ({"password": "p" * 200_000}, "Shorten the password to 500 characters or fewer"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_and_nothing_is_lost(
    cast: Cast, client: PolicingClient, changes: dict[str, str], said: str
) -> None:
    response = client.post(URL, typed(cast, **changes))
    assert response.status_code == 422
    assert said in errors(response)
    assert not Student.objects.filter(email="noor@example.net").exists()
    form = response.context["form"]
    assert form["last_name"].value() == "Haddad"
    assert form["school"].value() == changes.get("school", str(cast.kamiakin.public_id))
    assert PASSWORD not in response.content.decode()


def test_a_skills_center_is_nobodys_own_school(cast: Cast, client: PolicingClient) -> None:
    center = HighSchool.objects.create(
        name="Tri-Tech", district=cast.kennewick, kind=HighSchool.Kind.SKILLS_CENTER, city="Kennewick"
    )
    assert "Tri-Tech" not in text(client.get(URL))
    assert client.post(URL, typed(cast, school=str(center.public_id))).status_code == 422


def test_an_address_of_a_school_is_asked_about_once(cast: Cast, client: PolicingClient) -> None:
    sent = typed(cast, email="noor@ksd.k12.wa.us")
    response = client.post(URL, sent)
    assert response.status_code == 422
    assert errors(response) == []
    assert "Is noor@ksd.k12.wa.us an address of your school?" in text(response)
    assert not title(response).startswith("Error")
    again = sent | {"email_asked": response.context["form"]["email_asked"].value()}
    assert client.post(URL, again).status_code == 302
    assert Student.objects.filter(email="noor@ksd.k12.wa.us").exists()


def test_another_address_of_a_school_is_asked_about_anew(cast: Cast, client: PolicingClient) -> None:
    sent = typed(cast, email="noor@other.k12.wa.us", email_asked="noor@ksd.k12.wa.us")
    assert client.post(URL, sent).status_code == 422


def test_no_social_security_number_is_asked(cast: Cast, client: PolicingClient) -> None:
    assert "We never ask for a Social Security number" in text(client.get(URL))
    assert not any("social" in name or "ssn" in name for name in client.get(URL).context["form"].fields)


def test_schools_stand_under_their_districts(
    cast: Cast, client: PolicingClient, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(1):
        page = client.get(URL).content.decode()
    assert '<optgroup label="Kennewick School District">' in page
    for at in range(3):
        HighSchool.objects.create(name=f"School {at}", district=cast.kennewick, city="Kennewick")
    with django_assert_num_queries(1):
        client.get(URL)


def test_a_machine_that_fills_mailboxes_is_stopped(
    cast: Cast, client: PolicingClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(identity, "NEW_ACCOUNTS_OF_ADDRESS", 2)
    for name in ("Noor", "Nina"):
        assert PolicingClient().post(URL, typed(cast, first_name=name)).status_code == 302
    response = client.post(URL, typed(cast, first_name="Nell"))
    assert response.status_code == 429
    assert "Too many accounts were created from here in an hour." in errors(response)[0]
    assert not Student.objects.filter(first_name="Nell").exists()


def test_a_user_name_is_made_from_the_name(cast: Cast, client: PolicingClient) -> None:
    client.post(URL, typed(cast))
    assert User.objects.filter(username="noor.haddad").exists()
    assert messages(client.get(CREATED)) == []


def test_a_name_that_grows_when_it_is_folded_is_kept(cast: Cast, client: PolicingClient) -> None:
    names = {"first_name": "ß" * 100, "middle_name": "ß" * 100, "last_name": "ﷺ" * 100}
    assert client.post(URL, typed(cast, **names)).status_code == 302
    assert Student.objects.get(first_name="ß" * 100).last_name == "ﷺ" * 100
