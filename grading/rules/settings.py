"""What a college's year and a consortium's windows would change, and whom it touches."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.db.models import Count, Q

from accounts.access import Role, stands_on
from accounts.models import Event, User
from grading.rules.grades import day_in_words
from organizations.models import AcademicYear, College, CollegeYear, Consortium, GradeScale, Window
from sers.lib.moments import day as day_of_year
from sers.lib.refusal import Refusal
from sers.lib.tags import dollars
from students.models import Registration, person_key

Status = Registration.Status


# --- A college's year -------------------------------------------------------------------------------------

#: What is set of a college's year, in the order of the page.
TERMS: Final = tuple(
    field.name for field in CollegeYear._meta.concrete_fields if field.name not in ("id", "college", "year")
)


def terms_of(college: College, year: AcademicYear) -> CollegeYear | None:
    """What a college asks in a year, if it is set; the year need not have a row of its own yet."""
    return (
        CollegeYear.objects.filter(college=college, year__first_year=year.first_year)
        .select_related("scale", "year")
        .first()
    )


def terms_before(college: College, year: AcademicYear) -> CollegeYear | None:
    """The settings of the latest year before this one: what a new year begins as a copy of."""
    return (
        CollegeYear.objects.filter(college=college, year__first_year__lt=year.first_year)
        .select_related("scale", "year")
        .order_by("-year__first_year")
        .first()
    )


def term_name(name: str) -> str:
    """What a setting is called: `Minimum percent`."""
    return str(getattr(CollegeYear._meta.get_field(name), "verbose_name", name)).capitalize()


def term_in_words(name: str, value: Any) -> str:
    """One setting as a person reads it: `85 %`, `Yes`, `By itself, in the summer`."""
    field = CollegeYear._meta.get_field(name)
    if value is None or value == "":
        return "Not set"
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, date):
        return day_of_year(value)
    if name == "tuition_per_credit":
        return dollars(value)
    if name == "minimum_percent":
        return f"{value.normalize():f} %"
    if isinstance(value, Decimal):
        return f"{value:f}"
    labels = dict(getattr(field, "flatchoices", ()) or ())
    return str(labels[value] if isinstance(value, str) and value in labels else value)


@dataclass(frozen=True, slots=True)
class Difference:
    """One setting that changes: its name, what stood, what will stand."""

    name: str
    before: str
    after: str


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """The settings that differ, in words."""
    return [
        Difference(
            term_name(name),
            term_in_words(name, before.get(name)) if before else "Not set",
            term_in_words(name, after[name]),
        )
        for name in TERMS
        if name in after and (not before or before.get(name) != after[name])
    ]


@dataclass(frozen=True, slots=True)
class Touched:
    """Whom a setting of a college's year touches."""

    in_progress: int
    graded: int
    own_minimum: int
    awarded: int


def touched_by(college: College, year: AcademicYear) -> Touched:
    """Registrations of a college and year: in progress, graded (they keep their grade), under an agreement with a
    minimum of its own, awarded; one query."""
    numbers = Registration.objects.filter(college=college, year__first_year=year.first_year).aggregate(
        in_progress=Count("pk", filter=Q(status=Status.IN_PROGRESS)),
        graded=Count("pk", filter=Q(status__in=Registration.GRADED)),
        own_minimum=Count(
            "pk", filter=Q(status=Status.IN_PROGRESS, articulation__minimum_percent__isnull=False)
        ),
        awarded=Count("pk", filter=Q(awarded_at__isnull=False)),
    )
    return Touched(**numbers)


def why_not_these_terms(scale: GradeScale, college: College, *, every_row: bool) -> Refusal | None:
    """A college grades by a scale of its own or of no college, and one that has rows."""
    if scale.college_id not in (None, college.pk):
        return Refusal("other_scale", f"{scale} is another college’s scale.", "Choose one of the list.")
    if not every_row:
        return Refusal("no_rows", f"{scale} has no rows.", "Choose another scale.")
    return None


# --- Windows ----------------------------------------------------------------------------------------------


