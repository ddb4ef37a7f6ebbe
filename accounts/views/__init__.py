"""Signing in and out; in the demo state its people and its mailbox."""

from accounts.views.demo import demo_people, mail, mailbox
from accounts.views.signing_in import address_of, sign_in, sign_out

__all__ = ["address_of", "demo_people", "mail", "mailbox", "sign_in", "sign_out"]
