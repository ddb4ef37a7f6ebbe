"""Students of the peopled schools, their registrations at every stage, their grades."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import models

from accounts.access import Role
from accounts.models import Event, User
from articulations.models import Section
from grading.models import GradeEntry, GradePart, RosterComment
from grading.rules import CollegeGrade, college_grade
from organizations.models import CollegeYear, HighSchool
from sers.lib.folding import fold_parts
from sers.seed import names
from sers.seed.classes import SHOWN_CLASS, SHOWN_LABEL, SHOWN_SIZE, SIZE, Taught, Timetable
from sers.seed.courses import Catalog, Deal, Offering
from sers.seed.names import Name
from sers.seed.people import Folk
from sers.seed.places import Places
from sers.seed.rows import Book
from sers.seed.years import Clock, Years
from students.actions import REFERENCE_LETTERS
from students.models import FIRST_CONSENT, Registration, Requirement, Student, sort_name
from students.rules import Asked, asks_of, fee_of, sers_id_of

#: Students of the demo, all schools together.
COUNT = 1900
#: The number before the first new CTE Dual Credit ID: the sequence starts after it.
FIRST_SERS_NUMBER = 6_200_001
#: Of a hundred students of each grade: how many register for something in a year.
TAKES_PART = {9: 14, 10: 42, 11: 66, 12: 70}
#: Districts whose students also go to a skills center of the peopled consortia.
GOES_TO = {
    "Tri-Tech Skills Center": (
        "Kennewick School District", "Richland School District", "Pasco School District", "Finley School District",
        "Kiona-Benton City School District", "North Franklin School District", "Prosser School District",
        "Columbia School District (Burbank)",
    ),
    "SEA-Tech Skills Center": ("Walla Walla School District", "College Place School District"),
}  # fmt: skip
STREETS = (
    "Sagebrush Lane", "Columbia Drive", "Canal Street", "Vineyard Way", "Orchard Road", "Wheatland Avenue",
    "Badger Canyon Road", "River Road", "Cottonwood Court", "Mill Creek Road", "Edison Street", "Yakima Avenue",
)  # fmt: skip
ZIP_CODES = {
    "Kennewick": "99336", "Pasco": "99301", "Richland": "99352", "Connell": "99326", "Burbank": "99323",
    "Benton City": "99320", "Prosser": "99350", "Walla Walla": "99362", "College Place": "99324",
    "Clarkston": "99403",
}  # fmt: skip
COMMENTS = (
    "Joined the class in October.",
    "Makes up two labs after school before the grade is final.",
    "Changed from Period 5; earlier work counts.",
    "Asked twice for the signed form.",
    "Moved to another school at the semester.",
)
Status = Registration.Status
FeesReq = Registration.FeesReq


@dataclass(slots=True)
class Pupil:
    """A student row with what decides which classes come into question."""

    student: Student
    taken: set[int] = field(default_factory=set)
    #: Where and in which years a fee is asked of them already: consortium and first year.
    paying: set[tuple[int, int]] = field(default_factory=set)

    @property
    def school(self) -> HighSchool:
        return self.student.school

    def grade_in(self, first_year: int) -> int:
        """The grade level in a school year; above 12 after graduation."""
        return 12 - (self.student.graduation_year - (first_year + 1))


@dataclass(slots=True)
class Campus:
    """Everything the students' life is made from."""

    book: Book
    clock: Clock
    places: Places
    years: Years
    catalog: Catalog
    timetable: Timetable
    folk: Folk
    #: Who processes forms and fees, by consortium name.
    staff: dict[str, User]
    #: Who runs the transcription, by college name.
    registrars: dict[str, User]
    pupils: list[Pupil] = field(default_factory=list)
    last_number: int = FIRST_SERS_NUMBER - 1
    #: The grade that counts, by registration.
    grades: dict[int, GradeEntry] = field(default_factory=dict)
    #: Links to guardians and the signatures they ask for, by their keys: a table without a model of its own.
    asked_guardians: list[tuple[int, int]] = field(default_factory=list)

    # --- People -----------------------------------------------------------------------------------

    def enroll(
        self, name: Name, school: HighSchool, graduation_year: int, *, user: User | None = None
    ) -> Pupil:
        """One student with an account, an ID and a home."""
        random, book = self.book.random, self.book
        first_active = max(self.clock.year - 2, graduation_year - 4)
        since = self.clock.moment(random, date(first_active, 8, 20), date(first_active, 9, 20))
        if user is None:
            user = self.folk.user(name, since=since)
            self.folk.seat(user, Role.STUDENT, since=since.date())
        legacy = first_active == self.clock.year - 2 and random.random() < 0.08
        if legacy:
            digits = str(412_000 + 37 * len(self.pupils))
            sers_id = f"TP{digits[0]}-{digits[1:3]}-{digits[3:]}"
        else:
            self.last_number += 1
            sers_id = sers_id_of(self.last_number)
        grade = max(9, min(12, 12 - (graduation_year - (self.clock.year + 1))))
        student = book.add(
            Student,
            user=user,
            sers_id=sers_id,
            first_name=name.first,
            middle_name=name.middle,
            last_name=name.last,
            former_names=name.former,
            birth_date=date(graduation_year - 19, 9, 1) + timedelta(days=random.randrange(365)),
            phone=f"509-555-{random.randint(100, 199):04}" if random.random() < 0.8 else "",
            street=f"{random.randint(100, 9899)} {random.choice(STREETS)}",
            city=school.city,
            state="WA",
            postal_code=ZIP_CODES.get(school.city, ""),
            school=school,
            grade_level=grade,
            graduation_year=graduation_year,
            folded=fold_parts(name.first, name.middle, name.last, name.former),
            sort_name=sort_name(name.last, name.first, name.middle),
            created_at=since,
            updated_at=since,
        )
        self.tell(user, since, "students.created", student)
        pupil = Pupil(student)
        self.pupils.append(pupil)
        return pupil

    def tell(self, by: User | None, at: datetime, kind: str, subject: models.Model) -> None:
        self.book.add(
            Event,
            at=at,
            actor=by,
            kind=kind,
            subject_type=subject._meta.label_lower,
            subject_id=subject.pk,
            data={},
        )

    # --- Registrations ----------------------------------------------------------------------------

    def register(
        self,
        pupil: Pupil,
        deal: Deal,
        taught: Taught,
        *,
        status: Status | None = None,
        fees_req: FeesReq | None = None,
        percent: Decimal | None = None,
    ) -> Registration:
        """One registration, brought to a stage: the given one, or one drawn by the year and the funnel."""
        random, section = self.book.random, taught.section
        first_year = section.year.first_year
        current = first_year == self.clock.year
        agreement = deal.articulation
        consortium, college = agreement.consortium, agreement.college
        opens, closes = self.years.registration[consortium.name, first_year]
        autumn = min(closes, max(opens, date(first_year, 11, 15)))
        at = self.clock.moment(random, opens, autumn if random.random() < 0.8 else closes)
        terms = self.years.consortia[consortium.name, first_year]
        credits = sum((line.credits for line in deal.lines), Decimal(0))
        asked = asks_of(
            terms,
            birth_date=pupil.student.birth_date,
            fee=fee_of(terms, credits, paid_this_year=(consortium.pk, first_year) in pupil.paying),
            on=at.date(),
        )
        if any(one.kind == Requirement.Kind.FEE for one in asked):
            pupil.paying.add((consortium.pk, first_year))
        owed = [one for one in asked if one.payer == Requirement.Payer.STUDENT]
        if not owed:
            fees_req = FeesReq.NOT_REQUIRED
        elif fees_req is None:
            fees_req = self._draw_fees_req(first_year)
        decided = fees_req in (FeesReq.PROCESSED, FeesReq.WAIVED)
        decided_at = self.clock.moment(random, at.date(), at.date() + timedelta(days=60)) if decided else None
        decided_by = self.staff.get(consortium.name) if decided else None
        if status is None:
            status = self._draw_status(section)
        registration = self.book.add(
            Registration,
            reference="R-" + self.book.letters(REFERENCE_LETTERS, 10),
            student=pupil.student,
            high_school_course=section.high_school_course,
            section=section,
            year=section.year,
            college=college,
            articulation=agreement,
            status=status,
            fees_req=fees_req,
            fees_req_at=decided_at,
            fees_req_by=decided_by,
            fee_due=sum((one.amount for one in owed), Decimal(0)),
            registered_at=at,
            registered_by=pupil.student.user,
            consent_id=FIRST_CONSENT,
            consent_language="en",
            version=1 + (status != Status.IN_PROGRESS) + decided,
        )
        self._ask(registration, asked, decided_at, decided_by)
        pupil.taken.add(section.high_school_course_id)
        self.tell(pupil.student.user, at, "students.registered", registration)
        if status in Registration.GRADED:
            self._grade(registration, taught, percent, from_day=at.date(), current=current)
        elif status == Status.WITHDRAWN:
            when = self.clock.moment(random, at.date(), at.date() + timedelta(days=45))
            self.tell(pupil.student.user, when, "students.withdrawn", registration)
        return registration

    def _ask(
        self, registration: Registration, asked: list[Asked], decided_at: datetime | None, by: User | None
    ) -> None:
        """What the registration owes, as its Fees/Req says; of some that are Pending one thing has come in."""
        random = self.book.random
        states = [
            Requirement.State.PENDING
            if one.payer == Requirement.Payer.DISTRICT
            else Requirement.State(registration.fees_req)
            for one in asked
        ]
        if len(states) > 1 and states[0] == Requirement.State.PENDING and random.random() < 0.3:
            states[0] = Requirement.State.PROCESSED
            decided_at = self.clock.moment(random, registration.registered_at.date(), self.clock.day)
            by = self.staff.get(registration.articulation.consortium.name)
        for one, state in zip(asked, states, strict=True):
            pending = state == Requirement.State.PENDING
            self.book.add(
                Requirement,
                registration=registration,
                kind=one.kind,
                asked=one.further,
                state=state,
                amount=one.amount,
                payer=one.payer,
                due_on=one.due_on,
                decided_at=None if pending else decided_at,
                decided_by=None if pending else by,
                reason="The family asked, and the consortium agreed"
                if state == Requirement.State.WAIVED
                else "",
            )

    def _draw_status(self, section: Section) -> Status:
        """The funnel: of 100 registered, 92 are graded and 48 Completed; this year few are graded yet."""
        random = self.book.random
        done = 1.0
        if section.year.first_year == self.clock.year:
            autumn, summer = date(self.clock.year, 9, 1), date(self.clock.year + 1, 6, 15)
            gone = (self.clock.day - autumn).days / (summer - autumn).days
            done = 0.08 + 0.55 * max(0.0, min(1.0, gone)) ** 2
            if section.term == Section.Term.FIRST and gone > 0.55:
                done = 0.9
        if random.random() >= done:
            left = random.random()
            return (
                Status.WITHDRAWN
                if left < 0.03
                else Status.NOT_IN_CLASS
                if left < 0.05
                else Status.IN_PROGRESS
            )
        return random.choices(
            (
                Status.COMPLETED,
                Status.NOT_ATTAINED,
                Status.WITHDRAWN,
                Status.NOT_IN_CLASS,
                Status.IN_PROGRESS,
            ),
            (48, 43, 5, 3, 1),
        )[0]

    def _draw_fees_req(self, first_year: int) -> FeesReq:
        """Forms come in over the years: nearly all of two years ago, most of last year, half of this."""
        pending = {self.clock.year: 46, self.clock.year - 1: 12}.get(first_year, 4)
        return self.book.random.choices(
            (FeesReq.PENDING, FeesReq.WAIVED, FeesReq.PROCESSED), (pending, 3, 97 - pending)
        )[0]

    # --- Grades -----------------------------------------------------------------------------------

    def _grade(
        self,
        registration: Registration,
        taught: Taught,
        percent: Decimal | None,
        *,
        from_day: date,
        current: bool,
    ) -> None:
        """The grade that a status stands for, in ink; some were corrected before they counted."""
        random = self.book.random
        first_year = registration.year.first_year
        college_year = self.years.colleges[registration.college.name, first_year]
        own = registration.articulation.minimum_percent
        minimum = college_year.minimum_percent if own is None else own
        completed = registration.status == Status.COMPLETED
        if percent is None:
            percent = self.draw_percent(int(minimum), completed)
        if current:
            first, last = from_day, self.clock.day
        elif registration.section.term == Section.Term.FIRST:
            first, last = date(first_year + 1, 1, 20), date(first_year + 1, 2, 10)
        else:
            first, last = date(first_year + 1, 5, 20), date(first_year + 1, 6, 20)
        at = self.clock.moment(random, max(first, from_day), max(last, from_day))
        entries = [percent]
        if percent is not None and random.random() < 0.03:
            entries.insert(0, Decimal(random.randint(55, 99)))  # typed wrongly first
        for number, typed in enumerate(entries, 1):
            grade = college_grade(
                typed,
                rows=self.places.scale_rows[college_year.scale.name],
                rounding=college_year.scale.rounding,
                minimum=minimum,
            )
            at_once = at + timedelta(minutes=3 * (number - 1))
            self._parts(registration, college_year, number, typed, grade, at_once, taught.teacher)
            entry = self.book.add(
                GradeEntry,
                registration=registration,
                number=number,
                percent=None if college_year.grades_as == CollegeYear.GradesAs.GRADE else typed,
                points=grade.points,
                letter=grade.letter,
                outcome=grade.outcome,
                scale=college_year.scale,
                entered_at=at_once,
                entered_by=taught.teacher,
            )
        registration.status = Status(entry.outcome)
        registration.version += len(entries) - 1
        self.grades[registration.pk] = entry

    def _parts(
        self,
        registration: Registration,
        college_year: CollegeYear,
        number: int,
        typed: Decimal | None,
        grade: CollegeGrade,
        at: datetime,
        by: User,
    ) -> None:
        """Where every term counts: each semester was as good as the grade."""
        parts = college_year.parts(whole_year=registration.section.term == Section.Term.YEAR)
        if len(parts) == 1:
            return
        for part in parts:
            self.book.add(
                GradePart,
                registration=registration,
                part=part,
                number=number,
                percent=typed,
                points=grade.points,
                letter=grade.letter,
                outcome=grade.outcome,
                scale=college_year.scale,
                entered_at=at,
                entered_by=by,
            )

    def draw_percent(self, minimum: int, completed: bool) -> Decimal | None:
        """What a teacher typed: whole percents mostly, and the edges people argue about."""
        random = self.book.random
        if completed:
            whole = min(100, minimum + int(random.triangular(0, 100 - minimum + 1, 7)))
            return (
                Decimal(whole) if whole == 100 or random.random() < 0.93 else Decimal(whole) + Decimal("0.5")
            )
        if random.random() < 0.3:
            return None  # Not Attained was chosen
        drawn = random.random()
        if drawn < 0.06:
            return Decimal(minimum) - Decimal("0.5")
        if drawn < 0.09:
            return Decimal(minimum) - Decimal("0.01")
        return Decimal(int(random.triangular(42, minimum - 1, minimum - 6)))

    def comment(self, registration: Registration, by: User, text: str) -> None:
        """A remark for staff and teachers on one row of a roster."""
        first_day = registration.registered_at.date() + timedelta(days=1)
        self.book.add(
            RosterComment,
            registration=registration,
            text=text,
            written_at=self.clock.moment(self.book.random, first_day, first_day + timedelta(days=30)),
            written_by=by,
        )


