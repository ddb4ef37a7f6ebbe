"""What the calendar and the grade scale say, and what SERS answers from them."""

from organizations.rules.answers import (
    Answer,
    Dates,
    Facts,
    answers,
    can_answer_for,
    dates_of,
    facts_of,
    fee_in_words,
    fees_in_words,
    language_asked,
    languages,
    scale_in_rows,
    usual_answer,
    window_in_words,
    worth,
)
from organizations.rules.calendar import Calendar, Opening, opening_of
from organizations.rules.scales import OUT_OF_REACH, least_percent, read_percent, rounded, scale_row

__all__ = [
    "OUT_OF_REACH",
    "Answer",
    "Calendar",
    "Dates",
    "Facts",
    "Opening",
    "answers",
    "can_answer_for",
    "dates_of",
    "facts_of",
    "fee_in_words",
    "fees_in_words",
    "language_asked",
    "languages",
    "least_percent",
    "opening_of",
    "read_percent",
    "rounded",
    "scale_in_rows",
    "scale_row",
    "usual_answer",
    "window_in_words",
    "worth",
]
