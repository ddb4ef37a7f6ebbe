"""One receipt: what a Save Changes saved, row by row, and its undo until the window closes."""

import re
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from accounts.models import Event
from grading.actions import UndoResult, undo_roster
from grading.models import GradeEntry
from organizations.models import CollegeYear, ConsortiumYear, Window
from sers.lib.refusal import Refused
from students.models import Registration
from tests import people
from tests.grading.test_actions import change, save, stands
from tests.people import Cast
from tests.policing import PolicingClient

Status = Registration.Status


def saved(cast: Cast, *changes: Any, by: Any = None) -> Event:
    """Save Changes, and its receipt."""
    result = save(cast, *changes, by=by)
    return Event.objects.get(pk=int(result.receipt.removeprefix("R-")))


def undo(cast: Cast, receipt: Event, by: Any = None) -> UndoResult:
    return undo_roster(section=cast.section, receipt=receipt, by=by or cast.teacher)


def counts(registration: Registration) -> str:
    """The college grade that counts, by the entries alone."""
    found = GradeEntry.objects.filter(registration=registration).current().first()
    return found.college_grade if found else "nothing"


def test_undo_puts_back_what_stood_and_deletes_no_ink(cast: Cast) -> None:
    receipt = saved(
        cast,
        change(cast.registration, "91"),  # had none
        change(cast.classmate_registration, "84"),  # had 97
        change(cast.below_registration, "NA"),  # had 84
        change(cast.gone_registration, "", status=Status.NOT_IN_CLASS),  # was Withdrawn
    )
    entries = GradeEntry.objects.count()
    result = undo(cast, receipt)
    assert (result.rows, result.left) == (4, [])
    assert GradeEntry.objects.count() == entries + 3
    assert stands(cast.registration)[0] == Status.IN_PROGRESS
    assert counts(cast.registration) == "nothing"
    assert stands(cast.classmate_registration) == (Status.COMPLETED, "3.9 A")
    assert stands(cast.below_registration) == (Status.NOT_ATTAINED, "")
    assert stands(cast.gone_registration)[0] == Status.WITHDRAWN
    last = cast.registration.grades.order_by("-number").first()
    assert (last.outcome, last.number, last.reason) == ("taken_back", 2, f"Undo of R-{receipt.pk}")
    back = cast.below_registration.grades.order_by("-number").first()
    assert (back.percent, back.number) == (Decimal(84), 3)


def test_a_grade_taken_back_is_no_grade_for_anybody(cast: Cast) -> None:
    """Not for the roster, not for the student, not for the transcription; and the next one counts again."""
    undo(cast, saved(cast, change(cast.registration, "91")))
    one = Registration.objects.in_full().get(pk=cast.registration.pk)
    assert one.grade is None
    assert not Registration.objects.to_award(cast.cbc, cast.year).filter(pk=one.pk).exists()
    assert save(cast, change(cast.registration, "88")).grades == 1
    assert stands(cast.registration) == (Status.COMPLETED, "3.3 B+")
    assert counts(cast.registration) == "3.3 B+"


def test_an_undo_can_be_undone(cast: Cast) -> None:
    first = undo(
        cast, saved(cast, change(cast.registration, "91"), change(cast.classmate_registration, "84"))
    )
    again = Event.objects.get(pk=int(first.receipt.removeprefix("R-")))
    assert again.kind == "grading.roster_undone"
    undo(cast, again)
    assert stands(cast.registration) == (Status.COMPLETED, "3.5 A-")
    assert stands(cast.classmate_registration) == (Status.NOT_ATTAINED, "")


def test_undo_twice_finds_nothing(cast: Cast) -> None:
    receipt = saved(cast, change(cast.registration, "91"))
    undo(cast, receipt)
    with pytest.raises(
        Refused, match=r"Nothing of this receipt can be undone\. Marisol Vega was changed since\."
    ):
        undo(cast, receipt)


