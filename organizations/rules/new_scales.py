"""A scale that is made: how its rows are read, what is wrong with them, what it says, and who makes it."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from itertools import groupby, pairwise

from django.db.models import Q, QuerySet

from accounts.access import Role, seats
from accounts.models import User
from organizations.models import College, Consortium, GradeScale, GradeScaleRow
from organizations.rules.scales import read_percent, rounded, scale_row


@dataclass(frozen=True, slots=True)
class Step:
    """One row of a scale as it is typed: `98-100 4.0 A`. `to` is None where only the beginning is given."""

    percent_from: Decimal
    to: Decimal | None
    points: Decimal | None
    letter: str


MOST_STEPS = 40


def read_steps(typed: str) -> list[Step]:
    """The rows of a scale, one a line: percent or range, points, letter; `-` where there is none of the two.

    Raises ValueError, naming the line, for what cannot be read.
    """
    steps = []
    for number, line in enumerate(typed.splitlines(), 1):
        words = line.replace("%", " ").replace("\u2013", "-").split()
        if not words:
            continue
        if len(words) != 3:
            raise ValueError(
                f"Line {number}: write the percent, the points and the letter, for example 96-97 3.9 A"
            )
        first, _, last = words[0].partition("-")
        try:
            percent_from, to = read_percent(first), read_percent(last) if last else None
        except ValueError:
            raise ValueError(f"Line {number}: enter percents from 0 to 100, for example 96-97") from None
        points = None if words[1] == "-" else _read_points(words[1])
        if words[1] != "-" and points is None:
            raise ValueError(f"Line {number}: enter points from 0 to 4.0, with one decimal, or -")
        letter = "" if words[2] == "-" else words[2]
        if len(letter) > 3 or (letter and not letter[0].isalpha()):
            raise ValueError(f"Line {number}: enter a letter grade such as B+, or -")
        if to is not None and to < percent_from:
            raise ValueError(f"Line {number}: the range goes from the lower percent to the higher one")
        steps.append(Step(percent_from, to, points, letter))
    if len(steps) > MOST_STEPS:
        raise ValueError(f"A scale has at most {MOST_STEPS} rows")
    return steps


def _read_points(word: str) -> Decimal | None:
    text = word.replace(",", ".")
    if not set(text) <= set("0123456789.") or text.count(".") > 1 or len(text) > 4:
        return None
    try:
        points = Decimal(text)
    except InvalidOperation:
        return None
    return points if 0 <= points <= 4 and points == points.quantize(Decimal("0.1")) else None


def faults_of(steps: Sequence[Step], rounding: str) -> list[str]:
    """What is wrong with the rows of a scale, in words: gaps, overlaps, points that rise as the percent falls,
    letters that come back. Empty for a sound one."""
    if not steps:
        return ["Enter at least one row"]
    faults = []
    ordered = sorted(steps, key=lambda step: -step.percent_from)
    least = Decimal("0.01") if rounding == GradeScale.Rounding.NONE else Decimal(1)
    top = ordered[0]
    if top.to is not None and top.to < 100:
        faults.append(f"Nothing is said above {_percent(top.to)}: the highest row ends at 100")
    for above, below in pairwise(ordered):
        if above.percent_from == below.percent_from:
            faults.append(f"Two rows begin at {_percent(below.percent_from)}")
        elif below.to is not None and below.to >= above.percent_from:
            faults.append(
                f"The rows from {_percent(below.percent_from)} and {_percent(above.percent_from)} overlap"
            )
        elif below.to is not None and above.percent_from - below.to > least:
            faults.append(f"Nothing is said between {_percent(below.to)} and {_percent(above.percent_from)}")
        if below.points is not None and above.points is not None and below.points > above.points:
            faults.append(
                f"{_percent(below.percent_from)} gives more points ({below.points}) than "
                f"{_percent(above.percent_from)} ({above.points})"
            )
    letters = [letter for letter, _ in groupby(step.letter for step in ordered) if letter]
    faults += [
        f"{letter} comes back below another letter"
        for letter in dict.fromkeys(letters)
        if letters.count(letter) > 1
    ]
    if any(step.points is None and not step.letter for step in ordered[:-1]):
        faults.append("Only the lowest row may give nothing")
    return faults


def preview_of(rows: Sequence[GradeScaleRow], rounding: str) -> list[tuple[str, str]]:
    """What every whole percent from 100 to 0 becomes, equal neighbours together: (`96 % to 97 %`, `3.9 A`)."""

    def grade(percent: int) -> str:
        row = scale_row(Decimal(percent), rows, rounding)
        return (str(row) if row is not None else "") or "nothing"

    found = []
    for words, group in groupby(range(100, -1, -1), key=grade):
        percents = list(group)
        high, low = _percent(Decimal(percents[0])), _percent(Decimal(percents[-1]))
        found.append((high if high == low else f"{low} to {high}", words))
    return found


def examples_of(rows: Sequence[GradeScaleRow], rounding: str) -> list[str]:
    """Where rounding decides: `95.5 % reads 95 % and is 3.8 A`, for a half below each of the three highest rows."""
    examples = []
    for row in sorted(rows, key=lambda row: -row.percent_from)[:3]:
        percent = row.percent_from - Decimal("0.5")
        if percent > 0:
            reached = scale_row(percent, rows, rounding)
            words = (str(reached) if reached is not None else "") or "nothing"
            examples.append(
                f"{_percent(percent)} reads {_percent(rounded(percent, rounding))} and is {words}"
            )
    return examples


def _percent(percent: Decimal) -> str:
    return f"{percent.normalize():f}\u00a0%"


# --- Who may ----------------------------------------------------------------------------------------------


def colleges_in_charge(user: User) -> QuerySet[College]:
    """The colleges whose rules a person keeps: of their consortium as its staff, their own as registrar."""
    return College.objects.filter(
        Q(pk__in=[seat.anchor for seat in seats(user, Role.REGISTRAR)])
        | Q(pk__in=Consortium.objects.filter(
            pk__in=[seat.anchor for seat in seats(user, Role.CONSORTIUM)]
        ).order_by().values("colleges"))
    ).order_by("name")  # fmt: skip


def can_keep_rules(user: User, college: College) -> bool:
    """Staff of the college's consortium and its registrar make its scales and set its years."""
    return colleges_in_charge(user).filter(pk=college.pk).exists()
