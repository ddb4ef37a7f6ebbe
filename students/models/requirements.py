"""What registrations owe before credit is given, each thing a row; and who decided about it, in ink."""

import uuid
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, ClassVar, Final

import pgtrigger
from django.db import connection, models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.access import ALL, Record, Role, VisibleQuerySet
from accounts.models import User
from organizations.models import Consortium, FurtherAsk, SchoolDistrict
from students.models.kin import of_person, person_key, records_of
from students.models.people import Student
from students.models.registrations import Registration
from students.models.sums import ADDS_UP

_WRITE_SUM: Final = """
    UPDATE students_registration g
    SET fees_req = s.state, fee_due = s.fee, version = g.version + 1,
        fees_req_at = CASE WHEN s.state IN ('processed', 'waived') THEN s.decided_at END,
        fees_req_by_id = CASE WHEN s.state IN ('processed', 'waived') THEN s.decided_by END
    FROM ({sum}) s
    WHERE g.id = s.registration_id AND (g.fees_req, g.fee_due) IS DISTINCT FROM (s.state, s.fee);
    RETURN NULL;
""".replace("{sum}", ADDS_UP.replace("{which}", "IN (SELECT registration_id FROM changed)"))
#: Registrations of before there were rows, or written in bulk, get theirs from what they say themselves.
WRITE_OUT: Final = """
    INSERT INTO students_requirement
        (public_id, registration_id, kind, state, amount, payer, decided_at, decided_by_id, reason)
    SELECT gen_random_uuid(), g.id, asked.kind, g.fees_req, asked.amount, 'student', g.fees_req_at, g.fees_req_by_id,
           CASE WHEN g.fees_req = 'waived' THEN 'Waived before reasons were kept.' ELSE '' END
    FROM students_registration g
    JOIN articulations_articulation a ON a.id = g.articulation_id
    LEFT JOIN organizations_consortiumyear t ON t.consortium_id = a.consortium_id AND t.year_id = g.year_id
    CROSS JOIN LATERAL (
        SELECT 'form' AS kind, 0 AS amount WHERE coalesce(t.form_required, false) OR g.fee_due = 0
        UNION ALL SELECT 'fee', g.fee_due WHERE g.fee_due > 0
    ) asked
    WHERE g.fees_req <> 'not_required' AND {which}
    AND NOT EXISTS (
        SELECT 1 FROM students_requirement r
        WHERE r.registration_id = g.id AND r.payer = 'student' AND r.state <> 'dropped'
    )
"""


