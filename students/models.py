"""Students, and their registrations for articulated classes."""

import uuid
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, ClassVar

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.utils import timezone

from accounts.access import ALL, Record, Role, VisibleQuerySet
from accounts.models import User
from articulations.models import Articulation, ArticulationCourse, HighSchoolCourse, Section
from organizations.models import AcademicYear, College, HighSchool
from sers.lib.fields import SealedDateField
from sers.lib.folding import fold, fold_parts
from sers.lib.tags import credits_in_words


class StudentQuerySet(VisibleQuerySet):
    def living(self) -> "StudentQuerySet":
        """Records that stand for themselves: those merged into another are left out."""
        return self.filter(merged_into__isnull=True)

    def own(self, user: Any) -> "StudentQuerySet":
        """The record of the person who signed in, with what their pages tell of it; none for anybody else."""
        return self.filter(user=user).in_full()

    def in_full(self) -> "StudentQuerySet":
        """With the account and the school a profile tells of."""
        return self.select_related("user", "school__district")

    def named(self, words: str) -> "StudentQuerySet":
        """Students of whom every word begins some part of a name: `clark` finds `Clarkston`."""
        found = self
        for word in fold(words).split():
            found = found.filter(folded__contains=f" {word}")
        return found

    def identified(self, sers_id: str) -> "StudentQuerySet":
        """The student of an ID, as `rules.tidy_sers_id` writes it."""
        return self.alias(upper_id=Upper("sers_id")).filter(upper_id=sers_id)

    def born_on(self, day: date) -> "StudentQuerySet":
        return self.filter(birth_date=day)

    def at(self, school: HighSchool) -> "StudentQuerySet":
        """Students whose own school it is; a skills center is nobody's own school."""
        return self.filter(school=school)

    def matching(
        self,
        *,
        name: str = "",
        sers_id: str = "",
        birth_date: date | None = None,
        school: HighSchool | None = None,
    ) -> "StudentQuerySet":
        """Students for whom every term holds that is given."""
        found = self.living()
        if name:
            found = found.named(name)
        if sers_id:
            found = found.identified(sers_id)
        if birth_date is not None:
            found = found.born_on(birth_date)
        if school is not None:
            found = found.at(school)
        return found

    def as_listed(self) -> models.QuerySet[Any]:
        """What a list of students shows of each, as plain values in the order of names."""
        return self.order_by("sort_name", "id").values(
            "public_id", "sers_id", "first_name", "middle_name", "last_name", "birth_date", "grade_level",
            school_name=F("school__name"),
        )  # fmt: skip


