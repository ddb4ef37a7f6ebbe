"""The profile of a student: who reads it, who changes which field, and what is written down about it."""

from datetime import date
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts import actions as accounts
from accounts.models import Event, Mail
from sers.lib.fields import seal
from sers.lib.refusal import Refused
from students import actions
from students.models import Registration, Student
from tests.accounts.pages import mailed_links
from tests.people import Cast, make_student
from tests.policing import PolicingClient
from tests.raw import breaks, change
from tests.students.pages import errors, messages, text


def address(student: Student) -> str:
    return reverse("students:student", args=[student.public_id])


def filled(client: PolicingClient, student: Student, **changes: str) -> dict[str, str]:
    """The form as the page gives it, with some fields typed over."""
    form = client.get(address(student)).context["form"]
    data = {}
    for field in form:
        value = field.value()
        if isinstance(value, date):
            data |= {
                f"{field.html_name}_month": str(value.month),
                f"{field.html_name}_day": str(value.day),
                f"{field.html_name}_year": str(value.year),
            }
        else:
            data[field.html_name] = "" if value is None else str(value)
    return data | changes


def save(client: PolicingClient, student: Student, **changes: str) -> Any:
    return client.post(address(student), filled(client, student, **changes), follow=True)


def open_fields(client: PolicingClient, student: Student) -> set[str]:
    return set(client.get(address(student)).context["form"].open)


# --- Reading --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["teacher", "registrar", "state"])
def test_who_only_reads_gets_text_and_no_form(cast: Cast, client: PolicingClient, who: str) -> None:
    client.force_login(getattr(cast, who))
    response = client.get(address(cast.student))
    assert "You can read this record." in text(response)
    assert f"CTE Dual Credit ID {cast.student.sers_id}" in text(response)
    assert "Personal e-mail marisol@example.net" in text(response)
    assert "Locked: why?" not in text(response)
    assert open_fields(client, cast.student) == set()
    assert client.post(address(cast.student), {"email": "new@example.net"}).status_code == 403
    cast.student.refresh_from_db()
    assert cast.student.email == "marisol@example.net"


@pytest.mark.parametrize(
    "who",
    [
        "colleague",
        "other_teacher",
        "other_counselor",
        "other_district",
        "other_consortium",
        "other_registrar",
    ],
)
def test_for_strangers_it_is_not_there(cast: Cast, client: PolicingClient, who: str) -> None:
    client.force_login(getattr(cast, who))
    assert client.get(address(cast.student)).status_code == 404
    assert client.post(address(cast.student), {"email": "new@example.net"}).status_code == 404


def test_another_student_does_not_see_it_and_faculty_have_no_business_here(
    cast: Cast, client: PolicingClient
) -> None:
    client.force_login(cast.classmate.user)
    assert client.get(address(cast.student)).status_code == 404
    client.force_login(cast.faculty)
    assert client.get(address(cast.student)).status_code == 403


def test_locked_fields_say_why(cast: Cast, client: PolicingClient) -> None:
    client.force_login(cast.counselor)
    words = text(client.get(address(cast.student)))
    assert "Legal name Marisol Vega Locked: why?" in words
    assert "Legal names and birth dates are changed by the consortium, with a reason." in words
    assert "The ID never changes" in words
    client.force_login(cast.classmate.user)
    assert "A grade was entered under this name" in text(client.get(address(cast.classmate)))


# --- Changing -------------------------------------------------------------------------------------------


def test_a_counselor_changes_contact_and_school(cast: Cast, client: PolicingClient) -> None:
    client.force_login(cast.counselor)
    response = save(
        client, cast.student, phone="509 555 0117", city="Kennewick", state="wa", grade_level="12"
    )
    assert messages(response) == ["The record is saved."]
    cast.student.refresh_from_db()
    assert (cast.student.phone, cast.student.city, cast.student.state) == ("509 555 0117", "Kennewick", "WA")
    assert cast.student.grade_level == 12
    event = Event.objects.get(kind="students.edited")
    assert event.actor == cast.counselor
    assert event.data["phone"] == ["", "509 555 0117"]
    assert event.data["grade_level"] == [11, 12]


