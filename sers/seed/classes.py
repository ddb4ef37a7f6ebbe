"""Teachers of the peopled schools and the classes they teach, three school years of them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from accounts.access import Role
from accounts.models import Event, User
from articulations.models import CLASS_CODE_LETTERS, HighSchoolCourse, Section
from organizations.models import AcademicYear, HighSchool, Seat
from sers.seed.courses import Catalog, Offering
from sers.seed.people import Folk
from sers.seed.rows import Book
from sers.seed.years import Clock, Years

#: How many students of the demo a school has: about its share among the peopled ones. Skills centers have
#: classes but no students of their own.
SIZE = {
    "Kamiakin High School": 15, "Kennewick High School": 10, "Southridge High School": 10,
    "Chiawana High School": 14, "Pasco High School": 12, "Delta High School": 3, "New Horizons High School": 2,
    "Hanford High School": 9, "Richland High School": 10, "Connell High School": 5, "River View High School": 2,
    "Columbia High School": 2, "Kiona-Benton City High School": 3, "Prosser High School": 5,
    "Walla Walla High School": 14, "College Place High School": 4, "Clarkston High School": 5,
}  # fmt: skip
LARGE = 9
#: The classes of Terry Teacher at Kamiakin High School.
TERRYS = ("Computer Applications", "Web Design", "Networking", "Cybersecurity")
#: The class whose roster the demo shows: this period, this year, exactly so many students.
SHOWN_CLASS, SHOWN_LABEL, SHOWN_SIZE = "Web Design", "Period 2", 28
#: The class of the demo teacher that runs the whole year: its roster has a box a semester.
TERMS_CLASS = "Networking"


@dataclass(slots=True)
class Taught:
    """A class of one year with what is needed to register for it and to grade it."""

    section: Section
    teacher: User


@dataclass(slots=True)
class Timetable:
    """The classes by high-school course and school year."""

    book: Book
    clock: Clock
    years: Years
    taught: dict[tuple[int, int], list[Taught]] = field(default_factory=dict)

    def add(
        self,
        course: HighSchoolCourse,
        year: AcademicYear,
        teachers: Iterable[Seat],
        *,
        label: str,
        term: str = Section.Term.YEAR,
        by: User | None = None,
    ) -> Taught:
        """One class with its teachers."""
        section = self.book.add(
            Section,
            high_school_course=course,
            year=year,
            term=term,
            label=label,
            class_code=self.book.letters(CLASS_CODE_LETTERS, 7),
        )
        teachers = list(teachers)
        for teacher in teachers:
            self.book.add(Section.teachers.through, section=section, seat=teacher)
        if by is not None:
            self.book.add(
                Event,
                at=self.clock.at(date(year.first_year, 8, 15)),
                actor=by,
                kind="articulations.section_entered",
                subject_type="articulations.section",
                subject_id=section.pk,
                data={},
            )
        taught = Taught(section, teachers[0].user)
        self.taught.setdefault((course.pk, year.first_year), []).append(taught)
        return taught


def build_timetable(
    book: Book, clock: Clock, years: Years, catalog: Catalog, folk: Folk, *, by: dict[int, User]
) -> Timetable:
    """Teachers at each peopled school, and a class or two of each course in every year it is articulated.

    `by` names the staff who entered the classes, by school.
    """
    timetable = Timetable(book, clock, years)
    offered: dict[int, list[Offering]] = {}
    for offering in catalog.offerings:
        if offering.school.pk in by:
            offered.setdefault(offering.school.pk, []).append(offering)
    for school_key, offerings in offered.items():
        school = offerings[0].school
        teachers = _teachers(folk, clock, school, len(offerings))
        large = SIZE.get(school.name, LARGE) >= LARGE
        for number, offering in enumerate(offerings):
            terrys = school.name == "Kamiakin High School" and offering.title in TERRYS
            teacher = folk.seats[Role.TEACHER] if terrys else teachers[number % len(teachers)]
            # In some classes a second teacher shares the roster.
            shared = [teachers[(number + 1) % len(teachers)]] if len(teachers) > 1 and number % 7 == 3 else []
            for first_year, year in years.by_first.items():
                if not offering.deals_in(first_year):
                    continue
                for course in offering.classes:
                    shown = terrys and offering.title == SHOWN_CLASS and first_year == clock.year
                    # One grade decides there, though the college asks for one each semester; in one class it asks two.
                    semester = terrys and first_year == clock.year and offering.title != TERMS_CLASS
                    count = 1 if shown or not large else book.random.choice((1, 1, 2))
                    labels = sorted(book.random.sample(range(1, 7), count))
                    for at in labels:
                        timetable.add(
                            course,
                            year,
                            [teacher, *shared],
                            label=SHOWN_LABEL if shown else f"Period {at}",
                            term=Section.Term.FIRST
                            if semester
                            else Section.Term.YEAR
                            if book.random.random() < 0.8
                            else book.random.choice((Section.Term.FIRST, Section.Term.SECOND)),
                            by=by[school_key],
                        )
    return timetable


def _teachers(folk: Folk, clock: Clock, school: HighSchool, offerings: int) -> list[Seat]:
    """Two to six teachers who are there, and at some schools one who has left."""
    random = folk.book.random
    seats = [
        folk.staff(
            Role.TEACHER,
            since=date(clock.year - random.randint(2, 6), 8, 20),
            school=school,
        )
        for _ in range(max(2, min(6, offerings // 2)))
    ]
    if random.random() < 0.4:
        folk.staff(
            Role.TEACHER, since=date(clock.year - 5, 8, 20), ends_on=date(clock.year, 6, 30), school=school
        )
    return seats
