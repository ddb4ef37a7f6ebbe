"""How a class comes to its end: declared complete in time, credit awarded, held by ctcLink."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, F, Max, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import TruncDate
from django.utils import timezone

from accounts.access import Role, has_role, seats
from accounts.models import User
from articulations.models import Articulation
from grading.models import ClassCompletion
from organizations.models import AcademicYear, Window
from organizations.rules import Calendar
from sers.lib.medians import Median
from students.models import Registration, RegistrationQuerySet
from transcripts.models import AwardSource, CreditAward, PostingEvent


def seen_registrations(user: User | None) -> RegistrationQuerySet:
    """The registrations a person sees; nobody stands for the whole State."""
    found: RegistrationQuerySet = (
        Registration.objects.all() if user is None else Registration.objects.visible_to(user)
    )
    return found


def classes_graded(
    user: User | None, year: AcademicYear, until: date
) -> Iterator[tuple[Mapping[str, int], bool, bool]]:
    """The classes of a year with registrations, by school, consortium and college; and of each whether its teacher
    declared it complete by that day, and whether by the last day for its grades. Three queries.

    A college's own last day overrides its consortium's; the day on which a teacher first declared it counts.
    """
    rows = (
        seen_registrations(user)
        .live()
        .filter(year=year.pk)
        .order_by()
        .values(
            "section", consortium=F("articulation__consortium"), of=F("college"),
            school=F("high_school_course__school"),
        )
        .distinct()
    )  # fmt: skip
    declared = dict(
        ClassCompletion.objects.filter(section__year=year.pk, declared_at__date__lte=until)
        .order_by()
        .values_list("section")
        .annotate(first=Min("declared_at"))
    )
    calendar = Calendar.of(year)
    last: dict[tuple[int, int], date | None] = {}
    for row in rows:
        pair = row["consortium"], row["of"]
        if pair not in last:
            last[pair] = calendar.opening(
                Window.Kind.GRADING, consortium_id=pair[0], college_id=pair[1], year_id=year.pk, on=until
            ).closes_on
        at = declared.get(row["section"])
        by_day = last[pair]
        yield row, at is not None, at is not None and (by_day is None or timezone.localdate(at) <= by_day)


def graded_numbers(user: User, year: AcademicYear, by: str) -> Mapping[int, Sequence[int]]:
    """Classes with registrations, declared complete, in time and late, and not declared."""
    found: dict[int, dict[int, tuple[bool, bool]]] = defaultdict(dict)
    for row, declared, in_time in classes_graded(user, year, timezone.localdate()):
        # Under agreements with several last days a class is in time by the latest of them.
        before = found[row["of" if by == "college" else by]]
        _, was_in_time = before.get(row["section"], (False, False))
        before[row["section"]] = declared, in_time or was_in_time
    return {key: in_and_late(classes.values()) for key, classes in found.items()}


def in_and_late(classes: Collection[tuple[bool, bool]]) -> list[int]:
    """How many classes, declared complete, in time, late, and not declared."""
    declared = sum(one for one, _ in classes)
    in_time = sum(one for _, one in classes)
    return [len(classes), declared, in_time, declared - in_time, len(classes) - declared]


def awards_of(user: User | None, year: AcademicYear, until: date) -> QuerySet[CreditAward]:
    """Courses awarded for a year until a day; of a person, those its year's registrations earned that the person sees. One
    query before it, where it is not the State."""
    reach = Q()
    if user is not None and not has_role(user, Role.STATE):
        # By the year's registrations: all awards a consortium sees would be collected first. Where the credit is of
        # follows from them; said as well, so that the awards of other colleges are not asked one by one.
        seen = seen_registrations(user).filter(year=year.pk).order_by().values("pk")
        sources = AwardSource.objects.filter(registration__in=seen)
        consortia = [seat.anchor for seat in seats(user, Role.CONSORTIUM)]
        under = Articulation.objects.filter(consortium__in=consortia).order_by()
        colleges = {seat.anchor for seat in seats(user, Role.REGISTRAR)}
        colleges |= set(under.values_list("college", flat=True).distinct())
        reach = Q(pk__in=sources.order_by().values("award"), college__in=colleges)
    found: QuerySet[CreditAward] = (
        CreditAward.objects.filter(reach).standing().filter(year=year.pk, awarded_at__date__lte=until)
    )
    return found.order_by()


def posted_by(until: date) -> Q:
    """What ctcLink said by a day that it Posted."""
    return Q(postings__kind=PostingEvent.Kind.POSTED, postings__on__lte=until)


def by_september(year: AcademicYear) -> date:
    """Credit is on the college's record by September 1 after its school year."""
    return date(year.first_year + 1, 9, 1)


def posting_numbers(user: User, year: AcademicYear, by: str) -> Mapping[int, Sequence[Any]]:
    """Courses awarded for a year, how long after the grade, and how many ctcLink holds by September 1; medians in days."""
    today = timezone.localdate()
    source = AwardSource.objects.filter(award=OuterRef("pk")).order_by().values("award")
    event = PostingEvent.objects.filter(award=OuterRef("pk"), kind=PostingEvent.Kind.POSTED, on__lte=today)
    rows = (
        awards_of(user, year, today)
        .annotate(
            graded_on=TruncDate(Subquery(source.values(last=Max("grade__entered_at")))),
            awarded_on=TruncDate("awarded_at"),
            posted_on=Subquery(event.order_by().values("award").values(first=Min("on"))),
        )
        .values_list({"college": "college", "school": "student__school"}[by])
        .annotate(
            awarded=Count("pk"),
            to_credit=Median(F("awarded_on") - F("graded_on")),
            posted=Count("posted_on"),
            to_posted=Median(F("posted_on") - F("awarded_on")),
            all_the_way=Median(F("posted_on") - F("graded_on")),
            in_time=Count("pk", filter=Q(posted_on__lte=by_september(year))),
        )
    )
    return {
        key: [awarded, _days(to_credit), posted, _days(to_posted), _days(all_the_way), in_time]
        for key, awarded, to_credit, posted, to_posted, all_the_way, in_time in rows
    }


def posting_total(user: User | None, year: AcademicYear, until: date) -> list[Any]:
    """Of a year as it stood on a day: courses awarded, posted, the median of days from grade to posting, and how many
    ctcLink had by September 1."""
    found = (
        awards_of(user, year, until)
        .values("pk")
        .annotate(
            graded_on=TruncDate(Max("sources__grade__entered_at")),
            posted_on=Min("postings__on", filter=posted_by(until)),
        )
        .aggregate(
            awarded=Count("pk"),
            posted=Count("posted_on"),
            all_the_way=Median(F("posted_on") - F("graded_on")),
            in_time=Count("pk", filter=Q(posted_on__lte=by_september(year))),
        )
    )
    return [found["awarded"], found["posted"], _days(found["all_the_way"]), found["in_time"]]


def _days(long: timedelta | None) -> int | None:
    """Whole days; None of nothing."""
    return None if long is None else long.days
