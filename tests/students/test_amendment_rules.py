"""Who asks for an amendment, who decides and hears, when a statement is given: truth tables, and what the database holds."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone, translation

from accounts.access import Role
from accounts.actions import record_event
from accounts.models import Mail
from sers.lib.refusal import Refused
from students import actions
from students.models import Amendment, Registration, Student
from students.rules import amendments as rights
from tests import raw
from tests.people import Cast, account_of, make_amendment, make_seat, make_user
from tests.students.amending import WRONG, asked, refused
from tests.students.inspecting import turns_18
from tests.transcripts.merging import WHY, second_record
from transcripts.actions import give_statement, merge_records


@pytest.mark.parametrize(
    ("item", "awarded", "side"),
    [("profile", False, "school"), ("class", False, "school"), ("grade", False, "school"), ("comment", False, "school"),
     ("class", True, "college"), ("grade", True, "college"), ("comment", True, "school")],
)  # fmt: skip
def test_who_holds_an_item(cast: Cast, item: str, awarded: bool, side: str) -> None:
    one = None if item == "profile" else cast.graduate_registration if awarded else cast.registration
    if one is not None:
        one.refresh_from_db()
    assert rights.side_of(item, one) == side


@pytest.mark.parametrize(
    ("who", "school", "college"),
    [("student", False, False), ("teacher", False, False), ("counselor", False, False), ("district", True, False),
     ("other_district", False, False), ("registrar", False, True), ("other_registrar", False, False),
     ("consortium", False, False), ("state", False, False)],
)  # fmt: skip
def test_the_holder_decides(cast: Cast, who: str, school: bool, college: bool) -> None:
    person = getattr(cast, who)
    user = getattr(person, "user", person)
    assert rights.can_decide_amendment(user, asked(cast.graduate)) is school
    cast.graduate_registration.refresh_from_db()
    assert rights.can_decide_amendment(user, asked(cast.graduate, cast.graduate_registration)) is college


def test_a_parent_asks_about_the_schools_side_until_the_student_is_18(cast: Cast) -> None:
    letter = {"asker": "guardian", "asker_name": "Rosa", "identity": "Seen", "by": cast.district}
    today = timezone.localdate()
    cast.graduate.birth_date = today.replace(year=today.year - 16)
    cast.graduate.save()
    cast.graduate_registration.refresh_from_db()
    with pytest.raises(Refused, match="student’s alone"):
        actions.ask_to_amend(student=cast.graduate, item="grade", registration=cast.graduate_registration, **WRONG, **letter)  # fmt: skip
    assert actions.ask_to_amend(
        student=cast.graduate, item="profile", field="last_name", **WRONG, **letter
    ).is_open
    Student.objects.filter(pk=cast.graduate.pk).update(birth_date=today.replace(year=today.year - 18))
    with pytest.raises(Refused, match="18 or older"):
        actions.ask_to_amend(student=cast.graduate, item="profile", field="school", **WRONG, **letter)


def test_an_item_is_asked_about_once_at_a_time(cast: Cast) -> None:
    asked(cast.newcomer)
    with pytest.raises(Refused, match="asked about this already"):
        asked(cast.newcomer)
    assert asked(cast.newcomer, field="last_name").is_open


def test_amended_after_a_look(cast: Cast) -> None:
    found = asked(cast.newcomer)
    assert actions.review_amendment(amendment=found, by=cast.district).state == "review"
    with pytest.raises(Refused, match="looked at already"):
        actions.review_amendment(amendment=found, by=cast.district)
    done = actions.decide_amendment(amendment=found, amended=True, words="March 10.", by=cast.district)
    assert (done.state, done.decided_by) == ("amended", cast.district)
    with pytest.raises(Refused, match="stands as Amended"):
        actions.decide_amendment(amendment=found, amended=False, words="No", by=cast.district)
    assert "March 10." in Mail.objects.get(key=f"amendment-amended-{found.pk}").text


def test_refused_it_tells_of_the_hearing_and_the_statement(cast: Cast) -> None:
    found = refused(cast, cast.newcomer)
    letter = Mail.objects.get(key=f"amendment-refused-{found.pk}").text
    for said in ("It was copied right.", "right to a hearing", "add a statement"):
        assert said in letter


@pytest.mark.parametrize(
    ("amended", "subject", "said"),
    [
        (
            True,
            "Your record was put right after the hearing",
            "It was put right after the hearing: March 10.",
        ),
        (False, "Your record was not changed after the hearing", "for this reason: March 10."),
    ],
)
def test_the_letter_after_a_hearing_says_how_it_was_decided(
    cast: Cast, amended: bool, subject: str, said: str
) -> None:
    found = actions.ask_for_hearing(amendment=refused(cast, cast.newcomer), by=account_of(cast.newcomer))
    actions.decide_after_hearing(amendment=found, amended=amended, words="March 10.", by=cast.state)
    letter = Mail.objects.get(key=f"amendment-heard_{'amended' if amended else 'refused'}-{found.pk}")
    assert letter.subject == subject
    assert said in " ".join(letter.text.split())
    assert ("add a statement" in letter.text) is not amended


def test_a_letter_is_in_the_language_of_who_reads_it(cast: Cast) -> None:
    """Whoever acts works in English; the names of the item and of who decides are the student's."""
    account_of(cast.newcomer).language = "es"
    account_of(cast.newcomer).save()
    found = asked(cast.newcomer)
    letter = Mail.objects.get(key=f"amendment-asked-{found.pk}")
    with translation.override("es"):
        item, who = found.about, found.holder_name
    assert (item, who) != (found.about, found.holder_name)
    for words in (item, who):
        assert words in letter.text
    for words in (found.about, found.holder_name):
        assert words not in letter.text


