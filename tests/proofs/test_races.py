"""Two at once: every act that two people, two tabs or two workers may do in the same moment.

Real threads, real transactions, the worst order forced where it can be: both have looked before either writes. Each
race is run twenty times (two hundred with SERS_PROOF=long). Beside a race stands its control: the same two at once with
the protection taken away, which must go wrong, or the race proves nothing.
"""

import itertools
import os
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, connections, models, transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts import actions as accounts
from accounts.access import Role
from accounts.models import Event, Job, Mail, OutboxState, User
from articulations import actions as articulations
from articulations.models import Articulation, ArticulationCourse, Section
from grading import actions as grading
from grading import rules as grading_rules
from grading.models import ClassCompletion, GradeChange, GradeDraft, GradeEntry, Shown, WindowExtension
from organizations import actions as organizations
from organizations.actions import people
from organizations.actions import seats as seats_actions
from organizations.models import CollegeYear, ConsortiumYear, Seat, Window
from organizations.rules import Wanted
from sers.lib.refusal import Refused
from students import actions as students
from students import rules
from students.models import Registration, Student
from tests.people import (
    Cast,
    account_of,
    close_window,
    make_agreement,
    make_change,
    make_college_course,
    make_conflict,
    make_high_school_course,
    make_identity,
    make_registration,
    make_run,
    make_seat,
    make_section,
    make_sheet,
    make_student,
    make_user,
)
from transcripts import actions as transcripts
from transcripts import rules as transcript_rules
from transcripts.models import (
    AwardSource,
    CollegeIdentity,
    CreditAward,
    IdentityConflict,
    RunItem,
    RunLine,
    TermActivation,
    Transcript,
    TranscriptionPlan,
    TranscriptionRun,
    TranscriptRequest,
    WorksheetRow,
)
from transcripts.rules import verify_chain

REPEATS = 200 if os.environ.get("SERS_PROOF") == "long" else 20

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module", autouse=True)
def threads() -> Iterator[None]:
    """Eight threads that keep their connections: opening one takes longer than most races."""
    global pool
    with ThreadPoolExecutor(8) as pool:
        yield
        everyone = threading.Barrier(8)

        def leave() -> None:
            everyone.wait(10)
            connections.close_all()

        for future in [pool.submit(leave) for _ in range(8)]:
            future.result(10)


pool: ThreadPoolExecutor


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """Call these in threads that start together; their answers or refusals, in the order of the calls."""
    start = threading.Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        connections["default"].ensure_connection()
        start.wait(10)
        try:
            return call()
        except Exception as error:
            return error

    return [future.result(30) for future in [pool.submit(run, call) for call in calls]]


@contextmanager
def meeting(patch: pytest.MonkeyPatch, module: Any, name: str, people: int = 2) -> Iterator[None]:
    """Whoever leaves this function waits for the others to leave it too, if they can: then all go on together.

    Where a lock keeps somebody out, waiting longer would only take time. In a control nobody is kept out, and on a busy
    machine the others may come late.
    """
    original = getattr(module, name)
    barrier = threading.Barrier(people)
    patience = 1.0 if "::test_control" in os.environ.get("PYTEST_CURRENT_TEST", "") else 0.1

    def meet(*args: Any, **kwargs: Any) -> Any:
        answer = original(*args, **kwargs)
        try:
            barrier.wait(patience)
        except threading.BrokenBarrierError:
            pass  # somebody is kept out by a lock: that is the protection at work
        return answer

    with patch.context() as inside:
        inside.setattr(module, name, meet)
        yield


@contextmanager
def without_constraint(*constraints: tuple[type[models.Model], str]) -> Iterator[None]:
    """These unique constraints are not there for a while; rows that break them are the caller's to remove."""
    found = [
        (model, next(one for one in model._meta.constraints if one.name == name))
        for model, name in constraints
    ]
    with connection.schema_editor() as editor:
        for model, constraint in found:
            editor.remove_constraint(model, constraint)
    try:
        yield
    finally:
        for model, _ in found:
            with connection.cursor() as cursor:
                cursor.execute(f'TRUNCATE "{model._meta.db_table}" CASCADE')
        with connection.schema_editor() as editor:
            for model, constraint in found:
                editor.add_constraint(model, constraint)


def refusals(answers: list[Any]) -> list[str]:
    """The rules that refused; anything else that was raised fails the test."""
    for answer in answers:
        if isinstance(answer, Exception) and not isinstance(answer, Refused):
            raise answer
    return [answer.refusal.rule for answer in answers if isinstance(answer, Refused)]


# --- Registering ----------------------------------------------------------------------------------------


def register_twice(cast: Cast, patch: pytest.MonkeyPatch) -> tuple[Student, list[Any]]:
    """One student presses Register in two tabs, and both have found that nothing stands in the way."""
    student = make_student(cast.kamiakin, "Twice")

    def press() -> Registration:
        return students.register(
            student=Student.objects.select_related("user").get(pk=student.pk),
            section=cast.section,
            college=cast.cbc,
            by=User.objects.get(pk=student.user_id),
        )

    with meeting(patch, rules, "why_not_register"):
        return student, at_once(press, press)


