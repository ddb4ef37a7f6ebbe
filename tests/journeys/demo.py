"""People and things of the demo state that the journeys visit; asked beside the running system (Site.ask)."""

import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Count
from django.test import Client
from django.utils import timezone

from accounts.actions import change_email, mail_link, new_app_secret, new_link, queue_mail
from accounts.models import AuthenticatorApp, EmailChange, Job, Mail, MailedLink, User
from articulations.actions import enter_section, hand_in_classes, roll_over
from articulations.models import (
    AgreementDocument,
    AgreementMark,
    AgreementText,
    Articulation,
    ArticulationRequest,
    ClassFile,
    CourseChange,
    CourseFile,
    HighSchoolCourse,
    IndustryCredential,
    Rollover,
    Section,
    TeacherAssurance,
)
from grading.models import GradeChange, WindowExtension
from organizations.actions import hand_in_file
from organizations.models import AcademicYear, College, Consortium, GradeScale, HighSchool, Seat
from organizations.rules import COLUMNS
from reports.actions import begin_mailing
from reports.models import Mailing, MailingRecipient
from sers.lib.fields import seal
from students.actions import (
    begin_checkout,
    create_student,
    hand_in_statement,
    hand_in_students,
    new_confirm_url,
    state_purpose,
)
from students.models import (
    Amendment,
    EarnedCredential,
    Inspection,
    LateClaim,
    LikelyTwins,
    Merge,
    Payment,
    Receipt,
    Registration,
    Requirement,
    RosterEntry,
    RosterImport,
    StatedPurpose,
    Statement,
    StatementLine,
    Student,
    strangers,
)
from tests.owing import make_link, make_payment
from tests.people import (
    account_of,
    make_agreement,
    make_amendment,
    make_claim,
    make_claim_paper,
    make_college_course,
    make_high_school_course,
    make_registration,
    make_section,
    make_student,
)
from transcripts.actions import (
    MAILING_TASK,
    RUN_TASK,
    finish_mailing,
    hand_in,
    make_next_part,
    start_mailing,
    start_run,
)
from transcripts.models import (
    CollegeIdentity,
    IdentityConflict,
    PaperMailing,
    SheetImport,
    SidReplacement,
    Transcript,
    TranscriptionPlan,
    TranscriptionRun,
    WorksheetBatch,
    usual_mail_by,
)

PASSWORD = "dual-credit-demo"
#: As sers/seed/people.py gives them to the demo people.
DEMO_ANSWERS = (("pet", "Biscuit"), ("street", "Fir Street"), ("book", "Hatchet"))
ROLES = ("student", "teacher", "counselor", "district", "faculty", "registrar", "consortium", "state")


