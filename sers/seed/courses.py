"""College courses, classes of the high schools and the agreements between them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

from django.utils.text import slugify

from accounts.models import Event, User
from articulations.actions import search_words
from articulations.models import Articulation, ArticulationCourse, CollegeCourse, HighSchoolCourse
from organizations.models import College, Consortium, HighSchool
from sers.lib.folding import fold_parts
from sers.seed import facts
from sers.seed.places import CBC, SPOKANE, SPOKANE_FALLS, WALLA_WALLA, Places
from sers.seed.rows import Book
from sers.seed.years import Clock

#: What a skills center teaches; ordinary high schools have few of these.
TRADES = frozenset({
    "Nursing Assistant", "Medical Assisting", "Dental Assisting", "Automotive Technology", "Diesel Technology",
    "Construction Trades", "Advanced Welding", "Culinary Arts", "Early Childhood Education", "Criminal Justice",
    "Fire Science", "Video Production", "Home Care Aide", "Machine Tool", "Core Plus Aerospace",
})  # fmt: skip
#: Schools whose classes are told one by one; the others draw theirs.
CLASSES = {
    "Kamiakin High School": (
        "Computer Applications", "Web Design", "Networking", "Cybersecurity", "Marketing 1+2", "Accounting 1-2",
        "Digital Design", "Welding 1-2", "Sports Medicine", "Careers in Education",
    ),
    "Tri-Tech Skills Center": (
        "Nursing Assistant", "Dental Assisting", "Automotive Technology", "Diesel Technology", "Construction Trades",
        "Advanced Welding", "Culinary Arts", "Early Childhood Education", "Criminal Justice", "Fire Science",
        "Video Production", "Core Plus Aerospace",
    ),
    "Walla Walla High School": (
        "Accounting 1-2", "Intro to Business", "Marketing 1+2", "Computer Applications", "Web Design",
        "Welding 1-2", "Horticulture", "Animal Science", "Careers in Education", "Architectural CAD",
    ),
    "SEA-Tech Skills Center": (
        "Nursing Assistant", "Construction Trades", "Culinary Arts", "Criminal Justice", "Automotive Technology",
    ),
}  # fmt: skip
#: Further colleges that articulate a class, by school: one class, several colleges, different minimums.
ALSO_WITH: dict[str, dict[str, tuple[str, ...]]] = {
    "Walla Walla High School": {
        "Accounting 1-2": (CBC, SPOKANE),
        "Computer Applications": (CBC, SPOKANE),
        "Web Design": (CBC,),
        "Welding 1-2": (CBC, SPOKANE),
        "Architectural CAD": (SPOKANE,),
    },
    "Connell High School": {"Animal Science": (WALLA_WALLA,), "Welding 1-2": (WALLA_WALLA,)},
}
#: One class that earns two college courses.
ALSO_EARNS = {"Core Plus Aerospace": ("MACH 101",), "Early Childhood Education": ("EDUC& 115",)}
#: Two classes that only together earn the course.
TOGETHER = {"Marketing 1+2": ("Marketing 1", "Marketing 2")}
#: Agreements that ask more than their college does.
OWN_MINIMUM = {"Nursing Assistant": Decimal(90)}


@dataclass(slots=True)
class Deal:
    """One agreement, as a student meets it: with which college, in which school years."""

    articulation: Articulation
    lines: list[ArticulationCourse]
    years: range


@dataclass(slots=True)
class Offering:
    """What a school teaches for college credit: one class, or two that only together earn the course."""

    school: HighSchool
    title: str
    classes: list[HighSchoolCourse]
    deals: list[Deal] = field(default_factory=list)

    def deals_in(self, first_year: int) -> list[Deal]:
        """The agreements in force in a school year: one of each college."""
        return [deal for deal in self.deals if first_year in deal.years]


@dataclass(slots=True)
class Catalog:
    """Everything that is articulated, and a memory of the running numbers of agreements."""

    book: Book
    places: Places
    clock: Clock
    courses: dict[tuple[str, str], CollegeCourse] = field(default_factory=dict)
    offerings: list[Offering] = field(default_factory=list)
    _numbers: dict[str, int] = field(default_factory=dict)
    _coded: int = 0
    _words: dict[tuple[int, int], str] = field(default_factory=dict)

    def college_course(self, college: College, code: str) -> CollegeCourse:
        """A course of a college's catalog, entered when it is first needed."""
        course = self.courses.get((college.name, code))
        if course is None:
            row = next(row for row in facts.rows("sample_articulations") if row["college_course"] == code)
            contents = facts.contents(code)
            outcomes = contents["outcomes"].split("|")
            if college.pk % 3 == 0 and len(outcomes) > 2:  # colleges differ a little
                outcomes.pop()
            course = self.book.add(
                CollegeCourse,
                college=college,
                code=code,
                title=row["title"],
                cip=row["cip"],
                description=contents["description"] + ".",
                outcomes="\n".join(outcomes),
                description_url=f"https://catalog.example.org/{slugify(college.name)}/{slugify(code)}",
                folded=fold_parts(code, row["title"], row["cip"]),
                # With its decimal place, as the database gives it back: a fingerprint covers the written form.
                credits=Decimal(row["credits"]).quantize(Decimal("0.1")),
            )
            self.courses[college.name, code] = course
        return course

    def next_number(self, stem: str) -> int:
        """The next running number of agreements of a college and year."""
        self._numbers[stem] = self._numbers.get(stem, 0) + 1
        return self._numbers[stem]

    def codes(self, school: HighSchool, title: str, row: facts.Row) -> dict[str, Any]:
        """Invented codes of the shape that CEDARS has; of every fourth class none is known yet. A skills center teaches
        half days: three high-school credits a year."""
        self._coded += 1
        if self._coded % 4 == 0:
            return {}
        number = self._coded % 90 + 10
        return {
            "local_code": f"{title[:3].upper().strip()}{number}",
            "state_code": f"{int(row['cluster_no']) + 30}{number}0",
            "high_school_credits": self._high_school_credits(school),
        }

    def _high_school_credits(self, school: HighSchool) -> Decimal:
        if school.kind == HighSchool.Kind.SKILLS_CENTER:
            return Decimal("3.00")
        return Decimal("0.50") if self._coded % 3 == 0 else Decimal("1.00")

    def offering(self, school: HighSchool, row: facts.Row) -> Offering:
        """The class (or two) of a school that a row of the facts names."""
        title = row["hs_course"]
        offering = Offering(school, title, [])
        for class_title in TOGETHER.get(title, (title,)):
            offering.classes.append(
                self.book.add(
                    HighSchoolCourse,
                    school=school,
                    title=class_title,
                    cip=row["cip"],
                    cluster=self.places.clusters[int(row["cluster_no"])],
                    folded=fold_parts(class_title),
                    **self.codes(school, class_title, row),
                    competencies=facts.contents(row["college_course"])["competencies"].replace("|", "\n"),
                )
            )
        self.offerings.append(offering)
        return offering

    def agree(
        self,
        offering: Offering,
        college: College,
        consortium: Consortium,
        codes: Sequence[str],
        years: range,
        *,
        by: User | None,
    ) -> Deal:
        """One agreement for these school years, July 1 to June 30."""
        valid_from, valid_until = date(years.start, 7, 1), date(years.stop, 6, 30)
        stem = f"{college.code}-{years.start % 100:02}-"
        number = self.next_number(stem)
        entered_at = self.clock.moment(self.book.random, date(years.start, 3, 1), date(years.start, 5, 31))
        before = next(
            (
                deal.articulation
                for deal in offering.deals
                if deal.articulation.college == college and deal.years.stop == years.start
            ),
            None,
        )
        articulation = self.book.add(
            Articulation,
            replaces=before,
            number=f"{stem}{number:04}",
            consortium=consortium,
            college=college,
            valid_from=valid_from,
            valid_until=valid_until,
            minimum_percent=OWN_MINIMUM.get(offering.title),
            entered_by=by,
            entered_at=entered_at,
        )
        if by is not None:
            self.book.add(
                Event,
                at=entered_at,
                actor=by,
                kind="articulations.entered",
                subject_type="articulations.articulation",
                subject_id=articulation.pk,
                data={},
            )
        lines = []
        for code in codes:
            course = self.college_course(college, code)
            for taught in offering.classes:
                lines.append(
                    self.book.add(
                        ArticulationCourse,
                        articulation=articulation,
                        high_school_course=taught,
                        college_course=course,
                        credits=course.credits,
                        valid_from=valid_from,
                        valid_until=valid_until,
                        folded=self._search_words(taught, course),
                    )
                )
        deal = Deal(articulation, lines, years)
        offering.deals.append(deal)
        return deal

    def _search_words(self, taught: HighSchoolCourse, course: CollegeCourse) -> str:
        key = (taught.pk, course.pk)
        if key not in self._words:
            self._words[key] = search_words(taught, course)
        return self._words[key]


