"""What a student ticks to ask for transcription."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from sers.lib.choices import offer
from students.models import Registration
from transcripts import actions
from transcripts.models import TranscriptRequest


class RequestForm(forms.Form):
    """Which classes, and that the student has read what becomes permanent."""

    registration = forms.MultipleChoiceField(
        error_messages={
            "required": _("Tick at least one class"),
            "invalid_choice": _("Tick classes of this page"),
            "invalid_list": _("Tick classes of this page"),
        }
    )
    consent = forms.BooleanField(
        label=_("I have read this, and I ask the college to put these classes on my permanent record"),
        error_messages={"required": _("Tick that you have read what becomes permanent")},
    )

    def __init__(self, data: Any = None, *, open_to: Sequence[Registration]) -> None:
        super().__init__(data)
        self.by_key = {str(one.public_id): one for one in open_to}
        offer(self, "registration", [(key, one.high_school_course.title) for key, one in self.by_key.items()])
        self.ticked = set(data.getlist("registration")) if data is not None else set()

    def save(self, *, by: User) -> list[TranscriptRequest]:
        """Ask for all that are ticked, or for none; Refused when one of them can no longer be asked for."""
        return actions.request_transcription(
            registrations=[self.by_key[key] for key in self.cleaned_data["registration"]], by=by
        )
