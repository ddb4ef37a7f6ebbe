"""New versions of the texts students and guardians agree to: heading and text in each language SERS speaks."""

from typing import Any, ClassVar

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.conf import settings

from accounts.models import User
from organizations.models import AcademicYear, Consortium
from students import actions, rules
from students.models import ConsentText, ConsentWording


class WordingForm(forms.Form):
    """Every language of SERS, each filled with the words in force. It is looked at before it is published."""

    #: The version the page began with: what somebody else publishes meanwhile is not written over.
    seen = forms.CharField(max_length=20, required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, in_force: ConsentText) -> None:
        super().__init__(data, initial={"seen": in_force.version})
        self.in_force = in_force
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
        self.helper.form_tag = False
        self.helper.layout = Layout("seen", *fieldsets)

    @property
    def wordings(self) -> dict[str, tuple[str, str]]:
        """What was typed, by language."""
        return {
            code: (
                self.cleaned_data[f"heading_{code}"],
                self.cleaned_data[f"body_{code}"].replace("\r\n", "\n"),
            )
            for code, _name in settings.LANGUAGES
        }

    @property
    def says_something_new(self) -> bool:
        """Whether it reads otherwise than the text in force."""
        return any(
            (now.heading, now.body) != self.wordings[now.language]
            for now in map(self.in_force.wording, self.wordings)
        )

    @property
    def preview(self) -> list[ConsentWording]:
        """The words as a reader will see them, language by language; nothing is kept."""
        return [
            ConsentWording(language=code, heading=heading, body=body)
            for code, (heading, body) in self.wordings.items()
        ]


class ConsentForm(WordingForm):
    """A new version of a text of the State: for students, or for parents and guardians."""

    def __init__(self, data: Any = None, *, audience: str) -> None:
        super().__init__(data, in_force=ConsentText.objects.in_force(audience))
        self.audience = ConsentText.Audience(audience)

    def save(self, *, by: User) -> ConsentText:
        """Publish it; words that are in force already stay the version they are."""
        return actions.publish_consent(
            wordings=self.wordings, audience=self.audience, seen=self.cleaned_data["seen"], by=by
        )


class GuardianTextForm(WordingForm):
    """A new version of a consortium's own text for guardians, from a school year on."""

    def __init__(
        self, data: Any = None, *, in_force: ConsentText, consortium: Consortium, year: AcademicYear
    ) -> None:
        super().__init__(data, in_force=in_force)
        self.consortium, self.year = consortium, year

    def save(self, *, by: User) -> ConsentText:
        """Publish it; words that are in force already stay the version they are."""
        return actions.publish_guardian_text(
            consortium=self.consortium,
            year=self.year,
            wordings=self.wordings,
            seen=self.cleaned_data["seen"],
            by=by,
        )


class GuardianTextPage:
    """The text guardians of a consortium's students sign in a year, the one that is being written, and those before."""

    YEARS: ClassVar = (1, 0, -1)

    def __init__(self, consortium: Consortium, year: AcademicYear, user: User, *, data: Any = None) -> None:
        self.consortium, self.year = consortium, year
        self.text = ConsentText.objects.for_guardians(consortium, year)
        self.may_publish = rules.can_publish(user, consortium) and rules.is_open_for_texts(year)
        self.form = GuardianTextForm(data, in_force=self.text, consortium=consortium, year=year)
        self.versions = list(ConsentText.objects.with_signatures(consortium))
        this = AcademicYear.objects.current()
        self.years = [AcademicYear(first_year=this.first_year + more) for more in self.YEARS]
