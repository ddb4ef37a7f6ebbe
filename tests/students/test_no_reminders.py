"""/students/reminders/<entry>/: who was reminded stops it, without an account."""

import uuid

from django.urls import reverse

from tests.people import Cast, make_entry
from tests.policing import PolicingClient
from tests.students.pages import text


def test_the_link_of_a_reminder_stops_them_when_the_button_is_pressed(
    client: PolicingClient, cast: Cast
) -> None:
    entry = make_entry(cast.section)
    here = reverse("students:no_reminders", args=[entry.public_id])
    assert "Your school says you are in the class Accounting 1" in text(client.get(here))
    entry.refresh_from_db()
    assert entry.no_reminders_at is None  # a mail reader that opens links stops nothing
    assert client.post(here).status_code == 302
    entry.refresh_from_db()
    assert entry.no_reminders_at is not None
    assert "You get no more reminders" in text(client.get(here))


def test_it_names_nobody(client: PolicingClient, cast: Cast) -> None:
    entry = make_entry(cast.section)
    content = client.get(reverse("students:no_reminders", args=[entry.public_id])).content.decode()
    assert entry.first_name not in content
    assert entry.email not in content


def test_there_is_no_other(client: PolicingClient, cast: Cast) -> None:
    assert client.get(reverse("students:no_reminders", args=[uuid.uuid4()])).status_code == 404
