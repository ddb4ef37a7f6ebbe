"""Rosters from schools in the demo state: two classes of the demo teacher as Kamiakin's own system names them.

Most are registered; some are not, reminded or not, with and without an address; one left the roster and is registered;
one is registered whom the school does not name, one of these the teacher has accepted. A further file waits to be checked.
"""

from datetime import timedelta
from typing import Any, Final

from accounts.access import Role
from articulations.models import Section
from sers.lib.sheets import fingerprint
from sers.seed.names import Name
from sers.seed.students import Campus
from students.models import (
    ClassAnswer,
    Registration,
    RosterClass,
    RosterEntry,
    RosterImport,
    RosterLine,
    Student,
    sort_name,
)

#: In the class and not registered: name, grade level, whether the school gave an address, days since the last reminder.
MISSING: Final = (
    (Name("Ximena", "", "Ruiz"), 11, True, 2),
    (Name("Yusuf", "", "Adan"), 12, True, None),
    (Name("Hallie", "", "Brandt"), 10, False, None),
    (Name("Thuy", "", "Tran"), 11, True, 9),
)


def build_rosters(campus: Campus) -> None:
    """Two rosters that were taken in some days ago, and one to be checked."""
    terry = campus.folk.seats[Role.TEACHER]
    sections = sorted(
        (
            one.section
            for (_course, first_year), taught in campus.timetable.taught.items()
            for one in taught
            if first_year == campus.clock.year and one.teacher == terry.user
        ),
        key=lambda one: one.pk,
    )[:2]
    at = campus.clock.at(campus.clock.day - timedelta(days=12), 7, 40)
    for number, section in enumerate(sections):
        named = _class_of(campus, section)
        registered = [
            one
            for one in campus.book.rows(Registration)
            if one.section_id == section.pk and one.status == Registration.Status.IN_PROGRESS
        ]
        for place, registration in enumerate(registered):
            if place == 0:
                continue  # registered, and not on the school's roster
            if place == 1 and number == 0:
                campus.book.add(
                    ClassAnswer, registration=registration, number=1, answer=ClassAnswer.Answer.IN_CLASS,
                    answered_by=terry.user, answered_at=at + timedelta(days=3),
                )  # fmt: skip
                continue
            left = at + timedelta(days=5) if place == 2 else None
            _entry(campus, section, named, student=registration.student, added_at=at, gone_at=left)
        for name, level, reachable, days in MISSING[number * 2 : number * 2 + 2 + number]:
            reminded = campus.clock.at(campus.clock.day - timedelta(days=days), 9) if days else None
            _entry(
                campus, section, named, name=name, level=level, reachable=reachable, added_at=at, reminded_at=reminded,
                reminders=1 if days else 0,
            )  # fmt: skip
        campus.book.add(
            RosterImport, year=section.year, name=f"period-{number + 1}.csv", kind=RosterImport.Kind.CSV,
            sha256=fingerprint(str(section.pk).encode()), state=RosterImport.State.DONE, handed_in_by=terry.user,
            handed_in_at=at, done_at=at + timedelta(minutes=3), lines=len(registered), read=len(registered),
            added=len(registered),
        )  # fmt: skip
    _file_to_check(campus, sections[0])


def _class_of(campus: Campus, section: Section) -> RosterClass:
    course = section.high_school_course
    return campus.book.add(
        RosterClass, year=section.year, school=course.school, key=f"o|{70_000 + section.pk}", title=course.title,
        part=section.label, section=section,
    )  # fmt: skip


def _entry(
    campus: Campus,
    section: Section,
    named: RosterClass,
    *,
    name: Name | None = None,
    student: Student | None = None,
    level: int = 11,
    reachable: bool = False,
    **facts: Any,
) -> RosterEntry:
    first = student.first_name if student is not None else name.first if name is not None else ""
    last = student.last_name if student is not None else name.last if name is not None else ""
    key = len(campus.book.rows(RosterEntry))
    return campus.book.add(
        RosterEntry, section=section, roster_class=named, key=f"o:{400_000 + key}", first_name=first, last_name=last,
        sort_name=sort_name(last, first, ""), student=student,
        grade_level=student.grade_level if student is not None else level,
        email=f"{first}.{last}@school.example.org".lower() if reachable else "", **facts,
    )  # fmt: skip


def _file_to_check(campus: Campus, section: Section) -> None:
    """A counselor's file that was read: one class is to be looked at, one line to be corrected."""
    counselor = campus.folk.seats[Role.COUNSELOR].user
    at = campus.clock.at(campus.clock.day, 8, 5)
    roster = campus.book.add(
        RosterImport, year=section.year, name="kamiakin.csv", kind=RosterImport.Kind.CSV, sha256="0" * 64,
        state=RosterImport.State.PREVIEW, handed_in_by=counselor, handed_in_at=at, lines=3, read=3, faults=1,
    )  # fmt: skip
    unknown = campus.book.add(
        RosterClass, year=section.year, school=section.high_school_course.school, key="ceramics|period 6",
        title="Ceramics", part="Period 6",
    )  # fmt: skip
    for line, first, last, fault in (
        (2, "Mei", "Lin", ""), (3, "Jonas", "Petrov", ""), (4, "", "Okafor", "Enter the first name."),
    ):  # fmt: skip
        campus.book.add(
            RosterLine, roster=roster, line=line, roster_class=None if fault else unknown, key=f"n:{line}",
            first_name=first, last_name=last, sort_name=sort_name(last, first, ""), fault=fault,
        )  # fmt: skip
