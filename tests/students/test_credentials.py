"""The industry credentials of a class: who earned one is recorded, and an error is taken back."""

import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Event
from articulations.models import Section
from sers.lib.moments import day
from sers.lib.refusal import Refused
from students import actions
from students.models import CredentialTakenBack, Disclosure, EarnedCredential, Registration, Student
from students.rules import credentials as rules
from tests import raw
from tests.people import Cast, make_credential, make_earned, make_registration, make_student, make_year
from tests.policing import PolicingClient
from tests.students.pages import text


def page_of(section: Section) -> str:
    return reverse("students:credentials", args=[section.public_id])


def sent(cast: Cast, *registrations: Registration, on: date | None = None, **changes: Any) -> dict[str, Any]:
    """The form as a browser sends it."""
    on = on or timezone.localdate()
    return {
        "credential": str(cast.credential.public_id),
        "earned_on_month": str(on.month),
        "earned_on_day": str(on.day),
        "earned_on_year": str(on.year),
        "student": [str(one.public_id) for one in registrations],
        "save": "1",
        **changes,
    }


# --- The page ---------------------------------------------------------------------------------------------


def test_what_the_class_prepares_for_stands_first_and_nothing_is_hidden(
    client: PolicingClient, cast: Cast
) -> None:
    client.force_login(cast.teacher)
    html = client.get(page_of(cast.section)).content.decode()
    assert f'value="{cast.credential.public_id}" selected' in html  # the only one it prepares for
    assert html.index("This class prepares for") < html.index("Other industry credentials")
    assert cast.first_aid.title in html
    assert (
        "Prepares for QuickBooks Certified User. Industry credentials stand beside the grade: no grade"
        in html
    )
    assert "Vega, Marisol" in html
    assert "Ángel-Lindqvist, Bo" in html  # below the college's grade: may have earned it all the same
    assert "O&#x27;Farrell" not in html  # withdrawn
    assert reverse("students:credentials", args=[cast.section.public_id]) in client.get(
        reverse("grading:roster", args=[cast.section.public_id])
    ).content.decode()  # fmt: skip


def test_many_are_recorded_at_once_with_a_receipt(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.teacher)
    answer = client.post(page_of(cast.section), sent(cast, cast.registration, cast.below_registration))
    event = Event.objects.about(cast.section, "students.credentials_recorded").get()
    assert answer.headers["Location"] == f"{page_of(cast.section)}?receipt=R-{event.pk}"
    earned = EarnedCredential.objects.in_class(cast.section)
    assert {one.registration for one in earned} == {cast.registration, cast.below_registration}
    assert {(one.credential, one.recorded_by, one.earned_on) for one in earned} == {
        (cast.credential, cast.teacher, timezone.localdate())
    }
    html = client.get(answer.headers["Location"]).content.decode()
    assert f"QuickBooks Certified User is recorded for 2 students. Receipt R-{event.pk}." in html
    assert "Bo Ángel-Lindqvist, Marisol Vega" in html
    assert f"QuickBooks Certified User, {timezone.localdate():%B}" in html  # under Holds already
    assert Disclosure.objects.filter(what="credentials", reader=cast.teacher, student=cast.student).exists()
    # A receipt of another class says nothing here.
    assert (
        "Receipt" not in client.get(page_of(cast.last_section), {"receipt": f"R-{event.pk}"}).content.decode()
    )


def test_who_holds_it_already_is_told_with_who_and_when_and_the_others_are_saved(
    client: PolicingClient, cast: Cast
) -> None:
    make_earned(cast.registration, cast.credential, by=cast.teacher, earned_on=timezone.localdate())
    client.force_login(cast.counselor)
    answer = client.post(
        page_of(cast.section), sent(cast, cast.registration, cast.below_registration), follow=True
    )
    html = answer.content.decode()
    assert "is recorded for 1 student. Receipt" in html
    assert "Marisol Vega has held it since" in html
    assert f"{cast.teacher.name} recorded it on" in html
    assert EarnedCredential.objects.in_class(cast.section).count() == 2
    # Nobody is left to record: told row by row, nothing is written, no receipt.
    again = client.post(page_of(cast.section), sent(cast, cast.registration, cast.below_registration))
    assert again.status_code == 409
    assert again.content.decode().count("has held it since") == 4  # in the summary and in the row
    assert Event.objects.about(cast.section, "students.credentials_recorded").count() == 1


