"""Rosters from schools: who brings them, how their lines are read and whom they mean, whom one may remind, and what a
teacher may say of a registration."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Q
from django.db.models.functions import Lower

from accounts.access import Role, has_role, seats
from accounts.models import User
from articulations.models import Section, SectionQuerySet
from articulations.rules import LONGEST_COURSE_ID
from organizations.models import AcademicYear, HighSchool
from sers.lib.folding import fold
from sers.lib.oneroster import Enrolled
from sers.lib.refusal import Refusal
from sers.lib.sheets import Column, Fault, Row, read_day
from students.models import (
    ClassAnswer,
    Registration,
    RosterClass,
    RosterEntry,
    RosterImport,
    RosterLine,
    Student,
    sort_name,
    strangers_by_section,
)

ROSTER_COLUMNS: Final = (
    Column("code", "class code", ("sers class code",), holds="as SERS shows it, like ACCTG23; else the class", example="ACCTG23"),
    Column("title", "class", ("course", "class name", "course title"), holds="needed where there is no class code", example="Accounting 1"),
    Column("part", "period", ("section", "period or section"), holds="where one class has several", example="Period 2"),
    Column("school", "high school", ("school",), holds="only where you look after several", example="Kamiakin High School"),
    Column("number", "student number", ("student id", "local student id", "sid"), holds="as your school counts: it keeps a student the same in the next file", example="104417"),
    Column("first_name", "first name", ("student first name", "given name", "first"), needed=True, holds="needed", example="Marisol"),
    Column("last_name", "last name", ("student last name", "family name", "last"), needed=True, holds="may stay empty for who has one name only", example="Vega"),
    Column("email", "e-mail", ("email", "student email", "email address"), holds="may be left out; reminders go there only if SERS knows no other", example="marisol@example.net"),
    Column("grade_level", "grade level", ("grade", "grade lvl"), holds="may be left out", example="11"),
    Column("birth_date", "birth date", ("date of birth", "dob"), holds="may be left out; it is compared and not kept", example="5/12/2009"),
)  # fmt: skip
#: Lines that are read, matched and kept at once: the most that is held in memory.
LINES_AT_ONCE: Final = 500
MOST_LINES: Final = 100_000
#: A student is reminded of one class at most so often, whoever asks for it.
REMIND_AGAIN_AFTER: Final = timedelta(days=7)
#: The seats rosters come from.
BRINGING: Final = (Role.TEACHER, Role.COUNSELOR, Role.DISTRICT)


def can_bring_rosters(user: User) -> bool:
    """Teachers bring the rosters of their classes, counselors of their school, district users of their schools."""
    return has_role(user, *BRINGING)


def can_answer_for(user: User, section: Section) -> bool:
    """Who is in a class is said by its teachers, and by nobody else."""
    return bool(
        {seat.id for seat in seats(user, Role.TEACHER)} & set(section.teachers.values_list("pk", flat=True))
    )


def sections_to_bring(user: User, year: AcademicYear) -> SectionQuerySet:
    """The classes of a school year a person brings rosters of."""
    found: SectionQuerySet = Section.objects.within_reach(user, *BRINGING).filter(year=year)
    return found


# --- Lines of a file --------------------------------------------------------------------------------------


@dataclass(slots=True)
class Pupil:
    """One line as it was read: the class in the school's words, the student, and what keeps it from being used."""

    line: int
    school: str = ""
    class_key: str = ""
    title: str = ""
    part: str = ""
    code: str = ""
    course_code: str = ""
    key: str = ""
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    grade_level: int | None = None
    birth_date: date | None = None
    leaves: bool = False
    fault: str = ""

    @property
    def sort_name(self) -> str:
        return sort_name(self.last_name, self.first_name, "")[:310]


