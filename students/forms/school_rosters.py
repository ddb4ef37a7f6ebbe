"""Rosters from schools: the file as it is handed in, which class is which, and the pages about them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from accounts.models import User
from articulations.models import HighSchoolCourse, Section
from organizations.models import AcademicYear
from sers.lib import uploads
from sers.lib.handing_in import CheckFileForm, ChosenFile
from sers.lib.keys import read_id
from sers.lib.listing import page_of
from students import actions, rules
from students.models import Comparison, RosterClass, RosterImport, RosterLine

#: What a file may be called, and how such a file begins.
ROSTER_ENDINGS: Final = {".csv": b"", ".txt": b"", ".zip": b"PK\x03\x04"}
MOST_ROSTER_BYTES: Final = 20 * uploads.MEGABYTE
#: In a list: no class of SERS; and what it reads.
NONE_OF_SERS: Final = ("none", "Not in SERS: leave it out")


class RosterForm(CheckFileForm):
    """A school's roster as a CSV file or a OneRoster ZIP."""

    file = ChosenFile(
        label="CSV file, or OneRoster 1.2 CSV (ZIP)",
        accept=",".join(ROSTER_ENDINGS),
        help_text="At most 100,000 lines and 20 MB. Nobody’s roster changes before you have seen what the file will do",
    )

    def clean_file(self) -> uploads.Checked:
        return uploads.check_sheet(self.cleaned_data["file"], endings=ROSTER_ENDINGS, most=MOST_ROSTER_BYTES)

    def save(self, *, by: User) -> RosterImport:
        return actions.hand_in_roster(checked=self.cleaned_data["file"], by=by)


@dataclass(frozen=True, slots=True)
class MatchLine:
    """One class of a file, with the classes of SERS at its school to choose from."""

    named: RosterClass
    number: int
    options: list[tuple[str, str]]

    @property
    def name(self) -> str:
        return f"class-{self.named.public_id}"

    @property
    def chosen(self) -> str:
        if self.named.section is not None:
            return str(self.named.section.public_id)
        return NONE_OF_SERS[0] if self.named.left_out else ""


class RosterPage:
    """A file that was handed in: how far it is read, what it will do, which of its classes is which in SERS."""

    SHOWS: ClassVar = {"matched": "Classes of SERS", "open": "To look at", "out": "Left out"}

    def __init__(self, roster: RosterImport, user: User, *, show: str = "", number: str = "") -> None:
        self.roster, self.user = roster, user
        self.is_preview = roster.state == RosterImport.State.PREVIEW
        self.lines: list[MatchLine] = []
        self.counts: dict[str, int] = {}
        if not self.is_preview:
            return
        found = RosterClass.objects.in_file(roster)
        self.counts = found.tally()
        usual = next((name for name in self.SHOWS if self.counts[name]), "matched")
        self.show = show if show in self.SHOWS else usual
        self.page = page_of(found.shown(self.show), number)
        options = section_options(user, roster.year, {one.school_id for one in self.page})
        self.lines = [MatchLine(one, one.number, options.get(one.school_id, [])) for one in self.page]
        self.course_ids = HighSchoolCourse.objects.titled(found.course_ids())
        self.faults = list(RosterLine.objects.with_fault(roster)[:20])
        self.comparison = in_words(*Comparison(roster).count())
        self.refusal = rules.why_not_take_in(roster, matched=bool(self.counts["matched"]))

    @property
    def subnav(self) -> list[tuple[str, str, int, bool]]:
        """The three lists of classes: word, address, number, whether it is shown."""
        return [
            (label, f"?show={name}", self.counts[name], name == self.show)
            for name, label in self.SHOWS.items()
            if self.counts[name] or name == self.show
        ]

    @property
    def result(self) -> str:
        """`24 added, 3 left, 1 changed, 120 as before`."""
        one = self.roster
        return in_words(one.added, one.changed, one.gone, one.same)

    @property
    def sentence(self) -> str:
        one = self.roster
        if one.state == RosterImport.State.QUEUED:
            return f"{one.lines:,} lines are taken in together: all of them, or none."
        if not one.read:
            return "The file waits for its turn; reading begins in a moment."
        return f"{one.read:,} of about {max(one.lines, one.read):,} lines are read."

    @property
    def most(self) -> int:
        return max(self.roster.lines, self.roster.read, 1)

    def save_matches(self, data: Mapping[str, Any]) -> int:
        """What was chosen for the classes on this page; how many changed."""
        sections = rules.sections_to_bring(self.user, self.roster.year).keyed(
            [value for line in self.lines if read_id(value := data.get(line.name, ""))]
        )
        matches: dict[RosterClass, Section | None] = {}
        for line in self.lines:
            value = data.get(line.name, "")
            if value == NONE_OF_SERS[0]:
                matches[line.named] = None
            elif value in sections:
                matches[line.named] = sections[value]
        return actions.match_classes(roster=self.roster, matches=matches, by=self.user)


def in_words(added: int, changed: int, gone: int, same: int) -> str:
    """`24 come, 1 changes, 3 leave, 120 stay as they are`."""
    parts = (
        (added, "comes", "come"), (changed, "changes", "change"), (gone, "leaves", "leave"),
        (same, "stays as it is", "stay as they are"),
    )  # fmt: skip
    said = [f"{number:,} {one if number == 1 else many}" for number, one, many in parts if number]
    return ", ".join(said) or "Nobody is named"


def section_options(user: User, year: AcademicYear, schools: set[int]) -> dict[int, list[tuple[str, str]]]:
    """The classes a person may choose from at each of these schools: `Accounting 1, Period 2 (Dana Ortiz)`."""
    found = rules.sections_to_bring(user, year).at_schools(schools).in_full()
    options: dict[int, list[tuple[str, str]]] = {}
    for section in found.order_by("high_school_course__folded", "label", "id"):
        names = [seat.user.name for seat in section.teachers.all()]
        title = ", ".join(filter(None, (section.high_school_course.title, section.label)))
        words = f"{title} ({', '.join(names)})" if names else title
        options.setdefault(section.high_school_course.school_id, []).append((str(section.public_id), words))
    return options