def find() -> dict[str, Any]:
    """A session for each person, what stands in addresses, and the classes of the demo teacher."""
    year = AcademicYear.objects.current()
    last_year = AcademicYear.objects.get(first_year=year.first_year - 1)
    stella = Student.objects.get(user__username="student.demo")
    terry = Seat.objects.get(user__username="teacher.demo")
    consortium = Seat.objects.get(user__username="consortium.demo")
    home = Consortium.objects.get(pk=consortium.consortium_id)
    state = User.objects.get(username="state.demo")
    if StatedPurpose.objects.standing(state) is None:
        state_purpose(purpose="Audit of fees", agreement="Interagency agreement 26-104", by=state)
    kamiakin = HighSchool.objects.get(name="Kamiakin High School")
    wahi = HighSchool.objects.get(name="Walla Walla High School")
    cbc = College.objects.get(name="Columbia Basin College")
    own = Registration.objects.filter(student=stella)
    mine = own.filter(year=year, status="in_progress", section__teachers=terry).earliest("pk")
    taught = (
        Section.objects.filter(teachers=terry)
        .annotate(students=Count("registrations"))
        .order_by("-students", "pk")
    )
    newcomer = new_student(kamiakin, year)
    chooser = Student.objects.filter(school=wahi, user__isnull=False).earliest("pk")
    hats = Seat.objects.filter(role="teacher", school=wahi).earliest("pk").user
    people = {role: f"{role}.demo" for role in ROLES} | {
        "newcomer": account_of(newcomer).username,
        "chooser": account_of(chooser).username,
        "hats": hats.username,
        "two_step": two_step().username,
        "asker": account_of(asker(year)).username,
    }
    Seat.objects.get_or_create(
        user=hats, role="counselor", school=wahi, defaults={"starts_on": datetime.date(2020, 9, 1)}
    )
    queue_mail(
        key="journey",
        to="someone@example.org",
        template="free",
        context={"subject": "About your class", "text": f"See {settings.PUBLIC_URL}/"},
    )
    return {
        "cookie": settings.SESSION_COOKIE_NAME,
        "cookies": {person: session_of(username) for person, username in people.items()},
        "sections": sections(),
        "ids": {
            "app": AuthenticatorApp.objects.get(user__username="second.step").public_id,
            **people_and_seats(consortium.user, kamiakin),
            "mail": Mail.objects.earliest("pk").public_id,
            **links(),
            **money(stella, consortium),
            **letters(newcomer, consortium, last_year),
            "token": new_confirm_url(newcomer.user).rstrip("/").rpartition("/")[2],
            "agreement": mine.articulation.public_id,
            "school": kamiakin.public_id,
            "college": cbc.public_id,
            "consortium": home.public_id,
            "where": f"college={home.public_id}.{cbc.public_id}&school={kamiakin.public_id}&step=Continue",
            "last_year": last_year.first_year,
            "course": HighSchoolCourse.objects.filter(school=kamiakin, sections__year=year)
            .exclude(pk__in=own.filter(year=year).values("high_school_course"))
            .earliest("pk")
            .public_id,
            "course_registered": mine.high_school_course.public_id,
            "course_of_colleges": HighSchoolCourse.objects.filter(school=wahi, sections__year=year)
            .annotate(colleges=Count("articulated__articulation__college", distinct=True))
            .order_by("-colleges", "pk")[0]
            .public_id,
            "course_two": HighSchoolCourse.objects.filter(school=wahi, sections__year=year)
            .annotate(colleges=Count("articulated__articulation__college", distinct=True))
            .order_by("-colleges", "pk")[1]
            .public_id,
            "student": stella.public_id,
            "address_change": address_change(kamiakin).public_id,
            "newcomer": newcomer.public_id,
            "unconfirmed": new_student(kamiakin, year, first_name="Uma").public_id,
            "other_student": chooser.public_id,
            "stranger": f"{chooser.first_name} {chooser.last_name}",
            "registration": mine.public_id,
            "registration_graded": Registration.objects.filter(
                section__teachers=terry, year=last_year, status="completed", grade_changes=None
            )
            .earliest("pk")
            .public_id,
            "registration_completed": own.filter(status="completed").earliest("pk").public_id,
            "section": taught.filter(year=year)[0].public_id,
            "claim_own": own_claim(stella, cbc, last_year).public_id,
            "claim_asked": LateClaim.objects.filter(state="asked", college=cbc)
            .exclude(student=stella)
            .earliest("pk")
            .public_id,
            "claim_decided": LateClaim.objects.filter(state="refused", college=cbc).earliest("pk").public_id,
            "claim_waiting": LateClaim.objects.filter(state="consent", college=cbc).earliest("pk").public_id,
            "amendment_own": own_amendment(stella).public_id,
            "amendment_stated": Amendment.objects.filter(stated_at__isnull=False).earliest("pk").public_id,
            "inspection_own": Inspection.objects.get(student=stella).public_id,
            "inspection_letter": Inspection.objects.get(asker="guardian").public_id,
            "inspection_over": Inspection.objects.filter(state="closed").earliest("pk").public_id,
            "roster_teacher": RosterImport.objects.filter(handed_in_by=terry.user, state="done")
            .earliest("pk")
            .public_id,
            "roster_counselor": RosterImport.objects.filter(state="preview").earliest("pk").public_id,
            "section_roster": RosterEntry.objects.filter(section__teachers=terry)
            .earliest("pk")
            .section.public_id,
            "roster_entry": RosterEntry.objects.filter(student=None).earliest("pk").public_id,
            "stranger_registration": strangers_of(terry),
            "class_code": taught.filter(year=year)[0].class_code,
            "section_earned": some_earned(terry).registration.section.public_id,
            "earned": some_earned(terry).public_id,
            "credential": IndustryCredential.objects.earliest("pk").public_id,
            "section_quiet": taught.filter(year=year)[3].public_id,
            "section_terms": taught.filter(year=year, term=Section.Term.YEAR)[0].public_id,
            "section_past": taught.filter(year=last_year)[0].public_id,
            "section_empty": empty_section(mine, terry, by=consortium.user).public_id,
            "run": TranscriptionRun.objects.filter(college=cbc, state="finished").earliest("pk").public_id,
            "run_stopped": a_run(
                "Walla Walla Community College", last_year, TranscriptionRun.State.STOPPED
            ).public_id,
            "run_going": a_run(
                "Spokane Community College", last_year, TranscriptionRun.State.RUNNING
            ).public_id,
            "owing": Registration.objects.filter(
                college=cbc, status="completed", fees_req="pending", awarded_at=None
            )
            .earliest("pk")
            .public_id,
            "conflict": IdentityConflict.objects.filter(kind="several").earliest("pk").public_id,
            "conflict_taken": IdentityConflict.objects.filter(kind="sid_taken").earliest("pk").public_id,
            "sheet": a_sheet(cbc, "SID,Last name,First name,Birth date\n201999001,Nobody,Nell,2009-01-01\n"),
            "sheet_wrong": a_sheet(cbc, "SID,First name,Birth date\n12,Nell,June\n"),
            "sheet_applied": SheetImport.objects.filter(state="applied").earliest("pk").public_id,
            "batch": WorksheetBatch.objects.earliest("pk").public_id,
            "year_exported": last_year.first_year - 1,
            "change_own": GradeChange.objects.get(state="requested", asked_by=stella.user).public_id,
            "change": GradeChange.objects.get(state="requested", asked_as="counselor").public_id,
            "change_confirmed": GradeChange.objects.get(state="confirmed").public_id,
            "change_approved": GradeChange.objects.get(state="approved").public_id,
            "extension": WindowExtension.objects.get(state="requested").public_id,
            "section_asked": WindowExtension.objects.get(state="requested").section.public_id,
            "scale": GradeScale.objects.get(college=cbc, name="CBC").public_id,
            "home_college": cbc.public_id,
            "next_year": year.first_year + 1,
            "rollover": a_rollover(year, by=consortium.user).public_id,
            "assurance": TeacherAssurance.objects.filter(
                year=year, seat__school=kamiakin, countersignatures__isnull=False
            )
            .earliest("pk")
            .public_id,
            "assurance_own": TeacherAssurance.objects.filter(seat=terry).earliest("pk").public_id,
            "home_consortium": home.public_id,
            "other_consortium": Consortium.objects.exclude(pk=consortium.consortium_id)
            .order_by("pk")[0]
            .public_id,
            "code": Transcript.objects.get(student=stella, replaced_by=None).code,
            "twins": LikelyTwins.objects.undecided().earliest("pk").public_id,
            "merge": Merge.objects.standing().earliest("pk").public_id,
            "merge_undone": Merge.objects.filter(undone_at__isnull=False).earliest("pk").public_id,
            "twin_older": LikelyTwins.objects.undecided().earliest("pk").older.public_id,
            "twin_newer": LikelyTwins.objects.undecided().earliest("pk").newer.public_id,
            "twins_apart": LikelyTwins.objects.told_apart().earliest("pk").public_id,
            "students_file": a_student_file("TP3-33-301"),
            "students_file_wrong": a_student_file("TP3"),
            "transcript": Transcript.objects.get(student=stella, replaced_by=None).public_id,
            "mailing": a_mailing(cbc).public_id,
            "mailing_stopped": a_stopped_mailing(cbc, year).public_id,
            "replacement": SidReplacement.objects.open().earliest("pk").public_id,
            "identity_out": CollegeIdentity.objects.standing()
            .filter(college=cbc, replacements=None, student__awards__worksheet_rows__isnull=False)
            .earliest("pk")
            .public_id,
            "identity_in": CollegeIdentity.objects.standing()
            .filter(college=cbc, student__awards__worksheet_rows=None, student__transcripts=None)
            .earliest("pk")
            .public_id,
            **asked_for(),
            **agreed(),
        },
    }


