"""Letters on paper are stopped or wanted again; a death is noted."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from accounts.actions import record_event
from accounts.models import User
from sers.lib.refusal import Refusal, Refused
from students import rules
from students.models import Student


def choose_paper(*, student: Student, wanted: bool, by: User) -> bool:
    """Letters come on paper, or no more. False when it stood so already."""
    with transaction.atomic():
        locked = Student.objects.select_for_update(of=("self",)).select_related("school").get(pk=student.pk)
        if not rules.can_choose_paper(by, locked):
            raise Refused(Refusal("not_yours", "This is not for you to choose.", ""))
        if locked.no_paper is not wanted:
            return False
        locked.no_paper = not wanted
        locked.save(update_fields=("no_paper", "updated_at"))
        record_event(by=by, kind="students.paper_chosen", subject=locked, data={"wanted": wanted})
    return True


def note_death(*, student: Student, on: date | None, by: User) -> bool:
    """Note that a student has died, or take a mistaken note back (None). False when it stood so already.

    Nothing is mailed or sent to the student afterwards. The date itself is not repeated in the log.
    """
    with transaction.atomic():
        locked = Student.objects.select_for_update(of=("self",)).select_related("school").get(pk=student.pk)
        if not rules.can_note_death(by, locked):
            raise Refused(Refusal("not_yours", "This is not for you to note.", ""))
        if on is not None and not locked.birth_date <= on <= timezone.localdate():
            raise Refused(
                Refusal("impossible_date", "The date lies before the birth date or in the future.", "")
            )
        if locked.died_on == on:
            return False
        locked.died_on = on
        locked.save(update_fields=("died_on", "updated_at"))
        record_event(by=by, kind="students.death_noted", subject=locked, data={"taken_back": on is None})
    return True
