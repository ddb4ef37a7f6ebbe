"""When a class is complete, and what its verification sheet says."""

from dataclasses import dataclass

from accounts.models import User
from articulations.models import Section
from grading.models import ClassCompletion, RosterRow, teaches
from sers.lib.refusal import Refusal
from students.models import Registration

Status = Registration.Status


@dataclass(frozen=True, slots=True)
class Sums:
    """The students of a class by status."""

    completed: int
    not_attained: int
    ended: int
    blank: int

    @property
    def students(self) -> int:
        return self.completed + self.not_attained + self.ended + self.blank


def sums_of(rows: list[RosterRow]) -> Sums:
    """How many of a class stand where."""
    statuses = [row.status for row in rows]
    return Sums(
        completed=statuses.count(Status.COMPLETED),
        not_attained=statuses.count(Status.NOT_ATTAINED),
        ended=sum(statuses.count(status) for status in Registration.ENDED),
        blank=statuses.count(Status.IN_PROGRESS),
    )


def can_declare_complete(user: User, section: Section) -> bool:
    """A teacher of the class declares it complete."""
    return teaches(user, section)


def why_not_declare(sums: Sums, last: ClassCompletion | None) -> Refusal | None:
    """A class is complete when every student has a grade or has left; it is declared once for the same students."""
    if not sums.students:
        return Refusal("no_students", "No student is registered for this class.")
    if sums.blank:
        are = "student has" if sums.blank == 1 else "students have"
        return Refusal(
            "blank",
            f"{sums.blank} {are} neither a grade nor a status.",
            "Enter a grade, or set Withdrawn or Not in Class.",
        )
    if last is not None and declaration_stands(last, sums):
        return Refusal("declared", f"{last.declared_by.name} has declared this class complete.")
    return None


def declaration_stands(completion: ClassCompletion, sums: Sums) -> bool:
    """Does a declaration still say what is so? A late registration or a changed grade asks for a new one."""
    said = (completion.completed, completion.not_attained, completion.ended)
    return not sums.blank and said == (sums.completed, sums.not_attained, sums.ended)
