"""What a code opens: real, replaced, revoked, or nothing."""

import re
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests import people
from tests.people import Cast
from transcripts.models import CreditAward, Transcript


def address(code: str) -> str:
    return reverse("transcripts:verify_code", args=[code])


def test_a_real_transcript_says_what_it_must_say(cast: Cast, client: Client) -> None:
    page = client.get(address(cast.transcript.code))
    text = page.content.decode()
    assert page.status_code == 200
    for words in (
        "This transcript is real", "Grace Nakamura", "Columbia Basin College", "ACCT&amp; 201", "3.8 A",
        cast.transcript.code_in_groups,
    ):  # fmt: skip
        assert words in text
    assert cast.graduate.sers_id not in text
    assert page["X-Robots-Tag"] == "noindex, nofollow"
    assert "no-store" in page["Cache-Control"]


def test_any_spelling_of_the_code_opens_it(cast: Cast, client: Client) -> None:
    assert client.get(address(cast.transcript.code_in_groups.lower())).status_code == 200


def test_a_replaced_one_says_so_and_shows_what_stood_on_its_day(cast: Cast, client: Client) -> None:
    welded = people.make_registration(
        cast.graduate, cast.colleague_section, cast.welding_agreement, percent="90", by=cast.colleague
    )
    run = people.make_run(cast.cbc, cast.year, cast.registrar, welded)
    newer = run.transcripts.get()
    page = client.get(address(cast.transcript.code))
    assert "A newer transcript replaces this one" in page.content.decode()
    assert [award.course_code for award in page.context["awards"]] == ["ACCT& 201"]
    page = client.get(address(newer.code))
    assert "This transcript is real" in page.content.decode()
    assert [award.course_code for award in page.context["awards"]] == ["ACCT& 201", "WLD 110"]


def test_a_correction_changes_what_the_newer_one_must_say_only(cast: Cast, client: Client) -> None:
    old = cast.award
    now = timezone.now()
    CreditAward.objects.create(
        student=old.student, college=old.college, college_course=old.college_course, year=old.year,
        course_code=old.course_code, course_title=old.course_title, credits=old.credits,
        points=Decimal("3.0"), letter="B", run=None, supersedes=old, awarded_at=now,
        previous_link="0" * 64, link="1" * 64,
    )  # fmt: skip
    (award,) = client.get(address(cast.transcript.code)).context["awards"]
    assert award.college_grade == "3.8 A"


def test_a_corrected_name_does_not_make_the_paper_look_changed(cast: Cast, client: Client) -> None:
    cast.graduate.last_name = "Nakamura-Reyes"
    cast.graduate.save()
    text = client.get(address(cast.transcript.code)).content.decode()
    assert "Grace Nakamura" in text
    assert "Nakamura-Reyes" not in text


def test_a_revoked_one_says_so(cast: Cast, client: Client) -> None:
    Transcript.objects.filter(pk=cast.transcript.pk).update(
        revoked_at=timezone.now(), revoked_by=cast.registrar, revoked_reason="The wrong student."
    )
    text = client.get(address(cast.transcript.code)).content.decode()
    assert "This transcript is revoked" in text
    assert "This transcript is real" not in text


@pytest.mark.parametrize("code", ["0" * 26, "nonsense", "x" * 3000, "%00", "<script>", "7KQ2M-9D4WX"])
def test_a_code_nobody_has_is_not_found(cast: Cast, client: Client, code: str) -> None:
    page = client.get(address(code))
    assert page.status_code == 404
    assert "No transcript has this code" in page.content.decode()
    assert page["X-Robots-Tag"] == "noindex, nofollow"


def test_codes_that_cannot_be_and_codes_that_could_get_the_same_answer(cast: Cast, client: Client) -> None:
    pages = [client.get(address(code)).content.decode() for code in ("0" * 26, "Z" * 26)]
    token = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"')
    texts = {token.sub("", page).replace("0" * 26, "").replace("Z" * 26, "") for page in pages}
    assert len(texts) == 1
