"""Who is in a class, beside who is registered: the page of one class, and the overview of many."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.access import VisibleQuerySet
from accounts.models import User
from articulations.models import Section
from organizations.models import AcademicYear
from sers.lib.keys import read_id, read_ids
from sers.lib.listing import page_of
from sers.lib.moments import short_day
from sers.lib.refusal import Refusal
from students import actions, rules
from students.models import ClassAnswer, Registration, RosterEntry, strangers

MOST_REASON = 200


@dataclass(frozen=True, slots=True)
class Missing:
    """One who is in the class and not registered."""

    entry: RosterEntry
    refusal: Refusal | None
    likely: Registration | None

    @property
    def state(self) -> tuple[str, str]:
        """Its tag: reminded when, or why nobody can be."""
        if self.refusal is not None and self.refusal.rule != "reminded_lately":
            return "wait", self.refusal.message
        if self.entry.reminded_at is not None:
            return "progress", f"Reminded {short_day(self.entry.reminded_at)}"
        return "quiet", "Not reminded yet"

    @property
    def may_remind(self) -> bool:
        return self.refusal is None


@dataclass(frozen=True, slots=True)
class Registered:
    """One registration of the class, and what the roster and the teacher say of it."""

    registration: Registration
    answer: ClassAnswer | None
    is_stranger: bool
    left_at: datetime | None

    @property
    def value(self) -> str:
        """What a button of the row sends: which row, as it was seen."""
        return f"{self.registration.public_id} {self.registration.version}"

    @property
    def is_rejected(self) -> bool:
        return self.registration.status == Registration.Status.NOT_IN_CLASS

    @property
    def is_accepted(self) -> bool:
        return self.answer is not None and self.answer.answer == ClassAnswer.Answer.IN_CLASS

    @property
    def state(self) -> tuple[str, str]:
        if self.is_rejected:
            return "quiet", "Not in Class"
        if self.is_accepted:
            return "done", "Accepted"
        if self.left_at is not None:
            return "wait", f"Left the roster {short_day(self.left_at)}"
        return ("wait", "Not on the roster") if self.is_stranger else ("quiet", "Not answered")


class InClassPage:
    """A class beside its roster; seven queries, however many students."""

    def __init__(self, section: Section, user: User, *, reject: str = "") -> None:
        self.section, self.user = section, user
        self.may_answer = rules.can_answer_for(user, section)
        entries = list(
            RosterEntry.objects.on(section).with_registration().with_address().order_by("sort_name", "pk")
        )
        standing = [one for one in entries if one.gone_at is None]
        missing = [one for one in standing if one.registered is None]
        self.named = len(standing)
        left = {one.registered: one.gone_at for one in entries if one.gone_at is not None and one.registered}
        registrations = list(Registration.objects.in_question(section))
        answers = ClassAnswer.objects.last_of([one.pk for one in registrations])
        strange = {one.pk for one in strangers([section.pk])}
        self.reject = reject
        self.error = ""
        self.rows = [
            Registered(
                one, answers.get(one.pk), one.pk in strange, left.get(one.pk) if one.pk in strange else None
            )
            for one in registrations
            if one.status == Registration.Status.IN_PROGRESS or _rejected(answers.get(one.pk))
        ]
        now, wanting_none = timezone.now(), rules.wanting_none(missing, section.year)
        unknown = [row.registration for row in self.rows if row.is_stranger]
        self.missing = [
            Missing(
                one,
                rules.why_not_remind(one, wanting_none=wanting_none, now=now),
                next((other for other in unknown if rules.nearly_same(one, other)), None)
                if one.student_id is None
                else None,
            )
            for one in missing
        ]

    @property
    def whose(self) -> list[rules.Whose]:
        """Whose records the page shows."""
        students = [row.registration.student for row in self.rows]
        return [rules.Whose(one.pk, one.user_id, one.school.district_id) for one in students]

    @property
    def to_answer(self) -> list[Registered]:
        """Where the roster does not name them; where there is no roster, every registration not yet answered."""
        return [
            row
            for row in self.rows
            if not row.is_rejected and not row.is_accepted and (row.is_stranger or not self.named)
        ]

    @property
    def answered(self) -> list[Registered]:
        return [row for row in self.rows if row.is_rejected or row.is_accepted]

    @property
    def on_roster(self) -> int:
        """How many of those the school names are registered."""
        return self.named - len(self.missing)

    @property
    def reachable(self) -> int:
        return sum(one.may_remind for one in self.missing)

    @property
    def figures(self) -> list[dict[str, str]]:
        numbers = (
            (self.named, "on the school’s roster"), (self.on_roster, "of them registered"),
            (len(self.missing), "in your class, not registered"), (len(self.to_answer), "registered, to accept or reject"),
        )  # fmt: skip
        return [{"number": f"{number:,}", "meaning": meaning, "key": ""} for number, meaning in numbers]

    @property
    def errors(self) -> list[dict[str, str]]:
        """What is wrong with what was sent, for the summary: where, and in which words."""
        target = "reason" if self.reject else "missing"
        return [{"target": target, "message": self.error}] if self.error else []

    def act(self, data: Mapping[str, Any], ticked: list[str]) -> str:
        """Do what a button of the page asks; what came of it in a sentence. Refused or ValidationError if it cannot be."""
        if "remind" in data or "remind_all" in data:
            chosen = [] if "remind_all" in data else read_ids(ticked)
            if "remind" in data and not chosen:
                raise ValidationError("Tick whom to remind, or remind all", code="tick")
            return _reminded(actions.remind_unregistered(section=self.section, entries=chosen, by=self.user))
        for name, answer in (
            ("accept", ClassAnswer.Answer.IN_CLASS),
            ("reject", ClassAnswer.Answer.NOT_IN_CLASS),
            ("take_back", ClassAnswer.Answer.TAKEN_BACK),
        ):
            if name in data:
                return self._answer(answer, str(data[name]), str(data.get("reason", "")))
        for name, same in (("same", True), ("other", False)):
            if name in data:
                return self._recognize(str(data[name]), same=same)
        raise ValidationError("Choose what to do", code="act")

    def _answer(self, answer: ClassAnswer.Answer, value: str, reason: str) -> str:
        row = next((row for row in self.rows if row.value.split()[0] == value.split(" ")[0]), None)
        if row is None:
            raise ValidationError("This student is no longer in the class", code="gone")
        if answer == ClassAnswer.Answer.NOT_IN_CLASS:
            self.reject = str(row.registration.public_id)
            if not reason.strip():
                raise ValidationError("Enter the reason: the student reads it", code="reason")
            if len(reason) > MOST_REASON:
                raise ValidationError(
                    f"Shorten the reason to {MOST_REASON} characters or fewer", code="reason"
                )
        version = value.partition(" ")[2]
        actions.answer_for(
            registration=row.registration,
            answer=answer,
            version=int(version) if version.isascii() and version.isdigit() and len(version) < 9 else 0,
            reason=reason,
            by=self.user,
        )
        name = row.registration.student.name
        return {
            ClassAnswer.Answer.IN_CLASS: f"{name} is accepted.",
            ClassAnswer.Answer.NOT_IN_CLASS: f"{name} is Not in Class, and is told by mail. You can take that back here.",
            ClassAnswer.Answer.TAKEN_BACK: f"Taken back. {name} is In Progress.",
        }[answer]

    def _recognize(self, value: str, *, same: bool) -> str:
        found = next((one for one in self.missing if str(one.entry.public_id) == value), None)
        if found is None or found.likely is None:
            raise ValidationError("This was answered already", code="gone")
        actions.recognize(entry=found.entry, registration=found.likely, same=same, by=self.user)
        name = found.entry.name
        return f"{name} is registered." if same else f"{name} is somebody else, and stays not registered."


def _rejected(answer: ClassAnswer | None) -> bool:
    return answer is not None and answer.answer == ClassAnswer.Answer.NOT_IN_CLASS


def _reminded(done: actions.Reminded) -> str:
    said = [f"{done.sent} {'student is' if done.sent == 1 else 'students are'} reminded by mail."]
    if done.lately:
        said.append(f"{done.lately} had a reminder less than a week ago.")
    if done.unreachable:
        said.append(f"{done.unreachable} cannot be reached by mail: hand out the class code.")
    return " ".join(said)


@dataclass(frozen=True, slots=True)
class ClassLine:
    """One class in the overview."""

    key: str
    title: str
    part: str
    school: str
    teachers: str
    stands: rules.InClass


class RostersPage:
    """The classes of a person beside their rosters, a page at a time; six queries."""

    def __init__(
        self, user: User, year: AcademicYear, *, school: str = "", only: str = "", number: str = ""
    ) -> None:
        self.year, self.school, self.only = year, school, only
        sections = rules.sections_to_bring(user, year)
        self.schools = sections.school_options()
        found: VisibleQuerySet = sections.at(school if read_id(school) else "", year)
        if only == "missing":
            found = RosterEntry.objects.sections_missing(found)
        self.page = page_of(Section.objects.filter(pk__in=found.values("pk")).listed(), number)
        ids = [row["id"] for row in self.page]
        stands = rules.in_class_of(ids)
        teachers = Section.objects.taught_by(ids)
        self.lines = [
            ClassLine(
                str(row["public_id"]), row["title"], row["label"], row["school"],
                ", ".join(teachers.get(row["id"], [])), stands[row["id"]],
            )
            for row in self.page
        ]  # fmt: skip

    @property
    def query(self) -> str:
        """The filters in use, for the pages of the list."""
        parts = [f"{name}={value}" for name, value in (("school", self.school), ("show", self.only)) if value]
        return "&".join(parts)
