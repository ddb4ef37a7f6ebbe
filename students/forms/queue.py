"""The queue of Fees/Req: what is searched or scanned, what is ticked, and what is done with it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Final, cast
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from accounts.models import User
from organizations.models import AcademicYear
from sers.lib.listing import bounded_page_of
from sers.lib.tags import dollars
from students import actions, rules
from students.forms.fields import read_ids, text_field
from students.models import Receipt, Registration, RegistrationQuerySet, Requirement

#: The address in the QR code of a registration form, as a scanner types it.
SCANNED: Final = re.compile(r"/forms/([0-9a-f-]{36})/?$", re.IGNORECASE)
MOST_SCANNED: Final = 500


class FindForm(forms.Form):
    """One box over the queue of Fees/Req: a name, an ID, a reference, or the code of a form from a scanner."""

    words = text_field(
        "Name, ID, reference or scanned code",
        most=200,
        what="the name, ID or reference",
        required=False,
        attrs={"autocomplete": "off", "class": "s-w20"},
    )

    def clean_words(self) -> str:
        words: str = self.cleaned_data["words"]
        return rules.tidy_sers_id(words) or words

    @property
    def scanned(self) -> UUID | None:
        """The form that was scanned, by its QR code; None for anything typed."""
        hit = SCANNED.search(self.cleaned_data["words"].strip())
        found = read_ids([hit.group(1)]) if hit else []
        return found[0] if found else None


class TickForm(forms.Form):
    """Registrations ticked in the queue, and what to do with what they owe."""

    ACTS: ClassVar = {
        "process": Requirement.State.PROCESSED,
        "waive": Requirement.State.WAIVED,
        "undo": Requirement.State.PENDING,
    }
    WHAT: ClassVar = (
        ("", "Everything that is asked"),
        (Requirement.Kind.FORM.value, "Signed form"),
        (Requirement.Kind.GUARDIAN.value, "Guardian’s signature, on paper"),
        (Requirement.Kind.FEE.value, "Fee"),
        (Requirement.Kind.FURTHER.value, "Something else"),
    )

    act = forms.ChoiceField(
        choices=[*((act, act) for act in ACTS), ("ask", "ask")],
        widget=forms.HiddenInput,
        error_messages={"required": "Press one of the buttons", "invalid_choice": "Press one of the buttons"},
    )
    what = forms.ChoiceField(
        choices=WHAT, required=False, error_messages={"invalid_choice": "Choose from the list"}
    )
    reason = text_field(
        "Reason to waive", most=200, what="the reason", required=False, attrs={"class": "s-w20"}
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ticked: list[UUID] = []

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        self.ticked = read_ids(cast(Any, self.data).getlist("registration"))
        if data.get("act") == "waive":
            refusal = rules.why_not_waive(data.get("reason", ""))
            if refusal is not None and "reason" not in self.errors:
                self.add_error("reason", "Enter the reason to waive: it stays in the history")
        if not self.ticked:
            raise ValidationError("Tick the registrations first")
        return data

    def save(self, *, by: User) -> SafeString:
        """Do it, and say what now stands. Registrations outside the person's reach are not there for them."""
        chosen = Registration.objects.visible_to(by).chosen(self.ticked)
        if self.cleaned_data["act"] == "ask":
            return format_html("{}", actions.ask_guardians(registrations=chosen, by=by).in_words)
        to = self.ACTS[self.cleaned_data["act"]]
        what = self.cleaned_data["what"]
        done = actions.process_requirements(
            registrations=chosen,
            to=to,
            kinds={what} if what else set(),
            reason=self.cleaned_data["reason"] if to == Requirement.State.WAIVED else "",
            by=by,
        )
        return said(done, to, len(self.ticked))