def test_somebody_without_interest_decides_after_a_hearing(cast: Cast) -> None:
    assert cast.newcomer.user is not None
    found = refused(cast, cast.newcomer)
    heard = {"amendment": found, "amended": False, "words": "The papers show it."}
    with pytest.raises(Refused, match="No hearing was asked for"):
        actions.decide_after_hearing(by=cast.state, **heard)
    found = actions.ask_for_hearing(amendment=found, by=cast.newcomer.user)
    heard["amendment"] = found
    with pytest.raises(Refused, match="took part in it"):
        actions.decide_after_hearing(by=cast.district, **heard)
    with pytest.raises(Refused, match="holds the hearing"):
        actions.decide_after_hearing(by=cast.consortium, **heard)
    colleague = make_user("Hanna", "Hearing")
    make_seat(colleague, Role.DISTRICT, cast.kennewick)
    assert actions.decide_after_hearing(by=colleague, **heard).state == "upheld"


def test_who_entered_the_grade_hears_nobody_about_it(cast: Cast) -> None:
    found = asked(cast.classmate, cast.classmate_registration)
    assert cast.teacher.pk in rights.interested_in(found)
    assert rights.interested_in(asked(cast.newcomer)) == []


def test_who_changed_the_field_of_a_profile_hears_nobody_about_it(cast: Cast) -> None:
    cast.newcomer.refresh_from_db()
    actions.edit_student(
        student=cast.newcomer, changes={"graduation_year": cast.newcomer.graduation_year + 1},
        seen=cast.newcomer.updated_at, by=cast.district,
    )  # fmt: skip
    cast.newcomer.refresh_from_db()
    assert rights.interested_in(asked(cast.newcomer, field="graduation_year")) == [cast.district.pk]
    assert rights.interested_in(asked(cast.newcomer, field="grade_level")) == []


def test_who_registered_or_changed_a_registration_hears_nobody_about_it(cast: Cast) -> None:
    Registration.objects.filter(pk=cast.registration.pk).update(registered_by=cast.counselor)
    record_event(by=cast.district, kind="students.registration_changed", subject=cast.registration)
    found = asked(cast.student, cast.registration, item="class")
    assert set(rights.interested_in(found)) >= {cast.counselor.pk, cast.district.pk}


def test_a_statement_follows_a_refusal_once(cast: Cast) -> None:
    assert cast.newcomer.user is not None
    by = cast.newcomer.user
    found = asked(cast.newcomer)
    with pytest.raises(Refused, match="no refusal"):
        give_statement(amendment=found, text="I was there.", by=by)
    found = actions.decide_amendment(amendment=found, amended=False, words="No.", by=cast.district)
    with pytest.raises(Refused, match="gives the statement"):
        give_statement(amendment=found, text="I was there.", by=cast.district)
    found = give_statement(amendment=found, text="I was there.", by=by)
    with pytest.raises(Refused, match="given already"):
        give_statement(amendment=found, text="More", by=by)
    with pytest.raises(Refused, match="no refusal to bring"):
        actions.ask_for_hearing(amendment=found, by=by)
    with raw.breaks("students_amendment"):
        raw.change(found, statement="Something else")


