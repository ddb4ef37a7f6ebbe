"""A wrong grade is put right: asked, confirmed, approved or declined, each step told to whoever acts next."""

import secrets
from collections.abc import Sequence
from typing import Any, TypeAlias

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.access import Role
from accounts.actions import queue_mail, record_event
from accounts.models import User
from grading import rules
from grading.models import NOT_ATTAINED, GradeChange, GradeChangeFile, GradeEntry
from organizations.models import Consortium, Seat
from sers.lib.refusal import Refusal, Refused
from sers.lib.uploads import Checked, keep
from students.models import Registration

State = GradeChange.State
#: Letters of a reference: none that is taken for another when it is read out.
LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def ask_change(
    *, registration: Registration, reason: str, wanted: str = "", paper: Checked | None = None, by: User
) -> GradeChange:
    """Ask for a Grade Change. A teacher of the class says which grade is right and thereby confirms it at once."""
    asked_as = rules.asks_change_as(by, registration)
    if asked_as is None:
        raise Refused(
            Refusal(
                "not_concerned", "The student, a teacher of the class or a counselor asks for a Grade Change."
            )
        )
    refusal = rules.why_not_ask_change_now(registration, timezone.localdate())
    was = rules.current_grade(registration)
    if refusal is not None or was is None:
        raise Refused(refusal or rules.no_grade())
    now = timezone.now()
    change = GradeChange(
        reference="G-" + "".join(secrets.choice(LETTERS) for _ in range(8)),
        registration=registration,
        was=was,
        wanted=_read(wanted),
        reason=reason,
        asked_by=by,
        asked_as=asked_as,
        asked_at=now,
    )
    if asked_as == Role.TEACHER:
        _check_grade(change, wanted)
        change.state, change.grade = State.CONFIRMED, change.wanted
        change.confirmed_by, change.confirmed_at = by, now
    path = keep(paper) if paper is not None else ""
    try:
        with transaction.atomic():
            change.save(force_insert=True)
            if paper is not None:
                GradeChangeFile.objects.create(
                    change=change, name=paper.name, mime=paper.mime, size=len(paper.content), sha256=paper.sha256,
                    path=path,
                )  # fmt: skip
            record_event(by=by, kind="grading.change_asked", subject=change, data={"as": asked_as})
            _tell_next(change)
            if asked_as != Role.STUDENT:
                _tell(change, "asked", [_student(change)], by=by)
    except IntegrityError as error:
        if "one_open_grade_change_a_class" not in str(error):
            raise
        raise Refused(
            Refusal("under_way", "A Grade Change for this class is under way.", "Follow it there.")
        ) from None
    return change


def confirm_change(*, change: GradeChange, grade: str, note: str = "", by: User) -> GradeChange:
    """A teacher of the class confirms that the grade was wrong and says which one is right."""
    with transaction.atomic():
        change = _held(change)
        refusal = rules.why_not_confirm_change(by, change)
        if refusal is not None:
            raise Refused(refusal)
        _check_grade(change, grade)
        change.state, change.grade, change.confirmation = State.CONFIRMED, _read(grade), note
        change.confirmed_by, change.confirmed_at = by, timezone.now()
        change.save(update_fields=("state", "grade", "confirmation", "confirmed_by", "confirmed_at"))
        record_event(by=by, kind="grading.change_confirmed", subject=change, data={"grade": change.grade})
        _tell_next(change)
        _tell(change, "confirmed", [_student(change)], by=by)
    return change


def approve_change(*, change: GradeChange, note: str = "", by: User) -> GradeChange:
    """Somebody else at the college's side approves: the new grade is entered, in ink, with the reason.

    Where credit is awarded already, the change is marked for the registrar: the record of credit must follow.
    """
    with transaction.atomic():
        change = _held(change)
        refusal = rules.why_not_approve_change(by, change)
        if refusal is not None:
            raise Refused(refusal)
        standard, grade = _check_grade(change, change.grade)
        registration, now = change.registration, timezone.now()
        last = GradeEntry.objects.filter(registration=registration).order_by("-number").first()
        entry = GradeEntry.objects.create(
            registration=registration,
            number=last.number + 1 if last else 1,
            percent=None if change.grade == NOT_ATTAINED else rules.read_grade(change.grade),
            points=grade.points,
            letter=grade.letter,
            outcome=grade.outcome,
            scale=standard.scale,
            reason=f"Grade Change {change.reference}: {change.reason}"[:200],
            entered_by=by,
        )
        registration.status = str(grade.outcome)
        registration.version += 1
        registration.save(update_fields=("status", "version"))
        change.state, change.entry, change.decision = State.APPROVED, entry, note
        change.decided_by, change.decided_at = by, now
        if registration.awarded_at is not None:
            change.needs_reposting_at = now
        change.save(
            update_fields=("state", "entry", "decision", "decided_by", "decided_at", "needs_reposting_at")
        )
        record_event(by=by, kind="grading.change_approved", subject=change, data={"entry": entry.number})
        _tell(change, "approved", _concerned(change), by=by)
        if change.needs_reposting_at is not None:
            _tell(change, "repost", _seated(Role.REGISTRAR, college=registration.college), by=by)
    return change


