"""Two at once over a late claim: two who decide, and the student who sends the same claim twice."""

from typing import Any

import pytest

from accounts.models import Mail, User
from grading import actions as grading
from grading.models import GradeEntry
from sers.lib.refusal import Refused
from students import actions
from students import rules as student_rules
from students.models import LateClaim, Registration, Student
from tests.people import Cast, make_claim, make_student
from tests.proofs.test_races import REPEATS, at_once, meeting, refusals, threads, without_constraint
from tests.proofs.test_roster_races import without_row_lock
from tests.students.claiming import checked, option_of, takes

__all__ = ["threads"]  # the fixture that keeps eight threads

pytestmark = pytest.mark.django_db(transaction=True)
ONE_CLAIM = (LateClaim, "one_open_late_claim_of_a_class_a_year")


def two_decide(cast: Cast, patch: pytest.MonkeyPatch) -> tuple[LateClaim, list[Any]]:
    """Two of the consortium have the page open: one accepts, one refuses; both have found that it waits."""
    claim = make_claim(make_student(cast.kamiakin, "Torn"), cast.agreement, cast.last_year)

    def by() -> User:
        return User.objects.get(pk=cast.consortium.pk)

    with meeting(patch, student_rules, "why_not_decide_claim"):
        return claim, at_once(
            lambda: grading.accept_claim(claim=claim, grades={"whole": "97"}, by=by()),
            lambda: actions.refuse_claim(claim=claim, ground="other", reason="No.", by=by()),
        )


def test_of_two_who_decide_one_is_told(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(REPEATS):
        claim, answers = two_decide(cast, monkeypatch)
        assert refusals(answers) == ["decided_already"]
        claim.refresh_from_db()
        accepted = claim.state == "accepted"
        assert accepted or claim.state == "refused"
        assert Registration.objects.filter(student=claim.student).count() == accepted
        assert Mail.objects.filter(to=claim.student.email, kind__startswith="students/claim_").count() == 1


def test_control_two_decide_without_lock(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """The trigger still keeps what was decided, with an error of the database where a sentence should be."""
    with without_row_lock():
        wrong = []
        for _ in range(5):
            _claim, answers = two_decide(cast, monkeypatch)
            wrong += [one for one in answers if isinstance(one, Exception) and not isinstance(one, Refused)]
        assert wrong


def two_accept(cast: Cast, patch: pytest.MonkeyPatch) -> tuple[LateClaim, list[Any]]:
    claim = make_claim(make_student(cast.kamiakin, "Twice"), cast.agreement, cast.last_year)

    def press() -> Registration:
        by = User.objects.get(pk=cast.consortium.pk)
        return grading.accept_claim(claim=claim, grades={"whole": "97"}, by=by)

    with meeting(patch, student_rules, "why_not_decide_claim"):
        return claim, at_once(press, press)


def test_accepted_twice_it_has_one_registration_and_one_grade(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(REPEATS):
        claim, answers = two_accept(cast, monkeypatch)
        assert refusals(answers) == ["decided_already"]
        assert GradeEntry.objects.filter(registration__student=claim.student).count() == 1


def sent_twice(cast: Cast, patch: pytest.MonkeyPatch) -> tuple[Student, list[Any]]:
    """One student sends the claim in two tabs, and both were shown that it can be sent."""
    student = make_student(cast.kamiakin, "Twice")
    option = option_of(student, cast.accounting, cast.last_year)

    def send() -> LateClaim:
        by = User.objects.get(pk=student.user_id)
        return actions.make_claim(student=student, option=option, year=cast.last_year, paper=checked(), by=by)

    with meeting(patch, student_rules, "can_claim_for"):
        return student, at_once(send, send)


def test_sent_twice_it_is_one_claim(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    takes(cast.cbc, "review")
    for _ in range(REPEATS):
        student, answers = sent_twice(cast, monkeypatch)
        assert refusals(answers) == ["claimed_already"]
        assert LateClaim.objects.filter(student=student).count() == 1


def test_control_sent_twice_without_constraint(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    takes(cast.cbc, "review")
    with without_constraint(ONE_CLAIM):
        found = []
        for _ in range(3):
            student, _answers = sent_twice(cast, monkeypatch)
            found.append(LateClaim.objects.filter(student=student).count())
        assert 2 in found
