"""Who enters agreements and classes, and who teaches them: over the whole cast."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.access import Role
from articulations import rules
from students.models import Student
from tests.people import Cast, make_school, make_seat

EVERYONE = (
    "student", "teacher", "counselor", "district", "faculty", "registrar", "consortium", "other_consortium", "state",
    "former_teacher", "nobody", "many_hats",
)  # fmt: skip


def who_may(cast: Cast, rule: Any, *things: Any) -> set[str]:
    people = {person: getattr(cast, person) for person in EVERYONE}
    return {
        name for name, one in people.items() if rule(one.user if isinstance(one, Student) else one, *things)
    }


def test_agreements_are_entered_by_their_consortium(cast: Cast) -> None:
    assert who_may(cast, rules.can_enter_articulation, cast.columbia_basin) == {"consortium"}
    assert who_may(cast, rules.can_enter_articulation, cast.walla_walla) == {"other_consortium"}


def test_classes_are_entered_by_a_consortium_of_the_district(cast: Cast) -> None:
    assert who_may(cast, rules.can_enter_section, cast.kamiakin) == {"consortium"}
    cast.walla_walla.districts.add(cast.kennewick)
    assert who_may(cast, rules.can_enter_section, cast.kamiakin) == {"consortium", "other_consortium"}


def test_numbers_are_told_to_staff_only(cast: Cast) -> None:
    assert who_may(cast, rules.can_see_numbers) == set(EVERYONE) - {"student", "former_teacher", "nobody"}


def test_only_the_college_must_be_a_member(cast: Cast) -> None:
    """Walla Walla High School has an agreement with Columbia Basin College, across the border."""
    assert rules.why_not_articulate(cast.columbia_basin, cast.cbc, cast.kamiakin) is None
    assert rules.why_not_articulate(cast.columbia_basin, cast.cbc, cast.wahi) is None
    refusal = rules.why_not_articulate(cast.columbia_basin, cast.wwcc, cast.kamiakin)
    assert refusal is not None
    assert refusal.rule == "college_elsewhere"


@pytest.mark.parametrize(
    ("starts", "ends", "may"),
    [(-30, None, True), (-30, 0, True), (-30, 30, True), (30, None, True), (-30, -1, False)],
)
def test_who_has_left_teaches_no_new_class(cast: Cast, starts: int, ends: int | None, may: bool) -> None:
    """The last day still counts, and so does a seat that begins later."""
    today = timezone.localdate()
    seat = make_seat(
        cast.nobody,
        Role.TEACHER,
        cast.kamiakin,
        starts_on=today + timedelta(days=starts),
        ends_on=None if ends is None else today + timedelta(days=ends),
    )
    assert (rules.why_not_teach(seat, cast.kamiakin) is None) is may


def test_a_class_is_taught_by_teachers_of_its_school(cast: Cast) -> None:
    elsewhere = make_school("Southridge High School", cast.kennewick)
    assert rules.why_not_teach(cast.teacher_seat, cast.kamiakin) is None
    for seat, school in (
        (cast.teacher_seat, elsewhere),
        (cast.other_teacher_seat, cast.kamiakin),
        (cast.counselor.seats.get(), cast.kamiakin),
        (cast.registrar.seats.get(), cast.kamiakin),
    ):
        refusal = rules.why_not_teach(seat, school)
        assert refusal is not None
        assert refusal.rule == "teaches_elsewhere"
