"""Texts that students and guardians agree to: a new version is published; those before stay readable for ever."""

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from accounts.actions import record_event
from accounts.models import User
from organizations.models import AcademicYear, Consortium
from sers.lib.locks import one_at_a_time
from sers.lib.refusal import Refusal, Refused
from students import rules
from students.models import ConsentText, ConsentWording

Audience = ConsentText.Audience


def publish_consent(
    *,
    wordings: Mapping[str, tuple[str, str]],
    by: User,
    audience: str = Audience.STUDENT,
    seen: str = "",
) -> ConsentText:
    """Put a new version of the State's text in force from this moment: for each language a heading and a text, English
    and Spanish always.

    Published twice with the same words it is one version. Versions count within their calendar year: `2026-2`, for
    guardians `G-2026-2`, of the notice of rights `N-2026-2`. Who else published meanwhile is not written over: `seen` is the version the page began with.
    """
    with transaction.atomic():
        one_at_a_time("publish consent")
        refusal = rules.why_not_publish(wordings, by=by)
        if refusal is not None:
            raise Refused(refusal)
        return _publish(ConsentText.objects.in_force(audience), wordings, seen, by, audience=audience)


def publish_guardian_text(
    *,
    consortium: Consortium,
    year: AcademicYear,
    wordings: Mapping[str, tuple[str, str]],
    by: User,
    seen: str = "",
) -> ConsentText:
    """Put a consortium's own text for guardians in force, for classes of this school year and those after it.

    What was signed stays with the version and the language it was signed in. A guardian who has the old text on the
    screen reads the new one before they answer.
    """
    with transaction.atomic():
        one_at_a_time("publish consent")
        refusal = rules.why_not_publish(wordings, by=by, consortium=consortium, year=year)
        if refusal is not None:
            raise Refused(refusal)
        year = AcademicYear.objects.get_or_create(first_year=year.first_year)[0]
        now = ConsentText.objects.for_guardians(consortium, year)
        facts = {"audience": Audience.GUARDIAN, "consortium": consortium, "year": year}
        return _publish(now, wordings, seen, by, **facts)


def _publish(
    now: ConsentText, wordings: Mapping[str, tuple[str, str]], seen: str, by: User, **facts: object
) -> ConsentText:
    if {one.language: (one.heading, one.body) for one in now.wordings.all()} == dict(wordings):
        return now
    if seen not in ("", now.version):
        raise Refused(
            Refusal(
                "meanwhile", "Somebody else has published a text meanwhile.", "Look at it, then write again."
            )
        )
    letter = {Audience.GUARDIAN: "G-", Audience.NOTICE: "N-"}.get(Audience(str(facts["audience"])), "")
    counted = f"{letter}{timezone.localdate().year}-"
    number = ConsentText.objects.filter(version__startswith=counted).count() + 1
    text: ConsentText = ConsentText.objects.create(version=f"{counted}{number}", published_by=by, **facts)
    for language, (heading, body) in wordings.items():
        ConsentWording.objects.create(text=text, language=language, heading=heading, body=body)
    record_event(by=by, kind="students.consent_published", subject=text, data={"before": now.version})
    return text
