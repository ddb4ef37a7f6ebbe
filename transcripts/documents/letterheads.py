"""The head of a college's documents: its name, where it is, its logo if it has one."""

from typing import Any

from organizations.models import College
from sers.lib.press import Assets, plain
from transcripts.models import Letterhead


def letterhead_facts(college: College, letterhead: Letterhead | None) -> tuple[dict[str, Any], Assets]:
    """What a document says at its head, and the picture it shows; a college that has set nothing has its name."""
    head = letterhead or Letterhead(college=college)
    assets: Assets = {}
    if head.logo:
        assets["asset:logo"] = (head.LOGO_KIND, bytes(head.logo))
    return {
        "college": plain(college.name),
        "office": plain(head.office),
        "address": plain(head.address),
        "phone": plain(head.phone),
        "signer": plain(head.signer_name),
        "has_logo": bool(head.logo),
    }, assets
