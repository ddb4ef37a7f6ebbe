"""What everyone finds at home: for each seat what needs doing now, counted.

Every count is taken where a person's seat stands (its school, district, college or consortium), a fixed
number of queries for each role, however many rows there are.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar, Final

from django.db.models import Count, F, Q
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from accounts.access import HeldSeat, Role, seats
from accounts.models import User
from articulations.models import (
    Articulation,
    Section,
)
from articulations.rules import (
    year_in_words,
)
from grading.models import (
    ClassCompletion,
    GradeChange,
    WindowExtension,
    class_part,
    classes_of,
    tallies,
    taught_by,
)
from grading.rules import Assignment, assignments, grading_calendar, to_decide
from organizations.models import AcademicYear, HighSchool, Window
from reports.rules.deadlines import Due, assurance_dues
from reports.rules.front import open_now
from reports.rules.waiting import (
    Task,
    amendment_tasks,
    articulation_request_tasks,
    assurance_tasks,
    assurances_owed,
    code_tasks,
    counted,
    countersigning_tasks,
    grade_change_tasks,
    inspection_tasks,
    late_claim_tasks,
    missing_tasks,
    operations_tasks,
    replacement_tasks,
    review_tasks,
    stranger_tasks,
    waiting_task,
)
from students.models import Registration, of_person, person_key
from transcripts.models import IdentityConflict, Transcript, TranscriptionRun, unsettled
from transcripts.rules import with_another_id

#: A form or fee is open for a class that can still earn credit: what the Fees/Req queue holds.
OWING: Final = Q(
    fees_req=Registration.FeesReq.PENDING,
    status__in=(Registration.Status.IN_PROGRESS, Registration.Status.COMPLETED),
)


# --- The homes of the roles ---------------------------------------------------------------------------


@dataclass(slots=True)
class Work:
    """What one role of a person finds at home."""

    kind: str
    heading: str
    tasks: list[Task] = field(default_factory=list)
    #: Last days that only this part knows of: those of a teacher's own classes and assurances.
    dues: list[Due] = field(default_factory=list)
    figures: list[dict[str, Any]] = field(default_factory=list)
    rows: list[Any] = field(default_factory=list)

    #: Kinds that may find something to do; the others look after something.
    DOING: ClassVar = ("teacher", "registrar", "consortium")


def heading_of(works: Sequence[Work], year: AcademicYear) -> str:
    """What stands at the top of a home: that there is something to do, that there is not, or just the year."""
    if any(work.tasks for work in works):
        return _("To do now")
    if any(work.kind in Work.DOING for work in works):
        return _("Nothing to do now")
    return _("School year {year}").format(year=year)


def figure(number: int, meaning: str) -> dict[str, str]:
    """A number with its meaning, for components/figures.html."""
    return {"number": f"{number:,}", "meaning": meaning, "key": ""}


def work_of(user: User, year: AcademicYear, on: date) -> list[Work]:
    """What needs doing for each role whose hat the person wears, in the order of the roles."""
    found = []
    for role, ask in WORK.items():
        held = seats(user, role)
        if held:
            places = list(dict.fromkeys(seat.place for seat in held if seat.place))
            heading = ", ".join(filter(None, (str(role.label), get_text_list(places, _("and")))))
            found.append(ask(heading, user, held, year, on))
    return found


def student_work(heading: str, user: User, held: Sequence[HeldSeat], year: AcademicYear, on: date) -> Work:
    """A student's classes and credit have a page of their own."""
    return Work("student", heading)


@dataclass(frozen=True, slots=True)
class TaughtClass:
    """One class on a teacher's home."""

    key: str
    title: str
    school: str
    stands: Assignment


