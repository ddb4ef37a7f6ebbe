"""The student's own credit and transcripts."""

from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests import people
from tests.people import Cast
from transcripts.models import Transcript

URL = "/transcripts/mine/"


def test_credit_transcript_code_and_download(cast: Cast, client: Client) -> None:
    assert cast.graduate.user is not None
    client.force_login(cast.graduate.user)
    page = client.get(URL)
    text = page.content.decode()
    assert page.status_code == 200
    (one,) = page.context["colleges"]
    assert (one.college, one.credits, len(one.awards), len(one.transcripts)) == (cast.cbc, 5, 1, 1)
    for word in (
        "ACCT&amp; 201",
        "Accounting 1, Kamiakin High School",
        "3.8 A",
        "Current",
        cast.transcript.code_in_groups,
    ):
        assert word in text
    assert reverse("transcripts:transcript", args=[cast.transcript.public_id]) in text
    assert cast.other_transcript.code_in_groups not in text


def test_the_current_transcript_is_told_from_a_replaced_and_a_revoked_one(cast: Cast, client: Client) -> None:
    assert cast.graduate.user is not None
    run = people.make_run(cast.cbc, cast.year, cast.registrar)
    newer = people.make_transcript(run, cast.graduate)
    client.force_login(cast.graduate.user)
    (one,) = client.get(URL).context["colleges"]
    assert [(item.pk, item.is_current) for item in one.transcripts] == [
        (newer.pk, True),
        (cast.transcript.pk, False),
    ]
    text = client.get(URL).content.decode()
    assert text.count("Replaced by a newer one") == 1
    Transcript.objects.filter(pk=newer.pk).update(
        revoked_at=timezone.now(), revoked_by=cast.registrar, revoked_reason="The wrong student."
    )
    assert "Revoked" in client.get(URL).content.decode()


def test_a_student_without_credit_reads_what_will_be_here(cast: Cast, client: Client) -> None:
    assert cast.newcomer.user is not None
    client.force_login(cast.newcomer.user)
    text = client.get(URL).content.decode()
    assert "No college credit yet" in text
    assert reverse("students:my_classes") in text


def test_staff_have_no_such_page(cast: Cast, client: Client) -> None:
    for person in (cast.teacher, cast.registrar, cast.state, cast.nobody):
        client.force_login(person)
        assert client.get(URL).status_code == 403


def test_one_award_and_three_cost_the_same_queries(
    cast: Cast, client: Client, django_assert_num_queries: Any
) -> None:
    assert cast.graduate.user is not None
    client.force_login(cast.graduate.user)
    client.get(URL)
    with django_assert_num_queries(11):
        client.get(URL)
    for title, code in (("Robotics", "ROB 110"), ("Nursing", "NUR 101")):
        course = people.make_high_school_course(cast.kamiakin, title)
        agreement = people.make_agreement(
            (course, people.make_college_course(cast.cbc, code)), consortium=cast.columbia_basin
        )
        earned = people.make_registration(
            cast.graduate,
            people.make_section(course, cast.teacher_seat),
            agreement,
            percent="90",
            by=cast.teacher,
        )
        people.make_run(cast.cbc, people.make_year(2000 + len(title)), cast.registrar, earned)
    with django_assert_num_queries(11):
        (one,) = client.get(URL).context["colleges"]
    assert (len(one.awards), len(one.transcripts)) == (3, 3)
