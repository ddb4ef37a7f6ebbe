"""A parent or guardian is asked to sign by a mailed link, and answers without an account."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions import hash_token, queue_mail, record_event
from accounts.models import User
from organizations.models import AcademicYear, Consortium
from sers.lib.locks import one_at_a_time
from sers.lib.refusal import Refusal, Refused
from students import rules
from students.actions.requirements import decide
from students.models import (
    GuardianAnswer,
    GuardianLink,
    Receipt,
    Registration,
    Requirement,
    Student,
    records_of,
)


def link_is_over() -> Refusal:
    """What a guardian reads whose link opens nothing more."""
    return Refusal(
        "link_over",
        _("This link does not work any more."),
        _(
            "It was answered, it is too old, or the student left the class. The student can have a new one sent."
        ),
    )


@dataclass(frozen=True, slots=True)
class Mailed:
    """What came of asking many guardians: links mailed, and students whose guardian could not be asked."""

    mailed: int
    left: int

    @property
    def in_words(self) -> str:
        """`2 links mailed. 1 student has no guardian’s address, or nothing to sign.`"""
        links = f"{self.mailed} link{'' if self.mailed == 1 else 's'} mailed."
        if not self.left:
            return links
        return f"{links} {self.left} student{' has' if self.left == 1 else 's have'} no guardian’s address, or nothing to sign."


def keep_guardian(*, student: Student, name: str, email: str, language: str, by: User) -> None:
    """Keep who the guardian is, where mail reaches them, and in which language they read."""
    with transaction.atomic():
        changed = Student.objects.filter(pk=student.pk).exclude(
            guardian_name=name, guardian_email=email, guardian_language=language
        )
        if changed.update(
            guardian_name=name, guardian_email=email, guardian_language=language, updated_at=timezone.now()
        ):
            record_event(by=by, kind="students.guardian_kept", subject=student)
    student.guardian_name, student.guardian_email, student.guardian_language = name, email, language


def ask_guardian(*, student: Student, by: User) -> list[GuardianLink]:
    """Mail the guardian a link for every signature that is Pending, one a consortium and school year, because each has
    a text of its own; links sent before end.

    Refused by `why_not_ask_guardian`. Only a fingerprint of the token is kept: it stands in the mail alone.
    """
    with transaction.atomic():
        one_at_a_time(f"guardian of {student.pk}")
        rows = Requirement.objects.owed().filter(
            kind=Requirement.Kind.GUARDIAN, registration__student__in=records_of(student)
        )
        waiting = [one for one in rows.told() if rules.can_ask_guardian(by, one.registration)]
        today = timezone.localdate()
        links = GuardianLink.objects.filter(student__in=records_of(student))
        sent_today = len(
            [
                one
                for one in links.values_list("created_at", flat=True)[:20]
                if timezone.localdate(one) == today
            ]
        )
        refusal = rules.why_not_ask_guardian(student, waiting, sent_today=sent_today)
        if refusal is not None:
            raise Refused(refusal)
        by_text: dict[tuple[Consortium, AcademicYear], list[Requirement]] = {}
        for one in waiting:
            its = one.registration
            by_text.setdefault((its.articulation.consortium, its.year), []).append(one)
        return [_mail(student, *whose, asked, by) for whose, asked in by_text.items()]


def _mail(
    student: Student, consortium: Consortium, year: AcademicYear, asked: list[Requirement], by: User
) -> GuardianLink:
    now = timezone.now()
    before = GuardianLink.objects.filter(student__in=records_of(student), consortium=consortium).open_at(now)
    before.filter(requirements__registration__year=year).update(ended_at=now)
    token = secrets.token_urlsafe(32)
    link = GuardianLink.objects.create(
        student=student,
        consortium=consortium,
        language=rules.guardian_language(student),
        address=student.guardian_email,
        token_hash=hash_token(token),
        created_at=now,
        expires_at=now + GuardianLink.LIFETIME,
        asked_by=by,
    )
    link.requirements.set(asked)
    queue_mail(
        key=f"guardian-{link.public_id}",
        to=link.address,
        person=student.user,
        language=link.language,
        template="students/guardian",
        context={
            "first_name": student.guardian_name,
            "student": student.name,
            "classes": [one.registration.high_school_course.title for one in asked],
            "consortium": consortium.name,
            "expires_at": link.expires_at,
            "url": f"{settings.PUBLIC_URL}{reverse('students:guardian', args=[token])}",
        },
    )
    record_event(by=by, kind="students.guardian_asked", subject=student, data={"link": link.pk})
    return link


def ask_guardians(*, registrations: Iterable[Registration], by: User) -> Mailed:
    """Mail the links of all students of these registrations whose guardian can be asked."""
    students = Student.objects.filter(registrations__in=[one.pk for one in registrations]).select_related(
        "user"
    )
    mailed = left = 0
    for student in students.distinct():
        try:
            mailed += len(ask_guardian(student=student, by=by))
        except Refused:
            left += 1
    return Mailed(mailed, left)


def look_at_guardian_link(token: str) -> GuardianLink | None:
    """The link a token opens, while something of it is still asked. Looking changes nothing: mail scanners look too."""
    links = GuardianLink.objects.open_at(timezone.now()).filter(token_hash=hash_token(token)).in_full()
    link: GuardianLink | None = links.first()
    return link if link is not None and rules.still_asked(link) else None


def language_of_guardian_link(token: str) -> str:
    """The language a link was mailed in, also when it opens nothing more; empty where there never was one."""
    return (
        GuardianLink.objects.filter(token_hash=hash_token(token)).values_list("language", flat=True).first()
        or ""
    )


def answer_guardian_link(
    *, token: str, answer: str, name: str, words: str, shown: str, language: str
) -> GuardianAnswer:
    """A guardian signs or declines: in ink, by the name they typed, the text version they read, and the classes as they
    were shown. Signed, the signatures are Processed. Of two answers at once the first counts."""
    with transaction.atomic():
        found = look_at_guardian_link(token)
        if found is None:
            raise Refused(link_is_over())
        one_at_a_time(f"guardian of {found.student_id}")
        keys = [one.registration_id for one in found.requirements.all()]
        list(Registration.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk"))
        link = look_at_guardian_link(token)  # again: another answer may have come first
        if link is None:
            raise Refused(link_is_over())
        text = rules.text_to_sign(link)
        refusal = rules.why_not_sign(shown, in_force=text)
        if refusal is not None:
            raise Refused(refusal)
        asked = rules.still_asked(link)
        kept = GuardianAnswer.objects.create(
            link=link,
            answer=answer,
            name=name,
            text=text,
            language=language,
            words=words,
            shown=[
                {
                    "reference": one.registration.reference,
                    "class": one.registration.high_school_course.title,
                    "college": one.registration.college.name,
                }
                for one in asked
            ],
        )
        if answer == GuardianAnswer.Answer.SIGNED:
            decide(asked, Requirement.State.PROCESSED, how=Receipt.How.GUARDIAN, by=None)
        record_event(
            by=None, kind=f"students.guardian_{answer}", subject=link.student, data={"link": link.pk}
        )
        queue_mail(
            key=f"guardian-answered-{link.public_id}",
            to=link.student.email,
            person=link.student.user,
            template="students/guardian_answered",
            context={
                "first_name": link.student.first_name,
                "signed": answer == GuardianAnswer.Answer.SIGNED,
                "consortium": link.consortium.name,
                "classes": [one["class"] for one in kept.shown],
                "url": f"{settings.PUBLIC_URL}{reverse('students:my_classes')}",
            },
        )
    return kept
