"""Merging two records: who may, what stands in the way, what it does to the rows, and its undo."""

from typing import Any

import pytest
from django.db import transaction

from accounts.access import Role
from accounts.models import Event, Mail, User
from sers.lib.refusal import Refused
from students import actions as students
from students.models import Disclosure, LikelyTwins, Merge, Registration, Student, kin_of, records_of
from students.rules import can_register_for, is_own
from tests import raw
from tests.people import (
    Cast,
    make_agreement,
    make_award,
    make_high_school_course,
    make_identity,
    make_registration,
    make_run,
    make_seat,
    make_section,
    make_student,
    make_transcript,
)
from tests.transcripts.merging import WHY, merged, second_record
from transcripts import actions, rules
from transcripts.models import CollegeIdentity, CreditAward, RunItem, RunLine, Transcript, TranscriptionRun


def blocked(by: User, stands: Student, gone: Student) -> list[str]:
    return [one.rule for one in rules.why_not_merge(by, stands, gone)]


# --- Who may --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "rule"),
    [
        ("teacher", ["not_for_seat"]), ("counselor", ["not_for_seat"]), ("district", ["not_for_seat"]),
        ("faculty", ["not_for_seat"]), ("registrar", ["not_for_seat"]), ("nobody", ["not_for_seat"]),
        ("student", ["not_for_seat"]), ("other_consortium", ["beyond_reach"]),
        ("consortium", []), ("state", []),
    ],
)  # fmt: skip
def test_who_merges(cast: Cast, who: str, rule: list[str]) -> None:
    by = cast.student.user if who == "student" else getattr(cast, who)
    assert by is not None
    assert blocked(by, cast.newcomer, second_record(cast)) == rule


def test_records_of_two_consortia_are_merged_by_the_state(cast: Cast) -> None:
    assert blocked(cast.consortium, cast.newcomer, cast.other_student) == ["beyond_reach"]
    assert blocked(cast.other_consortium, cast.newcomer, cast.other_student) == ["beyond_reach"]
    assert blocked(cast.state, cast.newcomer, cast.other_student) == []


def test_nobody_merges_a_record_of_their_own(cast: Cast) -> None:
    second = second_record(cast)
    assert second.user is not None
    make_seat(second.user, Role.CONSORTIUM, cast.columbia_basin)
    assert blocked(second.user, cast.newcomer, second) == ["own_record"]
    assert blocked(second.user, second, cast.newcomer) == ["own_record"]


# --- What stands in the way -----------------------------------------------------------------------------


def test_a_record_is_not_merged_into_itself(cast: Cast) -> None:
    assert blocked(cast.consortium, cast.student, cast.student) == ["same_record"]


def test_no_chain_and_no_cycle(cast: Cast) -> None:
    first, second, third = cast.newcomer, second_record(cast), second_record(cast)
    merged(cast, first, second)
    assert blocked(cast.consortium, third, second) == ["merged_already"]
    assert blocked(cast.consortium, second, third) == ["merged_already"]
    assert blocked(cast.consortium, third, first) == ["stands_for_another"]
    merged(cast, first, third)  # two records of one person beside the one that stands
    for gone, stands in ((first, second), (second, third), (first, make_student(cast.kamiakin))):
        with raw.breaks("merges_make_no_chain"):
            raw.change(gone, merged_into_id=stands.pk)


def test_whoever_can_sign_in_keeps_the_way_in(cast: Cast) -> None:
    without = second_record(cast, user=None)
    assert blocked(cast.consortium, without, cast.newcomer) == ["no_account"]
    assert blocked(cast.consortium, cast.newcomer, without) == []


