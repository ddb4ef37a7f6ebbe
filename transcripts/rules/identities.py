"""Which student of SERS is which person of a college: facts compared, a score with its reasons, a decision or none."""

import functools
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Max

from accounts.access import Role, stands_on
from accounts.models import User
from organizations.models import AcademicYear, College
from sers.lib.folding import fold
from sers.lib.moments import day
from sers.lib.refusal import Refusal
from sers.lib.sheets import Column, Fault, Row, read_day
from students.models import Registration, Student, person_key
from students.rules import tidy_sers_id
from transcripts.models import (
    CollegeIdentity,
    CollegeIdentityQuerySet,
    IdentityConflict,
    TranscriptionPlan,
)

Kind = IdentityConflict.Kind

#: From this score on a match needs no person, if the birth date is the same and nobody else comes near.
SURE: Final = 70
#: Below this score a student is not even a candidate.
NEAR: Final = 40

#: The columns of a sheet of college IDs.
SID_COLUMNS: Final = (
    Column("sid", "SID", ("College ID", "EMPLID", "Student ID"), True, "Nine digits", "201234567"),
    Column("last_name", "Last name", ("Legal last name", "Family name"), False, "Empty for a person of one name", "Vega"),
    Column("first_name", "First name", ("Legal first name", "Given name"), True, "Legal first name", "Marisol"),
    Column("middle_name", "Middle name", (), False, "", ""),
    Column("former_names", "Former names", ("Former name", "Previous names"), False, "Any names before", "Ortega"),
    Column("birth_date", "Birth date", ("Date of birth", "DOB"), True, "Year, month, day, or month/day/year", "2009-05-01"),
    Column("email", "E-mail", ("Email address", "Mail"), False, "", "marisol@example.net"),
    Column("sers_id", "CTE Dual Credit ID", ("SERS ID", "TP number"), False, "Where the college knows it", "TP6-20-4187-9"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Person:
    """A person as a college's sheet names them."""

    line: int
    sid: str
    first_name: str
    last_name: str
    birth_date: date
    middle_name: str = ""
    former_names: str = ""
    email: str = ""
    sers_id: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact compared: what it says here and there, whether they agree, how much that counts."""

    name: str
    theirs: str
    ours: str
    agrees: bool
    points: int


@dataclass(frozen=True, slots=True)
class Likeness:
    """How well a student fits a person of the college: the sum of the facts, never below 0."""

    student: Student
    facts: tuple[Fact, ...]

    @property
    def score(self) -> int:
        return max(0, sum(fact.points for fact in self.facts))

    @property
    def same_birth_date(self) -> bool:
        return any(fact.name == "Birth date" and fact.agrees for fact in self.facts)


@dataclass(frozen=True, slots=True)
class Match:
    """What becomes of one person of a sheet: matched, known already, a conflict of some kind, or nobody fits."""

    person: Person
    outcome: str
    student: Student | None = None
    score: int = 0
    kind: Kind | None = None
    candidates: tuple[Likeness, ...] = ()


MATCHED, KNOWN, CONFLICT, NOBODY = "matched", "known", "conflict", "nobody"


def tidy_sid(typed: str) -> str:
    """A college ID as it is kept: nine digits, spaces and hyphens gone; a spreadsheet's lost zeros are put back.

    Empty when it cannot be one.
    """
    kept = "".join(sign for sign in typed if not sign.isspace() and sign != "-").removesuffix(".0")
    if not kept.isascii() or not kept.isdigit() or not 7 <= len(kept) <= 9:
        return ""
    return kept.zfill(9)


@functools.lru_cache(maxsize=200_000)
def folded(name: str) -> str:
    """A name as names are compared. A sheet compares each with many, so it is folded once."""
    return fold(name)


def likeness(person: Person, student: Student) -> Likeness:
    """Facts side by side. Last name 25 (a former one 20), first name 20 (its beginning 10), birth date 30 (nearly 10,
    differing less 10), e-mail 15, CTE Dual Credit ID 30. Names are compared folded, so accents, case and hyphens do not matter."""
    facts = [_last_name(person, student), _first_name(person, student), _birth_date(person, student)]
    if person.email and student.email:
        same = person.email.casefold() == student.email.casefold()
        facts.append(Fact("E-mail", person.email, student.email, same, 15 if same else 0))
    if person.sers_id:
        same = person.sers_id == student.sers_id.upper()
        facts.append(Fact("CTE Dual Credit ID", person.sers_id, student.sers_id, same, 30 if same else -15))
    return Likeness(student, tuple(facts))


def _last_name(person: Person, student: Student) -> Fact:
    theirs, ours = folded(person.last_name), folded(student.last_name)
    former = set(_parts(student.former_names)) | set(_parts(person.former_names))
    points = 0
    if theirs == ours:
        points = 25
    elif theirs and (theirs in former or ours in former):
        points = 20
    elif theirs and ours and set(theirs.split()) & set(ours.split()):
        points = 15  # one part of a double name
    return Fact("Last name", person.last_name, student.last_name, points == 25, points)


def _parts(names: str) -> list[str]:
    """Each former name as a whole and by its last word: people write first and last names into that box."""
    found = [folded(one) for one in names.replace(";", ",").split(",")]
    return [one for name in found if name for one in (name, name.split()[-1])]


def _first_name(person: Person, student: Student) -> Fact:
    theirs, ours = folded(person.first_name), folded(student.first_name)
    points = 0
    if theirs == ours:
        points = 20
    elif (theirs and ours and (theirs.startswith(ours) or ours.startswith(theirs))) or (
        theirs and theirs in (folded(student.middle_name), folded(student.last_name))
    ):
        points = 10
    return Fact("First name", person.first_name, student.first_name, points == 20, points)


def _birth_date(person: Person, student: Student) -> Fact:
    theirs, ours = person.birth_date, student.birth_date
    if theirs == ours:
        points = 30
    elif (theirs.year, theirs.month, theirs.day) == (ours.year, ours.day, ours.month):
        points = 10  # day and month changed places
    elif sum(one != two for one, two in zip(theirs.isoformat(), ours.isoformat(), strict=True)) == 1:
        points = 10  # one digit
    else:
        points = -10
    return Fact("Birth date", day(theirs), day(ours), theirs == ours, points)


def match(
    person: Person,
    students: Iterable[Student],
    *,
    sid_of: Mapping[int, str],
    student_of: Mapping[str, int],
    rejected: Collection[tuple[str, int]] = frozenset(),
    undone: Collection[tuple[str, int]] = frozenset(),
) -> Match:
    """Whose this college ID is, as far as facts alone can say; otherwise a conflict for a person, or nobody.

    `sid_of` gives the ID each student has at the college, `student_of` whose each ID is. `rejected` are an ID and a
    student a person has decided not to belong together: they are not asked about again, others are. `undone` are an ID
    and a student that stood together until a person undid it: no rule gives that ID back, a person may.
    """
    near = sorted(
        (one for one in (likeness(person, student) for student in students) if one.score >= NEAR),
        key=lambda one: (-one.score, one.student.pk),
    )
    if not near:
        return Match(person, NOBODY)
    holder = student_of.get(person.sid)
    if holder == near[0].student.pk:
        return Match(person, KNOWN, near[0].student, near[0].score)
    candidates = tuple(one for one in near if (person.sid, one.student.pk) not in rejected)[:5]
    if not candidates:
        return Match(person, KNOWN)
    best = candidates[0]
    if holder == best.student.pk:
        return Match(person, KNOWN, best.student, best.score)
    kind: Kind | None = None
    if holder is not None:
        kind = Kind.SID_TAKEN
    elif best.student.pk in sid_of:
        kind = Kind.OTHER_SID
    elif (person.sid, best.student.pk) in undone:
        kind = Kind.UNDONE
    elif len(candidates) > 1 and candidates[1].score >= SURE:
        kind = Kind.SEVERAL
    elif not best.same_birth_date:
        kind = Kind.BIRTH_DATE
    elif best.score < SURE:
        kind = Kind.SEVERAL if len(candidates) > 1 else Kind.NAME
    if kind is None:
        return Match(person, MATCHED, best.student, best.score)
    return Match(person, CONFLICT, kind=kind, candidates=candidates)


def read_people(rows: Sequence[Row]) -> tuple[list[Person], list[Fault]]:
    """The people of a sheet, and what is wrong with its rows: each fault names the field and the remedy."""
    people: list[Person] = []
    faults: list[Fault] = []
    seen: dict[str, int] = {}
    for row in rows:
        sid, born = tidy_sid(row["sid"]), read_day(row["birth_date"])
        if not sid:
            faults.append(Fault(row.line, f"SID: enter nine digits instead of “{row['sid']}”"))
        elif sid in seen:
            faults.append(Fault(row.line, f"SID: {sid} stands in line {seen[sid]} already. Take one out"))
        if not fold(row["first_name"]):
            faults.append(Fault(row.line, "First name: enter the legal first name"))
        if born is None:
            faults.append(
                Fault(row.line, f"Birth date: enter a day like 2009-05-01 instead of “{row['birth_date']}”")
            )
        if row["sers_id"] and not tidy_sers_id(row["sers_id"]):
            faults.append(
                Fault(row.line, f"CTE Dual Credit ID: compare “{row['sers_id']}”, its digits do not fit")
            )
        seen.setdefault(sid, row.line)
        if born is None or (faults and faults[-1].line == row.line):
            continue
        people.append(
            Person(
                line=row.line,
                sid=sid,
                first_name=row["first_name"][:100],
                last_name=row["last_name"][:100],
                middle_name=row["middle_name"][:100],
                former_names=row["former_names"][:200],
                birth_date=born,
                email=row["email"][:254],
                sers_id=tidy_sers_id(row["sers_id"]) if row["sers_id"] else "",
            )
        )
    return people, faults


def person_of(conflict: IdentityConflict) -> Person:
    """The person of a conflict, as the sheet named them."""
    return Person(
        line=0,
        sid=conflict.sid,
        first_name=conflict.first_name,
        last_name=conflict.last_name,
        middle_name=conflict.middle_name,
        former_names=conflict.former_names,
        birth_date=conflict.birth_date,
        email=conflict.email,
    )


def can_keep_identities(user: User, college_id: int) -> bool:
    """The registrar of the college gives, decides and undoes its college IDs; nobody else does."""
    return stands_on(user, Role.REGISTRAR, college_id)


def why_not_give(college_id: int, student: Student, sid: str) -> Refusal | None:
    """A student has one ID at a college, and an ID is one student's."""
    standing = CollegeIdentity.objects.standing().filter(college=college_id)
    if standing.of(student).exists():
        return Refusal(
            "other_sid",
            "This student has an ID at this college already.",
            "Undo it first if it is wrong.",
        )
    if standing.filter(sid=sid).exists():
        return Refusal("sid_taken", f"{sid} is another student’s.", "Undo it there first if it is wrong.")
    return None


def next_sid(plan: TranscriptionPlan) -> str | None:
    """The next ID of a college's range: above every one ever given of it, undone ones too; None when it is used up."""
    if plan.sids != TranscriptionPlan.Sids.RANGE or plan.sid_from is None or plan.sid_to is None:
        return None
    last = CollegeIdentity.objects.filter(
        college=plan.college_year.college_id, sid__gte=str(plan.sid_from), sid__lte=str(plan.sid_to)
    ).aggregate(last=Max("sid"))["last"]
    number = int(last) + 1 if last else plan.sid_from
    return str(number) if number <= plan.sid_to else None


def ids_left(plan: TranscriptionPlan) -> int | None:
    """How many IDs a college's range still holds; None where the college gives them."""
    if plan.sids != TranscriptionPlan.Sids.RANGE or plan.sid_to is None:
        return None
    following = next_sid(plan)
    return plan.sid_to - int(following) + 1 if following else 0


def identities_of(
    visible: CollegeIdentityQuerySet, college: College | None, words: str
) -> CollegeIdentityQuerySet:
    """The college IDs of a college, undone ones too; of these words if there are any."""
    if college is None:
        return visible.none()
    found = visible.at(college)
    return found.found_by(words) if words else found


def identity_figures(college: College, year: AcademicYear) -> list[dict[str, str | int]]:
    """How many students of a college's year are known there, and how many are not; three queries."""
    students = (
        Registration.objects.filter(college=college, year=year, status=Registration.Status.COMPLETED)
        .order_by()
        .values_list(person_key())
        .distinct()
    )
    standing = CollegeIdentity.objects.standing().at(college)
    known = standing.alias(person=person_key()).filter(person__in=students).count()
    return [
        {"number": f"{known:,}", "meaning": f"students who completed a class of {year} have a college ID"},
        {"number": f"{students.count() - known:,}", "meaning": "have none"},
        {
            "number": f"{IdentityConflict.objects.open().at(college).count():,}",
            "meaning": "wait for a decision",
        },
    ]


@dataclass(frozen=True, slots=True)
class Side:
    """One candidate of a conflict: the facts beside the college's, and the ID the student has there already."""

    student: Student
    score: int
    facts: Sequence[Fact]
    has_sid: str


def sides_of(conflict: IdentityConflict) -> list[Side]:
    """The candidates of a conflict side by side, the likeliest first. `conflict` comes `in_full`."""
    person = person_of(conflict)
    return [
        Side(
            student=one.student,
            score=one.score,
            facts=likeness(person, one.student).facts,
            has_sid=next(
                (
                    identity.sid
                    for identity in one.student.identities.all()
                    if identity.college_id == conflict.college_id and identity.undone_at is None
                ),
                "",
            ),
        )
        for one in conflict.candidates.all()
    ]
