"""A Grade Change after credit was awarded: a new award supersedes the old one, and is posted again."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.access import Role
from accounts.models import Event, User
from grading import actions as grading
from grading.models import GradeChange
from organizations.models import Window
from sers.lib.refusal import Refused
from students.models import Registration
from students.rules.past import story_told
from tests import people
from tests.people import Cast
from transcripts import actions, rules
from transcripts.models import CreditAward, Transcript, TranscriptionRun

URL = "/transcripts/reposts/"


@pytest.fixture
def change(cast: Cast) -> GradeChange:
    """`graduate`'s 95.5 (3.8 A) was a 98: asked by the graduate, confirmed by the teacher, approved by the consortium."""
    confirmed = grading.confirm_change(change=cast.grade_change, grade="98", by=cast.teacher)
    return grading.approve_change(change=confirmed, by=cast.consortium)


def place(cast: Cast) -> str:
    return f"{URL}?college={cast.cbc.public_id}&year={cast.last_year.first_year}"


def press(client: Client, cast: Cast, change: GradeChange) -> Any:
    return client.post(place(cast), {"change": change.reference})


def test_the_record_follows_with_a_new_award(cast: Cast, client: Client, change: GradeChange) -> None:
    client.force_login(cast.registrar)
    text = client.get(place(cast)).content.decode()
    assert "3.8 A" in text
    assert "4.0 A" in text
    assert press(client, cast, change).status_code == 302
    new = CreditAward.objects.standing().get(student=cast.graduate)
    assert (new.supersedes, new.college_grade, new.credits) == (cast.award, "4.0 A", cast.award.credits)
    assert new.sources.get().grade == change.entry
    assert new.sources.get().replaces == cast.award.sources.get()
    change.refresh_from_db()
    assert change.reposted_at is not None
    assert Event.objects.filter(kind="transcripts.credit_corrected").count() == 1
    assert "Every Grade Change is on the record" in client.get(place(cast)).content.decode()


def test_the_ledger_and_the_totals_still_stand(cast: Cast, change: GradeChange) -> None:
    actions.repost_change(change=change, by=cast.registrar)
    cast.run.refresh_from_db()
    assert rules.check_ledger(cast.run).links == 2
    assert rules.verify_chain(cast.run)
    figures = rules.totals(cast.run)
    assert figures.agree
    assert (figures.courses, figures.credits, figures.recorded) == (1, cast.award.credits, 1)


def test_the_next_worksheet_holds_it_to_re_post(cast: Cast, client: Client, change: GradeChange) -> None:
    client.force_login(cast.registrar)
    sheets = (
        reverse("transcripts:worksheets") + f"?college={cast.cbc.public_id}&year={cast.last_year.first_year}"
    )
    assert "1 Grade Change after credit was awarded" in client.get(sheets).content.decode()
    press(client, cast, change)
    assert [row.difference for row in rules.reconcile(cast.cbc, cast.last_year).rows] == ["corrected"]
    (due,) = rules.due_for_worksheet(cast.cbc, cast.last_year)
    assert (due.replaces, due.obstacle, due.grade) == ("3.8", None, "4.0")
    assert "1 to re-post" in client.get(sheets).content.decode()
    batch = actions.make_worksheet(college=cast.cbc, year=cast.last_year, by=cast.registrar)
    assert "Re-post" in client.get(reverse("transcripts:worksheet", args=[batch.public_id])).content.decode()
    assert [row.difference for row in rules.reconcile(cast.cbc, cast.last_year).rows] == ["no_answer"]


def test_a_check_of_the_old_transcript_shows_what_it_said(cast: Cast, change: GradeChange) -> None:
    actions.repost_change(change=change, by=cast.registrar)
    issued = Transcript.objects.get(pk=cast.transcript.pk).issued_at
    then = CreditAward.objects.at(cast.graduate, cast.cbc).standing_at(issued)
    assert [award.college_grade for award in then] == ["3.8 A"]


def test_the_student_s_own_pages_tell_the_credit_once(
    cast: Cast, client: Client, change: GradeChange
) -> None:
    actions.repost_change(change=change, by=cast.registrar)
    registration = type(cast.graduate_registration).objects.in_full().get(pk=cast.graduate_registration.pk)
    assert [award.college_grade for award in registration.awards] == ["4.0 A"]
    assert cast.graduate.user is not None
    client.force_login(cast.graduate.user)
    text = client.get(reverse("transcripts:mine")).content.decode()
    assert "4.0 A" in text
    assert "3.8 A" not in text


