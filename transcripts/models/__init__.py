"""Credit awarded, the runs that award it, and the transcripts that show it."""

from sers.lib.codes import new_code  # migrations find the default of a code here
from transcripts.models.awards import AwardSource, CreditAward, CreditAwardQuerySet
from transcripts.models.badges import Badge, BadgeQuerySet
from transcripts.models.identities import (
    CollegeIdentity,
    CollegeIdentityQuerySet,
    IdentityCandidate,
    IdentityConflict,
    IdentityConflictQuerySet,
)
from transcripts.models.imports import SheetImport, SheetImportQuerySet
from transcripts.models.letters import (
    Language,
    Letter,
    LetterFile,
    Letterhead,
    LetterheadQuerySet,
    LetterQuerySet,
    LetterWording,
    LetterWordingQuerySet,
)
from transcripts.models.mailings import (
    PART,
    MailingFile,
    MailingItem,
    MailingItemQuerySet,
    MailingPart,
    PaperMailing,
    PaperMailingQuerySet,
    usual_mail_by,
)
from transcripts.models.plans import TranscriptionPlan
from transcripts.models.repeats import SettledRepeat, SettledRepeatQuerySet, unsettled
from transcripts.models.replacements import SidReplacement, SidReplacementQuerySet
from transcripts.models.requests import TranscriptRequest, TranscriptRequestQuerySet, asked_for
from transcripts.models.runs import (
    RunItem,
    RunLine,
    RunLineQuerySet,
    TranscriptionRun,
    TranscriptionRunQuerySet,
)
from transcripts.models.transcripts import (
    Transcript,
    TranscriptFile,
    TranscriptQuerySet,
    printable,
    sid_in_groups,
)
from transcripts.models.worksheets import (
    CtcLinkCourse,
    PostingEvent,
    PostingEventQuerySet,
    TermActivation,
    WorksheetBatch,
    WorksheetBatchQuerySet,
    WorksheetColumn,
    WorksheetFile,
    WorksheetRow,
    WorksheetRowQuerySet,
)

__all__ = [
    "PART",
    "AwardSource",
    "Badge",
    "BadgeQuerySet",
    "CollegeIdentity",
    "CollegeIdentityQuerySet",
    "CreditAward",
    "CreditAwardQuerySet",
    "CtcLinkCourse",
    "IdentityCandidate",
    "IdentityConflict",
    "IdentityConflictQuerySet",
    "Language",
    "Letter",
    "LetterFile",
    "LetterQuerySet",
    "LetterWording",
    "LetterWordingQuerySet",
    "Letterhead",
    "LetterheadQuerySet",
    "MailingFile",
    "MailingItem",
    "MailingItemQuerySet",
    "MailingPart",
    "PaperMailing",
    "PaperMailingQuerySet",
    "PostingEvent",
    "PostingEventQuerySet",
    "RunItem",
    "RunLine",
    "RunLineQuerySet",
    "SettledRepeat",
    "SettledRepeatQuerySet",
    "SheetImport",
    "SheetImportQuerySet",
    "SidReplacement",
    "SidReplacementQuerySet",
    "TermActivation",
    "Transcript",
    "TranscriptFile",
    "TranscriptQuerySet",
    "TranscriptRequest",
    "TranscriptRequestQuerySet",
    "TranscriptionPlan",
    "TranscriptionRun",
    "TranscriptionRunQuerySet",
    "WorksheetBatch",
    "WorksheetBatchQuerySet",
    "WorksheetColumn",
    "WorksheetFile",
    "WorksheetRow",
    "WorksheetRowQuerySet",
    "asked_for",
    "new_code",
    "printable",
    "sid_in_groups",
    "unsettled",
    "usual_mail_by",
]
