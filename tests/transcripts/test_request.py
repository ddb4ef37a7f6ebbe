"""Request transcription: what classes wait for, in plain words; asking where the college waits to be asked."""

import datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Event
from organizations.models import CollegeYear, Window
from sers.lib.refusal import Refused
from students.models import Registration, Student
from tests import people
from tests.people import Cast
from transcripts import actions, rules
from transcripts.models import RunLine, TranscriptRequest

URL = "/transcripts/request/"


@pytest.fixture
def on_request(cast: Cast) -> CollegeYear:
    """Columbia Basin College waits to be asked, until in ten days."""
    terms = CollegeYear.objects.get(college=cast.cbc, year=cast.year)
    terms.mode, terms.request_by = "on_request", timezone.localdate() + datetime.timedelta(days=10)
    terms.save()
    return terms


def sign_in(client: Client, student: Student) -> None:
    assert student.user is not None
    client.force_login(student.user)


def ask(client: Client, *registrations: Registration, **more: Any) -> Any:
    return client.post(
        URL, {"registration": [str(one.public_id) for one in registrations], "consent": "on", **more}
    )


def test_a_student_asks_after_reading_what_becomes_permanent(
    cast: Cast, client: Client, on_request: CollegeYear
) -> None:
    sign_in(client, cast.classmate)
    text = client.get(URL).content.decode()
    assert "They stay there for good" in text
    assert "college GPA" in text
    assert "Ask by" in text
    answer = ask(client, cast.classmate_registration)
    assert answer.status_code == 302
    asked = TranscriptRequest.objects.live().get(registration=cast.classmate_registration)
    assert (asked.asked_by, asked.consent_version) == (cast.classmate.user, rules.CONSENT_VERSION)
    assert Event.objects.filter(kind="transcripts.requested", subject_id=asked.pk).count() == 1
    page = client.get(URL).content.decode()
    assert "Your request is in." in page
    assert "Take the request back" in page


def test_a_class_in_progress_can_be_asked_for(cast: Cast, client: Client, on_request: CollegeYear) -> None:
    TranscriptRequest.objects.filter(pk=cast.asked.pk).update(
        withdrawn_at=timezone.now(), withdrawn_by=cast.student.user
    )
    sign_in(client, cast.student)
    assert ask(client, cast.registration).status_code == 302
    assert "You have asked. The grade comes next" in client.get(URL).content.decode()


def test_without_consent_or_class_nothing_is_asked(
    cast: Cast, client: Client, on_request: CollegeYear
) -> None:
    sign_in(client, cast.classmate)
    page = client.post(URL, {"registration": [str(cast.classmate_registration.public_id)]})
    assert page.status_code == 422
    assert "Tick that you have read what becomes permanent" in page.content.decode()
    assert " checked" in page.content.decode()  # what was ticked stays ticked
    page = client.post(URL, {"consent": "on"})
    assert "Tick at least one class" in page.content.decode()
    assert client.post(URL, {"registration": ["zz"], "consent": "on"}).status_code == 422
    assert not TranscriptRequest.objects.filter(registration=cast.classmate_registration).exists()


def test_nobody_asks_for_another(cast: Cast, client: Client, on_request: CollegeYear) -> None:
    sign_in(client, cast.owing)
    assert ask(client, cast.classmate_registration).status_code == 422
    with pytest.raises(Refused, match="their own credit"):
        actions.request_transcription(registrations=[cast.classmate_registration], by=cast.registrar)


def test_after_the_last_day_the_page_says_so(cast: Cast, client: Client, on_request: CollegeYear) -> None:
    on_request.request_by = timezone.localdate() - datetime.timedelta(days=1)
    on_request.save()
    sign_in(client, cast.classmate)
    assert "The last day to ask was" in client.get(URL).content.decode()
    answer = ask(client, cast.classmate_registration)
    assert answer.status_code == 409
    assert "No class of yours can be asked for now." in answer.content.decode()


def test_the_window_counts_too(cast: Cast, client: Client, on_request: CollegeYear) -> None:
    people.close_window(Window.Kind.REQUEST, cast.columbia_basin, cast.year)
    sign_in(client, cast.classmate)
    assert "The last day to ask was" in client.get(URL).content.decode()


def test_a_second_press_asks_once(cast: Cast, on_request: CollegeYear) -> None:
    user = cast.classmate.user
    assert user is not None
    first = actions.request_transcription(registrations=[cast.classmate_registration], by=user)
    assert actions.request_transcription(registrations=[cast.classmate_registration], by=user) == first


@pytest.mark.parametrize(
    ("who", "words"),
    [
        ("classmate", "The college awards the credit in the summer."),
        ("owing", "It waits for your form or fee."),
        ("newcomer", "No completed class waits for credit."),
        ("graduate", "No completed class waits for credit."),
    ],
)
def test_what_holds_a_credit_up_is_said_in_plain_words(
    cast: Cast, client: Client, who: str, words: str
) -> None:
    sign_in(client, getattr(cast, who))
    assert words in client.get(URL).content.decode()


def test_every_reason_has_plain_words_and_a_remedy(cast: Cast) -> None:
    for reason in rules.Reason:
        assert len(rules.in_plain_words(reason, cast.registration)) > 20
        assert rules.remedy_of(reason).who
    assert {one.value for one in RunLine.Problem} - set(rules.Reason.values) == {
        "changed",
        "elsewhere",
        "broken",
    }


def test_a_run_takes_those_who_asked_and_no_others(cast: Cast, on_request: CollegeYear) -> None:
    assert rules.forecast(cast.cbc, cast.year).classes == 0
    with pytest.raises(Refused, match="Nobody who completed"):
        actions.start_run(college=cast.cbc, year=cast.year, by=cast.registrar)
    assert cast.classmate.user is not None
    actions.request_transcription(registrations=[cast.classmate_registration], by=cast.classmate.user)
    assert rules.forecast(cast.cbc, cast.year).awarded == 1
    run = actions.start_run(college=cast.cbc, year=cast.year, by=cast.registrar)
    assert [line.registration for line in run.lines.all()] == [cast.classmate_registration]


def test_one_class_and_three_cost_the_same_queries(
    cast: Cast, client: Client, on_request: CollegeYear, django_assert_num_queries: Any
) -> None:
    sign_in(client, cast.classmate)
    client.get(URL)
    with django_assert_num_queries(QUERIES):
        client.get(URL)
    for number in range(2):
        course = people.make_high_school_course(cast.kamiakin, f"Robotics {number}")
        agreement = people.make_agreement(
            (course, people.make_college_course(cast.cbc, f"ROB {number}")), consortium=cast.columbia_basin
        )
        people.make_registration(
            cast.classmate, people.make_section(course, cast.teacher_seat), agreement, percent="97"
        )
    with django_assert_num_queries(QUERIES):
        assert len(client.get(URL).context["credit"]) == 3


QUERIES = 23