def test_what_is_missing_is_named_at_its_field(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.teacher)
    answer = client.post(page_of(cast.section), {"save": "1"})
    assert answer.status_code == 422
    html = answer.content.decode()
    for words in (
        "Choose the industry credential",
        "Enter the day it was earned",
        "Tick the students who earned it",
    ):
        assert words in html
    tomorrow = timezone.localdate() + timedelta(days=1)
    html = client.post(page_of(cast.section), sent(cast, cast.registration, on=tomorrow)).content.decode()
    assert "is still to come. Enter the day it was earned" in html
    assert f'value="{cast.registration.public_id}" id="student' in html
    assert "checked" in html  # what was ticked stays ticked


def test_tick_all_ticks_and_saves_nothing(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.teacher)
    typed = sent(cast, on=date(2020, 2, 29), tick_all="1")
    del typed["save"]
    answer = client.post(page_of(cast.section), typed)
    assert answer.status_code == 200
    html = answer.content.decode()
    assert html.count(" checked") == 4
    assert 'value="2020"' in html
    assert "There is a problem" not in html
    assert not EarnedCredential.objects.in_class(cast.section).exists()


@pytest.mark.parametrize("number", [1, 3])
def test_as_many_queries_for_one_as_for_three(client: PolicingClient, cast: Cast, number: int) -> None:
    for one in range(number):
        pupil = make_student(cast.kamiakin, f"Pupil{one}", "Many")
        held = make_registration(pupil, cast.colleague_section, cast.welding_agreement)
        make_earned(held, cast.credential, by=cast.colleague)
        make_earned(held, cast.first_aid, by=cast.colleague)
    client.force_login(cast.colleague)
    client.get(page_of(cast.colleague_section))
    with CaptureQueriesContext(connection) as queries:
        html = client.get(page_of(cast.colleague_section)).content.decode()
    assert f"{number * 2} entries" in html
    assert len(queries) == 16


# --- Who may ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("person", "status", "may"),
    [
        ("teacher", 200, True), ("colleague", 404, False), ("other_teacher", 404, False), ("counselor", 200, True),
        ("other_counselor", 404, False), ("district", 200, True), ("other_district", 404, False),
        ("faculty", 403, False), ("registrar", 403, False), ("consortium", 200, True), ("other_consortium", 404, False),
        ("state", 200, False), ("student", 403, False), ("former_teacher", 403, False),
    ],
)  # fmt: skip
def test_who_may(client: PolicingClient, cast: Cast, person: str, status: int, may: bool) -> None:
    one = getattr(cast, person)
    user = one.user if isinstance(one, Student) else one
    client.force_login(user)
    assert client.get(page_of(cast.section)).status_code == status
    assert rules.can_record_credentials(user, cast.section) is may
    if not may:
        assert client.post(page_of(cast.section), sent(cast, cast.registration)).status_code in (403, 404)
        with pytest.raises(Refused, match="record its credentials"):
            actions.record_credentials(
                section=cast.section, credential=cast.credential, earned_on=timezone.localdate(),
                students=[cast.registration.public_id], by=user,
            )  # fmt: skip
    assert EarnedCredential.objects.in_class(cast.section).count() == 0


def test_students_of_another_class_are_not_recorded_here(cast: Cast) -> None:
    keys = [cast.other_registration.public_id, uuid.uuid4()]
    done = actions.record_credentials(
        section=cast.section, credential=cast.credential, earned_on=timezone.localdate(),
        students=keys, by=cast.teacher,
    )  # fmt: skip
    assert (done.receipt, done.earned) == (0, ())
    assert {key: why.rule for key, why in done.refused.items()} == dict.fromkeys(keys, "gone")


def test_who_was_withdrawn_while_the_page_was_open_is_named(client: PolicingClient, cast: Cast) -> None:
    """Their line is gone, and what is told of it is not."""
    Registration.objects.filter(pk=cast.registration.pk).update(status="withdrawn")
    client.force_login(cast.teacher)
    answer = client.post(page_of(cast.section), sent(cast, cast.registration))
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "<title>Error: Industry credentials" in html
    assert '<a href="#students">Marisol Vega is Withdrawn.</a>' in html


