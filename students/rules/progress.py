"""How a student's credit stands: where each class is on its line, how many credits, what is to be done next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, TypeAlias

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articulations.models import Section
from organizations.models import AcademicYear, CollegeYear, ConsortiumYear, Window
from organizations.rules import Calendar
from sers.lib.moments import day, short_day
from sers.lib.tags import credits_in_words, percent
from students.models import Registration, Requirement, Student, teachers_of
from students.rules.codes import still_comes_for
from students.rules.next_steps import NextStep, next_step_of
from students.rules.requirements import as_asked, is_owed, owed_in_words

#: The tag of each state: a shape and a colour besides the word.
STATUS_TAGS = {
    Registration.Status.IN_PROGRESS: "progress",
    Registration.Status.COMPLETED: "done",
    Registration.Status.NOT_ATTAINED: "miss",
    Registration.Status.WITHDRAWN: "quiet",
    Registration.Status.NOT_IN_CLASS: "quiet",
}
FEES_REQ_TAGS = {
    Registration.FeesReq.NOT_REQUIRED: "quiet",
    Registration.FeesReq.PENDING: "wait",
    Registration.FeesReq.PROCESSED: "done",
    Registration.FeesReq.WAIVED: "quiet",
}


@dataclass(frozen=True, slots=True)
class Step:
    """One stop on the rail: past, here, owed or ahead."""

    state: str
    name: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """Where one registration stands, and by when its form and fee are due if they are."""

    registration: Registration
    steps: tuple[Step, ...]
    state: str
    label: str
    owes: bool = False
    due_on: date | None = None
    next_step: NextStep | None = None
    #: What was asked, and how each of it stands.
    requirements: tuple[Requirement, ...] = ()

    @property
    def owed(self) -> str:
        """`signed form and $50 fee`: what still has to come in."""
        return owed_in_words(self.requirements)


def progress_of(
    registration: Registration,
    *,
    calendar: Calendar,
    terms: ConsortiumYear | None,
    college_year: CollegeYear | None,
    on: date,
    requirements: Sequence[Requirement] = (),
) -> Progress:
    """Registered, form and fee, grade, college credit: which are past, where it is, what the student owes. A class that
    was left, or Not Attained, has no step after the one that ended it."""
    status = registration.status
    registered = Step("past", _("Registered"), day(registration.registered_at))
    if status in Registration.ENDED:
        ended = Step(
            "past", registration.get_status_display(), _("No college credit, nothing on your record")
        )
        return Progress(
            registration, (registered, ended), STATUS_TAGS[Registration.Status(status)], ended.name
        )
    asked = tuple(as_asked(registration, requirements, terms))
    closes = _closes(Window.Kind.PAYMENT, registration, calendar, on)
    dues = [one.due_on or closes for one in asked if is_owed(one)]
    due_on = min((one for one in dues if one is not None), default=closes)
    grades_by = _closes(Window.Kind.GRADING, registration, calendar, on)
    owes = (
        registration.fees_req == Registration.FeesReq.PENDING
        and status != Registration.Status.NOT_ATTAINED
        and registration.awarded_at is None
    )
    form = Step(
        "owed" if owes else "past",
        _("Form and fee"),
        _form_note(registration, owed_in_words(asked), due_on, owes, on),
    )
    if status == Registration.Status.IN_PROGRESS:
        due = _parts_due(registration, college_year) + _grade_due(registration, grades_by, on)
        grade = Step("ahead" if owes else "here", _("Grade"), due)
        credit = Step("ahead", _("College credit"), _credit_note(college_year))
    elif status == Registration.Status.NOT_ATTAINED:
        note = _parts_in(registration, college_year) or _grade_note(registration)
        grade = Step("past", _("Grade"), _("{note}: no college credit").format(note=note))
        steps = (
            (registered, grade)
            if registration.fees_req == Registration.FeesReq.PENDING
            else (registered, form, grade)
        )
        return Progress(registration, steps, "miss", registration.get_status_display(), requirements=asked)
    elif registration.awarded_at is None:
        grade = Step("past", _("Grade"), _grade_note(registration))
        credit = (
            Step("ahead", _("College credit"), _("Waits for the form and fee"))
            if owes
            else Step("here", _("College credit"), _credit_note(college_year))
        )
    else:
        grade = Step("past", _("Grade"), _grade_note(registration))
        credit = Step(
            "past",
            _("College credit"),
            _("On your record since {day}").format(day=day(registration.awarded_at)),
        )
        return Progress(
            registration, (registered, form, grade, credit), "done", _("On your record"), requirements=asked
        )
    return Progress(
        registration,
        (registered, form, grade, credit),
        STATUS_TAGS[Registration.Status(status)],
        registration.get_status_display(),
        owes=owes,
        due_on=due_on if owes else None,
        next_step=next_step_of(
            registration,
            owed=owed_in_words(asked) if owes else "",
            due_on=due_on,
            grades_by=grades_by,
            college_year=college_year,
            on=on,
        ),
        requirements=asked,
    )


def _closes(kind: Window.Kind, registration: Registration, calendar: Calendar, on: date) -> date | None:
    return calendar.opening(
        kind,
        consortium_id=registration.articulation.consortium_id,
        college_id=registration.college_id,
        year_id=registration.year_id,
        on=on,
    ).closes_on


def _form_note(registration: Registration, wanted: str, due_on: date | None, owes: bool, on: date) -> str:
    if registration.fees_req == Registration.FeesReq.NOT_REQUIRED:
        return _("None needed")
    if registration.fees_req == Registration.FeesReq.WAIVED:
        return _("Waived {day}").format(day=short_day(registration.fees_req_at))
    if registration.fees_req == Registration.FeesReq.PROCESSED:
        return _("Processed {day}").format(day=short_day(registration.fees_req_at))
    if not owes:
        return _("Never came in")
    wanted = wanted[:1].upper() + wanted[1:]
    if due_on is None:
        return wanted
    return (_("{wanted}, due {day}") if due_on >= on else _("{wanted}, was due {day}")).format(
        wanted=wanted, day=short_day(due_on)
    )


def _grade_due(registration: Registration, grades_by: date | None, on: date) -> str:
    names = registration.teacher_names
    if grades_by is None or grades_by < on:
        return _("From {names}").format(names=names) if names else _("From your teacher")
    if not names:
        return _("The teacher enters it by {day}").format(day=short_day(grades_by))
    several = len(teachers_of(registration.section))
    due = ngettext("{names} enters it by {day}", "{names} enter it by {day}", several)
    return due.format(names=names, day=short_day(grades_by))


def _grade_note(registration: Registration) -> str:
    grade = registration.grade
    if grade is None:
        return registration.get_status_display()
    entered = percent_of(grade)
    if registration.status == Registration.Status.NOT_ATTAINED:
        return _("{percent}, Not Attained").format(percent=entered) if entered else _("Not Attained")
    if not entered:
        return _("College grade {grade}").format(grade=grade.college_grade)
    return _("{percent}, college grade {grade}").format(percent=entered, grade=grade.college_grade)


def parts_entered(registration: Registration, college_year: CollegeYear | None) -> dict[str, str]:
    """What a college that asks for several parts has been told of each, `92 %`, `Met`, or nothing; by its name.

    Empty where one grade decides. The entries are read only for such colleges: ask `follow` for many.
    """
    asked = asked_parts(registration, college_year)
    if not asked:
        return {}
    last = {
        entry.part: entry for entry in sorted(registration.grade_parts.all(), key=lambda entry: entry.number)
    }
    return {str(CollegeYear.Part(part).label): _part_note(last.get(part)) for part in asked}


def asked_parts(registration: Registration, college_year: CollegeYear | None) -> tuple[str, ...]:
    """The parts of a grade its college asks for beside, or in place of, the one grade; none where that decides."""
    if college_year is None:
        return ()
    parts = college_year.parts(whole_year=registration.section.term == Section.Term.YEAR)
    return parts if len(parts) > 1 else ()


def _part_note(entry: Any) -> str:
    if entry is None or not entry.stands:
        return ""
    if entry.part in CollegeYear.CRITERIA:
        return _("Met") if entry.outcome == Registration.Status.COMPLETED else _("Not met")
    return percent_of(entry) or entry.college_grade or _("Not Attained")


def _parts_due(registration: Registration, college_year: CollegeYear | None) -> str:
    """`First semester: 92 %. Second semester: not in yet. `; empty where one grade decides."""
    parts = parts_entered(registration, college_year)
    missing = _("not in yet")
    return "".join(f"{label}: {said or missing}. " for label, said in parts.items())


def _parts_in(registration: Registration, college_year: CollegeYear | None) -> str:
    """`First semester: 80 %. Not Attained`; empty where one grade decided."""
    parts = parts_entered(registration, college_year)
    told = "".join(f"{label}: {said}. " for label, said in parts.items() if said)
    return f"{told}{registration.get_status_display()}" if told else ""


def _credit_note(college_year: CollegeYear | None) -> str:
    if college_year is None:
        return _("From the college")
    if college_year.mode == CollegeYear.Mode.AUTOMATIC:
        return _("The college awards it in the summer")
    if college_year.mode == CollegeYear.Mode.ON_REQUEST and college_year.request_by:
        return _("You ask the college by {day}").format(day=short_day(college_year.request_by))
    if college_year.mode == CollegeYear.Mode.ENROLLMENT:
        return _("You enroll at the college as well")
    return _("You ask the college")


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One registration in the Registration History, with what its Details tell."""

    registration: Registration
    state: str
    fees_req_state: str
    grade: str
    college_grade: str
    earned: tuple[str, ...]


