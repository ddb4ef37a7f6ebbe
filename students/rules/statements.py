"""Lines of a bank's or shop's file: read by columns that a consortium names, and matched to who owes."""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, Final

from accounts.access import Role, stands_on
from accounts.models import User
from sers.lib.folding import fold
from sers.lib.refusal import Refusal
from sers.lib.sheets import read_day
from sers.lib.tags import dollars
from students.rules.identity import tidy_sers_id

MOST_STATEMENT_ROWS: Final = 5000
#: Heads that banks and shops use, as we have seen them.
_DAYS: Final = ("date", "posting date", "transaction date", "paid on", "order date", "created")
_AMOUNTS: Final = ("amount", "credit", "total", "paid", "gross", "deposit")
_WORDS: Final = (
    "description",
    "memo",
    "reference",
    "details",
    "note",
    "name",
    "payer",
    "sers id",
    "order",
    "customer",
)
_ID: Final = re.compile(r"\bTP[\s-]?\d[\s-]?\d{2}[\s-]?\d{3,4}(?:[\s-]?\d)?\b", re.IGNORECASE)
_REFERENCE: Final = re.compile(r"\bR-([23456789A-HJKMNP-Z]{10})\b", re.IGNORECASE)
_PAYMENT: Final = re.compile(r"\bP-([23456789A-HJKMNP-Z]{8})\b", re.IGNORECASE)


class Match(StrEnum):
    """What a line is about."""

    EXACT = "exact"
    NAME = "name"
    AMBIGUOUS = "ambiguous"
    UNMATCHED = "unmatched"
    KNOWN = "known"
    PASSED = "passed"
    FAULT = "fault"


#: How each is told: the tag's shape and its words.
MATCH_TAGS: Final[Mapping[str, tuple[str, str]]] = {
    Match.EXACT: ("done", "Matched"),
    Match.NAME: ("done", "Matched by name and amount"),
    Match.AMBIGUOUS: ("two", "More than one student"),
    Match.UNMATCHED: ("wait", "Unmatched"),
    Match.KNOWN: ("quiet", "Here already"),
    Match.PASSED: ("quiet", "No payment"),
    Match.FAULT: ("stop", "To be corrected"),
}


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns of a file hold the day, the amount, and what the payer wrote; by their place, from 0."""

    paid_on: int | None
    amount: int | None
    words: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a file as it was read; `fault` says what is wrong with it."""

    number: int
    paid_on: date | None
    amount: Decimal
    words: str
    fingerprint: str = ""
    fault: str = ""

    @property
    def ids(self) -> list[str]:
        """The CTE Dual Credit IDs in its words, as they are kept."""
        found = (tidy_sers_id(hit) for hit in _ID.findall(self.words))
        return list(dict.fromkeys(one for one in found if one))

    @property
    def references(self) -> list[str]:
        """The references of registrations in its words."""
        return list(dict.fromkeys(f"R-{hit.upper()}" for hit in _REFERENCE.findall(self.words)))

    @property
    def payments(self) -> list[str]:
        """The numbers of payments in its words."""
        return list(dict.fromkeys(f"P-{hit.upper()}" for hit in _PAYMENT.findall(self.words)))


@dataclass(frozen=True, slots=True)
class Debt:
    """What one student owes a consortium in fees, and how they are named."""

    student: int
    name: str
    sers_id: str
    folded: str
    owed: Decimal
    fees: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Matched:
    """What a line is found to be: of which student, or which of several, and what comes of it in words."""

    line: Line
    match: Match
    told: str
    student: int | None = None
    fees: tuple[int, ...] = ()
    payment: int | None = None

    @property
    def tag(self) -> tuple[str, str]:
        return MATCH_TAGS[self.match]


def can_reconcile(user: User, consortium_id: int) -> bool:
    """Staff of the consortium hand in its bank files and match what is left."""
    return stands_on(user, Role.CONSORTIUM, consortium_id)


