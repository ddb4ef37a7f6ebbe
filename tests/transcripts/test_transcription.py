"""The run itself, without a broker: found, awarded once, written up, told, closed; stopped, resumed, repeated."""

import datetime
from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from unittest import mock

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts.actions import take
from accounts.models import Event, Job, Mail, OutboxState
from organizations.models import CollegeYear
from sers.lib.refusal import Refused
from students.models import Registration, Student
from tests import people
from tests.people import Cast
from transcripts import actions, rules
from transcripts.models import (
    AwardSource,
    CreditAward,
    RunItem,
    RunLine,
    Transcript,
    TranscriptFile,
    TranscriptionPlan,
    TranscriptionRun,
    TranscriptRequest,
)

Problem = RunLine.Problem
State = TranscriptionRun.State


@pytest.fixture(autouse=True)
def quick_documents() -> Iterator[mock.Mock]:
    """The document has tests of its own; here a few bytes stand for it."""
    with mock.patch("transcripts.documents.draw", return_value=(b"%PDF-1.7\n%%EOF\n",) * 2) as drawn:
        yield drawn


def work(run: TranscriptionRun) -> None:
    """What the workers do, in this process: every due job of the run until none is left."""
    while job := Job.objects.filter(
        subject_id=run.pk, task=actions.RUN_TASK, state=OutboxState.QUEUED
    ).first():
        Job.objects.filter(pk=job.pk).update(not_before=timezone.now())
        actions.run_transcription(job_id=job.pk)
    run.refresh_from_db()


def start(cast: Cast) -> TranscriptionRun:
    return actions.start_run(college=cast.cbc, year=cast.year, by=cast.registrar)


def lines(run: TranscriptionRun) -> dict[str, tuple[str, str]]:
    """Each line of a run by the student's first name: its state and problem."""
    return {
        name: (state, problem)
        for name, state, problem in run.lines.order_by("id").values_list(
            "item__student__first_name", "state", "problem"
        )
    }


def test_a_run_awards_what_is_earned_and_holds_the_rest(cast: Cast) -> None:
    run = start(cast)
    assert rules.totals(run).found == 2
    assert rules.totals(run).agree
    work(run)
    assert lines(run) == {"Maximiliano": ("awarded", ""), "Oksana": ("held", "fees_req")}
    award = CreditAward.objects.get(run=run)
    assert (award.course_code, award.credits, award.college_grade) == ("ACCT& 201", Decimal("5.0"), "3.9 A")
    assert award.sources.get().registration == cast.classmate_registration
    transcript = Transcript.objects.get(run=run)
    assert transcript.student == cast.classmate
    assert transcript.credits == Decimal("5.0")
    assert transcript.file.pdf
    cast.classmate_registration.refresh_from_db()
    assert cast.classmate_registration.awarded_at == award.awarded_at
    cast.owing_registration.refresh_from_db()
    assert cast.owing_registration.awarded_at is None
    assert run.state == State.FINISHED
    totals = rules.totals(run)
    assert (totals.found, totals.awarded, totals.held, totals.waiting, totals.recorded) == (2, 1, 1, 0, 1)
    assert totals.agree
    assert rules.verify_chain(run)


def test_everyone_with_credit_is_told_once_and_the_registrar_too(cast: Cast) -> None:
    run = start(cast)
    work(run)
    mail = Mail.objects.get(key=run.mail_key(cast.classmate.pk))
    assert mail.to == cast.classmate.email
    # The way to it, and neither the grade nor the key to the document.
    assert "/transcripts/mine/" in mail.text
    assert "3.9" not in mail.text
    assert Transcript.objects.get(run=run).code not in mail.text
    assert not Mail.objects.filter(to=cast.owing.email).exists()
    finished = Mail.objects.get(key=f"run-{run.pk}-finished")
    assert finished.to == cast.registrar.email
    assert "credit is awarded for 1, 1 are held" in finished.text
    assert rules.totals(run).mails == 1
    kinds = Event.objects.filter(subject_id=run.pk, subject_type="transcripts.transcriptionrun").order_by(
        "id"
    )
    assert [event.kind for event in kinds] == ["transcripts.run_started", "transcripts.run_finished"]
    assert kinds[1].data == {"found": 2, "awarded": 1, "held": 1}


def test_a_second_run_takes_only_what_was_left(cast: Cast) -> None:
    work(start(cast))
    Registration.objects.filter(pk=cast.owing_registration.pk).update(
        fees_req=Registration.FeesReq.PROCESSED, fees_req_at=timezone.now()
    )
    again = start(cast)
    work(again)
    assert lines(again) == {"Oksana": ("awarded", "")}
    assert CreditAward.objects.filter(year=cast.year, college=cast.cbc).count() == 2
    with pytest.raises(Refused) as refused:
        start(cast)
    assert refused.value.refusal.rule == "nothing_to_award"


