"""Blanks are chased before and after grading closes: which step on which day, and each letter once."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from accounts.models import Mail
from grading import actions, rules
from grading.tasks import remind_of_blanks
from organizations.models import Window
from organizations.rules import Opening
from tests import people
from tests.people import Cast

CLOSES = date(2027, 6, 25)


@pytest.mark.parametrize(
    ("days", "step"),
    [
        (-30, ""),
        (-8, ""),
        (-7, "week"),
        (-2, "week"),
        (-1, "last"),
        (0, "last"),
        (1, "closed"),
        (7, "closed"),
        (8, ""),
    ],
)
def test_the_step_of_each_day(days: int, step: str) -> None:
    on = CLOSES + timedelta(days=days)
    opening = Opening(on <= CLOSES, date(2027, 1, 1), CLOSES)
    assert rules.step_of(opening, on) == step


def test_windows_that_ask_for_nothing() -> None:
    assert rules.step_of(Opening(False), CLOSES) == ""
    assert rules.step_of(Opening(False, CLOSES + timedelta(days=3), CLOSES + timedelta(days=4)), CLOSES) == ""


def closing(cast: Cast, days: int) -> None:
    last = timezone.localdate() + timedelta(days=days)
    Window.objects.filter(kind=Window.Kind.GRADING, consortium=cast.columbia_basin, year=cast.year).update(
        opens_on=last - timedelta(days=60), closes_on=last
    )


def written() -> dict[str, str]:
    """Each reminder by its address, with its subject."""
    return dict(
        Mail.objects.filter(kind__startswith="grading/grades").order_by("pk").values_list("to", "subject")
    )


def test_a_teacher_is_reminded_once_a_step(cast: Cast) -> None:
    closing(cast, 5)
    assert actions.remind_of_blanks() == 1
    assert actions.remind_of_blanks() == 0
    mail = Mail.objects.get(kind="grading/grades_due")
    assert mail.to == cast.teacher.email  # not who left, not who cannot sign in
    assert "1 of your students has neither a grade nor a status yet" in mail.text
    assert cast.accounting.title in mail.text
    assert cast.student.last_name not in mail.text
    assert actions.remind_of_blanks(on=timezone.localdate() + timedelta(days=4)) == 1  # the last days
    assert actions.remind_of_blanks(on=timezone.localdate() + timedelta(days=5)) == 0


def test_after_closing_the_consortium_hears_of_it_too(cast: Cast) -> None:
    closing(cast, -2)
    assert actions.remind_of_blanks() == 2
    assert written() == {
        cast.teacher.email: "Grading has closed, and grades are missing",
        cast.columbia_basin.contact_email: f"Grading closed {closed_on(2)}: 1 without a grade",
    }


def closed_on(days_ago: int) -> str:
    day = timezone.localdate() - timedelta(days=days_ago)
    return f"{day:%B} {day.day}"


def test_without_blanks_nobody_is_written_to(cast: Cast) -> None:
    people.grade(cast.registration, "90", by=cast.teacher)
    closing(cast, 3)
    assert actions.remind_of_blanks() == 0
    closing(cast, -3)
    assert actions.remind_of_blanks() == 0


def test_far_from_every_closing_nothing_is_asked(cast: Cast, django_assert_num_queries: Any) -> None:
    closing(cast, 60)
    with django_assert_num_queries(2):
        assert rules.blanks_to_chase(timezone.localdate()) == []


def test_a_class_opened_again_is_reminded_of_its_own_day(cast: Cast) -> None:
    closing(cast, -30)
    today = timezone.localdate()
    cast.section.extensions.create(
        consortium=cast.columbia_basin, state="granted", reason="Away.", asked_by=cast.teacher,
        until=today + timedelta(days=1), decided_by=cast.consortium, decided_at=timezone.now(),
    )  # fmt: skip
    (blank,) = rules.blanks_to_chase(today)
    assert (blank.step, blank.closes_on, blank.number) == ("last", today + timedelta(days=1), 1)


@pytest.mark.parametrize("number", [1, 3])
def test_queries(cast: Cast, number: int, django_assert_num_queries: Any) -> None:
    closing(cast, 3)
    for at, student in enumerate((cast.student, cast.newcomer)[: number - 1]):
        section = people.make_section(cast.welding, cast.colleague_seat, label=f"Period {at}")
        people.make_registration(student, section, cast.welding_agreement)
    # windows and extensions that end; blanks counted; windows, extensions, years; classes, consortia, teachers
    with django_assert_num_queries(9):
        assert len(rules.blanks_to_chase(timezone.localdate())) == number


def test_it_runs_every_day(cast: Cast) -> None:
    entry = settings.CELERY_BEAT_SCHEDULE["remind of blanks"]
    assert entry["task"] == remind_of_blanks.name
    assert (entry["schedule"].hour, entry["schedule"].minute) == ({6}, {0})
    closing(cast, 3)
    remind_of_blanks()
    assert set(written()) == {cast.teacher.email}
