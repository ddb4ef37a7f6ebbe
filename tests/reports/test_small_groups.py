"""Small groups: no published figure, and no sum or difference of published figures, tells one of one to nine.

Three proofs over random populations: every block is large enough, also for who sees a part of it in full; the attack
by linear algebra and bounds solves none (and does where only the small cells are left blank); and for each small group
there is another population, in which it has another number, that publishes the very same figures.
"""

import itertools
from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reports.models import Figure
from reports.rules.figures import STAGES, VALUES, Counted, Key
from reports.rules.small_groups import (
    SMALLEST,
    Block,
    Decision,
    Told,
    count_published,
    decide,
    insiders,
    told_apart,
)

Area, By = Figure.Area, Figure.By
Population = Sequence[Counted]

#: Colleges in consortia, one of them in two; schools in districts. Small worlds are the hard ones.
PARTNERSHIPS = ((1, 11), (1, 12), (2, 12), (2, 13), (3, 14))
SCHOOLS = ((1, 101), (1, 102), (2, 103), (3, 104))


def registration(person: int, stage: int, **facts: Any) -> Counted:
    usual = {
        "consortium": 1, "college": 11, "district": 1, "school": 101, "taught_district": 1, "taught_school": 101,
        "cluster": 1, "course": "Welding", "grade": 11, "gender": "female", "ethnicity": "white",
    }  # fmt: skip
    return Counted(person, stage, **{**usual, **facts})


@st.composite
def populations(draw: st.DrawFn) -> list[Counted]:
    """Clumps of registrations alike, small and large, by students who may have several."""
    rows: list[Counted] = []
    for _ in range(draw(st.integers(1, 16))):
        consortium, college = draw(st.sampled_from(PARTNERSHIPS))
        district, school = draw(st.sampled_from(SCHOOLS))
        taught_district, taught_school = draw(st.sampled_from((*[(district, school)] * 4, *SCHOOLS)))
        facts = {
            "consortium": consortium, "college": college, "district": district, "school": school,
            "taught_district": taught_district, "taught_school": taught_school,
            "cluster": draw(st.sampled_from((1, 2, None))),
            "gender": draw(st.sampled_from(("female", "male", "x", ""))),
            "grade": draw(st.sampled_from((11, 12))),
        }  # fmt: skip
        stage = draw(st.sampled_from((0, 1, 2, 3)))
        first = draw(st.integers(0, 60))
        size = draw(st.sampled_from((1, 3, 9, 10, 11, 19, 25, 60)))
        rows += [registration(first + number, stage, **facts) for number in range(size)]
    for stage in draw(st.sampled_from(({row.stage for row in rows}, set()))):
        # Beside them at each stage so many elsewhere that the State as a whole can be told.
        rows += [registration(100 + number, stage) for number in range(30)]
        there = {"district": 3, "school": 104, "taught_district": 3, "taught_school": 104}
        rows += [registration(200 + number, stage, consortium=2, college=13, **there) for number in range(30)]
    return rows


def published(rows: Population) -> tuple[Decision | None, dict[Key, dict[str, int]]]:
    decision = decide(rows)
    if decision is None:
        return None, {}
    return decision, {key: group.sums.stages for key, group in count_published(decision, rows)}


MANY = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


# --- Every block is large enough ------------------------------------------------------------------------


def blocks(
    decision: Decision, rows: Population
) -> dict[tuple[Hashable, ...], set[tuple[int, frozenset[Any]]]]:
    found: dict[tuple[Hashable, ...], set[tuple[int, frozenset[Any]]]] = {}
    for row in rows:
        for block in decision.blocks_of(row):
            found.setdefault((*block, row.stage), set()).add((row.person, insiders(row)))
    return found


@MANY
@given(populations())
def test_every_block_holds_ten_students_beside_those_any_place_sees(rows: list[Counted]) -> None:
    decision = decide(rows)
    if decision is None:
        return
    rows = decision.counted(rows)
    places = {place for row in rows for place in insiders(row)}
    for block, members in blocks(decision, rows).items():
        assert len({person for person, _ in members}) >= SMALLEST, block
        for place in places:
            others = {person for person, seen_by in members if place not in seen_by}
            assert len(others) == 0 or len(others) >= SMALLEST, (block, place)


