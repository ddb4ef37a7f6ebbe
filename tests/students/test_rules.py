"""IDs, ages, who may register, what it costs, which fields are open: as truth tables."""

import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from articulations.models import Articulation, ArticulationCourse, Section
from organizations.models import AcademicYear, College, Consortium, ConsortiumYear, Window
from organizations.rules import Calendar
from students import rules
from students.models import Registration, Student
from tests.people import (
    Cast,
    account_of,
    enter_grade,
    make_registration,
    make_section,
)

D = Decimal
serials = st.integers(1, 9_999_999)

# --- The ID ---------------------------------------------------------------------------------------------


def test_ids_read_as_people_know_them() -> None:
    assert rules.sers_id_of(6204187) == "TP6-20-4187-9"
    assert rules.sers_id_of(1)[:-1] == "TP0-00-0001-"


@pytest.mark.parametrize("number", [0, -1, 10_000_000])
def test_an_id_has_seven_digits(number: int) -> None:
    with pytest.raises(ValueError, match="seven digits"):
        rules.sers_id_of(number)


@given(serials)
def test_an_id_is_read_back_however_it_is_typed(number: int) -> None:
    sers_id = rules.sers_id_of(number)
    for typed in (
        sers_id,
        sers_id.lower(),
        sers_id.replace("-", ""),
        f" {sers_id} ",
        sers_id.removeprefix("TP"),
        sers_id.replace("-", " "),
    ):
        assert rules.is_sers_id(typed), typed
        assert rules.tidy_sers_id(typed) == sers_id


@given(serials, st.integers(0, 7), st.integers(1, 9))
def test_any_single_wrong_digit_is_found(number: int, place: int, by: int) -> None:
    digits = list(rules.sers_id_of(number).removeprefix("TP").replace("-", ""))
    digits[place] = str((int(digits[place]) + by) % 10)
    assert not rules.is_sers_id("TP" + "".join(digits))


@given(serials, st.integers(0, 6))
def test_any_swap_of_two_neighbours_is_found(number: int, place: int) -> None:
    digits = list(rules.sers_id_of(number).removeprefix("TP").replace("-", ""))
    swapped = digits.copy()
    swapped[place], swapped[place + 1] = swapped[place + 1], swapped[place]
    assert rules.is_sers_id("".join(swapped)) is (swapped == digits)


@given(serials, serials)
def test_different_serials_have_different_ids(one: int, other: int) -> None:
    assert (rules.sers_id_of(one) == rules.sers_id_of(other)) is (one == other)


@pytest.mark.parametrize(
    ("typed", "tidy"),
    [
        ("TP6-20-418", "TP6-20-418"), ("tp620418", "TP6-20-418"), ("620418", "TP6-20-418"),  # legacy: six digits
        ("TP6-20-41873", ""), ("TP6-20-4187-3", ""), ("", ""), ("TP", ""), ("Vega", ""), ("12345", ""), ("1234567", ""), ("123456789", ""),
        ("TP6-20-4187-３", ""), ("6204187٣", ""), ("-" * 8, ""), ("9" * 200_000, ""),
    ],
    ids=lambda text: text[:16],
)  # fmt: skip
def test_ids_old_and_new_and_what_is_none(typed: str, tidy: str) -> None:
    assert (rules.tidy_sers_id(typed), rules.is_sers_id(typed)) == (tidy, tidy != "")


def test_ids_are_given_in_turn_and_never_twice(cast: Cast) -> None:
    from django.db import transaction

    from students.actions import new_sers_id

    first = new_sers_id()
    with transaction.atomic():
        lost = new_sers_id()
        transaction.set_rollback(True)
    assert len({first, lost, new_sers_id()}) == 3


# --- Age, address, likeness -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("born", "on", "age"),
    [
        ("2008-02-29", "2026-02-28", 17), ("2008-02-29", "2026-03-01", 18), ("2008-02-29", "2028-02-29", 20),
        ("2010-09-01", "2026-08-31", 15), ("2010-09-01", "2026-09-01", 16), ("2010-01-01", "2010-01-01", 0),
    ],
)  # fmt: skip
def test_years_completed(born: str, on: str, age: int) -> None:
    assert rules.age_on(datetime.date.fromisoformat(born), datetime.date.fromisoformat(on)) == age


