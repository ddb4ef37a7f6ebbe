"""The cast stands as its description says."""

import pytest

from accounts.access import Role, seats
from students.models import Registration, Student
from tests import people


def test_cast_stands(cast: people.Cast) -> None:
    assert Student.objects.count() == 10
    assert Registration.objects.count() == 9
    assert cast.award.points is not None
    assert (str(cast.award.points), cast.award.letter) == ("3.8", "A")  # 95.5 reads 95
    assert [seat.role for seat in seats(cast.teacher)] == [Role.TEACHER]
    assert seats(cast.former_teacher) == []
    assert seats(cast.locked_teacher) == []


def test_cast_is_fresh_for_each_test(cast: people.Cast) -> None:
    """Objects of one test are not those of another, and nothing is left of what another test wrote."""
    assert not hasattr(cast.teacher, "_held_seats")
    assert cast.student.name == "Marisol Vega"


@pytest.mark.django_db(transaction=True)
def test_cast_stands_in_transactional_tests_too(cast: people.Cast) -> None:
    assert Student.objects.count() == 10


def test_database_is_empty_without_the_cast(db: None) -> None:
    assert Student.objects.count() == 0


def test_grade_goes_through_save_changes(cast: people.Cast) -> None:
    result = people.grade(cast.registration, "97 %", by=cast.teacher)
    assert (result.outcome, result.message) == ("saved", "")
    assert cast.registration.status == Registration.Status.COMPLETED
