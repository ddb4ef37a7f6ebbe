"""Search Articulations by every filter in every order, beside the plain SQL of the same rows: bin/bench articulating.

The budget at the State's size, for the median of every filter in every order: 300 ms, and no more than ten times its plain
SQL, with fifty rows drawn. Alternatives in other consortia have half a second.
"""

import re
import statistics
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from articulations.models import ArticulationCourse
from sers.bench.measure import ask, get

#: Milliseconds within which the median of every combination stays.
BUDGET = 300
#: How many times its plain SQL a page may take, median by median.
MOST_TIMES = 10
#: Milliseconds for alternatives: thousands of classes are compared word by word.
BUDGET_ELSEWHERE = 500
#: Answers to each question, of the page and of its floor.
TIMES = 9
SORTS = ("class", "school", "college", "course", "credits")
#: The order of each sort in plain SQL; the first column turns round.
ORDERS = {
    "class": ("h.folded", "s.name"),
    "school": ("s.name", "h.folded"),
    "college": ("c.name", "k.code"),
    "course": ("k.code", "c.name"),
    "credits": ("l.credits", "h.folded"),
}
#: Competencies as a request lists them, with a CIP code: much to compare.
ELSEWHERE = urlencode({
    "words": "Accounting 52.0302 Record business transactions in a journal and ledger, prepare a balance sheet and an "
    "income statement, close accounts at the end of a period, use accounting software",
    "county": "Benton",
})  # fmt: skip
LINE = re.compile(r'id="line-(\d+)"')
CELL = re.compile(r"<tr><td>(\d+)</td>")


@dataclass(frozen=True, slots=True)
class Filtered:
    """One way to filter: what is typed into the page, by the names of its fields."""

    name: str
    typed: dict[str, str]


def filters() -> Iterator[Filtered]:
    """Each filter alone, and those people use together; of a line in the middle of the State's."""
    lines = ArticulationCourse.objects.filter(high_school_course__cluster__isnull=False).select_related(
        "articulation__college", "articulation__consortium", "high_school_course__school__district"
    )
    line = lines.order_by("-valid_until", "id").first()
    if line is None:
        raise SystemExit("The data holds no articulation to search for.")
    taught, agreement = line.high_school_course, line.articulation
    word, cip = taught.folded.split()[0], taught.cip
    school, college = str(taught.school.public_id), str(agreement.college.public_id)
    consortium, district = str(agreement.consortium.public_id), str(taught.school.district.public_id)
    cluster = str(taught.cluster_id)
    yield Filtered("nothing", {})
    yield Filtered("a word", {"words": word})
    yield Filtered("first letters", {"words": word[:2]})
    yield Filtered("words of class and college", {"words": f"{word} {agreement.college.name.split()[0]}"})
    yield Filtered("a CIP code", {"words": cip})
    yield Filtered("a high school", {"school": school})
    yield Filtered("a college", {"college": college})
    yield Filtered("a consortium", {"consortium": consortium})
    yield Filtered("a school district", {"district": district})
    yield Filtered("a career cluster", {"cluster": cluster})
    yield Filtered("a minimum grade", {"minimum": "85"})
    yield Filtered("a word, a college", {"words": word, "college": college})
    yield Filtered("a word, a consortium", {"words": word, "consortium": consortium})
    yield Filtered("a cluster, a consortium", {"cluster": cluster, "consortium": consortium})
    yield Filtered("a college, a minimum grade", {"college": college, "minimum": "85"})
    yield Filtered(
        "all of them",
        {
            "words": word, "school": school, "college": college, "consortium": consortium, "district": district,
            "cluster": cluster, "minimum": "100",
        },
    )  # fmt: skip


def measure(port: int, tell: Callable[[str], None], read: Callable[[int, str, str], str]) -> None:
    """A line a filter over all its orders, then the worst of all; the rows of page and floor are compared first."""
    search, floor = reverse("articulations:search"), "/floor/articulated/"
    tell(
        f"\n{'articulating':32}{'orders':>8}{'median ms':>11}{'worst ms':>10}{'floor ms':>10}{'ratio':>7}{'worst':>7}"
    )
    worst_ratio, worst = (0.0, ""), (0.0, "")
    for one in filters():
        medians, floors, ratios = [], [], []
        for sort in [turn + name for name in SORTS for turn in ("", "-")]:
            query = urlencode(one.typed | {"sort": sort})
            page, plain = f"{search}?{query}", f"{floor}?{query}"
            found, same = LINE.findall(read(port, page, "")), CELL.findall(read(port, plain, ""))
            if found != same:
                tell(f"  not the same rows: {page}: {len(found)} and {len(same)}")
            times = ask(port, [get(page)], clients=1, seconds=10, most=TIMES)
            base = ask(port, [get(plain)], clients=1, seconds=10, most=TIMES)
            for wrong in [*times.wrong[:1], *base.wrong[:1]]:
                tell(f"  not as expected: {wrong}")
            medians.append(times.median)
            floors.append(base.median)
            ratios.append(times.median / base.median)
            worst_ratio = max(worst_ratio, (ratios[-1], f"{one.name}, by {sort}"))
            worst = max(worst, (times.median, f"{one.name}, by {sort}"))
        tell(
            f"{one.name:32}{len(ratios):>8}{statistics.median(medians):>11.1f}{max(medians):>10.1f}"
            f"{statistics.median(floors):>10.1f}{statistics.median(ratios):>7.1f}{max(ratios):>7.1f}"
        )
    for (value, where), most, unit in ((worst, BUDGET, "ms"), (worst_ratio, MOST_TIMES, "times its SQL")):
        verdict = "within" if value <= most else "OVER"
        tell(f"  worst: {value:.1f} {unit} ({where}), {verdict} its budget of {most}")
    elsewhere = ask(
        port, [get(f"{reverse('articulations:alternatives')}?{ELSEWHERE}")], clients=1, seconds=20, most=TIMES
    )
    verdict = "within" if elsewhere.median <= BUDGET_ELSEWHERE else "OVER"
    tell(f"  articulated elsewhere: {elsewhere.median:.1f} ms, {verdict} its budget of {BUDGET_ELSEWHERE}")
