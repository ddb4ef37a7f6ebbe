"""A verification code as people read it from paper, and the file itself."""

from typing import ClassVar

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Layout
from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from sers.lib.codes import CODE_LENGTH, read_code
from transcripts import actions


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
        code = read_code(typed)
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


class CheckFileForm(forms.Form):
    """The file of a document, as it was received."""

    MOST: ClassVar = 5 * 1024 * 1024

    file = forms.FileField(
        label=_("PDF file"),
        help_text=_("The file as you received it, up to 5 MB. SERS does not keep it."),
        widget=forms.FileInput({"accept": "application/pdf"}),
        max_length=500,
        error_messages={
            "required": _("Choose the file"),
            "missing": _("Choose the file"),
            "invalid": _("Choose the file again"),
            "empty": _("The file is empty. Choose it again"),
            "max_length": _("Give the file a shorter name"),
        },
    )

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_action = reverse_lazy("transcripts:check_file")
        helper.form_class = "s-form"
        helper.attrs = {"novalidate": ""}
        helper.layout = Layout(
            "file",
            HTML(
                '<div class="s-buttons"><button class="btn">{% translate "Check the file" %}</button></div>'
            ),
        )
        return helper

    def clean_file(self) -> bytes:
        """The bytes of a PDF of a size that a document of ours may have."""
        upload = self.cleaned_data["file"]
        if upload.size > self.MOST:
            raise forms.ValidationError(
                _("The file is larger than 5 MB. No document of SERS is; check it by its code")
            )
        content: bytes = upload.read()
        if not content.startswith(b"%PDF-"):
            raise forms.ValidationError(
                _("The file is not a PDF. A photo or a scan is checked by the code that is printed on it")
            )
        return content

    def save(self, *, address: str) -> actions.CheckedFile:
        """Judge it; Refused when there were too many from this network."""
        return actions.check_file(content=self.cleaned_data["file"], address=address)
