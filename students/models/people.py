"""Students: who they are, how they are found, and which of their records stands for which."""

import uuid
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, ClassVar

import pgtrigger
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, OuterRef, Q
from django.db.models.functions import Concat, Upper
from django.db.models.lookups import Exact, StartsWith
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.access import ALL, Record, Role, VisibleQuerySet, seats
from accounts.models import User
from articulations.models import Section
from organizations.models import HighSchool
from sers.lib.fields import SealedDateField
from sers.lib.folding import fold, fold_parts

#: A record that stands for another is merged into none, and is one person's with it: of a class and year they have one
#: live registration together. Both rows are kept from whoever registers meanwhile (`one_class_a_person`).
NO_CHAIN = """
    IF NEW.merged_into_id IS NULL THEN RETURN NEW; END IF;
    IF TG_OP = 'UPDATE' THEN
        IF NEW.merged_into_id IS NOT DISTINCT FROM OLD.merged_into_id THEN RETURN NEW; END IF;
    END IF;
    PERFORM FROM students_student WHERE id IN (NEW.id, NEW.merged_into_id) ORDER BY id FOR UPDATE;
    IF EXISTS (SELECT FROM students_student WHERE id = NEW.merged_into_id AND merged_into_id IS NOT NULL)
        OR (SELECT count(*) FROM students_student WHERE merged_into_id = NEW.id) > 0
    THEN
        RAISE EXCEPTION 'merges_make_no_chain: a record that was merged stands for no other'
            USING ERRCODE = 'check_violation';
    END IF;
    IF EXISTS (
        SELECT FROM students_registration mine
        JOIN students_registration theirs
            ON theirs.high_school_course_id = mine.high_school_course_id AND theirs.year_id = mine.year_id
            AND theirs.status NOT IN ('withdrawn', 'not_in_class')
        WHERE mine.student_id = NEW.id AND mine.status NOT IN ('withdrawn', 'not_in_class')
            AND theirs.student_id IN (
                SELECT id FROM students_student
                WHERE id <> NEW.id AND (id = NEW.merged_into_id OR merged_into_id = NEW.merged_into_id)
            )
    ) THEN
        RAISE EXCEPTION 'one_live_registration_of_a_class_a_year: both records are registered for a class'
            USING ERRCODE = 'unique_violation';
    END IF;
    RETURN NEW;
"""

