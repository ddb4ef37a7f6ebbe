"""`manage.py who_was_exposed`: whose records an account or a session was shown, for those who tell them."""

import csv
import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from students import actions
from students.models import Disclosure
from tests.people import Cast
from tests.policing import PolicingClient

What = Disclosure.What


def listed(**options: Any) -> tuple[list[dict[str, str]], str]:
    out, err = io.StringIO(), io.StringIO()
    call_command("who_was_exposed", stdout=out, stderr=err, **options)
    return list(csv.DictReader(io.StringIO(out.getvalue()))), err.getvalue().strip()


def test_pages_somebody_opened_are_listed_with_what_why_and_how_to_write(
    cast: Cast, client: PolicingClient
) -> None:
    client.force_login(cast.district)
    client.get(reverse("students:student", args=[cast.student.public_id]))
    client.get(reverse("students:history", args=[cast.student.public_id]))
    client.get(reverse("students:student", args=[cast.classmate.public_id]))
    rows, count = listed(user="DORA.district")
    assert count == "2 students, 3 readings."
    assert [(row["CTE Dual Credit ID"], row["what was shown"]) for row in rows] == [
        (cast.student.sers_id, "Your name, contact and school"),
        (cast.student.sers_id, "Your list of classes"),
        (cast.classmate.sers_id, "Your name, contact and school"),
    ]
    first = rows[0]
    assert first["student"] == "Vega, Marisol"
    assert first["account"] == "dora.district"
    assert first["seat"] == "District User, Kennewick School District"
    assert first["ground"] == "99.31(a)(1)(i)(A)"
    assert first["e-mail"] == cast.student.email
    assert first["when (Pacific)"][:10] == timezone.localdate().isoformat()
    assert listed(user="tess.teacher") == ([], "0 students, 0 readings.")


def test_a_session_is_found_by_its_key_or_its_fingerprint(cast: Cast) -> None:
    for session in ("stolen", "own"):
        actions.disclose(students=[cast.student], what=What.PROFILE, by=cast.district, session=session)
    actions.disclose(students=[cast.below], what=What.PROFILE, by=cast.district, session="stolen")
    for given in ("stolen", actions.session_mark("stolen")):
        rows, count = listed(session=given)
        assert count == "2 students, 2 readings."
        assert {row["session"] for row in rows} == {actions.session_mark("stolen")}
    assert listed(session="stolen", user="rita.registrar")[1] == "0 students, 0 readings."


def test_what_was_refused_exposed_nobody(cast: Cast) -> None:
    actions.disclose(
        students=[cast.student], what=What.OPENED, by=cast.other_district, refused=True, beyond=True
    )
    assert listed(user="dmitri.district")[1] == "0 students, 0 readings."


@pytest.mark.parametrize(
    ("since", "until", "found"),
    [
        ("", "", 3),
        ("2026-03-08", "", 3),
        (
            "2026-03-08 03:30",
            "",
            2,
        ),  # the hour that is left out in spring: 01:30 is 9:30 UTC, 03:30 is 10:30 UTC
        ("2026-03-09", "", 1),
        ("", "2026-03-08", 2),
        ("", "2026-03-08 01:30", 1),
        ("2026-03-08", "2026-03-08", 2),
        ("2026-03-08T10:30:00+00:00", "2026-03-08T10:30:00+00:00", 1),
        ("2026-03-10", "2026-03-11", 0),
    ],
)
def test_from_and_to_are_pacific_time_and_include_their_edges(
    cast: Cast, since: str, until: str, found: int
) -> None:
    moments = (
        datetime(2026, 3, 8, 9, 30, tzinfo=UTC),
        datetime(2026, 3, 8, 10, 30, tzinfo=UTC),
        datetime(2026, 3, 9, 7, 0, tzinfo=UTC),
    )
    for number, moment in enumerate(moments):
        Disclosure.objects.create(
            student=cast.student, reader=cast.state, role="state", what="profile", ground="99.31(a)(3)", crosses=True,
            at=moment, session=str(number),
        )  # fmt: skip
    assert len(listed(user="stella.state", since=since, until=until)[0]) == found


def test_a_name_that_begins_a_formula_is_made_safe(cast: Cast) -> None:
    cast.student.first_name, cast.student.last_name = "Marisol", "=2+3"
    cast.student.save()
    assert listed(user="rita.registrar")[0][0]["student"] == "'=2+3, Marisol"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, "Name the account with --user, the session with --session, or both."),
        ({"user": "who.knows"}, "No account has the user name 'who.knows'."),
        ({"user": "tess.teacher", "since": "June"}, '--from reads "June". Write it like 2026-11-20'),
        ({"user": "tess.teacher", "until": "2026-02-30"}, '--to reads "2026-02-30". Write it like'),
        ({"user": "tess.teacher", "since": "2026-03-02", "until": "2026-03-01"}, "--to lies before --from."),
    ],
)
def test_what_it_cannot_read_is_refused_in_one_line(cast: Cast, options: dict[str, str], words: str) -> None:
    with pytest.raises(CommandError) as refused:
        listed(**options)
    assert words in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("number", [1, 3])
def test_one_statement_however_many(cast: Cast, number: int, django_assert_num_queries: Any) -> None:
    for session in range(number):
        actions.disclose(students=[cast.student], what=What.RUN, by=cast.state, session=str(session))
    with django_assert_num_queries(2):  # the account, the rows
        assert len(listed(user="stella.state")[0]) == number


def test_it_changes_nothing_and_opens_nothing(cast: Cast) -> None:
    before = Disclosure.objects.count()
    rows, _ = listed(user="rita.registrar", since=(timezone.localdate() - timedelta(days=1)).isoformat())
    assert len(rows) == 1
    assert Disclosure.objects.count() == before
