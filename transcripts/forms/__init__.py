"""What a person may choose or type: a college and year to transcribe, a verification code."""

from transcripts.forms.runs import StartForm
from transcripts.forms.verifying import VerifyForm

__all__ = ["StartForm", "VerifyForm"]
