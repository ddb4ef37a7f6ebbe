"""Comments on a student in a class: who writes them, who corrects them."""

from accounts.access import Role, stands_on
from accounts.models import User
from grading.models import RosterComment, teaches
from sers.lib.refusal import Refusal
from students.models import Registration


def can_comment(user: User, registration: Registration) -> bool:
    """Comments are written by the teachers of the class and by the staff of the agreement's consortium."""
    return teaches(user, registration.section) or stands_on(
        user, Role.CONSORTIUM, registration.articulation.consortium_id
    )


def why_not_correct_comment(user: User, comment: RosterComment, *, superseded: bool) -> Refusal | None:
    """Whoever wrote a comment corrects it, once: a correction is corrected in its turn."""
    if comment.written_by_id != user.pk:
        return Refusal(
            "not_writer", "Only the person who wrote a comment corrects it.", "Add a comment of your own."
        )
    if superseded:
        return Refusal("superseded", "This comment was corrected already.", "Correct the correction.")
    return None


def why_not_words(text: str) -> Refusal | None:
    """A comment says something, in at most 2,000 letters."""
    if not text.strip():
        return Refusal("empty", "Write the comment.")
    if len(text) > RosterComment.MOST_LETTERS:
        return Refusal(
            "long", f"Shorten the comment to {RosterComment.MOST_LETTERS:,} letters. It has {len(text):,}."
        )
    return None
