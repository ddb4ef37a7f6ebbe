"""A class roster as its page shows it: values and words, made once, so that the template only places them."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.urls import reverse

from accounts.access import has_role
from accounts.models import User
from articulations.models import Section
from grading import rules
from grading.actions import RosterResult, RowChange, RowResult
from grading.forms.entries import NO_ID, Draft, RosterForm, show_seen, typist_of
from grading.forms.heads import Closed, Measure
from grading.forms.histories import history_of
from grading.forms.lines import Clash, Line, Lists
from grading.forms.words import (
    EMPTY,
    FEES_REQ_LABEL,
    FEES_REQ_STATE,
    STATUS_LABEL,
    STATUS_STATE,
    asks_in_words,
    counted,
    days_in_words,
    earns,
    entered,
    kept_in_words,
    nothing_earned,
    saved_in_words,
    stands,
    typed_text,
)
from grading.models import (
    RosterComment,
    RosterRow,
    class_part,
    classes_beside,
    head_of,
    percent_text,
    roster_of,
)
from organizations.models import CollegeYear, GradeScale
from sers.lib.refusal import Refusal
from students.models import Amendment, Registration
from students.rules import Whose
from students.rules.credentials import READS_CREDENTIALS
from students.rules.records import can_read_comments


class RosterPage:
    """A class roster as one person may see and change it on a day.

    `form` and `result` are what was sent and what became of it, when the page answers Save Changes: then the rows
    that wait for the person show what was typed. Without them the rows of the person's draft do.
    """

    def __init__(
        self,
        section: Section,
        user: User,
        *,
        on: date,
        graded: bool,
        opened: str = "",
        told: str = "",
        form: RosterForm | None = None,
        result: RosterResult | None = None,
        refusal: Refusal | None = None,
    ) -> None:
        self.section, self.user, self.on, self.graded = section, user, on, graded
        self.result, self.refusal = result, refusal
        self.query = "?graded=1" if graded else ""
        self.undo = self.query or "?"
        self.head = head_of(section)
        self.part = class_part(section.label, section.term)
        self.may_grade = rules.can_grade(user, section)
        self.reads_comments = can_read_comments(user)
        self.reads_credentials = has_role(user, *READS_CREDENTIALS)
        self.rows, self.standards = rules.measured(roster_of(section, user))
        self.calendar = rules.class_calendar(section, self.head.windows)
        self._standards = list({id(one): one for one in self.standards.values()}.values())
        self._scale_of = {id(one): number for number, one in enumerate(self._standards)}
        self._lists = Lists()
        self.draft = self._draft() if form is None and self.may_grade else None
        self.form: RosterForm | Draft | None = form or self.draft
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
        no_grades_yet = rules.colleges_unassured(section)
        self.refusals = {
            row.pk: rules.why_not_grade(
                row,
                calendar=self.calendar,
                standard=self.standards.get(row.pk),
                on=on,
                no_grades_yet=no_grades_yet,
            )
            for row in self.rows
        }
        self._student_url = reverse("students:student", args=[NO_ID])  # once, not for each row
        self.measures = self._measures()
        self.closed = self._closed()
        self.lines = self._lines(opened, told)
        self.statements = list(
            Amendment.objects.about_classes(self._shown_keys(), comments=self.reads_comments)
        )
        self.may_save = self.may_grade and bool(self.lines)
        self.may_type = any(line.may_change for line in self.lines)
        self.has_open = any(line.is_open or line.comment for line in self.lines)
        self.columns = 6 if self.reads_comments else 5
        self.typist = typist_of(user, section) if self.may_grade else ""
        self.left_out = self._left_out()
        self.errors = self._errors()

    def _shown_keys(self) -> list[int]:
        """The registrations on the page."""
        shown = {line.public_id for line in self.lines}
        return [row.pk for row in self.rows if str(row.public_id) in shown]

    @property
    def students_shown(self) -> list[Whose]:
        """Whose names stand on the page."""
        shown = {line.public_id for line in self.lines}
        return rules.whose(row for row in self.rows if str(row.public_id) in shown)

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
        number = self.head.registered - len(self.rows)
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
                "grades": one.choices,
                "as": one.grades_as,
                "parts": list(one.parts),
                "from": one.points_from,
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
            courses = [one for one in self.head.earns if one["articulation_id"] == row.articulation_id]
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
                    courses=" and ".join(one["code"] for one in courses),
                    credits=sum((Decimal(one["credits"]) for one in courses), Decimal(0)),
                    minimum=percent_text(standard.minimum) if standard is not None else "",
                    minimum_grade=str(least) if least is not None and least.is_earned else "",
                    asks=asks_in_words(standard) if standard is not None else "",
                    closes_on=closes_on,
                    days=days_in_words(closes_on, self.on) if closes_on else "",
                )
            )
        return sorted(measures, key=lambda one: (one.college, one.courses))

    def _closed(self) -> list[Closed]:
        """Why rows are closed that are not closed by credit awarded, once for each college and reason."""
        contacts = {one["articulation_id"]: one for one in self.head.earns}
        found: dict[tuple[str, Refusal], Closed] = {}
        for row in self.rows:
            refusal = self.refusals[row.pk]
            if refusal is None or refusal.rule == "credit_awarded" or (row.college, refusal) in found:
                continue
            contact = contacts.get(row.articulation_id)
            alike = [
                one
                for one in self.rows
                if one.college_id == row.college_id and self.refusals[one.pk] == refusal
            ]
            found[row.college, refusal] = Closed(
                row.college if len(self.colleges) > 1 else "",
                refusal,
                any(one.status == Registration.Status.IN_PROGRESS for one in alike),
                any(one.is_graded for one in alike),
                contact["contact_name"] if contact else "",
                contact["contact_phone"] if contact else "",
                contact["contact_email"] if contact else "",
            )
        return list(found.values())

    # The rows

    def _lines(self, opened: str, told: str) -> list[Line]:
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
            if self.graded
            or row.status not in Registration.GRADED
            or row.public_id in waiting
            or told == str(row.public_id)
        ]
        comments = self._comments(shown)
        lines = []
        for number, row in enumerate(shown, 1):
            line = self._line(number, row)
            line.comments = comments.get(row.pk, [])
            line.is_open = opened == line.public_id
            line.comments_url = self._comments_url(line)
            if told == line.public_id:
                line.history = history_of(row, self.section, self.user)
                line.history_url = f"{self.undo}#row{number}"
                if self.may_grade and not line.may_change and row.is_graded:
                    line.change_url = reverse("grading:new_change", args=[row.public_id])
            if row.public_id in sent:
                self._answer(line, row, sent[row.public_id], results.get(row.public_id))
            lines.append(line)
        return lines

    def _comments_url(self, line: Line) -> str:
        """Where the link of the comments leads without a script: it opens them, and closes them again."""
        query = [] if line.is_open else [f"open={line.public_id}"]
        query += ["graded=1"] if self.graded else []
        return f"?{'&'.join(query)}#row{line.number}"

    def _line(self, number: int, row: RosterRow) -> Line:
        refusal = self.refusals[row.pk]
        standard = self.standards.get(row.pk)
        shown = rules.shown_of(row, standard)
        status, fees_req = Registration.Status(row.status), Registration.FeesReq(row.fees_req)
        college_grade = EMPTY
        if row.is_graded:
            college_grade = row.college_grade or nothing_earned(standard, row.percent)
        line = Line(
            number=number,
            public_id=str(row.public_id),
            name=row.list_name,
            url=self._student_url.replace(str(NO_ID), str(row.student_public_id))
            if row.student_opens
            else "",
            sers_id=row.sers_id,
            seen=show_seen(row.version, shown),
            box=row.grade,
            college_grade=college_grade,
            college=row.college if len(self.colleges) > 1 else "",
            has_grade=row.is_graded,
            status=row.status,
            status_label=STATUS_LABEL[status],
            status_state=STATUS_STATE[status],
            fees_label=FEES_REQ_LABEL[fees_req],
            fees_state=FEES_REQ_STATE[fees_req],
            scale=self._scale_of.get(id(standard), -1),
            may_change=self.may_grade and refusal is None,
            has_history=row.number is not None or bool(row.parts),
            history_url=f"?history={row.public_id}{'&graded=1' if self.graded else ''}#row{number}",
            locked=str(refusal)
            if self.may_grade and refusal is not None and refusal.rule == "credit_awarded"
            else "",
        )
        if standard is not None:
            self._put(line, standard, shown.grade)
        return line

    def _put(self, line: Line, standard: rules.Standard, grade: str) -> None:
        """Put what stands, or what was typed, into the boxes of a line."""
        line.boxes = self._lists.boxes(standard, grade)
        if standard.is_whole:
            line.box = grade
            line.choices = self._lists.grades(standard, grade)

    def _answer(self, line: Line, row: RosterRow, change: RowChange, result: RowResult | None) -> None:
        """Put onto a line what was typed there and what became of it."""
        if result is not None and result.comment:
            line.comment, line.comment_error, line.is_open = change.comment, result.comment, True
        elif result is None:  # nothing was saved at all
            line.comment = change.comment
        if result is not None and result.outcome not in ("refused", "clash"):
            return
        standard = self.standards.get(row.pk)
        was = change.was or rules.shown_of(row, standard)
        line.seen = show_seen(change.version, was)
        if not line.may_change:  # closed while the page was open
            if result is not None or change.grade is not None or change.parts:
                why = result.message if result is not None else self.refusals[row.pk]
                line.error = f"{why} You entered {entered(change)}; it is not saved."
                line.state = "s-wrong"
            return
        if standard is None or not standard.asked(was):
            line.error = f"The college asks for other parts of a grade now. You entered {entered(change)}; it is not saved."
            line.state = "s-wrong"
            return
        typed = typed_text(change, was, standard)
        self._put(line, standard, typed)
        line.college_grade = earns(standard, typed)
        if not was.grade.strip("/") or was.status not in Registration.GRADED:
            line.has_grade, line.status = False, change.status or was.status
        if result is None:
            line.state = "s-unsaved"
        elif result.outcome == "refused":
            line.error, line.state = result.message, "s-wrong"
        elif result.row is not None:
            line.state = "s-clash"
            theirs = rules.shown_of(result.row, standard)
            line.clash = Clash(
                message=result.message,
                mine=entered(change),
                mine_grade=earns(standard, typed),
                whose=result.theirs,
                theirs=stands(theirs),
                theirs_grade=result.row.college_grade,
                seen=show_seen(result.row.version, theirs),
            )

    def _draft(self) -> Draft | None:
        """What the person typed here before and has not saved; rows that stand as they were typed are left out."""
        draft = Draft(self.head.draft_rows, self.head.draft_saved_at)
        rows = {row.public_id: row for row in self.rows}
        for key, change in list(draft.changes.items()):
            row = rows.get(key)
            if row is None or self._is_saved(row, change):
                del draft.changes[key]
        return draft if draft.changes else None

    def _is_saved(self, row: RosterRow, change: RowChange) -> bool:
        """Was nothing typed in the row, or does it say so already?"""
        standard = self.standards.get(row.pk)
        if change.comment.strip() or standard is None:
            return not change.comment.strip()
        shown = rules.shown_of(row, standard)
        was = change.was or shown
        if not standard.asked(was):
            return False
        typed, status = typed_text(change, was, standard), change.status or was.status
        untouched = typed == was.grade and status == was.status
        return untouched or (typed == shown.grade and (row.is_graded or status == shown.status))

    @property
    def how_to(self) -> str:
        """What to type, as the colleges of this class ask."""
        asked = {one.grades_as for one in self._standards}
        if asked == {CollegeYear.GradesAs.GRADE}:
            return "Choose the college’s grade, or Not Attained."
        return "Type a percent, or NA for Not Attained."

    @property
    def draft_words(self) -> str:
        """`You have unsaved changes from 2:02 pm`."""
        if self.draft is None or self.draft.saved_at is None:
            return ""
        return f"You have unsaved changes from {kept_in_words(self.draft.saved_at, self.on)}"

    @property
    def draft_rows(self) -> str:
        """`3 students. They are not grades until you press Save Changes.`"""
        if self.draft is None:
            return ""
        lost = sum(1 for line in self.lines if line.state == "s-wrong")
        cannot = f" {counted(lost, 'row')} can no longer be saved: see there." if lost else ""
        number = len(self.draft.changes)
        they = "It counts" if number == 1 else "They count"
        return f"{counted(number, 'row')}. {they} only when you press Save Changes.{cannot}"

    def _comments(self, rows: Iterable[RosterRow]) -> dict[int, list[dict[str, Any]]]:
        if not self.reads_comments:
            return {}
        wanted = {row.pk for row in rows}
        found: dict[int, list[dict[str, Any]]] = {}
        # Whoever teaches the class reads all that is said on its roster.
        comments = (
            RosterComment.objects.all() if self.may_grade else RosterComment.objects.visible_to(self.user)
        )
        for one in (
            comments.on_roster(self.section)
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
                    box = lines[key].boxes[0].part if key in lines and lines[key].boxes else "grade"
                    errors.append(
                        {"target": f"{box}{number}", "message": f"{result.message.rstrip('.')} for {name}"}
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