def test_who_was_told_apart_stays_so(cast: Cast) -> None:
    second = second_record(cast)
    pair = LikelyTwins.objects.create(older=cast.newcomer, newer=second, likeness="1_same")
    students.tell_apart(pair=pair, reason="Cousins", by=cast.consortium)
    assert blocked(cast.consortium, cast.newcomer, second) == ["told_apart"]
    assert blocked(cast.consortium, second, cast.newcomer) == ["told_apart"]
    students.put_back(pair=pair, by=cast.consortium)
    assert blocked(cast.consortium, second, cast.newcomer) == []


def test_two_ids_at_one_college(cast: Cast) -> None:
    second = second_record(cast)
    make_identity(second, cast.wwcc)
    assert blocked(cast.consortium, cast.graduate, second) == []
    make_identity(second, cast.cbc)
    assert blocked(cast.consortium, cast.graduate, second) == ["two_college_ids"]


def test_one_class_of_a_year_twice(cast: Cast) -> None:
    second = second_record(cast)
    twice = make_registration(second, cast.section, cast.agreement)
    assert blocked(cast.consortium, cast.student, second) == ["class_twice"]
    with raw.breaks("one_live_registration_of_a_class_a_year"):
        raw.change(second, merged_into_id=cast.student.pk)
    Registration.objects.filter(pk=twice.pk).update(status=Registration.Status.WITHDRAWN)
    assert blocked(cast.consortium, cast.student, second) == []


def test_credit_for_one_course_twice(cast: Cast) -> None:
    second = second_record(cast)
    section = make_section(cast.accounting, cast.teacher_seat, year=cast.last_year, label="2")
    again = make_registration(second, section, cast.agreement, percent="95", by=cast.teacher)
    run = make_run(cast.cbc, cast.last_year, cast.registrar)
    make_award(run, again)
    found = blocked(cast.consortium, cast.graduate, second)
    assert found == ["class_twice", "credit_twice"]


def test_nothing_is_merged_while_a_run_has_it_in_hand(cast: Cast) -> None:
    run = TranscriptionRun.objects.create(college=cast.cbc, year=cast.year, started_by=cast.registrar)
    item = RunItem.objects.create(run=run, student=cast.classmate)
    second = second_record(cast)
    assert blocked(cast.consortium, second, cast.classmate) == ["being_transcribed"]
    assert blocked(cast.consortium, cast.classmate, second) == ["being_transcribed"]
    RunItem.objects.filter(pk=item.pk).update(state=RunItem.State.DONE, done_at=run.started_at)
    assert blocked(cast.consortium, second, cast.classmate) == []


def test_the_action_asks_the_rule_again(cast: Cast) -> None:
    for stands, gone, by, reason, rule in (
        (cast.newcomer, cast.newcomer, cast.consortium, WHY, "same_record"),
        (cast.newcomer, cast.gone, cast.consortium, "  ", "no_reason"),
        (cast.newcomer, cast.gone, cast.teacher, WHY, "not_for_seat"),
    ):
        with pytest.raises(Refused) as refused:
            actions.merge_records(stands=stands, gone=gone, reason=reason, by=by)
        assert refused.value.refusal.rule == rule
    assert not Student.objects.merged_away().exists()


# --- The act --------------------------------------------------------------------------------------------


def test_a_merge_writes_a_pointer_and_nothing_else(cast: Cast) -> None:
    second = second_record(cast)
    before = [
        list(model.objects.order_by("pk").values()) for model in (Registration, CreditAward, CollegeIdentity)
    ]
    merge = merged(cast, second, cast.graduate)
    assert cast.graduate.merged_into_id == second.pk
    assert before == [
        list(model.objects.order_by("pk").values()) for model in (Registration, CreditAward, CollegeIdentity)
    ]
    assert Registration.objects.get(pk=cast.graduate_registration.pk).student_id == cast.graduate.pk
    (event,) = Event.objects.filter(kind="transcripts.records_merged")
    assert (event.actor, event.subject_id) == (cast.consortium, merge.pk)
    assert event.data == {"stands": second.pk, "gone": cast.graduate.pk, "reason": WHY}


