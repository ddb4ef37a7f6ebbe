"""Colleges, consortia, districts, schools, clusters and grade scales, from the facts."""

from dataclasses import dataclass, field
from decimal import Decimal

from articulations.models import CareerCluster
from organizations.models import (
    College,
    Consortium,
    GradeScale,
    GradeScaleRow,
    HighSchool,
    SchoolDistrict,
    SignerTitle,
)
from sers.seed import facts, names
from sers.seed.rows import Book

CBC = "Columbia Basin College"
WALLA_WALLA = "Walla Walla Community College"
SPOKANE = "Spokane Community College"
SPOKANE_FALLS = "Spokane Falls Community College"
#: Pages on CTE Dual Credit that colleges publish.
PROGRAMME_PAGES = {
    CBC: "https://www.columbiabasin.edu/learn/enhance-your-high-school/cte-dual-credit.html",
    "Clark College": "https://www.clark.edu/academics/hs-dual-credit/cte",
    "Lower Columbia College": "https://lowercolumbia.edu/cte",
    "North Seattle College": "https://seattlecolleges.edu/cte-dual-credit",
    "Seattle Central College": "https://seattlecolleges.edu/cte-dual-credit",
    "South Seattle College": "https://seattlecolleges.edu/cte-dual-credit",
}
#: The consortia whose schools are peopled; Spokane's college articulates at Walla Walla High School too.
IN_DEPTH = ("Columbia Basin CTE Dual Credit", "Walla Walla CTE Dual Credit")
#: Consortia that must be usable on the reference day, whatever day that is.
OPEN_TODAY = (*IN_DEPTH, "Spokane CTE Dual Credit")


@dataclass(slots=True)
class Places:
    """Every institution by its name; schools by name and district, because two districts may share a name."""

    colleges: dict[str, College] = field(default_factory=dict)
    consortia: dict[str, Consortium] = field(default_factory=dict)
    districts: dict[str, SchoolDistrict] = field(default_factory=dict)
    schools: dict[tuple[str, str], HighSchool] = field(default_factory=dict)
    clusters: dict[int, CareerCluster] = field(default_factory=dict)
    titles: dict[str, SignerTitle] = field(default_factory=dict)
    #: Consortium name to the names of its colleges and districts, in the order of the facts.
    colleges_of: dict[str, list[str]] = field(default_factory=dict)
    districts_of: dict[str, list[str]] = field(default_factory=dict)
    scales: dict[str, GradeScale] = field(default_factory=dict)
    scale_rows: dict[str, list[GradeScaleRow]] = field(default_factory=dict)

    def schools_of(self, consortium: str) -> list[HighSchool]:
        """The schools of a consortium's districts."""
        return [
            school
            for (_, district), school in self.schools.items()
            if district in self.districts_of.get(consortium, ())
        ]

    def school(self, name: str) -> HighSchool:
        """A school by its name alone; only for names that one district has."""
        (found,) = (school for (school_name, _), school in self.schools.items() if school_name == name)
        return found

    def scale_of(self, college: College) -> GradeScale:
        """Columbia Basin has a scale of its own; the others read the letter scale."""
        return self.scales["CBC" if college.name == CBC else "Letter 4.0"]


def build_places(book: Book) -> Places:
    """Everything of the facts that has a name."""
    places = Places()
    for row in facts.rows("colleges"):
        places.colleges[row["name"]] = book.add(
            College,
            code=row["code"],
            name=row["name"],
            city=row["city"],
            ctclink_institution=row["ctclink_institution"],
            programme_url=PROGRAMME_PAGES.get(row["name"], ""),
        )
    for number, row in enumerate(facts.rows("school_districts"), 1):
        is_private = row["kind"] == "private"
        places.districts[row["name"]] = book.add(
            SchoolDistrict,
            name=row["name"],
            county=row["county"],
            is_private=is_private,
            ospi_code="" if is_private else f"99{number:03}",  # no county has the number 99
        )
    for row in facts.rows("consortia"):
        director = names.invent(book.random)
        places.consortia[row["name"]] = book.add(
            Consortium,
            name=row["name"],
            short_name=row["short_name"],
            contact_name=f"{director.first} {director.last}".strip(),
            contact_phone=f"509-555-{100 + len(places.consortia):04}",  # 555-01xx is nobody's
            contact_email=f"{row['short_name'].lower().replace(' ', '.')}@example.org",
        )
    for row in facts.rows("consortium_colleges"):
        places.colleges_of.setdefault(row["consortium"], []).append(row["college"])
        book.add(
            Consortium.colleges.through,
            consortium=places.consortia[row["consortium"]],
            college=places.colleges[row["college"]],
        )
    for row in facts.rows("consortium_districts"):
        places.districts_of.setdefault(row["consortium"], []).append(row["district"])
        book.add(
            Consortium.districts.through,
            consortium=places.consortia[row["consortium"]],
            schooldistrict=places.districts[row["district"]],
        )
    # Branches come after the school they belong to.
    for row in sorted(facts.rows("high_schools"), key=lambda row: bool(row["branch_of"])):
        places.schools[row["name"], row["district"]] = book.add(
            HighSchool,
            district=places.districts[row["district"]],
            name=row["name"],
            kind=row["kind"],
            city=row["city"],
            branch_of=places.school(row["branch_of"]) if row["branch_of"] else None,
            ospi_code="" if row["branch_of"] else f"{1000 + len(places.schools):04}",
        )
    for row in facts.rows("signer_titles"):
        places.titles[row["title"]] = book.add(
            SignerTitle, name=row["title"], role=row["role"], school_kind=row["school_kind"]
        )
    for row in facts.rows("career_clusters"):
        cluster = book.add(
            CareerCluster, framework=row["framework"], number=int(row["number"]), name=row["name"]
        )
        if row["framework"] == CareerCluster.Framework.LEGACY:
            places.clusters[cluster.number] = cluster
    _build_scales(book, places)
    return places


def _build_scales(book: Book, places: Places) -> None:
    for row in facts.rows("grade_scales"):
        name = row["scale"]
        if name not in places.scales:
            places.scales[name] = book.add(
                GradeScale,
                name=name,
                college=places.colleges[CBC] if name == "CBC" else None,
                rounding=GradeScale.Rounding.DOWN,
            )
            places.scale_rows[name] = []
        if not row["points"]:
            continue  # a band that earns nothing is no row: a percent below all rows is Not Attained
        places.scale_rows[name].append(
            book.add(
                GradeScaleRow,
                scale=places.scales[name],
                percent_from=Decimal(row["percent_min"]),
                points=Decimal(row["points"]),
                letter=row["letter"],
            )
        )