def test_a_newer_transcript_holds_the_earlier_credit_and_replaces_the_earlier_transcript(cast: Cast) -> None:
    welded = people.make_registration(
        cast.graduate, cast.colleague_section, cast.welding_agreement, percent="90", by=cast.colleague
    )
    run = start(cast)
    work(run)
    newer = Transcript.objects.get(run=run, student=cast.graduate)
    cast.transcript.refresh_from_db()
    assert cast.transcript.replaced_by == newer
    assert newer.credits == Decimal("8.0")
    rows = actions.transcript_rows(student=cast.graduate, run=run, earned=())
    assert [row.course_code for row in rows] == ["ACCT& 201", "WLD 110"]
    assert rows[1].classes == f"{welded.high_school_course.title}, {cast.kamiakin.name}"


def test_a_student_with_nothing_earned_is_held_and_gets_no_transcript(cast: Cast) -> None:
    Registration.objects.filter(pk=cast.classmate_registration.pk).update(awarded_at=timezone.now())
    run = start(cast)
    work(run)
    assert lines(run) == {"Oksana": ("held", "fees_req")}
    assert not Transcript.objects.filter(run=run).exists()
    assert not CreditAward.objects.filter(run=run).exists()
    assert run.state == State.FINISHED
    assert run.chain_head == "0" * 64
    assert rules.verify_chain(run)


def test_a_class_changed_after_the_run_began_is_held(cast: Cast) -> None:
    run = start(cast)
    Registration.objects.filter(pk=cast.classmate_registration.pk).update(
        status=Registration.Status.NOT_ATTAINED
    )
    work(run)
    assert lines(run)["Maximiliano"] == ("held", Problem.CHANGED)
    assert rules.totals(run).agree


def test_two_classes_for_one_course_and_one_class_for_two_courses(cast: Cast) -> None:
    """Marketing 1 and 2 earn MKTG 210 together; Marketing 1 earns BUS 101 by itself, a year before."""
    first, second = (people.make_high_school_course(cast.kamiakin, f"Marketing {n}") for n in (1, 2))
    bus, mktg = (people.make_college_course(cast.cbc, code) for code in ("BUS 101", "MKTG 210"))
    agreement = people.make_agreement(
        (first, bus), (first, mktg), (second, mktg), consortium=cast.columbia_basin
    )
    student = people.make_student(cast.kamiakin, "Nia")
    then = people.make_section(first, cast.teacher_seat, year=cast.last_year)
    people.make_registration(student, then, agreement, percent="98", by=cast.teacher)
    people.make_year(cast.last_year.first_year)
    before = actions.start_run(college=cast.cbc, year=cast.last_year, by=cast.registrar)
    work(before)
    assert [award.course_code for award in student.awards.all()] == ["BUS 101"]

    now = people.make_section(second, cast.teacher_seat)
    people.make_registration(student, now, agreement, percent="86", by=cast.teacher)
    run = start(cast)
    work(run)
    assert lines(run)["Nia"] == ("awarded", "")
    award = student.awards.get(college_course=mktg)
    assert award.college_grade == "3.1 B"  # the lower of the two
    assert award.sources.count() == 2
    totals = rules.totals(run)
    assert totals.agree  # the class of the year before is no line of this run
    assert rules.verify_chain(run)
    assert rules.verify_chain(before)


def test_a_class_held_last_year_loses_no_course_when_the_other_one_comes(cast: Cast) -> None:
    """As above, but Marketing 1 was held for its form: what it earns alone comes with the course it is needed for."""
    first, second = (people.make_high_school_course(cast.kamiakin, f"Marketing {n}") for n in (1, 2))
    bus, mktg = (people.make_college_course(cast.cbc, code) for code in ("BUS 101", "MKTG 210"))
    agreement = people.make_agreement(
        (first, bus), (first, mktg), (second, mktg), consortium=cast.columbia_basin
    )
    student = people.make_student(cast.kamiakin, "Nia")
    people.make_year(cast.last_year.first_year)
    then = people.make_section(first, cast.teacher_seat, year=cast.last_year)
    late = people.make_registration(
        student, then, agreement, percent="98", by=cast.teacher, fees_req=Registration.FeesReq.PENDING
    )
    before = actions.start_run(college=cast.cbc, year=cast.last_year, by=cast.registrar)
    work(before)
    assert lines(before)["Nia"] == ("held", Problem.FEES_REQ)
    Registration.objects.filter(pk=late.pk).update(
        fees_req=Registration.FeesReq.PROCESSED, fees_req_at=timezone.now(), fees_req_by=cast.consortium
    )

    people.make_registration(
        student, people.make_section(second, cast.teacher_seat), agreement, percent="86", by=cast.teacher
    )
    foretold = rules.forecast(cast.cbc, cast.year)
    run = start(cast)
    work(run)
    assert {award.course_code for award in student.awards.all()} == {"BUS 101", "MKTG 210"}
    assert rules.totals(run).courses == foretold.courses
    assert rules.totals(run).agree
    # Nothing is left for last year, and a run that had it still would say where it went.
    assert not Registration.objects.to_award(cast.cbc, cast.last_year).filter(student=student).exists()


