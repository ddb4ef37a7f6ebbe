"""The registrar's desk of Columbia Basin College: college IDs and what is not sure about them, a worksheet partly posted,
a plan; and requests at a college that waits to be asked."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

from accounts.access import Role
from accounts.models import User
from articulations.models import CollegeCourse
from organizations.models import College
from sers.lib.sheets import as_csv, fingerprint
from sers.seed.places import CBC, SPOKANE
from sers.seed.students import Campus
from students.models import Registration, Student
from transcripts import rules
from transcripts.models import (
    CollegeIdentity,
    CreditAward,
    CtcLinkCourse,
    IdentityCandidate,
    IdentityConflict,
    PostingEvent,
    SheetImport,
    SidReplacement,
    TermActivation,
    TranscriptionPlan,
    TranscriptionRun,
    TranscriptRequest,
    WorksheetBatch,
    WorksheetFile,
    WorksheetRow,
)

#: How many of those known to the college are in the sheet's worksheet, and how many of these are posted: of ten.
POSTED_OF_TEN = 7
Kind = IdentityConflict.Kind


def build_desk(campus: Campus, *, by: User) -> None:
    """College IDs from an import, conflicts of every kind, Course IDs, term activations, the plan of last summer."""
    book, clock, college = campus.book, campus.clock, campus.places.colleges[CBC]
    students = _students_of(campus, college)
    at = clock.at(date(clock.year - 1, 7, 20), 10)
    sids = {student.pk: f"{201_000_000 + 37 * number}" for number, student in enumerate(students, 1)}
    lines = [
        [sids[one.pk], one.last_name, one.first_name, one.birth_date.isoformat(), one.email]
        for one in students
    ]
    content = as_csv([["SID", "Last name", "First name", "Birth date", "E-mail"], *lines])
    # Every eighth is not known to the college yet; the first six of them are not sure.
    unknown = students[7::8]
    known = [one for one in students if one not in unknown]
    sheet = book.add(
        SheetImport, college=college, kind=SheetImport.Kind.SIDS, state=SheetImport.State.APPLIED,
        name="ctclink-students.csv", text="", sha256=fingerprint(content), uploaded_by=by,
        uploaded_at=at, decided_by=by, decided_at=at + timedelta(minutes=4), rows=len(students), added=len(known),
        known=0, kept=len(unknown),
    )  # fmt: skip
    for student in known:
        book.add(
            CollegeIdentity, student=student, college=college, sid=sids[student.pk],
            source=CollegeIdentity.Source.MATCHED, score=90, sheet=sheet, given_by=by,
            given_at=at + timedelta(minutes=4),
        )  # fmt: skip
    _build_conflicts(campus, college, sheet, known, unknown, sids)
    for number, course in enumerate(_courses_of(campus, college), 1):
        if number % 9:  # some Course IDs are still to be entered
            book.add(CtcLinkCourse, college_course=course, course_id=f"{12_000 + number:06}")
    for student in known[: len(known) * 9 // 10]:
        book.add(
            TermActivation,
            college=college,
            term=_term(clock.year - 2),
            sid=sids[student.pk],
            said_by=by,
            said_at=at,
        )
    for first, starts_on in ((clock.year - 1, None), (clock.year, date(clock.year + 1, 8, 3))):
        book.add(
            TranscriptionPlan, college_year=campus.years.colleges[CBC, first], sids=TranscriptionPlan.Sids.RANGE,
            sid_from=208_000_000, sid_to=208_009_999, starts_on=starts_on, set_by=by if starts_on else None,
        )  # fmt: skip
    _build_requests(campus)


def _build_conflicts(
    campus: Campus,
    college: College,
    sheet: SheetImport,
    known: list[Student],
    unknown: list[Student],
    sids: dict[int, str],
) -> None:
    """One of each kind: the college's person differs from the student by just that."""
    book, at = campus.book, sheet.decided_at or sheet.uploaded_at
    for number, kind in enumerate(Kind):
        student, other = unknown[number], unknown[number + len(Kind)]
        born = student.birth_date
        facts = {
            "first_name": student.first_name, "last_name": student.last_name, "birth_date": born,
            "sid": sids[student.pk],
        }  # fmt: skip
        candidates, email = [student], ""
        if kind == Kind.SEVERAL:
            # The name and the mail of one, the birth date of another of the same last name.
            student, other = _namesakes(unknown)
            facts = {
                "first_name": student.first_name, "last_name": student.last_name, "birth_date": other.birth_date,
                "sid": sids[student.pk],
            }  # fmt: skip
            candidates, email = [other, student], student.email
        elif kind == Kind.BIRTH_DATE:
            facts["birth_date"] = born.replace(year=born.year - 1)
        elif kind == Kind.NAME:
            facts["last_name"] = f"{other.last_name}-Lindqvist"
        elif kind == Kind.SID_TAKEN:
            facts["sid"] = sids[known[number].pk]
        elif kind == Kind.UNDONE:
            # A person entered it and took it away again, before the sheet named it.
            book.add(
                CollegeIdentity, student=student, college=college, sid=sids[student.pk],
                source=CollegeIdentity.Source.TYPED, given_by=sheet.uploaded_by, given_at=at - timedelta(days=30),
                undone_at=at - timedelta(days=29), undone_by=sheet.uploaded_by,
            )  # fmt: skip
        else:
            student = known[number]
            facts |= {
                "first_name": student.first_name, "last_name": student.last_name, "birth_date": student.birth_date,
            }  # fmt: skip
            candidates = [student]
        conflict = book.add(
            IdentityConflict, college=college, kind=kind, sheet=sheet, found_at=at, email=email, **facts
        )
        for candidate in candidates:
            score = rules.likeness(rules.person_of(conflict), candidate).score
            book.add(IdentityCandidate, conflict=conflict, student=candidate, score=score)


