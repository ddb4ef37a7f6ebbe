"""A teacher asks to open grading of a class again."""

import pytest
from django.urls import reverse

from articulations.models import Section
from grading.models import WindowExtension
from organizations.models import Window
from tests import people
from tests.people import Cast, close_window
from tests.policing import PolicingClient


def url(section: Section) -> str:
    return reverse("grading:reopen", args=[section.public_id])


def test_asked_from_the_closed_roster(client: PolicingClient, cast: Cast) -> None:
    close_window(Window.Kind.GRADING, cast.columbia_basin, cast.year)
    client.force_login(cast.teacher)
    roster = client.get(reverse("grading:roster", args=[cast.section.public_id])).content.decode()
    assert url(cast.section) in roster
    html = client.get(url(cast.section)).content.decode()
    assert "1 student has no grade." in html
    response = client.post(url(cast.section), {"reason": "I was ill."}, follow=True)
    html = response.content.decode()
    assert f"{cast.columbia_basin.name} is asked." in html
    assert "You have asked for this class already." in html
    extension = WindowExtension.objects.get(section=cast.section)
    assert reverse("grading:extension", args=[extension.public_id]) in html
    assert client.post(url(cast.section), {"reason": "Again."}).status_code == 409


@pytest.mark.parametrize(
    ("reason", "words"),
    [("", "Say why grades could not be entered in time"), ("x" * 1001, "Shorten the text to 1,000 letters")],
)
def test_a_reason_is_needed(client: PolicingClient, cast: Cast, reason: str, words: str) -> None:
    close_window(Window.Kind.GRADING, cast.columbia_basin, cast.year)
    client.force_login(cast.teacher)
    response = client.post(url(cast.section), {"reason": reason})
    assert response.status_code == 422
    assert words in response.content.decode()


def test_of_two_consortia_one_is_chosen(client: PolicingClient, cast: Cast) -> None:
    course = people.make_college_course(cast.wwcc, "ACCT& 201")
    elsewhere = people.make_agreement((cast.accounting, course), consortium=cast.walla_walla)
    people.make_registration(cast.newcomer, cast.section, elsewhere)
    for consortium in (cast.columbia_basin, cast.walla_walla):
        close_window(Window.Kind.GRADING, consortium, cast.year)
    client.force_login(cast.teacher)
    assert "Which consortium" in client.get(url(cast.section)).content.decode()
    assert client.post(url(cast.section), {"reason": "Ill."}).status_code == 422
    client.post(url(cast.section), {"reason": "Ill.", "consortium": str(cast.walla_walla.public_id)})
    assert WindowExtension.objects.get(section=cast.section).consortium == cast.walla_walla


def test_an_open_window_says_so(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.teacher)
    html = client.get(url(cast.section)).content.decode()
    assert "Grading is open until" in html
    assert "<textarea" not in html
    empty = people.make_section(cast.welding, cast.teacher_seat)
    assert "No students are registered for this class." in client.get(url(empty)).content.decode()


def test_a_colleagues_class_is_not_there(client: PolicingClient, cast: Cast) -> None:
    for user, status in ((cast.colleague, 404), (cast.other_teacher, 404), (cast.consortium, 403)):
        client.force_login(user)
        assert client.get(url(cast.section)).status_code == status
