"""Drafts: what is typed on a roster and not saved. They are never grades, and they end with Save Changes."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from articulations.models import Section
from grading import rules
from grading.models import GradeDraft
from sers.lib.refusal import Refusal, Refused


@transaction.atomic
def keep_draft(
    *, section: Section, rows: Mapping[str, Any], clean: Sequence[str] = (), by: User
) -> datetime | None:
    """Keep what a person has typed on the roster of a class they teach; rows that are `clean` hold nothing any more.

    Row by row, so that two windows of one person do not take each other's rows away. Returns when it was kept;
    None when nothing is left to keep.
    """
    if not rules.can_grade(by, section):
        raise Refused(Refusal("not_teacher", "Only the teachers of this class enter its grades."))
    GradeDraft.objects.bulk_create([GradeDraft(section=section, user=by)], ignore_conflicts=True)
    draft = GradeDraft.objects.select_for_update().get(section=section, user=by)
    kept = {key: row for key, row in draft.rows.items() if key not in clean} | dict(rows)
    if not kept:
        draft.delete()
        return None
    draft.rows, draft.saved_at = kept, timezone.now()
    draft.save(update_fields=("rows", "saved_at"))
    return draft.saved_at


def discard_draft(*, section: Section, by: User) -> None:
    """Throw away what the person has typed on this roster and not saved."""
    GradeDraft.objects.filter(section=section, user=by).delete()
