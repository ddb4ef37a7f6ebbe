"""Queries composed once."""

from datetime import date
from typing import Any

from django.db.models import DateField
from django.utils import timezone

from organizations.models import Seat
from sers.lib.composing import Composed, Slot
from tests.people import Cast


def test_the_same_query_answers_for_other_values(cast: Cast, django_assert_num_queries: Any) -> None:
    made = []

    def make() -> Any:
        made.append(1)
        seats = Seat.objects.filter(
            user=Slot("user"), starts_on__lte=Slot("day", DateField()), role="teacher"
        )
        return seats.order_by("id").values_list("id", "role")

    composed, today = Composed(make), timezone.localdate()
    with django_assert_num_queries(3):
        assert composed.rows(user=cast.teacher.pk, day=today) == [(cast.teacher_seat.pk, "teacher")]
        assert composed.rows(user=cast.colleague.pk, day=today) == [(cast.colleague_seat.pk, "teacher")]
        assert composed.rows(user=cast.teacher.pk, day=date(1990, 1, 1)) == []
    assert made == [1]
