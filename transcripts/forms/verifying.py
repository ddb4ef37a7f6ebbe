"""A verification code, as people read it from paper."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from transcripts import rules
from transcripts.models import CODE_LENGTH


class VerifyForm(forms.Form):
    """The code on a transcript, as people read it from paper."""

    code = forms.CharField(
        label=_("Verification code"),
        help_text=_(
            "26 letters and digits, at the end of the transcript. Small letters, spaces and hyphens do no harm."
        ),
        max_length=200,
        error_messages={
            "required": _("Enter the code of the transcript"),
            "max_length": _("A code has 26 letters and digits. Enter the code alone"),
        },
        widget=forms.TextInput(
            {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "class": "s-wide"}
        ),
    )

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_method = "get"
        helper.form_class = "s-form"
        helper.layout = Layout(
            "code",
            HTML(
                '<div class="s-buttons"><button class="btn btn-primary">{% translate "Check" %}</button></div>'
            ),
        )
        return helper

    def clean_code(self) -> str:
        typed: str = self.cleaned_data["code"]
        code = rules.read_code(typed)
        if not code:
            count = sum(character.isalnum() for character in typed)
            raise forms.ValidationError(
                _("A code has {number} letters and digits, never the letter U. You typed {typed}").format(
                    number=CODE_LENGTH, typed=count
                )
                if count != CODE_LENGTH
                else _("A code has digits and the letters A to Z without U. Compare it with the paper again")
            )
        return code
