"""Blanks are chased: teachers are written to before grading closes and after, each once for each step."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.actions import queue_mail
from accounts.models import Mail, User
from grading import rules
from grading.actions.changes import desk_of
from grading.models import class_part
from organizations.models import Consortium


@dataclass(frozen=True, slots=True)
class _Letter:
    """One reminder: its key, to whom, and what it says."""

    key: str
    to: str
    person: User | None
    template: str
    context: dict[str, object]


def remind_of_blanks(*, on: date | None = None) -> int:
    """Write to every teacher of a class with blanks whose grading closes within a week, closes tomorrow or today, or
    has closed within the last week, and to the consortium when it has closed. Safe to repeat: each step of each
    closing day is written once. How many letters were written."""
    today = on or timezone.localdate()
    letters = [*_to_teachers(today), *_to_consortia(today)]
    known = set(Mail.objects.filter(key__in=[one.key for one in letters]).values_list("key", flat=True))
    written = 0
    for letter in letters:
        if letter.key in known:
            continue
        with transaction.atomic():  # each its own: who stops halfway goes on with the next
            mail = queue_mail(
                key=letter.key,
                to=letter.to,
                person=letter.person,
                language="en",
                template=letter.template,
                context=letter.context,
            )
        written += mail is not None
    return written


def _to_teachers(today: date) -> list[_Letter]:
    """One letter a teacher, closing day and step, with all their classes in it."""
    grouped: dict[tuple[User, str, date], list[rules.Blank]] = defaultdict(list)
    for blank in rules.blanks_to_chase(today):
        for teacher in blank.teachers:
            grouped[teacher, blank.step, blank.closes_on].append(blank)
    return [
        _Letter(
            f"grades-{step}-{closes_on}-{teacher.pk}",
            teacher.email,
            teacher,
            "grading/grades_due",
            {
                "first_name": teacher.first_name,
                "step": step,
                "closes_on": f"{closes_on:%B} {closes_on.day}",
                "number": sum(one.number for one in blanks),
                "classes": [
                    (", ".join(filter(None, (one.title, class_part(one.label, one.term)))), one.number)
                    for one in blanks
                ],
                "url": f"{settings.PUBLIC_URL}{reverse('grading:rosters')}",
            },
        )
        for (teacher, step, closes_on), blanks in sorted(
            grouped.items(), key=lambda item: (item[0][0].pk, item[0][2], item[0][1])
        )
    ]


def _to_consortia(today: date) -> list[_Letter]:
    """After grading has closed the consortium hears how much is missing."""
    grouped: dict[tuple[Consortium, date], list[rules.Blank]] = defaultdict(list)
    for blank in rules.blanks_to_chase(today):
        if blank.step == "closed":
            grouped[blank.consortium, blank.closes_on].append(blank)
    return [
        _Letter(
            f"grades-missing-{closes_on}-{consortium.pk}-{number}",
            to,
            person,
            "grading/grades_missing",
            {
                "first_name": person.first_name if person else "",
                "consortium": consortium.name,
                "closes_on": f"{closes_on:%B} {closes_on.day}",
                "number": sum(one.number for one in blanks),
                "classes": len({one.section_id for one in blanks}),
                "url": f"{settings.PUBLIC_URL}{reverse('grading:progress')}?show=blank",
            },
        )
        for (consortium, closes_on), blanks in grouped.items()
        for number, (to, person) in enumerate(desk_of(consortium))
    ]
