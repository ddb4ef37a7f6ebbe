"""Agreements: which high-school courses together earn which college courses, and in which years."""

import uuid
from datetime import date
from typing import ClassVar, Final

import pgtrigger
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery

from accounts.models import User
from articulations.models.courses import CollegeCourse
from organizations.models import AcademicYear, College, Consortium

#: Statuses of a registration that count as none; the word is `Registration.ENDED`, one floor up.
NOT_REGISTERED = ("withdrawn", "not_in_class")

#: How a review stands (`with_review`): nobody has made it, or not since a course changed; or it found that the agreement
#: is renewed, and nothing renews it yet.
REVIEWS: Final = {
    "open": Q(found=None) | Q(marked=True),
    "renew": Q(found__in=("no_revision", "revision"), marked=False),
}


class ArticulationQuerySet(models.QuerySet["Articulation"]):
    def named(self, public_id: str) -> "Articulation | None":
        """The agreement of a public id as it stands in an address, with its partners; None when it is none."""
        try:
            return self.with_names().filter(public_id=uuid.UUID(public_id)).first()
        except ValueError:
            return None

    def with_names(self) -> "ArticulationQuerySet":
        """With everything the page of one tells: partners, its text, what it replaced and what replaces it."""
        return self.select_related(
            "college",
            "consortium",
            "entered_by",
            "terminated_by",
            "text__document",
            "replaces",
            "replaced_by",
        ).defer("text__document__pdf")

    def due(self, last: date) -> "ArticulationQuerySet":
        """Agreements whose review is due by that day, and which nothing replaces or follows yet: the first due first.

        An agreement of before SERS says not what it replaces: another one of later, for all of its course pairs,
        follows it.
        """
        lines = self.model.courses.rel.related_model._base_manager  # its module knows this one
        later = lines.filter(
            valid_from__gt=OuterRef("valid_until"),
            high_school_course=OuterRef("high_school_course"),
            college_course=OuterRef("college_course"),
        )
        left = lines.filter(articulation=OuterRef("pk")).exclude(Exists(later))
        found = self.filter(Exists(left), review_due_on__lte=last, replaced_by=None, terminated_at=None)
        return found.order_by("review_due_on", "number")

    def with_review(self) -> "ArticulationQuerySet":
        """With `found`: what their last review found, of those for the day they are due, None before the first; and
        `marked`: a course has changed since."""
        reviews = self.model.reviews.rel.related_model._base_manager  # its module knows this one
        made = reviews.filter(articulation=OuterRef("pk"), was_due_on=OuterRef("review_due_on"))
        marks = self.model.marks.rel.related_model._base_manager
        return self.alias(
            found=Subquery(made.order_by("-id").values("outcome")[:1]),
            marked=Exists(marks.filter(articulation=OuterRef("pk"), review=None)),
        )

    def for_review(
        self, *, college: str, consortium: str, stands: str, marked: bool
    ) -> "ArticulationQuerySet":
        """Agreements of one college, one consortium (public ids), those whose review stands so (`REVIEWS`), or those a
        changed course has marked."""
        asked = {"college__public_id": college, "consortium__public_id": consortium}
        found: ArticulationQuerySet = self.filter(**{path: value for path, value in asked.items() if value})
        if stands:
            found = found.with_review().filter(REVIEWS[stands])
        return (
            found.filter(pk__in=found.filter(marks__isnull=False, marks__review=None).values("pk"))
            if marked
            else found
        )

    def resting_on(self, course: CollegeCourse, on: date) -> "ArticulationQuerySet":
        """Agreements on a college course that are in force on that day or to come, by number."""
        found = self.filter(
            courses__college_course=course, valid_until__gte=on, replaced_by=None, terminated_at=None
        )
        return found.distinct().order_by("number")

    def in_force(self, on: date) -> "ArticulationQuerySet":
        """Agreements under which a student may register on that day."""
        return self.filter(valid_from__lte=on, valid_until__gte=on)

    def registered(self, articulation: int, year: AcademicYear) -> int:
        """How many registrations an agreement has in a school year, whoever may see them."""
        live = Q(registrations__year=year) & ~Q(registrations__status__in=NOT_REGISTERED)
        found = self.filter(pk=articulation).aggregate(number=Count("registrations", filter=live))
        return int(found["number"])


