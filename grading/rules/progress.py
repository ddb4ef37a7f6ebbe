"""How far grading is: by class and by high school, counted where the person looks after the credit."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from accounts.models import User
from articulations.models import Section
from grading.models import ClassCompletion, class_part
from grading.rules.completion import Sums, declaration_stands
from organizations.models import AcademicYear, HighSchool
from students.models import Registration

Status = Registration.Status
#: What a list keeps: everything, classes with blanks, those that could be declared complete, those that are.
SHOWN: Final = ("", "blank", "ready", "complete")


@dataclass(frozen=True, slots=True)
class ClassProgress:
    """One class in the overview."""

    key: str
    title: str
    part: str
    school: str
    district: str
    teachers: Sequence[str]
    sums: Sums
    completion: ClassCompletion | None

    @property
    def state(self) -> tuple[str, str]:
        """The tag of a class: `wait`, `Blanks`."""
        if self.sums.blank:
            return "wait", "Blanks"
        if self.completion is None:
            return "progress", "Not declared"
        if declaration_stands(self.completion, self.sums):
            return "done", "Complete"
        return "two", "Changed since"


@dataclass(frozen=True, slots=True)
class SchoolProgress:
    """One high school in the overview."""

    key: str
    school: str
    district: str
    classes: int
    sums: Sums


@dataclass(frozen=True, slots=True)
class Kept:
    """What the filters of the overview keep."""

    year: AcademicYear
    school: str = ""
    district: str = ""
    show: str = ""


def graded_by(user: User, kept: Kept) -> QuerySet[Registration]:
    """The registrations the overview counts: of that year, within the person's reach and the filters."""
    found = Registration.objects.visible_to(user).of_year(kept.year)
    if kept.school:
        found = found.filter(high_school_course__school__public_id=kept.school)
    if kept.district:
        found = found.filter(high_school_course__school__district__public_id=kept.district)
    return found


def classes_to_grade(user: User, kept: Kept) -> QuerySet[Section]:
    """The classes of those registrations, by school and class; with blanks, ready or complete if that is asked."""
    counted = graded_by(user, kept)
    sections = Section.objects.filter(year=kept.year, pk__in=counted.order_by().values("section"))
    if kept.show:
        blank = Exists(Registration.objects.filter(section=OuterRef("pk"), status=Status.IN_PROGRESS))
        declared = Exists(ClassCompletion.objects.filter(section=OuterRef("pk")))
        sections = sections.filter(
            {"blank": blank, "ready": ~blank & ~declared, "complete": ~blank & declared}[kept.show]
        )
    return sections.order_by(
        "high_school_course__school__name",
        "high_school_course__school_id",
        "high_school_course__folded",
        "label",
        "pk",
    )


def sums_by(counted: QuerySet[Registration], column: str) -> dict[int, Sums]:
    """Registrations by status, for each value of a column; one query."""
    numbers = {
        name: Count("pk", filter=condition)
        for name, condition in {
            "completed": Q(status=Status.COMPLETED),
            "not_attained": Q(status=Status.NOT_ATTAINED),
            "ended": Q(status__in=Registration.ENDED),
            "blank": Q(status=Status.IN_PROGRESS),
        }.items()
    }
    return {row.pop(column): Sums(**row) for row in counted.order_by().values(column).annotate(**numbers)}


def total_of(sums: Iterable[Sums]) -> Sums:
    """Several sums as one."""
    listed = list(sums)
    return Sums(
        *(
            sum(getattr(one, name) for one in listed)
            for name in ("completed", "not_attained", "ended", "blank")
        )
    )


def classes_in_words(user: User, kept: Kept, sections: Sequence[dict[str, Any]]) -> list[ClassProgress]:
    """Rows of classes as the overview shows them; three queries, however many classes."""
    ids = [row["id"] for row in sections]
    sums = sums_by(graded_by(user, kept).filter(section__in=ids), "section")
    teachers = Section.objects.taught_by(ids)
    declared = ClassCompletion.objects.last_of(ids)
    nothing = Sums(0, 0, 0, 0)
    return [
        ClassProgress(
            str(row["public_id"]),
            row["title"],
            class_part(row["label"], row["term"]),
            row["school"],
            row["district"],
            teachers.get(row["id"], []),
            sums.get(row["id"], nothing),
            declared.get(row["id"]),
        )
        for row in sections
    ]


def as_listed(sections: QuerySet[Section]) -> Any:
    """Classes as plain values for `classes_in_words`."""
    return sections.values(
        "id", "public_id", "label", "term",
        title=F("high_school_course__title"),
        school=F("high_school_course__school__name"),
        district=F("high_school_course__school__district__name"),
    )  # fmt: skip


def schools_in_words(sums: dict[int, Sums], sections: QuerySet[Section]) -> list[SchoolProgress]:
    """Rows of high schools as the overview shows them, those with most blanks first; two queries."""
    classes = dict(sections.order_by().values_list("high_school_course__school").annotate(number=Count("pk")))
    schools = HighSchool.objects.filter(pk__in=sums).order_by("name", "pk")
    rows = [
        SchoolProgress(str(key), name, district, classes.get(pk, 0), sums[pk])
        for pk, key, name, district in schools.values_list("pk", "public_id", "name", "district__name")
    ]
    return sorted(rows, key=lambda row: (-row.sums.blank, row.school))