@MANY
@given(populations())
def test_every_published_figure_is_a_sum_of_whole_blocks(rows: list[Counted]) -> None:
    """Registrations of one block are counted in the same figures of its family."""
    decision = decide(rows)
    if decision is None:
        return
    rows = decision.counted(rows)
    groups = {By.GRADE, By.GENDER, By.ETHNICITY}
    family = {
        "school": lambda key: key.by in (By.DISTRICT, By.SCHOOL) or key.area in (Area.DISTRICT, Area.SCHOOL),
        "cluster": lambda key: key.area in (Area.CONSORTIUM, Area.COLLEGE) or key.by in (By.CONSORTIUM, By.COLLEGE, By.CLUSTER),
        **{by: (lambda key, by=by: key.area == Area.STATE and key.by == by) for by in groups},
    }  # fmt: skip
    counted_in: dict[Hashable, set[frozenset[Key]]] = {}
    for row in rows:
        keys = list(decision.keys_of(row))
        known = [one for one in keys if any(belongs(one) for belongs in family.values())]
        assert [one for one in keys if one not in known] == [Key(Area.STATE, 0, By.WHOLE, "")]
        for block in decision.blocks_of(row):
            of_it = frozenset(key for key in keys if family[str(block[0])](key))
            # A college in two consortia stands partly with others: its name is all that differs in such a block.
            counted_in.setdefault(block, set()).add(of_it)
    assert {block: len(kinds) for block, kinds in counted_in.items() if len(kinds) > 1} == {}


@MANY
@given(populations())
def test_all_tables_have_the_same_totals(rows: list[Counted]) -> None:
    """What families share, the stages of the State, each tells in full; so do the parts of every area."""
    decision, told = published(rows)
    if decision is None:
        return
    for by in (By.CONSORTIUM, By.COLLEGE, By.DISTRICT, By.CLUSTER, By.GRADE, By.GENDER, By.ETHNICITY):
        total: Counter[str] = Counter()
        for key, stages in told.items():
            if key.area == Area.STATE and key.by == by:
                total.update(stages)
        assert +total == +Counter(told[Key(Area.STATE, 0, By.WHOLE, "")]), by
    for key, stages in told.items():
        if key.area != Area.STATE and key.by == By.WHOLE:
            for by in {one.by for one in told if one[:2] == key[:2]} - {By.WHOLE}:
                parts: Counter[str] = Counter()
                for one, held in told.items():
                    if one[:3] == (*key[:2], by):
                        parts.update(held)
                assert +parts == +Counter(stages), (key, by)


# --- Another population publishes the same --------------------------------------------------------------

#: By what a group may be told: any two of these together, at any stage.
TRAITS: Mapping[str, tuple[str, ...]] = {
    "consortium": ("consortium",),
    "college": ("college",),
    "partnership": ("consortium", "college"),
    "district": ("district",),
    "school": ("school",),
    "cluster": ("cluster",),
    "gender": ("gender",),
    "grade": ("grade",),
}
#: Facts that can be exchanged between two people without making an impossible person.
MOVES = (("consortium", "college"), ("district", "school"), ("cluster",), ("gender",), ("grade",), ("stage",))


def small_groups(rows: Population) -> Iterator[dict[str, Any]]:
    """Every group of one to nine students by two traits, at any stage and at each."""
    found: dict[tuple[tuple[str, Any], ...], set[int]] = {}
    for row in rows:
        for one, other in itertools.combinations_with_replacement(TRAITS, 2):
            names = dict.fromkeys((*TRAITS[one], *TRAITS[other]))
            facts = tuple((name, getattr(row, name)) for name in names)
            for known in (facts, (*facts, ("stage", row.stage))):
                found.setdefault(known, set()).add(row.person)
    yield from (dict(known) for known, inside in found.items() if len(inside) < SMALLEST)


def possible(decision: Decision, row: Counted) -> bool:
    """Is every group it would stand in one that the tables know?"""

    def known(told: Told | None, value: object) -> bool:
        return told is not None and str(value) in told.apart | told.together

    consortium = decision.consortia.value_of(str(row.consortium))
    district = decision.districts.value_of(str(row.district))
    leaf = decision.leaf_of(row)
    return (
        (not consortium or known(decision.colleges.get(consortium), row.college))
        and known(decision.clusters.get(leaf), VALUES[By.CLUSTER](row))
        and (not district or known(decision.schools.get(district), row.school))
    )