@pytest.mark.parametrize(
    ("born", "rule"),
    [
        ("2026-11-23", "not_born_yet"), ("2026-11-22", "not_school_age"), ("2014-11-23", "not_school_age"), ("2014-11-22", None),
        ("2009-05-01", None), ("2000-11-23", None), ("2000-11-22", "not_school_age"), ("0001-01-01", "not_school_age"), ("9999-12-31", "not_born_yet"),
    ],
)  # fmt: skip
def test_students_are_twelve_to_twenty_five(born: str, rule: str | None) -> None:
    on = datetime.date(2026, 11, 22)
    refusal = rules.why_not_born(datetime.date.fromisoformat(born), on=on)
    assert (refusal.rule if refusal else None) == rule


@pytest.mark.parametrize(
    ("email", "looks_like_school"),
    [
        ("m@students.ksd.org", True), ("m@wwps.org", True), ("m@k12.wa.us", True), ("m@fwps.wednet.edu", True), ("m@bsd405.org", True),
        ("M@KSD.ORG ", True), ("m@columbiabasin.edu", True), ("m@example.org", False), ("m@gmail.com", False), ("k12@mail.net", False),
        ("m@swimschool.example", False), ("", False), ("no address", False),
    ],
)  # fmt: skip
def test_school_addresses_are_guessed(email: str, looks_like_school: bool) -> None:
    assert rules.is_school_address(email) is looks_like_school


# --- May this student register? -------------------------------------------------------------------------

ON = datetime.date(2026, 10, 1)
YEAR = AcademicYear(pk=1, first_year=2026)
AGREEMENT = Articulation(
    pk=1,
    consortium=Consortium(pk=1, short_name="Columbia Basin"),
    college=College(pk=1, name="Columbia Basin College"),
)


def asked(
    *,
    student: dict[str, Any] | None = None,
    year: AcademicYear = YEAR,
    lines: int = 1,
    live: Registration | None = None,
    window: tuple[str, str] | None = ("2026-09-01", "2027-06-15"),
    on: datetime.date = ON,
) -> str | None:
    """The rule that refuses, in a world where nothing else does."""
    facts: dict[str, Any] = {
        "user": User(email_confirmed_at=timezone.now()),
        "created_at": timezone.now(),
    } | (student or {})
    windows = [
        Window(
            kind=Window.Kind.REGISTRATION, consortium_id=1, college_id=None, year_id=1,
            opens_on=datetime.date.fromisoformat(window[0]), closes_on=datetime.date.fromisoformat(window[1]),
        )
    ] if window else []  # fmt: skip
    refusal = rules.why_not_register(
        Student(**facts),
        Section(year=year),
        tuple(ArticulationCourse(articulation=AGREEMENT, credits=D(5)) for _ in range(lines)),
        calendar=Calendar(windows),
        live=live,
        on=on,
    )
    if refusal is not None:
        assert refusal.message.endswith(".")
        assert refusal.next_step.endswith((".", "")), "A refusal says what to do"
    return refusal.rule if refusal else None


def test_in_a_plain_case_a_student_may_register() -> None:
    assert asked() is None


def test_who_was_merged_away_may_not() -> None:
    assert asked(student={"merged_into_id": 5}) == "merged"


@pytest.mark.parametrize("first_year", [2024, 2025, 2027])
def test_only_in_the_year_of_the_class(first_year: int) -> None:
    assert asked(year=AcademicYear(pk=1, first_year=first_year)) == "other_year"


@pytest.mark.parametrize(
    ("on", "rule"),
    [("2026-07-01", None), ("2027-06-30", None), ("2026-06-30", "other_year"), ("2027-07-01", "other_year")],
)
def test_the_year_turns_on_july_1(on: str, rule: str | None) -> None:
    assert asked(on=datetime.date.fromisoformat(on), window=("2026-01-01", "2027-12-31")) == rule


