"""Two at once over a roster: two answers about one registration, two reminders, two files of one class."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any
from unittest import mock

import pytest
from django.db.models import QuerySet

from accounts.models import Job, Mail, User
from students import actions, tasks
from students import rules as student_rules
from students.models import ClassAnswer, Registration, RosterEntry
from tests.people import Cast, make_entry, make_registration, make_student
from tests.proofs.test_races import REPEATS, at_once, meeting, refusals, threads, without_constraint
from tests.students.rosters import PERIOD_2, as_csv, hand_in

__all__ = ["threads"]  # the fixture that keeps eight threads

pytestmark = pytest.mark.django_db(transaction=True)
ONE_ANSWER = (ClassAnswer, "class_answer_once")


@contextmanager
def without_row_lock() -> Iterator[None]:
    """Nobody waits for anybody: rows are read as if nobody would write them."""
    with mock.patch.object(QuerySet, "select_for_update", lambda rows, **_: rows):
        yield


def two_answers(cast: Cast, patch: pytest.MonkeyPatch) -> tuple[Registration, list[Any]]:
    """Two co-teachers: one accepts, one rejects; both have looked and found that nothing stands in the way."""
    registration = make_registration(make_student(cast.kamiakin, "Torn"), cast.section, cast.agreement)

    def say(answer: str) -> ClassAnswer:
        by = User.objects.get(pk=cast.teacher.pk)
        return actions.answer_for(
            registration=Registration.objects.select_related("section").get(pk=registration.pk),
            answer=answer, version=1, reason="Is in period 4.", by=by,
        )  # fmt: skip

    with meeting(patch, student_rules, "why_not_answer"):
        return registration, at_once(lambda: say("in_class"), lambda: say("not_in_class"))


def test_of_two_answers_one_counts_and_the_other_is_told(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(REPEATS):
        registration, answers = two_answers(cast, monkeypatch)
        assert refusals(answers) == ["changed_meanwhile"]
        said = ClassAnswer.objects.get(registration=registration)
        registration.refresh_from_db()
        assert (registration.status == "not_in_class") is (said.answer == "not_in_class")
        assert registration.version == 2


def test_control_two_answers_without_lock_and_constraint(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    with without_constraint(ONE_ANSWER), without_row_lock():
        made = []
        for _ in range(5):
            registration, _answers = two_answers(cast, monkeypatch)
            made.append(ClassAnswer.objects.filter(registration=registration).count())
        assert 2 in made


def two_reminders(cast: Cast, patch: pytest.MonkeyPatch) -> tuple[int, int]:
    """Teacher and counselor press Remind all in the same moment; how many were told so, how many mails there are."""
    entry = make_entry(cast.section, email="one@school.example.org")

    def press(by: User) -> actions.Reminded:
        return actions.remind_unregistered(section=cast.section, entries=[entry.public_id], by=by)

    with meeting(patch, student_rules, "wanting_none"):
        done = at_once(lambda: press(cast.teacher), lambda: press(cast.counselor))
    assert refusals(done) == []
    RosterEntry.objects.filter(pk=entry.pk).delete()
    return sum(one.sent for one in done), Mail.objects.filter(key__contains=str(entry.public_id)).count()


def test_reminded_twice_at_once_is_reminded_once(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(REPEATS):
        assert two_reminders(cast, monkeypatch) == (1, 1)


def test_control_two_reminders_without_lock(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """The mail's key still lets one out alone, but both believe they have sent it."""
    with without_row_lock():
        assert (2, 1) in [two_reminders(cast, monkeypatch) for _ in range(5)]


def test_two_files_of_one_class_at_once_come_one_after_the_other(cast: Cast) -> None:
    files = [hand_in(cast.teacher, as_csv(*PERIOD_2[:2])), hand_in(cast.teacher, as_csv(*PERIOD_2[1:]))]
    for one in files:
        actions.take_in_roster(roster=one, by=cast.teacher)
    jobs = [Job.objects.get(task=actions.TAKE_IN_ROSTER_TASK, subject_id=one.pk).pk for one in files]
    assert at_once(*(partial(tasks.take_in_roster, pk) for pk in jobs)) == [None, None]
    for one in files:
        one.refresh_from_db()
    assert {one.state for one in files} == {"done"}
    assert sorted((one.added, one.gone) for one in files) == [(1, 1), (2, 0)]
    assert RosterEntry.objects.on(cast.section).standing().count() == 2
