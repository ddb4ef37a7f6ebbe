"""Comments written and corrected, in ink."""

from django.db import IntegrityError, transaction

from accounts.actions import record_event
from accounts.models import User
from grading import rules
from grading.models import RosterComment
from sers.lib.refusal import Refusal, Refused
from students.models import Registration


def add_comment(*, registration: Registration, text: str, by: User) -> RosterComment:
    """A remark on a student in a class, by a teacher of the class or the consortium."""
    if not rules.can_comment(by, registration):
        raise Refused(Refusal("not_staff", "Teachers of this class and the consortium write comments."))
    return _write(registration=registration, text=text, corrects=None, by=by)


def correct_comment(*, comment: RosterComment, text: str, by: User) -> RosterComment:
    """The writer's correction: a new comment that supersedes. What it corrects stays to be read."""
    refusal = rules.why_not_correct_comment(by, comment, superseded=hasattr(comment, "superseded_by"))
    if refusal is not None:
        raise Refused(refusal)
    if not rules.can_comment(by, comment.registration):
        raise Refused(Refusal("not_staff", "Teachers of this class and the consortium write comments."))
    try:
        return _write(registration=comment.registration, text=text, corrects=comment, by=by)
    except IntegrityError as error:
        if "supersedes" not in str(error):
            raise
    raise Refused(Refusal("superseded", "This comment was corrected already.", "Correct the correction."))


def _write(
    *, registration: Registration, text: str, corrects: RosterComment | None, by: User
) -> RosterComment:
    words = "\n".join(line.rstrip() for line in text.strip().splitlines())
    refusal = rules.why_not_words(words)
    if refusal is not None:
        raise Refused(refusal)
    with transaction.atomic():
        comment = RosterComment.objects.create(
            registration=registration, text=words, written_by=by, supersedes=corrects
        )
        record_event(
            by=by,
            kind="grading.comment_corrected" if corrects else "grading.comment_added",
            subject=registration,
            data={"comment": comment.pk},
        )
    return comment
