"""Requests to inspect a record: asked or written down, the record given and explained, closed, reminded of."""

from datetime import date

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import Role
from accounts.actions import queue_mail, record_event
from accounts.models import User
from organizations.models import Seat
from sers.lib.moments import day
from sers.lib.refusal import Refusal, Refused
from students import rules
from students.actions.holding import hold_person
from students.models import Inspection, Registration, Student
from students.rules import inspections as rights

Asker, How, State = Inspection.Asker, Inspection.How, Inspection.State


def ask_to_inspect(
    *, student: Student, wish: str = "", wants_explained: bool = False, by: User
) -> Inspection:
    """A student asks to see their record, and if wanted to have it explained; it is due in forty-five days."""
    if not rules.is_own(by, student):
        raise Refused(Refusal("not_yours", _("The student asks, and nobody for them.")))
    return _open(
        student, Asker.STUDENT, "", "", wish, wants_explained, received_on=timezone.localdate(), by=by
    )


def enter_inspection(
    *,
    student: Student,
    asker: str,
    asker_name: str = "",
    identity: str,
    received_on: date,
    wish: str = "",
    wants_explained: bool = False,
    by: User,
) -> Inspection:
    """Write down a request that came by letter: who asked, how it was checked who they are, and the day it came, from
    which the forty-five days count."""
    if not rights.can_enter_inspection(by, student, asker):
        raise Refused(rights.WRITTEN_DOWN_BY)
    refusal = rights.why_not_received(received_on, on=timezone.localdate())
    if refusal is not None:
        raise Refused(refusal)
    name = asker_name.strip() if asker == Asker.GUARDIAN else ""
    return _open(
        student, asker, name, identity.strip(), wish, wants_explained, received_on=received_on, by=by
    )


def _open(
    student: Student,
    asker: str,
    name: str,
    identity: str,
    wish: str,
    wants_explained: bool,
    *,
    received_on: date,
    by: User,
) -> Inspection:
    with transaction.atomic():
        student = hold_person(student)  # a merge waits for us, and finds the request
        refusal = rights.why_not_inspect(student, asker, on=timezone.localdate())
        if refusal is not None:
            raise Refused(refusal)
        try:
            with transaction.atomic():
                inspection: Inspection = Inspection.objects.create(
                    student=student, asker=asker, asker_name=name, identity=identity, wish=wish.strip(),
                    wants_explained=wants_explained, received_on=received_on,
                    due_on=received_on + Inspection.ANSWERED_WITHIN, entered_by=by,
                )  # fmt: skip
        except IntegrityError as error:
            if "one_open_inspection_a_person" not in str(error):
                raise
            raise Refused(
                Refusal(
                    "asked_already",
                    _("Such a request is open already."),
                    _("Open it in the list of requests."),
                )
            ) from None
        record_event(by=by, kind="students.inspection_asked", subject=inspection, data={"asker": asker})
        _tell_student(inspection, "asked")
    return inspection


def give_record(*, inspection: Inspection, how: str, by: User) -> Inspection:
    """Write down that the record was given to who asked, and how; the worker that makes the file writes that itself."""
    with transaction.atomic():
        held = _lock(inspection)
        refusal = rights.why_not_give_record(held, by, on=timezone.localdate())
        if refusal is not None:
            raise Refused(refusal)
        held.given_at, held.given_by, held.given_how = timezone.now(), by, how
        held.save(update_fields=("given_at", "given_by", "given_how"))
        record_event(by=by, kind="students.record_given", subject=held, data={"how": how})
        if how != How.FILE:  # of a file who takes it is told where it lies
            _tell_student(held, "given")
    return held


def explain_record(*, inspection: Inspection, text: str, by: User) -> Inspection:
    """Write down what was explained, once."""
    with transaction.atomic():
        held = _lock(inspection)
        refusal = rights.why_not_explain_record(held, by, on=timezone.localdate())
        if refusal is not None:
            raise Refused(refusal)
        held.explained_at, held.explained_by, held.explanation = timezone.now(), by, text.strip()
        held.save(update_fields=("explained_at", "explained_by", "explanation"))
        record_event(by=by, kind="students.record_explained", subject=held)
    return held


