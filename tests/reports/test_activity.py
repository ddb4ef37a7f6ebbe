"""What happened lately: whom it is told, in which words, and that it stays within reach."""

from datetime import timedelta
from string import Formatter
from typing import Any

import pgtrigger
import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from accounts.access import Role
from accounts.actions import record_event
from accounts.models import Event, User
from articulations.models import Section
from reports import rules
from reports.rules.activity import LATELY, NEWS, OF_A_TOPIC, TOPICS, Topic
from tests import raw, requesting
from tests.people import Cast, make_person, make_seat
from tests.policing import PolicingClient
from tests.students.pages import text

STAFF = ("teacher", "counselor", "district", "faculty", "registrar", "consortium", "state")


def news(person: User) -> list[str]:
    return [one.words for one in rules.activity_of(person, timezone.now()).news]


def notes(person: User) -> list[str]:
    return [one.note for one in rules.activity_of(person, timezone.now()).news]


@pytest.fixture
def quiet(cast: Cast) -> Cast:
    """The cast, long after everything that built it."""
    with pgtrigger.ignore("accounts.Event:event_is_ink"):
        Event.objects.update(at=F("at") - timedelta(days=61))
    return cast


def reader_of(cast: Cast, topic: Topic) -> tuple[User, Any]:
    """Somebody of Columbia Basin who is told of a topic, and a thing it tells of."""
    for name in (*topic.roles, "colleague"):
        person: User = getattr(cast, name)
        if thing := topic.within(person).first():
            return person, thing
    raise AssertionError(f"The cast has no {topic.model.__name__}")


# --- Whom it is told ------------------------------------------------------------------------------------


def test_what_others_did_within_reach_is_told(quiet: Cast) -> None:
    record_event(by=quiet.consortium, kind="articulations.request_denied", subject=quiet.articulation_request)
    words = f"The request to articulate {quiet.articulation_request.title} was denied."
    for person in (quiet.teacher, quiet.counselor, quiet.district):
        assert news(person) == [words]
    for person in (
        quiet.consortium,  # did it
        quiet.other_teacher, quiet.other_counselor, quiet.other_district, quiet.other_consortium,
        quiet.registrar, quiet.state, quiet.nobody, quiet.former_teacher, quiet.student.user,
    ):  # fmt: skip
        assert news(person) == []


def test_it_says_who_and_when_and_leads_there(client: PolicingClient, quiet: Cast) -> None:
    record_event(by=quiet.consortium, kind="articulations.request_denied", subject=quiet.articulation_request)
    client.force_login(quiet.teacher)
    page = client.get("/").content.decode()
    assert reverse("articulations:request", args=[quiet.articulation_request.public_id]) in page
    (note,) = notes(quiet.teacher)
    assert note.startswith(f"{quiet.articulation_request.school.name}, {quiet.consortium.name}, ")
    assert '<p>More: <a href="/articulations/requests/">Requests</a></p>' in page


def test_a_student_who_did_something_is_told_as_one(quiet: Cast) -> None:
    record_event(by=quiet.graduate.user, kind="grading.change_asked", subject=quiet.grade_change)
    (note,) = notes(quiet.teacher)
    assert ", a student, " in note
    assert quiet.graduate.last_name not in note


@pytest.mark.parametrize("person", STAFF)
def test_no_home_names_a_student(client: PolicingClient, cast: Cast, person: str) -> None:
    client.force_login(getattr(cast, person))
    page = text(client.get("/"))
    for student in (cast.student, cast.classmate, cast.graduate):
        assert student.last_name not in page


def test_what_went_on_by_itself_is_told_to_who_set_it_going(quiet: Cast) -> None:
    record_event(
        by=None, kind="transcripts.run_finished", subject=quiet.run, data={"awarded": 1204, "held": 3}
    )
    words = f"Transcription of {quiet.run.year} is finished: 1,204 awarded, 3 held."
    assert news(quiet.registrar) == news(quiet.state) == [words]
    assert news(quiet.other_registrar) == news(quiet.consortium) == []
    record_event(by=quiet.consortium, kind="reports.list_made", subject=quiet.list_export, data={"rows": 7})
    assert news(quiet.consortium) == ["Your list to take away is ready: 7 rows."]
    assert news(quiet.other_consortium) == []


def test_a_hat_narrows_what_is_told(quiet: Cast) -> None:
    record_event(by=None, kind="transcripts.run_stopped", subject=quiet.other_run)
    person = quiet.many_hats
    assert news(person) == [f"Transcription of {quiet.other_run.year} was stopped."]
    again = User.objects.get(pk=person.pk)
    again.hat = person.seats.get(role=Role.TEACHER).pk  # type: ignore[attr-defined]
    assert news(again) == []


