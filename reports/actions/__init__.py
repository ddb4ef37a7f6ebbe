"""Files of whole records, and figures that are counted, published and taken away."""

from reports.actions.counting import (
    COUNT_TASK,
    ask_to_count,
    count_asked,
    count_figures,
    count_tonight,
    take_figures,
)
from reports.actions.exports import EXPORT_TASK, ask_for_record, make_export, remove_exports, take_export

__all__ = [
    "COUNT_TASK",
    "EXPORT_TASK",
    "ask_for_record",
    "ask_to_count",
    "count_asked",
    "count_figures",
    "count_tonight",
    "make_export",
    "remove_exports",
    "take_export",
    "take_figures",
]
