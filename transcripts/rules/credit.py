"""Which credit is earned, which is held and why. Rows in, decisions out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from articulations.models import ArticulationCourse, CollegeCourse
from grading.models import GradeEntry
from organizations.models import AcademicYear, College, CollegeYear
from students.models import Registration, RegistrationQuerySet
from transcripts.models import CollegeIdentity, CreditAward, RunItem, RunLine, TranscriptionPlan, asked_for


@dataclass(frozen=True, slots=True)
class Remedy:
    """Who can end a problem, and what they do; with the state of its tag."""

    who: str
    what: str
    tag: str = "wait"


#: For each reason why a class is held, the way on.
REMEDIES: Mapping[RunLine.Problem, Remedy] = {
    RunLine.Problem.FEES_REQ: Remedy("Consortium", "set Fees/Req to Processed"),
    RunLine.Problem.NO_GRADE: Remedy("Teacher", "enter the grade on the class roster"),
    RunLine.Problem.CHANGED: Remedy("Teacher", "look at the class roster", "two"),
    RunLine.Problem.OTHER_CLASS: Remedy("Student", "complete the other class the agreement names"),
    RunLine.Problem.NO_COURSE: Remedy("Consortium", "name the college course in the agreement", "stop"),
    RunLine.Problem.REPEAT: Remedy("Registrar", "compare the two; the earlier credit stands", "two"),
    RunLine.Problem.NOT_ASKED: Remedy("Student", "ask for transcription in SERS", "quiet"),
    RunLine.Problem.NO_SID: Remedy("Registrar", "import or enter the college ID"),
    RunLine.Problem.BROKEN: Remedy(
        "Registrar", "start another run; if it happens again, write to the State Board", "stop"
    ),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule of eligibility for one registration: what it asks, how it stands, who can change that."""

    rule: RunLine.Problem
    sentence: str
    met: bool

    @property
    def who(self) -> str:
        return REMEDIES[self.rule].who


@dataclass(frozen=True, slots=True)
class Earned:
    """A college course earned by classes that are all Completed."""

    course: CollegeCourse
    credits: Decimal
    sources: tuple[tuple[Registration, GradeEntry], ...]

    @property
    def grade(self) -> GradeEntry:
        """The grade that is awarded."""
        return awarded_grade(grade for _, grade in self.sources)


def awarded_grade(grades: Iterable[GradeEntry]) -> GradeEntry:
    """The lowest of the classes' grades, where a college course needs several; by points, else by percent, since a
    grade may be chosen without one."""
    return min(grades, key=lambda grade: (grade.points or 0, grade.percent or 0))


@dataclass(frozen=True, slots=True)
class Decision:
    """What a run does with one student's classes: awards, and the classes held with their problem."""

    earned: tuple[Earned, ...]
    held: Mapping[int, RunLine.Problem]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What `decide` looks at beside the classes: grades by registration, lines by agreement, courses by student."""

    grades: Mapping[int, GradeEntry]
    lines: Mapping[int, Sequence[ArticulationCourse]]
    on_record: Mapping[int, frozenset[int]]


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a run would do if it were started now."""

    classes: int
    students: int
    awarded: int
    courses: int
    credits: Decimal
    held: Mapping[RunLine.Problem, int]
    #: Students who would earn credit and have no college ID.
    without_sid: int = 0

    @property
    def rows(self) -> list[dict[str, str | int]]:
        """Each problem in words with the number of classes it would hold, the most frequent first."""
        return [{"label": str(problem.label), "count": count} for problem, count in self.held.items()]


def terms_of_run(college: College, year: AcademicYear) -> CollegeYear | None:
    """What the college asks of credit in that year, with what its registrar has planned; one query."""
    return (
        CollegeYear.objects.filter(college=college, year=year)
        .select_related("college", "year", "plan")
        .first()
    )


def plan_of(college_year: CollegeYear | None) -> TranscriptionPlan:
    """The registrar's plan for a college's year; where none is made, one that asks for nothing."""
    plan: TranscriptionPlan | None = getattr(college_year, "plan", None)
    return plan or TranscriptionPlan(college_year=college_year)


def classes_of_run(college_year: CollegeYear) -> RegistrationQuerySet:
    """The classes a run takes: Completed, without credit; where the college waits to be asked, those asked for."""
    found = Registration.objects.to_award(college_year.college, college_year.year)
    return asked_for(found) if college_year.mode == CollegeYear.Mode.ON_REQUEST else found


