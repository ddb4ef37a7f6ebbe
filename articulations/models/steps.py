"""Steps of a request: which ones a college asks for, and how each was decided for one version, once."""

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q

from accounts.models import User
from articulations.models.requesting import RequestVersion
from organizations.models import College, Consortium, SignerTitle


class StepKind(models.TextChoices):
    SIGN = "sign", "Signature"
    SCREEN = "screen", "Screening"
    REVIEW = "review", "Faculty review"


class StepPlanQuerySet(models.QuerySet["StepPlan"]):
    def for_college(self, consortium: Consortium, college: College) -> "StepPlan | None":
        """The plan of a college in a consortium: its own, else the consortium's; None where neither has one."""
        found = self.filter(Q(college=college) | Q(college=None), consortium=consortium)
        return found.order_by(F("college").asc(nulls_last=True)).first()


class StepPlan(models.Model):
    """What a consortium, or one of its colleges, asks of a request: the least alignment, and the steps in order."""

    public_fields: ClassVar = {"id", "consortium", "college", "minimum_alignment"}
    private_fields: ClassVar[set[str]] = set()

    consortium = models.ForeignKey(Consortium, models.PROTECT, related_name="step_plans")
    #: None for all colleges of the consortium that have no plan of their own.
    college = models.ForeignKey(College, models.PROTECT, null=True, blank=True, related_name="step_plans")
    minimum_alignment = models.PositiveSmallIntegerField("least alignment in percent", default=80)

    objects = StepPlanQuerySet.as_manager()

    class Meta:
        ordering = ("consortium", "college")
        constraints = (
            models.UniqueConstraint(
                fields=("consortium", "college"), nulls_distinct=False, name="one_step_plan_a_college"
            ),
            models.CheckConstraint(
                condition=Q(minimum_alignment__gte=1, minimum_alignment__lte=100),
                name="least_alignment_is_a_percent",
                violation_error_message="Enter a percent from 1 to 100.",
            ),
        )

    def __str__(self) -> str:
        return f"steps of {self.college_id or self.consortium_id}"


