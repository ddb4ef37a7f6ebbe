"""Credit awarded, in ink, and the classes that earned it."""

from datetime import datetime
from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from accounts.access import ALL, Record, Role, VisibleQuerySet
from articulations.models import CollegeCourse
from grading.models import GradeEntry
from organizations.models import AcademicYear, College
from students.models import Registration, Student, StudentKey, records_of
from transcripts.models.runs import TranscriptionRun

#: What `credit_is_awarded_once` says of one record, said of all records of one person. The student is kept from being
#: merged meanwhile; two runs that award to one person wait for each other.
CREDIT_ONCE_A_PERSON = """
    IF NEW.supersedes_id IS NOT NULL THEN RETURN NEW; END IF;
    SELECT COALESCE(merged_into_id, id) INTO person FROM students_student
        WHERE id = NEW.student_id FOR KEY SHARE;
    -- Counted, not EXISTS: before the first ANALYZE that is planned as a walk through all students that ends early.
    IF person = NEW.student_id AND (SELECT count(*) FROM students_student WHERE merged_into_id = person) = 0 THEN
        RETURN NEW;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('credit of ' || person, 0));
    IF EXISTS (
        SELECT FROM transcripts_creditaward other
        WHERE other.student_id IN (SELECT id FROM students_student WHERE id = person OR merged_into_id = person)
            AND other.college_course_id = NEW.college_course_id AND other.year_id = NEW.year_id
            AND other.supersedes_id IS NULL
    ) THEN
        RAISE EXCEPTION 'credit_is_awarded_once: on another record of this person'
            USING ERRCODE = 'unique_violation';
    END IF;
    RETURN NEW;
"""


class CreditAwardQuerySet(VisibleQuerySet):
    def standing(self) -> "CreditAwardQuerySet":
        """Credit that counts: no later award corrects it or takes it back."""
        return self.filter(superseded_by__isnull=True, takes_back=False)

    def taken_back(self) -> "CreditAwardQuerySet":
        """What took credit back, and was not followed by credit again."""
        return self.filter(superseded_by__isnull=True, takes_back=True)

    def at_college(self, college: College) -> "CreditAwardQuerySet":
        return self.filter(college=college)

    def linked(self, link: str) -> "CreditAwardQuerySet":
        """The award of this fingerprint, by which a page names it."""
        return self.filter(link=link)

    def of_run(self, run: TranscriptionRun) -> "CreditAwardQuerySet":
        """The ledger of a run, in the order it was written, with what its fingerprints cover."""
        return self.filter(run=run).prefetch_related("sources").order_by("id")

    def standing_at(self, moment: datetime) -> "CreditAwardQuerySet":
        """Credit that counted at a moment: awarded by then, and not yet corrected or taken back."""
        return self.filter(awarded_at__lte=moment, takes_back=False).filter(
            Q(superseded_by__isnull=True) | Q(superseded_by__awarded_at__gt=moment)
        )

    def of(self, student: Student) -> "CreditAwardQuerySet":
        """A student's credit, that of records that were merged into theirs among it."""
        return self.filter(student__in=records_of(student))

    def at(self, student: Student, college: College) -> "CreditAwardQuerySet":
        return self.of(student).filter(college=college)

    def with_classes(self) -> "CreditAwardQuerySet":
        """With the school year and the classes that earned it, earliest first; three queries more at most."""
        return (
            self.select_related("year", "college")
            .prefetch_related("sources__registration__high_school_course__school")
            .order_by("year__first_year", "course_code", "id")
        )


