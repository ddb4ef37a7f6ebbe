"""Why a class has its credit or not yet: each rule with its value, met or not, and who can act."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from organizations.models import AcademicYear, College, CollegeYear
from organizations.rules import Calendar, Opening
from sers.lib.moments import day
from sers.lib.tags import credits_in_words, percent
from students.models import Registration, RegistrationQuerySet, Student, of_person, person_key, records_of
from transcripts.models import (
    CollegeIdentity,
    CreditAward,
    IdentityConflict,
    RunLine,
    TranscriptionPlan,
    TranscriptRequest,
    unsettled,
)
from transcripts.rules.credit import companions, decisions, evidence, kept_out, plan_of, terms_of
from transcripts.rules.deciding import REMEDIES, Remedy, WayToCourse, counting_classes, findings, ways_of
from transcripts.rules.identities import ids_left
from transcripts.rules.requests import last_day, request_opening, why_not_request

Problem = RunLine.Problem


class Reason(models.TextChoices):
    """Why a class has no credit yet, one word each; the first rule that is not met gives it."""

    READY = "ready", "Ready: waits for the next run"
    FEES_REQ = Problem.FEES_REQ.value, "Fees/Req is Pending"
    NO_GRADE = Problem.NO_GRADE.value, "The grade is missing"
    OTHER_CLASS = Problem.OTHER_CLASS.value, "Another class is needed for this course"
    NO_COURSE = Problem.NO_COURSE.value, "The agreement names no college course for this class"
    REPEAT = Problem.REPEAT.value, "The course is on the record already"
    NOT_ASKED = Problem.NOT_ASKED.value, "The student has not asked for it"
    NO_SID = Problem.NO_SID.value, "The college ID is missing"
    SID_OPEN = Problem.SID_OPEN.value, "Whose a college ID is waits for a decision"
    ENROLLMENT = "enrollment", "Credit comes by enrolling in ctcLink"
    EXTERNAL = "external", "The college transcribes outside SERS"


#: Who can act on what no run decides, and how; the others are `REMEDIES`.
OTHER_REMEDIES: Mapping[Reason, Remedy] = {
    Reason.READY: Remedy("Registrar", "start the run", "done"),
    Reason.ENROLLMENT: Remedy("Student", "enroll at the college", "quiet"),
    Reason.EXTERNAL: Remedy("Student", "ask the college", "quiet"),
}

#: Where no run awards it.
OUTSIDE: Mapping[str, Reason] = {
    CollegeYear.Mode.ENROLLMENT: Reason.ENROLLMENT,
    CollegeYear.Mode.EXTERNAL: Reason.EXTERNAL,
}

#: The same in the words of the student's page. `%(who)s` is the teacher, `%(college)s` the college.
PLAIN_WORDS: Mapping[Reason, object] = {
    Reason.READY: gettext_lazy("Everything is in. The college awards the credit in the summer."),
    Reason.FEES_REQ: gettext_lazy("It waits for your form or fee. Hand it in, or ask your consortium where it is."),
    Reason.NO_GRADE: gettext_lazy("It waits for the grade. %(who)s enters it."),
    Reason.OTHER_CLASS: gettext_lazy(
        "The college course needs another class too. When you complete that one, both count together."
    ),
    Reason.NO_COURSE: gettext_lazy("The agreement has a mistake. Your consortium can put it right; you need do nothing."),
    Reason.REPEAT: gettext_lazy("You have credit for this college course already. The earlier credit stands."),
    Reason.NOT_ASKED: gettext_lazy("%(college)s gives this credit when you ask for it."),
    Reason.NO_SID: gettext_lazy("%(college)s has to find you in its records first. You need do nothing."),
    Reason.SID_OPEN: gettext_lazy("%(college)s has to find you in its records first. You need do nothing."),
    Reason.ENROLLMENT: gettext_lazy("%(college)s gives this credit when you enroll there as well."),
    Reason.EXTERNAL: gettext_lazy("%(college)s gives this credit outside SERS. Ask the college."),
}  # fmt: skip


def remedy_of(reason: Reason) -> Remedy:
    """Who can act on a reason, and how."""
    return OTHER_REMEDIES[reason] if reason in OTHER_REMEDIES else REMEDIES[Problem(reason.value)]


def in_plain_words(reason: Reason, registration: Registration) -> str:
    """What holds a credit up, as its student reads it."""
    return str(PLAIN_WORDS[reason]) % {
        "who": registration.teacher_names or _("Your teacher"),
        "college": registration.college.name,
    }


def reasons_of(
    registrations: Sequence[Registration], *, terms: Mapping[tuple[int, int], CollegeYear]
) -> dict[int, Reason]:
    """Why each of these classes has no credit yet, by its id; those with credit are left out.

    By the rules a run would ask. `terms` by the ids of college and year. Five queries, up to three more by what the colleges ask, however many classes.
    """
    open_ones = [one for one in registrations if one.awarded_at is None]
    completed = [one for one in open_ones if one.status == Registration.Status.COMPLETED]
    everything = list(companions(completed))
    held = {
        pk: problem
        for decision in decisions(
            completed, everything, terms={**terms_of(everything), **terms}, ids_come=True
        )
        for pk, problem in decision.held.items()
    }
    reasons: dict[int, Reason] = {}
    for one in open_ones:
        college_year = terms.get((one.college_id, one.year_id))
        if one.status == Registration.Status.IN_PROGRESS:
            reasons[one.pk] = Reason.NO_GRADE
        elif one.pk in held:
            reasons[one.pk] = Reason(held[one.pk].value)
        elif one.status == Registration.Status.COMPLETED:
            reasons[one.pk] = OUTSIDE.get(college_year.mode if college_year else "", Reason.READY)
    return reasons


def without_credit(
    rows: RegistrationQuerySet, college: College, year: AcademicYear, on: date
) -> RegistrationQuerySet:
    """Of these classes those that could have credit by now: Completed, or still without a grade when the year is over;
    not repeats that are settled."""
    statuses = [Registration.Status.COMPLETED]
    if on > year.ends_on:
        statuses.append(Registration.Status.IN_PROGRESS)
    return unsettled(rows.filter(college=college, year=year, status__in=statuses, awarded_at__isnull=True))


@dataclass(frozen=True, slots=True)
class Line:
    """One rule on the way to credit: what it asks, how it stands, met or not yet, and who can do what about it."""

    rule: str
    name: str
    value: str
    met: bool
    who: str = ""
    what: str = ""


def explain(
    registration: Registration,
    *,
    ways: Sequence[WayToCourse],
    college_year: CollegeYear | None,
    opening: Opening,
    asked: TranscriptRequest | None,
    known: bool,
    sid: str,
    award: CreditAward | None,
    earlier: CreditAward | None,
    unsure: bool,
    ids_come: bool,
    on: date,
) -> list[Line]:
    """Every rule a class must meet before its credit is awarded, in the order a run asks them, as a run answers them.

    `registration` comes `in_full`; `ways` as `ways_of` gives them; `earlier` is credit for the same college course from
    another class; `known`: the student has a college ID, `sid` tells it where the reader may see it; `unsure`: an open
    conflict may be about it; `ids_come`: SERS has one to give.
    """
    met = {one.rule: one.met for one in findings(registration, grade=registration.grade, ways=ways)}
    status, completed = registration.status, registration.status == Registration.Status.COMPLETED
    grade = registration.grade
    minimum = registration.articulation.minimum_percent
    if minimum is None and college_year is not None:
        minimum = college_year.minimum_percent
    courses = ", ".join(
        f"{line.college_course.code}, {credits_in_words(line.credits)}" for line in registration.lines
    )
    lines = [
        Line(
            "status", "The class is Completed", registration.get_status_display(), completed,
            "Teacher", "enter the grade on the class roster",
        ),
        Line(
            "grade", f"The grade reaches {percent(minimum)}" if minimum is not None else "The grade reaches the minimum",
            f"{percent(grade.percent)}, college grade {grade.college_grade or 'none'}" if grade and grade.percent is not None
            else "Not Attained" if grade else "No grade is entered",
            bool(grade) and status != Registration.Status.NOT_ATTAINED,
            "Teacher", "ask for a Grade Change" if grade else "enter the grade on the class roster",
        ),
        Line(
            Problem.FEES_REQ, "Form and fee are in", registration.get_fees_req_display(),
            met[Problem.FEES_REQ], *_who(Problem.FEES_REQ),
        ),
        Line(
            Problem.NO_COURSE, "The agreement names a college course", courses or "None", met[Problem.NO_COURSE],
            *_who(Problem.NO_COURSE),
        ),
        Line(
            Problem.OTHER_CLASS, "Every class the course needs is Completed",
            _others_in_words(ways), met[Problem.OTHER_CLASS], *_who(Problem.OTHER_CLASS),
        ),
        Line(
            Problem.REPEAT, "The course is not on the record already",
            f"On the record since {day(earlier.awarded_at)}: {earlier.course_code}, {earlier.college_grade}" if earlier
            else "Not on the record",
            award is not None or met[Problem.REPEAT], *_who(Problem.REPEAT),
        ),
        _way(registration, college_year, opening, asked, on),
    ]  # fmt: skip
    plan = plan_of(college_year)
    unsure = unsure and not known and plan.sids == TranscriptionPlan.Sids.RANGE
    if known or unsure or plan.sid_required:
        lines.append(
            Line(
                Problem.SID_OPEN if unsure else Problem.NO_SID,
                f"The student is known at {registration.college}",
                f"College ID {sid}"
                if sid
                else "The college knows the student"
                if known
                else "One of several may be this student"
                if unsure
                else "SERS gives the next college ID with the credit"
                if ids_come
                else "No college ID",
                known or (ids_come and not unsure),
                *_who(Problem.SID_OPEN if unsure else Problem.NO_SID),
            )
        )
    lines.append(
        Line(
            "awarded",
            "Credit is awarded",
            f"{award.course_code}, {credits_in_words(award.credits)}, {award.college_grade}, {day(award.awarded_at)}"
            if award
            else "Not yet",
            award is not None,
            *(() if award else ("Registrar", "start the run when every line above is met")),
        )
    )
    return lines


def _others_in_words(ways: Sequence[WayToCourse]) -> str:
    """`No other class is needed`, or of the course that is nearest: `BUS 130 needs 2 other classes too: 1 counts by now`.

    A class counts that is Completed, with form and fee in, and asked for where the college waits for that.
    """
    nearest = min(ways, key=lambda way: len(way.others) - len(way.there), default=None)
    if nearest is None or not nearest.others:
        return "No other class is needed"
    there = len(nearest.there)
    needed = f"{len(nearest.others)} other class{'' if len(nearest.others) == 1 else 'es'}"
    return (
        f"{nearest.course.code} needs {needed} too: {there or 'none'} count{'' if there > 1 else 's'} by now"
    )


def _who(problem: Problem) -> tuple[str, str]:
    return REMEDIES[problem].who, REMEDIES[problem].what


def _way(
    registration: Registration,
    college_year: CollegeYear | None,
    opening: Opening,
    asked: TranscriptRequest | None,
    on: date,
) -> Line:
    """How the college's credit reaches the record, by its mode."""
    name = f"{registration.college} awards it in SERS"
    if college_year is None:
        return Line("mode", name, "The college has no rules for that year", False, "Consortium", "set them")
    if college_year.mode == CollegeYear.Mode.AUTOMATIC:
        return Line("mode", name, "By itself, in the summer", True)
    if college_year.mode == CollegeYear.Mode.ON_REQUEST:
        last = last_day(college_year, opening)
        until = f", until {day(last)}" if last else ""
        return Line(
            Problem.NOT_ASKED,
            "The student has asked for it",
            f"Asked {day(asked.asked_at)}"
            if asked
            else f"Not asked{until}{' (over)' if last and on > last else ''}",
            asked is not None,
            "Student",
            "ask under Request transcription",
        )
    way = "enroll at the college" if college_year.mode == CollegeYear.Mode.ENROLLMENT else "ask the college"
    return Line("mode", name, college_year.get_mode_display(), False, "Student", way)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A class without credit and why, as a list shows it."""

    key: str
    student_id: UUID
    student: str
    sers_id: str
    title: str
    school: str
    reason: Reason

    @property
    def remedy(self) -> Remedy:
        return remedy_of(self.reason)


@dataclass(frozen=True, slots=True)
class NotYet:
    """The classes of a college and year without credit: how many for each reason, and those of the chosen reason."""

    counts: Mapping[Reason, int]
    rows: Sequence[Waiting]

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def not_yet(rows: RegistrationQuerySet, college: College, year: AcademicYear, *, reason: str = "") -> NotYet:
    """Of these classes those without credit, with the reason of each, by student. Eleven queries, up to four more
    by what the college asks, at any size."""
    found = list(
        without_credit(rows, college, year, timezone.localdate())
        .select_related("student__merged_into", "high_school_course__school")
        .order_by(of_person("sort_name"), person_key(), "id")
    )
    reasons = reasons_of(found, terms=terms_of(found))
    counts = Counter(reasons.values())
    return NotYet(
        {one: counts[one] for one in Reason if counts[one]},
        [
            Waiting(
                key=str(one.public_id),
                student_id=one.student.public_id,
                student=one.student.list_name,
                sers_id=one.student.sers_id,
                title=one.high_school_course.title,
                school=one.high_school_course.school.name,
                reason=reasons[one.pk],
            )
            for one in found
            if one.pk in reasons and reason in ("", reasons[one.pk])
        ],
    )


@dataclass(frozen=True, slots=True)
class OpenCredit:
    """One class of a student on its way to the record, in the words of the student's page."""

    registration: Registration
    words: str
    tag: str
    label: str
    asked: TranscriptRequest | None = None
    may_ask: bool = False
    may_withdraw: bool = False
    until: date | None = None
    refusal: str = ""


