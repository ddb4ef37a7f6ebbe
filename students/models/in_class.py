"""Who is in a class, as the school says and as its teacher says.

What is kept of a roster is the least that is needed to find and remind who is not registered; it is gone when the
school year is over (`actions.forget_rosters`).
"""

import uuid
from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

import pgtrigger
from django.db import models
from django.db.models import CharField, Count, Exists, ExpressionWrapper, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce, Concat, Lower, Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.access import ALL, Record, Role, VisibleQuerySet
from accounts.models import User
from articulations.models import Section
from organizations.models import AcademicYear
from students.models.inspections import inspected, kept_while_inspected
from students.models.kin import StudentKey
from students.models.people import Student, list_name
from students.models.registrations import Registration
from students.models.roster_files import RosterClass


class RosterEntryQuerySet(VisibleQuerySet):
    def standing(self) -> "RosterEntryQuerySet":
        """Those the school says are in the class now."""
        return self.filter(gone_at=None)

    def to_forget(self, year: AcademicYear) -> "RosterEntryQuerySet":
        """Those of school years before this one; of no student whose record somebody has asked to inspect."""
        over = self.filter(section__year__first_year__lt=year.first_year)
        return over.exclude(student__isnull=False, student__in=inspected())

    def on(self, section: Section) -> "RosterEntryQuerySet":
        return self.filter(section=section)

    def with_registration(self) -> "RosterEntryQuerySet":
        """Each with `registered`, the id of the registration of this class that is theirs; empty where there is none."""
        theirs = _registrations_of_entry().order_by("pk").values("pk")[:1]
        return self.annotate(registered=Subquery(theirs))

    def unregistered(self) -> "RosterEntryQuerySet":
        """In the class, not registered."""
        return self.standing().filter(~Exists(_registrations_of_entry()))

    def sections_missing(self, sections: VisibleQuerySet) -> VisibleQuerySet:
        """Those of some classes in which somebody is not registered."""
        return sections.filter(pk__in=self.unregistered().order_by().values("section"))

    def unregistered_in(self, sections: VisibleQuerySet) -> int:
        """How many of these classes' students are not registered; one query."""
        return self.unregistered().filter(section__in=sections.order_by().values("pk")).count()

    def number_by_section(self, sections: Iterable[int]) -> dict[int, int]:
        """How many of these in each of these classes; one query."""
        found = self.filter(section__in=list(sections)).order_by().values_list("section")
        return dict(found.annotate(number=Count("pk")))

    def in_year(self) -> "RosterEntryQuerySet":
        """With the class and its school year."""
        return self.select_related("section__year", "section__high_school_course")

    def with_address(self) -> "RosterEntryQuerySet":
        """With the account a reminder would be written to."""
        return self.select_related("student__user")

    def wanting_no_reminders(self, year: AcademicYear) -> "RosterEntryQuerySet":
        """Those who asked for no more reminders in a school year."""
        return self.filter(section__year=year).exclude(no_reminders_at=None)

    def beside(self, entry: "RosterEntry") -> "RosterEntryQuerySet":
        """Entries of one person in a school year: the same student, or the same address."""
        same = Q(pk=entry.pk)
        if entry.student_id:
            same |= Q(student=entry.student_id)
        if entry.email:
            same |= Q(email=entry.email)
        return self.filter(same, section__year=entry.section.year_id)


