"""How the work of a school year stands: agreements, assurances, forms and fees, rosters, the way from grade to ctcLink.

Each report counts what its reader may see one by one, with the same words of the models that the lists behind it use, so
that report and list agree by being the same.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone

from accounts.access import Role, has_role, seats
from accounts.models import User
from articulations.models import (
    AgreementText,
    Articulation,
    ArticulationRequest,
    CareerCluster,
    owed_at,
    owed_to,
)
from articulations.rules import FOLLOWS, READS_REVIEWS, reviews_for, until
from organizations.models import AcademicYear, College, Consortium, HighSchool, SchoolDistrict
from reports.rules.credentials import credential_numbers
from reports.rules.finishing import graded_numbers, posting_numbers
from reports.rules.pathways import pathway_numbers
from reports.rules.reading import sees_all
from reports.rules.reporting import FULL_NOTICE, MOST_BARS, WIDTH, Bar, share
from sers.lib.tags import dollars
from students.models import Registration, Requirement, RosterEntry

State = Requirement.State
#: What a report is broken down by, and the model of it.
BY: Final[Mapping[str, tuple[str, Any]]] = {
    "college": ("College", College),
    "consortium": ("Consortium", Consortium),
    "school": ("High school", HighSchool),
    "cluster": ("Career cluster", CareerCluster),
    "district": ("School district", SchoolDistrict),
}


@dataclass(frozen=True, slots=True)
class Column:
    """One number of each row. `words` turns it into text; a sum of `None` is nothing to add up, as of a median."""

    name: str
    words: Callable[[Any], str] = lambda number: f"{number:,}"
    adds: bool = True


@dataclass(frozen=True, slots=True)
class Kind:
    """A report: who reads it, by what it is broken down, and how it is counted.

    `counted` gives for each group (by its id) the numbers of the columns; at None the whole, where it is not their sum. `finding` is the sentence above the picture,
    from the totals. Of students: the State reads it while a stated purpose holds.
    """

    key: str
    title: str
    roles: tuple[Role, ...]
    by: tuple[str, ...]
    columns: tuple[Column, ...]
    counted: Callable[[User, AcademicYear, str], Mapping[Any, Sequence[Any]]]
    finding: Callable[[Sequence[Any], AcademicYear], str]
    #: Which column is the length of a bar, and which its filled part.
    bar: tuple[int, int]
    how: str
    of_students: bool = True
    of_a_year: bool = True
    #: How many school years before the running one the report begins at: credit is awarded in the summer after.
    years_back: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """One row: the group and its numbers in words."""

    label: str
    named: Sequence[tuple[str, str]]

    @property
    def cells(self) -> list[str]:
        return [words for _, words in self.named]


@dataclass(frozen=True, slots=True)
class Standing:
    """A report as it is shown and taken away."""

    kind: Kind
    year: AcademicYear
    by: str
    finding: str
    total: Sequence[Any]
    lines: Sequence[Line]
    named_total: Sequence[tuple[str, str]]
    bars: Sequence[Bar]

    @property
    def by_words(self) -> str:
        return BY[self.by][0]

    @property
    def heads(self) -> list[str]:
        return [column.name for column in self.kind.columns]


def plural(number: int, one: str, many: str = "") -> str:
    """`1 agreement`, `83 agreements`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


# --- Agreements ------------------------------------------------------------------------------------------


def _agreements(user: User, year: AcademicYear, by: str) -> Mapping[int, Sequence[int]]:
    """In force today; of them ending with the school year; reviews overdue and due soon; texts and requests under way."""
    today = timezone.localdate()
    ours = reviews_for(user, Articulation.objects.all())
    now = AcademicYear.objects.current()
    # A district's agreements are found by way of their lines: each counts once.
    return _beside(
        by,
        ours.in_force(today),
        ours.in_force(today).filter(valid_until__lte=now.ends_on),
        ours.due(until("overdue", today)),
        ours.due(until("soon", today)).exclude(pk__in=ours.due(until("overdue", today)).order_by().values("pk")),
        AgreementText.objects.visible_to(user).open(),
        ArticulationRequest.objects.visible_to(user).open(),
    )  # fmt: skip


def _beside(by: str, *counted: QuerySet[Any]) -> dict[int, list[int]]:
    """How many of each of these there are in each group, side by side; a query for each."""
    found: dict[int, list[int]] = defaultdict(lambda: [0] * len(counted))
    for place, rows in enumerate(counted):
        for key, number in rows.order_by().values_list(by).annotate(number=Count("pk", distinct=True)):
            found[key][place] = number
    return found


def _agreements_found(total: Sequence[int], year: AcademicYear) -> str:
    words = f"{plural(total[0], 'agreement')} in force today"
    if total[2]:
        return f"{words}; {plural(total[2], 'review is', 'reviews are')} overdue."
    return f"{words}; no review is overdue."


