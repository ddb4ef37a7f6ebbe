"""Two people on one record: what somebody else changed while a page was open, and where both changed the same."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.access import Role, has_role
from accounts.models import EmailChange, Event, User
from organizations.models import HighSchool
from sers.lib.fields import seal, unseal
from sers.lib.moments import day
from students.models import Merge, Student
from students.rules.records import LEGAL, is_own

#: Who keeps records right: they read the history of a profile, and decide changed addresses.
KEEPERS: Final = (Role.COUNSELOR, Role.DISTRICT, Role.CONSORTIUM, Role.STATE)

EDITED: Final = "students.edited"
#: What an event of a change holds beside fields.
BESIDE_FIELDS: Final = ("reason", "version")
#: The fields of a profile as people call them.
FIELD_NAMES: Final = {
    "first_name": gettext_lazy("Legal first name"),
    "middle_name": gettext_lazy("Legal middle name"),
    "last_name": gettext_lazy("Legal last name"),
    "former_names": gettext_lazy("Former names"),
    "birth_date": gettext_lazy("Birth date"),
    "email": gettext_lazy("Personal e-mail"),
    "second_email": gettext_lazy("Second recovery e-mail"),
    "phone": gettext_lazy("Phone"),
    "street": gettext_lazy("Street address"),
    "city": gettext_lazy("City"),
    "state": gettext_lazy("State"),
    "postal_code": gettext_lazy("ZIP code"),
    "school": gettext_lazy("High school"),
    "grade_level": gettext_lazy("Grade level"),
    "graduation_year": gettext_lazy("Graduation year"),
}


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """A field that somebody else changed while the page was open: what they found and what they left."""

    field: str
    was: Any
    now: Any
    by: str
    at: datetime

    @property
    def name(self) -> str:
        return str(FIELD_NAMES[self.field])

    @property
    def value(self) -> str:
        return in_words(self.field, self.now)


@dataclass(frozen=True, slots=True)
class Clash:
    """A field that two people changed to different values: both are shown, neither is lost."""

    meanwhile: Meanwhile
    mine: Any

    @property
    def value(self) -> str:
        """What the person typed who comes second."""
        return in_words(self.meanwhile.field, self.mine)


def kept(value: Any) -> Any:
    """A field's value as an event keeps it: dates sealed as in the record, places by their key."""
    if isinstance(value, date):
        return seal(value.isoformat()).hex()
    return value.pk if isinstance(value, HighSchool) else value


def told(field: str, value: Any, schools: Mapping[int, HighSchool]) -> Any:
    """A kept value as the field holds it."""
    if field == "birth_date" and value:
        return date.fromisoformat(unseal(bytes.fromhex(value)))
    if field == "school" and value is not None:
        return schools.get(value)
    return value


def in_words(field: str, value: Any) -> str:
    """A value as a person reads it; an empty one is said."""
    if value in ("", None):
        return _("empty")
    if field == "birth_date":
        return day(value)
    if field == "grade_level":
        return _("Grade {level}").format(level=value)
    return str(value.name if isinstance(value, HighSchool) else value)


def changed_since(student: Student, seen: datetime) -> dict[str, Meanwhile] | None:
    """What was changed since a page showed the record as of `seen`, by field; None when the way from there to now is
    not written down whole: then nothing can be told apart."""
    events: list[Event] = []
    version = student.updated_at
    for event in Event.objects.about(student, EDITED).order_by("-id").select_related("actor")[:50]:
        if version <= seen:
            break
        before, after = (datetime.fromisoformat(one) for one in event.data.get("version", (None, None)))
        if after != version:
            return None
        events.append(event)
        version = before
    if version != seen:
        return None
    found: dict[str, Meanwhile] = {}
    schools = schools_named(events)
    for event in reversed(events):
        for field, (was, now) in _fields(event.data):
            first = found.get(field)
            found[field] = Meanwhile(
                field,
                first.was if first else told(field, was, schools),
                told(field, now, schools),
                event.actor.name if event.actor else "",
                event.at,
            )
    return found


