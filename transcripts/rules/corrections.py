"""When awarded credit follows a Grade Change, and who may let it."""

from collections.abc import Sequence
from dataclasses import dataclass

from accounts.access import Role, stands_on
from accounts.models import User
from grading.models import GradeChange, GradeChangeQuerySet, GradeEntry
from organizations.models import College
from sers.lib.refusal import Refusal


def why_not_repost(change: GradeChange, by: User) -> Refusal | None:
    """The registrar of the college lets the record follow an approved Grade Change, once; two people stand behind it
    already, and who asked for it or confirmed it is not a third."""
    if not stands_on(by, Role.REGISTRAR, change.registration.college_id):
        return Refusal("not_registrar", "Only the registrar of the college corrects awarded credit.")
    if change.needs_reposting_at is None:
        return Refusal("nothing_to_repost", "No awarded credit hangs on this Grade Change.")
    if change.reposted_at is not None:
        return Refusal("reposted", "The credit was corrected already.")
    if by.pk in (change.asked_by_id, change.confirmed_by_id):
        return Refusal(
            "same_person",
            "You asked for this Grade Change or confirmed it.",
            "Another registrar of the college corrects the credit.",
        )
    return None


@dataclass(frozen=True, slots=True)
class ToRepost:
    """A Grade Change that awarded credit has not followed yet, and whether this person may let it."""

    change: GradeChange
    refusal: Refusal | None

    @property
    def takes_back(self) -> bool:
        """The new grade earns nothing: the credit will not be corrected but taken back."""
        return self.change.entry is not None and self.change.entry.outcome != GradeEntry.Outcome.COMPLETED


def to_repost(visible: GradeChangeQuerySet, college: College | None, by: User) -> Sequence[ToRepost]:
    """The Grade Changes of a college that wait to be posted again, the oldest first; one query."""
    if college is None:
        return []
    found = (
        visible.to_repost()
        .filter(registration__college=college)
        .with_names()
        .order_by("needs_reposting_at", "id")
    )
    return [ToRepost(change, why_not_repost(change, by)) for change in found]
