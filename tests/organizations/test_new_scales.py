"""A scale that is made: how rows are read, what is wrong with them, what it says, who makes it."""

from decimal import Decimal
from typing import Any

import pytest

from organizations import actions, rules
from organizations.models import GradeScale, GradeScaleRow
from sers.lib.refusal import Refused
from tests.people import CBC_SCALE, Cast
from tests.raw import breaks, change, delete, run, stands

DOWN, NONE = GradeScale.Rounding.DOWN, GradeScale.Rounding.NONE
SOUND = "98-100 4.0 A\n96-97 3.9 A\n90-95 3.5 A-\n85-89 3.0 B"


@pytest.mark.parametrize(
    ("line", "step"),
    [
        ("98-100 4.0 A", ("98", "100", "4.0", "A")),
        ("98 \u2013 100 4.0 A", None),
        ("98\u2013100 4,0 A", ("98", "100", "4.0", "A")),
        ("96 3.9 A", ("96", None, "3.9", "A")),
        ("85.5 - B", ("85.5", None, None, "B")),
        ("70-79 2 -", ("70", "79", "2", "")),
        ("98% 4.0 A+", ("98", None, "4.0", "A+")),
        ("98 4.0", None), ("98 4.05 A", None), ("98 5.0 A", None), ("101 4.0 A", None), ("x 4.0 A", None),
        ("98 NaN A", None), ("98 -1 A", None), ("98 4.0 ABCD", None), ("98 4.0 4", None), ("97-90 4.0 A", None),
        ("98 4.0 A extra", None),
    ],
)  # fmt: skip
def test_a_row_is_read(line: str, step: tuple[Any, ...] | None) -> None:
    if step is None:
        with pytest.raises(ValueError, match=r"^Line 1: "):
            rules.read_steps(line)
        return
    first, last, points, letter = step
    (read,) = rules.read_steps(f"{line}\n\n")
    assert read == rules.Step(
        Decimal(first), Decimal(last) if last else None, Decimal(points) if points else None, letter
    )


@pytest.mark.parametrize(
    ("typed", "rounding", "words"),
    [
        (SOUND, DOWN, []),
        ("98 4.0 A\n96 3.9 A\n85 3.0 B", DOWN, []),
        ("90-100 - A\n80-89 - B\n0-79 - -", DOWN, []),
        ("", DOWN, ["Enter at least one row"]),
        ("98-99 4.0 A\n85-97 3.0 B", DOWN, ["Nothing is said above 99"]),
        ("98-100 4.0 A\n90-96 3.9 A", DOWN, ["Nothing is said between 96"]),
        ("98-100 4.0 A\n90-97 3.9 A", NONE, ["Nothing is said between 97"]),
        ("98-100 4.0 A\n90-97.99 3.9 A", NONE, []),
        ("96-100 4.0 A\n90-97 3.9 A", DOWN, ["overlap"]),
        ("96 4.0 A\n96 3.9 A", DOWN, ["Two rows begin at 96"]),
        ("96 3.8 A\n90 3.9 A", DOWN, ["gives more points (3.9)"]),
        ("96 4.0 A\n90 3.7 A-\n85 3.5 A", DOWN, ["A comes back below another letter"]),
        ("96 4.0 A\n90 - -\n85 3.5 B", DOWN, ["Only the lowest row may give nothing"]),
        ("90 3.5 A\n96 4.0 A", DOWN, []),  # in any order
    ],
)
def test_faults_are_told(typed: str, rounding: str, words: list[str]) -> None:
    faults = rules.faults_of(rules.read_steps(typed), rounding)
    assert len(faults) == len(words)
    for fault, word in zip(faults, words, strict=True):
        assert word in fault.replace("\u00a0", " ")


def rows(scale: tuple[tuple[str, str, str], ...]) -> list[GradeScaleRow]:
    return [
        GradeScaleRow(percent_from=Decimal(p), points=Decimal(g), letter=letter) for p, g, letter in scale
    ]