def test_a_row_changed_since_is_left_alone_and_told(cast: Cast) -> None:
    receipt = saved(cast, change(cast.registration, "91"), change(cast.below_registration, "86"))
    save(cast, change(cast.registration, "92"))
    result = undo(cast, receipt)
    assert [(row.pk, why) for row, why in result.left] == [
        (cast.registration.pk, "Marisol Vega was changed since.")
    ]
    assert stands(cast.registration) == (Status.COMPLETED, "3.6 A-")
    assert stands(cast.below_registration) == (Status.NOT_ATTAINED, "")


def test_fees_processed_since_do_not_stand_in_the_way(cast: Cast) -> None:
    receipt = saved(cast, change(cast.owing_registration, "95"))
    Registration.objects.filter(pk=cast.owing_registration.pk).update(fee_due=0, version=99)
    assert undo(cast, receipt).rows == 1


def test_terms_and_criteria_are_put_back_too(cast: Cast) -> None:
    from tests.grading.test_parts import asks, now, typed

    asks(cast, every_term=True, needs_exam=True)
    parts = ("first", "second", "exam")
    typed(cast, parts, first="92")
    typed(cast, parts, first="80", exam="met")
    receipt = Event.objects.filter(kind="grading.roster_saved").latest("pk")
    assert now(cast, parts) == (Status.NOT_ATTAINED, "80//met", "")
    undo(cast, receipt)
    assert now(cast, parts) == (Status.IN_PROGRESS, "92//", "")


def test_what_is_put_back_keeps_its_old_scale(cast: Cast) -> None:
    receipt = saved(cast, change(cast.classmate_registration, "84"))
    harder = people.make_scale("Harder", (("99", "1.0", "D"),))
    CollegeYear.objects.filter(college=cast.cbc, year=cast.year).update(scale=harder)
    undo(cast, receipt)
    last = cast.classmate_registration.grades.order_by("-number").first()
    assert (last.college_grade, last.scale) == ("3.9 A", cast.cbc_scale)


def test_closed_and_awarded_rows_stay(cast: Cast) -> None:
    receipt = saved(cast, change(cast.registration, "91"))
    people.close_window(Window.Kind.GRADING, cast.columbia_basin, cast.year)
    with pytest.raises(Refused, match="Grading closed"):
        undo(cast, receipt)
    people.close_window(Window.Kind.GRADING, cast.columbia_basin, cast.year, days_ago=0)  # its last day
    Registration.objects.filter(pk=cast.registration.pk).update(awarded_at="2026-01-01T00:00Z")
    with pytest.raises(Refused, match="has awarded credit"):
        undo(cast, receipt)


def test_who_registered_again_does_not_come_back(cast: Cast) -> None:
    receipt = saved(cast, change(cast.registration, "", status=Status.WITHDRAWN))
    people.make_registration(cast.student, cast.section, cast.agreement)
    with pytest.raises(Refused, match="has registered for this class again"):
        undo(cast, receipt)


def test_who_leaves_again_by_undo_hands_the_fee_on(cast: Cast) -> None:
    ConsortiumYear.objects.filter(consortium=cast.columbia_basin, year=cast.year).update(
        fee_basis=ConsortiumYear.FeeBasis.YEAR, fee_amount=Decimal(50)
    )
    Registration.objects.filter(pk=cast.gone_registration.pk).update(fee_due=50, fees_req="pending")
    receipt = saved(cast, change(cast.gone_registration, "", status=Status.IN_PROGRESS))
    heir = people.make_registration(
        cast.gone, cast.colleague_section, cast.welding_agreement, fees_req="not_required"
    )
    undo(cast, receipt)
    heir.refresh_from_db()
    assert heir.fee_due == 50


