"""How a class comes to its end: declared complete in time, credit awarded, held by ctcLink."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Count, F, Max, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import TruncDate
from django.utils import timezone

from accounts.models import User
from grading.models import ClassCompletion
from organizations.models import AcademicYear, Window
from organizations.rules import Calendar
from sers.lib.medians import Median
from students.models import Registration
from transcripts.models import AwardSource, CreditAward, PostingEvent


def classes_graded(
    user: User, year: AcademicYear, until: date
) -> Iterator[tuple[Mapping[str, int], bool, bool]]:
    """The classes of a year with registrations, by school, consortium and college; and of each whether its teacher
    declared it complete by that day, and whether by the last day for its grades. Three queries.

    A college's own last day overrides its consortium's; the day on which a teacher first declared it counts.
    """
    rows = (
        Registration.objects.visible_to(user)
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


def posting_days(user: User, year: AcademicYear, until: date) -> QuerySet[CreditAward]:
    """Courses awarded for a year until a day, each with the day of its last grade, of the award, and on which ctcLink
    said by then that it Posted."""
    source = AwardSource.objects.filter(award=OuterRef("pk")).order_by().values("award")
    event = PostingEvent.objects.filter(award=OuterRef("pk"), kind=PostingEvent.Kind.POSTED, on__lte=until)
    found: QuerySet[CreditAward] = (
        CreditAward.objects.visible_to(user)
        .standing()
        .filter(year=year.pk, awarded_at__date__lte=until)
        .order_by()
        .annotate(
            graded_on=TruncDate(Subquery(source.values(last=Max("registration__grades__entered_at")))),
            awarded_on=TruncDate("awarded_at"),
            posted_on=Subquery(event.order_by("on", "pk").values("on")[:1]),
        )
    )
    return found


def by_september(year: AcademicYear) -> date:
    """Credit is on the college's record by September 1 after its school year."""
    return date(year.first_year + 1, 9, 1)


def posting_numbers(user: User, year: AcademicYear, by: str) -> Mapping[int, Sequence[Any]]:
    """Courses awarded for a year, how long after the grade, and how many ctcLink holds by September 1; medians in days."""
    path = {"college": "college", "school": "student__school"}[by]
    rows = (
        posting_days(user, year, timezone.localdate())
        .values_list(path)
        .annotate(
            awarded=Count("pk"),
            to_credit=Median(F("awarded_on") - F("graded_on")),
            posted=Count("posted_on"),
            to_posted=Median(F("posted_on") - F("awarded_on")),
            all_the_way=Median(F("posted_on") - F("graded_on")),
            in_time=Count("pk", filter=Q(posted_on__lte=by_september(year))),
        )
    )
    return {key: numbers for key, *numbers in rows}
