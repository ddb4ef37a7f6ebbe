"""A change of a course is written down before and after, and marks every agreement on it."""

from typing import Any

import pytest
from django.urls import reverse

from accounts.models import Mail
from articulations import actions, rules
from articulations.models import AgreementMark, CollegeCourse, CourseChange
from sers.lib.refusal import Refused
from tests.people import Cast
from tests.policing import PolicingClient


def page(course: CollegeCourse) -> str:
    return reverse("articulations:edit_course", args=[course.public_id])


def changed(cast: Cast, **facts: str) -> CourseChange | None:
    return actions.change_course(course=cast.acct_201, facts=facts, by=cast.faculty)


def typed(course: CollegeCourse, **changes: Any) -> dict[str, Any]:
    return {**rules.course_facts(course), "note": "New catalog", "seen": course.last_change, **changes}


def test_a_change_marks_its_agreements(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.faculty)
    assert "1 agreement rests on it" in client.get(page(cast.acct_201)).content.decode()
    answer = client.post(
        page(cast.acct_201),
        typed(
            cast.acct_201, credits="4.5", faculty="Ada Bell", outcomes="1. Ledger\r\n2) Audit\r\n",
            active_until_month="6", active_until_day="30", active_until_year="2040",
        ),
    )  # fmt: skip
    assert answer.status_code == 302
    change = CourseChange.objects.get()
    assert [(one["name"], one["was"], one["is_now"]) for one in change.changes] == [
        ("Credits", "5", "4.5"),
        ("Outcomes", "", "Ledger\nAudit"),
        ("Faculty", "", "Ada Bell"),
        ("Taught until", "", "June 30, 2040"),
    ]
    assert [mark.articulation for mark in AgreementMark.objects.open()] == [cast.agreement]
    assert Mail.objects.filter(subject__contains="1 agreement is due for review").exists()
    line = cast.agreement.courses.get()
    assert line.credits == 5  # what was agreed stays agreed
    html = client.get(reverse("articulations:course", args=[cast.acct_201.public_id])).content.decode()
    assert "Ada Bell" in html
    assert "New catalog" in html


def test_who_changed_it_meanwhile_is_not_overwritten(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.registrar)
    sent = typed(cast.acct_201, credits="4")
    changed(cast, title="Accounting One")
    answer = client.post(page(cast.acct_201), sent)
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "Somebody else has changed this course meanwhile." in html
    assert 'name="credits" value="4"' in html  # what was typed is still there
    assert CourseChange.objects.count() == 1
    last = CourseChange.objects.get()
    assert f'name="seen" value="{last.pk}"' in html
    assert client.post(page(cast.acct_201), {**sent, "seen": last.pk}).status_code == 302
    assert CourseChange.objects.count() == 2


def test_the_same_again_marks_nothing(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.registrar)
    assert client.post(page(cast.acct_201), typed(cast.acct_201)).status_code == 302
    assert not CourseChange.objects.exists()
    assert changed(cast) is None


def test_where_the_site_is_calls_for_no_review(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.faculty)
    answer = client.post(
        page(cast.acct_201),
        typed(cast.acct_201, site_url="https://college.example.org/business"),
        follow=True,
    )
    assert "No agreement has to be reviewed for it." in answer.content.decode()
    assert CourseChange.objects.exists()
    assert not AgreementMark.objects.exists()
    assert changed(cast, site_url="", cip="520302") is not None  # beside something else it counts with it
    assert AgreementMark.objects.exists()


def test_a_new_title_is_found_by_search(client: PolicingClient, cast: Cast) -> None:
    changed(cast, title="Bookkeeping for Owners")
    for where in ("articulations:search", "articulations:courses"):
        client.force_login(cast.faculty)
        assert "Bookkeeping for Owners" in client.get(reverse(where), {"words": "owners"}).content.decode()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"credits": "26"}, "Enter credits from 0.5 to 25"),
        ({"credits": "many"}, "Enter credits from 0.5 to 25"),
        ({"title": ""}, "Enter the title of the course"),
        ({"description_url": "not an address"}, "Enter a whole address, https://..."),
        ({"cip": "52"}, "Enter the six digits of the CIP code"),
        ({"outcomes": "x" * 301}, "Shorten each outcome to 300 letters"),
        (
            {
                "active_from_month": "9", "active_from_day": "1", "active_from_year": "2026",
                "active_until_month": "8", "active_until_day": "1", "active_until_year": "2026",
            },
            "Enter a last day after the first",
        ),
    ],
)  # fmt: skip
def test_what_is_no_course_is_told(
    client: PolicingClient, cast: Cast, changes: dict[str, str], words: str
) -> None:
    client.force_login(cast.consortium)
    answer = client.post(page(cast.acct_201), typed(cast.acct_201, **changes))
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_others_do_not_change_it(client: PolicingClient, cast: Cast) -> None:
    for user, status in (
        (cast.other_faculty, 404),
        (cast.other_consortium, 404),
        (cast.teacher, 403),
        (cast.state, 403),
    ):
        client.force_login(user)
        assert client.post(page(cast.acct_201), typed(cast.acct_201, credits="1")).status_code == status
    with pytest.raises(Refused):
        actions.change_course(course=cast.acct_201, facts={"credits": "1"}, by=cast.state)
