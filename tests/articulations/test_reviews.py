"""What is due for review: by when, of whom, marked or not; in a file; and the letters that remind of it, once each."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Mail
from articulations import actions, rules
from articulations.models import Articulation
from tests.people import Cast, make_agreement, make_college_course, make_high_school_course
from tests.policing import PolicingClient

PAGE = reverse("articulations:reviews")


def due_in(agreement: Articulation, days: int) -> datetime.date:
    due_on = timezone.localdate() + datetime.timedelta(days=days)
    Articulation.objects.filter(pk=agreement.pk).update(review_due_on=due_on)
    return due_on


def test_what_is_due_is_shown_to_those_it_concerns(client: PolicingClient, cast: Cast) -> None:
    due_in(cast.agreement, -3)
    due_in(cast.welding_agreement, 40)
    for user in (cast.consortium, cast.faculty, cast.district, cast.state):
        client.force_login(user)
        html = client.get(PAGE, {"when": "overdue"}).content.decode()
        assert "Accounting" in html
        assert "Overdue" in html
        assert "Welding" not in html
        assert "Due soon" in client.get(PAGE, {"when": "soon"}).content.decode()
    client.force_login(cast.other_consortium)
    assert "Accounting" not in client.get(PAGE, {"when": "all"}).content.decode()
    client.force_login(cast.consortium)
    html = client.get(PAGE, {"when": "all", "marked": "on"}).content.decode()
    assert "No agreement matches these filters." in html
    assert client.get(PAGE, {"when": "never"}).status_code == 422


def test_what_is_reviewed_waits_no_more_but_for_its_renewal(client: PolicingClient, cast: Cast) -> None:
    """Until a course changes; home counts what the list has."""
    due_in(cast.agreement, -3)
    found = Articulation.objects.get(pk=cast.agreement.pk)

    def listed(stands: str) -> bool:
        html = client.get(PAGE, {"when": "soon", "stands": stands}).content.decode()
        return found.number in html

    def at_home(words: str) -> bool:
        return words in client.get("/").content.decode()

    client.force_login(cast.faculty)
    assert (listed("open"), listed("renew"), at_home("1 agreement is due for review.")) == (True, False, True)
    actions.review_agreement(
        agreement=found, outcome="no_revision", note="", due_on=found.review_due_on, by=cast.faculty
    )
    assert (listed("open"), listed("renew"), at_home("due for review.")) == (False, True, False)
    assert not at_home("waits for its renewal"), "faculty do not write it"
    client.force_login(cast.consortium)
    assert at_home("1 agreement is reviewed and waits for its renewal.")
    actions.change_course(course=cast.acct_201, facts={"title": "Accounting One"}, by=cast.faculty)
    assert (listed("open"), listed("renew")) == (True, False)


def test_an_agreement_another_one_follows_is_not_due(cast: Cast) -> None:
    """Of two pairs of courses both must go on, at whatever agreement; that nobody said what replaces what matters not."""
    first = (make_high_school_course(cast.kamiakin, "Robotics 1"), make_college_course(cast.cbc, "ROB 101"))
    second = (make_high_school_course(cast.kamiakin, "Robotics 2"), make_college_course(cast.cbc, "ROB 102"))
    ends = datetime.date(cast.year.first_year, 6, 30)
    old = make_agreement(
        first,
        second,
        consortium=cast.columbia_basin,
        valid_from=ends.replace(year=ends.year - 2),
        valid_until=ends,
    )
    later = {"consortium": cast.columbia_basin, "valid_from": ends + datetime.timedelta(days=1)}

    def is_due() -> bool:
        return old in Articulation.objects.due(timezone.localdate())

    assert is_due()
    make_agreement(first, **later)
    assert is_due()
    make_agreement(second, **later)
    assert not is_due()


def test_it_goes_into_a_file_and_a_calendar(client: PolicingClient, cast: Cast) -> None:
    due_on = due_in(cast.agreement, 10)
    client.force_login(cast.faculty)
    sheet = client.get(reverse("articulations:reviews_file", args=["reviews.csv"]), {"when": "soon"})
    assert (
        f"Accounting 1,Kamiakin High School,Columbia Basin College,ACCT& 201,Columbia Basin,{due_on}"
        in sheet.content.decode()
    )
    calendar = client.get(
        reverse("articulations:reviews_file", args=["reviews.ics"]), {"when": "soon"}
    ).content
    assert f"DTSTART;VALUE=DATE:{due_on:%Y%m%d}\r\n".encode() in calendar
    assert max(len(line) for line in calendar.split(b"\r\n")) <= 75
    assert client.get(reverse("articulations:reviews_file", args=["reviews.exe"])).status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_as_many_queries_for_one_as_for_three(client: PolicingClient, cast: Cast, number: int) -> None:
    due_in(cast.agreement, -3)
    for one in range(number - 1):
        course = make_high_school_course(cast.kamiakin, f"Class {one}")
        due_in(
            make_agreement(
                (course, make_college_course(cast.cbc, f"X {one}")), consortium=cast.columbia_basin
            ),
            -5,
        )
    client.force_login(cast.faculty)
    with CaptureQueriesContext(connection) as queries:
        html = client.get(PAGE, {"when": "overdue"}).content.decode()
    assert html.count("Overdue</span>") == number
    assert len(queries) == 8


@pytest.mark.parametrize(
    ("days", "threshold"), [(91, None), (90, 90), (31, 90), (30, 30), (1, 30), (0, 0), (-1, None)]
)
def test_threshold_of(days: int, threshold: int | None) -> None:
    today = datetime.date(2027, 1, 1)
    assert rules.threshold_of(today + datetime.timedelta(days=days), today) == threshold


def test_people_are_reminded_once_each_time(cast: Cast) -> None:
    assert actions.remind_of_reviews() == 0
    for days, words in ((80, "1 agreement is due"), (30, "1 agreement is due"), (0, "1 agreement is due")):
        due_in(cast.agreement, days)
        before = Mail.objects.count()
        written = actions.remind_of_reviews()
        assert written == 2  # the desk of the consortium, and Felix of the faculty
        assert actions.remind_of_reviews() == 0
        assert all(words in one.subject for one in Mail.objects.order_by("id")[before:])
    due_in(cast.welding_agreement, 0)
    assert actions.remind_of_reviews() == 0  # the same day, college and consortium: its letter is written


def test_an_index_finds_what_is_due(cast: Cast) -> None:
    """At the size of the State the calendar does not walk every agreement."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(
            "EXPLAIN SELECT id FROM articulations_articulation WHERE review_due_on <= now()::date ORDER BY review_due_on, number"
        )
        assert "articulation_by_review" in str(cursor.fetchall())