def guessed_columns(heads: Sequence[str], kept: Mapping[str, Any]) -> dict[str, Any]:
    """Which heads hold what: as it was said last, where the heads are the same; else as their words sound."""
    if kept and {kept.get("paid_on"), kept.get("amount"), *kept.get("words", [])} <= set(heads):
        return dict(kept)
    plain = {head: " ".join(fold(head).split()) for head in heads}

    def first(wanted: Sequence[str]) -> str:
        return next((head for word in wanted for head in heads if word in plain[head]), "")

    paid_on, amount = first(_DAYS), first(_AMOUNTS)
    words = [
        head for head in heads if head not in (paid_on, amount) and any(one in plain[head] for one in _WORDS)
    ]
    return {"paid_on": paid_on, "amount": amount, "words": words}


def why_not_columns(heads: Sequence[str], named: Mapping[str, Any]) -> Refusal | None:
    """A file has a column for the day, another for the amount, and at least one for what the payer wrote."""
    words = list(named.get("words", []))
    if named.get("paid_on") not in heads or named.get("amount") not in heads:
        return Refusal("no_column", "Name the columns of the day and of the amount.", "")
    if not words or not set(words) <= set(heads):
        return Refusal("no_words", "Name at least one column with what the payer wrote.", "")
    if named["paid_on"] == named["amount"]:
        return Refusal("one_column", "Day and amount stand in different columns.", "Name two.")
    return None


def lines_of(rows: Sequence[Sequence[str]], named: Mapping[str, Any]) -> list[Line]:
    """The lines below the heads. Two equal lines of one file are two payments; the same line in another file is not."""
    heads = list(rows[0]) if rows else []
    at = Columns(
        _place(heads, named.get("paid_on", "")),
        _place(heads, named.get("amount", "")),
        tuple(place for head in named.get("words", []) if (place := _place(heads, head)) is not None),
    )
    seen: dict[str, int] = {}
    lines = []
    for number, row in enumerate(rows[1:], start=2):
        if not any(cell.strip() for cell in row):
            continue
        line = _line(number, row, at)
        if not line.fault:
            facts = f"{line.paid_on}|{line.amount}|{fold(line.words)}"
            seen[facts] = seen.get(facts, 0) + 1
            fingerprint = hashlib.sha256(f"{facts}|{seen[facts]}".encode()).hexdigest()
            line = Line(line.number, line.paid_on, line.amount, line.words, fingerprint)
        lines.append(line)
    return lines


def _place(heads: Sequence[str], head: str) -> int | None:
    return heads.index(head) if head in heads else None


def _line(number: int, row: Sequence[str], at: Columns) -> Line:
    def cell(place: int | None) -> str:
        return row[place].strip() if place is not None and place < len(row) else ""

    words = " ".join(filter(None, (cell(place) for place in at.words)))[:300]
    typed_day, typed_amount = cell(at.paid_on).split("T")[0].split(" ")[0], cell(at.amount)
    paid_on, amount = read_day(typed_day), read_amount(typed_amount)
    if amount is None:
        return Line(number, paid_on, Decimal(0), words, fault=f"“{typed_amount[:30]}” is not an amount")
    if amount > 0 and paid_on is None:
        return Line(number, None, amount, words, fault=f"“{typed_day[:30]}” is not a day such as 6/15/2026")
    return Line(number, paid_on, amount, words)


def read_amount(typed: str) -> Decimal | None:
    """`$1,250.00`, `50`, `(20.00)` for money that went out; an empty cell is 0; None for anything else."""
    text = typed.replace("$", "").replace(",", "").replace("USD", "").strip()
    if not text:
        return Decimal(0)
    if text.startswith("(") and text.endswith(")"):
        text = f"-{text[1:-1]}"
    if not re.fullmatch(r"[+-]?[0-9]{1,7}(\.[0-9]{1,2})?", text):
        return None
    try:
        return Decimal(text).quantize(Decimal("0.01"))
    except InvalidOperation:
        return None


