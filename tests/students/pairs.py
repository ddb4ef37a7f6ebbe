"""Two records of one person, for the pages and the worker of likely twins."""

from typing import Any

from students.models import LikelyTwins, Student
from tests.people import Cast, make_student


def second_of(student: Student, **facts: Any) -> Student:
    """One more record of this person, made now, without an account unless said otherwise."""
    facts = {"birth_date": student.birth_date, "user": None, "email": "again@example.net", **facts}
    school = facts.pop("school", student.school)
    first, last = facts.pop("first_name", student.first_name), facts.pop("last_name", student.last_name)
    return make_student(school, first, last, **facts)


def pair_of(cast: Cast, **facts: Any) -> LikelyTwins:
    """The student and a second record of hers, on the list."""
    second = second_of(cast.student, **facts)
    pair: LikelyTwins = LikelyTwins.objects.create(
        older=cast.student, newer=second, likeness=LikelyTwins.Likeness.SAME
    )
    return pair
