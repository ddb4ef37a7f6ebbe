"""Signing in and out, by whatever proves who one is; one's own sessions; the demo state's people and mailbox."""

from accounts.views.demo import demo_people, mail, mailbox
from accounts.views.entering import address_of, let_in
from accounts.views.factors import (
    lately_proved,
    new_app,
    new_passkey,
    passkey,
    prove,
    remove_factor,
    second_factor,
    second_step,
)
from accounts.views.languages import choose_language
from accounts.views.openid import connect, openid, openid_return
from accounts.views.sessions import session, sessions
from accounts.views.signing_in import sign_in, sign_out

__all__ = [
    "address_of",
    "choose_language",
    "connect",
    "demo_people",
    "lately_proved",
    "let_in",
    "mail",
    "mailbox",
    "new_app",
    "new_passkey",
    "openid",
    "openid_return",
    "passkey",
    "prove",
    "remove_factor",
    "second_factor",
    "second_step",
    "session",
    "sessions",
    "sign_in",
    "sign_out",
]
