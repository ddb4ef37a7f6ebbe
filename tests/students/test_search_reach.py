"""Search for Students as each role walks it, and what nobody learns by it: how many there are beyond their reach."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from students.models import Disclosure
from tests.people import Cast, make_registration, make_student
from tests.policing import PolicingClient
from tests.students.pages import text

URL = reverse("students:search")
WHY = {"ground": "99.31(a)(2)", "reason": "Wants a class at our school"}


def search(client: PolicingClient, **terms: str) -> Any:
    client.post(URL, {"search": "1"} | terms)
    return client.get(URL)


@pytest.mark.parametrize(
    ("who", "button", "saves", "statewide"),
    [
        ("teacher", "View", False, True),
        ("counselor", "View / Edit", True, True),
        ("district", "View / Edit", True, True),
        ("consortium", "View / Edit", True, True),
        ("state", "View", False, False),
    ],
)
def test_from_the_search_to_the_details(
    cast: Cast, client: PolicingClient, who: str, button: str, saves: bool, statewide: bool
) -> None:
    """A name, a profile with its locked fields, Save and Reset Form, Registration History, Details; written down."""
    client.force_login(getattr(cast, who))
    page = search(client, name="mar veg")
    words = text(page)
    assert f"{button} Marisol Vega" in words
    assert ("Search Statewide" in words) is statewide
    profile = text(client.get(reverse("students:student", args=[cast.student.public_id])))
    assert cast.student.sers_id in profile
    assert ("Save" in profile and "Reset Form" in profile) is saves
    assert "What is locked" in profile if saves else "You can read this record." in profile
    history = reverse("students:history", args=[cast.student.public_id])
    assert "In Progress" in text(client.get(history))
    details = text(client.get(history, {"open": str(cast.registration.public_id)}))
    for told in ("High-school grade", "College credits earned", "Fees/Req"):
        assert told in details
    kinds = Disclosure.objects.filter(reader=getattr(cast, who), student=cast.student)
    assert set(kinds.values_list("what", flat=True)) >= {"search", "profile", "history"}


def plain(response: Any) -> str:
    """A page without what differs by the form's token."""
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", response.content.decode())


@pytest.mark.parametrize("who", ["teacher", "counselor", "district", "registrar", "consortium"])
@pytest.mark.parametrize(
    "terms", [{"name": "quill"}, {"name": "quill", "grade_level": "11"}, {"name": "pat quill"}]
)
def test_a_page_is_the_same_however_many_there_are_beyond_reach(
    cast: Cast, client: PolicingClient, who: str, terms: dict[str, str]
) -> None:
    """Words, paging, queries: none with nobody beyond reach, and none with two hundred."""
    client.force_login(getattr(cast, who))
    near = make_student(cast.kamiakin, "Pat", "Quill", user=None)
    make_registration(near, cast.section, cast.agreement)
    pages = []
    for number in (0, 60):
        for _ in range(number):
            make_student(cast.wahi, "Pat", "Quill", user=None, grade_level=11)
        search(client, **terms)
        with CaptureQueriesContext(connection) as asked:
            response = client.get(URL)
        pages.append((plain(response), len(asked)))
    assert pages[0] == pages[1]
    assert "1 student" in pages[0][0]


@pytest.mark.parametrize("who", ["teacher", "counselor", "district", "registrar", "consortium"])
def test_search_statewide_tells_ten_and_never_how_many(cast: Cast, client: PolicingClient, who: str) -> None:
    """Eleven and sixty are one page; its words, links and queries are the same."""
    client.force_login(getattr(cast, who))
    pages = []
    for number in (11, 60):
        for _ in range(number):
            make_student(cast.wahi, "Pat", "Quill", user=None, birth_date=cast.student.birth_date)
        response = search(client, name="pat quill", statewide="on", **WHY)
        with CaptureQueriesContext(connection) as asked:
            response = client.get(URL)
        assert len(response.context["beyond"]) == 10
        pages.append((text(response), len(asked)))
    assert pages[0] == pages[1]
    assert "Next page" not in pages[0][0]
    assert "There may be more: type more of the name." in pages[0][0]
