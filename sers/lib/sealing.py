"""Sealed PDF: signed (PAdES B-B), certified so that no change is allowed, and checked down to the last byte.

A seal is a signature of ours in a PDF. `seal` puts it in; `examine` says whether a file carries one of ours and
whether it is whole. Nothing is asked of anybody else: the certificates that count are handed in, no revocation
list and no time stamp is fetched. `examine` reads files of strangers, so it is run in `sers.lib.confined`.

pyHanko is imported when it is needed: it costs half a second.
"""

import datetime
import hashlib
import re
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from typing import Any, Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

#: The signature field of a sealed PDF. It is not shown; a screen reader finds its name.
FIELD: Final = "Seal"
#: Room for the signature in the file, in bytes; what is left over is zeros, and checked to be.
ROOM: Final = 6000
_IDENTIFIER: Final = re.compile(rb"/ID\s*\[\s*(?:<((?:[0-9A-Fa-f]{2}){1,64})>|\(([^()\\]{1,64})\))")
#: Keys a seal may have, by their kind, and how each signs.
_ALGORITHMS: Final = {"ec": "sha256_ecdsa", "rsa": "sha256_rsa"}
_GAP: Final = re.compile(rb"<([0-9A-F]+)>")


@dataclass(frozen=True, slots=True)
class Seal:
    """A key and its certificate, as PEM: what documents are signed with."""

    key: bytes
    certificate: bytes

    @property
    def fingerprint(self) -> str:
        return fingerprint(self.certificate)


@dataclass(frozen=True, slots=True)
class Examined:
    """What a file says of itself. `mark` is the name it was born with, whoever wrote it there: a hint, no proof."""

    is_pdf: bool = False
    is_sealed: bool = False
    is_whole: bool = False
    mark: str = ""
    certificate: str = ""

    def __bool__(self) -> bool:
        return self.is_whole


def fingerprint(certificate: bytes) -> str:
    """SHA-256 of a certificate (PEM), in hexadecimal digits."""
    return x509.load_pem_x509_certificate(certificate).fingerprint(hashes.SHA256()).hex()


@cache
def demo_seal(secret: str, name: str) -> Seal:
    """A seal for show, the same for the same secret: whoever knows the secret can make it, so it proves nothing."""
    digest = hashlib.sha256(f"seal {secret}".encode()).digest()
    key = ec.derive_private_key(int.from_bytes(digest, "big") >> 1, ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(int.from_bytes(digest[:16], "big") >> 1)
        .not_valid_before(datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC))
        .not_valid_after(datetime.datetime(2120, 1, 1, tzinfo=datetime.UTC))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_for_signing(), critical=True)
        .sign(key, hashes.SHA256(), ecdsa_deterministic=True)
    )
    return Seal(
        key.private_bytes(Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()),
        certificate.public_bytes(Encoding.PEM),
    )


def _for_signing() -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True, content_commitment=True, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=False, crl_sign=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip


def seal(pdf: bytes, by: Seal, *, reason: str, name: str) -> bytes:
    """The PDF, signed and certified: whatever is changed or added afterwards breaks the seal."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import fields, signers

    signed = signers.PdfSigner(
        signers.PdfSignatureMetadata(
            field_name=FIELD,
            md_algorithm="sha256",
            reason=reason,
            name=name,
            certify=True,
            docmdp_permissions=fields.MDPPerm.NO_CHANGES,
            subfilter=fields.SigSeedSubFilter.PADES,
        ),
        signer=_signer(by),
        new_field_spec=fields.SigFieldSpec(
            FIELD,
            readable_field_name=reason,
            # Hidden: PDF/UA asks no tag of what nobody sees.
            invis_sig_settings=fields.InvisSigSettings(set_print_flag=True, set_hidden_flag=True),
        ),
    ).sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf)), bytes_reserved=2 * ROOM)
    sealed: bytes = signed.getvalue()
    return sealed


@cache
def _signer(by: Seal) -> Any:
    from asn1crypto import pem
    from asn1crypto import x509 as asn1_x509
    from pyhanko.keys import load_private_key_from_pemder_data
    from pyhanko.sign.signers import SimpleSigner
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    _, _, der = pem.unarmor(by.certificate)
    return SimpleSigner(
        signing_cert=asn1_x509.Certificate.load(der),
        signing_key=load_private_key_from_pemder_data(by.key, passphrase=None),
        cert_registry=SimpleCertificateStore(),  # type: ignore[no-untyped-call]
    )


def examine(body: bytes, *, certificates: list[str]) -> dict[str, Any]:
    """What the bytes of a stranger's file are: a PDF, one with a seal of these certificates (PEM), a whole one.

    Whole means: one signature; it covers the file from the first byte to the last; it is by a key of ours; the
    file is certified against changes; and the signature itself is written as `seal` writes it, so that no byte
    of the file can be another.
    """
    from pyhanko.pdf_utils.reader import PdfFileReader

    if not body.startswith(b"%PDF-"):
        return {}
    found: dict[str, Any] = {"is_pdf": True}
    try:
        found["mark"] = _mark_written(body)
        reader = PdfFileReader(BytesIO(body))
        found["mark"] = _mark(reader)
        signatures = reader.embedded_signatures
    except Exception:  # what a hostile file raises is as many-sided as its makers
        return found
    for signature in signatures:
        for one in certificates:
            if _is_by(signature, one):
                found |= {"is_sealed": True, "certificate": fingerprint(one.encode())}
                found["is_whole"] = len(signatures) == 1 and _is_whole(body, signature, one)
    return found


def _mark(reader: Any) -> str:
    """The first half of the file's identifier, as letters: what it was called when it was made."""
    born = reader.trailer["/ID"][0]
    mark: str = (born if isinstance(born, bytes) else str(born).encode("latin-1", "replace")).decode(
        "ascii", "replace"
    )
    return mark[:64]