def periods(random: Random, current: int) -> list[range]:
    """The agreements one class has had with a college: of three years each, renewed in time, most of them.

    Some end with the current school year, some were made for one year at a time, a few expired last year.
    """
    drawn = random.randrange(100)
    if drawn < 8:
        return [range(current - 3, current)]  # expired: no registrations this year
    if drawn < 18:
        return [range(year, year + 1) for year in range(current - 2, current + 1)]
    if drawn < 48:
        return [range(current - 2, current + 1)]  # ends this year
    if drawn < 75:
        return [range(current - 3, current), range(current, current + 3)]
    return [range(current - 4, current - 1), range(current - 1, current + 2)]


def build_catalog(book: Book, places: Places, clock: Clock, *, by: dict[str, User]) -> Catalog:
    """What every school of the State offers: told or drawn in the peopled consortia, a few classes elsewhere.

    `by` names the staff of a consortium who entered its agreements.
    """
    catalog = Catalog(book, places, clock)
    samples = {row["hs_course"]: row for row in facts.rows("sample_articulations")}
    for name in (CBC, WALLA_WALLA, SPOKANE, SPOKANE_FALLS):
        for row in samples.values():
            catalog.college_course(places.colleges[name], row["college_course"])
    seen: set[int] = set()
    for consortium in places.consortia.values():
        colleges = [places.colleges[name] for name in places.colleges_of.get(consortium.name, ())]
        for school in places.schools_of(consortium.name):
            if school.pk in seen or not colleges:
                continue  # a district of two consortia articulates with the first here
            seen.add(school.pk)
            for title in _titles(book.random, school, list(samples), in_depth=consortium.name in by):
                offering = catalog.offering(school, samples[title])
                codes = (samples[title]["college_course"], *ALSO_EARNS.get(title, ()))
                partners = [
                    (book.random.choice(colleges), consortium),
                    *_others(places, school.name, title),
                ]
                for college, its_consortium in partners:
                    spans = periods(book.random, clock.year)
                    if school.name in CLASSES and spans[-1].stop <= clock.year:
                        spans = [range(clock.year - 2, clock.year + 1)]  # told classes are alive
                    for years in spans:
                        catalog.agree(
                            offering, college, its_consortium, codes, years, by=by.get(its_consortium.name)
                        )
    return catalog


def _others(places: Places, school: str, title: str) -> list[tuple[College, Consortium]]:
    """The further colleges of a class, each under its own consortium."""
    return [
        (
            places.colleges[name],
            next(places.consortia[one] for one, members in places.colleges_of.items() if name in members),
        )
        for name in ALSO_WITH.get(school, {}).get(title, ())
    ]


def _titles(random: Random, school: HighSchool, titles: list[str], *, in_depth: bool) -> list[str]:
    if school.name in CLASSES:
        return list(CLASSES[school.name])
    center = school.kind == HighSchool.Kind.SKILLS_CENTER
    fitting = [title for title in titles if (title in TRADES) == center]
    told = list(ALSO_WITH.get(school.name, {}))
    count = random.randint(5, 7) if in_depth else random.randint(2, 5)
    drawn = random.sample([title for title in fitting if title not in told], count - len(told))
    return sorted((*told, *drawn))