def kept_out(
    registrations: Sequence[Registration], *, college_year: CollegeYear | None, has_sid: bool
) -> dict[int, RunLine.Problem]:
    """Classes of one student that earn nothing now whatever their grades say: not asked for, or no college ID."""
    if plan_of(college_year).sid_required and not has_sid:
        return {one.pk: RunLine.Problem.NO_SID for one in registrations}
    if college_year is not None and college_year.mode == CollegeYear.Mode.ON_REQUEST:
        asked = set(
            asked_for(Registration.objects.filter(pk__in=[one.pk for one in registrations])).values_list(
                "pk", flat=True
            )
        )
        return {one.pk: RunLine.Problem.NOT_ASKED for one in registrations if one.pk not in asked}
    return {}


def students_with_sid(college: College, students: Iterable[int]) -> frozenset[int]:
    """Those of these students who have an ID at the college."""
    return frozenset(
        CollegeIdentity.objects.standing()
        .at(college)
        .filter(student__in=set(students))
        .values_list("student_id", flat=True)
    )


def would_earn(item: RunItem, *, college_year: CollegeYear | None) -> bool:
    """Would this student of a run earn credit, as things stand? Asked before anything is locked."""
    own = list(
        Registration.objects.filter(
            pk__in=item.lines.values("registration"), status=Registration.Status.COMPLETED, awarded_at=None
        ).order_by("id")
    )
    beside = list(companions(own))
    known = evidence([*own, *beside])
    return bool(
        decide(
            own,
            others=[one for one in beside if one not in own],
            grades=known.grades,
            lines=known.lines,
            on_record=known.on_record.get(item.student_id, frozenset()),
            out=kept_out(own, college_year=college_year, has_sid=True),
        ).earned
    )


def forecast(college: College, year: AcademicYear) -> Forecast:
    """What a run of this college and year would do now, by the rules it will ask; eight queries at any size."""
    terms = terms_of_run(college, year)
    if terms is None:
        return Forecast(0, 0, 0, 0, Decimal(0), {})
    registrations = list(classes_of_run(terms).order_by("student_id", "id"))
    with_sid = students_with_sid(college, (one.student_id for one in registrations))
    needs_sid = plan_of(terms).sid_required
    without_sid = 0
    own = {registration.pk for registration in registrations}
    others = [one for one in companions(registrations) if one.pk not in own]
    known = evidence([*registrations, *others])
    by_student: dict[int, tuple[list[Registration], list[Registration]]] = {}
    for registration in registrations:
        by_student.setdefault(registration.student_id, ([], []))[0].append(registration)
    for registration in others:
        if registration.student_id in by_student:
            by_student[registration.student_id][1].append(registration)
    held: dict[RunLine.Problem, int] = {}
    awarded = courses = 0
    credits = Decimal(0)
    for student_id, (mine, beside) in by_student.items():
        decision = decide(
            mine,
            others=beside,
            grades=known.grades,
            lines=known.lines,
            on_record=known.on_record.get(student_id, frozenset()),
            out={one.pk: RunLine.Problem.NO_SID for one in mine}
            if needs_sid and student_id not in with_sid
            else {},
        )
        without_sid += bool(decision.earned) and student_id not in with_sid
        awarded += len(mine) - len(decision.held)
        courses += len(decision.earned)
        credits += sum((earned.credits for earned in decision.earned), Decimal(0))
        for problem in decision.held.values():
            held[problem] = held.get(problem, 0) + 1
    return Forecast(
        classes=len(registrations),
        students=len(by_student),
        awarded=awarded,
        courses=courses,
        credits=credits,
        held=dict(sorted(held.items(), key=lambda item: (-item[1], item[0]))),
        without_sid=without_sid,
    )


def companions(registrations: Sequence[Registration]) -> Iterable[Registration]:
    """Every Completed class of these students under these agreements, of any year, these classes among them.

    A course may need two classes, and the other one may have been taken, even awarded, before.
    """
    if not registrations:
        return []
    return Registration.objects.filter(
        student__in={one.student_id for one in registrations},
        articulation__in={one.articulation_id for one in registrations},
        status=Registration.Status.COMPLETED,
    ).order_by("id")


def evidence(registrations: Sequence[Registration]) -> Evidence:
    """The grade that counts of each registration, every line of their agreements, and the courses on record.

    Three queries, however many registrations.
    """
    grades = {
        entry.registration_id: entry
        for entry in GradeEntry.objects.filter(registration__in=[one.pk for one in registrations]).current()
    }
    lines: dict[int, list[ArticulationCourse]] = {}
    for line in (
        ArticulationCourse.objects.filter(articulation__in={one.articulation_id for one in registrations})
        .select_related("college_course")
        .order_by("id")
    ):
        lines.setdefault(line.articulation_id, []).append(line)
    on_record: dict[int, set[int]] = {}
    for student_id, course_id in CreditAward.objects.filter(
        student__in={one.student_id for one in registrations},
        college_course__in={line.college_course_id for found in lines.values() for line in found},
    ).values_list("student_id", "college_course_id"):
        on_record.setdefault(student_id, set()).add(course_id)
    return Evidence(grades, lines, {student: frozenset(courses) for student, courses in on_record.items()})