def a_rollover(year: AcademicYear, *, by: User) -> Rollover:
    """The classes of a small school, made anew; and one class whose teacher has left."""
    school = HighSchool.objects.get(name="Prosser High School")
    consortium = school.district.consortia.earliest("pk")
    alone = Section.objects.filter(high_school_course__school=school, year=year).latest("pk")
    rolled = roll_over(
        consortium=consortium, school=school, year_from=year,
        year_to=AcademicYear(first_year=year.first_year + 1), by=by,
    )  # fmt: skip
    alone.teachers.clear()
    return rolled


def asked_for() -> dict[str, Any]:
    """Requests to articulate at each step, by the class they are for, and a paper of one."""
    found = {one.title: one for one in ArticulationRequest.objects.all()}
    return {
        "asked_draft": found["Game Design 1-2"].public_id,
        "asked_to_sign": found["Robotics 1-2"].public_id,
        "asked_to_screen": found["Graphic Design 1-2"].public_id,
        "asked_to_review": found["Payroll Accounting"].public_id,
        "asked_returned": found["Hospitality 1"].public_id,
        "asked_approved": found["Drafting 1-2"].public_id,
        "asked_denied": found["Hobby Photography"].public_id,
    }


def agreed() -> dict[str, Any]:
    """Texts of agreements at each step, the agreement that was signed here, and the code of its document."""
    found = {(one.title, one.version): one for one in AgreementText.objects.all()}
    signed = Articulation.objects.get(basis="signed")
    return {
        "text_draft": found["Agricultural Mechanics", 1].public_id,
        "text_to_sign": found["Culinary Arts 1", 1].public_id,
        "text_of_two": found["Marketing 1 and Marketing 2", 1].public_id,
        "text_declined": found["Photography 2", 1].public_id,
        "text_signed": found["Child Development 3", 1].public_id,
        "text_amendment": found["Child Development 3", 2].public_id,
        "signed_agreement": signed.public_id,
        "marked_agreement": AgreementMark.objects.open().earliest("pk").articulation.public_id,
        "course_changed": CourseChange.objects.get().course.public_id,
        "class_file": codes_file().public_id,
        "kennewick": HighSchool.objects.get(name="Kamiakin High School").district.public_id,
        "course_file": CourseFile.objects.get(name="catalog-2026-27.csv").public_id,
        "course_file_wrong": CourseFile.objects.get(name="catalog-draft.csv").public_id,
        "agreement_code": AgreementDocument.objects.get().code,
    }


