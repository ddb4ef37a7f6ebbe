"""Industry credentials students earned: in ink, one standing a person, an error taken back by a further row."""

import uuid
from collections.abc import Iterable
from typing import Any, ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from accounts.access import ALL, Record, Role, VisibleQuerySet
from accounts.models import User
from articulations.models import IndustryCredential, Section
from students.models.kin import kin_of, person_key, records_of
from students.models.people import Student, opened_records
from students.models.registrations import Registration

#: Of a credential a person holds one that stands, on whichever of their records it was written. Two who record it at
#: once wait for each other.
ONE_STANDING_A_PERSON = """
    SELECT COALESCE(s.merged_into_id, s.id) INTO person
        FROM students_registration r JOIN students_student s ON s.id = r.student_id
        WHERE r.id = NEW.registration_id;
    PERFORM pg_advisory_xact_lock(hashtextextended('credentials of ' || person, 0));
    IF EXISTS (
        SELECT FROM students_earnedcredential other
        JOIN students_registration r ON r.id = other.registration_id
        WHERE r.student_id IN (SELECT id FROM students_student WHERE id = person OR merged_into_id = person)
            AND other.credential_id = NEW.credential_id
            AND NOT EXISTS (SELECT FROM students_credentialtakenback t WHERE t.earned_id = other.id)
    ) THEN
        RAISE EXCEPTION 'one_standing_credential_a_person: this person holds it already'
            USING ERRCODE = 'unique_violation';
    END IF;
    RETURN NEW;
"""


class EarnedCredentialQuerySet(VisibleQuerySet):
    def opened_to(self, user: Any) -> Q:
        """The credentials of a record that was opened by Search Statewide come with it."""
        opened = opened_records(user)
        if not opened:
            return Q()
        merged = Student._base_manager.filter(merged_into__in=opened).order_by().values("pk")
        return Q(registration__student__in=opened) | Q(registration__student__in=merged)

    def standing(self) -> "EarnedCredentialQuerySet":
        """Credentials that count: not taken back. Asked by NOT EXISTS: of a join that found nothing the planner expects
        one row in two hundred, and goes on row by row."""
        return self.filter(~models.Exists(CredentialTakenBack.objects.filter(earned=models.OuterRef("pk"))))

    def once(self) -> "EarnedCredentialQuerySet":
        """Each once a person: of two records that were merged and both hold it, what was recorded first. One query over
        the credentials of merged records, which are few."""
        merged = Student._base_manager.filter(merged_into__isnull=False).order_by()
        both = merged.values("pk").union(merged.values("merged_into"))
        rows = EarnedCredential.objects.standing().filter(registration__student__in=both)
        held = rows.annotate(person=person_key("registration__student")).order_by("recorded_at", "id")
        seen: set[tuple[int, int]] = set()
        again = []
        for key, person, credential in held.values_list("pk", "person", "credential"):
            if (person, credential) in seen:
                again.append(key)
            seen.add((person, credential))
        return self.exclude(pk__in=again)

    def of(self, student: Student) -> "EarnedCredentialQuerySet":
        """A student's, those of records that were merged into theirs among them. The records are asked first, one query:
        as a sub-select every credential of the State would be joined with its student."""
        keys = list(records_of(student).values_list("pk", flat=True))
        return self.filter(registration__student__in=keys)

    def in_class(self, section: Section) -> "EarnedCredentialQuerySet":
        """Those that were recorded in a class."""
        return self.filter(registration__section=section)

    def of_credential(self, credential: IndustryCredential) -> "EarnedCredentialQuerySet":
        return self.filter(credential=credential)

    def among(self, keys: Iterable[int]) -> set[int]:
        """Which of these (by their keys) are in it; one query, none where there are none."""
        return set(self.filter(pk__in=list(keys)).order_by().values_list("pk", flat=True))

    def told(self) -> "EarnedCredentialQuerySet":
        """With all a page tells of each, the latest first."""
        return self.select_related(
            "credential", "recorded_by", "taken_back__taken_back_by", "registration__year",
            "registration__high_school_course__school", "registration__student__school",
            "registration__student__merged_into__school",
        ).order_by("-earned_on", "credential__folded", "id")  # fmt: skip

    def by_person(self, people: Iterable[int]) -> "dict[int, list[EarnedCredential]]":
        """What each of these people (keys of records) holds, by the key of the record that stands; two queries.

        Of two records that were merged, both may hold a credential: it is told once, as it was recorded first.
        """
        people = list(people)
        kin = kin_of(people)
        rows = (
            self.filter(registration__student__in=kin.records(people))
            .standing()
            .select_related("credential", "recorded_by")
            .annotate(person=person_key("registration__student"))
            .order_by("recorded_at", "id")
        )
        found: dict[int, dict[int, EarnedCredential]] = {}
        for row in rows:
            found.setdefault(row.person, {}).setdefault(row.credential_id, row)
        return {person: list(held.values()) for person, held in found.items()}


