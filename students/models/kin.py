"""Several records of one person: which stands for which, and how the readers of rows follow it.

A merge writes one pointer, `Student.merged_into`. Every row stays on the record it was written on; whoever reads
follows: an object by `StudentKey`, plain values by `of_person`, a person's rows by `records_of`, many at once by
`kin_of`, and who may see by the paths of `seen_by`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.db.models.fields.related_descriptors import ForwardManyToOneDescriptor
from django.db.models.functions import Coalesce

from students.models.people import Student, StudentQuerySet


class SurvivingRecord(ForwardManyToOneDescriptor):
    """Reads a row's student: the record that stands for the one the row was written on."""

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        found = super().__get__(instance, cls)
        return found.surviving if isinstance(found, Student) else found


class StudentKey(models.ForeignKey):
    """Whose row it is. `row.student` is the record that stands for the person, `row.student_id` the one the row was
    written on, which no merge rewrites. A path of `seen_by` that leads through it reaches the row from both.
    """

    forward_related_accessor_class = SurvivingRecord
    #: What `accounts.access.reaches` follows.
    pointer = "merged_into"

    def deconstruct(self) -> Any:
        """For a migration it is a foreign key like any other: migrations import nothing of ours."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.ForeignKey", args, kwargs


def records_of(student: Student) -> models.QuerySet[Any]:
    """The keys of every record of one person: the one that stands, and those merged into it."""
    return records_by(student.merged_into_id or student.pk)


def records_by(person: Any) -> models.QuerySet[Any]:
    """The same by the key of the record that stands, also where a query finds it: `OuterRef(OuterRef("person"))`."""
    return Student._base_manager.filter(Q(pk=person) | Q(merged_into=person)).order_by().values("pk")


def of_any_person(found: StudentQuerySet, *, path: str = "student") -> Q:
    """Rows of the people whose records these are, on whichever of their records a row was written."""
    people = found.order_by().values_list(Coalesce("merged_into_id", "pk"))
    merged = Student._base_manager.filter(merged_into__isnull=False, merged_into__in=people).order_by()
    return Q(**{f"{path}__in": people}) | Q(**{f"{path}__in": merged.values("pk")})


def of_person(column: str, *, path: str = "student") -> Coalesce:
    """A column of the record that stands for a row's student, for a query of plain values."""
    return Coalesce(F(f"{path}__merged_into__{column}"), F(f"{path}__{column}"))


def person_key(path: str = "student") -> Coalesce:
    """The key of the record that stands for a row's student: by it people are counted."""
    return Coalesce(F(f"{path}__merged_into_id"), F(f"{path}_id"))


@dataclass(frozen=True, slots=True)
class Kin:
    """Which of many records are one person's: merged records by their keys, each with the one that stands for it."""

    into: Mapping[int, int]

    def person(self, record: int) -> int:
        """The key of the record that stands for this one."""
        return self.into.get(record, record)

    def records(self, records: Iterable[int]) -> set[int]:
        """These records and every other one of the same people."""
        people = {self.person(one) for one in records}
        return people | {gone for gone, stands in self.into.items() if stands in people}


def kin_of(records: Iterable[int]) -> Kin:
    """Which of these records are one person's, with every other record of theirs; one query over the merged records
    alone, which are few."""
    keys = sorted(set(records))
    merged = Student._base_manager.filter(merged_into__isnull=False)
    into = merged.filter(pk__in=keys).values("merged_into")
    found = merged.filter(Q(merged_into__in=keys) | Q(merged_into__in=into))
    return Kin(dict(found.order_by().values_list("pk", "merged_into_id")))
