"""What the tests of second factors share: registering one, and the code an app shows."""

import base64
import time
from typing import Any

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from django.utils import timezone

from accounts import actions
from accounts.models import AuthenticatorApp, Passkey, User
from accounts.views.entering import PROVED_AT
from tests.authenticator import Authenticator
from tests.policing import PolicingClient

HOST = "testserver"
ORIGIN = "http://testserver"


def code_of(secret: str, *, steps: int = 0) -> str:
    """What an app with this secret shows now, or so many half minutes later."""
    key = base64.b32decode(secret)
    return TOTP(key, 6, SHA1(), 30).generate(time.time() + 30 * steps).decode()


def add_app(user: User, *, name: str = "My phone") -> str:
    """The person registers an app; its secret. The code it was registered by is as good as unused."""
    secret = actions.new_app_secret()
    app = actions.add_app(user=user, secret=secret, code=code_of(secret), name=name)
    AuthenticatorApp.objects.filter(pk=app.pk).update(last_step=0)
    return secret


def add_passkey(user: User, *, name: str = "My laptop", **bent: Any) -> Authenticator:
    """The person registers a passkey; the authenticator that holds it."""
    authenticator = Authenticator(**bent)
    options, challenge = actions.passkey_to_make(user=user, host=HOST)
    actions.add_passkey(
        user=user,
        answer=authenticator.make(options),
        challenge=challenge,
        host=HOST,
        origin=ORIGIN,
        name=name,
    )
    return authenticator


def proved(client: PolicingClient, user: User) -> PolicingClient:
    """The person is signed in and has just proved who they are."""
    client.force_login(user)
    session = client.session
    session[PROVED_AT] = timezone.now().timestamp()
    session.save()
    return client


def passkeys_of(user: User) -> list[str]:
    return [key.name for key in Passkey.objects.of(user)]
