"""My classes: the one thing to do, the credits, and where each class is on its line."""

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from organizations.models import CollegeYear, ConsortiumYear, Window
from students.models import Registration, Student
from tests.owing import make_requirement
from tests.people import (
    Cast,
    enter_grade,
    make_agreement,
    make_college_course,
    make_high_school_course,
    make_registration,
    make_section,
)
from tests.policing import PolicingClient
from tests.students.pages import text

URL = reverse("students:my_classes")


def test_a_grade_in_parts_tells_what_is_in(client: PolicingClient, cast: Cast) -> None:
    """Where every term counts: each semester as it is told, who enters the other and by when; nothing is Completed."""
    confirmed(cast.student)
    assert "First semester" not in opened(client, cast.student)
    CollegeYear.objects.filter(college=cast.cbc, year=cast.year).update(every_term=True, needs_exam=True)
    said = opened(client, cast.student)
    assert "First semester: not in yet. Second semester: not in yet. Industry exam: not in yet." in said
    enter_part(cast, "first", percent=Decimal("91.5"), points=Decimal("3.5"), letter="A-")
    enter_part(cast, "exam")
    said = opened(client, cast.student)
    assert "First semester: 91.5 %. Second semester: not in yet. Industry exam: Met." in said
    assert re.search(r" enters? it by ", said)


def test_a_term_below_tells_which(client: PolicingClient, cast: Cast) -> None:
    confirmed(cast.student)
    CollegeYear.objects.filter(college=cast.cbc, year=cast.year).update(every_term=True)
    enter_part(cast, "first", percent=Decimal(80), outcome="not_attained")
    enter_grade(cast.registration, "80")
    assert "First semester: 80 %. Not Attained: no college credit" in opened(client, cast.student)


def enter_part(cast: Cast, part: str, **facts: Any) -> None:
    """A part of the grade of `registration`, as the roster enters it."""
    facts.setdefault("outcome", "completed")
    cast.registration.grade_parts.create(part=part, number=1, scale=cast.cbc_scale, **facts)


def confirmed(student: Student) -> Student:
    assert student.user is not None
    student.user.email_confirmed_at = timezone.now()
    student.user.save()
    return student


def opened(client: PolicingClient, student: Student) -> str:
    client.force_login(student.user)
    response = client.get(URL)
    assert response.status_code == 200
    return text(response)


def test_a_class_in_progress(cast: Cast, client: PolicingClient) -> None:
    words = opened(client, confirmed(cast.student))
    assert "Your college credit, Marisol" in words
    assert f"CTE Dual Credit ID {cast.student.sers_id}" in words
    assert "Accounting 1 ACCT& 201, 5 credits, Columbia Basin College. Tess Teacher" in words
    assert "In Progress" in words
    assert "Form and fee done None needed" in words
    assert "Grade now Tess Teacher" in words
    assert "Credits: 0 on your college record, 5 on the way" in words
    assert "Nothing to do now." in words


def test_a_class_that_waits_for_the_college(cast: Cast, client: PolicingClient) -> None:
    words = opened(client, confirmed(cast.classmate))
    assert "Completed" in words
    assert "97 %, college grade 3.9 A" in words
    assert "College credit now The college awards it in the summer" in words
    assert "graded, waiting for the college 5" in words


def test_what_is_owed_comes_first_with_its_date(cast: Cast, client: PolicingClient) -> None:
    due = timezone.localdate() + timedelta(days=30)
    words = opened(client, confirmed(cast.owing))
    assert "One thing to do: the $20 fee for Accounting 1" in words
    assert f"It is due by {due:%B} {due.day}, in 30 days." in words
    assert "Form and fee needs you $20 fee, due" in words
    assert "College credit not yet Waits for the form and fee" in words


def test_a_form_and_a_fee_are_both_named(cast: Cast, client: PolicingClient) -> None:
    ConsortiumYear.objects.filter(consortium=cast.columbia_basin, year=cast.year).update(form_required=True)
    assert "the signed form and $20 fee for Accounting 1" in opened(client, confirmed(cast.owing))


@pytest.mark.parametrize(("days", "said"), [(0, "It is due today."), (-3, "It was due"), (1, "in 1 day.")])
def test_the_date_is_told_as_it_nears(cast: Cast, client: PolicingClient, days: int, said: str) -> None:
    today = timezone.localdate()
    Window.objects.filter(kind=Window.Kind.PAYMENT).update(
        opens_on=today - timedelta(days=40), closes_on=today + timedelta(days=days)
    )
    assert said in opened(client, confirmed(cast.owing))


def test_not_attained_is_a_result_and_owes_nothing(cast: Cast, client: PolicingClient) -> None:
    Registration.objects.filter(pk=cast.below_registration.pk).update(fees_req=Registration.FeesReq.PENDING)
    words = opened(client, confirmed(cast.below))
    assert "84 %, Not Attained: no college credit" in words
    assert "One thing to do" not in words
    assert "Credits: 0 on your college record, 0 on the way" in words


