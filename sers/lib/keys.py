"""Public ids and numbers as an address or a form sends them."""

from collections.abc import Sequence
from uuid import UUID


def read_id(text: str) -> UUID | None:
    """A public id as an address or a form carries it; None when it is none."""
    try:
        return UUID(text)
    except ValueError:
        return None


def read_ids(texts: Sequence[str]) -> list[UUID]:
    """Those of the texts that are public ids, each once."""
    return list(dict.fromkeys(one for one in map(read_id, texts) if one is not None))


def read_number(text: str) -> int:
    """A number as a page carries it; 0 for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else 0
