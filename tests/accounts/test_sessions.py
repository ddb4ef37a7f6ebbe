"""/accounts/sessions/: where you are signed in; ending one and all others; both limits."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import actions
from accounts.models import Event, OpenSession, User
from tests.people import PASSWORD, Cast
from tests.policing import PolicingClient

URL = "/accounts/sessions/"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.0 Mobile/15E148 Safari/604.1"
)


def signed_in(user: User, agent: str = FIREFOX, network: str = "192.0.2.7") -> PolicingClient:
    client = PolicingClient(headers={"user-agent": agent}, REMOTE_ADDR=network)
    client.post("/accounts/sign-in/", {"username": user.username, "password": PASSWORD})
    return client


def alive(client: PolicingClient) -> bool:
    return client.get(URL).status_code == 200


def age(client: PolicingClient, **past: int) -> None:
    """So long ago the session was used, or begun."""
    row = OpenSession.objects.filter(pk=client.session.session_key)
    moment = timezone.now() - timedelta(minutes=past.get("unused", 0))
    begun = timezone.now() - timedelta(minutes=past.get("begun", past.get("unused", 0)))
    row.update(
        seen_at=moment,
        begun_at=begun,
        expire_date=min(
            moment + timedelta(seconds=settings.SESSION_IDLE),
            begun + timedelta(seconds=settings.SESSION_COOKIE_AGE),
        ),
    )


def test_it_lists_ones_own_with_browser_and_network(cast: Cast) -> None:
    here = signed_in(cast.teacher)
    signed_in(cast.teacher, IPHONE, "198.51.100.9")
    signed_in(cast.colleague, IPHONE, "203.0.113.5")
    page = here.get(URL).content.decode()
    assert "2 open sessions" in page
    assert "Firefox on Windows" in page
    assert "Mobile Safari on iOS" in page
    assert "198.51.100.9" in page
    assert "203.0.113.5" not in page
    assert page.count("This browser") == 1


def test_one_is_ended_and_says_so_at_the_next_page(cast: Cast) -> None:
    here, there = signed_in(cast.teacher), signed_in(cast.teacher, IPHONE)
    public_id = OpenSession.objects.get(pk=there.session.session_key).public_id
    assert here.post(URL, {"session": public_id}).url == URL
    assert alive(here)
    assert not alive(there)
    assert Event.objects.filter(kind="accounts.session_ended", actor=cast.teacher).count() == 1
    assert (
        "That session is over already."
        in here.post(URL, {"session": public_id}, follow=True).content.decode()
    )


def test_all_others_are_ended_at_once(cast: Cast) -> None:
    here, there, elsewhere = (signed_in(cast.teacher) for _ in range(3))
    stranger = signed_in(cast.colleague)
    page = here.post(URL, {"others": "all"}, follow=True).content.decode()
    assert "2 other sessions are ended." in page
    assert [alive(one) for one in (here, there, elsewhere, stranger)] == [True, False, False, True]
    assert (
        "There was no other session to end."
        in here.post(URL, {"others": "all"}, follow=True).content.decode()
    )


@pytest.mark.parametrize("typed", ["", "not-a-session", "0" * 36])
def test_a_session_of_another_person_is_not_ended(cast: Cast, typed: str) -> None:
    here, stranger = signed_in(cast.teacher), signed_in(cast.colleague)
    public_id = OpenSession.objects.get(pk=stranger.session.session_key).public_id
    here.post(URL, {"session": public_id})
    here.post(URL, {"session": typed})
    assert alive(stranger)
    assert not actions.end_session(session=public_id, by=cast.teacher)


@pytest.mark.parametrize(("unused", "lives"), [(29, True), (31, False)])
def test_thirty_minutes_without_a_page_end_it(cast: Cast, unused: int, lives: bool) -> None:
    here = signed_in(cast.teacher)
    age(here, unused=unused)
    assert alive(here) is lives
    if lives:
        left = here.get("/accounts/session/").json()["seconds"]
        assert left > 29 * 60  # the page prolonged it


@pytest.mark.parametrize(("begun", "lives"), [(719, True), (721, False)])
def test_twelve_hours_end_it_whatever_happens(cast: Cast, begun: int, lives: bool) -> None:
    here = signed_in(cast.teacher)
    age(here, unused=5, begun=begun)
    assert alive(here) is lives
    if lives:
        assert here.post("/accounts/session/").json()["seconds"] <= 60  # nothing prolongs it


def test_a_page_a_minute_is_noted_not_each(cast: Cast) -> None:
    here = signed_in(cast.teacher)
    for unused, writes in ((0, 0), (2, 1)):
        age(here, unused=unused)
        with CaptureQueriesContext(connection) as queries:
            assert alive(here)
        assert sum(one["sql"].startswith("UPDATE") for one in queries) == writes


def test_a_page_that_reads_itself_again_prolongs_nothing(cast: Cast) -> None:
    here = signed_in(cast.teacher)
    age(here, unused=20)
    before = OpenSession.objects.get(pk=here.session.session_key).expire_date
    here.get(URL, headers={"HX-Request": "true"})
    assert OpenSession.objects.get(pk=here.session.session_key).expire_date == before


def test_what_is_over_is_swept_away(cast: Cast) -> None:
    here, there = signed_in(cast.teacher), signed_in(cast.teacher)
    age(there, unused=40)
    actions.sweep()
    assert set(OpenSession.objects.of(cast.teacher).values_list("pk", flat=True)) == {
        here.session.session_key
    }


def test_a_new_password_ends_the_others(cast: Cast) -> None:
    there = signed_in(cast.teacher)
    cast.teacher.set_password("another four plain words")
    cast.teacher.save()
    assert not alive(there)
