"""What the calendar and the grade scale say."""

from organizations.rules.calendar import Calendar, Opening, opening_of
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
from organizations.rules.scales import OUT_OF_REACH, least_percent, read_percent, rounded, scale_row

__all__ = [
    "MOST_STEPS",
    "OUT_OF_REACH",
    "Calendar",
    "Opening",
    "Step",
    "can_keep_rules",
    "colleges_in_charge",
    "examples_of",
    "faults_of",
    "least_percent",
    "opening_of",
    "preview_of",
    "read_percent",
    "read_steps",
    "rounded",
    "scale_row",
]