@pytest.mark.parametrize(
    ("person", "named"), [("teacher", "A student you ticked"), ("counselor", "Marisol Vega")]
)
def test_who_changed_to_another_class_meanwhile_is_told(
    client: PolicingClient, cast: Cast, person: str, named: str
) -> None:
    """By name to who sees the other class; alone and beside others who were recorded."""
    Registration.objects.filter(pk=cast.registration.pk).update(section=cast.colleague_section)
    client.force_login(getattr(cast, person))
    alone = client.post(page_of(cast.section), sent(cast, cast.registration))
    assert alone.status_code == 409
    assert f'<a href="#students">{named} is no longer in this class.</a>' in alone.content.decode()
    beside = client.post(
        page_of(cast.section), sent(cast, cast.registration, cast.below_registration), follow=True
    ).content.decode()
    assert "is recorded for 1 student. Receipt" in beside
    assert f"<li>{named} is no longer in this class.</li>" in beside


@pytest.mark.parametrize(
    ("person", "sees"),
    [
        ("graduate", True), ("student", False), ("teacher", True), ("colleague", False), ("counselor", True),
        ("district", True), ("consortium", True), ("registrar", False), ("faculty", False), ("state", True),
        ("other_teacher", False), ("other_consortium", False), ("other_district", False),
    ],
)  # fmt: skip
def test_who_sees_it(cast: Cast, person: str, sees: bool) -> None:
    """The college does not vouch for it: its registrar is not told."""
    one = getattr(cast, person)
    user = one.user if isinstance(one, Student) else one
    assert EarnedCredential.objects.visible_to(user).contains(cast.earned_credential) is sees
    assert CredentialTakenBack.objects.visible_to(user).exists() is sees


# --- The rules --------------------------------------------------------------------------------------------


def test_the_day(cast: Cast) -> None:
    """Not in the future; not after the last school year the credential is recorded in."""
    today = date(2026, 11, 26)
    assert rules.why_not_day(cast.credential, today, today=today) is None
    refusal = rules.why_not_day(cast.credential, date(2026, 11, 27), today=today)
    assert refusal is not None
    assert refusal.rule == "future"
    cast.credential.last_year = make_year(2025)
    for on, rule in ((date(2026, 6, 30), None), (date(2026, 7, 1), "ended"), (date(2020, 1, 1), None)):
        found = rules.why_not_day(cast.credential, on, today=today)
        assert (found.rule if found else None) == rule, on
    ended = rules.why_not_day(cast.credential, today, today=today)
    assert str(ended) == (
        "QuickBooks Certified User is recorded until the school year 2025-26. "
        "Enter a day until June 30, 2026, or choose another credential."
    )


@pytest.mark.parametrize(
    ("status", "days", "holds", "rule"),
    [
        ("in_progress", 0, False, None),
        ("completed", 0, False, None),
        ("not_attained", 0, False, None),
        ("withdrawn", 0, False, "not_in_class"),
        ("not_in_class", 0, False, "not_in_class"),
        ("in_progress", -1, False, "before_ninth_grade"),
        ("in_progress", 0, True, "held"),
    ],
)
def test_whom_it_is_refused_for(cast: Cast, status: str, days: int, holds: bool, rule: str | None) -> None:
    """From the first day of the school year the student was in 9th grade, four years before graduation."""
    cast.student.graduation_year = 2028
    assert rules.ninth_grade_began(cast.student) == date(2024, 7, 1)
    cast.registration.status = status
    cast.registration.student = cast.student
    found = rules.why_not_earned(
        cast.registration,
        date(2024, 7, 1) + timedelta(days=days),
        held=cast.earned_credential if holds else None,
    )
    assert (found.rule if found else None) == rule


def test_a_refusal_says_what_to_check(cast: Cast) -> None:
    cast.student.graduation_year = 2028
    cast.registration.student = cast.student
    early = rules.why_not_earned(cast.registration, date(2024, 6, 30), held=None)
    assert str(early) == (
        "was not in 9th grade yet: that school year began July 1, 2024. "
        "Check the day, or the graduation year on the profile."
    )
    recorded = make_earned(cast.registration, cast.credential, by=cast.teacher, earned_on=date(2026, 5, 3))
    recorded.refresh_from_db()
    held = rules.why_not_earned(cast.registration, timezone.localdate(), held=recorded)
    assert str(held) == (
        f"has held it since May 3, 2026: {cast.teacher.name} recorded it on {day(recorded.recorded_at)}."
    )