def history_row(registration: Registration) -> HistoryRow:
    """Status, high-school grade, college grade, and the credits earned by name."""
    grade = registration.grade
    return HistoryRow(
        registration=registration,
        state=STATUS_TAGS[Registration.Status(registration.status)],
        fees_req_state=FEES_REQ_TAGS[Registration.FeesReq(registration.fees_req)],
        grade=percent_of(grade),
        college_grade=grade.college_grade if grade is not None else "",
        earned=tuple(
            f"{award.course_code} {award.course_title}, {credits_in_words(award.credits)}"
            for award in registration.awards
        ),
    )


def percent_of(grade: Any) -> str:
    """`97 %`; empty where no percent was entered."""
    return "" if grade is None else percent(grade.percent)


TermsByYear: TypeAlias = Mapping[tuple[int, int], ConsortiumYear]


def follow(registrations: Sequence[Registration], *, on: date) -> tuple[list[Progress], TermsByYear]:
    """Where each of these registrations stands, and the terms of their consortia; three queries, however many, one
    more where a college asks for a grade in parts, and one where something was asked of the student."""
    years = {one.year for one in registrations}
    calendar = Calendar.of(*years)
    terms = {
        (one.consortium_id, one.year_id): one
        for one in ConsortiumYear.objects.filter(
            year__in=years, consortium__in={one.articulation.consortium_id for one in registrations}
        )
    }
    college_years = {
        (one.college_id, one.year_id): one
        for one in CollegeYear.objects.filter(
            year__in=years, college__in={one.college_id for one in registrations}
        )
    }
    by_parts = [
        one for one in registrations if asked_parts(one, college_years.get((one.college_id, one.year_id)))
    ]
    prefetch_related_objects(by_parts, "grade_parts")
    asked = [one.pk for one in registrations if one.fees_req != Registration.FeesReq.NOT_REQUIRED]
    requirements = Requirement.objects.by_registration(asked) if asked else {}
    progress = [
        progress_of(
            one,
            requirements=requirements.get(one.pk, ()),
            calendar=calendar,
            terms=terms.get((one.articulation.consortium_id, one.year_id)),
            college_year=college_years.get((one.college_id, one.year_id)),
            on=on,
        )
        for one in registrations
    ]
    return progress, terms


