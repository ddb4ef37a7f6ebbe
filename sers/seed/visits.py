"""Who has seen whose record in the demo state, and records that may be one person's.

The demo student's readers come from her school, her district, her college, her consortium and the State, one of them
was not let in; her teacher has read the list of his class. Two pairs of records wait to be looked at, one was told apart.
"""

from datetime import date, timedelta
from typing import Final

from accounts.access import Role
from organizations.models import Seat
from sers.seed.names import Name
from sers.seed.places import IN_DEPTH
from sers.seed.students import Campus, Pupil
from students.actions import session_mark
from students.models import Disclosure, LikelyTwins, Merge, Registration, Student

What, Ground = Disclosure.What, Disclosure.Ground

#: Days ago, hour, role, what was shown, on which ground, whether it went to another agency, and the reason given.
VISITS: Final = (
    (61, 8, Role.COUNSELOR, What.PROFILE, Ground.SCHOOL_OFFICIAL, False, ""),
    (61, 8, Role.COUNSELOR, What.HISTORY, Ground.SCHOOL_OFFICIAL, False, ""),
    (40, 14, Role.DISTRICT, What.PROFILE, Ground.SCHOOL_OFFICIAL, False, ""),
    (33, 10, Role.CONSORTIUM, What.FEES, Ground.PROGRAM, True, ""),
    (33, 10, Role.CONSORTIUM, What.PROFILE, Ground.PROGRAM, True, ""),
    (19, 15, Role.REGISTRAR, What.TRANSCRIPT, Ground.ENROLLED, True, ""),
    (12, 9, Role.STATE, What.HISTORY, Ground.AUDIT, True, ""),
    (5, 13, Role.REGISTRAR, What.PROFILE, Ground.ENROLLED, True, ""),
)  # fmt: skip


def build_visits(campus: Campus, stella: Pupil) -> None:
    """Readings of the demo student's record and of one class, in the days before the reference day."""
    for days, hour, role, what, ground, crosses, reason in VISITS:
        add_visit(
            campus, stella.student, campus.folk.seats[role], what, ground, days=days, hour=hour, crosses=crosses,
            reason=reason,
        )  # fmt: skip
    walla_walla = [campus.places.districts[name] for name in campus.places.districts_of[IN_DEPTH[1]]]
    across = next(
        seat for seat in campus.book.rows(Seat) if seat.role == Role.DISTRICT and seat.district in walla_walla
    )
    add_visit(
        campus, stella.student, across, What.OPENED, Ground.ENROLLED, days=26, hour=11, crosses=True, refused=True,
        reason="Asked at our office about moving here",
    )  # fmt: skip
    terry = campus.folk.seats[Role.TEACHER]
    classes = [
        one.section
        for (_course, first_year), taught in campus.timetable.taught.items()
        for one in taught
        if first_year == campus.clock.year and one.teacher == terry.user
    ]
    section = min(classes, key=lambda one: one.pk)
    home = campus.places.school("Kamiakin High School").district_id
    for registration in campus.book.rows(Registration):
        if registration.section_id == section.pk:
            add_visit(
                campus, registration.student, terry, What.ROSTER, Ground.SCHOOL_OFFICIAL, days=2, hour=7,
                crosses=registration.student.school.district_id != home,
            )  # fmt: skip


def build_twins(campus: Campus) -> None:
    """A record made again with the same facts, one with a slip in the birth date, cousins who were told apart, two records
    that were merged, and two whose merge was undone."""
    kamiakin = campus.places.school("Kamiakin High School")
    here = [one for one in campus.pupils if one.school == kamiakin and one.student.former_names == ""][1:6]
    for number, (pupil, likeness) in enumerate(
        zip(
            here,
            (
                LikelyTwins.Likeness.SAME,
                LikelyTwins.Likeness.NEAR,
                LikelyTwins.Likeness.SAME,
                LikelyTwins.Likeness.SAME,
                LikelyTwins.Likeness.SAME,
            ),
            strict=True,
        )
    ):
        old = pupil.student
        again = campus.enroll(
            Name(old.first_name, "" if number == 0 else old.middle_name, old.last_name),
            kamiakin,
            old.graduation_year,
        ).student
        born: date = old.birth_date
        again.birth_date = born.replace(year=born.year ^ 1, day=min(born.day, 28)) if number == 1 else born
        if number == 1:
            old.birth_date = born.replace(day=min(born.day, 28))
        again.created_at = again.updated_at = min(
            old.created_at + timedelta(days=7), campus.clock.at(campus.clock.day)
        )
        pair = campus.book.add(
            LikelyTwins, older=old, newer=again, likeness=likeness,
            found_at=campus.clock.at(campus.clock.day - timedelta(days=9 - number), 2, 20),
        )  # fmt: skip
        if number == 2:
            pair.decided_at = campus.clock.at(campus.clock.day - timedelta(days=4), 16)
            pair.decided_by = campus.folk.demo[Role.CONSORTIUM]
            pair.reason = "Cousins of one name; the counselor knows both families."
        if number >= 3:
            merge = campus.book.add(
                Merge, stands=old, gone=again, merged_by=campus.folk.demo[Role.CONSORTIUM],
                merged_at=campus.clock.at(campus.clock.day - timedelta(days=3), 15, number),
                reason="The same person: the counselor showed both IDs.",
            )  # fmt: skip
            if number == 3:
                again.merged_into = old
            else:
                merge.undone_at = campus.clock.at(campus.clock.day - timedelta(days=2), 10)
                merge.undone_by = campus.folk.demo[Role.CONSORTIUM]
                merge.undone_reason = (
                    "Two people of one name, born on one day: each came with a paper of their own."
                )


def add_visit(
    campus: Campus,
    student: Student,
    seat: Seat,
    what: Disclosure.What,
    ground: Disclosure.Ground,
    *,
    days: int,
    hour: int,
    crosses: bool,
    refused: bool = False,
    reason: str = "",
) -> None:
    """One reading of a record, so many days before the reference day."""
    day = campus.clock.day - timedelta(days=days)
    campus.book.add(
        Disclosure, at=campus.clock.at(day, hour, 12), day=day, student=student, reader=seat.user, seat_id=seat.pk,
        role=seat.role, place=seat.place.name if seat.place else "", what=what, ground=ground, crosses=crosses,
        refused=refused, reason=reason, session=session_mark(f"seed {seat.pk} {day}"),
    )  # fmt: skip