def test_an_ended_credential_is_offered_for_its_own_days(client: PolicingClient, cast: Cast) -> None:
    cast.first_aid.last_year = cast.last_year
    cast.first_aid.save()
    client.force_login(cast.teacher)
    html = client.get(page_of(cast.section)).content.decode()
    assert html.index("No longer recorded for new days") < html.index(cast.first_aid.title)
    ended = str(cast.first_aid.public_id)
    last_day = cast.last_year.ends_on
    good = client.post(page_of(cast.section), sent(cast, cast.registration, on=last_day, credential=ended))
    assert good.status_code == 302
    late = client.post(page_of(cast.section), sent(cast, cast.below_registration, credential=ended))
    assert late.status_code == 422


# --- One person, several records --------------------------------------------------------------------------


def test_of_a_person_one_stands_whichever_record_it_is_on(cast: Cast) -> None:
    make_earned(cast.registration, cast.credential, by=cast.teacher, earned_on=timezone.localdate())
    Student.objects.filter(pk=cast.newcomer.pk).update(merged_into=cast.student)
    newcomers = make_registration(cast.newcomer, cast.colleague_section, cast.welding_agreement)
    done = actions.record_credentials(
        section=cast.colleague_section, credential=cast.credential, earned_on=timezone.localdate(),
        students=[newcomers.public_id], by=cast.colleague,
    )  # fmt: skip
    assert [one.rule for one in done.refused.values()] == ["held"]
    with pytest.raises(IntegrityError, match="one_standing_credential_a_person"), transaction.atomic():
        make_earned(newcomers, cast.credential, by=cast.colleague)


def test_what_another_class_recorded_is_told_as_far_as_it_is_read(client: PolicingClient, cast: Cast) -> None:
    """A teacher of another class learns that the student holds it, and neither when nor from whom."""
    make_earned(cast.registration, cast.credential, by=cast.teacher, earned_on=timezone.localdate())
    make_registration(cast.student, cast.colleague_section, cast.welding_agreement)
    here = Registration.objects.get(student=cast.student, section=cast.colleague_section)
    page = page_of(cast.colleague_section)
    client.force_login(cast.counselor)
    assert "QuickBooks Certified User, " in client.get(page).content.decode()
    told = client.post(page, sent(cast, here)).content.decode()
    assert f"Marisol Vega has held it since {timezone.localdate():%B}" in told
    assert f"{cast.teacher.name} recorded it on" in told
    client.force_login(cast.colleague)
    assert '<td role="cell" data-label="Holds already">None</td>' in client.get(page).content.decode()
    refused = client.post(page, sent(cast, here))
    assert refused.status_code == 409
    html = refused.content.decode()
    assert "Marisol Vega holds it already: it was recorded in a class you do not look after." in html
    assert cast.teacher.name not in html
    assert "since" not in text(refused)


def test_why_somebody_was_not_recorded_is_told_to_who_saved_it(client: PolicingClient, cast: Cast) -> None:
    make_earned(cast.registration, cast.credential, by=cast.teacher, earned_on=timezone.localdate())
    client.force_login(cast.counselor)
    answer = client.post(page_of(cast.section), sent(cast, cast.registration, cast.below_registration))
    receipt = answer.headers["Location"]
    assert "Not recorded:" in client.get(receipt).content.decode()
    client.force_login(cast.consortium)
    html = client.get(receipt).content.decode()
    assert "is recorded for 1 student. Receipt" in html
    assert "Not recorded:" not in html


def test_two_records_that_both_hold_it_tell_it_once_when_they_are_merged(cast: Cast) -> None:
    first = make_earned(cast.registration, cast.credential, by=cast.teacher)
    newcomers = make_registration(cast.newcomer, cast.colleague_section, cast.welding_agreement)
    make_earned(newcomers, cast.credential, by=cast.colleague)
    Student.objects.filter(pk=cast.newcomer.pk).update(merged_into=cast.student)
    person = cast.student.pk
    assert EarnedCredential.objects.by_person([person]) == {person: [first]}
    rows = EarnedCredential.objects.of(cast.student).standing().told()
    assert rules.credentials_told(rows) == [first]


# --- Taking back, and ink ---------------------------------------------------------------------------------


