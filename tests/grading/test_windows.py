"""The windows of a consortium's year: opened, moved, removed, with a look at who is affected."""

from datetime import date
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from organizations.models import Window
from tests import people
from tests.people import Cast
from tests.policing import PolicingClient


def url(cast: Cast, query: str = "") -> str:
    return reverse("grading:windows", args=[cast.columbia_basin.public_id]) + query


def key(window: Window) -> str:
    return f"{window.kind}.{window.college.public_id if window.college else 'all'}.{window.opens_on}"


def days(opens_on: date, closes_on: date) -> dict[str, str]:
    return {
        f"{name}_{part}": str(getattr(day, part))
        for name, day in (("opens_on", opens_on), ("closes_on", closes_on))
        for part in ("month", "day", "year")
    }


def grading(cast: Cast) -> Window:
    found: Window = Window.objects.get(
        consortium=cast.columbia_basin, year=cast.year, kind="grading", college=None
    )
    return found


def test_a_window_is_moved_after_a_look(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.consortium)
    window, today = grading(cast), timezone.localdate()
    html = client.get(url(cast)).content.decode()
    assert key(window) in html
    address = url(cast, f"?window={key(window)}")
    typed = days(window.opens_on, today)
    html = client.post(address, typed | {"look": "1"}).content.decode()
    assert "It is open as soon as it is saved" in html
    assert "1 students without a grade" in html
    window.refresh_from_db()
    assert window.closes_on != today
    html = client.post(address, typed | {"save": "1"}, follow=True).content.decode()
    assert "The window is saved." in html
    assert f"is {window.opens_on} to {today}" in html
    window.refresh_from_db()
    assert window.closes_on == today


def test_a_college_gets_dates_of_its_own(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.consortium)
    start = cast.year.starts_on
    typed = {"kind": "grading", "college": str(cast.cbc.public_id)} | days(start, date(start.year, 8, 1))
    assert client.post(url(cast), typed | {"save": "1"}).status_code == 302
    assert Window.objects.get(college=cast.cbc, kind="grading").closes_on == date(start.year, 8, 1)
    # The college's row overrides: grading there is closed now.
    assert people.grade(cast.registration, "90", by=cast.teacher).rule == "grading_closed"
    response = client.post(url(cast), typed | {"save": "1"})
    assert response.status_code == 409
    assert "Another window of this kind covers some of these days." in response.content.decode()


def test_next_year_is_set_ahead(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.consortium)
    first = cast.year.first_year + 1
    address = url(cast, f"?year={first}")
    html = client.get(address).content.decode()
    assert "No dates are set for this school year." in html
    assert "Registration has no dates for all colleges: it is closed." in html
    typed = {"kind": "registration", "college": ""} | days(date(first, 9, 1), date(first + 1, 6, 15))
    assert client.post(address, typed | {"save": "1"}).status_code == 302
    assert Window.objects.get(year__first_year=first).kind == "registration"


def test_removed(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.consortium)
    window = grading(cast)
    address = url(cast, f"?window={key(window)}")
    html = client.post(address, {"remove": "1"}, follow=True).content.decode()
    assert "The window is removed." in html
    assert ", removed" in html
    assert not Window.objects.filter(pk=window.pk).exists()
    assert client.post(address, {"remove": "1"}).status_code == 404


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"kind": ""}, "Choose what is open"),
        ({"kind": "everything"}, "Choose from the list"),
        ({"closes_on_day": "", "closes_on_month": "", "closes_on_year": ""}, "Enter the last day"),
        ({"closes_on_year": "2020"}, "The last day comes before the first day."),
        ({"college": "other"}, "Choose a college of the consortium"),
    ],
)
def test_errors(client: PolicingClient, cast: Cast, changed: dict[str, str], words: str) -> None:
    client.force_login(cast.consortium)
    start = cast.year.starts_on
    typed = {"kind": "payment", "college": ""} | days(start, start) | changed
    if typed["college"]:
        typed["college"] = str(cast.wwcc.public_id)
    response = client.post(url(cast), typed | {"save": "1"})
    assert response.status_code == 422
    html = response.content.decode()
    assert words in html
    assert "<title>Error: " in html


def test_moved_meanwhile(client: PolicingClient, cast: Cast) -> None:
    from grading import actions
    from sers.lib.refusal import Refused

    stale, today = grading(cast), timezone.localdate()
    facts: dict[str, Any] = {
        "consortium": cast.columbia_basin, "college": None, "year": cast.year, "kind": "grading",
        "opens_on": stale.opens_on,
    }  # fmt: skip
    actions.set_window(**facts, closes_on=today, instead_of=grading(cast), by=cast.consortium)
    for attempt in (
        lambda: actions.set_window(**facts, closes_on=today, instead_of=stale, by=cast.consortium),
        lambda: actions.remove_window(window=stale, by=cast.consortium),
    ):
        with pytest.raises(Refused) as refused:
            attempt()
        assert refused.value.refusal.rule == "meanwhile"
    with pytest.raises(Refused) as refused:
        actions.set_window(**facts, closes_on=today, by=cast.other_consortium)
    assert refused.value.refusal.rule == "not_consortium"


def test_the_state_reads(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.state)
    html = client.get(url(cast)).content.decode()
    assert "4 windows" in html
    assert "Open a window" not in html
    assert client.get(url(cast, "?window=grading.all.2001-01-01")).status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_queries(client: PolicingClient, cast: Cast, number: int, django_assert_num_queries: Any) -> None:
    Window.objects.filter(consortium=cast.columbia_basin, year=cast.year).exclude(kind="grading").delete()
    for kind in (Window.Kind.PAYMENT, Window.Kind.REQUEST)[: number - 1]:
        people.make_window(kind, cast.columbia_basin, cast.year, college=cast.cbc)
    client.force_login(cast.consortium)
    # session, user, seats; the consortium, the year, the windows, the colleges, the year once more, the history
    with django_assert_num_queries(9):
        assert client.get(url(cast)).content.decode().count('<tr role="row">') == number + 1
