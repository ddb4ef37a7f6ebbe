"""Credit awarded, the runs that award it, and the transcripts that show it."""

from transcripts.models.awards import AwardSource, CreditAward, CreditAwardQuerySet
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

__all__ = [
    "CODE_LENGTH",
    "CODE_LETTERS",
    "AwardSource",
    "CreditAward",
    "CreditAwardQuerySet",
    "RunItem",
    "RunLine",
    "RunLineQuerySet",
    "Transcript",
    "TranscriptFile",
    "TranscriptQuerySet",
    "TranscriptionRun",
    "TranscriptionRunQuerySet",
    "new_code",
]
