"""The next last days for a person's seats: what ends when, whom it concerns, and where one acts until then."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.db.models import Count, Q, QuerySet

from accounts.access import HeldSeat, Role, seats
from accounts.models import User
from articulations.models import Articulation, AssuranceText
from articulations.rules import READS_REVIEWS, reviews_for, until
from organizations.models import (
    AcademicYear,
    College,
    CollegeYear,
    Consortium,
    ConsortiumYear,
    FurtherAsk,
    Window,
)
from reports.rules.front import SOON, day_in_words, names_in_words
from reports.rules.waiting import counted
from sers.lib.moments import days_left
from transcripts.models import PaperMailing, TranscriptionPlan

#: So many of the next last days stand at home.
DEADLINES: Final = 6
#: A window that does not open for so long is not told yet.
AHEAD: Final = timedelta(days=120)
Kind = Window.Kind

#: What the last day of a window means to staff.
WINDOW_WORDS: Final = {
    Kind.REGISTRATION: "Registration closes",
    Kind.PAYMENT: "Forms and fees are due",
    Kind.GRADING: "Grades are due",
    Kind.REQUEST: "Last day for students to ask a college to transcribe",
}
#: Which windows matter to a role, and where it acts until they close. A teacher's grading is told class by class.
WINDOWS: Final[Mapping[Role, Mapping[Kind, str]]] = {
    Role.TEACHER: {Kind.REGISTRATION: "students:school_rosters"},
    Role.COUNSELOR: {
        Kind.REGISTRATION: "students:school_rosters", Kind.PAYMENT: "students:search",
        Kind.GRADING: "articulations:sections", Kind.REQUEST: "students:search",
    },
    Role.DISTRICT: {
        Kind.REGISTRATION: "students:school_rosters", Kind.PAYMENT: "students:search",
        Kind.GRADING: "articulations:sections",
    },
    Role.REGISTRAR: {Kind.GRADING: "transcripts:not_yet", Kind.REQUEST: "transcripts:not_yet"},
    Role.CONSORTIUM: {
        Kind.REGISTRATION: "reports:mailings", Kind.PAYMENT: "students:requirements",
        Kind.GRADING: "grading:progress", Kind.REQUEST: "transcripts:not_yet",
    },
    Role.STATE: {
        Kind.REGISTRATION: "grading:settings", Kind.PAYMENT: "grading:settings",
        Kind.GRADING: "grading:progress", Kind.REQUEST: "transcripts:runs",
    },
}  # fmt: skip
#: Who hears of a day for forms and fees that a consortium has set beside its windows, and where it acts.
ASKS: Final = {
    Role.COUNSELOR: "students:search", Role.DISTRICT: "students:search", Role.CONSORTIUM: "students:requirements",
}  # fmt: skip
#: Who hears until when students ask a college to transcribe, and of the day of its run; and where it acts.
ASKED_BY: Final = {
    Role.COUNSELOR: "students:search", Role.REGISTRAR: "transcripts:not_yet", Role.CONSORTIUM: "transcripts:not_yet",
}  # fmt: skip
RUNS: Final = {
    Role.REGISTRAR: "transcripts:runs", Role.CONSORTIUM: "transcripts:not_yet", Role.STATE: "transcripts:runs",
}  # fmt: skip
ASSURES: Final = (Role.COUNSELOR, Role.DISTRICT, Role.FACULTY, Role.REGISTRAR, Role.CONSORTIUM)
OF_COLLEGES: Final = (Role.FACULTY, Role.REGISTRAR)


@dataclass(frozen=True, slots=True)
class Due:
    """A last day (none where nobody has set it), with where one acts until it is over, and whom it concerns."""

    day: date | None
    what: str
    who: str
    url: str


@dataclass(frozen=True, slots=True)
class Deadline:
    """What stands at home of a last day: `in 12 days, June 15`; it is near in its last fourteen days."""

    day: date
    what: str
    note: str
    url: str
    is_near: bool


def told(dues: Iterable[Due], on: date) -> list[Deadline]:
    """The next last days, the soonest first; one that concerns several is told once."""
    grouped: dict[tuple[date, str, str], list[str]] = {}
    for due in dues:
        if due.day is not None and due.day >= on:
            grouped.setdefault((due.day, due.what, due.url), []).append(due.who)
    return [
        Deadline(
            day=day,
            what=what,
            note=", ".join(
                filter(
                    None,
                    (days_left(day, on), day_in_words(day, on), names_in_words(sorted(set(filter(None, who))))),
                )
            ),
            url=url,
            is_near=day - on <= SOON,
        )
        for (day, what, url), who in sorted(grouped.items())[:DEADLINES]
    ]  # fmt: skip


def assurance_dues(owed: Iterable[Mapping[str, Any]]) -> list[Due]:
    """Until when a teacher signs the assurances still owed."""
    return [
        Due(
            row["due_on"],
            "Your Annual Teacher Assurance is due",
            row["college"],
            "articulations:my_assurances",
        )
        for row in owed
    ]


def deadlines_of(user: User, year: AcademicYear, on: date, own: Iterable[Due]) -> list[Deadline]:
    """The next last days for every role whose hat the person wears, with those its part of home knows itself; as many
    queries for a role as it has kinds of deadline, however many rows."""
    by_role: dict[Role, list[HeldSeat]] = {}
    for seat in seats(user):
        by_role.setdefault(seat.role, []).append(seat)
    found = [due for role, held in by_role.items() for due in _dues(user, role, held, year, on)]
    return told([*own, *found], on)


def _dues(user: User, role: Role, held: Sequence[HeldSeat], year: AcademicYear, on: date) -> Iterable[Due]:
    """What ends for one role: windows and what stands beside them, assurances, reviews, runs, letters."""
    consortia, colleges = _places(role, held)
    if role in WINDOWS:
        yield from _windows(role, held, consortia, on)
    if role in ASKS:
        yield from _asks(role, consortia, on)
    if role in ASSURES:
        yield from _assurances(colleges, year, on)
    if role in READS_REVIEWS:
        yield from _reviews(user, on)
    if role in ASKED_BY:
        yield from _asked_by(role, colleges, on)
    if role in RUNS:
        yield from _runs(role, colleges, on)
    if role is Role.REGISTRAR:
        yield from _letters(colleges, on)


def _places(role: Role, held: Sequence[HeldSeat]) -> tuple[QuerySet[Consortium], QuerySet[College]]:
    """The consortia and colleges that seats of a role have to do with: a college's own alone, else all of its
    consortia; the State's are all."""
    anchors = [seat.anchor for seat in held]
    if role is Role.STATE:
        return Consortium.objects.order_by(), College.objects.order_by()
    if role is Role.CONSORTIUM:
        consortia = Consortium.objects.filter(pk__in=anchors)
    elif role in OF_COLLEGES:
        consortia = Consortium.objects.filter(colleges__in=anchors)
    elif role is Role.DISTRICT:
        consortia = Consortium.objects.filter(districts__in=anchors)
    else:
        schools = [seat.school_id for seat in held]
        consortia = Consortium.objects.filter(districts__schools__in=schools)
    consortia = consortia.order_by()
    if role in OF_COLLEGES:
        return consortia, College.objects.filter(pk__in=anchors).order_by()
    return consortia, College.objects.filter(consortia__in=consortia.values("pk")).order_by()