# --- Assurances ------------------------------------------------------------------------------------------


def _assurances(user: User, year: AcademicYear, by: str) -> Mapping[int, Sequence[int]]:
    """Owed by teachers, signed, pending; and of those signed what waits for district and college."""
    owed = owed_to(user, year, *FOLLOWS)
    column = {"college": "college_key", "school": "seat__school"}[by]
    found: dict[int, list[int]] = defaultdict(lambda: [0] * 5)
    parts = (owed, *(owed_at(owed, state=state) for state in ("signed", "pending", "district", "college")))
    for place, rows in enumerate(parts):
        for key, number in Counter(
            row[0] for row in rows.values_list(column, "seat_key", "agreement_key")
        ).items():
            found[key][place] = number
    return found  # fmt: skip


def _assurances_found(total: Sequence[int], year: AcademicYear) -> str:
    owed, signed = total[:2]
    if not owed:
        return f"Nobody owes an assurance in {year}."
    return f"{signed:,} of {plural(owed, 'assurance')} of {year} are signed ({share(signed, owed)})."


# --- Forms and fees --------------------------------------------------------------------------------------


def _fees(user: User, year: AcademicYear, by: str) -> Mapping[int, Sequence[Any]]:
    """Registrations something is asked of; what was asked by its state; and the money of the fees among it."""
    path = {
        "college": "registration__college",
        "consortium": "registration__articulation__consortium",
        "school": "registration__student__school",
    }[by]
    fee = Q(kind=Requirement.Kind.FEE)
    rows = (
        Requirement.objects.visible_to(user)
        .standing()
        .filter(registration__year=year.pk)
        .exclude(registration__status__in=Registration.ENDED)
        .order_by()
        .values_list(path)
        .annotate(
            registrations=Count("registration", distinct=True),
            asked=Count("pk"),
            processed=Count("pk", filter=Q(state=State.PROCESSED)),
            waived=Count("pk", filter=Q(state=State.WAIVED)),
            pending=Count("pk", filter=Q(state=State.PENDING)),
            paid=Sum("amount", filter=fee & Q(state=State.PROCESSED), default=Decimal(0)),
            open=Sum("amount", filter=fee & Q(state=State.PENDING), default=Decimal(0)),
        )
    )
    return {key: numbers for key, *numbers in rows}


def money(amount: Decimal | int) -> str:
    """`$52.50`; the sum of nothing is $0."""
    return dollars(Decimal(amount))


def _fees_found(total: Sequence[Any], year: AcademicYear) -> str:
    asked, pending = total[1], total[4]
    if not asked:
        return f"Nothing was asked of a registration in {year}."
    return (
        f"{pending:,} of {plural(asked, 'form or fee', 'forms and fees')} of {year} "
        f"{'is' if pending == 1 else 'are'} Pending ({share(pending, asked)}), {money(total[6])} of it in fees."
    )


# --- In class and registered -----------------------------------------------------------------------------


def in_class(user: User, year: AcademicYear, by: str = "school") -> Mapping[int, Sequence[int]]:
    """Students on the rosters that schools sent, and those of them who are registered in that class."""
    rows = RosterEntry.objects.standing().filter(section__year=year.pk)
    held = seats(user)
    if not has_role(user, Role.STATE):
        reach = Q(pk__in=RosterEntry.objects.visible_to(user).order_by().values("pk"))
        consortia = [seat.anchor for seat in held if seat.role == Role.CONSORTIUM]
        schools = HighSchool.objects.of_consortia(consortia).order_by().values("pk")
        rows = rows.filter(reach | Q(section__high_school_course__school__in=schools))
    missing = rows.filter(pk__in=RosterEntry.objects.unregistered().order_by().values("pk"))
    found = _beside("section__high_school_course__school", rows, missing)
    return {key: [there, there - without, without] for key, (there, without) in found.items()}


def _in_class_found(total: Sequence[int], year: AcademicYear) -> str:
    there, registered, _ = total
    if not there:
        return f"No school has sent a roster of {year}."
    return f"{registered:,} of {plural(there, 'student')} in the classes of {year} are registered ({share(registered, there)})."


# --- Grades in time --------------------------------------------------------------------------------------


def _graded_found(total: Sequence[int], year: AcademicYear) -> str:
    classes, declared, in_time = total[:3]
    if not classes:
        return f"No class of {year} has registrations."
    return (
        f"{declared:,} of {plural(classes, 'class', 'classes')} of {year} "
        f"{'is' if declared == 1 else 'are'} declared complete, {in_time:,} in time ({share(in_time, classes)})."
    )


# --- From grade to ctcLink -------------------------------------------------------------------------------


