"""What the database refuses about credit, runs and transcripts, whoever asks."""

from typing import Any

import pytest
from django.utils import timezone

from sers.lib.codes import CODE_LETTERS, new_code
from tests.people import Cast, make_run
from tests.raw import INK, breaks, change, copy, delete, stands
from transcripts.models import (
    AwardSource,
    CreditAward,
    RunItem,
    RunLine,
    TranscriptionRun,
)

NOW = timezone.now()


def test_credit_and_its_sources_are_ink(cast: Cast) -> None:
    source = cast.award.sources.get()
    for row, table in ((cast.award, "transcripts_creditaward"), (source, "transcripts_awardsource")):
        for attempt in (
            lambda row=row: change(row, id=row.pk),
            lambda row=row: delete(row),
            lambda row=row: row.save(),
        ):
            with breaks(INK + table):
                attempt()
    with breaks(INK):
        change(cast.award, credits="10")


def test_credit_is_awarded_once(cast: Cast) -> None:
    """A student, a college course, a year: a second award only corrects the first, and only once."""
    with breaks("credit_is_awarded_once"):
        copy(cast.award)
    with breaks("credit_is_awarded_once"):
        copy(cast.award, run_id=None, credits="3.0")
    for difference in (
        {"college_course_id": cast.wld_110.pk},
        {"student_id": cast.classmate.pk},
        {"year_id": cast.year.pk},
        {"supersedes_id": cast.award.pk},
    ):
        with stands():
            copy(cast.award, **difference)
    copy(cast.award, supersedes_id=cast.award.pk)
    with breaks("transcripts_creditaward_supersedes_id_key"):
        copy(cast.award, supersedes_id=cast.award.pk)


def test_no_award_supersedes_itself(cast: Cast) -> None:
    with breaks("no_award_supersedes_itself"):
        copy(cast.award, id=-999, supersedes_id=-999)


def test_a_class_earns_a_course_once(cast: Cast) -> None:
    source: AwardSource = cast.award.sources.get()
    second = copy(cast.award, supersedes_id=cast.award.pk)
    with breaks("class_earns_a_course_once"):
        copy(source)
    with breaks("class_earns_a_course_once"):
        copy(source, award_id=second)
    with stands():
        copy(source, college_course_id=cast.wld_110.pk)


@pytest.mark.parametrize("credits", ["0", "-5", "25.1"])
def test_an_award_has_credits(cast: Cast, credits: str) -> None:
    with breaks("award_has_credits"):
        copy(cast.award, year_id=cast.year.pk, credits=credits)


# --- Runs -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("first", TranscriptionRun.LIVE)
@pytest.mark.parametrize("second", TranscriptionRun.LIVE)
def test_one_run_of_a_college_and_year_is_under_way(cast: Cast, first: str, second: str) -> None:
    run = make_run(cast.cbc, cast.year, cast.registrar, state=first)
    with breaks("one_live_run_a_college_and_year"):
        copy(run, state=second)
    with stands():
        copy(run, state=second, college_id=cast.wwcc.pk)
    with stands():
        copy(run, state=second, year_id=cast.last_year.pk)
    change(run, state="finished", finished_at=NOW)
    with stands():
        copy(run, state=second, finished_at=None)
    with stands():
        copy(run)  # finished ones may be many


@pytest.mark.parametrize(
    ("state", "finished_at", "constraint"),
    [
        ("running", None, ""), ("stopped", None, ""), ("finished", NOW, ""),
        ("finished", None, "finished_run_has_its_moment"), ("running", NOW, "finished_run_has_its_moment"),
        ("stopped", NOW, "finished_run_has_its_moment"), ("paused", None, "run_state_is_known"),
    ],
)  # fmt: skip
def test_a_finished_run_has_its_moment(cast: Cast, state: str, finished_at: Any, constraint: str) -> None:
    with breaks(constraint) if constraint else stands():
        change(cast.run, state=state, finished_at=finished_at)


def test_a_student_and_a_class_are_in_a_run_once(cast: Cast) -> None:
    with breaks("student_once_in_a_run"):
        copy(RunItem.objects.get(run=cast.run))
    with breaks("class_once_in_a_run"):
        copy(RunLine.objects.get(run=cast.run))


@pytest.mark.parametrize(
    ("state", "problem", "constraint"),
    [
        ("waiting", "", ""), ("awarded", "", ""), ("held", "fees_req", ""), ("held", "repeat", ""),
        ("held", "", "held_line_says_why"), ("waiting", "fees_req", "held_line_says_why"),
        ("awarded", "repeat", "held_line_says_why"), ("held", "weather", "run_line_problem_is_known"),
        ("lost", "", "held_line_says_why"),
    ],
)  # fmt: skip
def test_a_held_class_says_why(cast: Cast, state: str, problem: str, constraint: str) -> None:
    with breaks(constraint) if constraint else stands():
        change(RunLine.objects.get(run=cast.run), state=state, problem=problem)


@pytest.mark.parametrize(
    ("state", "done_at", "is_sound"),
    [
        ("done", NOW, True),
        ("waiting", None, True),
        ("done", None, False),
        ("waiting", NOW, False),
        ("lost", None, False),
    ],
)
def test_a_done_student_has_its_moment(cast: Cast, state: str, done_at: Any, is_sound: bool) -> None:
    with stands() if is_sound else breaks("done_item_has_its_moment"):
        change(RunItem.objects.get(run=cast.run), state=state, done_at=done_at)


# --- Transcripts ----------------------------------------------------------------------------------------


def test_one_transcript_of_a_student_in_a_run(cast: Cast) -> None:
    with breaks("one_transcript_a_run_and_student"):
        copy(cast.transcript, code=new_code())
    with breaks("transcripts_transcript_code_key"):
        copy(cast.transcript, student_id=cast.classmate.pk)
    with breaks("transcripts_transcriptfile_transcript_id_key"):
        copy(cast.transcript.file)


def test_what_a_transcript_stands_on_cannot_be_deleted(cast: Cast) -> None:
    for row in (cast.transcript, cast.run, cast.graduate, cast.acct_201):
        with breaks("violates foreign key constraint"):
            delete(row)


def test_codes_are_long_and_free_of_letters_that_are_misread() -> None:
    codes = {new_code() for _ in range(200)}
    assert len(codes) == 200
    assert {len(code) for code in codes} == {26}  # 130 bits
    assert set("".join(codes)) <= set(CODE_LETTERS)
    assert not set(CODE_LETTERS) & set("ILOU")


def test_awards_of_the_cast(cast: Cast) -> None:
    """The tests above stand on these."""
    assert CreditAward.objects.count() == 2
    assert cast.graduate_registration.awarded_at is not None
