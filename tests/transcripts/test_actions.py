"""What a run costs the database: the same for one student and for ten, for one class and for three."""

from typing import Any

import pytest

from students.models import Registration
from tests.people import (
    Cast,
    make_agreement,
    make_college_course,
    make_high_school_course,
    make_registration,
    make_section,
    make_student,
)
from transcripts import actions
from transcripts.models import CreditAward, TranscriptionRun

#: Whatever its size; the classes are found by one statement.
QUERIES_TO_START = 18
#: Locks, evidence, transcript, file, whom answers go to, mail, lines and item; each course adds its award and its source.
QUERIES_OF_A_STUDENT = 43


@pytest.fixture
def nobody_waits(cast: Cast) -> None:
    """Of the cast: so that a test knows who is found."""
    Registration.objects.filter(status="completed", awarded_at=None).update(status="in_progress")


def complete(cast: Cast, students: int, classes: int = 1) -> None:
    """Students who completed so many classes each."""
    offered = [(cast.section, cast.agreement)]
    for number in range(classes - 1):
        course = make_high_school_course(cast.kamiakin, f"Robotics {number}")
        agreement = make_agreement(
            (course, make_college_course(cast.cbc, f"ROB {number}")), consortium=cast.columbia_basin
        )
        offered.append((make_section(course, cast.teacher_seat), agreement))
    for _ in range(students):
        student = make_student(cast.kamiakin)
        for section, agreement in offered:
            make_registration(student, section, agreement, percent="97")


def start(cast: Cast) -> TranscriptionRun:
    run = actions.start_run(college=cast.cbc, year=cast.year, by=cast.registrar)
    TranscriptionRun.objects.filter(pk=run.pk).update(state="running")
    return run


@pytest.mark.usefixtures("nobody_waits")
@pytest.mark.parametrize("students", [1, 10])
def test_queries_to_start(cast: Cast, students: int, django_assert_num_queries: Any) -> None:
    complete(cast, students)
    with django_assert_num_queries(QUERIES_TO_START):
        actions.start_run(college=cast.cbc, year=cast.year, by=cast.registrar)


@pytest.mark.usefixtures("nobody_waits")
@pytest.mark.parametrize("classes", [1, 3])
def test_queries_to_transcribe_one_student(
    cast: Cast, classes: int, django_assert_num_queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each course is a row of the chain and its source; the rest is the same for one class and for three."""
    monkeypatch.setattr(actions.transcripts.documents, "draw", lambda *_: (b"%PDF-1.7\n%%EOF\n",) * 2)
    complete(cast, 1, classes)
    run = start(cast)
    with django_assert_num_queries(QUERIES_OF_A_STUDENT + 2 * classes):
        assert actions.transcribe_next(run_id=run.pk)
    assert CreditAward.objects.filter(run=run).count() == classes
    assert not actions.transcribe_next(run_id=run.pk)