def _posting_found(total: Sequence[Any], year: AcademicYear) -> str:
    awarded, in_time = total[0], total[5]
    if not awarded:
        return f"No credit of {year} has been awarded."
    return (
        f"ctcLink had {in_time:,} of {plural(awarded, 'awarded course')} of {year} by September 1, {year.first_year + 1} "
        f"({share(in_time, awarded)})."
    )


# --- Pathway progress ------------------------------------------------------------------------------------


def _pathways_found(total: Sequence[int], year: AcademicYear) -> str:
    students, whole, *_, seniors, seniors_whole, _unknown = total
    if not students:
        return f"Nobody is registered in {year}."
    return (
        f"{whole:,} of {plural(students, 'student')} registered in {year} {'has' if whole == 1 else 'have'} two high-school "
        f"credits or more in one career cluster ({share(whole, students)}), {seniors_whole:,} of the {seniors:,} in grade 12."
    )


# --- Industry credentials --------------------------------------------------------------------------------


def _credentials_found(total: Sequence[int], year: AcademicYear) -> str:
    students, with_one, earned = total
    if not students:
        return f"No class of {year} with students prepares for an industry credential."
    return (
        f"{with_one:,} of {plural(students, 'student')} in classes of {year} that prepare for an industry credential "
        f"{'has' if with_one == 1 else 'have'} earned one ({share(with_one, students)}); {plural(earned, 'credential')} in all."
    )


def days(number: int | None) -> str:
    """`37 days`; nothing where nothing is known."""
    return "" if number is None else f"{number:,} day{'' if number == 1 else 's'}"


KINDS: Final = (
    Kind(
        "agreements", "Agreements", READS_REVIEWS, ("college", "consortium"),
        (
            Column("In force"), Column("End this school year"), Column("Review overdue"), Column("Due in 90 days"),
            Column("Being signed"), Column("Requests open"),
        ),
        _agreements, _agreements_found, (0, 2),
        "As of today. A review is due by its day until it is decided; an agreement that another replaces, or that was "
        "ended early, is due no more.",
        of_students=False, of_a_year=False,
    ),
    Kind(
        "assurances", "Annual Teacher Assurances", FOLLOWS, ("college", "school"),
        (
            Column("Owed"), Column("Signed"), Column("Pending"), Column("Wait for the district"),
            Column("Wait for the college"),
        ),
        _assurances, _assurances_found, (0, 1),
        "A teacher owes one for each agreement of a class of the school year, once the college has written the text.",
        of_students=False,
    ),
    Kind(
        "fees", "Forms and fees", (Role.REGISTRAR, Role.CONSORTIUM, Role.STATE), ("college", "consortium", "school"),
        (
            Column("Registrations"), Column("Asked"), Column("Processed"), Column("Waived"), Column("Pending"),
            Column("Fees Processed", money), Column("Fees Pending", money),
        ),
        _fees, _fees_found, (1, 2),
        "What is asked of live registrations: each form, signature and fee counts by itself. The school is the student's own.",
    ),
    Kind(
        "rosters", "In class and registered", (Role.COUNSELOR, Role.DISTRICT, Role.CONSORTIUM, Role.STATE), ("school",),
        (Column("In class"), Column("Registered"), Column("Not registered")),
        in_class, _in_class_found, (0, 1),
        "Students on the rosters that schools sent for articulated classes. Schools that sent none are not here.",
    ),
    Kind(
        "graded", "Grades in time",
        (Role.COUNSELOR, Role.DISTRICT, Role.REGISTRAR, Role.CONSORTIUM, Role.STATE), ("school", "consortium", "college"),
        (
            Column("Classes"), Column("Declared complete"), Column("In time"), Column("Late"), Column("Not declared"),
        ),
        graded_numbers, _graded_found, (0, 2),
        "A class is complete when its teacher has declared so, with every student graded; in time by the last day for its "
        "grades. A class under agreements of two consortia or colleges counts with each.",
        of_students=False,
    ),
    Kind(
        "posting", "From grade to ctcLink", (Role.REGISTRAR, Role.CONSORTIUM, Role.STATE), ("college", "school"),
        (
            Column("Courses awarded"), Column("Grade to credit", days, adds=False), Column("Posted"),
            Column("Credit to posted", days, adds=False), Column("Grade to posted", days, adds=False),
            Column("Posted by September 1"),
        ),
        posting_numbers, _posting_found, (0, 5),
        "Days are medians: from the last grade of the class to the award, and from either to the day ctcLink says it "
        "Posted. What a college does not tell SERS counts as not posted.",
        years_back=1,
    ),
    Kind(
        "pathways", "Pathway progress", (Role.COUNSELOR, Role.DISTRICT, Role.CONSORTIUM, Role.STATE),
        ("school", "consortium", "cluster"),
        (
            Column("Students"), Column("2 credits or more"), Column("1 to less than 2"), Column("Less than 1"),
            Column("None yet"), Column("In grade 12"), Column("In grade 12 with 2 or more"), Column("Some credits not known"),
        ),
        pathway_numbers, _pathways_found, (0, 1),
        "The CTE Graduation Pathway asks for two high-school credits or more in one area, one of them with dual credit. Counted "
        "are the Completed dual credit classes of students registered in the year, in the career cluster where they have "
        "most; by career cluster, a student counts in each. A school and a district count their own students, a consortium what its "
        "agreements are of. Other CTE classes, which schools count too, SERS does not know.",
    ),
    Kind(
        "credentials", "Industry credentials", (Role.COUNSELOR, Role.DISTRICT, Role.CONSORTIUM, Role.STATE),
        ("school", "district", "college", "consortium", "cluster"),
        (Column("Students in classes that prepare"), Column("Of them with one"), Column("Credentials earned")),
        credential_numbers, _credentials_found, (0, 1),
        "Live registrations of classes that prepare for a credential today. A credential counts with the class it was "
        "recorded in: its school year, school, college and cluster; also one that class does not prepare for. A student in "
        "classes of two groups counts in each, in All once. Classes without a career cluster are in All alone.",
    ),
)  # fmt: skip
STANDING_READERS: Final = tuple(dict.fromkeys(role for kind in KINDS for role in kind.roles))