def teacher_work(heading: str, user: User, held: Sequence[HeldSeat], year: AcademicYear, on: date) -> Work:
    """A teacher's classes of this year; to do are the blanks that can be filled today, those that were missed, and
    classes to declare complete, who is not registered or not on the roster, requests to articulate. Ten queries."""
    classes = classes_of(taught_by(user).filter(year=year))
    ids = [one["id"] for one in classes]
    stands = assignments(ids, tallies(ids), calendar=grading_calendar(year.pk, ids), year_id=year.pk, on=on)
    declared = ClassCompletion.objects.last_of(ids)
    rows = [
        TaughtClass(
            str(one["public_id"]),
            ", ".join(filter(None, (one["title"], class_part(one["label"], one["term"])))),
            one["school"],
            stands[one["id"]],
        )
        for one in classes
    ]
    due = [
        grading
        for row in rows
        for grading in row.stands.gradings
        if grading.opening.is_open and grading.blank
    ]
    tasks = []
    if due:
        first = min(due, key=lambda grading: grading.opening.closes_on or date.max)
        blank = counted(sum(grading.blank for grading in due), "grade is", "grades are")
        tasks.append(
            Task(
                "Enter grades",
                "grading:rosters",
                "",
                f"{blank} missing. {first.words}.",
                first.state,
                first.label,
            )
        )
    missed = sum(grading.blank for row in rows for grading in row.stands.gradings if grading.state == "stop")
    if missed:
        blank = counted(missed, "student has", "students have")
        note = f"Grading has closed and {blank} neither a grade nor a status."
        tasks.append(Task("Ask to open grading again", "grading:rosters", "", note, "stop", "Missing"))
    done = sum(row.stands.is_done and pk not in declared for pk, row in zip(ids, rows, strict=True))
    what = ("class has all its grades", "classes have all their grades")
    tasks += waiting_task(done, "Declare classes complete", "grading:rosters", *what)
    tasks += missing_tasks(user, year) + stranger_tasks(user, year)
    owed = assurances_owed(user, year)
    tasks += assurance_tasks(owed, on)
    tasks += grade_change_tasks(user) + articulation_request_tasks(user)
    dues = [
        Due(grading.opening.closes_on, "Grades are due", row.title, "grading:rosters")
        for row in rows
        for grading in row.stands.gradings
    ]
    return Work("teacher", heading, tasks=tasks, dues=dues + assurance_dues(owed), rows=rows)


def school_work(heading: str, user: User, held: Sequence[HeldSeat], year: AcademicYear, on: date) -> Work:
    """A counselor's schools or a district's: students, how many are registered, how many owe, who is in a class and not registered, requests to articulate,
    and of a district requests to see a record. Three queries, one more of a district; three more where the person signs or begins requests.

    Students are those whose graduation lies ahead; registered are those with a registration this year.
    """
    kind = "district" if held[0].role == Role.DISTRICT else "counselor"
    column = "district" if held[0].role == Role.DISTRICT else "pk"
    places = [seat.anchor for seat in held]
    still_there = Q(students__merged_into=None, students__graduation_year__gt=year.first_year)
    schools = list(
        HighSchool.objects.filter(**{f"{column}__in": places})
        .annotate(number=Count("students", filter=still_there))
        .order_by("name", "pk")
        .values("pk", "name", "number")
    )
    registered = {
        row["own_school"]: row
        for row in Registration.objects.live()
        .annotate(own_school=of_person("school_id"))
        .at_schools(school["pk"] for school in schools)
        .filter(year=year)
        .order_by()
        .values("own_school")
        .annotate(
            students=Count(person_key(), distinct=True),
            pending=Count("pk", filter=OWING),
        )
    }
    nothing = {"students": 0, "pending": 0}
    rows = [
        {
            "name": school["name"],
            "number": school["number"],
            **{name: registered.get(school["pk"], nothing)[name] for name in nothing},
        }
        for school in schools
    ]
    figures = [
        figure(sum(row["number"] for row in rows), "students with a SERS account"),
        figure(sum(row["students"] for row in rows), f"of them registered in {year}"),
        figure(sum(row["pending"] for row in rows), "registrations with Fees/Req Pending"),
    ]
    tasks = missing_tasks(user, year) + articulation_request_tasks(user) + countersigning_tasks(user, year)
    if held[0].role == Role.DISTRICT:
        tasks += inspection_tasks(user, Role.DISTRICT, on) + amendment_tasks(user, Role.DISTRICT)
        tasks += code_tasks(user, year)
    return Work(kind, heading, tasks=tasks, figures=figures, rows=rows)


