"""What is done with accounts and registrations of students: what is written, refused, mailed, and kept as an event."""

import datetime
import re
import uuid
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Event, Job, Mail, MailedLink, User
from organizations.models import ConsortiumYear, Window
from sers.lib.refusal import Refused
from students import actions, rules
from students.models import ConsentText, Registration, Student
from tests.people import (
    Cast,
    account_of,
    close_window,
    enter_grade,
    make_agreement,
    make_college_course,
    make_registration,
    make_section,
    make_student,
)

STATUS, FEES = Registration.Status, Registration.FeesReq


def refused(call: Any, *args: Any, **kwargs: Any) -> str:
    """The rule that refuses; nothing else may be raised, and no row or mail may be left behind."""
    before = (
        Event.objects.count(),
        Mail.objects.count(),
        Registration.objects.count(),
        Student.objects.count(),
    )
    with pytest.raises(Refused) as caught:
        call(*args, **kwargs)
    assert (
        Event.objects.count(),
        Mail.objects.count(),
        Registration.objects.count(),
        Student.objects.count(),
    ) == before
    return caught.value.refusal.rule


def kinds_of(subject: Any) -> list[str]:
    """What was done with it, the first first."""
    events = Event.objects.filter(subject_type=subject._meta.label_lower, subject_id=subject.pk).order_by(
        "id"
    )
    return list(events.values_list("kind", flat=True))


# --- Create New SERS Account ----------------------------------------------------------------------------


def person(cast: Cast, **facts: Any) -> dict[str, Any]:
    return {
        "first_name": "Nova", "last_name": "Lindqvist", "birth_date": datetime.date(2009, 5, 1), "email": "nova@example.net",
        "password": "four plain words of wood", "school": cast.kamiakin, "grade_level": 11, "graduation_year": 2027,
    } | facts  # fmt: skip


def test_a_new_person_gets_an_id_an_account_and_a_mail(cast: Cast) -> None:
    student = actions.create_student(**person(cast))
    assert rules.is_sers_id(student.sers_id)
    assert student.user is not None
    assert re.fullmatch(r"nova\.lindqvist\.\d{4}", student.user.username)
    assert student.user.check_password("four plain words of wood")
    assert [seat.role for seat in student.user.seats.all()] == ["student"]
    assert kinds_of(student) == ["students.created"]
    mail = Mail.objects.get(to="nova@example.net")
    assert student.sers_id in mail.text
    assert student.user.username in mail.text
    assert "four plain words" not in mail.text


def test_a_form_sent_twice_makes_one_account(cast: Cast) -> None:
    form = uuid.uuid4()
    first = actions.create_student(**person(cast, public_id=form))
    assert actions.create_student(**person(cast, public_id=form)) == first
    assert Mail.objects.filter(to="nova@example.net").count() == 1
    assert kinds_of(first) == ["students.created"]


def test_who_may_be_in_sers_already_is_asked_of_a_worker_alone(cast: Cast) -> None:
    first, again = actions.create_student(**person(cast)), actions.create_student(**person(cast))
    assert first.sers_id != again.sers_id
    assert {job.subject_id for job in Job.objects.filter(task=actions.TWINS_TASK)} == {first.pk, again.pk}
    assert not Mail.objects.filter(subject="You have a SERS account").exists()


def test_a_date_that_is_no_student_s_is_refused(cast: Cast) -> None:
    today = timezone.localdate()
    for born in (today, today + datetime.timedelta(days=1), datetime.date(1960, 1, 1)):
        assert refused(actions.create_student, **person(cast, birth_date=born)) in (
            "not_school_age",
            "not_born_yet",
        )


# --- Confirming the address -----------------------------------------------------------------------------


def token_of(student: Student) -> str:
    mail = Mail.objects.filter(to=student.email).order_by("id").last()
    assert mail is not None
    found = re.search(r"/students/confirm/([\w-]+)/", mail.text)
    assert found is not None
    return found.group(1)


@pytest.fixture
def nova(cast: Cast) -> Student:
    return actions.create_student(**person(cast))


def test_a_link_confirms_once(nova: Student) -> None:
    token = token_of(nova)
    assert actions.is_open_link(token)
    assert actions.confirm_email(token=token) == nova
    assert nova.user is not None
    nova.user.refresh_from_db()
    assert nova.user.email_confirmed_at is not None
    assert not actions.is_open_link(token)
    assert actions.confirm_email(token=token) is None
    assert kinds_of(nova) == ["students.created", "students.email_confirmed"]