def test_credit_on_the_record(cast: Cast, client: PolicingClient) -> None:
    words = opened(client, confirmed(cast.graduate))
    assert "Credits: 5 on your college record, 0 on the way" in words
    assert "On your record" in words
    assert "One thing to do: register for your classes" in words


def test_a_class_nobody_graded_last_year_hides_nothing(cast: Cast, client: PolicingClient) -> None:
    make_registration(cast.newcomer, cast.last_section, cast.agreement)
    assert "One thing to do: register for your classes" in opened(client, confirmed(cast.newcomer))


def test_a_class_that_was_left_is_in_the_history_only(cast: Cast, client: PolicingClient) -> None:
    words = opened(client, confirmed(cast.gone))
    assert "No classes yet." in words
    assert "Registration History" in words


def test_a_new_student_is_told_to_confirm_the_address(cast: Cast, client: PolicingClient) -> None:
    words = opened(client, cast.newcomer)
    assert "One thing to do: confirm your e-mail" in words
    assert cast.newcomer.email in words
    assert "Send the mail again" in words


def test_a_course_of_two_classes_counts_once(cast: Cast, client: PolicingClient) -> None:
    both = make_college_course(cast.cbc, "BUS 250", credits="4")
    first, second = (make_high_school_course(cast.kamiakin, f"Business {at}") for at in (1, 2))
    agreement = make_agreement((first, both), (second, both), consortium=cast.columbia_basin)
    make_registration(cast.newcomer, make_section(first, cast.teacher_seat), agreement, percent="95")
    make_registration(cast.newcomer, make_section(second, cast.teacher_seat), agreement)
    words = opened(client, confirmed(cast.newcomer))
    assert "Credits: 0 on your college record, 4 on the way" in words
    assert words.count("in class now") == 1


def test_a_course_that_needs_another_class_is_not_said_to_wait_for_the_college(
    cast: Cast, client: PolicingClient
) -> None:
    both = make_college_course(cast.cbc, "BUS 250", credits="4")
    first, second = (make_high_school_course(cast.kamiakin, f"Business {at}") for at in (1, 2))
    agreement = make_agreement((first, both), (second, both), consortium=cast.columbia_basin)
    make_registration(cast.newcomer, make_section(first, cast.teacher_seat), agreement, percent="95")
    assert "graded, waiting for the college 4" not in opened(client, confirmed(cast.newcomer))
    make_registration(cast.newcomer, make_section(second, cast.teacher_seat), agreement, percent="90")
    assert "graded, waiting for the college 4" in opened(client, cast.newcomer)


def test_it_is_for_students(cast: Cast, client: PolicingClient) -> None:
    client.force_login(cast.teacher)
    assert client.get(URL).status_code == 403
    client.force_login(cast.nobody)
    assert client.get(URL).status_code == 403


def test_one_class_and_three_cost_the_same(
    cast: Cast, client: PolicingClient, django_assert_num_queries: Any
) -> None:
    client.force_login(cast.student.user)
    with django_assert_num_queries(19):
        client.get(URL)
    for at in range(2):
        course = make_high_school_course(cast.kamiakin, f"Class {at}")
        agreement = make_agreement(
            (course, cast.acct_201), (course, cast.wld_110), consortium=cast.columbia_basin
        )
        section = make_section(course, cast.teacher_seat, cast.colleague_seat)
        make_registration(cast.student, section, agreement, percent="92", fee_due=Decimal(0))
    with django_assert_num_queries(19):
        client.get(URL)


def last_days(client: PolicingClient, student: Student) -> str:
    """What the page says of deadlines."""
    return opened(client, student).split(" Deadlines ")[1].split(" Your record ")[0]


def test_the_next_last_days_are_told(client: PolicingClient, cast: Cast) -> None:
    today = timezone.localdate()
    registering = Window.objects.filter(kind=Window.Kind.REGISTRATION, year=cast.year)
    registering.update(closes_on=today + timedelta(days=9))
    confirmed(cast.owing)
    assert "Registration closes in 9 days" in last_days(client, cast.owing)
    make_requirement(cast.owing_registration, "form", due_on=today + timedelta(days=1))
    words = last_days(client, cast.owing)
    assert (
        words.index("Hand in for Accounting 1: ")
        < words.index("tomorrow")
        < words.index("Registration closes")
    )
    page = client.get(URL).content.decode()
    assert page.count(reverse("students:registration", args=[cast.owing_registration.public_id])) >= 2


def test_days_that_are_over_or_of_others_are_not_told(client: PolicingClient, cast: Cast) -> None:
    today = timezone.localdate()
    registering = Window.objects.filter(kind=Window.Kind.REGISTRATION, year=cast.year)
    registering.update(opens_on=today - timedelta(days=9), closes_on=today - timedelta(days=1))
    registering.filter(consortium=cast.walla_walla).update(closes_on=today + timedelta(days=5))
    assert last_days(client, cast.student) == "No last day is ahead for you."
