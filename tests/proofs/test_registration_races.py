"""One live registration per student, course and year: under every race that students and staff can make of it.

Two things hold it: a lock a student, so that two acts come one after the other, and a constraint in the database,
which holds even where the lock does not. Each is shown alone, and without both the fault is there.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any
from unittest import mock

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.urls import reverse

from accounts.models import Event, Mail, User
from articulations.models import Section
from grading import actions as grading
from organizations.models import College
from students import actions as students
from students import rules
from students.actions import registrations
from students.models import FIRST_CONSENT, Registration, Student
from tests.people import (
    Cast,
    make_agreement,
    make_college_course,
    make_registration,
    make_section,
    make_student,
)
from tests.proofs.test_merge_races import without_lock as without_hold
from tests.proofs.test_merge_races import without_trigger
from tests.proofs.test_races import REPEATS, at_once, meeting, refusals, threads, without_constraint
from transcripts import actions as transcripts
from transcripts import rules as transcript_rules

__all__ = ["threads"]  # the fixture that keeps eight threads

pytestmark = pytest.mark.django_db(transaction=True)
ONE_LIVE = (Registration, "one_live_registration_of_a_class_a_year")


def fresh(student: Student) -> tuple[Student, User]:
    return Student.objects.select_related("user").get(pk=student.pk), User.objects.get(pk=student.user_id)


def live_of(student: Student) -> int:
    count: int = Registration.objects.live().filter(student=student).count()
    return count


@contextmanager
def without_lock() -> Iterator[None]:
    """Nobody waits for anybody: a student is taken as the screen had them."""
    with mock.patch.object(registrations, "hold_person", lambda student: student):
        yield


def two_colleges(cast: Cast, patch: pytest.MonkeyPatch) -> tuple[Student, list[Any]]:
    """The same class in two tabs, with a college each; both have found that nothing stands in the way."""
    student = make_student(cast.kamiakin, "Torn")

    def press(college: College) -> Registration:
        one, by = fresh(student)
        return students.register(student=one, section=cast.section, college=college, by=by)

    with meeting(patch, rules, "why_not_register"):
        return student, at_once(lambda: press(cast.cbc), lambda: press(cast.wwcc))


@pytest.fixture
def second_college(cast: Cast) -> None:
    make_agreement(
        (cast.accounting, make_college_course(cast.wwcc, "ACCT& 201")), consortium=cast.walla_walla
    )


def test_two_colleges_in_two_tabs_make_one_registration(
    cast: Cast, second_college: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(REPEATS):
        student, answers = two_colleges(cast, monkeypatch)
        assert refusals(answers) == ["registered_already"]
        assert live_of(student) == 1


def test_the_constraint_alone_holds_and_the_second_is_told(
    cast: Cast, second_college: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    with without_lock():
        for _ in range(REPEATS):
            student, answers = two_colleges(cast, monkeypatch)
            assert refusals(answers) == ["registered_already"]
            assert live_of(student) == 1
            assert Mail.objects.filter(to=student.email).count() == 1


def test_the_lock_alone_holds_too(cast: Cast, second_college: None, monkeypatch: pytest.MonkeyPatch) -> None:
    with without_constraint(ONE_LIVE):
        for _ in range(REPEATS):
            student, answers = two_colleges(cast, monkeypatch)
            assert refusals(answers) == ["registered_already"]
            assert live_of(student) == 1


def test_control_two_colleges_without_lock_and_constraint(
    cast: Cast, second_college: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    with without_constraint(ONE_LIVE), without_lock():
        assert 2 in [live_of(two_colleges(cast, monkeypatch)[0]) for _ in range(5)]


# --- Double click, and the same form again after a time-out, through the real page ----------------------


def page_of(student: Student) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=student.user_id))
    return client


def form(cast: Cast, sections: list[Section]) -> tuple[str, dict[str, str]]:
    data = {"consent": "on", "consent_version": FIRST_CONSENT}
    for section in sections:
        key = section.high_school_course.public_id
        data |= {f"teacher_{key}": str(section.public_id), f"college_{key}": str(cast.cbc.public_id)}
    path = reverse("students:choose") + "?"
    return path + "&".join(f"class={one.high_school_course.public_id}" for one in sections), data


def double_click(cast: Cast, patch: pytest.MonkeyPatch) -> tuple[Student, list[Any]]:
    student = make_student(cast.kamiakin, "Quick")
    path, data = form(cast, [cast.section, cast.colleague_section])
    first, second = page_of(student), page_of(student)
    with meeting(patch, rules, "why_not_register"):
        return student, at_once(lambda: first.post(path, data), lambda: second.post(path, data))


def test_a_double_click_registers_each_class_once_and_mails_once(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(REPEATS):
        student, answers = double_click(cast, monkeypatch)
        assert [answer.status_code for answer in answers] == [302, 302]
        assert {answer.headers["Location"] for answer in answers} == {reverse("students:answers")}
        assert live_of(student) == Registration.objects.filter(student=student).count() == 2
        assert Mail.objects.filter(to=student.email).count() == 1


def test_control_a_double_click_without_lock_and_constraint(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    with without_constraint(ONE_LIVE), without_lock():
        assert max(live_of(double_click(cast, monkeypatch)[0]) for _ in range(5)) > 2


def test_after_a_time_out_the_same_form_registers_once(cast: Cast) -> None:
    """The first try dies in the database before it is kept, or is kept while its answer is lost: both end alike."""
    path, data = form(cast, [cast.section, cast.colleague_section])

    def die(*args: Any, **facts: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 20; SELECT pg_sleep(1)")

    for kept in (False, True) * (REPEATS // 2):
        student = make_student(cast.kamiakin, "Patient")
        client = page_of(student)
        if kept:
            client.post(path, data)
        else:
            with mock.patch.object(registrations, "_tell", die), pytest.raises(OperationalError):
                client.post(path, data)
            assert Registration.objects.filter(student=student).count() == 0
        assert client.post(path, data).headers["Location"] == reverse("students:answers")
        assert live_of(student) == Registration.objects.filter(student=student).count() == 2
        assert Mail.objects.filter(to=student.email).count() == 1


# --- Student and staff at once --------------------------------------------------------------------------


def again_and_back(cast: Cast) -> tuple[Student, list[Any]]:
    """A student who left registers once more, while the teacher puts the class they left back to In Progress."""
    student = make_student(cast.kamiakin, "Undecided")
    left = make_registration(student, cast.section, cast.agreement, status="withdrawn")

    def put_back() -> Any:
        change = grading.RowChange(left.public_id, left.version, status="in_progress")
        return grading.save_roster(
            section=cast.section, changes=[change], by=User.objects.get(pk=cast.teacher.pk)
        )

    def again() -> Registration:
        one, by = fresh(student)
        return students.register(student=one, section=cast.section, college=cast.cbc, by=by)

    return student, at_once(put_back, again)


def test_a_student_and_a_teacher_at_once_leave_one_live_registration(cast: Cast) -> None:
    for _ in range(REPEATS):
        student, answers = again_and_back(cast)
        assert set(refusals(answers)) <= {"registered_again", "registered_already"}
        assert live_of(student) == 1


def test_control_a_student_and_a_teacher_without_the_constraint(cast: Cast) -> None:
    with without_constraint(ONE_LIVE):
        assert 2 in [live_of(again_and_back(cast)[0]) for _ in range(max(REPEATS, 20))]


# --- Registering while two records of a person are merged -----------------------------------------------


def registers_while_merged(
    cast: Cast, patch: pytest.MonkeyPatch, *, patience: float = 0.1
) -> tuple[Student, list[Any]]:
    """A record registers for a class another record of the same person is registered for, while the two are merged.
    Whoever has looked waits for the other to have looked, so long as their patience lasts."""
    stands, gone = make_student(cast.kamiakin, "Twice"), make_student(cast.kamiakin, "Twice")
    make_registration(stands, cast.section, cast.agreement)

    def merge() -> Any:
        by = User.objects.get(pk=cast.consortium.pk)
        pair = {"stands": Student.objects.get(pk=stands.pk), "gone": Student.objects.get(pk=gone.pk)}
        return transcripts.merge_records(reason="The same person", by=by, **pair)

    def press() -> Registration:
        one, by = fresh(gone)
        return students.register(student=one, section=cast.section, college=cast.cbc, by=by)

    both = threading.Barrier(2)

    def meet(answer: Any) -> Any:
        with suppress(threading.BrokenBarrierError):
            both.wait(patience)
        return answer

    why_not_register, why_not_merge = rules.why_not_register, transcript_rules.why_not_merge
    with patch.context() as inside:
        inside.setattr(rules, "why_not_register", lambda *a, **k: meet(why_not_register(*a, **k)))
        inside.setattr(transcript_rules, "why_not_merge", lambda *a, **k: meet(why_not_merge(*a, **k)))
        return stands, at_once(merge, press)


def classes_of(person: Student) -> int:
    """Live registrations of the one class, on whichever record of the person."""
    return int(Registration.objects.live().of(Student.objects.get(pk=person.pk)).count())


def is_merged(person: Student) -> bool:
    return Student.objects.filter(merged_into=person).exists()


def test_who_registers_while_merged_is_in_the_class_once(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Merged first, the student is answered with the registration of their other record; registered first, the merge
    is refused with the class."""
    for _ in range(REPEATS):
        person, answers = registers_while_merged(cast, monkeypatch)
        assert refusals(answers) == ([] if is_merged(person) else ["class_twice"])
        assert classes_of(person) == 1