def moved(row: Counted, other: Counted, names: tuple[str, ...]) -> Counted:
    changed = {name: getattr(other, name) for name in names}
    if "school" in names:  # taught where the other one is
        changed |= {"taught_district": other.taught_district, "taught_school": other.taught_school}
    return row._replace(**changed)


def other_world(
    decision: Decision, rows: Population, group: Mapping[str, Any], insider: Any
) -> tuple[list[Counted], list[Counted]] | None:
    """Two registrations, and what they could be instead: every published figure is the same and this group has another
    number. A person of this place sees neither of them."""

    def figures(*some: Counted) -> Counter[tuple[Key, int]]:
        return Counter((key, row.stage) for row in some for key in decision.keys_of(row))

    def number(*some: Counted) -> int:
        return sum(all(getattr(row, name) == value for name, value in group.items()) for row in some)

    kinds: dict[Counted, list[Counted]] = {}
    for row in rows:
        if insider is None or insider not in insiders(row):
            kinds.setdefault(row._replace(person=0), []).append(row)
    pairs = itertools.combinations_with_replacement(kinds, 2)
    for (one, other), names in itertools.product(pairs, MOVES):
        if one == other or all(getattr(one, name) == getattr(other, name) for name in names):
            continue
        # One person moves to where the other is, or the other to where they are, or they exchange.
        for new in (
            (moved(one, other, names), other),
            (one, moved(other, one, names)),
            (moved(one, other, names), moved(other, one, names)),
        ):
            if (
                all(possible(decision, row) for row in new)
                and (insider is None or not any(insider in insiders(row) for row in new))
                and number(one, other) != number(*new)
                and figures(one, other) == figures(*new)
            ):
                return [one, other], list(new)
    return None


@MANY
@given(populations(), st.randoms(use_true_random=False))
def test_for_every_small_group_another_population_publishes_the_same(
    rows: list[Counted], random: Any
) -> None:
    """So nobody can work the group out, by whatever means; nor can people of a place who take their own figures away."""
    decision = decide(rows)
    if decision is None:
        return
    rows = decision.counted(rows)
    places = [None, *sorted({place for row in rows for place in insiders(row)})]
    groups = list(small_groups(rows))
    for group in random.sample(groups, min(12, len(groups))):
        for insider in random.sample(places, min(4, len(places))):
            unseen = [
                row
                for row in rows
                if (insider is None or insider not in insiders(row))
                and all(getattr(row, name) == value for name, value in group.items())
            ]
            if unseen:
                assert other_world(decision, rows, group, insider) is not None, (group, insider)


def test_a_small_group_that_stands_alone_has_no_other_world() -> None:
    """The control: told by its own name, a group of three is known, and the search above finds nothing."""
    rows = people(40) + people(30, 100, gender="male") + people(3, 200, gender="x")
    decision = decide(rows)
    assert decision is not None
    assert other_world(decision, rows, {"gender": "x"}, None) is not None
    apart = replace(decision, groups={By.GENDER: Told(frozenset({"female", "male", "x"}))})
    assert other_world(apart, rows, {"gender": "x"}, None) is None


# --- The attack -----------------------------------------------------------------------------------------

Equation = tuple[frozenset[int], int]
ATTACKED: Mapping[str, tuple[object, ...]] = {
    "college": (11, 12), "school": (101, 102, 103), "gender": ("female", "male", "x"), "stage": (0, 2),
}  # fmt: skip
DISTRICT_OF = {101: 1, 102: 1, 103: 2}
CELLS = [dict(zip(ATTACKED, values, strict=True)) for values in itertools.product(*ATTACKED.values())]


def of_cell(cell: Mapping[str, Any], person: int) -> Counted:
    place = {"school": cell["school"], "district": DISTRICT_OF[cell["school"]]}
    facts = {**place, "taught_school": place["school"], "taught_district": place["district"]}
    return registration(person, cell["stage"], college=cell["college"], gender=cell["gender"], **facts)


@st.composite
def small_worlds(draw: st.DrawFn) -> list[int]:
    """How many stand in each cell: many in none, some in a few."""
    numbers = st.sampled_from((0, 0, 0, 0, 0, 1, 2, 5, 9, 10, 12, 30, 40))
    return draw(st.lists(numbers, min_size=len(CELLS), max_size=len(CELLS)))