def test_a_link_is_kept_as_its_fingerprint_only(nova: Student) -> None:
    token = token_of(nova)
    link = MailedLink.objects.get(user=nova.user)
    assert token not in (link.token_hash, str(link))
    assert len(link.token_hash) == 64
    assert not actions.is_open_link(link.token_hash)


@pytest.mark.parametrize("token", ["", "x", "0" * 43, "%", "\u200b", "a" * 10_000])
def test_a_token_nobody_was_sent_opens_nothing(nova: Student, token: str) -> None:
    assert actions.confirm_email(token=token) is None


def test_a_link_is_too_old_after_seven_days(nova: Student) -> None:
    token = token_of(nova)
    MailedLink.objects.filter(user=nova.user).update(expires_at=timezone.now())
    assert actions.confirm_email(token=token) is None


def test_a_second_link_closes_the_first_and_comes_after_five_minutes(nova: Student) -> None:
    first = token_of(nova)
    assert nova.user is not None
    assert refused(actions.send_link, student=nova, by=nova.user) == "just_sent"
    MailedLink.objects.filter(user=nova.user).update(
        created_at=timezone.now() - datetime.timedelta(minutes=6)
    )
    actions.send_link(student=nova, by=nova.user)
    second = token_of(nova)
    assert second != first
    assert actions.confirm_email(token=first) is None
    assert actions.confirm_email(token=second) == nova
    nova.user.refresh_from_db()
    assert refused(actions.send_link, student=nova, by=nova.user) == "confirmed"


# --- Registering ----------------------------------------------------------------------------------------


def register(cast: Cast, student: Student, **facts: Any) -> Registration:
    facts = {"section": cast.section, "college": cast.cbc, "by": student.user} | facts
    return actions.register(student=student, **facts)


def test_a_student_registers(cast: Cast) -> None:
    registration = register(cast, cast.newcomer)
    registration.refresh_from_db()
    assert (registration.student, registration.section, registration.high_school_course, registration.year) == (
        cast.newcomer, cast.section, cast.accounting, cast.year,
    )  # fmt: skip
    assert (registration.college, registration.articulation) == (cast.cbc, cast.agreement)
    assert (registration.status, registration.fees_req, registration.fee_due) == (
        "in_progress",
        "not_required",
        0,
    )
    assert (registration.registered_by, registration.version) == (cast.newcomer.user, 1)
    assert registration.consent == ConsentText.objects.in_force()
    assert re.fullmatch(r"R-[2-9A-HJKMNP-Z]{10}", registration.reference)
    assert kinds_of(registration) == ["students.registered"]
    mail = Mail.objects.get(to=cast.newcomer.email)
    assert registration.reference in mail.text
    assert "ACCT& 201 Principles of Accounting I" in mail.text


def test_registering_again_changes_nothing(cast: Cast) -> None:
    first = register(cast, cast.newcomer)
    assert [register(cast, cast.newcomer) for _ in range(3)] == [first] * 3
    assert Registration.objects.filter(student=cast.newcomer).count() == 1
    assert Mail.objects.filter(to=cast.newcomer.email).count() == 1
    assert kinds_of(first) == ["students.registered"]


def test_another_teacher_or_college_of_the_same_class_is_refused(cast: Cast) -> None:
    register(cast, cast.newcomer)
    other = make_section(cast.accounting, cast.colleague_seat, label="Period 5")
    assert refused(register, cast, cast.newcomer, section=other) == "registered_already"
    make_agreement((cast.accounting, make_college_course(cast.wwcc, "ACCT 101")), consortium=cast.walla_walla)
    assert refused(register, cast, cast.newcomer, college=cast.wwcc) == "registered_already"


def test_who_left_may_register_again(cast: Cast) -> None:
    again = register(cast, cast.gone)
    assert again != cast.gone_registration
    assert Registration.objects.filter(student=cast.gone).count() == 2


@pytest.mark.parametrize("who", ["teacher", "counselor", "consortium", "state", "nobody"])
def test_nobody_registers_somebody_else(cast: Cast, who: str) -> None:
    assert refused(register, cast, cast.newcomer, by=getattr(cast, who)) == "not_yourself"
    assert refused(register, cast, cast.newcomer, by=cast.student.user) == "not_yourself"


