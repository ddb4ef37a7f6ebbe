"""Which credit is earned, which is held and why. Rows in, decisions out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count

from accounts.access import Role, seats, stands_on
from accounts.models import User
from articulations.models import ArticulationCourse, CollegeCourse
from grading.models import GradeEntry
from organizations.models import AcademicYear, College, CollegeYear
from sers.lib import chain
from sers.lib.refusal import Refusal
from students.models import Registration
from transcripts.models import (
    CODE_LENGTH,
    CODE_LETTERS,
    CreditAward,
    RunLine,
    Transcript,
    TranscriptionRun,
)


@dataclass(frozen=True, slots=True)
class Remedy:
    """Who can end a problem, and what they do."""

    who: str
    what: str


#: For each reason why a class is held, the way on.
REMEDIES: Mapping[RunLine.Problem, Remedy] = {
    RunLine.Problem.FEES_REQ: Remedy("Consortium", "Set Fees/Req to Processed or Waived"),
    RunLine.Problem.NO_GRADE: Remedy("Teacher", "Enter the grade on the class roster"),
    RunLine.Problem.CHANGED: Remedy(
        "Teacher", "Look at the class roster: the class changed after the run began"
    ),
    RunLine.Problem.OTHER_CLASS: Remedy("Student", "Complete the other class the agreement names"),
    RunLine.Problem.NO_COURSE: Remedy("Consortium", "Name the college course in the agreement"),
    RunLine.Problem.REPEAT: Remedy("Registrar", "Compare the two: the earlier credit stands"),
    RunLine.Problem.BROKEN: Remedy("Registrar", "Start again; if it stays, write to the State Board"),
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
        """The grade that is awarded: the lowest of its classes, where several are needed."""
        return min((grade for _, grade in self.sources), key=lambda grade: grade.percent or Decimal(0))


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
class Waiting:
    """Completed classes of one college and year that have no credit yet."""

    college_id: int
    college_key: str
    college: str
    first_year: int
    classes: int
    students: int

    @property
    def year(self) -> str:
        return f"{self.first_year}-{(self.first_year + 1) % 100:02}"


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a run would do if it were started now."""

    classes: int
    students: int
    awarded: int
    courses: int
    credits: Decimal
    held: Mapping[RunLine.Problem, int]


@dataclass(frozen=True, slots=True)
class CollegeCredit:
    """A student's credit at one college, with the transcripts it made."""

    college: College
    awards: Sequence[CreditAward]
    transcripts: Sequence[Transcript]
    credits: Decimal


def can_run_transcription(user: User, college_id: int) -> bool:
    """The registrar of the college starts, stops and resumes its runs; nobody else does."""
    return stands_on(user, Role.REGISTRAR, college_id)


def colleges_of(user: User) -> list[int]:
    """The ids of the colleges whose registrar this person is."""
    return sorted(seat.anchor for seat in seats(user, Role.REGISTRAR))


def why_not_start(
    college_year: CollegeYear | None, live_run: TranscriptionRun | None, found: int
) -> Refusal | None:
    """A run starts for a college that transcribes by itself, when none is under way and there is something to award.

    Credit is a permanent college record: where the college awards it only when the student asks, by
    enrolling in ctcLink or outside SERS, no run awards it to everyone.
    """
    if college_year is None:
        return Refusal(
            "no_college_year", "The college has no rules for that year.", "Ask your consortium to set them."
        )
    if live_run is not None:
        return Refusal(
            "run_is_live", "A transcription of this college and year is under way.", "Open it below."
        )
    if college_year.mode == CollegeYear.Mode.ON_REQUEST:
        return Refusal(
            "on_request",
            f"{college_year.college} awards credit when the student asks for it.",
            "No run awards it to everyone.",
        )
    if college_year.mode != CollegeYear.Mode.AUTOMATIC:
        return Refusal(
            "not_in_sers", f"{college_year.college} transcribes {college_year.get_mode_display().lower()}."
        )
    if not found:
        return Refusal(
            "nothing_to_award",
            "No completed class of that year waits for credit.",
            "Choose another school year.",
        )
    return None


