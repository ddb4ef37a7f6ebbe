"""What a sheet of a college would do if it were applied now: row by row, and what is wrong with it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sers.lib.refusal import Refusal
from sers.lib.sheets import Column, Fault, read_sheet
from students.models import Registration, Student, person_key
from transcripts.models import (
    CollegeIdentity,
    IdentityCandidate,
    IdentityConflict,
    PostingEvent,
    SheetImport,
    TermActivation,
)
from transcripts.rules.identities import (
    CONFLICT,
    KNOWN,
    MATCHED,
    NOBODY,
    SID_COLUMNS,
    Match,
    Person,
    folded,
    match,
    read_people,
)
from transcripts.rules.worksheets import (
    ACTIVATION_COLUMNS,
    CONFIRMATION_COLUMNS,
    NOTICE_SIGN,
    Said,
    fitting_awards,
    read_activations,
    read_confirmations,
)

Kind = SheetImport.Kind

#: The columns of each kind of sheet, as the page documents them.
COLUMNS: Final[dict[str, Sequence[Column]]] = {
    Kind.SIDS: SID_COLUMNS,
    Kind.ACTIVATIONS: ACTIVATION_COLUMNS,
    Kind.CONFIRMATIONS: CONFIRMATION_COLUMNS,
}


@dataclass(frozen=True, slots=True)
class Shown:
    """One row of a look at a sheet: its line, who or what it is about, what would become of it."""

    line: int
    about: str
    outcome: str
    tag: str
    note: str = ""
    #: Whose records the row shows something of.
    students: tuple[Student, ...] = ()


@dataclass(frozen=True, slots=True)
class Look:
    """What applying a sheet would do; with faults it cannot be applied at all."""

    faults: Sequence[Fault]
    matches: Sequence[Match] = ()
    activations: Sequence[tuple[str, str, bool]] = ()
    said: Sequence[Said] = ()

    @property
    def rows(self) -> int:
        return len(self.matches) or len(self.activations) or len(self.said)

    @property
    def added(self) -> int:
        """New rows that stand by themselves."""
        return (
            sum(1 for one in self.matches if one.outcome == MATCHED)
            + sum(1 for _, _, known in self.activations if not known)
            + sum(1 for one in self.said if not one.known and one.award_id is not None)
        )

    @property
    def known(self) -> int:
        return (
            sum(1 for one in self.matches if one.outcome == KNOWN)
            + sum(1 for _, _, known in self.activations if known)
            + sum(1 for one in self.said if one.known)
        )

    @property
    def kept(self) -> int:
        """Rows a person must look at: conflicts, people nobody fits, confirmations of credit we did not export."""
        return self.rows - self.added - self.known

    @property
    def shown(self) -> list[Shown]:
        """The rows in the words of the page, those a person must look at first."""
        rows = [_of_match(one) for one in self.matches] + [_of_said(one) for one in self.said]
        rows += [
            Shown(
                0, f"{sid}, term {term}", "Known already" if known else "Active", "quiet" if known else "done"
            )
            for sid, term, known in self.activations
        ]
        order = {"two": 0, "wait": 1, "done": 2, "quiet": 3}
        return sorted(rows, key=lambda row: (order[row.tag], row.line))


def _of_match(one: Match) -> Shown:
    person = one.person
    about = f"{person.sid}, {person.first_name} {person.last_name}".rstrip()
    if one.outcome == CONFLICT:
        label = str(one.kind.label) if one.kind else ""
        near = ", ".join(f"{found.student.name} ({found.score})" for found in one.candidates[:2])
        return Shown(
            person.line, about, label, "two", near, tuple(found.student for found in one.candidates[:2])
        )
    if one.outcome == NOBODY:
        return Shown(
            person.line,
            about,
            "Nobody fits",
            "wait",
            "Not registered at this college, or written differently",
        )
    if one.outcome == KNOWN or one.student is None:
        return Shown(person.line, about, "Known already", "quiet")
    return Shown(
        person.line,
        about,
        "Matched",
        "done",
        f"{one.student.name}, {one.student.sers_id}, score {one.score}",
        (one.student,),
    )


def students_of(rows: Iterable[Shown | Fault]) -> list[Student]:
    """The students some rows of a look tell of."""
    return [student for row in rows if isinstance(row, Shown) for student in row.students]


def _of_said(one: Said) -> Shown:
    about = f"{one.sid}, Course ID {one.course_id}, term {one.term}"
    word = str(one.kind.label)
    if one.known:
        return Shown(one.line, about, "Known already", "quiet", word)
    if one.award_id is None:
        return Shown(
            one.line,
            about,
            "In no worksheet",
            "wait",
            f"{word}. It is kept, and listed under Exported and posted",
        )
    return Shown(one.line, about, word, "done", one.grade)


def look_at(sheet: SheetImport) -> Look:
    """What this sheet would do now. Asked for the page, and again when it is applied."""
    rows, faults = read_sheet(sheet.text, COLUMNS[sheet.kind], ignore=NOTICE_SIGN)
    if faults:
        return Look(faults)
    if sheet.kind == Kind.SIDS:
        people, faults = read_people(rows)
        return Look(faults) if faults else Look((), matches=_matches(sheet, people))
    if sheet.kind == Kind.ACTIVATIONS:
        pairs, faults = read_activations(rows)
        known = set(
            TermActivation.objects.filter(
                college=sheet.college, term__in={term for _, term in pairs}
            ).values_list("sid", "term")
        )
        return Look(faults, activations=[] if faults else [(*pair, pair in known) for pair in pairs])
    said, faults = read_confirmations(rows)
    return Look(faults) if faults else Look((), said=_fitted(sheet, said))


def _matches(sheet: SheetImport, people: Sequence[Person]) -> list[Match]:
    """Each person of a sheet beside the students of the college: six queries, however many rows."""
    college = sheet.college
    registered = Registration.objects.filter(college=college).order_by()
    students = list(
        Student.objects.living()
        .filter(pk__in=registered.values_list(person_key()))
        .select_related("user")
        .order_by("id")
    )
    # A college may know a student by the name, date or ID of a record that was merged into this one.
    stands = {student.pk: student for student in students}
    merged = Student.objects.merged_away().filter(merged_into__in=list(stands)).select_related("user")
    by_fact: dict[tuple[str, ...], list[Student]] = {}
    for record in [*students, *merged.order_by("id")]:
        for fact in _facts(
            record, record.birth_date, (record.first_name, record.middle_name, record.last_name)
        ):
            by_fact.setdefault(fact, []).append(stands[record.merged_into_id or record.pk])
    standing = list(
        CollegeIdentity.objects.standing().at(college).order_by("id").values_list(person_key(), "sid")
    )
    sid_of, student_of = dict(standing), {sid: student for student, sid in standing}
    rejected = frozenset(
        IdentityCandidate.objects.filter(
            conflict__college=college, conflict__decision=IdentityConflict.Decision.NOBODY
        )
        .order_by()
        .values_list("conflict__sid", person_key())
    )
    undone = frozenset(
        CollegeIdentity.objects.at(college)
        .filter(undone_at__isnull=False)
        .order_by()
        .values_list("sid", person_key())
    )
    found = []
    for person in people:
        near: dict[int, Student] = {}
        for fact in _facts(person, person.birth_date, (person.first_name,)):
            near.update({one.pk: one for one in by_fact.get(fact, ())})
        result = match(
            person, near.values(), sid_of=sid_of, student_of=student_of, rejected=rejected, undone=undone
        )
        if result.outcome == MATCHED and result.student is not None:
            # Later rows of the same sheet meet what this one says.
            sid_of[result.student.pk], student_of[person.sid] = person.sid, result.student.pk
        found.append(result)
    return found


def _facts(one: Person | Student, born: date, first_names: Iterable[str]) -> set[tuple[str, ...]]:
    """What people are looked up by: birth date, e-mail, ID, or a part of a last name with the first letter of a first
    name. Whoever shares none of it cannot come near: a last name alone counts 25, and a date that nearly agrees 10."""
    facts: set[tuple[str, ...]] = {("born", born.isoformat())}
    letters = {folded(name)[:1] for name in first_names}
    for names in (one.last_name, one.former_names):
        facts |= {("name", word, letter) for word in folded(names).split() for letter in letters}
    if one.email:
        facts.add(("email", one.email.casefold()))
    if one.sers_id:
        facts.add(("id", one.sers_id.upper()))
    return facts


def _fitted(sheet: SheetImport, said: Sequence[Said]) -> list[Said]:
    """Each line with the award it fits, and whether ctcLink said it before; two queries."""
    awards = fitting_awards(sheet.college, ((one.sid, one.term, one.course_id) for one in said))
    known = Counter(
        PostingEvent.objects.filter(college=sheet.college, sid__in={one.sid for one in said})
        .order_by()
        .values_list("sid", "term", "course_id", "kind", "on", "grade")
    )
    fitted = []
    for one in said:
        key = (one.sid, one.term, one.course_id, one.kind.value, one.on, one.grade)
        fitted.append(
            Said(
                one.line, one.sid, one.term, one.course_id, one.grade, one.kind, one.on,
                awards.get((one.sid, one.term, one.course_id)), bool(known[key]),
            )
        )  # fmt: skip
        known[key] += 1
    return fitted


def why_not_apply(sheet: SheetImport, look: Look) -> Refusal | None:
    """A sheet is applied once, whole, and only when no row of it is wrong."""
    if not sheet.is_waiting:
        return Refusal("decided", f"This sheet was {sheet.get_state_display().lower()} already.")
    if look.faults:
        count = len(look.faults)
        return Refusal(
            "faults",
            f"{count} row{' is' if count == 1 else 's are'} wrong. Nothing was applied.",
            "Put them right in the sheet and hand it in again.",
        )
    return None
