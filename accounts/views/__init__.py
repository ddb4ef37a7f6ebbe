"""Signing in and out, by whatever proves who one is; one's own sessions; the demo state's people and mailbox."""

from accounts.views.demo import demo_people, mail, mailbox
from accounts.views.entering import address_of, let_in, origin_of
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
from accounts.views.links import confirm_email, link, security, security_saved, verify
from accounts.views.my_account import (
    change_email,
    change_password,
    change_questions,
    my_account,
    recovery_codes,
)
from accounts.views.openid import connect, openid, openid_return
from accounts.views.recovering import forgot_password, forgot_user_name, mail_sent, new_password, recover
from accounts.views.sending import send_again, sent
from accounts.views.sessions import session, sessions
from accounts.views.signing_in import sign_in, sign_out

__all__ = [
    "address_of",
    "change_email",
    "change_password",
    "change_questions",
    "choose_language",
    "confirm_email",
    "connect",
    "demo_people",
    "forgot_password",
    "forgot_user_name",
    "lately_proved",
    "let_in",
    "link",
    "mail",
    "mail_sent",
    "mailbox",
    "my_account",
    "new_app",
    "new_passkey",
    "new_password",
    "openid",
    "openid_return",
    "origin_of",
    "passkey",
    "prove",
    "recover",
    "recovery_codes",
    "remove_factor",
    "second_factor",
    "second_step",
    "security",
    "security_saved",
    "send_again",
    "sent",
    "session",
    "sessions",
    "sign_in",
    "sign_out",
    "verify",
]
