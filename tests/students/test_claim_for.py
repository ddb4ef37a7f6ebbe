"""/students/<student>/claim/: a counselor begins a claim; the student agrees to it."""

import re

import pytest
from django.urls import reverse

from accounts.models import Mail
from students.models import LateClaim
from tests.people import Cast
from tests.policing import PolicingClient
from tests.students.claiming import claimed, paper, takes
from tests.students.pages import text


def address(cast: Cast) -> str:
    return reverse("students:claim_for", args=[cast.newcomer.public_id])


def test_it_waits_for_the_student(client: PolicingClient, cast: Cast) -> None:
    takes(cast.cbc, "review")
    client.force_login(cast.counselor)
    where = f"{address(cast)}?year={cast.last_year.first_year}"
    page = client.get(where).content.decode()
    assert "I agree" not in page
    value = re.search(r'name="option" value="([^"]+)"', page)
    assert value
    assert client.post(where, {"option": value[1], "paper": paper()}).status_code == 302
    claim = LateClaim.objects.get(student=cast.newcomer)
    assert (claim.state, claim.consent, claim.asked_by) == ("consent", None, cast.counselor)
    assert Mail.objects.get(kind="students/claim_to_agree").to == cast.newcomer.email


def test_the_student_reads_and_agrees(client: PolicingClient, cast: Cast) -> None:
    claim = claimed(cast, by=cast.counselor)
    here = reverse("students:claim", args=[claim.public_id])
    client.force_login(cast.counselor)
    assert "The student reads it and agrees." in text(client.get(here))
    assert client.post(here, {"agree": "1"}).status_code == 403
    client.force_login(cast.newcomer.user)
    assert "This becomes part of your permanent college record" in text(client.get(here))
    client.post(here, {"agree": "1"})
    claim.refresh_from_db()
    assert (claim.state, claim.consent_language) == ("asked", "en")
    assert claim.agreed_at is not None


@pytest.mark.parametrize(
    ("person", "status"), [("other_counselor", 404), ("teacher", 403), ("consortium", 403), ("student", 403)]
)
def test_only_a_counselor_of_the_school(client: PolicingClient, cast: Cast, person: str, status: int) -> None:
    who = getattr(cast, person)
    client.force_login(getattr(who, "user", who))
    assert client.get(address(cast)).status_code == status


def test_the_profile_leads_here(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.counselor)
    page = client.get(reverse("students:student", args=[cast.newcomer.public_id])).content.decode()
    assert address(cast) in page
    client.force_login(cast.district)
    page = client.get(reverse("students:student", args=[cast.newcomer.public_id])).content.decode()
    assert address(cast) not in page
