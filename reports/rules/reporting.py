"""A report: the figures of one place and year, what they say in a sentence, beside the year before, as bars and rows."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from reports.models import Figure, Figures
from reports.rules.figures import BREAKDOWNS, PUBLISHED
from reports.rules.reading import Place, public_keys
from sers.lib import moments
from sers.lib.tags import dollars

By = Figure.By
Kind = Figures.Kind

#: Bars in one picture; the table below holds every group.
MOST_BARS: Final = 12
#: How wide a picture is, in its own units.
WIDTH: Final = 1000
STAGE_WORDS: Final = {
    "registered": "Registered", "graded": "Graded", "completed": "Completed", "transcribed": "Transcribed",
}  # fmt: skip


def year_in_words(first_year: int) -> str:
    """`2025-26`."""
    return f"{first_year}-{(first_year + 1) % 100:02}"


def share(part: int, whole: int) -> str:
    """`67 %`, rounded to whole percents; nothing of nothing is not a share."""
    return f"{(200 * part + whole) // (2 * whole)} %" if whole else ""


def change(now: int, before: int | None) -> str:
    """`90 more`, `12 fewer`, `as many`; empty where the year before is not told."""
    if before is None:
        return ""
    if now == before:
        return "as many"
    return f"{abs(now - before):,} {'more' if now > before else 'fewer'}"


def tuition_in_words(figure: Figure) -> str:
    """`about $13,196`; never $0 for what is not known."""
    if not figure.credits:
        return "none yet"
    if figure.credits_unpriced == figure.credits:
        return "not known"
    known = f"about {dollars(figure.tuition.quantize(Decimal(1)))}"
    if not figure.credits_unpriced:
        return known
    return f"{known}, without {credits_in_figures(figure.credits_unpriced)} credits of unknown price"


def credits_in_figures(credits: Decimal) -> str:
    """`1,204.5`."""
    return f"{credits:,.1f}"


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a picture: its name, its numbers in words, how long it is and how far it is filled."""

    label: str
    words: str
    length: int
    filled: int


@dataclass(frozen=True, slots=True)
class Row:
    """One group as a line of the table."""

    figure: Figure
    label: str
    #: The address of the group's own figures; empty where it has none.
    key: str
    completed_share: str
    before: str
    credits: str
    tuition: str


@dataclass(frozen=True, slots=True)
class Report:
    """All a page or a sheet tells; read from prepared rows in two queries, three where groups are places."""

    place: Place
    kind: str
    by: str
    first_year: int
    whole: Figure | None
    before: Figure | None
    #: One line a school year, the latest first.
    years: Sequence[Row]
    rows: Sequence[Row]
    breakdowns: Sequence[tuple[str, str]]

    @property
    def year(self) -> str:
        return year_in_words(self.first_year)

    @property
    def as_of(self) -> str:
        """When these figures were counted; empty where there are none."""
        return moments.moment(self.whole.figures.counted_at) if self.whole else ""

    @property
    def by_words(self) -> str:
        return str(By(self.by).label).lower()

    @property
    def tells_in_class(self) -> bool:
        """Do rosters tell of some school year? Of groups they never do."""
        return any(row.figure.in_class is not None for row in self.years)

    @property
    def is_published(self) -> bool:
        return self.kind == Kind.PUBLISHED


def breakdowns_of(area: str, kind: str) -> list[tuple[str, str]]:
    """By what an area's figures of a kind are broken down, for a choice."""
    told = (PUBLISHED if kind == Kind.PUBLISHED else BREAKDOWNS)[area]
    return [(by.value, str(by.label)) for by in told]


def report_of(place: Place, kind: str, *, by: str = "", first_year: int | None = None) -> Report:
    """The report of a place; the latest school year and the first breakdown where none or another is asked for."""
    choices = breakdowns_of(place.area, kind)
    chosen = by if by in dict(choices) else next((value for value, _ in choices), "")
    wholes = list(Figure.objects.told(kind, place.area, place.pk, By.WHOLE))
    known = {figure.figures.year.first_year: figure for figure in wholes}
    year = first_year if first_year in known else max(known, default=first_year or 0)
    groups = (
        Figure.objects.told(kind, place.area, place.pk, chosen).of_years((year, year - 1)) if chosen else ()
    )
    return Report(
        place=place,
        kind=kind,
        by=chosen,
        first_year=year,
        whole=known.get(year),
        before=known.get(year - 1),
        years=[_year_row(figure, known) for figure in wholes],
        rows=list(_group_rows(groups, chosen, year, kind)),
        breakdowns=choices,
    )


def _year_row(figure: Figure, known: dict[int, Figure]) -> Row:
    first_year = figure.figures.year.first_year
    before = known.get(first_year - 1)
    return _row(
        figure,
        year_in_words(first_year),
        "",
        change(figure.registered, before.registered if before else None),
    )


def _row(figure: Figure, label: str, key: str, before: str) -> Row:
    return Row(
        figure=figure,
        label=label,
        key=key,
        completed_share=share(figure.completed, figure.registered),
        before=before,
        credits=credits_in_figures(figure.credits),
        tuition=tuition_in_words(figure),
    )


