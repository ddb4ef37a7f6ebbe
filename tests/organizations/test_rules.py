"""What the calendar and the grade scale say, as truth tables. No database: rows in, decision out."""

import datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from organizations.models import GradeScale, GradeScaleRow, Window
from organizations.rules import Calendar, Opening, opening_of, read_percent, rounded, scale_row
from tests.people import CBC_SCALE, LETTER_SCALE

D = Decimal
DOWN, HALF_UP, NONE = GradeScale.Rounding.DOWN, GradeScale.Rounding.HALF_UP, GradeScale.Rounding.NONE


def rows_of(scale: tuple[tuple[str, str, str], ...]) -> list[GradeScaleRow]:
    return [GradeScaleRow(percent_from=D(p), points=D(points), letter=letter) for p, points, letter in scale]


# --- Percent --------------------------------------------------------------------------------------------

READS = {
    "97": "97", "0": "0", "100": "100", "100.0": "100", "84.5": "84.5", "095": "95", " 95 ": "95",
    "95%": "95", "95 %": "95", "95 % ": "95",
    "95,5": "95.5", "95，5": "95.5", "９５": "95", "９５．５": "95.5", "95％": "95",  # a decimal comma, full-width signs
    "84.99": "84.99", "84.999": "84.99", "84.9999999": "84.99", ".5": "0.5", "5.": "5",
}  # fmt: skip


@pytest.mark.parametrize(("typed", "percent"), READS.items())
def test_percent_is_read_as_people_type_it(typed: str, percent: str) -> None:
    assert read_percent(typed) == D(percent)


REFUSED = (
    "", " ", "%", ".", ",", "NaN", "nan", "sNaN", "Infinity", "-1", "-0", "+5", "100.1", "100.01", "101", "1000", "1e2", "1E1",
    "0x5F", "95.5.5", "95,5,5", "1.000,5", "9 5", "95 percent", "A", "A-", "9_5", "٩٥%٪", "½", "95½", "²", "9²", "₉", "0.0000000000001",
    "9" * 200_000, "\x00", "95\n96",
)  # fmt: skip


@pytest.mark.parametrize("typed", REFUSED, ids=lambda text: repr(text[:12]))
def test_what_is_no_percent_is_refused_with_what_to_do(typed: str) -> None:
    with pytest.raises(ValueError, match=r"^Enter a percent from 0 to 100\.$"):
        read_percent(typed)


@given(st.text(max_size=20))
def test_reading_a_percent_answers_or_refuses_whatever_is_typed(typed: str) -> None:
    try:
        percent = read_percent(typed)
    except ValueError:
        return
    assert 0 <= percent <= 100
    assert percent == percent.quantize(D("0.01"))


@given(st.decimals(0, 100, places=6))
def test_a_percent_is_never_read_as_more_than_was_typed(typed: Decimal) -> None:
    """84.999 must not become 85."""
    percent = read_percent(f"{typed:f}")
    assert percent <= typed < percent + D("0.01")


# --- Scale ----------------------------------------------------------------------------------------------

#: Every percent Columbia Basin names, and what stands just beside its steps.
CBC = {
    "100": "4.0 A", "99": "4.0 A", "98": "4.0 A", "97.99": "3.9 A", "97": "3.9 A", "96": "3.9 A", "95.99": "3.8 A",
    "95.5": "3.8 A", "95": "3.8 A", "94.5": "3.7 A-", "94": "3.7 A-", "93": "3.6 A-", "92": "3.6 A-", "91.99": "3.5 A-",
    "91": "3.5 A-", "90": "3.4 B+", "89": "3.4 B+", "88": "3.3 B+", "87": "3.2 B+", "86": "3.1 B", "85.5": "3.0 B", "85": "3.0 B",
    "84.99": None, "84.5": None, "84": None, "50": None, "0": None,
}  # fmt: skip


@pytest.mark.parametrize(("percent", "grade"), CBC.items())
def test_scale_of_columbia_basin(percent: str, grade: str | None) -> None:
    row = scale_row(D(percent), rows_of(CBC_SCALE), DOWN)
    assert (str(row) if row else None) == grade


def test_84_999_is_below_the_scale() -> None:
    """As it is typed, and as a number that never passed through read_percent."""
    assert scale_row(D("84.999"), rows_of(CBC_SCALE), DOWN) is None
    assert scale_row(read_percent("84.999"), rows_of(CBC_SCALE), DOWN) is None


def test_order_of_rows_does_not_matter() -> None:
    for rows in (rows_of(CBC_SCALE), rows_of(CBC_SCALE)[::-1]):
        row = scale_row(D(97), rows, DOWN)
        assert row is not None
        assert row.points == D("3.9")


def test_an_empty_scale_has_no_row() -> None:
    assert scale_row(D(100), [], DOWN) is None


ROUNDED = {
    ("84.5", DOWN): "84", ("84.5", HALF_UP): "85", ("84.5", NONE): "84.5",
    ("84.49", DOWN): "84", ("84.49", HALF_UP): "84", ("84.49", NONE): "84.49",
    ("85.5", HALF_UP): "86",  # half up, not half even
    ("86.5", HALF_UP): "87", ("99.99", DOWN): "99", ("99.99", HALF_UP): "100", ("0", DOWN): "0", ("100", HALF_UP): "100",
}  # fmt: skip


@pytest.mark.parametrize(("case", "whole"), ROUNDED.items(), ids=str)
def test_rounding_is_the_policy_of_the_scale(case: tuple[str, str], whole: str) -> None:
    percent, rounding = case
    assert rounded(D(percent), rounding) == D(whole)


