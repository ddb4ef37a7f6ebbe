"""A file of new people, as it is handed in."""

from django.core.exceptions import ValidationError

from accounts.models import User
from organizations import actions, rules
from organizations.forms.fields import reason_field
from organizations.models import PeopleFile
from sers.lib.handing_in import CheckFileForm, Sheet, SheetField
from sers.lib.uploads import MEGABYTE


class PeopleFileForm(CheckFileForm):
    """A CSV file of new people, and why they get their seats."""

    file = SheetField(
        columns=rules.COLUMNS,
        most_rows=rules.MOST_ROWS,
        most_bytes=MEGABYTE,
        help_text=f"At most {rules.MOST_ROWS:,} rows and 1 MB. Nothing is saved before you have seen what it will do",
    )
    reason = reason_field("For example: new teachers of 2026-27. It stays in the history of each")

    def clean_file(self) -> Sheet:
        sheet: Sheet = self.cleaned_data["file"]
        if not any(row["first name"] or row["e-mail"] for row in sheet.rows):
            raise ValidationError("The file names nobody. Fill in the template and choose it again")
        return sheet

    def save(self, *, by: User) -> PeopleFile:
        sheet: Sheet = self.cleaned_data["file"]
        return actions.hand_in_file(
            name=sheet.name, rows=rules.rows_to_keep(sheet.rows), reason=self.cleaned_data["reason"], by=by
        )
