"""The consent text: a new version is published; those before stay readable for ever."""

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from accounts.actions import record_event
from accounts.models import User
from sers.lib.locks import one_at_a_time
from sers.lib.refusal import Refused
from students import rules
from students.models import ConsentText, ConsentWording


def publish_consent(*, wordings: Mapping[str, tuple[str, str]], by: User) -> ConsentText:
    """Put a new version in force from this moment: for each language a heading and a text, English always.

    Published twice with the same words it is one version. Versions count within their calendar year: `2026-2`.
    """
    with transaction.atomic():
        one_at_a_time("publish consent")
        now = ConsentText.objects.in_force()
        standing = {one.language: (one.heading, one.body) for one in now.wordings.all()}
        refusal = rules.why_not_publish(wordings, by=by)
        if refusal is not None:
            raise Refused(refusal)
        if standing == dict(wordings):
            return now
        year = timezone.localdate().year
        number = ConsentText.objects.filter(version__startswith=f"{year}-").count() + 1
        text = ConsentText.objects.create(version=f"{year}-{number}", published_by=by)
        for language, (heading, body) in wordings.items():
            ConsentWording.objects.create(text=text, language=language, heading=heading, body=body)
        record_event(by=by, kind="students.consent_published", subject=text, data={"before": now.version})
    return text
