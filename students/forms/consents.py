"""A new version of the consent text: heading and text in each language the student pages speak."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout, Submit
from django import forms
from django.conf import settings

from accounts.models import User
from students import actions
from students.models import ConsentText


class ConsentForm(forms.Form):
    """Every language of SERS, each filled with the words in force."""

    def __init__(self, *args: Any, in_force: ConsentText, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fieldsets = []
        for code, name in settings.LANGUAGES:
            wording = in_force.wording(code)
            self.fields[f"heading_{code}"] = forms.CharField(
                label="Heading",
                max_length=120,
                initial=wording.heading,
                error_messages={
                    "required": f"Enter the heading in {name}",
                    "max_length": f"Shorten the heading in {name} to 120 characters or fewer",
                },
                widget=forms.TextInput({"lang": code}),
            )
            self.fields[f"body_{code}"] = forms.CharField(
                label="Text",
                max_length=4000,
                initial=wording.body,
                help_text="An empty line begins a new paragraph.",
                error_messages={
                    "required": f"Enter the text in {name}",
                    "max_length": f"Shorten the text in {name} to 4,000 characters or fewer",
                },
                widget=forms.Textarea({"rows": 8, "lang": code}),
            )
            fieldsets.append(Fieldset(str(name), f"heading_{code}", f"body_{code}"))
        self.helper = FormHelper()
        self.helper.form_class = "s-form"
        self.helper.layout = Layout(
            *fieldsets, Submit("publish", "Publish this text", css_class="btn btn-primary")
        )

    def save(self, *, by: User) -> ConsentText:
        """Publish it; words that are in force already stay the version they are."""
        return actions.publish_consent(
            wordings={
                code: (
                    self.cleaned_data[f"heading_{code}"],
                    self.cleaned_data[f"body_{code}"].replace("\r\n", "\n"),
                )
                for code, _ in settings.LANGUAGES
            },
            by=by,
        )