def pupil_of_row(row: Row | Fault) -> Pupil:
    """A line of a CSV file."""
    if isinstance(row, Fault):
        return Pupil(row.line, fault=row.message)
    title, part, code = (" ".join(row[name].split()) for name in ("title", "part", "code"))
    pupil = Pupil(
        row.line,
        school=row["school"],
        class_key=f"code|{code.upper()}" if code else f"{fold(title)}|{fold(part)}",
        title=title or code.upper(),
        part=part,
        code=code.upper(),
        first_name=" ".join(row["first_name"].split()),
        last_name=" ".join(row["last_name"].split()),
        email=row["email"].lower(),
    )
    number = row["number"].strip()
    _check(pupil, row["grade_level"], needs_class=not (code or title))
    pupil.key = f"n:{number}" if number else f"e:{pupil.email}" if pupil.email else f"w:{pupil.sort_name}"
    if row["birth_date"]:
        pupil.birth_date = read_day(row["birth_date"])
        if pupil.birth_date is None and not pupil.fault:
            pupil.fault = "Enter the birth date like 5/12/2009, or leave it out."
    return _bounded(pupil)


def pupil_of_enrollment(one: Enrolled) -> Pupil:
    """An enrollment of a OneRoster file: its keys are the system's own, and stay the same."""
    pupil = Pupil(
        one.line,
        school=one.school,
        class_key=f"o|{one.class_id}",
        title=" ".join(one.title.split()) or one.class_id,
        part=" ".join(one.part.split()),
        course_code=" ".join(one.course_code.split()),
        key=f"o:{one.user_id}",
        first_name=" ".join(one.first_name.split()),
        last_name=" ".join(one.last_name.split()),
        email=one.email.lower(),
        leaves=one.leaves,
        fault=one.fault,
    )
    if not pupil.fault and not pupil.leaves:
        _check(pupil, "", needs_class=False)
    level = one.grade.split(",")[0].strip()
    pupil.grade_level = (
        int(level) if level.isascii() and level.isdigit() and 9 <= int(level[:5]) <= 12 else None
    )
    return _bounded(pupil)


def _check(pupil: Pupil, grade_level: str, *, needs_class: bool) -> None:
    if needs_class:
        pupil.fault = "Enter the class or its class code."
    elif not fold(pupil.first_name):
        pupil.fault = "Enter the first name."
    elif len(pupil.first_name) > 100 or len(pupil.last_name) > 100:
        pupil.fault = "Shorten the name to 100 characters or fewer."
    elif pupil.email:
        try:
            validate_email(pupil.email)
        except ValidationError:
            pupil.fault = "Enter an e-mail like name@example.org, or leave it out."
    plain = "".join(sign for sign in grade_level if sign.isdigit())
    if grade_level and not (plain.isascii() and plain and 9 <= int(plain[:5]) <= 12):
        pupil.fault = pupil.fault or "Enter the grade level: 9, 10, 11 or 12."
    elif plain:
        pupil.grade_level = int(plain)


def _bounded(pupil: Pupil) -> Pupil:
    """No longer than the columns it is kept in; a line that cannot be used needs no more than its name."""
    pupil.title, pupil.part = pupil.title[:120], pupil.part[:60]
    pupil.course_code = "" if len(pupil.course_code) > LONGEST_COURSE_ID else pupil.course_code
    pupil.first_name, pupil.last_name = pupil.first_name[:100], pupil.last_name[:100]
    pupil.email, pupil.key, pupil.class_key = pupil.email[:254], pupil.key[:255], pupil.class_key[:250]
    return pupil