class RosterEntry(Record):
    """A student whom the school's roster names in a class, registered or not. Kept until the school year is over."""

    seen_by: ClassVar = {
        Role.TEACHER: "section__teachers",
        Role.COUNSELOR: "section__high_school_course__school",
        Role.DISTRICT: "section__high_school_course__school__district",
    }
    public_fields: ClassVar = {
        "id", "public_id", "section", "roster_class", "student", "other_than", "added_at", "gone_at", "reminded_at",
        "reminders", "no_reminders_at",
    }  # fmt: skip
    private_fields: ClassVar = {"key", "first_name", "last_name", "sort_name", "email", "grade_level"}

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    section = models.ForeignKey(Section, models.PROTECT, related_name="roster_entries")
    roster_class = models.ForeignKey(RosterClass, models.PROTECT, related_name="entries")
    #: What the school knows the student by: its number, else the e-mail, else the name.
    key = models.CharField("the school’s key", max_length=255)
    first_name = models.CharField("first name", max_length=100)
    last_name = models.CharField("last name", max_length=100, blank=True)
    sort_name = models.CharField(max_length=310)
    email = models.EmailField("e-mail", max_length=254, blank=True)
    grade_level = models.PositiveSmallIntegerField("grade level", null=True, blank=True)
    #: Who it is, where that is known; and a student of nearly this name who is somebody else, as the teacher says.
    student = StudentKey(Student, models.PROTECT, null=True, blank=True, related_name="roster_entries")
    other_than = models.ForeignKey(Student, models.PROTECT, null=True, blank=True, related_name="+")
    added_at = models.DateTimeField("on the roster since", default=timezone.now)
    gone_at = models.DateTimeField("left the roster at", null=True, blank=True)
    reminded_at = models.DateTimeField("last reminded at", null=True, blank=True)
    reminders = models.PositiveSmallIntegerField("reminders", default=0)
    no_reminders_at = models.DateTimeField("wants no more reminders since", null=True, blank=True)

    objects = RosterEntryQuerySet.as_manager()

    class Meta:
        ordering = ("sort_name", "id")
        verbose_name_plural = "roster entries"
        constraints = (
            models.UniqueConstraint(fields=("section", "key"), name="roster_entry_once"),
            models.CheckConstraint(
                condition=Q(student__isnull=True) | Q(other_than__isnull=True) | ~Q(student=F("other_than")),
                name="nobody_is_other_than_themselves",
            ),
        )
        indexes = (
            models.Index(fields=("section", "sort_name"), name="roster_entry_by_name"),
            models.Index(fields=("key",), name="roster_entry_by_key", condition=Q(student__isnull=False)),
            models.Index(fields=("email",), name="roster_entry_by_email", condition=~Q(email="")),
        )
        triggers = (
            pgtrigger.Trigger(
                name="roster_entry_kept_while_inspected",
                when=pgtrigger.Before,
                operation=pgtrigger.Delete,
                func=kept_while_inspected("OLD.student_id"),
            ),
        )

    def __str__(self) -> str:
        return f"entry {self.pk}"

    @property
    def list_name(self) -> str:
        return list_name(self.last_name, self.first_name)

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def address(self) -> str:
        """Where a reminder goes: the student's own address, else the one the school gave; empty where there is none."""
        return (self.student.email if self.student is not None else "") or self.email


def _registrations_of_entry() -> models.QuerySet[Registration]:
    """The live registrations of an entry's class and year that are the student's it names: known to be, or by the same
    e-mail, or by the same name; a middle name in SERS tells nobody apart."""
    registrations: models.QuerySet[Registration] = (
        Registration.objects.live()
        .filter(high_school_course=OuterRef("section__high_school_course"), year=OuterRef("section__year"))
        .alias(
            full=F("student__sort_name"),
            prefix=ExpressionWrapper(Concat(OuterRef("sort_name"), Value(" ")), CharField()),
            mail=Lower("student__user__email"),
        )
        .filter(
            Q(student=OuterRef("student"))
            | Q(student__merged_into=OuterRef("student"))
            | Q(full=OuterRef("sort_name"))
            | Q(full__startswith=F("prefix"))
            | Q(mail=OuterRef("email"))
        )
        .exclude(student=Coalesce(OuterRef("other_than"), 0))
    )
    return registrations


