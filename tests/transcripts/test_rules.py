"""What a student has earned, as a truth table. No database: rows in, decision out.

Classes are small numbers (10 Accounting, 20 Business Law, 30 Welding), college courses hundreds (201, 202, 301);
an agreement is written as pairs of the two.
"""

from decimal import Decimal
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articulations.models import ArticulationCourse, CollegeCourse
from grading.models import GradeEntry
from organizations.models import College, CollegeYear
from students.models import Registration
from transcripts.models import RunLine, TranscriptionRun
from transcripts.rules import REMEDIES, Decision, decide, findings, why_not_start

P = RunLine.Problem
FEES, STATUS, OUTCOME = Registration.FeesReq, Registration.Status, GradeEntry.Outcome
ACCOUNTING, LAW, WELDING = 10, 20, 30


def line(taught: int, earned: int, credits: str = "5") -> ArticulationCourse:
    course = CollegeCourse(pk=earned, code=f"C{earned}", title=f"Course {earned}", credits=Decimal(credits))
    return ArticulationCourse(high_school_course_id=taught, college_course=course, credits=Decimal(credits))


def taken(pk: int, course: int, *, agreement: int = 1, fees: str = FEES.NOT_REQUIRED) -> Registration:
    return Registration(
        pk=pk, high_school_course_id=course, articulation_id=agreement, fees_req=fees, status=STATUS.COMPLETED
    )


def graded(percent: int, outcome: str = OUTCOME.COMPLETED) -> GradeEntry:
    return GradeEntry(percent=Decimal(percent), points=Decimal("4.0"), letter="A", outcome=outcome)


def decided(
    registrations: list[Registration],
    *lines: ArticulationCourse,
    grades: dict[int, GradeEntry] | None = None,
    others: list[Registration] | None = None,
    on_record: frozenset[int] = frozenset(),
    agreements: dict[int, list[ArticulationCourse]] | None = None,
) -> Decision:
    everyone = [*registrations, *(others or [])]
    return decide(
        registrations,
        others=others or [],
        grades={one.pk: graded(90) for one in everyone} if grades is None else grades,
        lines={1: list(lines)} if agreements is None else agreements,
        on_record=on_record,
    )


def in_short(decision: Decision) -> tuple[dict[int, list[int]], dict[int, str]]:
    """What is earned, as course: classes it stands on; and what is held, as class: why."""
    earned = {one.course.pk: sorted(source.pk for source, _ in one.sources) for one in decision.earned}
    return earned, {pk: str(problem) for pk, problem in decision.held.items()}


# --- One class ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fees", "is_awarded"),
    [(FEES.NOT_REQUIRED, True), (FEES.PROCESSED, True), (FEES.WAIVED, True), (FEES.PENDING, False)],
)
def test_fees_req_pending_holds_the_credit(fees: str, is_awarded: bool) -> None:
    decision = decided([taken(1, ACCOUNTING, fees=fees)], line(ACCOUNTING, 201))
    assert in_short(decision) == (({201: [1]}, {}) if is_awarded else ({}, {1: "fees_req"}))


def test_a_class_without_a_grade_that_earns_is_held() -> None:
    registration = [taken(1, ACCOUNTING)]
    lines = line(ACCOUNTING, 201)
    assert in_short(decided(registration, lines, grades={})) == ({}, {1: "no_grade"})
    below = {1: graded(70, OUTCOME.NOT_ATTAINED)}
    assert in_short(decided(registration, lines, grades=below)) == ({}, {1: "no_grade"})


def test_an_agreement_that_names_no_course_for_the_class() -> None:
    assert in_short(decided([taken(1, WELDING)], line(ACCOUNTING, 201))) == ({}, {1: "no_course"})
    assert in_short(decided([taken(1, WELDING)], agreements={})) == ({}, {1: "no_course"})


def test_the_first_problem_is_told() -> None:
    """Fees before grade, grade before agreement: what somebody can end today comes first."""
    registration = taken(1, WELDING, fees=FEES.PENDING)
    assert in_short(decided([registration], line(ACCOUNTING, 201), grades={})) == ({}, {1: "fees_req"})


def test_nothing_from_nothing() -> None:
    assert in_short(decided([], line(ACCOUNTING, 201))) == ({}, {})


# --- Several classes, several courses -------------------------------------------------------------------


