"""What a registrar types for documents: reasons, the letterhead, the words of letters, what stops mail."""

from base64 import b64decode
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout, Row
from django import forms
from django.core.exceptions import ValidationError

from accounts.models import User
from organizations.models import College
from sers.lib.confined import Limits, TooMuch, confined
from sers.lib.days import DayField
from students.actions import choose_paper, note_death
from students.models import Student
from students.rules import can_choose_paper, can_note_death
from transcripts import actions, documents
from transcripts.models import Letterhead, LetterWording, Transcript

#: A logo is a small picture: what a print shop hands out is larger than it needs to be.
MOST_LOGO_BYTES = 2 * 1024 * 1024
#: It is drawn anew at this size at most: 1.3 by 0.8 inches at 400 dots an inch.
LOGO_SIZE = {"width": 520, "height": 320}


def line(label: str, *, most: int, what: str, required: bool = True, **kwargs: Any) -> forms.CharField:
    """A line of text; `what` names it in errors."""
    return forms.CharField(
        label=label,
        max_length=most,
        required=required,
        error_messages={
            "required": f"Enter {what}",
            "max_length": f"Shorten {what} to {most} characters or fewer",
            "null_characters_not_allowed": f"Type {what} again",
        },
        widget=forms.TextInput({"spellcheck": "true", "maxlength": None}),
        **kwargs,
    )


def text(
    label: str, *, most: int, what: str, rows: int, required: bool = True, **kwargs: Any
) -> forms.CharField:
    """A text of several lines; `what` names it in errors."""
    return forms.CharField(
        label=label,
        max_length=most,
        required=required,
        error_messages={
            "required": f"Enter {what}",
            "max_length": f"Shorten {what} to {most} characters or fewer",
            "null_characters_not_allowed": f"Type {what} again",
        },
        widget=forms.Textarea({"rows": rows, "maxlength": None}),
        **kwargs,
    )


def helped(*layout: Any) -> FormHelper:
    """The layout of a form whose <form> and buttons are the page's."""
    helper = FormHelper()
    helper.form_tag = False
    helper.layout = Layout(*layout)
    return helper