def asker(year: AcademicYear) -> Student:
    """Somebody in a class of a college that waits to be asked, who has not asked yet."""
    registration = Registration.objects.filter(
        college__name="Spokane Community College", year=year, status="in_progress", transcript_requests=None
    ).earliest("pk")
    student: Student = registration.student
    return student


def a_student_file(sers_id: str) -> Any:
    """The key of a file of students of the former system that waits for its person."""
    cells = [
        "2",
        sers_id,
        "Nadia",
        "",
        "Novak",
        "",
        "5/12/2009",
        "nadia.novak@example.net",
        "Kamiakin High School",
        "",
        "11",
        "2028",
    ]
    by = User.objects.get(username="consortium.demo")
    return hand_in_students(
        name="former-system.csv", rows=[cells], reason="Of the former system", by=by
    ).public_id


def a_sheet(college: College, text: str) -> str:
    """The key of a sheet that was handed in and waits."""
    registrar = User.objects.get(username="registrar.demo")
    sheet = hand_in(college=college, kind="sids", name="college-ids.csv", content=text.encode(), by=registrar)
    return str(sheet.public_id)


def links() -> dict[str, str]:
    """Links as they stand in mail, of each purpose; opening them uses none up."""
    purpose = MailedLink.Purpose
    fresh = User.objects.create_user(
        "nadia.new", "nadia.new@example.org", first_name="Nadia", last_name="New"
    )
    plain = User.objects.create_user(
        "petra.plain", "petra.plain@example.org", PASSWORD, first_name="Petra", last_name="Plain"
    )
    faculty = User.objects.get(username="faculty.demo")
    return {
        "link_activate": new_link(user=fresh, purpose=purpose.ACTIVATE),
        "link_recover": new_link(user=faculty, purpose=purpose.RECOVER),
        "link_new_password": new_link(user=plain, purpose=purpose.RECOVER),
        "link_confirm": new_link(user=faculty, purpose=purpose.CONFIRM_EMAIL),
    }


