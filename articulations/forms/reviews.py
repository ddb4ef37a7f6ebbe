"""What is typed to screen a request and to review it: V-codes, and the alignment matrix row by row."""

from collections.abc import Sequence
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.core.exceptions import ValidationError

from accounts.models import User
from articulations import actions, rules
from articulations.actions import Row
from articulations.forms.request_pages import words
from articulations.models import AlignmentRow, ArticulationRequest, RequestStep
from sers.lib.acting import helper_of

Cover = AlignmentRow.Cover
#: Empty rows below those that are there; saving makes room for more.
EMPTY_ROWS = 3
MOST_ROWS = 60


class ScreenForm(forms.Form):
    """The screening: what Perkins asks was looked at, and each teacher's V-code."""

    POINTS = (
        ("end", "The pathway leads to the degree, certificate or apprenticeship that is named"),
        ("field", "The class prepares in the technical field that is named"),
        ("competencies", "Competencies in mathematics, science, technology and communications are listed"),
        ("notice", "The syllabus has the dual-credit notice"),
    )
    points = forms.MultipleChoiceField(
        label="I have looked at each point",
        choices=POINTS,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Tick each point you have looked at",
            "invalid_choice": "Tick the points of the list",
        },
    )

    def __init__(self, data: Any = None, *, asked: ArticulationRequest, step: RequestStep) -> None:
        super().__init__(data, prefix="screen")
        self.asked, self.step = asked, step
        self.teachers = step.version.content.get("teachers", [])
        for number, teacher in enumerate(self.teachers, 1):
            self.fields[f"code_{number}"] = forms.CharField(
                label=f"V-code of {teacher['first_name']} {teacher['last_name']}",
                help_text="As OSPI lists the teacher’s certificate, for example V140100. Enter it when it allows this class.",
                max_length=12,
                widget=forms.TextInput({"class": "s-w10", "autocomplete": "off"}),
                error_messages={
                    "required": "Enter the teacher’s V-code",
                    "max_length": "Enter the V-code: V and six digits",
                },
            )

    @property
    def helper(self) -> FormHelper:
        return helper_of(Layout(*self.fields), "screen", "Pass it on to the faculty")

    def clean_points(self) -> list[str]:
        points: list[str] = self.cleaned_data["points"]
        if len(points) < len(self.POINTS):
            raise ValidationError("Tick each point, or ask for more information")
        return points

    def clean(self) -> dict[str, Any]:
        self.codes = []
        for number in range(1, len(self.teachers) + 1):
            code = "".join(str(self.cleaned_data.get(f"code_{number}", "")).upper().split())
            self.codes.append(code)
            if code and rules.V_CODE.fullmatch(code) is None:
                self.add_error(f"code_{number}", "Enter the V-code: V and six digits, for example V140100")
        return self.cleaned_data

    def save(self, *, by: User) -> ArticulationRequest:
        return actions.pass_screening(
            asked=self.asked, step=self.step, codes=self.codes, perkins_confirmed=True, by=by
        )


class Matrix:
    """The alignment matrix: plain rows, read and answered one by one, without a form a row."""

    def __init__(
        self, step: RequestStep, data: Any = None, *, suggested: Sequence[rules.Suggested] = ()
    ) -> None:
        self.step, self.data = step, data
        content = step.version.content
        self.competencies: list[str] = content.get("competencies", [])
        self.courses: list[str] = [one["code"] for one in content.get("courses", [])]
        self.errors: list[dict[str, str]] = []
        self.number_kept = 0
        if data is None:
            self.shown = self._kept(suggested)
        else:
            self.shown = self._typed(data)

    def _kept(self, suggested: Sequence[rules.Suggested]) -> list[dict[str, Any]]:
        rows = [
            {"course": row.course, "outcome": row.outcome, "competencies": row.competencies, "cover": row.cover, "error": ""}
            for row in self.step.rows.order_by("position")
        ]  # fmt: skip
        self.number_kept = len(rows)
        rows = rows or [
            self._row(one.course, one.outcome, one.competencies)
            for one in suggested[: MOST_ROWS - EMPTY_ROWS]
        ]
        return [*rows, *(self._row() for _ in range(EMPTY_ROWS))]

    def _row(self, course: str = "", outcome: str = "", competencies: str = "") -> dict[str, Any]:
        return {
            "course": course or (self.courses[0] if self.courses else ""),
            "outcome": outcome,
            "competencies": competencies,
            "cover": str(Cover.NOT),
            "error": "",
        }

    def _typed(self, data: Any) -> list[dict[str, Any]]:
        rows = []
        number = 1
        while number <= MOST_ROWS and f"outcome_{number}" in data:
            rows.append({
                "course": data.get(f"course_{number}", ""),
                "outcome": " ".join(data[f"outcome_{number}"].split()),
                "competencies": data.get(f"competencies_{number}", "").strip(),
                "cover": data.get(f"cover_{number}", ""),
                "error": "",
            })  # fmt: skip
            number += 1
        return rows

    def rows(self) -> list[Row]:
        """The rows that say something, read; what is wrong with one is told at it, and is in `errors`."""
        found = []
        for number, row in enumerate(self.shown, 1):
            if not row["outcome"]:
                if row["competencies"]:
                    self._wrong(number, row, f"Row {number}: enter the outcome of the course")
                continue
            try:
                numbers = rules.numbers_of(row["competencies"], len(self.competencies))
            except ValueError as error:
                self._wrong(number, row, f"Row {number}: {str(error)[0].lower()}{str(error)[1:]}")
                continue
            if row["cover"] not in Cover or row["course"] not in self.courses:
                self._wrong(number, row, f"Row {number}: choose from the lists")
            elif row["cover"] != Cover.NOT and not numbers:
                self._wrong(
                    number, row, f"Row {number}: name the competencies that cover it, by their numbers"
                )
            elif len(row["outcome"]) > 300:
                self._wrong(number, row, f"Row {number}: shorten the outcome to 300 letters")
            else:
                found.append(Row(row["course"], row["outcome"], numbers, row["cover"]))
        return found

    def _wrong(self, number: int, row: dict[str, Any], message: str) -> None:
        row["error"] = message
        self.errors.append({"target": f"outcome_{number}", "message": message})

    @property
    def percent(self) -> int | None:
        """How far the rows that are shown are aligned."""
        return rules.aligned_percent([row["cover"] for row in self.shown if row["outcome"]])

    @property
    def kept(self) -> list[dict[str, Any]]:
        """The rows that were saved, to read."""
        labels = dict(self.covers)
        return [row | {"cover_label": labels[row["cover"]]} for row in self.shown[: self.number_kept]]

    @property
    def covers(self) -> list[tuple[str, str]]:
        return [(str(value), str(label)) for value, label in Cover.choices]


class ReviewReasonForm(forms.Form):
    """The words that go with more information or a denial, on the page of the matrix."""

    reason = words(
        "In your words", "Say why", required=False,
        hint="Needed to ask for more information and to deny. The school’s side reads it.",
    )  # fmt: skip

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