def test_the_triggers_alone_hold_while_merged(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits, both have looked: the database lets one of them."""
    with without_lock():
        for _ in range(REPEATS):
            person, answers = registers_while_merged(cast, monkeypatch)
            assert sum(isinstance(answer, Exception) for answer in answers) == 1
            assert classes_of(person) == 1


def test_control_registering_while_merged_without_lock_and_triggers(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (
        without_lock(),
        without_hold(),
        without_trigger("students_registration", "one_class_a_person"),
        without_trigger("students_student", "merges_make_no_chain"),
    ):
        person, answers = registers_while_merged(cast, monkeypatch, patience=20)
        assert not [one for one in answers if isinstance(one, Exception)]
        assert classes_of(person) == 2


# --- Changes at once ------------------------------------------------------------------------------------


def changes_at_once(cast: Cast, other: Section) -> tuple[Registration, list[Any]]:
    """College, teacher and withdrawal of one class in three tabs that show the same version."""
    student = make_student(cast.kamiakin, "Restless")
    registration = make_registration(student, cast.section, cast.agreement)

    def mine() -> dict[str, Any]:
        one = Registration.objects.in_full().select_related("student__user").get(pk=registration.pk)
        return {"registration": one, "by": one.student.user}

    return registration, at_once(
        lambda: students.change_college(college=cast.wwcc, version=1, **mine()),
        lambda: students.change_teacher(section=other, version=1, **mine()),
        lambda: students.withdraw(**mine()),
    )


def test_of_changes_at_once_each_that_stands_was_seen(cast: Cast, second_college: None) -> None:
    """What the screen showed is what is changed; a change that came between is told, and every one is written down."""
    other = make_section(cast.accounting, cast.colleague_seat, label="Period 6")
    for _ in range(REPEATS):
        registration, answers = changes_at_once(cast, other)
        refused = refusals(answers)
        assert set(refused) <= {"changed_meanwhile", "has_ended"}
        registration.refresh_from_db()
        assert registration.version == 1 + len(answers) - len(refused)
        assert (registration.college_id, registration.articulation.college_id) in (
            (cast.cbc.pk, cast.cbc.pk),
            (cast.wwcc.pk, cast.wwcc.pk),
        )
        told = Event.objects.filter(
            subject_type="students.registration", subject_id=registration.pk, kind__startswith="students."
        )
        assert told.count() == len(answers) - len(refused)


def test_control_changes_that_do_not_ask_for_the_version(
    cast: Cast, second_college: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Written over whatever stands, a class that was left is changed afterwards, or two changes both pass for one."""

    def write_over(registration: Registration, *, version: int, values: Any) -> None:
        Registration.objects.filter(pk=registration.pk).update(**values, version=version + 1)

    monkeypatch.setattr(registrations, "_change", write_over)
    other = make_section(cast.accounting, cast.colleague_seat, label="Period 6")
    lost = False
    for _ in range(5):
        registration, answers = changes_at_once(cast, other)
        done = len(answers) - len(refusals(answers))
        registration.refresh_from_db()
        lost = lost or registration.version != 1 + done
    assert lost
