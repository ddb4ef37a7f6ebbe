"""College IDs of a college: found, entered by hand, each once."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import Event
from tests import people
from tests.people import SID, Cast
from transcripts.models import CollegeIdentity

URL = "/transcripts/identities/"


def place(cast: Cast) -> dict[str, Any]:
    return {"college": str(cast.cbc.public_id), "year": cast.year.first_year}


def enter(client: Client, cast: Cast, sers_id: str, sid: str) -> Any:
    return client.post(f"{URL}?college={cast.cbc.public_id}", {"sers_id": sers_id, "sid": sid})


def test_the_registrar_sees_who_is_known_and_who_is_not(cast: Cast, client: Client) -> None:
    client.force_login(cast.registrar)
    page = client.get(URL, place(cast))
    assert [row["sid"] for row in page.context["page"]] == [SID]
    assert [figure["number"] for figure in page.context["figures"]] == ["0", "2", "1"]
    assert "Matched by import, score 75" in page.content.decode()


def test_an_id_is_entered_by_hand(cast: Cast, client: Client) -> None:
    client.force_login(cast.registrar)
    assert enter(client, cast, cast.classmate.sers_id.lower(), " 201-234-569 ").status_code == 302
    identity = CollegeIdentity.objects.standing().get(student=cast.classmate)
    assert (identity.sid, identity.source, identity.given_by) == ("201234569", "typed", cast.registrar)
    assert Event.objects.filter(kind="transcripts.identity_given", subject_id=identity.pk).count() == 1


@pytest.mark.parametrize(
    ("whose", "sid", "status", "words"),
    [
        ("classmate", SID, 409, "another student’s"),
        ("graduate", "201234568", 409, "has an ID at this college already"),
        ("classmate", "12", 422, "nine digits"),
        ("other_classmate", "201234568", 422, "Nobody registered at your college"),
        ("", "201234568", 422, "Enter the student’s CTE Dual Credit ID"),
    ],
)
def test_refusals_name_the_rule(
    cast: Cast, client: Client, whose: str, sid: str, status: int, words: str
) -> None:
    client.force_login(cast.registrar)
    before = CollegeIdentity.objects.count()
    page = enter(client, cast, getattr(cast, whose).sers_id if whose else "", sid)
    assert page.status_code == status
    assert words in page.content.decode()
    assert CollegeIdentity.objects.count() == before


def test_the_search_keeps_names_out_of_the_address(cast: Cast, client: Client) -> None:
    client.force_login(cast.registrar)
    answer = client.post(URL, {"find": "1", "words": "nakam"})
    assert "nakam" not in answer["Location"]
    assert [row["sid"] for row in client.get(URL).context["page"]] == [SID]
    for words, count in ((SID, 1), ("2012", 1), (cast.graduate.sers_id.lower(), 1), ("zzz", 0)):
        client.post(URL, {"find": "1", "words": words})
        assert client.get(URL).context["page"].paginator.count == count
    assert "Nothing matches" in client.get(URL).content.decode()
    assert client.post(URL, {"find": "1", "words": "x" * 101}).status_code == 422


def test_others_do_not_enter(cast: Cast, client: Client) -> None:
    client.force_login(cast.state)
    page = client.get(URL, place(cast))
    assert page.status_code == 200
    assert "Enter a college ID by hand" not in page.content.decode()
    assert enter(client, cast, cast.classmate.sers_id, "201234568").status_code == 403
    client.force_login(cast.other_registrar)
    assert SID not in client.get(URL, place(cast)).content.decode()
    client.force_login(cast.consortium)
    assert client.get(URL).status_code == 403


def test_one_id_and_three_cost_the_same_queries(
    cast: Cast, client: Client, django_assert_num_queries: Any
) -> None:
    client.force_login(cast.registrar)
    client.get(URL)
    with django_assert_num_queries(QUERIES):
        client.get(URL, place(cast))
    people.make_identity(cast.owing, cast.cbc)
    people.make_identity(cast.classmate, cast.cbc)
    with django_assert_num_queries(QUERIES):
        assert len(client.get(URL, place(cast)).context["page"]) == 3


QUERIES = 12
