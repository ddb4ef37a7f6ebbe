"""Asking for everything SERS holds about a student, for lists to take away, and letters to a group."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.access import Role, seats
from accounts.models import User
from organizations.models import AcademicYear, Consortium
from reports import actions, rules
from reports.models import ListExport, Mailing, RecordExport
from sers.lib.choices import offer
from sers.lib.refusal import Refused
from students.models import Student


class FieldsForm(forms.Form):
    """A form whose page brings the form element and the buttons."""

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_tag = False
        helper.layout = Layout(*self.fields)
        return helper


class RecordForm(FieldsForm):
    """Staff say whose request they answer; a student asks and types nothing."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        help_text=_(
            "Whose request you answer, and how you know who they are. The student reads it in the list of who has seen the record"
        ),
        error_messages={
            "required": _("Enter whose request you answer"),
            "max_length": _("Shorten the reason to 300 characters or fewer"),
        },
    )

    def __init__(self, *args: Any, student: Student, own: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.student = student
        if own:
            del self.fields["reason"]

    def save(self, *, by: User, session: str | None) -> RecordExport:
        return actions.ask_for_record(
            student=self.student, reason=self.cleaned_data.get("reason", ""), by=by, session=session
        )


class ListForm(FieldsForm):
    """Which list, of which school year, in which form, and what it is for. A refusal stands at its field."""

    what = forms.ChoiceField(
        label="List", error_messages={"required": "Choose a list", "invalid_choice": "Choose a list"}
    )
    year = forms.ChoiceField(
        label="School year",
        error_messages={
            "required": "Choose a school year",
            "invalid_choice": "Choose a school year from the list",
        },
    )
    purpose = forms.CharField(
        label="What it is for",
        max_length=200,
        help_text="Each student in the list can read it among those who have seen the record",
        error_messages={
            "required": "Enter what the list is for",
            "max_length": "Shorten it to 200 characters or fewer",
        },
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.years = {str(year.first_year): year for year in AcademicYear.objects.order_by("-first_year")}
        years = [(key, str(year)) for key, year in self.years.items()]
        offer(self, "what", [("", "Choose a list"), *rules.lists_to_choose(by)])
        offer(self, "year", [*years, ("all", "All school years")])
        self.fields["year"].initial = str(AcademicYear.objects.current().first_year)

    def save(self, *, by: User) -> ListExport | None:
        """The list that was asked for; None, with words at the field, where it was refused."""
        kind, _dot, form = self.cleaned_data["what"].partition(".")
        year = self.years.get(self.cleaned_data["year"])
        try:
            return actions.ask_for_list(
                kind=kind, form=form, year=year, purpose=self.cleaned_data["purpose"], by=by
            )
        except Refused as refused:
            self.add_error("what", str(refused.refusal))
            return None


class GroupForm(FieldsForm):
    """Whom a letter is to: a group of one's consortium in a school year."""

    group = forms.ChoiceField(
        label="Group", error_messages={"required": "Choose a group", "invalid_choice": "Choose a group"}
    )
    consortium = forms.ChoiceField(
        label="Consortium",
        error_messages={"required": "Choose your consortium", "invalid_choice": "Choose your consortium"},
    )
    year = forms.ChoiceField(
        label="School year",
        error_messages={"required": "Choose a school year", "invalid_choice": "Choose a school year"},
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = Consortium.objects.filter(pk__in=[seat.anchor for seat in seats(by, Role.CONSORTIUM)])
        self.consortia = {str(one.public_id): one for one in own.order_by("name")}
        self.years = {str(year.first_year): year for year in AcademicYear.objects.order_by("-first_year")}
        offer(self, "group", [("", "Choose a group"), *Mailing.Group.choices])
        offer(self, "consortium", [(key, one.name) for key, one in self.consortia.items()])
        offer(self, "year", [(key, str(year)) for key, year in self.years.items()])
        self.fields["year"].initial = str(AcademicYear.objects.current().first_year)

    def save(self, *, by: User) -> Mailing:
        chosen = self.cleaned_data
        return actions.begin_mailing(
            group=chosen["group"],
            consortium=self.consortia[chosen["consortium"]],
            year=self.years[chosen["year"]],
            by=by,
        )


def subject_field(label: str, **kwargs: Any) -> forms.CharField:
    """The subject of a letter."""
    return forms.CharField(
        label=label,
        max_length=120,
        error_messages={
            "required": "Enter a subject",
            "max_length": "Shorten the subject to 120 characters or fewer",
        },
        **kwargs,
    )


def letter_field(label: str, **kwargs: Any) -> forms.CharField:
    """The text of a letter."""
    return forms.CharField(
        label=label,
        max_length=4000,
        widget=forms.Textarea({"rows": 9}),
        error_messages={
            "required": "Write the letter",
            "max_length": "Shorten the letter to 4,000 characters or fewer",
        },
        **kwargs,
    )


class LetterForm(FieldsForm):
    """The words of a letter, in English and if wanted in Spanish. Braces name what SERS fills in."""

    subject = subject_field("Subject")
    text = letter_field("Letter")
    subject_es = subject_field("Subject in Spanish", required=False)
    text_es = letter_field(
        "Letter in Spanish",
        required=False,
        help_text="Whoever reads SERS in Spanish gets this one. Leave both empty to write English to all",
    )

    def __init__(self, data: Any = None, *, letter: Mailing) -> None:
        super().__init__(data, initial={name: getattr(letter, name) for name in self.base_fields})

    def clean(self) -> dict[str, Any]:
        """Names in braces are ones SERS knows; a letter in Spanish is whole."""
        cleaned = self.cleaned_data
        for name, words in list(cleaned.items()):
            unknown = rules.unknown_fields(words)
            if unknown:
                known = ", ".join(f"{{{one}}}" for one in rules.FIELDS)
                self.add_error(name, f"SERS cannot fill in {{{unknown[0]}}}. Use one of {known}")
        if bool(cleaned.get("subject_es")) != bool(cleaned.get("text_es")):
            missing = "text_es" if cleaned.get("subject_es") else "subject_es"
            self.add_error(missing, "Write both the subject and the letter in Spanish, or neither")
        return cleaned