def close_inspection(*, inspection: Inspection, by: User) -> Inspection:
    """Close a request that was answered; who asked is told."""
    with transaction.atomic():
        held = _lock(inspection)
        refusal = rights.why_not_close_inspection(held, by)
        if refusal is not None:
            raise Refused(refusal)
        _end(held, State.CLOSED, "students.inspection_closed", by)
        _tell_student(held, "closed")
    return held


def take_back_inspection(*, inspection: Inspection, note: str = "", by: User) -> Inspection:
    """A request is taken back by the student; for who asked by letter by the staff who answer, with how they know."""
    with transaction.atomic():
        held = _lock(inspection)
        refusal = rights.why_not_take_back_inspection(held, by)
        if refusal is not None:
            raise Refused(refusal)
        own = rules.is_own(by, held.student)
        held.note = "By the student in SERS" if own else note.strip()
        if not held.note:
            raise Refused(Refusal("no_note", "Enter how you know that it was taken back"))
        _end(held, State.WITHDRAWN, "students.inspection_taken_back", by)
    return held


def _end(inspection: Inspection, state: Inspection.State, kind: str, by: User) -> None:
    inspection.state, inspection.closed_at, inspection.closed_by = state, timezone.now(), by
    inspection.save(update_fields=("state", "closed_at", "closed_by", "note"))
    record_event(by=by, kind=kind, subject=inspection)


def _lock(inspection: Inspection) -> Inspection:
    held: Inspection = Inspection.objects.select_for_update(of=("self",)).in_full().get(pk=inspection.pk)
    return held


def _tell_student(inspection: Inspection, what: str) -> None:
    """The student is told of what they asked themselves; a parent who wrote is answered by letter."""
    student = inspection.student
    if not inspection.is_the_students or not student.email or student.died_on is not None:
        return
    queue_mail(
        key=f"inspection-{what}-{inspection.pk}",
        to=student.email,
        person=student.user,
        template="students/inspection",
        context={
            "what": what,
            "first_name": student.first_name,
            "due": inspection.due_on,
            "url": f"{settings.PUBLIC_URL}{reverse('students:inspection', args=[inspection.public_id])}",
        },
    )


def remind_of_inspections(*, on: date | None = None) -> int:
    """The daily look: whoever answers a request is written to once when it has waited for thirty days, and once when
    its forty-five days are over; then the State is told as well. How many letters."""
    today = on or timezone.localdate()
    written = 0
    for inspection in Inspection.objects.to_alert(today).soonest_first():
        late = inspection.due_on < today
        for person in _who_answers(inspection, today, late=late):
            mail = queue_mail(
                key=f"inspection-{'overdue' if late else 'alert'}-{inspection.pk}-{person.pk}",
                to=person.email,
                person=person,
                language="en",
                template="students/inspection_due",
                context={
                    "first_name": person.first_name,
                    "late": late,
                    "days": inspection.days_open(timezone.now()),
                    "received": day(inspection.received_on),
                    "due": day(inspection.due_on),
                    "url": f"{settings.PUBLIC_URL}{reverse('students:inspection', args=[inspection.public_id])}",
                },
            )
            written += mail is not None
    return written


def _who_answers(inspection: Inspection, on: date, *, late: bool) -> list[User]:
    """The people of the district and its consortia, of a student's own request the registrars of their colleges, who
    wrote it down, and once it is late the State; each once."""
    district = inspection.student.school.district
    held = Seat.objects.held_on(on).filter(user__is_active=True, user__activated_at__isnull=False)
    found = [
        *held.filter(role=Role.DISTRICT, district=district).people().order_by("pk"),
        *held.filter(role=Role.CONSORTIUM, consortium__in=district.consortia.order_by().values("pk")).people().order_by("pk"),
    ]  # fmt: skip
    if inspection.is_the_students:
        colleges = Registration.objects.of(inspection.student).order_by().values("college")
        found += held.filter(role=Role.REGISTRAR, college__in=colleges).people().order_by("pk")
    if not rules.is_own(inspection.entered_by, inspection.student) and inspection.entered_by.is_active:
        found.append(inspection.entered_by)
    if late:
        found += Seat.objects.held_by_the_state(on).people().order_by("pk")
    return list(dict.fromkeys(found))