def test_registration_is_refused_by_its_rules(cast: Cast) -> None:
    assert refused(register, cast, cast.newcomer, college=cast.wwcc) == "no_agreement"
    assert refused(register, cast, cast.newcomer, section=cast.last_section) == "other_year"
    close_window(Window.Kind.REGISTRATION, cast.columbia_basin, cast.year)
    assert refused(register, cast, cast.newcomer) == "registration_closed"
    close_window(Window.Kind.REGISTRATION, cast.columbia_basin, cast.year, days_ago=-1)
    assert refused(register, cast, cast.newcomer) == "registration_not_open"
    assert Registration.objects.filter(student=cast.newcomer).count() == 0


def test_a_student_of_another_school_may_register(cast: Cast) -> None:
    """A skills center, a class elsewhere: the school of the class need not be one's own."""
    registration = register(cast, cast.other_student)
    assert registration.articulation == cast.agreement


def test_what_is_owed_stands_on_the_registration(cast: Cast) -> None:
    terms = ConsortiumYear.objects.filter(consortium=cast.columbia_basin, year=cast.year)
    terms.update(fee_basis=ConsortiumYear.FeeBasis.YEAR, fee_amount=Decimal(50))
    first = register(cast, cast.newcomer)
    second = register(cast, cast.newcomer, section=cast.colleague_section)
    assert [(one.fee_due, one.fees_req) for one in (first, second)] == [(50, "pending"), (0, "not_required")]
    terms.update(fee_basis=ConsortiumYear.FeeBasis.CREDIT, fee_amount=Decimal("4.50"), form_required=True)
    third = register(cast, make_student(cast.kamiakin))
    assert (third.fee_due, third.fees_req) == (Decimal("22.50"), "pending")


def test_a_fee_is_owed_again_when_the_class_that_owed_it_was_left(cast: Cast) -> None:
    ConsortiumYear.objects.filter(consortium=cast.columbia_basin, year=cast.year).update(
        fee_basis=ConsortiumYear.FeeBasis.YEAR, fee_amount=Decimal(50)
    )
    first = register(cast, cast.newcomer)
    actions.withdraw(registration=first, by=account_of(cast.newcomer))
    assert register(cast, cast.newcomer, section=cast.colleague_section).fee_due == 50


def yearly_fee(cast: Cast) -> None:
    ConsortiumYear.objects.filter(consortium=cast.columbia_basin, year=cast.year).update(
        fee_basis=ConsortiumYear.FeeBasis.YEAR, fee_amount=Decimal(50)
    )


def test_a_yearly_fee_outlives_the_class_that_bore_it(cast: Cast) -> None:
    yearly_fee(cast)
    first = register(cast, cast.newcomer)
    second = register(cast, cast.newcomer, section=cast.colleague_section)
    actions.withdraw(registration=first, by=account_of(cast.newcomer))
    for one in (first, second):
        one.refresh_from_db()
    assert [(one.fee_due, one.fees_req) for one in (first, second)] == [(0, "not_required"), (50, "pending")]
    assert first.requirements.get().state == "dropped"


def test_a_yearly_fee_that_was_paid_is_not_asked_again(cast: Cast) -> None:
    yearly_fee(cast)
    first = register(cast, cast.newcomer)
    actions.process_requirements(registrations=[first], to="processed", by=cast.consortium)
    first.refresh_from_db()
    actions.withdraw(registration=first, by=account_of(cast.newcomer))
    first.refresh_from_db()
    assert (first.fee_due, first.fees_req) == (50, "processed")
    assert register(cast, cast.newcomer, section=cast.colleague_section).fee_due == 0


# --- Withdrawing, changing teacher ----------------------------------------------------------------------


def test_a_student_withdraws(cast: Cast) -> None:
    actions.withdraw(registration=cast.registration, by=account_of(cast.student))
    cast.registration.refresh_from_db()
    assert (cast.registration.status, cast.registration.version) == ("withdrawn", 2)
    assert kinds_of(cast.registration) == ["students.withdrawn"]
    assert refused(actions.withdraw, registration=cast.registration, by=cast.student.user) == "has_ended"


