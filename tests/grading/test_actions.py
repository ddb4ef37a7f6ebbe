"""Save Changes, row by row: what is saved, what is unchanged, what clashes, what is refused; and that ink is ink."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from accounts.models import Event
from grading.actions import RosterResult, RowChange, RowResult, save_roster
from grading.models import GradeEntry, RosterComment, Shown
from organizations.models import CollegeYear, ConsortiumYear, Window
from sers.lib.refusal import Refused
from students.models import Registration
from tests import people
from tests.people import Cast, make_registration, make_student

Status = Registration.Status


def change(registration: Registration, grade: str | None = None, **facts: Any) -> RowChange:
    """A row as the screen shows it now, with what is typed over it."""
    registration.refresh_from_db()
    entry = registration.grades.order_by("-number").first()
    shown = ""
    if entry is not None and registration.status in Registration.GRADED:
        shown = "NA" if entry.percent is None else f"{entry.percent.normalize():f}"
    facts.setdefault("was", Shown(registration.status, shown))
    return RowChange(registration.public_id, registration.version, grade=grade, **facts)


def save(cast: Cast, *changes: RowChange, by: Any = None) -> RosterResult:
    return save_roster(section=cast.section, changes=changes, by=by or cast.teacher)


def one(cast: Cast, row: RowChange, by: Any = None) -> RowResult:
    return save(cast, row, by=by).rows[row.registration]


def stands(registration: Registration) -> tuple[str, str]:
    """The status and the college grade in ink."""
    registration.refresh_from_db()
    entry = registration.grades.order_by("-number").first()
    return registration.status, entry.college_grade if entry else ""


@pytest.mark.parametrize(
    ("typed", "status", "percent", "college_grade"),
    [
        ("97", Status.COMPLETED, "97", "3.9 A"),
        ("95.5", Status.COMPLETED, "95.5", "3.8 A"),
        ("95 %", Status.COMPLETED, "95", "3.8 A"),
        ("９５，５", Status.COMPLETED, "95.5", "3.8 A"),
        ("85", Status.COMPLETED, "85", "3.0 B"),
        ("84.999", Status.NOT_ATTAINED, "84.99", ""),
        ("84.5", Status.NOT_ATTAINED, "84.5", ""),
        ("0", Status.NOT_ATTAINED, "0", ""),
        ("NA", Status.NOT_ATTAINED, None, ""),
    ],
)
def test_a_grade_sets_the_status(
    cast: Cast, typed: str, status: str, percent: str | None, college_grade: str
) -> None:
    assert one(cast, change(cast.registration, typed)).outcome == "saved"
    assert stands(cast.registration) == (status, college_grade)
    entry = cast.registration.grades.get()
    assert entry.percent == (None if percent is None else Decimal(percent))
    assert (entry.number, entry.entered_by, entry.scale) == (1, cast.teacher, cast.cbc_scale)


def test_not_attained_is_chosen_from_the_list_too(cast: Cast) -> None:
    assert one(cast, change(cast.registration, "", status=Status.NOT_ATTAINED)).outcome == "saved"
    assert stands(cast.registration) == (Status.NOT_ATTAINED, "")
    assert one(cast, change(cast.classmate_registration, "", status=Status.NOT_ATTAINED)).outcome == "saved"
    assert stands(cast.classmate_registration) == (Status.NOT_ATTAINED, "")


def test_not_attained_beside_a_percent_that_earns_is_refused(cast: Cast) -> None:
    result = one(cast, change(cast.registration, "91", status=Status.NOT_ATTAINED))
    assert (result.outcome, result.rule) == ("refused", "both")
    assert one(cast, change(cast.registration, "70", status=Status.NOT_ATTAINED)).outcome == "saved"


def test_a_correction_is_a_new_entry(cast: Cast) -> None:
    assert one(cast, change(cast.classmate_registration, "84")).outcome == "saved"
    assert stands(cast.classmate_registration) == (Status.NOT_ATTAINED, "")
    assert one(cast, change(cast.classmate_registration, "88")).outcome == "saved"
    assert stands(cast.classmate_registration) == (Status.COMPLETED, "3.3 B+")
    entries = cast.classmate_registration.grades.order_by("number").values_list("number", "percent")
    assert list(entries) == [(1, Decimal(97)), (2, Decimal(84)), (3, Decimal(88))]


def test_the_same_form_twice_changes_nothing_twice(cast: Cast) -> None:
    rows = [
        change(cast.registration, "91", comment="Good work.\r\nVery good."),
        change(cast.gone_registration, "", status=Status.NOT_IN_CLASS),
    ]
    first, second = save(cast, *rows), save(cast, *rows)
    assert [row.outcome for row in first.rows.values()] == ["saved", "saved"]
    assert [row.outcome for row in second.rows.values()] == ["unchanged", "unchanged"]
    assert (first.grades, first.statuses, first.comments) == (1, 1, 1)
    assert (second.grades, second.statuses, second.comments, second.receipt) == (0, 0, 0, "")
    assert cast.registration.grades.count() == 1
    assert RosterComment.objects.get(registration=cast.registration).text == "Good work.\nVery good."
    assert Event.objects.filter(kind="grading.roster_saved").exclude(pk=cast.receipt.pk).count() == 1


def test_rows_nobody_touched_are_unchanged_even_when_others_changed_them(cast: Cast) -> None:
    """Without a script every row is sent: an old page must not bring old values back."""
    untouched = change(cast.registration, "", status=Status.IN_PROGRESS)
    graded = change(cast.classmate_registration, "97")
    people.grade(cast.registration, "90", by=cast.teacher)
    people.grade(cast.classmate_registration, "88", by=cast.teacher)
    result = save(cast, untouched, graded)
    assert [row.outcome for row in result.rows.values()] == ["unchanged", "unchanged"]
    assert stands(cast.classmate_registration) == (Status.COMPLETED, "3.3 B+")


def test_two_people_on_one_sheet(cast: Cast) -> None:
    """Clean rows are saved; the row both changed is a clash that tells both values and keeps the first."""
    cast.section.teachers.add(cast.colleague_seat)
    mine = [change(cast.registration, "91"), change(cast.below_registration, "86")]
    save(cast, change(cast.registration, "88"), by=cast.colleague)
    result = save(cast, *mine)
    clash, clean = result.rows.values()
    assert (clash.outcome, clean.outcome) == ("clash", "saved")
    entry = cast.registration.grades.get()
    local = timezone.localtime(entry.entered_at)
    clock = f"{local.hour % 12 or 12}:{local:%M} {'am' if local.hour < 12 else 'pm'}"
    assert clash.message == (
        f"{cast.colleague.name} saved 88 at {clock}, while you typed 91. Which one is right?"
    )
    assert clash.theirs == f"{cast.colleague.name}’s"
    assert clash.row is not None
    assert (clash.row.status, clash.row.grade) == (Status.COMPLETED, "88")
    assert stands(cast.registration) == (Status.COMPLETED, "3.3 B+")
    # Asked again with what the choice showed, it is typed over.
    again = RowChange(
        clash.registration, clash.row.version, grade="91", was=Shown(clash.row.status, clash.row.grade)
    )
    assert one(cast, again).outcome == "saved"
    assert stands(cast.registration) == (Status.COMPLETED, "3.5 A-")


def test_the_same_value_from_both_is_no_clash(cast: Cast) -> None:
    mine = change(cast.registration, "88.0")
    people.grade(cast.registration, "88", by=cast.teacher)
    assert one(cast, mine).outcome == "unchanged"


def test_a_status_can_clash(cast: Cast) -> None:
    mine = change(cast.registration, "91")
    save(cast, change(cast.registration, "", status=Status.WITHDRAWN))
    result = one(cast, mine)
    assert result.outcome == "clash"
    assert result.message == "The status was set to Withdrawn while you typed 91. Which one is right?"


def test_fees_processed_meanwhile_are_no_clash(cast: Cast) -> None:
    """The version of the row moved, the grade did not."""
    mine = change(cast.owing_registration, "92")
    cast.owing_registration.fees_req = Registration.FeesReq.PROCESSED
    cast.owing_registration.fees_req_at = timezone.now()
    cast.owing_registration.version += 1
    cast.owing_registration.save()
    assert one(cast, mine).outcome == "saved"


def test_without_word_of_what_was_shown_an_old_version_clashes(cast: Cast) -> None:
    old = RowChange(cast.registration.public_id, cast.registration.version, grade="91")
    people.grade(cast.registration, "88", by=cast.teacher)
    assert one(cast, old).outcome == "clash"


def test_what_is_no_percent_is_refused_and_the_others_are_saved(cast: Cast) -> None:
    result = save(cast, change(cast.registration, "197"), change(cast.below_registration, "85"))
    bad, good = result.rows.values()
    assert (bad.outcome, bad.rule, bad.message) == ("refused", "percent", "Enter a percent from 0 to 100.")
    assert good.outcome == "saved"
    for typed in ("abc", "NaN", "-1", "100.01", "x" * 200_000):
        assert one(cast, change(cast.registration, typed)).rule == "percent", typed
    assert stands(cast.registration) == (Status.IN_PROGRESS, "")


def test_a_status_without_grade(cast: Cast) -> None:
    for status in (Status.WITHDRAWN, Status.NOT_IN_CLASS, Status.IN_PROGRESS):
        assert one(cast, change(cast.registration, "", status=status)).outcome == "saved"
        assert stands(cast.registration) == (status, "")
    assert not cast.registration.grades.exists()
    event = Event.objects.filter(kind="grading.roster_saved").first()
    assert event is not None
    assert event.data["statuses"] == {str(cast.registration.pk): ["not_in_class", "in_progress"]}


def test_a_status_that_is_not_in_the_list_is_refused(cast: Cast) -> None:
    for status in ("completed", "awarded", "x" * 1000):
        result = one(cast, change(cast.registration, "", status=status))
        assert (result.outcome, result.message) == ("refused", "Choose a status from the list.")


def test_a_grade_for_a_student_who_left_is_refused_with_words(cast: Cast) -> None:
    result = one(cast, change(cast.gone_registration, "91"))
    assert (result.outcome, result.rule) == ("refused", "ended")
    assert result.message == "Gwen O'Farrell is Withdrawn. Set the status to In Progress to enter a grade."
    result = one(cast, change(cast.registration, "91", status=Status.WITHDRAWN))
    assert result.message == "Empty the grade to set Withdrawn, or set the status to In Progress."


def test_who_left_comes_back_with_a_grade(cast: Cast) -> None:
    assert one(cast, change(cast.gone_registration, "91", status=Status.IN_PROGRESS)).outcome == "saved"
    assert stands(cast.gone_registration) == (Status.COMPLETED, "3.5 A-")


def test_who_registered_again_does_not_come_back_on_the_old_row(cast: Cast) -> None:
    people.make_registration(cast.gone, cast.section, cast.agreement)
    result = one(cast, change(cast.gone_registration, "", status=Status.IN_PROGRESS))
    assert (result.outcome, result.rule) == ("refused", "registered_again")
    assert stands(cast.gone_registration) == (Status.WITHDRAWN, "")


def test_a_saved_grade_cannot_be_taken_away(cast: Cast) -> None:
    for row in (
        change(cast.classmate_registration, ""),
        change(cast.classmate_registration, "", status=Status.WITHDRAWN),
    ):
        result = one(cast, row)
        assert (result.outcome, result.rule) == ("refused", "grade_stands")
    assert stands(cast.classmate_registration) == (Status.COMPLETED, "3.9 A")


def test_closed_between_opening_and_saving(cast: Cast) -> None:
    row = change(cast.registration, "91", comment="Almost in time.")
    untouched = change(cast.classmate_registration, "97")
    people.close_window(Window.Kind.GRADING, cast.columbia_basin, cast.year)
    result = save(cast, row, untouched)
    refused, unchanged = result.rows.values()
    assert (refused.outcome, refused.rule) == ("refused", "grading_closed")
    assert "Ask your consortium to open it again." in refused.message
    assert unchanged.outcome == "unchanged"
    assert stands(cast.registration) == (Status.IN_PROGRESS, "")
    assert result.comments == 1  # a comment is no grade


def test_awarded_credit_is_not_graded_again(cast: Cast) -> None:
    result = save_roster(
        section=cast.last_section, changes=[change(cast.graduate_registration, "70")], by=cast.teacher
    )
    (row,) = result.rows.values()
    assert (row.outcome, row.rule) == ("refused", "credit_awarded")


def test_a_college_without_rules_for_the_year(cast: Cast) -> None:
    CollegeYear.objects.filter(college=cast.cbc, year=cast.year).delete()
    result = one(cast, change(cast.registration, "91"))
    assert (result.outcome, result.rule) == ("refused", "no_scale")


def test_each_row_is_measured_by_its_own_college(cast: Cast) -> None:
    ww_course = people.make_college_course(cast.wwcc, "ACCT& 201")
    elsewhere = people.make_agreement((cast.accounting, ww_course), consortium=cast.walla_walla)
    there = people.make_registration(cast.newcomer, cast.section, elsewhere)
    result = save(cast, change(cast.registration, "82"), change(there, "82"))
    assert [row.outcome for row in result.rows.values()] == ["saved", "saved"]
    assert stands(cast.registration) == (Status.NOT_ATTAINED, "")
    assert stands(there) == (Status.COMPLETED, "2.7 B-")


def test_one_closed_college_does_not_close_the_other(cast: Cast) -> None:
    ww_course = people.make_college_course(cast.wwcc, "ACCT& 201")
    elsewhere = people.make_agreement((cast.accounting, ww_course), consortium=cast.walla_walla)
    there = people.make_registration(cast.newcomer, cast.section, elsewhere)
    people.close_window(Window.Kind.GRADING, cast.walla_walla, cast.year)
    result = save(cast, change(cast.registration, "90"), change(there, "90"))
    assert [row.outcome for row in result.rows.values()] == ["saved", "refused"]


def test_a_comment_alone(cast: Cast) -> None:
    result = save(cast, change(cast.classmate_registration, "97", comment="Retook the test."))
    assert (result.rows[cast.classmate_registration.public_id].outcome, result.comments) == ("unchanged", 1)
    assert result.receipt
    assert result.until is None
    assert cast.classmate_registration.comments.count() == 2


def test_a_comment_that_is_too_long_is_refused_and_the_grade_saved(cast: Cast) -> None:
    result = save(cast, change(cast.registration, "91", comment="x" * 2001))
    row = result.rows[cast.registration.public_id]
    assert row.outcome == "saved"
    assert row.comment == "Shorten the comment to 2,000 letters. It has 2,001."
    assert not result.is_clean
    assert not cast.registration.comments.exists()
    assert save(cast, change(cast.registration, "91", comment="x" * 2000)).is_clean


def test_the_receipt_says_what_it_covers(cast: Cast) -> None:
    result = save(cast, change(cast.registration, "91"))
    event = Event.objects.exclude(pk=cast.receipt.pk).get(kind="grading.roster_saved")
    assert result.receipt == f"R-{event.pk}"
    assert (event.actor, event.subject_id) == (cast.teacher, cast.section.pk)
    assert event.data["grades"] == {str(cast.registration.pk): 1}
    assert result.until == timezone.localdate() + timedelta(days=30)


def test_a_row_of_another_class_is_refused_without_a_word_about_it(cast: Cast) -> None:
    result = one(cast, change(cast.other_registration, "91"))
    assert (result.outcome, result.message) == ("refused", "This student is no longer in the class.")
    assert stands(cast.other_registration) == (Status.IN_PROGRESS, "")


def test_only_teachers_of_the_class_save(cast: Cast) -> None:
    others = (
        cast.colleague, cast.other_teacher, cast.former_teacher, cast.locked_teacher, cast.counselor, cast.district,
        cast.registrar, cast.consortium, cast.state, cast.nobody, cast.student.user,
    )  # fmt: skip
    for person in others:
        with pytest.raises(Refused):
            save(cast, change(cast.registration, "91"), by=person)
    assert stands(cast.registration) == (Status.IN_PROGRESS, "")


def test_grades_are_ink(cast: Cast) -> None:
    entry = GradeEntry.objects.filter(registration=cast.classmate_registration).get()
    for statement in (
        "UPDATE grading_gradeentry SET percent = 100 WHERE id = %s",
        "DELETE FROM grading_gradeentry WHERE id = %s",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, [entry.pk])
    with pytest.raises(DatabaseError), transaction.atomic():
        GradeEntry.objects.create(
            registration=cast.classmate_registration, number=1, percent=Decimal(50),
            outcome=GradeEntry.Outcome.NOT_ATTAINED, scale=cast.cbc_scale,
        )  # fmt: skip
    for wrong in (
        {"percent": Decimal("100.01")},
        {"percent": None},
        {"outcome": "not_attained", "letter": "A"},
    ):
        facts = {"percent": Decimal(90), "outcome": "completed", "points": None, "letter": ""} | wrong
        with pytest.raises(DatabaseError), transaction.atomic():
            GradeEntry.objects.create(registration=cast.registration, number=1, scale=cast.cbc_scale, **facts)


def test_a_yearly_fee_moves_on_when_the_teacher_ends_the_class_that_bore_it(cast: Cast) -> None:
    """Otherwise the other class of the year would earn credit for nothing."""
    ConsortiumYear.objects.filter(consortium=cast.columbia_basin, year=cast.year).update(
        fee_basis=ConsortiumYear.FeeBasis.YEAR, fee_amount=Decimal(50)
    )
    student = make_student(cast.kamiakin)
    bearer = make_registration(student, cast.section, cast.agreement, fees_req="pending", fee_due=Decimal(50))
    heir = make_registration(student, cast.colleague_section, cast.welding_agreement, fees_req="not_required")
    change = RowChange(bearer.public_id, bearer.version, status="not_in_class")
    save_roster(section=cast.section, changes=[change], by=cast.teacher)
    bearer.refresh_from_db()
    heir.refresh_from_db()
    assert (bearer.status, bearer.fee_due) == ("not_in_class", 0)
    assert (heir.fee_due, heir.fees_req) == (50, "pending")
