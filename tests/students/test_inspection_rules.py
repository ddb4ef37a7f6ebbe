"""Who may inspect a record, who answers, and how the forty-five days count: truth tables, and what the database holds."""

import datetime
from typing import Any

import pytest
from django.utils import timezone

from accounts.access import Role
from accounts.models import Mail
from sers.lib.refusal import Refused
from students import actions
from students.models import Inspection
from students.rules import inspections as rights
from students.tasks import remind_of_inspections
from tests import raw
from tests.people import Cast, make_amendment, make_inspection, make_seat
from tests.students.inspecting import answered, asked, by_letter, turns_18, waiting

BORN = datetime.date(2009, 3, 10)
LEAP = datetime.date(2008, 2, 29)


@pytest.mark.parametrize(
    ("asker", "college_side", "born", "on", "holds"),
    [
        ("student", True, BORN, datetime.date(2024, 1, 1), True),  # at any age
        ("student", False, BORN, datetime.date(2024, 1, 1), True),
        ("student", False, BORN, datetime.date(2027, 3, 10), True),
        ("guardian", False, BORN, datetime.date(2027, 3, 9), True),  # the day before the 18th birthday
        ("guardian", False, BORN, datetime.date(2027, 3, 10), False),  # the day of it
        ("guardian", False, BORN, datetime.date(2027, 3, 11), False),
        ("guardian", True, BORN, datetime.date(2024, 1, 1), False),  # they attend the college
        ("guardian", False, LEAP, datetime.date(2026, 2, 28), True),  # no February 29 that year
        ("guardian", False, LEAP, datetime.date(2026, 3, 1), False),
    ],
)
def test_who_holds_the_right(
    asker: str, college_side: bool, born: datetime.date, on: datetime.date, holds: bool
) -> None:
    assert rights.holds_right(asker, college_side=college_side, birth_date=born, on=on) is holds


@pytest.mark.parametrize(
    ("who", "own", "parents"),
    [
        ("student", False, False), ("teacher", False, False), ("counselor", False, False), ("faculty", False, False),
        ("district", True, True), ("registrar", True, False), ("consortium", True, True), ("state", True, True),
        ("other_district", False, False), ("other_registrar", False, False), ("other_consortium", False, False),
        ("nobody", False, False),
    ],
)  # fmt: skip
def test_who_writes_down_and_answers(cast: Cast, who: str, own: bool, parents: bool) -> None:
    """Nobody answers their own; a registrar never a parent, who has no right in the college's side."""
    person = getattr(cast, who)
    user = getattr(person, "user", person)
    assert rights.can_enter_inspection(user, cast.student, "student") is own
    assert rights.can_enter_inspection(user, cast.student, "guardian") is parents
    assert rights.can_answer_inspection(user, cast.inspection) is own


@pytest.mark.parametrize(
    ("days", "rule"), [(-1, "not_yet"), (0, None), (45, None), (365, None), (366, "too_long_ago")]
)
def test_a_letter_is_written_down_within_a_year(days: int, rule: str | None) -> None:
    on = datetime.date(2026, 11, 26)
    refusal = rights.why_not_received(on - datetime.timedelta(days=days), on=on)
    assert (refusal and refusal.rule) == rule


@pytest.mark.parametrize(
    ("days", "tag", "label"),
    [
        (0, "progress", "45 days left"), (29, "progress", "16 days left"), (30, "wait", "15 days left"),
        (44, "wait", "1 day left"), (45, "wait", "0 days left"), (46, "stop", "Overdue by 1 day"),
        (60, "stop", "Overdue by 15 days"),
    ],
)  # fmt: skip
def test_forty_five_days(cast: Cast, days: int, tag: str, label: str) -> None:
    due = rights.due_in(waiting(cast.newcomer, days), timezone.localdate())
    assert (due.tag, due.label) == (tag, label)


def test_what_is_over_counts_no_days(cast: Cast) -> None:
    assert rights.due_in(cast.inspection, timezone.localdate()).label == "Answered"


def test_a_request_is_answered_when_it_was_given_and_explained(cast: Cast) -> None:
    found = asked(cast.newcomer, wants_explained=True)

    def refused() -> str:
        with pytest.raises(Refused) as error:
            actions.close_inspection(inspection=found, by=cast.consortium)
        return error.value.refusal.rule

    assert refused() == "not_given"
    actions.give_record(inspection=found, how="shown", by=cast.district)
    assert refused() == "not_explained"
    actions.explain_record(inspection=found, text="What a percent becomes.", by=cast.district)
    assert actions.close_inspection(inspection=found, by=cast.consortium).state == "closed"
    for act in (
        lambda: actions.close_inspection(inspection=found, by=cast.consortium),
        lambda: actions.give_record(inspection=found, how="copy", by=cast.consortium),
        lambda: actions.explain_record(inspection=found, text="More", by=cast.consortium),
        lambda: actions.take_back_inspection(inspection=found, note="By phone", by=cast.consortium),
    ):
        with pytest.raises(Refused, match="over already"):
            act()


