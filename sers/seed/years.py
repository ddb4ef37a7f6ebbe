"""School years around the reference day: their windows, and what colleges and consortia ask in them."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random

from django.utils import timezone

from accounts.access import school_year_of
from organizations.models import (
    AcademicYear,
    College,
    CollegeYear,
    Consortium,
    ConsortiumYear,
    Window,
)
from sers.seed import facts
from sers.seed.places import CBC, OPEN_TODAY, SPOKANE, Places
from sers.seed.rows import Book

#: What one college credit costs a resident (2025-26): what a student saves.
TUITION = Decimal("131.96")
#: Whatever the day, the peopled consortia stay open this long after it.
STAYS_OPEN = timedelta(days=14)
#: Colleges that publish articulations here but award outside: their own rules say "no SERS step".
OUTSIDE_SERS = {"Lower Columbia College"}
#: Waits for the student to ask, so that the peopled consortia show that way too; its own rule is not published.
WHEN_ASKED = {SPOKANE}
#: Publishes that it takes no late claims; here it looks at those of this year, so that the queue can be seen at work.
LOOKED_AT_LATE = {CBC}


@dataclass(frozen=True, slots=True)
class Clock:
    """The reference day, and moments before it: nothing invented lies in its future."""

    day: date

    @property
    def year(self) -> int:
        """The first calendar year of the school year the reference day falls in."""
        return school_year_of(self.day)

    def at(self, day: date, hour: int = 9, minute: int = 0) -> datetime:
        """A moment of Pacific time; never later than the first minute of the reference day."""
        moment = datetime.combine(day, time(hour, minute), timezone.get_default_timezone())
        return min(moment, datetime.combine(self.day, time(0), timezone.get_default_timezone()))

    def moment(self, random: Random, first: date, last: date) -> datetime:
        """Some moment from `first` to `last` in school hours and evenings, before the reference day."""
        last = max(first, min(last, self.day - timedelta(days=1)))
        day = first + timedelta(days=random.randint(0, (last - first).days))
        return self.at(day, random.randint(7, 21), random.randint(0, 59))


@dataclass(slots=True)
class Years:
    """School years by their first calendar year, and the terms in each, by names."""

    by_first: dict[int, AcademicYear] = field(default_factory=dict)
    colleges: dict[tuple[str, int], CollegeYear] = field(default_factory=dict)
    consortia: dict[tuple[str, int], ConsortiumYear] = field(default_factory=dict)
    registration: dict[tuple[str, int], tuple[date, date]] = field(default_factory=dict)
    grading: dict[tuple[str, int], tuple[date, date]] = field(default_factory=dict)


def day_in(first_year: int, text: str, *, closing: bool = False) -> date:
    """`12-01` in a school year; `07`, a month alone, is its last day. A closing in July or August comes after the year."""
    month, _, day = text.partition("-")
    after = int(month) < 7 or (closing and int(month) < 9)
    year = first_year + 1 if after else first_year
    if day:
        return date(year, int(month), int(day))
    return (date(year, int(month), 28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def build_years(book: Book, places: Places, clock: Clock, *, count: int) -> Years:
    """The school year of the reference day and those before it, `count` in all, with windows and terms."""
    years = Years()
    known = {year.first_year: year for year in AcademicYear.objects.all()}
    for first in range(clock.year - count + 1, clock.year + 1):
        # A page that was opened before the seed may have made the current year.
        years.by_first[first] = known.get(first) or book.add(AcademicYear, first_year=first)
        for consortium in places.consortia.values():
            _build_consortium_year(book, years, clock, consortium, first)
        for college in places.colleges.values():
            _build_college_year(book, places, years, college, first, is_this_year=first == clock.year)
    return years


def _build_consortium_year(
    book: Book, years: Years, clock: Clock, consortium: Consortium, first: int
) -> None:
    rule = facts.rule("consortium", consortium.name)
    # Only an amount somebody published is asked; "district pays" costs the student nothing.
    flat = rule.get("fee_basis") == ConsortiumYear.FeeBasis.YEAR
    form = consortium.short_name == "Columbia Basin"
    current = first == clock.year
    # Columbia Basin asked $20 once, later the districts paid it: so that every way to owe and to pay is there to see,
    # districts pay in last year's demo state and students in this year's, when guardians sign for minors too.
    asks_twenty = form and first >= clock.year - 1
    years.consortia[consortium.name, first] = book.add(
        ConsortiumYear,
        consortium=consortium,
        year=years.by_first[first],
        form_required=form,
        guardian_signs=ConsortiumYear.Guardian.MINORS if form and current else ConsortiumYear.Guardian.NOBODY,
        fee_basis=ConsortiumYear.FeeBasis.YEAR if flat or asks_twenty else ConsortiumYear.FeeBasis.NONE,
        fee_amount=Decimal(rule["fee_amount"]) if flat else Decimal(20 if asks_twenty else 0),
        fee_payer=ConsortiumYear.Payer.DISTRICT
        if asks_twenty and not current
        else ConsortiumYear.Payer.STUDENT,
    )
    opens = day_in(first, rule.get("registration_opens") or "09-01")
    closes = day_in(first, rule.get("registration_closes") or "06-15", closing=True)
    grading_opens = day_in(first, "09-01")
    grading_closes = day_in(first, rule.get("grades_due") or "06-25", closing=True)
    if consortium.name in OPEN_TODAY and first == clock.year:
        # A demo in July or at the end of June would find everything closed. For the current year of the peopled
        # consortia both windows hold the reference day and fourteen days more; registration ends with the school
        # year, as the rule of the same year demands, grading may run into the summer.
        year_ends = date(first + 1, 6, 30)
        opens, grading_opens = min(opens, clock.day), min(grading_opens, clock.day)
        closes = min(max(closes, clock.day + STAYS_OPEN), year_ends)
        grading_closes = max(grading_closes, clock.day + STAYS_OPEN)
    years.registration[consortium.name, first] = opens, closes
    years.grading[consortium.name, first] = grading_opens, grading_closes

    def window(kind: Window.Kind, opens_on: date, closes_on: date) -> None:
        book.add(
            Window,
            consortium=consortium,
            year=years.by_first[first],
            kind=kind,
            opens_on=opens_on,
            closes_on=closes_on,
        )

    window(Window.Kind.REGISTRATION, opens, closes)
    if closes < date(first + 1, 3, 1):
        # The published deadline is the first semester's; the second one's is a plausible default.
        window(Window.Kind.REGISTRATION, closes + timedelta(days=7), day_in(first, "06-15"))
    window(Window.Kind.GRADING, grading_opens, grading_closes)
    if flat or form:
        due = day_in(first, rule.get("payment_due") or "06-20", closing=True)
        window(Window.Kind.PAYMENT, opens, max(due, closes))
    if rule.get("transcription_mode") == CollegeYear.Mode.ON_REQUEST:
        window(Window.Kind.REQUEST, date(first + 1, 7, 1), date(first + 1, 8, 31))


def _late_rule(published: str) -> tuple[CollegeYear.LateClaims, int | None]:
    """`forbidden`, `review` or `5 years`, as somebody published it; where nobody did, late claims are not taken."""
    number, _, unit = published.partition(" ")
    if unit.startswith("year"):
        return CollegeYear.LateClaims.YEARS, int(number)
    rule = published if published in CollegeYear.LateClaims.values else CollegeYear.LateClaims.FORBIDDEN
    return CollegeYear.LateClaims(rule), None


def _build_college_year(
    book: Book, places: Places, years: Years, college: College, first: int, *, is_this_year: bool
) -> None:
    consortium = next(name for name, members in places.colleges_of.items() if college.name in members)
    own, shared = facts.rule("college", college.name), facts.rule("consortium", consortium)
    scale = places.scale_of(college)
    letter = own.get("minimum_value") or shared.get("minimum_value") or "B"
    lettered = own.get("minimum_kind") == "letter"  # published by the college itself
    if own.get("minimum_kind") == "percent":
        minimum = Decimal(own["minimum_value"])
    else:
        minimum = next(
            row.percent_from for row in places.scale_rows[scale.name] if row.letter == letter
        )  # the beginning of the letter's band
    mode = own.get("transcription_mode") or shared.get("transcription_mode") or CollegeYear.Mode.AUTOMATIC
    if college.name in OUTSIDE_SERS:
        mode = CollegeYear.Mode.EXTERNAL
    elif college.name in WHEN_ASKED:
        mode = CollegeYear.Mode.ON_REQUEST
    elif mode not in CollegeYear.Mode.values:
        mode = CollegeYear.Mode.AUTOMATIC  # "direct": the college posts by itself
    late, late_years = _late_rule(own.get("late_policy") or shared.get("late_policy") or "")
    if college.name in LOOKED_AT_LATE and is_this_year:
        late = CollegeYear.LateClaims.REVIEW
    request_by = None
    if mode == CollegeYear.Mode.ON_REQUEST:
        published = [
            row["date"]
            for row in facts.rows("calendar")
            if row["who"] == college.name and row["event_kind"] == "transcription_request_due"
        ]
        request_by = day_in(first, published[0], closing=True) if published else date(first + 1, 8, 31)
    years.colleges[college.name, first] = book.add(
        CollegeYear,
        college=college,
        year=years.by_first[first],
        scale=scale,
        minimum_kind=CollegeYear.MinimumKind.LETTER if lettered else CollegeYear.MinimumKind.PERCENT,
        minimum_percent=minimum,
        minimum_letter=letter if lettered else "",
        grades_as=CollegeYear.GradesAs.GRADE if lettered else CollegeYear.GradesAs.PERCENT,
        every_term=own.get("per_term") == "yes",
        mode=mode,
        request_by=request_by,
        tuition_per_credit=TUITION,
        late_claims=late,
        late_years=late_years,
    )
    # A college's own published dates override its consortium's.
    if own.get("registration_opens") or own.get("registration_closes"):
        book.add(
            Window,
            consortium=places.consortia[consortium],
            college=college,
            year=years.by_first[first],
            kind=Window.Kind.REGISTRATION,
            opens_on=day_in(first, own["registration_opens"] or "09-01"),
            closes_on=day_in(first, own["registration_closes"] or "06-15", closing=True),
        )
    if request_by is not None and not shared.get("transcription_mode"):
        book.add(
            Window,
            consortium=places.consortia[consortium],
            college=college,
            year=years.by_first[first],
            kind=Window.Kind.REQUEST,
            opens_on=date(first, 9, 1),
            closes_on=request_by,
        )
