"""Which credit is earned, which is held and why. Rows in, decisions out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from accounts.access import Role, stands_on
from accounts.models import User
from articulations.models import ArticulationCourse, CollegeCourse
from grading.models import GradeEntry
from organizations.models import CollegeYear
from sers.lib.refusal import Refusal
from students.models import Registration
from transcripts.models import RunLine, TranscriptionRun


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule of eligibility for one registration: what it asks, how it stands, who can change that."""

    rule: RunLine.Problem
    sentence: str
    met: bool
    who: str


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


def can_run_transcription(user: User, college_id: int) -> bool:
    """The registrar of the college starts, stops and resumes its runs; nobody else does."""
    return stands_on(user, Role.REGISTRAR, college_id)


def why_not_start(
    college_year: CollegeYear | None, live_run: TranscriptionRun | None, found: int
) -> Refusal | None:
    """A run starts for a college that transcribes in SERS, when none is under way and there is something to award."""
    if college_year is None:
        return Refusal(
            "no_college_year", "The college has no rules for that year.", "Ask your consortium to set them."
        )
    if live_run is not None:
        return Refusal(
            "run_is_live", "A transcription of this college and year is under way.", "Open it below."
        )
    if college_year.mode in (CollegeYear.Mode.ENROLLMENT, CollegeYear.Mode.EXTERNAL):
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
            "Consortium",
        ),
        Finding(
            RunLine.Problem.NO_GRADE,
            f"The grade is {grade.college_grade}" if grade else "No grade is entered",
            grade is not None and grade.outcome == GradeEntry.Outcome.COMPLETED,
            "Teacher",
        ),
        Finding(RunLine.Problem.NO_COURSE, "The agreement names a college course", bool(mine), "Consortium"),
        Finding(
            RunLine.Problem.OTHER_CLASS,
            "Every class the college course needs is Completed",
            complete or not mine,
            "Student",
        ),
    ]


def decide(
    registrations: Sequence[Registration],
    *,
    grades: Mapping[int, GradeEntry],
    lines: Mapping[int, Sequence[ArticulationCourse]],
    on_record: frozenset[int],
) -> Decision:
    """What one student has earned from these completed classes at one college in one year.

    `grades` by registration id; `lines` by agreement id, every line of the agreement; `on_record` the ids
    of college courses the student was awarded in this year already: a repeat is held for the registrar.
    """
    usable = [
        registration
        for registration in registrations
        if registration.fees_req != Registration.FeesReq.PENDING
        and (grade := grades.get(registration.pk)) is not None
        and grade.outcome == GradeEntry.Outcome.COMPLETED
    ]
    completed: dict[int, dict[int, Registration]] = {}
    for registration in usable:
        completed.setdefault(registration.articulation_id, {})[registration.high_school_course_id] = (
            registration
        )

    held: dict[int, RunLine.Problem] = {}
    for registration in registrations:
        done = frozenset(completed.get(registration.articulation_id, {}))
        for finding in findings(
            registration,
            grade=grades.get(registration.pk),
            lines=lines.get(registration.articulation_id, ()),
            completed_courses=done,
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
            if course_id in taken:
                for wanted in needed:
                    held.setdefault(classes[wanted].pk, RunLine.Problem.REPEAT)
                continue
            taken.add(course_id)
            earned.append(
                Earned(
                    course=course_lines[0].college_course,
                    credits=max(line.credits for line in course_lines),
                    sources=tuple((classes[wanted], grades[classes[wanted].pk]) for wanted in sorted(needed)),
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