def test_only_teachers_of_the_class_undo(cast: Cast) -> None:
    receipt = saved(cast, change(cast.registration, "91"))
    for person in (cast.colleague, cast.former_teacher, cast.consortium, cast.state, cast.student.user):
        with pytest.raises(Refused, match="Only the teachers"):
            undo(cast, receipt, by=person)
    cast.section.teachers.add(cast.colleague_seat)
    assert undo(cast, receipt, by=cast.colleague).rows == 1


# --- The page -------------------------------------------------------------------------------------------


def address(cast: Cast, receipt: Event, section: Any = None) -> str:
    return reverse("grading:receipt", args=[(section or cast.section).public_id, f"R-{receipt.pk}"])


@pytest.fixture
def teacher(client: PolicingClient, cast: Cast) -> PolicingClient:
    client.force_login(cast.teacher)
    return client


def words(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_the_page_says_what_was_saved_and_what_stands(teacher: PolicingClient, cast: Cast) -> None:
    receipt = saved(
        cast,
        change(cast.registration, "91", comment="Well done."),
        change(cast.gone_registration, "", status=Status.NOT_IN_CLASS),
        change(cast.classmate_registration, "84"),
    )
    save(cast, change(cast.classmate_registration, "88"))
    said = words(teacher.get(address(cast, receipt)))
    assert f"Receipt R-{receipt.pk}" in said
    assert "You, " in said
    assert "91 %, 3.5 A- (before: - - -) Stands" in said
    assert "Not in Class (before: Withdrawn) Stands" in said
    assert "84 % (before: 97 %, 3.9 A) Changed since" in said
    assert "1 comment was saved too." in said
    assert "These stay: Maximiliano Hernández de la Cruz was changed since." in said


def test_undo_from_the_page(teacher: PolicingClient, cast: Cast) -> None:
    receipt = saved(cast, change(cast.registration, "91"))
    response = teacher.post(address(cast, receipt), follow=True)
    assert re.search(r"1 row stands as before\. Receipt R-\d+\.", words(response))
    assert f"Undo of R-{receipt.pk}, 1 row" in words(response)
    response = teacher.post(address(cast, receipt))
    assert response.status_code == 409
    assert "Nothing of this receipt can be undone." in words(response)
    assert "It cannot be undone any more." in words(response)


def test_receipts_of_others_are_not_there(teacher: PolicingClient, cast: Cast) -> None:
    other = people.make_section(cast.welding, cast.teacher_seat, label="Period 9")
    for path in (
        address(cast, cast.receipt, other),
        address(cast, cast.receipt).replace("R-", "R-9999"),
        address(cast, cast.receipt).replace("R-", "X-"),
        address(cast, cast.receipt).replace("R-", "R-９"),
        address(cast, cast.receipt).replace("R-", "R-" + "9" * 30),
    ):
        assert teacher.get(path).status_code == 404, path
        assert teacher.post(path).status_code == 404, path


def test_who_may_open_it(client: PolicingClient, cast: Cast) -> None:
    answers = {}
    for person in ("colleague", "other_teacher", "counselor", "consortium", "state", "nobody"):
        client.force_login(getattr(cast, person))
        answers[person] = (
            client.get(address(cast, cast.receipt)).status_code,
            client.post(address(cast, cast.receipt)).status_code,
        )
    assert answers == {
        "colleague": (404, 404), "other_teacher": (404, 404), "counselor": (403, 403), "consortium": (403, 403),
        "state": (403, 403), "nobody": (403, 403),
    }  # fmt: skip


@pytest.mark.parametrize("number", [1, 3])
def test_queries(teacher: PolicingClient, cast: Cast, number: int, django_assert_num_queries: Any) -> None:
    rows = [cast.registration, cast.below_registration, cast.classmate_registration][:number]
    receipt = saved(cast, *(change(one, "90") for one in rows))
    # session, user, seats, class; the receipt, the rows, windows, scales, entries, parts
    with django_assert_num_queries(11):
        assert teacher.get(address(cast, receipt)).status_code == 200
