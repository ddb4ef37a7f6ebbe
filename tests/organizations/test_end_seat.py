"""/organizations/seats/<id>/end/: a seat ends at once, and what stays behind is said first."""

from django.urls import reverse
from django.utils import timezone

from accounts.access import Role
from accounts.models import Event
from organizations.models import Seat
from tests.people import Cast, make_seat, make_user
from tests.policing import PolicingClient
from tests.students.pages import errors, messages, text


def url(seat: Seat) -> str:
    return f"/organizations/seats/{seat.public_id}/end/"


def test_the_next_click_of_an_open_session_is_refused_with_words(client: PolicingClient, cast: Cast) -> None:
    """No sign-out, no waiting: the request after the act finds no seat."""
    teacher = PolicingClient()
    teacher.force_login(cast.teacher)
    roster = f"/grading/rosters/{cast.section.public_id}/"
    assert teacher.get(roster).status_code == 200
    client.force_login(cast.consortium)
    response = client.post(url(cast.teacher_seat), {"reason": "Left the school"}, follow=True)
    assert messages(response) == [
        "The seat of Tess Teacher has ended: Teacher, Kamiakin High School. Its pages do not open any more."
    ]
    for path in (roster, "/grading/rosters/", reverse("students:search")):
        refused = teacher.get(path)
        assert refused.status_code == 403
        assert "Your seat as Teacher, Kamiakin High School has ended." in text(refused)
    assert teacher.post(roster, {}).status_code == 403
    assert "You hold no seat in SERS today." in text(teacher.get("/"))
    assert "Ended" in text(teacher.get("/organizations/seats/"))


def test_what_stays_is_said_before(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.district)
    words = text(client.get(url(cast.colleague_seat)))
    assert "End the seat of Colin Teacher now?" in words
    assert "name another one before" in words
    assert "Welding Technology Period 4" in words
    words = text(client.get(url(cast.counselor.seats.get())))
    assert "name another one before" not in words


def test_a_reason_is_needed(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.district)
    response = client.post(url(cast.teacher_seat), {"reason": " "})
    assert response.status_code == 422
    assert errors(response) == ["Enter the reason"]
    assert not Event.objects.filter(kind="organizations.seat_ended").exists()


def test_opening_the_page_ends_nothing(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.district)
    client.get(url(cast.teacher_seat))
    cast.teacher_seat.refresh_from_db()
    assert cast.teacher_seat.is_held(timezone.localdate())


def test_the_last_seat_of_the_state_stays(client: PolicingClient, cast: Cast) -> None:
    colleague = make_user("Sven")
    make_seat(colleague, Role.STATE, ends_on=timezone.localdate())
    client.force_login(colleague)
    response = client.post(url(cast.state.seats.get()), {"reason": "x"})
    assert response.status_code == 409
    assert "This is the last seat of the State without a last day." in text(response)
    assert cast.state.seats.get().withdrawn_at is None


def test_own_and_over_seats_stand_as_they_are(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.district)
    for seat, words in (
        (cast.district.seats.get(), "Nobody gives, changes or ends a seat of their own."),
        (cast.former_teacher.seats.get(), "This seat has ended."),
    ):
        assert words in text(client.get(url(seat)))
        assert client.post(url(seat), {"reason": "x"}).status_code == 409
        seat.refresh_from_db()
        assert seat.withdrawn_at is None


def test_strangers_and_others(client: PolicingClient, cast: Cast) -> None:
    seat = cast.teacher_seat
    assert client.get(url(seat)).status_code == 302
    client.force_login(cast.counselor)
    assert client.post(url(seat), {"reason": "x"}).status_code == 403
    client.force_login(cast.other_district)
    assert client.post(url(seat), {"reason": "x"}).status_code == 404
    seat.refresh_from_db()
    assert seat.withdrawn_at is None
