"""Small groups: what of a year's figures is published, so that no group of fewer than ten can be worked out.

*Blocks.* Nothing is left blank. A group that is too small stands together with the next smallest until the whole is
large enough, and each published number is a sum of whole blocks. A block is large enough when it is empty or holds
ten students or more, and still does after anybody who may see a part of it in full (a school, a district, a college,
a consortium) has taken that part away: their own figures and the published ones may be subtracted.

*Why no sum or difference of published numbers tells a small group.* Whoever knows every block knows everything
published. Of a group of one to nine students the others in its blocks are more than it, and no number tells who is
which: the group may be nobody, or ten and more.

*Why figures by college, by school and by student group tell no more together.* They share the stages alone, whose
totals each of them gives in full. Tables that agree in what they share can always be had at once, whatever each
holds inside its blocks (they are decomposable), so each says nothing about the inside of another. That is why student
groups are published for the State only: by school or college as well, they would share more than the stages.

docs/decisions/0033-small-groups.md tells what this costs and what we did not choose.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from reports.models import Figure
from reports.rules.figures import GROUPS, STAGES, VALUES, Counted, Group, Key, Sums

#: OSPI and the State's research centre tell no group of fewer than ten students apart.
SMALLEST: Final = 10

Area = Figure.Area
By = Figure.By


def insiders(row: Counted) -> frozenset[tuple[str, int]]:
    """The places whose people may see this registration, and so may take it away from what is published."""
    return frozenset(
        (
            ("consortium", row.consortium),
            ("college", row.college),
            ("district", row.district),
            ("district", row.taught_district),
            ("school", row.school),
            ("school", row.taught_school),
        )
    )


@dataclass(slots=True)
class Crowd:
    """The students of a block at one stage, each with the places that may see all their registrations in it."""

    seen_by: dict[int, frozenset[tuple[str, int]]] = field(default_factory=dict)

    def add(self, person: int, places: frozenset[tuple[str, int]]) -> None:
        known = self.seen_by.get(person)
        self.seen_by[person] = places if known is None else known & places

    @property
    def is_large_enough(self) -> bool:
        """Nobody, or ten and more; and as many, or nobody, beside those whom any one place may see."""
        number = len(self.seen_by)
        if number == 0:
            return True
        seen = Counter(place for places in self.seen_by.values() for place in places)
        return number >= SMALLEST and all(not 0 < number - part < SMALLEST for part in seen.values())


@dataclass(slots=True)
class Block:
    """Registrations that would be published as one: how many, and which students stand at each stage."""

    number: int = 0
    crowds: list[Crowd] = field(default_factory=lambda: [Crowd() for _ in STAGES])

    def add(self, row: Counted) -> None:
        self.number += 1
        self.crowds[row.stage].add(row.person, insiders(row))

    def take_in(self, other: "Block") -> None:
        self.number += other.number
        for mine, theirs in zip(self.crowds, other.crowds, strict=True):
            for person, places in theirs.seen_by.items():
                mine.add(person, places)

    @property
    def is_large_enough(self) -> bool:
        """At each stage, because the difference of two stages is a group as well."""
        return all(crowd.is_large_enough for crowd in self.crowds)


@dataclass(frozen=True, slots=True)
class Told:
    """Which groups of a block stand alone, and which together; none or at least two."""

    apart: frozenset[str]
    together: frozenset[str] = frozenset()

    def value_of(self, value: str) -> str:
        """The group's own value where it stands alone, nothing where it stands with others."""
        return value if value in self.apart else ""


def told_apart(rows: Iterable[Counted], by: str) -> Told:
    """The groups that are large enough stand alone; the others together, with the next smallest until they are too.

    The rows are a block that is large enough, so at the worst all its groups stand together.
    """
    groups: dict[str, Block] = {}
    value_of = VALUES[by]
    for row in rows:
        groups.setdefault(str(value_of(row)), Block()).add(row)
    order = sorted(groups, key=lambda value: (groups[value].number, value))
    inside = [value for value in order if not groups[value].is_large_enough]
    if not inside:
        return Told(frozenset(groups))
    together = Block()
    for value in inside:
        together.take_in(groups[value])
    for value in order:
        # Two at least: one group that stands "together" by itself is told by its own name.
        if together.is_large_enough and len(inside) > 1:
            break
        if value not in inside:
            together.take_in(groups[value])
            inside.append(value)
    return Told(frozenset(groups) - frozenset(inside), frozenset(inside))