def test_where_the_college_waits_to_be_asked_no_class_counts_unasked(cast: Cast) -> None:
    first, second = (people.make_high_school_course(cast.kamiakin, f"Marketing {n}") for n in (1, 2))
    bus, mktg = (people.make_college_course(cast.cbc, code) for code in ("BUS 101", "MKTG 210"))
    agreement = people.make_agreement(
        (first, bus), (first, mktg), (second, mktg), consortium=cast.columbia_basin
    )
    student = people.make_student(cast.kamiakin, "Nia")
    unasked, asked = (
        people.make_registration(
            student, people.make_section(course, cast.teacher_seat), agreement, percent="90", by=cast.teacher
        )
        for course in (first, second)
    )
    CollegeYear.objects.filter(college=cast.cbc, year=cast.year).update(mode=CollegeYear.Mode.ON_REQUEST)

    def ask(registration: Registration) -> None:
        TranscriptRequest.objects.create(
            registration=registration, asked_by=student.user, consent_version="test"
        )

    ask(asked)
    run = start(cast)
    work(run)
    assert lines(run) == {"Nia": ("held", Problem.OTHER_CLASS)}
    assert not student.awards.exists()
    reasons = rules.reasons_of([unasked, asked], terms=rules.terms_of([unasked, asked]))
    assert {pk: reason.value for pk, reason in reasons.items()} == {
        unasked.pk: "not_asked",
        asked.pk: "other_class",
    }
    ask(unasked)
    work(start(cast))
    assert {award.course_code for award in student.awards.all()} == {"BUS 101", "MKTG 210"}


def test_what_another_run_has_awarded_is_said_so(cast: Cast) -> None:
    run = start(cast)
    Registration.objects.filter(pk=cast.classmate_registration.pk).update(awarded_at=timezone.now())
    work(run)
    assert lines(run)["Maximiliano"] == ("held", Problem.ELSEWHERE)
    assert rules.totals(run).agree


def test_nobody_gets_a_new_id_while_one_of_the_college_may_be_theirs(cast: Cast) -> None:
    """`cast.conflict` is open, and may be about Maximiliano."""
    TranscriptionPlan.objects.create(
        college_year=CollegeYear.objects.get(college=cast.cbc, year=cast.year),
        sids=TranscriptionPlan.Sids.RANGE, sid_from=800_000_000, sid_to=800_000_100,
    )  # fmt: skip
    run = start(cast)
    work(run)
    assert lines(run)["Maximiliano"] == ("held", Problem.SID_OPEN)
    assert not cast.classmate.identities.exists()
    reasons = rules.reasons_of(
        [cast.classmate_registration], terms=rules.terms_of([cast.classmate_registration])
    )
    assert list(reasons.values()) == [rules.Reason.SID_OPEN]
    actions.decide_conflict(conflict=cast.conflict, student=None, by=cast.registrar)
    work(start(cast))
    assert cast.classmate.identities.get().sid == "800000000"


def test_one_of_two_classes_is_held_until_the_other_is_completed(cast: Cast) -> None:
    first, second = (people.make_high_school_course(cast.kamiakin, f"Robotics {n}") for n in (1, 2))
    course = people.make_college_course(cast.cbc, "ROB 110")
    agreement = people.make_agreement((first, course), (second, course), consortium=cast.columbia_basin)
    student = people.make_student(cast.kamiakin, "Rob")
    people.make_registration(
        student, people.make_section(first, cast.teacher_seat), agreement, percent="90", by=cast.teacher
    )
    run = start(cast)
    work(run)
    assert lines(run)["Rob"] == ("held", Problem.OTHER_CLASS)
    people.make_registration(
        student, people.make_section(second, cast.teacher_seat), agreement, percent="95", by=cast.teacher
    )
    again = start(cast)
    work(again)
    assert {line.state for line in again.lines.filter(item__student=student)} == {"awarded"}
    assert student.awards.get().sources.count() == 2


