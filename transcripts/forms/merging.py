"""Merging two records: which they are, and why."""

from typing import Any, cast

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.core.exceptions import ValidationError

from accounts.models import User
from students.models import Merge, Student
from students.rules import tidy_sers_id
from transcripts import actions


def _id_field(label: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=40,
        error_messages={
            "required": f"Enter the {label}",
            "max_length": "Enter the ID alone",
        },
        widget=forms.TextInput({"autocomplete": "off", "class": "s-w20"}),
    )


class TwoRecordsForm(forms.Form):
    """The IDs of two records that are one person’s."""

    stands = _id_field("ID of the record that stays")
    gone = _id_field("ID of the record that is merged into it")

    def __init__(self, data: Any = None, *, user: User) -> None:
        super().__init__(data)
        self.user = user
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout("stands", "gone")

    def clean_stands(self) -> Student:
        return self._record("stands")

    def clean_gone(self) -> Student:
        return self._record("gone")

    def _record(self, field: str) -> Student:
        sers_id = tidy_sers_id(self.cleaned_data[field])
        found = Student.objects.visible_to(self.user).identified(sers_id).first() if sers_id else None
        if found is None:
            raise ValidationError(
                "No record within your reach has this ID. Compare its digits, or ask the State Board"
            )
        return cast(Student, found)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("stands") and data.get("stands") == data.get("gone"):
            self.add_error("gone", "Enter the ID of another record")
        return data


class MergeForm(forms.Form):
    """Why two records are one person’s."""

    reason = forms.CharField(
        label="Reason",
        max_length=300,
        help_text="How you know, for example: same person, the counselor showed both IDs. It stays in the log",
        error_messages={
            "required": "Enter how you know that they are one person",
            "max_length": "Shorten the reason to 300 characters or fewer",
        },
    )

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_tag = False
        helper.layout = Layout("reason")
        return helper

    def save(self, *, stands: Student, gone: Student, by: User) -> Merge:
        return actions.merge_records(stands=stands, gone=gone, reason=self.cleaned_data["reason"], by=by)


class UndoMergeForm(MergeForm):
    """Why a merge is undone."""

    reason = forms.CharField(
        label="Reason",
        max_length=300,
        help_text="How you know that they are two people. It stays in the log",
        error_messages={
            "required": "Enter why the merge is undone",
            "max_length": "Shorten the reason to 300 characters or fewer",
        },
    )

    def undo(self, *, merge: Merge, by: User) -> Merge:
        return actions.undo_merge(merge=merge, reason=self.cleaned_data["reason"], by=by)
