"""/transcripts/statements/<request>/: a statement, and every place that tells it from then on (34 CFR 99.21(c))."""

import warnings
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from lxml import etree

from accounts.models import Job
from reports.actions import EXPORT_TASK, ask_for_record
from reports.tasks import make_export
from students.actions import ask_to_amend, decide_amendment
from students.models import Amendment, Registration
from tests.people import Cast, make_registration
from tests.policing import PolicingClient
from tests.reports.test_lists import content_of, made
from tests.reports.test_record import unpacked
from tests.students.amending import WRONG, refused
from tests.students.pages import errors, messages, text
from tests.transcripts.test_documents import text_of
from tests.transcripts.test_transcription import work
from transcripts import actions
from transcripts.actions import give_statement
from transcripts.actions.transcripts import draw_documents, transcript_rows
from transcripts.models import Transcript, TranscriptFile

SAYS = "The last project is not in the gradebook."


def address(amendment: Amendment) -> str:
    return reverse("transcripts:statement", args=[amendment.public_id])


def contested(cast: Cast) -> Amendment:
    """The graduate's grade, which credit stands on: refused by the registrar."""
    cast.graduate_registration.refresh_from_db()
    return refused(cast, cast.graduate, cast.graduate_registration)


def page_of(client: PolicingClient, name: str, key: Any, query: str = "") -> str:
    return text(client.get(reverse(name, args=[key]) + query))


def drawn(cast: Cast, awarding: Sequence[int] = ()) -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        rows = transcript_rows(student=cast.graduate, run=cast.run, earned=())
        transcript = Transcript.objects.get(pk=cast.transcript.pk)
        return text_of(draw_documents(transcript=transcript, rows=rows, awarding=awarding).pdf)


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


def listed(cast: Cast, kind: str) -> str:
    """A list as the consortium takes it."""
    return content_of(made(cast.consortium, kind)).decode()


PLACES: dict[str, Callable[[PolicingClient, Cast], str]] = {
    "Registration History": lambda client, cast: page_of(client, "students:history", cast.graduate.public_id),
    "the registration": lambda client, cast: page_of(
        client, "students:registration", cast.graduate_registration.public_id
    ),
    "the roster": lambda client, cast: page_of(
        client, "grading:roster", cast.last_section.public_id, "?graded=1"
    ),
    "the verification sheet": lambda client, cast: page_of(
        client, "grading:verification", cast.last_section.public_id
    ),
    "a Grade Change": lambda client, cast: page_of(client, "grading:change", cast.grade_change.public_id),
    "the list of registrations": lambda client, cast: listed(cast, "registrations"),
    "the list of grades": lambda client, cast: listed(cast, "grades"),
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


@pytest.mark.parametrize("field", Amendment.FIELDS)
def test_of_the_profile_a_transcript_tells_statements_about_what_it_prints(cast: Cast, field: str) -> None:
    """Neither former names nor the grade level stand on it: a statement about them would tell what nobody asked."""
    give_statement(amendment=refused(cast, cast.graduate, field=field), text=SAYS, by=cast.graduate.user)
    printed = field not in ("former_names", "grade_level")
    assert (SAYS in " ".join(drawn(cast).split())) is printed
    assert (SAYS in xml(cast)) is printed
    assert bool(Transcript.objects.get(pk=cast.transcript.pk).reissue_asked_at) is printed


def test_the_check_tells_nothing_of_former_names(client: PolicingClient, cast: Cast) -> None:
    give_statement(
        amendment=refused(cast, cast.graduate, field="former_names"), text=SAYS, by=cast.graduate.user
    )
    client.logout()
    assert SAYS not in PLACES["the check of a transcript"](client, cast)


def test_a_class_without_credit_is_on_no_transcript(client: PolicingClient, cast: Cast) -> None:
    """Completed this year and not awarded yet; with its award the statement comes."""
    later = make_registration(
        cast.graduate, cast.colleague_section, cast.welding_agreement,
        status=Registration.Status.COMPLETED, percent="97", by=cast.colleague,
    )  # fmt: skip
    give_statement(amendment=refused(cast, cast.graduate, later), text=SAYS, by=cast.graduate.user)
    assert Transcript.objects.get(pk=cast.transcript.pk).reissue_asked_at is None
    assert SAYS not in drawn(cast)
    assert SAYS not in xml(cast)
    assert SAYS in " ".join(drawn(cast, awarding=[later.pk]).split())  # the run that awards it
    Registration.objects.filter(pk=later.pk).update(awarded_at=timezone.now())
    assert SAYS in " ".join(drawn(cast).split())
    for place in ("the check of a transcript", "PESC XML"):  # of the one issued before it
        assert SAYS not in PLACES[place](client, cast)


def test_a_run_prints_the_statement_about_a_class_it_awards(cast: Cast) -> None:
    give_statement(
        amendment=refused(cast, cast.classmate, cast.classmate_registration),
        text=SAYS, by=cast.classmate.user,
    )  # fmt: skip
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        run = actions.start_run(college=cast.cbc, year=cast.year, by=cast.registrar)
        work(run)
    made = Transcript.objects.get(run=run, student=cast.classmate)
    assert SAYS in " ".join(text_of(bytes(TranscriptFile.objects.get(transcript=made).pdf)).split())


def test_the_check_of_an_older_paper_tells_the_statement_as_added_since(
    client: PolicingClient, cast: Cast
) -> None:
    """The paper says nothing of it, and was not changed."""
    found = give_statement(amendment=contested(cast), text=SAYS, by=cast.graduate.user)
    client.logout()
    response = client.get(reverse("transcripts:verify_code", args=[cast.transcript.code]))
    assert (response.context["printed"], response.context["added"]) == ([], [found])
    assert "Added on" in text(response)
    Transcript.objects.filter(pk=cast.transcript.pk).update(issued_at=timezone.now())  # as issued anew
    response = client.get(reverse("transcripts:verify_code", args=[cast.transcript.code]))
    assert (response.context["printed"], response.context["added"]) == ([found], [])
    assert "Added on" not in text(response)
    response = client.get(reverse("transcripts:verify_code", args=[cast.transcript.letter.code]))
    assert (response.context["printed"], response.context["added"]) == ([], [found])
    assert "Statement that the letter does not tell" in text(response)


def test_a_parents_statement_is_told_as_a_parents(cast: Cast) -> None:
    """On the paper under a heading that names nobody, and to the student as what it is."""
    cast.graduate.birth_date = timezone.localdate() - timedelta(days=16 * 366)
    cast.graduate.save()
    letter = {"asker": "guardian", "asker_name": "Rosa Vega", "identity": "Seen"}
    found = ask_to_amend(
        student=cast.graduate, item="profile", field="school", by=cast.district, **WRONG, **letter
    )
    found = decide_amendment(amendment=found, amended=False, words="No.", by=cast.district)
    give_statement(amendment=found, text=SAYS, by=cast.district)
    paper = " ".join(drawn(cast).split())
    assert "Statement about a contested item" in paper
    assert f"{SAYS} (Rosa Vega," in paper
    reason = Transcript.objects.get(pk=cast.transcript.pk).reissue_reason
    assert reason == "It now carries the statement of your parent or guardian."


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
