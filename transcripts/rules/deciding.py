"""What completed classes have earned, decided without asking the database: the rules themselves, rows in, decisions out."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from articulations.models import ArticulationCourse, CollegeCourse
from grading.models import GradeEntry
from students.models import Registration
from transcripts.models import RunLine


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
    RunLine.Problem.OTHER_CLASS: Remedy(
        "Student",
        "complete the other class the agreement names, and ask for it where the college waits for that",
    ),
    RunLine.Problem.NO_COURSE: Remedy("Consortium", "name the college course in the agreement", "stop"),
    RunLine.Problem.REPEAT: Remedy(
        "Registrar", "compare the two, then say that the earlier credit stands", "two"
    ),
    RunLine.Problem.NOT_ASKED: Remedy("Student", "ask for transcription in SERS", "quiet"),
    RunLine.Problem.NO_SID: Remedy("Registrar", "import or enter the college ID"),
    RunLine.Problem.SID_OPEN: Remedy("Registrar", "decide under College IDs whose the ID is", "two"),
    RunLine.Problem.ELSEWHERE: Remedy("Nobody", "the credit stands", "done"),
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

    student_id: int | None
    earned: tuple[Earned, ...]
    held: Mapping[int, RunLine.Problem]


@dataclass(frozen=True, slots=True)
class WayToCourse:
    """A college course a class leads to: the other classes it needs, which of them count, whether it is on record."""

    course: CollegeCourse
    others: frozenset[int]
    there: frozenset[int]
    on_record: bool

    @property
    def complete(self) -> bool:
        return self.others == self.there


def ways_of(
    registration: Registration,
    *,
    lines: Iterable[ArticulationCourse],
    counting: Collection[int],
    on_record: frozenset[int],
) -> list[WayToCourse]:
    """Every college course the agreement gives for a class. `counting` are the high-school courses that count."""
    ways = []
    for course_id, course_lines in _by_course(lines):
        needed = {line.high_school_course_id for line in course_lines}
        if registration.high_school_course_id in needed:
            others = frozenset(needed - {registration.high_school_course_id})
            ways.append(
                WayToCourse(
                    course_lines[0].college_course,
                    others,
                    others & frozenset(counting),
                    course_id in on_record,
                )
            )
    return ways


def findings(
    registration: Registration, *, grade: GradeEntry | None, ways: Sequence[WayToCourse]
) -> list[Finding]:
    """Each rule a completed class must meet before its credit is awarded, met or not, with who can act.

    Where a class leads to several courses, one that is complete and not on record is enough.
    """
    complete = [way for way in ways if way.complete]
    return [
        Finding(
            RunLine.Problem.FEES_REQ,
            f"Fees/Req is {registration.get_fees_req_display()}",
            registration.fees_req != Registration.FeesReq.PENDING,
        ),
        Finding(
            RunLine.Problem.NO_GRADE,
            f"The grade is {grade.college_grade}" if grade else "No grade is entered",
            grade is not None and grade.outcome == GradeEntry.Outcome.COMPLETED,
        ),
        Finding(RunLine.Problem.NO_COURSE, "The agreement names a college course", bool(ways)),
        Finding(
            RunLine.Problem.OTHER_CLASS,
            "Every class the college course needs is Completed",
            bool(complete) or not ways,
        ),
        Finding(
            RunLine.Problem.REPEAT,
            "The course is not on the record already",
            not ways or not all(way.on_record for way in complete or ways),
        ),
    ]


def counting_classes(
    registrations: Iterable[Registration],
    *,
    grades: Mapping[int, GradeEntry],
    out: Collection[int],
) -> dict[int, dict[int, Registration]]:
    """Classes that count towards a course, by agreement and high-school course: Completed, form and fee in, not kept out."""
    counting: dict[int, dict[int, Registration]] = {}
    for one in registrations:
        grade = grades.get(one.pk)
        if (
            one.pk not in out
            and one.fees_req != Registration.FeesReq.PENDING
            and grade is not None
            and grade.outcome == GradeEntry.Outcome.COMPLETED
        ):
            counting.setdefault(one.articulation_id, {})[one.high_school_course_id] = one
    return counting


def decide(
    registrations: Sequence[Registration],
    *,
    others: Sequence[Registration] = (),
    grades: Mapping[int, GradeEntry],
    lines: Mapping[int, Sequence[ArticulationCourse]],
    on_record: frozenset[int],
    out: Mapping[int, RunLine.Problem] = MappingProxyType({}),
    along: Collection[int] = frozenset(),
) -> Decision:
    """What one student has earned by these completed classes at one college.

    `others` are classes the student Completed under the same agreements, of any year, awarded or not: they count
    where a course needs several classes. Once such a class counts it has its credit, and no later run looks at it:
    so whatever else those of `along` (still without credit, and SERS may award it) earn is awarded with it.
    `grades` by registration id; `lines` by agreement id, every line of the agreement; `on_record` the ids of the
    college courses the student has been awarded already, in any year: a repeat is held for the registrar; `out` are
    classes that are held whatever else is true of them.
    """
    counting = counting_classes((*others, *registrations), grades=grades, out=out)
    own = {registration.pk for registration in registrations}

    held: dict[int, RunLine.Problem] = {}
    for registration in registrations:
        ways = ways_of(
            registration,
            lines=lines.get(registration.articulation_id, ()),
            counting=counting.get(registration.articulation_id, {}),
            on_record=on_record,
        )
        for finding in findings(registration, grade=grades.get(registration.pk), ways=ways):
            if not finding.met:
                held.setdefault(registration.pk, finding.rule)
        if registration.pk in out:
            held.setdefault(registration.pk, out[registration.pk])

    complete = [
        (course_lines, sorted((classes[wanted] for wanted in needed), key=lambda one: one.pk))
        for agreement, classes in sorted(counting.items())
        for _, course_lines in _by_course(lines.get(agreement, ()))
        if (needed := {line.high_school_course_id for line in course_lines}) <= classes.keys()
    ]
    moved = _moved(own, complete, along=along, on_record=on_record)
    earned: list[Earned] = []
    taken = set(on_record)
    for course_lines, used in complete:
        course = course_lines[0].college_course
        if moved.isdisjoint(one.pk for one in used):
            continue
        if course.pk in taken:
            for one in used:
                if one.pk in own:
                    held.setdefault(one.pk, RunLine.Problem.REPEAT)
            continue
        taken.add(course.pk)
        earned.append(
            Earned(
                course=course,
                credits=max(line.credits for line in course_lines),
                sources=tuple((one, grades[one.pk]) for one in used),
            )
        )
    # A class that earned something is awarded, whatever else it might have earned.
    awarded = {registration.pk for award in earned for registration, _ in award.sources}
    return Decision(
        registrations[0].student_id if registrations else None,
        tuple(earned),
        {pk: problem for pk, problem in held.items() if pk not in awarded},
    )


def _moved(
    own: Collection[int],
    complete: Sequence[tuple[Sequence[ArticulationCourse], Sequence[Registration]]],
    *,
    along: Collection[int],
    on_record: frozenset[int],
) -> set[int]:
    """The classes of a run with those they take along: a class without credit that counts for a course of theirs."""
    moved = set(own)
    while (
        more := {
            one.pk
            for course_lines, used in complete
            if course_lines[0].college_course_id not in on_record
            and not moved.isdisjoint(one.pk for one in used)
            for one in used
            if one.pk in along
        }
        - moved
    ):
        moved |= more
    return moved


def _by_course(lines: Iterable[ArticulationCourse]) -> list[tuple[int, list[ArticulationCourse]]]:
    grouped: dict[int, list[ArticulationCourse]] = {}
    for line in lines:
        grouped.setdefault(line.college_course_id, []).append(line)
    return sorted(grouped.items())
