"""In which language a person reads, and whom they ask."""

from django.conf import settings
from django.utils import translation

from accounts.access import HelpDesk, seats
from accounts.models import User


def is_language(code: str) -> bool:
    """One of the languages SERS is written in: those of `LANGUAGES` in the settings."""
    return code in dict(settings.LANGUAGES)


def language_of(person: User | None) -> str:
    """The language a person chose; the first language of SERS for whom has not chosen."""
    if person is not None and is_language(person.language):
        return person.language
    return settings.LANGUAGE_CODE


def language_on_screen() -> str:
    """The language this request is answered in: a person who makes an account keeps it."""
    code = translation.get_language() or ""
    return code if is_language(code) else settings.LANGUAGE_CODE


def help_desk_of(person: User | None) -> HelpDesk | None:
    """Whom a person asks: the consortium of the seat they work as. The State's own staff and consortium staff,
    and whom no consortium is known of, ask the State (None)."""
    desks = [seat.help_desk for seat in seats(person)]
    return next((desk for desk in desks if desk is not None), None)


def help_email_of(person: User | None) -> str:
    """Where answers to mail about a person go: to their consortium, else to the State."""
    desk = help_desk_of(person)
    return desk.email if desk is not None and desk.email else settings.HELP_EMAIL