#: Nothing of a record moves while somebody has asked to inspect it (34 CFR 99.10(e)): no merge, and no undo of one.
KEPT_AS_ASKED = """
    IF NEW.merged_into_id IS NOT DISTINCT FROM OLD.merged_into_id THEN RETURN NEW; END IF;
    PERFORM FROM students_student
        WHERE id IN (NEW.id, NEW.merged_into_id, OLD.merged_into_id) ORDER BY id FOR UPDATE;
    IF EXISTS (
        SELECT FROM students_inspection
        WHERE state = 'open' AND student_id IN (NEW.id, NEW.merged_into_id, OLD.merged_into_id)
    ) THEN
        RAISE EXCEPTION 'kept_while_inspected: a request to inspect this record is open'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""


class StudentQuerySet(VisibleQuerySet):
    def opened_to(self, user: Any) -> Q:
        """The records this person opened by Search Statewide, for thirty minutes."""
        opened = opened_records(user)
        return Q(pk__in=opened) if opened else Q()

    def living(self) -> "StudentQuerySet":
        """Records that stand for themselves: those merged into another are left out."""
        return self.filter(merged_into__isnull=True)

    def merged_away(self) -> "StudentQuerySet":
        """Records that were merged into another, which stands for them."""
        return self.filter(merged_into__isnull=False)

    def own(self, user: Any) -> "StudentQuerySet":
        """The record of the person who signed in, with what their pages tell of it; none for anybody else.

        Whoever signs in with the account of a merged record is at the record that stands for it.
        """
        into = Student._base_manager.filter(user=user, merged_into__isnull=False).values("merged_into")
        return self.living().filter(Q(user=user) | Q(pk__in=into)).in_full()

    def changed_since(self, moment: datetime) -> "StudentQuerySet":
        return self.filter(updated_at__gte=moment)

    def in_full(self) -> "StudentQuerySet":
        """With the account and the school a profile tells of."""
        return self.select_related("user", "school__district")

    def named(self, words: str) -> "StudentQuerySet":
        """Students of whom every word begins some part of a name: `clark` finds `Clarkston`."""
        return self.filter(identity_terms(words))

    def identified(self, sers_id: str) -> "StudentQuerySet":
        """The record of an ID, as `rules.tidy_sers_id` writes it."""
        return self.alias(upper_id=Upper("sers_id")).filter(upper_id=sers_id)

    def identified_by(self, sers_ids: Iterable[str]) -> "StudentQuerySet":
        """The students of these IDs, as `rules.tidy_sers_id` writes them."""
        return self.alias(upper_id=Upper("sers_id")).filter(upper_id__in=[one.upper() for one in sers_ids])

    def paying(self, sers_id: str, reference: str, consortium_id: int) -> "Student | None":
        """The student of an ID or of a registration's reference, if they are registered in this consortium."""
        of = Q(sers_id__iexact=sers_id) if sers_id else Q(registrations__reference=reference)
        found: Student | None = (
            self.filter(of, registrations__articulation__consortium=consortium_id).order_by("pk").first()
        )
        return found

    def keyed(self, keys: Iterable[int | None]) -> "list[uuid.UUID]":
        """The public ids of the students of these keys."""
        return list(
            self.filter(pk__in=[key for key in keys if key])
            .order_by("pk")
            .values_list("public_id", flat=True)
        )

    def born_on(self, day: date) -> "StudentQuerySet":
        return self.filter(birth_date=day)

    def resembling(self, parts: Iterable[str], days: Iterable[date]) -> "StudentQuerySet":
        """Students born on one of these days of whose names some part is one of these: to look at closely."""
        some = Q()
        for part in parts:
            some |= Q(folded__contains=f" {part}")
        return self.filter(some, birth_date__in=list(days)) if some else self.none()

    def at(self, school: HighSchool) -> "StudentQuerySet":
        """Students whose own school it is; a skills center is nobody's own school."""
        return self.filter(school=school)

    def shown_in(self, disclosures: models.QuerySet[Any]) -> "StudentQuerySet":
        """Students whom these disclosures showed."""
        return self.filter(pk__in=disclosures.order_by().values("student"))

    def matching(
        self,
        *,
        name: str = "",
        sers_id: str = "",
        id_begins: str = "",
        birth_date: date | None = None,
        school: HighSchool | None = None,
        grade_level: int | None = None,
    ) -> "StudentQuerySet":
        """Students for whom every term holds that is given.

        Name, ID and birth date may be those of a record that was merged into this one; school and grade are where the
        student is now. Merged records are few and asked apart, not as one more branch of every search: a planner that
        has to choose between two ways of finding a name walks through all of them.
        """
        terms = identity_terms(name, sers_id=sers_id, id_begins=id_begins, birth_date=birth_date)
        if terms:
            merged = Student.objects.merged_away().filter(terms).order_by()
            into = sorted(merged.values_list("merged_into", flat=True))
            terms = terms | Q(pk__in=into) if into else terms
        found = self.living().filter(terms)
        if school is not None:
            found = found.at(school)
        if grade_level is not None:
            found = found.filter(grade_level=grade_level)
        return found

    def as_listed(self) -> models.QuerySet[Any]:
        """What a list of students shows of each, as plain values in the order of names."""
        others = Student._base_manager.filter(merged_into=OuterRef("pk")).order_by("pk")
        return self.order_by("sort_name", "id").values(
            "public_id", "sers_id", "first_name", "middle_name", "last_name", "former_names", "birth_date",
            "grade_level",
            school_name=F("school__name"),
            also=ArraySubquery(
                others.values_list(Concat("first_name", models.Value(" "), "last_name", models.Value(" "), "sers_id"))
            ),
        )  # fmt: skip


