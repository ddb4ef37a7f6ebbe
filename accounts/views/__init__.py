"""Signing in and out; the language; in the demo state its people and its mailbox."""

from accounts.views.demo import demo_people, mail, mailbox
from accounts.views.languages import choose_language
from accounts.views.signing_in import address_of, sign_in, sign_out

__all__ = ["address_of", "choose_language", "demo_people", "mail", "mailbox", "sign_in", "sign_out"]
