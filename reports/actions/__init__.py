"""Files of whole records, lists that are taken away, and figures that are counted, published and taken away."""

from reports.actions.counting import (
    COUNT_TASK,
    ask_to_count,
    count_asked,
    count_figures,
    count_state_years,
    count_tonight,
    take_figures,
    take_standing,
)
from reports.actions.exports import (
    EXPORT_TASK,
    answer_with_record,
    ask_for_record,
    make_export,
    remove_exports,
    take_export,
)
from reports.actions.lists import LIST_TASK, ask_for_list, make_list, remove_lists, take_list
from reports.actions.mailings import (
    MAILING_TASK,
    begin_mailing,
    deliver_mailing,
    send_mailing,
    stop_letters,
    try_mailing,
    write_mailing,
)
from reports.actions.operations import forget_slow_pages, note_backup, note_slow_page, resume_job, watch

__all__ = [
    "COUNT_TASK",
    "EXPORT_TASK",
    "LIST_TASK",
    "MAILING_TASK",
    "answer_with_record",
    "ask_for_list",
    "ask_for_record",
    "ask_to_count",
    "begin_mailing",
    "count_asked",
    "count_figures",
    "count_state_years",
    "count_tonight",
    "deliver_mailing",
    "forget_slow_pages",
    "make_export",
    "make_list",
    "note_backup",
    "note_slow_page",
    "remove_exports",
    "remove_lists",
    "resume_job",
    "send_mailing",
    "stop_letters",
    "take_export",
    "take_figures",
    "take_list",
    "take_standing",
    "try_mailing",
    "watch",
    "write_mailing",
]