@dataclass(frozen=True, slots=True)
class Leaf:
    """A college in a consortium; several together where one is too small (college ""), several consortia (both "")."""

    consortium: str
    college: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What is told apart in a year: decided once, from all its registrations, before anything is counted."""

    consortia: Told
    colleges: Mapping[str, Told]
    clusters: Mapping[Leaf, Told]
    #: Colleges of which some registrations stand together with another college's.
    partly: frozenset[str]
    districts: Told
    schools: Mapping[str, Told]
    groups: Mapping[str, Told]
    #: Stages too few students of the whole State stand at: their registrations are in no published figure.
    left_out: frozenset[int] = frozenset()

    def counted(self, rows: Iterable[Counted]) -> list[Counted]:
        """The registrations that published figures count."""
        return [row for row in rows if row.stage not in self.left_out]

    def leaf_of(self, row: Counted) -> Leaf:
        consortium = self.consortia.value_of(str(row.consortium))
        college = self.colleges[consortium].value_of(str(row.college)) if consortium else ""
        return Leaf(consortium, college)

    def keys_of(self, row: Counted) -> Iterator[Key]:
        """Every published figure a registration is counted in."""
        yield Key(Area.STATE, 0, By.WHOLE, "")
        for by, told in self.groups.items():
            yield Key(Area.STATE, 0, by, told.value_of(str(VALUES[by](row))))
        yield from self._keys_by_college(row)
        district = self.districts.value_of(str(row.district))
        yield Key(Area.STATE, 0, By.DISTRICT, district)
        if district:
            yield Key(Area.DISTRICT, row.district, By.WHOLE, "")
            school = self.schools[district].value_of(str(row.school))
            yield Key(Area.DISTRICT, row.district, By.SCHOOL, school)
            if school:
                yield Key(Area.SCHOOL, row.school, By.WHOLE, "")

    def _keys_by_college(self, row: Counted) -> Iterator[Key]:
        leaf = self.leaf_of(row)
        cluster = self.clusters[leaf].value_of(str(VALUES[By.CLUSTER](row)))
        yield Key(Area.STATE, 0, By.CLUSTER, cluster)
        yield Key(Area.STATE, 0, By.CONSORTIUM, leaf.consortium)
        if leaf.consortium:
            yield Key(Area.CONSORTIUM, row.consortium, By.WHOLE, "")
            yield Key(Area.CONSORTIUM, row.consortium, By.COLLEGE, leaf.college)
            yield Key(Area.CONSORTIUM, row.consortium, By.CLUSTER, cluster)
        if str(row.college) in self.partly:
            yield Key(Area.STATE, 0, By.COLLEGE, "")
        else:
            yield Key(Area.STATE, 0, By.COLLEGE, str(row.college))
            yield Key(Area.COLLEGE, row.college, By.WHOLE, "")
            yield Key(Area.COLLEGE, row.college, By.CLUSTER, cluster)

    def blocks_of(self, row: Counted) -> Iterator[tuple[Hashable, ...]]:
        """The block of each family of figures a registration stands in; every published figure is a sum of them."""
        leaf = self.leaf_of(row)
        yield ("cluster", leaf, self.clusters[leaf].value_of(str(VALUES[By.CLUSTER](row))))
        district = self.districts.value_of(str(row.district))
        yield ("school", district, self.schools[district].value_of(str(row.school)) if district else "")
        for by, told in self.groups.items():
            yield (by, told.value_of(str(VALUES[by](row))))


def decide(rows: Sequence[Counted]) -> Decision | None:
    """What is told apart of a year's registrations; None where the State as a whole is too small to tell anything.

    A few that were never graded, years after, are left out rather than keep the whole year back.
    """
    whole = Block()
    for row in rows:
        whole.add(row)
    left_out = frozenset(at for at, crowd in enumerate(whole.crowds) if not crowd.is_large_enough)
    rows = [row for row in rows if row.stage not in left_out]
    if not rows:
        return None
    consortia, districts = told_apart(rows, By.CONSORTIUM), told_apart(rows, By.DISTRICT)
    colleges, schools = {}, {}
    for consortium, of_it in _each(rows, By.CONSORTIUM, consortia):
        colleges[consortium] = told_apart(of_it, By.COLLEGE)
    for district, of_it in _each(rows, By.DISTRICT, districts):
        schools[district] = told_apart(of_it, By.SCHOOL)
    groups: dict[str, Told] = {by: told_apart(rows, by) for by in GROUPS}
    of_leaves: dict[Leaf, list[Counted]] = {}
    told = Decision(consortia, colleges, {}, frozenset(), districts, schools, groups)
    for row in rows:
        of_leaves.setdefault(told.leaf_of(row), []).append(row)
    clusters = {leaf: told_apart(of_it, By.CLUSTER) for leaf, of_it in of_leaves.items()}
    partly = {str(row.college) for leaf, of_it in of_leaves.items() if not leaf.college for row in of_it}
    return replace(told, clusters=clusters, partly=frozenset(partly), left_out=left_out)


def _each(rows: Iterable[Counted], by: str, told: Told) -> Iterator[tuple[str, list[Counted]]]:
    """The registrations of each group that stands alone."""
    found: dict[str, list[Counted]] = {value: [] for value in told.apart}
    value_of = VALUES[by]
    for row in rows:
        value = str(value_of(row))
        if value in found:
            found[value].append(row)
    yield from found.items()


def count_published(decision: Decision, rows: Iterable[Counted]) -> Iterator[tuple[Key, Group]]:
    """The published figures: each registration added to those the decision counts it in. No different students: the
    numbers of two groups would tell how many are in both."""
    found: dict[Key, Group] = {}
    inside: dict[Key, set[str]] = {}
    for row in decision.counted(rows):
        for key in decision.keys_of(row):
            found.setdefault(key, Group(Sums())).sums.add(row)
            if key.by != By.WHOLE and not key.value:
                inside.setdefault(key, set()).add(str(VALUES[key.by](row)))
    for key, values in inside.items():
        found[key].together = len(values)
    yield from found.items()
