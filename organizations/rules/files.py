"""A file of new people: what each of its rows asks for, and what keeps it from being saved."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from accounts.access import Role
from accounts.models import User, folded_name
from organizations.models import (
    College,
    Consortium,
    HighSchool,
    Place,
    SchoolDistrict,
    Seat,
    SignerTitle,
    staff_of_emails,
)
from organizations.rules.people import Wanted
from organizations.rules.seats import KIND_WORDS, Reach, own_seat, why_not_days, why_not_grant, why_not_sign
from sers.lib.folding import fold
from sers.lib.refusal import Refusal
from sers.lib.sheets import Column, Row, read_day

FIRST, LAST, EMAIL, ROLE, PLACE = "first name", "last name", "e-mail", "role", "place"
DISTRICT, SIGNS_AS, FIRST_DAY, LAST_DAY = "district", "signs as", "first day", "last day"
#: "yes" where somebody of this name is in SERS already and this is another person.
ANOTHER: Final = "another person"
COLUMNS: Final = (
    Column(FIRST, FIRST, needed=True, holds="needed"),
    Column(LAST, LAST, needed=True, holds="may stay empty for who has one name only"),
    Column(EMAIL, EMAIL, needed=True, holds="needed: the link to choose a password is mailed there"),
    Column(ROLE, ROLE, needed=True),
    Column(
        PLACE,
        PLACE,
        needed=True,
        holds="needed: the school, district, college or consortium, as the template spells it",
    ),
    Column(DISTRICT, DISTRICT, holds="only where two schools have one name"),
    Column(SIGNS_AS, SIGNS_AS, holds="only for who signs agreements, for example CTE director"),
    Column(FIRST_DAY, FIRST_DAY, holds="like 9/1/2026; empty means today"),
    Column(LAST_DAY, LAST_DAY, holds="like 6/30/2027; empty means until somebody ends it"),
    Column(ANOTHER, ANOTHER, holds="yes, where somebody of this name is in SERS and this is another person"),
)
MOST_ROWS: Final = 2000
#: Words for a role that people use beside its label.
ALSO: Final = {
    "district": Role.DISTRICT, "faculty": Role.FACULTY, "career specialist": Role.COUNSELOR,
    "consortium staff": Role.CONSORTIUM, "state staff": Role.STATE,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class FileRow:
    """A row that was read: what it asks for, and either the problem with it or what saving it will do."""

    line: int
    cells: Mapping[str, str]
    wanted: Wanted | None = None
    problem: str = ""
    #: Of one's own reach: who gets a further seat.
    known: User | None = None
    #: The seat is held already: saving changes nothing.
    is_held: bool = False

    @property
    def name(self) -> str:
        return f"{self.cells[FIRST]} {self.cells[LAST]}".strip()

    @property
    def email(self) -> str:
        return self.cells[EMAIL]

    @property
    def seat(self) -> str:
        """`Teacher, Kamiakin High School`, as the row has it."""
        return ", ".join(filter(None, (self.cells[ROLE], self.cells[PLACE])))

    @property
    def told(self) -> str:
        """What has to be corrected, or who gets the further seat."""
        if self.known is not None and not self.problem:
            return f"{self.known.name}, {self.known.email}"
        return self.problem

    @property
    def tag(self) -> tuple[str, str]:
        """The state of its tag, and what comes of it."""
        if self.problem:
            return "stop", "To correct"
        if self.is_held:
            return "quiet", "Has this seat already"
        if self.known is not None:
            return "two", "Further seat"
        return "progress", "New account"


class FileReader:
    """Reads the rows of a file for the person who handed it in: everything they can name is read once before."""

    def __init__(self, rows: Sequence[Mapping[str, str]], reach: Reach, *, on: date) -> None:
        self.reach, self.on = reach, on
        self.asked = [row for row in rows if row[FIRST] or row[LAST] or row[EMAIL]]
        self.places = _Places()
        self.titles = {fold(title.name): title for title in SignerTitle.objects.all()}
        self.refusals: dict[tuple[Role, int | None], Refusal | None] = {}
        seen = Seat.objects.visible_to(reach.user).staff()
        addresses = {row[EMAIL].strip().lower() for row in self.asked}
        # Of two with one address the first: the last to be put in, as `staff_of_email` finds it.
        of_email = staff_of_emails(addresses).order_by("is_active", "-id")
        self.by_email: dict[str, User] = {user.email.lower(): user for user in of_email}
        of_name = seen.people().filter(folded__in={folded_name(row[FIRST], row[LAST]) for row in self.asked})
        self.by_name: dict[str, list[User]] = {}
        for user in of_name.order_by("id"):
            self.by_name.setdefault(user.folded, []).append(user)
        known = [user.pk for user in self.by_email.values()]
        self.in_reach = set(seen.filter(user__in=known).values_list("user_id", flat=True))
        self.held: dict[int, list[Seat]] = {}
        for seat in Seat.objects.living(on).filter(user__in=known).order_by("id"):
            self.held.setdefault(seat.user_id, []).append(seat)

    def rows(self) -> list[FileRow]:
        """Every row, in the order of the file."""
        before: dict[tuple[Any, ...], int] = {}
        names: dict[str, tuple[int, str]] = {}
        found = []
        for cells in self.asked:
            row = self._row(cells)
            if not row.problem and row.wanted is not None:
                row = self._beside(row, row.wanted, before, names)
            found.append(row)
        return found

    def _row(self, cells: Mapping[str, str]) -> FileRow:
        line = int(cells["line"])
        try:
            wanted = self._wanted(cells)
        except ValidationError as error:
            return FileRow(line, cells, problem=error.messages[0])
        user = self.by_email.get(wanted.email.lower())
        refusal = self._why_not(wanted)
        if user is not None and user.pk == self.reach.user.pk:
            refusal = own_seat(wanted.role, wanted.place)
        if refusal is not None:
            return FileRow(line, cells, wanted, problem=str(refusal))
        if user is None:
            namesakes = self.by_name.get(folded_name(wanted.first_name, wanted.last_name), [])
            if namesakes and cells[ANOTHER].casefold() not in ("yes", "y", "x", "1"):
                return FileRow(
                    line, cells, wanted,
                    problem=f"Already a person: {namesakes[0].name} has an account with the address {namesakes[0].email}. "
                    f"Enter that address, or “yes” under “{ANOTHER}”.",
                )  # fmt: skip
        held = [] if user is None else self.held.get(user.pk, [])
        return FileRow(
            line, cells, wanted,
            known=user if user is not None and user.pk in self.in_reach else None,
            is_held=any(_is_same(seat, wanted) for seat in held),
        )  # fmt: skip

    def _why_not(self, wanted: Wanted) -> Refusal | None:
        key = (wanted.role, wanted.place.pk if wanted.place else None)
        if key not in self.refusals:
            self.refusals[key] = why_not_grant(self.reach, wanted.role, wanted.place)
        refusal = self.refusals[key]
        if refusal is None and wanted.signs_as is not None:
            refusal = why_not_sign(self.reach, wanted.signs_as, wanted.role, wanted.place)
        return refusal or why_not_days(wanted.starts_on, wanted.ends_on, on=self.on)

    def _beside(
        self,
        row: FileRow,
        wanted: Wanted,
        before: dict[tuple[Any, ...], int],
        names: dict[str, tuple[int, str]],
    ) -> FileRow:
        """Against the rows before it: the same seat twice, or one address for two people."""
        email = wanted.email.lower()
        key = (email, wanted.role, wanted.place.pk if wanted.place else None)
        line, name = names.setdefault(email, (row.line, fold(wanted.name)))
        if key in before:
            return FileRow(
                row.line, row.cells, wanted, problem=f"The same as row {before[key]}. Remove one of them."
            )
        before[key] = row.line
        if name != fold(wanted.name):
            return FileRow(
                row.line, row.cells, wanted,
                problem=f"Row {line} gives this address to somebody else. Enter each person's own address.",
            )  # fmt: skip
        return row

    def _wanted(self, cells: Mapping[str, str]) -> Wanted:
        for name, most in ((FIRST, 150), (LAST, 150), (EMAIL, 254)):
            if len(cells[name]) > most:
                raise ValidationError(f"Shorten the {name} to {most} characters or fewer.")
        if not cells[FIRST]:
            raise ValidationError("Enter the first name.")
        if not cells[EMAIL]:
            raise ValidationError("Enter the e-mail.")
        try:
            validate_email(cells[EMAIL])
        except ValidationError:
            raise ValidationError("Enter an e-mail like name@example.org.") from None
        role = _role(cells[ROLE])
        return Wanted(
            first_name=cells[FIRST],
            last_name=cells[LAST],
            email=cells[EMAIL],
            role=role,
            place=self.places.find(role, cells[PLACE], cells[DISTRICT]),
            starts_on=_day(cells[FIRST_DAY], FIRST_DAY) or self.on,
            ends_on=_day(cells[LAST_DAY], LAST_DAY),
            signs_as=self._title(cells[SIGNS_AS]),
        )

    def _title(self, typed: str) -> SignerTitle | None:
        if not typed:
            return None
        title = self.titles.get(fold(typed))
        if title is None:
            known = ", ".join(sorted(one.name for one in self.titles.values()))
            raise ValidationError(f"Nobody signs as “{typed[:60]}”. Enter one of these: {known}.")
        return title


class _Places:
    """Every place by its folded name, read once."""

    def __init__(self) -> None:
        self.named: dict[str, dict[str, list[Place]]] = {
            "school": {},
            "district": {},
            "college": {},
            "consortium": {},
        }
        places: Iterable[tuple[str, str, Place]] = [
            *(("school", one.name, one) for one in HighSchool.objects.select_related("district")),
            *(("district", one.name, one) for one in SchoolDistrict.objects.all()),
            *(("college", one.name, one) for one in College.objects.all()),
            *(("consortium", one.name, one) for one in Consortium.objects.all()),
            *(("consortium", one.short_name, one) for one in Consortium.objects.all()),
        ]
        for kind, name, place in places:
            self.named[kind].setdefault(fold(name), []).append(place)

    def find(self, role: Role, typed: str, district: str) -> Place | None:
        kind = Seat.PLACE[role]
        if kind is None:
            return None
        if not typed:
            raise ValidationError(f"Enter the place: {KIND_WORDS[kind]}.")
        found = self.named[kind].get(fold(typed), [])
        if district and kind == "school":
            found = [
                one
                for one in found
                if isinstance(one, HighSchool) and fold(one.district.name) == fold(district)
            ]
        if not found:
            where = f" in {district[:60]}" if district and kind == "school" else ""
            raise ValidationError(
                f"“{typed[:60]}” is not {KIND_WORDS[kind]} in SERS{where}. Copy its name from the template."
            )
        if len(found) > 1:
            raise ValidationError(f"Several schools are called {typed[:60]}. Enter the district too.")
        return found[0]


def _role(typed: str) -> Role:
    wanted = fold(typed)
    for role in Role:
        if role != Role.STUDENT and wanted in (fold(str(role.label)), role.value):
            return role
    if wanted in ALSO:
        return ALSO[wanted]
    if wanted == "student":
        return Role.STUDENT
    roles = ", ".join(str(role.label) for role in Role if role != Role.STUDENT)
    if not typed:
        raise ValidationError(f"Enter the role: {roles}.")
    raise ValidationError(f"“{typed[:40]}” is no role in SERS. Enter one of these: {roles}.")


def _day(typed: str, what: str) -> date | None:
    """A day as sheets write it; None when nothing was typed."""
    found = read_day(typed)
    if typed and found is None:
        raise ValidationError(f"Enter the {what} like 9/1/2026: “{typed[:20]}” is no date.")
    return found


def _is_same(seat: Seat, wanted: Wanted) -> bool:
    """Is this the seat that is wanted, on some of its days?"""
    place = seat.PLACE[wanted.role]
    return (
        seat.role == wanted.role
        and (place is None or (wanted.place is not None and getattr(seat, f"{place}_id") == wanted.place.pk))
        and (seat.ends_on is None or seat.ends_on >= wanted.starts_on)
        and (wanted.ends_on is None or wanted.ends_on >= seat.starts_on)
    )


def tally(rows: Iterable[FileRow]) -> list[tuple[int, str]]:
    """How many rows come to what, for the head of a preview."""
    counted = Counter(row.tag[1] for row in rows)
    words = {
        "To correct": ("row to correct", "rows to correct"),
        "New account": ("new account", "new accounts"),
        "Further seat": ("further seat of somebody who is here", "further seats of people who are here"),
        "Has this seat already": ("row that changes nothing", "rows that change nothing"),
    }
    return [(counted[label], words[label][counted[label] != 1]) for label in words if counted[label]]


def result_in_words(accounts: int, seats: int) -> str:
    """`3 accounts created, 4 seats given.`"""
    return (
        f"{accounts:,} {'account' if accounts == 1 else 'accounts'} created, "
        f"{seats:,} {'seat' if seats == 1 else 'seats'} given"
    )


def template_rows(reach: Reach, places: Iterable[Place]) -> list[list[str]]:
    """A row for each place, its names spelled as SERS spells them; a row nobody is named in is passed over."""
    usual = {
        HighSchool: Role.TEACHER,
        SchoolDistrict: Role.DISTRICT,
        College: Role.FACULTY,
        Consortium: Role.CONSORTIUM,
    }
    rows = []
    for place in places:
        role = usual[type(place)]
        district = place.district.name if isinstance(place, HighSchool) else ""
        rows.append(["", "", "", str(role.label), place.name, district, "", "", "", ""])
    return rows


def columns_in_words(reach: Reach) -> list[tuple[str, str]]:
    """Every column of the file and what stands in it, for the person who fills it in."""
    roles = ", ".join(str(role.label) for role in reach.roles)
    return [
        (column.head, column.holds or f"needed: {roles}")
        for column in COLUMNS
        if reach.signs or column.name != SIGNS_AS
    ]


def rows_to_keep(rows: Iterable[Row]) -> list[dict[str, str]]:
    """The rows of a sheet as a file keeps them, every column with its cell, spaces made even."""
    names = [column.name for column in COLUMNS]
    return [{"line": str(row.line)} | {name: " ".join(row[name].split()) for name in names} for row in rows]