def test_registering_twice_at_once_makes_one_registration(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(REPEATS):
        student, answers = register_twice(cast, monkeypatch)
        assert refusals(answers) == []
        registration = Registration.objects.get(student=student)
        assert answers == [registration, registration]
        assert Event.objects.filter(kind="students.registered", subject_id=registration.pk).count() == 1
        assert Mail.objects.filter(to=student.email).count() == 1


def test_control_registering_twice_without_protection(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    doubled = 0
    with without_constraint((Registration, "one_live_registration_of_a_class_a_year")):
        monkeypatch.setattr(students.registrations, "hold_person", lambda student: student)
        for _ in range(5):
            student, answers = register_twice(cast, monkeypatch)
            assert refusals(answers) == []
            doubled += Registration.objects.filter(student=student).count() == 2
    assert doubled


def register_two_classes(cast: Cast, patch: pytest.MonkeyPatch) -> list[Decimal]:
    """A student registers for two classes in two tabs of a consortium with a yearly fee; what each is charged."""
    ConsortiumYear.objects.filter(consortium=cast.columbia_basin, year=cast.year).update(
        fee_basis=ConsortiumYear.FeeBasis.YEAR, fee_amount=Decimal(50)
    )
    student = make_student(cast.kamiakin, "Thrifty")

    def press(section: Section) -> Registration:
        return students.register(
            student=Student.objects.select_related("user").get(pk=student.pk),
            section=section,
            college=cast.cbc,
            by=User.objects.get(pk=student.user_id),
        )

    with meeting(patch, rules, "fee_of"):
        answers = at_once(lambda: press(cast.section), lambda: press(cast.colleague_section))
    assert refusals(answers) == []
    return sorted(Registration.objects.filter(student=student).values_list("fee_due", flat=True))


def test_two_classes_at_once_owe_the_fee_of_the_year_once(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(REPEATS):
        assert register_two_classes(cast, monkeypatch) == [0, 50]


def test_control_two_classes_at_once_without_the_lock(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(students.registrations, "hold_person", lambda student: student)
    assert [50, 50] in [register_two_classes(cast, monkeypatch) for _ in range(5)]


def ask_for_links(cast: Cast, patch: pytest.MonkeyPatch) -> bool:
    """A student presses Send in two tabs, and both have found that none was sent; does the mailed link open?"""
    student = make_student(cast.kamiakin, "Linked")

    def press() -> None:
        students.send_link(
            student=Student.objects.select_related("user").get(pk=student.pk),
            by=User.objects.get(pk=student.user_id),
        )

    with meeting(patch, rules, "why_not_send_link"):
        refusals(at_once(press, press))
    (text,) = Mail.objects.filter(to=student.email).values_list("text", flat=True)
    return students.is_open_link(text.split("/confirm/")[1].split("/")[0])


def test_a_link_asked_for_twice_at_once_opens(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(REPEATS):
        assert ask_for_links(cast, monkeypatch)


def test_control_a_link_asked_for_twice_without_the_lock(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(students.accounts, "one_at_a_time", lambda key: None)
    turn, make = itertools.count(), students.accounts.new_confirm_url

    def one_late(user: User) -> str:
        time.sleep(0.2 * (next(turn) % 2))  # the second closes what the first has sent meanwhile
        return make(user)

    monkeypatch.setattr(students.accounts, "new_confirm_url", one_late)
    assert False in [ask_for_links(cast, monkeypatch) for _ in range(5)]


def create_twice(cast: Cast, patch: pytest.MonkeyPatch, number: int) -> tuple[str, list[Any]]:
    """One new student presses Create Account in two tabs; both have found no account of this form."""
    facts = {
        "public_id": uuid.uuid4(), "first_name": "Nova", "last_name": f"Lindqvist {number}",
        "birth_date": date(2009, 5, 1), "email": f"nova{number}@example.net",
        "password": "four plain words of wood", "school": cast.kamiakin, "grade_level": 11,
        "graduation_year": 2027,
    }  # fmt: skip
    with meeting(patch, students.accounts, "one_at_a_time"):
        press = lambda: students.create_student(**facts)  # noqa: E731 - pressed twice below
        return str(facts["email"]), at_once(press, press)


def test_the_same_new_student_twice_at_once_gets_one_account(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(REPEATS):
        email, answers = create_twice(cast, monkeypatch, number)
        assert refusals(answers) == []
        student = Student.objects.get(user__email=email)
        assert answers == [student, student]
        assert User.objects.filter(email=email).count() == 1


def test_control_the_same_new_student_twice_without_the_lock(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(students.accounts, "one_at_a_time", lambda key: None)
    answers = [answer for number in range(5) for answer in create_twice(cast, monkeypatch, number)[1]]
    assert any(isinstance(answer, IntegrityError) for answer in answers)


def test_two_people_of_one_name_at_once_get_two_user_names(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(students.accounts.secrets, "randbelow", lambda most: 0)
    for number in range(REPEATS):
        name = "Berg" + "".join("abcdefghij"[int(digit)] for digit in str(number))

        def create(day: int, name: str = name) -> Student:
            return students.create_student(
                first_name="Twin", last_name=name, birth_date=date(2009, 5, day), email=f"twin{day}@example.net",
                password="four plain words of wood", school=cast.kamiakin, grade_level=11, graduation_year=2027,
            )  # fmt: skip

        answers = at_once(lambda create=create: create(1), lambda create=create: create(2))
        assert refusals(answers) == []
        names = sorted(User.objects.filter(last_name=name).values_list("username", flat=True))
        assert names == [f"twin.{name.lower()}.1000", f"twin.{name.lower()}.10002"]


# --- Grading --------------------------------------------------------------------------------------------


def two_teachers(cast: Cast) -> tuple[Registration, Callable[[User, str], Any]]:
    """A registration both teachers have on their screens at version 1."""
    registration = make_registration(make_student(cast.kamiakin, "Graded"), cast.section, cast.agreement)
    cast.section.teachers.add(cast.colleague_seat)

    def save(by: User, typed: str) -> Any:
        result = grading.save_roster(
            section=cast.section,
            changes=[grading.RowChange(registration.public_id, 1, grade=typed)],
            by=User.objects.get(pk=by.pk),
        )
        return result.rows[registration.public_id]

    return registration, save


def test_two_teachers_on_one_row_at_once_one_saves_and_one_is_told(cast: Cast) -> None:
    for _ in range(REPEATS):
        registration, save = two_teachers(cast)
        answers = at_once(
            lambda save=save: save(cast.teacher, "97"), lambda save=save: save(cast.colleague, "86")
        )
        assert refusals(answers) == []
        assert sorted(answer.outcome for answer in answers) == ["clash", "saved"]
        entry = registration.grades.get()
        winner, loser = ("97", "86") if entry.percent == 97 else ("86", "97")
        clash = next(answer for answer in answers if answer.outcome == "clash")
        assert winner in clash.message
        assert loser in clash.message
        registration.refresh_from_db()
        assert registration.version == 2


def test_two_teachers_of_one_mind_at_once(cast: Cast) -> None:
    """The same value from both: one entry, and nobody is bothered."""
    for _ in range(REPEATS):
        registration, save = two_teachers(cast)
        answers = at_once(
            lambda save=save: save(cast.teacher, "97"), lambda save=save: save(cast.colleague, "97")
        )
        assert refusals(answers) == []
        assert sorted(answer.outcome for answer in answers) == ["saved", "unchanged"]
        assert registration.grades.count() == 1


def every_version_is_the_last(patch: pytest.MonkeyPatch) -> None:
    """The guard off: a row saves whatever its screen showed."""
    lock = grading.rosters.lock_roster

    def lock_and_pretend(*args: Any, **kwargs: Any) -> Any:
        return [row._replace(version=1) for row in lock(*args, **kwargs)]

    patch.setattr(grading.rosters, "lock_roster", lock_and_pretend)


def test_control_two_teachers_when_every_version_is_taken_for_the_last(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the comparison the second overwrites the first, and nobody is told."""
    every_version_is_the_last(monkeypatch)
    overwritten = 0
    for _ in range(5):
        registration, save = two_teachers(cast)
        answers = at_once(
            lambda save=save: save(cast.teacher, "97"), lambda save=save: save(cast.colleague, "86")
        )
        assert refusals(answers) == []
        overwritten += [answer.outcome for answer in answers] == [
            "saved",
            "saved",
        ] and registration.grades.count() == 2
    assert overwritten


def grade_and_leave(cast: Cast) -> tuple[Registration, list[Any]]:
    """A teacher saves a grade while the student withdraws from the class."""
    registration, save = two_teachers(cast)

    def leave() -> None:
        one = Registration.objects.select_related("student__user", "articulation", "year").get(
            pk=registration.pk
        )
        students.withdraw(registration=one, by=account_of(one.student))

    return registration, at_once(lambda: save(cast.teacher, "97"), leave)


def change_unheld(registration: Registration, *, version: int, values: dict[str, Any]) -> None:
    """As students.actions.registrations._change, whatever happened since the page was read."""
    time.sleep(0.05)
    Registration.objects.filter(pk=registration.pk).update(**values)


def test_a_grade_and_a_withdrawal_at_once(cast: Cast) -> None:
    """Either the student left before the grade, or the grade stands: never a grade on a class that was left."""
    ended = []
    for _ in range(REPEATS):
        registration, answers = grade_and_leave(cast)
        refused = refusals(answers)
        registration.refresh_from_db()
        ended.append(registration.status)
        if registration.status == "withdrawn":
            assert (refused, registration.grades.count()) == ([], 0)
            assert answers[0].outcome in ("clash", "refused")
        else:
            assert registration.status == "completed"
            assert answers[0].outcome == "saved"
            assert refused in (["changed_meanwhile"], ["has_ended"])
            assert registration.grades.count() == 1
    assert set(ended) <= {"withdrawn", "completed"}


def test_control_a_withdrawal_that_does_not_look_again(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the comparison the student leaves a class that has its grade by then, and the grade is lost to both."""
    monkeypatch.setattr(students.registrations, "_change", change_unheld)
    lost = 0
    for _ in range(5):
        registration, answers = grade_and_leave(cast)
        registration.refresh_from_db()
        lost += (
            answers[0].outcome == "saved"
            and registration.status == "withdrawn"
            and registration.grades.count() == 1
        )
    assert lost


def grade_and_move(cast: Cast, other: Section) -> tuple[Registration, Any, Any]:
    """A teacher saves a grade while the student moves to another teacher of the class."""
    registration, save = two_teachers(cast)

    def move() -> bool:
        one = Registration.objects.select_related("student__user", "articulation", "year").get(
            pk=registration.pk
        )
        return students.change_teacher(registration=one, section=other, version=1, by=account_of(one.student))

    graded, moved = at_once(lambda: save(cast.teacher, "97"), move)
    return registration, graded, moved


def test_a_move_to_another_teacher_and_a_grade_at_once(cast: Cast) -> None:
    """The grade stays with the class it was entered in; the move is refused once there is a grade."""
    other = make_section(cast.accounting, cast.colleague_seat, label="Period 6")
    for _ in range(REPEATS):
        registration, graded, moved = grade_and_move(cast, other)
        refused = refusals([graded, moved])
        registration.refresh_from_db()
        if graded.outcome == "saved":
            assert registration.section == cast.section
            assert refused in (["changed_meanwhile"], ["has_ended"])
        else:
            assert (registration.section, registration.grades.count(), moved) == (other, 0, True)


def test_control_a_move_that_does_not_look_again(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the comparison a graded student sits in the class of a teacher who never gave that grade."""
    other = make_section(cast.accounting, cast.colleague_seat, label="Period 6")
    monkeypatch.setattr(students.registrations, "_change", change_unheld)
    carried = 0
    for _ in range(5):
        registration, graded, _ = grade_and_move(cast, other)
        registration.refresh_from_db()
        carried += (
            graded.outcome == "saved"
            and registration.section_id == other.pk
            and registration.grades.count() == 1
        )
    assert carried


def hand_on_and_save(cast: Cast) -> tuple[Registration, Any]:
    """A class is handed on to another teacher after the first has opened it and before Save Changes."""
    registration, _ = two_teachers(cast)
    change = grading.RowChange(registration.public_id, 1, grade="97")
    opened = User.objects.get(pk=cast.teacher.pk)
    cast.section.teachers.remove(cast.teacher_seat)
    try:
        (answer,) = at_once(
            lambda: grading.save_roster(
                section=Section.objects.get(pk=cast.section.pk), changes=[change], by=opened
            )
        )
    finally:
        cast.section.teachers.add(cast.teacher_seat)
    return registration, answer


def test_a_class_is_handed_on_between_open_and_save(cast: Cast) -> None:
    """Who no longer teaches a class enters no grade in it, whatever the page said."""
    registration, answer = hand_on_and_save(cast)
    assert (refusals([answer]), registration.grades.count()) == (["not_teacher"], 0)


def test_control_a_save_that_trusts_who_opened_the_page(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grading.rosters.rules, "can_grade", lambda *args: True)
    registration, answer = hand_on_and_save(cast)
    assert (answer.rows[registration.public_id].outcome, registration.grades.count()) == ("saved", 1)


def save_in_two_tabs(cast: Cast) -> tuple[Registration, Registration, list[Any]]:
    """One person saves the same row in two tabs, and in one of them another row too."""
    registration, _ = two_teachers(cast)
    other = make_registration(make_student(cast.kamiakin, "Beside"), cast.section, cast.agreement)

    def press(typed: str, *rows: Registration) -> Any:
        changes = [grading.RowChange(one.public_id, 1, grade=typed) for one in rows]
        return grading.save_roster(
            section=cast.section, changes=changes, by=User.objects.get(pk=cast.teacher.pk)
        )

    answers = at_once(lambda: press("97", registration), lambda: press("86", registration, other))
    assert refusals(answers) == []
    return registration, other, answers


def test_one_teacher_in_two_tabs_at_once(cast: Cast) -> None:
    """The same row in two tabs of one person: one is saved, the other told; rows of only one tab are saved."""
    for _ in range(REPEATS):
        registration, other, answers = save_in_two_tabs(cast)
        assert sorted(answer.rows[registration.public_id].outcome for answer in answers) == ["clash", "saved"]
        assert answers[1].rows[other.public_id].outcome == "saved"
        assert (registration.grades.count(), other.grades.count()) == (1, 1)


def test_control_two_tabs_when_every_version_is_taken_for_the_last(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    every_version_is_the_last(monkeypatch)
    found = [save_in_two_tabs(cast) for _ in range(5)]
    assert any(
        [answer.rows[row.public_id].outcome for answer in answers] == ["saved", "saved"]
        and row.grades.count() == 2
        for row, _, answers in found
    )


def undo_and_save(cast: Cast) -> tuple[Registration, list[Any]]:
    """One teacher undoes a Save Changes while the other types over one of its rows."""
    registration, save = two_teachers(cast)
    save(cast.teacher, "97")
    receipt = Event.objects.filter(kind="grading.roster_saved").latest("pk")

    def undo() -> Any:
        return grading.undo_roster(
            section=cast.section, receipt=receipt, by=User.objects.get(pk=cast.teacher.pk)
        )

    def type_over() -> Any:
        change = grading.RowChange(registration.public_id, 2, grade="86", was=Shown("completed", "97"))
        result = grading.save_roster(
            section=cast.section, changes=[change], by=User.objects.get(pk=cast.colleague.pk)
        )
        return result.rows[registration.public_id]

    return registration, at_once(undo, type_over)


def test_an_undo_and_a_correction_at_once(cast: Cast) -> None:
    """Whoever comes second is told: the undo finds the row changed, or the correction clashes."""
    for _ in range(REPEATS):
        registration, answers = undo_and_save(cast)
        refused = refusals(answers)
        registration.refresh_from_db()
        if refused:
            assert refused == ["nothing_to_undo"]
            assert (answers[1].outcome, registration.status) == ("saved", "completed")
        else:
            assert (answers[0].rows, answers[1].outcome, registration.status) == (1, "clash", "in_progress")
        numbers = list(registration.grades.order_by("number").values_list("number", flat=True))
        assert numbers == [1, 2]


def test_control_an_undo_that_does_not_look_at_what_stands(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the comparison the undo takes the other teacher's correction away, and nobody is told."""
    monkeypatch.setattr(grading.undoing.rules, "why_not_undo", lambda *args, **kwargs: None)
    lost = 0
    for _ in range(10):
        registration, answers = undo_and_save(cast)
        registration.refresh_from_db()
        lost += (
            not isinstance(answers[1], Exception)
            and answers[1].outcome == "saved"
            and registration.status == "in_progress"
        )
    assert lost


def undo_twice(cast: Cast) -> tuple[Registration, list[Any]]:
    registration, save = two_teachers(cast)
    save(cast.teacher, "97")
    receipt = Event.objects.filter(kind="grading.roster_saved").latest("pk")

    def undo(by: User) -> Any:
        return grading.undo_roster(section=cast.section, receipt=receipt, by=User.objects.get(pk=by.pk))

    return registration, at_once(lambda: undo(cast.teacher), lambda: undo(cast.colleague))


def test_a_receipt_undone_twice_at_once_is_undone_once(cast: Cast) -> None:
    for _ in range(REPEATS):
        registration, answers = undo_twice(cast)
        assert refusals(answers) == ["nothing_to_undo"]
        outcomes = list(registration.grades.order_by("number").values_list("outcome", flat=True))
        assert outcomes == ["completed", "taken_back"]


def close_and_save(cast: Cast, patch: pytest.MonkeyPatch) -> tuple[Registration, Any]:
    """The window closes after the page was opened and before Save Changes: whatever the page said, today decides."""
    registration, save = two_teachers(cast)
    windows = Window.objects.filter(kind=Window.Kind.GRADING, consortium=cast.columbia_basin, year=cast.year)
    (was,) = windows.values_list("opens_on", "closes_on")
    yesterday = timezone.localdate() - timedelta(days=1)
    windows.update(opens_on=yesterday, closes_on=yesterday)
    try:
        return registration, save(cast.teacher, "97")
    finally:
        windows.update(opens_on=was[0], closes_on=was[1])


def test_the_window_closes_between_open_and_save(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    registration, row = close_and_save(cast, monkeypatch)
    assert (row.outcome, row.rule, registration.grades.count()) == ("refused", "grading_closed", 0)


def test_control_a_save_that_trusts_the_page(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grading.rosters.rules, "why_not_grade", lambda *args, **kwargs: None)
    registration, row = close_and_save(cast, monkeypatch)
    assert (row.outcome, registration.grades.count()) == ("saved", 1)


def draft_in_two_windows(cast: Cast) -> list[str]:
    """Two windows of one person keep a row each in the same moment; the rows that are kept."""
    grading.discard_draft(section=cast.section, by=cast.teacher)
    row = {"seen": "1 in_progress ", "grade": "91", "status": "", "comment": "", "parts": {}}

    def keep(key: str) -> Any:
        return grading.keep_draft(
            section=cast.section, rows={key: row}, by=User.objects.get(pk=cast.teacher.pk)
        )

    keep("first")
    refusals(at_once(lambda: keep("one"), lambda: keep("other")))
    return sorted(GradeDraft.objects.get(section=cast.section, user=cast.teacher).rows)


def test_two_windows_draft_at_once_and_both_are_kept(cast: Cast) -> None:
    for _ in range(REPEATS):
        assert draft_in_two_windows(cast) == ["first", "one", "other"]


def test_control_drafts_without_the_lock(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever reads before the other has written takes the other's row away."""
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **kwargs: self)
    found = [draft_in_two_windows(cast) for _ in range(30)]
    assert [rows for rows in found if len(rows) < 3]


def test_a_draft_kept_while_its_row_is_saved(cast: Cast) -> None:
    """Save Changes ends the rows it saved, whatever another window keeps in the same moment."""
    for _ in range(REPEATS):
        registration, save = two_teachers(cast)
        mine = str(registration.public_id)
        row = {"seen": "1 in_progress ", "grade": "91", "status": "", "comment": "", "parts": {}}
        grading.keep_draft(section=cast.section, rows={mine: row}, by=cast.teacher)

        def keep(row: Any = row) -> Any:
            return grading.keep_draft(
                section=cast.section, rows={"another": row}, by=User.objects.get(pk=cast.teacher.pk)
            )

        refusals(at_once(lambda save=save: save(cast.teacher, "91"), keep))
        assert list(GradeDraft.objects.get(section=cast.section, user=cast.teacher).rows) == ["another"]
        grading.discard_draft(section=cast.section, by=cast.teacher)


def test_fees_are_decided_once(cast: Cast) -> None:
    make_seat(cast.nobody, Role.CONSORTIUM, cast.columbia_basin)
    for _ in range(REPEATS):
        owing = make_registration(
            make_student(cast.kamiakin, "Owing"),
            cast.section,
            cast.agreement,
            fees_req="pending",
            fee_due=Decimal(20),
        )

        def decide(by: User, to: str, owing: Registration = owing) -> Any:
            rows = list(Registration.objects.select_related("articulation").filter(pk=owing.pk))
            return students.process_requirements(registrations=rows, to=to, by=User.objects.get(pk=by.pk))

        answers = at_once(
            lambda decide=decide: decide(cast.consortium, "processed"),
            lambda decide=decide: decide(cast.nobody, "processed"),
        )
        assert refusals(answers) == []
        assert Event.objects.filter(kind="students.fees_req_processed", subject_id=owing.pk).count() == 1
        owing.refresh_from_db()
        assert (owing.fees_req, owing.version) == ("processed", 2)


# --- Agreements -----------------------------------------------------------------------------------------


def test_two_agreements_for_one_pair_of_courses_at_once(cast: Cast) -> None:
    """One is entered; the other is refused in words."""
    for number in range(REPEATS):
        course = make_college_course(cast.cbc, f"NEW {number}")

        def enter(course: Any = course, number: int = number) -> Articulation:
            return articulations.enter_articulation(
                consortium=cast.columbia_basin, college=cast.cbc, school=cast.kamiakin, title=f"New class {number}", cip="",
                cluster=None, courses=[(course, Decimal(5))], valid_from=date(2026, 7, 1), valid_until=date(2029, 6, 30),
                minimum_percent=None, by=User.objects.get(pk=cast.consortium.pk),
            )  # fmt: skip

        answers = at_once(enter, enter)
        assert refusals(answers) == ["covered_already"]
        assert ArticulationCourse.objects.filter(college_course=course).count() == 1


def test_two_agreements_at_once_get_two_numbers(cast: Cast) -> None:
    for number in range(REPEATS):
        courses = [make_college_course(cast.cbc, f"PAIR {number} {half}") for half in (1, 2)]

        def enter(half: int, number: int = number, courses: list[Any] = courses) -> Articulation:
            return articulations.enter_articulation(
                consortium=cast.columbia_basin, college=cast.cbc, school=cast.kamiakin, title=f"Class {number} {half}", cip="",
                cluster=None, courses=[(courses[half], Decimal(5))], valid_from=date(2026, 7, 1), valid_until=date(2029, 6, 30),
                minimum_percent=None, by=User.objects.get(pk=cast.consortium.pk),
            )  # fmt: skip

        answers = at_once(lambda enter=enter: enter(0), lambda enter=enter: enter(1))
        assert refusals(answers) == []
        assert answers[0].number != answers[1].number


# --- Transcription --------------------------------------------------------------------------------------


@pytest.fixture
def quick_paper(monkeypatch: pytest.MonkeyPatch) -> None:
    """Drawing a transcript takes half a second and races nobody."""
    monkeypatch.setattr(transcripts.transcripts.documents, "draw", lambda *_: (b"%PDF-1.7\n%%EOF\n",) * 2)


def completed(cast: Cast, count: int) -> list[Registration]:
    """Students whose class is Completed and waits for credit, and nobody else's does."""
    Registration.objects.filter(awarded_at=None, status="completed").update(status="in_progress")
    return [
        make_registration(
            make_student(cast.kamiakin, f"Done {number}"), cast.section, cast.agreement, percent="97"
        )
        for number in range(count)
    ]


def start(cast: Cast) -> TranscriptionRun:
    return transcripts.start_run(college=cast.cbc, year=cast.year, by=User.objects.get(pk=cast.registrar.pk))


def finished(cast: Cast) -> None:
    TranscriptionRun.objects.filter(finished_at=None).update(state="finished", finished_at=timezone.now())


def test_a_run_started_twice_at_once_is_one_run(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    completed(cast, 2)
    for _ in range(REPEATS):
        with meeting(monkeypatch, transcripts.runs.rules, "why_not_start_now"):
            answers = at_once(lambda: start(cast), lambda: start(cast))
        assert refusals(answers) == ["run_is_live"]
        run = TranscriptionRun.objects.get(finished_at=None)
        assert (run.items.count(), run.lines.count()) == (2, 2)
        assert Job.objects.filter(subject_id=run.pk).count() == transcripts.LANES
        finished(cast)


def test_control_a_run_started_twice_without_the_constraint(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    completed(cast, 1)
    with without_constraint((TranscriptionRun, "one_live_run_a_college_and_year")):
        with meeting(monkeypatch, transcripts.runs.rules, "why_not_start_now"):
            answers = at_once(lambda: start(cast), lambda: start(cast))
        assert refusals(answers) == []
        assert TranscriptionRun.objects.filter(finished_at=None).count() == 2


def work_until_done(run: TranscriptionRun, job: Job | None = None) -> int:
    """What one worker does; how often it had something to do."""
    count = 0
    while transcripts.transcribe_next(run_id=run.pk, job=job):
        count += 1
    transcripts.finish_run(run_id=run.pk)
    return count


def test_two_workers_award_each_student_once(cast: Cast, quick_paper: None) -> None:
    """And a third that comes when all is done."""
    for _ in range(max(REPEATS // 10, 2)):
        registrations = completed(cast, 10)
        run = start(cast)
        TranscriptionRun.objects.filter(pk=run.pk).update(state="running")
        lanes = Job.objects.filter(subject_id=run.pk)
        answers = at_once(*(lambda run=run, job=job: work_until_done(run, job) for job in lanes))
        assert refusals(answers) == []
        assert work_until_done(run) == 0
        assert sum(answers) == 10
        assert set(run.items.values_list("attempts", flat=True)) == {1}
        ids = sorted(registration.pk for registration in registrations)
        assert (
            sorted(AwardSource.objects.filter(award__run=run).values_list("registration_id", flat=True))
            == ids
        )
        assert CreditAward.objects.filter(run=run).count() == 10
        assert Transcript.objects.filter(run=run).count() == 10
        assert Registration.objects.filter(pk__in=ids, awarded_at__isnull=False, version=3).count() == 10
        assert RunLine.objects.filter(run=run, state="awarded").count() == 10
        mails = [student.email for student in Student.objects.filter(registrations__in=ids)]
        assert Mail.objects.filter(to__in=mails, subject__contains="college credit").count() == 10
        assert Event.objects.filter(kind="transcripts.run_finished", subject_id=run.pk).count() == 1
        run.refresh_from_db()
        assert run.state == "finished"
        assert verify_chain(run)


def test_control_two_workers_without_lock_and_constraints(
    cast: Cast, quick_paper: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One student, two workers who see neither each other's lock nor the constraints: credit is awarded twice."""
    completed(cast, 1)
    run = start(cast)
    TranscriptionRun.objects.filter(pk=run.pk).update(state="running")
    item_id = RunItem.objects.get(run=run).pk

    def blind() -> None:
        transcripts.transcribe_student(
            item=RunItem.objects.select_related("run__college", "run__year").get(pk=item_id)
        )

    monkeypatch.setattr(models.QuerySet, "select_for_update", lambda self, **_: self)
    with (
        without_constraint(
            (CreditAward, "credit_is_awarded_once"),
            (AwardSource, "class_earns_a_course_once"),
            (Transcript, "one_transcript_a_run_and_student"),
        ),
        meeting(monkeypatch, transcripts.transcripts.documents, "draw"),
    ):
        at_once(blind, blind)
        assert CreditAward.objects.filter(run=run).count() == 2


def test_a_grade_changed_while_credit_is_awarded(cast: Cast, quick_paper: None) -> None:
    """What was awarded is what stands: the teacher was before the run, or is told that credit is awarded."""
    for _ in range(REPEATS):
        (registration,) = completed(cast, 1)
        run = start(cast)
        TranscriptionRun.objects.filter(pk=run.pk).update(state="running")
        registration.refresh_from_db()

        def correct(registration: Registration = registration) -> Any:
            result = grading.save_roster(
                section=cast.section,
                changes=[grading.RowChange(registration.public_id, registration.version, grade="88")],
                by=User.objects.get(pk=cast.teacher.pk),
            )
            return result.rows[registration.public_id]

        _, answer = at_once(lambda run=run: work_until_done(run), correct)
        if isinstance(answer, Exception):
            raise answer
        source = AwardSource.objects.select_related("award", "grade").get(registration=registration)
        standing = GradeEntry.objects.filter(registration=registration).latest("number")
        assert source.grade == standing
        assert (source.award.points, source.award.letter) == (standing.points, standing.letter)
        if answer.outcome == "saved":
            assert standing.percent == 88
        else:
            assert answer.outcome in ("refused", "clash")
            assert standing.percent == 97


def test_stopped_and_resumed_at_once(cast: Cast) -> None:
    """Whatever came first, the run is in one state and has a job for every start."""
    completed(cast, 1)
    run = start(cast)
    for _ in range(REPEATS):
        TranscriptionRun.objects.filter(pk=run.pk).update(state="stopped")
        run.refresh_from_db()
        by = User.objects.get(pk=cast.registrar.pk)
        answers = at_once(
            lambda by=by: transcripts.resume_run(run=TranscriptionRun.objects.get(pk=run.pk), by=by),
            lambda by=by: transcripts.resume_run(run=TranscriptionRun.objects.get(pk=run.pk), by=by),
        )
        assert refusals(answers) == []
        assert sorted(answers) == [False, True]
        starts = run.starts
        run.refresh_from_db()
        assert run.starts == starts + 1
        assert Job.objects.filter(key__startswith=f"run-{run.pk}-{run.starts}-").count() == transcripts.LANES


# --- College IDs, worksheets, requests ------------------------------------------------------------------


def two_registrars(cast: Cast) -> tuple[User, User]:
    """Two people with a registrar's seat at Columbia Basin College, read anew."""
    second, _ = User.objects.get_or_create(
        username="second.registrar",
        defaults={"first_name": "Ruth", "last_name": "Registrar", "email": "ruth@example.org"},
    )
    if not second.seats.exists():
        make_seat(second, Role.REGISTRAR, cast.cbc)
    return User.objects.get(pk=cast.registrar.pk), User.objects.get(pk=second.pk)


def decide_twice(cast: Cast, patch: pytest.MonkeyPatch) -> tuple[IdentityConflict, list[Any]]:
    """Two registrars decide one conflict, each for another student; both have seen that it is open."""
    students = [make_student(cast.kamiakin), make_student(cast.kamiakin)]
    conflict = make_conflict(cast.cbc, cast.applied_sheet, *students)
    first, second = two_registrars(cast)
    with meeting(patch, transcript_rules, "can_keep_identities"):
        answers = at_once(
            lambda: transcripts.decide_conflict(conflict=conflict, student=students[0], by=first),
            lambda: transcripts.decide_conflict(conflict=conflict, student=students[1], by=second),
        )
    return conflict, answers


def test_two_registrars_decide_one_conflict_once(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(REPEATS):
        conflict, answers = decide_twice(cast, monkeypatch)
        assert refusals(answers) == ["decided"]
        identity = CollegeIdentity.objects.standing().get(sid=conflict.sid)
        conflict.refresh_from_db()
        assert conflict.student == identity.student


def test_control_two_registrars_without_the_lock(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both find the conflict open and decide it: the constraint alone stops the second ID then."""
    stopped = 0
    with monkeypatch.context() as patch:
        patch.setattr(models.QuerySet, "select_for_update", lambda self, *args, **kwargs: self.all())
        patch.setattr(transcripts.identities, "identities_lock", lambda college_id: None)
        for _ in range(5):
            _, answers = decide_twice(cast, monkeypatch)
            stopped += refusals(answers) == ["sid_taken"]
    assert stopped


def test_an_import_while_a_run_gives_ids(cast: Cast, quick_paper: None) -> None:
    """The college's sheet and the run's own range meet: each student has one ID, whoever came first."""
    TranscriptionPlan.objects.create(
        college_year=CollegeYear.objects.get(college=cast.cbc, year=cast.year), sids="range",
        sid_from=800_000_000, sid_to=800_099_999,
    )  # fmt: skip
    finished(cast)
    for turn in range(max(3, REPEATS // 5)):
        people = [one.student for one in completed(cast, 4)]
        lines = "".join(
            f"{500_000_000 + 10 * turn + number},{one.last_name},{one.first_name},{one.birth_date},{one.email}\n"
            for number, one in enumerate(people)
        )
        sheet = make_sheet(cast.cbc, cast.registrar, "SID,Last name,First name,Birth date,E-mail\n" + lines)
        run = start(cast)
        TranscriptionRun.objects.filter(pk=run.pk).update(state="running")
        by = User.objects.get(pk=cast.registrar.pk)
        answers = at_once(
            lambda run=run: work_until_done(run),
            lambda run=run: work_until_done(run),
            lambda sheet=sheet, by=by: transcripts.apply_import(sheet=sheet, by=by),
        )
        assert refusals(answers) == []
        standing = CollegeIdentity.objects.standing().filter(student__in=people)
        assert standing.count() == len(people) == len(set(standing.values_list("student", flat=True)))
        assert verify_chain(TranscriptionRun.objects.get(pk=run.pk))
        assert rules_totals_agree(run)


def rules_totals_agree(run: TranscriptionRun) -> bool:
    return bool(transcript_rules.totals(TranscriptionRun.objects.get(pk=run.pk)).agree)


def test_two_worksheets_at_once_hold_each_credit_once(cast: Cast) -> None:
    for turn in range(max(3, REPEATS // 5)):
        with transaction.atomic():
            run = make_run(cast.cbc, cast.year, cast.registrar, *completed(cast, 3))
        for award in run.awards.all():
            make_identity(award.student, cast.cbc, f"{600_000_000 + award.pk}")
            TermActivation.objects.create(
                college=cast.cbc, term="2275", sid=f"{600_000_000 + award.pk}", said_by=cast.registrar
            )
        people = two_registrars(cast)
        answers = at_once(
            *(
                lambda by=by: transcripts.make_worksheet(college=cast.cbc, year=cast.year, by=by)
                for by in people
            )
        )
        assert refusals(answers) == ["nothing_ready"], turn
        assert WorksheetRow.objects.filter(award__in=run.awards.all()).count() == 3


def test_control_two_worksheets_without_the_lock(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    doubled = 0
    monkeypatch.setattr(transcripts.worksheets, "one_at_a_time", lambda key: None)
    for _ in range(5):
        with transaction.atomic():
            run = make_run(cast.cbc, cast.year, cast.registrar, *completed(cast, 1))
        award = run.awards.get()
        make_identity(award.student, cast.cbc, f"{600_000_000 + award.pk}")
        TermActivation.objects.create(
            college=cast.cbc, term="2275", sid=f"{600_000_000 + award.pk}", said_by=cast.registrar
        )
        with meeting(monkeypatch, transcript_rules, "due_for_worksheet"):
            answers = at_once(
                *(
                    lambda by=by: transcripts.make_worksheet(college=cast.cbc, year=cast.year, by=by)
                    for by in two_registrars(cast)
                )
            )
        # The number of the worksheet stops the second one here, with an error instead of words.
        doubled += any(isinstance(answer, IntegrityError) for answer in answers)
    assert doubled


def test_a_request_withdrawn_while_it_is_transcribed(cast: Cast, quick_paper: None) -> None:
    """Either the credit is there and the request stands, or it is taken back and nothing is awarded."""
    CollegeYear.objects.filter(college=cast.cbc, year=cast.year).update(mode="on_request")
    seen = set()
    for _ in range(REPEATS):
        (registration,) = completed(cast, 1)
        user = User.objects.get(pk=registration.student.user_id)
        (asked,) = transcripts.request_transcription(registrations=[registration], by=user)
        run = start(cast)
        TranscriptionRun.objects.filter(pk=run.pk).update(state="running")
        answers = at_once(
            lambda run=run: work_until_done(run),
            lambda asked=asked, user=user: transcripts.withdraw_request(asked=asked, by=user),
        )
        taken_back = refusals(answers) == []
        registration.refresh_from_db()
        assert (registration.awarded_at is None) is taken_back
        assert TranscriptRequest.objects.live().filter(pk=asked.pk).exists() is not taken_back
        seen.add(taken_back)
    assert seen


# --- The outbox -----------------------------------------------------------------------------------------


def test_a_row_is_taken_by_one_worker(cast: Cast) -> None:
    for number in range(REPEATS):
        mail = Mail.objects.create(
            key=f"race {number}", kind="free", language="en", to="a@example.org", subject="s", text="t"
        )
        answers = at_once(*[lambda mail=mail: accounts.take(mail)] * 4)
        assert sorted(answers) == [False, False, False, True]
        mail.refresh_from_db()
        assert mail.attempts == 1


def test_control_a_row_that_is_read_and_then_taken(cast: Cast) -> None:
    """Look first, write afterwards: both find the mail free."""
    mail = Mail.objects.create(
        key="race", kind="free", language="en", to="a@example.org", subject="s", text="t"
    )
    looked = threading.Barrier(2)

    def take_carelessly() -> bool:
        row = Mail.objects.get(pk=mail.pk)
        looked.wait(5)
        if row.state != OutboxState.QUEUED or row.not_before > timezone.now():
            return False
        row.not_before = timezone.now() + Mail.LEASE
        row.save()
        return True

    assert at_once(take_carelessly, take_carelessly) == [True, True]


def test_a_mail_is_sent_once_by_four_workers(cast: Cast) -> None:
    from django.core import mail as mailbox

    for number in range(REPEATS):
        mail = Mail.objects.create(
            key=f"race {number}",
            kind="free",
            language="en",
            to=f"a{number}@example.org",
            subject="s",
            text="t",
        )
        answers = at_once(*[lambda mail=mail: accounts.send_mail(mail_id=mail.pk)] * 4)
        assert sorted(answers) == [False, False, False, True]
        assert [sent.to for sent in mailbox.outbox].count([f"a{number}@example.org"]) == 1


def test_a_mail_of_one_key_is_written_once(cast: Cast) -> None:
    for number in range(REPEATS):
        answers = at_once(
            *[
                lambda number=number: accounts.queue_mail(
                    key=f"race {number}",
                    to="a@example.org",
                    template="free",
                    context={"subject": "s", "text": "t"},
                )
            ]
            * 4
        )
        assert refusals(answers) == []
        assert sorted(answer is None for answer in answers) == [False, True, True, True]
        assert Mail.objects.filter(key=f"race {number}").count() == 1


def test_a_job_of_one_key_is_queued_once(cast: Cast) -> None:
    for number in range(REPEATS):
        answers = at_once(
            *[lambda number=number: accounts.queue_job(key=f"race {number}", task="a.task", subject=cast.run)]
            * 4
        )
        assert refusals(answers) == []
        assert len({answer.pk for answer in answers}) == 1


def test_tries_are_counted_exactly(cast: Cast) -> None:
    """A limit that is compared with the count holds however many come at once."""
    for number in range(max(REPEATS // 4, 5)):
        answers = at_once(
            *[
                lambda number=number: (
                    accounts.count_try(what=f"race {number}", within=timedelta(minutes=1)).tries
                )
            ]
            * 8
        )
        assert sorted(answers) == [1, 2, 3, 4, 5, 6, 7, 8]


# --- Grade Changes and classes ---------------------------------------------------------------------------

periods = itertools.count(1)


def a_confirmed_change(cast: Cast) -> GradeChange:
    """A Grade Change of a class of its own that waits for a decision."""
    student = make_student(cast.kamiakin, "Contested")
    registration = make_registration(student, cast.section, cast.agreement, percent="90", by=cast.teacher)
    now = timezone.now()
    return make_change(
        registration, cast.teacher, asked_as="teacher", wanted="95", grade="95", state="confirmed",
        confirmed_by=cast.teacher, confirmed_at=now,
    )  # fmt: skip


def decide_at_once(cast: Cast) -> tuple[GradeChange, list[Any]]:
    """The consortium approves and the registrar declines in the same moment."""
    change = a_confirmed_change(cast)

    def fresh(user: User) -> User:
        return User.objects.get(pk=user.pk)

    return change, at_once(
        lambda: grading.approve_change(
            change=GradeChange.objects.get(pk=change.pk), by=fresh(cast.consortium)
        ),
        lambda: grading.decline_change(
            change=GradeChange.objects.get(pk=change.pk), reason="No paper.", by=fresh(cast.registrar)
        ),
    )


def test_of_two_who_decide_at_once_one_wins_and_the_other_is_told(cast: Cast) -> None:
    won = set()
    for _ in range(REPEATS):
        change, answers = decide_at_once(cast)
        assert refusals(answers) == ["decided"]
        (refused,) = (answer for answer in answers if isinstance(answer, Refused))
        change.refresh_from_db()
        assert change.decided_by is not None
        assert change.decided_by.name in str(refused)
        assert change.registration.grades.count() == (2 if change.state == "approved" else 1)
        won.add(change.state)
    assert won <= {"approved", "declined"}


def test_control_two_who_decide_at_once_without_the_lock(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """The database still lets one decision stand alone; but the other person gets an error instead of words."""

    def unheld(change: GradeChange) -> GradeChange:
        found: GradeChange = GradeChange.objects.with_names().get(pk=change.pk)
        time.sleep(0.05)
        return found

    monkeypatch.setattr(grading.changes, "_held", unheld)
    broken = 0
    for _ in range(5):
        change, answers = decide_at_once(cast)
        change.refresh_from_db()
        assert change.state in ("approved", "declined")
        broken += any(isinstance(answer, DatabaseError) for answer in answers)
    assert broken


def ask_twice(cast: Cast, patch: pytest.MonkeyPatch) -> tuple[Registration, list[Any]]:
    """Student and teacher ask for the same Grade Change, and both have found that none is under way."""
    close_window(Window.Kind.GRADING, cast.columbia_basin, cast.year)
    student = make_student(cast.kamiakin, "Doubled")
    registration = make_registration(student, cast.section, cast.agreement, percent="90", by=cast.teacher)

    def ask(user_id: int) -> GradeChange:
        return grading.ask_change(
            registration=Registration.objects.get(pk=registration.pk),
            reason="The exam counts 95.",
            wanted="95",
            by=User.objects.get(pk=user_id),
        )

    with meeting(patch, grading_rules, "why_not_ask_change_now"):
        return registration, at_once(lambda: ask(student.user_id), lambda: ask(cast.teacher.pk))


def test_a_grade_change_asked_for_twice_at_once_is_one(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(REPEATS):
        registration, answers = ask_twice(cast, monkeypatch)
        assert refusals(answers) == ["under_way"]
        assert GradeChange.objects.filter(registration=registration).count() == 1


def test_control_a_grade_change_asked_for_twice_without_the_constraint(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    doubled = 0
    with without_constraint((GradeChange, "one_open_grade_change_a_class")):
        for _ in range(5):
            registration, answers = ask_twice(cast, monkeypatch)
            refusals(answers)
            doubled += GradeChange.objects.filter(registration=registration).count() == 2
    assert doubled


def answer_at_once(cast: Cast) -> tuple[WindowExtension, list[Any]]:
    """Two of a consortium answer one request: granted and declined in the same moment."""
    section = make_section(cast.accounting, cast.teacher_seat, label=f"Race {next(periods)}")
    extension = WindowExtension.objects.create(
        section=section, consortium=cast.columbia_basin, asked_by=cast.teacher, reason="Ill."
    )

    def answer(call: Any, **facts: Any) -> Any:
        return call(
            extension=WindowExtension.objects.get(pk=extension.pk),
            by=User.objects.get(pk=cast.consortium.pk),
            **facts,
        )

    return extension, at_once(
        lambda: answer(grading.grant_extension, until=timezone.localdate()),
        lambda: answer(grading.decline_extension, reason="Too late."),
    )


def test_a_request_is_answered_once(cast: Cast) -> None:
    for _ in range(REPEATS):
        extension, answers = answer_at_once(cast)
        assert refusals(answers) == ["decided"]
        extension.refresh_from_db()
        assert Mail.objects.filter(key__startswith=f"extension-{extension.pk}-").count() == 1


def test_control_a_request_answered_twice_without_the_lock(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unheld(extension: WindowExtension) -> WindowExtension:
        found: WindowExtension = WindowExtension.objects.with_names().get(pk=extension.pk)
        time.sleep(0.05)
        return found

    monkeypatch.setattr(grading.classes, "_held", unheld)
    assert any(any(isinstance(answer, DatabaseError) for answer in answer_at_once(cast)[1]) for _ in range(5))


def declare_twice(cast: Cast) -> tuple[Section, list[Any]]:
    """A teacher presses Declare complete in two tabs."""
    section = make_section(cast.accounting, cast.teacher_seat, label=f"Race {next(periods)}")
    make_registration(
        make_student(cast.kamiakin, "Done"), section, cast.agreement, percent="90", by=cast.teacher
    )

    def press() -> ClassCompletion:
        return grading.declare_complete(
            section=Section.objects.get(pk=section.pk), by=User.objects.get(pk=cast.teacher.pk)
        )

    return section, at_once(press, press)


def test_a_class_is_declared_complete_once(cast: Cast) -> None:
    for _ in range(REPEATS):
        section, answers = declare_twice(cast)
        assert refusals(answers) == ["declared"]
        assert section.completions.count() == 1


def test_control_a_class_declared_twice_without_the_lock(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grading.classes, "lock_class", lambda section: time.sleep(0.02))
    assert any(any(isinstance(answer, DatabaseError) for answer in declare_twice(cast)[1]) for _ in range(5))


# --- People and seats -----------------------------------------------------------------------------------


def invite_at_once(cast: Cast, patch: pytest.MonkeyPatch, email: str) -> list[Any]:
    """Two people give a seat to one new address, and both have found that nobody has it."""

    def call(by: User, role: Role) -> Any:
        return organizations.give_access(
            wanted=Wanted("Nadia", "Race", email, role, cast.kamiakin, timezone.localdate()),
            reason="New this year",
            by=User.objects.get(pk=by.pk),
        )

    with meeting(patch, people, "staff_of_email"):
        return at_once(
            lambda: call(cast.consortium, Role.TEACHER), lambda: call(cast.district, Role.COUNSELOR)
        )


def test_two_who_invite_one_address_make_one_account(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(REPEATS):
        email = f"nadia{number}@example.org"
        answers = invite_at_once(cast, monkeypatch, email)
        assert refusals(answers) == []
        assert sorted(answer.is_new for answer in answers) == [False, True]
        user = User.objects.get(email=email)
        assert {seat.role for seat in user.seats.all()} == {"teacher", "counselor"}


def test_control_without_a_lock_on_the_address(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both have seen nobody; without the lock each makes an account."""
    monkeypatch.setattr(people, "one_at_a_time", lambda key: None)
    twice = 0
    for number in range(5):
        email = f"nadia{number}@example.org"
        invite_at_once(cast, monkeypatch, email)
        twice += User.objects.filter(email=email).count() == 2
    assert twice


def test_one_seat_given_twice_at_once(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two tabs, one known person: the constraint lets one seat stand, the other tab is told."""

    def call(person: User) -> Any:
        return organizations.give_access(
            wanted=Wanted("", "", person.email, Role.COUNSELOR, cast.kamiakin, timezone.localdate()),
            reason="x",
            by=User.objects.get(pk=cast.consortium.pk),
            known=person,
        )

    for _ in range(max(REPEATS // 4, 5)):
        person = make_user("Twice")
        monkeypatch.setattr(people, "one_at_a_time", lambda key: None)  # the constraint alone
        answers = at_once(lambda person=person: call(person), lambda person=person: call(person))
        assert refusals(answers) == ["seat_held"]
        assert person.seats.count() == 1


def end_each_other(patch: pytest.MonkeyPatch) -> tuple[list[Any], int]:
    """The only two people of the State end each other's seat in the same moment."""
    one, other = make_user("Una"), make_user("Otis")
    held = [make_seat(user, Role.STATE) for user in (one, other)]

    def call(by: User, seat: Seat) -> Any:
        return organizations.end_seat(
            seat=Seat.objects.get(pk=seat.pk), reason="x", by=User.objects.get(pk=by.pk)
        )

    with meeting(patch, seats_actions, "_other_state_seats"):
        answers = at_once(lambda: call(one, held[1]), lambda: call(other, held[0]))
    left = Seat.objects.held_by_the_state(timezone.localdate()).count()
    Seat.objects.filter(user__in=(one, other)).update(
        ends_on=timezone.localdate(), withdrawn_at=timezone.now()
    )
    return answers, left


def test_the_state_keeps_a_seat_whoever_ends_whose(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    cast.state.seats.update(ends_on=timezone.localdate())  # not for good: it does not count
    for _ in range(max(REPEATS // 4, 5)):
        answers, left = end_each_other(monkeypatch)
        assert left == 1
        assert len(refusals(answers)) == 1


def test_control_without_a_lock_on_the_state_s_seats(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    cast.state.seats.update(ends_on=timezone.localdate())
    monkeypatch.setattr(seats_actions, "one_at_a_time", lambda key: None)
    assert any(left == 0 for _, left in (end_each_other(monkeypatch) for _ in range(5)))


def test_two_sweeps_remind_once(cast: Cast) -> None:
    for number in range(max(REPEATS // 4, 5)):
        user = make_user(f"Ivo{number}", password=None)
        make_seat(user, Role.TEACHER, cast.kamiakin)
        User.objects.filter(pk=user.pk).update(created_at=timezone.now() - timedelta(days=3))
        refusals(at_once(organizations.remind_people, organizations.remind_people))
        assert Mail.objects.filter(person=user).count() == 1
        assert user.links.count() == 1


# --- The clean state these tests leave ------------------------------------------------------------------


def test_constraints_are_back(cast: Cast) -> None:
    """Controls take constraints away; afterwards the database holds every one again."""
    with without_constraint((Registration, "one_live_registration_of_a_class_a_year")):
        pass
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexname FROM pg_indexes WHERE schemaname = 'public'")
        indexes = {name for (name,) in cursor.fetchall()}
    assert {
        "one_live_registration_of_a_class_a_year",
        "one_live_run_a_college_and_year",
        "credit_is_awarded_once",
        "class_earns_a_course_once",
        "one_transcript_a_run_and_student",
    } <= indexes


def test_several_classes_of_one_agreement_at_once(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two classes, registered in the same moment, are two registrations."""
    marketing = make_high_school_course(cast.kamiakin, "Marketing")
    make_agreement((marketing, make_college_course(cast.cbc, "MKT 101")), consortium=cast.columbia_basin)
    section = make_section(marketing, cast.teacher_seat)
    for _ in range(max(REPEATS // 4, 5)):
        student = make_student(cast.kamiakin, "Busy")

        def press(one: Any, student: Student = student) -> Registration:
            return students.register(
                student=Student.objects.select_related("user").get(pk=student.pk),
                section=one,
                college=cast.cbc,
                by=User.objects.get(pk=student.user_id),
            )

        answers = at_once(lambda press=press: press(cast.section), lambda press=press: press(section))
        assert refusals(answers) == []
        assert Registration.objects.filter(student=student).count() == 2
