"""What a college course is, which agreements rest on it, what changed when."""

import datetime

from django.urls import reverse

from articulations import actions
from articulations.models import CollegeCourse
from tests.people import Cast
from tests.policing import PolicingClient


def page(course: CollegeCourse) -> str:
    return reverse("articulations:course", args=[course.public_id])


def test_it_tells_everything(client: PolicingClient, cast: Cast) -> None:
    facts = {
        "outcomes": "Keep a ledger\nRead a balance sheet", "description": "Of money", "cip": "520301",
        "site_url": "https://college.example.org/business", "active_until": "2000-06-30",
    }  # fmt: skip
    actions.change_course(course=cast.acct_201, facts=facts, note="New catalog", by=cast.faculty)
    for user in (cast.faculty, cast.registrar, cast.consortium, cast.state):
        client.force_login(user)
        html = client.get(page(cast.acct_201)).content.decode()
        for words in (
            "<li>Keep a ledger</li>", "Of money", "52.0301", "https://college.example.org/business", "Until June 30, 2000",
            "Not taught now", "1 agreement rests on it", "New catalog", "5 credits",
        ):  # fmt: skip
            assert words in html, words
        assert ("Change the course" in html) is (user != cast.state)


def test_taught_between_its_days(cast: Cast) -> None:
    course, today = cast.acct_201, datetime.date(2026, 11, 26)
    day = datetime.timedelta(days=1)
    for begins, ends, is_offered in (
        (None, None, True), (today, None, True), (today + day, None, False), (None, today, True), (None, today - day, False),
        (today, today, True),
    ):  # fmt: skip
        course.active_from, course.active_until = begins, ends
        assert course.is_offered(today) is is_offered


def test_others_do_not_find_it(client: PolicingClient, cast: Cast) -> None:
    for user, status in (
        (cast.other_faculty, 404),
        (cast.other_consortium, 404),
        (cast.teacher, 403),
    ):
        client.force_login(user)
        assert client.get(page(cast.acct_201)).status_code == status
