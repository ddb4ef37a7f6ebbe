"""Files that people hand in to look at before anything is saved: the field that reads one, and the form around it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from crispy_forms.bootstrap import FormActions
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.core.exceptions import ValidationError

from sers.lib.sheets import MOST_LETTERS, Column, Fault, Row, Unreadable, read_sheet, text_of
from sers.lib.uploads import MEGABYTE
from sers.lib.workbooks import sheet_text

#: So many faults of a sheet are told at once.
MOST_FAULTS: Final = 10


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet that can be read: the name it came under, its text, and its rows where its columns are known."""

    name: str
    text: str
    rows: Sequence[Row] = ()


class ChosenFile(forms.FileField):
    """A file of one's own to hand in. An empty one is told by whoever reads it, in the words for what it should hold."""

    def __init__(self, *, accept: str, **kwargs: Any) -> None:
        super().__init__(
            allow_empty_file=True,
            error_messages={
                **dict.fromkeys(("required", "invalid", "missing"), "Choose a file"),
                "max_length": "Give the file a shorter name",
            },
            widget=forms.FileInput({"accept": accept}),
            **kwargs,
        )


class SheetField(ChosenFile):
    """A CSV, or with `workbooks` also the first sheet of an XLSX: refused in words that name the row and the remedy.

    Its rows are those of `columns`, by their heads; without columns whoever asked reads its text.
    """

    def __init__(
        self,
        *,
        columns: Sequence[Column] = (),
        most_rows: int = 0,
        most_bytes: int,
        most_letters: int = MOST_LETTERS,
        workbooks: bool = False,
        **kwargs: Any,
    ) -> None:
        kwargs.setdefault("label", "CSV or XLSX file" if workbooks else "CSV file")
        super().__init__(accept=".csv,.xlsx,text/csv" if workbooks else ".csv,text/csv", **kwargs)
        self.columns, self.workbooks = columns, workbooks
        self.most_rows, self.most_bytes, self.most_letters = most_rows, most_bytes, most_letters

    def clean(self, data: Any, initial: Any = None) -> Sheet:
        upload = super().clean(data, initial)
        name = upload.name or ""
        if not name.lower().endswith((".csv", ".txt", *((".xlsx",) if self.workbooks else ()))):
            raise ValidationError(
                "Choose a file that ends in .csv or .xlsx"
                if self.workbooks
                else "Choose a file that ends in .csv. In the spreadsheet choose Save as, then CSV UTF-8"
            )
        if (upload.size or 0) > self.most_bytes:
            raise ValidationError(
                f"The file is larger than {self.most_bytes // MEGABYTE} MB. Hand it in in parts"
            )
        try:
            text = (sheet_text if self.workbooks else text_of)(upload.read())
        except Unreadable as error:
            raise ValidationError(str(error)) from None
        return Sheet(name, text, self._rows(text) if self.columns else ())

    def _rows(self, text: str) -> list[Row]:
        rows, faults = read_sheet(text, self.columns, most_letters=self.most_letters)
        if faults:
            raise ValidationError([_told(fault) for fault in faults[:MOST_FAULTS]])
        if len(rows) > self.most_rows:
            raise ValidationError(
                f"The file has {len(rows):,} rows. Hand in at most {self.most_rows:,} at once"
            )
        return rows


def _told(fault: Fault) -> str:
    return f"Row {fault.line}: {fault.message}" if fault.line else fault.message


class CheckFileForm(forms.Form):
    """A form whose button has a file checked: the next page says what saving it would do."""

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_class = "s-form"
        helper.layout = Layout(*self.fields, FormActions(Submit("check", "Check File")))
        return helper
