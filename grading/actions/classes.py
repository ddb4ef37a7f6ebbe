"""What is done with a whole class: grading opened again for it, and declared complete."""

from datetime import date

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.actions import queue_mail, record_event
from accounts.models import User
from articulations.models import Section
from grading import rules
from grading.actions.changes import desk_of
from grading.models import ClassCompletion, WindowExtension, lock_class, roster_rows
from organizations.models import Consortium
from sers.lib.moments import day
from sers.lib.refusal import Refusal, Refused
from students.models import Registration

State = WindowExtension.State


def ask_extension(*, section: Section, consortium: Consortium, reason: str, by: User) -> WindowExtension:
    """A teacher asks the consortium to open grading of a class again."""
    if not rules.can_ask_extension(by, section):
        raise Refused(Refusal("not_teacher", "A teacher of the class asks to open grading again."))
    today = timezone.localdate()
    found = {one.consortium.pk: one for one in rules.closed_windows(section, today)}.get(consortium.pk)
    if found is None:
        raise Refused(Refusal("no_students", "No student of this class is registered under that consortium."))
    if found.refusal is not None:
        raise Refused(found.refusal)
    try:
        with transaction.atomic():
            extension = WindowExtension.objects.create(
                section=section, consortium=consortium, reason=reason, asked_by=by
            )
            record_event(by=by, kind="grading.extension_asked", subject=extension)
            for number, (to, person) in enumerate(desk_of(consortium)):
                _tell(extension, f"asked-{number}", to, person, words=reason, by=by, blank=found.blank)
    except IntegrityError as error:
        if "one_open_extension_a_class" not in str(error):
            raise
        raise Refused(
            Refusal(
                "under_way", "You have asked for this class already.", "The consortium has not answered yet."
            )
        ) from None
    return extension


def grant_extension(*, extension: WindowExtension, until: date, note: str = "", by: User) -> WindowExtension:
    """The consortium opens grading of the class again, to the end of that day."""
    with transaction.atomic():
        extension = _held(extension)
        refusal = rules.why_not_grant(by, extension, until, timezone.localdate())
        if refusal is not None:
            raise Refused(refusal)
        extension.until = until
        _decide(extension, State.GRANTED, note, by)
        _tell(extension, "granted", extension.asked_by.email, extension.asked_by, words=note, by=by)
    return extension


def decline_extension(*, extension: WindowExtension, reason: str, by: User) -> WindowExtension:
    """The consortium declines, with a reason."""
    with transaction.atomic():
        extension = _held(extension)
        refusal = rules.why_not_decide_extension(by, extension)
        if refusal is not None:
            raise Refused(refusal)
        _decide(extension, State.DECLINED, reason, by)
        _tell(extension, "declined", extension.asked_by.email, extension.asked_by, words=reason, by=by)
    return extension


def _held(extension: WindowExtension) -> WindowExtension:
    """The request, kept from everyone else until the transaction ends, and read afterwards."""
    WindowExtension.objects.select_for_update(no_key=True).get(pk=extension.pk)
    held: WindowExtension = WindowExtension.objects.with_names().get(pk=extension.pk)
    return held


def _decide(extension: WindowExtension, state: str, words: str, by: User) -> None:
    extension.state, extension.decision = state, words
    extension.decided_by, extension.decided_at = by, timezone.now()
    extension.save(update_fields=("state", "until", "decision", "decided_by", "decided_at"))
    record_event(by=by, kind=f"grading.extension_{state}", subject=extension)


def _tell(
    extension: WindowExtension,
    step: str,
    to: str,
    person: User | None,
    *,
    words: str,
    by: User,
    blank: int = 0,
) -> None:
    section = extension.section
    queue_mail(
        key=f"extension-{extension.pk}-{step}",
        to=to,
        person=person,
        language="en",
        template="grading/extension",
        context={
            "first_name": person.first_name if person else "",
            "step": step.partition("-")[0],
            "who": by.name,
            "title": section.high_school_course.title,
            "school": str(section.high_school_course.school),
            "year": str(section.year),
            "blank": f"{blank} {'student' if blank == 1 else 'students'}",
            "until": day(extension.until),
            "words": words,
            "url": f"{settings.PUBLIC_URL}{reverse('grading:extension', args=[extension.public_id])}",
        },
    )


def declare_complete(*, section: Section, by: User) -> ClassCompletion:
    """A teacher declares a class complete: every student has a grade or has left. Ink; the last one counts."""
    if not rules.can_declare_complete(by, section):
        raise Refused(Refusal("not_teacher", "A teacher of the class declares it complete."))
    with transaction.atomic():
        lock_class(section)
        sums = rules.sums_of(roster_rows(Registration.objects.filter(section=section)))
        last = ClassCompletion.objects.last_of([section.pk]).get(section.pk)
        refusal = rules.why_not_declare(sums, last)
        if refusal is not None:
            raise Refused(refusal)
        completion = ClassCompletion.objects.create(
            section=section,
            number=last.number + 1 if last else 1,
            declared_by=by,
            completed=sums.completed,
            not_attained=sums.not_attained,
            ended=sums.ended,
        )
        record_event(
            by=by, kind="grading.class_complete", subject=section, data={"number": completion.number}
        )
    return completion
