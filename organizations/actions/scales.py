"""Grade scales are made, never changed."""

from collections.abc import Sequence

from django.db import IntegrityError, transaction

from accounts.actions import record_event
from accounts.models import User
from organizations import rules
from organizations.models import College, GradeScale, GradeScaleRow
from sers.lib.refusal import Refusal, Refused


def make_scale(
    *, college: College, name: str, rounding: str, steps: Sequence[rules.Step], by: User
) -> GradeScale:
    """A new scale of a college, from the rows as they were read. The scale it was made from stays as it is."""
    if not rules.can_keep_rules(by, college):
        raise Refused(
            Refusal("not_in_charge", "Staff of the college’s consortium and its registrar make its scales.")
        )
    faults = rules.faults_of(steps, rounding)
    if faults:
        raise Refused(Refusal("faults", f"{faults[0]}."))
    try:
        with transaction.atomic():
            scale = GradeScale.objects.create(name=name, college=college, rounding=rounding)
            GradeScaleRow.objects.bulk_create(
                GradeScaleRow(
                    scale=scale, percent_from=step.percent_from, points=step.points, letter=step.letter
                )
                for step in steps
            )
            record_event(by=by, kind="organizations.scale_made", subject=scale)
    except IntegrityError as error:
        if "scale_once_in_college" not in str(error):
            raise
        raise Refused(
            Refusal("same_name", f"{college} has a scale of this name.", "Give this one another name.")
        ) from None
    return scale