def waiting(college_ids: Iterable[int]) -> list[Waiting]:
    """Completed classes without credit, by college and year, the latest year first; one query."""
    rows = (
        Registration.objects.filter(
            college__in=list(college_ids), status=Registration.Status.COMPLETED, awarded_at__isnull=True
        )
        .order_by("-year__first_year", "college__name")
        .values_list("college_id", "college__public_id", "college__name", "year__first_year")
        .annotate(classes=Count("id"), students=Count("student_id", distinct=True))
    )
    return [Waiting(row[0], str(row[1]), *row[2:]) for row in rows]


def forecast(college: College, year: AcademicYear) -> Forecast:
    """What a run of this college and year would do now, by the rules it will ask; seven queries at any size."""
    registrations = list(Registration.objects.to_award(college, year).order_by("student_id", "id"))
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
        )
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
) -> Decision:
    """What one student has earned by these completed classes at one college.

    `others` are classes the student Completed under the same agreements before, awarded or not: they count
    where a course needs several classes, and are not decided themselves. `grades` by registration id; `lines`
    by agreement id, every line of the agreement; `on_record` the ids of the college courses the student has
    been awarded already, in any year: a repeat is held for the registrar.
    """
    completed: dict[int, dict[int, Registration]] = {}
    for registration in (*others, *registrations):
        grade = grades.get(registration.pk)
        if (
            registration.fees_req != Registration.FeesReq.PENDING
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
            completed_courses=frozenset(completed.get(registration.articulation_id, {})),
        ):
            if not finding.met:
                held.setdefault(registration.pk, finding.rule)

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


def award_facts(award: CreditAward, sources: Iterable[int]) -> dict[str, str | int | None]:
    """What the fingerprint of an award covers; `sources` are the ids of the registrations that earned it."""
    return {
        "run": award.run_id,
        "student": award.student_id,
        "college_course": award.college_course_id,
        "year": award.year_id,
        "course_code": award.course_code,
        "course_title": award.course_title,
        "credits": str(award.credits),
        "points": None if award.points is None else str(award.points),
        "letter": award.letter,
        "sources": ",".join(str(pk) for pk in sorted(sources)),
    }


def verify_chain(run: TranscriptionRun) -> bool:
    """Is every award of this run as it was written, none missing, none slipped in?

    Follows the chain from its beginning; it must pass every award once and end at the run's own mark.
    """
    awards = {
        award.previous_link: award
        for award in CreditAward.objects.filter(run=run).prefetch_related("sources").order_by("id")
    }
    head, passed = chain.GENESIS, 0
    while (award := awards.get(head)) is not None:
        facts = award_facts(award, (source.registration_id for source in award.sources.all()))
        if award.link != chain.link(head, facts):
            return False
        head, passed = award.link, passed + 1
    return head == run.chain_head and passed == CreditAward.objects.filter(run=run).count()


def credit_by_college(
    awards: Iterable[CreditAward], transcripts: Iterable[Transcript]
) -> list[CollegeCredit]:
    """A student's credit and transcripts, college by college in the order of their names."""
    colleges: dict[int, College] = {}
    earned: dict[int, list[CreditAward]] = {}
    written: dict[int, list[Transcript]] = {}
    for award in awards:
        colleges[award.college_id] = award.college
        earned.setdefault(award.college_id, []).append(award)
    for transcript in transcripts:
        colleges[transcript.college_id] = transcript.college
        written.setdefault(transcript.college_id, []).append(transcript)
    return [
        CollegeCredit(
            college=college,
            awards=earned.get(pk, []),
            transcripts=written.get(pk, []),
            credits=sum((award.credits for award in earned.get(pk, [])), Decimal(0)),
        )
        for pk, college in sorted(colleges.items(), key=lambda item: item[1].name)
    ]


def read_code(typed: str) -> str:
    """A verification code as people type it: any case, spaces, hyphens, O for 0, I and L for 1.

    Empty when it cannot be one.
    """
    kept = "".join(
        letter
        for letter in typed.upper()
        if not letter.isspace() and letter not in "-\u2010\u2011\u2013\u2014"
    )
    kept = kept.translate(str.maketrans("OIL", "011"))
    return kept if len(kept) == CODE_LENGTH and set(kept) <= set(CODE_LETTERS) else ""
