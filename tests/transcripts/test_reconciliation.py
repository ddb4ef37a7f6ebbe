"""Exported against posted: where each credit stands, by truth table and on the page."""

import datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests import people
from tests.people import SID, Cast
from transcripts import actions, rules
from transcripts.models import PostingEvent

URL = "/transcripts/reconciliation/"
NOW = timezone.now()


def place(cast: Cast) -> dict[str, Any]:
    return {"college": str(cast.cbc.public_id), "year": cast.last_year.first_year}


def address(cast: Cast) -> str:
    return f"{URL}?college={cast.cbc.public_id}&year={cast.last_year.first_year}"


def said(kind: str, grade: str = "3.8", minutes: int = 1) -> dict[str, Any]:
    return {
        "kind": kind,
        "grade": grade,
        "said_at": NOW + datetime.timedelta(minutes=minutes),
        "on": NOW.date(),
    }


ROW = {"grade": "3.8", "at": NOW, "number": 1}


@pytest.mark.parametrize(
    ("row", "heard", "was_out", "difference"),
    [
        (None, [], False, "not_exported"),
        (None, [], True, "corrected"),
        (ROW, [], False, "no_answer"),
        (ROW, [said("accepted")], False, "not_posted"),
        (ROW, [said("accepted"), said("posted")], False, None),
        (ROW, [said("posted")], False, None),
        (ROW, [said("posted", "")], False, None),
        (ROW, [said("posted", "3.7")], False, "other_grade"),
        (ROW, [said("posted", "3.7"), said("posted")], False, None),
        (ROW, [said("posted"), said("returned", "")], False, "returned"),
        (ROW, [said("returned", "", minutes=-1)], False, "no_answer"),  # and exported again since
        (ROW, [said("returned", "", minutes=-1), said("posted")], False, None),
    ],
)
def test_where_a_credit_stands(row: Any, heard: list[Any], was_out: bool, difference: str | None) -> None:
    found = rules.difference_of(row=row, said=heard, was_out=was_out)
    assert (found.value if found else None) == difference


def posted(cast: Cast, grade: str = "3.8") -> PostingEvent:
    return PostingEvent.objects.create(
        college=cast.cbc, award=cast.award, kind="posted", on=timezone.localdate(), sid=SID, term="2265",
        course_id="012345", grade=grade, said_by=cast.registrar,
    )  # fmt: skip


def test_accepted_is_not_posted(cast: Cast, client: Client) -> None:
    client.force_login(cast.registrar)
    page = client.get(URL, place(cast))
    assert [(row.difference, row.action) for row in page.context["page"]] == [
        ("not_posted", "Post it in ctcLink, then import the confirmation")
    ]
    assert "They differ" in page.content.decode()


def test_totals_agree_when_everything_is_posted(cast: Cast, client: Client) -> None:
    posted(cast)
    client.force_login(cast.registrar)
    page = client.get(URL, place(cast))
    account = page.context["account"]
    assert account.posted == account.exported == len(account.rows) == 1
    assert "They agree" in page.content.decode()


def test_a_grade_that_differs_goes_into_the_next_worksheet(cast: Cast, client: Client) -> None:
    posted(cast, "3.7")
    client.force_login(cast.registrar)
    page = client.get(URL, place(cast))
    assert "3.7 in ctcLink" in page.content.decode()
    client.post(address(cast), {"act": "again", "award": cast.award.link})
    assert [row.difference for row in client.get(URL, place(cast)).context["page"]] == ["returned"]
    due = rules.due_for_worksheet(cast.cbc, cast.last_year)
    assert [(one.award_id, one.again, one.obstacle) for one in due] == [(cast.award.pk, True, None)]
    client.post(address(cast), {"act": "again", "award": cast.award.link})  # a second press
    assert PostingEvent.objects.filter(kind="returned").count() == 1
    batch = actions.make_worksheet(college=cast.cbc, year=cast.last_year, by=cast.registrar)
    assert batch.number == 2
    assert rules.due_for_worksheet(cast.cbc, cast.last_year) == []


def test_totals_add_up_whatever_stands_where(cast: Cast) -> None:
    people.make_run(cast.cbc, cast.year, cast.registrar, cast.classmate_registration)
    for year in (cast.year, cast.last_year):
        account = rules.reconcile(cast.cbc, year)
        assert len(account.rows) == account.posted + sum(account.by_difference.values())
        assert sum(count for _, count in account.lines) == len(account.rows)


def test_what_ctclink_alone_knows_is_kept_and_matched_later(cast: Cast, client: Client) -> None:
    stray = PostingEvent.objects.create(
        college=cast.cbc, kind="posted", on=timezone.localdate(), sid="209999999", term="2265",
        course_id="012345", grade="3.8", said_by=cast.registrar,
    )  # fmt: skip
    client.force_login(cast.registrar)
    page = client.get(URL, place(cast))
    assert "209999999" in page.content.decode()
    client.post(address(cast), {"act": "match"})
    stray.refresh_from_db()
    assert stray.award is None
    owing = people.make_registration(cast.newcomer, cast.last_section, cast.agreement, percent="95")
    people.make_identity(cast.newcomer, cast.cbc, "209999999")
    run = people.make_run(cast.cbc, cast.last_year, cast.registrar, owing)
    people.make_batch(cast.cbc, cast.last_year, cast.registrar, *run.awards.all(), number=2)
    client.post(address(cast), {"act": "match"})
    stray.refresh_from_db()
    assert stray.award == run.awards.get()


def test_nobody_else_acts(cast: Cast, client: Client) -> None:
    client.force_login(cast.state)
    assert client.get(URL, place(cast)).status_code == 200
    assert client.post(address(cast), {"act": "match"}).status_code == 403
    client.force_login(cast.other_registrar)
    client.post(address(cast), {"act": "again", "award": cast.award.link})
    assert not PostingEvent.objects.filter(kind="returned").exists()
    client.force_login(cast.consortium)
    assert client.get(URL).status_code == 403


def test_one_credit_and_three_cost_the_same_queries(
    cast: Cast, client: Client, django_assert_num_queries: Any
) -> None:
    client.force_login(cast.registrar)
    client.get(URL, place(cast))
    with django_assert_num_queries(QUERIES):
        client.get(URL, place(cast))
    for number in range(2):
        student = people.make_student(cast.kamiakin, f"Pat{number}")
        people.make_run(
            cast.cbc, cast.last_year, cast.registrar,
            people.make_registration(student, cast.last_section, cast.agreement, percent="97"),
        )  # fmt: skip
    with django_assert_num_queries(QUERIES):
        assert len(client.get(URL, place(cast)).context["page"]) == 3


QUERIES = 13
