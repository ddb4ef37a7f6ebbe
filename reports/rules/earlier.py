"""A report of the work beside the same report of earlier school years: in a sentence, a picture and a table.

Every year is told as it stood on the same day, so that a year that is under way is not held against a whole one: on
November 26 the assurances of this year stand beside those that were signed by November 26 of the year before.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from django.db.models import Count, F, Q, Sum
from django.utils import timezone

from accounts.access import Role, has_role, school_year_of
from accounts.models import User
from articulations.models import Articulation, TeacherAssurance
from articulations.rules import FOLLOWS, reviews_for, year_in_words
from organizations.models import AcademicYear
from reports.models import StateYear
from reports.rules.credentials import credential_total
from reports.rules.finishing import classes_graded, in_and_late, posting_total
from reports.rules.pathways import pathway_total
from reports.rules.reporting import WIDTH, Bar, share
from reports.rules.standing import Column, Standing, days, in_class, money
from sers.lib.moments import moment, short_day
from students.models import Registration, Requirement

#: So many years stand beside each other: the one that was asked for and three before it.
YEARS: Final = 4
State = Requirement.State
#: One number of a year that is compared: its name, how large it is, and how it is said.
Measure = tuple[float, str]


@dataclass(frozen=True, slots=True)
class Beside:
    """How a report is set beside earlier years.

    `counted` gives the numbers of one year as it stood on a day, the first of them nothing where nothing is known of
    it. `measured` makes of them the one number that the sentence compares.
    """

    measure: str
    columns: tuple[Column, ...]
    counted: Callable[[User, AcademicYear, date], Sequence[Any]]
    measured: Callable[[Sequence[Any]], Measure | None]
    #: Which column is the length of a bar, and which its filled part.
    bar: tuple[int, int]
    how: str = ""
    #: What of the whole State takes too long to wait for: counted at night, for nobody in particular.
    counted_at_night: Callable[[None, AcademicYear, date], Sequence[Any]] | None = None
    #: Which numbers of the report's own total these are, where it counts the same: they are not counted once more.
    of_report: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class YearLine:
    """One school year: its numbers in words; none where nothing is known of it."""

    year: str
    named: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Comparison:
    """A report beside earlier years, the latest first."""

    finding: str
    heads: Sequence[str]
    lines: Sequence[YearLine]
    bars: Sequence[Bar]
    outer: str
    inner: str
    how: str
    #: The day all years are told of.
    on: date


def on_the_same_day(day: date, back: int) -> date:
    """That day so many years before; of February 29 the last of February."""
    try:
        return day.replace(year=day.year - back)
    except ValueError:
        return day.replace(year=day.year - back, day=28)


# --- What is counted of a year ----------------------------------------------------------------------------


def _agreements(user: User, year: AcademicYear, until: date) -> Sequence[int]:
    """In force on that day; begun and ended since the school year began. One query."""
    since = year.starts_on
    found = reviews_for(user, Articulation.objects.all()).aggregate(
        in_force=Count("pk", filter=Q(valid_from__lte=until, valid_until__gte=until), distinct=True),
        begun=Count("pk", filter=Q(valid_from__gte=since, valid_from__lte=until), distinct=True),
        ended=Count("pk", filter=Q(valid_until__gte=since - timedelta(days=1), valid_until__lt=until), distinct=True),
    )  # fmt: skip
    return [found["in_force"], found["begun"], found["ended"]]


def _assurances(user: User, year: AcademicYear, until: date) -> Sequence[int]:
    """Signed by that day, in time and late. Whoever owed one and never signed is not among those of earlier years: who
    has left since owes nothing. One query."""
    in_time = Q(text__due_on__isnull=True) | Q(signed_at__date__lte=F("text__due_on"))
    found = (
        TeacherAssurance.objects.within_reach(user, *FOLLOWS)
        .holding()
        .filter(year__first_year=year.first_year, signed_at__date__lte=until)
        .order_by()
        .aggregate(signed=Count("pk"), in_time=Count("pk", filter=in_time))
    )
    return [found["signed"], found["in_time"], found["signed"] - found["in_time"]]


def _fees(user: User, year: AcademicYear, until: date) -> Sequence[Any]:
    """Forms and fees of registrations made by that day, processed and waived by then, and the money of it. One query."""
    decided = Q(decided_at__date__lte=until)
    processed = Q(state=State.PROCESSED) & decided
    found = (
        Requirement.objects.visible_to(user)
        .standing()
        .filter(registration__year=year.pk, registration__registered_at__date__lte=until)
        .exclude(registration__status__in=Registration.ENDED)
        .order_by()
        .aggregate(
            asked=Count("pk"),
            processed=Count("pk", filter=processed),
            waived=Count("pk", filter=Q(state=State.WAIVED) & decided),
            paid=Sum("amount", filter=processed & Q(kind=Requirement.Kind.FEE), default=Decimal(0)),
        )
    )
    return [found["asked"], found["processed"], found["waived"], found["paid"]]


def _rosters(user: User, year: AcademicYear, until: date) -> Sequence[int]:
    """Students on the rosters of schools, and those of them who are registered. Rosters are forgotten after their year."""
    counted = in_class(user, year).values()
    return [sum(numbers[place] for numbers in counted) for place in range(2)]


def _graded(user: User | None, year: AcademicYear, until: date) -> Sequence[int]:
    """Classes with registrations, declared complete by that day, and in time; each once."""
    classes: dict[int, tuple[bool, bool]] = {}
    for row, declared, in_time in classes_graded(user, year, until):
        _, was_in_time = classes.get(row["section"], (False, False))
        classes[row["section"]] = declared, in_time or was_in_time
    return in_and_late(classes.values())[:3]


# --- What of it is compared -------------------------------------------------------------------------------


def _number(place: int) -> Callable[[Sequence[Any]], Measure | None]:
    return lambda numbers: (numbers[place], f"{numbers[place]:,}")


def _share_of(part: int, whole: int) -> Callable[[Sequence[Any]], Measure | None]:
    def measured(numbers: Sequence[Any]) -> Measure | None:
        words = share(numbers[part], numbers[whole])
        return (int(words.removesuffix(" %")), words) if words else None

    return measured


def _days(place: int) -> Callable[[Sequence[Any]], Measure | None]:
    return lambda numbers: None if numbers[place] is None else (numbers[place], days(numbers[place]))


#: How each report is set beside earlier years.
BESIDE: Final[Mapping[str, Beside]] = {
    "agreements": Beside(
        "Agreements in force", (Column("In force"), Column("Begun in the year"), Column("Ended in the year")),
        _agreements, _number(0), (0, 0),
    ),
    "assurances": Beside(
        "Assurances signed in time", (Column("Signed"), Column("In time"), Column("Late")),
        _assurances, _share_of(1, 0), (0, 1),
        "In time is by the day the college has set; without such a day every signature is in time.",
    ),
    "fees": Beside(
        "Forms and fees Processed",
        (Column("Asked"), Column("Processed"), Column("Waived"), Column("Fees Processed", money)),
        _fees, _share_of(1, 0), (0, 1), "Registrations that ended since are in no year.",
    ),
    "rosters": Beside(
        "Students in class who are registered", (Column("In class"), Column("Registered")),
        _rosters, _share_of(1, 0), (0, 1), "Rosters of schools name people: they are forgotten when their year is over.",
    ),
    "graded": Beside(
        "Classes graded in time", (Column("Classes"), Column("Declared complete"), Column("In time")),
        _graded, _share_of(2, 0), (0, 2), "Each class once.", _graded,
    ),
    "posting": Beside(
        "From grade to posting",
        (Column("Courses awarded"), Column("Posted"), Column("Grade to posted", days), Column("Posted by September 1")),
        posting_total, _days(2), (0, 3), "Days are medians.", posting_total,
    ),
    "pathways": Beside(
        "Students with two credits in one career cluster", (Column("Students"), Column("2 credits or more")),
        pathway_total, _share_of(1, 0), (0, 1), "By the high-school credits of classes as they are known today.",
        pathway_total, (0, 1),
    ),
    "credentials": Beside(
        "Students with an industry credential, of those in classes that prepare for one",
        (Column("Students in classes that prepare"), Column("Of them with one"), Column("Credentials earned")),
        credential_total, _share_of(1, 0), (0, 1),
        "By the day a credential was earned, and what classes prepare for today.", credential_total,
    ),
}  # fmt: skip


def compared(user: User, standing: Standing, on: date) -> Comparison:
    """A report beside the three years before, each as it stood on the same day; as many queries as the report has for
    a year, four times. Where the State's are
    counted at night, they are told of that night's day."""
    last = standing.year.first_year
    beside = BESIDE[standing.kind.key]
    known = {
        year.first_year: year
        for year in AcademicYear.objects.filter(first_year__gt=last - YEARS, first_year__lte=last)
    }
    at_night = _counted_at_night(user, standing.kind.key)
    as_of = next(iter(at_night.values()), None)
    on = as_of.on if as_of else on
    counted: dict[int, Sequence[Any] | None] = {}
    for first in range(last, last - YEARS, -1):
        until = on_the_same_day(on, last - first)
        row, year = at_night.get((first, until)), known.get(first)
        numbers: Sequence[Any]
        if row is not None:
            numbers = row.numbers
        elif beside.of_report and first == last and until == timezone.localdate():
            numbers = [standing.total[place] for place in beside.of_report]
        else:
            numbers = beside.counted(user, year, until) if year else [0]
        counted[first] = numbers if numbers[0] else None
    long, full = beside.bar
    most = max((numbers[long] for numbers in counted.values() if numbers), default=0)
    return Comparison(
        finding=finding_of(beside, counted, last),
        heads=[column.name for column in beside.columns],
        lines=[_line(beside, first, numbers) for first, numbers in counted.items()],
        bars=[
            Bar(
                year_in_words(first),
                _bar_words(beside, numbers),
                WIDTH * numbers[long] // most,
                WIDTH * numbers[full] // most,
            )
            for first, numbers in counted.items()
            if numbers
        ],
        outer=beside.columns[long].name,
        inner=beside.columns[full].name,
        on=on,
        how=" ".join(
            filter(
                None,
                (
                    f"Each year as it stood on the same day, {short_day(on)}.",
                    beside.how,
                    f"Counted {moment(as_of.counted_at)}." if as_of else "",
                ),
            )
        ),
    )