def _namesakes(students: list[Student]) -> tuple[Student, Student]:
    """Two students of one last name, the last such pair: the first ones are in other conflicts."""
    last: dict[str, Student] = {}
    for student in reversed(students):
        if student.last_name in last:
            return last[student.last_name], student
        last[student.last_name] = student
    raise ValueError("No two students have one last name.")


def _build_requests(campus: Campus) -> None:
    """At the college that waits to be asked two of three have asked: for last year's classes in time, for this year's now."""
    college = campus.places.colleges[SPOKANE]
    for status in (Registration.Status.COMPLETED, Registration.Status.IN_PROGRESS):
        mine = [
            one
            for one in campus.book.rows(Registration)
            if one.college_id == college.pk and one.status == status and one.awarded_at is None
        ]
        for number, registration in enumerate(mine):
            asked_on = date(registration.year.first_year + 1, 7, 12)
            if status == Registration.Status.IN_PROGRESS:
                asked_on = campus.clock.day - timedelta(days=3)
            if number % 3:
                campus.book.add(
                    TranscriptRequest, registration=registration, asked_at=campus.clock.at(asked_on, 17),
                    asked_by=registration.student.user, consent_version=rules.CONSENT_VERSION,
                )  # fmt: skip


def build_repeat(campus: Campus) -> None:
    """A student of Kamiakin who has credit took the same class again a year later: a run holds the second."""
    students = {pupil.student: pupil for pupil in campus.pupils if pupil.student.grade_level == 12}
    taught = campus.timetable.taught
    deals = {deal.articulation: deal for offering in campus.catalog.offerings for deal in offering.deals}
    earned = (
        one
        for one in campus.book.rows(Registration)
        if one.awarded_at is not None
        and one.college == campus.places.colleges[CBC]
        and one.student in students
        and one.student.school.name == "Kamiakin High School"
        and one.student.user != campus.folk.demo[Role.STUDENT]
    )
    pupil, deal, again = next(
        (students[one.student], deals[one.articulation], classes[0])
        for one in earned
        if one.year.first_year + 1 in deals[one.articulation].years
        and (classes := taught.get((one.high_school_course_id, one.year.first_year + 1)))
    )
    campus.register(
        pupil, deal, again, status=Registration.Status.COMPLETED,
        fees_req=Registration.FeesReq.PROCESSED, percent=Decimal("98"),
    )  # fmt: skip


