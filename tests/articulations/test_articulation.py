"""/articulations/<public_id>/"""

import datetime
from uuid import uuid4

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articulations.models import Articulation
from tests.people import Cast, make_agreement, make_college, make_college_course, make_consortium
from tests.policing import PolicingClient


def url_of(articulation: Articulation) -> str:
    return f"/articulations/{articulation.public_id}/"


def test_it_works_for_everyone(client: PolicingClient, cast: Cast) -> None:
    page = client.get(url_of(cast.agreement)).content.decode()
    for shown in (
        cast.agreement.number,
        "Kamiakin High School",
        "Columbia Basin College",
        "Principles of Accounting I",
        "5 credits",
        "85\xa0%",
        'href="https://college.example.org/catalog"',
        '<span class="tag done">In force</span>',
        "director@example.org",
    ):
        assert shown in page, shown
    first = cast.year.first_year
    assert f"{first - 2}-{(first - 1) % 100:02} to {first + 1}-{(first + 2) % 100:02}" in page
    assert "Registered students" not in page
    assert "Enter a class" not in page


def test_staff_read_the_number_and_its_consortium_enters_classes(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.consortium)
    page = client.get(url_of(cast.agreement)).content.decode()
    assert f'<a href="/students/registered/{cast.agreement.public_id}/">4 this school year</a>' in page
    assert f'href="/articulations/sections/new/?school={cast.kamiakin.public_id}"' in page
    client.force_login(cast.other_consortium)
    page = client.get(url_of(cast.agreement)).content.decode()
    assert f'<a href="/students/registered/{cast.agreement.public_id}/">4 this school year</a>' in page
    assert "Enter a class" not in page


def test_an_agreement_that_ended_or_is_to_come_says_so(client: PolicingClient, cast: Cast) -> None:
    today = timezone.localdate()
    cast.agreement.valid_until = today - datetime.timedelta(days=1)
    cast.agreement.save()
    assert '<span class="tag quiet">Expired</span>' in client.get(url_of(cast.agreement)).content.decode()
    cast.welding_agreement.valid_from = today + datetime.timedelta(days=300)
    cast.welding_agreement.save()
    assert '<span class="tag progress">From 20' in client.get(url_of(cast.welding_agreement)).content.decode()


def test_it_names_the_other_colleges(client: PolicingClient, cast: Cast) -> None:
    spokane = make_college("Spokane Community College", "WA171")
    other = make_agreement(
        (cast.accounting, make_college_course(spokane, "ACCT 151", "College Accounting", "4")),
        consortium=make_consortium("Inland", [spokane]),
    )
    page = client.get(url_of(cast.agreement)).content.decode()
    assert f'<a href="{url_of(other)}">Spokane Community College</a>' in page
    assert (
        f'<a href="{url_of(cast.agreement)}">Columbia Basin College</a>'
        in client.get(url_of(other)).content.decode()
    )


def test_an_agreement_without_lines_is_still_a_page(client: PolicingClient, cast: Cast) -> None:
    cast.agreement.courses.all().delete()
    assert cast.agreement.number in client.get(url_of(cast.agreement)).content.decode()


def test_an_unknown_one_is_not_there(client: PolicingClient, cast: Cast) -> None:
    assert client.get(f"/articulations/{uuid4()}/").status_code == 404
    assert client.get("/articulations/1/").status_code == 404
    assert client.post(url_of(cast.agreement)).status_code == 405


def test_queries_do_not_grow(client: PolicingClient, cast: Cast) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(url_of(cast.agreement))
        return len(captured)

    assert queries() == 6  # the agreement, the year, minimums, lines, others, industry credentials
    line = cast.agreement.courses.get()
    for number in range(2):
        line.pk, line.college_course = None, make_college_course(cast.cbc, f"ACCT {number}")
        line.save()
    assert queries() == 6
