"""Which credit is earned, which is held and why: what `decide` needs, read for one student or for thousands."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from articulations.models import ArticulationCourse
from grading.models import GradeEntry
from organizations.models import AcademicYear, College, CollegeYear
from students.models import Kin, Registration, RegistrationQuerySet, kin_of
from transcripts.models import (
    CollegeIdentity,
    CreditAward,
    IdentityConflict,
    RunItem,
    RunLine,
    TranscriptionPlan,
    TranscriptRequest,
    asked_for,
    unsettled,
)
from transcripts.rules.deciding import Decision, decide
from transcripts.rules.identities import ids_left

#: How credit reaches the transcript where SERS awards it.
IN_SERS = (CollegeYear.Mode.AUTOMATIC, CollegeYear.Mode.ON_REQUEST)

#: What colleges ask in their years, by the ids of college and year.
Terms: TypeAlias = Mapping[tuple[int, int], CollegeYear]


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
    #: How many IDs SERS may still give them; None where the college gives its IDs itself.
    ids_left: int | None = None

    @property
    def ids_come(self) -> bool:
        """SERS has a college ID for everyone who would need one."""
        return self.ids_left is not None and self.ids_left >= self.without_sid

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
    """The classes a run takes: Completed, without credit, no settled repeat; where the college waits to be asked, those
    asked for."""
    found = unsettled(Registration.objects.to_award(college_year.college, college_year.year))
    return asked_for(found) if college_year.mode == CollegeYear.Mode.ON_REQUEST else found


def terms_of(registrations: Iterable[Registration]) -> Terms:
    """What the colleges of these classes ask in their years, by the ids of college and year; one query."""
    found = list(registrations)
    return {
        (one.college_id, one.year_id): one
        for one in CollegeYear.objects.filter(
            college__in={one.college_id for one in found}, year__in={one.year_id for one in found}
        ).select_related("college", "year", "plan")
    }


def kept_out(
    registrations: Iterable[Registration], *, terms: Terms, ids_come: bool = False
) -> dict[int, RunLine.Problem]:
    """Classes that earn nothing now whatever their grades say, by id.

    Not asked for, where the college of that year waits to be asked; without a college ID where it wants one first;
    or while nobody has decided whose an ID is that the student may be given. A class with credit stays in: it has
    passed all this. `ids_come`: what a run would find, which gives out the IDs of a college's range before the credit,
    as long as there are any. At most four queries, however many classes, and one more for each range: none where no
    college of `terms` asks for anything of this.
    """
    waiting = [one for one in registrations if one.awarded_at is None]
    records = {one.student_id for one in waiting}
    plans = [plan_of(college_year) for college_year in terms.values()]
    given_out = any(plan.sids == TranscriptionPlan.Sids.RANGE for plan in plans)
    asked: set[int] = set()
    kin = Kin({})
    with_sid: set[tuple[int, int]] = set()
    unsure: set[tuple[int, int]] = set()
    if any(college_year.mode == CollegeYear.Mode.ON_REQUEST for college_year in terms.values()):
        requests = TranscriptRequest.objects.live().filter(registration__in=[one.pk for one in waiting])
        asked = set(requests.values_list("registration_id", flat=True))
    if given_out or any(plan.sid_required for plan in plans):
        kin = kin_of(records)
        identities = CollegeIdentity.objects.standing().filter(student__in=kin.records(records))
        with_sid = {
            (kin.person(record), college)
            for record, college in identities.values_list("student_id", "college_id")
        }
    if given_out:
        conflicts = IdentityConflict.objects.open().filter(candidates__student__in=kin.records(records))
        unsure = {
            (kin.person(record), college)
            for record, college in conflicts.values_list("candidates__student_id", "college_id")
        }
    coming = {plan.pk for plan in plans if ids_come and plan.sid_required and ids_left(plan)}
    out: dict[int, RunLine.Problem] = {}
    for one in waiting:
        college_year = terms.get((one.college_id, one.year_id))
        plan, key = plan_of(college_year), (kin.person(one.student_id), one.college_id)
        if key not in with_sid and key in unsure and plan.sids == TranscriptionPlan.Sids.RANGE:
            out[one.pk] = RunLine.Problem.SID_OPEN
        elif key not in with_sid and plan.sid_required and plan.pk not in coming:
            out[one.pk] = RunLine.Problem.NO_SID
        elif (
            college_year is not None
            and college_year.mode == CollegeYear.Mode.ON_REQUEST
            and one.pk not in asked
        ):
            out[one.pk] = RunLine.Problem.NOT_ASKED
    return out


def on_their_way(registrations: Iterable[Registration], *, terms: Terms) -> frozenset[int]:
    """Of these classes those SERS may award: without credit, of a college and year that transcribes in SERS."""
    return frozenset(
        one.pk
        for one in registrations
        if one.awarded_at is None
        and (college_year := terms.get((one.college_id, one.year_id))) is not None
        and college_year.mode in IN_SERS
    )


def students_with_sid(college: College, students: Iterable[int]) -> frozenset[int]:
    """Those of these records whose student has an ID at the college."""
    asked = set(students)
    kin = kin_of(asked)
    known = (
        CollegeIdentity.objects.standing()
        .at(college)
        .filter(student__in=kin.records(asked))
        .values_list("student_id", flat=True)
    )
    people = {kin.person(one) for one in known}
    return frozenset(one for one in asked if kin.person(one) in people)


def would_earn(item: RunItem) -> bool:
    """Would this student of a run earn credit, as things stand? Asked before anything is locked."""
    own = list(
        Registration.objects.filter(
            pk__in=item.lines.values("registration"), status=Registration.Status.COMPLETED, awarded_at=None
        ).order_by("id")
    )
    everything = list(companions(own))
    return any(
        decision.earned for decision in decisions(own, everything, terms=terms_of(everything), ids_come=True)
    )


def forecast(college: College, year: AcademicYear) -> Forecast:
    """What a run of this college and year would do now, by the rules it will ask; twelve queries, up to four more by what the college asks."""
    college_year = terms_of_run(college, year)
    if college_year is None:
        return Forecast(0, 0, 0, 0, Decimal(0), {})
    registrations = list(classes_of_run(college_year).order_by("student_id", "id"))
    everything = list(companions(registrations))
    with_sid = students_with_sid(college, (one.student_id for one in registrations))
    decided = decisions(registrations, everything, terms=terms_of(everything), ids_come=True)
    held = Counter(problem for decision in decided for problem in decision.held.values())
    return Forecast(
        classes=len(registrations),
        students=len(decided),
        awarded=len(registrations) - sum(held.values()),
        courses=sum(len(decision.earned) for decision in decided),
        credits=sum((earned.credits for decision in decided for earned in decision.earned), Decimal(0)),
        held=dict(sorted(held.items(), key=lambda item: (-item[1], item[0]))),
        without_sid=sum(bool(one.earned) and one.student_id not in with_sid for one in decided),
        ids_left=ids_left(plan_of(college_year)),
    )


def decisions(
    registrations: Sequence[Registration],
    everything: Sequence[Registration],
    *,
    terms: Terms,
    ids_come: bool = False,
) -> list[Decision]:
    """What a run would decide of these classes, a decision a student, college and year: run, forecast and list ask here.

    `registrations` are Completed and without credit; `everything` their `companions`, themselves among them; `terms`
    of all of these. Five queries, up to four more by what the colleges ask, however many classes.
    """
    known = evidence(everything)
    out = kept_out(everything, terms=terms, ids_come=ids_come)
    along = on_their_way(everything, terms=terms)
    kin = kin_of(one.student_id for one in everything)
    beside: dict[int, list[Registration]] = {}
    for one in everything:
        beside.setdefault(kin.person(one.student_id), []).append(one)
    groups: dict[tuple[int, int, int], list[Registration]] = {}
    for one in registrations:
        groups.setdefault((kin.person(one.student_id), one.college_id, one.year_id), []).append(one)
    return [
        decide(
            mine,
            others=[one for one in beside.get(student_id, ()) if one not in mine],
            grades=known.grades,
            lines=known.lines,
            on_record=known.on_record.get(student_id, frozenset()),
            out=out,
            along=along,
        )
        for (student_id, _, _), mine in groups.items()
    ]


def companions(registrations: Sequence[Registration]) -> Iterable[Registration]:
    """Every Completed class of these students under these agreements, of any year, these classes among them.

    A course may need two classes, and the other one may have been taken, even awarded, before, on whichever record of
    the same student.
    """
    if not registrations:
        return []
    records = {one.student_id for one in registrations}
    return Registration.objects.filter(
        student__in=kin_of(records).records(records),
        articulation__in={one.articulation_id for one in registrations},
        status=Registration.Status.COMPLETED,
    ).order_by("id")


def evidence(registrations: Sequence[Registration]) -> Evidence:
    """The grade that counts of each registration, every line of their agreements, and the courses on record, by the
    record that stands for the student.

    Four queries, however many registrations.
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
    records = {one.student_id for one in registrations}
    kin = kin_of(records)
    for student_id, course_id in (
        CreditAward.objects.standing()
        .filter(
            student__in=kin.records(records),
            college_course__in={line.college_course_id for found in lines.values() for line in found},
        )
        .values_list("student_id", "college_course_id")
    ):
        on_record.setdefault(kin.person(student_id), set()).add(course_id)
    return Evidence(grades, lines, {student: frozenset(courses) for student, courses in on_record.items()})