@dataclass(slots=True)
class RosterReader:
    """Turns what was read of a file into lines to keep, some hundred at a time: eight queries each, however many.

    A class that was matched before is matched again; a new one by its class code, or by its title where the school has
    one such class. A student is known by the school's number seen before, by an e-mail that SERS knows, or by name and
    birth date, at the schools of the district only; a skills center's students come from many.
    """

    roster: RosterImport
    user: User
    schools: dict[str, list[HighSchool]] = field(default_factory=dict)
    sections: dict[int, list[Section]] = field(default_factory=dict)
    classes: dict[tuple[int, str], RosterClass] = field(default_factory=dict)
    read: int = 0

    def __post_init__(self) -> None:
        found = sections_to_bring(self.user, self.roster.year)
        for section in found.select_related("high_school_course__school__district").order_by("pk"):
            self.sections.setdefault(section.high_school_course.school_id, []).append(section)
        places = {seat.anchor for seat in seats(self.user, Role.DISTRICT)}
        schools = HighSchool.objects.filter(
            Q(pk__in=self.sections)
            | Q(pk__in=[seat.anchor for seat in seats(self.user, Role.COUNSELOR)])
            | Q(district__in=places)
        )
        for school in schools.select_related("district").order_by("pk"):
            self.schools.setdefault(fold(school.name), []).append(school)

    def lines(self, pupils: Iterator[Pupil]) -> Iterator[list[RosterLine]]:
        """All lines, some hundred at a time."""
        while some := list(islice(pupils, LINES_AT_ONCE)):
            self.read += len(some)
            if self.read > MOST_LINES:
                raise ValidationError(f"The file has more than {MOST_LINES:,} lines. Hand it in in parts")
            yield self._lines(some)

    def _lines(self, pupils: Sequence[Pupil]) -> list[RosterLine]:
        at = [None if one.fault else self._school(one) for one in pupils]
        self._find_classes(pupils, at)
        students = self._students(pupils, at)
        return [
            RosterLine(
                roster=self.roster,
                line=one.line,
                roster_class=self.classes.get((school.pk, self._key(one))) if school is not None else None,
                key=one.key,
                first_name=one.first_name,
                last_name=one.last_name,
                sort_name=one.sort_name,
                email=one.email,
                grade_level=one.grade_level,
                student_id=student,
                leaves=one.leaves,
                fault=one.fault,
            )
            for one, school, student in zip(pupils, at, students, strict=True)
        ]

    def _school(self, pupil: Pupil) -> HighSchool | None:
        """The school of a line: the one it names, that of its class code, or the only one there is."""
        if pupil.code:
            for sections in self.sections.values():
                for section in sections:
                    if section.class_code.upper() == pupil.code:
                        return section.high_school_course.school
            pupil.fault = f"{pupil.code[:20]} is no class code of a class of yours this year."
            return None
        every = [school for named in self.schools.values() for school in named]
        named = self.schools.get(fold(pupil.school), [])
        if len(named) == 1:
            return named[0]
        if len(every) == 1 and (not pupil.school or self.roster.kind == RosterImport.Kind.ONEROSTER):
            return every[0]
        pupil.fault = (
            f"{pupil.school[:100]} is no high school you bring rosters of. Write its name as SERS does."
            if pupil.school
            else "Enter the high school: you bring the rosters of several."
        )
        return None

    def _key(self, pupil: Pupil) -> str:
        """Teachers name their classes as they like: two of one school may both write “Period 2”."""
        wide = has_role(self.user, Role.COUNSELOR, Role.DISTRICT)
        return pupil.class_key if wide else f"t{self.user.pk}|{pupil.class_key}"

    def _find_classes(self, pupils: Sequence[Pupil], at: Sequence[HighSchool | None]) -> None:
        new: dict[tuple[int, str], RosterClass] = {}
        for pupil, school in zip(pupils, at, strict=True):
            if school is None:
                continue
            key = (school.pk, self._key(pupil))
            if key not in self.classes and key not in new:
                new[key] = RosterClass(
                    year=self.roster.year, school=school, key=key[1], title=pupil.title, part=pupil.part,
                    course_code=pupil.course_code,
                    section=self._section(pupil, school),
                )  # fmt: skip
        if not new:
            return
        RosterClass.objects.bulk_create(new.values(), ignore_conflicts=True)
        known = RosterClass.objects.filter(
            year=self.roster.year,
            school__in={school for school, _key in new},
            key__in=[key for _school, key in new],
        )
        told = []
        for one in known:
            self.classes[one.school_id, one.key] = one
            code = new[one.school_id, one.key].course_code
            if code and code != one.course_code:
                one.course_code = code
                told.append(one)
        if told:
            RosterClass.objects.bulk_update(told, ("course_code",))

    def _section(self, pupil: Pupil, school: HighSchool) -> Section | None:
        """The one class of SERS a new class must be: by code; by title and period; by title, where there is one."""
        here = self.sections.get(school.pk, [])
        if pupil.code:
            return next((one for one in here if one.class_code.upper() == pupil.code), None)
        titled = [one for one in here if fold(one.high_school_course.title) == fold(pupil.title)]
        exact = [one for one in titled if fold(one.label) == fold(pupil.part)]
        found = exact or (titled if not pupil.part else [])
        return found[0] if len(found) == 1 else None

    def _students(self, pupils: Sequence[Pupil], at: Sequence[HighSchool | None]) -> list[int | None]:
        """Who each is, by id; None where nothing says it for sure."""
        schools = {school.pk for school in at if school is not None}
        seen = dict[tuple[int, str], int]()
        for school, key, student in (
            RosterEntry.objects.filter(
                key__in=[one.key for one in pupils if one.key[:2] in ("n:", "o:")],
                section__high_school_course__school__in=schools,
                student__isnull=False,
            )
            .order_by("pk")
            .values_list("section__high_school_course__school", "key", "student")
        ):
            seen[school, key] = student
        mailed = self._by_email({one.email for one in pupils if one.email})
        born = {one.birth_date for one in pupils if one.birth_date is not None}
        by_birth: dict[tuple[date, int], list[Student]] = {}
        if born:
            for student in (
                Student.objects.living().filter(birth_date__in=born, school__in=schools).order_by("pk")
            ):
                by_birth.setdefault((student.birth_date, student.school_id), []).append(student)
        found: list[int | None] = []
        for one, school in zip(pupils, at, strict=True):
            who = None
            if school is not None:
                who = seen.get((school.pk, one.key)) or self._here(mailed.get(one.email), school)
                if who is None and one.birth_date is not None:
                    alike = [
                        student.pk
                        for student in by_birth.get((one.birth_date, school.pk), [])
                        if f"{student.sort_name} ".startswith(f"{one.sort_name} ")
                    ]
                    who = alike[0] if len(alike) == 1 else None
            found.append(who)
        return found

    def _by_email(self, addresses: set[str]) -> dict[str, tuple[int, int]]:
        """The student of each address that SERS knows, with their district."""
        known: dict[str, tuple[int, int]] = {}
        if addresses:
            living = Student.objects.living()
            for rows in (
                living.alias(low=Lower("user__email")).filter(low__in=addresses).values_list("user__email", "pk", "school__district"),
                living.filter(imported_email__in=addresses).values_list("imported_email", "pk", "school__district"),
            ):  # fmt: skip
                known.update({email.lower(): (pk, district) for email, pk, district in rows.order_by("pk")})
        return known

    @staticmethod
    def _here(found: tuple[int, int] | None, school: HighSchool) -> int | None:
        if found is None:
            return None
        student, district = found
        near = district == school.district_id or school.kind == HighSchool.Kind.SKILLS_CENTER
        return student if near else None