def test_only_with_an_agreement_and_once() -> None:
    assert asked(lines=0) == "no_agreement"
    assert asked(live=Registration(college=College(name="Columbia Basin College"))) == "registered_already"


@pytest.mark.parametrize(
    ("window", "rule"),
    [
        (("2026-10-01", "2026-10-01"), None),
        (("2026-10-02", "2026-10-31"), "registration_not_open"),
        (("2026-09-01", "2026-09-30"), "registration_closed"),
        (None, "registration_closed"),
    ],
)
def test_only_inside_the_window(window: tuple[str, str] | None, rule: str | None) -> None:
    assert asked(window=window) == rule


@pytest.mark.parametrize(
    ("days", "rule"), [(0, None), (7, None), (8, "not_confirmed"), (400, "not_confirmed")]
)
def test_an_address_is_confirmed_within_seven_days(days: int, rule: str | None) -> None:
    noon = datetime.datetime(2026, 10, 1, 19, tzinfo=datetime.UTC)
    unconfirmed = {"user": User(email_confirmed_at=None), "created_at": noon - datetime.timedelta(days=days)}
    assert asked(student=unconfirmed) == rule
    assert asked(student={**unconfirmed, "user": User(email_confirmed_at=noon)}) is None


def test_only_oneself_registers(cast: Cast) -> None:
    may = {
        person: rules.can_register_for(getattr(cast, person), cast.student)
        for person in ("teacher", "counselor", "consortium", "state", "nobody")
    }
    assert not any(may.values())
    assert rules.can_register_for(account_of(cast.student), cast.student)
    assert not rules.can_register_for(account_of(cast.classmate), cast.student)


# --- Withdraw, change teacher ---------------------------------------------------------------------------


def registered(status: str = Registration.Status.IN_PROGRESS) -> Registration:
    return Registration(
        status=status, articulation=AGREEMENT, college_id=1, year_id=1, high_school_course_id=7, year=YEAR
    )


OPEN = Calendar([
    Window(kind=Window.Kind.REGISTRATION, consortium_id=1, college_id=None, year_id=1,
           opens_on=datetime.date(2026, 9, 1), closes_on=datetime.date(2027, 6, 15)),
])  # fmt: skip


@pytest.mark.parametrize("status", Registration.Status)
def test_only_a_class_in_progress_is_changed_by_the_student(status: str) -> None:
    rule = None if status == "in_progress" else "has_ended"
    section = Section(high_school_course_id=7, year_id=1)
    for refusal in (
        rules.why_not_withdraw(registered(status), calendar=OPEN, on=ON),
        rules.why_not_change_teacher(registered(status), section, calendar=OPEN, on=ON),
        rules.why_not_change_teacher(registered(status), None, calendar=OPEN, on=ON),
    ):
        assert (refusal.rule if refusal else None) == rule


@pytest.mark.parametrize(
    ("on", "rule"),
    [
        ("2026-08-31", "registration_closed"),
        ("2026-09-01", None),
        ("2027-06-15", None),
        ("2027-06-16", "registration_closed"),
    ],
)
def test_and_only_inside_the_window(on: str, rule: str | None) -> None:
    day = datetime.date.fromisoformat(on)
    for refusal in (
        rules.why_not_withdraw(registered(), calendar=OPEN, on=day),
        rules.why_not_change_teacher(registered(), None, calendar=OPEN, on=day),
    ):
        assert (refusal.rule if refusal else None) == rule


@pytest.mark.parametrize(
    ("course", "year", "rule"), [(7, 1, None), (8, 1, "other_class"), (7, 2, "other_class")]
)
def test_one_moves_within_the_same_class_and_year(course: int, year: int, rule: str | None) -> None:
    section = Section(high_school_course_id=course, year_id=year)
    refusal = rules.why_not_change_teacher(registered(), section, calendar=OPEN, on=ON)
    assert (refusal.rule if refusal else None) == rule


# --- Fees -----------------------------------------------------------------------------------------------