def _fields(data: Mapping[str, Any]) -> Iterable[tuple[str, Any]]:
    return ((field, values) for field, values in data.items() if field not in BESIDE_FIELDS)


def schools_named(events: Iterable[Event]) -> dict[int, HighSchool]:
    """The schools that these events name by their keys, asked at once."""
    keys = {key for event in events for key in event.data.get("school", ()) if key is not None}
    return HighSchool.objects.in_bulk(keys) if keys else {}


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the history of a profile: who, when, what, from what to what, and why."""

    at: datetime
    who: str
    what: str
    was: str = ""
    now: str = ""
    reason: str = ""
    state: str = ""


#: How many changes of one record its page shows, the newest first.
MOST_CHANGES: Final = 200
RESET: Final = "students.account_reset"


def changes_of(student: Student) -> list[Change]:
    """Everything that was changed of a profile and its addresses, and each Reset Account, the newest first."""
    events = list(Event.objects.about(student, EDITED, RESET).select_related("actor")[:MOST_CHANGES])
    schools = schools_named(events)
    found = [
        Change(
            event.at,
            event.actor.name if event.actor else "",
            str(FIELD_NAMES[field]),
            in_words(field, told(field, was, schools)),
            in_words(field, told(field, now, schools)),
            event.data.get("reason", "") if field in LEGAL else "",
        )
        for event in events
        if event.kind == EDITED
        for field, (was, now) in _fields(event.data)
    ]
    found += [
        Change(event.at, event.actor.name if event.actor else "", _("Reset Account"))
        for event in events
        if event.kind == RESET
    ]
    found += [_change_of_address(one) for one in address_changes(student)]
    found += [_change_of_merge(one) for one in Merge.objects.standing().of(student).in_full()]
    return sorted(found, key=lambda one: one.at, reverse=True)[:MOST_CHANGES]


def _change_of_merge(merge: Merge) -> Change:
    """A merge as the history of a profile tells it: an ID became another one. One that was undone was a mistake and
    may tell of somebody else: it stands in the log of merges alone."""
    return Change(
        merge.merged_at,
        merge.merged_by.name,
        _("Records merged"),
        merge.gone.sers_id,
        merge.stands.sers_id,
        merge.reason,
    )


def address_changes(student: Student) -> Iterable[EmailChange]:
    """Changes of the account's addresses, with everybody who had a part in them."""
    changes = (
        EmailChange.objects.filter(user=student.user_id) if student.user_id else EmailChange.objects.none()
    )
    return changes.select_related("by", "approved_by", "refused_by")[:MOST_CHANGES]


def _change_of_address(change: EmailChange) -> Change:
    field = "email" if change.which == EmailChange.Which.MAIN else "second_email"
    if change.refused_by is not None:
        state = _("Refused by {name}").format(name=change.refused_by.name)
    elif change.approved_by is not None:
        state = _("Approved by {name}").format(name=change.approved_by.name)
    elif change.confirmed_at is not None:
        state = _("Confirmed {day}").format(day=day(change.confirmed_at))
    else:
        state = _("Never confirmed") if change.ended_at is not None else _("Waits to be confirmed")
    return Change(
        change.asked_at,
        change.by.name,
        str(FIELD_NAMES[field]),
        in_words(field, change.old_address),
        change.new_address,
        state=state,
    )


def can_see_changes(user: User, student: Student) -> bool:
    """The history of a profile is shown to its student, and to those within whose reach it is changed, and the State."""
    if is_own(user, student):
        return has_role(user, Role.STUDENT)
    return bool(Student.objects.within_reach(user, *KEEPERS).filter(pk=student.pk).exists())


def address_mark(student: Student) -> str:
    """What a page has to say to show that it saw the present address, and the change of it that waits."""
    waiting = waiting_change(student)
    return f"{student.email} {waiting.public_id}" if waiting else student.email


def waiting_change(student: Student) -> EmailChange | None:
    """A new address that nobody has confirmed yet, with who asked for it."""
    if student.user_id is None:
        return None
    changes = EmailChange.objects.waiting().filter(user=student.user_id, which=EmailChange.Which.MAIN)
    return changes.select_related("by").first()
