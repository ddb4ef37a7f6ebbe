"""/organizations/seats/choose/"""

import datetime

import pytest
from django.utils import timezone

from accounts.access import Role
from tests.people import Cast
from tests.policing import PolicingClient

URL = "/organizations/seats/choose/"


def test_it_works(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.many_hats)
    registrar = cast.many_hats.seats.get(role=Role.REGISTRAR)
    assert client.get("/grading/rosters/").status_code == 200
    response = client.post(URL, {"seat": registrar.pk})
    assert (response.status_code, response.url) == (302, "/")
    assert client.get("/grading/rosters/").status_code == 403
    assert client.get("/transcripts/runs/").status_code == 200
    page = client.get("/").content.decode()
    assert "Registrar, Walla Walla Community College</span>" in page
    assert ">Assignments<" not in page
    client.post(URL, {"seat": ""})
    assert "hat" not in client.session
    assert client.get("/grading/rosters/").status_code == 200


@pytest.mark.parametrize("seat", ["0", "-1", "nine", "9" * 400, "1.0", "²", " "])
def test_an_unreadable_seat_is_not_there(client: PolicingClient, cast: Cast, seat: str) -> None:
    client.force_login(cast.many_hats)
    assert client.post(URL, {"seat": seat}).status_code == 404
    assert "hat" not in client.session


def test_a_seat_of_somebody_else_is_not_there(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.many_hats)
    assert client.post(URL, {"seat": cast.teacher_seat.pk}).status_code == 404
    assert "hat" not in client.session


def test_a_seat_that_ended_is_not_there_and_narrows_nothing(client: PolicingClient, cast: Cast) -> None:
    registrar = cast.many_hats.seats.get(role=Role.REGISTRAR)
    client.force_login(cast.many_hats)
    client.post(URL, {"seat": registrar.pk})
    registrar.ends_on = timezone.localdate() - datetime.timedelta(days=1)
    registrar.save()
    assert client.get("/grading/rosters/").status_code == 200
    assert client.get("/transcripts/runs/").status_code == 403
    assert client.post(URL, {"seat": registrar.pk}).status_code == 404


def test_it_is_an_act(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.many_hats)
    assert client.get(URL).status_code == 405


def test_a_stranger_signs_in_first(client: PolicingClient, db: None) -> None:
    assert client.post(URL, {"seat": ""}).url == f"/accounts/sign-in/?next={URL}"
