"""College IDs: which student of SERS is which person of a college, and what is not sure about it."""

import uuid
from typing import Any, ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Concat
from django.utils import timezone

from accounts.access import ALL, Record, Role, VisibleQuerySet
from accounts.models import User
from organizations.models import College
from sers.lib.fields import SealedDateField
from students.models import Student, StudentKey, of_any_person, of_person, person_key, records_by, records_of
from transcripts.models.awards import CreditAward
from transcripts.models.imports import SheetImport
from transcripts.models.replacements import NINE_DIGITS, SidReplacement
from transcripts.models.transcripts import Transcript

#: An ID that stands in a worksheet or on a document of its person is not undone, but by two people.
GONE_OUT_STANDS = """
    SELECT COALESCE(merged_into_id, id) INTO person FROM students_student WHERE id = NEW.student_id;
    IF NOT EXISTS (
        SELECT FROM transcripts_sidreplacement WHERE identity_id = NEW.id AND state = 'approved'
    ) AND (EXISTS (
        SELECT FROM transcripts_worksheetrow line
        JOIN transcripts_creditaward award ON award.id = line.award_id
        WHERE award.student_id IN (SELECT id FROM students_student WHERE id = person OR merged_into_id = person)
            AND award.college_id = NEW.college_id AND line.sid = NEW.sid
    ) OR EXISTS (
        SELECT FROM transcripts_transcript
        WHERE student_id IN (SELECT id FROM students_student WHERE id = person OR merged_into_id = person)
            AND college_id = NEW.college_id AND sid = NEW.sid
    )) THEN
        RAISE EXCEPTION 'college_id_that_went_out_stands: replace it by two people';
    END IF;
    RETURN NEW;
"""
#: What `one_college_id_a_student_and_college` says of one record, said of all records of one person. The student is kept
#: from being merged meanwhile; who gives IDs of a college does so one at a time.
ONE_ID_A_PERSON = """
    SELECT COALESCE(merged_into_id, id) INTO person FROM students_student
        WHERE id = NEW.student_id FOR KEY SHARE;
    -- Counted, not EXISTS: before the first ANALYZE that is planned as a walk through all students that ends early.
    IF person = NEW.student_id AND (SELECT count(*) FROM students_student WHERE merged_into_id = person) = 0 THEN
        RETURN NEW;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('college IDs of ' || person, 0));
    IF EXISTS (
        SELECT FROM transcripts_collegeidentity other
        WHERE other.student_id IN (SELECT id FROM students_student WHERE id = person OR merged_into_id = person)
            AND other.college_id = NEW.college_id AND other.undone_at IS NULL
    ) THEN
        RAISE EXCEPTION 'one_college_id_a_student_and_college: on another record of this person'
            USING ERRCODE = 'unique_violation';
    END IF;
    RETURN NEW;
"""


class CollegeIdentityQuerySet(VisibleQuerySet):
    def standing(self) -> "CollegeIdentityQuerySet":
        """IDs that count: not undone."""
        return self.filter(undone_at__isnull=True)

    def at(self, college: College) -> "CollegeIdentityQuerySet":
        return self.filter(college=college)

    def sid_of(self, student: Student, college: College) -> str:
        """A student's ID at a college, as it stands; empty when there is none."""
        return self.standing().at(college).of(student).values_list("sid", flat=True).first() or ""

    def of(self, student: Student) -> "CollegeIdentityQuerySet":
        """A student's IDs, those of records that were merged into theirs among them."""
        return self.filter(student__in=records_of(student))

    def found_by(self, words: str) -> "CollegeIdentityQuerySet":
        """By the college ID, the CTE Dual Credit ID, or the beginning of any part of a name."""
        text = words.strip()
        if text.isdigit():
            return self.filter(sid__startswith=text)
        if text.upper().startswith("TP") and any(sign.isdigit() for sign in text):
            return self.filter(of_any_person(Student.objects.identified(text.upper())))
        return self.filter(of_any_person(Student.objects.named(text)))

    def listed(self) -> models.QuerySet[Any, dict[str, Any]]:
        """What the list of IDs shows, as plain values, the latest first."""
        kin = records_by(models.OuterRef(models.OuterRef("person")))
        return self.alias(person=person_key()).order_by("-given_at", "-id").values(
            "public_id", "sid", "source", "score", "given_at", "undone_at",
            student_public_id=of_person("public_id"),
            sers_id=of_person("sers_id"),
            first_name=of_person("first_name"),
            last_name=of_person("last_name"),
            given_by_name=Concat("given_by__first_name", models.Value(" "), "given_by__last_name"),
            gone_out=models.Exists(
                CreditAward.objects.filter(
                    student__in=kin,
                    college=models.OuterRef("college"),
                    worksheet_rows__sid=models.OuterRef("sid"),
                )
            )
            | models.Exists(
                Transcript.objects.filter(
                    student__in=kin,
                    college=models.OuterRef("college"),
                    sid=models.OuterRef("sid"),
                )
            ),
            replacement=models.Subquery(
                SidReplacement.objects.open()
                .filter(identity=models.OuterRef("pk"))
                .values("public_id")[:1]
            ),
        )  # fmt: skip


