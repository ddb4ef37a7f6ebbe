"""Second factors: authenticator apps and passkeys, registered, used and removed."""

import base64
import json
import secrets
import uuid
from collections.abc import Callable
from typing import Any, Final

import webauthn
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor import InvalidToken
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, parse_authentication_credential_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from accounts import rules
from accounts.actions.events import record_event
from accounts.actions.limits import count_try
from accounts.actions.outbox import queue_mail
from accounts.actions.signing_in import check_password
from accounts.models import AuthenticatorApp, Identity, Passkey, RateLimit, User, factor_of
from sers.lib.fields import seal, unseal
from sers.lib.locks import one_at_a_time
from sers.lib.refusal import Refusal, Refused

NAME: Final = "SERS"
WRONG_CODE: Final = Refusal(
    "wrong_code",
    "This is not the code the app shows now.",
    "Wait for the next code and type its six digits. If it fails again, set the clock of the phone.",
)
PASSKEY_NOT_KNOWN: Final = Refusal(
    "passkey_not_known",
    "SERS does not know this passkey.",
    "Sign in with your user name and password, or with another passkey.",
)
NOT_MADE: Final = Refusal(
    "passkey_not_made",
    "The passkey was not made.",
    "Start again on this page and follow what the browser says.",
)
TOO_MANY: Final = Refusal(
    "too_many_factors",
    f"You have {rules.MOST_OF_A_KIND} of these already.",
    "Remove one that you do not use any more.",
)


# --- Authenticator apps ---------------------------------------------------------------------------------


def new_app_secret() -> str:
    """A secret for an authenticator app, 160 random bits, in base 32 as apps read it."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


def app_address(*, user: User, secret: str) -> str:
    """What the QR code says to an authenticator app: `otpauth://totp/...`."""
    return str(_app(secret).get_provisioning_uri(user.username, NAME))


def add_app(*, user: User, secret: str, code: str, name: str) -> AuthenticatorApp:
    """Register an app that has just shown the right code; the person is told by mail."""
    step = _step_of(secret, code)
    if step is None:
        raise Refused(WRONG_CODE)
    with transaction.atomic():
        if AuthenticatorApp.objects.filter(user=user).count() >= rules.MOST_OF_A_KIND:
            raise Refused(TOO_MANY)
        app = AuthenticatorApp.objects.create(
            user=user, name=name, sealed_secret=seal(f"app {secret}"), last_step=step
        )
        record_event(by=user, kind="accounts.app_added", subject=user, data={"app": str(app.public_id)})
        tell_of_sign_in_way(
            user=user, key=f"app-added-{app.public_id}", template="accounts/sign_in_way_added", name=name
        )
    return app


def use_app_code(*, user: User, code: str) -> bool:
    """Does one of the person's apps show this code now? No code works twice, however many come at once."""
    for app in AuthenticatorApp.objects.filter(user=user):
        step = _step_of(unseal(bytes(app.sealed_secret)).removeprefix("app "), code)
        if step is not None:
            return _use_step(app, step)
    return False


def _use_step(app: AuthenticatorApp, step: int) -> bool:
    """Use a step up; False when it was used before. One statement: of two at once one finds it used."""
    fresh = AuthenticatorApp.objects.filter(pk=app.pk, last_step__lt=step)
    return fresh.update(last_step=step, last_used_at=timezone.now()) == 1


def _step_of(secret: str, code: str) -> int | None:
    """The step, counted in thirty seconds since 1970, whose code this is, if it is the present or a next one."""
    digits = "".join(code.split())
    if len(digits) != rules.APP_DIGITS or not (digits.isascii() and digits.isdigit()):
        return None
    app = _app(secret)
    present = int(timezone.now().timestamp()) // rules.APP_STEP
    for step in range(present - rules.APP_DRIFT, present + rules.APP_DRIFT + 1):
        try:
            app.verify(digits.encode(), step * rules.APP_STEP)
        except InvalidToken:
            continue
        return step
    return None


def _app(secret: str) -> TOTP:
    # SHA-1 is what every app speaks; RFC 6238 takes it, and its weakness is not one of HMAC.
    return TOTP(base64.b32decode(secret), rules.APP_DIGITS, SHA1(), rules.APP_STEP)  # noqa: S303


# --- Passkeys -------------------------------------------------------------------------------------------


def passkey_to_make(*, user: User, host: str) -> tuple[str, str]:
    """What the browser needs to make a passkey, as JSON, and the challenge to remember until it answers."""
    options = webauthn.generate_registration_options(
        rp_id=host,
        rp_name=NAME,
        user_id=user.public_id.bytes,
        user_name=user.username,
        user_display_name=user.name,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=_known(user),
    )
    return webauthn.options_to_json(options), _text(options.challenge)


def add_passkey(*, user: User, answer: str, challenge: str, host: str, origin: str, name: str) -> Passkey:
    """Register the passkey a browser has made for this challenge; the person is told by mail."""
    try:
        made = webauthn.verify_registration_response(
            credential=answer,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=host,
            expected_origin=origin,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError):  # whatever a client can make up
        raise Refused(NOT_MADE) from None
    with transaction.atomic():
        if Passkey.objects.filter(user=user).count() >= rules.MOST_OF_A_KIND:
            raise Refused(TOO_MANY)
        try:
            with transaction.atomic():
                passkey = Passkey.objects.create(
                    user=user,
                    name=name,
                    credential_id=made.credential_id,
                    public_key=made.credential_public_key,
                    sign_count=made.sign_count,
                    transports=_transports(answer),
                )
        except IntegrityError:
            raise Refused(NOT_MADE) from None
        record_event(
            by=user, kind="accounts.passkey_added", subject=user, data={"passkey": str(passkey.public_id)}
        )
        tell_of_sign_in_way(
            user=user,
            key=f"passkey-added-{passkey.public_id}",
            template="accounts/sign_in_way_added",
            name=name,
        )
    return passkey