def test_without_a_wish_to_have_it_explained_giving_is_enough(cast: Cast) -> None:
    found = asked(cast.newcomer)
    actions.give_record(inspection=found, how="copy", by=cast.consortium)
    with pytest.raises(Refused, match="given already"):
        actions.give_record(inspection=found, how="copy", by=cast.consortium)
    assert actions.close_inspection(inspection=found, by=cast.consortium).state == "closed"


def test_one_open_request_a_person(cast: Cast) -> None:
    asked(cast.newcomer)
    with pytest.raises(Refused, match="open already"):
        asked(cast.newcomer)
    by_letter(cast.newcomer, by=cast.district)
    by_letter(cast.newcomer, by=cast.district, asker_name="Luis Vega")  # the other parent
    with pytest.raises(Refused, match="open already"):
        by_letter(cast.newcomer, by=cast.consortium)


def test_a_parent_of_who_is_of_age_is_refused(cast: Cast) -> None:
    today = timezone.localdate()
    cast.newcomer.birth_date = today.replace(year=today.year - 18)
    cast.newcomer.save()
    with pytest.raises(Refused, match="18 or older"):
        by_letter(cast.newcomer, by=cast.district)
    assert asked(cast.newcomer).is_open


@pytest.mark.parametrize(("days", "ended"), [(1, False), (0, True), (-1, True)])  # until the 18th birthday
def test_what_a_parent_asked_ends_on_the_18th_birthday(cast: Cast, days: int, ended: bool) -> None:
    """Asked before; from the birthday on nothing is given or explained, and it is noted as taken back."""
    found = by_letter(cast.newcomer, by=cast.district, wants_explained=True)
    birthday = turns_18(found.student, in_days=days)
    today = timezone.localdate()
    assert (birthday - today).days == days
    for ask in (rights.why_not_answer_inspection, rights.why_not_give_record, rights.why_not_make_file):
        refusal = ask(found, cast.district, on=today)
        assert (refusal and refusal.rule) == ("of_age" if ended else None)
    if ended:
        for act in (
            lambda: actions.give_record(inspection=found, how="copy", by=cast.district),
            lambda: actions.explain_record(inspection=found, text="x", by=cast.district),
        ):
            with pytest.raises(Refused, match="no longer the parent’s"):
                act()
    taken_back = actions.take_back_inspection(inspection=found, note="18 now", by=cast.district)
    assert taken_back.state == "withdrawn"


def test_what_was_given_before_the_18th_birthday_is_closed_after_it(cast: Cast) -> None:
    found = by_letter(cast.newcomer, by=cast.district)
    actions.give_record(inspection=found, how="copy", by=cast.district)
    turns_18(cast.newcomer)
    assert actions.close_inspection(inspection=found, by=cast.district).state == "closed"


def test_what_the_student_asked_does_not_end(cast: Cast) -> None:
    found = asked(cast.newcomer)
    turns_18(cast.newcomer)
    assert rights.why_not_answer_inspection(found, cast.district, on=timezone.localdate()) is None


@pytest.mark.parametrize("who", ["registrar", "other_district", "counselor", "teacher"])
def test_a_parents_letter_is_not_for_every_seat(cast: Cast, who: str) -> None:
    with pytest.raises(Refused, match="A parent’s request is written down"):
        by_letter(cast.student, by=getattr(cast, who))


def test_only_the_student_asks_in_sers(cast: Cast) -> None:
    with pytest.raises(Refused, match="The student asks"):
        actions.ask_to_inspect(student=cast.newcomer, by=cast.consortium)


def test_who_takes_it_back(cast: Cast) -> None:
    own, letter = asked(cast.newcomer), by_letter(cast.newcomer, by=cast.district)
    assert cast.newcomer.user is not None
    with pytest.raises(Refused, match="Your parent"):
        actions.take_back_inspection(inspection=letter, by=cast.newcomer.user)
    with pytest.raises(Refused, match="how you know"):
        actions.take_back_inspection(inspection=letter, by=cast.district)
    with pytest.raises(Refused, match="Who asked takes it back"):
        actions.take_back_inspection(inspection=letter, note="x", by=cast.registrar)
    actions.take_back_inspection(inspection=letter, note="Called us on Monday", by=cast.district)
    actions.take_back_inspection(inspection=own, by=cast.newcomer.user)
    assert list(Inspection.objects.of(cast.newcomer).values_list("state", flat=True)) == ["withdrawn"] * 2


# --- Reminders ------------------------------------------------------------------------------------------


