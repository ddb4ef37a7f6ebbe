"""What waits for a person, one kind of thing a function: counted, with the way to where it is done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.text import get_text_list

from accounts.access import Role
from accounts.models import User
from articulations.models import (
    REVIEWS,
    AgreementText,
    Articulation,
    ArticulationRequest,
    Section,
    owed_listed,
    owed_to,
)
from articulations.rules import (
    assurances_in_words,
    reviews_for,
    texts_for_me,
    to_countersign,
    until,
    waiting_for_me,
)
from grading.models import (
    GradeChange,
)
from grading.rules import waiting_for
from organizations.models import AcademicYear
from reports.rules.operations import alarms
from sers.lib.moments import day
from students.models import LateClaim, RosterEntry, strangers
from students.rules import sections_to_bring
from students.rules.amendments import amendments_for
from students.rules.inspections import inspections_for, inspections_in_words
from transcripts.models import SidReplacement
from transcripts.rules import waiting_replacements


@dataclass(frozen=True, slots=True)
class Task:
    """One thing that needs doing, verb first, with where it is done."""

    name: str
    url: str
    key: str
    note: str
    state: str
    label: str
    #: Which list of the page: its filter, with the question mark.
    query: str = ""


def counted(number: int, one: str, many: str) -> str:
    """`1 class`, `2 classes`."""
    return f"{number:,} {one if number == 1 else many}"


def waiting_task(number: int, name: str, url: str, one: str, many: str, *, query: str = "") -> list[Task]:
    """A task for what waits for the person's decision, if anything does."""
    return [Task(name, url, "", f"{counted(number, one, many)}.", "wait", "Waiting", query)] if number else []


def grade_change_tasks(user: User) -> list[Task]:
    """Grade Changes that wait for this person. One query."""
    number = waiting_for(user, GradeChange.objects.visible_to(user).open()).count()
    what = ("Grade Change waits for you", "Grade Changes wait for you")
    return waiting_task(number, "Decide on Grade Changes", "grading:changes", *what)


def late_claim_tasks(user: User, consortia: Sequence[int]) -> list[Task]:
    """Late claims that wait for staff of these consortia. One query."""
    number = LateClaim.objects.standing("asked").filter(articulation__consortium__in=consortia).count()
    what = ("late claim waits for you", "late claims wait for you")
    return waiting_task(number, "Decide on late claims", "grading:late_claims", *what)


def inspection_tasks(user: User, role: Role, on: date) -> list[Task]:
    """Requests to see a record that wait for this person, with the first day one is due. One query."""
    tally = inspections_for(user, role).tally(on)
    if not tally["open"]:
        return []
    late = bool(tally["overdue"])
    return [
        Task(
            "Answer requests to see a record", "students:inspections", "", inspections_in_words(tally),
            "stop" if late else "wait", "Overdue" if late else "Waiting",
        )
    ]  # fmt: skip


def amendment_tasks(user: User, role: Role) -> list[Task]:
    """Requests to amend a record that wait for this person's decision as the holder; for the State the hearings. One
    query."""
    number = amendments_for(user, role).count()
    if role == Role.STATE:
        what = ("hearing about a record waits for you", "hearings about a record wait for you")
        return waiting_task(
            number, "Hold hearings about a record", "students:amendments", *what, query="?show=mine"
        )
    what = ("request to amend a record waits for you", "requests to amend a record wait for you")
    return waiting_task(
        number, "Decide on requests to amend a record", "students:amendments", *what, query="?show=mine"
    )


def articulation_request_tasks(user: User) -> list[Task]:
    """Requests to articulate and agreements that wait for this person. One query, one more of requests and two of
    agreements where the person signs, one of agreements where the person prepares them."""
    number = waiting_for_me(user, ArticulationRequest.objects.visible_to(user).open()).count()
    what = ("request to articulate waits for you", "requests to articulate wait for you")
    tasks = waiting_task(number, "Go on with requests to articulate", "articulations:requests", *what)
    number = texts_for_me(user, AgreementText.objects.visible_to(user).open()).count()
    what = ("agreement waits for you", "agreements wait for you")
    return tasks + waiting_task(number, "Go on with agreements", "articulations:agreements", *what)


