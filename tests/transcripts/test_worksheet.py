"""One worksheet as it was made."""

from typing import Any

from django.test import Client
from django.urls import reverse

from tests import people
from tests.people import SID, Cast
from transcripts.models import WorksheetBatch


def address(batch: WorksheetBatch) -> str:
    return reverse("transcripts:worksheet", args=[batch.public_id])


def test_rows_fingerprint_and_downloads(cast: Cast, client: Client) -> None:
    client.force_login(cast.registrar)
    text = client.get(address(cast.batch)).content.decode()
    assert SID in text
    assert cast.batch.sha256 in text
    assert "Nobody has taken it yet" in text
    client.post(reverse("transcripts:take_worksheet", args=[cast.batch.public_id]), {"form": "csv"})
    assert f"{cast.registrar.name} took it as CSV" in client.get(address(cast.batch)).content.decode()


def test_strangers_and_other_seats(cast: Cast, client: Client) -> None:
    for user, status in ((cast.other_registrar, 404), (cast.state, 200), (cast.teacher, 403)):
        client.force_login(user)
        page = client.get(address(cast.batch))
        assert page.status_code == status
        assert "Take it as CSV" not in page.content.decode()


def test_one_row_and_three_cost_the_same_queries(
    cast: Cast, client: Client, django_assert_num_queries: Any
) -> None:
    client.force_login(cast.registrar)
    client.get(address(cast.batch))
    with django_assert_num_queries(QUERIES):
        client.get(address(cast.batch))
    registrations = []
    for number in range(3):
        student = people.make_student(cast.kamiakin, f"Pat{number}")
        people.make_identity(student, cast.cbc)
        registrations.append(people.make_registration(student, cast.section, cast.agreement, percent="97"))
    run = people.make_run(cast.cbc, cast.year, cast.registrar, *registrations)
    many = people.make_batch(cast.cbc, cast.year, cast.registrar, *run.awards.all(), number=2)
    with django_assert_num_queries(QUERIES):
        assert len(client.get(address(many)).context["page"]) == 3


QUERIES = 8