def test_who_answers_is_reminded_at_thirty_days_and_when_it_is_late(cast: Cast) -> None:
    waiting(cast.newcomer, 29)
    assert actions.remind_of_inspections() == 0
    soon = waiting(cast.student, 30)
    written = actions.remind_of_inspections()
    letters = Mail.objects.filter(kind="students/inspection_due")
    assert {cast.district.email, cast.consortium.email} <= set(letters.values_list("to", flat=True))
    assert cast.other_consortium.email not in letters.values_list("to", flat=True)
    assert written == letters.count()
    assert actions.remind_of_inspections() == 0
    late = soon.due_on + datetime.timedelta(days=1)
    assert actions.remind_of_inspections(on=late) > 0
    assert cast.state.email in letters.filter(key__startswith="inspection-overdue").values_list(
        "to", flat=True
    )
    assert (
        actions.remind_of_inspections(on=late + datetime.timedelta(days=30))
        == letters.filter(key__startswith="inspection-overdue").exclude(key__contains=f"-{soon.pk}-").count()
    )


def test_a_college_is_reminded_of_what_a_student_asked_and_of_no_parent(cast: Cast) -> None:
    waiting(cast.student, 30)
    by_letter(cast.student, by=cast.district, days=30)
    actions.remind_of_inspections()
    letters = Mail.objects.filter(kind="students/inspection_due")
    assert letters.filter(to=cast.registrar.email).count() == 1
    assert letters.filter(to=cast.district.email).count() == 2
    assert not letters.filter(to=cast.other_registrar.email).exists()


def test_the_worker_reminds_in_the_morning(cast: Cast) -> None:
    waiting(cast.newcomer, 31)
    make_amendment(cast.newcomer, asked_at=timezone.now() - datetime.timedelta(days=31))
    remind_of_inspections()
    assert Mail.objects.filter(kind="students/inspection_due").exists()
    assert Mail.objects.filter(kind="students/amendment_due").exists()


def test_a_registrar_is_asked_for_students_own_requests_alone(cast: Cast) -> None:
    asked(cast.student)
    by_letter(cast.student, by=cast.district)
    assert rights.inspections_for(cast.registrar, Role.REGISTRAR).count() == 1
    assert rights.inspections_for(cast.district, Role.DISTRICT).count() == 2
    assert rights.inspections_for(cast.other_registrar, Role.REGISTRAR).count() == 0


def test_who_is_student_and_staff_answers_no_request_of_their_own(cast: Cast) -> None:
    assert cast.newcomer.user is not None
    make_seat(cast.newcomer.user, Role.CONSORTIUM, cast.columbia_basin)
    assert not rights.can_answer_inspection(cast.newcomer.user, asked(cast.newcomer))


# --- What the database holds ----------------------------------------------------------------------------


def test_the_answer_is_due_in_45_days(cast: Cast) -> None:
    found = make_inspection(cast.newcomer)
    assert (found.due_on - found.received_on).days == 45
    with raw.breaks("inspection_is_due_in_45_days"):
        raw.copy(found, asker="guardian", asker_name="x", identity="x", due_on=found.due_on + datetime.timedelta(days=1))  # fmt: skip


@pytest.mark.parametrize(
    ("columns", "constraint"),
    [
        ({"asker": "guardian", "asker_name": "", "identity": "x"}, "a_guardian_who_inspects_is_named_and_known"),
        ({"asker": "guardian", "asker_name": "Rosa", "identity": ""}, "a_guardian_who_inspects_is_named_and_known"),
        ({"asker_name": "Rosa"}, "a_guardian_who_inspects_is_named_and_known"),
        ({"given_how": "copy"}, "record_given_says_who_and_how"),
        ({"explanation": "So it is."}, "record_explained_says_who_and_what"),
        ({"note": "why"}, "inspection_taken_back_says_why"),
        ({}, "one_open_inspection_a_person"),
    ],
)  # fmt: skip
def test_what_no_request_is(cast: Cast, columns: dict[str, Any], constraint: str) -> None:
    with raw.breaks(constraint):
        raw.copy(make_inspection(cast.newcomer), **columns)


def test_closed_without_the_record_given_is_no_answer(cast: Cast) -> None:
    found = make_inspection(cast.newcomer, wants_explained=True)
    closed = {"state": "closed", "closed_at": timezone.now(), "closed_by_id": cast.consortium.pk}
    with raw.breaks("inspection_answered_was_given_and_explained"):
        raw.change(found, **closed)
    given = {"given_at": timezone.now(), "given_by_id": cast.consortium.pk, "given_how": "copy"}
    with raw.breaks("inspection_answered_was_given_and_explained"):
        raw.change(found, **closed, **given)
    with raw.breaks("inspection_over_says_who_ended_it"):
        raw.change(found, state="withdrawn", note="x")


def test_what_was_asked_is_ink_and_what_is_over_stays(cast: Cast) -> None:
    found = make_inspection(cast.newcomer)
    with raw.breaks("Cannot update rows from students_inspection"):
        raw.change(found, received_on=found.received_on - datetime.timedelta(days=1), due_on=found.due_on - datetime.timedelta(days=1))  # fmt: skip
    with raw.breaks("Cannot delete rows from students_inspection"):
        raw.delete(found)
    over = answered(cast, found)
    with raw.breaks("students_inspection"):
        raw.change(over, explanation="Something else")
