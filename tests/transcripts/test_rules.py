"""Which credit is earned, by truth tables: no row is written for these."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import count, product
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from articulations.models import ArticulationCourse, CollegeCourse
from grading.models import GradeEntry
from organizations.models import College, CollegeYear
from students.models import Registration
from transcripts import rules
from transcripts.models import RunLine, TranscriptionRun

Problem = RunLine.Problem
FeesReq = Registration.FeesReq
AGREEMENT = 7
MARKETING_1, MARKETING_2 = 1, 2
BUS, MKTG = 11, 12


@pytest.fixture
def ids() -> Iterator[int]:
    return count(100)


def line(high_school_course: int, college_course: int, credits: str = "5") -> ArticulationCourse:
    return ArticulationCourse(
        articulation_id=AGREEMENT, high_school_course_id=high_school_course,
        college_course=CollegeCourse(pk=college_course, code=f"C{college_course}"), credits=Decimal(credits),
    )  # fmt: skip


def taken(
    pk: int, course: int, fees_req: str = FeesReq.NOT_REQUIRED, agreement: int = AGREEMENT
) -> Registration:
    return Registration(
        pk=pk, articulation_id=agreement, high_school_course_id=course, fees_req=fees_req,
        status=Registration.Status.COMPLETED,
    )  # fmt: skip


def graded(percent: str | None) -> GradeEntry | None:
    return None if percent is None else completed(percent)


def completed(percent: str) -> GradeEntry:
    outcome = GradeEntry.Outcome.COMPLETED if Decimal(percent) >= 85 else GradeEntry.Outcome.NOT_ATTAINED
    return GradeEntry(percent=Decimal(percent), outcome=outcome, letter="A")


def decide(
    mine: list[tuple[Registration, str | None]],
    lines: list[ArticulationCourse],
    *,
    others: list[tuple[Registration, str | None]] | None = None,
    on_record: frozenset[int] = frozenset(),
    along: frozenset[int] = frozenset(),
    out: dict[int, Problem] | None = None,
) -> tuple[dict[int, list[int]], dict[int, Problem]]:
    """Courses earned with the registrations that earned them, and the registrations held with the problem."""
    everything = [*mine, *(others or [])]
    decision = rules.decide(
        [one for one, _ in mine],
        others=[one for one, _ in others or []],
        grades={one.pk: grade for one, percent in everything if (grade := graded(percent)) is not None},
        lines={AGREEMENT: lines},
        on_record=on_record,
        along=along,
        out=out or {},
    )
    earned = {one.course.pk: [source.pk for source, _ in one.sources] for one in decision.earned}
    return earned, dict(decision.held)


ONE = [line(MARKETING_1, BUS)]
BOTH = [line(MARKETING_1, MKTG), line(MARKETING_2, MKTG)]


@pytest.mark.parametrize(
    ("fees_req", "percent", "lines", "on_record", "problem"),
    [
        (FeesReq.NOT_REQUIRED, "97", ONE, (), None),
        (FeesReq.PROCESSED, "85", ONE, (), None),
        (FeesReq.WAIVED, "97", ONE, (), None),
        (FeesReq.PENDING, "97", ONE, (), Problem.FEES_REQ),
        (FeesReq.PENDING, None, [], (), Problem.FEES_REQ),  # the first thing somebody can end
        (FeesReq.PROCESSED, None, ONE, (), Problem.NO_GRADE),
        (FeesReq.PROCESSED, "84", ONE, (), Problem.NO_GRADE),
        (FeesReq.PROCESSED, "97", [], (), Problem.NO_COURSE),
        (FeesReq.PROCESSED, "97", [line(MARKETING_2, BUS)], (), Problem.NO_COURSE),
        (FeesReq.PROCESSED, "97", BOTH, (), Problem.OTHER_CLASS),
        (FeesReq.PROCESSED, "97", ONE, (BUS,), Problem.REPEAT),
        (FeesReq.PROCESSED, "97", ONE, (MKTG,), None),
    ],
)
def test_one_class(
    fees_req: str,
    percent: str | None,
    lines: list[ArticulationCourse],
    on_record: tuple[int, ...],
    problem: Problem | None,
) -> None:
    earned, held = decide([(taken(1, MARKETING_1, fees_req), percent)], lines, on_record=frozenset(on_record))
    assert held == ({1: problem} if problem else {})
    assert earned == ({} if problem else {BUS: [1]})


@pytest.mark.parametrize(("first", "second"), list(product(("97", "84", None), repeat=2)))
def test_two_classes_earn_a_course_together_or_not_at_all(first: str | None, second: str | None) -> None:
    earned, held = decide([(taken(1, MARKETING_1), first), (taken(2, MARKETING_2), second)], BOTH)
    if first == second == "97":
        assert (earned, held) == ({MKTG: [1, 2]}, {})
    else:
        assert earned == {}
        assert held == {
            pk: Problem.OTHER_CLASS if percent == "97" else Problem.NO_GRADE
            for pk, percent in ((1, first), (2, second))
        }


def test_one_class_earns_several_courses() -> None:
    lines = [line(MARKETING_1, BUS), line(MARKETING_1, MKTG)]
    assert decide([(taken(1, MARKETING_1), "90")], lines) == ({BUS: [1], MKTG: [1]}, {})
    # What is on record is left out; the class still earns the other.
    assert decide([(taken(1, MARKETING_1), "90")], lines, on_record=frozenset({BUS})) == ({MKTG: [1]}, {})


def test_a_class_that_earned_something_is_not_held_for_what_it_may_earn_later() -> None:
    lines = [line(MARKETING_1, BUS), *BOTH]
    assert decide([(taken(1, MARKETING_1), "90")], lines) == ({BUS: [1]}, {})
    # Later the other class is completed: the first one counts although it was awarded, and earns nothing twice.
    earned, held = decide(
        [(taken(2, MARKETING_2), "90")],
        lines,
        others=[(taken(1, MARKETING_1), "90")],
        on_record=frozenset({BUS}),
    )
    assert (earned, held) == ({MKTG: [1, 2]}, {})


THREE, ROB, ART = 3, 13, 14
CHAIN = [line(MARKETING_1, BUS), *BOTH, line(MARKETING_2, ROB), line(THREE, ROB), line(THREE, ART)]


@pytest.mark.parametrize(
    ("mine", "others", "along", "on_record", "earned"),
    [
        # The other class waits for credit itself: what it earns alone is awarded with the course it is needed for.
        ({2: MARKETING_2}, {1: MARKETING_1}, {1}, (), {BUS: [1], MKTG: [1, 2]}),
        # It has its credit, or the college awards it elsewhere: it counts, and is not decided again.
        ({2: MARKETING_2}, {1: MARKETING_1}, set(), (), {MKTG: [1, 2]}),
        ({2: MARKETING_2}, {1: MARKETING_1}, {1}, (BUS,), {MKTG: [1, 2]}),
        # What takes a class along may take the next one along; a class nothing needs stays where it is.
        ({1: MARKETING_1}, {2: MARKETING_2, 3: THREE}, {2, 3}, (), {BUS: [1], MKTG: [1, 2], ROB: [2, 3], ART: [3]}),
        ({1: MARKETING_1}, {2: MARKETING_2, 3: THREE}, {2}, (), {BUS: [1], MKTG: [1, 2], ROB: [2, 3]}),
        ({1: MARKETING_1}, {2: MARKETING_2, 3: THREE}, {2, 3}, (MKTG,), {BUS: [1]}),
        ({1: MARKETING_1}, {3: THREE}, {3}, (), {BUS: [1]}),
    ],
)  # fmt: skip
def test_a_class_that_counts_for_another_course_loses_none_of_its_own(
    mine: dict[int, int],
    others: dict[int, int],
    along: set[int],
    on_record: tuple[int, ...],
    earned: dict[int, list[int]],
) -> None:
    found, held = decide(
        [(taken(pk, course), "90") for pk, course in mine.items()],
        CHAIN,
        others=[(taken(pk, course), "90") for pk, course in others.items()],
        along=frozenset(along),
        on_record=frozenset(on_record),
    )
    assert ({course: sorted(sources) for course, sources in found.items()}, held) == (earned, {})


def test_a_class_that_is_kept_out_counts_for_nobody() -> None:
    asked = {1: Problem.NOT_ASKED}
    others = [(taken(1, MARKETING_1), "90")]
    mine = [(taken(2, MARKETING_2), "90")]
    assert decide(mine, BOTH, others=others) == ({MKTG: [1, 2]}, {})
    assert decide(mine, BOTH, others=others, out=asked) == ({}, {2: Problem.OTHER_CLASS})
    assert decide(others, ONE, out=asked) == ({}, asked)


def test_classes_of_before_are_not_decided_themselves() -> None:
    before = [(taken(1, MARKETING_1), "90")]
    assert decide([], ONE, others=before) == ({}, {})
    assert decide([(taken(2, MARKETING_2), None)], BOTH, others=before) == ({}, {2: Problem.NO_GRADE})


def test_the_grade_of_a_course_is_the_lowest_of_its_classes(ids: Iterator[int]) -> None:
    grades = ((1, "97"), (2, "86"), (3, "91"))
    pairs = tuple((taken(next(ids), course), completed(percent)) for course, percent in grades)
    earned = rules.Earned(course=CollegeCourse(), credits=Decimal(5), sources=pairs)
    assert earned.grade.percent == Decimal(86)


def test_the_credits_of_a_course_are_counted_once_for_all_its_classes() -> None:
    decision = rules.decide(
        [taken(1, MARKETING_1), taken(2, MARKETING_2)],
        grades={pk: grade for pk in (1, 2) if (grade := graded("90")) is not None},
        lines={AGREEMENT: BOTH},
        on_record=frozenset(),
    )
    assert [one.credits for one in decision.earned] == [Decimal(5)]


def test_every_problem_names_who_can_end_it() -> None:
    assert set(rules.REMEDIES) == set(Problem)
    for finding in rules.findings(taken(1, MARKETING_1, FeesReq.PENDING), grade=None, ways=[]):
        assert finding.who in ("Consortium", "Teacher", "Student", "Registrar")


def college_year(mode: str) -> CollegeYear:
    return CollegeYear(mode=mode, college=College(name="Columbia Basin College"))


@pytest.mark.parametrize(
    ("year", "is_live", "found", "rule"),
    [
        (None, False, 9, "no_college_year"),
        (college_year("automatic"), True, 9, "run_is_live"),
        (college_year("on_request"), False, 9, None),
        (college_year("on_request"), False, 0, "nobody_asked"),
        (college_year("enrollment"), False, 9, "not_in_sers"),
        (college_year("external"), False, 9, "not_in_sers"),
        (college_year("automatic"), False, 0, "nothing_to_award"),
        (college_year("automatic"), False, 1, None),
    ],
)
def test_when_a_run_may_start(year: CollegeYear | None, is_live: bool, found: int, rule: str | None) -> None:
    refusal = rules.why_not_start(year, TranscriptionRun() if is_live else None, found)
    assert (refusal.rule if refusal else None) == rule


FIGURES = {
    "found": 10, "awarded": 6, "held": 1, "waiting": 3, "recorded": 6, "courses": 6, "credits": Decimal(30),
    "students": 8, "done": 5, "done_lately": 2, "last_done_at": None, "transcripts": 4, "mails": 4, "mails_sent": 3,
}  # fmt: skip


def figures(**changes: Any) -> rules.RunTotals:
    return rules.RunTotals(**(FIGURES | changes))


def test_totals_agree_only_when_the_record_of_credit_says_the_same() -> None:
    assert figures().agree
    assert not figures(found=11).agree
    assert not figures(recorded=5).agree
    assert not figures(awarded=7, held=0).agree
    assert figures(recorded=5).difference == 1
    assert figures().percent == 62
    assert figures(done=8).percent == 100
    assert figures(students=0, done=0).percent == 100
    assert figures().minutes_left == 2
    assert figures(done_lately=0).minutes_left is None


@pytest.mark.parametrize(
    ("state", "changes", "words", "stages"),
    [
        ("preparing", {"done": 0, "done_lately": 0, "mails": 0, "mails_sent": 0}, "0 of 8 students, 0 %. Now", ["past", "here", "ahead"]),
        ("running", {}, "5 of 8 students, 62 %. About 2 minutes left. Now", ["past", "here", "ahead"]),
        ("stopped", {}, "Resume goes on with the next student.", ["past", "here", "ahead"]),
        ("finished", {"done": 8, "waiting": 0}, "credit is awarded for 6 classes, 1 is held.", ["past", "past", "here"]),
        ("finished", {"done": 8, "waiting": 0, "held": 0, "mails_sent": 4}, "6 classes, none is held.", ["past", "past", "past"]),
        ("finished", {"done": 8, "waiting": 0, "held": 4}, "4 are held.", ["past", "past", "here"]),
    ],
)  # fmt: skip
def test_a_run_in_words(state: str, changes: dict[str, Any], words: str, stages: list[str]) -> None:
    now = timezone.now()
    run = TranscriptionRun(state=state, started_at=now)
    assert words in rules.progress_in_words(run, figures(**changes), now)
    assert [stage.state for stage in rules.stages(run, figures(**changes))] == stages


def test_credit_is_listed_college_by_college() -> None:
    first, second = College(pk=1, name="Zillah College"), College(pk=2, name="Asotin College")

    def award(college: College, credits: str) -> Any:
        return SimpleNamespace(
            pk=credits, college=college, college_id=college.pk, year_id=1, credits=Decimal(credits)
        )

    transcript: Any = SimpleNamespace(college=first, college_id=1)
    listed = rules.credit_by_college(
        [award(first, "5"), award(second, "3"), award(first, "2.5")], [transcript]
    )
    assert [(one.college.name, one.credits, len(one.transcripts)) for one in listed] == [
        ("Asotin College", Decimal(3), 0),
        ("Zillah College", Decimal("7.5"), 1),
    ]
    assert rules.credit_by_college([], []) == []