def windows_of(consortium: Consortium, year: AcademicYear) -> list[Window]:
    """The windows of a consortium and its colleges in a year, kind by kind."""
    return list(
        Window.objects.filter(consortium=consortium, year__first_year=year.first_year)
        .select_related("college", "consortium", "year")
        .order_by("kind", "college__name", "opens_on", "pk")
    )


def can_set_windows(user: User, consortium: Consortium) -> bool:
    """The consortium's staff set its windows, and those of its colleges under it."""
    return stands_on(user, Role.CONSORTIUM, consortium.pk)


def why_not_window(
    kind: str, opens_on: date, closes_on: date, year: AcademicYear, *, college_is_member: bool = True
) -> Refusal | None:
    """A window of a year begins in it and ends at the latest in the autumn after it; registration ends with the year:
    a class is registered for in the year it is taught."""
    if not college_is_member:
        return Refusal("not_member", "That college is not of this consortium.", "Choose one of the list.")
    if closes_on < opens_on:
        return Refusal("order", "The last day comes before the first day.", "Enter a later last day.")
    last = date(year.first_year + 1, 12, 31)
    if opens_on < year.starts_on or opens_on > last or closes_on > last:
        return Refusal(
            "outside",
            f"A window of {year} lies between {day_of_year(year.starts_on)} and {day_of_year(last)}.",
            "Enter days between them.",
        )
    if kind == Window.Kind.REGISTRATION and closes_on > year.ends_on:
        return Refusal(
            "after_year",
            f"Students register in the year the class is taught: {year} ends {day_of_year(year.ends_on)}.",
            "Enter that day or an earlier one.",
        )
    return None


@dataclass(frozen=True, slots=True)
class Affected:
    """Whom a window concerns now, in a number and its meaning."""

    number: int
    meaning: str


def affected_by(
    consortium: Consortium, college: College | None, year: AcademicYear, kind: str
) -> list[Affected]:
    """Who is concerned by a window of this kind: the registrations under the consortium's agreements, of one college
    where the window is its own; one query."""
    found = Registration.objects.filter(articulation__consortium=consortium, year__first_year=year.first_year)
    if college is not None:
        found = found.filter(college=college)
    numbers = found.order_by().aggregate(
        students=Count(person_key(), distinct=True),
        registrations=Count("pk", filter=~Q(status__in=Registration.ENDED)),
        pending=Count(
            "pk",
            filter=Q(
                fees_req=Registration.FeesReq.PENDING, status__in=(Status.IN_PROGRESS, Status.COMPLETED)
            ),
        ),
        blank=Count("pk", filter=Q(status=Status.IN_PROGRESS)),
        classes=Count("section", distinct=True, filter=Q(status=Status.IN_PROGRESS)),
        waiting=Count("pk", filter=Q(status=Status.COMPLETED, awarded_at=None)),
    )
    told = {
        Window.Kind.REGISTRATION: (
            ("students", "students registered so far"),
            ("registrations", "registrations"),
        ),
        Window.Kind.PAYMENT: (("pending", "registrations with Fees/Req Pending"),),
        Window.Kind.GRADING: (("blank", "students without a grade"), ("classes", "classes with blanks")),
        Window.Kind.REQUEST: (("waiting", "completed classes without credit"),),
    }[Window.Kind(kind)]
    return [Affected(numbers[name], meaning) for name, meaning in told]


def window_effect(opens_on: date, closes_on: date, on: date) -> str:
    """What saving does today, in a sentence."""
    if opens_on > on:
        return f"Nothing is open by it before {day_in_words(opens_on, on)}."
    if closes_on >= on:
        return f"It is open as soon as it is saved, until {day_in_words(closes_on, on)}."
    return f"It is closed: its last day was {day_in_words(closes_on, on)}."


def history_of(subject_type: str, subject_id: int) -> list[Event]:
    """What was set before, by whom, the latest first."""
    return list(
        Event.objects.filter(subject_type=subject_type, subject_id=subject_id, kind__startswith="grading.")
        .select_related("actor")
        .order_by("-at", "-id")[:50]
    )
