"""A file somebody holds is checked: is it ours, whole, and does it still count? Nothing of it is kept."""

import hashlib
from dataclasses import dataclass
from enum import StrEnum

from accounts.actions import count_try
from articulations.models import AgreementDocument
from sers.lib.codes import read_code
from sers.lib.confined import TooMuch, confined
from sers.lib.refusal import Refused
from sers.lib.seals import is_demo_certificate, known_certificates
from transcripts import rules
from transcripts.models import Transcript


class Verdict(StrEnum):
    """What a file turns out to be."""

    GENUINE = "genuine"
    REPLACED = "replaced"
    REVOKED = "revoked"
    CHANGED = "changed"
    NOT_OURS = "not_ours"


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """The verdict on a file; for a file that is, or was made from, one of ours also which one: a transcript or its letter,
    or a signed agreement. Whether an agreement is still in force, its own page says.

    `seal_holds` is None where there is no seal to look at: the document is older than our seals.
    """

    verdict: Verdict
    transcript: Transcript | None = None
    agreement: AgreementDocument | None = None
    is_letter: bool = False
    seal_holds: bool | None = None
    is_demo: bool = False
    too_much: bool = False


def check_file(*, content: bytes, address: str) -> CheckedFile:
    """Judge the bytes of a file. Ours is only what is, byte for byte, what we issued, under a seal that holds.

    The file is read in a process of its own that has no secrets, little memory and little time. Refused when too
    many files came from this network, or from all, in the quarter of an hour.
    """
    count_file_check(address=address)
    sha256 = hashlib.sha256(content).hexdigest()
    found = Transcript.objects.fingerprinted(sha256).first()
    agreement = AgreementDocument.objects.fingerprinted(sha256) if found is None else None
    try:
        seen = confined("sers.lib.sealing:examine", content, certificates=known_certificates())
    except TooMuch:
        return CheckedFile(Verdict.NOT_OURS, too_much=True)
    if found is not None:
        holds = bool(seen.get("is_whole")) if found.certificate else None
        return CheckedFile(
            verdict=Verdict.CHANGED if holds is False else Verdict(rules.standing_of(found)),
            transcript=found,
            is_letter=found.sha256 != sha256,
            seal_holds=holds,
            is_demo=is_demo_certificate(found.certificate),
        )
    if agreement is not None:
        holds = bool(seen.get("is_whole"))
        return CheckedFile(
            verdict=Verdict.GENUINE if holds else Verdict.CHANGED,
            agreement=agreement,
            seal_holds=holds,
            is_demo=is_demo_certificate(agreement.certificate),
        )
    # Whoever holds the file holds the code in it: naming the document it was made from tells nothing new.
    mark = read_code(seen.get("mark", ""))
    claimed = Transcript.objects.coded(mark).first()
    if claimed is not None:
        return CheckedFile(Verdict.CHANGED, transcript=claimed, is_letter=claimed.code != mark)
    agreement = AgreementDocument.objects.coded(mark)
    if agreement is not None:
        return CheckedFile(Verdict.CHANGED, agreement=agreement)
    if seen.get("is_sealed") and not seen.get("is_whole"):
        return CheckedFile(Verdict.CHANGED)
    return CheckedFile(Verdict.NOT_OURS)


def count_file_check(*, address: str) -> None:
    """Count one more file from this network, and from all; Refused when it is one too many."""
    for what, most in (
        (f"file to check from {address}", rules.CHECKS_BY_ADDRESS),
        ("file to check", rules.CHECKS_BY_ALL),
    ):
        limit = count_try(what=what, within=rules.CHECKS_WITHIN)
        if refusal := rules.why_not_check(limit, most):
            raise Refused(refusal)