def build_students(campus: Campus) -> None:
    """All students of the peopled schools and what they registered for in three school years."""
    book, clock = campus.book, campus.clock
    peopled = [school for school in campus.places.schools.values() if _peopled(campus, school)]
    weights = [SIZE[school.name] for school in peopled]
    graduation_years = [clock.year - 1, clock.year, *range(clock.year + 1, clock.year + 5)]
    for _ in range(COUNT):
        campus.enroll(
            names.invent(book.random),
            book.random.choices(peopled, weights)[0],
            book.random.choices(graduation_years, (9, 16, 24, 24, 17, 10))[0],
        )
    _fill_shown_class(campus)
    offered = _offered(campus)
    for pupil in campus.pupils:
        if pupil.student.user == campus.folk.demo[Role.STUDENT]:
            continue  # whose story is told
        for first_year in campus.years.by_first:
            grade = pupil.grade_in(first_year)
            if 9 <= grade <= 12 and book.random.randrange(100) < TAKES_PART[grade]:
                for _ in range(book.random.choice((1, 1, 1, 2, 2, 3))):
                    _register_for_something(campus, pupil, first_year, offered[pupil.school.pk])
        if not pupil.taken:
            # Whoever has an account has registered for something.
            last = min(clock.year, pupil.student.graduation_year - 1)
            _register_for_something(campus, pupil, last, offered[pupil.school.pk])


