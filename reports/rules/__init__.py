"""What stands at the front door, what each role finds at home, and everything SERS holds about a student."""

from reports.rules.copying import Copied, Copier, plain
from reports.rules.exports import (
    EXPORTS_WITHIN,
    can_take_export,
    export_row,
    progress_in_words,
    size_in_words,
    why_not_ask,
    why_not_reason,
    why_not_take,
)
from reports.rules.front import names_in_words, next_deadlines, open_now, window_state, windows_of
from reports.rules.holdings import LEFT_OUT, TABLES, Holder, Table, tables_for
from reports.rules.homes import heading_of, work_of

__all__ = [
    "EXPORTS_WITHIN",
    "LEFT_OUT",
    "TABLES",
    "Copied",
    "Copier",
    "Holder",
    "Table",
    "can_take_export",
    "export_row",
    "heading_of",
    "names_in_words",
    "next_deadlines",
    "open_now",
    "plain",
    "progress_in_words",
    "size_in_words",
    "tables_for",
    "why_not_ask",
    "why_not_reason",
    "why_not_take",
    "window_state",
    "windows_of",
    "work_of",
]
