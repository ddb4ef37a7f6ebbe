"""Windows at the moments that go wrong: midnight Pacific time, both clock changes, June 30. Through the real pages.

A window counts by days of the Pacific calendar, first and last day included, whatever the clock of a server says.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from organizations.models import AcademicYear, Window
from sers.lib.moments import short_day
from students.models import FIRST_CONSENT, Registration
from tests.people import Cast
from tests.policing import PolicingClient
from tests.students.pages import messages, text

PACIFIC = ZoneInfo("America/Los_Angeles")


def sunday(year: int, month: int, number: int) -> date:
    """The so-manieth Sunday of a month."""
    first = date(year, month, 1)
    return first + timedelta(days=(6 - first.weekday()) % 7 + 7 * (number - 1))


def pacific(day: date, hour: int, minute: int = 0, second: int = 0, *, fold: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=PACIFIC, fold=fold)


def day_before(day: date) -> date:
    return day - timedelta(days=1)


def windows(year: AcademicYear) -> dict[str, tuple[date, date]]:
    """A plain October; one that ends on the day the clocks go back; one that begins when they go forward, one that
    ends then; one that ends with the school year."""
    first = year.first_year
    back, forward = sunday(first, 11, 1), sunday(first + 1, 3, 2)
    return {
        "october": (date(first, 10, 1), date(first, 10, 31)),
        "until the clocks go back": (date(first, 10, 1), back),
        "from the clocks going forward": (forward, date(first + 1, 4, 1)),
        "until the clocks go forward": (date(first + 1, 2, 1), forward),
        "until June 30": (date(first + 1, 4, 1), date(first + 1, 6, 30)),
    }


def moments(year: AcademicYear) -> list[tuple[str, datetime, str]]:
    """Window, moment, and whether it is open then: `open`, `before` or `after`."""
    first = year.first_year
    back, forward = sunday(first, 11, 1), sunday(first + 1, 3, 2)
    june = date(first + 1, 6, 30)
    nov = date(first, 11, 1)
    after_back, after_forward = back + timedelta(days=1), forward + timedelta(days=1)
    return [
        ("october", pacific(date(first, 9, 30), 23, 59, 59), "before"),
        ("october", pacific(date(first, 10, 1), 0), "open"),
        ("october", pacific(date(first, 10, 31), 23, 59, 59), "open"),
        ("october", pacific(nov, 0), "after"),
        # In Greenwich it is November since seven hours: that is nobody's day here.
        ("october", datetime(first, 11, 1, 6, 59, 59, tzinfo=UTC), "open"),
        ("october", datetime(first, 11, 1, 7, 0, tzinfo=UTC), "after"),
        ("until the clocks go back", pacific(back, 0), "open"),
        ("until the clocks go back", pacific(back, 1, 30, fold=0), "open"),
        ("until the clocks go back", pacific(back, 1, 30, fold=1), "open"),
        ("until the clocks go back", pacific(back, 23, 59, 59), "open"),
        # The last day has 25 hours: seven hours behind Greenwich at its start, eight at its end.
        ("until the clocks go back", datetime(back.year, back.month, back.day, 7, tzinfo=UTC) + timedelta(hours=24), "open"),
        ("until the clocks go back", datetime(back.year, back.month, back.day, 7, tzinfo=UTC) + timedelta(hours=25), "after"),
        ("until the clocks go back", pacific(after_back, 0), "after"),
        ("from the clocks going forward", pacific(day_before(forward), 23, 59, 59), "before"),
        ("from the clocks going forward", pacific(forward, 0), "open"),
        ("from the clocks going forward", pacific(forward, 3), "open"),
        ("until the clocks go forward", pacific(forward, 1, 59, 59), "open"),
        ("until the clocks go forward", pacific(forward, 3), "open"),
        ("until the clocks go forward", pacific(forward, 23, 59, 59), "open"),
        # The last day has 23 hours.
        ("until the clocks go forward", datetime(forward.year, forward.month, forward.day, 8, tzinfo=UTC) + timedelta(hours=23, seconds=-1), "open"),
        ("until the clocks go forward", datetime(forward.year, forward.month, forward.day, 8, tzinfo=UTC) + timedelta(hours=23), "after"),
        ("until the clocks go forward", pacific(after_forward, 0), "after"),
        ("until June 30", pacific(date(first + 1, 4, 1), 0), "open"),
        ("until June 30", pacific(june, 0), "open"),
        ("until June 30", pacific(june, 23, 59, 59), "open"),
    ]  # fmt: skip


COUNT = 25


def stand(
    patch: pytest.MonkeyPatch, client: PolicingClient, cast: Cast, user: User, moment: datetime
) -> None:
    """It is that moment, for everybody, and this person has just signed in."""
    patch.setattr(timezone, "now", lambda: moment.astimezone(UTC))
    User.objects.filter(pk=user.pk).update(email_confirmed_at=moment - timedelta(days=100))
    client.force_login(User.objects.get(pk=user.pk))


def set_window(cast: Cast, days: tuple[date, date]) -> None:
    Window.objects.filter(
        kind=Window.Kind.REGISTRATION, consortium=cast.columbia_basin, year=cast.year
    ).update(opens_on=days[0], closes_on=days[1])


def form(cast: Cast) -> dict[str, str]:
    return {
        f"teacher_{cast.accounting.public_id}": str(cast.section.public_id),
        f"college_{cast.accounting.public_id}": str(cast.cbc.public_id),
        "consent": "on",
        "consent_version": FIRST_CONSENT,
    }


@pytest.mark.parametrize("number", range(COUNT))
def test_registering_at_the_edges(
    cast: Cast, client: PolicingClient, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    """The list, the choice and the button agree, and the page says in plain words which it is."""
    every = moments(cast.year)
    assert len(every) == COUNT
    name, moment, state = every[number]
    opens, closes = windows(cast.year)[name]
    set_window(cast, (opens, closes))
    stand(monkeypatch, client, cast, cast.newcomer.user, moment)
    listed = text(client.get(reverse("students:register")))
    choose = f"{reverse('students:choose')}?class={cast.accounting.public_id}"
    asked = text(client.get(choose))
    by_code = text(client.get(reverse("students:join", args=[cast.section.class_code])))
    client.post(choose, form(cast))
    registered = Registration.objects.of(cast.newcomer).exists()
    if state == "open":
        assert f"Register by {short_day(closes)}" in listed
        assert "Save & Register" in asked
        last = timezone.localdate() == closes
        assert (
            "Open today until midnight, Pacific time" if last else f"Open until {short_day(closes)}"
        ) in by_code
        assert registered
        return
    said = (
        f"Registration in Columbia Basin opens {short_day(opens)}."
        if state == "before"
        else f"Registration in Columbia Basin closed {short_day(closes)}."
    )
    assert said in listed
    assert said in asked
    assert ("Opens" if state == "before" else "Closed. The last day was") in by_code
    assert not registered


@pytest.mark.parametrize("number", range(COUNT))
def test_leaving_and_changing_at_the_edges(
    cast: Cast, client: PolicingClient, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    """Withdrawing, changing teacher and college follow the same days as registering."""
    name, moment, state = moments(cast.year)[number]
    set_window(cast, windows(cast.year)[name])
    stand(monkeypatch, client, cast, cast.student.user, moment)
    keys = [cast.registration.public_id]
    for url, over in (
        ("students:withdraw", "The time to withdraw by yourself is over."),
        ("students:change_teacher", "The time to change your teacher by yourself is over."),
        ("students:change_college", "The time to change your college by yourself is over."),
    ):
        assert (over in text(client.get(reverse(url, args=keys)))) is (state != "open"), url
    client.post(reverse("students:withdraw", args=keys))
    cast.registration.refresh_from_db()
    assert (cast.registration.status == Registration.Status.WITHDRAWN) is (state == "open")


def test_on_july_1_the_classes_of_the_year_are_over(
    cast: Cast, client: PolicingClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At midnight after June 30 the new school year begins: no class of the old one is offered or changed."""
    set_window(cast, windows(cast.year)["until June 30"])
    new_year = pacific(date(cast.year.first_year + 1, 7, 1), 0)
    stand(monkeypatch, client, cast, cast.newcomer.user, new_year)
    choose = f"{reverse('students:choose')}?class={cast.accounting.public_id}"
    response = client.get(choose, follow=True)
    assert "No class that earns college credit this year was chosen." in messages(response)[0]
    assert "has no class yet that earns college credit" in text(response)
    client.post(choose, form(cast))
    assert not Registration.objects.of(cast.newcomer).exists()
    assert client.get(reverse("students:join", args=[cast.section.class_code])).status_code == 404
    stand(monkeypatch, client, cast, cast.student.user, new_year)
    page: Any = client.post(reverse("students:withdraw", args=[cast.registration.public_id]))
    assert page.status_code == 409


