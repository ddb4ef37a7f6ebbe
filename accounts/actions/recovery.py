"""Ways back in: security questions, recovery codes, and the mailed link with what is asked beside it."""

import secrets
from collections.abc import Sequence

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import rules
from accounts.actions.events import record_event
from accounts.actions.limits import count_try
from accounts.actions.links import hash_token, use_link
from accounts.actions.notices import tell_everywhere
from accounts.actions.passwords import set_password
from accounts.models import MailedLink, RecoveryCode, SecurityAnswer, User
from sers.lib.locks import one_at_a_time
from sers.lib.refusal import Refused

# --- Security questions ---------------------------------------------------------------------------------


def set_answers(*, user: User, answers: Sequence[tuple[str, str]], by: User) -> None:
    """Three different questions with their answers, in place of those before. Kept are hashes, like passwords'."""
    wrong = rules.why_not_answers(answers, user)
    if wrong or len(answers) != SecurityAnswer.HOW_MANY:
        raise Refused(next(iter(wrong.values()), rules.THREE_ANSWERS))
    rows = [
        SecurityAnswer(
            user=user,
            number=number,
            question=question,
            answer_hash=make_password(rules.tidy_answer(typed)),
        )
        for number, (question, typed) in enumerate(answers, 1)
    ]
    with transaction.atomic():
        one_at_a_time(f"answers of {user.pk}")
        SecurityAnswer.objects.filter(user=user).delete()
        SecurityAnswer.objects.bulk_create(rows)
        record_event(by=by, kind="accounts.questions_set", subject=user)


def change_answers(*, user: User, answers: Sequence[tuple[str, str]]) -> None:
    """Three new questions, chosen in My Account; each address is told."""
    with transaction.atomic():
        set_answers(user=user, answers=answers, by=user)
        tell_everywhere(
            user=user, template="accounts/questions_changed", key=f"{user.pk}-{timezone.now():%Y%m%d%H%M%S%f}"
        )


def check_answer(*, link: MailedLink, typed: str) -> bool:
    """Does this answer the question the link asks? Counted before it is looked at, and not forgiven by a right
    answer or by any other step; Refused after too many."""
    limit = count_try(what=f"security question of {link.user_id}", within=rules.ANSWER_WITHIN)
    refusal = rules.why_too_many(
        limit, rules.ANSWER_TRIES, _("There were too many answers that did not fit.")
    )
    if refusal is not None:
        raise Refused(refusal)
    answer = rules.question_of(link)
    return answer is not None and check_password(rules.tidy_answer(typed), answer.answer_hash)


# --- Recovery codes -------------------------------------------------------------------------------------


def new_recovery_codes(*, user: User, by: User) -> list[str]:
    """Ten new codes in place of all before, told this once: `7KQ2-M9XT-4BHW-P3ZD-6YNC-V8RJ`. Each address is told."""
    codes = [
        "".join(secrets.choice(rules.CODE_LETTERS) for _ in range(rules.CODE_LENGTH))
        for _ in range(RecoveryCode.HOW_MANY)
    ]
    with transaction.atomic():
        one_at_a_time(f"recovery codes of {user.pk}")
        RecoveryCode.objects.filter(user=user).delete()
        RecoveryCode.objects.bulk_create(
            RecoveryCode(user=user, code_hash=hash_token(code)) for code in codes
        )
        event = record_event(by=by, kind="accounts.recovery_codes_made", subject=user)
        tell_everywhere(user=user, template="accounts/recovery_codes", key=str(event.pk))
    step = rules.CODE_GROUP
    return ["-".join(code[at : at + step] for at in range(0, len(code), step)) for code in codes]


def use_recovery_code(*, user: User, typed: str) -> bool:
    """Use up one of a person's codes: true once for each, of two at once for one. Refused after too many that did
    not fit in a day; a right one is not forgiven what was wrong before."""
    limit = count_try(what=f"recovery code of {user.pk}", within=rules.CODE_WITHIN)
    refusal = rules.why_too_many(
        limit, rules.CODE_TRIES, _("There were too many recovery codes that did not fit.")
    )
    if refusal is not None:
        raise Refused(refusal)
    with transaction.atomic():
        code = hash_token(rules.tidy_code(typed))
        used = RecoveryCode.objects.filter(user=user, code_hash=code).left().update(used_at=timezone.now())
        if used:
            event = record_event(by=user, kind="accounts.recovery_code_used", subject=user)
            left = RecoveryCode.objects.filter(user=user).left().count()
            tell_everywhere(user=user, template="accounts/recovery_code_used", key=str(event.pk), left=left)
    return used == 1


# --- The mailed link ------------------------------------------------------------------------------------


def secure_account(
    *,
    token: str,
    purpose: MailedLink.Purpose,
    password: str,
    answers: Sequence[tuple[str, str]],
) -> User:
    """Security Information, submitted: the link is used up, password and questions are set, the account is active.

    All of it or nothing; of two at once, and of a link used before, one is Refused. The address the link was mailed
    to is confirmed by it.
    """
    with transaction.atomic():
        link = use_link(token=token, purpose=purpose)
        user: User = User.objects.select_for_update().get(pk=link.user_id)
        how = "reset" if purpose == MailedLink.Purpose.RESET else "activated"
        if settings.SECURITY_QUESTIONS:
            set_answers(user=user, answers=answers, by=user)
        now = timezone.now()
        user.activated_at = user.activated_at or now
        if link.address == user.email:
            user.email_confirmed_at = user.email_confirmed_at or now
        user.save(update_fields=["activated_at", "email_confirmed_at"])
        set_password(user=user, password=password, keep=None, by=user, how=how)
    return user


def recover_password(*, token: str, password: str) -> User:
    """A new password by the mailed link, after whatever `rules.proofs_of` asks was given. Every session ends."""
    with transaction.atomic():
        link = use_link(token=token, purpose=MailedLink.Purpose.RECOVER)
        user: User = User.objects.select_for_update().get(pk=link.user_id)
        set_password(user=user, password=password, keep=None, by=user, how="recovered")
    return user
