"""Is everything there that documents are made with? Asked at start, without loading WeasyPrint."""

import ctypes
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register  # noqa: A004 - Django's name
from django.utils import timezone

from sers.lib.seals import demo_seal

#: Libraries of the system, by the file that is loaded, and the Debian package that brings each.
NEEDED = {"libpango-1.0.so.0": "libpango-1.0-0", "libpangoft2-1.0.so.0": "libpangoft2-1.0-0"}
SUBSET = {"libharfbuzz-subset.so.0": "libharfbuzz-subset0"}


def loads(library: str) -> bool:
    """Can this library of the system be loaded?"""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def missing(libraries: dict[str, str]) -> list[str]:
    """The packages of the libraries that cannot be loaded."""
    return [package for library, package in libraries.items() if not loads(library)]


@register(Tags.compatibility)
def check_documents(app_configs: Any = None, **_: Any) -> Iterable[CheckMessage]:
    """WeasyPrint cannot be imported without Pango; without HarfBuzz's subsetter a document costs four times as much."""
    if packages := missing(NEEDED):
        yield Error(
            "Transcripts cannot be made: Pango is missing.",
            hint=f"Install the system packages {' '.join([*packages, *missing(SUBSET)])}.",
            id="transcripts.E001",
        )
    elif packages := missing(SUBSET):
        yield Warning(
            "Every transcript takes four times as long: HarfBuzz's subsetter is missing.",
            hint=f"Install the system package {' '.join(packages)}.",
            id="transcripts.W001",
        )


#: How long before its certificate ends a deployer is told.
ENDS_SOON = timedelta(days=60)


@register(Tags.security)
def check_seal(app_configs: Any = None, **_: Any) -> Iterable[CheckMessage]:
    """Documents are signed with a key of the deployer's, which fits its certificate, is no demo and has not ended.

    Nothing is asked in the demo state unless a key is given there.
    """
    if not settings.SIGNING_KEY or not settings.SIGNING_CERT:
        if not settings.DEMO:
            yield Error(
                "Documents have no seal: SIGNING_KEY and SIGNING_CERT are not both set.",
                hint="Set them to a private key (EC P-256, or RSA of 3072 bits) and its certificate, as PEM.",
                id="transcripts.E002",
            )
        return
    try:
        key = load_pem_private_key(settings.SIGNING_KEY.encode(), password=None)
        certificate = x509.load_pem_x509_certificate(settings.SIGNING_CERT.encode())
    except (ValueError, TypeError) as error:
        yield Error(
            f"SIGNING_KEY or SIGNING_CERT cannot be read: {type(error).__name__}.",
            hint="Give both as PEM; the key without a password.",
            id="transcripts.E003",
        )
        return
    public = key.public_key()
    is_ec = isinstance(public, ec.EllipticCurvePublicKey) and isinstance(public.curve, ec.SECP256R1)
    is_rsa = isinstance(public, rsa.RSAPublicKey) and public.key_size >= 3072
    if not (is_ec or is_rsa):
        yield Error(
            "SIGNING_KEY is of a kind documents are not signed with.",
            hint="Use EC P-256, or RSA of 3072 bits or more.",
            id="transcripts.E004",
        )
    if certificate.public_key() != public:
        yield Error(
            "SIGNING_CERT is not the certificate of SIGNING_KEY.",
            hint="Give the certificate that was issued for this key.",
            id="transcripts.E005",
        )
    demo = x509.load_pem_x509_certificate(demo_seal().certificate)
    if not settings.DEMO and public == demo.public_key():
        yield Error(
            "SIGNING_KEY is the key of the demo state, which everybody has.",
            hint="Make a key of your own.",
            id="transcripts.E006",
        )
    left = certificate.not_valid_after_utc - timezone.now()
    if left < timedelta():
        yield Error(
            "SIGNING_CERT has ended.",
            hint="Renew it, and keep the old one in SIGNING_FORMER_CERTS.",
            id="transcripts.E007",
        )
    elif left < ENDS_SOON:
        yield Warning(
            f"SIGNING_CERT ends in {left.days} days.",
            hint="Renew it, and keep the old one in SIGNING_FORMER_CERTS.",
            id="transcripts.W002",
        )
