"""/students/claims/new/: a student claims credit for an earlier class."""

import re

import pytest
from django.urls import reverse

from accounts.models import Mail
from sers.lib.refusal import Refused
from students import actions
from students.models import LateClaim
from tests.people import Cast
from tests.policing import PolicingClient
from tests.students.claiming import checked, claimed, option_of, paper, takes
from tests.students.pages import errors, messages, text

HERE = reverse("students:new_claim")


def where(cast: Cast) -> str:
    return f"{HERE}?year={cast.last_year.first_year}&school={cast.kamiakin.public_id}"


def option(page: str) -> str:
    found = re.search(r'name="option" value="([^"]+)"', page)
    assert found
    return found[1]


def test_year_and_school_first_then_the_classes_of_then(client: PolicingClient, cast: Cast) -> None:
    takes(cast.cbc, "review")
    client.force_login(cast.newcomer.user)
    first = client.get(HERE)
    assert "Choose a school year" in text(first)
    assert b'name="option"' not in first.content
    page = client.get(where(cast))
    assert "Accounting 1: Columbia Basin College, ACCT& 201 Principles of Accounting I, 5 credits" in text(
        page
    )


def test_show_classes_without_a_year_asks_for_it(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.newcomer.user)
    response = client.get(f"{HERE}?year=&school={cast.kamiakin.public_id}")
    assert response.status_code == 422
    assert errors(response) == ["Choose the school year of the class"]


def test_a_claim_is_sent_with_consent_and_a_paper(client: PolicingClient, cast: Cast) -> None:
    takes(cast.cbc, "review")
    client.force_login(cast.newcomer.user)
    page = client.get(where(cast)).content.decode()
    response = client.post(
        where(cast),
        {
            "option": option(page),
            "paper": paper(),
            "claimed_grade": "A-",
            "note": "I moved here.",
            "agree": "on",
        },
    )
    claim = LateClaim.objects.get(student=cast.newcomer)
    assert response["Location"] == reverse("students:claim", args=[claim.public_id])
    assert (claim.state, claim.year, claim.high_school_course, claim.college) == (
        "asked", cast.last_year, cast.accounting, cast.cbc,
    )  # fmt: skip
    assert (claim.claimed_grade, claim.note, claim.consent_id) == (
        "A-",
        "I moved here.",
        claim.consent.version,
    )
    assert claim.papers.get().name == "transcript.pdf"
    assert claim.reference in Mail.objects.get(kind="students/claim_made").text
    assert "is sent" in str(messages(client.get(response["Location"])))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({}, ["Choose the class and the college", "Choose the transcript", "Say that you agree, or take the class without college credit"]),
        ({"paper": paper("t.docx", b"PK\x03\x04 words"), "agree": "on"}, ["Choose the class and the college", "The file is not a PDF, PNG or JPEG file. Save or scan it as one of these"]),
        ({"paper": paper("t.pdf", b""), "agree": "on"}, ["Choose the class and the college", "The file is empty. Choose it again"]),
        ({"note": "x" * 501, "agree": "on"}, ["Choose the class and the college", "Choose the transcript", "Shorten the text to 500 letters"]),
    ],
)  # fmt: skip
def test_what_is_missing_or_wrong_is_said_at_the_field(
    client: PolicingClient, cast: Cast, data: dict[str, object], words: list[str]
) -> None:
    takes(cast.cbc, "review")
    client.force_login(cast.newcomer.user)
    response = client.post(where(cast), data)
    assert (response.status_code, errors(response)) == (422, words)


def test_what_cannot_be_claimed_says_the_rule_and_the_way_on(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.newcomer.user)
    words = text(client.get(where(cast)))
    assert (
        "Columbia Basin College takes no late claims. Credit is given only in the year a class is taken."
        in words
    )
    assert client.post(where(cast), {"agree": "on"}).status_code == 409
    takes(cast.cbc, "years", 1)
    assert "takes late claims up to" not in text(client.get(where(cast)))


@pytest.mark.parametrize("query", ["?year=1999", "?year=rubbish", "?year=2026&school=rubbish"])
def test_a_year_or_school_that_is_not_there_is_asked_again(
    client: PolicingClient, cast: Cast, query: str
) -> None:
    client.force_login(cast.newcomer.user)
    response = client.get(f"{HERE}{query}")
    assert response.status_code == 422
    assert errors(response)[0].startswith("Choose the")


def test_once_a_class_and_year(cast: Cast) -> None:
    claim = claimed(cast)
    with pytest.raises(Refused, match="You have a claim for this class already"):
        claimed(cast)
    stale = option_of(cast.newcomer, cast.welding, cast.last_year)
    actions.make_claim(
        student=cast.newcomer, option=stale, year=cast.last_year, paper=checked(), by=cast.newcomer.user
    )
    with pytest.raises(Refused, match="You have a claim for this class already"):  # the page was older
        actions.make_claim(
            student=cast.newcomer, option=stale, year=cast.last_year, paper=checked(), by=cast.newcomer.user
        )
    actions.withdraw_claim(claim=claim, by=cast.newcomer.user)
    assert claimed(cast).state == "asked"


def test_nobody_claims_for_another(cast: Cast) -> None:
    for by in (cast.student.user, cast.teacher, cast.other_counselor, cast.consortium):
        with pytest.raises(Refused, match="Students claim for themselves"):
            claimed(cast, by=by)


def test_my_classes_lead_here_and_show_the_claims(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.newcomer.user)
    here = reverse("students:my_classes")
    assert HERE in client.get(here).content.decode()
    claim = claimed(cast)
    page = client.get(here)
    assert reverse("students:claim", args=[claim.public_id]) in page.content.decode()
    assert "Late claims" in text(page)
