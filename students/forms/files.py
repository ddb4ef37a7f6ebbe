"""A sheet of students of the former system, as it is handed in."""

from accounts.models import User
from organizations.forms.fields import reason_field
from sers.lib.handing_in import CheckFileForm, Sheet, SheetField
from sers.lib.uploads import MEGABYTE
from students import actions, rules
from students.models import StudentFile


class StudentFileForm(CheckFileForm):
    """A CSV or XLSX file of students with their legacy IDs, and why they are brought."""

    file = SheetField(
        columns=rules.STUDENT_COLUMNS,
        most_rows=rules.MOST_STUDENT_ROWS,
        most_bytes=5 * MEGABYTE,
        workbooks=True,
        help_text=f"At most {rules.MOST_STUDENT_ROWS:,} rows and 5 MB; of a workbook the first sheet. Nothing is saved before you have seen what it will do",
    )
    reason = reason_field("For example: students of the former system, Kennewick. It stays with the file")

    def save(self, *, by: User) -> StudentFile:
        sheet: Sheet = self.cleaned_data["file"]
        return actions.hand_in_students(
            name=sheet.name, rows=rules.cells_to_keep(sheet.rows), reason=self.cleaned_data["reason"], by=by
        )