def test_a_course_awarded_in_an_earlier_year_is_left_to_the_registrar(cast: Cast) -> None:
    people.make_registration(cast.graduate, cast.section, cast.agreement, percent="99", by=cast.teacher)
    run = start(cast)
    work(run)
    assert lines(run)["Grace"] == ("held", Problem.REPEAT)
    assert cast.graduate.awards.count() == 1


def test_a_document_that_ends_its_worker_is_held_after_three_attempts(
    cast: Cast, quick_documents: mock.Mock
) -> None:
    quick_documents.side_effect = RuntimeError("the press is jammed")
    run = start(cast)
    work(run)
    assert lines(run)["Maximiliano"] == ("held", Problem.BROKEN)
    assert quick_documents.call_count == RunItem.MOST_ATTEMPTS
    assert run.state == State.FINISHED
    assert rules.totals(run).agree
    assert not CreditAward.objects.filter(run=run).exists()
    cast.classmate_registration.refresh_from_db()
    assert cast.classmate_registration.awarded_at is None
    quick_documents.side_effect = None
    again = start(cast)
    work(again)
    assert lines(again)["Maximiliano"] == ("awarded", "")


def test_a_stopped_run_keeps_what_is_done_and_goes_on_where_it_stopped(cast: Cast) -> None:
    run = start(cast)
    TranscriptionRun.objects.filter(pk=run.pk).update(state=State.RUNNING)
    assert actions.transcribe_next(run_id=run.pk)
    actions.stop_run(run=run, by=cast.registrar)
    assert not actions.transcribe_next(run_id=run.pk)
    work(run)
    assert run.state == State.STOPPED
    assert rules.totals(run).done == 1
    with pytest.raises(Refused) as refused:
        start(cast)
    assert refused.value.refusal.rule == "run_is_live"
    actions.resume_run(run=run, by=cast.registrar)
    actions.resume_run(run=run, by=cast.registrar)  # a second press changes nothing
    assert run.starts == 2
    work(run)
    assert run.state == State.FINISHED
    assert rules.totals(run).agree
    assert rules.totals(run).done == 2


def test_stopping_and_resuming_a_finished_run_changes_nothing(cast: Cast) -> None:
    for act in (actions.stop_run, actions.resume_run):
        act(run=cast.run, by=cast.registrar)
        cast.run.refresh_from_db()
        assert cast.run.state == State.FINISHED


def test_only_the_registrar_of_the_college_may(cast: Cast) -> None:
    for person in (cast.other_registrar, cast.state, cast.consortium, cast.teacher):
        with pytest.raises(Refused):
            actions.start_run(college=cast.cbc, year=cast.year, by=person)
        for act in (actions.stop_run, actions.resume_run):
            with pytest.raises(Refused):
                act(run=cast.run, by=person)


@pytest.mark.parametrize(
    ("mode", "rule"),
    [("on_request", "nobody_asked"), ("enrollment", "not_in_sers"), ("external", "not_in_sers")],
)
def test_credit_that_does_not_come_by_itself_is_not_awarded_to_everyone(
    cast: Cast, mode: str, rule: str
) -> None:
    CollegeYear.objects.filter(college=cast.cbc, year=cast.year).update(mode=mode)
    with pytest.raises(Refused) as refused:
        start(cast)
    assert refused.value.refusal.rule == rule


def test_a_college_without_rules_for_the_year_starts_nothing(cast: Cast) -> None:
    with pytest.raises(Refused) as refused:
        actions.start_run(college=cast.cbc, year=people.make_year(2011), by=cast.registrar)
    assert refused.value.refusal.rule == "no_college_year"


def test_a_job_is_handed_on_after_its_slice_of_time(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions.runs, "SLICE", datetime.timedelta(0))
    run = start(cast)
    job = Job.objects.get(key=f"run-{run.pk}-1-0-0")
    actions.run_transcription(job_id=job.pk)
    job.refresh_from_db()
    assert job.state == OutboxState.DONE
    assert rules.totals(run).done == 1
    assert Job.objects.get(key=f"run-{run.pk}-1-0-1").state == OutboxState.QUEUED
    work(run)
    assert run.state == State.FINISHED


def test_a_job_in_another_worker_s_hands_is_left_alone(cast: Cast) -> None:
    run = start(cast)
    job = Job.objects.get(key=f"run-{run.pk}-1-0-0")
    assert take(job)
    actions.run_transcription(job_id=job.pk)
    assert rules.totals(run).done == 0