def test_every_percent_is_previewed() -> None:
    preview = [(a.replace("\u00a0", " "), b) for a, b in rules.preview_of(rows(CBC_SCALE), DOWN)]
    assert preview[:2] == [("98 % to 100 %", "4.0 A"), ("96 % to 97 %", "3.9 A")]
    assert preview[-1] == ("0 % to 84 %", "nothing")
    examples = [one.replace("\u00a0", " ") for one in rules.examples_of(rows(CBC_SCALE), DOWN)]
    assert examples[1] == "95.5 % reads 95 % and is 3.8 A"


@pytest.mark.parametrize(
    ("person", "keeps"),
    [
        ("registrar", True), ("consortium", True), ("other_registrar", False), ("other_consortium", False),
        ("state", False), ("faculty", False), ("teacher", False), ("many_hats", False),
    ],
)  # fmt: skip
def test_who_keeps_a_colleges_rules(cast: Cast, person: str, keeps: bool) -> None:
    assert rules.can_keep_rules(getattr(cast, person), cast.cbc) is keeps


def test_a_scale_is_made_and_one_of_its_name_refused(cast: Cast) -> None:
    facts = {"college": cast.cbc, "name": "New", "rounding": DOWN, "steps": rules.read_steps(SOUND)}
    scale = actions.make_scale(**facts, by=cast.registrar)
    assert [str(row) for row in scale.rows.all()] == ["4.0 A", "3.9 A", "3.5 A-", "3.0 B"]
    assert scale.used_at is None
    for change_of, by, rule in (
        ({}, cast.consortium, "same_name"),
        ({"name": "Other"}, cast.other_registrar, "not_in_charge"),
        ({"name": "Other", "steps": []}, cast.registrar, "faults"),
    ):
        with pytest.raises(Refused) as refused:
            actions.make_scale(**(facts | change_of), by=by)
        assert refused.value.refusal.rule == rule


def test_a_scale_in_use_is_ink(cast: Cast) -> None:
    """By raw SQL: neither its rows nor its rounding change, no row is added, and nothing makes it unused again."""
    scale, row = GradeScale.objects.get(pk=cast.cbc_scale.pk), cast.cbc_scale.rows.get(percent_from=85)
    assert scale.used_at is not None
    refused = "A grade scale in use is not changed"
    for attempt in (
        lambda: change(row, points="3.1"),
        lambda: change(row, percent_from="80"),
        lambda: delete(row),
        lambda: run(
            "INSERT INTO organizations_gradescalerow (scale_id, percent_from, points, letter) VALUES (%s, 80, 2, 'C')",
            scale.pk,
        ),
    ):
        with breaks(refused):
            attempt()
    for columns in ({"rounding": "half_up"}, {"name": "Other"}, {"used_at": None}):
        with breaks("Cannot update or delete rows from organizations_gradescale"):
            change(scale, **columns)


def test_a_scale_nobody_uses_can_be_put_right_until_a_year_names_it(cast: Cast) -> None:
    scale = actions.make_scale(
        college=cast.cbc, name="New", rounding=DOWN, steps=rules.read_steps(SOUND), by=cast.registrar
    )
    row = scale.rows.get(percent_from=85)
    with stands():
        change(row, points="2.9")
    with stands():
        change(scale, rounding="none")
    year = cast.cbc.years.get(year=cast.year)
    run("UPDATE organizations_collegeyear SET scale_id = %s WHERE id = %s", scale.pk, year.pk)
    scale.refresh_from_db()
    assert scale.used_at is not None
    with breaks("A grade scale in use is not changed"):
        change(row, points="2.9")
    # A year that goes back to the old scale leaves both in use: grades were entered by them.
    run("UPDATE organizations_collegeyear SET scale_id = %s WHERE id = %s", cast.cbc_scale.pk, year.pk)
    with breaks("A grade scale in use is not changed"):
        change(row, points="2.9")
    with breaks("A grade scale in use is not changed"):  # nor does a row move to another scale
        change(row, scale_id=cast.other_cbc_scale.pk)