class RequirementQuerySet(VisibleQuerySet):
    def write_out(self, registrations: Iterable[int] | None = None) -> int:
        """Rows for registrations that have none and say Pending, Processed or Waived; of all, or of these. How many."""
        keys = None if registrations is None else list(registrations)
        if keys == []:
            return 0
        with connection.cursor() as cursor:
            cursor.execute(
                WRITE_OUT.replace("{which}", "true" if keys is None else "g.id = ANY(%s)"),
                None if keys is None else [keys],
            )
            return int(cursor.rowcount)

    def standing(self) -> "RequirementQuerySet":
        """What is asked now; what was dropped is history."""
        return self.exclude(state=Requirement.State.DROPPED)

    def pending(self) -> "RequirementQuerySet":
        return self.filter(state=Requirement.State.PENDING)

    def of_student(self) -> "RequirementQuerySet":
        """What the student's side brings; a fee the district pays holds up nobody's credit."""
        return self.filter(payer=Requirement.Payer.STUDENT)

    def owed(self) -> "RequirementQuerySet":
        """Pending, of a class that can still earn credit and has none yet."""
        return self.pending().filter(
            registration__status__in=(Registration.Status.IN_PROGRESS, Registration.Status.COMPLETED),
            registration__awarded_at__isnull=True,
        )

    def fees_owed(self, student: Student) -> "RequirementQuerySet":
        """The fees a student still owes, with what a page tells of each."""
        return (
            self.owed()
            .of_student()
            .filter(kind=Requirement.Kind.FEE, registration__student__in=records_of(student))
            .told()
        )

    def owed_by(self, student: Student) -> "RequirementQuerySet":
        """All that a student still owes, with what a page tells of each."""
        return self.owed().of_student().filter(registration__student__in=records_of(student)).told()

    def told(self) -> "RequirementQuerySet":
        """With what a page tells of each."""
        return self.select_related(
            "asked",
            "decided_by",
            "registration__student",
            "registration__year",
            "registration__college",
            "registration__high_school_course",
            "registration__articulation__consortium",
        ).order_by("registration__registered_at", "registration_id", "pk")

    def of_registration(self, registration: Registration, kind: str) -> "Requirement | None":
        """What stands of this kind for one registration, of what the student's side brings."""
        found: Requirement | None = (
            self.standing().filter(registration=registration, kind=kind).told().first()
        )
        return found

    def guardians_asked(self, registrations: Iterable[int]) -> dict[int, Any]:
        """The last link that was mailed about each of these registrations, by its key; one query and one more."""
        rows = (
            self.filter(registration__in=list(registrations), kind=Requirement.Kind.GUARDIAN)
            .pending()
            .prefetch_related("guardian_links__answer")
        )
        found = {}
        for row in rows:
            links = sorted(row.guardian_links.all(), key=lambda link: link.pk)
            if links:
                found[row.registration_id] = links[-1]
        return found

    def by_registration(self, registrations: Iterable[int]) -> "dict[int, list[Requirement]]":
        """What stands for each of these registrations, by its key; one query."""
        found: dict[int, list[Requirement]] = {}
        rows = self.standing().filter(registration__in=list(registrations))
        for one in rows.select_related("asked", "decided_by").order_by("pk"):
            found.setdefault(one.registration_id, []).append(one)
        return found