def said(done: actions.Processed, to: str, ticked: int) -> SafeString:
    """`2 registrations are Processed now. Receipt F-2345. You can take it back today.`, the receipt as a link."""
    label, left = Requirement.State(to).label, ticked - done.changed
    return format_html(
        "{} registration{} {} now.{}{}{}",
        done.changed,
        " is" if done.changed == 1 else "s are",
        label,
        f" {left} stayed as {'it was' if left == 1 else 'they were'}." if left else "",
        format_html_join(
            "",
            ' Receipt <a href="{}">{}</a>.',
            ((reverse("students:receipt", args=[one.public_id]), one.number) for one in done.receipts),
        ),
        " You can take it back today under Decided today."
        if done.changed and to != Requirement.State.PENDING
        else "",
    )


@dataclass(frozen=True, slots=True)
class QueueLine:
    """One registration of the queue, as plain values, with what of it is waited for."""

    row: Mapping[str, Any]
    missing: str
    came_in: str
    fee: str
    guardian: str


class QueuePage:
    """The queue as it is asked for by its address: pending, scanned or decided today; of one kind; page by page."""

    SHOWS: ClassVar = {"": "Pending", "scanned": "Scanned", "decided": "Decided today"}

    def __init__(
        self, query: Mapping[str, str], *, words: str, scanned: Sequence[str], user: User, on: date
    ) -> None:
        self.year = AcademicYear.objects.current()
        self.show = query.get("show", "") if query.get("show", "") in self.SHOWS else ""
        self.kind = query.get("kind", "") if query.get("kind", "") in Requirement.Kind.values else ""
        self.words = words
        consortia = rules.consortia_of(user)
        rows = (
            Registration.objects.found_by(words)
            if words and self.show != "scanned"
            else Registration.objects.all()
        )
        if self.show == "decided":
            rows = rows.decided_on(on, consortia)
        elif self.show == "scanned":
            rows = rows.under(consortia).filter(public_id__in=read_ids(scanned))
        else:
            rows = rows.owing(consortia, self.year)
            if self.kind:
                rows = rows.waiting_for(self.kind)
        self.page = bounded_page_of(rows, RegistrationQuerySet.as_owed, query.get("page", ""))
        self.scanned = len(scanned)
        self.tick_all = query.get("tick") == "all" or self.show == "scanned"
        self.lines = self._lines(list(self.page))
        self.receipts = (
            list(Receipt.objects.visible_to(user).of_day(on).with_count()) if self.show == "decided" else []
        )

    def _lines(self, rows: Sequence[Mapping[str, Any]]) -> list[QueueLine]:
        asked = Requirement.objects.by_registration([row["id"] for row in rows])
        told = Requirement.objects.guardians_asked([row["id"] for row in rows])
        lines = []
        for row in rows:
            registration = Registration(
                pk=row["id"], fees_req=row["fees_req"], fees_req_at=row["fees_req_at"], fee_due=row["fee_due"]
            )
            found = rules.as_asked(registration, asked.get(row["id"], ()), None)
            lines.append(
                QueueLine(
                    row,
                    missing=rules.owed_in_words(found),
                    came_in=", ".join(
                        f"{one.name} {one.get_state_display()}"
                        for one in found
                        if one.state in Requirement.DECIDED
                    ),
                    fee=dollars(row["fee_due"]) if row["fee_due"] else "No fee",
                    guardian=rules.guardian_in_words(told.get(row["id"])),
                )
            )
        return lines

    @property
    def title(self) -> str:
        return self.SHOWS[self.show]

    @property
    def kinds(self) -> list[tuple[str, str, bool]]:
        """The filters by what is waited for: value, label, whether it is on."""
        words = {"": "Everything", **{value: str(label) for value, label in Requirement.Kind.choices}}
        return [(value, label, value == self.kind) for value, label in words.items()]

    @property
    def query(self) -> str:
        """What the address says besides the page."""
        parts = {"show": self.show, "kind": self.kind}
        return "&".join(f"{name}={value}" for name, value in parts.items() if value)


class UndoForm(forms.Form):
    """Undo a receipt: nothing is typed."""

    def save(self, *, receipt: Receipt, by: User) -> SafeString:
        done = actions.undo_receipt(receipt=receipt, by=by)
        about = {one.requirement.registration_id for one in receipt.decisions.all()}
        return said(done, Requirement.State.PENDING, len(about))