def why_not_take_in(roster: RosterImport, *, matched: bool) -> Refusal | None:
    """A file is taken in once, when every line can be used and at least one class of it is a class of SERS."""
    if roster.state != RosterImport.State.PREVIEW:
        return Refusal("not_to_be_checked", "This file waits for nothing.", "Look at what it says now.")
    if roster.faults:
        return Refusal(
            "lines_to_correct", "Some lines have to be corrected.", "Correct them and send the file again."
        )
    if not matched:
        return Refusal(
            "no_class",
            "No class of the file is a class of SERS yet.",
            "Choose for at least one class which it is.",
        )
    return None


# --- Reminders --------------------------------------------------------------------------------------------


def why_not_remind(entry: RosterEntry, *, wanting_none: set[int], now: datetime) -> Refusal | None:
    """Who is in the class and not registered is reminded once a week at most, by an address that is known, unless they
    asked for no more. `wanting_none` are the entries, by id, of people who did. The registered are never reminded."""
    if entry.student is not None and entry.student.died_on is not None:
        return Refusal("no_mail", "No mail is sent to this student.")
    if entry.pk in wanting_none:
        return Refusal("wants_none", "Wants no more reminders.", "Speak to the student in class.")
    if not entry.address:
        return Refusal("no_address", "SERS knows no e-mail.", "Hand the student the class code.")
    if entry.reminded_at is not None and now - entry.reminded_at < REMIND_AGAIN_AFTER:
        return Refusal("reminded_lately", "Reminded less than a week ago.")
    return None


