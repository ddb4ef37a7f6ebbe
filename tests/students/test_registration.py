"""One registration: its reference, where it stands, what is to be handed in, and the form on paper."""

from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from organizations.models import ConsortiumYear, Window
from sers.lib.moments import moment
from students import actions
from students.models import Registration
from tests.people import Cast, close_window, make_section
from tests.policing import PolicingClient
from tests.students.pages import text


def address(registration: Registration) -> str:
    return reverse("students:registration", args=[registration.public_id])


def test_the_student_reads_all_of_it(cast: Cast, client: PolicingClient) -> None:
    client.force_login(cast.student.user)
    words = text(client.get(address(cast.registration)))
    for said in (
        f"Registration {cast.registration.reference}",
        "Student Marisol Vega",
        f"CTE Dual Credit ID {cast.student.sers_id}",
        "High school Kamiakin High School",
        f"School year {cast.year}",
        "Teacher Tess Teacher and Lola Teacher",
        "College Columbia Basin College",
        "College course ACCT& 201 Principles of Accounting I, 5 credits",
        "Status In Progress",
        "Fees/Req Not required",
        f"Agreement {cast.agreement.number}",
        "What happens next",
    ):
        assert said in words


def test_the_form_to_print_and_the_words_agreed_to_are_a_link_away(
    cast: Cast, client: PolicingClient
) -> None:
    client.force_login(cast.student.user)
    page = client.get(address(cast.registration)).content.decode()
    assert f"{reverse('students:registration_forms')}?one={cast.registration.public_id}" in page
    assert reverse("students:consent", args=[cast.registration.public_id]) in page


def test_who_must_act_next_and_until_when(cast: Cast, client: PolicingClient) -> None:
    client.force_login(cast.student.user)
    assert "Next: Your grade comes from Tess Teacher and Lola Teacher by" in text(
        client.get(address(cast.registration))
    )
    client.force_login(cast.owing.user)
    assert "Next: It is your turn: hand in the $20 fee" in text(client.get(address(cast.owing_registration)))
    client.force_login(cast.consortium)
    assert "Next: The student hands in the $20 fee" in text(client.get(address(cast.owing_registration)))


def test_the_student_reads_what_happened(cast: Cast, client: PolicingClient) -> None:
    other = make_section(cast.accounting, cast.colleague_seat, label="Period 5")
    one = actions.register(
        student=cast.newcomer, section=cast.section, college=cast.cbc, by=cast.newcomer.user
    )
    actions.change_teacher(registration=one, section=other, version=1, by=cast.newcomer.user)
    Registration.objects.filter(pk=one.pk).update(fees_req=Registration.FeesReq.PENDING)
    one.refresh_from_db()
    actions.process_requirements(registrations=[one], to=Registration.FeesReq.PROCESSED, by=cast.consortium)
    for person in (cast.newcomer.user, cast.colleague, cast.consortium):
        client.force_login(person)
        words = text(client.get(address(one)))
        assert "What happened Registered with Columbia Basin College" in words
        assert (
            "Teacher changed from Tess Teacher and Lola Teacher, Period 2 to Colin Teacher, Period 5" in words
        )
        assert f"Form and fee Processed {moment(timezone.now())[:12]}" in words
        assert cast.consortium.name in words


def test_what_is_owed_is_told(cast: Cast, client: PolicingClient) -> None:
    ConsortiumYear.objects.filter(consortium=cast.columbia_basin, year=cast.year).update(form_required=True)
    client.force_login(cast.owing.user)
    words = text(client.get(address(cast.owing_registration)))
    assert "What to hand in" in words
    assert "Fee, $20" in words
    assert "Print the registration form and sign it" in words


@pytest.mark.parametrize("who", ["teacher", "counselor", "district", "registrar", "consortium", "state"])
def test_staff_within_reach_read_it(cast: Cast, client: PolicingClient, who: str) -> None:
    client.force_login(getattr(cast, who))
    words = text(client.get(address(cast.registration)))
    assert "Marisol Vega registered" in words
    assert "Withdraw" not in words
    assert "Change teacher" not in words


@pytest.mark.parametrize(
    "who",
    [
        "colleague",
        "other_teacher",
        "other_counselor",
        "other_district",
        "other_registrar",
        "other_consortium",
        "many_hats",
    ],
)
def test_for_strangers_it_is_not_there(cast: Cast, client: PolicingClient, who: str) -> None:
    client.force_login(getattr(cast, who))
    assert client.get(address(cast.registration)).status_code == 404


def test_another_student_does_not_see_it(cast: Cast, client: PolicingClient) -> None:
    client.force_login(cast.classmate.user)
    assert client.get(address(cast.registration)).status_code == 404


def test_faculty_have_no_business_here(cast: Cast, client: PolicingClient) -> None:
    client.force_login(cast.faculty)
    assert client.get(address(cast.registration)).status_code == 403


def test_buttons_are_there_only_while_the_rule_allows(cast: Cast, client: PolicingClient) -> None:
    client.force_login(cast.student.user)
    words = text(client.get(address(cast.registration)))
    assert "Withdraw from this class" in words
    assert "Change teacher" not in words  # there is one section only
    make_section(cast.accounting, cast.colleague_seat, label="Period 5")
    assert "Change teacher" in text(client.get(address(cast.registration)))
    close_window(Window.Kind.REGISTRATION, cast.columbia_basin, cast.year)
    words = text(client.get(address(cast.registration)))
    assert "Withdraw from this class" not in words
    assert "Change teacher" not in words


def test_credit_on_the_record(cast: Cast, client: PolicingClient) -> None:
    client.force_login(cast.graduate.user)
    words = text(client.get(address(cast.graduate_registration)))
    assert "On your record since" in words
    assert "95.5 %, college grade 3.8 A" in words


def test_waived_and_processed_say_when(cast: Cast, client: PolicingClient) -> None:
    Registration.objects.filter(pk=cast.registration.pk).update(
        fees_req=Registration.FeesReq.WAIVED, fees_req_at=timezone.now()
    )
    client.force_login(cast.student.user)
    assert "Form and fee done Waived" in text(client.get(address(cast.registration)))


def test_a_withdrawn_class_ends_its_line(cast: Cast, client: PolicingClient) -> None:
    client.force_login(cast.gone.user)
    words = text(client.get(address(cast.gone_registration)))
    assert "Withdrawn" in words
    assert "Signature" not in words


def test_queries(cast: Cast, client: PolicingClient, django_assert_num_queries: Any) -> None:
    client.force_login(cast.student.user)
    with django_assert_num_queries(25):
        client.get(address(cast.registration))
