"""Annual Teacher Assurances of the demo state: some pending, some waiting for the district, some signed by both."""

from datetime import date
from typing import Final

from accounts.access import Role
from accounts.models import Event
from articulations.models import (
    Articulation,
    AssuranceText,
    Countersignature,
    Section,
    TeacherAssurance,
    text_fingerprint,
)
from articulations.rules import assurance_intent, countersigning_intent
from organizations.models import Seat
from sers.seed.places import CBC, WALLA_WALLA
from sers.seed.students import Campus

TEXT: Final = """I teach the class as its syllabus says that lies with the agreement: its content covers the outcomes of the college course, and I assess them by the criteria of the agreement.

I tell my students at the beginning of the class that it earns college credit, what grade earns it, and that the grade becomes part of a permanent college record.

I help my students register in SERS by the last day of registration, and enter a grade or a status for each of them by the last day of grading.

I tell the college before I change textbook, content or assessment, and when somebody else takes over the class."""
#: Whether the district signs beside the teacher there, and of ten teachers how many have signed.
ASKS: Final = {CBC: (True, 6), WALLA_WALLA: (False, 8)}


def build_assurances(campus: Campus) -> None:
    """The text of two colleges for this school year and the last, and who has signed it; the demo teacher has not yet."""
    book, clock = campus.book, campus.clock
    for name, (district_signs, of_ten) in ASKS.items():
        for first_year in (clock.year - 1, clock.year):
            text = book.add(
                AssuranceText, college=campus.places.colleges[name], year=campus.years.by_first[first_year], number=1,
                text=TEXT, sha256=text_fingerprint(TEXT), holds_from=1, due_on=date(first_year, 12, 15),
                district_signs=district_signs, written_by=campus.registrars[name],
                written_at=clock.at(date(first_year, 8, 20), 10),
            )  # fmt: skip
            _sign(campus, text, of_ten if first_year == clock.year else 10)


def _sign(campus: Campus, text: AssuranceText, of_ten: int) -> None:
    """So many of ten teachers have signed for all their agreements; every second of these has the district's signature."""
    book, clock, year = campus.book, campus.clock, text.year.first_year
    terry = campus.folk.seats[Role.TEACHER]
    directors = {one.district_id: one for one in book.rows(Seat) if one.signs_as is not None and one.district}
    agreements: dict[int, list[Articulation]] = {}
    for offering in campus.catalog.offerings:
        for deal in offering.deals_in(year):
            if deal.articulation.college_id == text.college_id:
                for course in offering.classes:
                    agreements.setdefault(course.pk, []).append(deal.articulation)
    owed: dict[tuple[int, int], tuple[Seat, Articulation]] = {}
    for row in book.rows(Section.teachers.through):
        if row.section.year_id == text.year_id:
            for agreement in agreements.get(row.section.high_school_course_id, ()):
                owed[row.seat.pk, agreement.pk] = row.seat, agreement
    for (key, _), (seat, agreement) in sorted(owed.items()):
        if key % 10 >= of_ten or (key == terry.pk and year == clock.year):
            continue
        signed_at = clock.at(date(year, 9, 1 + key % 20), 15)
        given = book.add(
            TeacherAssurance, seat=seat, articulation=agreement, year=text.year, text=text, signed_sha256=text.sha256,
            signed_name=seat.user.name, signed_as=f"Teacher, {seat.school}",
            intent=assurance_intent(text, str(seat.school), agreement.number), signed_by=seat.user,
            signed_at=signed_at, network="198.51.100.20", signed_in_by="password",
        )  # fmt: skip
        book.add(
            Event, at=signed_at, actor=seat.user, kind="articulations.assured",
            subject_type="articulations.teacherassurance", subject_id=given.pk, data={"version": 1},
        )  # fmt: skip
        director = directors.get(seat.school.district_id) if seat.school else None
        if text.district_signs and director is not None and (key % 2 or year != clock.year):
            book.add(
                Countersignature, assurance=given, side="district", signed_name=director.user.name,
                signed_as=f"{director.signs_as}, {director.district}",
                intent=countersigning_intent(given, str(director.signs_as), str(director.district)),
                signed_by=director.user, signed_at=clock.at(date(year, 10, 1 + key % 20), 9),
                network="198.51.100.21", signed_in_by="password",
            )  # fmt: skip