BASIS = ConsortiumYear.FeeBasis


@pytest.mark.parametrize(
    ("basis", "amount", "credits", "paid", "fee"),
    [
        (None, "0", "5", False, "0"),
        (BASIS.NONE, "0", "5", False, "0"),
        (BASIS.YEAR, "50", "5", False, "50"), (BASIS.YEAR, "50", "5", True, "0"), (BASIS.YEAR, "50", "10", False, "50"),
        (BASIS.CLASS, "20", "5", False, "20"), (BASIS.CLASS, "20", "5", True, "20"), (BASIS.CLASS, "20", "10", False, "20"),
        (BASIS.CREDIT, "4.50", "5", False, "22.50"), (BASIS.CREDIT, "4.50", "2.5", True, "11.250"), (BASIS.CREDIT, "4.50", "0", False, "0"),
    ],
)  # fmt: skip
def test_what_a_registration_costs(
    basis: str | None, amount: str, credits: str, paid: bool, fee: str
) -> None:
    terms = None if basis is None else ConsortiumYear(fee_basis=basis, fee_amount=D(amount))
    assert rules.fee_of(terms, D(credits), paid_this_year=paid) == D(fee)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("abc 23-xy", "ABC23XY"),
        (" acctg23 ", "ACCTG23"),
        ("", ""),
        ("ABC/23", ""),
        ("ÄBC23", ""),
        ("A" * 11, ""),
        ("A" * 200_000, ""),
        ("％", ""),
    ],
    ids=lambda text: text[:10],
)
def test_class_codes_as_they_are_kept(typed: str, code: str) -> None:
    assert rules.tidy_class_code(typed) == code


# --- Records --------------------------------------------------------------------------------------------

CONTACT, SCHOOLING, LEGAL = rules.CONTACT, rules.SCHOOLING, rules.LEGAL
NONE: frozenset[str] = frozenset()
OPEN_FIELDS = {
    "student": CONTACT - {"email"} | LEGAL, "classmate": NONE, "other_student": NONE,
    "teacher": NONE, "counselor": CONTACT | SCHOOLING, "other_counselor": NONE,
    "district": CONTACT | SCHOOLING, "other_district": NONE,
    "faculty": NONE, "registrar": NONE, "state": NONE,
    "consortium": CONTACT | SCHOOLING | LEGAL, "other_consortium": NONE,
    "former_teacher": NONE, "nobody": NONE,
}  # fmt: skip


def user_of(cast: Cast, person: str) -> User:
    one = getattr(cast, person)
    user: User = one.user if isinstance(one, Student) else one
    return user


@pytest.mark.parametrize("person", OPEN_FIELDS)
def test_which_fields_are_open(cast: Cast, person: str) -> None:
    assert rules.fields_open(user_of(cast, person), cast.student) == OPEN_FIELDS[person]


def test_a_grade_locks_the_legal_name_for_its_owner_only(cast: Cast) -> None:
    enter_grade(cast.registration, "97")
    assert rules.fields_open(user_of(cast, "student"), cast.student) == CONTACT - {"email"}
    assert rules.fields_open(cast.consortium, cast.student) == CONTACT | SCHOOLING | LEGAL


def test_a_merged_record_is_locked_for_everyone(cast: Cast) -> None:
    cast.student.merged_into = cast.classmate
    assert {
        person for person in OPEN_FIELDS if rules.fields_open(user_of(cast, person), cast.student)
    } == set()


def test_the_id_is_open_to_nobody(cast: Cast) -> None:
    assert "sers_id" not in CONTACT | SCHOOLING | LEGAL
    every_field = {field.name for field in Student._meta.concrete_fields}
    assert every_field >= (CONTACT | SCHOOLING | LEGAL) - {"email"}  # the address is the account's
    assert all(
        rules.why_locked(cast.state, cast.student, field) for field in ("sers_id", "last_name", "school")
    )


def test_staff_say_why_they_change_a_legal_name(cast: Cast) -> None:
    assert rules.needs_reason(cast.consortium, cast.student, {"last_name", "phone"})
    assert not rules.needs_reason(cast.consortium, cast.student, {"phone"})
    assert not rules.needs_reason(user_of(cast, "student"), cast.student, {"last_name"})


