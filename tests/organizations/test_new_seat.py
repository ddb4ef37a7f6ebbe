"""/organizations/people/<id>/seat/: a further seat for somebody who is in SERS."""

from tests.organizations.test_new_person import typed
from tests.people import Cast
from tests.policing import PolicingClient
from tests.students.pages import errors, messages, text


def url(cast: Cast) -> str:
    return f"/organizations/people/{cast.teacher.public_id}/seat/"


def test_it_works(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.consortium)
    assert "Tess Teacher" in text(client.get(url(cast)))
    response = client.post(url(cast), typed(cast, role="counselor"), follow=True)
    assert messages(response) == [
        "Tess Teacher has a further seat: Counselor, Kamiakin High School. A mail says so."
    ]
    assert cast.teacher.seats.count() == 2


def test_seats_are_united_and_the_hat_narrows(client: PolicingClient, cast: Cast) -> None:
    """The union of all seats at the next click; with one chosen, what that one shows and no more."""
    client.force_login(cast.teacher)
    assert client.get("/articulations/sections/").status_code == 403
    giver = PolicingClient()
    giver.force_login(cast.consortium)
    giver.post(url(cast), typed(cast, role="counselor"))
    assert client.get("/articulations/sections/").status_code == 200
    assert client.get("/grading/rosters/").status_code == 200
    client.post("/organizations/seats/choose/", {"seat": cast.teacher_seat.pk})
    assert client.get("/articulations/sections/").status_code == 403


def test_a_seat_ahead_opens_nothing_yet(client: PolicingClient, cast: Cast) -> None:
    from django.utils import timezone

    next_year = str(timezone.localdate().year + 1)
    client.force_login(cast.consortium)
    client.post(
        url(cast),
        typed(cast, role="counselor", starts_on_month="1", starts_on_day="2", starts_on_year=next_year),
    )
    client.force_login(cast.teacher)
    assert client.get("/articulations/sections/").status_code == 403
    assert "Begins later" in text(client.get("/organizations/seats/"))


def test_what_is_refused(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.consortium)
    response = client.post(url(cast), typed(cast, role="registrar"))
    assert response.status_code == 422
    assert errors(response) == ["A seat as Registrar stands on a college. Choose a college."]
    response = client.post(url(cast), typed(cast))
    assert response.status_code == 409
    assert errors(response)[0].startswith("Tess Teacher holds this seat already")


def test_nobody_gives_themselves_a_seat(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.district)
    own = f"/organizations/people/{cast.district.public_id}/seat/"
    assert "Nobody gives, changes or ends a seat of their own." in errors(client.post(own, typed(cast)))[0]


def test_strangers_and_others(client: PolicingClient, cast: Cast) -> None:
    assert client.get(url(cast)).status_code == 302
    client.force_login(cast.counselor)
    assert client.get(url(cast)).status_code == 403
    client.force_login(cast.other_district)
    assert client.get(url(cast)).status_code == 404
