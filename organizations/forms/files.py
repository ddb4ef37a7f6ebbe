"""A file of new people, as it is handed in."""

from typing import Any, Final

from crispy_forms.bootstrap import FormActions
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from accounts.models import User
from organizations import actions, rules
from organizations.forms.fields import reason_field
from organizations.models import PeopleFile
from sers.lib.sheets import Unreadable, read_sheet, text_of

MOST_BYTES: Final = 1024 * 1024


class PeopleFileForm(forms.Form):
    """A CSV file of new people, and why they get their seats."""

    file = forms.FileField(
        label="CSV file",
        help_text=f"At most {rules.MOST_ROWS:,} rows and 1 MB. Nothing is saved before you have seen what it will do",
        allow_empty_file=True,
        error_messages={"required": "Choose a file", "invalid": "Choose a file", "missing": "Choose a file"},
        widget=forms.FileInput({"accept": ".csv,text/csv"}),
    )
    reason = reason_field("For example: new teachers of 2026-27. It stays in the history of each")

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_class = "s-form"
        helper.layout = Layout("file", "reason", FormActions(Submit("check", "Check File")))
        return helper

    def clean_file(self) -> list[dict[str, str]]:
        upload: UploadedFile = self.cleaned_data["file"]
        self.file_name = upload.name or ""
        if not self.file_name.lower().endswith((".csv", ".txt")):
            raise ValidationError(
                "Choose a file that ends in .csv. In the spreadsheet choose Save as, then CSV UTF-8"
            )
        if (upload.size or 0) > MOST_BYTES:
            raise ValidationError("The file is larger than 1 MB. Hand it in in parts")
        try:
            rows, faults = read_sheet(text_of(upload.read()), rules.COLUMNS)
        except Unreadable as error:
            raise ValidationError(str(error)) from None
        if faults:
            raise ValidationError(
                [f"Row {one.line}: {one.message}" if one.line else one.message for one in faults[:10]]
            )
        if len(rows) > rules.MOST_ROWS:
            raise ValidationError(
                f"The file has {len(rows):,} rows. Hand in at most {rules.MOST_ROWS:,} at once"
            )
        return rules.rows_to_keep(rows)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        rows = data.get("file")
        if rows is not None and not any(row["first name"] or row["e-mail"] for row in rows):
            self.add_error("file", "The file names nobody. Fill in the template and choose it again")
        return data

    def save(self, *, by: User) -> PeopleFile:
        return actions.hand_in_file(
            name=self.file_name, rows=self.cleaned_data["file"], reason=self.cleaned_data["reason"], by=by
        )
