"""/students/purpose/: people of the State say what they read students' records for before one is shown."""

from datetime import timedelta
from urllib.parse import quote

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from accounts.access import Role
from accounts.models import Event
from sers.lib.refusal import Refused
from students import actions
from students.models import Disclosure, StatedPurpose
from tests.people import Cast, make_person, make_seat
from tests.policing import PolicingClient
from tests.students.pages import text

URL = "/students/purpose/"
FACTS = {"purpose": "Audit of fees, 2026-27", "agreement": "Interagency agreement 26-104"}


@pytest.fixture
def auditor(client: PolicingClient, cast: Cast) -> PolicingClient:
    """A person of the State who has said nothing yet."""
    client.force_login(make_person(Role.STATE, None, username="ada.state", email="ada@example.org"))
    return client


def profile(cast: Cast) -> str:
    return f"/students/{cast.student.public_id}/"


def test_the_question_stands_before_the_first_record_and_leads_back(
    auditor: PolicingClient, cast: Cast
) -> None:
    asked = auditor.get(profile(cast))
    assert asked["Location"] == f"{URL}?next={quote(profile(cast), safe='')}"
    read = Disclosure.objects.filter(reader__username="ada.state")
    assert not read.exists()
    assert "34 CFR 99.31(a)(3)" in auditor.get(asked["Location"]).content.decode()
    assert auditor.post(asked["Location"], FACTS)["Location"] == profile(cast)
    assert auditor.get(profile(cast)).status_code == 200
    row = read.get()
    assert (row.role, row.ground, row.reason) == (
        "state", "99.31(a)(3)", "Audit of fees, 2026-27 (Interagency agreement 26-104)",
    )  # fmt: skip
    assert Event.objects.filter(kind="students.purpose_stated", actor=row.reader).count() == 1


def test_what_was_sent_leads_back_to_its_form(auditor: PolicingClient, cast: Cast) -> None:
    before = cast.student.first_name
    response = auditor.post(
        profile(cast), {"first_name": "Other"}, headers={"Referer": f"http://testserver{profile(cast)}"}
    )
    assert response["Location"] == f"{URL}?next={quote(profile(cast), safe='')}"
    cast.student.refresh_from_db()
    assert cast.student.first_name == before


def test_a_part_of_a_page_leads_the_whole_page(auditor: PolicingClient, cast: Cast) -> None:
    response = auditor.get(profile(cast), headers={"HX-Request": "true"})
    assert response["HX-Redirect"].startswith(URL)


@pytest.mark.parametrize(
    ("missing", "says"),
    [
        ("purpose", "Enter what you read students’ records for"),
        ("agreement", "Enter the written agreement that allows it"),
    ],
)
def test_both_are_asked(auditor: PolicingClient, missing: str, says: str) -> None:
    response = auditor.post(URL, FACTS | {missing: " "})
    assert response.status_code == 422
    assert says in text(response)
    assert not StatedPurpose.objects.filter(reader__username="ada.state").exists()


def test_it_holds_for_ten_hours(auditor: PolicingClient, cast: Cast) -> None:
    reader = make_person(Role.STATE, None, username="abe.state", email="abe@example.org")
    now = timezone.now()
    for ago, stands in ((timedelta(hours=9, minutes=59), True), (timedelta(hours=10, minutes=1), False)):
        stated = StatedPurpose.objects.create(
            reader=reader, **FACTS, stated_at=now - ago, until=now - ago + StatedPurpose.STANDS_FOR
        )
        assert (StatedPurpose.objects.standing(reader) == stated) is stands
        if stands:
            reader = make_person(Role.STATE, None, username="amy.state", email="amy@example.org")


def test_another_ones_purpose_is_not_mine(auditor: PolicingClient, cast: Cast) -> None:
    """`cast.state` has stated one."""
    assert StatedPurpose.objects.standing(cast.state) is not None
    assert auditor.get(profile(cast)).status_code == 302


def test_it_leads_to_no_page_of_strangers(auditor: PolicingClient) -> None:
    assert auditor.post(f"{URL}?next=https://example.org/", FACTS)["Location"] == "/"


def test_who_holds_another_seat_too_states_it_for_the_state_alone(client: PolicingClient, cast: Cast) -> None:
    """A registrar who also works for the State reads from the seat that crosses lines, and wears a hat to do less."""
    make_seat(cast.registrar, Role.STATE)
    client.force_login(cast.registrar)
    assert client.get(profile(cast)).status_code == 302


def test_others_are_not_asked(cast: Cast) -> None:
    with pytest.raises(Refused, match="Only people of the State"):
        actions.state_purpose(**FACTS, by=cast.consortium)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE students_statedpurpose SET purpose = 'Other'",
        "DELETE FROM students_statedpurpose",
        "INSERT INTO students_statedpurpose (reader_id, purpose, agreement, stated_at, until) "
        "SELECT reader_id, '', 'x', now(), now() FROM students_statedpurpose LIMIT 1",
    ],
)
def test_it_is_ink(cast: Cast, statement: str) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
