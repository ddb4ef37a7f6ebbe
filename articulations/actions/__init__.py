"""Agreements and classes are entered, and requests to articulate go their way, each act with the event that says by whom."""

from articulations.actions.agreements import (
    NewCourse,
    enter_articulation,
    enter_section,
    in_catalog,
    new_agreement_number,
    search_words,
)
from articulations.actions.assurances import (
    countersign,
    remind_of_assurances,
    remind_teachers,
    sign_assurances,
    write_assurance_text,
)
from articulations.actions.deciding import (
    Row,
    deny_step,
    enter_request,
    keep_matrix,
    pass_review,
    pass_screening,
    return_step,
    set_plan,
    sign_step,
)
from articulations.actions.requesting import (
    add_file,
    hand_in,
    save_answers,
    start_request,
    take_file_out,
    withdraw_request,
    write_message,
)
from articulations.actions.rollovers import (
    Edit,
    change_teachers,
    hand_over,
    roll_over,
    undo_rollover,
)

__all__ = [
    "Edit",
    "NewCourse",
    "Row",
    "add_file",
    "change_teachers",
    "countersign",
    "deny_step",
    "enter_articulation",
    "enter_request",
    "enter_section",
    "hand_in",
    "hand_over",
    "in_catalog",
    "keep_matrix",
    "new_agreement_number",
    "pass_review",
    "pass_screening",
    "remind_of_assurances",
    "remind_teachers",
    "return_step",
    "roll_over",
    "save_answers",
    "search_words",
    "set_plan",
    "sign_assurances",
    "sign_step",
    "start_request",
    "take_file_out",
    "undo_rollover",
    "withdraw_request",
    "write_assurance_text",
    "write_message",
]