def test_a_parents_right_to_a_hearing_and_a_statement_ends_on_the_18th_birthday(cast: Cast) -> None:
    letter = {"asker": "guardian", "asker_name": "Rosa", "identity": "Seen", "by": cast.district}
    found = actions.ask_to_amend(student=cast.newcomer, item="profile", field="last_name", **WRONG, **letter)
    found = actions.decide_amendment(amendment=found, amended=False, words="No.", by=cast.district)
    turns_18(cast.newcomer, in_days=1)
    on = timezone.localdate()
    assert rights.why_not_ask_hearing(found, cast.district, on=on) is None
    assert rights.why_not_state(found, cast.district, on=on) is None
    turns_18(found.student)
    with pytest.raises(Refused, match="no longer the parent’s"):
        actions.ask_for_hearing(amendment=found, by=cast.district)
    with pytest.raises(Refused, match="no longer the parent’s"):
        give_statement(amendment=found, text="She was there.", by=cast.district)


def test_taken_back_until_it_is_decided(cast: Cast) -> None:
    assert cast.newcomer.user is not None
    found = asked(cast.newcomer)
    with pytest.raises(Refused, match="Who asked takes it back"):
        actions.take_back_amendment(amendment=found, by=cast.district)
    assert actions.take_back_amendment(amendment=found, by=cast.newcomer.user).state == "withdrawn"
    with pytest.raises(Refused, match="decided already"):
        actions.take_back_amendment(amendment=refused(cast, cast.newcomer), by=cast.newcomer.user)


def test_what_waits_for_whom(cast: Cast) -> None:
    asked(cast.newcomer)
    cast.graduate_registration.refresh_from_db()
    asked(cast.graduate, cast.graduate_registration)
    assert rights.amendments_for(cast.district, Role.DISTRICT).count() == 1
    assert rights.amendments_for(cast.registrar, Role.REGISTRAR).count() == 1
    assert rights.amendments_for(cast.other_district, Role.DISTRICT).count() == 0
    assert rights.amendments_for(cast.state, Role.STATE).count() == 0


def test_a_hearing_waits_for_who_may_hold_it(cast: Cast) -> None:
    """Not for who refused it: for their colleagues, and for the State."""
    found = refused(cast, cast.newcomer)
    actions.ask_for_hearing(amendment=found, by=account_of(cast.newcomer))
    colleague = make_user("Hanna", "Hearing")
    make_seat(colleague, Role.DISTRICT, cast.kennewick)
    assert list(rights.amendments_for(cast.district, Role.DISTRICT)) == []
    assert list(rights.amendments_for(colleague, Role.DISTRICT)) == [found]
    assert list(rights.amendments_for(cast.state, Role.STATE)) == [found]
    assert list(rights.amendments_for(cast.district, Role.STATE)) == []


def test_after_a_merge_it_waits_for_the_district_of_the_record_that_stands(cast: Cast) -> None:
    gone = second_record(cast)
    stands = second_record(cast, school=cast.wahi)
    found = asked(gone)
    merge_records(stands=stands, gone=gone, reason=WHY, by=cast.state)
    found.refresh_from_db()
    assert list(rights.amendments_for(cast.other_district, Role.DISTRICT)) == [found]
    assert list(rights.amendments_for(cast.district, Role.DISTRICT)) == []
    assert rights.can_decide_amendment(cast.other_district, found)


def test_credit_awarded_meanwhile_makes_the_college_decide(cast: Cast) -> None:
    found = asked(cast.classmate, cast.classmate_registration)
    assert (found.side, found.holder) == ("school", "school")
    Registration.objects.filter(pk=cast.classmate_registration.pk).update(awarded_at=timezone.now())
    found = Amendment.objects.in_full().get(pk=found.pk)
    assert (found.side, found.holder) == ("school", "college")
    assert list(rights.amendments_for(cast.district, Role.DISTRICT)) == []
    assert list(rights.amendments_for(cast.registrar, Role.REGISTRAR)) == [found]
    with pytest.raises(Refused, match="The college decides this"):
        actions.decide_amendment(amendment=found, amended=True, words="97", by=cast.district)
    done = actions.decide_amendment(amendment=found, amended=False, words="79", by=cast.registrar)
    done.refresh_from_db()
    assert (done.side, done.holder) == ("college", "college")
    with raw.breaks("Invalid transition"):
        raw.change(done, side="school")


def test_what_was_decided_before_the_award_stays_who_decided_it(cast: Cast) -> None:
    found = refused(cast, cast.classmate, cast.classmate_registration)
    Registration.objects.filter(pk=cast.classmate_registration.pk).update(awarded_at=timezone.now())
    assert Amendment.objects.in_full().get(pk=found.pk).holder == "school"


