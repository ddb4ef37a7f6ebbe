"""The State's list of industry credentials is kept; a class is said to prepare for some of them."""

from collections.abc import Sequence

from django.db import transaction

from accounts.actions import record_event
from accounts.models import User
from articulations.models import CareerCluster, HighSchoolCourse, IndustryCredential
from articulations.rules import credentials as rules
from articulations.rules import keeps_class
from organizations.models import AcademicYear
from sers.lib.locks import one_at_a_time
from sers.lib.refusal import Refusal, Refused


def list_credential(
    *,
    title: str,
    given_by: str,
    clusters: Sequence[CareerCluster] = (),
    last_year: AcademicYear | None = None,
    by: User,
) -> IndustryCredential:
    """Put a credential on the State's list: from then on it is recorded wherever a student earns it."""
    with transaction.atomic():
        one_at_a_time("industry credentials")
        refusal = rules.why_not_list(by, title)
        if refusal is not None:
            raise Refused(refusal)
        credential = IndustryCredential.objects.create(
            title=title, given_by=given_by, last_year=_kept(last_year)
        )
        credential.clusters.set(clusters)
        record_event(
            by=by,
            kind="articulations.credential_listed",
            subject=credential,
            data={"changes": rules.credential_changes(dict.fromkeys(rules.CREDENTIAL_FIELDS, ""),
                                                      rules.credential_facts(credential))},
        )  # fmt: skip
    return credential


def change_credential(
    *,
    credential: IndustryCredential,
    title: str,
    given_by: str,
    clusters: Sequence[CareerCluster],
    last_year: AcademicYear | None,
    seen: str | None = None,
    by: User,
) -> bool:
    """Correct what a credential is called, or end it with a school year; who earned it keeps it. False where nothing
    differs. `seen` is what the page was drawn with: who saved meanwhile is not overwritten."""
    with transaction.atomic():
        one_at_a_time("industry credentials")
        credential = IndustryCredential.objects.select_related("last_year").get(pk=credential.pk)
        refusal = rules.why_not_list(by, title, beside=credential)
        if refusal is not None:
            raise Refused(refusal)
        before = rules.credential_facts(credential)
        if seen is not None and seen != rules.credential_mark(credential):
            raise Refused(
                Refusal(
                    "meanwhile",
                    "Somebody else has changed this credential meanwhile.",
                    "Your words are still here. Compare them with the list, and save again if they are right.",
                )
            )
        credential.title, credential.given_by, credential.last_year = title, given_by, _kept(last_year)
        credential.save()
        credential.clusters.set(clusters)
        changes = rules.credential_changes(before, rules.credential_facts(credential))
        if changes:
            record_event(
                by=by,
                kind="articulations.credential_changed",
                subject=credential,
                data={"changes": changes},
            )
    return bool(changes)


def _kept(year: AcademicYear | None) -> AcademicYear | None:
    """The school year that is chosen, which SERS may not have yet."""
    return AcademicYear.objects.get_or_create(first_year=year.first_year)[0] if year else None


def say_preparation(
    *,
    course: HighSchoolCourse,
    credentials: Sequence[IndustryCredential],
    seen: str | None = None,
    by: User,
) -> bool:
    """Say which industry credentials a class prepares for; everybody reads it in Search Articulations. What students
    earned stays whatever is said. False where nothing differs. `seen` is what the page saw: of two people at once the
    second is told."""
    if not keeps_class(by, course):
        raise Refused(
            Refusal("not_yours", "The district of this class, its consortium and the State say what it prepares for.")
        )  # fmt: skip
    with transaction.atomic():
        HighSchoolCourse.objects.select_for_update(of=("self",)).get(pk=course.pk)
        before = list(course.prepares_for.in_order())
        if seen is not None and seen != rules.preparation_mark(before):
            raise Refused(
                Refusal(
                    "meanwhile",
                    "Somebody else has changed what this class prepares for meanwhile.",
                    "Your ticks are still here. Compare them with the list above, and save again if they are right.",
                )
            )
        if rules.preparation_mark(before) == rules.preparation_mark(credentials):
            return False
        course.prepares_for.set(credentials)
        record_event(
            by=by,
            kind="articulations.preparation_said",
            subject=course,
            data={
                "changes": [
                    {
                        "name": "Prepares for",
                        "was": "\n".join(one.title for one in before),
                        "is_now": "\n".join(one.title for one in course.prepares_for.in_order()),
                    }
                ]
            },
        )
    return True
