"""The facts of the field, read from the CSV files beside this module."""

import csv
import functools
from pathlib import Path

FOLDER = Path(__file__).parent / "facts"

Row = dict[str, str]


@functools.cache
def rows(name: str) -> tuple[Row, ...]:
    """The rows of one file, in its order; an empty cell means "not stated"."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def contents(code: str) -> Row:
    """What a college course of this number is about: its content, its outcomes, the competencies of a class like it."""
    return next(row for row in rows("course_contents") if row["college_course"] == code)


def rule(who_kind: str, who: str) -> Row:
    """The published rules of one consortium or college; an empty mapping where none are."""
    return next(
        (row for row in rows("consortium_rules") if (row["who_kind"], row["who"]) == (who_kind, who)), {}
    )