def _counted_at_night(user: User, report: str) -> Mapping[tuple[int, date], StateYear]:
    """What the last night counted of a report, for who reads the whole State."""
    if BESIDE[report].counted_at_night is None or not has_role(user, Role.STATE):
        return {}
    return StateYear.objects.counted(report)


def years_at_night(on: date) -> Iterator[StateYear]:
    """The whole State's numbers of the last four school years and the three before each, as they stood on that day of
    theirs: what takes too long to count while somebody waits."""
    latest = AcademicYear.objects.filter(first_year__lte=school_year_of(on)).order_by("-first_year")
    years = {year.first_year: year for year in latest[: 2 * YEARS]}
    days = {
        (first - back, on_the_same_day(on, back))
        for first in list(years)[:YEARS]
        for back in range(YEARS)
        if first - back in years
    }
    for report, beside in BESIDE.items():
        if beside.counted_at_night is not None:
            for first, until in sorted(days):
                numbers = beside.counted_at_night(None, years[first], until)
                yield StateYear(report=report, year=years[first], until=until, on=on, numbers=numbers)


def finding_of(beside: Beside, counted: Mapping[int, Sequence[Any] | None], last: int) -> str:
    """`Assurances signed in time: 82 %, up from 75 % in 2025-26.`, against the last year of which something is known."""
    now = _measure(beside, counted[last])
    if now is None:
        return f"{beside.measure}: nothing is known of {year_in_words(last)} yet."
    for first in range(last - 1, last - YEARS, -1):
        before = _measure(beside, counted[first])
        if before is not None:
            way = "as" if now[0] == before[0] else "up from" if now[0] > before[0] else "down from"
            words = "" if way == "as" else f" {before[1]}"
            return f"{beside.measure}: {now[1]}, {way}{words} in {year_in_words(first)}."
    return f"{beside.measure}: {now[1]}. Nothing is known of earlier years."


def _measure(beside: Beside, numbers: Sequence[Any] | None) -> Measure | None:
    return beside.measured(numbers) if numbers else None


def _line(beside: Beside, first: int, numbers: Sequence[Any] | None) -> YearLine:
    if numbers is None:
        return YearLine(year_in_words(first), ())
    cells = zip(beside.columns, numbers, strict=True)
    return YearLine(year_in_words(first), [(column.name, column.words(number)) for column, number in cells])


def _bar_words(beside: Beside, numbers: Sequence[Any]) -> str:
    columns = dict.fromkeys(beside.bar)
    return ", ".join(f"{beside.columns[place].name}: {numbers[place]:,}" for place in columns)


def sheet_of_years(comparison: Comparison) -> list[list[str]]:
    """The comparison as lines of a sheet: the heads, and each year; one of which nothing is known is empty."""
    empty = [""] * len(comparison.heads)
    return [
        ["School year", *comparison.heads, "As of"],
        *(
            [
                line.year,
                *([words for _, words in line.named] or empty),
                on_the_same_day(comparison.on, back).isoformat(),
            ]
            for back, line in enumerate(comparison.lines)
        ),
    ]
