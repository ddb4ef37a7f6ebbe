"""The demo state: Columbia Basin and Walla Walla in depth, everything else by name."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from django.db import connection

from accounts.access import Role
from accounts.models import User
from organizations.models import HighSchool
from sers.lib import moments
from sers.lib.codes import CODE_LENGTH, CODE_LETTERS
from sers.seed.agreeing import build_agreements, write_agreement_documents
from sers.seed.asking import build_requests
from sers.seed.assuring import build_assurances
from sers.seed.awards import build_run
from sers.seed.claims import build_claims
from sers.seed.classes import build_timetable
from sers.seed.courses import build_catalog
from sers.seed.credentials import build_credentials
from sers.seed.decisions import build_decisions
from sers.seed.desk import build_desk, build_repeat, write_worksheet
from sers.seed.letters import write_letters
from sers.seed.money import build_money
from sers.seed.names import Name
from sers.seed.people import DEMO_PEOPLE, Folk
from sers.seed.places import CBC, IN_DEPTH, SPOKANE, WALLA_WALLA, Places, build_places
from sers.seed.rights import build_rights, tell_everybody
from sers.seed.rosters import build_rosters
from sers.seed.rows import Book, set_sequence
from sers.seed.students import Campus, Pupil, build_students, kamiakin
from sers.seed.visits import build_twins, build_visits
from sers.seed.years import Clock, build_years
from students.models import GuardianLink, Registration
from transcripts import actions
from transcripts.models import (
    CreditAward,
    Letterhead,
    Transcript,
    TranscriptionRun,
)

Status = Registration.Status
FeesReq = Registration.FeesReq
Tell = Callable[[str], None]

#: Transcripts made with a real document: the demo student's and a few more.
TRANSCRIPTS = 4


def build_demo(
    day: date, *, years_back: int = 3, transcripts: int = TRANSCRIPTS, tell: Tell = lambda _: None
) -> Campus:
    """Build and write everything that is invented in the demo state, for this reference day."""
    tell(f"Inventing Columbia Basin and Walla Walla as they stand on {moments.day(day)} ...")
    book = Book(Random("sers"))
    clock = Clock(day)
    places = build_places(book)
    years = build_years(book, places, clock, count=years_back)
    folk = Folk(book, clock)
    long_ago = date(clock.year - 4, 8, 15)
    folk.demo_people(
        {
            Role.TEACHER: {"school": places.school("Kamiakin High School")},
            Role.COUNSELOR: {"school": places.school("Kamiakin High School")},
            Role.DISTRICT: {"district": places.districts["Kennewick School District"]},
            Role.FACULTY: {"college": places.colleges[CBC]},
            Role.REGISTRAR: {"college": places.colleges[CBC]},
            Role.CONSORTIUM: {"consortium": places.consortia[IN_DEPTH[0]]},
        },
        {Role.DISTRICT: places.titles["CTE director"], Role.FACULTY: places.titles["Dean"]},
        since=long_ago,
    )
    staff: dict[str, User] = {IN_DEPTH[0]: folk.demo[Role.CONSORTIUM]}
    for name, consortium in places.consortia.items():
        one = folk.staff(Role.CONSORTIUM, since=long_ago, consortium=consortium)
        staff.setdefault(name, one.user)
    registrars = {CBC: folk.demo[Role.REGISTRAR]}
    for name, college in places.colleges.items():
        registrars.setdefault(name, folk.staff(Role.REGISTRAR, since=long_ago, college=college).user)
    for name in (CBC, WALLA_WALLA, SPOKANE):
        for number in range(4):
            title = {0: "Chief instructional officer", 1: "Dean"}.get(number)
            folk.staff(
                Role.FACULTY,
                since=long_ago,
                college=places.colleges[name],
                signs_as=places.titles[title] if title else None,
            )
    entered_by: dict[int, User] = {}
    for name in IN_DEPTH:
        for district_name in places.districts_of[name]:
            district = places.districts[district_name]
            folk.staff(
                Role.DISTRICT, since=long_ago, district=district, signs_as=places.titles["CTE director"]
            )
        for school in places.schools_of(name):
            folk.staff(Role.COUNSELOR, since=long_ago, school=school)
            entered_by[school.pk] = staff[name]
    _seat_newcomers(folk, places, by=folk.demo[Role.CONSORTIUM])
    deep = {name: staff[name] for name in (*IN_DEPTH, "Spokane CTE Dual Credit")}
    catalog = build_catalog(book, places, clock, by=deep)
    timetable = build_timetable(book, clock, years, catalog, folk, by=entered_by)
    campus = Campus(book, clock, places, years, catalog, timetable, folk, staff, registrars)
    stella = _enroll_stella(campus, places.school("Kamiakin High School"))
    build_students(campus)
    runs = [
        build_run(campus, places.colleges[name], clock.year - 2, by=registrars[name])
        for name in (CBC, WALLA_WALLA, SPOKANE)
    ]
    build_desk(campus, by=registrars[CBC])
    build_decisions(campus, stella)
    build_visits(campus, stella)
    build_twins(campus)
    build_requests(campus)
    build_agreements(campus)
    build_rosters(campus)
    build_assurances(campus)
    build_claims(campus)
    build_money(campus, places.consortia[IN_DEPTH[0]], by=folk.demo[Role.CONSORTIUM])
    build_repeat(campus)
    build_rights(campus, stella)
    build_credentials(campus)
    book.write(tell)
    through = GuardianLink.requirements.through
    through.objects.bulk_create(
        through(guardianlink_id=link, requirement_id=one) for link, one in campus.asked_guardians
    )
    tell_everybody(clock.year, clock.at(clock.day - timedelta(days=3), 6, 0))
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval('students_sers_number', %s)", [campus.last_number])
    _write_transcripts(campus, runs[0], stella, transcripts, tell)
    write_agreement_documents(campus)
    write_worksheet(campus, runs[0], by=registrars[CBC])
    write_letters(campus, places.consortia[IN_DEPTH[0]])
    return campus


def _seat_newcomers(folk: Folk, places: Places, *, by: User) -> None:
    """Staff of Kamiakin who are not simply there: invited and not yet come, yet to begin, left, with two seats."""
    kamiakin, clock = places.school("Kamiakin High School"), folk.clock
    for days in (1, 4, 20):
        folk.staff(
            Role.TEACHER,
            since=clock.day - timedelta(days=days),
            activated=False,
            school=kamiakin,
            granted_by=by,
        )
    folk.staff(
        Role.COUNSELOR, since=clock.day + timedelta(days=30), school=kamiakin, granted_by=by,
        signs_as=places.titles["Principal"],
    )  # fmt: skip
    left = date(clock.year, 7, 1)
    folk.staff(
        Role.COUNSELOR, since=date(clock.year - 3, 8, 20), ends_on=left, school=kamiakin, granted_by=by
    )
    both = folk.staff(Role.COUNSELOR, since=date(clock.year - 2, 8, 20), school=kamiakin, granted_by=by)
    folk.seat(
        both.user,
        Role.TEACHER,
        since=date(clock.year - 1, 8, 20),
        school=places.school("Southridge High School"),
        granted_by=by,
    )


def _enroll_stella(campus: Campus, school: HighSchool) -> Pupil:
    """The demo student: credit awarded, a class completed and waiting, one not attained, two under way."""
    clock, person = campus.clock, DEMO_PEOPLE[0]
    user = campus.folk.demo[Role.STUDENT]
    stella = campus.enroll(Name(person.first_name, "", person.last_name), school, clock.year + 1, user=user)
    story: list[tuple[int, str, Status, FeesReq, str | None]] = [
        (clock.year - 2, "Computer Applications", Status.COMPLETED, FeesReq.PROCESSED, "97"),
        (clock.year - 1, "Digital Design", Status.COMPLETED, FeesReq.PROCESSED, "95.5"),
        (clock.year - 1, "Welding 1-2", Status.NOT_ATTAINED, FeesReq.PROCESSED, "84.5"),
        (clock.year - 1, "Sports Medicine", Status.WITHDRAWN, FeesReq.PENDING, None),
        (clock.year, "Cybersecurity", Status.IN_PROGRESS, FeesReq.PENDING, None),
        (clock.year, "Accounting 1-2", Status.IN_PROGRESS, FeesReq.PROCESSED, None),
    ]
    for first_year, title, status, fees_req, percent in story:
        offering = kamiakin(campus, title)
        campus.register(
            stella,
            offering.deals_in(first_year)[0],
            campus.timetable.taught[offering.classes[0].pk, first_year][0],
            status=status,
            fees_req=fees_req,
            percent=Decimal(percent) if percent else None,
        )
    return stella


def _write_transcripts(campus: Campus, run: TranscriptionRun, stella: Pupil, count: int, tell: Tell) -> None:
    """Real documents for the demo student and a few others, as the run would have made them."""
    if count:
        tell(f"Printing {count} transcripts ...")
    others = (
        CreditAward.objects.filter(run=run)
        .exclude(student=stella.student)
        .order_by("student_id")
        .values_list("student_id", flat=True)
        .distinct()
    )
    students = {pupil.student.pk: pupil.student for pupil in campus.pupils}
    Letterhead.objects.create(
        pk=campus.book.next_key(Letterhead),
        college=run.college,
        office="Office of the Registrar",
        street="2600 North 20th Avenue",
        city="Pasco",
        state="Washington",
        postal_code="99301",
        phone="509-555-0100",
        signer_name="Helen Marsh",
        signer_title="Registrar",
        signer_title_es="Registradora",
        updated_at=run.started_at,
    )
    set_sequence(Letterhead)
    for key in [stella.student.pk, *others[: max(0, count - 1)]][:count]:
        student = students[key]
        rows = actions.transcript_rows(student=student, run=run, earned=())
        transcript = Transcript(
            pk=campus.book.next_key(Transcript),
            public_id=campus.book.uuid(),
            code=campus.book.letters(CODE_LETTERS, CODE_LENGTH),
            student=student,
            college=run.college,
            run=run,
            issued_at=run.finished_at or run.started_at,
        )
        code = campus.book.letters(CODE_LETTERS, CODE_LENGTH)
        drawn = actions.draw_documents(transcript=transcript, rows=rows, letter_code=code)
        actions.issue_transcript(
            transcript=transcript, pdf=drawn.pdf, letter=drawn.letter, letter_pdf=drawn.letter_pdf
        )
    if count:
        set_sequence(Transcript)
