"""Two at one request of who has rights in a record, a request and a merge in one moment, two workers who tell of rights.

Each control takes the guard away, and the fault, or the database's own word in place of ours, is there.
"""

from contextlib import nullcontext
from typing import Any

import pgtrigger
import pytest
from django.db import DatabaseError, IntegrityError

from accounts.access import Role
from accounts.models import Mail, User
from students import actions
from students.actions import amendments as amending
from students.actions import inspections as inspecting
from students.actions import notices
from students.models import Amendment, Inspection, Merge, Student, YearlyNotice, to_be_told
from students.rules import amendments as rights
from tests.people import Cast, account_of, make_person, make_registration, make_student
from tests.proofs.test_races import REPEATS, at_once, meeting, refusals, threads
from tests.students.amending import asked, refused
from transcripts import rules as transcripts
from transcripts.actions import give_statement, merge_records, stating

__all__ = ["threads"]
pytestmark = pytest.mark.django_db(transaction=True)

WAY = "students.Amendment:amendment_goes_its_way"


def fresh(user: User) -> User:
    return User.objects.get(pk=user.pk)


def without_lock(amendment: Amendment) -> Amendment:
    """The request as it stands, kept from nobody."""
    found: Amendment = Amendment.objects.in_full().get(pk=amendment.pk)
    return found


# --- Two decide


def two_decide(
    cast: Cast, patch: pytest.MonkeyPatch, *, by_trigger: bool = True
) -> tuple[Amendment, list[Any]]:
    """One person of the district puts it right while another refuses."""
    other = make_person(Role.DISTRICT, cast.kamiakin.district)
    amendment = asked(make_student(cast.kamiakin))

    def press(by: User, amended: bool) -> Any:
        with nullcontext() if by_trigger else pgtrigger.ignore(WAY):
            return actions.decide_amendment(amendment=amendment, amended=amended, words="So.", by=fresh(by))

    with meeting(patch, rights, "why_not_decide_amendment"):
        answers = at_once(lambda: press(cast.district, True), lambda: press(other, False))
    amendment.refresh_from_db()
    return amendment, answers