def faculty_work(heading: str, user: User, held: Sequence[HeldSeat], year: AcademicYear, on: date) -> Work:
    """The agreements of a faculty member's colleges, requests and agreements to review. Three queries."""
    rows = list(
        Articulation.objects.in_force(on)
        .filter(college__in=[seat.anchor for seat in held])
        .order_by("college__name")
        .values(key=F("college__public_id"), name=F("college__name"))
        .annotate(number=Count("pk"), ending=Count("pk", filter=Q(valid_until__lte=year.ends_on)))
    )
    figures = [
        figure(sum(row["number"] for row in rows), "agreements in force"),
        figure(sum(row["ending"] for row in rows), f"of them end with {year}"),
    ]
    tasks = (
        articulation_request_tasks(user)
        + review_tasks(user, on, renews=False)
        + countersigning_tasks(user, year)
    )
    return Work("faculty", heading, tasks=tasks, figures=figures, rows=rows)


def registrar_work(heading: str, user: User, held: Sequence[HeldSeat], year: AcademicYear, on: date) -> Work:
    """Completed classes that wait for transcription, by college and year, runs under way, college IDs to decide and
    credit to correct, Grade Changes, documents without their college ID, requests to see a record. Eight queries.

    A year that is over is to be transcribed now; this year's classes wait for the summer.
    """
    colleges = [seat.anchor for seat in held]
    rows = list(
        unsettled(
            Registration.objects.filter(
                college__in=colleges, status=Registration.Status.COMPLETED, awarded_at=None
            )
        )
        .order_by("-year__first_year", "college__name")
        .values(first_year=F("year__first_year"), name=F("college__name"))
        .annotate(
            number=Count("pk"),
            pending=Count("pk", filter=Q(fees_req=Registration.FeesReq.PENDING)),
        )
    )
    runs = TranscriptionRun.objects.visible_to(user).filter(college__in=colleges).live().with_names()
    tasks = [
        Task(
            f"Follow the transcription of {run.year}, {run.college}",
            "transcripts:run",
            str(run.public_id),
            "It is stopped. Nothing is lost: start it again when you are ready."
            if run.state == TranscriptionRun.State.STOPPED
            else "It goes on by itself.",
            "wait" if run.state == TranscriptionRun.State.STOPPED else "progress",
            run.get_state_display(),
        )
        for run in runs
    ]
    unsure = IdentityConflict.objects.visible_to(user).open().filter(college__in=colleges).count()
    if unsure:
        tasks.append(
            Task(
                "Decide whose a college ID is", "transcripts:conflicts", "",
                f"{counted(unsure, 'college ID fits', 'college IDs fit')} no student for sure.", "two", "Conflicts",
            )
        )  # fmt: skip
    changes = (
        GradeChange.objects.visible_to(user).to_repost().filter(registration__college__in=colleges).count()
    )
    if changes:
        tasks.append(
            Task(
                "Let the record follow a Grade Change", "transcripts:reposts", "",
                f"{counted(changes, 'grade was', 'grades were')} changed after credit was awarded.", "wait", "To re-post",
            )
        )  # fmt: skip
    for row in rows:
        row["year"] = year_in_words(row["first_year"])
        if row["first_year"] < year.first_year:
            tasks.append(
                Task(
                    f"Transcribe the credit of {row['year']}, {row['name']}",
                    "transcripts:runs",
                    "",
                    f"{counted(row['number'], 'completed class waits', 'completed classes wait')} for credit, "
                    f"{row['pending']:,} of them with Fees/Req Pending.",
                    "wait",
                    "Waiting",
                )
            )
    tasks += replacement_tasks(user)
    without = with_another_id(Transcript.objects.visible_to(user).filter(college__in=colleges)).count()
    what = ("transcript says", "transcripts say")
    tasks += [
        Task(
            "Issue transcripts anew with college IDs", "transcripts:new_ids", "",
            f"{counted(without, *what)} no college ID, or another than stands now.", "wait", "To issue",
        )
    ] if without else []  # fmt: skip
    tasks += grade_change_tasks(user) + inspection_tasks(user, Role.REGISTRAR, on)
    tasks += amendment_tasks(user, Role.REGISTRAR)
    return Work("registrar", heading, tasks=tasks, rows=rows)


