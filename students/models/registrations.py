"""Registrations for articulated classes, and the classes there are to register for."""

import uuid
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, ClassVar, cast

import pgtrigger
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.access import ALL, Record, Role, VisibleQuerySet
from accounts.models import Event, User
from articulations.models import Articulation, ArticulationCourse, HighSchoolCourse, Section
from organizations.models import AcademicYear, College, ConsortiumYear
from sers.lib.tags import credits_in_words
from students.models.consents import ConsentText, ConsentWording
from students.models.kin import StudentKey, of_any_person, of_person, person_key, records_of
from students.models.people import Student, opened_records
from students.models.sums import FEES_REQ_IS_THE_SUM, ONE_CLASS_A_PERSON
from students.models.taught import teacher_names


def sections_beside(registration: "Registration") -> list[Section]:
    """The sections of a registration's class this year, its own among them: the teachers to choose from."""
    return list(
        Section.objects.filter(
            high_school_course=registration.high_school_course_id, year=registration.year_id
        ).prefetch_related("teachers__user")
    )


def has_other_colleges(registration: "Registration", *, on: date) -> bool:
    """Is there another college with an agreement in force for the class of this registration?"""
    return (
        ArticulationCourse.objects.in_force(on)
        .filter(high_school_course=registration.high_school_course_id)
        .exclude(articulation__college=registration.college_id)
        .exists()
    )


