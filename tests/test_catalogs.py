"""The catalogs hold the words of today, and no page in Spanish shows an English one."""

import re

import pytest
from django.conf import settings

from sers.management.commands import catalogs
from tests.owing import make_link, make_requirement
from tests.people import Cast
from tests.policing import PolicingClient
from tests.test_languages import EVERY_LANGUAGE, Words


@EVERY_LANGUAGE
def test_the_catalog_holds_the_words_of_today(language: str) -> None:
    """`manage.py catalogs` would change nothing: no word is missing and none is left over."""
    assert catalogs.po_of(language).read_bytes() == catalogs.po_text(catalogs.updated(language))


#: Words no Spanish sentence has, and hardly an English one goes without.
ENGLISH = re.compile(
    r"\b(?:the|and|you|your|of|is|are|for|with|this|that|it|to|not|from|by|when|which|who|enter|choose|class|school)\b",
    re.IGNORECASE,
)
#: Names in the cast, and what stays English on purpose.
NAMES = re.compile(
    r"Columbia Basin College|Walla Walla Community College|Kamiakin High School|Walla Walla High School|"
    r"Kennewick School District|Walla Walla Public Schools|Principles of Accounting I|CTE Dual Credit|skills center|"
    r"High School Request to Articulate|Program of Study|Statewide Enrollment and Reporting System|Maximiliano Hernández de la Cruz|English"
)


def words_of(page: str) -> list[str]:
    parser = Words()
    parser.feed(page)
    told = (re.sub(r"testserver\S+", "", NAMES.sub("", one)) for one in parser.found)  # an address is no word
    return [" ".join(one.split()) for one in told]


def waiting(cast: Cast) -> str:
    """The token of a link to a guardian that is not answered yet."""
    signature, token = (
        cast.owing_registration.requirements.filter(kind="guardian").first(),
        "families-read-this",
    )
    if signature is None:
        signature = make_requirement(cast.owing_registration, "guardian")
        make_link(signature, token=token)
    return token


def paths_of(cast: Cast) -> dict[str, list[str]]:
    """Pages by who opens them."""
    registration, agreement, code = (
        cast.registration.public_id,
        cast.agreement.public_id,
        cast.transcript.code,
    )
    return {
        "anonymous": [
            "/", "/accounts/sign-in/?door=student", "/accounts/sign-in/?door=teacher", "/accounts/forgot-password/",
            "/accounts/forgot-user-name/", "/accounts/mail-sent/", "/students/created/", "/articulations/",
            f"/articulations/{agreement}/", "/articulations/schools/", "/organizations/for-students/",
            "/organizations/for-teachers/", "/organizations/consortia/",
            f"/organizations/consortia/{cast.columbia_basin.public_id}/",
            f"/organizations/colleges/{cast.cbc.public_id}/", "/transcripts/verify/", "/transcripts/verify/?code=12",
            f"/transcripts/verify/{code}/",
            f"/students/class/{cast.section.class_code}/", f"/students/guardian/{waiting(cast)}/",
            f"/students/local-provider/{cast.checkout.public_id}/", f"/students/reminders/{cast.roster_entry.public_id}/",
        ],
        "student": [
            "/students/classes/", "/students/register/", f"/students/registrations/{registration}/",
            f"/students/registrations/{registration}/teacher/", f"/students/registrations/{registration}/withdraw/",
            f"/students/{cast.student.public_id}/history/?open={registration}", "/transcripts/mine/",
            "/transcripts/request/", "/accounts/me/", "/accounts/sessions/", "/accounts/second-factor/",
            f"/students/registrations/{registration}/college/", f"/students/registrations/{registration}/consent/",
            f"/students/registrations/{registration}/guardian/", f"/students/forms/?one={registration}",
            f"/students/claims/{cast.late_claim.public_id}/",
        ],
        "graduate": ["/students/classes/", "/transcripts/mine/", "/transcripts/request/"],
        "owing": [
            "/students/classes/", "/students/fees/", f"/students/registrations/{cast.owing_registration.public_id}/guardian/",
        ],
        "gone": ["/students/classes/"],
        "newcomer": [
            "/students/classes/", "/students/register/", "/students/claims/new/", "/students/claims/new/?year=",
            f"/students/claims/new/?year={cast.last_year.first_year}", f"/students/register/choose/?class={cast.accounting.public_id}",
            f"/students/register/choose/?class={cast.accounting.public_id}&class={cast.welding.public_id}",
        ],
    }  # fmt: skip