class Student(Record):
    """A high-school student with a CTE Dual Credit ID. Identity (sign-in) is the user; facts are here."""

    class Gender(models.TextChoices):
        FEMALE = "female", _("Female")
        MALE = "male", _("Male")
        NONBINARY = "x", _("Gender X")
        NOT_SAID = "not_said", _("Prefer not to say")

    class Ethnicity(models.TextChoices):
        """As the State's research centre breaks figures down: the seven federal categories."""

        HISPANIC = "hispanic", _("Hispanic or Latino, of any race")
        NATIVE = "native", _("American Indian or Alaska Native")
        ASIAN = "asian", _("Asian")
        BLACK = "black", _("Black or African American")
        PACIFIC = "pacific", _("Native Hawaiian or other Pacific Islander")
        WHITE = "white", _("White")
        TWO_OR_MORE = "two_or_more", _("Two or more races")
        NOT_SAID = "not_said", _("Prefer not to say")

    class Language(models.TextChoices):
        """English, and the ten languages most spoken in the homes of this State's multilingual learners."""

        ENGLISH = "en", "English"
        SPANISH = "es", "Español"
        RUSSIAN = "ru", "Русский"
        UKRAINIAN = "uk", "Українська"
        VIETNAMESE = "vi", "Tiếng Việt"
        DARI = "prs", "دری"
        ARABIC = "ar", "العربية"
        MARSHALLESE = "mh", "Kajin M̧ajeļ"
        MANDARIN = "zh", "中文"
        SOMALI = "so", "Soomaali"
        PASHTO = "ps", "پښتو"

    #: Classes of a merged record are classes of the one that stands for it; its school is that one's school.
    seen_by: ClassVar = {
        Role.STUDENT: ("user", "merged_into__user"),
        Role.TEACHER: ("registrations__section__teachers", "merged__registrations__section__teachers"),
        Role.COUNSELOR: "school",
        Role.DISTRICT: "school__district",
        Role.REGISTRAR: ("registrations__college", "merged__registrations__college"),
        Role.CONSORTIUM: (
            "registrations__articulation__consortium",
            "merged__registrations__articulation__consortium",
            "school__district__consortia",
        ),
        Role.STATE: ALL,
    }
    public_fields: ClassVar = {
        "id", "public_id", "user", "school", "created_at", "merged_into", "updated_at",
    }  # fmt: skip
    private_fields: ClassVar = {
        "sers_id", "first_name", "middle_name", "last_name", "former_names", "folded", "sort_name",
        "birth_date", "imported_email", "phone", "street", "city", "state", "postal_code", "grade_level",
        "graduation_year", "gender", "ethnicity", "guardian_name", "guardian_email", "guardian_language",
        "died_on", "no_paper", "came_for",
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
    #: The address of a record that has no account yet; with an account it is the account's, and stands there alone.
    imported_email = models.EmailField("e-mail without an account", max_length=254, blank=True)
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
    #: Asked for the State's figures; no screen of staff shows them, no decision reads them.
    gender = models.CharField("gender", max_length=10, choices=Gender, blank=True)
    ethnicity = models.CharField("ethnicity", max_length=12, choices=Ethnicity, blank=True)
    guardian_name = models.CharField("parent or guardian", max_length=150, blank=True)
    guardian_email = models.EmailField("parent's or guardian's e-mail", max_length=254, blank=True)
    guardian_language = models.CharField(
        "parent's or guardian's language", max_length=3, choices=Language, blank=True
    )
    #: Known to have died: nothing is mailed or sent any more. `rules.can_note_death` says who may note it.
    died_on = models.DateField("date of death", null=True, blank=True)
    no_paper = models.BooleanField("wants no letters on paper", default=False)
    #: The class whose code brought a new student here, until they have registered for it.
    came_for = models.ForeignKey(Section, models.PROTECT, null=True, blank=True, related_name="+")
    #: The record that stands for this one. A merge rewrites nothing else: readers follow the pointer, undo clears it.
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
            models.CheckConstraint(
                condition=Q(user__isnull=True) | Q(imported_email=""), name="an_address_stands_in_one_place"
            ),
            models.CheckConstraint(
                condition=Q(gender__in=("", "female", "male", "x", "not_said")), name="gender_is_known"
            ),
            models.CheckConstraint(
                condition=Q(
                    ethnicity__in=(
                        "",
                        "hispanic",
                        "native",
                        "asian",
                        "black",
                        "pacific",
                        "white",
                        "two_or_more",
                        "not_said",
                    )
                ),
                name="ethnicity_is_known",
            ),
            models.CheckConstraint(
                condition=Q(
                    guardian_language__in=(
                        "",
                        "en",
                        "es",
                        "ru",
                        "uk",
                        "vi",
                        "prs",
                        "ar",
                        "mh",
                        "zh",
                        "so",
                        "ps",
                    )
                ),
                name="guardian_language_is_known",
            ),
        )
        indexes = (
            GinIndex(OpClass(F("folded"), name="gin_trgm_ops"), name="student_names"),
            models.Index(fields=("school", "sort_name", "id"), name="student_by_school"),
            models.Index(fields=("sort_name", "id"), name="student_by_name"),
            models.Index(fields=("birth_date",), name="student_by_birth_date"),
            models.Index(OpClass(Upper("sers_id"), name="text_pattern_ops"), name="student_by_begun_id"),
            models.Index(fields=("updated_at",), name="student_by_change"),
            # Merged records are few; what looks for one of them never walks the others.
            models.Index(
                fields=("merged_into",), name="student_merged_away", condition=Q(merged_into__isnull=False)
            ),
        )
        triggers = (
            pgtrigger.Trigger(
                name="merges_make_no_chain",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("merged_into_id"),
                func=NO_CHAIN,
            ),
            pgtrigger.Trigger(
                name="kept_while_inspected",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("merged_into_id"),
                func=KEPT_AS_ASKED,
            ),
        )

    def __str__(self) -> str:
        return self.sers_id

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.fold_names()
        super().save(*args, **kwargs)

    def fold_names(self) -> None:
        """Set what names are searched and sorted by; who writes many rows at once asks for it."""
        # Cut to the columns: folding can make a name longer, ß becomes ss.
        self.folded = fold_parts(self.first_name, self.middle_name, self.last_name, self.former_names)[:600]
        self.sort_name = sort_name(self.last_name, self.first_name, self.middle_name)[:310]

    @property
    def surviving(self) -> "Student":
        """The record that stands for this one: itself, or the one it was merged into."""
        return self if self.merged_into_id is None or self.merged_into is None else self.merged_into

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
    def email(self) -> str:
        """The one address of the student: the account's, else what the record came with. Load the account with it."""
        return self.imported_email if self.user is None else self.user.email

    @property
    def address_lines(self) -> list[str]:
        """The address as an envelope shows it; empty unless mail would arrive."""
        if not (self.street and self.city and self.state and self.postal_code):
            return []
        return [self.street, f"{self.city}, {self.state} {self.postal_code}"]

    @property
    def list_name(self) -> str:
        """`Hernández de la Cruz, Maximiliano`; a person of one name is that name."""
        return list_name(self.last_name, self.first_name)


