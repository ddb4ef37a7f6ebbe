"""College IDs that wait for a decision."""

from typing import Any

from django.test import Client
from django.urls import reverse

from tests import people
from tests.people import Cast
from transcripts import actions

URL = "/transcripts/conflicts/"


def test_the_queue_lists_what_is_not_sure(cast: Cast, client: Client) -> None:
    client.force_login(cast.registrar)
    page = client.get(URL)
    assert [(row["sid"], row["kind"], row["number"]) for row in page.context["page"]] == [
        (cast.conflict.sid, "several", 2)
    ]
    assert "Two students fit" in page.content.decode()
    assert reverse("transcripts:conflict", args=[cast.conflict.public_id]) in page.content.decode()
    assert cast.other_conflict.sid not in page.content.decode()


def test_what_is_decided_leaves_the_queue(cast: Cast, client: Client) -> None:
    actions.decide_conflict(conflict=cast.conflict, student=None, by=cast.registrar)
    client.force_login(cast.registrar)
    assert "Nothing to decide" in client.get(URL).content.decode()


def test_what_was_decided_is_listed_with_who_and_when(cast: Cast, client: Client) -> None:
    client.force_login(cast.registrar)
    assert "Nobody has decided" in client.get(URL, {"show": "decided"}).content.decode()
    other = people.make_conflict(cast.cbc, cast.applied_sheet, cast.gone, kind="name")
    actions.decide_conflict(conflict=cast.conflict, student=cast.classmate, by=cast.registrar)
    actions.decide_conflict(conflict=other, student=None, by=cast.registrar)
    page = client.get(URL, {"show": "decided"})
    assert [(row["sid"], row["decision"]) for row in page.context["page"]] == [
        (other.sid, "nobody"), (cast.conflict.sid, "matched"),
    ]  # fmt: skip
    text = page.content.decode()
    for words in ("2 decided", "It is none of them", cast.registrar.name, cast.classmate.list_name):
        assert words in text
    assert reverse("transcripts:conflict", args=[other.public_id]) in text
    client.force_login(cast.other_registrar)
    assert "Nobody has decided" in client.get(URL, {"show": "decided"}).content.decode()


def test_the_state_reads_all_and_others_nothing(cast: Cast, client: Client) -> None:
    client.force_login(cast.state)
    assert client.get(URL).context["page"].paginator.count == 2
    client.force_login(cast.consortium)
    assert client.get(URL).status_code == 403


def test_one_conflict_and_three_cost_the_same_queries(
    cast: Cast, client: Client, django_assert_num_queries: Any
) -> None:
    client.force_login(cast.registrar)
    client.get(URL)
    with django_assert_num_queries(QUERIES):
        client.get(URL)
    for kind in ("birth_date", "sid_taken", "other_sid", "name"):
        people.make_conflict(cast.cbc, cast.applied_sheet, cast.classmate, kind=kind)
    with django_assert_num_queries(QUERIES):
        assert len(client.get(URL).context["page"]) == 5


def test_one_decision_and_three_cost_the_same_queries(
    cast: Cast, client: Client, django_assert_num_queries: Any
) -> None:
    actions.decide_conflict(conflict=cast.conflict, student=cast.classmate, by=cast.registrar)
    client.force_login(cast.registrar)
    client.get(URL, {"show": "decided"})
    with django_assert_num_queries(QUERIES + 2):
        client.get(URL, {"show": "decided"})
    for student in (cast.owing, cast.gone):
        conflict = people.make_conflict(cast.cbc, cast.applied_sheet, student)
        actions.decide_conflict(conflict=conflict, student=student, by=cast.registrar)
    with django_assert_num_queries(QUERIES + 2):
        assert len(client.get(URL, {"show": "decided"}).context["page"]) == 3


QUERIES = 7
