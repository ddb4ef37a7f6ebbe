"""Exported against posted: where each credit stands, by truth table and on the page."""

import dataclasses
import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.access import Role
from grading import actions as grading
from tests import people
from tests.people import SID, Cast
from transcripts import actions, rules
from transcripts.models import CreditAward, PostingEvent, WorksheetColumn

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
        (ROW, [said("posted", "3.7"), said("again", "")], False, "again"),
        (ROW, [said("posted", "3.7"), said("again", "", minutes=-1)], False, "no_answer"),
        ({**ROW, "grade": "4.0"}, [said("posted", "4")], False, None),  # a spreadsheet made it 4
        ({**ROW, "grade": "3.0"}, [said("posted", "3.00")], False, None),
        ({**ROW, "grade": "A-"}, [said("posted", "a-")], False, None),
        ({**ROW, "grade": "4.0"}, [said("posted", "3")], False, "other_grade"),
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
    assert [row.difference for row in client.get(URL, place(cast)).context["page"]] == ["again"]
    due = rules.due_for_worksheet(cast.cbc, cast.last_year)
    assert [(one.award_id, one.replaces, one.obstacle) for one in due] == [(cast.award.pk, "3.7", None)]
    client.post(address(cast), {"act": "again", "award": cast.award.link})  # a second press
    assert PostingEvent.objects.filter(kind="again").count() == 1
    batch = actions.make_worksheet(college=cast.cbc, year=cast.last_year, by=cast.registrar)
    assert batch.number == 2
    # Who keys it in reads that something is there already: in the file, and on the page.
    columns = {one.field: one for one in rules.columns_of(cast.cbc)}
    posting = dataclasses.replace(columns[WorksheetColumn.Field.POSTING], position=99)
    (_, line) = rules.lines_of(due, [posting], term="2265", on=timezone.localdate())
    assert line == ["Re-post, replaces 3.7"]
    sheet = client.get(reverse("transcripts:worksheet", args=[batch.public_id])).content.decode()
    assert "Re-post" in sheet
    assert "replaces 3.7" in sheet
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
    for act in ("again", "removed"):
        client.post(address(cast), {"act": act, "award": cast.award.link})
    assert not PostingEvent.objects.filter(kind__in=("again", "removed")).exists()
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


QUERIES = 14


@pytest.mark.parametrize(
    ("heard", "holds"),
    [
        ([], "3.8"),
        ([said("posted", "3.7")], "3.7"),
        ([said("posted", "3.7"), said("again", "")], "3.7"),
        ([said("returned", "")], ""),
        ([said("posted"), said("removed", "")], ""),
        ([said("returned", ""), said("posted", "")], "3.8"),
        ([said("returned", "", minutes=-1)], "3.8"),  # and exported once more since
    ],
)
def test_what_ctclink_holds_as_far_as_sers_knows(heard: list[Any], holds: str) -> None:
    assert rules.held_by_ctclink(2, {2: {1}}, {1: ROW}, {1: heard}) == holds
    assert rules.held_by_ctclink(2, {2: {1}}, {}, {1: heard}) == ""


def test_what_was_deleted_in_ctclink_is_new_there_when_it_is_earned_again(cast: Cast) -> None:
    """Taken back, deleted in ctcLink, awarded again: the next worksheet must not say that something is replaced."""
    change = grading.confirm_change(change=cast.grade_change, grade="NA", by=cast.teacher)
    change = grading.approve_change(change=change, by=cast.consortium)
    (taken_back,) = actions.repost_change(change=change, by=cast.registrar)
    again = CreditAward.objects.create(
        student=cast.graduate, college=cast.cbc, college_course=taken_back.college_course, year=cast.last_year,
        course_code=taken_back.course_code, course_title=taken_back.course_title, credits=taken_back.credits,
        points="3.5", letter="B+", run=cast.run, supersedes=taken_back, previous_link="", link="again",
    )  # fmt: skip

    def due() -> list[tuple[int, str]]:
        return [(one.award_id, one.replaces) for one in rules.due_for_worksheet(cast.cbc, cast.last_year)]

    assert due() == [(again.pk, "3.8")]
    assert actions.say_removed(awards=[taken_back], by=cast.registrar) == 1
    assert due() == [(again.pk, "")]