def test_only_some_of_a_topic_and_the_same_once(quiet: Cast) -> None:
    for number in range(NEWS):
        asked = requesting.begun(
            school=quiet.kamiakin, college=quiet.cbc, consortium=quiet.columbia_basin, by=quiet.teacher
        )
        for _ in range(2):
            record_event(by=None, kind="articulations.request_withdrawn", subject=asked)
        assert asked.pk, number
    record_event(by=None, kind="articulations.agreement_signed", subject=quiet.agreement_text)
    found = news(quiet.consortium)
    assert len([one for one in found if "withdrawn" in one]) == OF_A_TOPIC
    assert found[0] == f"A partner signed the agreement on {quiet.agreement_text.title}."


def test_what_is_long_ago_is_no_news(client: PolicingClient, quiet: Cast) -> None:
    assert timedelta(days=60) == LATELY
    for person in STAFF:
        assert news(getattr(quiet, person)) == []
    client.force_login(quiet.teacher)
    assert "In the last 60 days nobody else did anything" in text(client.get("/"))


# --- The sentences --------------------------------------------------------------------------------------


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: f"{topic.model.__name__}-{topic.roles[0]}")
def test_every_sentence_is_told_and_leads_somewhere(
    client: PolicingClient, quiet: Cast, topic: Topic
) -> None:
    """Each kind on a real thing, as whoever is told of it; its page answers them, and an old event without facts too."""
    reader, thing = reader_of(quiet, topic)
    client.force_login(reader)
    for kind, sentence in topic.kinds.items():
        record_event(by=None, kind=kind, subject=thing)
        found = rules.activity_of(reader, timezone.now()).news[0]
        assert found.words.startswith(sentence.split("{")[0])
        assert "{" not in found.words
        assert None not in (found.note, found.key)
        args = [found.key] if found.key else []
        assert client.get(reverse(found.url, args=args)).status_code == 200, kind


def test_every_kind_is_one_that_is_written(settings: Settings) -> None:
    """A kind nobody writes would never be told: each stands in an action."""
    written = "".join(
        path.read_text(encoding="utf-8")
        for path in settings.BASE_DIR.glob("*/actions/**/*.py")
    )  # fmt: skip
    for kind in (kind for topic in TOPICS for kind in topic.kinds):
        assert f'"{kind}"' in written or f'f"{kind.rpartition("_")[0]}_{{' in written, kind


def test_names_in_sentences_are_known() -> None:
    for topic in TOPICS:
        for sentence in topic.kinds.values():
            for _, name, _, _ in Formatter().parse(sentence):
                assert name != "where"
                assert name != "year" or topic.year
        for _, url in [topic.more] if topic.more else []:
            assert reverse(url)


# --- What it costs --------------------------------------------------------------------------------------


def test_one_query_whatever_happened(quiet: Cast) -> None:
    person = make_person(Role.CONSORTIUM, quiet.columbia_basin)
    make_seat(person, Role.REGISTRAR, quiet.cbc)
    assert person.seats.count() == 2

    def queries() -> int:
        fresh = User.objects.get(pk=person.pk)
        with CaptureQueriesContext(connection) as captured:
            rules.activity_of(fresh, timezone.now())
        return len(captured)

    assert queries() == 2  # the seats, and one for all topics
    record_event(by=None, kind="transcripts.run_started", subject=quiet.run)
    record_event(by=None, kind="articulations.agreement_signed", subject=quiet.agreement_text)
    record_event(by=None, kind="grading.change_approved", subject=quiet.grade_change)
    assert queries() == 2


def test_few_things_are_found_by_subject_and_many_by_kind(quiet: Cast) -> None:
    """Among fifty thousand events of other classes, other kinds and other days."""
    raw.run(
        """
        INSERT INTO accounts_event (at, kind, subject_type, subject_id, data)
        SELECT now() - interval '5 minutes' * n, CASE mod(n, 100) WHEN 0 THEN 'grading.roster_undone' ELSE 'grading.roster_saved' END,
               'articulations.section', 1000000 + n, '{}' FROM generate_series(1, 50000) n
        """
    )
    raw.run("ANALYZE accounts_event")
    since = timezone.now() - LATELY
    many = Event.objects.of_kinds(Section, ["grading.roster_undone"], since)
    few = Event.objects.of_kinds(Section, ["grading.roster_saved"], since).filter(
        subject_id__in=Section.objects.within_reach(quiet.teacher, Role.TEACHER).order_by().values("pk")
    )
    assert "event_by_kind" in many.explain()
    assert "event_by_subject" in few.explain()