def test_both_addresses_are_told_each_once(cast: Cast) -> None:
    second = second_record(cast)
    merged(cast, second, cast.student)
    told = Mail.objects.filter(kind="transcripts/records_merged").order_by("to")
    assert {one.to for one in told} == {second.email, cast.student.email}
    for one in told:
        assert second.sers_id in one.text
        assert cast.student.sers_id in one.text
    third = second_record(cast, user=None, imported_email=second.email.upper())
    merged(cast, second, third)
    assert Mail.objects.filter(kind="transcripts/records_merged").count() == 3


def test_the_log_is_ink(cast: Cast) -> None:
    merge = merged(cast, second_record(cast), cast.student)
    with raw.breaks("merge_is_ink"):
        raw.change(merge, reason="another")
    with raw.breaks("merge_stays"):
        raw.delete(merge)
    with raw.breaks("a_record_is_merged_once"):
        raw.copy(merge, public_id="00000000-0000-4000-8000-000000000001")
    with raw.breaks("who_undoes_a_merge_says_why"):
        raw.change(merge, undone_at="2030-01-01T00:00:00Z")
    actions.undo_merge(merge=merge, reason="Cousins", by=cast.consortium)
    with raw.breaks("undone_merge_is_ink"):
        raw.change(merge, undone_reason="another")


# --- What the database holds to across records ----------------------------------------------------------


def test_one_live_registration_across_records(cast: Cast) -> None:
    second = second_record(cast)
    merged(cast, second, cast.student)
    with raw.breaks("one_live_registration_of_a_class_a_year"), transaction.atomic():
        make_registration(second, cast.section, cast.agreement)
    left = make_registration(second, cast.section, cast.agreement, status=Registration.Status.WITHDRAWN)
    with raw.breaks("one_live_registration_of_a_class_a_year"):
        raw.change(left, status="in_progress")
    with raw.stands():
        raw.change(cast.registration, status="withdrawn")
        raw.change(left, status="in_progress")


def test_credit_once_across_records(cast: Cast) -> None:
    second = second_record(cast)
    merged(cast, second, cast.graduate)
    with raw.breaks("credit_is_awarded_once"):
        raw.copy(cast.award, student_id=second.pk, link="1" * 64)


def test_one_college_id_across_records(cast: Cast) -> None:
    second = second_record(cast)
    merged(cast, second, cast.graduate)
    with raw.breaks("one_college_id_a_student_and_college"), transaction.atomic():
        make_identity(second, cast.cbc)
    make_identity(second, cast.wwcc)
    with pytest.raises(Refused):
        actions.enter_sid(student=second, college=cast.cbc, sid="209999999", by=cast.registrar)


def test_an_id_stands_that_a_document_of_the_other_record_tells(cast: Cast) -> None:
    second = second_record(cast)
    identity = make_identity(second, cast.cbc)
    merged(cast, second, cast.classmate)
    transcript = make_transcript(make_run(cast.cbc, cast.year, cast.registrar), cast.classmate)
    raw.change(transcript, sid=identity.sid)
    with pytest.raises(Refused) as refused:
        actions.undo_identity(identity=identity, by=cast.registrar)
    assert refused.value.refusal.rule == "gone_out"
    with raw.breaks("college_id_that_went_out_stands"):
        raw.change(identity, undone_at="2030-01-01T00:00:00Z", undone_by_id=cast.registrar.pk)


# --- Who it is ------------------------------------------------------------------------------------------


def test_every_account_of_a_person_is_their_own(cast: Cast) -> None:
    second = second_record(cast)
    merge = merged(cast, second, cast.student)
    assert cast.student.user is not None
    assert second.user is not None
    for pk in (cast.student.user.pk, second.user.pk):
        user = User.objects.get(pk=pk)
        assert Student.objects.own(user).get() == second
        assert is_own(user, second)
        assert can_register_for(user, second)
        assert cast.registration in Registration.objects.visible_to(user)
    actions.undo_merge(merge=merge, reason="Cousins", by=cast.consortium)
    user, other = (User.objects.get(pk=one.pk) for one in (cast.student.user, second.user))
    assert (Student.objects.own(user).get(), Student.objects.own(other).get()) == (cast.student, second)
    assert not Registration.objects.visible_to(other).exists()


