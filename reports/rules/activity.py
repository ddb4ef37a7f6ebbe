"""What happened lately within a person's reach, in sentences: who did what, when, and the way to it.

Told are acts on things (an agreement, a class, a run), never on a student by name: a home is no page of students, and
opening it discloses nobody. A student who did something is told as one.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Concat, Trim

from accounts.access import Role, seats
from accounts.models import Event, User
from articulations.models import (
    AgreementText,
    Articulation,
    ArticulationRequest,
    CollegeCourse,
    CourseFile,
    Rollover,
    Section,
    TeacherAssurance,
)
from articulations.rules import reviews_for, year_in_words
from grading.models import GradeChange, WindowExtension
from organizations.models import Consortium, PeopleFile, Seat
from reports.models import Figures, ListExport, Mailing
from sers.lib.moments import moment
from students.models import LateClaim, RosterImport, Statement, StudentFile
from transcripts.models import PaperMailing, SheetImport, SidReplacement, TranscriptionRun, WorksheetBatch

#: What happened longer ago is no news.
LATELY: Final = timedelta(days=60)
#: So much of it stands at home, of one topic no more than so much.
NEWS: Final = 8
OF_A_TOPIC: Final = 3
#: So many of a topic are read: the same thing done again to the same subject is told once.
READ: Final = 8


@dataclass(frozen=True, slots=True)
class Topic:
    """Things of one kind, what is told of them, and whom it is told.

    `kinds` are the kinds of event with their sentences; a sentence names `{what}` and `{year}` (paths of the thing)
    and the facts of the event; `where` stands below it. What one did oneself is no news, unless it went on without one (`goes_on`).
    """

    model: type[models.Model]
    roles: tuple[Role, ...]
    kinds: Mapping[str, str]
    what: str
    url: str
    where: str = ""
    year: str = ""
    #: The path to what the address is of; none where it is a list.
    key: str = ""
    goes_on: tuple[str, ...] = ()
    #: Whose things are told; where it is not asked, what the model shows to seats of these roles.
    reach: Callable[[User], QuerySet[Any]] | None = field(default=None, kw_only=True)
    #: Where more of it stands.
    more: tuple[str, str] | None = field(default=None, kw_only=True)

    def within(self, user: User) -> QuerySet[Any]:
        if self.reach is not None:
            return self.reach(user)
        found: QuerySet[Any] = self.model.objects.within_reach(user, *self.roles)  # type: ignore[attr-defined]
        return found


@dataclass(frozen=True, slots=True)
class News:
    """One thing that happened: a sentence that is the way to it, who did it and when."""

    words: str
    url: str
    key: str
    note: str


@dataclass(frozen=True, slots=True)
class Activity:
    """What happened lately, the newest first, and where more of what is told stands."""

    news: Sequence[News]
    more: Sequence[tuple[str, str]]


def _at_own_colleges(model: type[models.Model]) -> Callable[[User], QuerySet[Any]]:
    """What belongs to a college, for those who work there."""

    def reach(user: User) -> QuerySet[Any]:
        held = seats(user, Role.FACULTY, Role.REGISTRAR)
        return model._base_manager.filter(college__in=[seat.anchor for seat in held])

    return reach


SCHOOL: Final = (Role.COUNSELOR, Role.DISTRICT)
TOPICS: Final = (
    Topic(
        ArticulationRequest, (Role.TEACHER, *SCHOOL, Role.FACULTY, Role.CONSORTIUM),
        {
            "articulations.request_handed_in": "The request to articulate {what} was handed in",
            "articulations.step_passed": "The request to articulate {what} came a step further",
            "articulations.request_returned": "More was asked about the request to articulate {what}",
            "articulations.request_denied": "The request to articulate {what} was denied",
            "articulations.request_entered": "The request to articulate {what} led to an agreement",
            "articulations.request_withdrawn": "The request to articulate {what} was withdrawn",
        },
        "title", "articulations:request", "school__name", key="public_id", more=("Requests", "articulations:requests"),
    ),
    Topic(
        AgreementText, (*SCHOOL, Role.FACULTY, Role.REGISTRAR, Role.CONSORTIUM),
        {
            "articulations.agreement_sent_out": "The agreement on {what} went out to be signed",
            "articulations.agreement_signed": "A partner signed the agreement on {what}",
            "articulations.agreement_declined": "A partner declined the agreement on {what}",
            "articulations.agreement_called_back": "The agreement on {what} was called back",
        },
        "title", "articulations:agreement", "school__name", key="public_id",
        more=("Agreements", "articulations:agreements"),
    ),
    Topic(
        Articulation, (Role.DISTRICT, Role.FACULTY, Role.CONSORTIUM, Role.STATE),
        {
            "articulations.agreement_in_force": "Agreement {what} is in force: every partner has signed",
            "articulations.agreement_terminated": "Agreement {what} was ended early",
            "articulations.agreement_reviewed": "Agreement {what} was reviewed",
            "articulations.entered": "Agreement {what} was entered",
        },
        "number", "articulations:articulation", "college__name", key="public_id",
        goes_on=("articulations.agreement_in_force",),
        reach=lambda user: reviews_for(user, Articulation.objects.all()), more=("Reviews", "articulations:reviews"),
    ),
    Topic(
        TeacherAssurance, (Role.TEACHER,),
        {"articulations.countersigned": "Your assurance of {year} under agreement {what} was signed beside you"},
        "articulation__number", "articulations:my_assurances", "articulation__college__name", "year__first_year",
    ),
    Topic(
        Section, (Role.TEACHER,),
        {
            "grading.roster_saved": "Grades of {what} were saved",
            "grading.roster_undone": "Grades of {what} were taken back",
            "articulations.teachers_changed": "Who teaches {what} was changed",
        },
        "high_school_course__title", "grading:roster", "high_school_course__school__name", key="public_id",
    ),
    Topic(
        Section, (Role.TEACHER, *SCHOOL, Role.CONSORTIUM),
        {"students.credentials_recorded": "{credential} was recorded for {students} of {what}"},
        "high_school_course__title", "students:credentials", "high_school_course__school__name", key="public_id",
    ),
    Topic(
        Section, (Role.COUNSELOR, Role.REGISTRAR, Role.CONSORTIUM),
        {"grading.class_complete": "{what} was declared complete"},
        "high_school_course__title", "grading:verification", "high_school_course__school__name", key="public_id",
        more=("Classes", "articulations:sections"),
    ),
    Topic(
        Rollover, (Role.CONSORTIUM,),
        {
            "articulations.rolled_over": "{made} classes were taken over into {year}",
            "articulations.rollover_undone": "Classes that were taken over into {year} were taken back",
        },
        "consortium__short_name", "articulations:rollover", "school__name", "year_to__first_year", key="public_id",
    ),
    Topic(
        CourseFile, (Role.FACULTY, Role.REGISTRAR),
        {"articulations.courses_saved": "Courses came from a file: {added} new, {changed} changed, {marked} agreements marked"},
        "name", "articulations:course_file", "college__name", key="public_id",
        reach=_at_own_colleges(CourseFile), more=("Courses", "articulations:courses"),
    ),
    Topic(
        CollegeCourse, (Role.FACULTY, Role.REGISTRAR),
        {
            "articulations.course_changed": "Course {what} was changed",
            "articulations.course_added": "Course {what} came to the catalog",
        },
        "code", "articulations:course", "title", key="public_id", reach=_at_own_colleges(CollegeCourse),
        more=("Courses", "articulations:courses"),
    ),
    Topic(
        WindowExtension, (Role.TEACHER,),
        {
            "grading.extension_granted": "Grading of {what} was opened again",
            "grading.extension_declined": "Grading of {what} was not opened again",
        },
        "section__high_school_course__title", "grading:extensions",
        "section__high_school_course__school__name", more=("Opened again", "grading:extensions"),
    ),
    Topic(
        GradeChange, (Role.TEACHER, Role.COUNSELOR, Role.REGISTRAR, Role.CONSORTIUM),
        {
            "grading.change_asked": "A Grade Change in {what} was asked for",
            "grading.change_confirmed": "The teacher confirmed a Grade Change in {what}",
            "grading.change_approved": "A Grade Change in {what} was approved",
            "grading.change_declined": "A Grade Change in {what} was declined",
            "grading.change_withdrawn": "A Grade Change in {what} was withdrawn",
            "transcripts.credit_corrected": "Credit followed a Grade Change in {what}",
        },
        "registration__high_school_course__title", "grading:change",
        "registration__high_school_course__school__name", key="public_id", more=("Grade Changes", "grading:changes"),
    ),
    Topic(
        LateClaim, (Role.REGISTRAR, Role.CONSORTIUM),
        {
            "students.claim_made": "Late claim {what} came in",
            "students.claim_answered": "Late claim {what} was answered",
            "students.claim_withdrawn": "Late claim {what} was withdrawn",
            "students.claim_refused": "Late claim {what} was refused",
            "grading.claim_accepted": "Late claim {what} was accepted",
        },
        "reference", "grading:late_claims", "college__name", more=("Late claims", "grading:late_claims"),
    ),
    Topic(
        RosterImport, (Role.TEACHER, *SCHOOL),
        {"students.roster_taken_in": "Your roster {what} was taken in: {added} came, {gone} left"},
        "name", "students:school_rosters", goes_on=("students.roster_taken_in",),
        reach=RosterImport.objects.of, more=("Rosters", "students:school_rosters"),
    ),
    Topic(
        TranscriptionRun, (Role.REGISTRAR, Role.STATE),
        {
            "transcripts.run_started": "Transcription of {year} began",
            "transcripts.run_stopped": "Transcription of {year} was stopped",
            "transcripts.run_resumed": "Transcription of {year} goes on",
            "transcripts.run_finished": "Transcription of {year} is finished: {awarded} awarded, {held} held",
        },
        "college__name", "transcripts:run", "college__name", "year__first_year", key="public_id",
        more=("Transcription", "transcripts:runs"),
    ),
    Topic(
        SheetImport, (Role.REGISTRAR,),
        {"transcripts.sheet_applied": "The sheet {what} was applied: {added} of {rows} rows new, {kept} kept for a person"},
        "name", "transcripts:sheet", "college__name", key="public_id",
    ),
    Topic(
        WorksheetBatch, (Role.REGISTRAR,),
        {"transcripts.worksheet_made": "A worksheet of {rows} rows was made for ctcLink, credit of {year}"},
        "college__name", "transcripts:worksheets", "college__name", "year__first_year",
        more=("Worksheets", "transcripts:worksheets"),
    ),
    Topic(
        PaperMailing, (Role.REGISTRAR,),
        {
            "transcripts.mailing_ready": "Letters on credit of {year} are ready to print: {pages} pages",
            "transcripts.mailing_mailed": "Letters on credit of {year} went out by mail",
        },
        "college__name", "transcripts:mailing", "college__name", "year__first_year", key="public_id",
        more=("Letters on paper", "transcripts:mailings"),
    ),
    Topic(
        SidReplacement, (Role.REGISTRAR,),
        {
            "transcripts.replacement_approved": "A wrong college ID was replaced",
            "transcripts.replacement_declined": "A college ID stays: the replacement was declined",
        },
        "identity__college__name", "transcripts:replacements", "identity__college__name",
    ),
    Topic(
        Statement, (Role.CONSORTIUM,),
        {"students.statement_saved": "Payments came from a bank file: {matched} matched, {unmatched} not"},
        "name", "students:statement", "consortium__short_name", key="public_id",
        more=("Bank files", "students:statements"),
    ),
    Topic(
        Mailing, (Role.CONSORTIUM,),
        {"reports.mailing_sent": "A letter went to {people} people: {what}"},
        "subject", "reports:mailing", "consortium__short_name", key="public_id",
        more=("Letters to a group", "reports:mailings"),
    ),
    Topic(
        Consortium, (Role.TEACHER, *SCHOOL, Role.REGISTRAR, Role.CONSORTIUM),
        {"grading.window_set": "Dates of {of} were changed, {window}: {after}"},
        "short_name", "organizations:consortium", "short_name", key="public_id",
        reach=Consortium.objects.of,
    ),
    Topic(
        Figures, (Role.STATE,),
        {"reports.figures_published": "The figures of {year} were published"},
        "kind", "reports:figures", "", "year__first_year", reach=lambda user: Figures.objects.all(), more=("Reports", "reports:figures"),
    ),
    Topic(
        PeopleFile, (Role.DISTRICT, Role.CONSORTIUM, Role.STATE),
        {"organizations.file_saved": "Accounts came from your file {what}: {accounts} new, {seats} seats"},
        "name", "organizations:people_file", key="public_id", goes_on=("organizations.file_saved",),
        reach=lambda user: PeopleFile.objects.filter(handed_in_by=user), more=("People", "organizations:people"),
    ),
    Topic(
        StudentFile, (Role.CONSORTIUM, Role.STATE),
        {"students.file_saved": "Students came from your file {what}: {records} new, {known} here before"},
        "name", "students:student_file", key="public_id", goes_on=("students.file_saved",),
        reach=lambda user: StudentFile.objects.filter(handed_in_by=user),
    ),
    Topic(
        ListExport, (Role.TEACHER, *SCHOOL, Role.REGISTRAR, Role.CONSORTIUM, Role.STATE),
        {"reports.list_made": "Your list to take away is ready: {rows} rows"},
        "kind", "reports:lists", goes_on=("reports.list_made",),
        reach=lambda user: ListExport.objects.filter(asked_by=user), more=("Lists to take away", "reports:lists"),
    ),
)  # fmt: skip


def topics_of(user: User) -> list[Topic]:
    """What a person is told of, by the seats whose hat they wear."""
    roles = {seat.role for seat in seats(user)}
    return [topic for topic in TOPICS if roles & set(topic.roles)]


def activity_of(user: User, now: datetime) -> Activity:
    """What happened in the last sixty days within a person's reach, the newest first: eight things, of one topic three
    at most. One query, whatever happened; none for whom nothing is told."""
    topics = topics_of(user)
    if not topics:
        return Activity((), ())
    first, *others = (_lately(place, topic, user, now - LATELY) for place, topic in enumerate(topics))
    rows = first.union(*others, all=True).order_by("-at", "-id") if others else first
    told: list[News] = []
    seen: set[tuple[str, int]] = set()
    number: dict[int, int] = {}
    for row in rows:
        place = row["topic"]
        once = (row["kind"], row["subject_id"])
        if once in seen or number.get(place, 0) == OF_A_TOPIC or len(told) == NEWS:
            continue
        seen.add(once)
        number[place] = number.get(place, 0) + 1
        told.append(_told(topics[place], row))
    more = dict.fromkeys(topics[place].more for place in sorted(number))
    return Activity(told, [one for one in more if one is not None])


def _lately(place: int, topic: Topic, user: User, since: datetime) -> QuerySet[Any, Any]:
    """The last events of a topic, each with what its sentence names: read of the few that are told, not of all."""
    thing = topic.model._base_manager.filter(pk=OuterRef("subject_id"))
    text = models.CharField()

    def of(path: str, field: "models.Field[Any, Any]" = text) -> Any:
        if not path:
            return Cast(Value(None), field)
        return Subquery(thing.values(said=Cast(path, field))[:1], output_field=field)

    own = Q(actor=user) & ~Q(kind__in=topic.goes_on)
    student = Seat._base_manager.filter(user=OuterRef("actor"), role=Role.STUDENT)
    return (
        Event.objects.of_kinds(topic.model, topic.kinds, since)
        .filter(subject_id__in=topic.within(user).order_by().values("pk"))
        .exclude(own)
        .annotate(
            topic=Value(place, output_field=models.IntegerField()),
            what=of(topic.what),
            where=of(topic.where),
            year=of(topic.year, models.IntegerField()),
            key=of(topic.key),
            by_student=Exists(student),
            by=Trim(Concat(F("actor__first_name"), Value(" "), F("actor__last_name")), output_field=text),
        )
        .order_by("-at", "-id")
        .values(
            "id", "at", "kind", "subject_id", "data", "topic", "what", "where", "year", "key", "by_student", "by"
        )[:READ]
    )  # fmt: skip


def _told(topic: Topic, row: Mapping[str, Any]) -> News:
    """A row in its sentence; who did it, unless nobody did or a student, and when."""
    data = row["data"]
    facts = _Facts({name: f"{one:,}" if isinstance(one, int) else one for name, one in data.items()})
    facts["window"], facts["of"] = str(data.get("what", "")).lower(), data.get("year", "")
    facts["what"] = row["what"]
    facts["year"] = year_in_words(row["year"]) if row["year"] else ""
    by = "a student" if row["by_student"] else row["by"]
    return News(
        words=topic.kinds[row["kind"]].format_map(facts) + ".",
        url=topic.url,
        key=row["key"] or "",
        note=", ".join(filter(None, (row["where"], by, moment(row["at"])))),
    )


class _Facts(dict[str, Any]):
    """What a sentence names; what an event of long ago does not say is `some`."""

    def __missing__(self, name: str) -> str:
        return "some"