def _windows(
    role: Role, held: Sequence[HeldSeat], consortia: QuerySet[Consortium], on: date
) -> Iterable[Due]:
    """The windows a role acts in, of its consortia and their colleges; a college hears of its own dates where it has
    set some, else of its consortium's. One query."""
    kinds = WINDOWS[role]
    found = Window.objects.filter(
        kind__in=kinds, closes_on__gte=on, opens_on__lte=on + AHEAD, consortium__in=consortia.values("pk")
    ).select_related("consortium", "college")  # fmt: skip
    if role in OF_COLLEGES:
        own = Q(college__in=[seat.anchor for seat in held])
        found = found.filter(own | Q(college=None))
    windows = list(found.order_by("closes_on", "id"))
    set_by_college = {
        (window.consortium_id, window.year_id, window.kind) for window in windows if window.college_id
    }
    for window in windows:
        above = (
            not window.college_id and (window.consortium_id, window.year_id, window.kind) in set_by_college
        )
        if above and role in OF_COLLEGES:
            continue
        kind = Kind(window.kind)
        who = str(window.college) if window.college else window.consortium.short_name
        yield Due(window.closes_on, WINDOW_WORDS[kind], who, kinds[kind])


def _asks(role: Role, consortia: QuerySet[Consortium], on: date) -> Iterable[Due]:
    """Days a consortium has set for forms, signatures, fees and other things it asks. Two queries."""
    terms = ConsortiumYear.objects.filter(consortium__in=consortia.values("pk")).select_related("consortium")
    dated = (
        ("form_due_on", "Signed forms are due"),
        ("guardian_due_on", "Guardians’ signatures are due"),
        ("fee_due_on", "Fees are due"),
    )
    ahead = Q()
    for name, _ in dated:
        ahead |= Q(**{f"{name}__gte": on})
    for one in terms.filter(ahead).order_by("id"):
        for name, words in dated:
            yield Due(getattr(one, name), words, one.consortium.short_name, ASKS[role])
    for ask in (
        FurtherAsk.objects.filter(terms__consortium__in=consortia.values("pk"), due_on__gte=on, ended_at=None)
        .select_related("terms__consortium")
        .order_by("id")
    ):
        yield Due(ask.due_on, f"{ask.name} is due", ask.terms.consortium.short_name, ASKS[role])


