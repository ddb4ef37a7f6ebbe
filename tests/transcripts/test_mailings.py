"""Letters on paper: what is left to be mailed by when, and a mailing started."""

import datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import Job
from sers.lib.refusal import Refused
from students.models import Student
from tests import people
from tests.people import Cast
from transcripts import actions, rules
from transcripts.models import MailingItem, PaperMailing, Transcript, printable

URL = "/transcripts/mailings/"


def with_address(student: Student, postal_code: str = "99336", **facts: Any) -> Student:
    for name, value in {
        "street": "1 Elm Street", "city": "Kennewick", "state": "WA", "postal_code": postal_code, **facts,
    }.items():  # fmt: skip
        setattr(student, name, value)
    student.save()
    return student


def start(cast: Cast) -> PaperMailing:
    return actions.start_mailing(college=cast.cbc, year=cast.last_year, by=cast.registrar)


def test_the_deadline_stands_with_the_count_left(cast: Cast, client: Client) -> None:
    for student in (cast.classmate, cast.student):
        people.make_transcript(cast.run, with_address(student))
    client.force_login(cast.registrar)
    text = client.get(URL).content.decode()
    mail_by = f"September 1, {cast.last_year.first_year + 1}"
    assert mail_by in text
    assert "2 of 2" in text
    assert "Make the file" in text
    mailing = start(cast)
    assert "A file is being made" in client.get(URL).content.decode()
    PaperMailing.objects.filter(pk=mailing.pk).update(
        state="mailed", ready_at=mailing.started_at, mailed_on=mailing.mail_by, mailed_by=cast.registrar
    )
    (row,) = rules.deadlines({cast.cbc.pk}, on=datetime.date(cast.last_year.first_year + 1, 9, 2))
    assert (row.left, row.mailed, row.state) == (0, 2, ("done", "Mailed"))


@pytest.mark.parametrize(
    ("day", "state"),
    [((8, 31), ("wait", "To be mailed")), ((9, 1), ("wait", "To be mailed")), ((9, 2), ("stop", "Late"))],
)
def test_september_1_is_in_time_and_september_2_is_late(
    cast: Cast, day: tuple[int, int], state: tuple[str, str]
) -> None:
    people.make_transcript(cast.run, with_address(cast.classmate))
    (row,) = rules.deadlines({cast.cbc.pk}, on=datetime.date(cast.last_year.first_year + 1, *day))
    assert row.state == state


def test_started_by_the_button_it_sorts_by_zip_and_lists_who_is_left_out(cast: Cast, client: Client) -> None:
    people.make_transcript(cast.run, with_address(cast.classmate, "99352"))
    people.make_transcript(cast.run, with_address(cast.student, "98101"))
    people.make_transcript(cast.run, with_address(cast.below, died_on=datetime.date(2026, 1, 2)))
    people.make_transcript(cast.run, with_address(cast.owing, no_paper=True))
    people.make_transcript(cast.run, cast.gone)
    client.force_login(cast.registrar)
    answer = client.post(URL, {"college": cast.cbc.public_id, "year": cast.last_year.first_year})
    mailing = PaperMailing.objects.get(state="preparing")
    assert answer["Location"] == reverse("transcripts:mailing", args=[mailing.public_id])
    assert Job.objects.filter(task=actions.MAILING_TASK, subject_id=mailing.pk).count() == 1
    printed = mailing.items.printed().order_by("position")
    assert [item.transcript.student for item in printed] == [cast.student, cast.classmate]
    reasons = {item.transcript.student_id: item.left_out for item in mailing.items.out()}
    assert reasons == {
        cast.below.pk: "died",
        cast.owing.pk: "no_paper",
        cast.gone.pk: "no_address",
        cast.graduate.pk: "no_address",
    }


@pytest.mark.parametrize(
    ("facts", "has_letter", "reason"),
    [
        ({}, True, ""),
        ({"died_on": datetime.date(2026, 1, 1), "no_paper": True}, False, "died"),
        ({"no_paper": True, "street": ""}, True, "no_paper"),
        ({}, False, "no_letter"),
        ({"street": ""}, True, "no_address"),
        ({"city": ""}, True, "no_address"),
        ({"state": ""}, True, "no_address"),
        ({"postal_code": ""}, True, "no_address"),
    ],
)
def test_why_a_letter_is_left_out(facts: dict[str, Any], has_letter: bool, reason: str) -> None:
    whole = {"street": "1 Elm", "city": "Pasco", "state": "WA", "postal_code": "99301"}
    assert rules.why_left_out(Student(**{**whole, **facts}), has_letter=has_letter) == reason


@pytest.mark.parametrize(
    ("facts", "standing", "reason"),
    [
        ({"died_on": datetime.date(2026, 1, 1)}, "revoked", "revoked"),
        ({"no_paper": True}, "replaced", "replaced"),
        ({}, "genuine", ""),
    ],
)
def test_what_does_not_count_any_more_is_left_out_first(
    facts: dict[str, Any], standing: str, reason: str
) -> None:
    whole = {"street": "1 Elm", "city": "Pasco", "state": "WA", "postal_code": "99301"}
    assert rules.why_left_out(Student(**{**whole, **facts}), has_letter=True, standing=standing) == reason


