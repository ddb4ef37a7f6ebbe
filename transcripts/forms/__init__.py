"""What a person may choose or type in transcription."""

from transcripts.forms.identities import DecideForm, EnterSidForm, FindForm, SheetForm
from transcripts.forms.places import Place
from transcripts.forms.plans import ColumnsForm, CourseIdForm, PlanForm
from transcripts.forms.requests import RequestForm
from transcripts.forms.runs import StartForm
from transcripts.forms.verifying import VerifyForm

__all__ = [
    "ColumnsForm",
    "CourseIdForm",
    "DecideForm",
    "EnterSidForm",
    "FindForm",
    "Place",
    "PlanForm",
    "RequestForm",
    "SheetForm",
    "StartForm",
    "VerifyForm",
]