#: Pages that refuse speak the language too.
REFUSING = {"/nowhere/": 404, f"/transcripts/verify/{'0' * 26}/": 404, "/students/confirm/nothing/": 404}


def test_refusals_are_in_spanish_too(client: PolicingClient, cast: Cast) -> None:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "es"
    for path, status in REFUSING.items():
        answer = client.get(path)
        assert answer.status_code == status, path
        assert [one for one in words_of(answer.content.decode()) if ENGLISH.search(one)] == [], path


@pytest.mark.parametrize("person", ["anonymous", "student", "graduate", "owing", "gone", "newcomer"])
def test_spanish_pages_hold_no_english(client: PolicingClient, cast: Cast, person: str) -> None:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "es"
    if person != "anonymous":
        client.force_login(getattr(cast, person).user)
    left = {}
    for path in paths_of(cast)[person]:
        answer = client.get(path)
        assert answer.status_code in (200, 422), path
        page = answer.content.decode()
        assert '<html lang="es">' in page, path
        if found := [one for one in words_of(page) if ENGLISH.search(one)]:
            left[path] = found
    assert left == {}


def forms_of(cast: Cast) -> dict[str, list[tuple[str, dict[str, str]]]]:
    """Forms of students and families, sent empty and with what cannot be read, by who sends them."""
    registration, owing = cast.registration.public_id, cast.owing_registration.public_id
    chosen = f"/students/register/choose/?class={cast.accounting.public_id}"
    claim = f"/students/claims/new/?year={cast.last_year.first_year}&school={cast.kamiakin.public_id}"
    return {
        "anonymous": [
            (f"/students/guardian/{waiting(cast)}/", {}),
            (f"/students/guardian/{waiting(cast)}/", {"answer": "maybe", "name": "x" * 200}),
        ],
        "student": [
            (f"/students/registrations/{registration}/{what}/", sent)
            for what in ("teacher", "college")
            for sent in ({}, {"version": "x", "section": "x", "college": "x"})
        ],
        "owing": [
            (f"/students/registrations/{owing}/guardian/", {}),
            (f"/students/registrations/{owing}/guardian/", {"guardian_email": "nope", "guardian_language": "x"}),
            (f"/students/registrations/{owing}/guardian/", {"guardian_email": cast.owing.email}),
        ],
        "newcomer": [
            (chosen, {}), (chosen, {f"teacher_{cast.accounting.public_id}": "x", "consent_version": "x"}),
            ("/students/register/", {}), ("/students/register/", {"code": "NOPE123"}),
            (claim, {}), (claim, {"option": "x", "claimed_grade": "x" * 50, "note": "x" * 600}),
        ],
    }  # fmt: skip


@pytest.mark.parametrize("person", ["anonymous", "student", "owing", "newcomer"])
def test_what_is_typed_wrong_is_told_in_spanish(client: PolicingClient, cast: Cast, person: str) -> None:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "es"
    if person != "anonymous":
        client.force_login(getattr(cast, person).user)
    left = {}
    for path, sent in forms_of(cast)[person]:
        answer = client.post(path, sent)
        assert answer.status_code in (409, 422), (path, sent)
        if found := [one for one in words_of(answer.content.decode()) if ENGLISH.search(one)]:
            left[path, str(sent)] = found
    assert left == {}
