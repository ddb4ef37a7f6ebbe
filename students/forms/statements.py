"""Bank and shop files: what is handed in, which columns hold what, and lines that are matched by hand."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.core.exceptions import ValidationError

from accounts.models import User
from organizations.models import Consortium
from sers.lib.choices import offer
from sers.lib.columns import NoSheet, read_text
from sers.lib.handing_in import CheckFileForm, Sheet, SheetField
from sers.lib.uploads import MEGABYTE
from students import actions, rules
from students.forms.fields import text_field
from students.models import Payment, Statement, StatementLine, Student


class StatementForm(CheckFileForm):
    """A CSV or XLSX file of a bank or a shop, which has columns of its own."""

    file = SheetField(
        most_bytes=2 * MEGABYTE,
        workbooks=True,
        help_text=f"As the bank or the shop gives it, with heads in the first line; at most {rules.MOST_STATEMENT_ROWS:,} lines and 2 MB. Nothing is saved before you have seen what it will do",
    )
    consortium = forms.ChoiceField(
        label="Consortium",
        error_messages={"required": "Choose the consortium", "invalid_choice": "Choose the consortium"},
    )

    def __init__(self, data: Any = None, files: Any = None, *, user: User) -> None:
        super().__init__(data, files)
        self.consortia = {
            str(one.public_id): one for one in Consortium.objects.staffed_by(user).order_by("name")
        }
        offer(self, "consortium", [(key, one.name) for key, one in self.consortia.items()])
        if len(self.consortia) == 1:
            self.fields["consortium"].initial = next(iter(self.consortia))

    def clean_file(self) -> tuple[str, list[list[str]]]:
        """The name of the file, and its lines with the heads first."""
        sheet: Sheet = self.cleaned_data["file"]
        try:
            rows = read_text(sheet.text)
        except NoSheet as error:
            raise ValidationError(str(error)) from None
        heads = rows[0] if rows else []
        if len(rows) < 2:
            raise ValidationError("The file holds no lines below its heads")
        if len(set(heads)) != len(heads) or not all(heads):
            raise ValidationError("Each column needs a head of its own in the first line")
        if len(rows) - 1 > rules.MOST_STATEMENT_ROWS:
            raise ValidationError(
                f"The file has {len(rows) - 1:,} lines. Hand in at most {rules.MOST_STATEMENT_ROWS:,} at once"
            )
        if any(len(cell) > 500 for row in rows for cell in row) or len(heads) > 60:
            raise ValidationError("The file has cells of more than 500 letters, or more than 60 columns")
        return sheet.name, rows

    def save(self, *, by: User) -> Statement:
        name, rows = self.cleaned_data["file"]
        return actions.hand_in_statement(
            consortium=self.consortia[self.cleaned_data["consortium"]], name=name, rows=rows, by=by
        )


class ColumnsForm(forms.Form):
    """Which columns hold the day, the amount, and what the payer wrote."""

    paid_on = forms.ChoiceField(label="Day", error_messages={"required": "Choose the column of the day"})
    amount = forms.ChoiceField(label="Amount", error_messages={"required": "Choose the column of the amount"})
    words = forms.MultipleChoiceField(
        label="What the payer wrote",
        widget=forms.CheckboxSelectMultiple,
        help_text="Where IDs, references and names stand.",
        error_messages={"required": "Choose at least one column"},
    )

    def __init__(self, data: Any = None, *, statement: Statement) -> None:
        super().__init__(data, initial=statement.columns)
        self.statement = statement
        heads = [(head, head) for head in (statement.rows[0] if statement.rows else [])]
        for name in ("paid_on", "amount"):
            offer(self, name, [("", "Choose a column"), *heads])
        offer(self, "words", heads)
        self.helper = FormHelper()
        self.helper.form_class = "s-form"
        self.helper.layout = Layout("paid_on", "amount", "words", Submit("map", "Use these columns"))

    def clean(self) -> dict[str, Any]:
        asked = super().clean() or self.cleaned_data
        if not self.errors:
            refusal = rules.why_not_columns(self.statement.rows[0], asked)
            if refusal is not None:
                self.add_error("amount", str(refusal))
        return asked

    def save(self, *, by: User) -> None:
        actions.name_columns(statement=self.statement, columns=self.cleaned_data, by=by)


class LineForm(forms.Form):
    """Whose money a line is, or why it is set aside."""

    student = text_field(
        "CTE Dual Credit ID, or reference of a registration",
        most=40,
        what="the ID or the reference",
        required=False,
        attrs={"autocomplete": "off", "class": "s-w20"},
    )
    reason = text_field("Reason to set it aside", most=200, what="the reason", required=False)

    def __init__(self, data: Any = None, *, line: StatementLine, user: User) -> None:
        super().__init__(data)
        self.line, self.user = line, user
        self.found: Student | None = None

    def clean(self) -> dict[str, Any]:
        asked = super().clean() or self.cleaned_data
        if "aside" in self.data:
            if not asked.get("reason"):
                self.add_error("reason", "Enter the reason: it stays with the line")
            return asked
        typed = asked.get("student", "")
        if not typed:
            self.add_error("student", "Enter the ID of the student, or the reference of a registration")
            return asked
        self.found = Student.objects.paying(
            rules.tidy_sers_id(typed), typed.strip().upper(), self.line.consortium_id
        )
        if self.found is None:
            self.add_error("student", "Nobody in this consortium has this ID or reference")
        return asked

    def save(self, *, by: User) -> Payment | None:
        if self.found is None:
            actions.set_aside(line=self.line, reason=self.cleaned_data["reason"], by=by)
            return None
        return actions.match_by_hand(line=self.line, student=self.found, by=by)