def write_worksheet(campus: Campus, run: TranscriptionRun, *, by: User) -> None:
    """The worksheet of a finished run, what ctcLink said of it, a line it alone knows, and a college ID of it that is wrong."""
    book, clock, college = campus.book, campus.clock, run.college
    due = [one for one in rules.due_for_worksheet(college, run.year) if one.obstacle is None]
    made = clock.at(date(run.year.first_year + 1, 8, 11), 9)
    term = _term(run.year.first_year)
    content = as_csv(
        rules.lines_of(due, rules.columns_of(college), term=term, on=made.date()), notice=rules.NOTICE
    )
    batch = book.add(
        WorksheetBatch, college=college, year=run.year, number=1, term=term, made_by=by, made_at=made, size=len(due),
        students=len({one.student_id for one in due}), sha256=fingerprint(content),
    )  # fmt: skip
    book.add(WorksheetFile, batch=batch, csv=content)
    sheet = book.add(
        SheetImport, college=college, kind=SheetImport.Kind.CONFIRMATIONS, state=SheetImport.State.APPLIED,
        name="other-credits-posted.csv", text="",
        sha256=fingerprint(b""), uploaded_by=by, uploaded_at=made + timedelta(days=9), decided_by=by,
        decided_at=made + timedelta(days=9), rows=len(due), added=len(due), kept=1,
    )  # fmt: skip
    awards = CreditAward.objects.in_bulk([one.award_id for one in due])
    for position, one in enumerate(due, 1):
        book.add(
            WorksheetRow, batch=batch, award=awards[one.award_id], position=position, sid=one.sid,
            course_id=one.course_id, grade=one.grade, replaces=one.replaces,
        )  # fmt: skip
        for kind, grade in _said(position, one.grade):
            book.add(
                PostingEvent, college=college, award=awards[one.award_id], kind=kind, on=(made + timedelta(days=8)).date(),
                sid=one.sid, term=term, course_id=one.course_id, grade=grade, sheet=sheet, line=position + 1,
                said_by=by, said_at=made + timedelta(days=9),
            )  # fmt: skip
    book.add(
        PostingEvent, college=college, kind=PostingEvent.Kind.POSTED, on=(made + timedelta(days=8)).date(),
        sid="209999999", term=term, course_id="012001", grade="3.9", sheet=sheet, line=len(due) + 2, said_by=by,
        said_at=made + timedelta(days=9),
    )  # fmt: skip
    wrong = CollegeIdentity.objects.standing().at(college).get(sid=due[0].sid)
    book.add(
        SidReplacement, identity=wrong, sid=f"{int(wrong.sid) + 9}", asked_by=by,
        asked_at=clock.at(clock.day - timedelta(days=1), 15),
        reason="The student wrote that the credit is not there. In ctcLink another person has this ID.",
    )  # fmt: skip
    book.write()


def _said(position: int, grade: str) -> Iterable[tuple[PostingEvent.Kind, str]]:
    """Seven of ten are posted, one of them with another grade now and then; two are accepted; one was not taken."""
    place = position % 10
    if place == 0:
        return [(PostingEvent.Kind.RETURNED, grade)]
    if place > POSTED_OF_TEN:
        return [(PostingEvent.Kind.ACCEPTED, grade)] if place == POSTED_OF_TEN + 1 else []
    posted = "3.1" if position % 50 == 7 and grade != "3.1" else grade
    return [(PostingEvent.Kind.ACCEPTED, grade), (PostingEvent.Kind.POSTED, posted)]


def _students_of(campus: Campus, college: College) -> list[Student]:
    """Everyone who ever completed a class there, in the order of their keys."""
    found = {
        one.student_id: one.student
        for one in campus.book.rows(Registration)
        if one.college_id == college.pk and one.status == Registration.Status.COMPLETED
    }
    return [found[key] for key in sorted(found)]


def _courses_of(campus: Campus, college: College) -> list[CollegeCourse]:
    return [course for (name, _), course in campus.catalog.courses.items() if name == college.name]


def _term(first_year: int) -> str:
    return f"2{(first_year + 1) % 100:02}5"
