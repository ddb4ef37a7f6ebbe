"""What happened to a registration: an account of it that student and staff read alike."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import Event
from articulations.models import Section
from organizations.models import College
from students.models import Registration, teacher_names


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happened: when, what, and who did it."""

    at: datetime
    what: str
    by: str


def story_of(
    registration: Registration,
    events: Iterable[Event],
    *,
    sections: Mapping[int, Section],
    colleges: Mapping[int, College],
) -> list[Happening]:
    """Registering, changes of teacher and college, withdrawal, Fees/Req, grades and credit, from first to last.

    Staff are named by their name, the student is "the student"; sections and colleges are those the events name.
    """
    told = [
        Happening(event.at, what, _who(event, registration))
        for event in events
        if (what := _words(event, registration, sections, colleges))
    ]
    # Of upper floors, read through their relation names: grades are ink and name who entered them.
    for entry in registration.grades.all():
        stands = entry.college_grade or entry.get_outcome_display()
        words = _("Grade entered: {grade}") if entry.number == 1 else _("Grade changed: {grade}")
        told.append(Happening(entry.entered_at, words.format(grade=stands), _("Teacher")))
    awards = {source.award_id: source.award for source in registration.award_sources.all()}
    taken_back = {pk for pk, award in awards.items() if award.takes_back}
    for award in awards.values():
        if award.takes_back:
            told.append(
                Happening(award.awarded_at, _("College credit taken back"), registration.college.name)
            )
        elif award.supersedes_id is None or award.supersedes_id in taken_back:
            told.append(Happening(award.awarded_at, _("College credit awarded"), registration.college.name))
    return sorted(told, key=lambda one: one.at)


def story_told(registration: Registration) -> list[Happening]:
    """The story of one registration; at most six queries."""
    this = Registration.objects.filter(pk=registration.pk)
    events = [*this.events(), *this.status_events()]
    named = [event.data.get(key) for event in events for key in ("was", "is", "college")]
    ids = [pk for pk in named if isinstance(pk, int)]
    return story_of(
        registration,
        events,
        sections={one.pk: one for one in Section.objects.in_full().filter(pk__in=ids)},
        colleges={one.pk: one for one in College.objects.filter(pk__in=ids)},
    )


def _who(event: Event, registration: Registration) -> str:
    if event.actor is None:
        return "SERS"
    if event.actor_id in (registration.student.user_id, registration.registered_by_id):
        return _("The student")
    return event.actor.name


def _words(
    event: Event,
    registration: Registration,
    sections: Mapping[int, Section],
    colleges: Mapping[int, College],
) -> str:
    match event.kind:
        case "grading.roster_saved" | "grading.roster_undone":
            return _status_words(event.data["statuses"][str(registration.pk)])
        case "students.registered":
            college = colleges.get(event.data.get("college", 0))
            return _("Registered with {college}").format(college=college) if college else _("Registered")
        case "students.teacher_changed":
            return _("Teacher changed from {was} to {now}").format(
                was=_taught(sections, event.data["was"]), now=_taught(sections, event.data["is"])
            )
        case "students.college_changed":
            return _("College changed from {was} to {now}").format(
                was=colleges.get(event.data["was"], "?"), now=colleges.get(event.data["is"], "?")
            )
        case "students.withdrawn":
            return _("Withdrawn")
        case "students.fee_moved":
            return _("The fee of the year is owed for this class now")
        case "students.fees_req_processed":
            return _("Form and fee Processed")
        case "students.fees_req_waived":
            return _("Form and fee Waived")
        case "students.fees_req_pending":
            return _("Form and fee Pending again")
        case _:
            return ""


def _status_words(moved: list[str]) -> str:
    """A class that was left, or taken up again; a grade speaks for itself."""
    now = moved[-1]
    if now not in (*Registration.ENDED, Registration.Status.IN_PROGRESS):
        return ""
    return _("Status set to {status}").format(status=Registration.Status(now).label)


def _taught(sections: Mapping[int, Section], pk: int) -> str:
    section = sections.get(pk)
    if section is None:
        return "?"
    names = teacher_names(section) or _("Teacher not named yet")
    return f"{names}, {section.label}" if section.label else names
