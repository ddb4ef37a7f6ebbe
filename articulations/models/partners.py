"""Who signs agreements, for how long they run before they are looked at again, and in which words they are written."""

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import User
from organizations.models import AcademicYear, College, Consortium, SignerTitle


class PartnerPlanQuerySet(models.QuerySet["PartnerPlan"]):
    def for_college(
        self, consortium: Consortium, college: College, year: AcademicYear
    ) -> "PartnerPlan | None":
        """The plan that counts for agreements of this college from this school year on: its own, else its
        consortium's, the latest one that has begun; None where neither has named its partners."""
        found = self.filter(
            Q(college=college) | Q(college=None), consortium=consortium, year__first_year__lte=year.first_year
        )
        return found.order_by(F("college").asc(nulls_last=True), "-year__first_year").first()

    def of(self, consortium: Consortium, college: College | None, year: AcademicYear) -> "PartnerPlan | None":
        """What was set for exactly this, by the latest year that has begun."""
        found = self.filter(consortium=consortium, college=college, year__first_year__lte=year.first_year)
        return found.order_by("-year__first_year").first()


class PartnerPlan(models.Model):
    """The partners who must sign the agreements of a consortium, or of one of its colleges, from a school year on.

    RCW 28B.50.531 asks for the college's chief instructional officer and the school's CTE director or skills-center
    director; practice adds deans and principals. A new plan moves no agreement that is out for signature.
    """

    public_fields: ClassVar = {"id", "consortium", "college", "year", "review_years", "set_by", "set_at"}
    private_fields: ClassVar[set[str]] = set()

    consortium = models.ForeignKey(Consortium, models.PROTECT, related_name="partner_plans")
    #: None for all colleges of the consortium that have no plan of their own.
    college = models.ForeignKey(College, models.PROTECT, null=True, blank=True, related_name="partner_plans")
    year = models.ForeignKey(AcademicYear, models.PROTECT, related_name="+")
    #: An agreement is reviewed at the latest after so many years; a college may ask for it sooner than the three.
    review_years = models.PositiveSmallIntegerField("reviewed every so many years", default=3)
    set_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    set_at = models.DateTimeField("set at", default=timezone.now)

    objects = PartnerPlanQuerySet.as_manager()

    class Meta:
        ordering = ("consortium", "college", "-year")
        constraints = (
            models.UniqueConstraint(
                fields=("consortium", "college", "year"), nulls_distinct=False, name="one_partner_plan_a_year"
            ),
            models.CheckConstraint(
                condition=Q(review_years__gte=1, review_years__lte=3),
                name="agreements_are_reviewed_within_three_years",
                violation_error_message="Choose one, two or three years.",
            ),
        )

    def __str__(self) -> str:
        return f"partners of {self.college_id or self.consortium_id}"


class PlannedPartner(models.Model):
    """One partner who must sign: whoever holds a title there, or somebody outside of SERS by a mailed link."""

    public_fields: ClassVar = {"id", "plan", "position", "signs_as", "or_signs_as", "outside_title"}
    private_fields: ClassVar = {"outside_name", "outside_email"}

    plan = models.ForeignKey(PartnerPlan, models.PROTECT, related_name="partners")
    position = models.PositiveSmallIntegerField("place")
    signs_as = models.ForeignKey(SignerTitle, models.PROTECT, null=True, blank=True, related_name="+")
    #: At a skills center another title may sign.
    or_signs_as = models.ForeignKey(SignerTitle, models.PROTECT, null=True, blank=True, related_name="+")
    outside_name = models.CharField("name", max_length=200, blank=True)
    outside_title = models.CharField("title", max_length=200, blank=True)
    outside_email = models.EmailField("e-mail", max_length=254, blank=True)

    class Meta:
        ordering = ("plan", "position")
        constraints = (
            models.UniqueConstraint(
                fields=("plan", "position"),
                name="planned_partner_once",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(
                condition=Q(signs_as__isnull=False, outside_name="", outside_title="", outside_email="")
                | (
                    Q(signs_as__isnull=True, or_signs_as__isnull=True)
                    & ~Q(outside_name="")
                    & ~Q(outside_title="")
                    & ~Q(outside_email="")
                ),
                name="planned_partner_is_a_title_or_a_person",
            ),
        )

    def __str__(self) -> str:
        return f"{self.position}"


class AgreementWordingQuerySet(models.QuerySet["AgreementWording"]):
    def latest_for(self, consortium: Consortium, college: College | None) -> "AgreementWording | None":
        """The newest words of a college, else of its consortium; None where nobody wrote any."""
        found = self.filter(Q(college=college) | Q(college=None), consortium=consortium)
        return found.order_by(F("college").asc(nulls_last=True), "-number").first()

    def newest(self, consortium: Consortium, college: College | None) -> "AgreementWording | None":
        """The newest words written for exactly this."""
        return self.filter(consortium=consortium, college=college).order_by("-number").first()


class AgreementWording(models.Model):
    """Ink: the words every agreement of a college or consortium contains beside its terms, a row a version."""

    public_fields: ClassVar = {
        "id", "consortium", "college", "number", "text", "written_by", "written_at",
    }  # fmt: skip
    private_fields: ClassVar[set[str]] = set()
    MOST_LETTERS: ClassVar = 6000

    consortium = models.ForeignKey(Consortium, models.PROTECT, related_name="agreement_wordings")
    college = models.ForeignKey(
        College, models.PROTECT, null=True, blank=True, related_name="agreement_wordings"
    )
    number = models.PositiveSmallIntegerField("version")
    text = models.TextField("words of the agreement", max_length=6000)
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    written_at = models.DateTimeField("written at", default=timezone.now)

    objects = AgreementWordingQuerySet.as_manager()

    class Meta:
        ordering = ("consortium", "college", "-number")
        constraints = (
            models.UniqueConstraint(
                fields=("consortium", "college", "number"),
                nulls_distinct=False,
                name="agreement_wording_once",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="agreement_wording_says_something"),
        )
        triggers = (
            pgtrigger.Protect(name="agreement_wording_is_ink", operation=pgtrigger.Update | pgtrigger.Delete),
        )

    def __str__(self) -> str:
        return f"wording {self.number}"
