"""What stands at the front door, and what each role finds at home."""

from reports.rules.front import names_in_words, next_deadlines, open_now, window_state, windows_of
from reports.rules.homes import heading_of, work_of

__all__ = [
    "heading_of",
    "names_in_words",
    "next_deadlines",
    "open_now",
    "window_state",
    "windows_of",
    "work_of",
]