def test_what_is_not_changed_leaves_no_event(cast: Cast, client: PolicingClient) -> None:
    client.force_login(cast.counselor)
    assert messages(save(client, cast.student)) == ["Nothing was changed."]
    assert not Event.objects.filter(kind="students.edited").exists()


def test_a_field_that_is_locked_is_not_changed_by_sending_it(cast: Cast, client: PolicingClient) -> None:
    client.force_login(cast.counselor)
    save(client, cast.student, first_name="Other", sers_id="TP0-00-000", phone="509 555 0100")
    cast.student.refresh_from_db()
    assert (cast.student.first_name, cast.student.phone) == ("Marisol", "509 555 0100")
    assert cast.student.sers_id != "TP0-00-000"


def test_the_consortium_changes_a_legal_name_with_a_reason(cast: Cast, client: PolicingClient) -> None:
    client.force_login(cast.consortium)
    refused = save(client, cast.classmate, last_name="Cruz")
    assert refused.status_code == 422
    assert errors(refused) == ["Enter the reason for the new legal name or birth date"]
    born = cast.classmate.birth_date
    save(client, cast.classmate, last_name="Cruz", birth_date_day="3", reason="Court order, copy seen")
    cast.classmate.refresh_from_db()
    assert cast.classmate.last_name == "Cruz"
    assert cast.classmate.user.last_name == "Cruz"
    assert cast.classmate.folded == " maximiliano cruz"
    event = Event.objects.get(kind="students.edited")
    assert event.data["reason"] == "Court order, copy seen"
    assert event.data["last_name"] == ["Hernández de la Cruz", "Cruz"]
    # A birth date is kept sealed, here too.
    assert event.data["birth_date"][0] == seal(born.isoformat()).hex()
    assert str(born.year) not in str(event.data)


def test_students_change_how_they_are_reached_and_before_a_grade_their_name(
    cast: Cast, client: PolicingClient
) -> None:
    client.force_login(cast.student.user)
    save(client, cast.student, phone="509 555 0117", former_names="Vega Ruiz")
    cast.student.refresh_from_db()
    assert (cast.student.phone, cast.student.former_names) == ("509 555 0117", "Vega Ruiz")
    assert "school" not in open_fields(client, cast.student)
    client.force_login(cast.classmate.user)
    save(client, cast.classmate, phone="509 555 0118", first_name="Max")
    cast.classmate.refresh_from_db()
    assert (cast.classmate.phone, cast.classmate.first_name) == ("509 555 0118", "Maximiliano")


def test_a_new_address_waits_for_its_link_and_the_old_one_is_told(cast: Cast, client: PolicingClient) -> None:
    client.force_login(cast.counselor)
    response = save(client, cast.student, email="new@example.net")
    assert messages(response) == ["We mailed a link to new@example.net. Open it, and the new address counts."]
    assert "The new e-mail new@example.net waits to be confirmed" in text(response)
    assert "Reset Account waits until" in text(response)
    student = Student.objects.in_full().get(pk=cast.student.pk)
    assert student.email == "marisol@example.net"
    told = Mail.objects.get(subject="Your SERS e-mail will change", to="marisol@example.net")
    assert "A staff member of your school or programme asked to change" in told.text
    (token,) = mailed_links("new@example.net")
    accounts.confirm_email(token=token)
    assert Student.objects.in_full().get(pk=cast.student.pk).email == "new@example.net"


def test_staff_enter_no_address_of_their_own(cast: Cast, client: PolicingClient) -> None:
    client.force_login(cast.counselor)
    response = save(client, cast.student, email=cast.counselor.email.upper())
    assert response.status_code == 409
    assert "This is your own e-mail." in text(response)
    assert not cast.student.user.email_changes.exists()


def test_students_change_their_address_in_my_account(cast: Cast, client: PolicingClient) -> None:
    client.force_login(cast.student.user)
    page = client.get(address(cast.student))
    assert "email" not in page.context["form"].fields
    assert reverse("accounts:change_email") in page.content.decode()
    save(client, cast.student, email="new@example.net", phone="509 555 0117")
    assert not cast.student.user.email_changes.exists()


