"""Industry credentials of a school year: students in classes that prepare for one, those who earned one, and how many.

A credential counts in the school year, school and college of the class it was recorded in; one that was taken back in none.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django.db.models import Count, Exists, OuterRef
from django.utils import timezone

from accounts.models import User
from articulations.models import IndustryCredential
from organizations.models import AcademicYear
from reports.rules.finishing import seen_registrations
from students.models import EarnedCredential, EarnedCredentialQuerySet, Registration, person_key

#: The way from a registration to what the report is broken down by.
PATHS: Final[Mapping[str, str]] = {
    "school": "high_school_course__school",
    "district": "high_school_course__school__district",
    "college": "college",
    "consortium": "articulation__consortium",
    "cluster": "high_school_course__cluster",
}


def earned_of(user: User | None, year: AcademicYear | None) -> EarnedCredentialQuerySet:
    """Industry credentials that stand, each once a person, of the classes of a school year or of every year, as the reader
    sees them: the rows of the list, and what the report counts."""
    seen = EarnedCredential.objects.all() if user is None else EarnedCredential.objects.visible_to(user)
    found: EarnedCredentialQuerySet = seen.standing().once()
    return found if year is None else found.filter(registration__year=year.pk)


def credential_numbers(user: User, year: AcademicYear, by: str) -> Mapping[int | None, Sequence[int]]:
    """Students in classes that prepare for a credential, those of them who earned one there, and credentials earned; at
    None the whole, where each student counts once. Four queries."""
    path = PATHS[by]
    prepared = _prepared(user, year)
    found: defaultdict[int | None, list[int]] = defaultdict(lambda: [0, 0, 0])
    groups = prepared.order_by().values_list(path)
    for group, number in groups.annotate(number=Count(person_key(), distinct=True)):
        if group is not None:
            found[group][0] = number
    found[None][0] = prepared.aggregate(number=Count(person_key(), distinct=True))["number"]
    earners: defaultdict[int | None, set[int]] = defaultdict(set)
    for person, group, in_one in _earned(user, year).values_list("person", f"registration__{path}", "in_one"):
        for row in {None, group}:
            found[row][2] += 1
            if in_one:
                earners[row].add(person)
    for row, people in earners.items():
        found[row][1] = len(people)
    return found


def credential_total(user: User | None, year: AcademicYear, until: date) -> list[int]:
    """Of a year as it stood on a day: students registered by then in classes that prepare for a credential as is known
    today, those of them who had earned one, and credentials earned by then. Three queries."""
    ends = timezone.make_aware(datetime.combine(until + timedelta(days=1), time.min))
    prepared = _prepared(user, year).filter(registered_at__lt=ends)
    rows = _earned(user, year).filter(earned_on__lte=until).values_list("person", "in_one")
    told = list(rows)
    return [
        prepared.aggregate(number=Count(person_key(), distinct=True))["number"],
        len({person for person, in_one in told if in_one}),
        len(told),
    ]


def _prepared(user: User | None, year: AcademicYear) -> Any:
    """The live registrations of a year in classes that prepare for some credential."""
    return seen_registrations(user).live().filter(year=year.pk, high_school_course__in=_preparing())


def _preparing() -> Any:
    """The classes that prepare for some credential."""
    return IndustryCredential.classes.through.objects.order_by().values("highschoolcourse")


def _earned(user: User | None, year: AcademicYear) -> Any:
    """What was earned in a year: whose it is, and whether in a live registration of a class that prepares for some."""
    here = Registration._base_manager.filter(
        pk=OuterRef("registration"), high_school_course__in=_preparing()
    ).exclude(status__in=Registration.ENDED)
    rows = earned_of(user, year)
    return rows.annotate(person=person_key("registration__student"), in_one=Exists(here)).order_by()
