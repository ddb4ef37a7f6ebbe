"""What leaves SERS as a file: by the registrar of the college alone, and in the log of each record."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.access import Role
from accounts.models import User
from sers.lib.refusal import Refused
from students.models import Disclosure, Student
from tests import people
from tests.people import Cast
from transcripts import actions
from transcripts.documents.pesc import Acknowledgment
from transcripts.documents.transcript import TranscriptRow, grade_point_average
from transcripts.models import CreditAward


def read_by(user: User, student: Student) -> set[str]:
    return set(Disclosure.objects.filter(reader=user, student=student).values_list("what", flat=True))


#: Where a registrar takes a file with somebody's record away, or is shown one beside.
HANDED_OUT: dict[str, Callable[[Cast, Client], Any]] = {
    "one as XML": lambda cast, client: client.post(
        reverse("transcripts:pesc", args=[cast.transcript.public_id])
    ),
    "a run as XML": lambda cast, client: client.post(
        reverse("transcripts:pesc_batch", args=[cast.run.public_id])
    ),
    "a letter as an example": lambda cast, client: client.get(
        reverse("transcripts:wording", args=[cast.cbc.public_id])
    ),
}


@pytest.mark.parametrize("what", HANDED_OUT)
def test_what_is_handed_out_stands_in_the_log_of_the_record(cast: Cast, client: Client, what: str) -> None:
    client.force_login(cast.registrar)
    assert read_by(cast.registrar, cast.graduate) == set()
    assert HANDED_OUT[what](cast, client).status_code == 200
    assert read_by(cast.registrar, cast.graduate) == {"transcript"}


def test_a_worksheet_stands_in_the_logs_of_those_it_holds(cast: Cast, client: Client) -> None:
    client.force_login(cast.registrar)
    for form in ("csv", "xlsx"):
        page = client.post(reverse("transcripts:take_worksheet", args=[cast.batch.public_id]), {"form": form})
        assert page.status_code == 200
        assert read_by(cast.registrar, cast.graduate) == {"run"}
    # The act writes it, not the page: whoever asks for the file another way leaves the same line.
    people.make_seat(cast.other_registrar, Role.REGISTRAR, cast.cbc)
    other = User.objects.get(pk=cast.other_registrar.pk)
    actions.take_worksheet(batch=cast.batch, form="csv", by=other)
    assert read_by(other, cast.graduate) == {"run"}


def test_the_file_for_the_printer_stands_in_the_logs_of_those_it_holds(cast: Cast, client: Client) -> None:
    student = people.make_student(cast.kamiakin, "Sam", "Sample", user=None)
    Student.objects.filter(pk=student.pk).update(
        street="1 Main Street", city="Kennewick", state="WA", postal_code="99336"
    )
    student.refresh_from_db()
    people.make_transcript(cast.run, student)
    mailing = people.make_mailing(cast.run, by=cast.registrar)
    client.force_login(cast.registrar)
    assert client.post(reverse("transcripts:mailing_file", args=[mailing.public_id])).status_code == 200
    assert read_by(cast.registrar, student) == {"transcript"}
    assert read_by(cast.registrar, cast.graduate) == set()  # no address: left out


def test_a_sheet_shows_whom_it_found(cast: Cast, client: Client) -> None:
    client.force_login(cast.registrar)
    one = cast.classmate
    text = (
        f"SID,Last name,First name,Birth date\n209999998,{one.last_name},{one.first_name},{one.birth_date}\n"
    )
    sheet = people.make_sheet(cast.cbc, cast.registrar, text)
    page = client.get(reverse("transcripts:sheet", args=[sheet.public_id]))
    shown = {one for row in page.context["page"] for one in row.students}
    assert shown
    assert all(read_by(cast.registrar, one) == {"run"} for one in shown)


def test_a_seat_elsewhere_hands_out_nothing_here(cast: Cast) -> None:
    """Of the State and registrar of the other college: sees everything, and takes nothing of this one."""
    people.make_seat(cast.state, Role.REGISTRAR, cast.wwcc)
    both = User.objects.get(pk=cast.state.pk)
    batch = cast.batch
    for act in (
        lambda: actions.export_pesc(transcript=cast.transcript, by=both),
        lambda: actions.export_pesc_of_run(run=cast.run, by=both),
        lambda: actions.acknowledge(
            transcript=cast.transcript,
            acknowledgment=Acknowledgment(cast.transcript.code, "", None, []),
            by=both,
        ),
        lambda: actions.take_worksheet(batch=batch, form="csv", by=both),
        lambda: actions.note_file_taken(mailing=cast.paper_mailing, by=both),
    ):
        with pytest.raises(Refused, match="Only the registrar"):
            act()


def test_what_does_not_count_is_not_exported(cast: Cast) -> None:
    def refused() -> str:
        with pytest.raises(Refused) as caught:
            actions.export_pesc(transcript=cast.transcript, by=cast.registrar)
        return caught.value.refusal.rule

    Student.objects.filter(pk=cast.graduate.pk).update(last_name="Corrected")
    cast.transcript.student.refresh_from_db()
    assert refused() == "other_name"
    with pytest.raises(Refused, match="name was corrected"):
        actions.export_pesc_of_run(run=cast.run, by=cast.registrar)
    actions.revoke_transcript(
        transcript=cast.transcript, reason="Sent to the wrong address.", by=cast.registrar
    )
    cast.transcript.refresh_from_db()
    assert refused() == "revoked"


def test_the_average_is_one_on_paper_and_in_xml() -> None:
    """10 credits of 3.9 and 5 of 3.8 are 3.866...: cut off, not rounded, whatever the document."""
    rows = [
        TranscriptRow("2025-26", "A 1", "One", "", Decimal(credits), "", Decimal(points))
        for credits, points in (("10", "3.9"), ("5", "3.8"))
    ]
    awards = [CreditAward(credits=row.credits, points=row.points) for row in rows]
    found = grade_point_average(rows)
    assert found is not None
    assert (found.value, found.quality) == (Decimal("3.86"), Decimal("58.0"))
    assert grade_point_average(awards) == found
    assert grade_point_average([*awards, CreditAward(credits=Decimal(5), points=None)]) is None
    assert grade_point_average([]) is None