def _mark_written(body: bytes) -> str:
    """The same by the letters of the file, where it is too broken to be read as one."""
    written = _IDENTIFIER.search(body)
    if written is None:
        return ""
    born = bytes.fromhex(written[1].decode()) if written[1] else written[2]
    return born.decode("ascii", "replace")[:64]


def _is_by(signature: Any, certificate: str) -> bool:
    from asn1crypto import pem

    try:
        _, _, der = pem.unarmor(certificate.encode())
        return bool(signature.signer_cert.dump() == der)
    except Exception:  # what a hostile signature raises is as many-sided as its makers
        return False


def _is_whole(body: bytes, signature: Any, certificate: str) -> bool:
    from asn1crypto import pem, x509
    from pyhanko.sign.fields import MDPPerm
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko.sign.validation.status import SignatureCoverageLevel
    from pyhanko_certvalidator import ValidationContext

    try:
        _, _, der = pem.unarmor(certificate.encode())
        own = x509.Certificate.load(der)
        context = ValidationContext(
            trust_roots=[own],
            allow_fetching=False,
            moment=min(max(signature.self_reported_timestamp, own.not_valid_before), own.not_valid_after),
            revocation_mode="soft-fail",
        )
        status = validate_pdf_signature(signature, context)
        return bool(
            status.intact
            and status.valid
            and status.coverage == SignatureCoverageLevel.ENTIRE_FILE
            and status.docmdp_ok
            and signature.docmdp_level == MDPPerm.NO_CHANGES
            and _is_as_written(body, signature, own)
        )
    except Exception:  # see above: a signature that cannot be checked is not whole
        return False


def _is_as_written(body: bytes, signature: Any, certificate: Any) -> bool:
    """Is the signature itself, which nothing signs, byte for byte what `seal` would have written around its core?

    A signature covers the file around it. Its own wrapping could be written in other ways and still hold: small
    or capital letters, another version number, something after its end. None of that is ours.
    """
    from asn1crypto import cms

    first, length, second, rest = (int(number) for number in signature.byte_range)
    gap = _GAP.fullmatch(body[first + length : second])
    if first != 0 or second + rest != len(body) or gap is None or len(gap[1]) != 2 * ROOM:
        return False
    wrapped = signature.pkcs7_content
    der = wrapped.rstrip(b"\0")
    content = cms.ContentInfo.load(wrapped)
    signer = content["content"]["signer_infos"][0]
    again = cms.ContentInfo(
        {
            "content_type": "signed_data",
            "content": {
                "version": "v1",
                "digest_algorithms": [{"algorithm": "sha256"}],
                "encap_content_info": {"content_type": "data"},
                "certificates": [certificate],
                "signer_infos": [
                    {
                        "version": "v1",
                        "sid": {
                            "issuer_and_serial_number": {
                                "issuer": certificate.issuer,
                                "serial_number": certificate.serial_number,
                            }
                        },
                        "digest_algorithm": {"algorithm": "sha256"},
                        "signed_attrs": signer["signed_attrs"],
                        "signature_algorithm": {"algorithm": _ALGORITHMS[certificate.public_key.algorithm]},
                        "signature": signer["signature"].native,
                    }
                ],
            },
        }
    ).dump(force=True)
    return bool(again.rstrip(b"\0") == der and bytes.fromhex(gap[1].decode()).rstrip(b"\0") == der)
