"""A sheet of students of the former system, as it is handed in."""

from typing import Final

from crispy_forms.bootstrap import FormActions
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from accounts.models import User
from organizations.forms.fields import reason_field
from sers.lib.sheets import Unreadable, read_sheet
from sers.lib.workbooks import sheet_text
from students import actions, rules
from students.models import StudentFile

MOST_BYTES: Final = 5 * 1024 * 1024


class StudentFileForm(forms.Form):
    """A CSV or XLSX file of students with their legacy IDs, and why they are brought."""

    file = forms.FileField(
        label="CSV or XLSX file",
        help_text=f"At most {rules.MOST_STUDENT_ROWS:,} rows and 5 MB; of a workbook the first sheet. Nothing is saved before you have seen what it will do",
        allow_empty_file=True,
        error_messages={"required": "Choose a file", "invalid": "Choose a file", "missing": "Choose a file"},
        widget=forms.FileInput({"accept": ".csv,.xlsx,text/csv"}),
    )
    reason = reason_field("For example: students of the former system, Kennewick. It stays with the file")

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_class = "s-form"
        helper.layout = Layout("file", "reason", FormActions(Submit("check", "Check File")))
        return helper

    def clean_file(self) -> list[list[str]]:
        upload: UploadedFile = self.cleaned_data["file"]
        self.file_name = upload.name or ""
        if not self.file_name.lower().endswith((".csv", ".txt", ".xlsx")):
            raise ValidationError("Choose a file that ends in .csv or .xlsx")
        if (upload.size or 0) > MOST_BYTES:
            raise ValidationError("The file is larger than 5 MB. Hand it in in parts")
        try:
            rows, faults = read_sheet(sheet_text(upload.read()), rules.STUDENT_COLUMNS)
        except Unreadable as error:
            raise ValidationError(str(error)) from None
        if faults:
            raise ValidationError(
                [f"Row {one.line}: {one.message}" if one.line else one.message for one in faults[:10]]
            )
        if len(rows) > rules.MOST_STUDENT_ROWS:
            raise ValidationError(
                f"The file has {len(rows):,} rows. Hand in at most {rules.MOST_STUDENT_ROWS:,} at once"
            )
        return rules.cells_to_keep(rows)

    def save(self, *, by: User) -> StudentFile:
        return actions.hand_in_students(
            name=self.file_name, rows=self.cleaned_data["file"], reason=self.cleaned_data["reason"], by=by
        )
