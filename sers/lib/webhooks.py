"""Messages another system sends us, signed as standardwebhooks.com says: an id, a moment, and an HMAC of both with the
body. The reference library checks them; what it stumbles over is answered like any other wrong message."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from sers.lib.refusal import Refusal, Refused

MOST_BYTES: Final = 64 * 1024
MOST_LETTERS: Final = 100
NAMES: Final = ("webhook-id", "webhook-timestamp", "webhook-signature")


def headers_of(secret: str, *, message_id: str, at: datetime, body: bytes) -> dict[str, str]:
    """The three headers a message leaves with."""
    moment = at.astimezone(UTC)
    signed = Webhook(secret.encode()).sign(message_id, moment, body.decode())
    return dict(zip(NAMES, (message_id, str(int(moment.timestamp())), signed), strict=True))


def verified_id(secret: str, headers: Mapping[str, str], body: bytes) -> str:
    """The id of a message whose signature is right and whose moment is at most five minutes off; Refused for any other.

    Several signatures may stand side by side while the sender changes its secret.
    """
    given = {name: headers.get(name, "") for name in NAMES}
    if len(body) > MOST_BYTES or len(given["webhook-id"]) > MOST_LETTERS:
        raise Refused(Refusal("too_long", "The message is too long."))
    try:
        Webhook(secret.encode()).verify(body, given, json_parse=False)
    except (
        WebhookVerificationError,
        ValueError,
    ):  # ValueError: letters that are no UTF-8, no base64, no pair
        raise Refused(Refusal("wrong_signature", "The message is not signed by the provider.")) from None
    return given["webhook-id"]
