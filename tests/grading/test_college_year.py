"""What a college asks in a year: looked at, saved, with a history."""

from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from accounts.models import Event
from organizations.models import CollegeYear
from students.models import Registration
from tests import people
from tests.people import Cast
from tests.policing import PolicingClient


def url(cast: Cast, year: int | None = None) -> str:
    return reverse("grading:college_year", args=[cast.cbc.public_id]) + (f"?year={year}" if year else "")


def typed(client: PolicingClient, address: str, **changes: str) -> dict[str, str]:
    """What the page's form holds, with these changes."""
    form = client.get(address).context["form"]
    fields = {}
    for bound in form:
        value = bound.value()
        if bound.name == "request_by":
            day = value
            for part in ("month", "day", "year"):
                fields[f"request_by_{part}"] = str(getattr(day, part)) if day else ""
        elif isinstance(value, bool):
            if value:
                fields[bound.name] = "on"
        else:
            fields[bound.name] = str(getattr(value, "pk", value) if value is not None else "")
    fields["seen"] = str(client.get(address).context["page"].seen)
    return fields | changes


def test_changed_with_a_look_and_a_history(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.consortium)
    facts = typed(client, url(cast), minimum_percent="80", every_term="on")
    html = client.post(url(cast), facts | {"look": "1"}).content.decode()
    assert "Minimum percent" in html
    assert "80 %" in html
    assert "1 registrations in progress are graded by it." in html
    assert "3 grades that are entered already stay as they are." in html
    assert CollegeYear.objects.get(college=cast.cbc, year=cast.year).minimum_percent == 85
    response = client.post(url(cast), facts | {"save": "1"}, follow=True)
    html = response.content.decode()
    assert "are saved." in html
    assert "Minimum percent: 85 % &gt; 80 %" in html
    assert cast.consortium.name in html
    stands = CollegeYear.objects.get(college=cast.cbc, year=cast.year)
    assert (stands.minimum_percent, stands.every_term) == (Decimal(80), True)
    assert Event.objects.filter(kind="grading.college_year_set", subject_id=stands.pk).count() == 1
    # What was Not Attained stays so; what is graded from now on is measured anew.
    cast.below_registration.refresh_from_db()
    assert cast.below_registration.status == Registration.Status.NOT_ATTAINED


def test_whoever_saves_second_is_told(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.registrar)
    facts = typed(client, url(cast), minimum_percent="80")
    assert client.post(url(cast), facts | {"save": "1"}).status_code == 302
    response = client.post(url(cast), facts | {"minimum_percent": "75", "save": "1"})
    assert response.status_code == 409
    assert "Somebody else has changed this year meanwhile." in response.content.decode()
    assert CollegeYear.objects.get(college=cast.cbc, year=cast.year).minimum_percent == 80


def test_nothing_changed_is_nothing_saved(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.registrar)
    facts = typed(client, url(cast))
    assert "Nothing is changed." in client.post(url(cast), facts | {"look": "1"}).content.decode()
    assert client.post(url(cast), facts | {"save": "1"}).status_code == 409
    assert not Event.objects.filter(kind="grading.college_year_set").exists()


def test_next_year_begins_as_a_copy(client: PolicingClient, cast: Cast) -> None:
    CollegeYear.objects.filter(college=cast.cbc, year=cast.year).update(minimum_percent=82)
    client.force_login(cast.consortium)
    later = url(cast, cast.year.first_year + 1)
    html = client.get(later).content.decode()
    assert f"The form begins as a copy of {cast.year}" in html
    assert 'value="82"' in html
    assert client.post(later, typed(client, later) | {"save": "1"}).status_code == 302
    made = CollegeYear.objects.get(college=cast.cbc, year__first_year=cast.year.first_year + 1)
    assert (made.minimum_percent, made.scale) == (82, cast.cbc_scale)
    assert client.get(url(cast, cast.year.first_year + 2)).status_code == 404
    assert client.get(url(cast) + "?year=abc").status_code == 404


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"minimum_percent": "101"}, "Enter a percent from 0 to 100"),
        ({"minimum_percent": ""}, "Enter the minimum percent"),
        ({"scale": ""}, "Choose a scale"),
        ({"minimum_kind": "letter", "minimum_letter": ""}, "Enter the minimum letter"),
        ({"minimum_kind": "letter", "minimum_letter": "F"}, "gives no such grade. Choose one it gives"),
        ({"minimum_kind": "points", "minimum_points": "4.5"}, "Enter points from 0 to 4.0, with one decimal"),
        ({"minimum_kind": "wish"}, "Choose what the minimum is"),
        ({"grades_as": ""}, "Choose what teachers enter"),
        ({"tuition_per_credit": "much"}, "Enter an amount such as 131.96"),
        (
            {"request_by_month": "2", "request_by_day": "30", "request_by_year": "2027"},
            "February 30 is not a date",
        ),
    ],
)
def test_errors(client: PolicingClient, cast: Cast, changed: dict[str, str], words: str) -> None:
    client.force_login(cast.consortium)
    response = client.post(url(cast), typed(client, url(cast), **changed) | {"save": "1"})
    assert response.status_code == 422
    html = response.content.decode()
    assert words in html
    assert "<title>Error: " in html


def test_another_colleges_scale_is_not_offered(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.consortium)
    facts = typed(client, url(cast), scale=str(cast.other_cbc_scale.pk))
    response = client.post(url(cast), facts | {"save": "1"})
    assert response.status_code == 422
    assert "Choose a scale from the list" in response.content.decode()


@pytest.mark.parametrize(
    ("kind", "typed_as", "percent"),
    [("letter", {"minimum_letter": "B+"}, "87"), ("points", {"minimum_points": "3.5"}, "91")],
)
def test_a_minimum_in_points_or_a_letter_follows_the_scale(
    client: PolicingClient, cast: Cast, kind: str, typed_as: dict[str, str], percent: str
) -> None:
    client.force_login(cast.registrar)
    facts = typed(client, url(cast), minimum_kind=kind, **typed_as)
    assert client.post(url(cast), facts | {"save": "1"}).status_code == 302
    stands = CollegeYear.objects.get(college=cast.cbc, year=cast.year)
    assert (stands.minimum_kind, stands.minimum_percent) == (kind, Decimal(percent))


def test_the_state_reads(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.state)
    html = client.get(url(cast)).content.decode()
    assert "85 %" in html
    assert "<textarea" not in html
    assert 'name="save"' not in html
    assert client.post(url(cast), {}).status_code == 403


def test_queries(client: PolicingClient, cast: Cast, django_assert_num_queries: Any) -> None:
    people.make_scale("More", college=cast.cbc)
    client.force_login(cast.registrar)
    # session, user, seats; the college, the year; the year before, the year's settings, their history, may the person
    # set them, whom it touches, the year once more, the scales
    with django_assert_num_queries(12):
        client.get(url(cast))
