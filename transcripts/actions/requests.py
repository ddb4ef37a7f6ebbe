"""A student asks a college to transcribe, or takes the request back."""

from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions import record_event
from accounts.models import User
from organizations.rules import Calendar
from sers.lib.refusal import Refusal, Refused
from students.models import Registration
from students.rules import is_own
from transcripts import rules
from transcripts.models import TranscriptRequest


def request_transcription(*, registrations: Sequence[Registration], by: User) -> list[TranscriptRequest]:
    """Ask for these classes, all of them or none. Asked again by a second press, the requests that stand are given."""
    if not registrations:
        raise Refused(Refusal("nothing_chosen", _("Tick at least one class.")))
    asked: list[TranscriptRequest] = []
    with transaction.atomic():
        locked = list(
            Registration.objects.select_for_update(of=("self",), no_key=True)
            .filter(pk__in=[one.pk for one in registrations])
            .select_related("student__merged_into", "year", "articulation", "college")
            .order_by("pk")
        )
        terms = rules.terms_of(locked)
        calendar = Calendar.of(*{one.year for one in locked})
        for one in locked:
            if not is_own(by, one.student):
                raise Refused(Refusal("not_own", _("A student asks for their own credit, nobody else.")))
            standing = TranscriptRequest.objects.live().filter(registration=one).first()
            if standing is not None and one.awarded_at is None:
                asked.append(standing)
                continue
            refusal = rules.why_not_request_now(one, terms=terms, calendar=calendar, on=timezone.localdate())
            if refusal is not None:
                raise Refused(refusal)
            request = TranscriptRequest(registration=one, asked_by=by, consent_version=rules.CONSENT_VERSION)
            try:
                with transaction.atomic():
                    request.save(force_insert=True)
            except IntegrityError as error:
                if "one_live_request_a_class" not in str(error):
                    raise
                request = TranscriptRequest.objects.live().get(registration=one)
            else:
                record_event(by=by, kind="transcripts.requested", subject=request)
            asked.append(request)
    return asked


def withdraw_request(*, asked: TranscriptRequest, by: User) -> None:
    """Take a request back before the credit is awarded. The run locks the class too: one of the two comes first."""
    with transaction.atomic():
        registration = (
            Registration.objects.select_for_update(of=("self",), no_key=True)
            .select_related("student")
            .get(pk=asked.registration_id)
        )
        held = TranscriptRequest.objects.select_for_update().get(pk=asked.pk)
        held.registration = registration
        if not is_own(by, registration.student):
            raise Refused(Refusal("not_own", _("A student takes back their own request, nobody else.")))
        refusal = rules.why_not_withdraw_request(held)
        if refusal is not None:
            raise Refused(refusal)
        held.withdrawn_at, held.withdrawn_by = timezone.now(), by
        held.save(update_fields=("withdrawn_at", "withdrawn_by"))
        record_event(by=by, kind="transcripts.request_withdrawn", subject=held)
