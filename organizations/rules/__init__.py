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
from organizations.rules.new_scales import (
    MOST_STEPS,
    Step,
    can_keep_rules,
    colleges_in_charge,
    examples_of,
    faults_of,
    preview_of,
    read_steps,
)
from organizations.rules.scales import read_percent, rounded, scale_row
    "MOST_STEPS",
    "Step",
    "can_keep_rules",
    "colleges_in_charge",
    "examples_of",
    "faults_of",
    "preview_of",
    "read_steps",
    "rounded",
    "scale_row",
]
