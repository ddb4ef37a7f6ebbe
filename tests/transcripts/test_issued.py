"""The registrar's list of issued transcripts."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests import people
from tests.people import Cast

URL = "/transcripts/issued/"


def test_the_registrar_sees_the_college_s_and_the_state_all(cast: Cast, client: Client) -> None:
    client.force_login(cast.registrar)
    text = client.get(URL).content.decode()
    assert "Grace Nakamura" in text
    assert "Osman Yildiz" not in text
    assert reverse("transcripts:document", args=[cast.transcript.public_id]) in text
    client.force_login(cast.state)
    text = client.get(URL).content.decode()
    assert "Grace Nakamura" in text
    assert "Osman Yildiz" in text


@pytest.mark.parametrize("words", ["naka", "grace naka", "NAKAMURA"])
def test_a_name_finds_it(cast: Cast, client: Client, words: str) -> None:
    client.force_login(cast.registrar)
    assert "1 transcript for" in client.get(URL, {"words": words}).content.decode()


def test_an_id_finds_it_and_what_nobody_has_is_said(cast: Cast, client: Client) -> None:
    client.force_login(cast.registrar)
    assert "Grace Nakamura" in client.get(URL, {"words": cast.graduate.sers_id.lower()}).content.decode()
    cast.transcript.sid = "201447093"
    cast.transcript.save()
    assert "Grace Nakamura" in client.get(URL, {"words": "201 44 7093"}).content.decode()
    page = client.get(URL, {"words": "<nobody>"})
    assert "No transcript matches these words" in page.content.decode()
    assert "<nobody>" not in page.content.decode()


def test_each_state_has_its_word(cast: Cast, client: Client) -> None:
    client.force_login(cast.registrar)
    newer = people.make_transcript(people.make_run(cast.cbc, cast.year, cast.registrar), cast.graduate)
    text = client.get(URL).content.decode()
    assert "Replaced" in text
    assert "Current" in text
    newer.revoked_at = newer.issued_at
    newer.revoked_by, newer.revoked_reason = cast.registrar, "The wrong student"
    newer.save()
    assert "Revoked" in client.get(URL).content.decode()


def test_one_and_three_cost_the_same_queries(
    cast: Cast, client: Client, django_assert_num_queries: Any
) -> None:
    client.force_login(cast.registrar)
    client.get(URL)
    with django_assert_num_queries(9):
        client.get(URL)
    for student in (cast.classmate, cast.student):
        people.make_transcript(cast.run, student)
    with django_assert_num_queries(9):
        assert len(client.get(URL).context["rows"]) == 3