def equations_of(
    figures: Mapping[Hashable, int], keys_of: Callable[[Mapping[str, Any]], set[Hashable]]
) -> list[Equation]:
    """What the published figures say of the cells: this many in all of these."""
    inside: dict[Hashable, set[int]] = {}
    for at, cell in enumerate(CELLS):
        for key in keys_of(cell):
            inside.setdefault(key, set()).add(at)
    return [(frozenset(cells), figures.get(key, 0)) for key, cells in inside.items()]


def solved(equations: Sequence[Equation], group: frozenset[int]) -> bool:
    """Does who knows these sums, and that nothing is below zero, know the number of this group?

    First bounds: a sum of nothing is nothing everywhere, and what is left of a sum bounds its parts. Then algebra: a
    group that is a combination of the sums is known.
    """
    low, high = [0] * len(CELLS), [10**6] * len(CELLS)
    for _ in range(30):
        before = (list(low), list(high))
        for cells, total in equations:
            for cell in cells:
                others = cells - {cell}
                high[cell] = min(high[cell], total - sum(low[one] for one in others))
                low[cell] = max(low[cell], total - sum(high[one] for one in others))
        if (low, high) == before:
            break
    if sum(low[cell] for cell in group) == sum(high[cell] for cell in group):
        return True
    open_ones = [cell for cell in range(len(CELLS)) if low[cell] != high[cell]]
    basis: dict[int, dict[int, Fraction]] = {}

    def reduced(cells: frozenset[int]) -> dict[int, Fraction]:
        row = {cell: Fraction(1) for cell in cells if cell in open_ones}
        for pivot, known in basis.items():
            if factor := row.get(pivot):
                for cell, value in known.items():
                    row[cell] = row.get(cell, Fraction(0)) - factor * value
        return {cell: value for cell, value in row.items() if value}

    for cells, _ in equations:
        if row := reduced(cells):
            pivot = min(row)
            row = {cell: value / row[pivot] for cell, value in row.items()}
            for known in basis.values():
                if factor := known.get(pivot):
                    for cell, value in row.items():
                        known[cell] = known.get(cell, Fraction(0)) - factor * value
            basis[pivot] = row
    return not reduced(group)


def attacked_groups() -> list[tuple[dict[str, Any], frozenset[int]]]:
    """Every group by one or two traits of the attacked cells."""
    found = []
    for names in (*itertools.combinations(ATTACKED, 1), *itertools.combinations(ATTACKED, 2)):
        for values in itertools.product(*(ATTACKED[name] for name in names)):
            facts = dict(zip(names, values, strict=True))
            cells = frozenset(
                at for at, cell in enumerate(CELLS) if all(cell[name] == facts[name] for name in names)
            )
            found.append((facts, cells))
    return found


def world_of(numbers: Sequence[int]) -> list[Counted]:
    people = itertools.count(1)
    return [of_cell(cell, next(people)) for cell, n in zip(CELLS, numbers, strict=True) for _ in range(n)]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(small_worlds())
def test_the_attack_solves_no_small_group(numbers: list[int]) -> None:
    rows = world_of(numbers)
    decision = decide(rows)
    if decision is None:
        return

    def keys_of(cell: Mapping[str, Any]) -> set[Hashable]:
        if cell["stage"] in decision.left_out:
            return set()  # no table says anything of it
        if not possible(decision, row := of_cell(cell, 0)):
            return {"no row of any table"}
        return {(key, cell["stage"]) for key in decision.keys_of(row)}

    figures: Counter[Hashable] = Counter()
    for cell, number in zip(CELLS, numbers, strict=True):
        for key in keys_of(cell):
            figures[key] += number
    equations = equations_of(figures, keys_of)
    for facts, cells in attacked_groups():
        if 0 < sum(numbers[at] for at in cells) < SMALLEST:
            assert not solved(equations, cells), facts


