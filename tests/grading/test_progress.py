"""Grading progress: by class, by high school, filtered, and as a file."""

import csv
import io
from typing import Any

import pytest
from django.urls import reverse

from tests import people
from tests.people import Cast
from tests.policing import PolicingClient

URL = reverse("grading:progress")
FILE = reverse("grading:progress_file")


def opened(client: PolicingClient, user: Any, query: str = "") -> str:
    client.force_login(user)
    response = client.get(URL + query)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_classes_with_their_counts(client: PolicingClient, cast: Cast) -> None:
    html = opened(client, cast.consortium)
    assert "1 class" in html
    assert reverse("grading:roster", args=[cast.section.public_id]) in html
    assert '<span class="tag wait">Blanks</span>' in html
    assert str(cast.other_section.public_id) not in html
    assert "2 classes" in opened(client, cast.state)


def test_by_high_school(client: PolicingClient, cast: Cast) -> None:
    html = opened(client, cast.state, "?by=school")
    assert "2 high schools" in html
    assert cast.wahi.name in html
    assert cast.wahi.name not in opened(client, cast.consortium, "?by=school").split("<table")[1]


def test_filters(client: PolicingClient, cast: Cast) -> None:
    state = cast.state
    own, other = str(cast.section.public_id), str(cast.other_section.public_id)
    html = opened(client, state, f"?school={cast.kamiakin.public_id}")
    assert own in html
    assert other not in html
    html = opened(client, state, f"?district={cast.walla_walla_schools.public_id}")
    assert own not in html
    assert other in html
    assert own in opened(client, state, "?show=blank")
    assert "No class matches these filters." in opened(client, state, "?show=complete")
    people.grade(cast.registration, "90", by=cast.teacher)
    assert own in opened(client, state, "?show=ready")
    client.force_login(cast.teacher)
    client.post(reverse("grading:verification", args=[cast.section.public_id]))
    html = opened(client, state, "?show=complete")
    assert own in html
    assert '<span class="tag done">Complete</span>' in html
    html = opened(client, state, f"?year={cast.last_year.first_year}")
    assert str(cast.last_section.public_id) in html
    people.make_year(2001)
    assert "No student is registered for a class of this school year yet." in opened(
        client, state, "?year=2001"
    )


def test_what_nobody_offers_is_refused(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.consortium)
    for query, words in (
        (f"?school={cast.wahi.public_id}", "High school: choose one from the list"),
        ("?year=1", "Choose a school year from the list"),
    ):
        for url in (URL, FILE):
            response = client.get(url + query)
            assert response.status_code == 422
            assert words in response.content.decode()


def test_the_file_holds_every_class(client: PolicingClient, cast: Cast) -> None:
    cast.accounting.title = "=HYPERLINK(1)"
    cast.accounting.save()
    client.force_login(cast.consortium)
    response = client.get(FILE)
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in response["Content-Disposition"]
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert rows[1:] == [
        [
            str(cast.year), cast.kennewick.name, cast.kamiakin.name, "'=HYPERLINK(1), Period 2",
            "Fergus Teacher and Lola Teacher and Tess Teacher", "5", "2", "1", "1", "1", "Blanks",
        ]
    ]  # fmt: skip


@pytest.mark.parametrize("number", [1, 3])
def test_queries(client: PolicingClient, cast: Cast, number: int, django_assert_num_queries: Any) -> None:
    for at, student in enumerate((cast.student, cast.newcomer)[: number - 1]):
        section = people.make_section(cast.welding, cast.colleague_seat, label=f"Period {at}")
        people.make_registration(student, section, cast.welding_agreement)
    client.force_login(cast.consortium)
    # session, user, seats, whom to ask for help; the year, the years, districts, schools; schools counted, classes counted, the page, its
    # sums, teachers and declarations
    with django_assert_num_queries(14):
        assert client.get(URL).content.decode().count('<tr role="row">') == number + 1
    # the same heads; schools counted, classes of each, their names
    with django_assert_num_queries(11):
        client.get(f"{URL}?by=school")
