"""The row of words on every page: by seat, at most six, the current one marked."""

import re

import pytest
from django.urls import reverse

from accounts.access import Role
from sers.navigation import ITEMS, MOST_ITEMS, PUBLIC, UNDER
from tests.people import Cast, make_seat
from tests.policing import PolicingClient


def words_of(client: PolicingClient, url: str = "/articulations/") -> list[str]:
    row = client.get(url).content.decode().split('<nav class="s-nav"')[1].split("</nav>")[0]
    row = row.split('class="s-nav-who"')[0]  # My Account and Log Out stand apart
    return re.findall(r"<a [^>]*>([^<]*)</a>", row)


@pytest.mark.parametrize(
    ("person", "words"),
    [
        ("student", ["Home", "Registration", "My classes", "Transcript", "Search Articulations"]),
        ("teacher", ["Home", "Assignments", "Students", "Rosters", "Requests", "Search Articulations"]),
        ("counselor", ["Home", "Students", "Classes", "Rosters", "People", "Reports"]),
        ("district", ["Home", "Students", "Classes", "People", "Requests", "Reports"]),
        ("faculty", ["Home", "Requests", "Agreements", "Classes", "Reports", "Search Articulations"]),
        ("registrar", ["Home", "Transcription", "Documents", "Students", "People", "Reports"]),
        ("consortium", ["Home", "Agreements", "Classes", "Fees/Req", "Students", "Reports"]),
        ("state", ["Home", "Students", "Classes", "Transcription", "People", "Reports"]),
        ("many_hats", ["Home", "Assignments", "Students", "Rosters", "Requests", "Transcription"]),
        ("nobody", ["Home", "Search Articulations"]),
    ],
)
def test_each_seat_has_its_words(client: PolicingClient, cast: Cast, person: str, words: list[str]) -> None:
    user = getattr(cast, person)
    client.force_login(getattr(user, "user", user))
    assert words_of(client) == words


def test_the_public_has_three(client: PolicingClient, cast: Cast) -> None:
    assert words_of(client) == [
        "Home",
        "For students",
        "For teachers",
        "Search Articulations",
        "Find your consortium",
        "Check a transcript",
    ]


def test_more_seats_never_make_more_than_six(client: PolicingClient, cast: Cast) -> None:
    make_seat(cast.many_hats, Role.CONSORTIUM, cast.columbia_basin)
    make_seat(cast.many_hats, Role.STATE)
    client.force_login(cast.many_hats)
    assert len(words_of(client)) == MOST_ITEMS


def test_the_word_one_came_by_stays_marked(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.teacher)
    page = client.get("/grading/rosters/").content.decode()
    assert '<a href="/grading/rosters/" aria-current="page">Assignments</a>' in page
    page = client.get(f"/grading/rosters/{cast.section.public_id}/").content.decode()
    assert '<a href="/grading/rosters/" aria-current="true">Assignments</a>' in page
    assert page.split('<nav class="s-nav"')[1].split("</nav>")[0].count("aria-current") == 1


def test_where_a_word_is_not_shown_the_one_above_it_is_current(client: PolicingClient, cast: Cast) -> None:
    """The teacher's navigation has Requests; the consortium's has Agreements, and requests are under it."""
    for person, current in ((cast.teacher, "Requests"), (cast.consortium, "Agreements")):
        client.force_login(person)
        for address in (reverse("articulations:requests"), reverse("articulations:new_request")):
            bar = client.get(address).content.decode().split('<nav class="s-nav"')[1].split("</nav>")[0]
            assert re.findall(r'aria-current="\w+">([^<]+)<', bar) == [current]


def test_every_word_leads_somewhere_that_opens(client: PolicingClient, cast: Cast) -> None:
    people = {
        Role.STUDENT: cast.student.user, Role.TEACHER: cast.teacher, Role.COUNSELOR: cast.counselor,
        Role.DISTRICT: cast.district, Role.FACULTY: cast.faculty, Role.REGISTRAR: cast.registrar,
        Role.CONSORTIUM: cast.consortium, Role.STATE: cast.state,
    }  # fmt: skip
    for role, items in ITEMS.items():
        client.force_login(people[role])
        for _, name in (*PUBLIC, *items):
            assert client.get(reverse(name), follow=True).status_code == 200, (role, name)
    words = {name for items in (PUBLIC, *ITEMS.values()) for _, name in items}
    assert set(UNDER.values()) <= words
