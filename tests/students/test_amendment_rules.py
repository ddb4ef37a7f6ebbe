"""Who asks for an amendment, who decides and hears, when a statement is given: truth tables, and what the database holds."""

from typing import Any

import pytest
from django.utils import timezone

from accounts.access import Role
from accounts.models import Mail
from sers.lib.refusal import Refused
from students import actions
from students.models import Amendment, Student
from students.rules import amendments as rights
from tests import raw
from tests.people import Cast, make_amendment, make_seat, make_user
from tests.students.amending import WRONG, asked, refused
from tests.students.inspecting import turns_18
from transcripts.actions import give_statement


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