def test_the_last_of_two_lanes_closes_the_run(cast: Cast) -> None:
    run = start(cast)
    TranscriptionRun.objects.filter(pk=run.pk).update(state=State.RUNNING)
    assert not actions.finish_run(run_id=run.pk)
    while actions.transcribe_next(run_id=run.pk):
        pass
    assert actions.finish_run(run_id=run.pk)
    assert not actions.finish_run(run_id=run.pk)
    assert Mail.objects.filter(key=f"run-{run.pk}-finished").count() == 1


def test_the_chain_shows_a_changed_a_missing_and_a_foreign_award(cast: Cast) -> None:
    run = start(cast)
    for number in range(3):
        people.make_registration(
            people.make_student(cast.kamiakin, f"Pat{number}"),
            cast.section, cast.agreement, percent="90", by=cast.teacher,
        )  # fmt: skip
    work(run)
    late = start(cast)
    work(late)
    assert rules.verify_chain(late)
    one = CreditAward.objects.filter(run=late).order_by("id")[1]

    def tamper(sql: str) -> bool:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")  # someone with the keys to the ink
            cursor.execute(sql, {"award": one.pk, "run": late.pk})
            whole = rules.verify_chain(TranscriptionRun.objects.get(pk=late.pk))
            transaction.set_rollback(True)
        return whole

    assert tamper("SELECT 1")
    assert not tamper("UPDATE transcripts_creditaward SET credits = 9 WHERE id = %(award)s")
    assert not tamper("UPDATE transcripts_creditaward SET letter = 'A' WHERE id = %(award)s")
    assert not tamper("DELETE FROM transcripts_awardsource WHERE award_id = %(award)s")
    assert not tamper("UPDATE transcripts_creditaward SET run_id = NULL WHERE id = %(award)s")
    assert not tamper(
        "UPDATE transcripts_transcriptionrun SET chain_head = repeat('1', 64) WHERE id = %(run)s"
    )


def test_no_credit_twice_whatever_the_program_does(cast: Cast) -> None:
    """By constraint: the same award, the same source, the same transcript, the same class in a run."""
    run = start(cast)
    work(run)
    award, transcript = CreditAward.objects.get(run=run), Transcript.objects.get(run=run)
    facts: dict[str, Any] = {
        field.attname: getattr(award, field.attname)
        for field in CreditAward._meta.concrete_fields
        if field.name != "id"
    }
    source, line = award.sources.get(), run.lines.order_by("id")[0]
    for attempt in (
        lambda: CreditAward.objects.create(**facts),
        lambda: AwardSource.objects.create(
            award=award,
            registration=source.registration,
            college_course=source.college_course,
            grade=source.grade,
        ),
        lambda: Transcript.objects.create(run=run, student=transcript.student, college=cast.cbc, credits=1),
        lambda: TranscriptFile.objects.create(transcript=transcript, pdf=b""),
        lambda: RunLine.objects.create(run=run, item=line.item, registration=line.registration),
        lambda: RunItem.objects.create(run=run, student=transcript.student),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            attempt()


def test_a_forecast_is_what_the_run_then_does(cast: Cast) -> None:
    people.make_registration(cast.graduate, cast.section, cast.agreement, percent="99", by=cast.teacher)
    expected = rules.forecast(cast.cbc, cast.year)
    run = start(cast)
    work(run)
    totals = rules.totals(run)
    assert (expected.classes, expected.students) == (totals.found, totals.students) == (3, 3)
    assert (expected.awarded, expected.courses) == (totals.awarded, totals.courses) == (1, 1)
    assert expected.credits == totals.credits == Decimal("5.0")
    assert {str(problem): count for problem, count in expected.held.items()} == run.lines.by_problem()


def test_a_forecast_asks_the_same_number_of_queries_for_one_student_and_three(
    cast: Cast, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(12):
        rules.forecast(cast.cbc, cast.year)
    for number in range(3):
        people.make_registration(
            people.make_student(cast.kamiakin, f"Pat{number}"),
            cast.section, cast.agreement, percent="90", by=cast.teacher,
        )  # fmt: skip
    with django_assert_num_queries(12):
        assert rules.forecast(cast.cbc, cast.year).students == 5


def test_nobody_waits_where_everything_is_awarded(cast: Cast) -> None:
    assert [(one.college, one.classes, one.students) for one in rules.waiting([cast.cbc.pk])] == [
        (cast.cbc.name, 2, 2)
    ]
    assert rules.waiting([]) == []
    assert rules.forecast(cast.cbc, people.make_year(2011)).classes == 0
    assert Student.objects.filter(pk=cast.newcomer.pk).exists()