# --- Credits ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Credits:
    """College credits of one student: on the record, graded and waiting, still in class."""

    on_record: Decimal
    waiting: Decimal
    in_class: Decimal

    @property
    def coming(self) -> Decimal:
        return self.waiting + self.in_class

    @property
    def total(self) -> Decimal:
        return self.on_record + self.coming

    @property
    def sentence(self) -> str:
        """The finding of the chart: `5 on your college record, 10 on the way`."""
        return _("{number} on your college record, {coming} on the way").format(
            number=f"{self.on_record.normalize():f}", coming=f"{self.coming.normalize():f}"
        )


def credits_of(registrations: Sequence[Registration]) -> Credits:
    """What a student's registrations have earned, and may earn. Each college course of a year counts once.

    A course that needs several classes waits only when all of them are Completed.
    """
    awards = {}
    completed = {
        (one.articulation_id, one.high_school_course_id)
        for one in registrations
        if one.status == Registration.Status.COMPLETED
    }
    still: dict[tuple[int, int, int], tuple[Decimal, bool]] = {}
    for one in registrations:
        for source in one.award_sources.all():
            awards[source.award_id] = source.award
        if one.awarded_at is None and one.status in (
            Registration.Status.IN_PROGRESS,
            Registration.Status.COMPLETED,
        ):
            for line in one.lines:
                needed = {
                    (one.articulation_id, other.high_school_course_id)
                    for other in one.articulation.courses.all()
                    if other.college_course_id == line.college_course_id
                }
                key = (one.articulation_id, line.college_course_id, one.year_id)
                still[key] = (line.credits, needed <= completed)
    replaced = {award.supersedes_id for award in awards.values()}
    return Credits(
        on_record=sum(
            (award.credits for pk, award in awards.items() if pk not in replaced and not award.takes_back),
            Decimal(0),
        ),
        waiting=sum((credits for credits, graded in still.values() if graded), Decimal(0)),
        in_class=sum((credits for credits, graded in still.values() if not graded), Decimal(0)),
    )


