"""Several writes in one statement."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F

from accounts.models import Event
from grading.models import RosterComment
from sers.lib.writing import inserting, updating, write_together
from students.models import Registration
from tests.people import Cast


def comment(cast: Cast, text: str) -> RosterComment:
    return RosterComment(registration=cast.registration, text=text, written_by=cast.teacher)


def test_all_in_one_statement(cast: Cast, django_assert_num_queries: Any) -> None:
    rows = Registration.objects.filter(pk=cast.registration.pk).order_by()
    event = Event(kind="a.test", subject_type="x", subject_id=1)
    with django_assert_num_queries(1):
        write_together(
            [
                *inserting([comment(cast, "One %s."), comment(cast, "Two.")]),
                *inserting([event]),
                *updating(rows, version=F("version") + 1),
            ]
        )
    assert list(cast.registration.comments.order_by("id").values_list("text", flat=True)) == [
        "One %s.",
        "Two.",
    ]
    assert all(one.written_at for one in cast.registration.comments.all())
    assert Event.objects.filter(kind="a.test").count() == 1
    assert Registration.objects.get(pk=cast.registration.pk).version == cast.registration.version + 1


def test_nothing_asks_nothing(db: None, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        write_together(inserting([]))


def test_one_alone(cast: Cast) -> None:
    write_together(inserting([comment(cast, "Alone.")]))
    assert cast.registration.comments.count() == 1


def test_all_or_nothing(cast: Cast) -> None:
    wrong = comment(cast, "Nobody's.")
    wrong.registration_id = None  # type: ignore[assignment]
    with pytest.raises(IntegrityError), transaction.atomic():
        write_together([*inserting([comment(cast, "Good.")]), *inserting([wrong])])
    assert cast.registration.comments.count() == 0
