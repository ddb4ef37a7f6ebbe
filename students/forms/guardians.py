"""What is typed about a parent or guardian, and what they type themselves."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from students import actions, rules
from students.forms.fields import email_field, text_field
from students.models import ConsentText, GuardianAnswer, GuardianLink, Student


class AskGuardianForm(forms.Form):
    """Where the guardian is reached, to have the link mailed."""

    guardian_name = text_field(
        _("Name of the parent or guardian"), most=150, what=_("the name"), required=False,
        attrs={"autocomplete": "off"},
    )  # fmt: skip
    guardian_email = email_field(
        label=_("E-mail of the parent or guardian"), missing=_("Enter the e-mail of the parent or guardian")
    )
    guardian_language = forms.ChoiceField(
        label=_("Language they read best"),
        choices=[("", _("Choose a language")), *Student.Language.choices],
        required=False,
        help_text=_("We write in English or Spanish for now."),
        error_messages={"invalid_choice": _("Choose a language from the list")},
    )

    def __init__(self, data: Any = None, *, student: Student) -> None:
        names = ("guardian_name", "guardian_email", "guardian_language")
        super().__init__(data, initial={name: getattr(student, name) for name in names})
        self.student = student

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_class = "s-form"
        helper.layout = Layout(
            "guardian_name",
            "guardian_email",
            "guardian_language",
            Submit("send", _("Send the link"), css_class="btn btn-primary"),
        )
        return helper

    def clean_guardian_email(self) -> str:
        address: str = self.cleaned_data["guardian_email"]
        refusal = rules.why_not_address(self.student, address)
        if refusal is not None:
            raise forms.ValidationError(str(refusal))
        return address

    def save(self, *, by: User) -> list[GuardianLink]:
        asked = self.cleaned_data
        actions.keep_guardian(
            student=self.student,
            name=asked["guardian_name"],
            email=asked["guardian_email"],
            language=asked["guardian_language"],
            by=by,
        )
        return actions.ask_guardian(student=self.student, by=by)


#: The sentence beside the box: it is kept with the signature, word for word.
SIGNS = _("I am a parent or guardian of this student. I have read the text above, and I agree.")
DECLINES = _("I do not agree. No college credit is given for these classes without me.")


class GuardianForm(forms.Form):
    """A guardian's answer: the intent by a choice, the signature by typing the name."""

    answer = forms.ChoiceField(
        label=_("Your answer"),
        choices=[(GuardianAnswer.Answer.SIGNED.value, SIGNS), (GuardianAnswer.Answer.DECLINED.value, DECLINES)],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the two answers"), "invalid_choice": _("Choose one of the two answers")},
    )  # fmt: skip
    name = text_field(
        _("Your full name"),
        most=150,
        what=_("your full name"),
        help_text=_("Typing your name here is your signature."),
        attrs={"autocomplete": "name"},
    )
    version = forms.CharField(max_length=20, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, text: ConsentText) -> None:
        #: The version that was on the screen; the page that comes next shows the one in force.
        self.was = text.version if data is None else str(data.get("version", ""))[:20]
        if data is not None:
            data = data.copy()
            data["version"] = text.version
        super().__init__(data, initial={"version": text.version})

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_class = "s-form"
        helper.layout = Layout(
            "answer", "name", "version", Submit("send", _("Send my answer"), css_class="btn btn-primary")
        )
        return helper

    def save(self, *, token: str) -> GuardianAnswer:
        asked = self.cleaned_data
        words = SIGNS if asked["answer"] == GuardianAnswer.Answer.SIGNED else DECLINES
        return actions.answer_guardian_link(
            token=token,
            answer=asked["answer"],
            name=asked["name"],
            words=str(words),
            shown=self.was,
            language=get_language() or "en",
        )
