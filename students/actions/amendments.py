"""Requests to amend a record: asked, looked at, amended or refused, heard. A statement is given in transcripts, whose
documents follow it."""

from datetime import date, datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.access import Role
from accounts.actions import queue_mail, record_event
from accounts.models import User
from accounts.rules import language_of
from organizations.models import Seat
from sers.lib.moments import day
from sers.lib.refusal import Refusal, Refused
from students import rules
from students.actions.holding import hold_person
from students.models import Amendment, Registration, Student
from students.rules import amendments as rights
from students.rules.inspections import WRITTEN_DOWN_BY, can_enter_inspection

Asker, Item, State = Amendment.Asker, Amendment.Item, Amendment.State


def ask_to_amend(
    *,
    student: Student,
    item: str,
    registration: Registration | None = None,
    field: str = "",
    wrong: str,
    should_say: str,
    asker: str = Asker.STUDENT,
    asker_name: str = "",
    identity: str = "",
    by: User,
) -> Amendment:
    """Ask to have one item of a record put right: by the student in SERS, or written down by staff for who asked by
    letter. It goes to the holder of that part of the record; staff write down what they can follow afterwards."""
    own = rules.is_own(by, student)
    if own and asker != Asker.STUDENT:
        raise Refused(Refusal("not_yours", _("The student asks, and nobody for them.")))
    if not own and not can_enter_inspection(by, student, asker):
        raise Refused(WRITTEN_DOWN_BY)
    with transaction.atomic():
        student = hold_person(student)
        if registration is not None:  # credit may have been awarded since the page was made
            registration = Registration.objects.in_full().get(pk=registration.pk)
        _refuse(rights.why_not_of_record(student, item, registration, field))
        side = rights.side_of(item, registration)
        refusal = rights.why_not_ask_amendment(student, asker, side, on=timezone.localdate())
        if refusal is not None:
            raise Refused(refusal)
        try:
            with transaction.atomic():
                amendment: Amendment = Amendment.objects.create(
                    student=student, asker=asker, asker_name=asker_name.strip() if asker == Asker.GUARDIAN else "",
                    identity=identity.strip(), item=item, registration=registration, field=field, side=side,
                    wrong=wrong.strip(), should_say=should_say.strip(), entered_by=by,
                )  # fmt: skip
        except IntegrityError as error:
            if "one_open_amendment_of_an_item" not in str(error):
                raise
            raise Refused(
                Refusal(
                    "asked_already",
                    _("You asked about this already.") if own else "This is asked about already.",
                    _("Open it in the list of requests."),
                )
            ) from None
        if not own and not Amendment.objects.visible_to(by).filter(pk=amendment.pk).exists():
            raise Refused(rights.NOT_FOLLOWED)
        record_event(
            by=by, kind="students.amendment_asked", subject=amendment, data={"item": item, "side": side}
        )
        tell_asker(amendment, "asked")
    return amendment


def review_amendment(*, amendment: Amendment, by: User) -> Amendment:
    """Note that the holder looks at a request."""
    with transaction.atomic():
        held = lock_amendment(amendment)
        _refuse(rights.why_not_review_amendment(held, by))
        held.state = State.REVIEW
        held.save(update_fields=("state",))
        record_event(by=by, kind="students.amendment_reviewed", subject=held)
    return held


def decide_amendment(*, amendment: Amendment, amended: bool, words: str, by: User) -> Amendment:
    """The holder has put the item right, and says what, or refuses, and says why; who asked learns of the right to a
    hearing and to a statement (34 CFR 99.20(c))."""
    with transaction.atomic():
        held = lock_amendment(amendment)
        _refuse(rights.why_not_decide_amendment(held, by))
        held.side = held.holder
        held.state = State.AMENDED if amended else State.REFUSED
        held.decided_by, held.decided_at, held.decision = by, timezone.now(), words.strip()
        held.save(update_fields=("side", "state", "decided_by", "decided_at", "decision"))
        record_event(by=by, kind=f"students.amendment_{held.state}", subject=held, data={"side": held.side})
        tell_asker(held, held.state)
    return held


def ask_for_hearing(*, amendment: Amendment, by: User) -> Amendment:
    """Who was refused asks for a hearing."""
    with transaction.atomic():
        held = lock_amendment(amendment)
        _refuse(rights.why_not_ask_hearing(held, by, on=timezone.localdate()))
        held.state, held.hearing_asked_at = State.HEARING, timezone.now()
        held.save(update_fields=("state", "hearing_asked_at"))
        record_event(by=by, kind="students.hearing_asked", subject=held)
        tell_asker(held, "hearing")
    return held


