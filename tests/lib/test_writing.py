"""Several writes in one statement."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F

from accounts.models import Event
from grading.models import RosterComment
from sers.lib.writing import insert_absent, inserting, updating, write_together
from students.models import Disclosure, Registration
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


def test_rows_from_columns_and_what_is_there_already_is_left(
    cast: Cast, django_assert_num_queries: Any
) -> None:
    """In one statement; NULL and words with signs of SQL are values like others."""
    columns: dict[str, list[Any]] = {
        "student": [cast.student.pk, cast.below.pk, cast.student.pk],
        "seat_id": [7, None, 7],
        "place": ["It's 100 %s", "{b}", "It's 100 %s"],
    }
    same = {
        "reader": cast.teacher.pk, "day": date(2026, 5, 4), "role": "teacher", "what": "roster", "crosses": False,
        "ground": "99.31(a)(2)", "reason": "", "refused": False, "session": "a",
    }  # fmt: skip
    for _ in range(2):
        with django_assert_num_queries(1):
            insert_absent(Disclosure, columns, **same)
    found = Disclosure.objects.filter(session="a").order_by("student_id")
    assert [(one.student_id, one.seat_id, one.place) for one in found] == sorted(
        [(cast.student.pk, 7, "It's 100 %s"), (cast.below.pk, None, "{b}")]
    )
    assert all(one.day == date(2026, 5, 4) and one.at is not None for one in found)