def new_person(username: str) -> str:
    """An account somebody made for this person a moment ago: the mail with its link is on its way."""
    user = User.objects.create_user(
        username,
        f"{username}@example.org",
        first_name=username.partition(".")[0].title(),
        last_name="Newhire",
    )
    Seat.objects.create(
        user=user, role="counselor", school=HighSchool.objects.get(name="Kamiakin High School"),
        starts_on=datetime.date(2020, 9, 1),
    )  # fmt: skip
    mail_link(user=user, purpose=MailedLink.Purpose.ACTIVATE)
    return user.email


def two_step() -> User:
    """A person whose password alone opens nothing."""
    user = User.objects.create_user("second.step", "second.step@example.org", PASSWORD, first_name="Sasha")
    AuthenticatorApp.objects.create(
        user=user, name="Sasha’s phone", sealed_secret=seal(f"app {new_app_secret()}")
    )
    return user


def people_and_seats(by: User, school: HighSchool) -> dict[str, Any]:
    """Somebody at this school who has not activated, seats that stand and that ended, and files of new people."""
    staff = Seat.objects.filter(school=school).order_by("pk")
    row = {column.name: "" for column in COLUMNS} | {
        "line": "2", "first name": "Ana", "e-mail": "ana.vega@example.org", "role": "Teacher", "place": school.name,
    }  # fmt: skip
    good, wrong = (
        hand_in_file(name="new-people.csv", rows=rows, reason="New this year", by=by)
        for rows in ([row], [row, row | {"line": "3", "e-mail": "nobody"}])
    )
    return {
        "invited": staff.filter(user__activated_at=None).earliest("pk").user.public_id,
        "seat": staff.filter(role="teacher", ends_on=None, user__activated_at__isnull=False)
        .exclude(user__username="teacher.demo")
        .earliest("pk")
        .public_id,
        "seat_ended": staff.filter(ends_on__lt=timezone.localdate()).earliest("pk").public_id,
        "people_file": good.public_id,
        "people_file_wrong": wrong.public_id,
    }


#: The last name of everybody in a class a journey makes.
OF_THIRTY = "Thirty"


def letters(newcomer: Student, seat: Seat, year: AcademicYear) -> dict[str, Any]:
    """A letter that was sent, and one of those it went to."""
    consortium = seat.consortium
    assert consortium is not None
    letter = begin_mailing(group="awarded", consortium=consortium, year=year, by=seat.user)
    Mailing.objects.filter(pk=letter.pk).update(sent_at=timezone.now(), done_at=timezone.now(), people=1)
    mailed = MailingRecipient.objects.create(mailing=letter, user=newcomer.user)
    return {"letter": letter.public_id, "mailed": mailed.public_id}