def test_decided_by_two_at_once_it_is_decided_once_and_who_asked_reads_one_answer(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(REPEATS):
        amendment, answers = two_decide(cast, monkeypatch)
        (told,) = refusals(answers)
        (won,) = [one for one in answers if isinstance(one, Amendment)]
        assert told == "decided_already"
        assert (amendment.state, amendment.decided_by) == (won.state, won.decided_by)
        letters = Mail.objects.filter(
            key__in=[f"amendment-{what}-{amendment.pk}" for what in ("amended", "refused")]
        )
        assert letters.count() == 1


def test_control_without_the_lock_the_database_alone_refuses_the_second(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(amending, "lock_amendment", without_lock)
    answers = [two_decide(cast, monkeypatch)[1] for _ in range(5)]
    assert any(isinstance(one, DatabaseError) for pair in answers for one in pair)


def test_control_without_lock_and_trigger_one_answer_writes_over_the_other(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(amending, "lock_amendment", without_lock)
    lost = 0
    for _ in range(5):
        _, answers = two_decide(cast, monkeypatch, by_trigger=False)
        lost += all(isinstance(one, Amendment) for one in answers)
    assert lost


# --- A hearing and a statement


def heard_and_stated(cast: Cast, patch: pytest.MonkeyPatch) -> tuple[Amendment, list[Any]]:
    """A student asks for the hearing on one page and gives the statement on another."""
    student = make_student(cast.kamiakin)
    amendment = refused(cast, student)
    own = account_of(student)
    with meeting(patch, rights, "_acts_for_asker"):
        answers = at_once(
            lambda: actions.ask_for_hearing(amendment=amendment, by=fresh(own)),
            lambda: give_statement(amendment=amendment, text="I had 97.", by=fresh(own)),
        )
    amendment.refresh_from_db()
    return amendment, answers


def test_a_hearing_and_a_statement_in_one_moment_are_one_of_the_two(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(REPEATS):
        amendment, answers = heard_and_stated(cast, monkeypatch)
        assert len(refusals(answers)) == 1
        assert (amendment.state == "hearing") != (amendment.stated_at is not None)


def test_control_without_the_lock_both_go_through_or_the_database_has_the_last_word(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    for room in (amending, stating):
        monkeypatch.setattr(room, "lock_amendment", without_lock)

    def went_wrong(answers: list[Any]) -> bool:
        crude = any(isinstance(one, DatabaseError) for one in answers)
        return crude or all(isinstance(one, Amendment) for one in answers)

    assert any(went_wrong(heard_and_stated(cast, monkeypatch)[1]) for _ in range(5))


# --- A request and a merge


def asked_while_merged(cast: Cast, patch: pytest.MonkeyPatch) -> tuple[Student, Student, list[Any]]:
    """Somebody asks to see the record that is being merged into another one."""
    stands = make_student(cast.kamiakin)
    gone = make_student(cast.kamiakin)
    own = account_of(gone)

    def merge() -> Merge:
        by = fresh(cast.consortium)
        one, other = Student.objects.get(pk=stands.pk), Student.objects.get(pk=gone.pk)
        return merge_records(stands=one, gone=other, reason="One person", by=by)

    def ask() -> Inspection:
        student = Student.objects.get(pk=gone.pk)
        return actions.ask_to_inspect(student=student, wish="", wants_explained=False, by=fresh(own))

    with meeting(patch, transcripts, "why_not_merge"), meeting(patch, inspecting.rights, "why_not_inspect"):
        answers = at_once(merge, ask)
    return stands, gone, answers


def on_a_merged_record(gone: Student) -> bool:
    """Is an open request written on a record that another one stands for?"""
    merged = Student.objects.merged_away().filter(pk=gone.pk).exists()
    return merged and Inspection.objects.open().filter(student_id=gone.pk).exists()


def test_who_asks_while_their_records_are_merged_is_asked_of_the_record_that_stands(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or the merge waits for the answer: nothing of a record changes while somebody has asked to see it."""
    for _ in range(REPEATS):
        stands, gone, answers = asked_while_merged(cast, monkeypatch)
        assert not on_a_merged_record(gone)
        for answer in answers:
            if isinstance(answer, Exception) and not refusals([answer]):
                raise answer
        (merged, found) = answers
        if isinstance(merged, Merge):
            assert Inspection.objects.open().filter(student_id=stands.pk).count() == 1
        else:
            assert isinstance(found, Inspection)


def test_control_without_holding_the_person(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        inspecting, "hold_person", lambda student: Student.objects.select_related("user").get(pk=student.pk)
    )
    assert any(on_a_merged_record(asked_while_merged(cast, monkeypatch)[1]) for _ in range(5))


# --- Two workers tell of rights


def told_by_two(cast: Cast, patch: pytest.MonkeyPatch) -> tuple[int, list[Any]]:
    """Two workers find the same students who have not had this year's notice."""
    for _ in range(3):
        make_registration(
            make_student(cast.kamiakin),
            cast.section, cast.agreement,
        )  # fmt: skip
    waiting = to_be_told(cast.year).count()
    with meeting(patch, notices, "to_be_told"):
        return waiting, at_once(actions.tell_rights, actions.tell_rights)


def test_two_workers_tell_everybody_once(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(REPEATS):
        before = YearlyNotice.objects.count()
        waiting, answers = told_by_two(cast, monkeypatch)
        assert sum(answers) == waiting
        assert YearlyNotice.objects.count() - before == waiting
        assert not to_be_told(cast.year).exists()


def test_control_without_turns_the_database_refuses_one_of_them(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notices, "one_at_a_time", lambda name: None)
    answers: list[Any] = []
    for _ in range(5):
        answers += told_by_two(cast, monkeypatch)[1]
    assert any(isinstance(one, IntegrityError) for one in answers)