# --- What a teacher says of a registration ------------------------------------------------------------------


def why_not_answer(registration: Registration, answer: str, *, last: ClassAnswer | None) -> Refusal | None:
    """A teacher accepts or rejects a registration that is In Progress, and takes back what was said last.

    Rejected, it is Not in Class; taken back, In Progress again. What has a grade is left to the roster of grades.
    """
    said = last.answer if last is not None else ""
    if answer == ClassAnswer.Answer.TAKEN_BACK:
        if said not in (ClassAnswer.Answer.IN_CLASS, ClassAnswer.Answer.NOT_IN_CLASS):
            return Refusal("nothing_said", "There is nothing to take back.")
        rejected = said == ClassAnswer.Answer.NOT_IN_CLASS
        if rejected and registration.status != Registration.Status.NOT_IN_CLASS:
            return Refusal("changed_since", "The status was changed since.", "Look at the class roster.")
        return None
    if registration.status != Registration.Status.IN_PROGRESS:
        return Refusal(
            "not_in_progress",
            f"The registration is {registration.get_status_display()}.",
            "Look at the class roster.",
        )
    if said == answer:
        return Refusal("said_already", "That was said already.")
    return None


@dataclass(frozen=True, slots=True)
class InClass:
    """How a class stands beside its roster: how many the school names, how many of them are not registered, how many
    are registered whom the school does not name."""

    named: int
    unregistered: int
    strangers: int

    @property
    def has_roster(self) -> bool:
        return self.named > 0


def in_class_of(sections: Iterable[int]) -> dict[int, InClass]:
    """How these classes stand beside their rosters; three queries, however many there are."""
    ids = list(sections)
    standing = RosterEntry.objects.standing()
    named = standing.number_by_section(ids)
    missing = RosterEntry.objects.unregistered().number_by_section(ids)
    strange = strangers_by_section(ids)
    return {pk: InClass(named.get(pk, 0), missing.get(pk, 0), strange.get(pk, 0)) for pk in ids}


def wanting_none(entries: Sequence[RosterEntry], year: AcademicYear) -> set[int]:
    """Those of some entries whose person asked for no more reminders, of whichever class; one query."""
    asked = RosterEntry.objects.wanting_no_reminders(year).filter(
        Q(pk__in=[one.pk for one in entries])
        | Q(student__in=[one.student_id for one in entries if one.student_id])
        | Q(email__in=[one.email for one in entries if one.email])
    )
    people = list(asked.order_by("pk").values_list("pk", "student", "email"))
    ids, students, emails = ({row[at] for row in people if row[at]} for at in range(3))
    return {one.pk for one in entries if one.pk in ids or one.student_id in students or one.email in emails}


def nearly_same(entry: RosterEntry, registration: Registration) -> bool:
    """Do a name on a roster and a registered student read nearly the same: the family name, and how the first begins?"""
    if registration.student_id == entry.other_than_id:
        return False
    ours, theirs = fold(entry.last_name).split(), fold(registration.student.last_name).split()
    first, other = fold(entry.first_name)[:2], fold(registration.student.first_name)[:2]
    return bool(ours) and bool(set(ours) & set(theirs)) and first == other