class RegistrationQuerySet(VisibleQuerySet):
    def opened_to(self, user: Any) -> Q:
        """The registrations of a record that was opened by Search Statewide come with it."""
        opened = opened_records(user)
        if not opened:
            return Q()
        merged = Student._base_manager.filter(merged_into__in=opened).order_by().values("pk")
        return Q(student__in=opened) | Q(student__in=merged)

    def counted_by_student(self, students: Iterable[Student]) -> dict[int, int]:
        """How many registrations each of these students has, by key."""
        counted = self.filter(student__in=list(students)).order_by().values_list("student")
        return dict(counted.annotate(models.Count("pk")))

    def live(self) -> "RegistrationQuerySet":
        """Registrations that count: not withdrawn, and the student was in the class."""
        return self.exclude(status__in=Registration.ENDED)

    def graded(self) -> "RegistrationQuerySet":
        """Classes with a grade: a status that only a grade gives, and that no other status follows."""
        return self.filter(status__in=Registration.GRADED)

    def of(self, student: "Student") -> "RegistrationQuerySet":
        """A student's registrations, those of records that were merged into theirs among them."""
        return self.filter(student__in=records_of(student))

    def besides(self, others: "RegistrationQuerySet") -> "RegistrationQuerySet":
        """Those that are not among the others."""
        return self.exclude(pk__in=others.order_by().values("pk"))

    def at_schools(self, schools: Iterable[int]) -> "RegistrationQuerySet":
        """Registrations of students whose own school is one of these (ids)."""
        keys, every = list(schools), Student._base_manager.order_by().values("pk")
        merged = every.filter(merged_into__school__in=keys)
        return self.filter(student__in=every.filter(school__in=keys).union(merged))

    def of_year(self, year: AcademicYear) -> "RegistrationQuerySet":
        return self.filter(year=year)

    def chosen(self, public_ids: Iterable[uuid.UUID]) -> "RegistrationQuerySet":
        """These registrations, with the agreement that says whose they are."""
        return self.filter(public_id__in=list(public_ids)).select_related("articulation")

    def under(self, consortia: Iterable[int]) -> "RegistrationQuerySet":
        """Registrations under an agreement of one of these consortia."""
        return self.filter(articulation__consortium__in=sorted(consortia))

    def in_full(self) -> "RegistrationQuerySet":
        """With all that a page tells of a registration: six queries, however many there are.

        Grades and awards belong to upper floors; they are read here through their relation names.
        """
        return self.select_related(
            "student__school",
            "student__user",
            "student__merged_into__school",
            "student__merged_into__user",
            "high_school_course__school",
            "high_school_course__cluster",
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

    def events(self) -> models.QuerySet[Event]:
        """What is written down about these registrations, by id of the subject, from first to last."""
        return (
            Event.objects.filter(
                subject_type=Registration._meta.label_lower, subject_id__in=self.order_by().values("pk")
            )
            .select_related("actor")
            .order_by("at", "id")
        )

    def status_events(self) -> models.QuerySet[Event]:
        """What teachers did to the status of one registration, as its class's receipts write it down."""
        (one,) = self
        return (
            Event.objects.filter(
                subject_type=Section._meta.label_lower,
                subject_id=one.section_id,
                kind__in=("grading.roster_saved", "grading.roster_undone"),
                data__statuses__has_key=str(one.pk),
            )
            .select_related("actor")
            .order_by("at", "id")
        )

    def in_question(self, section: Section) -> "RegistrationQuerySet":
        """Registrations of a class that are In Progress or were found Not in Class, with their students, by name."""
        stand = (Registration.Status.IN_PROGRESS, Registration.Status.NOT_IN_CLASS)
        return (
            self.filter(section=section, status__in=stand)
            .select_related("student__school", "student__user", "section")
            .order_by(of_person("sort_name"), "pk")
        )

    def of_section(self, section: Section, keys: Iterable[uuid.UUID]) -> "RegistrationQuerySet":
        """These registrations of a class, with their students, by name."""
        return self.on_list(section).filter(public_id__in=list(keys))

    def on_list(self, section: Section) -> "RegistrationQuerySet":
        """The registrations of a class with their students, by name."""
        return self.filter(section=section).with_people().order_by(of_person("sort_name"), "pk")

    def with_people(self) -> "RegistrationQuerySet":
        """With their students and the schools of these."""
        return self.select_related("student__school", "student__merged_into__school")

    def with_consent(self) -> "RegistrationQuerySet":
        """With the words that were agreed to; two queries more."""
        return self.prefetch_related("consent__wordings")

    def under_agreement(self, agreement: Articulation, year: AcademicYear) -> "RegistrationQuerySet":
        """The registrations of a school year that count under one agreement."""
        return self.live().filter(articulation=agreement, year=year)

    def as_registered(
        self, readable: models.QuerySet[Student]
    ) -> models.QuerySet["Registration", dict[str, Any]]:
        """What a list of those registered shows of each, as plain values in the order of names; `opens` says whether
        the student's own record is among those that are `readable`."""
        opens = Exists(readable.filter(pk=OuterRef("person")))
        return self.annotate(person=person_key(), opens=opens).order_by(of_person("sort_name"), "pk").values(
            "status", "opens",
            student_key=of_person("public_id"),
            first_name=of_person("first_name"),
            last_name=of_person("last_name"),
            sers_id=of_person("sers_id"),
            school=of_person("school__name"),
            title=F("high_school_course__title"),
            label=F("section__label"),
        )  # fmt: skip

    def owing(self, consortia: Iterable[int], year: AcademicYear) -> "RegistrationQuerySet":
        """Pending Fees/Req of these consortia, of classes that can still earn credit: those of a year, and those
        Completed in the year before it, whose credit is transcribed in this year's summer."""
        pending = self.under(consortia).filter(
            year__first_year__in=(year.first_year - 1, year.first_year),
            fees_req=Registration.FeesReq.PENDING,
            status__in=(Registration.Status.IN_PROGRESS, Registration.Status.COMPLETED),
        )
        return pending.filter(Q(year=year) | Q(status=Registration.Status.COMPLETED, awarded_at=None))

    def decided_on(self, day: date, consortia: Iterable[int]) -> "RegistrationQuerySet":
        """Fees/Req of these consortia that were marked Processed or Waived on that day, Pacific time."""
        begins = timezone.make_aware(datetime.combine(day, time.min))
        return self.under(consortia).filter(
            fees_req__in=Registration.DECIDED,
            fees_req_at__gte=begins,
            fees_req_at__lt=timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min)),
            awarded_at__isnull=True,
        )

    def waiting_for(self, kind: str) -> "RegistrationQuerySet":
        """Those that still owe something of this kind."""
        return self.filter(
            requirements__kind=kind, requirements__state="pending", requirements__payer="student"
        )

    def found_by(self, words: str) -> "RegistrationQuerySet":
        """By reference, by ID, or by name; as one box takes them. The ID comes tidied by `rules.tidy_sers_id`."""
        text = words.strip().upper()
        if text.startswith("R-"):
            return self.filter(reference=text)
        if text.startswith("TP") and any(sign.isdigit() for sign in text):  # not a name like Tpeni
            return self.filter(of_any_person(Student.objects.identified(text)))
        return self.filter(of_any_person(Student.objects.named(words)))

    def as_owed(self) -> models.QuerySet[Any]:
        """What the queue of Fees/Req shows of each, as plain values in the order of names."""
        return self.order_by(of_person("sort_name"), person_key(), "id").values(
            "id", "public_id", "reference", "fees_req", "fees_req_at", "fee_due", "registered_at",
            first_year=F("year__first_year"),
            student_public_id=of_person("public_id"),
            sers_id=of_person("sers_id"),
            first_name=of_person("first_name"),
            last_name=of_person("last_name"),
            school_name=of_person("school__name"),
            title=F("high_school_course__title"),
            college_name=F("college__name"),
        )  # fmt: skip

    def bearing_fee(self) -> "RegistrationQuerySet":
        """Classes a fee stands on, the student's or the district's: live, or ended with the fee paid or waived."""
        decided = Q(fees_req__in=(Registration.FeesReq.PROCESSED, Registration.FeesReq.WAIVED))
        live = ~Q(status__in=Registration.ENDED)
        district = Q(requirements__payer="district") & ~Q(requirements__state="dropped")
        by_district = Exists(self.model.objects.filter(district, pk=OuterRef("pk")))
        return self.filter(Q(fee_due__gt=0) & (live | decided) | live & by_district)

    def with_yearly_fee(self) -> "RegistrationQuerySet":
        """Classes whose consortium asks one fee a school year, however many classes."""
        terms = ConsortiumYear.objects.filter(
            consortium=OuterRef("articulation__consortium"),
            year=OuterRef("year"),
            fee_basis=ConsortiumYear.FeeBasis.YEAR,
        )
        return self.filter(Exists(terms))

    def to_award(self, college: College, year: AcademicYear) -> "RegistrationQuerySet":
        """Completed classes of a college and year that have no credit yet."""
        return self.filter(
            college=college, year=year, status=Registration.Status.COMPLETED, awarded_at__isnull=True
        )


