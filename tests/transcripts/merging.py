"""Two records of one person, for the pages and rules of merging."""

from typing import Any

from students.models import Merge, Student
from tests.people import Cast, make_student
from transcripts import actions

WHY = "Same person: she showed both IDs"


def second_record(cast: Cast, **facts: Any) -> Student:
    """One more record of the student, with an account of its own, registered for nothing."""
    facts.setdefault("birth_date", cast.student.birth_date)
    return make_student(facts.pop("school", cast.kamiakin), "Mari", "Vega Solis", **facts)


def merged(cast: Cast, stands: Student, gone: Student) -> Merge:
    """Merged by the consortium, as it stands in the database."""
    merge = actions.merge_records(stands=stands, gone=gone, reason=WHY, by=cast.consortium)
    for one in (stands, gone):
        one.refresh_from_db()
    return merge