class Articulation(models.Model):
    """An agreement: these high-school courses together earn these college courses, from when until when.

    The row is what is agreed, never what is proposed: it is made when the last partner has signed its text, or entered
    from a paper that was signed. An amendment or a renewal is a row of its own that replaces the one before, so that
    students stay under the agreement they registered under.
    """

    class Basis(models.TextChoices):
        PAPER = "paper", "Signed on paper"
        SIGNED = "signed", "Signed in SERS"

    public_fields: ClassVar = {
        "id", "public_id", "number", "consortium", "college", "valid_from", "valid_until",
        "minimum_percent", "entered_by", "entered_at", "basis", "text", "replaces", "reviewed_on", "review_years",
        "review_due_on", "terminated_at", "terminated_by", "terminated_reason",
    }  # fmt: skip
    private_fields: ClassVar[set[str]] = set()

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    #: `WA190-26-0007`; its second version `WA190-26-0007.2`.
    number = models.CharField("agreement number", max_length=20, unique=True)
    consortium = models.ForeignKey(Consortium, models.PROTECT, related_name="articulations")
    college = models.ForeignKey(College, models.PROTECT, related_name="articulations")
    valid_from = models.DateField("in force from")
    valid_until = models.DateField("in force until")
    minimum_percent = models.DecimalField(
        "minimum percent", max_digits=5, decimal_places=2, null=True, blank=True,
        help_text="Only where it differs from the college's.",
    )  # fmt: skip
    entered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    entered_at = models.DateTimeField("entered at")
    #: How it came to be signed: here, under its text; or on paper, by the word of who entered it.
    basis = models.CharField("how it is signed", max_length=6, choices=Basis, default=Basis.PAPER)
    text = models.OneToOneField(
        "articulations.AgreementText", models.PROTECT, null=True, blank=True, related_name="articulation"
    )
    #: The agreement it took over from; only one does.
    replaces = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="replaced_by")
    reviewed_on = models.DateField("reviewed on", null=True, blank=True)
    review_years = models.PositiveSmallIntegerField("reviewed every so many years", default=3)
    #: When it must be looked at next. The database fills it: at its end, or as many years after it began.
    review_due_on = models.DateField("review due on", null=True, blank=True)
    terminated_at = models.DateTimeField("terminated at", null=True, blank=True)
    terminated_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    terminated_reason = models.TextField("why it was terminated", max_length=1000, blank=True)

    objects = ArticulationQuerySet.as_manager()

    class Meta:
        ordering = ("number",)
        constraints = (
            models.CheckConstraint(
                condition=Q(valid_until__gt=F("valid_from")),
                name="articulation_ends_after_it_starts",
                violation_error_message="The agreement ends before it begins.",
            ),
            models.CheckConstraint(
                condition=Q(minimum_percent__isnull=True)
                | Q(minimum_percent__gte=0, minimum_percent__lte=100),
                name="articulation_minimum_is_a_percent",
            ),
            models.CheckConstraint(
                condition=Q(basis="paper", text__isnull=True) | Q(basis="signed", text__isnull=False),
                name="articulation_is_signed_here_or_on_paper",
            ),
            models.CheckConstraint(
                condition=Q(review_years__gte=1, review_years__lte=3), name="articulation_is_reviewed_in_time"
            ),
            models.CheckConstraint(
                condition=Q(terminated_at__isnull=True, terminated_by__isnull=True, terminated_reason="")
                | (Q(terminated_at__isnull=False, terminated_by__isnull=False) & ~Q(terminated_reason="")),
                name="terminated_agreement_says_who_and_why",
            ),
        )
        indexes = (models.Index(fields=("review_due_on", "number"), name="articulation_by_review"),)
        triggers = (
            pgtrigger.Trigger(
                name="every_agreement_is_reviewed",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                func="""
                    IF NEW.review_due_on IS NULL THEN
                        NEW.review_due_on := LEAST(
                            NEW.valid_until,
                            (COALESCE(NEW.reviewed_on, NEW.valid_from) + make_interval(years => NEW.review_years))::date - 1
                        );
                    END IF;
                    RETURN NEW;
                """,
            ),
            # At the end of the transaction: the text may be written after it.
            pgtrigger.Trigger(
                name="an_agreement_is_signed_by_all",
                operation=pgtrigger.Insert,
                when=pgtrigger.After,
                timing=pgtrigger.Deferred,
                condition=pgtrigger.Q(new__text__isnull=False),
                func="""
                    IF NOT EXISTS (
                        SELECT 1 FROM articulations_agreementtext WHERE id = NEW.text_id AND state = 'signed'
                    ) OR EXISTS (
                        SELECT 1 FROM articulations_agreementsigner AS one WHERE one.text_id = NEW.text_id
                        AND NOT EXISTS (SELECT 1 FROM articulations_agreementsignature WHERE signer_id = one.id)
                    ) OR NOT EXISTS (
                        SELECT 1 FROM articulations_agreementsigner WHERE text_id = NEW.text_id
                    ) THEN
                        RAISE EXCEPTION 'an_agreement_is_signed_by_all';
                    END IF;
                    RETURN NULL;
                """,
            ),
            pgtrigger.ReadOnly(
                name="agreement_keeps_its_text", fields=["number", "basis", "text", "replaces"]
            ),
        )

    def __str__(self) -> str:
        return self.number

    @property
    def successor(self) -> "Articulation | None":
        """The agreement that replaced this one."""
        return getattr(self, "replaced_by", None)
