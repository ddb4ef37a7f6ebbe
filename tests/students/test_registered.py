"""/students/registered/<agreement>/: the students behind the number in Search Articulations."""

import re
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from students.models import Registration
from tests.people import Cast, make_registration, make_student
from tests.policing import PolicingClient


def url_of(cast: Cast) -> str:
    return f"/students/registered/{cast.agreement.public_id}/"


def page_of(client: PolicingClient, cast: Cast, person: str) -> str:
    client.force_login(getattr(cast, person))
    response = client.get(url_of(cast))
    assert response.status_code == 200
    return response.content.decode()


def names(page: str) -> list[str]:
    return [
        re.sub("<[^>]+>", "", cell)
        for cell in re.findall(r'<th role="rowheader" scope="row">(.*?)</th>', page)
    ]


OURS = ["Ángel-Lindqvist, Bo", "Hernández de la Cruz, Maximiliano", "Petrenko, Oksana", "Vega, Marisol"]


@pytest.mark.parametrize("person", ["teacher", "counselor", "district", "registrar", "consortium", "state"])
def test_one_sees_ones_own_reach(client: PolicingClient, cast: Cast, person: str) -> None:
    page = page_of(client, cast, person)
    assert names(page) == OURS
    assert f"{cast.year}: 4 registered." in page
    assert "beyond your reach" not in page
    assert f"/students/{cast.student.public_id}/" in page


@pytest.mark.parametrize("person", ["colleague", "other_counselor", "other_registrar", "other_consortium"])
def test_others_are_counted_and_nobody_is_named(client: PolicingClient, cast: Cast, person: str) -> None:
    page = page_of(client, cast, person)
    assert names(page) == []
    assert "4 of them are beyond your reach and not listed." in page
    assert "None of them is within your reach." in page


def test_who_left_is_not_registered(client: PolicingClient, cast: Cast) -> None:
    Registration.objects.filter(pk=cast.registration.pk).update(status="withdrawn")
    page = page_of(client, cast, "consortium")
    assert f"{cast.year}: 3 registered." in page
    assert "Vega, Marisol" not in page


def test_the_number_in_the_search_leads_here(client: PolicingClient, cast: Cast) -> None:
    line = cast.agreement.courses.get()
    client.force_login(cast.consortium)
    assert (
        f'<a href="{url_of(cast)}">4 this school year</a>'
        in client.get(f"/articulations/?open={line.pk}").content.decode()
    )
    client.force_login(cast.faculty)
    page = client.get(f"/articulations/?open={line.pk}&consortium=").content.decode()
    assert "4 this school year" in page
    assert url_of(cast) not in page


def test_a_record_one_may_not_open_is_no_link(client: PolicingClient, cast: Cast) -> None:
    """A skills center's counselor sees the registration of a student whose own school is another."""
    guest = make_student(cast.wahi, "Gus", "Guest")
    make_registration(guest, cast.section, cast.agreement)
    page = page_of(client, cast, "counselor")
    assert "Guest, Gus" in names(page)
    assert str(guest.public_id) not in page


def test_an_unknown_agreement_is_not_there(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.consortium)
    assert client.get(f"/students/registered/{uuid.uuid4()}/").status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_it_asks_as_often_however_many_there_are(client: PolicingClient, cast: Cast, number: int) -> None:
    for at in range(number):
        make_registration(make_student(cast.kamiakin, f"Student {at}"), cast.section, cast.agreement)
    client.force_login(cast.consortium)
    with CaptureQueriesContext(connection) as queries:
        assert len(names(client.get(url_of(cast)).content.decode())) == 4 + number
    assert len(queries) == 11  # three of them write down who is shown whom