def test_a_record_without_an_account_keeps_its_address_itself(cast: Cast, client: PolicingClient) -> None:
    one = make_student(cast.kamiakin, "Ida", "Imported", user=None, email="ida@example.net")
    assert one.email == "ida@example.net"
    client.force_login(cast.counselor)
    save(client, one, email="ida.new@example.net")
    one.refresh_from_db()
    assert (one.email, one.imported_email) == ("ida.new@example.net", "ida.new@example.net")
    assert Event.objects.get(kind="students.edited").data["email"] == [
        "ida@example.net",
        "ida.new@example.net",
    ]
    with breaks("an_address_stands_in_one_place"):
        change(cast.student, imported_email="two@example.net")


# --- Two people on one record -------------------------------------------------------------------------------


def test_two_people_who_change_different_fields_both_keep_theirs(cast: Cast, client: PolicingClient) -> None:
    client.force_login(cast.counselor)
    sent = filled(client, cast.student, phone="509 555 0117")
    actions.edit_student(
        student=cast.student, changes={"city": "Pasco"}, seen=cast.student.updated_at, by=cast.district
    )
    response = client.post(address(cast.student), sent, follow=True)
    assert messages(response) == [
        "The record is saved.",
        f"{cast.district.name} had changed the same record meanwhile, and that stays. City: Pasco",
    ]
    cast.student.refresh_from_db()
    assert (cast.student.phone, cast.student.city) == ("509 555 0117", "Pasco")


def test_two_people_who_change_one_field_see_both_values_and_nothing_is_lost(
    cast: Cast, client: PolicingClient
) -> None:
    client.force_login(cast.counselor)
    sent = filled(client, cast.student, phone="509 555 0117", street="12 Elm St")
    for phone in ("509 555 0111", "509 555 0112"):
        cast.student.refresh_from_db()
        actions.edit_student(
            student=cast.student,
            changes={"phone": phone, "city": "Pasco"},
            seen=cast.student.updated_at,
            by=cast.district,
        )
    response = client.post(address(cast.student), sent)
    assert response.status_code == 409
    words = text(response)
    assert f"Phone 509 555 0117 509 555 0112 {cast.district.name}" in words
    cast.student.refresh_from_db()
    assert (cast.student.phone, cast.student.street) == ("509 555 0112", "")
    # The form stands on the record as it is now and holds what was typed: saved again, it is meant.
    form = response.context["form"]
    assert (form["phone"].value(), form["street"].value(), form["city"].value()) == (
        "509 555 0117",
        "12 Elm St",
        "Pasco",
    )
    again = {**sent, "city": "Pasco", "seen": form["seen"].value(), "seen_email": form["seen_email"].value()}
    client.post(address(cast.student), again)
    cast.student.refresh_from_db()
    assert (cast.student.phone, cast.student.street) == ("509 555 0117", "12 Elm St")


def test_two_people_with_two_addresses(cast: Cast, client: PolicingClient) -> None:
    client.force_login(cast.counselor)
    sent = filled(client, cast.student, email="one@example.net")
    accounts.change_email(user=cast.student.user, email="two@example.net", by=cast.district)
    response = client.post(address(cast.student), sent)
    assert response.status_code == 409
    assert f"Personal e-mail one@example.net two@example.net {cast.district.name}" in text(response)
    assert cast.student.user.email_changes.waiting().get().new_address == "two@example.net"


def test_a_change_that_nobody_wrote_down_is_told_and_nothing_lost(cast: Cast, client: PolicingClient) -> None:
    client.force_login(cast.counselor)
    sent = filled(client, cast.student, phone="509 555 0117")
    Student.objects.get(pk=cast.student.pk).save()  # not by Save: what it changed is not known
    response = client.post(address(cast.student), sent)
    assert response.status_code == 409
    assert "Somebody changed this record while the page was open." in text(response)
    assert 'value="509 555 0117"' in response.content.decode()
    cast.student.refresh_from_db()
    assert cast.student.phone == ""


