"""Model fields that keep a secret."""

import datetime
import functools
import hashlib
from typing import TYPE_CHECKING, Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from django.conf import settings
from django.db import models

if TYPE_CHECKING:
    _Bytes = models.BinaryField[Any, Any]  # generic for mypy alone
else:
    _Bytes = models.BinaryField


@functools.cache
def _cipher(secret: str) -> AESSIV:
    return AESSIV(hashlib.sha512(f"sers field {secret}".encode()).digest())


def seal_once(text: str) -> bytes:
    """`text` encrypted and authenticated. Equal texts give equal bytes, so equality can be searched.

    AES-SIV (RFC 5297) is made for this: one column serves for reading and for looking up. What it
    gives away is which rows are equal, no more than the keyed hash it replaces.
    """
    return _cipher(settings.FIELD_KEY).encrypt(text.encode(), None)


def unseal_once(sealed: bytes) -> str:
    """The text that was sealed. Raises ValueError when the key is not the one that sealed it."""
    try:
        return _cipher(settings.FIELD_KEY).decrypt(sealed, None).decode()
    except InvalidTag:
        raise ValueError("FIELD_KEY is not the key this was sealed with.") from None


#: For dates, of which lists hold the same few thousands over and over; what is read once is sealed by the above.
seal = functools.lru_cache(maxsize=20_000)(seal_once)
unseal = functools.lru_cache(maxsize=20_000)(unseal_once)


class SealedTextField(_Bytes):
    """A text encrypted at rest. An empty one is kept as it is: it tells nothing."""

    description = "A text, encrypted"

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> str | None:
        return None if value is None else unseal_once(bytes(value)) if value else ""

    def to_python(self, value: Any) -> Any:
        return value

    def get_prep_value(self, value: Any) -> Any:
        if isinstance(value, str):
            return seal_once(value) if value else b""
        return value

    def value_to_string(self, obj: models.Model) -> str:
        return str(self.value_from_object(obj) or "")


class SealedDateField(_Bytes):
    """A date encrypted at rest; finds by equality (`birth_date=date(2009, 5, 1)`), never by order."""

    description = "A date, encrypted"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 64)
        kwargs["editable"] = True
        super().__init__(*args, **kwargs)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> datetime.date | None:
        return None if value is None else datetime.date.fromisoformat(unseal(bytes(value)))

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str):
            return datetime.date.fromisoformat(value)
        return value

    def get_prep_value(self, value: Any) -> Any:
        if isinstance(value, datetime.date):
            return seal(value.isoformat())
        return value

    def value_to_string(self, obj: models.Model) -> str:
        value = self.value_from_object(obj)
        return value.isoformat() if value else ""

    def formfield(self, *args: Any, **kwargs: Any) -> Any:
        """Forms of this field are written by hand: three boxes, month, day, year."""
        return None