class CreditAward(Record):
    """Ink: a college course earned, once per student and award year. A correction is a new award that supersedes.

    Credit is taken back in the same way: the last row then says that nothing is earned, and what it corrects stays to
    be read.
    """

    seen_by: ClassVar = {
        Role.STUDENT: "student__user",
        Role.TEACHER: "sources__registration__section__teachers",
        Role.COUNSELOR: "student__school",
        Role.DISTRICT: "student__school__district",
        Role.REGISTRAR: "college",
        Role.CONSORTIUM: "sources__registration__articulation__consortium",
        Role.STATE: ALL,
    }
    public_fields: ClassVar = {
        "id", "student", "college", "college_course", "year", "run", "awarded_at", "supersedes",
        "takes_back", "link", "previous_link",
    }  # fmt: skip
    private_fields: ClassVar = {"course_code", "course_title", "credits", "points", "letter"}

    student = StudentKey(Student, models.PROTECT, related_name="awards")
    college = models.ForeignKey(College, models.PROTECT, related_name="awards")
    college_course = models.ForeignKey(CollegeCourse, models.PROTECT, related_name="awards")
    year = models.ForeignKey(AcademicYear, models.PROTECT, related_name="awards")
    # As they stood on the day of the award: a catalog changes, a record does not.
    course_code = models.CharField("course", max_length=20)
    course_title = models.CharField("title", max_length=120)
    credits = models.DecimalField("credits", max_digits=3, decimal_places=1)
    points = models.DecimalField("grade points", max_digits=2, decimal_places=1, null=True, blank=True)
    letter = models.CharField("letter", max_length=3, blank=True)
    run = models.ForeignKey(TranscriptionRun, models.PROTECT, null=True, related_name="awards")
    awarded_at = models.DateTimeField("awarded at", db_default=Now())
    supersedes = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="superseded_by"
    )
    #: Not a credit: it says that the one it supersedes was not earned after all.
    takes_back = models.BooleanField("takes the credit back", default=False, db_default=False)
    previous_link = models.CharField(max_length=64)
    link = models.CharField(max_length=64)

    objects = CreditAwardQuerySet.as_manager()

    class Meta:
        ordering = ("year", "course_code", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("student", "college_course", "year"),
                condition=Q(supersedes__isnull=True),
                name="credit_is_awarded_once",
            ),
            models.CheckConstraint(condition=Q(credits__gt=0, credits__lte=25), name="award_has_credits"),
            models.CheckConstraint(
                condition=Q(supersedes__isnull=True) | ~Q(supersedes=F("id")),
                name="no_award_supersedes_itself",
            ),
            models.CheckConstraint(
                condition=Q(takes_back=False) | Q(supersedes__isnull=False, points__isnull=True, letter=""),
                name="only_credit_is_taken_back",
            ),
        )
        indexes = (models.Index(fields=("student", "college", "year"), name="award_by_student"),)
        triggers = (
            pgtrigger.Protect(name="award_is_ink", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="credit_once_a_person",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                declare=[("person", "bigint")],
                func=CREDIT_ONCE_A_PERSON,
            ),
        )

    def __str__(self) -> str:
        return f"award {self.pk}"

    @property
    def college_grade(self) -> str:
        """`3.9 A`."""
        return f"{self.points if self.points is not None else ''} {self.letter}".strip()

    def counted_at(self, moment: datetime) -> bool:
        """What `standing_at` asks, of one award; ask with `superseded_by` for many."""
        after: CreditAward | None = getattr(self, "superseded_by", None)
        return (
            self.awarded_at <= moment and not self.takes_back and (after is None or after.awarded_at > moment)
        )

    @property
    def classes(self) -> str:
        """`Marketing 1, Kamiakin High School; Marketing 2, Kamiakin High School`. Ask `with_classes` for many."""
        taught = (source.registration.high_school_course for source in self.sources.all())
        return "; ".join(f"{course.title}, {course.school.name}" for course in taught)

    @property
    def class_titles(self) -> tuple[str, ...]:
        """The titles of these classes alone. Ask `with_classes` for many."""
        return tuple(source.registration.high_school_course.title for source in self.sources.all())


class AwardSource(models.Model):
    """Ink: which registration, with which grade, earned an award."""

    public_fields: ClassVar = {"id", "award", "registration", "college_course", "grade", "replaces"}
    private_fields: ClassVar[set[str]] = set()

    award = models.ForeignKey(CreditAward, models.PROTECT, related_name="sources")
    registration = models.ForeignKey(Registration, models.PROTECT, related_name="award_sources")
    college_course = models.ForeignKey(CollegeCourse, models.PROTECT, related_name="+")
    grade = models.ForeignKey(GradeEntry, models.PROTECT, related_name="+")
    #: The source of the award that this one's award corrects.
    replaces = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="replaced_by")

    class Meta:
        ordering = ("award", "registration")
        constraints = (
            models.UniqueConstraint(
                fields=("registration", "college_course"),
                condition=Q(replaces__isnull=True),
                name="class_earns_a_course_once",
            ),
        )
        triggers = (
            pgtrigger.Protect(name="award_source_is_ink", operation=pgtrigger.Update | pgtrigger.Delete),
        )

    def __str__(self) -> str:
        return f"{self.registration_id} > {self.award_id}"
