"""Money: what was asked for online, what the provider told, and what was paid, in ink. Card data is never here."""

import uuid
from decimal import Decimal
from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import Exists, OuterRef, Q, Sum
from django.db.models.functions import Coalesce, Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.access import ALL, Record, Role, VisibleQuerySet
from accounts.models import User
from organizations.models import Consortium, SchoolDistrict
from students.models.kin import StudentKey, person_key, records_by
from students.models.people import Student
from students.models.registrations import Registration
from students.models.requirements import Requirement

INK = pgtrigger.Update | pgtrigger.Delete
NOTHING = Decimal(0)


class CheckoutQuerySet(VisibleQuerySet):
    def in_full(self) -> "CheckoutQuerySet":
        return self.select_related("student__user", "consortium").prefetch_related(
            models.Prefetch("requirements", Requirement.objects.told())
        )


class Checkout(Record):
    """A student, or whoever pays for them, went to the payment provider with some of what is owed."""

    class State(models.TextChoices):
        OPEN = "open", _("Not finished")
        PAID = "paid", _("Paid")
        DECLINED = "declined", _("Not paid")

    seen_by: ClassVar = {Role.STUDENT: "student__user", Role.CONSORTIUM: "consortium", Role.STATE: ALL}
    public_fields: ClassVar = {
        "id", "public_id", "student", "consortium", "provider", "created_at", "done_at", "requirements",
    }  # fmt: skip
    private_fields: ClassVar = {"amount", "state"}

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    student = StudentKey(Student, models.PROTECT, related_name="checkouts")
    consortium = models.ForeignKey(Consortium, models.PROTECT, related_name="+")
    requirements = models.ManyToManyField(Requirement, related_name="checkouts")
    amount = models.DecimalField("amount", max_digits=7, decimal_places=2)
    provider = models.CharField("provider", max_length=40)
    state = models.CharField("state", max_length=8, choices=State, default=State.OPEN)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    done_at = models.DateTimeField(null=True, blank=True)

    objects = CheckoutQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at", "-id")
        constraints = (
            models.CheckConstraint(condition=Q(amount__gt=0), name="checkout_has_an_amount"),
            models.CheckConstraint(
                condition=Q(state__in=("open", "paid", "declined")), name="checkout_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state="open", done_at__isnull=True)
                | (~Q(state="open") & Q(done_at__isnull=False)),
                name="checkout_done_has_its_moment",
            ),
        )

    def __str__(self) -> str:
        return f"checkout {self.pk}"


class PaymentQuerySet(VisibleQuerySet):
    def with_standing(self) -> "PaymentQuerySet":
        """Payments that came in, each with what was given back of it, what it covers that still stands, and what is
        left over. A fee stops being covered when it is asked no more, or when its class was left; a yearly fee only
        when all classes of the year were, on whichever record of the person. Of two yearly fees that were paid on two
        records the first counts; `paid_twice` says that this one is the other."""
        ours = records_by(OuterRef(OuterRef("person")))
        year = OuterRef("requirement__registration__year")
        consortium = OuterRef("requirement__registration__articulation__consortium")
        live = Registration.objects.live().filter(
            student__in=ours, year=year, articulation__consortium=consortium
        )
        same = Registration.objects.filter(pk=OuterRef("requirement__registration"))
        standing = PaymentShare.objects.filter(
            requirement__state__in=(Requirement.State.PENDING, Requirement.State.PROCESSED)
        ).exclude(payment__returns__kind=Payment.Kind.TAKEN_BACK)
        earlier = standing.filter(
            requirement__registration__student__in=ours,
            requirement__registration__year=year,
            requirement__registration__articulation__consortium=consortium,
            requirement__lt=OuterRef("requirement"),
        )
        twice = Exists(same.with_yearly_fee()) & Exists(earlier)
        its_own = standing.filter(payment=OuterRef("pk")).alias(
            person=person_key("requirement__registration__student")
        )
        counts = its_own.filter(
            ~Q(requirement__registration__status__in=Registration.ENDED)
            | (Exists(same.with_yearly_fee()) & Exists(live))
        ).exclude(twice)
        given_back = Payment.objects.filter(of=OuterRef("pk"))

        def total(rows: models.QuerySet[models.Model], key: str) -> Coalesce:
            summed = rows.order_by().values(key).annotate(total=Sum("amount")).values("total")
            return Coalesce(models.Subquery(summed), NOTHING, output_field=models.DecimalField())

        return (
            self.filter(kind=Payment.Kind.PAID)
            .annotate(
                covers=total(counts, "payment"),
                given_back=total(given_back, "of"),
                paid_twice=Exists(its_own.filter(twice)),
            )
            .annotate(left=models.F("amount") - models.F("covers") - models.F("given_back"))
        )

    def of_checkout(self, checkout: Checkout) -> "Payment | None":
        """The payment a checkout became."""
        found: Payment | None = self.filter(checkout=checkout).first()
        return found

    def told(self) -> "PaymentQuerySet":
        """With whose it is, who entered it, the newest first."""
        return self.select_related("student", "district", "consortium", "by").order_by("-at", "-id")

    def with_shares(self) -> "PaymentQuerySet":
        """With what each covers and what was given back of it."""
        return self.prefetch_related(
            models.Prefetch(
                "shares",
                PaymentShare.objects.select_related(
                    "requirement__registration__high_school_course", "requirement__registration__year"
                ).order_by("pk"),
            ),
            models.Prefetch("returns", Payment.objects.select_related("by").order_by("pk")),
        )


