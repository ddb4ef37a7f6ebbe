"""The next last days of a student: until when one may register, and what is still to be handed in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.utils.translation import gettext as _

from organizations.models import Window
from sers.lib.moments import days_left
from students.models import Registration, Student
from students.rules.progress import Progress

#: So many of the next last days are told.
LAST_DAYS: Final = 4
#: Registration that does not open for so long is not told yet.
AHEAD: Final = timedelta(days=120)


@dataclass(frozen=True, slots=True)
class LastDay:
    """A last day, how long it is until then, and the class it is about; none where it is about registering."""

    day: date
    what: str
    left: str
    registration: Registration | None = None


def last_days_of(student: Student, progress: Sequence[Progress], *, on: date) -> list[LastDay]:
    """Until when a student may register at the consortia of their school, and until when each class needs its form and
    fee; the soonest first. What has no day, or is over, is told where the class is. One query."""
    windows = Window.objects.filter(
        kind=Window.Kind.REGISTRATION,
        college=None,
        consortium__districts__schools=student.school_id,
        opens_on__lte=on + AHEAD,
        closes_on__gte=on,
    )
    found = [
        LastDay(day, _("Registration closes"), days_left(day, on))
        for day in sorted(set(windows.values_list("closes_on", flat=True)))
    ]
    for one in progress:
        if one.owes and one.due_on is not None and one.due_on >= on:
            words = _("Hand in for {title}: {wanted}").format(
                title=one.registration.high_school_course.title, wanted=one.owed
            )
            found.append(LastDay(one.due_on, words, days_left(one.due_on, on), one.registration))
    return sorted(found, key=lambda one: one.day)[:LAST_DAYS]