class PlannedStep(models.Model):
    """One step of a plan. A signature says as what it is given; at a skills center another title may sign."""

    public_fields: ClassVar = {"id", "plan", "position", "kind", "signs_as", "or_signs_as"}
    private_fields: ClassVar[set[str]] = set()

    plan = models.ForeignKey(StepPlan, models.PROTECT, related_name="steps")
    position = models.PositiveSmallIntegerField("place")
    kind = models.CharField("what is done", max_length=6, choices=StepKind)
    signs_as = models.ForeignKey(SignerTitle, models.PROTECT, null=True, blank=True, related_name="+")
    or_signs_as = models.ForeignKey(SignerTitle, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("plan", "position")
        constraints = (
            models.UniqueConstraint(
                fields=("plan", "position"), name="planned_step_once", deferrable=models.Deferrable.DEFERRED
            ),
            models.CheckConstraint(
                condition=Q(kind__in=("sign", "screen", "review")), name="planned_step_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(kind="sign", signs_as__isnull=False)
                | (~Q(kind="sign") & Q(signs_as__isnull=True, or_signs_as__isnull=True)),
                name="planned_signature_has_its_title",
            ),
        )

    def __str__(self) -> str:
        return f"{self.position} {self.kind}"


class RequestStepQuerySet(models.QuerySet["RequestStep"]):
    def in_order(self) -> "RequestStepQuerySet":
        """With who decided, the first first."""
        return self.select_related("decided_by", "signs_as", "or_signs_as", "version").order_by(
            "version__number", "position"
        )


class RequestStep(models.Model):
    """One step of one version. It is decided once; after that it is ink.

    Planned steps are copied when a version is handed in: a plan that changes later moves nothing under way.
    """

    Kind = StepKind

    class Outcome(models.TextChoices):
        PASSED = "passed", "Passed"
        RETURNED = "returned", "More information asked for"
        DENIED = "denied", "Denied"

    public_fields: ClassVar = {
        "id", "version", "position", "kind", "signs_as", "or_signs_as", "outcome", "decided_by", "decided_at",
        "signed_as", "signed_sha256", "perkins_confirmed", "teachers_checked", "aligned", "least_alignment",
    }  # fmt: skip
    private_fields: ClassVar = {"reason", "signed_name", "intent", "signed_network", "signed_way"}

    version = models.ForeignKey(RequestVersion, models.PROTECT, related_name="steps")
    position = models.PositiveSmallIntegerField("place")
    kind = models.CharField("what is done", max_length=6, choices=StepKind)
    signs_as = models.ForeignKey(SignerTitle, models.PROTECT, null=True, blank=True, related_name="+")
    or_signs_as = models.ForeignKey(SignerTitle, models.PROTECT, null=True, blank=True, related_name="+")
    outcome = models.CharField("outcome", max_length=8, choices=Outcome, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField("decided at", null=True, blank=True)
    reason = models.TextField("reason", max_length=2000, blank=True)
    #: A signature: the name as it was typed, as what, what was declared, and the fingerprint of the text that was read.
    signed_name = models.CharField("typed name", max_length=200, blank=True)
    signed_as = models.CharField("signed as", max_length=200, blank=True)
    intent = models.TextField("what is declared", max_length=1000, blank=True)
    signed_sha256 = models.CharField("fingerprint that is signed", max_length=64, null=True, blank=True)
    #: From which network, and how the person had signed in: what makes a signature attributable (RCW 1.80.080).
    signed_network = models.CharField("signed from", max_length=50, blank=True)
    signed_way = models.CharField("signed in by", max_length=60, blank=True)
    #: A screening: what Perkins asks was looked at, and so many teachers' V-codes.
    perkins_confirmed = models.BooleanField("what Perkins asks is there", default=False)
    teachers_checked = models.PositiveSmallIntegerField("V-codes checked", default=0)
    #: A review: percent of the college's outcomes the class covers, and what the college asks for at least.
    aligned = models.PositiveSmallIntegerField("percent aligned", null=True, blank=True)
    least_alignment = models.PositiveSmallIntegerField("least alignment in percent", default=80)

    objects = RequestStepQuerySet.as_manager()

    class Meta:
        ordering = ("version", "position")
        constraints = (
            models.UniqueConstraint(fields=("version", "position"), name="request_step_once"),
            models.CheckConstraint(
                condition=Q(kind__in=("sign", "screen", "review")), name="request_step_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=("", "passed", "returned", "denied")),
                name="request_step_outcome_is_known",
            ),
            models.CheckConstraint(
                condition=Q(outcome="", decided_by__isnull=True, decided_at__isnull=True)
                | (~Q(outcome="") & Q(decided_by__isnull=False, decided_at__isnull=False)),
                name="request_step_decided_has_its_person",
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=("", "passed")) | ~Q(reason=""),
                name="request_step_says_why_not",
                violation_error_message="Say why.",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="denied") | Q(kind="review"), name="only_a_review_denies"
            ),
            models.CheckConstraint(
                condition=(
                    Q(kind="sign", outcome="passed", signed_sha256__isnull=False)
                    & ~Q(signed_name="")
                    & ~Q(signed_as="")
                    & ~Q(intent="")
                )
                | (
                    ~Q(kind="sign", outcome="passed")
                    & Q(
                        signed_sha256__isnull=True,
                        signed_name="",
                        signed_as="",
                        intent="",
                        signed_network="",
                        signed_way="",
                    )
                ),
                name="request_signature_is_whole",
            ),
            models.CheckConstraint(
                condition=~Q(kind="screen", outcome="passed")
                | Q(perkins_confirmed=True, teachers_checked__gte=1),
                name="no_screening_without_perkins_and_v_codes",
                violation_error_message="Confirm what Perkins asks, and check each teacher’s V-code.",
            ),
            models.CheckConstraint(
                condition=~Q(kind="review", outcome="passed")
                | Q(aligned__isnull=False, aligned__gte=F("least_alignment"), aligned__lte=100),
                name="no_approval_below_the_least_alignment",
                violation_error_message="The alignment is below what the college asks for.",
            ),
        )
        triggers = (
            pgtrigger.Protect(name="request_step_stays", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="request_step_decided_is_ink",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__decided_at__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.position} {self.kind}"

    @property
    def is_decided(self) -> bool:
        return self.outcome != ""

    @property
    def name(self) -> str:
        """What is done, in words: `Signature of the CTE director`."""
        if self.kind == StepKind.SIGN and self.signs_as is not None:
            return f"Signature of the {self.signs_as.name}"
        return str(StepKind(self.kind).label)


class AlignmentRow(models.Model):
    """One outcome of the college course beside the competencies of the class that cover it, in one review."""

    class Cover(models.TextChoices):
        WHOLLY = "wholly", "Covered"
        PARTLY = "partly", "Partly"
        NOT = "not", "Not covered"

    public_fields: ClassVar = {"id", "step", "position", "course", "outcome", "competencies", "cover"}
    private_fields: ClassVar[set[str]] = set()

    step = models.ForeignKey(RequestStep, models.PROTECT, related_name="rows")
    position = models.PositiveSmallIntegerField("place")
    #: The number of the college course, as the request names it.
    course = models.CharField("course number", max_length=20)
    outcome = models.CharField("outcome of the college course", max_length=300)
    #: Numbers in the list of competencies, `1, 3, 7`.
    competencies = models.CharField("competencies of the class", max_length=100, blank=True)
    cover = models.CharField("how far", max_length=6, choices=Cover, default=Cover.NOT)

    class Meta:
        ordering = ("step", "position")
        constraints = (
            models.UniqueConstraint(
                fields=("step", "position"), name="alignment_row_once", deferrable=models.Deferrable.DEFERRED
            ),
            models.CheckConstraint(
                condition=Q(cover__in=("wholly", "partly", "not")), name="alignment_cover_is_known"
            ),
            models.CheckConstraint(condition=~Q(outcome=""), name="alignment_row_has_its_outcome"),
            models.CheckConstraint(
                condition=Q(cover="not") | ~Q(competencies=""),
                name="what_covers_an_outcome_is_named",
                violation_error_message="Name the competencies that cover it.",
            ),
        )

    def __str__(self) -> str:
        return self.outcome


class VCodeCheck(models.Model):
    """Ink: a teacher's V-code was looked up in a screening, and lets the person teach the class."""

    public_fields: ClassVar = {"id", "step", "position"}
    private_fields: ClassVar = {"name", "code"}

    step = models.ForeignKey(RequestStep, models.PROTECT, related_name="v_codes")
    position = models.PositiveSmallIntegerField("place")
    name = models.CharField("teacher", max_length=200)
    code = models.CharField("V-code", max_length=7)

    class Meta:
        ordering = ("step", "position")
        constraints = (
            models.UniqueConstraint(fields=("step", "position"), name="v_code_check_once"),
            models.CheckConstraint(
                condition=Q(code__regex=r"^V[0-9]{6}$"),
                name="v_code_has_six_digits",
                violation_error_message="Enter the V-code: V and six digits.",
            ),
        )
        triggers = (
            pgtrigger.Protect(name="v_code_check_is_ink", operation=pgtrigger.Update | pgtrigger.Delete),
        )

    def __str__(self) -> str:
        return f"V-code of {self.name}"
