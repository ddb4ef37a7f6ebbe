"""The State's size, for measuring: half a million students and ten school years, copied in a few minutes.

The demo state comes first, so that its people can sign in; what is added here are rows in bulk. They are made year by
year as lines of text for COPY: the constraints and indexes of the large tables are taken off before and put back
after, which checks every row at once. Counts are the measure, not the funnel: credit of all colleges that
transcribe in SERS is awarded, also where students would have to ask for it.
"""

from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from io import StringIO
from random import Random

from django.db import connection, models

from accounts.access import Role
from articulations.models import CollegeCourse, HighSchoolCourse
from grading.models import GradeEntry
from grading.rules import college_grade
from organizations.models import College, CollegeYear, Consortium, ConsortiumYear, HighSchool, Seat
from sers.lib import chain
from sers.lib.fields import seal
from sers.lib.folding import fold, fold_parts
from sers.seed import facts, names
from sers.seed.courses import Offering
from sers.seed.credentials import write_earned
from sers.seed.demo import build_demo
from sers.seed.happened import WRITTEN, last_rows, write_what_happened
from sers.seed.loading import taken_off
from sers.seed.places import CBC, SPOKANE, WALLA_WALLA
from sers.seed.rights import tell_everybody
from sers.seed.rows import as_copied, columns, copy, set_sequence
from sers.seed.students import Campus, FeesReq, Status, kamiakin
from students.actions import REFERENCE_LETTERS
from students.models import FIRST_CONSENT, Registration, Requirement, Student, sort_name
from students.rules import fee_of, sers_id_of
from transcripts.models import AwardSource, CreditAward, RunItem, RunLine, TranscriptionRun

YEARS = 10
STUDENTS = 500_000
#: Agreements run three years: every class had four of them in ten years.
AGREEMENTS = 10_000
COURSES = AGREEMENTS // 4
TEACHERS = 4_000
#: Classes of each course in a year, over and over: 2.4 on average, 60,000 in ten years.
CLASSES_A_YEAR = (2, 3, 2, 3, 2)
#: Registrations of each student in a year of grades 10 to 12: 1.6 on average, 2,000,000 in ten years.
REGISTRATIONS_A_YEAR = (1, 2, 2, 1, 2)
#: Different names among the students; two people may share one.
NAMES = 40_000
#: Two classes of Terry Teacher with so many students and no grades yet, to measure a roster with.
MEASURED = (("Period 7", 30), ("Period 8", 40))
#: The demo's own runs of last year are still to be started there, so nobody else's is done either.
NOT_YET_RUN = (CBC, WALLA_WALLA, SPOKANE)

#: Tables that are filled in bulk.
LARGE = (Student, Registration, GradeEntry, TranscriptionRun, RunItem, RunLine, CreditAward, AwardSource)

Tell = Callable[[str], None]
NULL = r"\N"


@dataclass(frozen=True, slots=True)
class Choice:
    """One class of one year as registrations repeat it: its columns as text, and who grades it."""

    #: high_school_course, section, year, college, articulation.
    text: str
    teacher: int