class EarnedCredential(Record):
    """Ink: a student of a class earned an industry credential. The college does not vouch for it: no transcript has it."""

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
    public_fields: ClassVar = {"id", "public_id", "registration", "recorded_at", "recorded_by"}
    private_fields: ClassVar = {"credential", "earned_on"}

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    #: Whose it is, and the class it was recorded in: its school year is the one it counts in.
    registration = models.ForeignKey(Registration, models.PROTECT, related_name="credentials")
    credential = models.ForeignKey(
        IndustryCredential, models.PROTECT, related_name="earned", verbose_name="industry credential"
    )
    earned_on = models.DateField("day it was earned")
    recorded_at = models.DateTimeField("recorded at", db_default=Now())
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = EarnedCredentialQuerySet.as_manager()

    class Meta:
        ordering = ("registration", "recorded_at", "id")
        triggers = (
            pgtrigger.Trigger(
                name="one_standing_credential_a_person",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                declare=[("person", "bigint")],
                func=ONE_STANDING_A_PERSON,
            ),
            pgtrigger.Protect(name="earned_credential_is_ink", operation=pgtrigger.Update | pgtrigger.Delete),
        )

    def __str__(self) -> str:
        return f"credential of {self.registration_id}"

    @property
    def correction(self) -> "CredentialTakenBack | None":
        """What took it back; None while it stands. Load it along."""
        return getattr(self, "taken_back", None)


class CredentialTakenBack(Record):
    """Ink: a credential that was recorded in error, with the reason. What it takes back stays to be read."""

    seen_by: ClassVar = {
        Role.STUDENT: "earned__registration__student__user",
        Role.TEACHER: "earned__registration__section__teachers",
        Role.COUNSELOR: (
            "earned__registration__student__school",
            "earned__registration__high_school_course__school",
        ),
        Role.DISTRICT: (
            "earned__registration__student__school__district",
            "earned__registration__high_school_course__school__district",
        ),
        Role.CONSORTIUM: "earned__registration__articulation__consortium",
        Role.STATE: ALL,
    }
    MOST_LETTERS: ClassVar = 200

    public_fields: ClassVar = {"id", "earned", "taken_back_at", "taken_back_by"}
    private_fields: ClassVar = {"reason"}

    earned = models.OneToOneField(EarnedCredential, models.PROTECT, related_name="taken_back")
    reason = models.CharField("reason", max_length=200)
    taken_back_at = models.DateTimeField("taken back at", db_default=Now())
    taken_back_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = VisibleQuerySet.as_manager()

    class Meta:
        ordering = ("earned",)
        verbose_name_plural = "credentials taken back"
        constraints = (
            models.CheckConstraint(condition=~Q(reason=""), name="credential_taken_back_has_its_reason"),
        )
        triggers = (
            pgtrigger.Protect(
                name="credential_taken_back_is_ink", operation=pgtrigger.Update | pgtrigger.Delete
            ),
        )

    def __str__(self) -> str:
        return f"taken back {self.earned_id}"
