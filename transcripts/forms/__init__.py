"""What a person may choose or type in transcription."""

from transcripts.forms.badges import BadgeForm
from transcripts.forms.documents import LetterheadForm, PaperForm, ReissueForm, RevokeForm, WordingForm
from transcripts.forms.exchange import AcknowledgmentForm
from transcripts.forms.identities import DecideForm, EnterSidForm, FindForm, SheetForm
from transcripts.forms.mailings import MailedForm, StartMailingForm
from transcripts.forms.merging import MergeForm, TwoRecordsForm, UndoMergeForm
from transcripts.forms.places import Place
from transcripts.forms.plans import ColumnsForm, CourseIdForm, PlanForm
from transcripts.forms.replacements import STATE_TAG, ReplacementPage, ReplaceSidForm
from transcripts.forms.requests import RequestForm
from transcripts.forms.runs import StartForm
from transcripts.forms.verifying import CheckFileForm, VerifyForm

__all__ = [
    "STATE_TAG",
    "AcknowledgmentForm",
    "BadgeForm",
    "CheckFileForm",
    "ColumnsForm",
    "CourseIdForm",
    "DecideForm",
    "EnterSidForm",
    "FindForm",
    "LetterheadForm",
    "MailedForm",
    "MergeForm",
    "PaperForm",
    "Place",
    "PlanForm",
    "ReissueForm",
    "ReplaceSidForm",
    "ReplacementPage",
    "RequestForm",
    "RevokeForm",
    "SheetForm",
    "StartForm",
    "StartMailingForm",
    "TwoRecordsForm",
    "UndoMergeForm",
    "VerifyForm",
    "WordingForm",
]
