"""/articulations/assurances/<public_id>/"""

import pytest

from tests.people import Cast
from tests.policing import PolicingClient


def address(cast: Cast) -> str:
    return f"/articulations/assurances/{cast.assurance.public_id}/"


@pytest.mark.parametrize(
    "person", ["colleague", "counselor", "district", "faculty", "registrar", "consortium", "state"]
)
def test_it_shows_what_was_signed_and_how(client: PolicingClient, cast: Cast, person: str) -> None:
    client.force_login(getattr(cast, person))
    page = client.get(address(cast)).content.decode()
    for words in (
        "I teach what the college course asks for.",
        cast.assurance.signed_sha256,
        "Colin Teacher",
        "Teacher, Kamiakin High School",
        "203.0.113.7",
        "My typed name stands for my signature.",
        "CTE director, Kennewick School District",
        "203.0.113.8",
    ):
        assert words in page, words
    assert "no longer has the fingerprint" not in page


@pytest.mark.parametrize("person", ["teacher", "other_counselor", "other_district", "other_consortium"])
def test_a_stranger_finds_nothing(client: PolicingClient, cast: Cast, person: str) -> None:
    client.force_login(getattr(cast, person))
    assert client.get(address(cast)).status_code == 404


@pytest.mark.parametrize("person", ["student", "nobody"])
def test_others_may_not(client: PolicingClient, cast: Cast, person: str) -> None:
    user = getattr(cast, person)
    client.force_login(getattr(user, "user", user))
    assert client.get(address(cast)).status_code == 403
    assert client.post(address(cast)).status_code in (403, 405)