def test_a_window_of_the_college_comes_before_its_consortiums(
    cast: Cast, client: PolicingClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    opens, closes = windows(cast.year)["october"]
    set_window(cast, (opens, closes))
    Window.objects.create(
        kind=Window.Kind.REGISTRATION,
        consortium=cast.columbia_basin,
        college=cast.cbc,
        year=cast.year,
        opens_on=opens,
        closes_on=closes + timedelta(days=1),
    )
    stand(monkeypatch, client, cast, cast.newcomer.user, pacific(closes + timedelta(days=1), 23, 59, 59))
    words = text(client.get(reverse("students:register")))
    assert f"Register by {short_day(closes + timedelta(days=1))}" in words
    stand(monkeypatch, client, cast, cast.newcomer.user, pacific(closes + timedelta(days=2), 0))
    assert "Registration in Columbia Basin closed" in text(client.get(reverse("students:register")))


def test_two_terms_are_two_windows(
    cast: Cast, client: PolicingClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A window in autumn and one in spring: between them the page says when it opens again."""
    first = cast.year.first_year
    set_window(cast, (date(first, 9, 1), date(first, 10, 1)))
    Window.objects.create(
        kind=Window.Kind.REGISTRATION,
        consortium=cast.columbia_basin,
        year=cast.year,
        opens_on=date(first + 1, 2, 1),
        closes_on=date(first + 1, 3, 1),
    )
    for day, said in (
        (date(first, 10, 1), f"Register by {short_day(date(first, 10, 1))}"),
        (date(first, 10, 2), f"opens {short_day(date(first + 1, 2, 1))}"),
        (date(first + 1, 2, 1), f"Register by {short_day(date(first + 1, 3, 1))}"),
        (date(first + 1, 3, 2), f"closed {short_day(date(first + 1, 3, 1))}"),
    ):
        stand(monkeypatch, client, cast, cast.newcomer.user, pacific(day, 12))
        assert said in text(client.get(reverse("students:register"))), day