def identity_terms(name: str, *, sers_id: str = "", id_begins: str = "", birth_date: date | None = None) -> Q:
    """That every word begins some part of a name, that the ID is this one or begins so, and that the birth date is
    this one; of what is given."""
    terms = Q()
    for word in fold(name).split():
        terms &= Q(folded__contains=f" {word}")
    if sers_id:
        terms &= Q(Exact(Upper("sers_id"), sers_id))
    if id_begins:
        terms &= Q(StartsWith(Upper("sers_id"), id_begins))
    if birth_date is not None:
        terms &= Q(birth_date=birth_date)
    return terms


def list_name(last_name: str, first_name: str) -> str:
    """A name as lists show it: last name first; a person of one name is that name."""
    return f"{last_name}, {first_name}" if last_name else first_name


def sort_name(last_name: str, first_name: str, middle_name: str) -> str:
    """What a list of people is sorted by: folded, last name first, a gap before the first name."""
    return fold(last_name or first_name) + "  " + fold(f"{first_name if last_name else ''} {middle_name}")


def opened_records(user: Any) -> list[int]:
    """Students whose record a person opened beyond their reach and may still read; remembered with the person.

    Asked apart, not as one more sub-select of every list: hardly anybody has one, and the lists stay as fast.
    """
    held = [seat.id for seat in seats(user) if seat.role not in (Role.STUDENT, Role.STATE)]
    if not held:
        return []
    remembered: dict[tuple[int, ...], list[int]] = user.__dict__.setdefault("_opened_records", {})
    key = tuple(held)
    if key not in remembered:
        opened = Student.objects.filter(
            disclosures__reader=user.pk,
            disclosures__seat_id__in=held,
            disclosures__opens_until__gt=timezone.now(),
        )
        remembered[key] = sorted(set(opened.order_by().values_list("pk", flat=True)))
    return remembered[key]


def home_schools() -> models.QuerySet[HighSchool]:
    """The schools a student may name as their own, by district: a skills center is visited, not belonged to."""
    return (
        HighSchool.objects.filter(kind=HighSchool.Kind.HIGH_SCHOOL)
        .select_related("district")
        .order_by("district__name", "name")
    )
