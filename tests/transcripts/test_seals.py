"""Production signs with a key of its own; what is not fit to sign is told at start."""

import datetime
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from django.core.exceptions import ImproperlyConfigured
from django.test import override_settings
from django.utils import timezone

from sers.lib import sealing, seals
from tests.lib.test_sealing import PLAIN
from transcripts import checks


def made(key: Any = None, *, days: int = 400, of: Any = None) -> dict[str, str]:
    """Settings with a key and a certificate that ends in so many days; `of` is whose certificate it is."""
    key = key or ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "State Board")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key((of or key).public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(timezone.now() - datetime.timedelta(days=1000))
        .not_valid_after(timezone.now() + datetime.timedelta(days=days))
        .sign(key, None if isinstance(key, ed25519.Ed25519PrivateKey) else hashes.SHA256())
    )
    return {
        "SIGNING_KEY": key.private_bytes(
            Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ).decode(),
        "SIGNING_CERT": certificate.public_bytes(Encoding.PEM).decode(),
    }


def told(**settings: Any) -> list[str]:
    with override_settings(DEMO=False, **settings):
        return [str(one.id) for one in checks.check_seal()]


def test_a_key_of_one_s_own_is_silent() -> None:
    assert told(**made()) == []
    assert told(**made(rsa.generate_private_key(65537, 3072))) == []


def test_no_key_the_demo_key_and_unfit_ones_are_told() -> None:
    demo = seals.demo_seal()
    assert told(SIGNING_KEY="", SIGNING_CERT="") == ["transcripts.E002"]
    assert told(SIGNING_KEY="nonsense", SIGNING_CERT="nonsense") == ["transcripts.E003"]
    assert told(**made(ed25519.Ed25519PrivateKey.generate())) == ["transcripts.E004"]
    assert told(**made(rsa.generate_private_key(65537, 2048))) == ["transcripts.E004"]
    assert told(**made(of=ec.generate_private_key(ec.SECP256R1()))) == ["transcripts.E005"]
    assert told(SIGNING_KEY=demo.key.decode(), SIGNING_CERT=demo.certificate.decode()) == ["transcripts.E006"]
    assert told(**made(days=-1)) == ["transcripts.E007"]
    assert told(**made(days=30)) == ["transcripts.W002"]


def test_the_demo_state_asks_for_nothing() -> None:
    with override_settings(DEMO=True, SIGNING_KEY="", SIGNING_CERT=""):
        assert list(checks.check_seal()) == []
        assert seals.own_seal() == seals.demo_seal()
        assert seals.is_demo_certificate(seals.own_seal().fingerprint)


def test_production_without_a_key_makes_no_document() -> None:
    with (
        override_settings(DEMO=False, SIGNING_KEY="", SIGNING_CERT=""),
        pytest.raises(ImproperlyConfigured, match="not made unsigned"),
    ):
        seals.sealed(PLAIN, issuer="Columbia Basin College")


@pytest.mark.parametrize("kind", ["ec", "rsa"])
def test_a_document_of_a_former_key_is_still_known(kind: str) -> None:
    key = ec.generate_private_key(ec.SECP256R1()) if kind == "ec" else rsa.generate_private_key(65537, 3072)
    old = made(key)
    with override_settings(DEMO=False, **old):
        sealed = seals.sealed(PLAIN, issuer="Columbia Basin College")
    with override_settings(DEMO=False, **made(), SIGNING_FORMER_CERTS=old["SIGNING_CERT"]):
        assert sealing.examine(sealed, certificates=seals.known_certificates())["is_whole"]
    with override_settings(DEMO=False, **made(), SIGNING_FORMER_CERTS=""):
        assert not sealing.examine(sealed, certificates=seals.known_certificates()).get("is_sealed")
