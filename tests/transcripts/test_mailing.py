"""One mailing: put together in parts, resumed where it stopped, taken, and marked as mailed."""

import datetime
import io
from typing import Any
from unittest import mock

import pikepdf
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Event, Job, Mail
from sers.lib.refusal import Refused
from tests import people
from tests.people import Cast
from tests.transcripts.reading import quiet, text_of
from tests.transcripts.test_mailings import start, with_address
from transcripts import actions
from transcripts.documents.printing import joined, sheets
from transcripts.models import MailingPart, PaperMailing


def paper(pages: int = 1, width: int = 612) -> bytes:
    """A PDF of empty pages; its width tells it from others."""
    file = io.BytesIO()
    with pikepdf.new() as out:
        for _ in range(pages):
            out.add_blank_page(page_size=(width, 792))
        out.save(file)
    return file.getvalue()


def widths(pdf: bytes) -> list[int]:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return [int(page.MediaBox[2]) for page in document.pages]


def address(mailing: PaperMailing, page: str = "mailing") -> str:
    return reverse(f"transcripts:{page}", args=[mailing.public_id])


def mailing_of(cast: Cast, count: int) -> PaperMailing:
    """A mailing of so many students, each with a letter of one page and a transcript of one."""
    for number in range(count):
        student = people.make_student(cast.kamiakin, "Sam", f"Sample{number}", user=None)
        people.make_transcript(
            cast.run, with_address(student, f"9{number:04}"), pdf=paper(width=500 + number)
        )
    return start(cast)


def work(mailing: PaperMailing) -> None:
    job = Job.objects.get(key=mailing.job_key)
    actions.make_mailing(job_id=job.pk)


def test_each_student_begins_on_a_new_sheet() -> None:
    pdf, pages = sheets([[paper(1, 501), paper(2, 502)], [paper(1, 503), paper(1, 504)]], title="Letters")
    assert pages == 6
    assert widths(pdf) == [501, 502, 502, 612, 503, 504]
    assert joined([pdf, pdf], title="Letters")[1] == 12


def test_a_worker_makes_one_file_in_the_order_of_the_zip_codes(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions.mailings, "PART", 2)
    mailing = mailing_of(cast, 5)
    assert sorted(set(mailing.items.printed().values_list("part", flat=True))) == [1, 2, 3]
    work(mailing)
    mailing.refresh_from_db()
    assert (mailing.state, mailing.pages) == ("ready", 10)
    assert widths(bytes(mailing.file.pdf)) == [500, 500, 501, 501, 502, 502, 503, 503, 504, 504]
    assert not MailingPart.objects.filter(mailing=mailing).exists()
    mail = Mail.objects.get(key=f"mailing-{mailing.pk}-ready")
    assert "5 letters are in the file, 1 are left out" in mail.text


def test_who_moved_is_written_to_at_todays_address(cast: Cast) -> None:
    """Sorted by today's ZIP code, and addressed to today's street; so is who had no full address on the day of the run."""
    moved = people.make_student(cast.kamiakin, "Mona", "Mover", user=None)
    people.make_transcript(cast.run, with_address(moved, "99336"), pdf=paper(width=500))
    with_address(moved, "98101", street="77 Pike Place", city="Seattle")
    none = people.make_student(cast.kamiakin, "Nora", "Newstreet", user=None)
    people.make_transcript(cast.run, none, pdf=paper(width=501))
    with_address(none, "99352", street="5 Jadwin Avenue", city="Richland")
    stays = people.make_student(cast.kamiakin, "Stan", "Stays", user=None)
    people.make_transcript(cast.run, with_address(stays, "99999"), pdf=paper(width=502))
    mailing = start(cast)
    with quiet():
        work(mailing)
    mailing.refresh_from_db()
    pdf = bytes(mailing.file.pdf)
    assert widths(pdf) == [612, 612, 500, 500, 612, 612, 501, 501, 502, 502]
    with pikepdf.open(io.BytesIO(pdf)) as document:
        for page, words in (
            (0, ("Mona Mover", "77 Pike Place", "Seattle, WA 98101", "Columbia Basin College")),
            (4, ("Nora Newstreet", "5 Jadwin Avenue", "Richland, WA 99352")),
        ):
            file = io.BytesIO()
            with pikepdf.new() as one:
                one.pages.append(document.pages[page])
                one.save(file)
            text = text_of(file.getvalue())
            for word in words:
                assert word in text


