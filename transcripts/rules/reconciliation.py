"""Whether what SERS exported is what ctcLink posted, credit by credit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db import models

from organizations.models import AcademicYear, College, CollegeYear
from students.models import list_name, of_person
from transcripts.models import CreditAward, PostingEvent, WorksheetRow
from transcripts.rules.credit import plan_of
from transcripts.rules.worksheets import (
    Field,
    chains,
    columns_of,
    exported,
    held_by_ctclink,
    official_grade,
    said_of,
    same_grade,
    term_of,
)


class Difference(models.TextChoices):
    """Where SERS and ctcLink do not say the same of a credit."""

    NOT_EXPORTED = "not_exported", "Not in a worksheet yet"
    CORRECTED = "corrected", "Corrected since: post it again"
    RETURNED = "returned", "ctcLink did not take it"
    AGAIN = "again", "To be exported again"
    TAKEN_BACK = "taken_back", "Taken back, and still in ctcLink"
    NO_ANSWER = "no_answer", "Exported, nothing heard"
    NOT_POSTED = "not_posted", "Accepted, not posted"
    OTHER_GRADE = "other_grade", "Posted with another grade"


#: The one action for each difference, and the state of its tag.
DIFFERENCE_ACTIONS: Final[Mapping[Difference, tuple[str, str]]] = {
    Difference.NOT_EXPORTED: ("Make the next worksheet", "wait"),
    Difference.CORRECTED: ("Make the next worksheet", "two"),
    Difference.RETURNED: ("Make the next worksheet", "stop"),
    Difference.AGAIN: ("Make the next worksheet", "wait"),
    Difference.TAKEN_BACK: ("Delete it in ctcLink, then say so", "stop"),
    Difference.NO_ANSWER: ("Put it into the next worksheet", "wait"),
    Difference.NOT_POSTED: ("Post it in ctcLink, then import the confirmation", "progress"),
    Difference.OTHER_GRADE: ("Put it into the next worksheet", "stop"),
}


def difference_of(
    *,
    row: Mapping[str, Any] | None,
    said: Sequence[Mapping[str, Any]],
    was_out: bool,
) -> Difference | None:
    """Where one award stands between SERS and ctcLink; None when both say the same. What was said last counts."""
    if row is None:
        return Difference.CORRECTED if was_out else Difference.NOT_EXPORTED
    # An answer may reach SERS before the second worksheet is made: it is about the credit, not about the sheet.
    last = said[-1] if said else None
    waits = {
        PostingEvent.Kind.RETURNED: Difference.RETURNED,
        PostingEvent.Kind.AGAIN: Difference.AGAIN,
    }
    if last is not None and last["kind"] in waits:
        return waits[last["kind"]] if last["said_at"] > row["at"] else Difference.NO_ANSWER
    posted = [one for one in said if one["kind"] == PostingEvent.Kind.POSTED]
    if posted:
        grade = posted[-1]["grade"]
        return Difference.OTHER_GRADE if grade and not same_grade(grade, row["grade"]) else None
    return Difference.NOT_POSTED if said else Difference.NO_ANSWER


@dataclass(frozen=True, slots=True)
class Reconciled:
    """One award in the account of exported against posted; `link` names it on the page."""

    link: str
    student_key: str
    student: str
    course_code: str
    grade: str
    sid: str
    worksheet: int | None
    posted_on: date | None
    posted_grade: str
    difference: Difference | None

    @property
    def action(self) -> str:
        return DIFFERENCE_ACTIONS[self.difference][0] if self.difference else ""

    @property
    def tag(self) -> str:
        return DIFFERENCE_ACTIONS[self.difference][1] if self.difference else "done"


@dataclass(frozen=True, slots=True)
class Account:
    """A college's year: every credit by where it stands, and what ctcLink says of credit we do not know."""

    rows: Sequence[Reconciled]
    unmatched: Sequence[PostingEvent]

    @property
    def by_difference(self) -> dict[Difference, int]:
        counted: dict[Difference, int] = {}
        for row in self.rows:
            if row.difference is not None:
                counted[row.difference] = counted.get(row.difference, 0) + 1
        return {one: counted[one] for one in Difference if one in counted}

    @property
    def posted(self) -> int:
        return sum(1 for row in self.rows if row.difference is None)

    @property
    def exported(self) -> int:
        return sum(1 for row in self.rows if row.worksheet is not None)

    def differing(self, difference: str = "") -> list[Reconciled]:
        """Credit of which SERS and ctcLink do not say the same; of one kind of difference if it is given."""
        return [row for row in self.rows if row.difference and difference in ("", row.difference)]

    @property
    def lines(self) -> list[tuple[str, int]]:
        """What became of every credit awarded, for totals that must add up."""
        return [
            ("Posted in ctcLink", self.posted),
            *((str(one.label), count) for one, count in self.by_difference.items()),
        ]

    @property
    def agree(self) -> bool:
        return not self.by_difference and not self.unmatched


