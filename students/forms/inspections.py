"""Requests to inspect a record: what is asked or written down, and the page where one is answered."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from crispy_forms.bootstrap import FormActions
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Hidden, Layout, Submit
from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from sers.lib.days import DayField
from sers.lib.refusal import Refused
from students import actions, rules
from students.forms.fields import text_field
from students.models import Inspection, Student
from students.rules import inspections as rights

MOST: Final = Inspection.MOST_LETTERS
#: The tag of a file that was made to answer, by its state.
FILE_TAG: Final = {"making": "progress", "ready": "done", "removed": "quiet"}


def long_field(
    label: Any, *, help_text: Any = "", missing: Any = "", required: bool = True
) -> forms.CharField:
    """Some sentences, a thousand letters at most."""
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=required,
        max_length=MOST,
        widget=forms.Textarea({"rows": 4, "class": "s-wide"}),
        error_messages={
            "required": missing,
            "max_length": gettext_lazy("Shorten the text to 1,000 letters"),
            "null_characters_not_allowed": gettext_lazy("Type the text again"),
        },
    )


class NewInspectionForm(forms.Form):
    """What a student wants to see or have explained."""

    wish = long_field(
        gettext_lazy("What you want to see or understand"),
        help_text=gettext_lazy("For example: who entered my grade in Welding, and what it means."),
        required=False,
    )
    wants_explained = forms.BooleanField(
        label=gettext_lazy("I want somebody to explain my record to me"), required=False
    )

    def __init__(self, data: Any = None, *, student: Student) -> None:
        super().__init__(data)
        self.student = student

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_class = "s-form"
        helper.layout = Layout(*self.fields, FormActions(Submit("ask", _("Send the request"))))
        return helper

    def save(self, *, by: User) -> Inspection | None:
        """The request; None, with words at the top, where it was refused."""
        try:
            return actions.ask_to_inspect(student=self.student, by=by, **self.cleaned_data)
        except Refused as refused:
            self.add_error(None, str(refused))
            return None


class LetterForm(forms.Form):
    """What staff write down of every letter about rights: who asks, and how that was checked."""

    asker = forms.ChoiceField(
        label="Who asks",
        choices=Inspection.Asker.choices,
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Choose who asks"),
    )
    asker_name = text_field(
        "Name of the parent or guardian", most=150, what="the name", required=False,
        help_text="Only where a parent or guardian asks: about the school’s side of the record, until the student is 18.",
    )  # fmt: skip
    identity = text_field(
        "How you know who asks", most=300, what="how you know who asks",
        help_text="For example: driver license shown at the office; signature compared with the registration form.",
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """A parent has a name."""
        cleaned = self.cleaned_data
        if cleaned.get("asker") == Inspection.Asker.GUARDIAN and not cleaned.get("asker_name"):
            self.add_error("asker_name", "Enter the name of the parent or guardian")
        return cleaned


class EnterInspectionForm(LetterForm):
    """A request that came by letter: who asks, how that was checked, and when it came."""

    received_on = DayField(
        label="Day it came",
        what="the day the request came",
        help_text="The forty-five days count from this day.",
    )
    wish = long_field("What they want to see or have explained", required=False)
    wants_explained = forms.BooleanField(label="They want the record explained", required=False)

    def __init__(self, data: Any = None, *, student: Student) -> None:
        super().__init__(data)
        self.student = student

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_class = "s-form"
        helper.layout = Layout(*self.fields, FormActions(Submit("enter", "Write the request down")))
        return helper

    def clean_received_on(self) -> date:
        day: date = self.cleaned_data["received_on"]
        refusal = rights.why_not_received(day, on=timezone.localdate())
        if refusal is not None:
            raise forms.ValidationError(str(refusal), code=refusal.rule)
        return day

    def save(self, *, by: User) -> Inspection | None:
        """The request; None, with words at who asks, where it was refused."""
        try:
            return actions.enter_inspection(student=self.student, by=by, **self.cleaned_data)
        except Refused as refused:
            self.add_error("asker", str(refused))
            return None


class ActForm(forms.Form):
    """One act of who answers a request; `act` tells the forms of the page apart."""

    act = ""
    label = ""
    filled = False

    def __init__(self, data: Any = None, *, about: Any) -> None:
        super().__init__(data, prefix=self.act)
        self.about = about

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_class = "s-form"
        button = Submit(self.act, self.label, css_class="btn-primary" if self.filled else None)
        helper.layout = Layout(*self.fields, Hidden("chosen", self.act), FormActions(button))
        return helper


class GiveForm(ActForm):
    """How the record was given, where it was not a file in the student's account."""

    act, label = "give", "Note that it was given"
    how = forms.ChoiceField(
        label="How",
        choices=[(one.value, one.label) for one in (Inspection.How.COPY, Inspection.How.SHOWN)],
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Choose how the record was given"),
    )

    def save(self, *, by: User) -> str:
        actions.give_record(inspection=self.about, how=self.cleaned_data["how"], by=by)
        return "It is noted that the record was given."