class Requirement(Record):
    """One thing a registration owes. It stays as it was asked when the consortium changes its terms; what is asked
    no more is dropped, never deleted. Who decided, and when, is on the row; every step of it in its decisions."""

    class Kind(models.TextChoices):
        FORM = "form", _("Signed form")
        GUARDIAN = "guardian", _("Parent’s or guardian’s signature")
        FEE = "fee", _("Fee")
        FURTHER = "further", _("Something else")

    class State(models.TextChoices):
        PENDING = "pending", _("Pending")
        PROCESSED = "processed", _("Processed")
        WAIVED = "waived", _("Waived")
        DROPPED = "dropped", _("Asked no more")

    class Payer(models.TextChoices):
        STUDENT = "student", _("The student")
        DISTRICT = "district", _("The school district")

    DECIDED: ClassVar = (State.PROCESSED, State.WAIVED)

    seen_by: ClassVar = {
        Role.STUDENT: "registration__student__user",
        Role.TEACHER: "registration__section__teachers",
        Role.COUNSELOR: ("registration__student__school", "registration__high_school_course__school"),
        Role.DISTRICT: (
            "registration__student__school__district",
            "registration__high_school_course__school__district",
        ),
        Role.REGISTRAR: "registration__college",
        Role.CONSORTIUM: "registration__articulation__consortium",
        Role.STATE: ALL,
    }
    public_fields: ClassVar = {"id", "public_id", "registration", "kind", "asked", "payer", "due_on"}
    private_fields: ClassVar = {"state", "amount", "decided_at", "decided_by", "reason"}

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    registration = models.ForeignKey(Registration, models.PROTECT, related_name="requirements")
    kind = models.CharField("what", max_length=8, choices=Kind)
    #: The consortium's own words, where it asks something else.
    asked = models.ForeignKey(FurtherAsk, models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField("state", max_length=9, choices=State, default=State.PENDING)
    amount = models.DecimalField("amount", max_digits=7, decimal_places=2, default=Decimal(0))
    payer = models.CharField("from whom", max_length=8, choices=Payer, default=Payer.STUDENT)
    due_on = models.DateField("due", null=True, blank=True)
    decided_at = models.DateTimeField("decided at", null=True, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField("reason", max_length=200, blank=True)

    objects = RequirementQuerySet.as_manager()

    class Meta:
        ordering = ("registration", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("registration", "kind"),
                condition=Q(asked__isnull=True) & ~Q(state="dropped"),
                name="one_standing_requirement_of_a_kind",
            ),
            models.UniqueConstraint(
                fields=("registration", "asked"),
                condition=Q(asked__isnull=False) & ~Q(state="dropped"),
                name="one_standing_requirement_of_an_ask",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=("form", "guardian", "fee", "further")), name="requirement_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=("pending", "processed", "waived", "dropped")),
                name="requirement_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(payer__in=("student", "district")), name="requirement_payer_is_known"
            ),
            models.CheckConstraint(
                condition=Q(kind="further", asked__isnull=False)
                | (~Q(kind="further") & Q(asked__isnull=True)),
                name="requirement_in_own_words_has_them",
            ),
            models.CheckConstraint(
                condition=Q(kind="fee", amount__gt=0) | (~Q(kind="fee") & Q(amount=0, payer="student")),
                name="requirement_amount_is_a_fee",
            ),
            models.CheckConstraint(
                condition=Q(state="pending", decided_at__isnull=True, decided_by__isnull=True, reason="")
                | Q(state="processed", decided_at__isnull=False)
                | (Q(state="waived", decided_at__isnull=False) & ~Q(reason=""))
                | Q(state="dropped", decided_at__isnull=False),
                name="requirement_decided_has_its_moment_and_reason",
            ),
        )
        indexes = (
            models.Index(
                fields=("decided_at",),
                name="requirement_by_decision",
                condition=Q(state__in=("processed", "waived")),
            ),
            models.Index(fields=("kind",), name="requirement_pending", condition=Q(state="pending")),
        )
        triggers = (
            pgtrigger.Protect(name="requirement_stays", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="new_requirements_add_up",
                operation=pgtrigger.Insert,
                when=pgtrigger.After,
                level=pgtrigger.Statement,
                referencing=pgtrigger.Referencing(new="changed"),
                func=_WRITE_SUM,
            ),
            pgtrigger.Trigger(
                name="requirements_add_up",
                operation=pgtrigger.Update,
                when=pgtrigger.After,
                level=pgtrigger.Statement,
                referencing=pgtrigger.Referencing(old="were", new="are"),
                func=_WRITE_SUM.replace(
                    "SELECT registration_id FROM changed",
                    "SELECT registration_id FROM were UNION SELECT registration_id FROM are",
                ),
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} of {self.registration_id}"

    @property
    def name(self) -> str:
        """What it is called, in the language of the page."""
        return self.asked.name if self.asked is not None else str(self.get_kind_display())


class ReceiptQuerySet(VisibleQuerySet):
    def of_day(self, day: date) -> "ReceiptQuerySet":
        """Receipts of that day, Pacific time, the newest first, with who decided."""
        begins = timezone.make_aware(datetime.combine(day, time.min))
        ends = timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))
        return self.filter(at__gte=begins, at__lt=ends).select_related("by").order_by("-at", "-id")

    def with_count(self) -> "ReceiptQuerySet":
        """With how many things each decided."""
        return self.annotate(count=models.Count("decisions"))

    def with_lines(self) -> "ReceiptQuerySet":
        return self.select_related("by", "consortium").prefetch_related(
            models.Prefetch("decisions", RequirementDecision.objects.told())
        )


class Receipt(Record):
    """Ink: one act about requirements, of a person, a guardian or a payment; its decisions hang on it."""

    class How(models.TextChoices):
        DESK = "desk", _("At the consortium’s office")
        GUARDIAN = "guardian", _("By a guardian’s signature")
        PAYMENT = "payment", _("By a payment")

    seen_by: ClassVar = {Role.CONSORTIUM: "consortium", Role.STATE: ALL}
    public_fields: ClassVar = {"id", "public_id", "consortium", "how", "at", "by"}
    private_fields: ClassVar = {"number", "reason"}

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField("number", max_length=12, unique=True)
    consortium = models.ForeignKey(Consortium, models.PROTECT, related_name="receipts")
    how = models.CharField("how", max_length=8, choices=How, default=How.DESK)
    reason = models.CharField("reason", max_length=200, blank=True)
    at = models.DateTimeField("at", db_default=Now())
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = ReceiptQuerySet.as_manager()

    class Meta:
        ordering = ("-at", "-id")
        constraints = (
            models.CheckConstraint(
                condition=Q(how__in=("desk", "guardian", "payment")), name="receipt_how_is_known"
            ),
        )
        indexes = (models.Index(fields=("consortium", "-at"), name="receipt_of_consortium"),)
        triggers = (pgtrigger.Protect(name="receipt_is_ink", operation=pgtrigger.Update | pgtrigger.Delete),)

    def __str__(self) -> str:
        return self.number