def reconcile(college: College, year: AcademicYear) -> Account:
    """Every credit of a college and year: exported, and what ctcLink said of it. Eight queries at any size."""
    style = next(one.value for one in columns_of(college) if one.field == Field.GRADE)
    rows, said = exported(college, year), said_of(college, year)
    awards = list(
        CreditAward.objects.standing()
        .filter(college=college, year=year)
        .order_by(of_person("sort_name"), "course_code", "id")
        .values(
            "id", "link", "course_code", "points", "letter", "supersedes_id",
            key=of_person("public_id"),
            first_name=of_person("first_name"),
            last_name=of_person("last_name"),
        )
    )  # fmt: skip
    before = chains(awards)
    account = []
    for one in awards:
        row = rows.get(one["id"])
        was_out = bool(before[one["id"]] & rows.keys())
        heard = said.get(one["id"], ())
        posted = [event for event in heard if event["kind"] == PostingEvent.Kind.POSTED]
        account.append(
            Reconciled(
                link=one["link"],
                student_key=str(one["key"]),
                student=list_name(one["last_name"], one["first_name"]),
                course_code=one["course_code"],
                grade=row["grade"] if row else official_grade(one["points"], one["letter"], style),
                sid=row["sid"] if row else "",
                worksheet=row["number"] if row else None,
                posted_on=posted[-1]["on"] if posted else None,
                posted_grade=posted[-1]["grade"] if posted else "",
                difference=difference_of(row=row, said=heard, was_out=was_out),
            )
        )
    account += _to_remove(college, year, rows, said)
    return Account(account, unmatched_lines(college, year))


def unmatched_lines(college: College, year: AcademicYear) -> list[PostingEvent]:
    """What ctcLink says of credit no worksheet holds, in this year's term, or in a term that is no year's.

    A mistyped term belongs to no year: it is listed under each until somebody has looked at it.
    """
    terms = {
        one.year_id: term_of(plan_of(one), one.year)
        for one in CollegeYear.objects.filter(college=college).select_related("college", "year", "plan")
    }
    own = terms.get(year.pk) or term_of(plan_of(None), year)
    return list(
        PostingEvent.objects.unmatched()
        .filter(college=college)
        .exclude(term__in={term for pk, term in terms.items() if pk != year.pk} - {own})
    )


def _to_remove(
    college: College,
    year: AcademicYear,
    rows: Mapping[int, Mapping[str, Any]],
    said: Mapping[int, Sequence[Mapping[str, Any]]],
) -> list[Reconciled]:
    """Credit SERS took back that ctcLink holds as far as SERS knows: a person deletes it there. Two queries at most."""
    taken_back = list(
        CreditAward.objects.taken_back()
        .filter(college=college, year=year)
        .order_by(of_person("sort_name"), "course_code", "id")
        .values(
            "id", "link", "course_code", "supersedes_id",
            key=of_person("public_id"),
            first_name=of_person("first_name"),
            last_name=of_person("last_name"),
        )
    )  # fmt: skip
    before = chains(taken_back)
    found = []
    for one in taken_back:
        grade = held_by_ctclink(one["id"], before, rows, said)
        if not grade:
            continue
        last = max((rows[pk] for pk in before[one["id"]] if pk in rows), key=lambda row: row["number"])
        found.append(
            Reconciled(
                link=one["link"],
                student_key=str(one["key"]),
                student=list_name(one["last_name"], one["first_name"]),
                course_code=one["course_code"],
                grade=grade,
                sid=last["sid"],
                worksheet=last["number"],
                posted_on=None,
                posted_grade=grade,
                difference=Difference.TAKEN_BACK,
            )
        )
    return found


def row_to_remove(award: CreditAward) -> WorksheetRow | None:
    """The last worksheet row of the credit that this one took back; None where nothing was exported."""
    if not award.takes_back:
        return None
    (thread,) = chains([{"id": award.pk, "supersedes_id": award.supersedes_id}]).values()
    found: WorksheetRow | None = (
        WorksheetRow.objects.filter(award__in=thread)
        .select_related("batch")
        .order_by("-batch__number")
        .first()
    )
    return found