@pytest.mark.parametrize(
    ("numbers", "group"),
    [
        ({("female", 101): 40, ("male", 101): 30, ("x", 101): 3}, {"gender": "x"}),
        ({("female", 101): 40, ("female", 102): 30, ("female", 103): 7}, {"school": 103}),
        ({("female", 101): 20, ("male", 102): 15, ("x", 103): 4}, {"school": 103}),
    ],
)
def test_blanks_alone_would_tell_them(numbers: dict[tuple[str, int], int], group: dict[str, Any]) -> None:
    """The control: where only the small cells are left blank, the same attack finds them; from ours it does not."""
    counts = [
        numbers.get((cell["gender"], cell["school"]), 0)
        if cell["college"] == 11 and cell["stage"] == 0
        else 0
        for cell in CELLS
    ]
    cells = frozenset(
        at for at, cell in enumerate(CELLS) if all(cell[name] == value for name, value in group.items())
    )

    def every_key(cell: Mapping[str, Any]) -> set[Hashable]:
        return {
            ("all", cell["stage"]),
            *((name, cell[name], cell["stage"]) for name in ("school", "gender", "college")),
        }

    naive: Counter[Hashable] = Counter()
    for cell, number in zip(CELLS, counts, strict=True):
        for key in every_key(cell):
            naive[key] += number
    blanked = {key: number for key, number in naive.items() if not 0 < number < SMALLEST}
    assert solved(equations_of(blanked, lambda cell: every_key(cell) & set(blanked)), cells)

    decision = decide(world_of(counts))
    if decision is not None:
        test_the_attack_solves_no_small_group.hypothesis.inner_test(counts)  # type: ignore[attr-defined]


# --- By hand --------------------------------------------------------------------------------------------


def people(number: int, first: int = 0, **facts: Any) -> list[Counted]:
    return [
        registration(first + at, facts.get("stage", 0), **{k: v for k, v in facts.items() if k != "stage"})
        for at in range(number)
    ]


@pytest.mark.parametrize(
    ("numbers", "apart", "together"),
    [
        ({"female": 40, "male": 30, "x": 12}, "female male x", ""),
        ({"female": 40, "male": 30, "x": 3}, "female", "male x"),
        ({"female": 40, "male": 30, "x": 3, "": 8}, "female male", "none x"),
        ({"female": 40, "male": 6, "x": 3, "": 8}, "female", "male none x"),
        ({"female": 4, "male": 6}, "", "female male"),
        ({"female": 10}, "female", ""),
        ({"female": 100, "male": 9}, "", "female male"),
    ],
)
def test_small_ones_stand_with_the_next_smallest(numbers: dict[str, int], apart: str, together: str) -> None:
    rows = [
        row for at, (gender, n) in enumerate(numbers.items()) for row in people(n, at * 100, gender=gender)
    ]
    told = told_apart(rows, By.GENDER)
    assert (sorted(told.apart), sorted(told.together)) == (apart.split(), together.split())


@pytest.mark.parametrize(
    ("rows", "is_large_enough"),
    [
        ([], True),
        (people(9), False),
        (people(10), True),
        (people(5) * 4, False),  # twenty registrations of five students
        (people(10) + people(9, stage=2), False),  # nine completed: the stage is a group
        (people(10) + people(10, 10, stage=2), True),
        (
            people(10) + people(9, 10, school=102, taught_school=102),
            False,
        ),  # the ten are known there: so are the nine
        (people(10) + people(10, 10, school=102, taught_school=102), True),
        (people(10) + people(9, 10, school=102), True),  # taught at the first school, which sees them all
        (people(10) + people(9, college=12), False),  # of the ten students, nine stand at another college too
    ],
)
def test_what_is_large_enough(rows: list[Counted], is_large_enough: bool) -> None:
    block = Block()
    for row in rows:
        block.add(row)
    assert block.is_large_enough is is_large_enough


def test_a_state_that_is_too_small_publishes_nothing() -> None:
    assert decide([]) is None
    assert decide(people(9)) is None
    assert decide(people(10)) is not None
    assert (
        decide(people(10) + people(9, 10, district=2, school=103, taught_district=2, taught_school=103))
        is None
    )


def test_a_stage_few_stand_at_does_not_keep_the_year_back() -> None:
    rows = people(40) + people(7, 100, stage=1) + people(30, 200, stage=2)
    decision, told = published(rows)
    assert decision is not None
    assert decision.left_out == {1}
    assert told[Key(Area.STATE, 0, By.WHOLE, "")] == dict(zip(STAGES, (70, 30, 30, 0), strict=True))


def test_figures_go_down_from_stage_to_stage() -> None:
    rows = people(10) + people(10, 10, stage=1) + people(10, 20, stage=2) + people(10, 30, stage=3)
    _, told = published(rows)
    assert told[Key(Area.STATE, 0, By.WHOLE, "")] == dict(zip(STAGES, (40, 30, 20, 10), strict=True))
