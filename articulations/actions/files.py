"""What becomes of a file of courses or classes once it is saved."""

from typing import Any

from django.utils import timezone

from accounts.models import User
from articulations.models import LookedAtFile


def note_saved(*, file: LookedAtFile, by: User, **came_to: Any) -> None:
    """Note who saved a file and what it came to, in the caller's transaction; its rows are needed no more."""
    told = {"state": file.State.DONE, "saved_at": timezone.now(), "saved_by": by, "rows": [], **came_to}
    for name, value in told.items():
        setattr(file, name, value)
    file.save(update_fields=tuple(told))