def test_one_class_earns_several_courses() -> None:
    decision = decided([taken(1, ACCOUNTING)], line(ACCOUNTING, 201), line(ACCOUNTING, 202, "3"))
    assert in_short(decision) == ({201: [1], 202: [1]}, {})
    assert [str(one.credits) for one in decision.earned] == ["5", "3"]


def test_several_classes_earn_one_course_together() -> None:
    lines = (line(ACCOUNTING, 201), line(LAW, 201))
    both = decided([taken(1, ACCOUNTING), taken(2, LAW)], *lines, grades={1: graded(97), 2: graded(86)})
    assert in_short(both) == ({201: [1, 2]}, {})
    assert both.earned[0].grade.percent == 86  # the lowest of the classes it stands on
    assert both.earned[0].credits == 5  # once, not for each class
    assert in_short(decided([taken(1, ACCOUNTING)], *lines)) == ({}, {1: "other_class"})


@pytest.mark.parametrize(
    ("why", "fees", "grade"),
    [
        ("fees_req", FEES.PENDING, graded(90)),
        ("no_grade", FEES.PROCESSED, None),
        ("no_grade", FEES.PROCESSED, graded(60, OUTCOME.NOT_ATTAINED)),
    ],
)
def test_the_other_class_must_be_usable_too(why: str, fees: str, grade: GradeEntry | None) -> None:
    grades = {1: graded(95)} | ({2: grade} if grade else {})
    decision = decided(
        [taken(1, ACCOUNTING), taken(2, LAW, fees=fees)], line(ACCOUNTING, 201), line(LAW, 201), grades=grades
    )
    assert in_short(decision) == ({}, {1: "other_class", 2: why})


def test_a_class_that_earned_something_is_awarded_though_it_waits_for_more() -> None:
    """Accounting alone earns 201; with Business Law it would earn 202 as well."""
    lines = (line(ACCOUNTING, 201), line(ACCOUNTING, 202), line(LAW, 202))
    assert in_short(decided([taken(1, ACCOUNTING)], *lines)) == ({201: [1]}, {})
    # Next year, with Business Law: the earlier class counts, and is not awarded again.
    later = decided([taken(2, LAW)], *lines, others=[taken(1, ACCOUNTING)], on_record=frozenset({201}))
    assert in_short(later) == ({202: [1, 2]}, {})


def test_an_earlier_class_counts_and_is_not_decided_itself() -> None:
    lines = (line(ACCOUNTING, 201), line(LAW, 201))
    earlier = taken(1, ACCOUNTING)
    assert in_short(decided([taken(2, LAW)], *lines, others=[earlier])) == ({201: [1, 2]}, {})
    assert in_short(decided([], *lines, others=[earlier])) == ({}, {})
    unpaid = taken(1, ACCOUNTING, fees=FEES.PENDING)
    assert in_short(decided([taken(2, LAW)], *lines, others=[unpaid])) == ({}, {2: "other_class"})


def test_classes_under_two_agreements_do_not_help_each_other() -> None:
    lines = [line(ACCOUNTING, 201), line(LAW, 201)]
    decision = decided([taken(1, ACCOUNTING), taken(2, LAW, agreement=2)], agreements={1: lines, 2: lines})
    assert in_short(decision) == ({}, {1: "other_class", 2: "other_class"})


# --- Repeats --------------------------------------------------------------------------------------------


def test_a_course_on_record_is_a_repeat() -> None:
    decision = decided([taken(1, ACCOUNTING)], line(ACCOUNTING, 201), on_record=frozenset({201}))
    assert in_short(decision) == ({}, {1: "repeat"})


def test_a_repeat_of_one_course_does_not_hold_the_other() -> None:
    lines = (line(ACCOUNTING, 201), line(ACCOUNTING, 202))
    assert in_short(decided([taken(1, ACCOUNTING)], *lines, on_record=frozenset({201}))) == ({202: [1]}, {})
    assert in_short(decided([taken(1, ACCOUNTING)], *lines, on_record=frozenset({201, 202}))) == (
        {},
        {1: "repeat"},
    )


def test_two_classes_that_earn_the_same_course_earn_it_once() -> None:
    """Under two agreements: the first by agreement is awarded, the other is the registrar's."""
    decision = decided(
        [taken(2, LAW, agreement=2), taken(1, ACCOUNTING)],
        agreements={1: [line(ACCOUNTING, 201)], 2: [line(LAW, 201)]},
    )
    assert in_short(decision) == ({201: [1]}, {2: "repeat"})