def open_credit(student: Student, *, on: date) -> list[OpenCredit]:
    """Every class of a student that may still earn credit, with what it waits for and whether to ask for it.

    Classes in progress are listed where the college waits to be asked; elsewhere My classes tells of them.
    """
    found = list(
        Registration.objects.of(student)
        .filter(awarded_at__isnull=True)
        .exclude(status__in=(*Registration.ENDED, Registration.Status.NOT_ATTAINED))
        .in_full()
        .order_by("-year__first_year", "high_school_course__title", "id")
    )
    terms = terms_of(found)
    calendar = Calendar.of(*{one.year for one in found})
    reasons = reasons_of(found, terms=terms)
    asked = {
        one.registration_id: one
        for one in TranscriptRequest.objects.live().of(student).select_related("registration")
    }
    credit = []
    for one in found:
        college_year = terms.get((one.college_id, one.year_id))
        on_request = college_year is not None and college_year.mode == CollegeYear.Mode.ON_REQUEST
        in_class = one.status == Registration.Status.IN_PROGRESS
        if in_class and not on_request:
            continue
        opening = request_opening(one, calendar, on)
        mine = asked.get(one.pk)
        refusal = why_not_request(one, college_year, opening, asked=mine is not None, on=on)
        reason = reasons[one.pk]
        words = in_plain_words(reason, one)
        if mine is not None and in_class:
            words = _("You have asked. The grade comes next: %(who)s enters it.") % {
                "who": one.teacher_names or _("your teacher")
            }
        elif mine is not None:
            words = _("You have asked.") + f" {words}"
        elif on_request and in_class:
            words = in_plain_words(Reason.NOT_ASKED, one)
        tag, label = _state_for_student(reason, mine, in_class)
        credit.append(
            OpenCredit(
                registration=one,
                words=words,
                tag=tag,
                label=label,
                asked=mine,
                may_ask=refusal is None,
                may_withdraw=mine is not None,
                until=last_day(college_year, opening) if on_request else None,
                refusal=str(refusal)
                if refusal is not None and refusal.rule in ("not_yet", "too_late")
                else "",
            )
        )
    return credit


