"""What entering agreements and classes leaves behind; tests/articulations/test_entering.py has what is refused."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from accounts.access import Role
from accounts.models import Event
from articulations import actions
from articulations.models import Articulation, Section
from sers.lib.refusal import Refused
from tests.people import Cast, make_agreement, make_college_course, make_high_school_course, make_seat

D = Decimal


def enter(cast: Cast, **facts: Any) -> Articulation:
    facts = {
        "consortium": cast.columbia_basin, "college": cast.cbc, "school": cast.kamiakin, "title": "Marketing", "cip": "521801",
        "cluster": None, "courses": [(cast.acct_201, D(5))], "valid_from": date(2026, 7, 1), "valid_until": date(2029, 6, 30),
        "minimum_percent": None, "by": cast.consortium,
    } | facts  # fmt: skip
    return actions.enter_articulation(**facts)


def test_an_agreement_is_entered(cast: Cast) -> None:
    agreement = enter(cast, minimum_percent=D(90))
    (line,) = agreement.courses.all()
    assert (agreement.number, agreement.college, agreement.minimum_percent) == ("WA190-26-0002", cast.cbc, 90)
    assert (agreement.entered_by, agreement.entered_at is None) == (cast.consortium, False)
    taught = line.high_school_course
    assert (taught.title, taught.cip, taught.school) == ("Marketing", "521801", cast.kamiakin)
    assert (line.college_course, line.credits) == (cast.acct_201, 5)
    assert (line.valid_from, line.valid_until) == (agreement.valid_from, agreement.valid_until)
    event = Event.objects.get(kind="articulations.entered")
    assert (event.actor, event.subject_id) == (cast.consortium, agreement.pk)


def test_a_class_the_school_teaches_already_keeps_its_facts(cast: Cast) -> None:
    cast.welding_agreement.courses.all().delete()  # one agreement of a class and college at a time
    agreement = enter(cast, title="Welding Technology", cip="999999")
    assert agreement.courses.get().high_school_course == cast.welding
    cast.welding.refresh_from_db()
    assert cast.welding.cip == "480508"


def test_numbers_of_colleges_do_not_mix(cast: Cast) -> None:
    ours = enter(cast)
    theirs = enter(
        cast, consortium=cast.walla_walla, college=cast.wwcc, school=cast.wahi, courses=[(cast.ho_110, D(5))],
        by=cast.other_consortium,
    )  # fmt: skip
    assert (ours.number, theirs.number) == ("WA190-26-0002", "WA200-26-0002")


def enter_section(cast: Cast, **facts: Any) -> Section:
    facts = {
        "high_school_course": cast.accounting, "year": cast.year, "term": Section.Term.FIRST, "label": "Period 6",
        "teachers": [cast.teacher_seat, cast.colleague_seat], "by": cast.consortium,
    } | facts  # fmt: skip
    return actions.enter_section(**facts)


def test_a_class_is_entered(cast: Cast) -> None:
    section = enter_section(cast)
    assert (section.high_school_course, section.year, section.term) == (cast.accounting, cast.year, "s1")
    assert set(section.teachers.all()) == {cast.teacher_seat, cast.colleague_seat}
    event = Event.objects.get(kind="articulations.section_entered")
    assert (event.actor, event.subject_id) == (cast.consortium, section.pk)
    assert set(Section.objects.visible_to(cast.colleague)) == {section, cast.colleague_section}


def test_a_teacher_of_two_schools_is_chosen_by_the_seat_at_this_one(cast: Cast) -> None:
    second = make_seat(cast.other_teacher, Role.TEACHER, cast.kamiakin)
    assert list(enter_section(cast, teachers=[second]).teachers.all()) == [second]


def test_one_teacher_who_may_not_keeps_the_class_out(cast: Cast) -> None:
    before = Section.objects.count()
    for wrong in (cast.other_teacher_seat, cast.former_teacher.seats.get()):
        with pytest.raises(Refused) as refused:
            enter_section(cast, teachers=[cast.teacher_seat, wrong])
        assert refused.value.refusal.rule == "teaches_elsewhere"
    assert Section.objects.count() == before


def test_a_class_of_a_year_the_agreement_does_not_cover(cast: Cast) -> None:
    course = make_high_school_course(cast.kamiakin, "Photography")
    make_agreement(
        (course, make_college_course(cast.cbc, "PHO 101")),
        consortium=cast.columbia_basin,
        valid_from=cast.last_year.starts_on,
        valid_until=cast.last_year.ends_on,
    )
    with pytest.raises(Refused) as refused:
        enter_section(cast, high_school_course=course)
    assert refused.value.refusal.rule == "no_agreement"
    assert enter_section(cast, high_school_course=course, year=cast.last_year).year == cast.last_year