@pytest.mark.parametrize("seen", ["", "yesterday", "x" * 200_000, "2020-01-01"])
def test_a_page_that_lost_its_version_is_refused(cast: Cast, client: PolicingClient, seen: str) -> None:
    client.force_login(cast.counselor)
    assert save(client, cast.student, seen=seen).status_code in (409, 422)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"email": ""}, "Enter your personal e-mail"),
        ({"email": "nowhere"}, "Enter an e-mail like name@example.org"),
        ({"school": ""}, "Choose your high school"),
        ({"school": "x" * 300}, "Choose a school from the list"),
        ({"grade_level": "13"}, "Choose a grade level from the list"),
        ({"graduation_year": "two"}, "Choose a year from the list"),
        ({"street": "s" * 200_000}, "Shorten your street address to 120 characters or fewer"),
    ],
)
def test_what_is_wrong_is_said_and_the_rest_kept(
    cast: Cast, client: PolicingClient, changes: dict[str, str], said: str
) -> None:
    client.force_login(cast.counselor)
    response = save(client, cast.student, **{"city": "Pasco"} | changes)
    assert response.status_code == 422
    assert errors(response) == [said]
    assert 'value="Pasco"' in response.content.decode()


def test_a_student_who_went_to_another_school_is_out_of_reach(cast: Cast, client: PolicingClient) -> None:
    client.force_login(cast.counselor)
    response = save(client, cast.newcomer, school=str(cast.wahi.public_id))
    assert response.redirect_chain[-1][0] == reverse("students:search")
    assert messages(response) == [
        "The record is saved.",
        f"{cast.newcomer.sers_id} belongs to another school now and is out of your reach.",
    ]


@pytest.mark.parametrize("page", ["student", "history", "readers", "changes", "reset_account"])
def test_the_address_of_a_merged_record_leads_to_the_one_that_stands(
    cast: Cast, client: PolicingClient, page: str
) -> None:
    stands = make_student(cast.kamiakin, "Mari", "Vega")
    Student.objects.filter(pk=cast.student.pk).update(merged_into=stands)
    client.force_login(cast.consortium)
    response = client.get(reverse(f"students:{page}", args=[cast.student.public_id]), follow=True)
    assert response.redirect_chain == [(reverse(f"students:{page}", args=[stands.public_id]), 302)]
    assert f"The record {cast.student.sers_id} was merged into this one." in text(response)


def test_the_address_of_a_merged_record_opens_nothing_that_is_out_of_reach(
    cast: Cast, client: PolicingClient
) -> None:
    """The counselor of the school the merged record names does not reach the student by it."""
    Student.objects.filter(pk=cast.student.pk).update(merged_into=make_student(cast.wahi))
    client.force_login(cast.counselor)
    response = client.get(reverse("students:student", args=[cast.student.public_id]), follow=True)
    assert response.status_code == 404


def test_the_action_asks_the_rule_again(cast: Cast) -> None:
    with pytest.raises(Refused) as refused:
        actions.edit_student(
            student=cast.student, changes={"phone": "1"}, seen=cast.student.updated_at, by=cast.teacher
        )
    assert refused.value.refusal.rule == "locked"
    with pytest.raises(Refused) as refused:
        actions.edit_student(
            student=cast.student,
            changes={"first_name": "Mary"},
            seen=cast.student.updated_at,
            by=cast.consortium,
        )
    assert refused.value.refusal.rule == "no_reason"


def test_queries(cast: Cast, client: PolicingClient, django_assert_num_queries: Any) -> None:
    client.force_login(cast.counselor)
    with django_assert_num_queries(15):
        client.get(address(cast.student))
    for one in Registration.objects.of(cast.classmate):
        assert one.student == cast.classmate
    with django_assert_num_queries(15):
        client.get(address(cast.classmate))


def test_helpers_see_that_mail_came_back(cast: Cast, client: PolicingClient) -> None:
    client.force_login(cast.counselor)
    assert "came back on" not in client.get(address(cast.student)).content.decode()
    now = timezone.now()
    Mail.objects.filter(to=cast.student.email).update(
        state="done", done_at=now, bounced_at=now, bounce_reason="5.1.1 550 unknown"
    )
    page = client.get(address(cast.student)).content.decode()
    assert f"Mail to {cast.student.email} came back on" in page