def passkey_to_use(*, user: User | None, host: str) -> tuple[str, str]:
    """What the browser needs to use a passkey, as JSON, and the challenge to remember until it answers.

    Without a person any passkey of this site may answer: it says itself whose it is.
    """
    options = webauthn.generate_authentication_options(
        rp_id=host,
        allow_credentials=_known(user) if user is not None else None,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return webauthn.options_to_json(options), _text(options.challenge)


def use_passkey(*, answer: str, challenge: str, host: str, origin: str, user: User | None = None) -> User:
    """Whose passkey signed this challenge; Refused when none of ours did, or not this person's.

    The authenticator asked for a finger, a face or a PIN: a passkey is two factors by itself. A counter that went
    back is the sign of a copied key, and refused by the library.
    """
    try:
        credential = parse_authentication_credential_json(answer)
        passkey = Passkey.objects.select_related("user").get(
            credential_id=credential.raw_id, user__is_active=True
        )
        proved = webauthn.verify_authentication_response(
            credential=credential,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=host,
            expected_origin=origin,
            credential_public_key=bytes(passkey.public_key),
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )
    except (Passkey.DoesNotExist, WebAuthnException, ValueError, KeyError, TypeError):
        raise Refused(PASSKEY_NOT_KNOWN) from None
    if user is not None and passkey.user_id != user.pk:
        raise Refused(PASSKEY_NOT_KNOWN)
    Passkey.objects.filter(pk=passkey.pk).update(
        sign_count=proved.new_sign_count, last_used_at=timezone.now()
    )
    return passkey.user


def _known(user: User) -> list[PublicKeyCredentialDescriptor]:
    """The person's passkeys, as the browser is told of them."""
    return [
        PublicKeyCredentialDescriptor(
            id=bytes(key.credential_id),
            transports=[AuthenticatorTransport(name) for name in key.transports] or None,
        )
        for key in Passkey.objects.filter(user=user)
    ]


def _transports(answer: str) -> list[str]:
    """How the authenticator can be reached, as far as the browser said it in words of the standard."""
    told: Any = json.loads(answer).get("response", {}).get("transports") or []
    known = {str(one.value) for one in AuthenticatorTransport}
    return sorted(known.intersection(str(word) for word in told)) if isinstance(told, list) else []


def _text(challenge: bytes) -> str:
    return str(bytes_to_base64url(challenge))


# --- Both -----------------------------------------------------------------------------------------------


def remove_factor(*, factor: uuid.UUID, by: User, address: str, password: str = "") -> bool:
    """Remove one of a person's own apps, passkeys or sign-ins elsewhere; told by mail. False when it is not theirs.

    The last second factor asks for the password, counted like a try to sign in: see `why_not_remove_factor`.
    """
    proved = password if password and check_password(user=by, password=password, address=address) else None
    if password and proved is None:
        raise Refused(Refusal("wrong_password", _("This is not your password. Type it again.")))
    with transaction.atomic():
        # One removal of a person at a time, or two at once would each leave the other's.
        one_at_a_time(f"factors of {by.pk}")
        found = factor_of(by, factor)
        if found is None:
            return False
        if not isinstance(found, Identity):
            refusal = rules.why_not_remove_factor(
                by, left=others_left(user=by, factor=factor), password=proved
            )
            if refusal is not None:
                raise Refused(refusal)
        name = str(found)
        found.delete()
        kind = found._meta.model_name
        record_event(by=by, kind=f"accounts.{kind}_removed", subject=by, data={str(kind): str(factor)})
        tell_of_sign_in_way(
            user=by, key=f"factor-removed-{factor}", template="accounts/sign_in_way_removed", name=name
        )
    return True


def others_left(*, user: User, factor: uuid.UUID) -> int:
    """How many second factors a person has besides this one."""
    return sum(
        model.objects.of(user).exclude(public_id=factor).count() for model in (AuthenticatorApp, Passkey)
    )


def count_factor_try(*, user: User, address: str) -> Callable[[], None]:
    """Count one more try of a code; Refused when there were too many. What it returns forgives them: the code
    was right.

    Counted per account and network, so that nobody elsewhere can keep its owner out; and per account over a day,
    a hundred (NIST SP 800-63B-4 3.2.2), after which a passkey or a mailed link still lets them in.
    """
    limits = [
        (
            count_try(what=f"second factor of {user.pk} from {address}", within=rules.FACTOR_WITHIN),
            rules.FACTOR_TRIES,
        ),
        (count_try(what=f"second factor of {user.pk}", within=rules.FACTOR_DAY), rules.FACTOR_TRIES_A_DAY),
    ]
    for limit, most in limits:
        refusal = rules.why_not_try(limit, most)
        if refusal is not None:
            raise Refused(refusal)
    pks = [limit.pk for limit, _ in limits]
    return lambda: _forgive(pks)


def _forgive(limits: list[int]) -> None:
    RateLimit.objects.filter(pk__in=limits).delete()


def count_passkey_try(*, address: str) -> None:
    """Count one more answer of a passkey from a network: each costs a signature check."""
    limit = count_try(what=f"passkeys from {address}", within=rules.SIGN_IN_WITHIN)
    refusal = rules.why_not_try(limit, rules.SIGN_IN_TRIES_OF_ADDRESS)
    if refusal is not None:
        raise Refused(refusal)


def tell_of_sign_in_way(*, user: User, key: str, template: str, name: str) -> None:
    """Tell the person that a way to sign in was added or removed."""
    queue_mail(
        key=key,
        to=user.email,
        person=user,
        template=template,
        context={"first_name": user.first_name, "name": name},
    )
