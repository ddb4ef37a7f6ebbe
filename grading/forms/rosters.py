"""A class roster as its page shows it: values and words, made once, so that the template only places them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.urls import reverse

from accounts.models import User
from articulations.models import Section
from grading import rules
from grading.actions import RosterResult, RowChange, RowResult
from grading.forms.entries import NO_ID, RosterForm, show_seen
from grading.forms.words import (
    EMPTY,
    FEES_REQ_STATE,
    NONE,
    STATUS_STATE,
    counted,
    days_in_words,
    earns,
    entered,
    nothing_earned,
    saved_in_words,
    stands,
)
from grading.models import (
    RosterComment,
    RosterRow,
    class_part,
    classes_beside,
    courses_of,
    percent_text,
    roster_of,
)
from organizations.models import GradeScale
from sers.lib.refusal import Refusal
from students.models import Registration


@dataclass(slots=True)
class Clash:
    """Two values for one row, side by side."""

    message: str
    mine: str
    mine_grade: str
    whose: str
    theirs: str
    theirs_grade: str
    seen: str


@dataclass(slots=True)
class Line:
    """One student on the page."""

    number: int
    public_id: str
    name: str
    url: str
    sers_id: str
    seen: str
    box: str
    college_grade: str
    college: str
    has_grade: bool
    status: str
    status_label: str
    status_state: str
    fees_label: str
    fees_state: str
    scale: int
    may_change: bool
    locked: str = ""
    state: str = ""
    error: str = ""
    clash: Clash | None = None
    comments: list[dict[str, Any]] = field(default_factory=list)
    comment: str = ""
    comment_error: str = ""
    is_open: bool = False

    @property
    def is_earned(self) -> bool:
        return not self.college_grade.startswith((EMPTY, NONE))


@dataclass(slots=True)
class Measure:
    """What the head of the page says of one agreement: college, course, credits, minimum, until when."""

    college: str
    courses: str
    credits: Decimal
    minimum: str
    minimum_grade: str
    closes_on: date | None
    days: str


@dataclass(slots=True)
class Closed:
    """Why grades cannot be entered now, for which college where there are several, and whom to ask."""

    college: str
    refusal: Refusal
    contact_name: str
    contact_phone: str
    contact_email: str

    @property
    def whom(self) -> str:
        """`Ask your consortium to open it again:`, before the name where there is one."""
        return (
            self.refusal.next_step.rstrip(".") + (":" if self.contact_name else ".")
            if self.refusal.next_step
            else ""
        )


class RosterPage:
    """A class roster as one person may see and change it on a day.

    `form` and `result` are what was sent and what became of it, when the page answers Save Changes: then the rows
    that wait for the person show what was typed.
    """

    def __init__(
        self,
        section: Section,
        user: User,
        *,
        on: date,
        graded: bool,
        opened: str = "",
        form: RosterForm | None = None,
        result: RosterResult | None = None,
        refusal: Refusal | None = None,
    ) -> None:
        self.section, self.user, self.on, self.graded = section, user, on, graded
        self.form, self.result, self.refusal = form, result, refusal
        self.part = class_part(section.label, section.term)
        self.may_grade = rules.can_grade(user, section)
        self.reads_comments = rules.can_read_comments(user)
        self.rows = roster_of(section, user)
        self.calendar = rules.class_calendar(section)
        self.standards = rules.standards_of(self.rows)
        self._standards = list({id(one): one for one in self.standards.values()}.values())
        self._scale_of = {id(one): number for number, one in enumerate(self._standards)}
        self.colleges = sorted({row.college for row in self.rows})
        self.classes = [
            {
                "public_id": str(one["public_id"]),
                "title": ", ".join(
                    filter(None, (one["title"], class_part(one["label"], one["term"]), one["school"]))
                ),
                "is_this": one["id"] == section.pk,
            }
            for one in classes_beside(section, user)
        ]
        self.refusals = {
            row.pk: rules.why_not_grade(
                row, calendar=self.calendar, standard=self.standards.get(row.pk), on=on
            )
            for row in self.rows
        }
        self._student_url = reverse("students:student", args=[NO_ID])  # once, not for each row
        self._courses = courses_of(section, {row.articulation_id for row in self.rows})
        self.measures = self._measures()
        self.closed = self._closed()
        self.lines = self._lines(opened)
        self.may_save = self.may_grade and bool(self.lines)
        self.may_type = any(line.may_change for line in self.lines)
        self.has_open = any(line.is_open or line.comment for line in self.lines)
        self.undo = "?graded=1" if graded else "?"
        self.left_out = self._left_out()
        self.errors = self._errors()

    # The words around the table

    @property
    def caption(self) -> str:
        """`12 students: 7 with a grade, 1 withdrawn, 1 not in class, 3 to do`."""
        count = dict.fromkeys(Registration.Status.values, 0)
        for row in self.rows:
            count[row.status] += 1
        graded = count["completed"] + count["not_attained"]
        hidden = len(self.rows) - len(self.lines)
        not_shown = " (not shown)" if hidden == graded else f" ({hidden} not shown)"
        parts = [
            f"{graded} with a grade{not_shown if hidden else ''}",
            f"{count['withdrawn']} withdrawn" if count["withdrawn"] else "",
            f"{count['not_in_class']} not in class" if count["not_in_class"] else "",
            f"{count['in_progress']} to do" if count["in_progress"] else "",
        ]
        return f"{counted(len(self.rows), 'student')}: {', '.join(part for part in parts if part)}"

    @property
    def all_graded(self) -> str:
        """Why the list is empty although the class is not."""
        return (
            "The student has a grade."
            if len(self.rows) == 1
            else f"All {len(self.rows)} students have a grade."
        )

    def _left_out(self) -> str:
        """How many students of the class lie outside the person's reach."""
        number = (getattr(self.section, "registered", None) or 0) - len(self.rows)
        if number <= 0:
            return ""
        are = "is" if number == 1 else "are"
        return f"{counted(number, 'student')} of this class {are} registered where you do not look after the credit."

    @property
    def scales(self) -> list[dict[str, Any]]:
        """The scales as the script reads them, in the order of `Line.scale`; percents in hundredths."""
        return [
            {
                "rounding": one.scale.rounding,
                "minimum": int(one.minimum * 100),
                "below": percent_text(one.minimum),
                "rows": [[int(step.percent_from * 100), str(step)] for step in one.rows],
            }
            for one in self._standards
        ]

    @property
    def scale_tables(self) -> list[dict[str, Any]]:
        """The scales as people read them."""
        named = {id(self.standards[row.pk]): row.college for row in self.rows if row.pk in self.standards}
        return [
            {
                "college": named[id(one)],
                "minimum": percent_text(one.minimum),
                "rounding": GradeScale.Rounding(one.scale.rounding).label,
                "steps": [(percent_text(percent), grade) for percent, grade in one.steps],
            }
            for one in self._standards
        ]

    def _measures(self) -> list[Measure]:
        measures = []
        for row in {row.articulation_id: row for row in self.rows}.values():
            standard = self.standards.get(row.pk)
            courses = [one for one in self._courses if one.articulation_id == row.articulation_id]
            opening = rules.grading_opening(
                self.calendar,
                consortium_id=row.consortium_id,
                college_id=row.college_id,
                year_id=row.year_id,
                on=self.on,
            )
            closes_on = opening.closes_on if opening.is_open else None
            least = standard.college_grade(standard.minimum) if standard is not None else None
            measures.append(
                Measure(
                    college=row.college,
                    courses=" and ".join(one.college_course.code for one in courses),
                    credits=sum((one.credits for one in courses), Decimal(0)),
                    minimum=percent_text(standard.minimum) if standard is not None else "",
                    minimum_grade=str(least) if least is not None and least.is_earned else "",
                    closes_on=closes_on,
                    days=days_in_words(closes_on, self.on) if closes_on else "",
                )
            )
        return sorted(measures, key=lambda one: (one.college, one.courses))

    def _closed(self) -> list[Closed]:
        """Why rows are closed that are not closed by credit awarded, once for each college and reason."""
        contacts = {one.articulation_id: one.articulation.consortium for one in self._courses}
        found: dict[tuple[str, Refusal], Closed] = {}
        for row in self.rows:
            refusal = self.refusals[row.pk]
            if refusal is None or refusal.rule == "credit_awarded" or (row.college, refusal) in found:
                continue
            contact = contacts.get(row.articulation_id)
            found[row.college, refusal] = Closed(
                row.college if len(self.colleges) > 1 else "",
                refusal,
                contact.contact_name if contact else "",
                contact.contact_phone if contact else "",
                contact.contact_email if contact else "",
            )
        return list(found.values())

    # The rows

    def _lines(self, opened: str) -> list[Line]:
        results: Mapping[UUID, RowResult] = self.result.rows if self.result else {}
        sent = self.form.changes if self.form else {}
        waiting = {
            key
            for key in sent
            if key not in results or results[key].outcome != "unchanged" or results[key].comment
        }
        shown = [
            row
            for row in self.rows
            if self.graded or row.status not in Registration.GRADED or row.public_id in waiting
        ]
        comments = self._comments(shown)
        lines = []
        for number, row in enumerate(shown, 1):
            line = self._line(number, row)
            line.comments = comments.get(row.pk, [])
            line.is_open = opened == line.public_id
            if row.public_id in sent:
                self._answer(line, row, sent[row.public_id], results.get(row.public_id))
            lines.append(line)
        return lines

    def _line(self, number: int, row: RosterRow) -> Line:
        refusal = self.refusals[row.pk]
        standard = self.standards.get(row.pk)
        college_grade = EMPTY
        if row.is_graded:
            college_grade = row.college_grade or nothing_earned(standard, row.percent)
        return Line(
            number=number,
            public_id=str(row.public_id),
            name=row.list_name,
            url=self._student_url.replace(str(NO_ID), str(row.student_public_id))
            if row.student_opens
            else "",
            sers_id=row.sers_id,
            seen=show_seen(row.version, row.shown),
            box=row.grade,
            college_grade=college_grade,
            college=row.college if len(self.colleges) > 1 else "",
            has_grade=row.is_graded,
            status=row.status,
            status_label=str(Registration.Status(row.status).label),
            status_state=STATUS_STATE[Registration.Status(row.status)],
            fees_label=str(Registration.FeesReq(row.fees_req).label),
            fees_state=FEES_REQ_STATE[Registration.FeesReq(row.fees_req)],
            scale=self._scale_of.get(id(standard), -1),
            may_change=self.may_grade and refusal is None,
            locked=str(refusal)
            if self.may_grade and refusal is not None and refusal.rule == "credit_awarded"
            else "",
        )

    def _answer(self, line: Line, row: RosterRow, change: RowChange, result: RowResult | None) -> None:
        """Put onto a line what was typed there and what became of it."""
        if result is not None and result.comment:
            line.comment, line.comment_error, line.is_open = change.comment, result.comment, True
        elif result is None:  # nothing was saved at all
            line.comment = change.comment
        if result is not None and result.outcome not in ("refused", "clash"):
            return
        was = change.was or row.shown
        line.seen = show_seen(change.version, was)
        if result is not None and not line.may_change:  # closed while the page was open
            line.error = f"{result.message} You entered {entered(change)}; it is not saved."
            line.state = "s-wrong"
            return
        standard = self.standards.get(row.pk)
        if change.grade is not None:
            line.box = change.grade[:40]
            line.college_grade = earns(standard, line.box)
        if not was.grade:
            line.has_grade, line.status = False, change.status or was.status
        if result is None:
            line.state = "s-unsaved"
        elif result.outcome == "refused":
            line.error, line.state = result.message, "s-wrong"
        elif result.row is not None:
            line.state = "s-clash"
            line.clash = Clash(
                message=result.message,
                mine=entered(change),
                mine_grade=earns(standard, change.grade or ""),
                whose=result.theirs,
                theirs=stands(result.row.shown),
                theirs_grade=result.row.college_grade,
                seen=show_seen(result.row.version, result.row.shown),
            )

    def _comments(self, rows: Iterable[RosterRow]) -> dict[int, list[dict[str, Any]]]:
        if not self.reads_comments:
            return {}
        wanted = {row.pk for row in rows}
        found: dict[int, list[dict[str, Any]]] = {}
        for one in (
            RosterComment.objects.visible_to(self.user)
            .on_roster(self.section)
            .values("registration_id", "text", "written_at", "written_by_id", "written_by__first_name", "written_by__last_name")
        ):  # fmt: skip
            if one["registration_id"] in wanted:
                own = one["written_by_id"] == self.user.pk
                name = f"{one['written_by__first_name']} {one['written_by__last_name']}".strip()
                found.setdefault(one["registration_id"], []).append(
                    {"text": one["text"], "who": "You" if own else name, "written_at": one["written_at"]}
                )
        return found

    # What waits for the person

    def _errors(self) -> list[dict[str, str]]:
        errors = []
        if self.refusal is not None:
            errors.append({"target": "main", "message": str(self.refusal)})
        if self.result is not None:
            lines = {UUID(line.public_id): line for line in self.lines}
            names = {row.public_id: row.name for row in self.rows}
            for key, result in self.result.rows.items():
                name = names.get(key, "")
                number = lines[key].number if key in lines else 0
                if result.outcome == "clash":
                    errors.append({"target": f"mine{number}", "message": f"Choose the grade of {name}"})
                elif result.rule == "percent":
                    errors.append(
                        {"target": f"grade{number}", "message": f"{result.message.rstrip('.')} for {name}"}
                    )
                elif result.outcome == "refused":
                    message = f"{name}: {result.message}" if name else result.message
                    errors.append({"target": f"row{number}" if number else "main", "message": message})
                if result.comment:
                    errors.append({"target": f"comment{number}", "message": f"{name}: {result.comment}"})
        return errors

    @property
    def error_text(self) -> str:
        """Before the list of errors: what was saved all the same."""
        if self.refusal is not None:
            return ""
        saved = saved_in_words(self.result) if self.result and self.result.receipt else ""
        rows = "One row waits for you:" if len(self.errors) == 1 else f"{len(self.errors)} rows wait for you:"
        return f"{saved} {rows}".strip()

    @property
    def unsaved(self) -> int:
        """How many rows hold something that is not saved."""
        return sum(bool(line.state) or bool(line.comment) for line in self.lines)
