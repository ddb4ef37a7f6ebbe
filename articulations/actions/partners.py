"""Partners of agreements are named, and the words agreements are written in."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from accounts.actions import record_event
from accounts.models import User
from articulations import rules
from articulations.models import AgreementWording, PartnerPlan, PlannedPartner
from organizations.models import AcademicYear, College, Consortium
from sers.lib.locks import one_at_a_time
from sers.lib.refusal import Refused


def set_partners(
    *,
    consortium: Consortium,
    college: College | None,
    year: AcademicYear,
    partners: Sequence[rules.Partner],
    review_years: int,
    by: User,
) -> PartnerPlan:
    """Say who signs the agreements of a consortium, or of one of its colleges, from a school year on. Texts that are
    prepared or out keep theirs."""
    refusal = rules.why_not_set_partners(by, consortium) or rules.why_not_partners(partners)
    if refusal is not None:
        raise Refused(refusal)
    with transaction.atomic():
        plan, _ = PartnerPlan.objects.update_or_create(
            consortium=consortium,
            college=college,
            year=year,
            defaults={"review_years": review_years, "set_by": by, "set_at": timezone.now()},
        )
        plan.partners.all().delete()
        PlannedPartner.objects.bulk_create(
            PlannedPartner(
                plan=plan, position=position, signs_as=one.signs_as, or_signs_as=one.or_signs_as,
                outside_name=one.name, outside_title=one.title, outside_email=one.email,
            )
            for position, one in enumerate(partners, 1)
        )  # fmt: skip
        record_event(
            by=by,
            kind="articulations.partners_set",
            subject=plan,
            data={"partners": [str(one) for one in partners], "review_years": review_years},
        )
    return plan


def write_wording(
    *, consortium: Consortium, college: College | None, text: str, by: User
) -> AgreementWording | None:
    """Write the words of a consortium's agreements, or of one college's, as a further version; the same words again
    write nothing. Texts that are prepared keep the words they have."""
    refusal = rules.why_not_set_partners(by, consortium)
    if refusal is not None:
        raise Refused(refusal)
    with transaction.atomic():
        one_at_a_time(f"agreement wording {consortium.pk} {college.pk if college else 0}")
        newest = AgreementWording.objects.newest(consortium, college)
        if (newest.text if newest else rules.USUAL_WORDING) == text:
            return None
        last = AgreementWording.objects.filter(consortium=consortium, college=college).aggregate(
            n=Max("number")
        )
        wording = AgreementWording.objects.create(
            consortium=consortium, college=college, number=(last["n"] or 0) + 1, text=text, written_by=by
        )
        record_event(
            by=by, kind="articulations.wording_written", subject=wording, data={"version": wording.number}
        )
    return wording
