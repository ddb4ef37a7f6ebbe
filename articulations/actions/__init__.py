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
from articulations.actions.classes import change_class
from articulations.actions.courses import add_course, change_course, hand_in_courses, save_courses
from articulations.actions.credentials import (
    change_credential,
    list_credential,
    say_preparation,
)
from articulations.actions.deciding import (
    Row,
    deny_step,
    enter_request,
    keep_matrix,
    pass_review,
    pass_screening,
    prepare_request,
    return_step,
    set_plan,
    sign_step,
)
from articulations.actions.papers import keep_document, make_agreement_document
from articulations.actions.partners import set_partners, write_wording
from articulations.actions.requesting import (
    add_file,
    hand_in,
    model_on,
    save_answers,
    start_request,
    take_file_out,
    withdraw_request,
    write_message,
)
from articulations.actions.reviewing import remind_of_reviews, review_agreement
from articulations.actions.rollovers import Edit, change_teachers, hand_over, roll_over, undo_rollover
from articulations.actions.signing import (
    DOCUMENT_TASK,
    decline_by_link,
    decline_text,
    remind_of_signatures,
    send_link_again,
    sign_by_link,
    sign_text,
    signers_of,
)
from articulations.actions.signing_links import look_at_signing_link, new_signing_link
from articulations.actions.texts import call_back, prepare_text, revise_text, send_out, terminate_agreement

__all__ = [
    "DOCUMENT_TASK",
    "Edit",
    "NewCourse",
    "Row",
    "add_course",
    "add_file",
    "call_back",
    "change_class",
    "change_course",
    "change_credential",
    "change_teachers",
    "countersign",
    "decline_by_link",
    "decline_text",
    "deny_step",
    "enter_articulation",
    "enter_request",
    "enter_section",
    "hand_in",
    "hand_in_courses",
    "hand_over",
    "in_catalog",
    "keep_document",
    "keep_matrix",
    "list_credential",
    "look_at_signing_link",
    "make_agreement_document",
    "model_on",
    "new_agreement_number",
    "new_signing_link",
    "pass_review",
    "pass_screening",
    "prepare_request",
    "prepare_text",
    "remind_of_assurances",
    "remind_of_reviews",
    "remind_of_signatures",
    "remind_teachers",
    "return_step",
    "review_agreement",
    "revise_text",
    "roll_over",
    "save_answers",
    "save_courses",
    "say_preparation",
    "search_words",
    "send_link_again",
    "send_out",
    "set_partners",
    "set_plan",
    "sign_assurances",
    "sign_by_link",
    "sign_step",
    "sign_text",
    "signers_of",
    "start_request",
    "take_file_out",
    "terminate_agreement",
    "undo_rollover",
    "withdraw_request",
    "write_assurance_text",
    "write_message",
    "write_wording",
]