class Student(Record):
    """A high-school student with a CTE Dual Credit ID. Identity (sign-in) is the user; facts are here."""

    seen_by: ClassVar = {
        Role.STUDENT: "user",
        Role.TEACHER: "registrations__section__teachers",
        Role.COUNSELOR: "school",
        Role.DISTRICT: "school__district",
        Role.REGISTRAR: "registrations__college",
        Role.CONSORTIUM: ("registrations__articulation__consortium", "school__district__consortia"),
        Role.STATE: ALL,
    }
    public_fields: ClassVar = {
        "id", "public_id", "user", "school", "created_at", "merged_into", "updated_at",
    }  # fmt: skip
    private_fields: ClassVar = {
        "sers_id", "first_name", "middle_name", "last_name", "former_names", "folded", "sort_name",
        "birth_date", "email", "phone", "street", "city", "state", "postal_code", "grade_level",
        "graduation_year",
    }  # fmt: skip

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.OneToOneField(
        User, models.PROTECT, null=True, related_name="student", verbose_name="account"
    )
    sers_id = models.CharField("CTE Dual Credit ID", max_length=16)
    first_name = models.CharField("legal first name", max_length=100)
    middle_name = models.CharField("legal middle name", max_length=100, blank=True)
    last_name = models.CharField(
        "legal last name", max_length=100, blank=True, help_text="Leave empty if you have one name only."
    )
    former_names = models.CharField("former names", max_length=200, blank=True)
    birth_date = SealedDateField("birth date")
    email = models.EmailField("personal e-mail", max_length=254)
    phone = models.CharField("phone", max_length=30, blank=True)
    street = models.CharField("street address", max_length=120, blank=True)
    city = models.CharField("city", max_length=60, blank=True)
    state = models.CharField("state", max_length=2, blank=True)
    postal_code = models.CharField("ZIP code", max_length=10, blank=True)
    school = models.ForeignKey(
        HighSchool, models.PROTECT, related_name="students", verbose_name="high school"
    )
    grade_level = models.PositiveSmallIntegerField(
        "grade level", choices=[(grade, f"Grade {grade}") for grade in (9, 10, 11, 12)]
    )
    graduation_year = models.PositiveSmallIntegerField("graduation year")
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="merged")
    folded = models.CharField(max_length=600, editable=False)
    sort_name = models.CharField(max_length=310, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    objects = StudentQuerySet.as_manager()

    class Meta:
        ordering = ("sort_name", "id")
        constraints = (
            models.UniqueConstraint(Upper("sers_id"), name="sers_id_once"),
            models.CheckConstraint(
                condition=Q(grade_level__gte=9, grade_level__lte=12), name="student_is_in_grades_9_to_12"
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")),
                name="no_one_is_merged_into_themselves",
            ),
        )
        indexes = (
            GinIndex(OpClass(F("folded"), name="gin_trgm_ops"), name="student_names"),
            models.Index(fields=("school", "sort_name", "id"), name="student_by_school"),
            models.Index(fields=("sort_name", "id"), name="student_by_name"),
            models.Index(fields=("birth_date",), name="student_by_birth_date"),
        )

    def __str__(self) -> str:
        return self.sers_id

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.folded = fold_parts(self.first_name, self.middle_name, self.last_name, self.former_names)
        self.sort_name = sort_name(self.last_name, self.first_name, self.middle_name)
        super().save(*args, **kwargs)

    @property
    def name(self) -> str:
        """`Maximiliano Hernández de la Cruz`."""
        return " ".join(part for part in (self.first_name, self.middle_name, self.last_name) if part)

    @property
    def address(self) -> str:
        """`12 Elm St, Kennewick, WA 99336`, as much of it as there is."""
        place = " ".join(part for part in (self.state, self.postal_code) if part)
        return ", ".join(part for part in (self.street, self.city, place) if part)

    @property
    def list_name(self) -> str:
        """`Hernández de la Cruz, Maximiliano`; a person of one name is that name."""
        return list_name(self.last_name, self.first_name)


def list_name(last_name: str, first_name: str) -> str:
    """A name as lists show it: last name first; a person of one name is that name."""
    return f"{last_name}, {first_name}" if last_name else first_name


def sort_name(last_name: str, first_name: str, middle_name: str) -> str:
    """What a list of people is sorted by: folded, last name first, a gap before the first name."""
    return fold(last_name or first_name) + "  " + fold(f"{first_name if last_name else ''} {middle_name}")


def home_schools() -> models.QuerySet[HighSchool]:
    """The schools a student may name as their own, by district: a skills center is visited, not belonged to."""
    return (
        HighSchool.objects.filter(kind=HighSchool.Kind.HIGH_SCHOOL)
        .select_related("district")
        .order_by("district__name", "name")
    )


def schools_with_classes(year: AcademicYear) -> models.QuerySet[HighSchool]:
    """Every school, skills centers too, that teaches some class in this year; by district."""
    taught = Section.objects.filter(year=year).order_by().values("high_school_course__school")
    return (
        HighSchool.objects.filter(pk__in=taught).select_related("district").order_by("district__name", "name")
    )


def section_of_code(code: str, year: AcademicYear) -> Section | None:
    """The class of this year that has this code, as a teacher writes it on the board."""
    return (
        Section.objects.alias(upper_code=Upper("class_code"))
        .filter(upper_code=code, year=year)
        .select_related("high_school_course")
        .first()
    )


def sections_beside(registration: "Registration") -> list[Section]:
    """The sections of a registration's class this year, its own among them: the teachers to choose from."""
    return list(
        Section.objects.filter(
            high_school_course=registration.high_school_course_id, year=registration.year_id
        ).prefetch_related("teachers__user")
    )


def teacher_names(section: Section) -> str:
    """`Dana Ortiz and Sam Osei`: who teaches a class now; whose seat has ended is named only if nobody else is."""
    seats = list(section.teachers.all())
    today = timezone.localdate()
    held = [seat for seat in seats if seat.ends_on is None or seat.ends_on >= today]
    return " and ".join(seat.user.name for seat in held or seats)


class RegistrationQuerySet(VisibleQuerySet):
    def live(self) -> "RegistrationQuerySet":
        """Registrations that count: not withdrawn, and the student was in the class."""
        return self.exclude(status__in=Registration.ENDED)

    def graded(self) -> "RegistrationQuerySet":
        """Classes with a grade: a status that only a grade gives, and that no other status follows."""
        return self.filter(status__in=Registration.GRADED)

    def of(self, student: "Student") -> "RegistrationQuerySet":
        return self.filter(student=student)

    def besides(self, others: "RegistrationQuerySet") -> "RegistrationQuerySet":
        """Those that are not among the others."""
        return self.exclude(pk__in=others.order_by().values("pk"))

    def of_year(self, year: AcademicYear) -> "RegistrationQuerySet":
        return self.filter(year=year)

    def chosen(self, public_ids: Iterable[uuid.UUID]) -> "RegistrationQuerySet":
        """These registrations, with the agreement that says whose they are."""
        return self.filter(public_id__in=list(public_ids)).select_related("articulation")

    def under(self, consortia: Iterable[int]) -> "RegistrationQuerySet":
        """Registrations under an agreement of one of these consortia."""
        return self.filter(articulation__consortium__in=sorted(consortia))

    def with_fee(self) -> "RegistrationQuerySet":
        return self.filter(fee_due__gt=0)

    def in_full(self) -> "RegistrationQuerySet":
        """With all that a page tells of a registration: six queries, however many there are.

        Grades and awards belong to upper floors; they are read here through their relation names.
        """
        return self.select_related(
            "student__school",
            "high_school_course__school",
            "section",
            "year",
            "college",
            "articulation__consortium",
        ).prefetch_related(
            "section__teachers__user",
            "articulation__courses__college_course",
            "grades",
            "award_sources__award",
        )

    def owing(self, consortia: Iterable[int], year: AcademicYear) -> "RegistrationQuerySet":
        """Pending Fees/Req of these consortia in a year, of classes that can still earn credit."""
        return self.under(consortia).filter(
            year=year,
            fees_req=Registration.FeesReq.PENDING,
            status__in=(Registration.Status.IN_PROGRESS, Registration.Status.COMPLETED),
        )

    def decided_on(self, day: date, consortia: Iterable[int]) -> "RegistrationQuerySet":
        """Fees/Req of these consortia that were marked Processed or Waived on that day, Pacific time."""
        begins = timezone.make_aware(datetime.combine(day, time.min))
        return self.under(consortia).filter(
            fees_req__in=Registration.DECIDED,
            fees_req_at__gte=begins,
            fees_req_at__lt=timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min)),
            awarded_at__isnull=True,
        )

    def found_by(self, words: str) -> "RegistrationQuerySet":
        """By reference, by ID, or by name; as one box takes them. The ID comes tidied by `rules.tidy_sers_id`."""
        text = words.strip().upper()
        if text.startswith("R-"):
            return self.filter(reference=text)
        if text.startswith("TP"):
            return self.filter(student__in=Student.objects.identified(text))
        return self.filter(student__in=Student.objects.named(words).order_by())

    def as_owed(self) -> models.QuerySet[Any]:
        """What the queue of Fees/Req shows of each, as plain values in the order of names."""
        return self.order_by("student__sort_name", "student_id", "id").values(
            "public_id", "reference", "fees_req", "fees_req_at", "fee_due", "registered_at",
            student_public_id=F("student__public_id"),
            sers_id=F("student__sers_id"),
            first_name=F("student__first_name"),
            last_name=F("student__last_name"),
            school_name=F("student__school__name"),
            title=F("high_school_course__title"),
            college_name=F("college__name"),
        )  # fmt: skip

    def to_award(self, college: College, year: AcademicYear) -> "RegistrationQuerySet":
        """Completed classes of a college and year that have no credit yet."""
        return self.filter(
            college=college, year=year, status=Registration.Status.COMPLETED, awarded_at__isnull=True
        )