def test_an_error_is_taken_back_with_a_reason_and_may_be_recorded_again(
    client: PolicingClient, cast: Cast
) -> None:
    wrong = make_earned(cast.registration, cast.credential, by=cast.teacher)
    client.force_login(cast.teacher)
    panel = client.get(page_of(cast.section), {"take_back": str(wrong.public_id)}).content.decode()
    assert "Why QuickBooks Certified User of Marisol Vega is taken back" in panel
    empty = client.post(page_of(cast.section), {"take_back": str(wrong.public_id), "reason": " "})
    assert empty.status_code == 422
    assert "Enter why it is taken back" in empty.content.decode()
    long = client.post(page_of(cast.section), {"take_back": str(wrong.public_id), "reason": "x" * 201})
    assert "Shorten the reason to 200 letters or fewer" in long.content.decode()
    answer = client.post(
        page_of(cast.section), {"take_back": str(wrong.public_id), "reason": "Wrong row"}, follow=True
    )
    html = answer.content.decode()
    assert "is taken back. Both entries are kept." in html
    assert "Wrong row" in html
    assert list(EarnedCredential.objects.in_class(cast.section).standing()) == []
    twice = client.post(page_of(cast.section), {"take_back": str(wrong.public_id), "reason": "Again"})
    assert "It was taken back already" in twice.content.decode()
    assert client.post(page_of(cast.section), sent(cast, cast.registration)).status_code == 302
    event = Event.objects.about(cast.registration, "students.credential_taken_back").get()
    assert event.data["reason"] == "Wrong row"


def test_of_another_class_it_is_not_taken_back_here(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.teacher)
    gone = client.post(
        page_of(cast.section), {"take_back": str(cast.earned_credential.public_id), "reason": "No"}
    )
    assert gone.status_code == 422
    assert "This entry is no longer here" in gone.content.decode()
    with pytest.raises(Refused, match="record its credentials"):
        actions.take_back_credential(earned=cast.earned_credential, reason="No", by=cast.other_teacher)


def test_credentials_are_ink(cast: Cast) -> None:
    with raw.breaks(raw.INK):
        raw.run("UPDATE students_earnedcredential SET earned_on = earned_on - 1")
    with raw.breaks(raw.INK):
        raw.run("DELETE FROM students_earnedcredential")
    with raw.breaks(raw.INK):
        raw.run("UPDATE students_credentialtakenback SET reason = 'other'")
    with raw.breaks(raw.INK):
        raw.run("DELETE FROM students_credentialtakenback")
    with raw.breaks("one_standing_credential_a_person"):
        raw.copy(cast.earned_credential)
    with raw.breaks("credential_taken_back_has_its_reason"):
        raw.run(
            "INSERT INTO students_credentialtakenback (earned_id, reason, taken_back_at, taken_back_by_id) "
            "VALUES (%s, '', now(), %s)",
            cast.earned_credential.pk,
            cast.teacher.pk,
        )
    with pytest.raises(DatabaseError), transaction.atomic():
        CredentialTakenBack.objects.create(
            earned=CredentialTakenBack.objects.get().earned, reason="Twice", taken_back_by=cast.teacher
        )


# --- Where they are read ----------------------------------------------------------------------------------


def test_the_student_reads_them_under_my_classes(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.graduate.user)
    html = client.get(reverse("students:my_classes")).content.decode()
    assert "Industry credentials you earned" in html
    assert "QuickBooks Certified User" in html
    assert "They are not on your college transcript" in html
    assert cast.first_aid.title not in html  # taken back
    client.force_login(cast.student.user)
    assert "Industry credentials" not in client.get(reverse("students:my_classes")).content.decode()


def test_staff_read_them_on_the_profile_and_that_is_written_down(client: PolicingClient, cast: Cast) -> None:
    profile = reverse("students:student", args=[cast.graduate.public_id])
    client.force_login(cast.counselor)
    assert "QuickBooks Certified User" in client.get(profile).content.decode()
    assert Disclosure.objects.filter(what="credentials", reader=cast.counselor).count() == 1
    client.force_login(cast.registrar)
    assert "QuickBooks" not in client.get(profile).content.decode()
    assert not Disclosure.objects.filter(what="credentials", reader=cast.registrar).exists()


def test_a_new_credential_of_the_list_is_offered_at_once(client: PolicingClient, cast: Cast) -> None:
    added = make_credential("OSHA 10-Hour Construction", "OSHA")
    client.force_login(cast.teacher)
    assert str(added.public_id) in client.get(page_of(cast.section)).content.decode()
