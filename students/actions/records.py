"""A student's record, changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.actions import change_email, count_change_of_email, record_event
from accounts.models import EmailChange, User
from sers.lib.refusal import Refusal, Refused
from students import rules
from students.models import Student


@dataclass(frozen=True, slots=True)
class Edited:
    """What a Save did: the fields that changed at once, the new address that waits to be confirmed, and what others had
    changed in between, which stays."""

    changed: frozenset[str]
    waiting: EmailChange | None
    meanwhile: tuple[rules.Meanwhile, ...]

    @property
    def is_saved(self) -> bool:
        """Did something change at once, beside an address that waits?"""
        return bool(self.changed)

    @property
    def is_nothing(self) -> bool:
        return not self.changed and self.waiting is None


class Clashed(Refused):
    """Two people changed the same field to different values: nothing is saved, both are told."""

    def __init__(self, clashes: tuple[rules.Clash, ...], mine: Mapping[str, Any]) -> None:
        names = ", ".join(clash.meanwhile.name for clash in clashes)
        super().__init__(
            Refusal(
                "clash",
                f"Somebody changed the same while the page was open: {names}.",
                "Nothing is saved yet. Both values are below.",
            )
        )
        self.clashes, self.mine = clashes, mine


def edit_student(
    *,
    student: Student,
    changes: Mapping[str, Any],
    seen: datetime,
    by: User,
    reason: str = "",
    seen_email: str | None = None,
) -> Edited:
    """Change fields of a student's record, as it was `seen`.

    What somebody else changed in between stays; where both changed the same field to different values, nothing is
    saved and both are told (`Clashed`). Refused when a field is locked for this person (`fields_open`), and when a
    legal name or birth date is changed by staff without a reason. The event keeps what was and what is, a birth date
    sealed. A new e-mail of an account goes through `change_email`: it counts when its link is opened, the old one is
    told, and Reset Account waits. `seen_email` is `rules.address_mark` of the page.
    """
    _count_address(student, changes, by)
    with transaction.atomic():
        student = (
            Student.objects.select_for_update(of=("self",))
            .select_related("school__district", "user")
            .get(pk=student.pk)
        )
        others = rules.changed_since(student, seen)
        if others is None:
            raise Refused(
                Refusal(
                    "changed_meanwhile",
                    "Somebody changed this record while the page was open.",
                    "Nothing of yours was saved. Reset Form shows how it stands now.",
                )
            )
        others |= _address_meanwhile(student, seen_email)
        was = {name: others[name].was if name in others else getattr(student, name) for name in changes}
        mine = {name: value for name, value in changes.items() if value != was[name]}
        clashes = tuple(
            rules.Clash(others[name], value)
            for name, value in mine.items()
            if name in others and value != others[name].now
        )
        if set(mine) - rules.fields_open(by, student):
            raise Refused(
                Refusal("locked", "A field you changed is locked.", "Load the page again to see which.")
            )
        if clashes:
            raise Clashed(clashes, mine)
        changed = {name: value for name, value in mine.items() if name not in others}
        if rules.needs_reason(by, student, changed) and not reason.strip():
            raise Refused(Refusal("no_reason", "Enter the reason for a new legal name or birth date.", ""))
        waiting = None
        address = changed.pop("email", None)
        if address is not None and student.user is not None:
            waiting = change_email(user=student.user, email=address, by=by)
        elif address is not None:
            changed["email"] = address
        if changed:
            _save(student, changed, reason=reason, by=by)
        return Edited(
            frozenset(changed),
            waiting,
            tuple(one for name, one in others.items() if name not in mine),
        )


def _save(student: Student, changed: Mapping[str, Any], *, reason: str, by: User) -> None:
    before = student.updated_at
    data = {name: [rules.kept(getattr(student, name)), rules.kept(value)] for name, value in changed.items()}
    for name, value in changed.items():
        setattr(student, "imported_email" if name == "email" else name, value)
    student.save()
    if student.user is not None:
        student.user.first_name, student.user.last_name = student.first_name, student.last_name
        student.user.save(update_fields=["first_name", "last_name"])  # no more: the address is another act
    version = [before.isoformat(), student.updated_at.isoformat()]
    record_event(
        by=by,
        kind=rules.EDITED,
        subject=student,
        data={"reason": reason.strip(), "version": version, **dict(sorted(data.items()))},
    )


def _count_address(student: Student, changes: Mapping[str, Any], by: User) -> None:
    """New addresses are counted for the account, before anything is locked: mail must not go out at will."""
    if student.user is not None and changes.get("email", student.email) != student.email:
        count_change_of_email(user=student.user, address=f"the desk of {by.pk}")


def _address_meanwhile(student: Student, seen_email: str | None) -> dict[str, rules.Meanwhile]:
    """The address of the account, if it, or the change of it that waits, is not what the page showed."""
    if student.user is None or seen_email is None or seen_email == rules.address_mark(student):
        return {}
    change = rules.newest_change(student)
    return {
        "email": rules.Meanwhile(
            "email",
            seen_email.partition(" ")[0],
            change.new_address if change and not change.ended_at else student.email,
            change.by.name if change else "",
            change.asked_at if change else student.updated_at,
        )
    }
