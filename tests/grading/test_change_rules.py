"""Grade Changes: who asks, confirms and decides, and what each step refuses. Truth tables."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from accounts.access import Role
from grading import rules
from grading.models import GradeChange, GradeEntry
from grading.rules import CollegeGrade
from organizations.rules import Opening
from tests.grading.changes import closed, confirmed
from tests.people import Cast, make_change, make_seat

TODAY = date(2027, 7, 10)
CLOSED, OPEN = (
    Opening(False, date(2027, 1, 1), date(2027, 6, 25)),
    Opening(True, date(2027, 1, 1), date(2027, 7, 25)),
)
TAUGHT = {"teacher"}


@pytest.mark.parametrize(
    ("person", "role"),
    [
        ("classmate", Role.STUDENT), ("student", None), ("other_student", None), ("teacher", Role.TEACHER),
        ("colleague", None), ("other_teacher", None), ("former_teacher", None), ("counselor", Role.COUNSELOR),
        ("other_counselor", None), ("district", None), ("registrar", None), ("consortium", None), ("state", None),
        ("nobody", None),
    ],
)  # fmt: skip
def test_who_asks(cast: Cast, person: str, role: Role | None) -> None:
    user = getattr(cast, person)
    assert rules.asks_change_as(getattr(user, "user", user), cast.classmate_registration) == role


@pytest.mark.parametrize(
    ("facts", "rule"),
    [
        ({}, None),
        ({"opening": OPEN}, "grading_open"),
        ({"opening": OPEN, "is_awarded": True}, None),
        ({"opening": Opening(False)}, None),
        ({"status": "not_attained"}, None),
        ({"status": "in_progress"}, "no_grade"),
        ({"status": "withdrawn"}, "no_grade"),
        ({"status": "not_in_class"}, "no_grade"),
        ({"has_grade": False}, "no_grade"),
        ({"under_way": True}, "under_way"),
        ({"under_way": True, "opening": OPEN}, "under_way"),
    ],
)
def test_when_a_change_is_asked_for(facts: dict[str, Any], rule: str | None) -> None:
    usual = {
        "status": "completed",
        "has_grade": True,
        "is_awarded": False,
        "under_way": False,
        "opening": CLOSED,
    }
    refusal = rules.why_not_ask_change(**(usual | facts), on=TODAY)
    assert (refusal.rule if refusal else None) == rule


@pytest.mark.parametrize(
    ("person", "confirms", "decides"),
    [
        ("graduate", False, False), ("teacher", True, False), ("colleague", False, False),
        ("counselor", False, False), ("district", False, False), ("faculty", False, False),
        ("registrar", False, True), ("other_registrar", False, False), ("consortium", False, True),
        ("other_consortium", False, False), ("state", False, False), ("many_hats", False, False),
    ],
)  # fmt: skip
def test_who_confirms_and_who_decides(cast: Cast, person: str, confirms: bool, decides: bool) -> None:
    user = getattr(cast, person)
    user = getattr(user, "user", user)
    assert rules.can_confirm_change(user, cast.grade_change) is confirms
    assert rules.can_decide_change(user, cast.grade_change) is decides


#: state, person: what refuses to confirm, approve, decline, withdraw; None is allowed.
STEPS = [
    ("requested", "teacher", None, "not_confirmed", None, "not_asker"),
    ("requested", "graduate", "not_teacher", "not_confirmed", "not_yours", None),
    ("requested", "consortium", "not_teacher", "not_confirmed", None, "not_asker"),
    ("requested", "registrar", "not_teacher", "not_confirmed", None, "not_asker"),
    ("requested", "counselor", "not_teacher", "not_confirmed", "not_yours", "not_asker"),
    ("confirmed", "teacher", "decided", "not_college_side", "not_yours", "not_asker"),
    ("confirmed", "graduate", "decided", "not_college_side", "not_yours", None),
    ("confirmed", "consortium", "decided", None, None, "not_asker"),
    ("confirmed", "registrar", "decided", None, None, "not_asker"),
    ("confirmed", "state", "decided", "not_college_side", "not_yours", "not_asker"),
    ("declined", "consortium", "decided", "decided", "decided", "decided"),
    ("declined", "graduate", "decided", "decided", "decided", "decided"),
    ("withdrawn", "teacher", "decided", "decided", "decided", "decided"),
]


@pytest.mark.parametrize("row", STEPS, ids=lambda row: f"{row[0]} {row[1]}")
def test_each_step_in_each_state(cast: Cast, row: tuple[Any, ...]) -> None:
    state, person, *expected = row
    user = getattr(cast, person)
    user = getattr(user, "user", user)
    change = cast.grade_change
    now = timezone.now()
    if state == "confirmed":
        change.confirmed_by, change.confirmed_at, change.grade = cast.teacher, now, "91"
    if state in ("declined", "withdrawn"):
        change.decided_by, change.decided_at, change.decision = cast.consortium, now, "No paper."
    change.state = state
    change.save()
    asked = [
        rules.why_not_confirm_change(user, change),
        rules.why_not_approve_change(user, change),
        rules.why_not_decline_change(user, change),
        rules.why_not_withdraw_change(user, change),
    ]
    assert [refusal.rule if refusal else None for refusal in asked] == expected


def test_nobody_approves_what_they_confirmed_or_asked(cast: Cast) -> None:
    """Somebody who teaches the class and works for the consortium as well."""
    from accounts.access import all_seats

    change = confirmed(cast, closed(cast))
    make_seat(cast.teacher, Role.CONSORTIUM, cast.columbia_basin)
    vars(cast.teacher).pop("_held_seats", None)
    assert len(all_seats(cast.teacher)) == 2
    refusal = rules.why_not_approve_change(cast.teacher, change)
    assert refusal is not None
    assert refusal.rule == "same_person"
    assert rules.why_not_decline_change(cast.teacher, change) is None


COMPLETED = CollegeGrade(GradeEntry.Outcome.COMPLETED, Decimal("3.5"), "A-")
NOTHING = CollegeGrade(GradeEntry.Outcome.NOT_ATTAINED, None, "")
SAME = CollegeGrade(GradeEntry.Outcome.COMPLETED, Decimal("3.9"), "A")


@pytest.mark.parametrize(
    ("grade", "text", "awarded", "rule"),
    [
        (COMPLETED, "91", False, None),
        (COMPLETED, "91", True, None),
        (NOTHING, "60", False, None),
        (NOTHING, "60", True, None),
        (NOTHING, "NA", True, None),
        (SAME, "97", False, "same_grade"),
        (SAME, "96", False, None),  # another percent, the same college grade: the record says which
        (None, "91", False, "no_scale"),
    ],
)
def test_what_a_grade_may_become(
    cast: Cast, grade: CollegeGrade | None, text: str, awarded: bool, rule: str | None
) -> None:
    row = rules.standing_of(cast.classmate_registration).row  # 97, 3.9 A
    if awarded:
        row = row._replace(awarded_at=timezone.now())
    refusal = rules.why_not_become(grade, text=text, row=row)
    assert (refusal.rule if refusal else None) == rule


def test_states_and_transitions_agree(cast: Cast) -> None:
    assert set(GradeChange.TRANSITIONS) == set(GradeChange.State)
    assert {state for state, to in GradeChange.TRANSITIONS.items() if to} == set(GradeChange.OPEN)


@pytest.mark.parametrize(
    ("state", "names"),
    [
        ("requested", ["past Requested", "here The teacher confirms", "ahead The college’s side approves"]),
        (
            "confirmed",
            ["past Requested", "past Confirmed by the teacher", "here The college’s side approves"],
        ),
        ("declined", ["past Requested", "here Declined"]),
        ("withdrawn", ["past Requested", "here Withdrawn"]),
    ],
)
def test_the_rail_says_where_it_is(cast: Cast, state: str, names: list[str]) -> None:
    change = cast.grade_change
    change.state = state
    if state == "confirmed":
        change.confirmed_by = cast.teacher
    assert [f"{step.state} {step.name}" for step in rules.steps_of(change)] == names


def test_what_waits_for_whom(cast: Cast) -> None:
    under_way = confirmed(cast, closed(cast))
    owing = make_change(cast.owing_registration, cast.owing.user)

    def waiting(user: Any) -> set[GradeChange]:
        visible = GradeChange.objects.visible_to(user).open()
        return set(rules.waiting_for(user, visible))

    assert waiting(cast.teacher) == {cast.grade_change, owing}
    assert waiting(cast.consortium) == {under_way}
    assert waiting(cast.registrar) == {under_way}
    assert waiting(cast.other_consortium) == waiting(cast.graduate.user) == waiting(cast.state) == set()
    assert waiting(cast.other_teacher) == {cast.other_grade_change}
    GradeChange.objects.filter(pk=under_way.pk).update(confirmed_by=cast.consortium)
    assert waiting(cast.consortium) == set()


def test_grading_opened_again_is_open_to_its_last_day(cast: Cast) -> None:
    closed(cast)
    registration, today = cast.classmate_registration, timezone.localdate()
    assert not rules.opening_of_class(registration, today).is_open
    cast.section.extensions.create(
        consortium=cast.columbia_basin, state="granted", reason="Away.", asked_by=cast.teacher,
        until=today + timedelta(days=3), decided_by=cast.consortium, decided_at=timezone.now(),
    )  # fmt: skip
    assert rules.opening_of_class(registration, today + timedelta(days=3)).is_open
    after = rules.opening_of_class(registration, today + timedelta(days=4))
    assert (after.is_open, after.closes_on) == (False, today + timedelta(days=3))
    assert not rules.opening_of_class(cast.graduate_registration, today).is_open
