"""Credit awarded, the runs that award it, and the transcripts that show it."""

from transcripts.models.awards import AwardSource, CreditAward, CreditAwardQuerySet
from transcripts.models.identities import (
    CollegeIdentity,
    CollegeIdentityQuerySet,
    IdentityCandidate,
    IdentityConflict,
    IdentityConflictQuerySet,
)
from transcripts.models.imports import SheetImport, SheetImportQuerySet
from transcripts.models.plans import TranscriptionPlan
from transcripts.models.requests import TranscriptRequest, TranscriptRequestQuerySet, asked_for
from transcripts.models.runs import (
    RunItem,
    RunLine,
    RunLineQuerySet,
    TranscriptionRun,
    TranscriptionRunQuerySet,
)
from transcripts.models.transcripts import (
    CODE_LENGTH,
    CODE_LETTERS,
    Transcript,
    TranscriptFile,
    TranscriptQuerySet,
    new_code,
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
    "CODE_LENGTH",
    "CODE_LETTERS",
    "AwardSource",
    "CollegeIdentity",
    "CollegeIdentityQuerySet",
    "CreditAward",
    "CreditAwardQuerySet",
    "CtcLinkCourse",
    "IdentityCandidate",
    "IdentityConflict",
    "IdentityConflictQuerySet",
    "PostingEvent",
    "PostingEventQuerySet",
    "RunItem",
    "RunLine",
    "RunLineQuerySet",
    "SheetImport",
    "SheetImportQuerySet",
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
]