def test_once(cast: Cast, client: Client, change: GradeChange) -> None:
    actions.repost_change(change=change, by=cast.registrar)
    with pytest.raises(Refused, match="corrected already"):
        actions.repost_change(change=change, by=cast.registrar)
    assert CreditAward.objects.filter(student=cast.graduate).count() == 2


def test_where_another_class_is_lower_still_nothing_changes_but_the_note(cast: Cast) -> None:
    other = people.make_high_school_course(cast.kamiakin, "Marketing 2")
    first = people.make_high_school_course(cast.kamiakin, "Marketing 1")
    course = people.make_college_course(cast.cbc, "BUS 165")
    agreement = people.make_agreement((first, course), (other, course), consortium=cast.columbia_basin)
    student = people.make_student(cast.kamiakin)
    classes = [
        people.make_registration(
            student,
            people.make_section(taught, cast.teacher_seat, year=cast.last_year),
            agreement,
            percent=percent,
        )
        for taught, percent in ((first, "86"), (other, "95"))
    ]
    run = people.make_run(cast.cbc, cast.last_year, cast.registrar, state="stopped")
    lines = agreement.courses.select_related("college_course").order_by("id")
    actions.award_credit(
        run=run, student=student,
        earned=rules.decide(
            classes,
            grades={one.pk: one.grades.get() for one in classes},
            lines={agreement.pk: list(lines)},
            on_record=frozenset(),
        ).earned,
    )  # fmt: skip
    change = grading.ask_change(
        registration=type(classes[1]).objects.get(pk=classes[1].pk),
        reason="It was a 98.",
        wanted="98",
        by=cast.teacher,
    )
    change = grading.approve_change(change=change, by=cast.consortium)
    assert actions.repost_change(change=change, by=cast.registrar) == []
    change.refresh_from_db()
    assert change.reposted_at is not None


def test_two_people_and_the_registrar(cast: Cast, client: Client, change: GradeChange) -> None:
    """Who confirmed the Grade Change does not correct the credit, be it with the registrar's seat."""
    people.make_seat(cast.teacher, Role.REGISTRAR, cast.cbc)
    with pytest.raises(Refused, match="or confirmed it"):
        actions.repost_change(change=change, by=User.objects.get(pk=cast.teacher.pk))
    for user in (cast.other_registrar, cast.consortium, cast.state):
        with pytest.raises(Refused, match="Only the registrar"):
            actions.repost_change(change=change, by=user)
    client.force_login(cast.state)
    assert client.get(place(cast)).status_code == 200
    assert press(client, cast, change).status_code == 403
    client.force_login(cast.other_registrar)
    assert press(client, cast, change).status_code == 404
    client.force_login(cast.consortium)
    assert client.get(place(cast)).status_code == 403


def test_one_grade_change_and_three_cost_the_same_queries(
    cast: Cast, client: Client, change: GradeChange, django_assert_num_queries: Any
) -> None:
    client.force_login(cast.registrar)
    client.get(place(cast))
    with django_assert_num_queries(QUERIES):
        assert len(client.get(place(cast)).context["waiting"]) == 1
    for number in range(2):
        registration = people.make_registration(
            people.make_student(cast.kamiakin, f"Pat{number}"),
            cast.last_section,
            cast.agreement,
            percent="90",
        )
        people.make_run(cast.cbc, cast.last_year, cast.registrar, registration)
        asked = grading.ask_change(registration=registration, reason="Wrong.", wanted="96", by=cast.teacher)
        grading.approve_change(change=asked, by=cast.consortium)
    with django_assert_num_queries(QUERIES):
        assert len(client.get(place(cast)).context["waiting"]) == 3


QUERIES = 7


@pytest.fixture
def not_earned(cast: Cast) -> GradeChange:
    """Grace's 96 was somebody else's: she did not reach the minimum, and two people say so."""
    change = grading.confirm_change(change=cast.grade_change, grade="NA", by=cast.teacher)
    return grading.approve_change(change=change, by=cast.consortium)


