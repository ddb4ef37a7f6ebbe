"""What is done with students: by noun, under one name."""

from students.actions.accounts import (
    TWINS_TASK,
    confirm_email,
    count_new_account,
    create_student,
    is_open_link,
    new_confirm_url,
    new_sers_id,
    send_link,
)
from students.actions.addresses import approve_address, refuse_address
from students.actions.codes import find_class
from students.actions.consents import publish_consent
from students.actions.disclosing import (
    PurposeMissing,
    Shown,
    count_statewide_search,
    disclose,
    open_record,
    search_beyond,
    session_mark,
    state_purpose,
)
from students.actions.files import (
    SAVE_STUDENTS_TASK,
    forget_student_files,
    hand_in_students,
    rows_of_students,
    save_student_file,
    save_students,
)
from students.actions.paper import choose_paper, note_death
from students.actions.records import Clashed, Edited, edit_student
from students.actions.registrations import (
    REFERENCE_LETTERS,
    Wanted,
    change_college,
    change_teacher,
    hand_on_fees,
    new_reference,
    process_requirements,
    register,
    register_classes,
    terms_and_fee,
    withdraw,
)
from students.actions.resetting import reset_account
from students.actions.twins import find_twins, keep_twins, put_back, recognize_twins, tell_apart

__all__ = [
    "REFERENCE_LETTERS",
    "SAVE_STUDENTS_TASK",
    "TWINS_TASK",
    "Clashed",
    "Edited",
    "PurposeMissing",
    "Shown",
    "Wanted",
    "approve_address",
    "change_college",
    "change_teacher",
    "choose_paper",
    "confirm_email",
    "count_new_account",
    "count_statewide_search",
    "create_student",
    "disclose",
    "edit_student",
    "find_class",
    "find_twins",
    "forget_student_files",
    "hand_in_students",
    "hand_on_fees",
    "is_open_link",
    "keep_twins",
    "new_confirm_url",
    "new_reference",
    "new_sers_id",
    "note_death",
    "open_record",
    "process_requirements",
    "publish_consent",
    "put_back",
    "recognize_twins",
    "refuse_address",
    "register",
    "register_classes",
    "reset_account",
    "rows_of_students",
    "save_student_file",
    "save_students",
    "search_beyond",
    "send_link",
    "session_mark",
    "state_purpose",
    "tell_apart",
    "terms_and_fee",
    "withdraw",
]
