"""Who is shown whose record: what every page that shows one calls first, and the pages about it."""

from collections.abc import Iterable

from accounts.access import SignedIn
from students import actions
from students.actions import Shown
from students.models import Disclosure


def disclose(request: SignedIn, what: Disclosure.What, students: Iterable[Shown]) -> None:
    """Write down that this page shows these records to the person who asked for it."""
    actions.disclose(students=students, what=what, by=request.user, session=request.session.session_key)