def decline_change(*, change: GradeChange, reason: str, by: User) -> GradeChange:
    """The teacher, or afterwards the college's side, declines with a reason. The grade stays as it is."""
    with transaction.atomic():
        change = _held(change)
        refusal = rules.why_not_decline_change(by, change)
        if refusal is not None:
            raise Refused(refusal)
        _close(change, State.DECLINED, reason, by)
        record_event(by=by, kind="grading.change_declined", subject=change)
        _tell(change, "declined", _concerned(change), by=by)
    return change


def withdraw_change(*, change: GradeChange, by: User) -> GradeChange:
    """Who asked takes it back, as long as nobody has decided."""
    with transaction.atomic():
        change = _held(change)
        refusal = rules.why_not_withdraw_change(by, change)
        if refusal is not None:
            raise Refused(refusal)
        _close(change, State.WITHDRAWN, "", by)
        record_event(by=by, kind="grading.change_withdrawn", subject=change)
        _tell(change, "withdrawn", _concerned(change), by=by)
    return change


def _close(change: GradeChange, state: str, reason: str, by: User) -> None:
    change.state, change.decision = state, reason
    change.decided_by, change.decided_at = by, timezone.now()
    change.save(update_fields=("state", "decision", "decided_by", "decided_at"))


def _held(change: GradeChange) -> GradeChange:
    """The class and its Grade Change, kept from everyone else until the transaction ends, and read afterwards.

    The class first, as a transcription does; whoever waited here sees what the one before has decided.
    """
    Registration.objects.select_for_update(no_key=True).get(pk=change.registration_id)
    GradeChange.objects.select_for_update(no_key=True).get(pk=change.pk)
    held: GradeChange = GradeChange.objects.with_names().get(pk=change.pk)
    return held


def _read(typed: str) -> str:
    """What a grade box shows of what was typed; Refused for what is no grade."""
    try:
        return rules.box_text(typed)
    except ValueError as error:
        raise Refused(Refusal("percent", str(error))) from None


def _check_grade(change: GradeChange, typed: str) -> tuple[rules.Standard, rules.CollegeGrade]:
    """The college's measure of the class and what this grade becomes there; Refused when it cannot have it."""
    standing = rules.standing_of(change.registration)
    text = _read(typed)
    if not text:
        raise Refused(Refusal("percent", "Enter the right grade: a percent, or NA for Not Attained."))
    grade = standing.college_grade(text)
    refusal = rules.why_not_become(grade, text=text, row=standing.row)
    if refusal is not None or grade is None or standing.standard is None:
        raise Refused(refusal or rules.no_scale(standing.row))
    return standing.standard, grade


# --- Whom it is told --------------------------------------------------------------------------------------

#: An address, and the person behind it where there is one: the letter is in their language.
Reader: TypeAlias = tuple[str, User | None]


def _student(change: GradeChange) -> Reader:
    student = change.registration.student
    return student.email, student.user


def _concerned(change: GradeChange) -> list[Reader]:
    """Who follows a Grade Change: the student, who asked, and who confirmed."""
    people = [change.asked_by, change.confirmed_by]
    return [_student(change), *((person.email, person) for person in people if person)]


def _tell_next(change: GradeChange) -> None:
    """Mail whoever must act next: the teachers of the class, then the consortium."""
    registration = change.registration
    if change.state == State.REQUESTED:
        teachers = rules.teachers_to_ask(registration.section, timezone.localdate())
        _tell(change, "to-confirm", [(teacher.email, teacher) for teacher in teachers], by=change.asked_by)
    else:
        readers = desk_of(registration.articulation.consortium)
        _tell(change, "to-approve", readers, by=change.confirmed_by)


def desk_of(consortium: Consortium) -> list[Reader]:
    """Where a consortium reads its mail: its contact address, else the addresses of everybody who works there today."""
    if consortium.contact_email:
        return [(consortium.contact_email, None)]
    return _seated(Role.CONSORTIUM, consortium=consortium)


def _seated(role: Role, **place: Any) -> list[Reader]:
    seats = Seat.objects.held_on(timezone.localdate()).filter(role=role, user__is_active=True, **place)
    return [(seat.user.email, seat.user) for seat in seats.select_related("user").order_by("id")]


def _tell(change: GradeChange, step: str, readers: Sequence[Reader], *, by: User | None) -> None:
    """One message a step and address; said twice, it is written once. Grades stand on the page, not in the mail."""
    registration = change.registration
    for number, (to, person) in enumerate(dict(reversed(readers)).items()):
        if not to:
            continue
        queue_mail(
            key=f"grade-change-{change.pk}-{step}-{number}",
            to=to,
            person=person,
            template="grading/change",
            context={
                "first_name": person.first_name if person else "",
                "step": step,
                "reference": change.reference,
                "who": by.name if by else "",
                "title": registration.high_school_course.title,
                "school": str(registration.high_school_course.school),
                "year": str(registration.year),
                "college": str(registration.college),
                "url": f"{settings.PUBLIC_URL}{reverse('grading:change', args=[change.public_id])}",
            },
        )
