"""What the database refuses about courses, agreements and classes, whoever asks."""

from datetime import date, timedelta

import pytest

from articulations.models import CLASS_CODE_LETTERS, CareerCluster, HighSchoolCourse, new_class_code
from tests.people import Cast, make_agreement, make_college_course, make_high_school_course
from tests.raw import breaks, change, copy, delete, stands


@pytest.mark.parametrize(
    ("credits", "is_sound"), [("0.5", True), ("25", True), ("0", False), ("-5", False), ("25.1", False)]
)
def test_credits_are_more_than_none_and_no_more_than_a_year_s(
    cast: Cast, credits: str, is_sound: bool
) -> None:
    for row, constraint in (
        (cast.acct_201, "college_course_credits"),
        (cast.agreement.courses.get(), "articulation_course_credits"),
    ):
        with stands() if is_sound else breaks(constraint):
            change(row, credits=credits)


def test_courses_are_listed_once(cast: Cast) -> None:
    with breaks("college_course_once"):
        copy(cast.acct_201)
    with stands():
        copy(cast.acct_201, college_id=cast.wwcc.pk)
    with breaks("high_school_course_once"):
        copy(cast.accounting)
    with stands():
        copy(cast.accounting, school_id=cast.wahi.pk)
    with breaks("cluster_once"):
        copy(CareerCluster.objects.get())


@pytest.mark.parametrize(
    ("cip", "is_sound"),
    [
        ("", True),
        ("520301", True),
        ("52.030", False),
        ("52030", False),
        ("52030A", False),
        ("５２０３０１", False),
    ],
)
def test_a_cip_code_is_six_digits_or_nothing(cast: Cast, cip: str, is_sound: bool) -> None:
    with stands() if is_sound else breaks("cip_has_six_digits"):
        change(cast.accounting, cip=cip)


# --- Agreements -----------------------------------------------------------------------------------------


def test_an_agreement_ends_after_it_begins(cast: Cast) -> None:
    begins = cast.agreement.valid_from
    with stands():
        change(cast.agreement, valid_until=begins + timedelta(days=1))
    for ends in (begins, begins - timedelta(days=1)):
        with breaks("articulation_ends_after_it_starts"):
            change(cast.agreement, valid_until=ends)


def test_an_agreement_has_a_number_of_its_own_and_a_percent_for_its_minimum(cast: Cast) -> None:
    with breaks("articulations_articulation_number_key"):
        copy(cast.agreement)
    for percent in ("-1", "100.01"):
        with breaks("articulation_minimum_is_a_percent"):
            change(cast.agreement, minimum_percent=percent)


def test_one_agreement_covers_a_pair_of_courses_at_a_time(cast: Cast) -> None:
    """A second one may follow or come before; not even one day is covered twice."""
    line = cast.agreement.courses.get()
    day = timedelta(days=1)
    with stands():
        copy(line, valid_from=line.valid_until + day, valid_until=line.valid_until + 400 * day)
    with stands():
        copy(line, valid_from=line.valid_from - 400 * day, valid_until=line.valid_from - day)
    for first, last in (
        (line.valid_from, line.valid_until),
        (line.valid_until, line.valid_until + day),
        (line.valid_from - day, line.valid_from),
        (line.valid_from + day, line.valid_from + day),
        (date(2000, 7, 1), date(2100, 6, 30)),
    ):
        with breaks("one_agreement_for_a_course_pair_at_a_time"):
            copy(line, valid_from=first, valid_until=last)


def test_one_class_may_earn_two_courses_and_two_classes_one(cast: Cast) -> None:
    line = cast.agreement.courses.get()
    with stands():
        copy(line, college_course_id=cast.wld_110.pk)
    with stands():
        copy(line, high_school_course_id=cast.welding.pk)
    with stands():  # another college for the same class
        copy(line, college_course_id=make_college_course(cast.wwcc, "ACCT 101").pk)


def test_agreements_with_registrations_cannot_be_deleted(cast: Cast) -> None:
    for row in (cast.agreement, cast.accounting, cast.acct_201, cast.section):
        with breaks("violates foreign key constraint"):
            delete(row)


def test_in_force_on_both_of_its_days(cast: Cast) -> None:
    agreement = make_agreement(
        (cast.welding, make_college_course(cast.cbc, "WLD 200")),
        consortium=cast.columbia_basin,
        valid_from=date(2026, 7, 1),
        valid_until=date(2027, 6, 30),
    )
    from articulations.models import Articulation, ArticulationCourse

    for day, is_in_force in (
        ("2026-06-30", False),
        ("2026-07-01", True),
        ("2027-06-30", True),
        ("2027-07-01", False),
    ):
        on = date.fromisoformat(day)
        assert Articulation.objects.in_force(on).filter(pk=agreement.pk).exists() is is_in_force, day
        assert (
            ArticulationCourse.objects.in_force(on).filter(articulation=agreement).exists() is is_in_force
        ), day


# --- Classes --------------------------------------------------------------------------------------------


def test_a_class_code_is_held_once_whatever_its_case(cast: Cast) -> None:
    with stands():
        copy(cast.section, label="Period 3", class_code="ACCTG24")
    with breaks("class_code_once"):
        copy(cast.section, label="Period 3", class_code="acctg23")


def test_a_class_is_told_apart_by_year_term_and_label(cast: Cast) -> None:
    with breaks("section_once"):
        copy(cast.section, class_code="OTHER22")
    for difference in ({"term": "s1"}, {"label": "Period 3"}, {"year_id": cast.last_year.pk}):
        with stands():
            copy(cast.section, class_code="OTHER22", **difference)


def test_class_codes_are_read_from_a_whiteboard() -> None:
    codes = {new_class_code() for _ in range(200)}
    assert len(codes) == 200
    assert {len(code) for code in codes} == {7}
    assert set("".join(codes)) <= set(CLASS_CODE_LETTERS)
    assert not set(CLASS_CODE_LETTERS) & set("01OIL")


def test_a_title_that_grows_when_it_is_folded_is_kept_and_found(cast: Cast) -> None:
    course = make_high_school_course(cast.kamiakin, "ß" * 120)
    assert HighSchoolCourse.objects.taught_as(cast.kamiakin, "ß" * 120) == course


# --- Codes of classes -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "is_sound"),
    [("", True), ("12104", True), ("22210A", True), ("1210", False), ("1210400", False), ("12-04", False), ("12a04", False)],
)  # fmt: skip
def test_a_state_course_code_is_one_or_nothing(cast: Cast, code: str, is_sound: bool) -> None:
    with stands() if is_sound else breaks("state_course_code_is_one" if len(code) < 7 else "too long"):
        change(cast.accounting, state_code=code)


@pytest.mark.parametrize(
    ("credits", "is_sound"),
    [
        (None, True),
        ("0.25", True),
        ("0.33", True),
        ("3", True),
        ("0", False),
        ("0.24", False),
        ("3.01", False),
    ],
)
def test_high_school_credits_are_those_of_a_year(cast: Cast, credits: str | None, is_sound: bool) -> None:
    with stands() if is_sound else breaks("high_school_credits_of_a_class"):
        change(cast.accounting, high_school_credits=credits)


def test_two_classes_may_share_a_course_id(cast: Cast) -> None:
    change(cast.accounting, local_code="BUS201")
    with stands():
        change(cast.welding, local_code="BUS201")