def money(stella: Student, seat: Seat) -> dict[str, Any]:
    """Forms, fees and payments: what the demo state has of them, and one of each that it has not."""
    consortium = seat.consortium
    assert consortium is not None
    own = Registration.objects.filter(
        student=stella, articulation__consortium=consortium, status="in_progress"
    )
    registration = own.earliest("pk")
    Requirement.objects.filter(registration__in=own).exclude(state="pending").update(
        state="dropped", decided_at=timezone.now(), reason="To be asked anew"
    )
    for kind, amount in (("fee", 20), ("guardian", 0)):
        if not registration.requirements.filter(kind=kind, state="pending").exists():
            Requirement.objects.create(registration=registration, kind=kind, amount=amount)
    checkout = begin_checkout(student=stella, consortium=consortium, by=account_of(stella))
    signature = registration.requirements.get(kind="guardian", state="pending")
    make_link(signature, token="journey-guardian")
    paid = make_payment(registration.requirements.get(kind="fee", state="pending"), amount=5, by=seat.user)
    preview = hand_in_statement(
        consortium=consortium,
        name="bank.csv",
        rows=[
            ["Date", "Amount", "Memo"],
            ["11/02/2026", "20", stella.sers_id],
            ["11/02/2026", "7", "Somebody"],
        ],
        by=seat.user,
    )
    ledger = Payment.objects.filter(consortium=consortium)
    return {
        "fee_receipt": Receipt.objects.filter(consortium=consortium).latest("pk").public_id,
        "payment_left": ledger.with_standing().filter(left__gt=0).earliest("pk").public_id,
        "payment_own": paid.public_id,
        "checkout": checkout.public_id,
        "guardian": "journey-guardian",
        "statement": Statement.objects.filter(consortium=consortium, state="saved").earliest("pk").public_id,
        "statement_preview": preview.public_id,
        "statement_line": StatementLine.objects.waiting()
        .filter(consortium=consortium)
        .earliest("pk")
        .public_id,
        "district": stella.school.district.public_id,
        "owing_guardian": Requirement.objects.owed()
        .filter(kind="guardian", registration__articulation__consortium=consortium)
        .exclude(registration__student=stella)
        .earliest("pk")
        .registration.public_id,
    }


def sections() -> list[dict[str, str]]:
    """The classes the demo teacher teaches this year, the fullest first, the one that runs all year last: each
    journey that saves grades takes one, and what another journey has made is left to it."""
    found = (
        Section.objects.filter(teachers__user__username="teacher.demo", year=AcademicYear.objects.current())
        .exclude(registrations=None)
        .exclude(registrations__student__last_name=OF_THIRTY)
        .annotate(students=Count("registrations"))
        .order_by("-students", "pk")
    )
    found = sorted(found, key=lambda one: one.term == Section.Term.YEAR)  # with a box a semester: last
    return [
        {
            "path": f"/grading/rosters/{one.public_id}/",
            "title": one.high_school_course.title,
            "label": one.label,
        }
        for one in found
    ]


def class_of_thirty(label: str = "Thirty") -> dict[str, str]:
    """A new class of the demo teacher: thirty students, none with a grade."""
    terry = Seat.objects.get(user__username="teacher.demo")
    taught = Section.objects.filter(teachers=terry, year=AcademicYear.objects.current()).earliest("pk")
    like = taught.registrations.select_related("articulation").earliest("pk")
    section = make_section(taught.high_school_course, terry, label=label, term=Section.Term.SECOND)
    for number in range(30):
        student = make_student(taught.high_school_course.school, f"Number{number:02}", OF_THIRTY, user=None)
        make_registration(student, section, like.articulation, by=terry.user)
    return {"path": f"/grading/rosters/{section.public_id}/", "title": section.high_school_course.title}


def session_of(username: str) -> str:
    """A new session of this person: what their browser's cookie holds after signing in."""
    client = Client()
    client.force_login(User.objects.get(username=username))
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def codes_file() -> ClassFile:
    """A file of codes of the demo district: one row to correct, one that changes a class, one that says what stands."""
    by = User.objects.get(username="district.demo")
    first, second = HighSchoolCourse.objects.filter(school__name="Kamiakin High School").order_by("pk")[:2]
    rows = [
        {"line": 2, "school": first.school.name, "title": first.title, "state_code": "1104"},
        {"line": 3, "school": second.school.name, "title": second.title, "local_code": "BUS900"},
    ]
    return hand_in_classes(district=first.school.district, name="codes.csv", rows=rows, by=by)


