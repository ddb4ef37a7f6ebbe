"""/transcripts/statements/<request>/: a statement, and every place that tells it from then on (34 CFR 99.21(c))."""

import warnings
from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from lxml import etree

from accounts.models import Job
from reports.actions import EXPORT_TASK, ask_for_record
from reports.tasks import make_export
from students.models import Amendment
from tests.people import Cast
from tests.policing import PolicingClient
from tests.reports.test_record import unpacked
from tests.students.amending import refused
from tests.students.pages import errors, messages, text
from tests.transcripts.test_documents import text_of
from transcripts import actions
from transcripts.actions import give_statement
from transcripts.actions.transcripts import draw_documents, transcript_rows
from transcripts.models import Transcript

SAYS = "The last project is not in the gradebook."


def address(amendment: Amendment) -> str:
    return reverse("transcripts:statement", args=[amendment.public_id])


def contested(cast: Cast) -> Amendment:
    """The graduate's grade, which credit stands on: refused by the registrar."""
    cast.graduate_registration.refresh_from_db()
    return refused(cast, cast.graduate, cast.graduate_registration)


def page_of(client: PolicingClient, name: str, key: Any, query: str = "") -> str:
    return text(client.get(reverse(name, args=[key]) + query))


def drawn(cast: Cast) -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        rows = transcript_rows(student=cast.graduate, run=cast.run, earned=())
        return text_of(
            draw_documents(transcript=Transcript.objects.get(pk=cast.transcript.pk), rows=rows).pdf
        )


def exported(cast: Cast) -> str:
    export = ask_for_record(student=cast.graduate, by=cast.graduate.user)
    make_export(Job.objects.get(task=EXPORT_TASK, subject_id=export.pk).pk)
    export.refresh_from_db()
    type(export).objects.filter(pk=export.pk).update(asked_at="2026-01-01T00:00:00Z")
    files = unpacked(export)
    return files["record.html"].decode().partition("Every table")[0]


def xml(cast: Cast) -> str:
    content = actions.export_pesc(transcript=Transcript.objects.get(pk=cast.transcript.pk), by=cast.registrar)
    return " ".join(one.text or "" for one in etree.fromstring(content).findall("NoteMessage"))


PLACES: dict[str, Callable[[PolicingClient, Cast], str]] = {
    "Registration History": lambda client, cast: page_of(client, "students:history", cast.graduate.public_id),
    "the registration": lambda client, cast: page_of(
        client, "students:registration", cast.graduate_registration.public_id
    ),
    "the roster": lambda client, cast: page_of(
        client, "grading:roster", cast.last_section.public_id, "?graded=1"
    ),
    "comments": lambda client, cast: page_of(
        client, "grading:comments", cast.graduate_registration.public_id
    ),
    "the check of a transcript": lambda client, cast: page_of(
        client, "transcripts:verify_code", cast.transcript.code
    ),
    "the transcript": lambda client, cast: drawn(cast),
    "PESC XML": lambda client, cast: xml(cast),
    "the whole record": lambda client, cast: exported(cast),
}


@pytest.mark.parametrize("place", PLACES)
def test_every_place_tells_it_and_told_nothing_before(client: PolicingClient, cast: Cast, place: str) -> None:
    client.force_login(cast.consortium)
    found = contested(cast)
    assert SAYS not in PLACES[place](client, cast)
    give_statement(amendment=found, text=SAYS, by=cast.graduate.user)
    assert SAYS in " ".join(PLACES[place](client, cast).split())


def test_the_profile_tells_what_is_stated_about_it_alone(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.consortium)
    assert SAYS not in page_of(client, "students:student", cast.graduate.public_id)
    give_statement(amendment=contested(cast), text=SAYS, by=cast.graduate.user)
    assert SAYS not in page_of(client, "students:student", cast.graduate.public_id)  # of a class
    about = "My birth date is March 10."
    give_statement(amendment=refused(cast, cast.graduate), text=about, by=cast.graduate.user)
    assert about in page_of(client, "students:student", cast.graduate.public_id)
    assert about in " ".join(drawn(cast).split())


def test_a_roster_tells_of_its_own_rows_alone(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.teacher)
    give_statement(amendment=contested(cast), text=SAYS, by=cast.graduate.user)
    assert SAYS not in page_of(client, "grading:roster", cast.section.public_id, "?graded=1")


def test_a_comments_statement_is_on_no_transcript(cast: Cast) -> None:
    found = refused(cast, cast.graduate, cast.graduate_registration, item="comment")
    give_statement(amendment=found, text=SAYS, by=cast.graduate.user)
    assert SAYS not in drawn(cast)
    assert Transcript.objects.get(pk=cast.transcript.pk).reissue_asked_at is None


def test_transcripts_that_tell_the_item_are_issued_anew(cast: Cast) -> None:
    give_statement(amendment=contested(cast), text=SAYS, by=cast.graduate.user)
    transcript = Transcript.objects.get(pk=cast.transcript.pk)
    assert transcript.reissue_reason == "It now carries your statement."
    assert Job.objects.filter(key=transcript.reissue_key).exists()


def test_given_on_its_page(client: PolicingClient, cast: Cast) -> None:
    found = contested(cast)
    client.force_login(cast.graduate.user)
    assert errors(client.post(address(found), {"text": ""})) == ["Enter the statement"]
    response = client.post(address(found), {"text": SAYS}, follow=True)
    assert messages(response) == ["The statement is in the record. It goes with it from now on."]
    assert SAYS in text(response)
    assert client.get(address(found)).status_code == 403  # once


@pytest.mark.parametrize(
    ("who", "status"), [("student", 404), ("registrar", 403), ("consortium", 403), ("teacher", 403)]
)
def test_nobody_else_gives_it(client: PolicingClient, cast: Cast, who: str, status: int) -> None:
    person = getattr(cast, who)
    client.force_login(getattr(person, "user", person))
    assert client.get(address(contested(cast))).status_code == status