class CollegeIdentity(Record):
    """A student's ID at a college (SID). Never changed: a wrong one is undone, or, once it stands in a worksheet or on a
    document, replaced by two people."""

    class Source(models.TextChoices):
        MATCHED = "matched", "Matched by import"
        DECIDED = "decided", "Decided by a person"
        ASSIGNED = "assigned", "Next of the range"
        TYPED = "typed", "Entered by hand"
        REPLACED = "replaced", "In place of a wrong one, by two people"

    seen_by: ClassVar = {
        Role.STUDENT: "student__user",
        Role.REGISTRAR: "college",
        Role.STATE: ALL,
    }
    public_fields: ClassVar = {
        "id", "public_id", "student", "college", "source", "score", "sheet", "given_by", "given_at", "undone_at",
        "undone_by", "replaces",
    }  # fmt: skip
    private_fields: ClassVar = {"sid"}

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    student = StudentKey(Student, models.PROTECT, related_name="identities")
    college = models.ForeignKey(College, models.PROTECT, related_name="identities")
    sid = models.CharField("college ID", max_length=9)
    source = models.CharField("how it came", max_length=8, choices=Source)
    score = models.PositiveSmallIntegerField("score", null=True, blank=True)
    sheet = models.ForeignKey(SheetImport, models.PROTECT, null=True, blank=True, related_name="identities")
    #: Empty where a run gave the next number of the college's range.
    given_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    given_at = models.DateTimeField("given at", default=timezone.now)
    undone_at = models.DateTimeField("undone at", null=True, blank=True)
    undone_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    #: The wrong one it stands in place of.
    replaces = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="replaced_by")

    objects = CollegeIdentityQuerySet.as_manager()

    class Meta:
        ordering = ("-given_at", "-id")
        verbose_name_plural = "college identities"
        constraints = (
            models.UniqueConstraint(
                fields=("college", "sid"),
                condition=Q(undone_at__isnull=True),
                name="college_id_once_in_a_college",
                violation_error_message="Another student has this college ID.",
            ),
            models.UniqueConstraint(
                fields=("student", "college"),
                condition=Q(undone_at__isnull=True),
                name="one_college_id_a_student_and_college",
                violation_error_message="This student has a college ID already.",
            ),
            models.CheckConstraint(condition=Q(sid__regex=NINE_DIGITS), name="college_id_has_nine_digits"),
            models.CheckConstraint(
                condition=Q(source__in=("matched", "decided", "assigned", "typed", "replaced")),
                name="college_id_source_is_known",
            ),
            models.CheckConstraint(
                condition=Q(source="replaced", replaces__isnull=False)
                | (~Q(source="replaced") & Q(replaces__isnull=True)),
                name="replaced_college_id_says_which",
            ),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True, undone_by__isnull=True)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
                name="undone_college_id_has_its_moment",
            ),
        )
        indexes = (models.Index(fields=("college", "-given_at", "-id"), name="identity_by_college"),)
        triggers = (
            pgtrigger.Protect(name="identity_stays", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="identity_is_ink",
                fields=[
                    "student",
                    "college",
                    "sid",
                    "source",
                    "score",
                    "sheet",
                    "given_by",
                    "given_at",
                    "replaces",
                ],
            ),
            pgtrigger.Protect(
                name="undone_identity_is_ink",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__undone_at__isnull=False),
            ),
            # What stands in a worksheet or on a document is undone by an approved replacement alone.
            pgtrigger.Trigger(
                name="college_id_that_went_out_stands",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(new__undone_at__isnull=False),
                declare=[("person", "bigint")],
                func=GONE_OUT_STANDS,
            ),
            pgtrigger.Trigger(
                name="one_college_id_a_person",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                declare=[("person", "bigint")],
                func=ONE_ID_A_PERSON,
            ),
        )

    def __str__(self) -> str:
        return f"identity {self.pk}"


class IdentityConflictQuerySet(VisibleQuerySet):
    def open(self) -> "IdentityConflictQuerySet":
        """Conflicts nobody has decided."""
        return self.filter(decision="")

    def decided(self) -> "IdentityConflictQuerySet":
        """Conflicts somebody has decided: the log of what was matched, and what was not."""
        return self.exclude(decision="")

    def at(self, college: College) -> "IdentityConflictQuerySet":
        return self.filter(college=college)

    def log(self) -> models.QuerySet[Any, dict[str, Any]]:
        """What the list of decisions shows of each, the latest first."""
        return self.order_by("-decided_at", "-id").values(
            "public_id", "sid", "decision", "decided_at",
            "first_name", "last_name",
            college_name=F("college__name"),
            student_public_id=of_person("public_id"),
            student_first_name=of_person("first_name"),
            student_last_name=of_person("last_name"),
            decided_by_name=Concat("decided_by__first_name", models.Value(" "), "decided_by__last_name"),
        )  # fmt: skip

    def listed(self) -> models.QuerySet[Any, dict[str, Any]]:
        """What the queue shows of each, the oldest first."""
        return self.order_by("found_at", "id").values(
            "public_id", "sid", "kind", "first_name", "last_name", "found_at",
            college_name=F("college__name"),
            number=models.Count("candidates"),
        )  # fmt: skip

    def in_full(self) -> "IdentityConflictQuerySet":
        """With its college and candidates: three queries."""
        return self.select_related("college", "decided_by", "student").prefetch_related(
            "candidates__student__school", "candidates__student__user", "candidates__student__identities"
        )


