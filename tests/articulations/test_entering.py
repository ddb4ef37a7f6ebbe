"""Entering agreements and classes: what is refused, and that nothing is left behind."""

import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Event
from articulations.actions import NewCourse, enter_articulation, enter_section
from articulations.models import Articulation, ArticulationCourse, CollegeCourse, HighSchoolCourse, Section
from sers.lib.refusal import Refused
from tests.people import Cast

FIRST, LAST = datetime.date(2030, 7, 1), datetime.date(2033, 6, 30)


def terms(cast: Cast, **changes: Any) -> dict[str, Any]:
    return {
        "consortium": cast.columbia_basin,
        "college": cast.cbc,
        "school": cast.kamiakin,
        "title": "Robotics",
        "cip": "",
        "cluster": None,
        "courses": [(NewCourse("ROB 101", "Robots"), Decimal(3))],
        "valid_from": FIRST,
        "valid_until": LAST,
        "minimum_percent": None,
        "by": cast.consortium,
        **changes,
    }


def counts() -> tuple[int, ...]:
    return tuple(
        model.objects.count()
        for model in (Articulation, ArticulationCourse, CollegeCourse, HighSchoolCourse, Event)
    )


def test_numbers_run_by_college_and_year(cast: Cast) -> None:
    numbers = [
        enter_articulation(
            **terms(cast, title=f"Robotics {one}", courses=[(NewCourse(f"ROB {one}", "Robots"), Decimal(3))])
        ).number
        for one in range(3)
    ]
    stem = f"{cast.cbc.code}-30-"
    assert numbers == [f"{stem}0001", f"{stem}0002", f"{stem}0003"]


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        (lambda cast: {"by": cast.other_consortium}, "not_consortium"),
        (lambda cast: {"by": cast.state}, "not_consortium"),
        (lambda cast: {"college": cast.wwcc}, "college_elsewhere"),
        (lambda cast: {"courses": []}, "no_course"),
        (lambda cast: {"courses": [(cast.ho_110, Decimal(5))]}, "course_elsewhere"),
        (
            lambda cast: {
                "title": "accounting 1",
                "courses": [(NewCourse("ROB 1", "Robots"), Decimal(3)), (cast.acct_201, Decimal(5))],
                "valid_from": datetime.date(cast.year.first_year, 7, 1),
            },
            "covered_already",
        ),
        (
            lambda cast: {
                "title": "accounting 1",
                "courses": [(NewCourse("ROB 1", "Robots"), Decimal(3))],
                "valid_from": datetime.date(cast.year.first_year, 7, 1),
            },
            "class_covered",  # a registration stands under one agreement; the other's course would never be earned
        ),
    ],
)
def test_what_is_refused_leaves_nothing(cast: Cast, changes: Any, rule: str) -> None:
    before = counts()
    with pytest.raises(Refused) as refused:
        enter_articulation(**terms(cast, **changes(cast)))
    assert refused.value.refusal.rule == rule
    assert counts() == before


def test_an_agreement_follows_another_to_the_day(cast: Cast) -> None:
    enter_articulation(**terms(cast))
    enter_articulation(
        **terms(cast, valid_from=LAST + datetime.timedelta(days=1), valid_until=datetime.date(2034, 6, 30))
    )
    with pytest.raises(Refused):
        enter_articulation(**terms(cast, valid_from=LAST, valid_until=datetime.date(2035, 6, 30)))


def test_the_catalog_keeps_what_it_holds(cast: Cast) -> None:
    enter_articulation(**terms(cast, courses=[(NewCourse("ACCT& 201", "Another title"), Decimal(2))]))
    course = CollegeCourse.objects.get(college=cast.cbc, code="ACCT& 201")
    assert (course.title, course.credits) == ("Principles of Accounting I", Decimal(5))
    line = ArticulationCourse.objects.latest("pk")
    assert (line.college_course, line.credits) == (course, Decimal(2))


def test_two_agreements_for_one_pair_are_refused_by_the_database(cast: Cast) -> None:
    line = cast.agreement.courses.get()
    line.pk = None
    line.articulation = cast.welding_agreement
    with (
        pytest.raises(IntegrityError, match="one_agreement_for_a_course_pair_at_a_time"),
        transaction.atomic(),
    ):
        line.save()


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        (lambda cast: {"by": cast.other_consortium}, "other_district"),
        (lambda cast: {"by": cast.teacher}, "other_district"),
        (lambda cast: {"teachers": []}, "no_teacher"),
        (lambda cast: {"teachers": [cast.other_teacher_seat]}, "teaches_elsewhere"),
        (lambda cast: {"label": "Period 2"}, "section_exists"),
        (
            lambda cast: {
                "high_school_course": HighSchoolCourse.objects.create(school=cast.kamiakin, title="Yearbook")
            },
            "no_agreement",
        ),
    ],
)
def test_a_class_that_is_refused_leaves_nothing(cast: Cast, changes: Any, rule: str) -> None:
    before = Section.objects.count(), Event.objects.count()
    given = {
        "high_school_course": cast.accounting,
        "year": cast.year,
        "term": "year",
        "label": "Period 7",
        "teachers": [cast.teacher_seat],
        "by": cast.consortium,
    }
    with pytest.raises(Refused) as refused:
        enter_section(**given | changes(cast))
    assert refused.value.refusal.rule == rule
    assert (Section.objects.count(), Event.objects.count()) == before
    enter_section(**given)
    assert Section.objects.count() == before[0] + 1
