"""The way back into an account: what is asked, how often, by which address, and when somebody else must wait."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.access import Role, all_seats, has_role
from accounts.models import (
    AuthenticatorApp,
    EmailChange,
    MailedLink,
    Question,
    RateLimit,
    RecoveryCode,
    SecurityAnswer,
    User,
)
from accounts.rules.factors import has_factor
from sers.lib.folding import fold
from sers.lib.moments import day, moment
from sers.lib.refusal import Refusal

#: Letters an answer needs when case, accents and signs are taken away: a name can be short.
LEAST_OF_ANSWER: Final = 2
#: Answers that do not fit, of one account in a day, wherever they come from. Nobody can shut out another by it: the
#: question is asked only of who has opened the mailed link.
ANSWER_TRIES: Final = 5
ANSWER_WITHIN: Final = timedelta(hours=24)
#: Recovery codes that do not fit. They cannot be guessed; ten a day leave room for slips of the pen.
CODE_TRIES: Final = 10
CODE_WITHIN: Final = timedelta(hours=24)

#: Requests to be mailed a user name or a link: a computer room stands behind one network.
REQUESTS_OF_NETWORK: Final = 60
#: Requests for one account from one network.
REQUESTS_OF_ACCOUNT: Final = 5
REQUESTS_WITHIN: Final = timedelta(hours=1)
#: Mails about recovery that one address gets in an hour, whoever asks for them.
MAILS_OF_ADDRESS: Final = 3
MAILS_WITHIN: Final = timedelta(hours=1)
#: A link younger than this is not replaced: who keeps asking in another's name cannot end the link in their hand.
LINK_STANDS_FOR: Final = timedelta(minutes=15)
#: How long an opened link may lie in a browser before it must be opened again: school computers are shared.
OPENED_FOR: Final = timedelta(hours=1)

#: Letters of recovery codes (Crockford's base 32): none can be taken for another.
CODE_LETTERS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
#: 24 letters are 120 random bits. NIST SP 800-63B-4 asks for 64, and from 112 bits on a plain hash keeps them.
CODE_LENGTH: Final = 24
CODE_GROUP: Final = 4


class Proof(StrEnum):
    """What is asked after the mailed link, before a new password."""

    ANSWER = "answer"
    CODE = "code"
    APP = "app"


THREE_ANSWERS: Final = Refusal("three_answers", "Choose three questions and answer each.")


def proofs_of(user: User) -> tuple[Proof, ...]:
    """What a person may prove themselves with after the mailed link; one of them is enough.

    NIST SP 800-63B-4, 4.2: an account with a password alone (AAL1) is recovered by one code, which the mailed link
    is. A question or a saved code is asked beside it where the person has one. With a second factor (AAL2) two codes
    of different kinds, or one and the factor, are needed: there a question is not enough.
    """
    saved = (Proof.CODE,) if RecoveryCode.objects.filter(user=user).left().exists() else ()
    if has_factor(user):
        return (*((Proof.APP,) if AuthenticatorApp.objects.filter(user=user).exists() else ()), *saved)
    asks = settings.SECURITY_QUESTIONS and SecurityAnswer.objects.filter(user=user).exists()
    return (*((Proof.ANSWER,) if asks else ()), *saved)


def is_link_enough(user: User) -> bool:
    """The mailed link alone opens an account whose person has neither second factor, question nor saved code."""
    return not has_factor(user) and not proofs_of(user)


def why_not_recover(user: User) -> Refusal | None:
    """Who signs in with a passkey and saved no codes has nothing to prove themselves with beside the link."""
    if not has_factor(user) or proofs_of(user):
        return None
    return Refusal(
        "no_proof_left",
        _("Your account has a second factor, and a link alone does not open it."),
        _(
            "Sign in with your passkey, then choose a new password in My Account. If the passkey is lost, ask for help."
        ),
    )


def question_of(link: MailedLink) -> SecurityAnswer | None:
    """The one of the three questions that this link asks: the same each time it is opened, so that nobody looks for
    the easiest."""
    answers = list(SecurityAnswer.objects.filter(user=link.user_id))
    return answers[link.public_id.int % len(answers)] if answers else None


def tidy_answer(typed: str) -> str:
    """An answer as it is compared: no case, no accents, no signs, one space between words."""
    return fold(typed)


def why_not_answers(answers: Sequence[tuple[str, str]], user: User) -> Mapping[int, Refusal]:
    """What is wrong with questions and answers, by their place: three different questions, three answers that differ
    and are not the user name."""
    wrong: dict[int, Refusal] = {}
    seen_questions: set[str] = set()
    seen_answers: set[str] = set()
    for place, (question, typed) in enumerate(answers):
        answer = tidy_answer(typed)
        if question not in Question.values:
            wrong[place] = Refusal("no_question", _("Choose a question"))
        elif question in seen_questions:
            wrong[place] = Refusal("question_twice", _("Choose three different questions"))
        elif len(answer.replace(" ", "")) < LEAST_OF_ANSWER:
            wrong[place] = Refusal("no_answer", _("Enter an answer of at least 2 letters or numbers"))
        elif answer in seen_answers:
            wrong[place] = Refusal("answer_twice", _("Enter three answers that differ"))
        elif answer in (fold(user.username), fold(user.name)):
            wrong[place] = Refusal("answer_is_name", _("Enter an answer that is not your name"))
        seen_questions.add(question)
        seen_answers.add(answer)
    return wrong


def tidy_code(typed: str) -> str:
    """A recovery code as it is compared: capitals, no hyphens or spaces; O is read 0, I and L are read 1."""
    plain = re.sub(r"[\W_]", "", typed.upper())
    return plain.translate(str.maketrans("OIL", "011"))


def why_not_reset(user: User, on: datetime) -> Refusal | None:
    """Reset Account waits for 72 hours after a staff member changed the e-mail address, unless a second person
    approved the change: who can change where the link goes must not get it at once."""
    change = EmailChange.objects.holding(user, on).first()
    if change is None or change.hold_until is None:
        return None
    until = change.hold_until
    return Refusal(
        "address_changed",
        _("A staff member changed the e-mail of this account on {day}.").format(day=day(change.asked_at)),
        _("You can reset it from {until} on, or now, when a second person approves the change.").format(
            until=_never_early(until)
        ),
    )


def why_not_change_email(user: User, by: User, email: str = "") -> Refusal | None:
    """A person changes their own address; for others counselors, districts, consortia and the State do, and never to
    an address of their own. Teachers do not: who stands in front of the class is asked too easily."""
    if by.pk != user.pk and email.casefold() in {one.casefold() for one in by.addresses}:
        return Refusal(
            "your_own_address",
            _("This is your own e-mail."),
            _("Enter the e-mail of the person whose account it is."),
        )
    if by.pk == user.pk or has_role(by, Role.COUNSELOR, Role.DISTRICT, Role.CONSORTIUM, Role.STATE):
        return None
    return Refusal(
        "not_yours_to_change",
        _("You cannot change the e-mail of this account."),
        _("Ask the counselor, the district or the consortium."),
    )


def held_address(user: User, address: str, on: datetime) -> EmailChange | None:
    """The change by a staff member that put this address on file and still holds recovery by it."""
    return (
        EmailChange.objects.holding(user, on).filter(confirmed_at__isnull=False, new_address=address).first()
    )


def why_not_approve(change: EmailChange, by: User, on: datetime) -> Refusal | None:
    """A changed address is approved or refused by a second person, while it holds a reset; not by who changed it, nor
    by the person whose address it is, nor from another account of either of them: one that shares an address."""
    if by.pk in (change.by_id, change.user_id):
        return Refusal(
            "not_a_second_person",
            _("You changed this e-mail yourself."),
            _("Ask another staff member to approve it."),
        )
    theirs = {one.casefold() for one in (change.new_address, *change.by.addresses)}
    if theirs & {one.casefold() for one in by.addresses}:
        return Refusal(
            "same_address",
            _("Your e-mail is the one of who changed it, or the new one itself."),
            _("Ask another staff member to approve it."),
        )
    decided = change.approved_at or change.refused_at
    if change.hold_until is None or change.hold_until <= on or change.ended_at or decided:
        return Refusal("nothing_held", _("This change of e-mail holds nothing any more."))
    return None


def why_too_many(limit: RateLimit, most: int, what: str) -> Refusal | None:
    """One more is answered while it is among the first `most` of its stretch of time."""
    if limit.tries <= most:
        return None
    return Refusal(
        "too_many_tries", what, _("Try again after {until}.").format(until=_never_early(limit.ends_at))
    )


def _never_early(until: datetime) -> str:
    """A moment in whole minutes: what is said is never too early."""
    return moment(until + timedelta(seconds=59))


def may_change_own_name(user: User) -> bool:
    """A student's legal name stands on the student record and is changed there."""
    return not any(seat.role == Role.STUDENT for seat in all_seats(user))


@dataclass(frozen=True, slots=True)
class Standing:
    """What My Account says of an account beside its columns."""

    waiting: EmailChange | None
    second_waiting: EmailChange | None
    questions: int
    codes: int
    asks_questions: bool


def account_standing(user: User) -> Standing:
    """Which addresses wait to be confirmed, how many questions and recovery codes there are."""
    waiting = {one.which: one for one in EmailChange.objects.waiting().filter(user=user)}
    return Standing(
        waiting=waiting.get(EmailChange.Which.MAIN),
        second_waiting=waiting.get(EmailChange.Which.SECOND),
        questions=SecurityAnswer.objects.filter(user=user).count(),
        codes=RecoveryCode.objects.filter(user=user).left().count(),
        asks_questions=settings.SECURITY_QUESTIONS,
    )