@dataclass(slots=True)
class Course:
    """A course of a school with what its registrations and awards need, by school year."""

    row: HighSchoolCourse
    college: College
    consortium: Consortium
    earns: list[CollegeCourse]
    choices: dict[int, list[Choice]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Grade:
    """One possible grade of a college: as text of its columns, and what an award copies of it."""

    text: str
    completed: bool
    points: Decimal | None
    letter: str


@dataclass(slots=True)
class Award:
    """A completed class that a run finds: who, which registration and grade, or why it is held."""

    student: int
    registration: int
    grade: int
    shown: Grade
    earns: list[CollegeCourse]
    problem: str


def build_state(day: date, *, scale: float = 1.0, tell: Tell = lambda _: None) -> None:
    """The demo state and, beside it, the State's size times `scale`."""
    campus = build_demo(day, years_back=YEARS, tell=tell)
    after = last_rows()
    tell("Inventing schools, classes and agreements of the whole State ...")
    schools = _build_courses(campus, scale)
    _build_measured_classes(campus)
    campus.book.write(tell)
    bulk = Bulk(campus, schools)
    with taken_off((*LARGE, *WRITTEN), tell):
        bulk.write_students(max(12, round(STUDENTS * scale)))
        tell(f"{bulk.count(Student):>9,} students")
        for first_year in campus.years.by_first:
            bulk.write_year(first_year)
            tell(f"{bulk.count(Registration):>9,} registrations up to the school year {first_year}")
        for model in LARGE:
            set_sequence(model)
        write_what_happened(after, day, tell)
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval('students_sers_number', %s)", [campus.last_number])
    tell(f"{Requirement.objects.write_out():>9,} forms and fees")
    tell(f"{write_earned(campus):>9,} industry credentials")
    tell_everybody(campus.clock.year, campus.clock.at(day, 6))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


# --- Schools, courses, classes: small enough for rows one by one ----------------------------------------


def _build_courses(campus: Campus, scale: float) -> list[tuple[HighSchool, list[Course]]]:
    """Courses with their agreements and classes, at as many schools as the scale asks for."""
    book, clock, places = campus.book, campus.clock, campus.places
    taken = {
        (offering.school.pk, taught.title)
        for offering in campus.catalog.offerings
        for taught in offering.classes
    }
    by_consortium = [
        (consortium, school)
        for consortium in places.consortia.values()
        for school in places.schools_of(consortium.name)
        if places.colleges_of.get(consortium.name)
    ]
    homes = {school.pk: (consortium, school) for consortium, school in reversed(by_consortium)}
    total = max(6, round(COURSES * scale))
    chosen = sorted(homes)[: max(1, min(len(homes), total // 6))]
    titles = list(dict.fromkeys(row["title"] for row in facts.rows("hs_course_titles")))
    schools: list[tuple[HighSchool, list[Course]]] = []
    number = 0
    for at, key in enumerate(chosen):
        consortium, school = homes[key]
        colleges = [places.colleges[name] for name in places.colleges_of[consortium.name]]
        count = total // len(chosen) + (at < total % len(chosen))
        free = [title for title in titles if (school.pk, title) not in taken]
        teachers = [
            campus.folk.staff(Role.TEACHER, since=date(clock.year - YEARS + 1, 8, 20), school=school)
            for _ in range(max(1, round(TEACHERS * scale / len(chosen))))
        ]
        courses = []
        for title in book.random.sample(free, count):
            number += 1
            sample = _sample_like(title, number)
            offering = campus.catalog.offering(school, {**sample, "hs_course": title})
            college = book.random.choice(colleges)
            codes = [sample["college_course"]]
            if number % 5 == 0:
                further = facts.rows("sample_articulations")[number % 35]["college_course"]
                codes += [further] if further not in codes else []
            course = Course(
                offering.classes[0],
                college,
                consortium,
                [campus.catalog.college_course(college, code) for code in codes],
            )
            first = clock.year - YEARS + 1 - number % 3
            for start in range(first, clock.year + 1, 3):
                campus.catalog.agree(offering, college, consortium, codes, range(start, start + 3), by=None)
            _build_classes(campus, course, offering, [teachers[number % len(teachers)]], number)
            courses.append(course)
        schools.append((school, courses))
    return schools


def _sample_like(title: str, number: int) -> facts.Row:
    """The sample articulation whose class shares most words with a title; any of them when none does."""
    samples = facts.rows("sample_articulations")
    words = set(fold(title).split())
    shared = [len(words & set(fold(row["hs_course"]).split())) for row in samples]
    return samples[shared.index(max(shared)) if max(shared) else number % len(samples)]


def _build_classes(
    campus: Campus, course: Course, offering: Offering, teachers: list[Seat], number: int
) -> None:
    """The classes of a course in each year, and what a registration for one of them repeats."""
    for first_year, year in campus.years.by_first.items():
        (deal,) = offering.deals_in(first_year)
        for period in range(CLASSES_A_YEAR[(number + first_year) % len(CLASSES_A_YEAR)]):
            taught = campus.timetable.add(course.row, year, teachers, label=f"Period {period + 1}")
            course.choices.setdefault(first_year, []).append(
                Choice(
                    f"{course.row.pk}\t{taught.section.pk}\t{year.pk}\t{course.college.pk}\t{deal.articulation.pk}",
                    taught.teacher.pk,
                )
            )


def _build_measured_classes(campus: Campus) -> None:
    """Classes of Terry Teacher this year of exactly 30 and 40 students whose grades are all to be entered."""
    offering = kamiakin(campus, "Computer Applications")
    (deal, *_) = offering.deals_in(campus.clock.year)
    free = iter(
        [
            pupil
            for pupil in campus.pupils
            if pupil.school is offering.school
            and pupil.grade_in(campus.clock.year) <= 12
            and offering.classes[0].pk not in pupil.taken
            and pupil.student.user != campus.folk.demo[Role.STUDENT]
        ]
    )
    for label, size in MEASURED:
        taught = campus.timetable.add(
            offering.classes[0],
            campus.years.by_first[campus.clock.year],
            [campus.folk.seats[Role.TEACHER]],
            label=label,
        )
        for _ in range(size):
            campus.register(next(free), deal, taught, status=Status.IN_PROGRESS, fees_req=FeesReq.PROCESSED)


# --- Students, registrations, grades, awards: lines of text, year by year -------------------------------


class Bulk:
    """Writes the large tables. Students of one graduation year have neighboring keys, so that those who are in
    school in a year are one range of them."""

    def __init__(self, campus: Campus, schools: Sequence[tuple[HighSchool, list[Course]]]) -> None:
        self.campus = campus
        self.clock = campus.clock
        self.random = Random("sers, the whole State")
        self.schools = schools
        self.next: dict[type[models.Model], int] = {model: campus.book.next_key(model) for model in LARGE}
        self.began = dict(self.next)
        #: Each student's school and place in its list of courses, by position.
        self.school_of = array("H")
        self.at_course = array("H")
        #: The college courses each student has on record, of those who are in school.
        self.on_record: dict[int, set[int]] = {}
        #: Positions of the students of each graduation year.
        self.cohorts: dict[int, range] = {}
        self._grades: dict[tuple[str, str, Decimal], list[Grade]] = {}

    def count(self, model: type[models.Model]) -> int:
        return self.next[model] - self.began[model]

    def _uuids(self, count: int) -> list[str]:
        """Random ids as PostgreSQL reads them, many at a time."""
        text = self.random.randbytes(16 * count).hex()
        return [
            f"{text[at : at + 12]}4{text[at + 13 : at + 16]}a{text[at + 17 : at + 32]}"
            for at in range(0, 32 * count, 32)
        ]

    def write_students(self, total: int) -> None:
        """Twelve graduation years: whoever was in grades 10 to 12 in one of the ten school years."""
        random = self.random
        # Last, first, middle, former name, folded, sort_name, address: as COPY takes them.
        people = []
        for _ in range(min(NAMES, total)):
            name = names.invent(random)
            handle = ".".join(fold(f"{name.first} {name.last}").split())
            people.append(
                (
                    "\t".join((name.first, name.middle, name.last, name.former)),
                    handle,
                    fold_parts(name.first, name.middle, name.last, name.former)
                    + "\t"
                    + sort_name(name.last, name.first, name.middle),
                )
            )
        graduation_years = range(self.clock.year - YEARS + 2, self.clock.year + 4)
        for graduation_year in graduation_years:
            share = total // len(graduation_years) + (graduation_year == graduation_years[-1]) * (
                total % len(graduation_years)
            )
            begins = len(self.school_of)
            self.cohorts[graduation_year] = range(begins, begins + share)
            grade = max(9, min(12, 12 - (graduation_year - (self.clock.year + 1))))
            since = as_copied(self.clock.at(date(graduation_year - 3, 9, 1)))
            birthdays = [
                as_copied(seal((date(graduation_year - 19, 9, 1) + timedelta(days=after)).isoformat()))
                for after in range(365)
            ]
            # No demographics or guardian, alive, with letters on paper, come by no code, and merged into nobody.
            ends = f"{grade}\t{graduation_year}\t\t\t\t\t\t{NULL}\tf\t{NULL}\t{NULL}"
            lines = StringIO()
            for public_id in self._uuids(share):
                key = self.next[Student]
                self.next[Student] = key + 1
                self.campus.last_number += 1
                called, handle, folded = people[int(random.random() * len(people))]
                at = int(random.random() * len(self.schools))
                school = self.schools[at][0]
                self.school_of.append(at)
                self.at_course.append(int(random.random() * 1000))
                lines.write(
                    f"{key}\t{public_id}\t{NULL}\t{sers_id_of(self.campus.last_number)}\t{called}\t"
                    f"{birthdays[int(random.random() * 365)]}\t{handle}{key}@example.org\t\t\t{school.city}\tWA\t\t"
                    f"{school.pk}\t{ends}\t{folded}\t{since}\t{since}\n"
                )
            self._copy(
                Student, lines,
                "id public_id user_id sers_id first_name middle_name last_name former_names birth_date imported_email phone "
                "street city state postal_code school_id grade_level graduation_year gender ethnicity "
                "guardian_name guardian_email guardian_language died_on no_paper came_for_id merged_into_id folded sort_name "
                "created_at updated_at",
            )  # fmt: skip

    def write_year(self, first_year: int) -> None:
        """Registrations of one school year, their grades, and the runs of the summer after it."""
        draw = self.random.random
        current = first_year == self.clock.year
        active = [self.cohorts[one] for one in range(first_year + 1, first_year + 4)]
        ids = iter(self._uuids(sum(len(cohort) for cohort in active) * max(REGISTRATIONS_A_YEAR)))
        first_student = self.began[Student]
        registrations, grades = StringIO(), StringIO()
        terms = {
            name: self._terms(consortium, first_year)
            for name, consortium in self.campus.places.consortia.items()
        }
        possible = {name: self._possible_grades(name, first_year) for name in self.campus.places.colleges}
        moments = self._grading_moments(first_year)
        run_at = {name: self._run_moment(name, first_year) for name in self.campus.places.colleges}
        found: dict[str, list[Award]] = {}
        graded_until = 0.10 if current else 0.92
        registration, entry = self.next[Registration], self.next[GradeEntry]
        for cohort in active:
            for position in cohort:
                courses = self.schools[self.school_of[position]][1]
                start = self.at_course[position]
                count = min(REGISTRATIONS_A_YEAR[(position + first_year) % 5], len(courses))
                self.at_course[position] = start + count
                on_record = self.on_record.setdefault(position, set())
                for more in range(count):
                    course = courses[(start + more) % len(courses)]
                    choices = course.choices[first_year]
                    choice = choices[int(draw() * len(choices))]
                    college = course.college.name
                    terms_here = terms[course.consortium.name]
                    at, first, further = terms_here[int(draw() * len(terms_here))]
                    requirement = further if more else first
                    drawn = draw()
                    awarded, status, version = NULL, "in_progress", 1
                    if drawn < graded_until:
                        shown = possible[college][int(draw() * len(possible[college]))]
                        status, version = "completed" if shown.completed else "not_attained", 2
                        grades.write(
                            f"{entry}\t{registration}\t1\t{shown.text}\t{moments[int(draw() * len(moments))]}\t"
                            f"{choice.teacher}\n"
                        )
                        moment = run_at[college]
                        if shown.completed and moment:
                            earns = [one for one in course.earns if one.pk not in on_record]
                            pending = requirement.startswith("pending")
                            problem = "fees_req" if pending else "" if earns else "repeat"
                            if not problem:
                                on_record.update(one.pk for one in earns)
                                awarded, version = moment, 3
                            found.setdefault(college, []).append(
                                Award(first_student + position, registration, entry, shown, earns, problem)
                            )
                        entry += 1
                    elif drawn < graded_until + 0.04:
                        status, version = "withdrawn", 2
                    elif drawn < graded_until + 0.07:
                        status, version = "not_in_class", 2
                    registrations.write(
                        f"{registration}\t{next(ids)}\t{reference(registration)}\t{first_student + position}\t"
                        f"{choice.text}\t{status}\t{requirement}\t{at}\t{NULL}\t{FIRST_CONSENT}\ten\t{awarded}\t"
                        f"{version}\n"
                    )
                    registration += 1
        for position in active[0]:  # they have graduated
            self.on_record.pop(position, None)
        self.next[Registration], self.next[GradeEntry] = registration, entry
        self._copy(
            Registration, registrations,
            "id public_id reference student_id high_school_course_id section_id year_id college_id articulation_id "
            "status fees_req fees_req_at fees_req_by_id fee_due registered_at registered_by_id consent_version "
            "consent_language awarded_at version",
        )  # fmt: skip
        self._copy(
            GradeEntry, grades,
            "id registration_id number percent points letter outcome scale_id reason entered_at entered_by_id",
        )  # fmt: skip
        for college in sorted(found):
            self._write_run(self.campus.places.colleges[college], first_year, run_at[college], found[college])

    def _terms(self, consortium: Consortium, first_year: int) -> list[tuple[str, str, str]]:
        """What registrations in a consortium repeat: when they were made, and Fees/Req (state, moment, by whom,
        fee) of a student's first class of the year and of a further one."""
        random = self.random
        opens, closes = self.campus.years.registration[consortium.name, first_year]
        year = self.campus.years.consortia[consortium.name, first_year]
        staff = self.campus.staff[consortium.name].pk
        found = []
        for _ in range(400):
            at = self.clock.moment(random, opens, closes)
            processed = as_copied(self.clock.moment(random, at.date(), at.date() + timedelta(days=30)))
            pending = random.random() < (0.4 if first_year == self.clock.year else 0.04)
            requirement = {}
            for paid in (False, True):
                by_district = year.fee_payer == ConsortiumYear.Payer.DISTRICT
                fee = Decimal(0) if by_district else fee_of(year, Decimal(5), paid_this_year=paid)
                if not (fee or year.form_required):
                    requirement[paid] = f"not_required\t{NULL}\t{NULL}\t{fee}"
                elif pending:
                    requirement[paid] = f"pending\t{NULL}\t{NULL}\t{fee}"
                else:
                    requirement[paid] = f"processed\t{processed}\t{staff}\t{fee}"
            found.append((as_copied(at), requirement[False], requirement[True]))
        return found

    def _possible_grades(self, college: str, first_year: int) -> list[Grade]:
        """A thousand grades of a college, as often as each is given: 52 in a hundred reach its minimum."""
        college_year = self.campus.years.colleges[college, first_year]
        key = (college_year.scale.name, college_year.grades_as, college_year.minimum_percent)
        if key not in self._grades:
            self._grades[key] = []
            for number in range(1000):
                percent = self.campus.draw_percent(int(college_year.minimum_percent), number % 25 < 13)
                grade = college_grade(
                    percent,
                    rows=self.campus.places.scale_rows[college_year.scale.name],
                    rounding=college_year.scale.rounding,
                    minimum=college_year.minimum_percent,
                )
                if college_year.grades_as == CollegeYear.GradesAs.GRADE:
                    percent = None
                values = (percent, grade.points, grade.letter, str(grade.outcome), college_year.scale.pk, "")
                self._grades[key].append(
                    Grade(
                        "\t".join(as_copied(value) for value in values),
                        grade.outcome == GradeEntry.Outcome.COMPLETED,
                        grade.points,
                        grade.letter,
                    )
                )
        return self._grades[key]

    def _grading_moments(self, first_year: int) -> list[str]:
        first, last = date(first_year + 1, 5, 20), date(first_year + 1, 6, 20)
        if first_year == self.clock.year:
            first, last = date(first_year, 9, 20), self.clock.day
        return [as_copied(self.clock.moment(self.random, first, last)) for _ in range(500)]

    def _run_moment(self, college: str, first_year: int) -> str:
        """When the summer run of that year took place; empty where there was none."""
        mode = self.campus.years.colleges[college, first_year].mode
        day = date(first_year + 1, 8, 4)
        last_year = first_year == self.clock.year - 1
        if (
            mode in (CollegeYear.Mode.ENROLLMENT, CollegeYear.Mode.EXTERNAL)
            or day >= self.clock.day
            or (last_year and college in NOT_YET_RUN)
        ):
            return ""
        return as_copied(self.clock.at(day, 9))

    def _write_run(self, college: College, first_year: int, moment: str, found: list[Award]) -> None:
        """One finished run: its students, their classes, the credit awarded, chained link by link."""
        year = self.campus.years.by_first[first_year].pk
        run = self.next[TranscriptionRun]
        self.next[TranscriptionRun] = run + 1
        awards, sources, items, lines = StringIO(), StringIO(), StringIO(), StringIO()
        award, source = self.next[CreditAward], self.next[AwardSource]
        item, line = self.next[RunItem] - 1, self.next[RunLine]
        head = chain.GENESIS
        student = 0
        for one in found:
            if one.student != student:
                student = one.student
                item += 1
                items.write(f"{item}\t{run}\t{student}\tdone\t1\t{moment}\t{NULL}\n")
            state = "held" if one.problem else "awarded"
            lines.write(f"{line}\t{run}\t{item}\t{one.registration}\t{state}\t{one.problem}\n")
            line += 1
            for course in () if one.problem else one.earns:
                points = None if one.shown.points is None else str(one.shown.points)
                link = chain.link(
                    head,
                    {
                        "run": run,
                        "student": student,
                        "college_course": course.pk,
                        "year": year,
                        "course_code": course.code,
                        "course_title": course.title,
                        "credits": str(course.credits),
                        "points": points,
                        "letter": one.shown.letter,
                        "sources": str(one.registration),
                    },
                )
                awards.write(
                    f"{award}\t{student}\t{college.pk}\t{course.pk}\t{year}\t{course.code}\t{course.title}\t"
                    f"{course.credits}\t{points or NULL}\t{one.shown.letter}\t{run}\t{moment}\t{NULL}\tf\t{head}\t{link}\n"
                )
                sources.write(f"{source}\t{award}\t{one.registration}\t{course.pk}\t{one.grade}\t{NULL}\n")
                head, award, source = link, award + 1, source + 1
        self.next[CreditAward], self.next[AwardSource] = award, source
        self.next[RunItem], self.next[RunLine] = item + 1, line
        values = (
            run, as_copied(self.campus.book.uuid()), college.pk, year, "finished", moment,
            self.campus.registrars[college.name].pk, moment, 1, head, "f",
        )  # fmt: skip
        self._copy(
            TranscriptionRun, StringIO("\t".join(str(value) for value in values) + "\n"),
            "id public_id college_id year_id state started_at started_by_id finished_at starts chain_head by_calendar",
        )  # fmt: skip
        self._copy(RunItem, items, "id run_id student_id state attempts done_at taken_by_id")
        self._copy(RunLine, lines, "id run_id item_id registration_id state problem")
        self._copy(
            CreditAward, awards,
            "id student_id college_id college_course_id year_id course_code course_title credits points letter "
            "run_id awarded_at supersedes_id takes_back previous_link link",
        )  # fmt: skip
        self._copy(AwardSource, sources, "id award_id registration_id college_course_id grade_id replaces_id")

    def _copy(self, model: type[models.Model], lines: StringIO, names: str) -> None:
        """Copy lines whose columns are told in words; a column of the table that is not told is an error here."""
        told = names.split()
        if set(told) != {field.column for field in columns(model)}:
            raise TypeError(f"The columns of {model.__name__} have changed; tell the seed.")
        lines.seek(0)
        copy(model, told, lines)


def reference(number: int) -> str:
    """A reference of its own for each number: ten letters, scattered by a factor that shares no divisor with 31."""
    rest = number * 487_214_906_731 % 31**10
    letters = []
    for _ in range(10):
        rest, at = divmod(rest, 31)
        letters.append(REFERENCE_LETTERS[at])
    return "R-" + "".join(letters)
