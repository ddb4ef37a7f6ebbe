"""The industry credentials of a class: which one, which day, which students; and an entry taken back."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone

from accounts.models import Event, User
from articulations.models import IndustryCredential, Section
from sers.lib.choices import LongSelect, offer
from sers.lib.days import DayField
from sers.lib.keys import read_id, read_ids, read_number
from sers.lib.moments import day
from sers.lib.refusal import Refusal, Refused
from students import actions
from students.models import EarnedCredential, Registration
from students.rules import STATUS_TAGS, Whose
from students.rules import credentials as rules


class EarnedForm(forms.Form):
    """Which credential, and the day it was earned."""

    credential = forms.ChoiceField(
        label="Industry credential",
        widget=LongSelect,
        help_text="Those this class prepares for stand first. Any other of the State’s list may be recorded too.",
        error_messages={
            "required": "Choose the industry credential",
            "invalid_choice": "Choose the industry credential from the list",
        },
    )
    earned_on = DayField(what="the day it was earned", label="Day it was earned")

    def __init__(
        self, data: Any = None, *, offered: rules.Offered, typed: "EarnedForm | None" = None
    ) -> None:
        """`typed` is a form whose words are shown again without being read yet."""
        only = str(offered.prepared[0].public_id) if len(offered.prepared) == 1 else ""
        shown = {"credential": only} if typed is None else {one.name: one.value() for one in typed}
        super().__init__(data, initial=shown)
        self.known = offered.every
        groups = (
            ("This class prepares for", offered.prepared),
            ("Other industry credentials", offered.others),
            ("No longer recorded for new days", offered.ended),
        )
        choices = [(name, _choices(rows)) for name, rows in groups if rows]
        offer(self, "credential", [("", "Choose a credential"), *choices])

    def clean(self) -> dict[str, Any]:
        asked = self.cleaned_data
        if "credential" in asked and "earned_on" in asked:
            today = timezone.localdate()
            refusal = rules.why_not_day(self.known[asked["credential"]], asked["earned_on"], today=today)
            if refusal is not None:
                self.add_error("earned_on", str(refusal).rstrip("."))
        return asked

    def chosen(self) -> IndustryCredential:
        return self.known[self.cleaned_data["credential"]]


def _choices(rows: Sequence[IndustryCredential]) -> list[tuple[str, str]]:
    return [(str(one.public_id), one.title) for one in rows]


@dataclass(frozen=True, slots=True)
class Line:
    """A student of the class: whether ticked, what they hold as far as the reader sees it, and why they were not recorded just now."""

    registration: Registration
    held: Sequence[EarnedCredential]
    ticked: bool
    problem: str

    @property
    def key(self) -> str:
        return str(self.registration.public_id)

    @property
    def tag(self) -> str:
        return STATUS_TAGS[Registration.Status(self.registration.status)]

    @property
    def held_in_words(self) -> str:
        """`OSHA 10-Hour Construction, May 3, 2026; ...`; None where there is none."""
        return "; ".join(f"{one.credential.title}, {day(one.earned_on)}" for one in self.held) or "None"


@dataclass(frozen=True, slots=True)
class Told:
    """What the last Save came to: a heading, who was recorded, and who was not and why."""

    heading: str
    names: str
    refused: Sequence[tuple[str, str]]


class CredentialsPage:
    """The students of a class with the credentials they hold; nine queries, however many."""

    def __init__(self, section: Section, user: User, data: Any = None, *, take_back: str = "") -> None:
        self.section, self.user = section, user
        self.may_record = rules.can_record_credentials(user, section)
        self.offered = rules.offered_in(section, today=timezone.localdate())
        self.form = EarnedForm(data, offered=self.offered)
        self.ticked = set(read_ids(data.getlist("student"))) if data is not None else set()
        self.problems: Mapping[UUID, Refusal] = {}
        self.error = ""
        self.taking = read_id(take_back)
        self.take_back_error = ""
        self.reason = ""
        self.rows = list(Registration.objects.visible_to(user).on_list(section))
        readable = EarnedCredential.objects.visible_to(user)
        self.held = readable.by_person(row.student.pk for row in self.rows)
        self.recorded = list(readable.in_class(section).told())

    @property
    def whose(self) -> list[Whose]:
        """Whose records the page shows."""
        students = {one.pk: one for one in [
            *(line.registration.student for line in self.lines), *(one.registration.student for one in self.recorded)
        ]}.values()  # fmt: skip
        return [Whose(one.pk, one.user_id, one.school.district_id) for one in students]

    @property
    def lines(self) -> list[Line]:
        """Who may be recorded: the students of the class, by name; withdrawn and not in class are not offered."""
        return [
            Line(
                row,
                self.held.get(row.student.pk, ()),
                row.public_id in self.ticked,
                str(self.problems.get(row.public_id, "")),
            )
            for row in self.rows
            if row.status not in Registration.ENDED
        ]

    @cached_property
    def errors(self) -> list[dict[str, str]]:
        """What is wrong outside of the fields, for the summary: where, and in which words."""
        lines = {line.registration.public_id: f"student{number}" for number, line in enumerate(self.lines, 1)}
        table, first = ("students", "student1") if lines else ("record", "record")
        found = [{"target": first, "message": self.error}] if self.error else []
        if self.take_back_error:
            found.append({"target": "reason", "message": self.take_back_error})
        names = self.names_of(self.problems)
        # Who left the class while the page was open has no line any more.
        found += [
            {"target": lines.get(key, table), "message": f"{names[key]} {self.problems[key]}"}
            for key in sorted(self.problems, key=lambda key: names[key])
        ]
        return found

    def names_of(self, keys: Iterable[UUID]) -> dict[UUID, str]:
        """Who the registrations that were sent are: by name as far as this person sees them; one query where some are of
        another class."""
        names = {row.public_id: row.student.name for row in self.rows}
        elsewhere = [key for key in keys if key not in names]
        if elsewhere:
            seen = Registration.objects.visible_to(self.user).filter(public_id__in=elsewhere)
            names |= {row.public_id: row.student.name for row in seen.with_people()}
        return {key: names.get(key, "A student you ticked") for key in keys}

    @property
    def prepares_for(self) -> str:
        return ", ".join(one.title for one in self.offered.prepared)

    @property
    def bound(self) -> EarnedForm | None:
        """The fields, where something in them is wrong."""
        return self.form if self.form.is_bound and self.form.errors else None

    @property
    def is_refused(self) -> bool:
        """Has the page something to correct?"""
        return bool(self.bound or self.errors)

    def tick_all(self) -> None:
        """Every student of the class is ticked; nothing is saved, and nothing typed is wrong yet."""
        self.form = EarnedForm(offered=self.offered, typed=self.form)
        self.ticked = {line.registration.public_id for line in self.lines}

    def record(self) -> int:
        """Record what was ticked; the receipt, or 0 where nothing was recorded and the page says why."""
        is_valid = self.form.is_valid()
        if not self.ticked:
            self.error = "Tick the students who earned it"
        if not is_valid or self.error:
            return 0
        done = actions.record_credentials(
            section=self.section,
            credential=self.form.chosen(),
            earned_on=self.form.cleaned_data["earned_on"],
            students=sorted(self.ticked),
            by=self.user,
        )
        self.problems = done.refused
        return done.receipt

    def take_back(self, reason: str) -> EarnedCredential | None:
        """Take back the entry whose panel stands open; None where the page says what is missing."""
        self.reason = reason
        found = next((one for one in self.recorded if one.public_id == self.taking), None)
        if found is None:
            self.take_back_error = "This entry is no longer here"
            return None
        try:
            actions.take_back_credential(earned=found, reason=reason, by=self.user)
        except Refused as refused:
            if refused.refusal.rule == "not_yours":
                raise
            self.take_back_error = str(refused).rstrip(".")
            return None
        return found

    def told(self, receipt: str) -> Told | None:
        """What a receipt of this class says; None where it is none. Why somebody was not recorded is told to who saved it:
        of what a student holds, others may not read the same."""
        number = read_number(receipt.removeprefix("R-"))
        event = Event.objects.about(self.section, "students.credentials_recorded").filter(pk=number).first()
        if event is None:
            return None
        keys = set(event.data["earned"])
        earned = [one.registration.student.name for one in self.recorded if one.pk in keys]
        told = event.data["refused"] if event.actor_id == self.user.pk else {}
        refused = {UUID(key): why for key, why in told.items()}
        names = self.names_of(refused)
        return Told(
            f"{event.data['credential']} is recorded for {event.data['students']}. Receipt R-{event.pk}.",
            ", ".join(sorted(earned)),
            sorted((names[key], why) for key, why in refused.items()),
        )
