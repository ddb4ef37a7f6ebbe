"""Search for Students by every kind of term, beside the plain SQL of the same rows: bin/bench search.

The budget is 400 ms for nineteen answers of twenty, at the State's size.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from students.models import Student

#: Milliseconds within which p95 of every kind of term stays.
BUDGET = 400


@dataclass(frozen=True, slots=True)
class Search:
    """One kind of term: what is typed into the page, and what the floor is asked."""

    name: str
    typed: dict[str, str]
    asked: dict[str, str]

    def floor(self, consortium: int) -> str:
        """The address of the same rows by plain SQL."""
        return f"/floor/searched/?{urlencode(self.asked | {'consortium': str(consortium)})}"


def searches(consortium: int) -> Iterator[Search]:
    """Every kind of term, about students of this consortium."""
    within = Student.objects.living().filter(school__district__consortia=consortium)
    one = within.filter(folded__regex=r"^ \w+ \w+ \w+").select_related("school").order_by("id").first()
    surnames = within.filter(last_name__contains=" ").order_by("id").first() or one
    accented = within.filter(last_name__regex="[áéíóúñ]").order_by("id").first() or one
    hyphened = within.filter(last_name__contains="-").order_by("id").first() or one
    if one is None or surnames is None or accented is None or hyphened is None:
        raise SystemExit("The data holds no student to search for.")
    first, last = one.first_name, one.last_name
    born = one.birth_date
    day = {
        "birth_date_month": str(born.month),
        "birth_date_day": str(born.day),
        "birth_date_year": str(born.year),
    }
    school = {"school": str(one.school.public_id)}
    by_name = {
        "first letters of a first name": first[:3],
        "first letters of a last name": last[:3],
        "a last name": last,
        "two surnames": surnames.last_name,
        "first and last name": f"{first} {last}",
        "an accent": accented.last_name,
        "a hyphen": hyphened.last_name,
        "a name nobody has": "zzyzx",
    }
    for name, words in by_name.items():
        yield Search(f"search, {name}", {"name": words}, {"words": words})
    yield Search("search, an ID", {"sers_id": one.sers_id}, {"sers_id": one.sers_id})
    yield Search("search, the beginning of an ID", {"sers_id": one.sers_id[:6]}, {"begins": one.sers_id[:6]})
    yield Search("search, a birth date", day, {"born": born.isoformat()})
    yield Search("search, a school", school, {"school": str(one.school_id)})
    yield Search(
        "search, a school and a grade level",
        school | {"grade_level": "11"},
        {"school": str(one.school_id), "grade": "11"},
    )
    yield Search(
        "search, a name and a birth date",
        {"name": last[:2]} | day,
        {"words": last[:2], "born": born.isoformat()},
    )


def statewide(consortium: int) -> Search | None:
    """First and last name of somebody beyond this consortium's reach."""
    beyond = Student.objects.living().exclude(school__district__consortia=consortium)
    one = beyond.exclude(registrations__articulation__consortium=consortium).order_by("id").first()
    if one is None:
        return None
    words = f"{one.first_name} {one.last_name}"
    typed = {"statewide": "on", "ground": "99.31(a)(2)", "reason": "Wants a class at our college"}
    return Search("search, Search Statewide", {"name": words} | typed, {"words": words})