class Payment(Record):
    """Ink: money that came in, went back, or was taken back on the day it was entered by mistake."""

    class Kind(models.TextChoices):
        PAID = "paid", _("Paid")
        REFUNDED = "refunded", _("Refunded")
        TAKEN_BACK = "taken_back", _("Entered by mistake")

    class Source(models.TextChoices):
        ONLINE = "online", _("Online")
        FILE = "file", _("From a bank or shop file")
        DESK = "desk", _("At the consortium’s office")
        DISTRICT = "district", _("By the school district")

    seen_by: ClassVar = {Role.STUDENT: "student__user", Role.CONSORTIUM: "consortium", Role.STATE: ALL}
    public_fields: ClassVar = {
        "id", "public_id", "consortium", "student", "district", "source", "paid_on", "at", "by", "of", "checkout",
    }  # fmt: skip
    private_fields: ClassVar = {"number", "kind", "amount", "reference", "reason"}

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField("number", max_length=12, unique=True)
    consortium = models.ForeignKey(Consortium, models.PROTECT, related_name="payments")
    student = StudentKey(Student, models.PROTECT, null=True, blank=True, related_name="payments")
    district = models.ForeignKey(SchoolDistrict, models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.CharField("what", max_length=10, choices=Kind, default=Kind.PAID)
    source = models.CharField("how", max_length=8, choices=Source)
    amount = models.DecimalField("amount", max_digits=9, decimal_places=2)
    #: The bank's, the shop's or the provider's name for it, or the number of a check.
    reference = models.CharField("reference", max_length=100, blank=True)
    reason = models.CharField("reason", max_length=200, blank=True)
    paid_on = models.DateField("paid on")
    of = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="returns")
    checkout = models.OneToOneField(Checkout, models.PROTECT, null=True, blank=True, related_name="payment")
    at = models.DateTimeField("entered at", db_default=Now())
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = PaymentQuerySet.as_manager()

    class Meta:
        ordering = ("-at", "-id")
        constraints = (
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_has_an_amount"),
            models.CheckConstraint(
                condition=Q(kind__in=("paid", "refunded", "taken_back")), name="payment_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(source__in=("online", "file", "desk", "district")), name="payment_source_is_known"
            ),
            models.CheckConstraint(
                condition=Q(kind="paid", of__isnull=True) | (~Q(kind="paid") & Q(of__isnull=False)),
                name="payment_back_names_what_it_goes_back_of",
            ),
            models.CheckConstraint(
                condition=Q(student__isnull=False, district__isnull=True)
                | Q(student__isnull=True, district__isnull=False),
                name="payment_is_of_a_student_or_a_district",
            ),
        )
        indexes = (
            models.Index(fields=("consortium", "-at"), name="payment_of_consortium"),
            models.Index(fields=("consortium", "reference"), name="payment_by_reference"),
        )
        triggers = (pgtrigger.Protect(name="payment_is_ink", operation=INK),)

    def __str__(self) -> str:
        return self.number


class PaymentShare(models.Model):
    """Ink: what of a payment covers which fee."""

    public_fields: ClassVar = {"id", "payment", "requirement"}
    private_fields: ClassVar = {"amount"}

    payment = models.ForeignKey(Payment, models.PROTECT, related_name="shares")
    requirement = models.ForeignKey(Requirement, models.PROTECT, related_name="shares")
    amount = models.DecimalField("amount", max_digits=9, decimal_places=2)

    class Meta:
        ordering = ("payment", "id")
        constraints = (
            models.UniqueConstraint(fields=("payment", "requirement"), name="share_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="share_has_an_amount"),
        )
        triggers = (pgtrigger.Protect(name="share_is_ink", operation=INK),)

    def __str__(self) -> str:
        return f"{self.payment_id} covers {self.requirement_id}"


class ProviderNews(models.Model):
    """Ink: one message of the payment provider, kept once however often it comes."""

    class Kind(models.TextChoices):
        PAID = "paid", "Paid"
        DECLINED = "declined", "Declined"

    public_fields: ClassVar = {"id", "provider", "event_id", "kind", "checkout", "received_at"}
    private_fields: ClassVar = {"amount", "outcome"}

    provider = models.CharField("provider", max_length=40)
    event_id = models.CharField("the provider's own number", max_length=100)
    kind = models.CharField("what", max_length=8, choices=Kind)
    checkout = models.ForeignKey(Checkout, models.PROTECT, related_name="news")
    amount = models.DecimalField("amount", max_digits=7, decimal_places=2)
    outcome = models.CharField("what came of it", max_length=100)
    received_at = models.DateTimeField("received at", db_default=Now())

    class Meta:
        ordering = ("-received_at", "-id")
        verbose_name_plural = "provider news"
        constraints = (
            models.UniqueConstraint(fields=("provider", "event_id"), name="provider_news_once"),
            models.CheckConstraint(
                condition=Q(kind__in=("paid", "declined")), name="provider_news_kind_is_known"
            ),
        )
        triggers = (pgtrigger.Protect(name="provider_news_is_ink", operation=INK),)

    def __str__(self) -> str:
        return f"{self.provider} {self.event_id}"
