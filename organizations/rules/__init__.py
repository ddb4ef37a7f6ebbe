"""What the calendar and the grade scale say."""

from organizations.rules.calendar import Calendar, Opening, opening_of
from organizations.rules.scales import OUT_OF_REACH, least_percent, read_percent, rounded, scale_row

__all__ = [
    "OUT_OF_REACH",
    "Calendar",
    "Opening",
    "least_percent",
    "opening_of",
    "read_percent",
    "rounded",
    "scale_row",
]
