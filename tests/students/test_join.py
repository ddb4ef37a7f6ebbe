"""A class by its code: for students, for those who have no account yet, and back to the class afterwards."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Mail, RateLimit, User
from articulations.models import ArticulationCourse
from organizations.models import Window
from students import rules
from students.models import FIRST_CONSENT, Registration, Student
from tests.people import Cast, close_window
from tests.policing import PolicingClient
from tests.students.creating import PASSWORD, create
from tests.students.pages import messages, text

CHOOSE = reverse("students:choose")


def address(code: str = "ACCTG23") -> str:
    return reverse("students:join", args=[code])


def the_way(code: str = "ACCTG23") -> str:
    return f"{CHOOSE}?code={code}"


def test_who_has_no_account_reads_what_the_class_earns_and_how_to_begin(
    cast: Cast, client: PolicingClient
) -> None:
    response = client.get(address())
    words = text(response)
    assert "Accounting 1 Kamiakin High School" in words
    assert "Tess Teacher" in words
    assert "Columbia Basin College ACCT& 201 Principles of Accounting I, 5 credits" in words
    assert f"Open until {timezone.localdate() + timedelta(days=30):%B}" in words
    assert "Create New SERS Account" in words
    assert f'href="{reverse("accounts:sign_in")}?door=student&amp;next=' in response.content.decode()


@pytest.mark.parametrize("code", ["acctg23", "ACC-TG23", "AcCtG 23"])
def test_a_code_is_read_as_people_write_it(cast: Cast, client: PolicingClient, code: str) -> None:
    assert client.get(address(code)).status_code == 200


def test_a_student_goes_straight_to_the_choice(cast: Cast, client: PolicingClient) -> None:
    client.force_login(cast.newcomer.user)
    response = client.get(address())
    assert f'href="{the_way()}"' in response.content.decode()
    assert "Create New SERS Account" not in text(response)


def test_staff_are_told_that_students_register_here(cast: Cast, client: PolicingClient) -> None:
    client.force_login(cast.counselor)
    assert "You are signed in as staff." in text(client.get(address()))


def test_a_class_without_an_agreement_says_so(cast: Cast, client: PolicingClient) -> None:
    ArticulationCourse.objects.filter(high_school_course=cast.accounting).delete()
    assert "No college gives credit for this class now." in text(client.get(address()))


def test_a_closed_window_is_told(cast: Cast, client: PolicingClient) -> None:
    close_window(Window.Kind.REGISTRATION, cast.columbia_basin, cast.year)
    assert "Closed. The last day was" in text(client.get(address()))


@pytest.mark.parametrize("code", ["NOTHING", "???", "9" * 3000])
def test_a_code_that_no_class_has_is_not_there(cast: Cast, client: PolicingClient, code: str) -> None:
    assert client.get(address(code)).status_code == 404


def test_a_code_of_last_year_is_not_there(cast: Cast, client: PolicingClient) -> None:
    assert client.get(address(cast.last_section.class_code)).status_code == 404


def test_signing_in_leads_back_to_the_class(cast: Cast, client: PolicingClient) -> None:
    page = client.get(address()).content.decode()
    (link,) = re.findall(r'href="([^"]*sign-in[^"]*next=[^"]*)"', page)
    cast.newcomer.user.set_password(PASSWORD)
    cast.newcomer.user.save()
    response = client.post(
        link.replace("&amp;", "&"), {"username": cast.newcomer.user.username, "password": PASSWORD}
    )
    assert response.headers["Location"] == the_way()


def test_a_new_account_comes_back_to_the_class(cast: Cast, client: PolicingClient) -> None:
    client.get(address())
    create(client, cast)
    student = Student.objects.get(user__email="noor@example.net")
    assert student.came_for == cast.section
    page = client.get(reverse("students:created"))
    assert "Register for Accounting 1" in text(page)
    assert f'href="{the_way()}"' in page.content.decode()
    assert client.get(the_way()).status_code == 200  # signed in, and unconfirmed for seven days


def test_the_page_after_creating_says_the_same_whoever_it_was(cast: Cast, client: PolicingClient) -> None:
    """A likely duplicate and a new person read the same words about the class too."""
    client.get(address())
    create(client, cast, email=cast.student.email)
    assert "Register for Accounting 1" in text(client.get(reverse("students:created")))


def test_the_mail_opened_on_another_device_leads_to_the_class(cast: Cast, client: PolicingClient) -> None:
    client.get(address())
    create(client, cast)
    student = Student.objects.get(user__email="noor@example.net")
    link = re.findall(r"/students/confirm/[^/\s]+/", Mail.objects.get(to=student.email).text)[0]
    telephone = PolicingClient()
    response = telephone.post(link)
    assert response.headers["Location"] == the_way()
    asked = telephone.get(the_way())
    assert asked.status_code == 302  # to sign in, and back
    signed_in = telephone.post(
        asked.headers["Location"], {"username": student.user.username, "password": PASSWORD}
    )
    assert signed_in.headers["Location"] == the_way()
    assert "Register for Accounting 1" in text(telephone.get(the_way()))


def test_who_never_came_by_a_code_is_led_to_my_classes(cast: Cast, client: PolicingClient) -> None:
    create(client, cast)
    link = re.findall(r"/students/confirm/[^/\s]+/", Mail.objects.get(to="noor@example.net").text)[0]
    assert PolicingClient().post(link).headers["Location"] == reverse("students:my_classes")


def test_my_classes_remember_the_class_until_it_is_registered(cast: Cast, client: PolicingClient) -> None:
    Student.objects.filter(pk=cast.newcomer.pk).update(came_for=cast.section)
    User.objects.filter(pk=cast.newcomer.user_id).update(email_confirmed_at=timezone.now())
    client.force_login(cast.newcomer.user)
    response = client.get(reverse("students:my_classes"))
    assert "One thing to do: register for Accounting 1" in text(response)
    assert f'href="{the_way()}"' in response.content.decode()
    client.post(
        the_way(),
        {
            f"teacher_{cast.accounting.public_id}": str(cast.section.public_id),
            f"college_{cast.accounting.public_id}": str(cast.cbc.public_id),
            "consent": "on",
            "consent_version": FIRST_CONSENT,
        },
    )
    assert Registration.objects.of(cast.newcomer).count() == 1
    cast.newcomer.refresh_from_db()
    assert cast.newcomer.came_for is None


def test_a_class_of_last_year_is_forgotten(cast: Cast) -> None:
    cast.newcomer.came_for = cast.last_section
    assert rules.still_comes_for(cast.newcomer, year=cast.year) is None
    cast.newcomer.came_for = cast.section
    assert rules.still_comes_for(cast.newcomer, year=cast.year) == cast.section
    cast.newcomer.came_for = None
    assert rules.still_comes_for(cast.newcomer, year=cast.year) is None


# --- Wrong codes are counted ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tries", "known", "refused"),
    [
        (1, True, False),
        (20, True, False),
        (21, True, True),
        (21, False, False),
        (100, False, False),
        (101, False, True),
    ],
)
def test_how_many_wrong_codes(tries: int, known: bool, refused: bool) -> None:
    limit = RateLimit(tries=tries, ends_at=timezone.now())
    assert (rules.why_not_another_code(limit, known=known) is not None) is refused


def test_after_twenty_wrong_codes_no_code_is_looked_at(cast: Cast, client: PolicingClient) -> None:
    client.force_login(cast.newcomer.user)
    for number in range(20):
        assert client.get(address(f"WRONG{number}")).status_code == 404
    response = client.get(address())
    assert response.status_code == 429
    assert "Too many class codes that no class has were tried in an hour." in text(response)
    typed = client.post(reverse("students:register"), {"code": "ACCTG23", "find": "code"})
    assert typed.status_code == 429
    assert "tick the class in the list of your school" in text(typed)
    chosen = client.get(the_way(), follow=True)
    assert chosen.redirect_chain == [(reverse("students:register"), 302)]
    assert "Too many class codes" in messages(chosen)[0]
    ticked = client.get(CHOOSE, {"class": str(cast.accounting.public_id)})
    assert ticked.status_code == 200  # the class itself is never out of reach


def test_a_classroom_that_scans_its_own_code_is_never_kept_out(cast: Cast, client: PolicingClient) -> None:
    for _ in range(150):
        assert client.get(address()).status_code == 200


def test_queries(cast: Cast, client: PolicingClient, django_assert_num_queries: Any) -> None:
    client.get(address())
    with django_assert_num_queries(12):
        client.get(address())
