"""What a person may type on a class roster.

A roster is one plain HTML form of many rows. No Django form stands behind each row: thirty of them would cost more
than everything else on the page.
"""

from uuid import UUID

from django.core.exceptions import BadRequest
from django.http import QueryDict

from accounts.models import User
from articulations.models import Section
from grading.actions import RosterResult, RowChange, save_roster
from grading.models import Shown
from students.models import Registration

NO_ID = UUID(int=0)
#: More rows than any class has.
MOST_ROWS = 400
TORN = "The form does not say which grades it showed. Open the class again, then enter the grades."


def show_seen(version: int, shown: Shown) -> str:
    """What a row carries of what it showed: `3 completed 97`."""
    return f"{version} {shown.status} {shown.grade}"


def read_seen(text: str) -> tuple[int, Shown]:
    """The version and the values a row showed; BadRequest when it is not what we wrote."""
    version, _, rest = text.partition(" ")
    status, _, grade = rest.partition(" ")
    is_number = version.isascii() and version.isdigit() and len(version) < 10
    if not is_number or status not in Registration.Status.values or len(grade) > 6:
        raise BadRequest(TORN)
    return int(version), Shown(status, grade)


class RosterForm:
    """The rows a browser sent: all of them, or with a script only those that were changed.

    Each has a field `row` with its id and what it showed, and beside it what was typed: `grade-<id>`, `status-<id>`,
    `comment-<id>`, and `choose-<id>` where two values stood against each other.
    """

    def __init__(self, data: QueryDict) -> None:
        rows = data.getlist("row")
        if len(rows) > MOST_ROWS:
            raise BadRequest("The form has more rows than any class. Open the class again.")
        self.changes = {change.registration: change for change in (self._read(data, row) for row in rows)}

    @staticmethod
    def _read(data: QueryDict, row: str) -> RowChange:
        public_id, _, seen = row.partition(" ")
        try:
            registration = UUID(public_id)
        except ValueError:
            raise BadRequest(TORN) from None
        version, was = read_seen(seen)
        comment = data.get(f"comment-{public_id}", "")
        chosen = data.get(f"choose-{public_id}", "")
        if chosen == "theirs":
            return RowChange(registration, version, comment=comment, was=was)
        if chosen:  # mine: from here on it counts as typed over what the choice showed
            version, was = read_seen(chosen)
        return RowChange(
            registration,
            version,
            grade=data.get(f"grade-{public_id}"),
            status=data.get(f"status-{public_id}", ""),
            comment=comment,
            was=was,
        )

    def save(self, *, section: Section, by: User) -> RosterResult:
        return save_roster(section=section, changes=list(self.changes.values()), by=by)
