"""What stops letters to a student, noted by the registrar."""

import datetime

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Event
from tests.people import Cast


def address(cast: Cast) -> str:
    return reverse("transcripts:paper_facts", args=[cast.transcript.public_id])


def test_no_paper_and_a_death_are_noted_and_taken_back(cast: Cast, client: Client) -> None:
    client.force_login(cast.registrar)
    day = timezone.localdate() - datetime.timedelta(days=3)
    typed = {"died_on_month": day.month, "died_on_day": day.day, "died_on_year": day.year, "no_paper": "on"}
    assert client.post(address(cast), typed).status_code == 302
    cast.graduate.refresh_from_db()
    assert (cast.graduate.no_paper, cast.graduate.died_on) == (True, day)
    (event,) = Event.objects.filter(kind="students.death_noted")
    assert str(day) not in str(event.data)
    assert client.post(address(cast), {}).status_code == 302
    cast.graduate.refresh_from_db()
    assert (cast.graduate.no_paper, cast.graduate.died_on) == (False, None)


def test_a_day_to_come_is_refused_and_what_was_typed_is_kept(cast: Cast, client: Client) -> None:
    client.force_login(cast.registrar)
    page = client.post(address(cast), {"died_on_month": "1", "died_on_day": "2", "died_on_year": "2990"})
    assert page.status_code == 422
    assert "in the future" in page.content.decode()
    assert 'value="2990"' in page.content.decode()


def test_the_state_notes_a_death_and_leaves_the_wish_to_others(cast: Cast, client: Client) -> None:
    client.force_login(cast.state)
    page = client.get(address(cast))
    assert "Date of death" in page.content.decode()
    assert "No letters on paper" not in page.content.decode()


@pytest.mark.parametrize(("person", "status"), [("other_registrar", 404), ("teacher", 403)])
def test_it_is_nobody_else_s(cast: Cast, client: Client, person: str, status: int) -> None:
    client.force_login(getattr(cast, person))
    assert client.get(address(cast)).status_code == status
    assert client.post(address(cast), {"no_paper": "on"}).status_code == status