def strangers(sections: Sequence[int] | models.QuerySet[Any]) -> models.QuerySet[Registration]:
    """Registrations of these classes, In Progress, whom the school's roster does not name and the teacher has not yet
    accepted. A class without a roster has none."""
    entries = RosterEntry.objects.standing().filter(section=OuterRef("section"))
    named = entries.alias(
        full=ExpressionWrapper(OuterRef("student__sort_name"), CharField()),
        prefix=Concat(F("sort_name"), Value(" "), output_field=CharField()),
        mail=Lower(OuterRef("student__user__email")),
    ).filter(
        Q(student=OuterRef("student"))
        | Q(student=OuterRef("student__merged_into"))
        | Q(sort_name=OuterRef("student__sort_name"))
        | Q(full__startswith=F("prefix"))
        | Q(email=F("mail")),
        ~Q(other_than=OuterRef("student")) | Q(other_than=None),
    )
    last = ClassAnswer.objects.filter(registration=OuterRef("pk")).order_by("-number").values("answer")[:1]
    found: models.QuerySet[Registration] = (
        Registration.objects.filter(section__in=sections, status=Registration.Status.IN_PROGRESS)
        .filter(Exists(entries), ~Exists(named))
        .annotate(answered=Coalesce(Subquery(last), Value("")))
        .exclude(answered=ClassAnswer.Answer.IN_CLASS)
    )
    return found


def strangers_by_section(sections: Sequence[int]) -> dict[int, int]:
    """How many strangers in each of these classes; one query."""
    found = strangers(sections).order_by().values_list("section")
    return dict(found.annotate(number=Count("pk")))


# --- What a teacher says of a registration ----------------------------------------------------------------


class ClassAnswerQuerySet(VisibleQuerySet):
    def last_of(self, registrations: Iterable[int]) -> dict[int, "ClassAnswer"]:
        """The last answer about each of these registrations, with who gave it; one query."""
        found = (
            self.filter(registration__in=list(registrations))
            .select_related("answered_by")
            .order_by("registration_id", "-number")
            .distinct("registration_id")
        )
        return {one.registration_id: one for one in found}


class ClassAnswer(Record):
    """Ink: a teacher said that a registered student is in the class, or is not, or took that back. The last counts."""

    class Answer(models.TextChoices):
        IN_CLASS = "in_class", _("In this class")
        NOT_IN_CLASS = "not_in_class", _("Not in Class")
        TAKEN_BACK = "taken_back", _("Taken back")

    seen_by: ClassVar = {
        Role.STUDENT: "registration__student__user",
        Role.TEACHER: "registration__section__teachers",
        Role.COUNSELOR: ("registration__student__school", "registration__high_school_course__school"),
        Role.DISTRICT: (
            "registration__student__school__district",
            "registration__high_school_course__school__district",
        ),
        Role.CONSORTIUM: "registration__articulation__consortium",
        Role.STATE: ALL,
    }
    public_fields: ClassVar = {"id", "registration", "number", "answer", "answered_by", "answered_at"}
    private_fields: ClassVar = {"reason"}

    registration = models.ForeignKey(Registration, models.PROTECT, related_name="class_answers")
    number = models.PositiveSmallIntegerField("number")
    answer = models.CharField("answer", max_length=12, choices=Answer)
    reason = models.CharField("reason", max_length=200, blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    answered_at = models.DateTimeField("answered at", db_default=Now())

    objects = ClassAnswerQuerySet.as_manager()

    class Meta:
        ordering = ("registration", "number")
        constraints = (
            models.UniqueConstraint(fields=("registration", "number"), name="class_answer_once"),
            models.CheckConstraint(
                condition=Q(answer__in=("in_class", "not_in_class", "taken_back")),
                name="class_answer_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(answer="not_in_class") | ~Q(reason=""), name="who_rejects_says_why"
            ),
        )
        triggers = (
            pgtrigger.Protect(name="class_answer_is_ink", operation=pgtrigger.Update | pgtrigger.Delete),
        )

    def __str__(self) -> str:
        return f"{self.registration_id} {self.answer}"
