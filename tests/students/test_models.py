"""What the database refuses about students and registrations, whoever asks."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from students.models import Registration, Student
from tests.people import Cast, make_registration, make_section, make_student
from tests.raw import breaks, change, copy, delete, stands

NOW = timezone.now()


# --- Students -------------------------------------------------------------------------------------------


def test_an_id_is_given_once_whatever_its_case(cast: Cast) -> None:
    with stands():
        copy(cast.student, sers_id="TP1-11-111", user_id=None)
    with breaks("sers_id_once"):
        copy(cast.student, sers_id=cast.student.sers_id.lower(), user_id=None)
    with breaks("students_student_user_id_key"):
        copy(cast.student, sers_id="TP1-11-111")


@pytest.mark.parametrize("grade_level", [0, 8, 13, 99])
def test_a_student_is_in_grades_9_to_12(cast: Cast, grade_level: int) -> None:
    with stands():
        change(cast.student, grade_level=9)
    with breaks("student_is_in_grades_9_to_12"):
        change(cast.student, grade_level=grade_level)


def test_no_one_is_merged_into_themselves(cast: Cast) -> None:
    with stands():
        change(cast.student, merged_into_id=make_student(cast.kamiakin).pk)
    with breaks("no_one_is_merged_into_themselves"):
        change(cast.student, merged_into_id=cast.student.pk)


def test_a_student_with_registrations_cannot_be_deleted(cast: Cast) -> None:
    for row in (cast.student, cast.graduate_registration):
        with breaks("violates foreign key constraint"):
            delete(row)


def test_a_birth_date_is_kept_encrypted_and_found_by_equality(cast: Cast) -> None:
    born = date(2009, 5, 1)
    one = make_student(cast.kamiakin, "Ana", "Lima", birth_date=born)
    other = make_student(cast.kamiakin, "Bea", "Lima", birth_date=born)
    with connection.cursor() as cursor:
        cursor.execute("SELECT birth_date::bytea FROM students_student WHERE id = %s", [one.pk])
        sealed = bytes(cursor.fetchone()[0])
    assert b"2009" not in sealed
    one.refresh_from_db()
    assert one.birth_date == born
    assert set(Student.objects.filter(birth_date=born)) == {one, other}
    assert not Student.objects.filter(birth_date=date(2009, 5, 2)).exists()


SEARCHES = {
    "hernandez": ["Maximiliano"], "HERNÁNDEZ": ["Maximiliano"], "cruz": ["Maximiliano"], "de la": ["Maximiliano"],
    "max hern": ["Maximiliano"], "hern max": ["Maximiliano"], "max vega": [], "ernandez": [],
    "angel": ["Bo"], "lind": ["Bo"], "ofarrell": ["Gwen"], "o'farrell": ["Gwen"], "O’Farrell": ["Gwen"], "farrell": [],
    "vega": ["Marisol", "Olga"], "ngozi": ["Ngozi"], "  ": None, "%": None, "_": None, "'": None,
}  # fmt: skip


@pytest.mark.parametrize(("words", "found"), SEARCHES.items())
def test_names_are_found_by_the_beginning_of_every_word(
    cast: Cast, words: str, found: list[str] | None
) -> None:
    """Whatever its accents, case or apostrophes. Words that are empty once folded keep nothing out."""
    names = sorted(student.first_name for student in Student.objects.named(words))
    assert names == (found if found is not None else sorted(one.first_name for one in Student.objects.all()))


def test_names_sort_folded_and_a_person_may_have_one_name(cast: Cast) -> None:
    in_order = [student.list_name for student in Student.objects.filter(school=cast.kamiakin)]
    assert in_order == [
        "Ángel-Lindqvist, Bo",
        "Hernández de la Cruz, Maximiliano",
        "Nakamura, Grace",
        "Ngozi",
        "O'Farrell, Gwen",
        "Petrenko, Oksana",
        "Vega, Marisol",
    ]
    assert cast.newcomer.name == "Ngozi"


# --- Registrations --------------------------------------------------------------------------------------


def test_one_live_registration_of_a_class_a_year(cast: Cast) -> None:
    """Whatever section or college; a class that was left may be taken up again."""
    other = make_section(cast.accounting, cast.colleague_seat, label="Period 5")
    for difference in ({}, {"section_id": other.pk}, {"college_id": cast.wwcc.pk}, {"status": "completed"}):
        with breaks("one_live_registration_of_a_class_a_year"):
            copy(cast.registration, reference="R-OTHER", **difference)
    for difference in ({"status": "withdrawn"}, {"status": "not_in_class"}, {"year_id": cast.last_year.pk}):
        with stands():
            copy(cast.registration, reference="R-OTHER", **difference)


def test_who_left_cannot_come_back_beside_a_live_registration(cast: Cast) -> None:
    again = make_registration(cast.gone, cast.section, cast.agreement)
    with breaks("one_live_registration_of_a_class_a_year"):
        change(cast.gone_registration, status="in_progress")
    change(again, status="not_in_class")
    with stands():
        change(cast.gone_registration, status="in_progress")


def test_a_status_nobody_knows_is_not_kept(cast: Cast) -> None:
    for status in ("", "failed", "Completed"):
        with breaks("registration_status_is_known"):
            change(cast.registration, status=status)


@pytest.mark.parametrize(
    ("fees_req", "at", "by", "is_sound"),
    [
        ("pending", None, False, True), ("not_required", None, False, True),
        ("processed", NOW, True, True), ("waived", NOW, True, True),
        ("processed", NOW, False, True),  # imported: nobody here decided it
        ("processed", None, False, False), ("waived", None, True, False),
        ("pending", NOW, False, False), ("pending", None, True, False), ("not_required", NOW, True, False),
        ("paid", NOW, True, False),
    ],
)  # fmt: skip
def test_fees_req_that_is_decided_has_its_moment(
    cast: Cast, fees_req: str, at: Any, by: bool, is_sound: bool
) -> None:
    with stands() if is_sound else breaks("fees_req_decided_has_its_moment"):
        change(
            cast.registration,
            fees_req=fees_req,
            fees_req_at=at,
            fees_req_by_id=cast.consortium.pk if by else None,
        )


@pytest.mark.parametrize("status", Registration.Status)
def test_only_completed_classes_are_awarded(cast: Cast, status: str) -> None:
    with (
        stands() if status in ("completed", "not_attained") else breaks("only_completed_classes_are_awarded")
    ):
        change(cast.classmate_registration, status=status, awarded_at=NOW)


def test_a_fee_is_never_negative_and_a_reference_is_given_once(cast: Cast) -> None:
    with breaks("fee_is_not_negative"):
        change(cast.registration, fee_due="-0.01")
    with breaks("students_registration_reference_key"):
        copy(cast.registration, status="withdrawn")


def test_transitions_name_every_status_and_lead_to_known_ones() -> None:
    assert set(Registration.TRANSITIONS) == set(Registration.Status)
    for status, reached in Registration.TRANSITIONS.items():
        assert reached <= set(Registration.Status) - {status}


def test_live_registrations(cast: Cast) -> None:
    assert set(Registration.objects.live()) == set(Registration.objects.all()) - {cast.gone_registration}
    assert not cast.gone_registration.is_live
    assert cast.below_registration.is_live