def findings(
    registration: Registration,
    *,
    grade: GradeEntry | None,
    lines: Sequence[ArticulationCourse],
    completed_courses: frozenset[int],
) -> list[Finding]:
    """Each rule a completed class must meet before its credit is awarded, met or not, with who can act.

    `lines` are the agreement's lines for every class it names; `completed_courses` the high-school courses
    this student completed under the agreement with Fees/Req done.
    """
    fees_done = registration.fees_req != Registration.FeesReq.PENDING
    mine = [line for line in lines if line.high_school_course_id == registration.high_school_course_id]
    courses = {line.college_course_id for line in mine}
    complete = any(
        all(
            line.high_school_course_id in completed_courses
            for line in lines
            if line.college_course_id == course
        )
        for course in courses
    )
    return [
        Finding(
            RunLine.Problem.FEES_REQ,
            f"Fees/Req is {registration.get_fees_req_display()}",
            fees_done,
        ),
        Finding(
            RunLine.Problem.NO_GRADE,
            f"The grade is {grade.college_grade}" if grade else "No grade is entered",
            grade is not None and grade.outcome == GradeEntry.Outcome.COMPLETED,
        ),
        Finding(RunLine.Problem.NO_COURSE, "The agreement names a college course", bool(mine)),
        Finding(
            RunLine.Problem.OTHER_CLASS,
            "Every class the college course needs is Completed",
            complete or not mine,
        ),
    ]


def decide(
    registrations: Sequence[Registration],
    *,
    others: Sequence[Registration] = (),
    grades: Mapping[int, GradeEntry],
    lines: Mapping[int, Sequence[ArticulationCourse]],
    on_record: frozenset[int],
    out: Mapping[int, RunLine.Problem] = MappingProxyType({}),
) -> Decision:
    """What one student has earned by these completed classes at one college.

    `others` are classes the student Completed under the same agreements before, awarded or not: they count
    where a course needs several classes, and are not decided themselves. `grades` by registration id; `lines`
    by agreement id, every line of the agreement; `on_record` the ids of the college courses the student has
    been awarded already, in any year: a repeat is held for the registrar; `out` are classes that are held
    whatever else is true of them.
    """
    completed: dict[int, dict[int, Registration]] = {}
    for registration in (*others, *registrations):
        grade = grades.get(registration.pk)
        if (
            registration.pk not in out
            and registration.fees_req != Registration.FeesReq.PENDING
            and grade is not None
            and grade.outcome == GradeEntry.Outcome.COMPLETED
        ):
            classes = completed.setdefault(registration.articulation_id, {})
            classes[registration.high_school_course_id] = registration
    own = {registration.pk for registration in registrations}

    held: dict[int, RunLine.Problem] = {}
    for registration in registrations:
        for finding in findings(
            registration,
            grade=grades.get(registration.pk),
            lines=lines.get(registration.articulation_id, ()),
            completed_courses=frozenset(completed.get(registration.articulation_id, {}))
            | ({registration.high_school_course_id} if registration.pk in out else frozenset()),
        ):
            if not finding.met:
                held.setdefault(registration.pk, finding.rule)
        if registration.pk in out:
            held.setdefault(registration.pk, out[registration.pk])

    earned: list[Earned] = []
    taken = set(on_record)
    for agreement, classes in sorted(completed.items()):
        for course_id, course_lines in _by_course(lines.get(agreement, ())):
            needed = {line.high_school_course_id for line in course_lines}
            if not needed <= classes.keys():
                continue
            used = sorted((classes[wanted] for wanted in needed), key=lambda one: one.pk)
            mine = [one for one in used if one.pk in own]
            if not mine:
                continue
            if course_id in taken:
                for registration in mine:
                    held.setdefault(registration.pk, RunLine.Problem.REPEAT)
                continue
            taken.add(course_id)
            earned.append(
                Earned(
                    course=course_lines[0].college_course,
                    credits=max(line.credits for line in course_lines),
                    sources=tuple((one, grades[one.pk]) for one in used),
                )
            )
    # A class that earned something is awarded, whatever else it might have earned.
    awarded = {registration.pk for award in earned for registration, _ in award.sources}
    return Decision(tuple(earned), {pk: problem for pk, problem in held.items() if pk not in awarded})


def _by_course(lines: Iterable[ArticulationCourse]) -> list[tuple[int, list[ArticulationCourse]]]:
    grouped: dict[int, list[ArticulationCourse]] = {}
    for line in lines:
        grouped.setdefault(line.college_course_id, []).append(line)
    return sorted(grouped.items())
