"""What a college's registrar sets for the transcription of one school year."""

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from accounts.models import User
from organizations.models import CollegeYear


class TranscriptionPlanQuerySet(models.QuerySet["TranscriptionPlan"]):
    def due(self, on: date) -> "TranscriptionPlanQuerySet":
        """Plans whose day has come and that the calendar has not tried."""
        return self.filter(starts_on__lte=on, tried_at__isnull=True)


class TranscriptionPlan(models.Model):
    """One college's year: when the calendar starts its run, where college IDs come from, the term in ctcLink."""

    class Sids(models.TextChoices):
        """Who gives a new student the college ID."""

        COLLEGE = "college", "The college: IDs are imported"
        RANGE = "range", "SERS: the next number of a range"

    public_fields: ClassVar = {
        "id", "college_year", "starts_on", "set_by", "tried_at", "outcome", "sids", "sid_from", "sid_to",
        "sid_required", "term",
    }  # fmt: skip
    private_fields: ClassVar[set[str]] = set()

    college_year = models.OneToOneField(CollegeYear, models.PROTECT, related_name="plan")
    starts_on = models.DateField("the calendar starts the run on", null=True, blank=True)
    #: Whose run it will be.
    set_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    tried_at = models.DateTimeField("tried at", null=True, blank=True)
    #: Why the calendar could not start it; empty when it did.
    outcome = models.CharField("what came of it", max_length=300, blank=True)
    sids = models.CharField("who gives college IDs", max_length=8, choices=Sids, default=Sids.COLLEGE)
    sid_from = models.PositiveBigIntegerField("first ID", null=True, blank=True)
    sid_to = models.PositiveBigIntegerField("last ID", null=True, blank=True)
    sid_required = models.BooleanField("credit waits until the college ID is known", default=False)
    term = models.CharField("term in ctcLink", max_length=4, blank=True)

    objects = TranscriptionPlanQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(sids__in=("college", "range")), name="plan_sids_is_known"),
            models.CheckConstraint(
                condition=Q(sids="college", sid_from__isnull=True, sid_to__isnull=True)
                | Q(
                    sids="range",
                    sid_from__gte=100_000_000,
                    sid_to__lte=999_999_999,
                    sid_to__gte=F("sid_from"),
                ),
                name="plan_has_a_range_of_nine_digits",
                violation_error_message="Enter the first and the last ID, nine digits each, the first not above the last.",
            ),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True) | Q(set_by__isnull=False), name="planned_run_is_somebodys"
            ),
            models.CheckConstraint(
                condition=Q(term="") | Q(term__regex=r"^2[0-9]{2}[1357]$"), name="plan_term_is_a_ctclink_term"
            ),
        )

    def __str__(self) -> str:
        return f"plan of {self.college_year}"
