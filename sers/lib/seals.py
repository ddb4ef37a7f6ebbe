"""Whose seal our documents carry: the deployer's (SIGNING_KEY, SIGNING_CERT), or the demo state's own.

The demo state's seal is made from a text everybody can read in the settings, so that it needs no file and is the
same in every process. It proves nothing; pages that check a document say so, and production refuses it.
"""

from functools import cache
from typing import Final

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from sers.lib import sealing
from sers.lib.sealing import Seal

DEMO_NAME: Final = "SERS demo state, proves nothing"


def demo_seal() -> Seal:
    """The seal of the demo state: the same everywhere, and worth nothing."""
    return sealing.demo_seal("the demo state of SERS", DEMO_NAME)


@cache
def _seal_of(key: str, certificate: str) -> Seal:
    return Seal(key.strip().encode() + b"\n", certificate.strip().encode() + b"\n")


def own_seal() -> Seal:
    """The seal documents get now; without one of the deployer's only the demo state has any."""
    if settings.SIGNING_KEY and settings.SIGNING_CERT:
        return _seal_of(settings.SIGNING_KEY, settings.SIGNING_CERT)
    if settings.DEMO:
        return demo_seal()
    raise ImproperlyConfigured("Set SIGNING_KEY and SIGNING_CERT: documents are not made unsigned.")


def known_certificates() -> list[str]:
    """Certificates whose seal we know as ours: today's, and those of keys that came before it."""
    former = settings.SIGNING_FORMER_CERTS.split("-----BEGIN CERTIFICATE-----")[1:]
    return [
        own_seal().certificate.decode(),
        *(f"-----BEGIN CERTIFICATE-----{one.rstrip()}\n" for one in former),
    ]


def is_demo_certificate(fingerprint: str) -> bool:
    """Is it the certificate everybody can make?"""
    return fingerprint == demo_seal().fingerprint


def sealed(pdf: bytes, *, issuer: str) -> bytes:
    """The document under our seal: certified for whoever issues it, no change allowed."""
    return sealing.seal(pdf, own_seal(), reason=f"Issued through SERS for {issuer}", name="SERS")
