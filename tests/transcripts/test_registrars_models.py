"""What the database refuses about college IDs, requests, sheets, worksheets and postings, by raw SQL."""

from typing import Any

import pytest
from django.utils import timezone

from tests import people
from tests.people import Cast
from tests.raw import breaks, change, copy, delete, stands
from transcripts.models import CtcLinkCourse, TermActivation, TranscriptRequest, WorksheetColumn

NOW = timezone.now()
#: What the triggers say; some forbid both, some one of the two.
INK = "pgtrigger: Cannot "


def test_a_college_id_is_one_student_s_and_a_student_has_one(cast: Cast) -> None:
    with breaks("college_id_once_in_a_college"):
        copy(cast.college_identity, student_id=cast.classmate.pk)
    with breaks("one_college_id_a_student_and_college"):
        copy(cast.college_identity, sid="201000000")
    with stands():
        copy(cast.college_identity, college_id=cast.wwcc.pk, student_id=cast.classmate.pk)
    with stands():
        copy(cast.college_identity, undone_at=NOW, undone_by_id=cast.registrar.pk)


@pytest.mark.parametrize("sid", ["12345678", "1234567890", "20123456a", ""])
def test_a_college_id_has_nine_digits(cast: Cast, sid: str) -> None:
    with breaks("" if len(sid) > 9 else "college_id_has_nine_digits"):
        copy(cast.college_identity, sid=sid, student_id=cast.classmate.pk)


def test_a_college_id_is_undone_once_and_never_changed(cast: Cast) -> None:
    identity = people.make_identity(cast.classmate, cast.cbc)
    for column, value in (("sid", "201000000"), ("student_id", cast.owing.pk), ("given_at", NOW)):
        with breaks(""):
            change(identity, **{column: value})
    with breaks(INK):
        delete(identity)
    with breaks("undone_college_id_has_its_moment"):
        change(identity, undone_at=NOW)
    change(identity, undone_at=NOW, undone_by_id=cast.registrar.pk)
    with breaks(INK):
        change(identity, undone_at=None, undone_by_id=None)


def test_an_id_that_credit_stands_on_is_not_undone(cast: Cast) -> None:
    with breaks("college_id_that_went_out_stands"):
        change(cast.college_identity, undone_at=NOW, undone_by_id=cast.registrar.pk)


def test_a_conflict_is_open_once_and_decided_once(cast: Cast) -> None:
    with breaks("one_open_conflict_a_college_id"):
        copy(cast.conflict)
    decided = {"decided_by_id": cast.registrar.pk, "decided_at": NOW}
    for wrong in (
        {"decision": "matched", **decided},
        {"decision": "nobody", "student_id": cast.owing.pk, **decided},
        {"decision": "nobody"},
        {"student_id": cast.owing.pk},
    ):
        with breaks("decided_conflict_says_who"):
            change(cast.conflict, **wrong)
    with breaks(""):
        change(cast.conflict, sid="201000000")
    change(cast.conflict, decision="nobody", **decided)
    with breaks(INK):
        change(cast.conflict, decision="matched", student_id=cast.owing.pk)
    with stands():
        copy(cast.conflict, decision="", decided_by_id=None, decided_at=None)
    candidate = cast.conflict.candidates.order_by("id")[0]
    with breaks(INK):
        change(candidate, score=100)
    with breaks("candidate_once_in_a_conflict"):
        copy(candidate)


def test_a_class_is_asked_for_once_until_it_is_taken_back(cast: Cast) -> None:
    with breaks("one_live_request_a_class"):
        copy(cast.asked)
    with breaks("withdrawn_request_has_its_moment"):
        change(cast.asked, withdrawn_at=NOW)
    for column in ("asked_at", "consent_version"):
        with breaks(""):
            change(cast.asked, **{column: NOW})
    with breaks(INK):
        delete(cast.asked)
    TranscriptRequest.objects.filter(pk=cast.asked.pk).update(
        withdrawn_at=NOW, withdrawn_by=cast.student.user
    )
    with breaks(INK):
        change(cast.asked, withdrawn_at=None, withdrawn_by_id=None)
    with stands():
        copy(cast.asked, withdrawn_at=None, withdrawn_by_id=None)