def test_a_withdrawal_is_refused(cast: Cast) -> None:
    assert refused(actions.withdraw, registration=cast.registration, by=cast.teacher) == "not_yourself"
    assert (
        refused(actions.withdraw, registration=cast.classmate_registration, by=cast.classmate.user)
        == "has_ended"
    )
    stale = Registration.objects.select_related("articulation", "year", "student").get(
        pk=cast.registration.pk
    )
    Registration.objects.filter(pk=stale.pk).update(version=2)
    assert refused(actions.withdraw, registration=stale, by=cast.student.user) == "changed_meanwhile"
    close_window(Window.Kind.REGISTRATION, cast.columbia_basin, cast.year)
    assert (
        refused(actions.withdraw, registration=cast.registration, by=cast.student.user)
        == "registration_closed"
    )


def test_a_student_changes_the_teacher(cast: Cast) -> None:
    other = make_section(cast.accounting, cast.colleague_seat, label="Period 5")
    by = account_of(cast.student)
    assert not actions.change_teacher(registration=cast.registration, section=cast.section, version=1, by=by)
    assert actions.change_teacher(registration=cast.registration, section=other, version=1, by=by)
    cast.registration.refresh_from_db()
    assert (cast.registration.section, cast.registration.version) == (other, 2)
    assert kinds_of(cast.registration) == ["students.teacher_changed"]
    assert list(Registration.objects.visible_to(cast.colleague)) == [cast.registration]
    assert cast.registration not in Registration.objects.visible_to(cast.teacher)


def test_a_change_of_teacher_is_refused(cast: Cast) -> None:
    other = make_section(cast.accounting, cast.colleague_seat, label="Period 5")
    ask = {"registration": cast.registration, "section": other, "version": 1, "by": cast.student.user}
    assert refused(actions.change_teacher, **(ask | {"by": cast.teacher})) == "not_yourself"
    assert refused(actions.change_teacher, **(ask | {"section": cast.colleague_section})) == "other_class"
    assert refused(actions.change_teacher, **(ask | {"section": cast.last_section})) == "other_class"
    assert refused(actions.change_teacher, **(ask | {"version": 9})) == "changed_meanwhile"
    graded = {"registration": cast.below_registration, "by": cast.below.user}
    assert refused(actions.change_teacher, **(ask | graded)) == "has_ended"


# --- Fees/Req -------------------------------------------------------------------------------------------


def test_fees_req_is_decided_by_the_consortium_of_the_agreement(cast: Cast) -> None:
    done = actions.process_requirements(
        registrations=[cast.owing_registration, cast.registration, cast.other_registration], to="processed", by=cast.consortium
    )  # fmt: skip
    assert done.changed == 1  # the second needs none, the third is another consortium's
    cast.owing_registration.refresh_from_db()
    assert (cast.owing_registration.fees_req, cast.owing_registration.fees_req_by) == (
        "processed",
        cast.consortium,
    )
    assert cast.owing_registration.fees_req_at is not None
    assert kinds_of(cast.owing_registration) == ["students.fees_req_processed"]
    assert kinds_of(cast.registration) == kinds_of(cast.other_registration) == []
    assert (
        actions.process_requirements(
            registrations=[cast.owing_registration], to="processed", by=cast.consortium
        ).changed
        == 0
    )


def test_fees_req_goes_back_to_pending_on_the_same_day(cast: Cast) -> None:
    for to in ("waived", "pending", "processed"):
        rows = list(Registration.objects.select_related("articulation").filter(pk=cast.owing_registration.pk))
        done = actions.process_requirements(
            registrations=rows, to=to, reason="Paid by the school", by=cast.consortium
        )
        assert done.changed == 1
    cast.owing_registration.refresh_from_db()
    assert (cast.owing_registration.fees_req, cast.owing_registration.version) == ("processed", 5)
    assert len(kinds_of(cast.owing_registration)) == 3


def test_fees_req_of_awarded_credit_stays(cast: Cast) -> None:
    registration = make_registration(
        make_student(cast.kamiakin), cast.colleague_section, cast.welding_agreement, fees_req=FEES.PROCESSED, percent="90"
    )  # fmt: skip
    Registration.objects.filter(pk=registration.pk).update(awarded_at=timezone.now())
    rows = list(Registration.objects.select_related("articulation").filter(pk=registration.pk))
    assert actions.process_requirements(registrations=rows, to="pending", by=cast.consortium).changed == 0