# --- What always holds ----------------------------------------------------------------------------------

registrations_of_one_student = st.lists(
    st.tuples(
        st.sampled_from([ACCOUNTING, LAW, WELDING]),
        st.sampled_from([1, 2]),
        st.sampled_from(list(FEES)),
        st.sampled_from([None, 60, 85, 97]),
    ),
    max_size=5,
    unique_by=lambda one: (one[0], one[1]),  # one live registration of a class a year
)
agreements_of_a_college = st.dictionaries(
    st.sampled_from([1, 2]),
    st.lists(
        st.tuples(st.sampled_from([ACCOUNTING, LAW, WELDING]), st.sampled_from([201, 202, 301])),
        max_size=6,
        unique=True,
    ),
)


@given(registrations_of_one_student, agreements_of_a_college, st.frozensets(st.sampled_from([201, 202, 301])))
def test_every_class_is_awarded_or_held_and_no_course_twice(
    facts: list[tuple[int, int, str, int | None]],
    pairs: dict[int, list[tuple[int, int]]],
    on_record: frozenset[int],
) -> None:
    registrations = [
        taken(pk, course, agreement=agreement, fees=fees)
        for pk, (course, agreement, fees, _) in enumerate(facts, 1)
    ]
    grades = {
        pk: graded(percent, OUTCOME.COMPLETED if percent >= 85 else OUTCOME.NOT_ATTAINED)
        for pk, (_, _, _, percent) in enumerate(facts, 1)
        if percent is not None
    }
    lines = {agreement: [line(*pair) for pair in some] for agreement, some in pairs.items()}
    decision = decide(registrations, grades=grades, lines=lines, on_record=on_record)

    awarded = {source.pk for one in decision.earned for source, _ in one.sources}
    assert awarded | set(decision.held) == {one.pk for one in registrations}
    assert awarded & set(decision.held) == set()
    courses = [one.course.pk for one in decision.earned]
    assert len(courses) == len(set(courses))
    assert not set(courses) & on_record
    for earned in decision.earned:
        for source, grade in earned.sources:
            assert source.fees_req != FEES.PENDING
            assert grade is grades[source.pk]
            assert grade.outcome == OUTCOME.COMPLETED
        agreement = earned.sources[0][0].articulation_id
        needed = {taught for taught, course in pairs[agreement] if course == earned.course.pk}
        assert {source.high_school_course_id for source, _ in earned.sources} == needed
    for order in list(permutations(registrations))[:6]:  # the order of the rows decides nothing
        again = decide(list(order), grades=grades, lines=lines, on_record=on_record)
        assert in_short(again) == in_short(decision)


def test_findings_say_each_rule_and_who_can_act() -> None:
    found = findings(
        taken(1, ACCOUNTING, fees=FEES.PENDING),
        grade=None,
        lines=[line(ACCOUNTING, 201), line(LAW, 201)],
        completed_courses=frozenset(),
    )
    assert [(str(one.rule), one.met, one.who) for one in found] == [
        ("fees_req", False, "Consortium"),
        ("no_grade", False, "Teacher"),
        ("no_course", True, "Consortium"),
        ("other_class", False, "Student"),
    ]


def test_every_problem_has_a_way_on() -> None:
    assert set(REMEDIES) == set(P)
    assert all(remedy.who and remedy.what for remedy in REMEDIES.values())


# --- Starting -------------------------------------------------------------------------------------------

MODE = CollegeYear.Mode


@pytest.mark.parametrize(
    ("mode", "has_live_run", "found", "rule"),
    [
        (MODE.AUTOMATIC, False, 1, None),
        (MODE.AUTOMATIC, False, 0, "nothing_to_award"),
        (MODE.AUTOMATIC, True, 1, "run_is_live"),
        (MODE.ON_REQUEST, False, 1, "on_request"),
        (MODE.ENROLLMENT, False, 1, "not_in_sers"),
        (MODE.EXTERNAL, False, 1, "not_in_sers"),
        (None, False, 1, "no_college_year"),
    ],
)
def test_when_a_run_may_start(mode: str | None, has_live_run: bool, found: int, rule: str | None) -> None:
    college_year = (
        None if mode is None else CollegeYear(college=College(name="Columbia Basin College"), mode=mode)
    )
    refusal = why_not_start(college_year, TranscriptionRun() if has_live_run else None, found)
    assert (refusal.rule if refusal else None) == rule
    assert refusal is None or refusal.message.endswith(".")