class Registration(Record):
    """One student, one high-school course, one school year, one college."""

    class Status(models.TextChoices):
        IN_PROGRESS = "in_progress", "In Progress"
        COMPLETED = "completed", "Completed"
        NOT_ATTAINED = "not_attained", "Not Attained"
        WITHDRAWN = "withdrawn", "Withdrawn"
        NOT_IN_CLASS = "not_in_class", "Not in Class"

    class FeesReq(models.TextChoices):
        NOT_REQUIRED = "not_required", "Not required"
        PENDING = "pending", "Pending"
        PROCESSED = "processed", "Processed"
        WAIVED = "waived", "Waived"

    ENDED: ClassVar = (Status.WITHDRAWN, Status.NOT_IN_CLASS)
    GRADED: ClassVar = (Status.COMPLETED, Status.NOT_ATTAINED)
    #: Fees/Req that somebody decided; the others stand by themselves.
    DECIDED: ClassVar = (FeesReq.PROCESSED, FeesReq.WAIVED)
    #: From which status a teacher or student may go to which. Grading rewrites a grade while the window is open.
    TRANSITIONS: ClassVar = {
        Status.IN_PROGRESS: {Status.COMPLETED, Status.NOT_ATTAINED, Status.WITHDRAWN, Status.NOT_IN_CLASS},
        Status.COMPLETED: {Status.NOT_ATTAINED},
        Status.NOT_ATTAINED: {Status.COMPLETED},
        Status.WITHDRAWN: {Status.IN_PROGRESS, Status.NOT_IN_CLASS},
        Status.NOT_IN_CLASS: {Status.IN_PROGRESS, Status.WITHDRAWN},
    }

    seen_by: ClassVar = {
        Role.STUDENT: "student__user",
        Role.TEACHER: "section__teachers",
        Role.COUNSELOR: ("student__school", "high_school_course__school"),
        Role.DISTRICT: ("student__school__district", "high_school_course__school__district"),
        Role.REGISTRAR: "college",
        Role.CONSORTIUM: "articulation__consortium",
        Role.STATE: ALL,
    }
    public_fields: ClassVar = {
        "id", "public_id", "student", "high_school_course", "section", "year", "college", "articulation",
        "registered_at", "registered_by", "consent_version", "version",
    }  # fmt: skip
    private_fields: ClassVar = {
        "reference", "status", "fees_req", "fees_req_at", "fees_req_by", "fee_due", "awarded_at",
    }  # fmt: skip

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    reference = models.CharField("reference", max_length=12, unique=True)
    student = models.ForeignKey(Student, models.PROTECT, related_name="registrations")
    high_school_course = models.ForeignKey(HighSchoolCourse, models.PROTECT, related_name="registrations")
    section = models.ForeignKey(Section, models.PROTECT, related_name="registrations")
    year = models.ForeignKey(AcademicYear, models.PROTECT, related_name="registrations")
    college = models.ForeignKey(College, models.PROTECT, related_name="registrations")
    articulation = models.ForeignKey(Articulation, models.PROTECT, related_name="registrations")
    status = models.CharField("Status", max_length=12, choices=Status, default=Status.IN_PROGRESS)
    fees_req = models.CharField("Fees/Req", max_length=12, choices=FeesReq, default=FeesReq.PENDING)
    fees_req_at = models.DateTimeField("Fees/Req decided at", null=True, blank=True)
    fees_req_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    fee_due = models.DecimalField("fee", max_digits=7, decimal_places=2, default=0)
    registered_at = models.DateTimeField("registered at", default=timezone.now)
    registered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    consent_version = models.CharField("consent text", max_length=20)
    #: Written by transcripts when credit is awarded, so that lower floors read only their own row.
    awarded_at = models.DateTimeField("credit awarded at", null=True, blank=True)
    #: Counts every change; a screen that saves says which version it saw.
    version = models.PositiveIntegerField("version", default=1)

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        ordering = ("-year__first_year", "high_school_course__title", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("student", "high_school_course", "year"),
                condition=~Q(status__in=("withdrawn", "not_in_class")),
                name="one_live_registration_of_a_class_a_year",
                violation_error_message="You are registered for this class this school year already.",
            ),
            models.CheckConstraint(
                condition=Q(
                    status__in=("in_progress", "completed", "not_attained", "withdrawn", "not_in_class")
                ),
                name="registration_status_is_known",
            ),
            models.CheckConstraint(
                condition=Q(fees_req__in=("processed", "waived"), fees_req_at__isnull=False)
                | Q(
                    fees_req__in=("pending", "not_required"),
                    fees_req_at__isnull=True,
                    fees_req_by__isnull=True,
                ),
                name="fees_req_decided_has_its_moment",
            ),
            models.CheckConstraint(
                condition=Q(awarded_at__isnull=True) | Q(status="completed"),
                name="only_completed_classes_are_awarded",
            ),
            models.CheckConstraint(condition=Q(fee_due__gte=0), name="fee_is_not_negative"),
        )
        indexes = (
            models.Index(fields=("section", "status"), name="registration_by_section"),
            models.Index(fields=("college", "year", "status"), name="registration_by_college_year"),
            # Who of these students is registered under which agreement: asked row by row in every search.
            models.Index(fields=("student", "articulation"), name="registration_by_student"),
            models.Index(
                fields=("articulation", "year"),
                name="registration_fees_pending",
                condition=Q(fees_req="pending", status__in=("in_progress", "completed")),
            ),
            models.Index(
                fields=("fees_req_at",),
                name="registration_fees_decided",
                condition=Q(fees_req_at__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return self.reference

    @property
    def is_live(self) -> bool:
        return self.status not in self.ENDED

    @property
    def lines(self) -> list[ArticulationCourse]:
        """What its agreement gives for this class: college courses and credits. Ask `in_full` for many."""
        return [
            line
            for line in self.articulation.courses.all()
            if line.high_school_course_id == self.high_school_course_id
        ]

    @property
    def credits(self) -> Decimal:
        """The credits this class can earn by its agreement."""
        return sum((line.credits for line in self.lines), Decimal(0))

    @property
    def summary(self) -> str:
        """`ACCT& 201, 5 credits, Columbia Basin College. Dana Ortiz`."""
        codes = " and ".join(line.college_course.code for line in self.lines)
        parts = [codes, credits_in_words(self.credits)] if codes else []
        names = self.teacher_names
        return ", ".join([*parts, self.college.name]) + (f". {names}" if names else "")

    @property
    def grade(self) -> Any:
        """The grade that counts, the last one entered; None before. Ask `in_full` for many."""
        return max(self.grades.all(), key=lambda entry: entry.number, default=None)

    @property
    def awards(self) -> list[Any]:
        """The credit this class has earned, each award once. Ask `in_full` for many."""
        return list({source.award_id: source.award for source in self.award_sources.all()}.values())

    @property
    def teacher_names(self) -> str:
        """`Dana Ortiz and Sam Osei`; empty when nobody is named."""
        return teacher_names(self.section)


class StudentLinkQuerySet(models.QuerySet["StudentLink"]):
    def open_at(self, moment: datetime) -> "StudentLinkQuerySet":
        """Links that still open something: never used, not too old."""
        return self.filter(used_at__isnull=True, expires_at__gt=moment)


class StudentLink(models.Model):
    """A single-use link mailed to a student: confirms the e-mail address on file."""

    LIFETIME: ClassVar = timedelta(days=7)

    public_fields: ClassVar = {"id", "student", "created_at", "expires_at", "used_at"}
    private_fields: ClassVar = {"token_hash"}

    student = models.ForeignKey(Student, models.PROTECT, related_name="links")
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    objects = StudentLinkQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return f"link of {self.student_id}"