def _assurances(colleges: QuerySet[College], year: AcademicYear, on: date) -> Iterable[Due]:
    """Until when teachers sign the Annual Teacher Assurance of a college. One query."""
    texts = AssuranceText.objects.in_use(year).filter(college__in=colleges.values("pk"), due_on__gte=on)
    for text in texts.order_by("id"):
        yield Due(
            text.due_on, "Teachers sign the Annual Teacher Assurance", text.college.name,
            "articulations:assurances",
        )  # fmt: skip


def _reviews(user: User, on: date) -> Iterable[Due]:
    """Days on which the review of agreements is due in the next ninety days; what is overdue waits among the tasks.
    One query."""
    soon = reviews_for(user, Articulation.objects.due(until("soon", on))).filter(review_due_on__gte=on)
    days = soon.order_by().values_list("review_due_on").annotate(number=Count("pk", distinct=True))
    for day, number in days.order_by("review_due_on")[:DEADLINES]:
        yield Due(
            day, "Reviews are due", counted(number, "agreement", "agreements"), "articulations:reviews"
        )  # fmt: skip


def _asked_by(role: Role, colleges: QuerySet[College], on: date) -> Iterable[Due]:
    """Until when students ask a college that transcribes on request. One query."""
    asked = CollegeYear.objects.filter(
        college__in=colleges.values("pk"), mode=CollegeYear.Mode.ON_REQUEST, request_by__gte=on
    ).select_related("college")  # fmt: skip
    for one in asked.order_by("id"):
        yield Due(one.request_by, WINDOW_WORDS[Kind.REQUEST], one.college.name, ASKED_BY[role])


def _runs(role: Role, colleges: QuerySet[College], on: date) -> Iterable[Due]:
    """The day on which the calendar starts a college's run. One query."""
    plans = TranscriptionPlan.objects.filter(
        college_year__college__in=colleges.values("pk"), starts_on__gte=on, tried_at=None
    ).select_related("college_year__college")  # fmt: skip
    for plan in plans.order_by("id"):
        yield Due(
            plan.starts_on, "The calendar starts the transcription run", plan.college_year.college.name,
            RUNS[role],
        )  # fmt: skip


def _letters(colleges: QuerySet[College], on: date) -> Iterable[Due]:
    """Until when letters on paper are in the mail. One query."""
    waiting = (
        PaperMailing.objects.filter(college__in=colleges.values("pk"), mail_by__gte=on, mailed_on=None)
        .select_related("college")
        .order_by("id")
    )
    for one in waiting:
        yield Due(one.mail_by, "Letters on paper are in the mail", one.college.name, "transcripts:mailings")
