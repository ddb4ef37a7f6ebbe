"""The ledger recomputed: whatever is done to an award behind the trigger's back shows, and where."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from students.models import Registration, Student
from tests import people
from tests.people import Cast
from transcripts import rules
from transcripts.models import CreditAward, TranscriptionRun


@pytest.fixture
def run(cast: Cast) -> TranscriptionRun:
    """Three awards, chained."""
    registrations = [
        people.make_registration(
            people.make_student(cast.kamiakin), cast.section, cast.agreement, percent="97"
        )
        for _ in range(3)
    ]
    made = people.make_run(cast.cbc, cast.year, cast.registrar, *registrations)
    made.refresh_from_db()
    return made


def behind_the_trigger(sql: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in ("creditaward", "awardsource"):
            cursor.execute(f"ALTER TABLE transcripts_{table} DISABLE TRIGGER ALL")
        cursor.execute(sql, values)


TAMPERING: dict[str, tuple[Callable[[list[CreditAward]], tuple[Any, ...]], int, str]] = {
    "a grade changed": (
        lambda found: ("UPDATE transcripts_creditaward SET letter = 'C' WHERE id = %s", found[1].pk),
        1,
        "not say what was written",
    ),
    "another student": (
        lambda found: (
            "UPDATE transcripts_creditaward SET student_id = %s WHERE id = %s",
            Student.objects.filter(awards=None).order_by("id").values_list("pk", flat=True)[0], found[1].pk,
        ),
        1,
        "not say what was written",
    ),
    "one taken out": (
        lambda found: (
            "DELETE FROM transcripts_awardsource WHERE award_id = %s; DELETE FROM transcripts_creditaward WHERE id = %s",
            found[1].pk, found[1].pk,
        ),
        1,
        "An award before it is missing",
    ),
    "the last one taken out": (
        lambda found: (
            "DELETE FROM transcripts_awardsource WHERE award_id = %s; DELETE FROM transcripts_creditaward WHERE id = %s",
            found[2].pk, found[2].pk,
        ),
        2,
        "The last award of the run is missing",
    ),
    "another class": (
        lambda found: (
            "UPDATE transcripts_awardsource SET registration_id = %s WHERE award_id = %s",
            Registration.objects.filter(award_sources=None).order_by("id").values_list("pk", flat=True)[0], found[0].pk,
        ),
        0,
        "not say what was written",
    ),
}  # fmt: skip


def test_a_ledger_that_stands(cast: Cast, client: Client, run: TranscriptionRun) -> None:
    checked = rules.check_ledger(run)
    assert (checked.links, checked.holds) == (3, True)
    client.force_login(cast.registrar)
    text = client.get(reverse("transcripts:ledger", args=[run.public_id])).content.decode()
    assert "The ledger holds" in text
    out = io.StringIO()
    call_command("verify_ledger", stdout=out)
    assert "3 runs, 5 links hold, 0 broken" in out.getvalue()


@pytest.mark.parametrize("what", TAMPERING)
def test_the_first_broken_link_is_named(cast: Cast, client: Client, run: TranscriptionRun, what: str) -> None:
    attack, links, words = TAMPERING[what]
    behind_the_trigger(*attack(list(CreditAward.objects.filter(run=run).order_by("id"))))
    checked = rules.check_ledger(run)
    assert (checked.links, checked.holds) == (links, False)
    assert words in checked.wrong
    client.force_login(cast.registrar)
    text = client.get(reverse("transcripts:ledger", args=[run.public_id])).content.decode()
    assert "The ledger is broken" in text
    assert words in text
    out = io.StringIO()
    with pytest.raises(SystemExit):
        call_command("verify_ledger", str(run.public_id), stdout=out)
    assert f"BROKEN {run.public_id}" in out.getvalue()


def test_strangers_and_other_seats(cast: Cast, client: Client) -> None:
    for user, status in ((cast.state, 200), (cast.other_registrar, 404), (cast.consortium, 403)):
        client.force_login(user)
        assert client.get(reverse("transcripts:ledger", args=[cast.run.public_id])).status_code == status
