"""The Acknowledgment a receiving college sends back."""

from django import forms
from django.core.exceptions import ValidationError

from accounts.models import User
from transcripts import actions
from transcripts.documents.pesc import MOST_BYTES, Acknowledgment, NotPesc, read_acknowledgment
from transcripts.forms.documents import helped
from transcripts.models import Transcript


class AcknowledgmentForm(forms.Form):
    """A PESC Transcript Acknowledgment, as a file."""

    file = forms.FileField(
        label="Acknowledgment",
        help_text="The XML file the other college has sent.",
        widget=forms.FileInput({"accept": ".xml,application/xml,text/xml"}),
        max_length=200,
        error_messages={
            "required": "Choose the file",
            "missing": "Choose the file",
            "invalid": "Choose the file again",
            "empty": "The file is empty. Choose it again",
            "max_length": "Give the file a shorter name",
        },
    )

    helper = helped("file")

    def clean_file(self) -> Acknowledgment:
        """What the file says; nothing of it is fetched or filled in."""
        upload = self.cleaned_data["file"]
        if upload.size > MOST_BYTES:
            raise ValidationError("The file is larger than half a megabyte. No Acknowledgment is")
        try:
            return read_acknowledgment(upload.read())
        except NotPesc as error:
            raise ValidationError(str(error)) from None

    def save(self, *, transcript: Transcript, by: User) -> None:
        """Keep it with the transcript; Refused when it is about another one."""
        actions.acknowledge(transcript=transcript, acknowledgment=self.cleaned_data["file"], by=by)
