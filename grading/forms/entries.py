"""What a person may type on a class roster.

A roster is one plain HTML form of many rows. No Django form stands behind each row: thirty of them would cost more
than everything else on the page.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.core.exceptions import BadRequest
from django.http import QueryDict

from accounts.models import User
from articulations.models import Section
from grading.actions import RosterResult, RowChange, keep_draft, save_roster
from grading.models import GradePart, RosterComment, Shown
from sers.lib.refusal import Refused
from students.models import Registration

NO_ID = UUID(int=0)
#: Two terms and two criteria in words: `100.99/3.9 A/not met/not met`, with room.
LONGEST_SHOWN = 40
#: The boxes of a row beside its one grade box: terms and criteria.
PARTS = tuple(part.value for part in GradePart.Part if part != GradePart.Part.WHOLE)
#: More rows than any class has.
MOST_ROWS = 400
#: What a page's seal of its typist is for, and how long it is good: as long as a session.
TYPIST = "grading.typist"
SESSION_LENGTH = settings.SESSION_COOKIE_AGE
TORN = "The form does not say which grades it showed. Open the class again, then enter the grades."


def show_seen(version: int, shown: Shown) -> str:
    """What a row carries of what it showed: `3 completed 97`."""
    return f"{version} {shown.status} {shown.grade}"


def read_seen(text: str) -> tuple[int, Shown]:
    """The version and the values a row showed; BadRequest when it is not what we wrote."""
    version, _, rest = text.partition(" ")
    status, _, grade = rest.partition(" ")
    is_number = version.isascii() and version.isdigit() and len(version) < 10
    if not is_number or status not in Registration.Status.values or len(grade) > LONGEST_SHOWN:
        raise BadRequest(TORN)
    return int(version), Shown(status, grade)


class RosterForm:
    """The rows a browser sent: all of them, or with a script only those that were changed.

    Each has a field `row` with its id and what it showed, and beside it what was typed: `grade-<id>`, or the parts
    the college asks for, `first-<id>`, `exam-<id>` and so on; `status-<id>`, `comment-<id>`, and `choose-<id>` where
    two values stood against each other.
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
            parts={part: data.get(name, "") for part in PARTS if (name := f"{part}-{public_id}") in data},
        )

    def save(self, *, section: Section, by: User) -> RosterResult:
        return save_roster(section=section, changes=list(self.changes.values()), by=by)


class DraftForm(RosterForm):
    """The same rows, kept as a draft: what is typed and not saved. `clean` names rows that hold nothing unsaved any more."""

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        self.clean = [one for one in data.getlist("clean")[:MOST_ROWS] if is_id(one)]

    def keep(self, *, section: Section, by: User) -> datetime | None:
        return keep_draft(section=section, rows=drafted(self.changes.values()), clean=self.clean, by=by)


def typist_of(user: User, section: Section) -> str:
    """Who types on this page, sealed: so a form that comes after the session ended is kept for its writer."""
    return signing.dumps([user.pk, section.pk], salt=TYPIST)


def keep_for_typist(data: QueryDict, *, public_id: UUID) -> bool:
    """Keep a roster's form that came after the session ended, as a draft of the person whose page it was.

    The seal is as old as the page: it names its person for as long as a session may last. Nothing is saved by it,
    and nobody but that person reads it again.
    """
    try:
        user_id, section_id = signing.loads(data.get("typist", ""), salt=TYPIST, max_age=SESSION_LENGTH)
        form = DraftForm(data)
    except (signing.BadSignature, BadRequest):
        return False
    user = User.objects.filter(pk=user_id, is_active=True).first()
    section = Section.objects.filter(pk=section_id, public_id=public_id).first()
    if user is None or section is None or not form.changes or data.get("discard"):
        return False
    try:
        return form.keep(section=section, by=user) is not None
    except Refused:  # teaches the class no more
        return False


class Draft:
    """A draft as the roster shows it again: its rows by registration, and when they were kept."""

    def __init__(self, rows: Mapping[str, Any] | None, saved_at: datetime | None) -> None:
        self.saved_at = saved_at
        self.changes = {change.registration: change for change in map(change_of, (rows or {}).items())}


def is_id(text: str) -> bool:
    """Is it an id of ours, as the page wrote it?"""
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False


def drafted(changes: Iterable[RowChange]) -> dict[str, Any]:
    """Rows as a draft keeps them. Longer texts than anybody types into a box or a comment are cut."""
    return {
        str(one.registration): {
            "seen": show_seen(one.version, one.was or Shown("in_progress", "")),
            "grade": None if one.grade is None else one.grade[:LONGEST_SHOWN],
            "status": one.status[:20],
            "comment": one.comment[: 2 * RosterComment.MOST_LETTERS],
            "parts": {part: typed[:LONGEST_SHOWN] for part, typed in one.parts.items()},
        }
        for one in changes
    }


def change_of(kept: tuple[str, Mapping[str, Any]]) -> RowChange:
    """A row of a draft, as the form sent it."""
    public_id, row = kept
    version, was = read_seen(row["seen"])
    return RowChange(
        UUID(public_id), version, grade=row["grade"], status=row["status"], comment=row["comment"],
        parts=row["parts"], was=was,
    )  # fmt: skip
