"""Hash chains: each link's fingerprint covers the one before it, so a changed or missing row shows."""

import hashlib
import json
from collections.abc import Mapping

GENESIS = "0" * 64


def link(previous: str, facts: Mapping[str, str | int | None]) -> str:
    """The fingerprint (SHA-256, hex) of `facts` standing after `previous`."""
    canonical = json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(f"{previous}\n{canonical}".encode()).hexdigest()
