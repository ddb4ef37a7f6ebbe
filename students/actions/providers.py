"""Payment providers: the one interface, and the local one that is clicked through in the demo state."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final, Protocol
from uuid import UUID, uuid4

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.module_loading import import_string

from sers.lib.keys import read_id
from sers.lib.refusal import Refusal, Refused
from sers.lib.webhooks import headers_of, verified_id
from students.models import Checkout, ProviderNews

UNREADABLE: Final = Refusal("unreadable", "The message does not say which checkout, what, and how much.")


@dataclass(frozen=True, slots=True)
class News:
    """One message of a provider, read: its own number for it, what happened to which checkout, and how much."""

    event_id: str
    kind: str
    checkout: UUID
    amount: Decimal


class Provider(Protocol):
    """What SERS asks of a payment provider. Card data stays with it."""

    #: Kept with each checkout, and shown to nobody.
    name: str

    def begin(self, checkout: Checkout) -> str:
        """The address where the payer pays this checkout. Asked twice, it is the same checkout."""

    def read(self, headers: Mapping[str, str], body: bytes) -> News:
        """A message of the provider; Refused when its signature is wrong, it is too old, or it says nothing."""


def payment_provider() -> Provider | None:
    """The provider the settings name; None where nobody pays online."""
    if not settings.PAYMENT_PROVIDER:
        return None
    provider: Provider = import_string(settings.PAYMENT_PROVIDER)()
    return provider


class LocalProvider:
    """A provider within SERS, for the demo state and tests: a page to click through, and news signed as a real one's."""

    name = "local"

    def begin(self, checkout: Checkout) -> str:
        return reverse("students:local_provider", args=[checkout.public_id])

    def read(self, headers: Mapping[str, str], body: bytes) -> News:
        event_id = verified_id(settings.PAYMENT_SECRET, headers, body)
        try:
            said = json.loads(body)
            kind, checkout, amount = said["kind"], read_id(said["checkout"]), Decimal(said["amount"])
        except (ValueError, KeyError, TypeError, AttributeError, InvalidOperation):
            raise Refused(UNREADABLE) from None
        if (
            kind not in ProviderNews.Kind.values
            or checkout is None
            or not amount.is_finite()
            or not Decimal(0) < amount < Decimal(100_000)
        ):
            raise Refused(UNREADABLE)
        return News(event_id, kind, checkout, amount.quantize(Decimal("0.01")))

    def write(self, checkout: Checkout, kind: str) -> tuple[dict[str, str], bytes]:
        """The message this provider sends about a checkout: headers and body."""
        body = json.dumps(
            {"kind": kind, "checkout": str(checkout.public_id), "amount": str(checkout.amount)}
        ).encode()
        return (
            headers_of(
                settings.PAYMENT_SECRET, message_id=f"local_{uuid4().hex}", at=timezone.now(), body=body
            ),
            body,
        )
