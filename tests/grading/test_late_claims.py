"""/grading/late-claims/: the queue of late claims."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from students.actions import ask_about_claim, refuse_claim
from tests.people import Cast, make_claim, make_student
from tests.policing import PolicingClient
from tests.students.claiming import claimed
from tests.students.pages import text

HERE = reverse("grading:late_claims")


def test_the_consortium_sees_what_waits(client: PolicingClient, cast: Cast) -> None:
    claim = claimed(cast)
    client.force_login(cast.consortium)
    words = text(client.get(HERE))
    assert "Waiting for you: 1 Waiting for the student: 0 Decided: 1" in words
    assert "Accounting 1, 2025-26" in words or f"Accounting 1, {cast.last_year}" in words
    ask_about_claim(claim=claim, text="Which period?", by=cast.consortium)
    assert "Waiting for you: 0 Waiting for the student: 1" in text(client.get(HERE))
    refuse_claim(claim=claim, ground="other", reason="No.", by=cast.consortium)
    assert "Refused" in text(client.get(f"{HERE}?show=decided"))
    assert "No late claim waits." in text(client.get(HERE))


def test_home_counts_them(client: PolicingClient, cast: Cast) -> None:
    claimed(cast)
    client.force_login(cast.consortium)
    assert "1 late claim waits for you." in text(client.get("/"))


@pytest.mark.parametrize(
    ("words", "found"), [("Ngozi", True), ("Marisol", False), ("reference", True), ("L-NOTHING", False)]
)
def test_found_by_name_or_reference(client: PolicingClient, cast: Cast, words: str, found: bool) -> None:
    claim = claimed(cast)
    client.force_login(cast.consortium)
    client.post(HERE, {"words": claim.reference if words == "reference" else words})
    page = text(client.get(HERE))
    assert (cast.newcomer.sers_id in page) is found
    client.post(HERE, {"words": cast.newcomer.sers_id})
    assert cast.newcomer.sers_id in text(client.get(HERE))


@pytest.mark.parametrize(
    ("person", "sees"),
    [("registrar", True), ("state", True), ("other_consortium", False), ("other_registrar", False)],
)
def test_others_read_their_reach(client: PolicingClient, cast: Cast, person: str, sees: bool) -> None:
    claimed(cast)
    client.force_login(getattr(cast, person))
    assert (cast.newcomer.sers_id in text(client.get(HERE))) is sees


@pytest.mark.parametrize("person", ["teacher", "counselor", "district", "newcomer"])
def test_it_is_not_for_schools(client: PolicingClient, cast: Cast, person: str) -> None:
    who = getattr(cast, person)
    client.force_login(getattr(who, "user", who))
    assert client.get(HERE).status_code == 403


def test_it_costs_the_same_for_one_claim_and_three(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.consortium)

    def queries() -> int:
        client.get(HERE)
        with CaptureQueriesContext(connection) as caught:
            assert client.get(HERE).status_code == 200
        return len(caught)

    make_claim(make_student(cast.kamiakin), cast.agreement, cast.last_year)
    first = queries()
    for _ in range(2):
        make_claim(make_student(cast.kamiakin), cast.agreement, cast.last_year)
    assert (first, queries()) == (6, 6)


def test_the_queue_goes_by_an_index(cast: Cast) -> None:
    from students.models import LateClaim

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        sql, parameters = LateClaim.objects.standing("asked").oldest_first().query.sql_with_params()
        cursor.execute(f"EXPLAIN {sql}", parameters)
        assert "late_claim_by_state" in "\n".join(row[0] for row in cursor.fetchall())