@pytest.mark.parametrize(
    "facts",
    [
        {},
        {"died_on": datetime.date(2026, 1, 1)},
        {"no_paper": True},
        {"street": ""},
        {"city": ""},
        {"state": ""},
        {"postal_code": ""},
    ],
)
@pytest.mark.parametrize("has_letter", [True, False])
def test_the_database_and_the_rule_say_the_same_of_who_can_be_printed(
    cast: Cast, facts: dict[str, Any], has_letter: bool
) -> None:
    transcript = people.make_transcript(cast.run, with_address(cast.classmate, **facts))
    if not has_letter:
        transcript.letter.file.delete()
        transcript.letter.delete()
    by_rule = rules.why_left_out(cast.classmate, has_letter=has_letter) == ""
    assert Transcript.objects.filter(printable(), pk=transcript.pk).exists() == by_rule
    item = MailingItem.objects.create(mailing=cast.paper_mailing, transcript=transcript, position=9, part=1)
    assert cast.paper_mailing.items.changed_since().filter(pk=item.pk).exists() != by_rule


def test_a_second_mailing_waits_until_a_reason_is_gone(cast: Cast, client: Client) -> None:
    people.make_transcript(cast.run, with_address(cast.classmate))
    people.make_transcript(cast.run, cast.gone)
    mailing = start(cast)
    PaperMailing.objects.filter(pk=mailing.pk).update(
        state="mailed", ready_at=mailing.started_at, mailed_on=mailing.mail_by, mailed_by=cast.registrar
    )
    on = datetime.date(cast.last_year.first_year + 1, 8, 2)
    (row,) = rules.deadlines({cast.cbc.pk}, on=on)
    assert (row.waiting, row.left, row.mailed, row.state[1]) == (0, 0, 1, "Mailed")
    with pytest.raises(Refused, match="No letter waits"):
        start(cast)
    with_address(cast.gone, "99301")
    (row,) = rules.deadlines({cast.cbc.pk}, on=on)
    assert (row.waiting, row.left, row.mailed, row.state[1]) == (1, 1, 1, "To be mailed")
    client.force_login(cast.registrar)
    assert "Make the file" in client.get(URL).content.decode()
    assert list(start(cast).items.printed().values_list("transcript__student", flat=True)) == [cast.gone.pk]


def test_a_letter_is_printed_once_and_a_new_issue_again(cast: Cast) -> None:
    transcript = people.make_transcript(cast.run, with_address(cast.classmate))
    mailing = start(cast)
    PaperMailing.objects.filter(pk=mailing.pk).update(state="ready", ready_at=mailing.started_at)
    assert transcript not in Transcript.objects.to_be_printed(cast.cbc, cast.last_year)
    newer = people.make_transcript(cast.run, cast.classmate)
    assert newer in Transcript.objects.to_be_printed(cast.cbc, cast.last_year)
    assert list(start(cast).items.printed().values_list("transcript", flat=True)) == [newer.pk]


def test_one_is_made_at_a_time_and_none_of_nothing(cast: Cast, client: Client) -> None:
    client.force_login(cast.registrar)
    people.make_transcript(cast.run, with_address(cast.classmate))
    start(cast)
    people.make_transcript(cast.run, with_address(cast.student))
    typed = {"college": cast.cbc.public_id, "year": cast.last_year.first_year}
    page = client.post(URL, typed)
    assert page.status_code == 409
    assert "is being made" in page.content.decode()
    page = client.post(URL, {**typed, "year": cast.year.first_year})
    assert page.status_code == 409
    assert "No letter waits" in page.content.decode()


def test_the_database_prints_no_transcript_twice(cast: Cast) -> None:
    transcript = people.make_transcript(cast.run, with_address(cast.classmate))
    start(cast)
    with pytest.raises(IntegrityError, match="transcript_is_printed_once"), transaction.atomic():
        MailingItem.objects.create(mailing=cast.paper_mailing, transcript=transcript, position=9, part=1)


def test_another_college_s_are_not_started_and_the_state_starts_none(cast: Cast, client: Client) -> None:
    typed = {"college": cast.cbc.public_id, "year": cast.last_year.first_year}
    client.force_login(cast.other_registrar)
    assert client.post(URL, typed).status_code == 422
    client.force_login(cast.state)
    assert client.get(URL).status_code == 200
    assert client.post(URL, typed).status_code == 403


def test_one_and_three_cost_the_same_queries(
    cast: Cast, client: Client, django_assert_num_queries: Any
) -> None:
    client.force_login(cast.registrar)
    client.get(URL)
    with django_assert_num_queries(8):
        client.get(URL)
    for _ in range(2):
        people.make_transcript(cast.run, with_address(cast.classmate))
        people.make_mailing(cast.run, by=cast.registrar)
    with django_assert_num_queries(8):
        assert len(client.get(URL).context["page"].object_list) == 3