@pytest.mark.parametrize(
    ("columns", "constraint"),
    [
        ({"sids": "college"}, "plan_has_a_range_of_nine_digits"),
        ({"sids": "college", "sid_from": None, "sid_to": None}, ""),
        ({"sid_from": 12}, "plan_has_a_range_of_nine_digits"),
        ({"sid_to": 899_999_999}, "plan_has_a_range_of_nine_digits"),
        ({"starts_on": NOW.date()}, "planned_run_is_somebodys"),
        ({"term": "2276"}, "plan_term_is_a_ctclink_term"),
        ({"term": "2275"}, ""),
    ],
)
def test_a_plan_makes_sense(cast: Cast, columns: dict[str, Any], constraint: str) -> None:
    with breaks(constraint) if constraint else stands():
        change(cast.plan, **columns)


def test_a_sheet_stays_as_it_came(cast: Cast) -> None:
    for column, value in (("text", "x"), ("sha256", "1" * 64), ("college_id", cast.wwcc.pk)):
        with breaks(""):
            change(cast.sheet, **{column: value})
    with breaks("decided_import_has_its_moment"):
        change(cast.sheet, state="applied")
    with breaks(INK):
        change(cast.applied_sheet, added=2)
    with breaks(INK):
        delete(cast.sheet)


def test_worksheets_are_ink(cast: Cast) -> None:
    row = cast.batch.rows.get()
    for thing, column in ((cast.batch, "term"), (cast.batch.file, "csv"), (row, "grade")):
        with breaks(INK):
            change(thing, **{column: "x"})
        with breaks(INK):
            delete(thing)
    with breaks("worksheet_number_once_in_a_college"):
        copy(cast.batch)
    with breaks("worksheet_is_not_empty"):
        copy(cast.batch, number=9, size=0)
    with breaks("award_once_in_a_worksheet"):
        copy(row, position=2)
    with breaks("row_once_in_a_worksheet"):
        copy(row, award_id=cast.other_award.pk)


def test_ctclink_says_a_thing_once(cast: Cast) -> None:
    with breaks("ctclink_says_a_thing_once"):
        copy(cast.posting)
    with stands():
        copy(cast.posting, kind="posted")
    for column, value in (("grade", "4.0"), ("kind", "posted")):
        with breaks(""):
            change(cast.posting, **{column: value})
    with breaks(INK):
        change(cast.posting, award_id=None)
    stray = copy(cast.posting, kind="posted", award_id=None)
    found = type(cast.posting).objects.get(pk=stray)
    change(found, award_id=cast.award.pk)
    with breaks(INK):
        change(found, award_id=cast.other_award.pk)
    activation = TermActivation.objects.order_by("id")[0]
    with breaks(INK):
        change(activation, term="2275")
    with breaks("term_activation_once"):
        copy(activation)


def test_ids_of_ctclink_have_their_digits(cast: Cast) -> None:
    course = CtcLinkCourse.objects.order_by("id")[0]
    with breaks("ctclink_course_id_has_six_digits"):
        change(course, course_id="12345")
    column = WorksheetColumn.objects.order_by("id")[0]
    with breaks("worksheet_field_once_in_a_college"):
        copy(column, position=99)
    with breaks("worksheet_place_once_in_a_college"):
        copy(column, field="sid")


def test_a_source_is_replaced_once_by_that_of_a_correction(cast: Cast) -> None:
    source = cast.award.sources.get()
    second = copy(cast.award, supersedes_id=cast.award.pk)
    with breaks("class_earns_a_course_once"):
        copy(source, award_id=second)
    copy(source, award_id=second, replaces_id=source.pk)
    with breaks("transcripts_awardsource_replaces_id_key"):
        copy(source, award_id=second, replaces_id=source.pk)