def test_credit_is_taken_back_by_the_registrar_after_two_people(
    cast: Cast, client: Client, not_earned: GradeChange
) -> None:
    client.force_login(cast.registrar)
    assert "Take the credit back" in client.get(place(cast)).content.decode()
    assert press(client, cast, not_earned).status_code == 302
    award = CreditAward.objects.get(supersedes=cast.award)
    assert (award.takes_back, award.points, award.letter) == (True, None, "")
    assert not CreditAward.objects.standing().filter(student=cast.graduate).exists()
    assert rules.verify_chain(award.run)
    registration = Registration.objects.in_full().get(pk=cast.graduate_registration.pk)
    assert (registration.awarded_at, registration.awards) == (None, [])
    # Nothing is left to write a transcript about.
    cast.transcript.refresh_from_db()
    assert cast.transcript.revoked_reason == "Your credit was taken back after a Grade Change."
    told = [one.what for one in story_told(registration)]
    assert told[-2:] == ["Grade changed: Not Attained", "College credit taken back"]
    assert "College credit awarded" in told
    assert rules.totals(cast.award.run).courses == 0
    # A second press finds nothing.
    press(client, cast, not_earned)
    assert CreditAward.objects.filter(student=cast.graduate).count() == 2


def test_the_other_class_of_the_course_waits_again(cast: Cast) -> None:
    """Marketing 1 and 2 earned a course together, Marketing 1 another one alone, which stays."""
    first, second = (people.make_high_school_course(cast.kamiakin, f"Marketing {n}") for n in (1, 2))
    bus, mktg = (people.make_college_course(cast.cbc, code) for code in ("BUS 101", "MKTG 210"))
    agreement = people.make_agreement(
        (first, bus), (first, mktg), (second, mktg), consortium=cast.columbia_basin
    )
    student = people.make_student(cast.kamiakin, "Nia")
    one, two = (
        people.make_registration(
            student,
            people.make_section(course, cast.teacher_seat, year=cast.last_year),
            agreement,
            percent="90",
        )
        for course in (first, second)
    )
    people.close_window(Window.Kind.GRADING, cast.columbia_basin, cast.last_year)
    _transcribe(cast)
    assert {award.course_code for award in student.awards.standing()} == {"BUS 101", "MKTG 210"}
    for registration in (one, two):
        registration.refresh_from_db()

    change = grading.ask_change(registration=two, reason="The wrong row.", wanted="NA", by=cast.teacher)
    change = grading.approve_change(change=change, by=cast.consortium)
    actions.repost_change(change=change, by=cast.registrar)
    assert [award.course_code for award in student.awards.standing()] == ["BUS 101"]
    for registration in (one, two):
        registration.refresh_from_db()
    assert one.awarded_at is not None  # of BUS 101
    assert two.awarded_at is None

    # It was the right row after all: the next run awards the course again, in the same thread of rows.
    change = grading.ask_change(registration=two, reason="It was hers.", wanted="88", by=cast.teacher)
    grading.approve_change(change=change, by=cast.consortium)
    run = _transcribe(cast)
    again = student.awards.standing().get(course_code="MKTG 210")
    assert again.supersedes is not None
    assert again.supersedes.takes_back
    assert again.sources.count() == 2
    assert rules.totals(run).agree
    assert rules.verify_chain(run)


def _transcribe(cast: Cast) -> TranscriptionRun:
    run = actions.start_run(college=cast.cbc, year=cast.last_year, by=cast.registrar)
    TranscriptionRun.objects.filter(pk=run.pk).update(state="running")
    while actions.transcribe_next(run_id=run.pk):
        pass
    actions.finish_run(run_id=run.pk)
    run.refresh_from_db()
    return run


def test_only_credit_is_taken_back_and_without_a_grade(cast: Cast) -> None:
    facts = {
        name: getattr(cast.award, name)
        for name in (
            "student",
            "college",
            "college_course",
            "year",
            "course_code",
            "course_title",
            "credits",
            "run",
        )
    }
    for wrong in ({"supersedes": None}, {"supersedes": cast.award, "letter": "A"}):
        with pytest.raises(IntegrityError, match="only_credit_is_taken_back"), transaction.atomic():
            CreditAward.objects.create(
                **facts, takes_back=True, previous_link="0" * 64, link="1" * 64, **wrong
            )
