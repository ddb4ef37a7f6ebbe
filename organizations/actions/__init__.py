"""What is done with places and years, grade scales, people's accounts and seats."""

from organizations.actions.answers import answer
from organizations.actions.codes import set_codes
from organizations.actions.files import (
    SAVE_FILE_TASK,
    TO_CORRECT,
    hand_in_file,
    queue_file,
    rows_of_file,
    save_file,
    save_people_file,
    save_queued,
)
from organizations.actions.people import Given, give_access, remind_people, send_link
from organizations.actions.scales import make_scale
from organizations.actions.seats import change_seat, end_seat

__all__ = [
    "SAVE_FILE_TASK",
    "TO_CORRECT",
    "Given",
    "answer",
    "change_seat",
    "end_seat",
    "give_access",
    "hand_in_file",
    "make_scale",
    "queue_file",
    "remind_people",
    "rows_of_file",
    "save_file",
    "save_people_file",
    "save_queued",
    "send_link",
    "set_codes",
]
