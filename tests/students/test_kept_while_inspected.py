"""While a request to inspect a record is open nothing of it is merged, told apart again or removed (34 CFR 99.10(e)).

Each has its control: the same act once the request is answered, and the trigger alone where the act is gone around.
"""

import re

import pytest
from django.db import connection

from organizations.models import AcademicYear
from sers.lib.refusal import Refused
from students import actions as students
from students.models import LikelyTwins, RosterEntry, Student
from tests import raw
from tests.people import Cast, make_entry, make_inspection
from tests.students.inspecting import answered
from tests.transcripts.merging import WHY, merged, second_record
from transcripts import actions, rules


def test_no_merge_while_either_record_is_asked_for(cast: Cast) -> None:
    gone = second_record(cast)
    for asked_for in (cast.newcomer, gone):
        found = make_inspection(asked_for, entered_by=cast.consortium)
        with pytest.raises(Refused, match="A request to see one of these records is open"):
            actions.merge_records(stands=cast.newcomer, gone=gone, reason=WHY, by=cast.consortium)
        answered(cast, found)
    actions.merge_records(stands=cast.newcomer, gone=gone, reason=WHY, by=cast.consortium)  # the control


def test_no_undo_while_the_record_is_asked_for(cast: Cast) -> None:
    merge = merged(cast, cast.newcomer, second_record(cast))
    found = make_inspection(merge.stands)
    with pytest.raises(Refused, match="A request to see one of these records is open"):
        actions.undo_merge(merge=merge, reason=WHY, by=cast.consortium)
    with raw.breaks("kept_while_inspected"):
        raw.change(merge.gone, merged_into_id=None)
    answered(cast, found)
    actions.undo_merge(merge=merge, reason=WHY, by=cast.consortium)


def test_the_database_refuses_a_merge_past_the_rule(cast: Cast) -> None:
    gone = second_record(cast)
    found = make_inspection(cast.newcomer)
    with raw.breaks("kept_while_inspected"):
        raw.change(gone, merged_into_id=cast.newcomer.pk)
    answered(cast, found)
    raw.change(gone, merged_into_id=cast.newcomer.pk)
    assert Student.objects.get(pk=gone.pk).merged_into_id == cast.newcomer.pk


def test_a_student_is_never_deleted_who_has_asked(cast: Cast) -> None:
    make_inspection(cast.newcomer)
    with raw.breaks("violates foreign key constraint"):
        raw.delete(cast.newcomer)


def test_the_refusal_says_where_to_answer(cast: Cast) -> None:
    gone = second_record(cast)
    make_inspection(gone, entered_by=cast.consortium)
    (refusal,) = rules.why_not_merge(cast.consortium, cast.newcomer, gone)
    assert refusal.rule == "asked_to_inspect"
    assert "Requests to see a record" in refusal.next_step


def test_entries_of_old_rosters_stay(cast: Cast) -> None:
    assert AcademicYear.objects.current().first_year > cast.last_year.first_year
    theirs, others = make_entry(cast.last_section, key="1"), make_entry(cast.last_section, key="2")
    RosterEntry.objects.filter(pk=theirs.pk).update(student=cast.newcomer)
    RosterEntry.objects.filter(pk=others.pk).update(student=cast.classmate)
    found = make_inspection(cast.newcomer)
    students.forget_rosters()
    assert set(RosterEntry.objects.values_list("pk", flat=True)) == {theirs.pk}
    with raw.breaks("kept_while_inspected"):
        raw.delete(theirs)
    answered(cast, found)
    students.forget_rosters()
    assert not RosterEntry.objects.exists()


def test_a_pair_that_is_alike_no_more_stays(cast: Cast) -> None:
    pair = cast.twins  # of the student and the classmate, who are not alike
    found = make_inspection(pair.older)
    students.keep_twins(students=[pair.older])
    assert LikelyTwins.objects.filter(pk=pair.pk).exists()
    with raw.breaks("kept_while_inspected"):
        raw.delete(pair)
    answered(cast, found)
    students.keep_twins(students=[pair.older])
    assert not LikelyTwins.objects.filter(pk=pair.pk).exists()


def test_whether_a_request_is_open_is_asked_of_the_open_ones_alone(cast: Cast) -> None:
    """However many were answered: the index of open ones is walked, and no other."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(
            "EXPLAIN SELECT count(*) FROM students_inspection WHERE state = 'open' AND due_on < current_date"
        )
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert re.search("using (inspection_open|one_open_inspection_a_person)", plan), plan