class IdentityConflict(Record):
    """A college ID no rule may give by itself: whose it is, a person decides, side by side. Decided once."""

    class Kind(models.TextChoices):
        SEVERAL = "several", "Two students fit"
        BIRTH_DATE = "birth_date", "The birth date differs"
        NAME = "name", "The name differs"
        SID_TAKEN = "sid_taken", "Another student has this ID"
        OTHER_SID = "other_sid", "The student has another ID"
        UNDONE = "undone", "It was undone for this student"

    class Decision(models.TextChoices):
        MATCHED = "matched", "It is this student"
        NOBODY = "nobody", "It is none of them"

    seen_by: ClassVar = {Role.REGISTRAR: "college", Role.STATE: ALL}
    public_fields: ClassVar = {
        "id", "public_id", "college", "kind", "sheet", "found_at", "decision", "student", "decided_by", "decided_at",
    }  # fmt: skip
    private_fields: ClassVar = {
        "sid", "first_name", "middle_name", "last_name", "former_names", "birth_date", "email",
    }  # fmt: skip

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    college = models.ForeignKey(College, models.PROTECT, related_name="identity_conflicts")
    kind = models.CharField("what is not sure", max_length=10, choices=Kind)
    # As the college's sheet says it.
    sid = models.CharField("college ID", max_length=9)
    first_name = models.CharField("first name", max_length=100)
    middle_name = models.CharField("middle name", max_length=100, blank=True)
    last_name = models.CharField("last name", max_length=100, blank=True)
    former_names = models.CharField("former names", max_length=200, blank=True)
    birth_date = SealedDateField("birth date")
    email = models.CharField("e-mail", max_length=254, blank=True)
    sheet = models.ForeignKey(SheetImport, models.PROTECT, related_name="conflicts")
    found_at = models.DateTimeField("found at", default=timezone.now)
    decision = models.CharField("decision", max_length=8, choices=Decision, blank=True)
    student = StudentKey(Student, models.PROTECT, null=True, blank=True, related_name="+")
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField("decided at", null=True, blank=True)

    objects = IdentityConflictQuerySet.as_manager()

    class Meta:
        ordering = ("found_at", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("college", "sid"), condition=Q(decision=""), name="one_open_conflict_a_college_id"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=("several", "birth_date", "name", "sid_taken", "other_sid", "undone")),
                name="conflict_kind_is_known",
            ),
            models.CheckConstraint(condition=Q(sid__regex=NINE_DIGITS), name="conflict_sid_has_nine_digits"),
            models.CheckConstraint(
                condition=Q(
                    decision="", student__isnull=True, decided_by__isnull=True, decided_at__isnull=True
                )
                | Q(
                    decision="matched",
                    student__isnull=False,
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                )
                | Q(
                    decision="nobody",
                    student__isnull=True,
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                ),
                name="decided_conflict_says_who",
            ),
        )
        triggers = (
            pgtrigger.Protect(name="conflict_stays", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="conflict_facts_are_ink",
                fields=[
                    "college", "kind", "sid", "first_name", "middle_name", "last_name", "former_names",
                    "birth_date", "email", "sheet", "found_at",
                ],
            ),
            pgtrigger.Protect(
                name="decided_conflict_is_ink",
                operation=pgtrigger.Update,
                condition=~pgtrigger.Q(old__decision=""),
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"conflict {self.pk}"

    @property
    def name(self) -> str:
        return " ".join(part for part in (self.first_name, self.middle_name, self.last_name) if part)


class IdentityCandidate(models.Model):
    """Ink: a student who may be meant by a conflict, and how well the facts agreed when it was found."""

    public_fields: ClassVar = {"id", "conflict", "student", "score"}
    private_fields: ClassVar[set[str]] = set()

    conflict = models.ForeignKey(IdentityConflict, models.PROTECT, related_name="candidates")
    student = StudentKey(Student, models.PROTECT, related_name="+")
    score = models.PositiveSmallIntegerField("score")

    class Meta:
        ordering = ("-score", "student_id")
        constraints = (
            models.UniqueConstraint(fields=("conflict", "student"), name="candidate_once_in_a_conflict"),
        )
        triggers = (
            pgtrigger.Protect(name="candidate_is_ink", operation=pgtrigger.Update | pgtrigger.Delete),
        )

    def __str__(self) -> str:
        return f"{self.conflict_id}: {self.student_id}"
