"""Signing in by a district's or college's own sign-in: OpenID Connect, code flow with PKCE, state and nonce."""

import functools
from dataclasses import dataclass
from typing import Any, Final

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.django_client import DjangoOAuth2App, OAuth
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from joserfc.errors import JoseError
from requests import RequestException

from accounts import rules
from accounts.actions.events import record_event
from accounts.actions.factors import tell_of_sign_in_way
from accounts.models import Identity, User
from sers.lib.refusal import Refusal, Refused

#: Signatures with a key pair only: an issuer that lists `none` or a shared secret is not listened to there.
ALGORITHMS: Final = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
SECONDS: Final = 5
NOT_CONFIRMED: Final = Refusal(
    "not_confirmed",
    "The sign-in at your district or college was not confirmed.",
    "Start again, or sign in with your user name and password.",
)
NOT_REACHED: Final = Refusal(
    "not_reached",
    "The sign-in of your district or college does not answer.",
    "Try again in some minutes, or sign in with your user name and password.",
)
BELONGS_TO_ANOTHER: Final = Refusal(
    "identity_of_another",
    "This sign-in belongs to another SERS account.",
    "Write to your consortium: two accounts of one person are put together there.",
)


@dataclass(frozen=True, slots=True)
class Provider:
    """One sign-in elsewhere, as the environment names it. `key` stands in the address, `name` on the button."""

    key: str
    name: str
    issuer: str
    client_id: str
    client_secret: str


@dataclass(frozen=True, slots=True)
class Told:
    """What a provider has proved of a person: who they are there, and whether it took a second factor."""

    issuer: str
    subject: str
    two_factors: bool


def providers() -> list[Provider]:
    """The sign-ins elsewhere that this deployment knows, in the order of the environment."""
    return [Provider(**values) for values in settings.OIDC_PROVIDERS]


def provider_named(key: str) -> Provider | None:
    """The provider of a key, if there is one."""
    return next((one for one in providers() if one.key == key), None)


def begin(*, provider: Provider, return_url: str) -> tuple[str, dict[str, str]]:
    """Where to send the browser, and what to remember until it returns: state, nonce and the PKCE verifier."""
    try:
        begun: dict[str, Any] = _client(provider).create_authorization_url(return_url)
    except (AuthlibBaseError, RequestException, RuntimeError, ValueError, KeyError):
        raise Refused(NOT_REACHED) from None
    remembered = {name: str(begun[name]) for name in ("state", "nonce", "code_verifier")}
    return str(begun["url"]), {**remembered, "provider": provider.key}


def finish(*, provider: Provider, remembered: dict[str, str], state: str, code: str, return_url: str) -> Told:
    """Exchange the code for a signed statement of who it is, and believe it only if everything fits.

    State, issuer, audience, nonce, times and signature are checked; a statement without a signature is none.
    """
    if (
        not code
        or not state
        or state != remembered.get("state")
        or remembered.get("provider") != provider.key
    ):
        raise Refused(NOT_CONFIRMED)
    client = _client(provider)
    try:
        _trusted_algorithms(client)
        token = client.fetch_access_token(
            redirect_uri=return_url, code=code, code_verifier=remembered["code_verifier"]
        )
        claims = client.parse_id_token(
            token,
            nonce=remembered["nonce"],
            claims_options={
                "iss": {"essential": True, "value": provider.issuer},
                "aud": {"essential": True, "value": provider.client_id},
                "sub": {"essential": True},
                "exp": {"essential": True},
                "nonce": {"essential": True},
            },
            leeway=60,
        )
    except RequestException:
        raise Refused(NOT_REACHED) from None
    except (AuthlibBaseError, JoseError, RuntimeError, ValueError, KeyError, TypeError):
        raise Refused(NOT_CONFIRMED) from None
    subject = claims.get("sub") if claims else None
    if not isinstance(subject, str) or not 0 < len(subject) <= 255:
        raise Refused(NOT_CONFIRMED)
    return Told(provider.issuer, subject, rules.counts_as_factor(dict(claims)))


def person_of(*, told: Told) -> User | None:
    """Whose account this sign-in is bound to: by issuer and subject, never by an e-mail address."""
    identity = (
        Identity.objects.select_related("user")
        .filter(issuer=told.issuer, subject=told.subject, user__is_active=True)
        .first()
    )
    if identity is None:
        return None
    Identity.objects.filter(pk=identity.pk).update(last_used_at=timezone.now())
    return identity.user


def connect(*, issuer: str, subject: str, by: User) -> Identity:
    """Bind a sign-in elsewhere to one's own account; Refused when it is bound to somebody else's. Told by mail."""
    with transaction.atomic():
        known = Identity.objects.filter(issuer=issuer, subject=subject).first()
        if known is None:
            try:
                with transaction.atomic():
                    known = Identity.objects.create(user=by, issuer=issuer, subject=subject)
            except IntegrityError:  # somebody bound it at the same moment
                known = Identity.objects.get(issuer=issuer, subject=subject)
            else:
                record_event(
                    by=by, kind="accounts.identity_added", subject=by, data={"identity": str(known.public_id)}
                )
                names = {one.issuer: one.name for one in providers()}
                tell_of_sign_in_way(
                    user=by,
                    key=f"identity-added-{known.public_id}",
                    template="accounts/sign_in_way_added",
                    name=names.get(issuer, issuer),
                )
        if known.user_id != by.pk:
            raise Refused(BELONGS_TO_ANOTHER)
    return known


@functools.cache
def _client(provider: Provider) -> DjangoOAuth2App:
    """The client of a provider, with its published addresses and keys; kept, so that they are read once."""
    return OAuth().register(
        provider.key,
        client_id=provider.client_id,
        client_secret=provider.client_secret,
        server_metadata_url=f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration",
        client_kwargs={"scope": "openid", "code_challenge_method": "S256", "default_timeout": SECONDS},
    )


def _trusted_algorithms(client: DjangoOAuth2App) -> None:
    metadata = client.load_server_metadata()
    listed = metadata.get("id_token_signing_alg_values_supported") or ["RS256"]
    metadata["id_token_signing_alg_values_supported"] = [one for one in listed if one in ALGORITHMS] or [
        "RS256"
    ]
