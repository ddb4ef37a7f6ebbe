"""Agreements to sign: what waits for whom, what is open, what is closed."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articulations import actions
from tests import agreeing
from tests.people import Cast
from tests.policing import PolicingClient

PAGE = reverse("articulations:agreements")


def test_it_shows_what_waits_for_the_person(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.district)
    html = client.get(PAGE).content.decode()
    assert "1 text" in html
    assert "Marketing" in html
    assert "Out for signature, 0 of 2 signed" in html
    agreeing.signed(cast.agreement_text, by=cast.district)
    assert "No agreement waits for you." in client.get(PAGE, {"show": "waiting"}).content.decode()
    assert "1 of 2 signed" in client.get(PAGE).content.decode()


def test_who_holds_no_title_waits_for_nothing(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.faculty)
    assert "No agreement waits for you." in client.get(PAGE, {"show": "waiting"}).content.decode()
    client.force_login(cast.many_hats)
    assert "No agreement is being prepared" not in client.get(PAGE).content.decode()


def test_what_is_prepared_waits_for_the_consortium(client: PolicingClient, cast: Cast) -> None:
    actions.call_back(text=cast.agreement_text, by=cast.consortium)
    text = agreeing.prepared(
        cast.columbia_basin, cast.cbc, cast.kamiakin, agreeing.terms(cast.year.first_year), by=cast.consortium
    )
    client.force_login(cast.consortium)
    html = client.get(PAGE).content.decode()
    assert str(text) in html
    assert "Being prepared" in html
    assert "Called back" in client.get(PAGE, {"show": "closed"}).content.decode()


def test_filters(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.consortium)
    assert "1 text" in client.get(PAGE, {"show": "open", "words": "marketing"}).content.decode()
    html = client.get(PAGE, {"show": "open", "words": "zzzz", "state": "out"}).content.decode()
    assert "No text matches these filters." in html
    assert client.get(PAGE, {"state": "nothing"}).status_code == 422


@pytest.mark.parametrize("number", [1, 3])
def test_as_many_queries_for_one_as_for_three(client: PolicingClient, cast: Cast, number: int) -> None:
    for one in range(number - 1):
        agreeing.out(
            agreeing.prepared(
                cast.columbia_basin, cast.cbc, cast.kamiakin,
                agreeing.terms(cast.year.first_year, classes=(f"Class {one}",)), by=cast.consortium,
            ),
            by=cast.consortium,
        )  # fmt: skip
    client.force_login(cast.district)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        html = client.get(PAGE).content.decode()
    assert html.count("0 of 2 signed") == number
    assert len(queries) == 8