def match_line(
    line: Line,
    *,
    known: Mapping[str, int],
    students: Mapping[str, int],
    by_reference: Mapping[str, int],
    debts: Mapping[int, Debt],
    names: Mapping[int, str],
) -> Matched:
    """What a line is about: a payment that is here, one student by ID or reference, or by name and exactly what they
    owe; never a guess between two. `known` maps payment numbers to keys, `students` IDs, `by_reference` references."""
    if line.fault:
        return Matched(line, Match.FAULT, line.fault)
    if line.amount <= 0:
        return Matched(line, Match.PASSED, "Money that went out, or none")
    for number in (*line.payments, *line.words.split()):
        if number in known:
            return Matched(line, Match.KNOWN, "A payment that is in SERS already", payment=known[number])
    meant = {students[one] for one in line.ids if one in students}
    meant |= {by_reference[one] for one in line.references if one in by_reference}
    if len(meant) > 1:
        return Matched(line, Match.AMBIGUOUS, "It names two students")
    if meant:
        (student,) = meant
        return Matched(
            line, Match.EXACT, _comes_of(line.amount, debts.get(student), names[student]), student,
            debts[student].fees if student in debts else (),
        )  # fmt: skip
    if line.ids or line.references:
        return Matched(line, Match.UNMATCHED, "Its ID or reference is of nobody in this consortium")
    words = f" {fold(line.words)} "
    named = [debt for debt in debts.values() if _is_named(debt.folded, words)]
    exact = [debt for debt in named if debt.owed == line.amount]
    if len(exact) == 1 and len(named) == 1:
        debt = exact[0]
        return Matched(line, Match.NAME, _comes_of(line.amount, debt, debt.name), debt.student, debt.fees)
    if named:
        some = "; ".join(f"{debt.name}, {debt.sers_id}, owes {dollars(debt.owed)}" for debt in named[:3])
        return Matched(line, Match.AMBIGUOUS, f"It may be of: {some}")
    return Matched(line, Match.UNMATCHED, "It names no ID, no reference, and nobody who owes this")


def _is_named(folded: str, words: str) -> bool:
    """Do all parts of the name stand in the words?"""
    return all(f" {part} " in words for part in folded.split())


def _comes_of(amount: Decimal, debt: Debt | None, name: str) -> str:
    """What comes of money of a student: the fee is Processed, something is still owed, or left over to give back."""
    if debt is None or debt.owed == 0:
        return f"{name} owes nothing: {dollars(amount)} to give back"
    if amount == debt.owed:
        return f"{name} owes {dollars(debt.owed)}: paid in full"
    if amount < debt.owed:
        return f"{name} owes {dollars(debt.owed)}: {dollars(debt.owed - amount)} still to come"
    return f"{name} owes {dollars(debt.owed)}: {dollars(amount - debt.owed)} too much, to give back"


def less(debt: Debt, paid: Decimal) -> Debt:
    """A debt after some of it was paid: two lines of one file for one student are told one after the other."""
    return replace(debt, owed=max(debt.owed - paid, Decimal(0)))


def why_not_save_statement(matched: Iterable[Matched]) -> Refusal | None:
    """All or nothing: a line that cannot be read keeps the whole file out."""
    faults = sum(one.match == Match.FAULT for one in matched)
    if not faults:
        return None
    return Refusal(
        "faults",
        f"{faults} line{' has' if faults == 1 else 's have'} to be corrected.",
        "Name other columns, or correct the file and hand it in again.",
    )


def tally_of(matched: Sequence[Matched]) -> list[tuple[int, str, str]]:
    """How many lines of each kind: number, words, the tag's shape; those that are none left out."""
    found = []
    for match, (state, label) in MATCH_TAGS.items():
        number = sum(one.match == match for one in matched)
        if number:
            found.append((number, label, state))
    return found


def faults_first(matched: Sequence[Matched]) -> list[Matched]:
    """Lines to correct first, then those that match nobody, then the others, each in the order of the file."""
    order = [Match.FAULT, Match.AMBIGUOUS, Match.UNMATCHED]
    return sorted(matched, key=lambda one: order.index(one.match) if one.match in order else len(order))


def why_not_set_aside(reason: str) -> Refusal | None:
    """Who sets money aside says why."""
    if reason.strip():
        return None
    return Refusal("no_reason", "Setting aside needs a reason.", "Enter it: it stays with the line.")