def standings_for(user: User) -> list[Kind]:
    """The reports a person reads; those of students the State reads while its stated purpose holds."""
    held = {seat.role for seat in seats(user)}
    return [
        kind
        for kind in KINDS
        if held & set(kind.roles) and not (kind.of_students and Role.STATE in held and not sees_all(user))
    ]


def standing_year(kind: Kind, asked: str) -> AcademicYear:
    """The school year an address asks for (its first calendar year); where it asks for none, the one people mean."""
    if asked.isascii() and asked.isdigit() and len(asked) == 4:
        found = AcademicYear.objects.filter(first_year=int(asked)).first()
        if found is not None:
            return found
    now = AcademicYear.objects.current()
    return AcademicYear.objects.filter(first_year=now.first_year - kind.years_back).first() or now


def standing_of(user: User, kind: Kind, *, year: AcademicYear, by: str = "") -> Standing:
    """A report as this person reads it, the largest group first; a fixed number of queries."""
    chosen = by if by in kind.by else kind.by[0]
    counted = dict(kind.counted(user, year, chosen))
    # What nobody may add up (a median) has no total; the whole of one group is that group.
    total = counted.pop(None, None) or [
        sum(numbers[place] for numbers in counted.values())
        if column.adds
        else next(iter(counted.values()))[place] if len(counted) == 1 else None
        for place, column in enumerate(kind.columns)
    ]  # fmt: skip
    names = _names(chosen, counted)
    long, full = kind.bar
    ordered = sorted(counted.items(), key=lambda item: (-item[1][long], names[item[0]]))
    most = max((numbers[long] for numbers in counted.values()), default=0)
    return Standing(
        kind=kind,
        year=year,
        by=chosen,
        finding=kind.finding(total, year),
        total=total,
        lines=[Line(names[key], _in_words(kind, numbers)) for key, numbers in ordered],
        named_total=_in_words(kind, total),
        bars=[
            Bar(
                names[key],
                f"{kind.columns[long].name}: {numbers[long]:,}, {kind.columns[full].name}: {numbers[full]:,}",
                WIDTH * numbers[long] // most if most else 0,
                # An overdue review can be of an agreement that is in force no more: a bar is full at most.
                WIDTH * min(numbers[full], numbers[long]) // most if most else 0,
            )
            for key, numbers in ordered[:MOST_BARS]
        ],
    )


def _in_words(kind: Kind, numbers: Sequence[Any]) -> list[tuple[str, str]]:
    return [
        (column.name, "" if number is None else column.words(number))
        for column, number in zip(kind.columns, numbers, strict=True)
    ]


def _names(by: str, keys: Iterable[int]) -> dict[int, str]:
    found = BY[by][1].objects.filter(pk__in=list(keys))
    return {one.pk: one.short_name if by == "consortium" else one.name for one in found}


def sheet_of_standing(standing: Standing) -> list[list[str]]:
    """The report as lines of a sheet: the heads, each group, the whole."""
    year = str(standing.year) if standing.kind.of_a_year else ""
    as_of = timezone.localdate().isoformat()
    return [
        ["School year", standing.by_words, *standing.heads, "As of"],
        *([year, line.label, *line.cells, as_of] for line in standing.lines),
        [year, "All", *(words for _, words in standing.named_total), as_of],
    ]


def notice_of_standing(kind: Kind) -> str:
    """What is said with a report wherever it goes: those of students are in full."""
    return FULL_NOTICE if kind.of_students else "Notice: As the person who took it may see it."