def test_a_parents_request_stays_with_the_school(cast: Cast) -> None:
    turns_18(cast.classmate, in_days=100)
    found = actions.ask_to_amend(
        student=cast.classmate, item="grade", registration=cast.classmate_registration, asker="guardian",
        asker_name="Rosa", identity="Seen", by=cast.district, **WRONG,
    )  # fmt: skip
    Registration.objects.filter(pk=cast.classmate_registration.pk).update(awarded_at=timezone.now())
    assert Amendment.objects.in_full().get(pk=found.pk).holder == "school"
    assert list(rights.amendments_for(cast.district, Role.DISTRICT)) == [found]
    assert not Amendment.objects.visible_to(cast.registrar).filter(pk=found.pk).exists()


def test_credit_awarded_since_the_page_was_made_is_seen_when_it_is_asked(cast: Cast) -> None:
    stale = Registration.objects.get(pk=cast.classmate_registration.pk)
    Registration.objects.filter(pk=stale.pk).update(awarded_at=timezone.now())
    assert stale.awarded_at is None
    assert asked(cast.classmate, stale).side == "college"


def test_what_is_not_of_the_record_is_not_asked_about(cast: Cast) -> None:
    for about in (
        {"item": "class", "registration": cast.other_registration},
        {"item": "profile", "field": "password"},
        {"item": "profile", "field": ""},
        {"item": "grade", "registration": None},
    ):
        with pytest.raises(Refused, match="not of this record"):
            asked(cast.newcomer, **about)
    with raw.breaks("amendment_field_is_known"):
        raw.copy(make_amendment(cast.newcomer), field="password")


def test_who_decides_is_reminded_after_thirty_days_once(cast: Cast) -> None:
    found = asked(cast.newcomer)
    then = found.asked_at + timedelta(days=30)
    letters = Mail.objects.filter(kind="students/amendment_due", key__endswith=f"-{cast.district.pk}")
    assert actions.remind_of_amendments(now=then - timedelta(seconds=1)) == 0
    assert actions.remind_of_amendments(now=then) > 0
    assert letters.filter(key__startswith=f"amendment-alert-{found.pk}-").count() == 1
    assert actions.remind_of_amendments(now=then + timedelta(days=9)) == 0
    assert not Mail.objects.filter(kind="students/amendment_due", to=cast.state.email).exists()


def test_of_a_hearing_who_may_hold_it_is_reminded(cast: Cast) -> None:
    found = actions.ask_for_hearing(amendment=refused(cast, cast.newcomer), by=account_of(cast.newcomer))
    assert found.hearing_asked_at is not None
    assert actions.remind_of_amendments(now=found.hearing_asked_at + timedelta(days=30)) > 0
    told = Mail.objects.filter(key__startswith=f"amendment-hearing-{found.pk}-").values_list("to", flat=True)
    assert cast.state.email in told
    assert cast.district.email not in told  # who refused it


@pytest.mark.parametrize(
    ("columns", "constraint"),
    [
        ({"item": "grade"}, "amendment_names_one_item"),
        ({"field": ""}, "amendment_names_one_item"),
        ({"asker": "guardian"}, "a_guardian_amends_the_schools_side"),
        ({"wrong": ""}, "amendment_says_what_is_wrong"),
        ({"decision": "Yes"}, "amendment_decided_says_who_and_why"),
        ({"state": "refused"}, "amendment_decided_says_who_and_why"),
        ({"statement": "I was there", "stated_at": "2026-11-01T00:00:00Z"}, "a_statement_follows_a_refusal"),
        ({}, "one_open_amendment_of_an_item"),
    ],
)  # fmt: skip
def test_what_no_request_is(cast: Cast, columns: dict[str, Any], constraint: str) -> None:
    with raw.breaks(constraint):
        raw.copy(make_amendment(cast.newcomer), **columns)


def test_who_refused_never_hears(cast: Cast) -> None:
    found = make_amendment(cast.newcomer, refused_by=cast.district)
    Amendment.objects.filter(pk=found.pk).update(state="hearing", hearing_asked_at=timezone.now())
    heard = {"state": "upheld", "heard_at": timezone.now(), "hearing_decision": "No."}
    with raw.breaks("a_hearing_takes_another_person"):
        raw.change(found, heard_by_id=cast.district.pk, **heard)
    with raw.breaks("upheld_was_heard"):
        raw.change(found, state="upheld")
    with raw.breaks("Cannot delete rows from students_amendment"):
        raw.delete(found)