def test_records_of_one_person(cast: Cast) -> None:
    second, third = second_record(cast), second_record(cast)
    merged(cast, second, cast.student)
    merged(cast, second, third)
    everyone = {second.pk, cast.student.pk, third.pk}
    for one in (second, cast.student, third):
        assert set(records_of(one).values_list("pk", flat=True)) == everyone
        kin = kin_of([one.pk])
        assert kin.person(one.pk) == second.pk
        assert kin.records([one.pk]) == everyone
    assert kin_of([cast.newcomer.pk]).into == {}


@pytest.mark.parametrize("who", ["teacher", "counselor", "district", "registrar", "consortium", "state"])
def test_who_reached_a_class_of_the_merged_record_reaches_the_student(cast: Cast, who: str) -> None:
    second = second_record(cast)
    merged(cast, second, cast.student)
    assert second in Student.objects.visible_to(getattr(cast, who))
    assert cast.registration in Registration.objects.visible_to(getattr(cast, who))
    assert second not in Student.objects.visible_to(getattr(cast, f"other_{who}", cast.nobody))


def test_the_counselor_of_the_school_now_reaches_every_class(cast: Cast) -> None:
    there = second_record(cast, school=cast.wahi)
    actions.merge_records(stands=there, gone=cast.student, reason=WHY, by=cast.state)
    assert cast.registration in Registration.objects.visible_to(cast.other_counselor)
    assert Disclosure.objects.of(there).count() == Disclosure.objects.of(cast.student).count() > 0


# --- Credit ---------------------------------------------------------------------------------------------


def test_a_course_on_the_record_of_the_one_is_not_awarded_to_the_other(cast: Cast) -> None:
    """The same rule as for one record: a repeat is held for the registrar."""
    second = second_record(cast)
    again = make_registration(second, cast.section, cast.agreement, percent="95", by=cast.teacher)
    assert rules.reasons_of([again], terms=rules.terms_of([again]))[again.pk] == rules.Reason.READY
    merged(cast, second, cast.graduate)
    assert rules.reasons_of([again], terms=rules.terms_of([again]))[again.pk] == rules.Reason.REPEAT
    held = rules.forecast(cast.cbc, cast.year).held
    assert held.get(RunLine.Problem.REPEAT) == 1
    explained = rules.explained(
        Registration.objects.in_full().get(pk=again.pk), on=cast.year.ends_on, reader=cast.registrar
    )
    assert explained.earlier == cast.award


def test_a_run_awards_to_the_record_that_stands(cast: Cast) -> None:
    second = second_record(cast)
    make_identity(second, cast.cbc)
    merged(cast, second, cast.classmate)
    run = actions.start_run(college=cast.cbc, year=cast.year, by=cast.registrar)
    TranscriptionRun.objects.filter(pk=run.pk).update(state=TranscriptionRun.State.RUNNING)
    while actions.transcribe_next(run_id=run.pk):
        pass
    award = CreditAward.objects.get(sources__registration=cast.classmate_registration)
    assert award.student_id == second.pk
    transcript = Transcript.objects.get(run=run, student=second)
    assert (transcript.sid, transcript.name) == (
        CollegeIdentity.objects.sid_of(second, cast.cbc),
        second.name,
    )
    assert transcript.sid