def new_student(school: HighSchool, year: AcademicYear, *, first_name: str = "Nora") -> Student:
    """Somebody who made an account and has not registered for anything."""
    email = f"{first_name.lower()}.newcomer@example.com"
    made = Student.objects.filter(user__email=email).first() or create_student(
        first_name=first_name,
        last_name="Newcomer",
        birth_date=datetime.date(year.first_year - 16, 10, 4),
        email=email,
        password="a wagon of green apples",
        school=school,
        grade_level=11,
        graduation_year=year.first_year + 2,
    )
    assert made is not None
    return made


def address_change(school: HighSchool) -> EmailChange:
    """A student's e-mail that the counselor changed: it waits for a second person."""
    student = (
        Student.objects.filter(school=school, user__isnull=False)
        .exclude(user__username="student.demo")
        .latest("pk")
    )
    found = EmailChange.objects.filter(user=student.user).first()
    if found is None:
        by = Seat.objects.get(user__username="counselor.demo").user
        found = change_email(user=student.user, email="new.address@example.com", by=by)
    return found


def empty_section(beside: Registration, teacher: Seat, *, by: User) -> Section:
    """A class nobody has registered for."""
    label = "Nobody yet"
    found = Section.objects.filter(label=label).first()
    return found or enter_section(
        high_school_course=beside.high_school_course,
        year=beside.year,
        term="year",
        label=label,
        teachers=[teacher],
        by=by,
    )


def own_amendment(stella: Student) -> Amendment:
    """A request of the demo student's that the district has refused, before a hearing or a statement."""
    found = Amendment.objects.filter(student=stella, stated_at=None).first()
    return found or make_amendment(stella, refused_by=User.objects.get(username="district.demo"))


def own_claim(stella: Student, college: College, year: AcademicYear) -> LateClaim:
    """The demo student's own claim, about which the consortium has asked something."""
    found = LateClaim.objects.filter(student=stella).first()
    if found is None:
        taken = Registration.objects.live().filter(student=stella, year=year).values("high_school_course")
        agreement = (
            Articulation.objects.filter(college=college, courses__high_school_course__school=stella.school)
            .exclude(courses__high_school_course__in=taken)
            .earliest("pk")
        )
        found = make_claim(stella, agreement, year, state="question")
        make_claim_paper(found)
    return found


def some_earned(terry: Seat) -> EarnedCredential:
    """A credential of this year that stands, recorded in a class of the demo teacher."""
    earned: EarnedCredential = (
        EarnedCredential.objects.filter(registration__section__teachers=terry)
        .standing()
        .select_related("registration__section")
        .order_by("-registration__year__first_year", "pk")[0]
    )
    return earned


def strangers_of(terry: Seat) -> Any:
    """A registration with the demo teacher that the school's roster does not name."""
    sections = list(
        RosterEntry.objects.filter(section__teachers=terry).order_by("pk").values_list("section", flat=True)
    )
    return strangers(sections).earliest("section", "pk").public_id


def a_run(college_name: str, year: AcademicYear, state: str) -> TranscriptionRun:
    """A run that stays in this state before its first student: its work is not given to any worker."""
    college = College.objects.get(name=college_name)
    found = TranscriptionRun.objects.filter(college=college, year=year).first()
    if found is not None:
        return found
    by = Seat.objects.filter(role="registrar", college=college).earliest("pk").user
    with transaction.atomic():
        run = start_run(college=college, year=year, by=by)
        Job.objects.filter(task=RUN_TASK, subject_id=run.pk).delete()
        TranscriptionRun.objects.filter(pk=run.pk).update(state=state)
    return run