class ReissueForm(forms.Form):
    """Why a transcript and its letter are issued anew. The student reads it."""

    reason = line(
        "Reason",
        most=300,
        what="the reason",
        help_text="The student reads it, for example: Your legal name was corrected",
    )

    def __init__(self, *args: Any, transcript: Transcript, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.transcript = transcript
        self.helper = helped("reason")

    def save(self, *, by: User) -> None:
        """Ask for the new issue; Refused when it cannot be made."""
        actions.ask_for_new_issue(transcript=self.transcript, reason=self.cleaned_data["reason"], by=by)


class RevokeForm(ReissueForm):
    """Why a transcript is taken back. The student reads it; whoever checks the document does not."""

    reason = line(
        "Reason",
        most=300,
        what="the reason",
        help_text="The student reads it, for example: It was sent to the wrong address. Credit itself is taken back by a Grade Change",
    )

    def save(self, *, by: User) -> None:
        """Revoke it; Refused when it is revoked already."""
        actions.revoke_transcript(transcript=self.transcript, reason=self.cleaned_data["reason"], by=by)


class PaperForm(forms.Form):
    """What stops letters to a student; only what this person may say is asked."""

    no_paper = forms.BooleanField(label="No letters on paper", required=False)
    died_on = DayField(
        label="Date of death",
        what="the date of death",
        required=False,
        help_text="Nothing is mailed or sent any more. Leave it empty to take a mistaken note back.",
    )

    def __init__(self, *args: Any, student: Student, user: User, **kwargs: Any) -> None:
        self.student = student
        kwargs["initial"] = {"no_paper": student.no_paper, "died_on": student.died_on}
        super().__init__(*args, **kwargs)
        if not can_choose_paper(user, student):
            del self.fields["no_paper"]
        if not can_note_death(user, student):
            del self.fields["died_on"]
        self.helper = helped(*self.fields)

    def save(self, *, by: User) -> None:
        """Save what was changed; Refused when it cannot be."""
        data = self.cleaned_data
        if "died_on" in self.fields:
            note_death(student=self.student, on=data["died_on"], by=by)
        if "no_paper" in self.fields:
            choose_paper(student=self.student, wanted=not data["no_paper"], by=by)


class LetterheadForm(forms.Form):
    """Name, address, phone, signer and logo of a college's documents."""

    office = line("Office", most=80, what="the office", required=False, help_text="Office of the Registrar")
    street = line("Street address", most=120, what="the street address")
    city = line("City", most=60, what="the city")
    state = line("State", most=20, what="the state")
    postal_code = line("ZIP code", most=10, what="the ZIP code")
    phone = line("Phone", most=30, what="the phone", required=False)
    signer_name = line(
        "Signer", most=80, what="the signer", required=False, help_text="Who signs the letters"
    )
    signer_title = line("Title of the signer", most=80, what="the title", required=False)
    signer_title_es = line(
        "Title of the signer in Spanish", most=80, what="the title in Spanish", required=False
    )
    logo = forms.FileField(
        label="Logo",
        required=False,
        help_text="A PNG or JPEG picture, up to 2 MB. It stands left of the college’s name.",
        widget=forms.FileInput({"accept": "image/png,image/jpeg"}),
        error_messages={
            "empty": "The picture is empty. Choose it again",
            "invalid": "Choose the picture again",
            "missing": "Choose the picture again",
            "max_length": "Give the picture a shorter name",
        },
        max_length=200,
    )
    no_logo = forms.BooleanField(label="Take the logo away", required=False)

    def __init__(self, *args: Any, college: College, letterhead: Letterhead | None, **kwargs: Any) -> None:
        self.college, self.letterhead = college, letterhead
        names = [name for name in self.base_fields if name not in ("logo", "no_logo")]
        kwargs["initial"] = (
            {name: getattr(letterhead, name) for name in names} if letterhead else {"state": "Washington"}
        )
        super().__init__(*args, **kwargs)
        if not (letterhead and letterhead.logo):
            del self.fields["no_logo"]
        self.helper = helped(
            Fieldset(
                "Where the college is", "office", "street", Row("city", "state", "postal_code"), "phone"
            ),
            Fieldset("Who signs the letters", "signer_name", "signer_title", "signer_title_es"),
            Fieldset("Logo", *(name for name in ("logo", "no_logo") if name in self.fields)),
        )

    def clean_logo(self) -> bytes | None:
        """The picture, drawn anew by a process that can do little else."""
        upload = self.cleaned_data["logo"]
        if upload is None:
            return None
        if upload.size > MOST_LOGO_BYTES:
            raise ValidationError("The picture is larger than 2 MB. Save it smaller")
        try:
            drawn = confined(
                "sers.lib.pictures:redrawn", upload.read(), limits=Limits(answer=1024 * 1024), **LOGO_SIZE
            )
        except TooMuch:
            raise ValidationError("The picture cannot be read. Save it anew as PNG") from None
        if why := drawn.get("why"):
            raise ValidationError(
                {
                    "kind": "The file is not a PNG or JPEG picture. Save it as one of these",
                    "size": "The picture is larger than 4,000 pixels a side. Save it smaller",
                    "broken": "The picture is damaged. Save it anew as PNG",
                }[why]
            )
        return b64decode(drawn["png"])

    def save(self, *, by: User) -> Letterhead:
        """Save the letterhead."""
        data = dict(self.cleaned_data)
        logo, no_logo = data.pop("logo"), data.pop("no_logo", False)
        return actions.save_letterhead(
            college=self.college, facts=data, logo=logo, keep_logo=not no_logo, by=by
        )


class WordingForm(forms.Form):
    """The four parts of a letter. Fields in braces are filled in by SERS; the list of them is closed."""

    heading = line("Heading", most=120, what="the heading")
    opening = text(
        "Opening",
        most=1500,
        rows=5,
        what="the opening",
        help_text="Stands above the table of courses. An empty line begins a new paragraph.",
    )
    steps = text(
        "What the student can do now",
        most=1500,
        rows=6,
        what="the steps",
        required=False,
        help_text="One step a line. The first sentence of a step is printed bold.",
    )
    closing = text("Closing", most=1500, rows=6, what="the closing", required=False)

    def __init__(
        self, *args: Any, college: College, language: str, latest: LetterWording | None, **kwargs: Any
    ) -> None:
        self.college, self.language = college, language
        words = actions.words_of(latest, language)
        kwargs["initial"] = {name: getattr(words, name) for name in self.base_fields}
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["lang"] = language
        self.helper = helped("heading", "opening", "steps", "closing")

    def clean(self) -> dict[str, Any]:
        """Every part names only fields there are."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for name in list(data):
            data[name] = "\n".join(row.rstrip() for row in data[name].splitlines())
            if unknown := documents.unknown_fields(data[name]):
                listed = ", ".join(
                    "{" + word + "}" if word != "{" else "a single brace" for word in unknown[:3]
                )
                self.add_error(name, f"{listed} is no field of a letter. Take one from the list")
        return data

    @property
    def words(self) -> documents.Wording:
        """What was typed, as a letter says it."""
        return documents.Wording(**{name: self.cleaned_data[name] for name in self.base_fields})

    def save(self, *, by: User) -> LetterWording:
        """Keep it as a new version."""
        return actions.save_wording(college=self.college, language=self.language, wording=self.words, by=by)
