"""What is done with students: by noun, under one name."""

from students.actions.accounts import (
    confirm_email,
    count_new_account,
    create_student,
    edit_student,
    hash_token,
    is_open_link,
    new_confirm_url,
    new_sers_id,
    send_link,
)
from students.actions.registrations import (
    CONSENT_VERSION,
    REFERENCE_LETTERS,
    change_teacher,
    hand_on_fees,
    new_reference,
    process_requirements,
    register,
    withdraw,
)

__all__ = [
    "CONSENT_VERSION",
    "REFERENCE_LETTERS",
    "change_teacher",
    "confirm_email",
    "count_new_account",
    "create_student",
    "edit_student",
    "hand_on_fees",
    "hash_token",
    "is_open_link",
    "new_confirm_url",
    "new_reference",
    "new_sers_id",
    "process_requirements",
    "register",
    "send_link",
    "withdraw",
]