class DecisionQuerySet(models.QuerySet["RequirementDecision"]):
    def told(self) -> "DecisionQuerySet":
        """With the student and class each is about, in the order of names."""
        return self.select_related(
            "requirement__asked",
            "requirement__registration__student",
            "requirement__registration__high_school_course",
        ).order_by(of_person("sort_name", path="requirement__registration__student"), "pk")

    def of_registration(self, registration: Registration) -> "DecisionQuerySet":
        """Every step about one registration, from first to last."""
        return (
            self.filter(requirement__registration=registration)
            .select_related("receipt__by", "requirement__asked")
            .order_by("pk")
        )


class RequirementDecision(models.Model):
    """Ink: one requirement went from one state to another by the act of a receipt."""

    public_fields: ClassVar = {"id", "receipt", "requirement"}
    private_fields: ClassVar = {"was", "now"}

    receipt = models.ForeignKey(Receipt, models.PROTECT, related_name="decisions")
    requirement = models.ForeignKey(Requirement, models.PROTECT, related_name="decisions")
    was = models.CharField("was", max_length=9, choices=Requirement.State)
    now = models.CharField("is", max_length=9, choices=Requirement.State)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        ordering = ("receipt", "id")
        constraints = (
            models.UniqueConstraint(fields=("receipt", "requirement"), name="decision_once_a_receipt"),
            models.CheckConstraint(
                condition=Q(was__in=("pending", "processed", "waived", "dropped")),
                name="decision_was_is_known",
            ),
            models.CheckConstraint(
                condition=Q(now__in=("pending", "processed", "waived", "dropped")),
                name="decision_now_is_known",
            ),
        )
        triggers = (pgtrigger.Protect(name="decision_is_ink", operation=pgtrigger.Update | pgtrigger.Delete),)

    def __str__(self) -> str:
        return f"{self.requirement_id} {self.was} to {self.now}"


def fees_of_districts(
    consortia: Iterable[int], first_year: int
) -> models.QuerySet[Requirement, dict[str, Any]]:
    """Fees that districts pay to these consortia for a school year, added up by consortium and district."""
    return (
        Requirement.objects.standing()
        .filter(
            payer=Requirement.Payer.DISTRICT,
            registration__articulation__consortium__in=list(consortia),
            registration__year__first_year=first_year,
        )
        .exclude(registration__status__in=Registration.ENDED)
        .order_by()
        .values(
            consortium_name=models.F("registration__articulation__consortium__name"),
            consortium_key=models.F("registration__articulation__consortium__public_id"),
            district_name=models.F("registration__student__school__district__name"),
            district_key=models.F("registration__student__school__district__public_id"),
        )
        .annotate(
            fees=models.Count("pk"),
            students=models.Count(person_key("registration__student"), distinct=True),
            total=models.Sum("amount"),
            open=models.Sum("amount", filter=Q(state=Requirement.State.PENDING), default=Decimal(0)),
        )
        .order_by("consortium_name", "district_name")
    )


def fees_of_district(
    consortium: Consortium, district: SchoolDistrict, first_year: int
) -> RequirementQuerySet:
    """The fees one district pays to a consortium for a school year, one row a class, in the order of names."""
    rows: RequirementQuerySet = (
        Requirement.objects.standing()
        .filter(
            payer=Requirement.Payer.DISTRICT,
            registration__articulation__consortium=consortium,
            registration__student__school__district=district,
            registration__year__first_year=first_year,
        )
        .exclude(registration__status__in=Registration.ENDED)
        .told()
        .order_by(of_person("sort_name", path="registration__student"), "pk")
    )
    return rows
