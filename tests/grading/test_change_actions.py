"""A Grade Change from the question to the new entry: what is written, who is told, what is undone by a refusal."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Event, Mail
from grading import actions
from grading.models import GradeChange
from organizations.models import CollegeYear, Window
from sers.lib.refusal import Refused
from students.models import Registration
from tests.grading.changes import closed, confirmed
from tests.people import Cast, close_window, make_change


def refused(call: Any, **facts: Any) -> str:
    with pytest.raises(Refused) as raised:
        call(**facts)
    return raised.value.refusal.rule


def told(change: GradeChange, step: str) -> set[str]:
    """Who was mailed about a step."""
    return set(
        Mail.objects.filter(key__startswith=f"grade-change-{change.pk}-{step}-").values_list("to", flat=True)
    )


def test_a_student_asks_and_the_teachers_are_told(cast: Cast) -> None:
    registration = closed(cast)
    change = actions.ask_change(
        registration=registration, reason="The exam counts 95.", wanted=" 95 % ", by=cast.classmate.user
    )
    change.refresh_from_db()
    assert (change.state, change.wanted, change.grade, change.asked_as) == ("requested", "95", "", "student")
    assert change.was == registration.grades.get()
    assert told(change, "to-confirm") == {
        cast.teacher.email
    }  # whose seat has ended and who cannot sign in are not
    assert told(change, "asked") == set()
    assert Event.objects.filter(kind="grading.change_asked", subject_id=change.pk).count() == 1
    mail = Mail.objects.get(key=f"grade-change-{change.pk}-to-confirm-0")
    assert "95" not in mail.subject + mail.text.split("http")[0]  # grades stand on the page


def test_a_counselor_asks_and_the_student_hears_of_it(cast: Cast) -> None:
    change = actions.ask_change(registration=closed(cast), reason="She asked me.", by=cast.counselor)
    assert (change.state, change.asked_as, change.wanted) == ("requested", "counselor", "")
    assert told(change, "asked") == {cast.classmate.email}


def test_a_teacher_asks_and_confirms_at_once(cast: Cast) -> None:
    change = actions.ask_change(
        registration=closed(cast), reason="I mistyped it.", wanted="91", by=cast.teacher
    )
    change.refresh_from_db()
    assert (change.state, change.grade, change.confirmed_by) == ("confirmed", "91", cast.teacher)
    assert told(change, "to-approve") == {cast.columbia_basin.contact_email}
    assert told(change, "asked") == {cast.classmate.email}


def test_without_a_contact_everybody_of_the_consortium_is_told(cast: Cast) -> None:
    registration = closed(cast)
    registration.articulation.consortium.__class__.objects.update(contact_email="")
    registration = Registration.objects.get(pk=registration.pk)
    change = actions.ask_change(registration=registration, reason="Typing.", wanted="91", by=cast.teacher)
    assert told(change, "to-approve") == {cast.consortium.email}


@pytest.mark.parametrize(
    ("typed", "rule"), [("", "percent"), ("101", "percent"), ("A+", "percent"), ("97", "same_grade")]
)
def test_a_teacher_says_which_grade_is_right(cast: Cast, typed: str, rule: str) -> None:
    registration = closed(cast)
    assert (
        refused(
            actions.ask_change, registration=registration, reason="Typing.", wanted=typed, by=cast.teacher
        )
        == rule
    )
    assert not GradeChange.objects.filter(registration=registration).exists()


def test_strangers_and_wrong_times_are_refused(cast: Cast) -> None:
    registration = cast.classmate_registration
    for person in (cast.student.user, cast.colleague, cast.consortium, cast.district, cast.nobody):
        assert (
            refused(actions.ask_change, registration=registration, reason="?", by=person) == "not_concerned"
        )
    assert (
        refused(actions.ask_change, registration=registration, reason="?", by=cast.teacher) == "grading_open"
    )
    closed(cast)
    ungraded = cast.registration
    assert refused(actions.ask_change, registration=ungraded, reason="?", by=cast.teacher) == "no_grade"
    make_change(registration, cast.classmate.user)
    assert refused(actions.ask_change, registration=registration, reason="?", by=cast.teacher) == "under_way"


def test_the_teacher_confirms_with_the_right_grade(cast: Cast) -> None:
    change = actions.confirm_change(
        change=cast.grade_change, grade="98,5", note="Counted again.", by=cast.teacher
    )
    change.refresh_from_db()
    assert (change.state, change.grade, change.confirmation) == ("confirmed", "98.5", "Counted again.")
    assert told(change, "to-approve") == {cast.columbia_basin.contact_email}
    assert told(change, "confirmed") == {cast.graduate.email}
    assert refused(actions.confirm_change, change=change, grade="99", by=cast.teacher) == "decided"


def test_approval_before_credit_enters_the_grade(cast: Cast) -> None:
    registration = closed(cast)
    change = confirmed(cast, registration, "84.999")
    actions.approve_change(change=change, note="Agreed.", by=cast.registrar)
    registration.refresh_from_db()
    change.refresh_from_db()
    first, second = registration.grades.order_by("number")
    assert (first.percent, first.letter) == (Decimal(97), "A")  # ink
    assert (second.number, second.percent, second.outcome) == (2, Decimal("84.99"), "not_attained")
    assert second.reason.startswith(f"Grade Change {change.reference}: ")
    assert second.entered_by == cast.registrar
    assert (registration.status, registration.version) == ("not_attained", 3)
    assert (change.state, change.entry, change.needs_reposting_at) == ("approved", second, None)
    assert told(change, "approved") == {cast.classmate.email, cast.teacher.email}
    assert told(change, "repost") == set()
    assert refused(actions.approve_change, change=change, by=cast.consortium) == "decided"


def test_approval_after_credit_marks_what_is_posted_again(cast: Cast) -> None:
    change = actions.confirm_change(change=cast.grade_change, grade="98", by=cast.teacher)
    actions.approve_change(change=change, by=cast.consortium)
    change.refresh_from_db()
    assert change.needs_reposting_at is not None
    assert list(GradeChange.objects.to_repost()) == [change]
    assert told(change, "repost") == {cast.registrar.email}
    assert Registration.objects.get(pk=cast.graduate_registration.pk).awarded_at is not None
    assert cast.award.letter == "A"  # transcripts corrects it, not grading


@pytest.mark.parametrize("grade", ["60", "NA"])
def test_a_grade_that_earns_nothing_leaves_the_credit_to_the_registrar(cast: Cast, grade: str) -> None:
    change = actions.confirm_change(change=cast.grade_change, grade=grade, by=cast.teacher)
    actions.approve_change(change=change, by=cast.consortium)
    assert list(GradeChange.objects.to_repost()) == [change]
    cast.graduate_registration.refresh_from_db()
    assert cast.graduate_registration.status == "not_attained"
    assert cast.graduate_registration.awarded_at is not None  # until transcripts takes it back


def test_a_grade_of_not_attained_becomes_completed(cast: Cast) -> None:
    closed(cast)
    change = confirmed(cast, cast.below_registration, "85")
    actions.approve_change(change=change, by=cast.consortium)
    cast.below_registration.refresh_from_db()
    assert cast.below_registration.status == "completed"
    assert cast.below_registration.grades.current().get().college_grade == "3.0 B"


def test_the_measure_is_asked_again_at_the_approval(cast: Cast) -> None:
    change = confirmed(cast, closed(cast), "91")
    CollegeYear.objects.filter(college=cast.cbc, year=cast.year).delete()
    assert refused(actions.approve_change, change=change, by=cast.consortium) == "no_scale"
    change.refresh_from_db()
    assert change.state == "confirmed"
    assert cast.classmate_registration.grades.count() == 1


def test_declined_with_a_reason(cast: Cast) -> None:
    actions.decline_change(change=cast.grade_change, reason="The test shows 95.", by=cast.teacher)
    cast.grade_change.refresh_from_db()
    assert (cast.grade_change.state, cast.grade_change.decided_by) == ("declined", cast.teacher)
    assert told(cast.grade_change, "declined") == {cast.graduate.email, cast.graduate.user.email}
    assert cast.graduate_registration.grades.count() == 1


def test_taken_back_by_who_asked(cast: Cast) -> None:
    assert refused(actions.withdraw_change, change=cast.grade_change, by=cast.teacher) == "not_asker"
    actions.withdraw_change(change=cast.grade_change, by=cast.graduate.user)
    cast.grade_change.refresh_from_db()
    assert (cast.grade_change.state, cast.grade_change.decision) == ("withdrawn", "")
    again = actions.ask_change(
        registration=cast.graduate_registration, reason="Once more.", by=cast.graduate.user
    )
    assert again.state == "requested"


def test_grading_opened_again_stands_in_the_way_of_a_change(cast: Cast) -> None:
    registration = closed(cast)
    cast.section.extensions.create(
        consortium=cast.columbia_basin, state="granted", reason="Away.", asked_by=cast.teacher,
        until=timezone.localdate() + timedelta(days=3), decided_by=cast.consortium, decided_at=timezone.now(),
    )  # fmt: skip
    assert (
        refused(actions.ask_change, registration=registration, reason="?", by=cast.teacher) == "grading_open"
    )
    close_window(Window.Kind.GRADING, cast.columbia_basin, cast.year)