@pytest.mark.parametrize(("rounding", "grade"), [(DOWN, None), (HALF_UP, "3.0 B"), (NONE, None)])
def test_84_5_under_each_rounding(rounding: str, grade: str | None) -> None:
    row = scale_row(D("84.5"), rows_of(CBC_SCALE), rounding)
    assert (str(row) if row else None) == grade


@given(
    st.decimals(0, 100, places=2), st.decimals(0, 100, places=2), st.sampled_from(list(GradeScale.Rounding))
)
def test_a_better_percent_never_earns_less(one: Decimal, other: Decimal, rounding: str) -> None:
    rows = rows_of(LETTER_SCALE)
    lower, higher = (scale_row(percent, rows, rounding) for percent in sorted((one, other)))
    points = [(row.points or D(0)) if row else D(-1) for row in (lower, higher)]
    assert points == sorted(points)


# --- Calendar -------------------------------------------------------------------------------------------

CONSORTIUM, OTHER_CONSORTIUM, COLLEGE, OTHER_COLLEGE, YEAR = 1, 2, 10, 20, 2026


def window(opens: str, closes: str, **facts: Any) -> Window:
    facts = {
        "kind": Window.Kind.REGISTRATION,
        "consortium_id": CONSORTIUM,
        "college_id": None,
        "year_id": YEAR,
    } | facts
    return Window(
        opens_on=datetime.date.fromisoformat(opens), closes_on=datetime.date.fromisoformat(closes), **facts
    )


def asked(windows: list[Window], on: str, **where: Any) -> Opening:
    where = {"consortium_id": CONSORTIUM, "college_id": COLLEGE, "year_id": YEAR} | where
    return Calendar(windows).opening(
        where.pop("kind", Window.Kind.REGISTRATION), on=datetime.date.fromisoformat(on), **where
    )


DAYS = {
    "2026-08-31": False, "2026-09-01": True, "2026-09-02": True, "2027-02-28": True, "2027-06-14": True, "2027-06-15": True,
    "2027-06-16": False, "2025-09-01": False, "2028-01-01": False,
}  # fmt: skip


@pytest.mark.parametrize(("on", "is_open"), DAYS.items())
def test_first_and_last_day_are_inside(on: str, is_open: bool) -> None:
    opening = asked([window("2026-09-01", "2027-06-15")], on)
    assert opening.is_open is is_open
    assert (opening.opens_on, opening.closes_on) == (datetime.date(2026, 9, 1), datetime.date(2027, 6, 15))


def test_a_window_of_one_day() -> None:
    windows = [window("2028-02-29", "2028-02-29")]
    assert [asked(windows, f"2028-0{on}").is_open for on in ("2-28", "2-29", "3-01")] == [False, True, False]


def test_of_several_windows_the_open_one_then_the_next_then_the_last() -> None:
    first, second, third = (
        ("2026-09-01", "2026-09-30"),
        ("2026-11-01", "2026-11-30"),
        ("2027-01-01", "2027-01-31"),
    )
    windows = [window(*third), window(*first), window(*second)]  # in no order
    answers = {
        "2026-08-01": (False, first), "2026-09-15": (True, first), "2026-10-15": (False, second), "2026-11-01": (True, second),
        "2026-12-24": (False, third), "2027-01-31": (True, third), "2027-02-01": (False, third),
    }  # fmt: skip
    for on, (is_open, days) in answers.items():
        opening = asked(windows, on)
        assert (opening.is_open, str(opening.opens_on), str(opening.closes_on)) == (is_open, *days), on


def test_windows_that_touch_leave_no_gap() -> None:
    windows = [window("2026-09-01", "2026-09-30"), window("2026-10-01", "2026-10-31")]
    assert asked(windows, "2026-09-30").closes_on == datetime.date(2026, 9, 30)
    assert asked(windows, "2026-10-01").opens_on == datetime.date(2026, 10, 1)


def test_a_window_that_was_never_set() -> None:
    assert asked([], "2026-09-01") == Opening(False)
    assert not Opening(False).is_set
    assert asked([window("2026-09-01", "2026-09-30")], "2027-01-01").is_set
    assert opening_of([], datetime.date(2026, 9, 1)) == Opening(False)


def test_a_college_s_own_window_overrides_its_consortium_s() -> None:
    """Wholly: where the college has any of that kind and year, the consortium's counts for nothing."""
    windows = [window("2026-09-01", "2027-06-15"), window("2026-12-01", "2026-12-31", college_id=COLLEGE)]
    assert not asked(windows, "2026-10-01").is_open
    assert str(asked(windows, "2026-10-01").opens_on) == "2026-12-01"
    assert asked(windows, "2026-12-31").is_open
    assert not asked(windows, "2027-01-01").is_open
    assert asked(windows, "2026-10-01", college_id=OTHER_COLLEGE).is_open


@pytest.mark.parametrize(
    "elsewhere",
    [
        {"consortium_id": OTHER_CONSORTIUM},
        {"consortium_id": OTHER_CONSORTIUM, "college_id": COLLEGE},
        {"year_id": YEAR - 1},
        {"kind": Window.Kind.GRADING},
        {"college_id": OTHER_COLLEGE},
    ],
    ids=str,
)
def test_another_s_window_opens_nothing(elsewhere: dict[str, Any]) -> None:
    assert asked([window("2026-09-01", "2027-06-15", **elsewhere)], "2026-10-01") == Opening(False)
    assert asked([window("2026-09-01", "2027-06-15", **elsewhere)], "2026-10-01", **elsewhere).is_open
