"""Reset Account: a student is mailed a link that sets password and questions anew. Nobody else sees or sets them."""

from django.db import transaction
from django.utils import timezone

from accounts import rules as account_rules
from accounts.actions import count_try, mail_link, queue_mail, record_event
from accounts.models import MailedLink, User
from sers.lib.moments import moment
from sers.lib.refusal import Refusal, Refused
from students import rules
from students.models import Student


def reset_account(*, student: Student, by: User) -> MailedLink:
    """Mail the student a single-use link to the confirmed address on file; further addresses are told.

    The old password goes on working until the link is used: then it, every session and every other link end. A link
    younger than a quarter of an hour still stands and is answered with: of two who press at once, one link is mailed,
    and it opens. Refused when out of reach, when `why_not_reset_student` says why, and after too many in an hour.
    """
    _count(student, by)
    with transaction.atomic():
        student = held(student)
        if not rules.can_reset(by, student):
            raise Refused(Refusal("not_in_reach", "This student is out of your reach."))
        now = timezone.now()
        refusal = rules.why_not_reset_student(student, now)
        user = student.user
        if refusal is not None or user is None:
            raise Refused(refusal or rules.NO_ACCOUNT)
        standing = rules.open_reset(user, now)
        if standing is not None and now - standing.created_at < account_rules.LINK_STANDS_FOR:
            return standing
        mail_link(user=user, purpose=MailedLink.Purpose.RESET, asked_by=by)
        event = record_event(by=by, kind="students.account_reset", subject=student)
        for number, address in enumerate(user.addresses[1:]):
            queue_mail(
                key=f"account-reset-{event.pk}-{number}",
                to=address,
                person=user,
                template="students/account_reset",
                context={"first_name": user.first_name, "moment": moment(now)},
            )
        return MailedLink.objects.newest_of(user, MailedLink.Purpose.RESET)


def held(student: Student) -> Student:
    """The record and its account, locked in the order every change of a record locks them: a change of the address
    comes before or after what is done with them, never between."""
    student = Student.objects.select_for_update().get(pk=student.pk)
    if student.user_id is not None:
        student.user = User.objects.select_for_update().get(pk=student.user_id)
    return student


def _count(student: Student, by: User) -> None:
    within = rules.RESETS_WITHIN
    refusal = rules.why_not_reset_again(
        count_try(what=f"resets by {by.pk}", within=within),
        count_try(what=f"resets of student {student.pk}", within=within),
    )
    if refusal is not None:
        raise Refused(refusal)