def a_mailing(college: College) -> PaperMailing:
    """A mailing of what the college issued, put together here."""
    found = PaperMailing.objects.filter(college=college).first()
    if found is None:
        by = Seat.objects.get(user__username="registrar.demo").user
        run = TranscriptionRun.objects.filter(college=college, transcripts__isnull=False).earliest("pk")
        with transaction.atomic():
            found = start_mailing(college=college, year=run.year, by=by)
            Job.objects.filter(task=MAILING_TASK, subject_id=found.pk).delete()
        while make_next_part(mailing=found):
            pass
        finish_mailing(mailing=found)
    return found


def a_stopped_mailing(college: College, year: AcademicYear) -> PaperMailing:
    """A mailing whose making the workers gave up."""
    found = PaperMailing.objects.filter(college=college, year=year).first()
    if found is None:
        by = Seat.objects.get(user__username="registrar.demo").user
        found = PaperMailing.objects.create(
            college=college, year=year, started_by=by, mail_by=usual_mail_by(year)
        )
        Job.objects.create(
            key=found.job_key, task=MAILING_TASK, subject_id=found.pk, state="parked", attempts=5
        )
    return found


def chooser(first_name: str, last_name: str) -> dict[str, str]:
    """A new student of Walla Walla High School, where three colleges give credit for one class."""
    password = "nine kites above the wheat"
    made = create_student(
        first_name=first_name,
        last_name=last_name,
        birth_date=datetime.date(AcademicYear.objects.current().first_year - 16, 11, 2),
        email=f"{first_name}.{last_name}@example.com".lower(),
        password=password,
        school=HighSchool.objects.get(name="Walla Walla High School"),
        grade_level=11,
        graduation_year=AcademicYear.objects.current().first_year + 2,
    )
    assert made is not None
    assert made.user is not None
    return {"username": made.user.username, "password": password}


def classes_for_many(number: int) -> list[str]:
    """So many more classes of Walla Walla High School this year, each for five credits at Walla Walla; their titles."""
    school = HighSchool.objects.get(name="Walla Walla High School")
    college = College.objects.get(name="Walla Walla Community College")
    consortium = Consortium.objects.get(name="Walla Walla CTE Dual Credit")
    teacher = Seat.objects.filter(role="teacher", school=school).earliest("pk")
    titles = [f"Workshop {one:02}" for one in range(1, number + 1)]
    for one, title in enumerate(titles, 1):
        course = make_high_school_course(school, title)
        make_agreement((course, make_college_course(college, f"WORK {100 + one}")), consortium=consortium)
        make_section(course, teacher)
    return titles


def completed_without_id() -> list[str]:
    """A new student of Kamiakin with a Completed class and no college ID, at a college that gives its IDs itself."""
    year = AcademicYear.objects.current()
    college = College.objects.get(name="Columbia Basin College")
    TranscriptionPlan.objects.filter(college_year__college=college, college_year__year=year).update(
        sids=TranscriptionPlan.Sids.COLLEGE, sid_from=None, sid_to=None
    )
    student = make_student(HighSchool.objects.get(name="Kamiakin High School"), "Nora", "Numberless")
    section = Section.objects.filter(
        year=year, high_school_course__title="Welding 1-2", high_school_course__school=student.school
    ).earliest("pk")
    agreement = (
        Articulation.objects.in_force(timezone.localdate())
        .filter(college=college, courses__high_school_course=section.high_school_course)
        .get()
    )
    make_registration(student, section, agreement, percent="97", by=section.teachers.earliest("pk").user)
    return [student.sers_id, student.last_name, student.first_name, str(student.birth_date), student.email]


def signers() -> list[list[str]]:
    """Who signs an agreement of Kennewick with Columbia Basin College: name and session of each partner."""
    college = Seat.objects.filter(college__name="Columbia Basin College")
    people = [
        Seat.objects.get(user__username="district.demo"),
        college.filter(signs_as__name="Chief instructional officer").earliest("pk"),
        Seat.objects.get(user__username="faculty.demo"),
    ]
    return [[one.user.name, session_of(one.user.username)] for one in people]