def _peopled(campus: Campus, school: HighSchool) -> bool:
    return school.name in SIZE and any(
        offering.school is school and offering.classes[0].pk in {key for key, _ in campus.timetable.taught}
        for offering in campus.catalog.offerings
    )


def _offered(campus: Campus) -> dict[int, list[Offering]]:
    """What the students of each school can choose: its own classes, and a few of their skills center's."""
    own: dict[int, list[Offering]] = {}
    for offering in campus.catalog.offerings:
        own.setdefault(offering.school.pk, []).append(offering)
    reach = {key: list(offerings) for key, offerings in own.items()}
    for center_name, districts in GOES_TO.items():
        center = campus.places.school(center_name)
        for (_, district), school in campus.places.schools.items():
            if district in districts and school.kind == HighSchool.Kind.HIGH_SCHOOL:
                some = campus.book.random.sample(own[center.pk], 2)
                reach.setdefault(school.pk, []).extend(some)
    return reach


def _register_for_something(
    campus: Campus, pupil: Pupil, first_year: int, offered: Iterable[Offering]
) -> None:
    """One offering the pupil has not taken yet, with one of its colleges; nothing when there is none."""
    random = campus.book.random
    possible = [
        offering
        for offering in offered
        if offering.classes[0].pk not in pupil.taken
        and offering.deals_in(first_year)
        and (offering.classes[0].pk, first_year) in campus.timetable.taught
        and not _is_shown(campus, offering, first_year)
    ]
    if not possible:
        return
    offering = random.choice(possible)
    deals = offering.deals_in(first_year)
    deal = random.choices(deals, [3, *[1] * (len(deals) - 1)])[0]
    # Where two classes are needed together, some students take the first only.
    courses = offering.classes if random.random() < 0.85 else offering.classes[:1]
    for course in courses:
        taught = random.choice(campus.timetable.taught[course.pk, first_year])
        registration = campus.register(pupil, deal, taught)
        if random.random() < 0.02:
            campus.comment(registration, taught.teacher, random.choice(COMMENTS))


