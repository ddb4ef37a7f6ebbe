"""What the database refuses about places, windows, scales and seats, whoever asks."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.access import Role
from organizations.models import AcademicYear, CollegeYear, ConsortiumYear, Seat, Window
from tests.people import Cast, make_scale
from tests.raw import breaks, change, copy, delete, stands

# --- Windows --------------------------------------------------------------------------------------------


def registration_window(cast: Cast) -> Window:
    return Window.objects.get(consortium=cast.columbia_basin, year=cast.year, kind=Window.Kind.REGISTRATION)


def test_a_window_does_not_close_before_it_opens(cast: Cast) -> None:
    window = registration_window(cast)
    with stands():
        change(window, closes_on=window.opens_on)
    with breaks("window_closes_after_it_opens"):
        change(window, closes_on=window.opens_on - timedelta(days=1))


def test_windows_of_one_kind_do_not_overlap(cast: Cast) -> None:
    window = registration_window(cast)
    week = timedelta(days=7)
    day_after = window.closes_on + timedelta(days=1)
    with stands():
        copy(window, opens_on=day_after, closes_on=day_after + week)
    for opens_on, closes_on in (
        (window.opens_on, window.closes_on),
        (window.closes_on, window.closes_on + week),  # the last day is the other's first: both count
        (window.opens_on - week, window.opens_on),
        (window.opens_on + week, window.opens_on + week),
    ):
        with breaks("windows_do_not_overlap"):
            copy(window, opens_on=opens_on, closes_on=closes_on)


def test_windows_of_another_kind_year_consortium_or_college_may(cast: Cast) -> None:
    window = registration_window(cast)
    free = AcademicYear.objects.create(first_year=2001)
    with stands():
        copy(window, college_id=cast.cbc.pk)
    with stands():
        copy(window, year_id=free.pk)
    Window.objects.filter(consortium=cast.walla_walla).delete()
    with stands():
        copy(window, consortium_id=cast.walla_walla.pk)


def test_a_college_s_own_windows_do_not_overlap_either(cast: Cast) -> None:
    window = registration_window(cast)
    copy(window, college_id=cast.cbc.pk)
    with breaks("windows_do_not_overlap"):
        copy(window, college_id=cast.cbc.pk)


# --- Scales and terms -----------------------------------------------------------------------------------


@pytest.mark.parametrize("percent", ["-0.01", "100.01", "999"])
def test_a_scale_begins_at_percents(cast: Cast, percent: str) -> None:
    row = make_scale("Nobody's").rows.get(percent_from=85)  # one in use is ink
    with stands():
        copy(row, percent_from="84.5")
    with breaks("scale_row_is_a_percent"):
        copy(row, percent_from=percent)


def test_a_scale_has_one_row_a_percent_and_points_to_four(cast: Cast) -> None:
    row = make_scale("Nobody's").rows.get(percent_from=85)  # one in use is ink
    with breaks("scale_row_once"):
        copy(row)
    for points in ("4.1", "-0.1"):
        with breaks("scale_row_points_to_four"):
            change(row, points=points)
    with stands():
        change(row, points=None)


def test_a_college_has_one_scale_of_a_name_and_one_set_of_terms_a_year(cast: Cast) -> None:
    with breaks("scale_once_in_college"):
        copy(cast.cbc_scale, used_at=None)
    terms = CollegeYear.objects.get(college=cast.cbc, year=cast.year)
    with breaks("college_year_once"):
        copy(terms)
    for percent in ("-1", "100.01"):
        with breaks("college_year_minimum_is_a_percent"):
            change(terms, minimum_percent=percent)


@pytest.mark.parametrize(
    ("basis", "amount", "is_sound"),
    [
        ("none", 0, True), ("none", 20, False),
        ("flat_per_year", 20, True), ("flat_per_year", 0, False), ("flat_per_year", -20, False),
        ("per_class", 20, True), ("per_class", 0, False),
        ("per_credit", "0.01", True), ("per_credit", 0, False),
    ],
)  # fmt: skip
def test_a_fee_has_an_amount_and_no_fee_has_none(cast: Cast, basis: str, amount: Any, is_sound: bool) -> None:
    terms = ConsortiumYear.objects.get(consortium=cast.columbia_basin, year=cast.year)
    with stands() if is_sound else breaks("fee_has_an_amount"):
        change(terms, fee_basis=basis, fee_amount=amount)


def test_names_of_places_are_held_once(cast: Cast) -> None:
    for place, name in ((cast.columbia_basin, "consortium"), (cast.kennewick, "schooldistrict")):
        with breaks(f"organizations_{name}_name_key"):
            copy(place)
    with breaks("school_once_in_district"):
        copy(cast.kamiakin)
    with stands():
        copy(cast.kamiakin, district_id=cast.walla_walla_schools.pk)
    with breaks("organizations_academicyear_first_year_key"):
        copy(cast.year)


def test_a_place_with_people_cannot_be_deleted(cast: Cast) -> None:
    for place in (cast.kamiakin, cast.kennewick, cast.cbc, cast.columbia_basin, cast.year):
        with breaks("violates foreign key constraint"):
            delete(place)


# --- Seats ----------------------------------------------------------------------------------------------

PLACES = ("consortium_id", "college_id", "district_id", "school_id")
STANDS_ON = {
    Role.STUDENT: set(), Role.STATE: set(),
    Role.TEACHER: {"school_id"}, Role.COUNSELOR: {"school_id"},
    Role.DISTRICT: {"district_id"},
    Role.FACULTY: {"college_id"}, Role.REGISTRAR: {"college_id"},
    Role.CONSORTIUM: {"consortium_id"},
}  # fmt: skip


@pytest.mark.parametrize("role", Role)
def test_a_seat_stands_on_the_place_of_its_role_and_no_other(cast: Cast, role: Role) -> None:
    """All sixteen ways to fill the four columns; one is right for each role."""
    here = dict(
        zip(PLACES, (cast.columbia_basin.pk, cast.cbc.pk, cast.kennewick.pk, cast.kamiakin.pk), strict=True)
    )
    seat = Seat.objects.create(user=cast.nobody, role=Role.STATE)
    right = []
    for filled in range(16):
        columns = {column for bit, column in enumerate(PLACES) if filled >> bit & 1}
        values = {column: here[column] if column in columns else None for column in PLACES}
        if columns == STANDS_ON[role]:
            right.append(columns)
            with stands():
                change(seat, role=role.value, **values)
        else:
            with breaks("seat_stands_where_its_role_does"):
                change(seat, role=role.value, **values)
    assert right == [STANDS_ON[role]]


def test_a_role_nobody_knows_has_no_seat(cast: Cast) -> None:
    with breaks("seat_stands_where_its_role_does"):
        change(cast.teacher_seat, role="principal")


def test_a_seat_ends_after_it_starts(cast: Cast) -> None:
    seat = cast.teacher_seat
    with stands():
        change(seat, ends_on=seat.starts_on)
    with breaks("seat_ends_after_it_starts"):
        change(seat, ends_on=seat.starts_on - timedelta(days=1))


def test_a_seat_is_held_once_at_a_time(cast: Cast) -> None:
    """Also where most of its places are empty; one that ended or was withdrawn may be given again."""
    today = timezone.localdate()
    for user in (cast.teacher, cast.state, cast.student.user):
        assert user is not None
        with breaks("seat_once_while_held"):
            copy(user.seats.get())
    for user in (cast.teacher, cast.state):
        seat = user.seats.get()
        with breaks("seat_once_at_a_time"):
            copy(seat, ends_on=today)
        change(seat, ends_on=today - timedelta(days=1))
        with stands():
            copy(seat, starts_on=today, ends_on=None)
        with breaks("seat_once_at_a_time"):
            copy(seat, starts_on=today - timedelta(days=1), ends_on=None)
        change(seat, ends_on=today, withdrawn_at=timezone.now())
        with stands():
            copy(seat, starts_on=today, ends_on=None, withdrawn_at=None)
    with stands():
        copy(cast.teacher_seat, school_id=cast.wahi.pk)


def test_a_withdrawn_seat_has_a_last_day(cast: Cast) -> None:
    with breaks("seat_withdrawn_has_a_last_day"):
        change(cast.teacher_seat, withdrawn_at=timezone.now())


def test_a_title_belongs_to_the_seats_of_its_role(cast: Cast) -> None:
    """A key of two columns: no seat signs as what its role does not."""
    district, faculty = cast.district.seats.get(), cast.faculty.seats.get()
    with stands():
        change(faculty, signs_as_id=cast.dean.pk)
    for seat, title in (
        (faculty, cast.cte_director),
        (district, cast.dean),
        (cast.teacher_seat, cast.principal),
    ):
        with breaks("seat_signs_as_its_role_may"):
            change(seat, signs_as_id=title.pk)
    with breaks("signer_title_role_signs"):
        copy(cast.dean, name="Teacher", role="teacher")
    with breaks("signer_title_school_kind_is_known"):
        copy(cast.dean, name="Dean of a skills center", school_kind="skills_center")
    with breaks("organizations_signertitle_name_key"):
        copy(cast.dean)
    with breaks("violates foreign key constraint"):
        delete(cast.cte_director)


def test_a_file_of_people_is_done_when_it_says_so(cast: Cast) -> None:
    with breaks("peoplefile_done_has_its_moment"):
        change(cast.people_file, state="done")
    with breaks("peoplefile_done_has_its_moment"):
        change(cast.people_file, done_at=timezone.now())


def test_seats_held_on_a_day(cast: Cast) -> None:
    seat = Seat.objects.create(
        user=cast.nobody, role=Role.STATE, starts_on=date(2026, 9, 1), ends_on=date(2027, 6, 30)
    )
    held = {
        str(day): seat in Seat.objects.held_on(day)
        for day in (date(2026, 8, 31), date(2026, 9, 1), date(2027, 6, 30), date(2027, 7, 1))
    }
    assert held == {"2026-08-31": False, "2026-09-01": True, "2027-06-30": True, "2027-07-01": False}


def test_school_years(cast: Cast) -> None:
    year = AcademicYear.objects.on(date(2026, 7, 1))
    assert (str(year), year.starts_on, year.ends_on) == ("2026-27", date(2026, 7, 1), date(2027, 6, 30))
    assert AcademicYear.objects.on(date(2027, 6, 30)) == year
    assert str(AcademicYear(first_year=1999)) == "1999-00"
    assert AcademicYear.objects.current() == cast.year


def test_a_withdrawn_seat_was_held_until_the_day_before(cast: Cast) -> None:
    """What was signed under it on an earlier day was signed by somebody who held it."""
    today = timezone.localdate()
    seat = cast.teacher_seat
    change(seat, ends_on=today, withdrawn_at=timezone.now())
    assert seat not in Seat.objects.held_on(today)
    assert seat in Seat.objects.held_on(today - timedelta(days=1))
    assert seat not in Seat.objects.living(today)
    seat.refresh_from_db()
    assert seat.is_over(today)
    assert not seat.is_held(today)


# --- Codes ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "is_sound"),
    [("", True), ("03017", True), ("3017", False), ("0301A", False), ("０３０１７", False)],
)
def test_a_district_code_is_five_digits_or_nothing(cast: Cast, code: str, is_sound: bool) -> None:
    with stands() if is_sound else breaks("district_code_has_five_digits"):
        change(cast.kennewick, ospi_code=code)


@pytest.mark.parametrize(
    ("code", "is_sound"), [("", True), ("2531", True), ("253", False), ("25 1", False), ("２５３１", False)]
)
def test_a_school_code_is_four_digits_or_nothing(cast: Cast, code: str, is_sound: bool) -> None:
    with stands() if is_sound else breaks("school_code_has_four_digits"):
        change(cast.kamiakin, ospi_code=code)


def test_a_code_names_one_district_and_one_school_of_it(cast: Cast) -> None:
    change(cast.kennewick, ospi_code="03017")
    with breaks("district_code_once"):
        change(cast.walla_walla_schools, ospi_code="03017")
    change(cast.kamiakin, ospi_code="2531")
    with breaks("school_code_once_in_district"):
        copy(cast.kamiakin, name="Kamiakin Annex")
    with stands():
        change(cast.wahi, ospi_code="2531")
