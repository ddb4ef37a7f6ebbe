"""Who has a parent or guardian asked to sign, and what their answer means."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import Role, has_role, stands_on
from accounts.models import User
from sers.lib.moments import short_day
from sers.lib.refusal import Refusal
from students.models import (
    ConsentText,
    GuardianAnswer,
    GuardianLink,
    Receipt,
    Registration,
    Requirement,
    RequirementDecision,
    Student,
)
from students.rules.records import is_own
from students.rules.requirements import OPEN

#: Mails to one family on one day: enough for a slip in the address, too few to pester.
GUARDIAN_LINKS_A_DAY: Final = 3


def can_ask_guardian(user: User, registration: Registration) -> bool:
    """The student has the link mailed, or staff of the consortium that asks for the signature."""
    own = is_own(user, registration.student) and has_role(user, Role.STUDENT)
    return own or stands_on(user, Role.CONSORTIUM, registration.articulation.consortium_id)


def why_not_ask_guardian(
    student: Student, waiting: Sequence[Requirement], *, sent_today: int
) -> Refusal | None:
    """A link goes to the guardian's own address, about a signature that is Pending, at most three times a day."""
    if not waiting:
        return Refusal("nothing_pending", _("No signature of a parent or guardian is waited for."), "")
    if student.died_on is not None:
        return Refusal("nothing_mailed", _("Nothing is mailed about this student any more."), "")
    if not student.guardian_email:
        return Refusal(
            "no_address",
            _("We have no e-mail of a parent or guardian."),
            _("Enter it, or use the paper form."),
        )
    refusal = why_not_address(student, student.guardian_email)
    if refusal is not None:
        return refusal
    if sent_today >= GUARDIAN_LINKS_A_DAY:
        return Refusal(
            "enough_today",
            _("We sent this link {number} times today.").format(number=sent_today),
            _("Look in the spam folder, or try again tomorrow."),
        )
    return None


def why_not_address(student: Student, address: str) -> Refusal | None:
    """Nobody signs for themselves: the guardian's address is not the student's."""
    own = {student.email.lower()}
    if student.user is not None:
        own.add(student.user.second_email.lower())
    if address.lower() in own - {""}:
        return Refusal(
            "own_address",
            _("This is the student’s own e-mail."),
            _("Enter the e-mail of a parent or guardian."),
        )
    return None


def guardian_language(student: Student) -> str:
    """The family's language where SERS speaks it, else English; the page offers the others."""
    code = student.guardian_language
    return code if code in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def still_asked(link: GuardianLink) -> list[Requirement]:
    """The signatures of a link that are still waited for: a class that was left asks nothing any more."""
    return [
        one
        for one in link.requirements.all()
        if one.state == Requirement.State.PENDING
        and one.registration.status in OPEN
        and one.registration.awarded_at is None
    ]


def text_to_sign(link: GuardianLink | None) -> ConsentText:
    """The text of a link: that of its consortium for the school year of the classes. A link that is over shows none;
    the State's stands in for it."""
    if link is None:
        return ConsentText.objects.in_force(ConsentText.Audience.GUARDIAN)
    return ConsentText.objects.for_guardians(link.consortium, link.year)


def why_not_sign(shown: str, *, in_force: ConsentText) -> Refusal | None:
    """A guardian answers to the text that was on the screen; one that is not in force any more is shown anew."""
    if shown == in_force.version:
        return None
    return Refusal(
        "text_changed",
        _("The text was changed while this page was open."),
        _("Read it again, then answer."),
    )


def guardian_in_words(link: GuardianLink | None) -> str:
    """How it stands with a guardian's link, for the queue: `Link mailed November 3`, `Declined November 5`."""
    if link is None:
        return ""
    answer = link.answered
    if answer is not None and answer.answer == GuardianAnswer.Answer.DECLINED:
        return _("Declined {day}").format(day=short_day(answer.at))
    if link.expires_at < timezone.now():
        return _("The link of {day} ran out").format(day=short_day(link.created_at))
    return _("Link mailed {day}").format(day=short_day(link.created_at))


def may_undo(receipt: Receipt, lines: Sequence[RequirementDecision], *, on: date) -> bool:
    """Is there something of this receipt that still stands as it was decided, and was it today, at the desk?"""
    return (
        receipt.how == Receipt.How.DESK
        and timezone.localdate(receipt.at) == on
        and any(
            line.now in Requirement.DECIDED
            and line.requirement.state == line.now
            and line.requirement.decided_at is not None
            and line.requirement.decided_at >= receipt.at
            for line in lines
        )
    )