def test_a_seat_at_another_college_settles_nothing_of_this_one(cast: Cast, client: Client) -> None:
    """Of the State, so that every award is seen, and registrar of the other college, so that its page has buttons."""
    people.make_seat(cast.state, Role.REGISTRAR, cast.wwcc)
    client.force_login(cast.state)
    own = f"{URL}?college={cast.wwcc.public_id}&year={cast.last_year.first_year}"
    for act in ("again", "removed"):
        page = client.post(own, {"act": act, "award": cast.award.link}, follow=True)
        assert page.status_code == 200
        assert "Nothing is" in page.content.decode()
        assert client.post(address(cast), {"act": act, "award": cast.award.link}).status_code == 403
    assert not PostingEvent.objects.filter(kind__in=("again", "removed")).exists()


def test_the_page_says_what_came_of_it(cast: Cast, client: Client) -> None:
    client.force_login(cast.registrar)

    def press(act: str, award: str = "") -> str:
        return client.post(address(cast), {"act": act, "award": award}, follow=True).content.decode()

    assert "0 lines fit a worksheet now." in press("match")
    assert "The credit goes into the next worksheet." in press("again", cast.award.link)
    assert "goes into the next worksheet already" in press("again", cast.award.link)
    assert "Nothing is written down" in press("removed", cast.award.link)


def test_credit_taken_back_stays_until_it_is_deleted_in_ctclink(cast: Cast, client: Client) -> None:
    change = grading.confirm_change(change=cast.grade_change, grade="NA", by=cast.teacher)
    change = grading.approve_change(change=change, by=cast.consortium)
    actions.repost_change(change=change, by=cast.registrar)
    client.force_login(cast.registrar)
    page = client.get(URL, place(cast))
    assert [(row.difference, row.grade) for row in page.context["page"]] == [("taken_back", "3.8")]
    assert "I have deleted it in ctcLink" in page.content.decode()
    assert rules.due_for_worksheet(cast.cbc, cast.last_year) == []
    link = page.context["page"][0].link
    for _ in range(2):
        client.post(address(cast), {"act": "removed", "award": link})
    assert PostingEvent.objects.filter(kind="removed").count() == 1
    assert rules.reconcile(cast.cbc, cast.last_year).rows == []
    # A credit that stands is not said to be deleted.
    assert actions.say_removed(awards=[cast.award], by=cast.registrar) == 0


def test_a_line_of_a_mistyped_term_is_seen(cast: Cast, client: Client) -> None:
    posted(cast)
    facts = {
        "college": cast.cbc, "kind": "posted", "on": timezone.localdate(), "sid": "209999999",
        "course_id": "012345", "grade": "3.8", "said_by": cast.registrar,
    }  # fmt: skip
    PostingEvent.objects.create(**facts, term="2205")
    own = rules.term_of(rules.plan_of(rules.terms_of_run(cast.cbc, cast.year)), cast.year)
    PostingEvent.objects.create(**facts, term=own)
    listed = {
        year: [one.term for one in rules.reconcile(cast.cbc, year).unmatched]
        for year in (cast.last_year, cast.year)
    }
    assert listed == {cast.last_year: ["2205"], cast.year: ["2205", own]}
    assert not rules.reconcile(cast.cbc, cast.last_year).agree


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("4", "4.0"), (" 3.0 ", "3.0"), ("3.9", "3.9"), ("3.85", "3.85"), ("a-", "A-"), ("", ""), ("85", "85"), ("P", "P")],
)  # fmt: skip
def test_a_grade_as_colleges_print_it(typed: str, kept: str) -> None:
    assert rules.tidy_grade(typed) == kept