@pytest.mark.parametrize("who", ["other_consortium", "teacher", "counselor", "registrar", "state", "nobody"])
def test_nobody_else_decides_fees_req(cast: Cast, who: str) -> None:
    by: User = getattr(cast, who)
    done = actions.process_requirements(
        registrations=[cast.owing_registration], to="waived", reason="No money", by=by
    )
    assert done.changed == 0
    cast.owing_registration.refresh_from_db()
    assert cast.owing_registration.fees_req == "pending"


# --- Records --------------------------------------------------------------------------------------------


def edit(cast: Cast, changes: dict[str, Any], by: User, **facts: Any) -> set[str]:
    student = Student.objects.get(pk=cast.student.pk)
    facts = {"seen": student.updated_at} | facts
    return actions.edit_student(student=student, changes=changes, by=by, **facts)


def test_a_counselor_changes_what_is_open_and_the_event_keeps_both_values(cast: Cast) -> None:
    assert edit(cast, {"phone": "509-555-0199", "city": cast.student.city}, cast.counselor).changed == {
        "phone"
    }
    cast.student.refresh_from_db()
    assert cast.student.phone == "509-555-0199"
    event = Event.objects.get(kind="students.edited")
    assert (event.actor, event.data["phone"]) == (cast.counselor, ["", "509-555-0199"])
    assert set(event.data) == {"reason", "version", "phone"}


def test_what_is_locked_is_refused_whole(cast: Cast) -> None:
    assert refused(edit, cast, {"phone": "1", "last_name": "New"}, cast.counselor) == "locked"
    assert refused(edit, cast, {"phone": "1"}, cast.teacher) == "locked"
    assert refused(edit, cast, {"phone": "1"}, cast.other_counselor) == "locked"
    assert refused(edit, cast, {"sers_id": "TP1-11-111"}, cast.consortium) == "locked"
    assert refused(edit, cast, {"school": cast.wahi}, account_of(cast.student)) == "locked"
    enter_grade(cast.registration, "97")
    assert refused(edit, cast, {"last_name": "New"}, account_of(cast.student)) == "locked"


def test_an_address_confirmed_while_a_phone_is_changed_stays_confirmed(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cast.student.user is not None
    fields_open = rules.fields_open

    def meanwhile(user: User, student: Student) -> frozenset[str]:
        User.objects.filter(pk=cast.student.user_id).update(email_confirmed_at=timezone.now())
        return fields_open(user, student)

    monkeypatch.setattr(rules, "fields_open", meanwhile)
    edit(cast, {"phone": "509-555-0199"}, cast.counselor)
    cast.student.user.refresh_from_db()
    assert cast.student.user.email_confirmed_at is not None


def test_a_legal_name_is_changed_with_a_reason_and_found_by_both_ways_of_writing(cast: Cast) -> None:
    assert refused(edit, cast, {"last_name": "Vega-Ortíz"}, cast.consortium) == "no_reason"
    assert refused(edit, cast, {"last_name": "Vega-Ortíz"}, cast.consortium, reason="  ") == "no_reason"
    assert edit(cast, {"last_name": "Vega-Ortíz"}, cast.consortium, reason="Marriage").changed == {
        "last_name"
    }
    cast.student.refresh_from_db()
    assert cast.student in Student.objects.named("ortiz")
    assert cast.student.user is not None
    assert User.objects.get(pk=cast.student.user.pk).last_name == "Vega-Ortíz"
    assert cast.student.user.username == User.objects.get(pk=cast.student.user.pk).username  # never changes


def test_a_birth_date_is_kept_sealed_in_the_event(cast: Cast) -> None:
    born = datetime.date(2009, 12, 24)
    edit(cast, {"birth_date": born}, cast.consortium, reason="Typed wrong")
    (event,) = Event.objects.filter(kind="students.edited")
    assert "2009" not in str(event.data)
    assert Student.objects.get(pk=cast.student.pk).birth_date == born


def test_two_people_on_one_record(cast: Cast) -> None:
    seen = Student.objects.get(pk=cast.student.pk).updated_at
    edit(cast, {"phone": "1"}, cast.counselor, seen=seen)
    assert refused(edit, cast, {"phone": "2"}, cast.district, seen=seen) == "clash"
    cast.student.refresh_from_db()
    assert cast.student.phone == "1"
