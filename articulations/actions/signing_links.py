"""Links that are mailed to partners outside of SERS, to sign one text once."""

import hashlib
import secrets
from datetime import timedelta

from django.utils import timezone

from articulations import rules
from articulations.models import AgreementSigner, SigningLink


def look_at_signing_link(token: str) -> SigningLink | None:
    """What a mailed link signs, if it still signs anything. Looking uses nothing up: mail scanners look too."""
    links = SigningLink.objects.open_at(timezone.now()).filter(token_hash=fingerprint_of(token))
    return links.select_related("signer__text__college", "signer__text__school__district").first()


def new_signing_link(signer: AgreementSigner) -> str:
    """The token of a new link; links sent before open nothing more. Kept is its fingerprint alone."""
    now = timezone.now()
    SigningLink.objects.open_at(now).filter(signer=signer).update(ended_at=now)
    token = secrets.token_urlsafe(32)
    SigningLink.objects.create(
        signer=signer,
        token_hash=fingerprint_of(token),
        created_at=now,
        expires_at=now + timedelta(days=rules.LINK_DAYS),
    )
    return token


def fingerprint_of(token: str) -> str:
    """What is kept of a token. It is 256 random bits, so that a plain hash tells nobody what it was."""
    return hashlib.sha256(token.encode()).hexdigest()
