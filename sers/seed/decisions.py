"""What waits and what was decided of grades: Grade Changes at each step, classes opened again and declared complete."""

from datetime import date, timedelta
from decimal import Decimal

from accounts.access import Role
from accounts.models import User
from articulations.models import Section
from grading.models import (
    ClassCompletion,
    GradeChange,
    GradeEntry,
    RosterComment,
    WindowExtension,
    percent_text,
)
from grading.rules import college_grade
from sers.seed.places import CBC, IN_DEPTH
from sers.seed.students import Campus, FeesReq, Pupil, Status
from students.models import Registration

State = GradeChange.State


def build_decisions(campus: Campus, stella: Pupil) -> None:
    """One Grade Change at each step, requests to open grading again, declarations, and a corrected comment."""
    book = campus.book
    registrations = book.rows(Registration)
    terry = campus.folk.demo[Role.TEACHER]
    last = campus.clock.year - 1
    teachers = {
        taught.section.pk: taught.teacher for every in campus.timetable.taught.values() for taught in every
    }
    here = [one for one in registrations if one.section_id in teachers]

    def fits(one: Registration, state: State, first_year: int, awarded: bool) -> bool:
        """A class at Columbia Basin of that year whose grade can still rise; Terry's where it is under way."""
        return (
            one.year.first_year == first_year
            and one.college.name == CBC
            and one.status == Status.COMPLETED
            and (one.awarded_at is not None) == awarded
            and one.fees_req != FeesReq.PENDING
            and one.student != stella.student
            and (campus.grades[one.pk].percent or 100) < 96
            and (state not in GradeChange.OPEN or teachers[one.section_id] == terry)
        )

    taken: set[int] = set()
    own = next(
        one for one in here
        if one.student == stella.student and one.year.first_year == last and one.status == Status.COMPLETED
    )  # fmt: skip
    _change(campus, own, teachers, stella.student.user, Role.STUDENT, State.REQUESTED, days_ago=5, reason=(
        "The final project was not counted. With it I have 97 %, as my teacher wrote on the paper."
    ))  # fmt: skip
    taken.add(own.pk)
    steps = (
        (State.REQUESTED, last, False, 2, "He says the last test was given back with 95 %, and shows it."),
        (State.CONFIRMED, last, False, 4, "I typed the grade of the row below."),
        (State.DECLINED, last, False, 30, "I think the class was harder than the others."),
        (
            State.APPROVED,
            campus.clock.year - 2,
            True,
            12,
            "The exam of June was entered as the one of January.",
        ),
    )
    for state, first_year, awarded, days_ago, reason in steps:
        chosen = next(
            (one for one in here if one.pk not in taken and fits(one, state, first_year, awarded)), None
        )
        if chosen is None:
            continue
        taken.add(chosen.pk)
        by, asked_as = teachers[chosen.section_id], Role.TEACHER
        if state == State.REQUESTED:
            by, asked_as = campus.folk.demo[Role.COUNSELOR], Role.COUNSELOR
        _change(campus, chosen, teachers, by, asked_as, state, days_ago=days_ago, reason=reason)
    _build_classes(campus, here, teachers, terry, last)
    comments = book.rows(RosterComment)
    if comments:
        first = comments[0]
        book.add(
            RosterComment,
            registration=first.registration,
            text=f"{first.text} Corrected after a talk with the counselor.",
            written_at=first.written_at + timedelta(hours=2),
            written_by=first.written_by,
            supersedes=first,
        )


