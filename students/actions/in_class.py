"""Who is in a class: the unregistered reminded, registrations accepted or rejected by the teacher, names recognized."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from accounts.actions import queue_mail, record_event
from accounts.models import User
from articulations.models import Section
from sers.lib.refusal import Refusal, Refused
from students import rules
from students.actions.registrations import hand_on_fees
from students.models import ClassAnswer, Registration, RosterEntry, teacher_names


@dataclass(frozen=True, slots=True)
class Reminded:
    """How many were written to, how many were reminded less than a week ago, and how many cannot be reached."""

    sent: int
    lately: int
    unreachable: int


def remind_unregistered(*, section: Section, entries: Sequence[UUID], by: User) -> Reminded:
    """Write to those of a class who are on its roster and not registered: all of them, or these.

    One mail each, in the student's own language where SERS knows it; who was reminded within a week, has no address
    or wants no more is passed over and counted. Pressed twice, it writes once.
    """
    if not rules.sections_to_bring(by, section.year).filter(pk=section.pk).exists():
        raise Refused(Refusal("not_your_class", "This class is not one of yours.", ""))
    sent = lately = unreachable = 0
    now = timezone.now()
    with transaction.atomic():
        missing = RosterEntry.objects.unregistered().on(section)
        chosen = missing.filter(public_id__in=entries) if entries else missing
        locked = RosterEntry.objects.select_for_update(of=("self",)).filter(pk__in=chosen.values("pk"))
        found = list(locked.with_address().order_by("pk"))
        wanting_none = rules.wanting_none(found, section.year)
        for entry in found:
            refusal = rules.why_not_remind(entry, wanting_none=wanting_none, now=now)
            if refusal is not None:
                lately += refusal.rule == "reminded_lately"
                unreachable += refusal.rule != "reminded_lately"
                continue
            _write_to(entry, section)
            sent += 1
        written = [
            one.pk for one in found if rules.why_not_remind(one, wanting_none=wanting_none, now=now) is None
        ]
        RosterEntry.objects.filter(pk__in=written).update(reminded_at=now, reminders=F("reminders") + 1)
        if sent:
            record_event(by=by, kind="students.reminded", subject=section, data={"entries": written})
    return Reminded(sent, lately, unreachable)


def _write_to(entry: RosterEntry, section: Section) -> None:
    student = entry.student
    queue_mail(
        key=f"not-registered-{entry.public_id}-{entry.reminders + 1}",
        to=entry.address,
        person=student.user if student is not None else None,
        template="students/not_registered",
        context={
            "first_name": entry.first_name,
            "class": section.high_school_course.title,
            "teachers": teacher_names(section),
            "code": section.class_code,
            "url": f"{settings.PUBLIC_URL}{reverse('students:join', args=[section.class_code])}",
            "stop_url": f"{settings.PUBLIC_URL}{reverse('students:no_reminders', args=[entry.public_id])}",
        },
    )


def stop_reminders(*, entry: RosterEntry) -> None:
    """Whoever holds the link of a reminder wants no more this school year, of any class. Safe to repeat."""
    with transaction.atomic():
        beside = RosterEntry.objects.beside(entry).filter(no_reminders_at=None)
        if beside.update(no_reminders_at=timezone.now()):
            record_event(by=None, kind="students.reminders_stopped", subject=entry)


def answer_for(
    *, registration: Registration, answer: str, version: int, by: User, reason: str = ""
) -> ClassAnswer:
    """A teacher says that a registered student is in the class, is not, or takes back what was said last.

    Not in the class, the registration becomes Not in Class and the student is told, with the way back; taken back, it
    is In Progress again. What was typed of a grade stays where it is. Refused by `why_not_answer`, or when the
    registration is no longer at the version the screen showed; of two at once one wins and the other is told.
    """
    if not rules.can_answer_for(by, registration.section):
        raise Refused(Refusal("not_teacher", "Only the teachers of this class say who is in it."))
    try:
        with transaction.atomic():
            return _answer(registration.pk, answer, version, reason.strip(), by)
    except IntegrityError as error:
        if "one_live_registration_of_a_class_a_year" not in str(error):
            raise
    raise Refused(
        Refusal(
            "registered_again",
            "The student has registered for this class again.",
            "The new registration counts. Accept that one.",
        )
    )


def _answer(pk: int, answer: str, version: int, reason: str, by: User) -> ClassAnswer:
    registration: Registration = (
        Registration.objects.select_for_update(of=("self",))
        .select_related("student__user", "high_school_course", "section__year")
        .get(pk=pk)
    )
    if registration.version != version:
        raise Refused(
            Refusal("changed_meanwhile", "This row was changed while the page was open.", "Look at it again.")
        )
    last = ClassAnswer.objects.last_of([pk]).get(pk)
    refusal = rules.why_not_answer(registration, answer, last=last)
    if refusal is not None:
        raise Refused(refusal)
    said = ClassAnswer.objects.create(
        registration=registration,
        number=last.number + 1 if last is not None else 1,
        answer=answer,
        reason=reason[:200],
        answered_by=by,
    )
    was = registration.status
    if answer == ClassAnswer.Answer.NOT_IN_CLASS:
        registration.status = Registration.Status.NOT_IN_CLASS
    elif was == Registration.Status.NOT_IN_CLASS:
        registration.status = Registration.Status.IN_PROGRESS
    Registration.objects.filter(pk=pk).update(status=registration.status, version=F("version") + 1)
    if answer == ClassAnswer.Answer.NOT_IN_CLASS:
        hand_on_fees([pk], by=by)
    record_event(
        by=by,
        kind=f"students.answered_{answer}",
        subject=registration,
        data={"reason": said.reason, "status": [was, registration.status]},
    )
    if registration.status != was:
        _tell_student(registration, said, by)
    return said


def _tell_student(registration: Registration, said: ClassAnswer, by: User) -> None:
    student = registration.student
    queue_mail(
        key=f"class-answer-{registration.public_id}-{said.number}",
        to=student.email,
        person=student.user,
        template="students/class_answer",
        context={
            "first_name": student.first_name,
            "class": registration.high_school_course.title,
            "teacher": by.name,
            "rejected": said.answer == ClassAnswer.Answer.NOT_IN_CLASS,
            "reason": said.reason,
            "url": f"{settings.PUBLIC_URL}{reverse('students:registration', args=[registration.public_id])}",
            "register_url": f"{settings.PUBLIC_URL}{reverse('students:register')}",
        },
    )


def recognize(*, entry: RosterEntry, registration: Registration, same: bool, by: User) -> None:
    """A teacher says whether a name on the roster is the student of a registration that reads nearly so. Remembered."""
    if not rules.can_answer_for(by, entry.section) or registration.section_id != entry.section_id:
        raise Refused(Refusal("not_teacher", "Only the teachers of this class say who is in it."))
    with transaction.atomic():
        found = RosterEntry.objects.filter(pk=entry.pk)
        if same:
            found.update(student=registration.student, other_than=None)
        else:
            found.filter(student=None).update(other_than=registration.student)
        record_event(
            by=by,
            kind="students.recognized",
            subject=entry,
            data={"student": registration.student_id, "same": same},
        )
