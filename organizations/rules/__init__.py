"""What the calendar and the grade scale say."""

from organizations.rules.calendar import Calendar, Opening, opening_of
from organizations.rules.scales import read_percent, rounded, scale_row

__all__ = ["Calendar", "Opening", "opening_of", "read_percent", "rounded", "scale_row"]