class Registration(Record):
    """One student, one high-school course, one school year, one college."""

    class Status(models.TextChoices):
        IN_PROGRESS = "in_progress", _("In Progress")
        COMPLETED = "completed", _("Completed")
        NOT_ATTAINED = "not_attained", _("Not Attained")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        NOT_IN_CLASS = "not_in_class", _("Not in Class")

    class FeesReq(models.TextChoices):
        NOT_REQUIRED = "not_required", _("Not required")
        PENDING = "pending", _("Pending")
        PROCESSED = "processed", _("Processed")
        WAIVED = "waived", _("Waived")

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
        "registered_at", "registered_by", "consent", "consent_language", "version",
    }  # fmt: skip
    private_fields: ClassVar = {
        "reference", "status", "fees_req", "fees_req_at", "fees_req_by", "fee_due", "awarded_at",
    }  # fmt: skip

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    reference = models.CharField("reference", max_length=12, unique=True)
    student = StudentKey(Student, models.PROTECT, related_name="registrations")
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
    #: The version of the text that was agreed to, and the language it was read in.
    consent = models.ForeignKey(
        ConsentText,
        models.PROTECT,
        to_field="version",
        db_column="consent_version",
        db_index=False,
        related_name="registrations",
        verbose_name="consent text",
    )
    consent_language = models.CharField("read in", max_length=10, default="en", db_default="en")
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
                # Not Attained: a Grade Change was approved, and the registrar has not taken the credit back yet.
                condition=Q(awarded_at__isnull=True) | Q(status__in=("completed", "not_attained")),
                name="only_completed_classes_are_awarded",
            ),
            models.CheckConstraint(condition=Q(fee_due__gte=0), name="fee_is_not_negative"),
        )
        triggers = (
            FEES_REQ_IS_THE_SUM,
            pgtrigger.Trigger(
                name="one_class_a_person",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert
                | pgtrigger.UpdateOf("student_id", "high_school_course_id", "year_id", "status"),
                declare=[("person", "bigint")],
                func=ONE_CLASS_A_PERSON,
            ),
            # A registration of this school year stands under an agreement in force on its day; one that is entered for
            # another year under one that was in force in that year. What stands already is never touched.
            pgtrigger.Trigger(
                name="no_registration_outside_an_agreement",
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("articulation_id"),
                when=pgtrigger.Before,
                declare=[("begins", "date"), ("ends", "date"), ("day", "date")],
                func="""
                    SELECT make_date(first_year, 7, 1), make_date(first_year + 1, 6, 30) INTO begins, ends
                    FROM organizations_academicyear WHERE id = NEW.year_id;
                    day := ((CASE WHEN TG_OP = 'INSERT' THEN NEW.registered_at ELSE now() END)
                        AT TIME ZONE 'America/Los_Angeles')::date;
                    IF day BETWEEN begins AND ends THEN
                        begins := day;
                        ends := day;
                    END IF;
                    IF EXISTS (SELECT 1 FROM articulations_articulation WHERE id = NEW.articulation_id)
                    AND NOT EXISTS (
                        SELECT 1 FROM articulations_articulationcourse
                        WHERE articulation_id = NEW.articulation_id
                        AND high_school_course_id = NEW.high_school_course_id
                        AND valid_from <= ends AND valid_until >= begins
                    ) THEN
                        RAISE EXCEPTION 'no_registration_outside_an_agreement';
                    END IF;
                    RETURN NEW;
                """,
            ),
        )
        indexes = (
            models.Index(fields=("section", "status"), name="registration_by_section"),
            models.Index(fields=("college", "year", "status"), name="registration_by_college_year"),
            # Who of these students is registered under which agreement: asked row by row in every search.
            models.Index(fields=("student", "articulation"), name="registration_by_student"),
            # What waits for credit: a tenth of what is Completed, counted on every registrar's home.
            models.Index(
                fields=("college", "year"),
                name="registration_not_awarded",
                condition=Q(status="completed", awarded_at__isnull=True),
            ),
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
    def accounts(self) -> set[int | None]:
        """Whose acts are the student's own: the account of the record it was written on, and of the one that stands."""
        stands = self.student
        record = cast(Student, type(self).student.field.get_cached_value(self))
        return {stands.user_id, record.user_id}

    @property
    def bears_fee(self) -> bool:
        """As `RegistrationQuerySet.bearing_fee` says it of many."""
        decided = self.fees_req in (self.FeesReq.PROCESSED, self.FeesReq.WAIVED)
        return self.fee_due > 0 and (self.is_live or decided)

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
    def agreed_to(self) -> ConsentWording:
        """The words the student agreed to, as they were on the screen."""
        return self.consent.wording(self.consent_language)

    @property
    def summary(self) -> str:
        """`ACCT& 201, 5 credits, Columbia Basin College. Dana Ortiz`."""
        codes = get_text_list([line.college_course.code for line in self.lines], gettext("and"))
        parts = [codes, credits_in_words(self.credits)] if codes else []
        names = self.teacher_names
        return ", ".join([*parts, self.college.name]) + (f". {names}" if names else "")

    @property
    def grade(self) -> Any:
        """The grade that counts, the last one entered; None before, and when it was taken back. Ask `in_full` for many."""
        last = max(self.grades.all(), key=lambda entry: entry.number, default=None)
        return last if last is not None and last.stands else None

    @property
    def awards(self) -> list[Any]:
        """The credit this class has earned, each award once; not what was corrected or taken back. Ask `in_full` for
        many."""
        found = {source.award_id: source.award for source in self.award_sources.all()}
        replaced = {award.supersedes_id for award in found.values()}
        return [award for pk, award in found.items() if pk not in replaced and not award.takes_back]

    @property
    def teacher_names(self) -> str:
        """`Dana Ortiz and Sam Osei`; empty when nobody is named."""
        return teacher_names(self.section)
