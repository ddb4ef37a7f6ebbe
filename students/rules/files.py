"""A sheet of students of the former system: what each of its rows will do, and what keeps it from being saved."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from accounts.access import Role, has_role
from accounts.models import User
from organizations.models import HighSchool
from sers.lib.folding import fold
from sers.lib.sheets import Column, Row, read_day
from students.models import Student
from students.rules.identity import MIN_AGE, age_on, tidy_legacy_id
from students.rules.pairs import person_of
from students.rules.records import schools_in_reach
from students.rules.twins import Likeness, Person, likeness

STUDENT_COLUMNS: Final = (
    Column("sers_id", "ID", ("TP number", "SERS ID", "CTE Dual Credit ID"), needed=True, holds="needed, like TP1-23-456: kept as it is"),
    Column("first_name", "first name", ("legal first name",), needed=True, holds="needed"),
    Column("middle_name", "middle name", holds="may be left out"),
    Column("last_name", "last name", ("legal last name",), needed=True, holds="may stay empty for who has one name only"),
    Column("former_names", "former names", holds="may be left out"),
    Column("birth_date", "birth date", ("date of birth", "dob"), needed=True, holds="needed, like 5/12/2009"),
    Column("email", "e-mail", ("email",), needed=True, holds="needed: the way into the account is mailed there"),
    Column("school", "high school", ("school",), needed=True, holds="needed, as SERS spells it"),
    Column("district", "district", ("school district",), holds="only where two schools have one name"),
    Column("grade_level", "grade level", ("grade",), needed=True, holds="needed: 9, 10, 11 or 12, the last one for who has left"),
    Column("graduation_year", "graduation year", ("graduation",), needed=True, holds="needed, like 2027"),
)  # fmt: skip
NAMES: Final = tuple(column.name for column in STUDENT_COLUMNS)
MOST_STUDENT_ROWS: Final = 10_000
#: Rows that are compared with what is here at once: the most that is held in memory.
AT_ONCE: Final = 500
_LONGEST: Final = {
    "first_name": 100, "middle_name": 100, "last_name": 100, "former_names": 200, "email": 254,
}  # fmt: skip


class Outcome(StrEnum):
    """What saving does with a row."""

    CORRECT = "correct"
    NEW = "new"
    TWIN = "twin"
    KNOWN = "known"


#: The state of its tag, its word, and how many of it in the head of the preview.
_WORDS: Final = {
    Outcome.CORRECT: ("stop", "To correct", ("row to correct", "rows to correct")),
    Outcome.NEW: ("progress", "New record and account", ("new record and account", "new records and accounts")),
    Outcome.TWIN: ("wait", "New record, likely twin", ("new record that is a likely twin", "new records that are likely twins")),
    Outcome.KNOWN: ("quiet", "Is here already", ("row that changes nothing", "rows that change nothing")),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Imported:
    """A student as a row names them."""

    sers_id: str
    first_name: str
    middle_name: str
    last_name: str
    former_names: str
    birth_date: date
    email: str
    school: HighSchool
    grade_level: int
    graduation_year: int

    @property
    def person(self) -> Person:
        return Person(self.first_name, self.last_name, self.birth_date, self.former_names, self.school.pk)


@dataclass(frozen=True, slots=True)
class StudentRow:
    """A row that was read: what saving does with it, in words, and who it is."""

    line: int
    name: str
    sers_id: str
    outcome: Outcome
    told: str = ""
    wanted: Imported | None = None
    #: Of a likely twin: the record that is here, or the ID of the row before it.
    twin_of: int | str | None = None

    @property
    def tag(self) -> tuple[str, str]:
        state, word, _counted = _WORDS[self.outcome]
        return state, word


def can_import_students(user: User) -> bool:
    """Consortium staff bring the students of their districts from the former system, state staff those of all."""
    return has_role(user, Role.CONSORTIUM, Role.STATE)


class StudentFileReader:
    """Reads the rows of a sheet for who handed it in, some hundred at a time: three queries each, however many.

    An ID that is here with the same person changes nothing, so that a sheet may be sent again. An ID of somebody else is
    a fault. A person who is here under another ID, by name, birth date and school, gets the record with the legacy ID
    beside the one there is, without a second account, and both come onto the list of likely twins.
    """

    def __init__(self, rows: Sequence[Sequence[str]], user: User, *, on: date) -> None:
        self.asked, self.on = rows, on
        self.schools: dict[str, list[HighSchool]] = {}
        for school in schools_in_reach(user):
            self.schools.setdefault(fold(school.name), []).append(school)
        self.lines: dict[str, int] = {}
        self.before: dict[tuple[int, date], list[Imported]] = {}

    def rows(self) -> Iterator[StudentRow]:
        """Every row, in the order of the sheet."""
        for at in range(0, len(self.asked), AT_ONCE):
            yield from self._some(self.asked[at : at + AT_ONCE])

    def _some(self, asked: Sequence[Sequence[str]]) -> Iterator[StudentRow]:
        read = [self._read(cells) for cells in asked]
        wanted = [row.wanted for row in read if row.wanted is not None]
        held = Student.objects.identified_by([one.sers_id for one in wanted])
        by_id = {one.sers_id.upper(): one for one in held}
        resembling = Student.objects.living().filter(
            birth_date__in={one.birth_date for one in wanted}, school__in={one.school.pk for one in wanted}
        )
        here: dict[tuple[int, date], list[Student]] = {}
        for student in resembling.order_by("pk"):
            here.setdefault((student.school_id, student.birth_date), []).append(student)
        for row in read:
            yield row if row.wanted is None else self._beside(row, row.wanted, by_id, here)

    def _beside(
        self,
        row: StudentRow,
        wanted: Imported,
        by_id: dict[str, Student],
        here: dict[tuple[int, date], list[Student]],
    ) -> StudentRow:
        line = self.lines.setdefault(wanted.sers_id, row.line)
        if line != row.line:
            return self._wrong(row, f"Row {line} has this ID too. Take one of them out.")
        held = by_id.get(wanted.sers_id.upper())
        if held is not None:
            if likeness(person_of(held), wanted.person) is Likeness.NONE:
                return self._wrong(
                    row, "This ID is another person’s in SERS. Look at the name and the birth date."
                )
            return StudentRow(row.line, row.name, row.sers_id, Outcome.KNOWN, "Nothing changes.")
        place = (wanted.school.pk, wanted.birth_date)
        for other in here.get(place, []):
            if likeness(person_of(other), wanted.person) is Likeness.SAME:
                told = "Somebody of this name, birth date and school is here under another ID. No second account."
                return StudentRow(row.line, row.name, row.sers_id, Outcome.TWIN, told, wanted, other.pk)
        for earlier in self.before.get(place, []):
            if likeness(earlier.person, wanted.person) is Likeness.SAME:
                told = f"The same name, birth date and school as {earlier.sers_id} above. No second account."
                return StudentRow(
                    row.line, row.name, row.sers_id, Outcome.TWIN, told, wanted, earlier.sers_id
                )
        self.before.setdefault(place, []).append(wanted)
        return StudentRow(row.line, row.name, row.sers_id, Outcome.NEW, wanted.school.name, wanted)

    def _wrong(self, row: StudentRow, told: str) -> StudentRow:
        return StudentRow(row.line, row.name, row.sers_id, Outcome.CORRECT, told)

    def _read(self, asked: Sequence[str]) -> StudentRow:
        line, cells = int(asked[0]), dict(zip(NAMES, asked[1:], strict=True))
        name = f"{cells['first_name']} {cells['last_name']}".strip()
        try:
            wanted = self._wanted(cells)
        except ValidationError as error:
            return StudentRow(line, name, cells["sers_id"], Outcome.CORRECT, error.messages[0])
        return StudentRow(line, name, wanted.sers_id, Outcome.NEW, wanted=wanted)

    def _wanted(self, cells: dict[str, str]) -> Imported:
        sers_id = tidy_legacy_id(cells["sers_id"])
        if not sers_id:
            raise ValidationError("Enter the ID like TP1-23-456: six digits.")
        for name, most in _LONGEST.items():
            if len(cells[name]) > most:
                raise ValidationError(f"Shorten the {name.replace('_', ' ')} to {most} characters or fewer.")
        if not fold(cells["first_name"]):
            raise ValidationError("Enter the first name.")
        try:
            validate_email(cells["email"])
        except ValidationError:
            raise ValidationError("Enter an e-mail like name@example.org.") from None
        return Imported(
            sers_id=sers_id,
            first_name=cells["first_name"],
            middle_name=cells["middle_name"],
            last_name=cells["last_name"],
            former_names=cells["former_names"],
            birth_date=self._birth_date(cells["birth_date"]),
            email=cells["email"],
            school=self._school(cells["school"], cells["district"]),
            grade_level=_number(cells["grade_level"], 9, 12, "Enter the grade level: 9, 10, 11 or 12."),
            graduation_year=_number(
                cells["graduation_year"], 1990, self.on.year + 8, "Enter the graduation year like 2027."
            ),
        )

    def _birth_date(self, typed: str) -> date:
        born = read_day(typed)
        if born is None:
            raise ValidationError("Enter the birth date like 5/12/2009.")
        if born > self.on or not MIN_AGE <= age_on(born, self.on) <= 60:
            raise ValidationError(f"Enter the student’s own birth date: {MIN_AGE} years ago or more.")
        return born

    def _school(self, typed: str, district: str) -> HighSchool:
        if not typed:
            raise ValidationError("Enter the high school.")
        found = self.schools.get(fold(typed), [])
        if district:
            found = [one for one in found if fold(one.district.name) == fold(district)]
        if not found:
            raise ValidationError(
                f"“{typed[:60]}” is no high school within your reach. Spell it as SERS does."
            )
        if len(found) > 1:
            raise ValidationError(f"Several schools are called {typed[:60]}. Enter the district too.")
        return found[0]


def _number(typed: str, least: int, most: int, words: str) -> int:
    plain = typed.casefold().removeprefix("grade").strip().removesuffix("th").strip()
    if not (plain.isascii() and plain.isdigit()) or not least <= int(plain[:5]) <= most:
        raise ValidationError(words)
    return int(plain)


def tally_students(rows: Iterable[StudentRow]) -> list[tuple[int, str]]:
    """How many rows come to what, for the head of a preview."""
    counted = Counter(row.outcome for row in rows)
    return [
        (counted[outcome], words[counted[outcome] != 1])
        for outcome, (_state, _word, words) in _WORDS.items()
        if counted[outcome]
    ]


def cells_to_keep(rows: Iterable[Row]) -> list[list[str]]:
    """The rows of a sheet as a file keeps them: the line, then each column's cell, spaces made even."""
    return [[str(row.line), *(" ".join(row[name].split()) for name in NAMES)] for row in rows]
