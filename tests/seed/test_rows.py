"""Rows of the seed: copied as they are, and nothing left to the clock or to chance."""

from datetime import UTC, date, datetime
from decimal import Decimal
from random import Random

import pytest

from accounts.models import Event, User
from organizations.models import College, GradeScale, GradeScaleRow
from sers.seed.rows import Book, as_copied
from students.models import Student

WHEN = datetime(2026, 11, 22, 8, tzinfo=UTC)


def test_what_the_clock_would_fill_must_be_given() -> None:
    with pytest.raises(TypeError, match="Event: at must be given"):
        Book(Random(1)).add(Event, kind="x", subject_type="y", subject_id=1)


@pytest.mark.django_db
def test_same_seed_same_rows() -> None:
    first, second = (
        Book(Random("x")).add(College, code="X", name="Y", city="", ctclink_institution="") for _ in range(2)
    )
    assert (first.pk, first.public_id) == (second.pk, second.public_id)


@pytest.mark.django_db
def test_rows_arrive_as_they_were_given() -> None:
    book = Book(Random(1))
    user = book.add(
        User, username="tab", email="a@example.org", first_name='Tab\tand\\N "quote"', last_name="Saitō\nŁukasz",
        password="!", created_at=WHEN,
    )  # fmt: skip
    event = book.add(
        Event, at=WHEN, actor=user, kind="k", subject_type="t", subject_id=1, data={"what": 'a "b" \\ c'}
    )
    scale = book.add(GradeScale, name="S", rounding="down")
    book.add(GradeScaleRow, scale=scale, percent_from=Decimal("84.5"), points=None, letter="")
    book.write()
    kept = User.objects.get(pk=user.pk)
    assert (kept.first_name, kept.last_name) == ('Tab\tand\\N "quote"', "Saitō\nŁukasz")
    assert (kept.created_at, kept.email_confirmed_at, kept.is_active) == (WHEN, None, True)
    assert Event.objects.get(pk=event.pk).data == {"what": 'a "b" \\ c'}
    row = GradeScaleRow.objects.get()
    assert (row.percent_from, row.points, row.letter) == (Decimal("84.50"), None, "")


@pytest.mark.django_db
def test_the_next_row_of_a_table_follows_the_copied_ones() -> None:
    book = Book(Random(1))
    last = [
        book.add(College, code=code, name=code, city="", ctclink_institution="") for code in ("A", "B", "C")
    ][-1]
    book.write()
    assert College.objects.create(code="D", name="D").pk > last.pk  # a sequence that is ahead stays ahead
    assert book.next_key(College) == last.pk + 1


def test_birth_dates_are_sealed() -> None:
    field = Student._meta.get_field("birth_date")
    copied = as_copied(field.get_prep_value(date(2009, 5, 1)))
    assert copied.startswith(r"\\x")
    assert "2009" not in copied