def test_the_next_transcript_holds_the_credit_of_both(cast: Cast) -> None:
    second = second_record(cast)
    own = make_registration(
        second, make_section(cast.welding, cast.colleague_seat, year=cast.last_year), cast.welding_agreement,
        percent="95", by=cast.colleague,
    )  # fmt: skip
    run = make_run(cast.cbc, cast.last_year, cast.registrar)
    make_award(run, own)
    merged(cast, second, cast.graduate)
    rows = actions.transcript_rows(student=second, run=run, earned=())
    assert [row.course_code for row in rows] == ["ACCT& 201", "WLD 110"]
    new = make_transcript(run, second)
    cast.transcript.refresh_from_db()
    assert cast.transcript.replaced_by == new
    assert rules.standing_of(cast.transcript) == "replaced"


# --- Undo -----------------------------------------------------------------------------------------------


def test_an_undo_gives_everything_back(cast: Cast) -> None:
    second = second_record(cast)
    merge = merged(cast, second, cast.student)
    later = make_registration(
        second, make_section(cast.welding, cast.colleague_seat, label="7"), cast.welding_agreement
    )
    assert rules.undoing_of(cast.consortium, merge).stays == ["1 registration"]
    actions.undo_merge(merge=merge, reason="Cousins", by=cast.consortium)
    cast.student.refresh_from_db()
    assert cast.student.merged_into_id is None
    assert list(Registration.objects.of(cast.student)) == [cast.registration]
    assert list(Registration.objects.of(second)) == [later]
    assert Mail.objects.filter(kind="transcripts/merge_undone").count() == 2
    (event,) = Event.objects.filter(kind="transcripts.merge_undone")
    assert event.data["reason"] == "Cousins"
    with pytest.raises(Refused) as refused:
        actions.undo_merge(merge=Merge.objects.get(pk=merge.pk), reason="Again", by=cast.consortium)
    assert refused.value.refusal.rule == "undone_already"
    # They may be merged again: the log holds both.
    merged(cast, second, cast.student)
    assert Merge.objects.of(second).count() == 2


def test_who_undoes(cast: Cast) -> None:
    merge = merged(cast, second_record(cast), cast.student)
    assert rules.why_not_undo_merge(cast.state, merge) == []
    assert [one.rule for one in rules.why_not_undo_merge(cast.counselor, merge)] == ["not_for_seat"]
    assert [one.rule for one in rules.why_not_undo_merge(cast.other_consortium, merge)] == ["beyond_reach"]


def test_no_undo_once_credit_was_awarded_to_both_as_one(cast: Cast) -> None:
    second = second_record(cast)
    merge = merged(cast, second, cast.classmate)
    run = make_run(cast.cbc, cast.year, cast.registrar)
    make_award(run, Registration.objects.get(pk=cast.classmate_registration.pk))
    assert [one.rule for one in rules.why_not_undo_merge(cast.state, merge)] == ["awarded_since"]


def test_no_undo_while_a_transcript_of_both_counts(cast: Cast) -> None:
    second = second_record(cast)
    merge = merged(cast, second, cast.graduate)
    transcript = make_transcript(cast.run, second)
    found = rules.why_not_undo_merge(cast.state, merge)
    assert [one.rule for one in found] == ["issued_since"]
    assert "Its registrar revokes it first." in str(found[0])
    actions.revoke_transcript(transcript=transcript, reason="Two people", by=cast.registrar)
    assert rules.why_not_undo_merge(cast.state, merge) == []


def test_a_preview_costs_the_same_however_much_there_is(cast: Cast, django_assert_num_queries: Any) -> None:
    second = second_record(cast)
    make_registration(second, cast.colleague_section, cast.welding_agreement)
    rules.preview_of(cast.consortium, cast.student, second)  # the seats of who asks are remembered
    with django_assert_num_queries(31):
        rules.preview_of(cast.consortium, cast.student, second)
    for title in ("Welding 2", "Welding 3"):
        course = make_high_school_course(cast.kamiakin, title)
        agreement = make_agreement((course, cast.wld_110), consortium=cast.columbia_basin)
        make_registration(second, make_section(course, cast.colleague_seat), agreement)
    with django_assert_num_queries(31):
        rules.preview_of(cast.consortium, cast.student, second)
