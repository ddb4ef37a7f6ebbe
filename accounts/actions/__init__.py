"""What is done with accounts, and the outbox every other app writes its mail and jobs into."""

from accounts.actions.events import record_event
from accounts.actions.languages import choose_language
from accounts.actions.limits import count_try
from accounts.actions.links import LINK_IS_OVER, end_links, find_link, hash_token, new_link, use_link
from accounts.actions.outbox import (
    SEND_MAIL_TASK,
    keep,
    nudge,
    put_off,
    queue_job,
    queue_mail,
    send_mail,
    sweep,
    take,
    work_on,
)
from accounts.actions.sessions import end_other_sessions, end_session
from accounts.actions.signing_in import new_user_name, recognize

__all__ = [
    "LINK_IS_OVER",
    "SEND_MAIL_TASK",
    "choose_language",
    "count_try",
    "end_links",
    "end_other_sessions",
    "end_session",
    "find_link",
    "hash_token",
    "keep",
    "new_link",
    "new_user_name",
    "nudge",
    "put_off",
    "queue_job",
    "queue_mail",
    "recognize",
    "record_event",
    "send_mail",
    "sweep",
    "take",
    "use_link",
    "work_on",
]