@dataclass(frozen=True, slots=True)
class Share:
    """One part of the bar of credits, in units of its drawing."""

    key: str
    number: str
    meaning: str
    start: Decimal
    width: Decimal


def shares_of(credits: Credits, *, width: int = 600, gap: int = 3) -> list[Share]:
    """The three parts of the bar, as wide as they are many; parts of nothing have no width."""
    parts = (
        ("full", credits.on_record, _("on your college record")),
        ("half", credits.waiting, _("graded, waiting for the college")),
        ("open", credits.in_class, _("in class now")),
    )
    start = Decimal(0)
    shares = []
    for key, amount, meaning in parts:
        wide = (amount / credits.total * width).quantize(Decimal(1)) if credits.total else Decimal(0)
        shares.append(Share(key, f"{amount.normalize():f}", meaning, start, max(wide - gap, Decimal(0))))
        start += wide
    return shares


# --- What next --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ToDo:
    """The one thing to do now. `kind` is confirm, owed, class, register or none; `registration` is what it is about."""

    kind: str
    heading: str
    text: str = ""
    registration: Registration | None = None


def what_to_do(student: Student, progress: Sequence[Progress], *, year: AcademicYear, on: date) -> ToDo:
    """The one thing a student should do next: confirm the address, hand in what is owed first, register for the class
    whose code brought them here, or register at all."""
    if student.user is not None and student.user.email_confirmed_at is None:
        return ToDo(
            "confirm",
            _("One thing to do: confirm your e-mail"),
            _(
                "We sent a mail to {email}. Open the link in it, so that we can reach you about your credit."
            ).format(email=student.email),
        )
    owed = sorted((one for one in progress if one.owes), key=lambda one: one.due_on or date.max)
    if owed:
        registration = owed[0].registration
        wanted = owed[0].owed
        without = _("Without it {college} cannot give you credit.").format(college=registration.college)
        others = len(owed) - 1
        more = (
            ngettext(
                "{number} more of your classes waits for the same.",
                "{number} more of your classes wait for the same.",
                others,
            ).format(number=others)
            if others
            else ""
        )
        return ToDo(
            "owed",
            _("One thing to do: the {wanted} for {title}").format(
                wanted=wanted, title=registration.high_school_course.title
            ),
            " ".join(filter(None, (without, _due(owed[0].due_on, on), more))),
            registration,
        )
    coming = still_comes_for(student, year=year)
    if coming is not None:
        return ToDo(
            "class",
            _("One thing to do: register for {title}").format(title=coming.high_school_course.title),
            _("You came here by its class code, and you are not registered yet."),
        )
    this_year = [one.registration for one in progress if one.registration.year_id == year.pk]
    if any(one.status == Registration.Status.IN_PROGRESS for one in this_year):
        return ToDo("none", _("Nothing to do now"), _("Your teachers enter the grades when the classes end."))
    if not this_year:
        return ToDo(
            "register",
            _("One thing to do: register for your classes"),
            _("Credit is given only in the school year you take a class."),
        )
    return ToDo("none", _("Nothing to do now"), _("The colleges award the credit in the summer."))


def _due(due_on: date | None, on: date) -> str:
    if due_on is None:
        return ""
    left = (due_on - on).days
    if left < 0:
        return _("It was due {day}: ask your consortium what you can still do.").format(day=short_day(due_on))
    if left == 0:
        return _("It is due today.")
    return ngettext(
        "It is due by {day}, in {number} day.", "It is due by {day}, in {number} days.", left
    ).format(day=short_day(due_on), number=left)
