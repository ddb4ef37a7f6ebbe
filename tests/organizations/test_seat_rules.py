"""Who gives seats to whom: the whole table of role x role x place, and every other rule of a seat."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.access import Role
from accounts.models import User
from organizations import rules
from organizations.models import HighSchool, Seat
from tests.people import Cast, make_college, make_person, make_school, make_seat, make_user

#: The rows are who gives, the columns what: own place, another place of the same consortium, the neighbour's.
#: `o` own, `s` same tenant, `f` foreign; a letter that stands there may, a dot may not. The State has no place: `-`.
GIVES = """
            teacher counselor district faculty registrar consortium state
teacher     ...     ...       ...      ...     ...       ...        .
counselor   ...     ...       ...      ...     ...       ...        .
district    os.     os.       ...      ...     ...       ...        .
faculty     ...     ...       ...      ...     ...       ...        .
registrar   ...     ...       ...      ...     ...       ...        .
consortium  os.     os.       os.      os.     os.       ...        .
state       osf     osf       osf      osf     osf       osf        -
"""


def table() -> list[tuple[str, str, str, bool]]:
    lines = GIVES.strip().splitlines()
    roles = lines[0].split()
    found = []
    for text in lines[1:]:
        giver, *cells = text.split()
        for role, cell in zip(roles, cells, strict=True):
            for place, mark in zip(
                ("own", "same", "foreign") if len(cell) == 3 else ("none",), cell, strict=True
            ):
                found.append((giver, role, place, mark != "."))
    return found


def place_of(cast: Cast, giver: str, role: str, which: str) -> Any:
    """The place of a role: the giver's own side, a second one there, or the neighbour's."""
    kind = Seat.PLACE[Role(role)]
    if which == "none":
        return None
    own = {
        "school": cast.kamiakin,
        "district": cast.kennewick,
        "college": cast.cbc,
        "consortium": cast.columbia_basin,
    }
    foreign = {
        "school": cast.wahi, "district": cast.walla_walla_schools, "college": cast.wwcc, "consortium": cast.walla_walla,
    }  # fmt: skip
    if which == "own":
        return own[str(kind)]
    if which == "foreign":
        return foreign[str(kind)]
    if kind == "school":
        return make_school("Southridge High School", cast.kennewick)
    if kind == "college":
        college = make_college("Second College", "WA999")
        cast.columbia_basin.colleges.add(college)
        return college
    if kind == "district":
        district = make_school("Richland High School").district
        cast.columbia_basin.districts.add(district)
        return district
    return cast.walla_walla  # a consortium has no second one in itself


@pytest.mark.parametrize(("giver", "role", "which", "may"), table())
def test_nobody_gives_above_or_beside_their_own_reach(
    cast: Cast, giver: str, role: str, which: str, may: bool
) -> None:
    place = place_of(cast, giver, role, which)
    assert rules.may_grant(getattr(cast, giver), Role(role), place) is may
    refusal = rules.why_not_grant(rules.reach_of(getattr(cast, giver)), Role(role), place)
    assert (refusal is None) is may
    if refusal is not None:
        assert refusal.rule in ("above_reach", "beyond_reach")
        assert refusal.next_step.startswith("Ask ")


def test_the_table_is_whole() -> None:
    staff = {role.value for role in Role if role != Role.STUDENT}
    assert {giver for giver, *_ in table()} == staff
    assert {role for _, role, *_ in table()} == staff
    assert len(table()) == 7 * (6 * 3 + 1)


@pytest.mark.parametrize("who", ["student", "nobody", "former_teacher", "locked_teacher", "invited"])
def test_people_without_such_a_seat_give_nothing(cast: Cast, who: str) -> None:
    one = getattr(cast, who)
    user: User = getattr(one, "user", one)
    assert not rules.may_give_seats(user)
    assert rules.reach_of(user).roles == []
    assert not rules.may_grant(user, Role.TEACHER, cast.kamiakin)


@pytest.mark.parametrize("giver", ["district", "consortium", "state"])
def test_nobody_makes_a_student(cast: Cast, giver: str) -> None:
    reach = rules.reach_of(getattr(cast, giver))
    assert not reach.may(Role.STUDENT, None)
    refusal = rules.why_not_grant(reach, Role.STUDENT, None)
    assert refusal is not None
    assert refusal.rule == "students_come_themselves"


def test_a_role_stands_on_its_kind_of_place(cast: Cast) -> None:
    places = (None, cast.kamiakin, cast.kennewick, cast.cbc, cast.columbia_basin)
    right = {
        "school": cast.kamiakin,
        "district": cast.kennewick,
        "college": cast.cbc,
        "consortium": cast.columbia_basin,
    }
    reach = rules.reach_of(cast.state)
    for role in Role:
        if role == Role.STUDENT:
            continue
        wanted = right.get(str(Seat.PLACE[role]))
        for place in places:
            assert reach.may(role, place) is (place == wanted), (role, place)
            refusal = rules.why_not_grant(reach, role, place)
            assert (refusal.rule if refusal else "") == ("" if place == wanted else "wrong_place")


def test_a_hat_narrows_what_one_may_give(cast: Cast) -> None:
    make_seat(cast.district, Role.CONSORTIUM, cast.columbia_basin)
    assert rules.may_grant(cast.district, Role.REGISTRAR, cast.cbc)
    cast.district.hat = cast.district.seats.get(role=Role.DISTRICT).pk
    assert not rules.may_grant(cast.district, Role.REGISTRAR, cast.cbc)
    assert rules.may_grant(cast.district, Role.TEACHER, cast.kamiakin)


def test_nobody_gives_themselves_a_seat(cast: Cast) -> None:
    for giver in (cast.state, cast.consortium, cast.district):
        refusal = rules.why_not_grant(rules.reach_of(giver), Role.TEACHER, cast.kamiakin, to=giver)
        assert refusal is not None
        assert refusal.rule == "own_seat"


def test_a_refusal_says_whom_to_ask(cast: Cast) -> None:
    reach = rules.reach_of(cast.district)
    said = {
        (
            Role.DISTRICT,
            cast.kennewick,
        ): "the consortium or state staff. Ask Columbia Basin (Dana Director, 509-555-0100",
        (
            Role.TEACHER,
            cast.wahi,
        ): "Walla Walla High School is outside your reach. Ask Walla Walla (Dana Director",
        (Role.STATE, None): "given by state staff. Ask the State Board, sershelp@sbctc.edu.",
    }
    for (role, place), words in said.items():
        assert words in str(rules.why_not_grant(reach, role, place))


def test_a_place_without_a_consortium_asks_the_state_board(cast: Cast) -> None:
    assert "State Board" in str(rules.desk_of(Role.TEACHER, make_school("Lonely High School")))


# --- Signing ------------------------------------------------------------------------------------------------


def test_who_says_who_signs(cast: Cast) -> None:
    """Who stands above both partners: the consortium and the State, never the district."""
    for giver, may in (
        ("state", True),
        ("consortium", True),
        ("district", False),
        ("other_consortium", False),
    ):
        reach = rules.reach_of(getattr(cast, giver))
        refusal = rules.why_not_sign(reach, cast.principal, Role.COUNSELOR, cast.kamiakin)
        assert (refusal is None) is may, giver
        if refusal is not None:
            assert refusal.rule == "signing_above"


def test_a_title_fits_its_role_and_its_kind_of_school(cast: Cast) -> None:
    reach = rules.reach_of(cast.state)
    center = make_school("Tri-Tech Skills Center", cast.kennewick)
    center.kind = HighSchool.Kind.SKILLS_CENTER
    center.save()
    cast.principal.school_kind = HighSchool.Kind.HIGH_SCHOOL
    cases: list[tuple[Any, Role, Any, str]] = [
        (cast.cte_director, Role.DISTRICT, cast.kennewick, ""),
        (cast.dean, Role.FACULTY, cast.cbc, ""),
        (cast.principal, Role.COUNSELOR, cast.kamiakin, ""),
        (cast.principal, Role.COUNSELOR, center, "title_of_another_school"),
        (cast.principal, Role.TEACHER, cast.kamiakin, "title_of_another_role"),
        (cast.dean, Role.REGISTRAR, cast.cbc, "title_of_another_role"),
    ]
    for title, role, place, rule in cases:
        refusal = rules.why_not_sign(reach, title, role, place)
        assert (refusal.rule if refusal else "") == rule, (title, role, place)


# --- Days ---------------------------------------------------------------------------------------------------

TODAY = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "rule"),
    [
        (TODAY, None, ""),
        (TODAY, TODAY, ""),
        (date(2026, 7, 1), None, ""),
        (date(2026, 6, 30), None, "starts_too_early"),
        (TODAY + timedelta(days=366), None, ""),
        (TODAY + timedelta(days=367), None, "starts_too_late"),
        (TODAY, TODAY - timedelta(days=1), "ends_before"),
        (date(2026, 9, 1), TODAY - timedelta(days=1), "ended_already"),
        (date(2026, 9, 1), TODAY, ""),
    ],
)
def test_days_of_a_new_seat(starts_on: date, ends_on: date | None, rule: str) -> None:
    refusal = rules.why_not_days(starts_on, ends_on, on=TODAY)
    assert (refusal.rule if refusal else "") == rule


@pytest.mark.parametrize(
    ("began", "starts_on", "ends_on", "rule"),
    [
        (date(2026, 9, 1), date(2026, 9, 1), TODAY, ""),
        (date(2026, 9, 1), date(2026, 9, 1), None, ""),
        (date(2026, 9, 1), date(2026, 9, 1), TODAY - timedelta(days=1), "ended_already"),
        (date(2026, 9, 1), date(2026, 9, 2), None, "begun_already"),
        (date(2027, 1, 1), date(2027, 2, 1), None, ""),
        (date(2027, 1, 1), date(2027, 2, 1), date(2027, 1, 31), "ends_before"),
        (date(2027, 1, 1), date(2027, 1, 1), TODAY, "ended_already"),
        # A long-held seat keeps its first day, however long ago it was.
        (date(2019, 9, 1), date(2019, 9, 1), date(2027, 6, 30), ""),
    ],
)
def test_days_of_a_seat_that_stands(began: date, starts_on: date, ends_on: date | None, rule: str) -> None:
    refusal = rules.why_not_move(Seat(starts_on=began), starts_on, ends_on, on=TODAY)
    assert (refusal.rule if refusal else "") == rule


# --- Changing and ending ------------------------------------------------------------------------------------


def test_a_seat_is_changed_by_those_who_may_give_it(cast: Cast) -> None:
    today = timezone.localdate()
    for who, rule in (
        ("teacher", "above_reach"), ("counselor", "above_reach"), ("registrar", "above_reach"),
        ("district", ""), ("consortium", ""), ("state", ""),
        ("other_district", "beyond_reach"), ("other_consortium", "beyond_reach"),
    ):  # fmt: skip
        refusal = rules.why_not_change(rules.reach_of(getattr(cast, who)), cast.colleague_seat, on=today)
        assert (refusal.rule if refusal else "") == rule, who


def test_nobody_changes_their_own_seat_or_one_that_is_over(cast: Cast) -> None:
    today = timezone.localdate()
    own = rules.why_not_change(rules.reach_of(cast.state), cast.state.seats.get(), on=today)
    over = rules.why_not_change(rules.reach_of(cast.state), cast.former_teacher.seats.get(), on=today)
    assert own is not None
    assert over is not None
    assert (own.rule, over.rule) == ("own_seat", "seat_over")


def test_the_last_seat_of_the_state_stays(cast: Cast) -> None:
    seat = cast.state.seats.get()
    assert rules.why_not_end(seat, others=1) is None
    refusal = rules.why_not_end(seat, others=0)
    assert refusal is not None
    assert refusal.rule == "last_state_seat"
    assert rules.why_not_end(cast.teacher_seat, others=0) is None


def test_seats_of_the_state_that_count(cast: Cast) -> None:
    """Held now, with no last day, by somebody who can sign in."""
    today = timezone.localdate()
    make_person(Role.STATE, None, "Sten", password=None)
    make_person(Role.STATE, None, "Sten", is_active=False)
    ending, coming = make_user(), make_user()
    make_seat(ending, Role.STATE, ends_on=today + timedelta(days=1))
    make_seat(coming, Role.STATE, starts_on=today + timedelta(days=1))
    assert [seat.user for seat in Seat.objects.held_by_the_state(today)] == [cast.state]


@pytest.mark.parametrize(
    ("who", "label"),
    [
        ("teacher", "Active"),
        ("invited", "Invited"),
        ("former_teacher", "Ended"),
        ("locked_teacher", "Locked"),
    ],
)
def test_how_a_seat_stands(cast: Cast, who: str, label: str) -> None:
    user = getattr(cast, who)
    assert rules.state_of(user, user.seats.get(), on=timezone.localdate())[1] == label


def test_a_seat_ahead_begins_later(cast: Cast) -> None:
    today = timezone.localdate()
    seat = make_seat(cast.nobody, Role.TEACHER, cast.kamiakin, starts_on=today + timedelta(days=3))
    assert rules.state_of(cast.nobody, seat, on=today) == ("progress", "Begins later")


def test_who_creates_accounts_is_said_in_words(cast: Cast) -> None:
    said = {
        who: " ".join(rules.grants_in_words(rules.reach_of(getattr(cast, who))))
        for who in ("state", "consortium", "district", "registrar")
    }
    assert said["state"].startswith("You give every kind of seat")
    assert "For Columbia Basin CTE Dual Credit you give seats to District Users" in said["consortium"]
    assert (
        "For the schools of Kennewick School District you give seats to Counselors and Teachers"
        in said["district"]
    )
    assert "given above it" in said["registrar"]


def test_who_sees_whom(cast: Cast) -> None:
    """Above: everyone below. At a school or college: its own people. Teachers, faculty and students: nobody."""
    reach = {
        who: {seat.user.first_name for seat in Seat.objects.visible_to(getattr(cast, who)).staff()}
        for who in (
            "state",
            "consortium",
            "district",
            "counselor",
            "registrar",
            "teacher",
            "faculty",
            "nobody",
        )
    }
    school = {"Tess", "Colin", "Connie", "Fergus", "Lola", "Ivy", "Mika"}
    assert reach["counselor"] == school
    assert reach["district"] == school | {"Dora"}
    assert reach["registrar"] == {"Felix", "Rita"}
    assert reach["consortium"] == school | {"Dora", "Felix", "Rita", "Carmen"}
    assert reach["state"] >= reach["consortium"] | {"Stella", "Tobias", "Cyril"}
    assert reach["teacher"] == reach["faculty"] == reach["nobody"] == set()


# --- Reminders ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("age", "mailed", "sent", "number"),
    [
        (0, 0, 0, None), (1.9, 1.9, 0, None), (2, 2, 0, 1), (2, 0.9, 0, None), (3, 1, 0, 1),
        (4.9, 2.9, 1, None), (5, 3, 1, 2), (30, 25, 0, 1), (9, 4, 2, 3), (400, 300, 3, None), (2, None, 0, 1),
    ],
)  # fmt: skip
def test_when_a_reminder_is_due(age: float, mailed: float | None, sent: int, number: int | None) -> None:
    """Two, five and nine days after the account was made, three at most, never while a link still opens."""
    now = timezone.now()
    before = None if mailed is None else now - timedelta(days=mailed)
    assert rules.reminder_due(now - timedelta(days=age), before, sent, now=now) == number
