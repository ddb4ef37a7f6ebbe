"""/organizations/seats/<id>/: a seat's days, and as what its holder signs."""

import datetime
from typing import Any

import pytest
from django.utils import timezone

from accounts.access import Role
from organizations.models import Seat
from tests.people import Cast, make_seat, make_section
from tests.policing import PolicingClient
from tests.students.pages import errors, messages, text


def url(seat: Seat) -> str:
    return f"/organizations/seats/{seat.public_id}/"


def parts(name: str, day: datetime.date | None) -> dict[str, str]:
    values = (day.month, day.day, day.year) if day else ("", "", "")
    return {
        f"{name}_{part}": str(value) for part, value in zip(("month", "day", "year"), values, strict=True)
    }


def test_it_works(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.district)
    last = timezone.localdate() + datetime.timedelta(days=40)
    response = client.post(
        url(cast.teacher_seat), parts("ends_on", last) | {"reason": "Retires"}, follow=True
    )
    assert messages(response) == ["The seat is changed."]
    cast.teacher_seat.refresh_from_db()
    assert cast.teacher_seat.ends_on == last
    assert "Last day: none to" in text(response)
    assert "Retires" in text(response)
    response = client.post(url(cast.teacher_seat), parts("ends_on", last) | {"reason": "Again"}, follow=True)
    assert messages(response) == ["Nothing was changed."]


def test_only_what_may_change_is_in_the_form(client: PolicingClient, cast: Cast) -> None:
    later = make_seat(
        cast.nobody,
        Role.COUNSELOR,
        cast.kamiakin,
        starts_on=timezone.localdate() + datetime.timedelta(days=9),
    )
    fields = {}
    for who in ("district", "consortium"):
        client.force_login(getattr(cast, who))
        fields[who] = [
            list(client.get(url(seat)).context["form"].fields) for seat in (cast.teacher_seat, later)
        ]
    assert fields["district"] == [["ends_on", "reason"], ["starts_on", "ends_on", "reason"]]
    assert fields["consortium"] == [["ends_on", "reason"], ["starts_on", "ends_on", "signs_as", "reason"]]


def test_who_signs(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.consortium)
    seat = cast.counselor.seats.get()
    client.post(url(seat), {"signs_as": str(cast.principal.pk), "reason": "Is the principal"})
    seat.refresh_from_db()
    assert seat.signs_as == cast.principal
    response = client.post(url(seat), {"signs_as": str(cast.dean.pk), "reason": "x"})
    assert errors(response) == ["Choose a title from the list"]


@pytest.mark.parametrize(
    ("days", "reason", "words"),
    [
        (-1, "x", "The last day is over, or comes before the first."),
        (9, "", "Enter the reason"),
        (9, "x" * 201, "Shorten the reason to 200 characters or fewer"),
    ],
)
def test_what_is_refused(client: PolicingClient, cast: Cast, days: int, reason: str, words: str) -> None:
    client.force_login(cast.district)
    day = timezone.localdate() + datetime.timedelta(days=days)
    response = client.post(url(cast.teacher_seat), parts("ends_on", day) | {"reason": reason})
    assert errors(response)[0].startswith(words)
    cast.teacher_seat.refresh_from_db()
    assert cast.teacher_seat.ends_on is None


def test_own_and_over_seats_stand_as_they_are(client: PolicingClient, cast: Cast) -> None:
    for who, seat, words in (
        ("district", cast.district.seats.get(), "Nobody gives, changes or ends a seat of their own."),
        ("district", cast.former_teacher.seats.get(), "This seat has ended."),
    ):
        client.force_login(getattr(cast, who))
        page = client.get(url(seat))
        assert words in text(page)
        assert "Save Changes" not in page.content.decode()
        assert client.post(url(seat), {"reason": "x"}).status_code == 409


@pytest.mark.parametrize("more", [1, 3])
def test_classes_of_the_seat_are_listed(
    client: PolicingClient, cast: Cast, more: int, django_assert_num_queries: Any
) -> None:
    for number in range(more):
        make_section(cast.welding, cast.teacher_seat, cast.colleague_seat, label=f"Hour {number}")
    client.force_login(cast.consortium)
    with django_assert_num_queries(10):
        words = text(client.get(url(cast.teacher_seat)))
    assert f"{more + 1} classes of this seat" in words
    assert "Accounting 1 Period 2" in words
    assert "ACCTG23 4 No, by this seat alone" in words  # one withdrew; the others who taught it are gone
    assert "0 Yes" in words
    assert str(cast.last_year) not in words


def test_strangers_and_others(client: PolicingClient, cast: Cast) -> None:
    seat = cast.teacher_seat
    assert client.get(url(seat)).status_code == 302
    client.force_login(cast.counselor)
    assert client.get(url(seat)).status_code == 403
    client.force_login(cast.other_consortium)
    assert client.get(url(seat)).status_code == 404
    client.force_login(cast.state)
    assert cast.student.user is not None
    assert client.get(url(cast.student.user.seats.get())).status_code == 404
