"""What is typed and chosen about college IDs, and the sheets a college hands in."""

from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError

from accounts.models import User
from organizations.models import College
from sers.lib.choices import offer
from sers.lib.handing_in import ChosenFile
from sers.lib.sheets import Unreadable
from students.models import Student
from students.rules import tidy_sers_id
from transcripts import actions, rules
from transcripts.models import CollegeIdentity, IdentityConflict, SheetImport


class FindForm(forms.Form):
    """One box for a name, a college ID or a CTE Dual Credit ID. It travels in the session, never in an address."""

    words = forms.CharField(
        label="Name or ID",
        required=False,
        max_length=100,
        error_messages={"max_length": "Shorten what you search for"},
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
    )


class EnterSidForm(forms.Form):
    """A college ID by hand: whose, and which."""

    sers_id = forms.CharField(
        label="CTE Dual Credit ID",
        max_length=40,
        error_messages={
            "required": "Enter the student’s CTE Dual Credit ID",
            "max_length": "Enter the ID alone",
        },
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false", "class": "s-w20"}),
    )
    sid = forms.CharField(
        label="College ID (SID)",
        max_length=40,
        error_messages={"required": "Enter the college ID", "max_length": "Enter the ID alone"},
        widget=forms.TextInput({"autocomplete": "off", "inputmode": "numeric", "class": "s-w20"}),
    )

    def __init__(self, data: Any = None, *, college: College, user: User) -> None:
        super().__init__(data)
        self.college, self.user = college, user

    def clean_sers_id(self) -> Student:
        student = (
            Student.objects.visible_to(self.user)
            .living()
            .identified(tidy_sers_id(self.cleaned_data["sers_id"]) or "-")
            .first()
        )
        if student is None:
            raise ValidationError("Nobody registered at your college has this ID. Compare its digits")
        return cast(Student, student)

    def clean_sid(self) -> str:
        sid = rules.tidy_sid(self.cleaned_data["sid"])
        if not sid:
            raise ValidationError("Enter the nine digits of the college ID")
        return sid

    def save(self, *, by: User) -> CollegeIdentity:
        """Enter it; Refused when either is taken."""
        return actions.enter_sid(
            student=self.cleaned_data["sers_id"], college=self.college, sid=self.cleaned_data["sid"], by=by
        )


class DecideForm(forms.Form):
    """Whose a college ID is: one of the candidates, or none of them."""

    student = forms.ChoiceField(
        error_messages={
            "required": "Choose whose college ID it is, or that it is nobody’s of these",
            "invalid_choice": "Choose one of the students on this page",
        }
    )
    NOBODY = "nobody"

    def __init__(self, data: Any = None, *, conflict: IdentityConflict) -> None:
        super().__init__(data)
        self.conflict = conflict
        self.students = {str(one.student.public_id): one.student for one in conflict.candidates.all()}
        offer(
            self,
            "student",
            [
                *((key, student.name) for key, student in self.students.items()),
                (self.NOBODY, "None of them"),
            ],
        )

    @property
    def chosen(self) -> Student | None:
        """The student it is; None for nobody of them."""
        return self.students.get(self.cleaned_data["student"])

    def save(self, *, by: User) -> IdentityConflict:
        """Decide; Refused when it was decided meanwhile, or the ID or the student is taken."""
        return actions.decide_conflict(conflict=self.conflict, student=self.chosen, by=by)


class SheetForm(forms.Form):
    """A CSV sheet of a college."""

    kind = forms.ChoiceField(
        choices=SheetImport.Kind.choices,
        label="What it holds",
        error_messages={"required": "Choose what the sheet holds", "invalid_choice": "Choose from the list"},
    )
    file = ChosenFile(label="CSV file", accept=".csv,text/csv", max_length=100)

    def __init__(
        self, data: Any = None, files: Any = None, *, college: College | None, **kwargs: Any
    ) -> None:
        super().__init__(data, files, **kwargs)
        self.college = college

    def save(self, *, by: User) -> SheetImport | None:
        """Keep the sheet; None when it cannot be read, with the reason at the field."""
        upload = self.cleaned_data["file"]
        if self.college is None:
            return None
        try:
            return actions.hand_in(
                college=self.college,
                kind=self.cleaned_data["kind"],
                name=upload.name,
                content=upload.read(),
                by=by,
            )
        except Unreadable as problem:
            self.add_error("file", str(problem))
            return None