class ExplainForm(ActForm):
    """What was explained."""

    act, label = "explain", "Note what was explained"
    text = long_field(
        "What was explained, and how",
        missing="Enter what was explained",
        help_text="The student reads it.",
    )

    def save(self, *, by: User) -> str:
        actions.explain_record(inspection=self.about, text=self.cleaned_data["text"], by=by)
        return "It is noted what was explained."


class CloseForm(ActForm):
    """Everything was done."""

    act, label, filled = "close", "Close the request", True

    def save(self, *, by: User) -> str:
        actions.close_inspection(inspection=self.about, by=by)
        return "The request is closed."


class TakeBackForm(ActForm):
    """Who asked by letter took it back."""

    act, label = "take_back", "Note that it was taken back"
    note = text_field("How you know", most=300, what="how you know that it was taken back")

    def save(self, *, by: User) -> str:
        actions.take_back_inspection(inspection=self.about, note=self.cleaned_data["note"], by=by)
        return "It is noted that the request was taken back."


class ActsPage:
    """A page with a form for each act that is open now, of which one may have been sent."""

    act: str
    forms: Mapping[str, ActForm]

    @property
    def sent(self) -> Any:
        """The form that was sent, if there is such a one now."""
        return self.forms.get(self.act)

    def answer(self, *, by: User) -> str:
        """Do what the sent form asks, and say what now stands; empty where words at a field say what is missing."""
        return str(self.sent.save(by=by)) if self.sent.is_valid() else ""


class InspectionPage(ActsPage):
    """A request as who asked follows it, and who answers works on it."""

    def __init__(self, inspection: Inspection, user: User, *, act: str = "", data: Any = None) -> None:
        self.inspection, self.act, today = inspection, act, timezone.localdate()
        self.own = rules.is_own(user, inspection.student)
        self.due = rights.due_in(inspection, today)
        self.next = rights.next_of_inspection(inspection, own=self.own)
        self.steps = rights.steps_of_inspection(inspection)
        self.files = [
            (one, FILE_TAG[one.state], one.state == "ready" and one.reader.pk == user.pk)
            for one in inspection.exports.with_request().latest_first()
        ]
        self.may_take_back = rights.why_not_take_back_inspection(inspection, user) is None
        self.may_make_file = rights.why_not_make_file(inspection, user, on=today) is None
        works = rights.why_not_work_on_inspection(inspection, user) is None
        #: Why nothing is told to who asked any more.
        self.ended = rights.right_ended(inspection.asker, inspection.student, on=today) if works else None
        may: Mapping[type[ActForm], bool] = {
            GiveForm: rights.why_not_give_record(inspection, user, on=today) is None,
            ExplainForm: rights.why_not_explain_record(inspection, user, on=today) is None,
            CloseForm: rights.why_not_close_inspection(inspection, user) is None,
            TakeBackForm: works and self.may_take_back,
        }
        self.forms = {
            kind.act: kind(data if act == kind.act else None, about=inspection)
            for kind, allowed in may.items()
            if allowed
        }