def test_who_decides_fees_req(cast: Cast) -> None:
    may = {
        person: rules.can_process_requirements(user_of(cast, person), cast.owing_registration)
        for person in ("consortium", "other_consortium", "counselor", "registrar", "state", "student")
    }
    assert may == {
        "consortium": True, "other_consortium": False, "counselor": False, "registrar": False, "state": False, "student": False,
    }  # fmt: skip


FEES = Registration.FeesReq
TODAY = timezone.localdate()


SEARCHERS = {"teacher", "counselor", "district", "registrar", "consortium", "state", "many_hats"}


@pytest.mark.parametrize(
    "person",
    [
        "student",
        "teacher",
        "counselor",
        "district",
        "faculty",
        "registrar",
        "consortium",
        "state",
        "nobody",
        "former_teacher",
        "many_hats",
    ],
)
def test_who_searches_for_students(cast: Cast, person: str) -> None:
    assert rules.can_search_students(user_of(cast, person)) is (person in SEARCHERS)


# --- What is on offer -----------------------------------------------------------------------------------


def test_classes_on_offer_at_a_school(cast: Cast) -> None:
    offered = rules.classes_on_offer(cast.newcomer, on=TODAY, school=cast.kamiakin)
    assert [(one.course, one.sections) for one in offered] == [
        (cast.accounting, (cast.section,)),
        (cast.welding, (cast.colleague_section,)),
    ]
    (offer,) = offered[0].offers
    assert (offer.college, offer.credits, offer.fee, offer.worth, offer.minimum_percent, offer.refusal) == (
        cast.cbc, D(5), D(0), D(660), D(85), None,
    )  # fmt: skip


def test_a_class_that_is_registered_says_so(cast: Cast) -> None:
    accounting, welding = rules.classes_on_offer(cast.student, on=TODAY, school=cast.kamiakin)
    assert (accounting.live, welding.live) == (cast.registration, None)
    assert accounting.refusal is not None
    assert accounting.refusal.rule == "registered_already"
    assert welding.refusal is None


def test_a_class_without_an_agreement_in_force_is_not_on_offer(cast: Cast) -> None:
    last_day = cast.agreement.valid_until
    assert (
        rules.classes_on_offer(cast.newcomer, on=last_day + datetime.timedelta(days=1), school=cast.kamiakin)
        == []
    )


def test_a_fee_of_the_year_is_owed_once(cast: Cast) -> None:
    ConsortiumYear.objects.filter(consortium=cast.columbia_basin).update(
        fee_basis=BASIS.YEAR, fee_amount=D(50)
    )
    first = rules.classes_on_offer(cast.newcomer, on=TODAY, school=cast.kamiakin)
    assert [one.offers[0].fee for one in first] == [D(50), D(50)]
    make_registration(cast.newcomer, cast.section, cast.agreement, fee_due=D(50), fees_req=FEES.PENDING)
    second = rules.classes_on_offer(cast.newcomer, on=TODAY, school=cast.kamiakin)
    assert [one.offers[0].fee for one in second] == [D(0), D(0)]


def test_offers_cost_the_same_number_of_queries_at_any_size(
    cast: Cast, django_assert_num_queries: Any
) -> None:
    from tests.people import make_agreement, make_college_course, make_high_school_course

    def ask() -> int:
        with django_assert_num_queries(11):
            return len(rules.classes_on_offer(cast.newcomer, on=TODAY, school=cast.kamiakin))

    assert ask() == 2
    for title in ("Marketing", "Photography", "Robotics"):
        course = make_high_school_course(cast.kamiakin, title)
        make_agreement(
            (course, make_college_course(cast.cbc, f"{title[:4]} 101")), consortium=cast.columbia_basin
        )
        make_section(course, cast.teacher_seat, cast.colleague_seat)
        make_section(course, cast.teacher_seat, label="Period 6")
    assert ask() == 5