def test_a_worker_that_dies_leaves_its_parts_and_the_next_goes_on(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions.mailings, "PART", 2)
    mailing = mailing_of(cast, 5)
    killed = mock.patch.object(
        actions.mailings, "sheets", side_effect=[(paper(4), 4), RuntimeError("killed")]
    )
    with killed, pytest.raises(RuntimeError, match="killed"):
        work(mailing)
    assert list(MailingPart.objects.filter(mailing=mailing).values_list("number", flat=True)) == [1]
    Job.objects.filter(subject_id=mailing.pk).update(not_before=timezone.now())
    work(mailing)
    mailing.refresh_from_db()
    assert (mailing.state, mailing.pages) == ("ready", 10)
    Job.objects.filter(subject_id=mailing.pk).update(state="queued", done_at=None, not_before=timezone.now())
    work(mailing)
    assert Event.objects.filter(kind="transcripts.mailing_ready").count() == 1


def test_nobody_to_print_is_ready_without_a_file(cast: Cast, client: Client) -> None:
    people.make_transcript(cast.run, cast.gone)
    mailing = start(cast)
    work(mailing)
    mailing.refresh_from_db()
    assert (mailing.state, mailing.pages) == ("ready", 0)
    client.force_login(cast.registrar)
    assert "Download the print-ready file" not in client.get(address(mailing)).content.decode()
    assert client.post(address(mailing, "mailing_file")).status_code == 404


def test_the_page_tells_how_far_it_is_and_whom_it_leaves_out(
    cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailing = mailing_of(cast, 1)
    client.force_login(cast.registrar)
    text = client.get(address(mailing)).content.decode()
    assert "0 of 1 letters are put together." in text
    assert "<progress" in text
    assert "Grace Nakamura" in text
    assert "No full address" in text
    assert "the counselor enters the address" in text
    client.force_login(cast.state)
    assert client.get(address(mailing)).status_code == 200


def test_who_takes_the_file_is_written_down(cast: Cast, client: Client) -> None:
    client.force_login(cast.registrar)
    answer = client.post(address(cast.paper_mailing, "mailing_file"))
    assert answer.content == bytes(cast.paper_mailing.file.pdf)
    assert answer["Content-Disposition"].startswith('attachment; filename="letters-')
    assert "no-store" in answer["Cache-Control"]
    event = Event.objects.get(kind="transcripts.mailing_taken")
    assert (event.actor, event.subject_id) == (cast.registrar, cast.paper_mailing.pk)
    client.force_login(cast.other_registrar)
    assert client.post(address(cast.paper_mailing, "mailing_file")).status_code == 404


def typed(day: datetime.date) -> dict[str, Any]:
    return {"on_month": day.month, "on_day": day.day, "on_year": day.year}


def test_it_is_marked_as_mailed_once(cast: Cast, client: Client) -> None:
    client.force_login(cast.registrar)
    today = timezone.localdate()
    assert client.post(address(cast.paper_mailing, "mark_mailed"), typed(today)).status_code == 302
    cast.paper_mailing.refresh_from_db()
    assert (cast.paper_mailing.state, cast.paper_mailing.mailed_on) == ("mailed", today)
    page = client.post(address(cast.paper_mailing, "mark_mailed"), typed(today))
    assert page.status_code == 422
    assert "marked as mailed already" in page.content.decode()


@pytest.mark.parametrize("days", [-1, 1])
def test_a_day_before_it_began_or_to_come_is_refused(cast: Cast, client: Client, days: int) -> None:
    client.force_login(cast.registrar)
    day = timezone.localdate() + datetime.timedelta(days=days)
    page = client.post(address(cast.paper_mailing, "mark_mailed"), typed(day))
    assert page.status_code == 422
    assert "until today" in page.content.decode()


def test_what_is_being_made_is_not_mailed_and_nobody_else_marks_it(cast: Cast) -> None:
    mailing = mailing_of(cast, 1)
    with pytest.raises(Refused, match="not ready"):
        actions.mark_mailed(mailing=mailing, on=timezone.localdate(), by=cast.registrar)
    with pytest.raises(Refused, match="Only the registrar"):
        actions.mark_mailed(mailing=cast.paper_mailing, on=timezone.localdate(), by=cast.other_registrar)