def review_tasks(user: User, on: date, *, renews: bool) -> list[Task]:
    """Agreements whose review is due within ninety days; who `renews` them, also those whose review found that they
    are renewed. One query."""
    due = reviews_for(user, Articulation.objects.due(until("year", on))).with_review()
    number = due.aggregate(
        open=Count("pk", filter=REVIEWS["open"] & Q(review_due_on__lte=until("soon", on))),
        renew=Count("pk", filter=REVIEWS["renew"]),
    )
    what = ("agreement is due for review", "agreements are due for review")
    tasks = waiting_task(
        number["open"], "Review agreements", "articulations:reviews", *what, query="?when=soon&stands=open"
    )
    if renews:
        what = (
            "agreement is reviewed and waits for its renewal",
            "agreements are reviewed and wait for their renewal",
        )
        tasks += waiting_task(
            number["renew"],
            "Renew agreements",
            "articulations:reviews",
            *what,
            query="?when=year&stands=renew",
        )
    return tasks


def replacement_tasks(user: User) -> list[Task]:
    """Wrong college IDs that somebody else asked to be replaced. One query."""
    number = waiting_replacements(user, SidReplacement.objects.visible_to(user)).count()
    what = ("wrong college ID waits for a second person", "wrong college IDs wait for a second person")
    return waiting_task(number, "Decide on college IDs to replace", "transcripts:replacements", *what)


def code_tasks(user: User, year: AcademicYear) -> list[Task]:
    """Classes of this year by whose codes CEDARS does not know them yet, as their list has them. One query."""
    number = Section.objects.visible_to(user).filter(year=year).without_codes().count()
    what = ("class has no Course ID or state course code", "classes have no Course ID or state course code")
    return waiting_task(
        number, "Enter codes of classes", "articulations:sections", *what, query="?codes=missing"
    )


def missing_tasks(user: User, year: AcademicYear) -> list[Task]:
    """Who is on a school's roster and not registered, in the classes of this person. One query."""
    number = RosterEntry.objects.unregistered_in(sections_to_bring(user, year))
    what = ("student is in a class and not registered", "students are in a class and not registered")
    return waiting_task(
        number, "Remind who is not registered", "students:school_rosters", *what, query="?show=missing"
    )


def stranger_tasks(user: User, year: AcademicYear) -> list[Task]:
    """Who is registered with this teacher and not on the school's roster. One query."""
    number = strangers(sections_to_bring(user, year).order_by().values("pk")).count()
    what = ("registration is not on the school’s roster", "registrations are not on the school’s roster")
    return waiting_task(number, "Say who is in your classes", "students:school_rosters", *what)


def assurances_owed(user: User, year: AcademicYear) -> list[dict[str, Any]]:
    """The Annual Teacher Assurances a teacher owes and has not signed. One query."""
    return list(owed_listed(owed_to(user, year, Role.TEACHER).filter(signed_key__isnull=True)))


def assurance_tasks(owed: Sequence[Mapping[str, Any]], on: date) -> list[Task]:
    """Annual Teacher Assurances a teacher owes, in one task."""
    rows = assurances_in_words(owed, on)
    if not rows:
        return []
    due = min((row["due_on"] for row in rows if row["due_on"] is not None), default=None)
    colleges = get_text_list(list(dict.fromkeys(row["college"] for row in rows)), "and")
    late = any(row["tag"] == "stop" for row in rows)
    note = f"{colleges}: {counted(len(rows), 'agreement', 'agreements')}"
    note += f", until {day(due)}." if due else "."
    return [
        Task(
            "Sign the Annual Teacher Assurance", "articulations:my_assurances", "", note, "stop" if late else "wait",
            "Overdue" if late else "Pending",
        )
    ]  # fmt: skip


def countersigning_tasks(user: User, year: AcademicYear) -> list[Task]:
    """Assurances that wait for this person's signature beside the teacher's. One query for each side they sign for."""
    number = sum(len(rows) for rows in to_countersign(user, year).values())
    what = ("assurance waits for your signature", "assurances wait for your signature")
    return waiting_task(number, "Sign beside teachers", "articulations:countersign", *what)


def operations_tasks() -> list[Task]:
    """What stands still in SERS itself: the first of it in words, and how much more there is. Six queries."""
    found = alarms(timezone.now())
    if not found:
        return []
    more = f" And {counted(len(found) - 1, 'thing', 'things')} more." if len(found) > 1 else ""
    return [
        Task("See what stands still", "reports:operations", "", found[0].words + more, "stop", "Operations")
    ]
