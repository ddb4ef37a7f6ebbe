"""When a student may ask for transcription, and when a request may be withdrawn."""

from collections.abc import Mapping
from datetime import date

from django.utils.translation import gettext as _

from organizations.models import CollegeYear, Window
from organizations.rules import Calendar, Opening
from sers.lib.moments import day
from sers.lib.refusal import Refusal
from students.models import Registration
from transcripts.models import TranscriptRequest

#: The text a student agrees to when asking; a new wording gets a new name.
CONSENT_VERSION = "transcription-2026-1"


def why_not_request(
    registration: Registration,
    college_year: CollegeYear | None,
    opening: Opening,
    *,
    asked: bool,
    on: date,
) -> Refusal | None:
    """A student asks where the college transcribes on request, for a class that can still earn credit, in time.

    The last day is the college's own (`request_by`) or the end of its window, whichever comes first; both count.
    """
    if registration.awarded_at is not None:
        return Refusal("awarded", _("This credit is on your college record already."))
    if registration.status in (
        Registration.Status.NOT_ATTAINED,
        *Registration.ENDED,
    ):
        return Refusal("no_credit", _("This class earns no college credit."))
    if college_year is None or college_year.mode != CollegeYear.Mode.ON_REQUEST:
        return Refusal("not_on_request", _("This college does not wait for your request."))
    if asked:
        return Refusal("asked", _("You have asked for this class already."))
    if opening.opens_on is not None and not opening.is_open and on < opening.opens_on:
        return Refusal(
            "not_yet",
            _("You can ask from %(day)s on.") % {"day": day(opening.opens_on)},
            _("Come back then."),
        )
    last = last_day(college_year, opening)
    if last is not None and on > last:
        return Refusal(
            "too_late",
            _("The last day to ask was %(day)s.") % {"day": day(last)},
            _("Write to the college: it may still help you."),
        )
    return None


def last_day(college_year: CollegeYear | None, opening: Opening) -> date | None:
    """The last day to ask: the college's own or the end of the window, whichever comes first."""
    days = [
        one
        for one in (college_year.request_by if college_year else None, opening.closes_on)
        if one is not None
    ]
    return min(days, default=None)


def why_not_withdraw_request(request_of: TranscriptRequest) -> Refusal | None:
    """A request is taken back as long as the credit is not awarded; afterwards it is on the record for good."""
    if request_of.withdrawn_at is not None:
        return Refusal("withdrawn", _("This request was withdrawn already."))
    if request_of.registration.awarded_at is not None:
        return Refusal("awarded", _("The credit is on your college record: it cannot be taken back."))
    return None


def why_not_request_now(
    registration: Registration,
    *,
    terms: Mapping[tuple[int, int], CollegeYear],
    calendar: Calendar,
    on: date,
) -> Refusal | None:
    """The rule of `why_not_request`, for a class nobody has asked for yet."""
    opening = request_opening(registration, calendar, on)
    return why_not_request(
        registration,
        terms.get((registration.college_id, registration.year_id)),
        opening,
        asked=False,
        on=on,
    )


def request_opening(registration: Registration, calendar: Calendar, on: date) -> Opening:
    """How the window for requests stands for a class."""
    return calendar.opening(
        Window.Kind.REQUEST,
        consortium_id=registration.articulation.consortium_id,
        college_id=registration.college_id,
        year_id=registration.year_id,
        on=on,
    )