def _change(
    campus: Campus,
    registration: Registration,
    teachers: dict[int, User],
    by: User | None,
    asked_as: Role,
    state: State,
    *,
    days_ago: int,
    reason: str,
) -> None:
    """One Grade Change in this state; an approved one with its new grade, in ink."""
    book, clock = campus.book, campus.clock
    was, teacher = campus.grades[registration.pk], teachers[registration.section_id]
    consortium = campus.staff[registration.articulation.consortium.name]
    at = clock.at(clock.day - timedelta(days=days_ago), 10)
    right = min(Decimal(100), (was.percent or Decimal(90)) + 2)
    facts: dict[str, object] = {"wanted": percent_text(right)}
    if state != State.REQUESTED:
        facts |= {
            "grade": percent_text(right), "confirmed_by": teacher, "confirmed_at": at + timedelta(hours=2),
        }  # fmt: skip
    if state in (State.APPROVED, State.DECLINED):
        facts |= {"decided_by": consortium, "decided_at": at + timedelta(days=2)}
    if state == State.DECLINED:
        facts["decision"] = "The grade book agrees with the grade that stands."
    if state == State.APPROVED:
        terms = campus.years.colleges[registration.college.name, registration.year.first_year]
        own = registration.articulation.minimum_percent
        grade = college_grade(
            right,
            rows=campus.places.scale_rows[terms.scale.name],
            rounding=terms.scale.rounding,
            minimum=terms.minimum_percent if own is None else own,
        )
        facts["entry"] = campus.grades[registration.pk] = book.add(
            GradeEntry,
            registration=registration,
            number=was.number + 1,
            percent=right,
            points=grade.points,
            letter=grade.letter,
            outcome=grade.outcome,
            scale=terms.scale,
            reason=f"Grade Change: {reason}"[:200],
            entered_at=at + timedelta(days=2),
            entered_by=consortium,
        )
        registration.version += 1
        if registration.awarded_at is not None:
            facts["needs_reposting_at"] = at + timedelta(days=2)
    change = book.add(
        GradeChange,
        reference="G-" + book.letters("23456789ABCDEFGHJKMNPQRSTUVWXYZ", 8),
        registration=registration,
        was=was,
        state=state,
        reason=reason,
        asked_by=by,
        asked_as=asked_as,
        asked_at=at,
        **facts,
    )
    campus.tell(by, at, "grading.change_asked", change)


def _build_classes(
    campus: Campus, here: list[Registration], teachers: dict[int, User], terry: User, last: int
) -> None:
    """Of last year's classes: who is declared complete, who asks to open grading again, who was answered."""
    book, clock = campus.book, campus.clock
    by_class: dict[int, list[Registration]] = {}
    sections: dict[int, Section] = {}
    for one in here:
        if one.year.first_year == last and one.articulation.consortium.name in IN_DEPTH:
            by_class.setdefault(one.section_id, []).append(one)
            sections[one.section_id] = one.section
    declared_on = date(clock.year, 6, 20)
    for key, rows in by_class.items():
        statuses = [Status(one.status) for one in rows]
        if Status.IN_PROGRESS in statuses or key % 5 == 0:
            continue
        book.add(
            ClassCompletion,
            section=sections[key],
            number=1,
            declared_by=teachers[key],
            declared_at=clock.at(declared_on, 15),
            completed=statuses.count(Status.COMPLETED),
            not_attained=statuses.count(Status.NOT_ATTAINED),
            ended=statuses.count(Status.WITHDRAWN) + statuses.count(Status.NOT_IN_CLASS),
        )
    blank = [key for key, rows in by_class.items() if any(one.status == Status.IN_PROGRESS for one in rows)]
    mine = [key for key in by_class if teachers[key] == terry]
    asked = next((key for key in blank if key in mine), mine[0] if mine else None)
    answered = next((key for key in blank if key != asked), None)
    for chosen, state in (
        (asked, WindowExtension.State.REQUESTED),
        (answered, WindowExtension.State.GRANTED),
    ):
        if chosen is None:
            continue
        consortium = by_class[chosen][0].articulation.consortium
        asked_at = clock.at(
            clock.day - timedelta(days=3 if state == WindowExtension.State.REQUESTED else 90), 8
        )
        decided = state == WindowExtension.State.GRANTED
        book.add(
            WindowExtension,
            section=sections[chosen],
            consortium=consortium,
            state=state,
            reason="A student handed in the last project during the summer school.",
            asked_by=teachers[chosen],
            asked_at=asked_at,
            until=(asked_at + timedelta(days=15)).date() if decided else None,
            decided_by=campus.staff[consortium.name] if decided else None,
            decided_at=asked_at + timedelta(days=1) if decided else None,
        )
