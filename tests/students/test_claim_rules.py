"""What may be claimed late, by whom, and who decides: truth tables."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from organizations.models import AcademicYear, CollegeYear, Window
from organizations.rules import Calendar
from students import rules
from students.models import LateClaim, Student
from tests import raw
from tests.people import (
    Cast,
    close_window,
    make_agreement,
    make_college_course,
    make_high_school_course,
    make_year,
)
from tests.students.claiming import claimed, option_of, takes


@pytest.mark.parametrize(
    ("rule", "years", "back", "live", "claimed_", "refused"),
    [
        ("forbidden", None, 1, False, False, "forbidden"), ("forbidden", None, 0, False, False, "forbidden"),
        ("review", None, 1, False, False, None), ("review", None, 9, False, False, None),
        ("review", None, 0, False, False, "register_instead"), ("review", None, -1, False, False, "not_yet"),
        ("years", 5, 5, False, False, None), ("years", 5, 6, False, False, "too_long_ago"),
        ("years", 0, 1, False, False, "too_long_ago"), ("years", 0, 0, False, False, "register_instead"),
        ("review", None, 1, True, False, "registered_already"), ("review", None, 1, False, True, "claimed_already"),
        (None, None, 1, False, False, "forbidden"),
    ],
)  # fmt: skip
def test_the_rule_of_the_college_decides(
    cast: Cast,
    rule: str | None,
    years: int | None,
    back: int,
    live: bool,
    claimed_: bool,
    refused: str | None,
) -> None:
    terms = CollegeYear(late_claims=rule, late_years=years) if rule else None
    year = make_year(cast.year.first_year - back)
    refusal = rules.why_not_claim(
        cast.newcomer, year, cast.agreement, terms=terms, live=live, claimed=claimed_, calendar=Calendar.of(year),
        on=timezone.localdate(),
    )  # fmt: skip
    assert (refusal.rule if refusal else None) == refused


def test_this_year_can_be_claimed_when_registration_has_closed(cast: Cast) -> None:
    takes(cast.cbc, "years", 0)
    one = option_of(cast.newcomer, cast.accounting, cast.year)
    assert one.refusal is not None
    assert one.refusal.rule == "register_instead"
    close_window(Window.Kind.REGISTRATION, cast.columbia_basin, cast.year)
    assert option_of(cast.newcomer, cast.accounting, cast.year).refusal is None
    close_window(Window.Kind.REGISTRATION, cast.columbia_basin, cast.year, days_ago=-5)
    again = option_of(cast.newcomer, cast.accounting, cast.year).refusal
    assert again is not None
    assert "Registration opens" in str(again)


def test_a_merged_record_claims_nothing(cast: Cast) -> None:
    takes(cast.cbc, "review")
    Student.objects.filter(pk=cast.newcomer.pk).update(merged_into=cast.student)
    cast.newcomer.refresh_from_db()
    one = option_of(cast.newcomer, cast.accounting, cast.last_year)
    assert one.refusal is not None
    assert one.refusal.rule == "merged"


def test_only_agreements_in_force_then_are_offered(cast: Cast) -> None:
    long_ago = make_year(cast.year.first_year - 5)
    assert (
        rules.claim_options(cast.newcomer, year=long_ago, school=cast.kamiakin, on=timezone.localdate()) == []
    )
    found = rules.claim_options(
        cast.newcomer, year=cast.last_year, school=cast.kamiakin, on=timezone.localdate()
    )
    assert [(one.course, one.college, one.earns) for one in found] == [
        (cast.accounting, cast.cbc, ("ACCT& 201 Principles of Accounting I",)), (cast.welding, cast.cbc, ("WLD 110 Welding Basics",)),
    ]  # fmt: skip


def test_options_cost_the_same_for_one_class_and_three(cast: Cast) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            rules.claim_options(
                cast.newcomer, year=cast.last_year, school=cast.kamiakin, on=timezone.localdate()
            )
        return len(caught)

    first = queries()
    for number in range(3):
        course = make_high_school_course(cast.kamiakin, f"Marketing {number}")
        make_agreement(
            (course, make_college_course(cast.cbc, f"MKT {number}")), consortium=cast.columbia_basin
        )
    assert first == queries() == 6


def test_how_far_back(cast: Cast) -> None:
    this = cast.year.first_year
    for back in (10, 11):
        make_year(this - back)
    years = [one.first_year for one in rules.years_to_claim(timezone.localdate())]
    assert years == [this, this - 1, this - 10]


@pytest.mark.parametrize(
    ("who", "may"),
    [
        ("newcomer", True),
        ("counselor", True),
        ("student", False),
        ("other_counselor", False),
        ("teacher", False),
        ("consortium", False),
    ],
)
def test_who_claims(cast: Cast, who: str, may: bool) -> None:
    person = getattr(cast, who)
    assert rules.can_claim_for(getattr(person, "user", person), cast.newcomer) is may


@pytest.mark.parametrize(
    ("state", "who", "refused"),
    [
        ("asked", "consortium", None), ("question", "consortium", None), ("consent", "consortium", "no_consent"),
        ("accepted", "consortium", "decided_already"), ("withdrawn", "consortium", "decided_already"),
        ("asked", "other_consortium", "not_consortium"), ("asked", "registrar", "not_consortium"),
        ("asked", "state", "not_consortium"),
    ],
)  # fmt: skip
def test_who_decides_when(cast: Cast, state: str, who: str, refused: str | None) -> None:
    claim = LateClaim(
        state=state, student=cast.newcomer, articulation=cast.agreement, asked_by=cast.newcomer.user
    )
    refusal = rules.why_not_decide_claim(claim, getattr(cast, who))
    assert (refusal.rule if refusal else None) == refused


def test_nobody_decides_what_they_asked_for(cast: Cast) -> None:
    claim = LateClaim(
        state="asked", student=cast.newcomer, articulation=cast.agreement, asked_by=cast.consortium
    )
    refusal = rules.why_not_decide_claim(claim, cast.consortium)
    assert refusal is not None
    assert refusal.rule == "same_person"


def test_the_database_holds_a_claim_to_its_way(cast: Cast) -> None:
    claim = claimed(cast)
    with raw.breaks("late_claim_stays"):
        raw.delete(claim)
    with raw.breaks("late_claim_asked_is_ink"):
        raw.change(claim, note="other")
    with raw.breaks("late_claim_goes_its_way"):
        raw.change(claim, state="consent")
    with raw.breaks("late_claim_decided_has_its_person"):
        raw.change(claim, state="withdrawn")
    now: Any = timezone.now()
    with raw.breaks("accepted_late_claim_made_a_registration"):
        raw.change(claim, state="accepted", decided_by_id=cast.consortium.pk, decided_at=now)
    with raw.breaks("late_claim_refused_says_rule_and_reason"):
        raw.change(claim, state="refused", decided_by_id=cast.consortium.pk, decided_at=now)
    with raw.breaks("late_claim_takes_two_people"):
        raw.change(
            claim,
            state="refused",
            decided_by_id=cast.newcomer.user_id,
            decided_at=now,
            ground="other",
            decision="x",
        )
    with raw.breaks("one_open_late_claim_of_a_class_a_year"):
        raw.copy(claim, reference="L-OTHER")
    with raw.breaks("late_claim_goes_on_with_consent"):
        raw.change(claim, consent_version=None, agreed_at=None)
    raw.change(claim, state="withdrawn", decided_by_id=cast.newcomer.user_id, decided_at=now)
    with raw.breaks("late_claim_decided_is_ink"):
        raw.change(claim, decided_at=now + timedelta(days=1))
    (kept,) = claim.papers.all()
    with raw.breaks(raw.INK):
        raw.change(kept, name="other.pdf")


@pytest.mark.parametrize(
    ("rule", "years", "is_kept"),
    [
        ("years", 5, True),
        ("years", None, False),
        ("review", 5, False),
        ("forbidden", None, True),
        ("years", 11, False),
    ],
)
def test_the_database_keeps_rule_and_years_together(
    cast: Cast, rule: str, years: int | None, is_kept: bool
) -> None:
    terms = CollegeYear.objects.get(college=cast.cbc, year=cast.year)
    if is_kept:
        raw.change(terms, late_claims=rule, late_years=years)
    else:
        with raw.breaks("late_years_fit_their_rule"):
            raw.change(terms, late_claims=rule, late_years=years)
    assert AcademicYear.objects.current() == cast.year
