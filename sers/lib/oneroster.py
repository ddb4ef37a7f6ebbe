"""Rosters as school systems write them: OneRoster 1.2 in its CSV binding (1.1 reads the same way), a ZIP of CSV files.

Read is only what says who is in which class now: manifest, orgs, academicSessions, courses, classes, users, enrollments; of
users the name, the e-mail, the number and the grade. Demographics, results and all else stay packed. What other files
refer to lies on disk while the enrollments are read one after the other: the memory does not grow with the district.
"""

import csv
import io
import sqlite3
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from typing import IO, Any, Final

from sers.lib.sheets import MOST_LETTERS, Unreadable, read_day

#: Of one file in the ZIP, unpacked; far above a district of fifty thousand.
MOST_UNPACKED: Final = 120 * 1024 * 1024
NEEDED: Final = ("classes.csv", "users.csv", "enrollments.csv")
DAMAGED: Final = "The ZIP file cannot be read. Export it once more"
_SCHEMA: Final = """
    CREATE TABLE orgs (id TEXT PRIMARY KEY, name TEXT) WITHOUT ROWID;
    CREATE TABLE sessions (id TEXT PRIMARY KEY, starts TEXT, ends TEXT) WITHOUT ROWID;
    CREATE TABLE courses (id TEXT PRIMARY KEY, code TEXT) WITHOUT ROWID;
    CREATE TABLE classes (
        id TEXT PRIMARY KEY, title TEXT, part TEXT, school TEXT, terms TEXT, course TEXT
    ) WITHOUT ROWID;
    CREATE TABLE users (id TEXT PRIMARY KEY, first TEXT, last TEXT, email TEXT, number TEXT, grade TEXT) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Enrolled:
    """One enrollment of a student: in which class, who, and whether it is over; `fault` says why it cannot be used."""

    line: int
    class_id: str = ""
    title: str = ""
    part: str = ""
    school: str = ""
    user_id: str = ""
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    number: str = ""
    grade: str = ""
    leaves: bool = False
    fault: str = ""
    #: What the system calls the course of the class; empty where it does not say.
    course_code: str = ""


class _Bounded(io.RawIOBase):
    """What is unpacked of a member, up to the bound; a ZIP that says it is small and is not ends here."""

    def __init__(self, member: IO[bytes]) -> None:
        self.member, self.left = member, MOST_UNPACKED

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        content = self.member.read(len(buffer))
        self.left -= len(content)
        if self.left < 0:
            raise Unreadable("The ZIP file is too large. Export the classes of one school at a time")
        buffer[: len(content)] = content
        return len(content)


class Bundle:
    """A OneRoster ZIP. Raises Unreadable with one of its own sentences for each thing that can be wrong with it."""

    def __init__(self, file: IO[bytes]) -> None:
        try:
            self.zip = zipfile.ZipFile(file)
            self.names = {
                name.rpartition("/")[2].lower(): name
                for name in self.zip.namelist()
                if not name.endswith("/")
            }
            said = {
                row.get("propertyname", ""): row.get("value", "") for _, row in self._rows("manifest.csv")
            }
        except (
            zipfile.BadZipFile,
            NotImplementedError,
            RuntimeError,
            csv.Error,
            UnicodeDecodeError,
            EOFError,
        ):
            raise Unreadable(DAMAGED) from None
        version = said.get("oneroster.version", "")
        if "manifest.csv" not in self.names or not version.startswith(("1.1", "1.2")):
            raise Unreadable(
                "The ZIP file has no manifest of OneRoster 1.2. Export it as OneRoster 1.2 CSV, or hand in a CSV file"
            )
        missing = [name for name in NEEDED if name not in self.names or self._mode(said, name) == "absent"]
        if missing:
            raise Unreadable(f"The ZIP file holds no {missing[0]}. Export classes, users and enrollments")
        #: Whether it says all there is; else only what has changed.
        self.is_whole = self._mode(said, "enrollments.csv") != "delta"

    @staticmethod
    def _mode(said: dict[str, str], name: str) -> str:
        return said.get(f"file.{name.removesuffix('.csv')}", "bulk").lower()

    def _rows(self, name: str) -> Iterator[tuple[int, dict[str, str]]]:
        """The rows of one file by their heads in small letters, each with its line."""
        if name not in self.names:
            return
        with self.zip.open(self.names[name]) as member:
            text = io.TextIOWrapper(io.BufferedReader(_Bounded(member)), encoding="utf-8-sig", newline="")
            reader = csv.reader(text)
            heads = [head.strip().lower() for head in next(reader, [])]
            for cells in reader:
                if any(cells):
                    yield reader.line_num, dict(zip(heads, (cell.strip() for cell in cells), strict=False))

    def count(self) -> int:
        """About how many enrollments there are, quickly counted."""
        with self.zip.open(self.names["enrollments.csv"]) as member:
            bounded = _Bounded(member)
            return max(sum(part.count(b"\n") for part in iter(lambda: bounded.read(65536), b"")) - 1, 0)

    def enrollments(self, *, on: date, first: date, last: date) -> Iterator[Enrolled]:
        """Who is in which class on that day, of the classes of the school year from `first` to `last`."""
        try:
            with closing(
                sqlite3.connect("")
            ) as kept:  # a file of its own on disk that ends with the connection
                kept.executescript(_SCHEMA)
                self._keep(kept)
                yield from self._enrollments(kept, on, first, last)
        except (zipfile.BadZipFile, UnicodeDecodeError, EOFError, NotImplementedError, RuntimeError):
            raise Unreadable(DAMAGED) from None
        except csv.Error:
            raise Unreadable(
                "A file in the ZIP file has an open quotation mark. Export it once more"
            ) from None

    def _keep(self, kept: sqlite3.Connection) -> None:
        def put(table: str, name: str, heads: Sequence[str]) -> None:
            marks = ", ".join("?" for _ in range(len(heads) + 1))
            kept.executemany(
                f"INSERT OR REPLACE INTO {table} VALUES ({marks})",  # noqa: S608  (names of our own)
                (
                    [row.get("sourcedid", ""), *(_cell(row, head) for head in heads)]
                    for _, row in self._rows(name)
                    if row.get("sourcedid") and row.get("status", "").lower() != "tobedeleted"
                ),
            )

        put("orgs", "orgs.csv", ("name",))
        put("sessions", "academicsessions.csv", ("startdate", "enddate"))
        put("courses", "courses.csv", ("coursecode",))
        put(
            "classes",
            "classes.csv",
            ("title", "part", "schoolsourcedid", "termsourcedids", "coursesourcedid"),
        )
        put("users", "users.csv", ("givenname", "familyname", "email", "identifier", "grades"))

    def _enrollments(self, kept: sqlite3.Connection, on: date, first: date, last: date) -> Iterator[Enrolled]:
        classes: dict[str, tuple[str, str, str, str] | None] = {}
        for line, row in self._rows("enrollments.csv"):
            if row.get("role", "student").lower() != "student":
                continue
            class_id, user_id = row.get("classsourcedid", ""), row.get("usersourcedid", "")
            if class_id not in classes:
                if len(classes) > 5000:
                    classes.clear()
                classes[class_id] = self._class(kept, class_id, first, last)
            found = classes[class_id]
            if found is None:
                continue  # of another school year, or gone with its class
            title, part, school, course_code = found
            ends = read_day(row.get("enddate", ""))
            leaves = row.get("status", "").lower() == "tobedeleted" or (ends is not None and ends < on)
            user = kept.execute("SELECT * FROM users WHERE id = ?", [user_id]).fetchone()
            if user is None and not leaves:
                yield Enrolled(
                    line, class_id, title, part, school, user_id,
                    fault="The student of this enrollment is not in users.csv. Export users and enrollments together.",
                )  # fmt: skip
                continue
            _, first_name, last_name, email, number, grade = user or ("",) * 6
            yield Enrolled(
                line, class_id, title, part, school, user_id, first_name, last_name, email, number, grade, leaves,
                course_code=course_code,
            )  # fmt: skip

    def _class(
        self, kept: sqlite3.Connection, class_id: str, first: date, last: date
    ) -> tuple[str, str, str, str] | None:
        found = kept.execute(
            "SELECT title, part, terms, coalesce(orgs.name, ''), coalesce(code, '') FROM classes"
            " LEFT JOIN orgs ON orgs.id = school LEFT JOIN courses ON courses.id = course WHERE classes.id = ?",
            [class_id],
        ).fetchone()
        if found is None:
            return None
        title, part, terms, school, course_code = found
        spans = [
            kept.execute("SELECT starts, ends FROM sessions WHERE id = ?", [term.strip()]).fetchone()
            for term in terms.split(",")
            if term.strip()
        ]
        days = [(read_day(one[0]), read_day(one[1])) for one in spans if one is not None]
        if days and not any(starts and ends and starts <= last and ends >= first for starts, ends in days):
            return None
        return title, part, school, course_code


def _cell(row: dict[str, str], head: str) -> str:
    """One cell; of a class what tells it from another of its title: its periods, else its code."""
    if head == "part":
        periods = row.get("periods", "")
        return (f"Period {periods}" if periods else row.get("classcode", ""))[:MOST_LETTERS]
    return row.get(head, "")[:MOST_LETTERS]
