"""Open Badges 3.0: a credential for one credit award, signed (VC-JWT), with a place in a list of what is revoked.

The issuer is the college, by a did:web of SERS's own host; the keys are those of the seals, as JWK. A verifier needs
the credential, the two addresses it names and nobody else. The credential says the student's name and the course;
the grade only when the student asks for it, and never a birth date, an ID or an address.
"""

import gzip
from base64 import urlsafe_b64encode
from collections.abc import Iterable
from typing import Any, Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from django.urls import reverse
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from organizations.models import College
from sers.lib.press import plain
from sers.lib.sealing import Seal
from sers.lib.seals import known_certificates, own_seal
from transcripts.models import Badge

CONTEXT: Final = [
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
]


def issuer_did(college: College) -> str:
    """`did:web:sers.example.gov:transcripts:issuers:...`: where the keys of a college's badges are found."""
    host = settings.PUBLIC_URL.split("://")[-1].replace(":", "%3A")
    path = reverse("transcripts:issuer", args=[college.public_id]).strip("/").removesuffix("/did.json")
    return f"did:web:{host}:{path.replace('/', ':')}"


def did_document(college: College) -> dict[str, Any]:
    """The keys badges of this college are signed with: today's, and those that came before it."""
    did = issuer_did(college)
    methods = [
        {
            "id": f"{did}#{key['kid']}",
            "type": "JsonWebKey",
            "controller": did,
            "publicKeyJwk": key,
        }
        for key in public_keys()
    ]
    return {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/jwk/v1"],
        "id": did,
        "verificationMethod": methods,
        "assertionMethod": [method["id"] for method in methods],
    }


def public_keys() -> list[dict[str, Any]]:
    """The public keys as JWK, each named by its fingerprint (RFC 7638)."""
    return [_public_jwk(certificate) for certificate in known_certificates()]


def _public_jwk(certificate: str) -> dict[str, Any]:
    public = x509.load_pem_x509_certificate(certificate.encode()).public_key()
    pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    key = ECKey.import_key(pem) if isinstance(public, ec.EllipticCurvePublicKey) else RSAKey.import_key(pem)
    return {**key.as_dict(private=False), "kid": key.thumbprint(), "alg": _algorithm(key), "use": "sig"}


def _algorithm(key: Any) -> str:
    return "ES256" if isinstance(key, ECKey) else "RS256"


def _sign(payload: dict[str, Any], did: str, kind: str) -> str:
    seal: Seal = own_seal()
    is_ec = b"EC PRIVATE" in seal.key or _public_jwk(seal.certificate.decode())["kty"] == "EC"
    key = ECKey.import_key(seal.key) if is_ec else RSAKey.import_key(seal.key)
    header = {"alg": _algorithm(key), "typ": kind, "kid": f"{did}#{key.thumbprint()}"}
    signed: str = jwt.encode(header, payload, key)
    return signed


def credential_of(badge: Badge) -> dict[str, Any]:
    """What a badge says: the student's name, the course, its credits, the school year, the college, how it stands."""
    award, did = badge.award, issuer_did(badge.award.college)
    address = settings.PUBLIC_URL + reverse("transcripts:badge", args=[badge.public_id])
    results = []
    if badge.grade_shown and award.college_grade:
        results = [{"type": ["Result"], "value": plain(award.college_grade)}]
    return {
        "@context": CONTEXT,
        "id": address,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": plain(f"{award.course_code} {award.course_title}"),
        "issuer": {"id": did, "type": ["Profile"], "name": plain(award.college.name)},
        "validFrom": badge.issued_at.isoformat(timespec="seconds"),
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "identifier": [
                {
                    "type": "IdentityObject",
                    "hashed": False,
                    "identityType": "name",
                    "identityHash": plain(badge.name),
                }
            ],
            "achievement": {
                "id": f"{address}#achievement",
                "type": ["Achievement"],
                "achievementType": "Course",
                "name": plain(f"{award.course_code} {award.course_title}"),
                "humanCode": plain(award.course_code),
                "creditsAvailable": float(award.credits),
                "description": plain(
                    f"College credit of {award.college.name} for CTE Dual Credit, school year {award.year}"
                ),
                "criteria": {
                    "narrative": (
                        "Completed an articulated high-school class with the grade the college asks for; "
                        "the college awarded the credit."
                    )
                },
            },
            **({"result": results} if results else {}),
        },
        "credentialStatus": {
            "id": f"{_status_address(award.college)}#{badge.status_place}",
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": str(badge.status_place),
            "statusListCredential": _status_address(award.college),
        },
    }


def _status_address(college: College) -> str:
    return settings.PUBLIC_URL + reverse("transcripts:badge_status", args=[college.public_id])


def signed_credential(badge: Badge) -> str:
    """The credential as a signed JWT; it names its key by the college's DID."""
    credential = credential_of(badge)
    payload = {
        **credential,
        "iss": credential["issuer"]["id"],
        "jti": credential["id"],
        "nbf": int(badge.issued_at.timestamp()),
    }
    return _sign(payload, credential["issuer"]["id"], "vc+ld+jwt")


def status_list(college: College, revoked: Iterable[int]) -> str:
    """The list of a college's revoked badges, as a signed credential: one bit a badge, the first on the left (W3C)."""
    bits = bytearray(Badge.PLACES // 8)
    for place in revoked:
        bits[place // 8] |= 128 >> (place % 8)
    encoded = "u" + urlsafe_b64encode(gzip.compress(bytes(bits), mtime=0)).decode().rstrip("=")
    address, did = _status_address(college), issuer_did(college)
    return _sign(
        {
            "@context": CONTEXT[:1],
            "id": address,
            "type": ["VerifiableCredential", "BitstringStatusListCredential"],
            "issuer": did,
            "credentialSubject": {
                "id": f"{address}#list",
                "type": "BitstringStatusList",
                "statusPurpose": "revocation",
                "encodedList": encoded,
            },
            "iss": did,
            "jti": address,
        },
        did,
        "vc+ld+jwt",
    )