def _group_rows(groups: Iterable[Figure], by: str, year: int, kind: str) -> Iterator[Row]:
    now: list[Figure] = []
    earlier: dict[str, Figure] = {}
    has_earlier = False
    for figure in groups:
        if figure.figures.year.first_year == year:
            now.append(figure)
        else:
            has_earlier = True
            if not figure.together:
                earlier[figure.value] = figure
    keys = public_keys(by, [figure.value for figure in now])
    for figure in now:
        if figure.together:
            label = f"{figure.together} groups told together"
            yield _row(figure, label, "", "")
            continue
        was = earlier.get(figure.value)
        # In full a group that is not there is nobody; in published figures it may stand together with others.
        number = was.registered if was else 0 if has_earlier and kind == Kind.FULL else None
        yield _row(figure, figure.label, keys.get(figure.value, ""), change(figure.registered, number))


def funnel_finding(report: Report) -> str:
    """The sentence above the first picture."""
    whole = report.whole
    if whole is None:
        return ""
    if not whole.registered:
        return f"Nobody was registered in {report.year}."
    words = (
        f"{whole.completed:,} of {whole.registered:,} registrations of {report.year} are Completed "
        f"({share(whole.completed, whole.registered)})"
    )
    if report.before is None:
        return f"{words}."
    than = "as" if whole.registered == report.before.registered else "than"
    difference = change(whole.registered, report.before.registered)
    return f"{words}; {difference} registered {than} in {year_in_words(report.first_year - 1)}."


def breakdown_finding(report: Report) -> str:
    """The sentence above the second picture: which group is the largest."""
    apart = [row for row in report.rows if not row.figure.together]
    if not apart or report.whole is None:
        return f"No {report.by_words} is told apart: one by itself would give a small group away."
    first = apart[0]
    part = share(first.figure.registered, report.whole.registered)
    if len(apart) == 1:
        return f"{first.label}: {first.figure.registered:,} of {report.whole.registered:,} registrations ({part})."
    if len(apart) < len(report.rows):
        return f"Of the groups told apart, most registrations are of {first.label}: {first.figure.registered:,} of {report.whole.registered:,} ({part})."
    return f"Most registrations are of {first.label}: {first.figure.registered:,} of {report.whole.registered:,} ({part})."


def funnel_bars(whole: Figure) -> list[Bar]:
    """A bar for each stage, all of one length that is filled as far as registrations came; the first is all in class,
    where schools have sent rosters."""
    bars = []
    most = whole.registered
    if whole.in_class is not None:
        most = whole.in_class
        bars.append(Bar("In class", f"{most:,}", WIDTH, _length(most, most)))
    for name, word in STAGE_WORDS.items():
        number = getattr(whole, name)
        part = f" ({share(number, whole.registered)})" if name != "registered" and number else ""
        bars.append(Bar(word, f"{number:,}{part}", WIDTH, _length(number, most)))
    return bars


def in_class_finding(whole: Figure) -> str:
    """What rosters add to the picture, counted as registrations are: a student of two classes twice. Empty where no school
    has sent one."""
    if whole.in_class is None:
        return ""
    missing, there = whole.not_registered or 0, whole.in_class
    are = "place in a class is" if missing == 1 else "places in classes are"
    return f"By the rosters that schools have sent, {missing:,} {are} not registered: {there:,} in all."


def group_bars(rows: Sequence[Row]) -> list[Bar]:
    """A bar for each of the largest groups: as long as its registrations, filled as far as they are Completed."""
    apart = [row for row in rows if not row.figure.together][:MOST_BARS]
    most = max((row.figure.registered for row in apart), default=0)
    return [
        Bar(
            row.label,
            f"{row.figure.registered:,} registered, {row.figure.completed:,} Completed",
            _length(row.figure.registered, most),
            _length(row.figure.completed, most),
        )
        for row in apart
    ]


def _length(number: int, most: int) -> int:
    return WIDTH * number // most if most else 0


#: What leaves SERS says what it is (34 CFR 99.33, 99.35).
FULL_NOTICE: Final = (
    "Notice: These figures are in full and may tell of a few students. They come from education records (FERPA, "
    "34 CFR 99.33): keep them among those who may see each student, and do not publish them. To hand figures on, take "
    "the published ones."
)
PUBLISHED_NOTICE: Final = (
    "Notice: Published figures. Groups of fewer than ten students stand together with others, with large ones too where "
    "their number could be worked out; a stage fewer than ten students of the State stand at is left out. A number "
    "tells of registrations, not of students."
)


def sheet_of(report: Report) -> list[list[str]]:
    """The same figures as lines of a sheet: the whole, earlier years, then each group."""
    lines = [
        [
            "Of", "School year", "By", "Group", "In class", "Registered", "Graded", "Completed", "Transcribed", "Credits awarded",
            "Tuition saved", "Credits of unknown price", "Students", "As of",
        ]
    ]  # fmt: skip
    lines += [_line(report, row, row.label, "", "") for row in report.years]
    lines += [_line(report, row, report.year, report.by_words, row.label) for row in report.rows]
    return lines


def _line(report: Report, row: Row, year: str, by: str, group: str) -> list[str]:
    figure = row.figure
    unknown = figure.credits_unpriced == figure.credits and figure.credits
    return [
        report.place.name, year, by, group, "" if figure.in_class is None else str(figure.in_class), str(figure.registered), str(figure.graded), str(figure.completed),
        str(figure.transcribed), str(figure.credits), "" if unknown else str(figure.tuition),
        str(figure.credits_unpriced), "" if figure.students is None else str(figure.students),
        moments.moment(figure.figures.counted_at),
    ]  # fmt: skip


def notice_of(kind: str) -> str:
    """What is said with figures of a kind wherever they go."""
    return PUBLISHED_NOTICE if kind == Kind.PUBLISHED else FULL_NOTICE