def _state_for_student(reason: Reason, asked: TranscriptRequest | None, in_class: bool) -> tuple[str, str]:
    if asked is not None:
        return "progress", _("Requested")
    if in_class:
        return "progress", _("In Progress")
    if reason == Reason.READY:
        return "done", _("Completed")
    return "wait", _("Not yet")


@dataclass(frozen=True, slots=True)
class Explained:
    """A class and every rule on its way to credit; the first that is not met is what to do."""

    registration: Registration
    lines: Sequence[Line]
    award: CreditAward | None
    earlier: CreditAward | None

    @property
    def next(self) -> Line | None:
        """The first rule that is not met: the one action that helps now."""
        return next((line for line in self.lines if not line.met), None)

    @property
    def is_ready(self) -> bool:
        """Every rule is met, and the credit waits for a run alone."""
        return self.next is not None and self.next.rule == "awarded"


def explained(registration: Registration, *, on: date, reader: User) -> Explained:
    """A registration, `in_full`, with all its rules; as many queries whatever the agreement holds. The college ID is told
    to who may see it."""
    near = [one for one in companions([registration]) if one.pk != registration.pk]
    terms = terms_of([registration, *near])
    college_year = terms.get((registration.college_id, registration.year_id))
    known = evidence([registration, *near])
    counting = counting_classes(near, grades=known.grades, out=kept_out(near, terms=terms, ids_come=True))
    ways = ways_of(
        registration,
        lines=known.lines.get(registration.articulation_id, ()),
        counting=counting.get(registration.articulation_id, {}),
        on_record=known.on_record.get(registration.student.pk, frozenset()),
    )
    calendar = Calendar.of(registration.year)
    award = max(registration.awards, key=lambda one: one.pk, default=None)
    courses = {line.college_course_id for line in registration.lines}
    earlier = (
        CreditAward.objects.standing()
        .of(registration.student)
        .filter(college_course__in=courses)
        .exclude(pk__in=[one.pk for one in registration.awards])
        .order_by("-awarded_at")
        .first()
        if award is None
        else None
    )
    identity = CollegeIdentity.objects.standing().of(registration.student).at(registration.college)
    seen = identity.visible_to(reader).first()
    lines = explain(
        registration,
        ways=ways,
        college_year=college_year,
        opening=request_opening(registration, calendar, on),
        asked=TranscriptRequest.objects.live().filter(registration=registration).first(),
        known=seen is not None or identity.exists(),
        sid=seen.sid if seen else "",
        award=award,
        earlier=earlier,
        unsure=IdentityConflict.objects.open()
        .at(registration.college)
        .filter(candidates__student__in=records_of(registration.student))
        .exists(),
        ids_come=bool(ids_left(plan_of(college_year))),
        on=on,
    )
    return Explained(registration, lines, award, earlier)
