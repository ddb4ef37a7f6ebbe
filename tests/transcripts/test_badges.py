"""Open Badges: asked for by the student, checked by hands that are not ours, taken back."""

import gzip
import json
from base64 import urlsafe_b64decode
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from django.conf import settings
from django.test import Client
from django.urls import reverse

from sers.lib.refusal import Refused
from tests import people
from tests.people import Cast
from transcripts import actions
from transcripts.models import Badge

URL = "/transcripts/mine/badges/"


def unpacked(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def checked(client: Client, token: str) -> dict[str, Any]:
    """What a verifier does, by the standards and plain cryptography: find the key by the DID, check, read.

    did:web:host:a:b is https://host/a/b/did.json; the header's kid names the key in it; ES256 is ECDSA on P-256.
    """
    head, body, signature = token.split(".")
    header = json.loads(unpacked(head))
    assert header["alg"] == "ES256"
    did, _, _ = header["kid"].partition("#")
    host, *path = did.removeprefix("did:web:").split(":")
    assert settings.PUBLIC_URL.endswith(host.replace("%3A", ":"))
    document = client.get(f"/{'/'.join(path)}/did.json").json()
    assert document["id"] == did
    assert header["kid"] in document["assertionMethod"]
    (method,) = [one for one in document["verificationMethod"] if one["id"] == header["kid"]]
    jwk = method["publicKeyJwk"]
    assert "d" not in jwk
    key = ec.EllipticCurvePublicNumbers(
        int.from_bytes(unpacked(jwk["x"]), "big"), int.from_bytes(unpacked(jwk["y"]), "big"), ec.SECP256R1()
    ).public_key()
    raw = unpacked(signature)
    r, s = int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")
    key.verify(encode_dss_signature(r, s), f"{head}.{body}".encode(), ec.ECDSA(hashes.SHA256()))
    found: dict[str, Any] = json.loads(unpacked(body))
    assert found["issuer"] == did or found["issuer"]["id"] == did
    return found


def is_revoked(client: Client, credential: dict[str, Any]) -> bool:
    """By the status list the credential names."""
    status = credential["credentialStatus"]
    address = status["statusListCredential"].removeprefix(settings.PUBLIC_URL)
    listed = checked(client, client.get(address).content.decode())["credentialSubject"]
    assert listed["statusPurpose"] == status["statusPurpose"] == "revocation"
    bits = gzip.decompress(unpacked(listed["encodedList"].removeprefix("u")))
    assert len(bits) * 8 == Badge.PLACES
    place = int(status["statusListIndex"])
    return bool(bits[place // 8] & (128 >> (place % 8)))


def test_a_badge_is_real_by_hands_that_are_not_ours(cast: Cast, client: Client) -> None:
    found = checked(client, cast.badge.credential)
    assert found["type"] == ["VerifiableCredential", "OpenBadgeCredential"]
    assert found["@context"][0] == "https://www.w3.org/ns/credentials/v2"
    subject = found["credentialSubject"]
    assert subject["achievement"]["humanCode"] == "ACCT& 201"
    assert subject["achievement"]["creditsAvailable"] == 5
    assert subject["identifier"][0]["identityHash"] == "Grace Nakamura"
    assert found["issuer"]["name"] == "Columbia Basin College"
    assert not is_revoked(client, found)


def test_it_says_the_name_and_nothing_else_of_the_person(cast: Cast) -> None:
    said = unpacked(cast.badge.credential.split(".")[1]).decode()
    graduate = cast.graduate
    for secret in (graduate.sers_id, graduate.email, str(graduate.birth_date), graduate.school.name, "3.8"):
        assert secret not in said


def test_a_changed_one_is_not_real(cast: Cast, client: Client) -> None:
    head, body, signature = cast.badge.credential.split(".")
    middle = len(body) // 2
    changed = body[:middle] + ("A" if body[middle] != "A" else "B") + body[middle + 1 :]
    with pytest.raises(InvalidSignature):
        checked(client, f"{head}.{changed}.{signature}")


def test_a_student_asks_with_the_grade_downloads_and_takes_it_back(cast: Cast, client: Client) -> None:
    cast.badge.delete()
    assert cast.graduate.user is not None
    client.force_login(cast.graduate.user)
    assert "Make a badge" in client.get(URL).content.decode()
    assert client.post(URL, {"award": cast.award.pk, "grade_shown": "on"})["Location"] == URL
    badge = Badge.objects.get(award=cast.award)
    answer = client.get(reverse("transcripts:badge", args=[badge.public_id]))
    assert "attachment" in answer["Content-Disposition"]
    found = checked(client, answer.content.decode())
    assert found["credentialSubject"]["result"][0]["value"] == "3.8 A"
    assert client.post(URL, {"badge": badge.public_id}).status_code == 302
    assert is_revoked(client, found)
    assert "You took the badge back" in client.get(URL).content.decode()


def test_asked_twice_it_is_one(cast: Cast) -> None:
    assert cast.graduate.user is not None
    again = actions.make_badge(award=cast.award, grade_shown=True, by=cast.graduate.user)
    assert again.pk == cast.badge.pk
    assert not again.grade_shown


def test_credit_that_is_corrected_revokes_it(cast: Cast, client: Client) -> None:
    found = checked(client, cast.badge.credential)
    people.correct_award(cast.award)
    assert is_revoked(client, found)
    assert not is_revoked(client, checked(client, cast.other_badge.credential))
    assert cast.graduate.user is not None
    with pytest.raises(Refused, match="corrected"):
        actions.make_badge(award=cast.award, grade_shown=False, by=cast.graduate.user)


def test_nobody_else_asks_for_one_or_takes_one(cast: Cast, client: Client) -> None:
    with pytest.raises(Refused, match="Only the student"):
        actions.make_badge(award=cast.award, grade_shown=False, by=cast.registrar)
    with pytest.raises(Refused, match="Only the student"):
        actions.revoke_badge(badge=cast.badge, by=cast.registrar)
    assert cast.other_graduate.user is not None
    client.force_login(cast.other_graduate.user)
    assert client.post(URL, {"award": cast.award.pk}).status_code == 422
    assert client.post(URL, {"badge": cast.badge.public_id}).status_code == 422
    assert client.get(reverse("transcripts:badge", args=[cast.badge.public_id])).status_code == 404


def test_one_and_three_cost_the_same_queries(
    cast: Cast, client: Client, django_assert_num_queries: Any
) -> None:
    assert cast.graduate.user is not None
    client.force_login(cast.graduate.user)
    client.get(URL)
    with django_assert_num_queries(10):
        client.get(URL)
    for title, code in (("Robotics", "ROB 110"), ("Nursing", "NUR 101")):
        course = people.make_high_school_course(cast.kamiakin, title)
        agreement = people.make_agreement(
            (course, people.make_college_course(cast.cbc, code)), consortium=cast.columbia_basin
        )
        section = people.make_section(course, cast.teacher_seat)
        earned = people.make_registration(cast.graduate, section, agreement, percent="90", by=cast.teacher)
        people.make_run(cast.cbc, people.make_year(2000 + len(title)), cast.registrar, earned)
    with django_assert_num_queries(10):
        assert len(client.get(URL).context["courses"]) == 3
