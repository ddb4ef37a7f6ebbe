"""/organizations/consortia/<one>/: what a consortium asks, when, and whom to call."""

import uuid
from decimal import Decimal

from organizations.models import ConsortiumYear, Window
from tests.people import Cast, make_window, make_year
from tests.policing import PolicingClient


def page_of(client: PolicingClient, cast: Cast) -> str:
    response = client.get(f"/organizations/consortia/{cast.columbia_basin.public_id}/")
    assert response.status_code == 200
    return response.content.decode().replace("\xa0", " ")


def test_it_tells_dates_fee_colleges_and_schools(client: PolicingClient, cast: Cast) -> None:
    window = Window.objects.get(
        consortium=cast.columbia_basin, year=cast.year, kind="registration", college=None
    )
    page = page_of(client, cast)
    assert f"{window.opens_on:%B} {window.opens_on.day}, {window.opens_on.year}" in page
    for shown in (
        "Students register",
        "Teachers enter grades",
        "Columbia Basin College",
        "85 %",
        "Kamiakin High School",
    ):
        assert shown in page
    assert f"/articulations/schools/{cast.kamiakin.public_id}/" in page
    assert "Walla Walla High School" not in page


def test_a_fee_is_told_in_words(client: PolicingClient, cast: Cast) -> None:
    asked = ConsortiumYear.objects.filter(consortium=cast.columbia_basin, year=cast.year)
    asked.update(fee_basis="flat_per_year", fee_amount=Decimal(50), form_required=True)
    page = page_of(client, cast)
    assert "$50 once a school year, however many classes you take" in page
    asked.update(fee_basis="none", fee_amount=0)
    assert "<dd>Nothing</dd>" in page_of(client, cast)
    asked.update(year=make_year(2001))
    assert "Not set for this school year yet" in page_of(client, cast)


def test_a_college_with_days_of_its_own_stands_beside(client: PolicingClient, cast: Cast) -> None:
    make_window(Window.Kind.REQUEST, cast.columbia_basin, cast.year, college=cast.cbc)
    assert "Columbia Basin College: " in page_of(client, cast)


def test_an_unknown_one_is_not_there(client: PolicingClient, cast: Cast) -> None:
    assert client.get(f"/organizations/consortia/{uuid.uuid4()}/").status_code == 404