def _is_shown(campus: Campus, offering: Offering, first_year: int) -> bool:
    """The class whose roster the demo shows takes nobody more."""
    return (
        first_year == campus.clock.year
        and offering.title == SHOWN_CLASS
        and offering.school.name == "Kamiakin High School"
    )


def kamiakin(campus: Campus, title: str) -> Offering:
    """An offering of the demo people's school."""
    return next(
        offering
        for offering in campus.catalog.offerings
        if offering.school.name == "Kamiakin High School" and offering.title == title
    )


def _fill_shown_class(campus: Campus) -> None:
    """Some thirty students in one class of Terry Teacher this year: some graded, some ended, half to do."""
    offering = kamiakin(campus, SHOWN_CLASS)
    year = campus.clock.year
    (deal, *_) = offering.deals_in(year)
    taught = next(
        one
        for one in campus.timetable.taught[offering.classes[0].pk, year]
        if one.section.label == SHOWN_LABEL
    )
    pupils = [
        pupil
        for pupil in campus.pupils
        if pupil.school is offering.school
        and 10 <= pupil.grade_in(year) <= 12
        and pupil.student.user != campus.folk.demo[Role.STUDENT]
    ][:SHOWN_SIZE]
    stages: list[tuple[Status, Decimal | None]] = [
        *[(Status.COMPLETED, Decimal(text)) for text in ("97", "95.5", "100", "88", "85", "91", "93", "86")],
        *[(Status.NOT_ATTAINED, Decimal(text)) for text in ("84.5", "79")],
        (Status.NOT_ATTAINED, None),
        (Status.WITHDRAWN, None),
        (Status.NOT_IN_CLASS, None),
        *[(Status.IN_PROGRESS, None)] * (SHOWN_SIZE - 13),
    ]
    campus.book.random.shuffle(stages)
    for number, (pupil, (status, percent)) in enumerate(zip(pupils, stages, strict=True)):
        registration = campus.register(pupil, deal, taught, status=status, percent=percent)
        if number in (4, 11, 19):
            campus.comment(registration, taught.teacher, COMMENTS[number % len(COMMENTS)])