def decide_after_hearing(*, amendment: Amendment, amended: bool, words: str, by: User) -> Amendment:
    """Somebody without interest in the outcome decides after the hearing, in writing, on what was brought there."""
    with transaction.atomic():
        held = lock_amendment(amendment)
        _refuse(rights.why_not_hear(held, by, rights.interested_in(held)))
        held.side = held.holder
        held.state = State.AMENDED if amended else State.UPHELD
        held.heard_by, held.heard_at, held.hearing_decision = by, timezone.now(), words.strip()
        held.save(update_fields=("side", "state", "heard_by", "heard_at", "hearing_decision"))
        record_event(by=by, kind="students.hearing_decided", subject=held, data={"amended": amended})
        tell_asker(held, "heard_amended" if amended else "heard_refused")
    return held


def take_back_amendment(*, amendment: Amendment, by: User) -> Amendment:
    """Who asked takes it back."""
    with transaction.atomic():
        held = lock_amendment(amendment)
        _refuse(rights.why_not_take_back_amendment(held, by))
        held.state = State.WITHDRAWN
        held.save(update_fields=("state",))
        record_event(by=by, kind=rights.TAKEN_BACK, subject=held)
    return held


def lock_amendment(amendment: Amendment) -> Amendment:
    """The request as it stands now, held until the transaction ends."""
    held: Amendment = Amendment.objects.select_for_update(of=("self",)).in_full().get(pk=amendment.pk)
    return held


def _refuse(refusal: Refusal | None) -> None:
    if refusal is not None:
        raise Refused(refusal)


def remind_of_amendments(*, now: datetime | None = None) -> int:
    """The daily look: whoever decides a request, or may hold the hearing, is written to once when it has waited for
    thirty days. How many letters."""
    now = now or timezone.now()
    written = 0
    for amendment in Amendment.objects.to_alert(now).oldest_first():
        hearing = amendment.state == State.HEARING
        for person in _who_decides(amendment, timezone.localdate(now)):
            mail = queue_mail(
                key=f"amendment-{'hearing' if hearing else 'alert'}-{amendment.pk}-{person.pk}",
                to=person.email,
                person=person,
                language="en",
                template="students/amendment_due",
                context={
                    "first_name": person.first_name,
                    "hearing": hearing,
                    "asked": day(amendment.hearing_asked_at if hearing else amendment.asked_at),
                    "url": f"{settings.PUBLIC_URL}{reverse('students:amendment', args=[amendment.public_id])}",
                },
            )
            written += mail is not None
    return written


def _who_decides(amendment: Amendment, on: date) -> list[User]:
    """The people of the holder; of a hearing the State's too, and none who took part in what it is about."""
    held = Seat.objects.held_on(on).filter(user__is_active=True, user__activated_at__isnull=False)
    one = amendment.registration
    if amendment.holder == Amendment.Side.COLLEGE and one is not None:
        holder = held.filter(role=Role.REGISTRAR, college=one.college_id)
    else:
        holder = held.filter(role=Role.DISTRICT, district=amendment.student.school.district_id)
    found = list(holder.people().order_by("pk"))
    took_part: set[int | None] = set()
    if amendment.state == State.HEARING:
        found += Seat.objects.held_by_the_state(on).people().order_by("pk")
        took_part = {amendment.decided_by_id, amendment.entered_by_id, *rights.interested_in(amendment)}
    return [
        person
        for person in dict.fromkeys(found)
        if person.pk not in took_part and not rules.is_own(person, amendment.student)
    ]


def tell_asker(amendment: Amendment, what: str) -> None:
    """The student is told of what they asked themselves; a parent who wrote is answered by letter."""
    student = amendment.student
    if not amendment.is_the_students or not student.email or student.died_on is not None:
        return
    with translation.override(language_of(student.user)):  # who acts may read another language
        item, who = amendment.about, amendment.holder_name
    queue_mail(
        key=f"amendment-{what}-{amendment.pk}",
        to=student.email,
        person=student.user,
        template="students/amendment",
        context={
            "what": what,
            "first_name": student.first_name,
            "item": item,
            "who": who,
            "words": amendment.hearing_decision or amendment.decision,
            "url": f"{settings.PUBLIC_URL}{reverse('students:amendment', args=[amendment.public_id])}",
        },
    )