def consortium_work(heading: str, user: User, held: Sequence[HeldSeat], year: AcademicYear, on: date) -> Work:
    """A consortium's agreements, classes, students, forms and fees, late claims, requests to see a record, and windows of this year. Eleven queries."""
    ids = [seat.anchor for seat in held]
    agreements = (
        Articulation.objects.in_force(on)
        .filter(consortium__in=ids)
        .aggregate(number=Count("pk"), ending=Count("pk", filter=Q(valid_until__lte=year.ends_on)))
    )
    classes = Section.objects.filter(
        year=year,
        high_school_course__in=Articulation.objects.filter(consortium__in=ids)
        .order_by()
        .values("courses__high_school_course"),
    ).count()
    registered = (
        Registration.objects.live()
        .filter(year=year, articulation__consortium__in=ids)
        .order_by()
        .aggregate(students=Count(person_key(), distinct=True), number=Count("pk"))
    )
    pending = Registration.objects.owing(ids, year).order_by().count()
    windows = list(
        Window.objects.filter(year=year, consortium__in=ids)
        .select_related("consortium", "college")
        .order_by("closes_on", "id")
    )
    tasks = []
    if pending:
        tasks.append(
            Task(
                "Process forms and fees",
                "students:requirements",
                "",
                f"{counted(pending, 'registration waits', 'registrations wait')} for a form or a fee.",
                "wait",
                "Pending",
            )
        )
    asked = to_decide(user, WindowExtension.objects.visible_to(user)).count()
    what = ("teacher waits for an answer", "teachers wait for an answer")
    tasks += waiting_task(asked, "Answer requests to open grading again", "grading:extensions", *what)
    tasks += late_claim_tasks(user, ids) + grade_change_tasks(user) + articulation_request_tasks(user)
    tasks += review_tasks(user, on, renews=True) + inspection_tasks(user, Role.CONSORTIUM, on)
    figures = [
        figure(agreements["number"], "agreements in force"),
        figure(agreements["ending"], f"of them end with {year}"),
        figure(classes, f"classes in {year}"),
        figure(registered["students"], "students registered"),
        figure(registered["number"], "registrations"),
        figure(pending, "Fees/Req Pending"),
    ]
    return Work("consortium", heading, tasks=tasks, figures=figures, rows=open_now(windows, on))


def state_work(heading: str, user: User, held: Sequence[HeldSeat], year: AcademicYear, on: date) -> Work:
    """Totals of the State this year, college IDs that wait for a second person, requests to see a record, hearings, and
    what stands still. Thirteen queries."""
    registered = (
        Registration.objects.live()
        .filter(year=year)
        .order_by()
        .aggregate(
            students=Count(person_key(), distinct=True),
            number=Count("pk"),
            completed=Count("pk", filter=Q(status=Registration.Status.COMPLETED)),
            pending=Count("pk", filter=OWING),
        )
    )
    figures = [
        figure(registered["students"], f"students registered in {year}"),
        figure(registered["number"], "registrations"),
        figure(registered["completed"], "of them Completed"),
        figure(registered["pending"], "with Fees/Req Pending"),
        figure(Section.objects.filter(year=year).count(), "classes"),
        figure(Articulation.objects.in_force(on).count(), "agreements in force"),
    ]
    tasks = replacement_tasks(user) + inspection_tasks(user, Role.STATE, on)
    tasks += amendment_tasks(user, Role.STATE) + operations_tasks()
    return Work("state", heading, tasks=tasks, figures=figures)


#: What each role finds at home, in the order it is shown.
WORK: Final[Mapping[Role, Callable[[str, User, Sequence[HeldSeat], AcademicYear, date], Work]]] = {
    Role.STUDENT: student_work,
    Role.TEACHER: teacher_work,
    Role.COUNSELOR: school_work,
    Role.DISTRICT: school_work,
    Role.FACULTY: faculty_work,
    Role.REGISTRAR: registrar_work,
    Role.CONSORTIUM: consortium_work,
    Role.STATE: state_work,
}
