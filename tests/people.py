"""The standing cast: one person a role in two neighbouring consortia, and factories for everybody else.

A test asks for the fixture `cast` and gets the same small world each time: Columbia Basin with Columbia Basin
College, Kennewick and Kamiakin High School; beside it Walla Walla with its college, district and high school.
What belongs to Columbia Basin has a plain name (`cast.teacher`), what belongs to the neighbour has `other_`
before it. `Cast` below lists everyone and everything.

The world is built once a session and kept in a schema of its own; `cast` copies it in with one statement (about
ten milliseconds), inside the test's transaction. Its objects are fresh for each test.

The factories (`make_student`, `make_section`, `make_registration`, `grade`, ...) need no cast. They write plain
rows; `grade` and `register` go through the real actions.
"""

import datetime
import hashlib
import itertools
import pickle
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.db import connection, models, transaction
from django.utils import timezone

from accounts.access import Role
from accounts.actions import change_email, new_link, queue_mail, record_event, set_answers
from accounts.models import EmailChange, Event, Identity, Mail, MailedLink, RecoveryRequest, User
from articulations.actions import (
    countersign,
    search_words,
    set_plan,
    sign_assurances,
    write_assurance_text,
    write_message,
)
from articulations.models import (
    AgreementReview,
    AgreementText,
    AlignmentRow,
    Articulation,
    ArticulationCourse,
    ArticulationRequest,
    CareerCluster,
    ClassFile,
    CollegeCourse,
    CourseFile,
    HighSchoolCourse,
    IndustryCredential,
    RequestFile,
    RequestStep,
    Rollover,
    Section,
    TeacherAssurance,
    text_fingerprint,
)
from articulations.rules import usual_steps
from grading.models import (
    ClassCompletion,
    GradeChange,
    GradeEntry,
    GradePart,
    RosterComment,
    WindowExtension,
)
from grading.rules import college_grade
from organizations.models import (
    AcademicYear,
    College,
    CollegeAnswer,
    CollegeYear,
    Consortium,
    ConsortiumYear,
    GradeScale,
    GradeScaleRow,
    HighSchool,
    PeopleFile,
    Question,
    SchoolDistrict,
    Seat,
    SignerTitle,
    Window,
)
from reports.actions import begin_mailing, count_figures
from reports.models import (
    ListExport,
    ListPart,
    Mailing,
    MailingRecipient,
    RecordExport,
    RecordExportFile,
)
from sers.lib.uploads import Checked
from sers.lib.uploads import keep as keep_upload
from students.actions import disclose, new_reference, new_sers_id, state_purpose
from students.models import (
    FIRST_CONSENT,
    FIRST_GUARDIAN_TEXT,
    FIRST_NOTICE,
    Amendment,
    Checkout,
    ClassAnswer,
    ConsentText,
    ConsentWording,
    CredentialTakenBack,
    Disclosure,
    EarnedCredential,
    Inspection,
    LateClaim,
    LateClaimFile,
    LateClaimMessage,
    LikelyTwins,
    Merge,
    Payment,
    Receipt,
    Registration,
    Requirement,
    RosterClass,
    RosterEntry,
    RosterImport,
    RosterLine,
    Statement,
    StatementLine,
    Student,
    StudentFile,
    YearlyNotice,
    sort_name,
)
from tests import agreeing, requesting
from tests.owing import TOKEN, make_fee, make_money
from transcripts import rules as transcript_rules
from transcripts.actions import award_credit, issue_transcript, make_badge, start_mailing
from transcripts.models import (
    Badge,
    CollegeIdentity,
    CreditAward,
    CtcLinkCourse,
    IdentityCandidate,
    IdentityConflict,
    Letter,
    Letterhead,
    LetterWording,
    MailingFile,
    PaperMailing,
    PostingEvent,
    RunItem,
    RunLine,
    SheetImport,
    SidReplacement,
    TermActivation,
    Transcript,
    TranscriptionPlan,
    TranscriptionRun,
    TranscriptRequest,
    WorksheetBatch,
    WorksheetColumn,
    WorksheetFile,
    WorksheetRow,
)

PASSWORD = "four plain words of wood"
#: Questions and answers of who has some (`cast.colleague`, and whom `make_answers` gives them).
ANSWERS = (("pet", "Señor Biscuit"), ("street", "Fir Street"), ("book", "Hatchet"))

#: Columbia Basin College's scale: from this percent on, these points and this letter. Below 85 it awards nothing.
CBC_SCALE = (
    ("98", "4.0", "A"),
    ("96", "3.9", "A"),
    ("95", "3.8", "A"),
    ("94", "3.7", "A-"),
    ("92", "3.6", "A-"),
    ("91", "3.5", "A-"),
    ("89", "3.4", "B+"),
    ("88", "3.3", "B+"),
    ("87", "3.2", "B+"),
    ("86", "3.1", "B"),
    ("85", "3.0", "B"),
)
#: The scale of the neighbour: letters, from C- on.
LETTER_SCALE = (
    ("93", "4.0", "A"),
    ("90", "3.7", "A-"),
    ("87", "3.3", "B+"),
    ("83", "3.0", "B"),
    ("80", "2.7", "B-"),
    ("77", "2.3", "C+"),
    ("73", "2.0", "C"),
    ("70", "1.7", "C-"),
)


@dataclass
class Cast:
    """Everyone and everything that stands when a test begins."""

    # Years and places
    year: AcademicYear
    last_year: AcademicYear
    columbia_basin: Consortium
    walla_walla: Consortium
    cbc: College
    wwcc: College
    kennewick: SchoolDistrict
    walla_walla_schools: SchoolDistrict
    kamiakin: HighSchool
    wahi: HighSchool
    home_consortium: Consortium  # Columbia Basin once more, beside `other_home_consortium`
    other_home_consortium: Consortium
    home_college: College
    other_home_college: College
    cbc_scale: GradeScale
    other_cbc_scale: GradeScale  # Walla Walla's
    cte_director: SignerTitle  # signs for a district
    dean: SignerTitle  # signs for a college, as faculty
    principal: SignerTitle  # signs for a high school, as its counselor

    # Staff, as users; each holds the one seat the name says
    teacher: User  # of `section` and `last_section`
    colleague: User  # teaches at Kamiakin too, another class (`colleague_section`)
    counselor: User
    district: User  # signs as CTE director
    faculty: User
    registrar: User
    consortium: User
    state: User
    other_teacher: User
    other_counselor: User
    other_district: User
    other_faculty: User
    other_registrar: User
    other_consortium: User
    former_teacher: User  # taught `section`; the seat ended yesterday
    locked_teacher: User  # teaches `section`; the account is not active
    nobody: User  # signed in, holds no seat
    other_invited: User
    invited: User  # a new teacher at Kamiakin who has not chosen a password yet
    many_hats: User  # teacher at Kamiakin (of `colleague_section`) and registrar at Walla Walla

    # Students: `.user` signs in
    student: Student  # In Progress in `section`
    classmate: Student  # Completed in `section` with 97, credit not yet awarded
    below: Student  # Not Attained in `section` with 84
    gone: Student  # Withdrawn from `section`
    owing: Student  # Completed in `section`, Fees/Req Pending
    address_change: EmailChange  # the newcomer's, by the counselor: it waits for a second person
    other_address_change: EmailChange
    newcomer: Student  # at Kamiakin, registered for nothing
    graduate: Student  # Completed last year, awarded, has a transcript
    other_student: Student  # In Progress in `other_section`
    other_classmate: Student  # Completed in `other_section`
    other_graduate: Student  # awarded last year by Walla Walla

    # What is taught and what it earns
    accounting: HighSchoolCourse  # at Kamiakin
    welding: HighSchoolCourse  # at Kamiakin
    health: HighSchoolCourse  # at Walla Walla High School
    acct_201: CollegeCourse  # 5 credits, Columbia Basin College
    wld_110: CollegeCourse  # 3 credits, Columbia Basin College
    other_acct_201: CollegeCourse  # Walla Walla's, beside `acct_201`
    ho_110: CollegeCourse  # 5 credits, Walla Walla Community College
    agreement: Articulation  # accounting = ACCT& 201
    welding_agreement: Articulation  # welding = WLD 110
    other_agreement: Articulation  # health = HO 110
    section: Section  # accounting, this year
    colleague_section: Section  # welding, this year
    last_section: Section  # accounting, last year
    other_section: Section
    other_last_section: Section

    # Seats
    teacher_seat: Seat
    colleague_seat: Seat
    other_teacher_seat: Seat
    people_file: PeopleFile  # handed in by `consortium`, not saved yet
    other_people_file: PeopleFile
    class_file: ClassFile  # codes of Kennewick's classes, not saved yet
    course_file: CourseFile  # of Columbia Basin's catalog, not saved yet
    rollover: Rollover  # of Kamiakin into this year, taken back
    other_rollover: Rollover
    assurance: TeacherAssurance  # `colleague`'s to Columbia Basin College: the district has signed, it waits for the college; `teacher` owes one
    other_assurance: TeacherAssurance  # `other_teacher`'s: it waits for the district

    # Industry credentials
    credential: IndustryCredential  # QuickBooks Certified User; accounting prepares for it
    first_aid: IndustryCredential  # no class prepares for it; the graduate's was taken back
    earned_credential: EarnedCredential  # `graduate` earned `credential`, recorded in `last_section`

    # Registrations, by the student's name
    registration: Registration
    classmate_registration: Registration
    below_registration: Registration
    gone_registration: Registration
    owing_registration: Registration
    graduate_registration: Registration
    other_registration: Registration
    other_classmate_registration: Registration
    other_graduate_registration: Registration

    # Credit
    run: TranscriptionRun  # Columbia Basin College, last year, finished
    other_run: TranscriptionRun
    award: CreditAward
    other_award: CreditAward
    transcript: Transcript
    other_transcript: Transcript
    receipt: Event  # Save Changes that entered `classmate_registration`'s grade
    # The registrar's side, at Columbia Basin College
    plan: TranscriptionPlan  # of last year: SERS gives IDs of a range
    college_identity: CollegeIdentity  # of `graduate`
    sheet: SheetImport  # handed in, waiting
    applied_sheet: SheetImport
    conflict: IdentityConflict  # open: `classmate` and `owing` may be meant
    batch: WorksheetBatch  # of last year: holds `award`
    posting: PostingEvent  # `award` is Accepted
    asked: TranscriptRequest  # of `student`, for `registration`
    other_college_identity: CollegeIdentity  # of `other_graduate`, at Walla Walla
    other_sheet: SheetImport
    other_conflict: IdentityConflict
    other_batch: WorksheetBatch

    # Requests to articulate, handed in and waiting for the signature of the CTE director
    articulation_request: (
        ArticulationRequest  # `teacher`, for Bookkeeping at Kamiakin, to Columbia Basin College
    )
    other_articulation_request: ArticulationRequest
    request_file: RequestFile  # the syllabus of it
    other_request_file: RequestFile

    # Agreements out for signature of a CTE director and a dean; nobody has signed
    agreement_text: AgreementText  # Marketing 1 at Kamiakin, with Columbia Basin College
    other_agreement_text: AgreementText

    comment: RosterComment  # on `classmate_registration`
    grade_change: GradeChange  # of `graduate_registration`, asked for by the graduate
    other_grade_change: GradeChange
    extension: WindowExtension  # asked for by `teacher` for `last_section`
    other_extension: WindowExtension
    completion: ClassCompletion  # `last_section`, declared by `teacher`
    letter: Mail  # to `student`
    identity: Identity  # of `teacher`, at their district
    disclosure: Disclosure  # `registrar` was shown the profile of `student`
    college: College  # Columbia Basin College again, by the name its addresses go by
    other_college: College
    paper_mailing: PaperMailing  # of Columbia Basin College, last year: ready; the graduate has no address
    other_paper_mailing: PaperMailing
    student_file: StudentFile  # students of the former system, handed in by consortium staff: no rows yet
    other_student_file: StudentFile
    late_claim: LateClaim  # of the student, for welding of last year, with its transcript: taken back
    other_late_claim: LateClaim
    late_claim_paper: LateClaimFile
    other_late_claim_paper: LateClaimFile
    amendment: Amendment  # of the student, about their former names: refused, without a statement
    other_amendment: Amendment
    inspection: Inspection  # the student asked to see their record and have it explained: given as a copy, explained, closed
    other_inspection: Inspection
    roster_import: RosterImport  # a school's roster, handed in by `teacher`, read and not taken in yet
    other_roster_import: RosterImport
    roster_entry: RosterEntry  # Ximena Ruiz, on last year's roster of `last_section`, without a SERS account
    other_roster_entry: RosterEntry
    twins: LikelyTwins  # the student and the classmate, as if they were alike
    other_twins: LikelyTwins
    merge: Merge  # of the newcomer and the one who is gone: undone, so that both stand for themselves
    other_merge: Merge
    export: RecordExport  # of everything SERS holds about the student, who asked for it: ready
    other_export: RecordExport
    list_export: ListExport  # registrations of this year, asked for by `consortium`: ready
    other_list_export: ListExport
    mailing: Mailing  # of Columbia Basin to students who are not registered: a draft by `consortium`
    other_mailing: Mailing
    mailed: MailingRecipient  # `newcomer`, to whom a letter of last year went
    other_mailed: MailingRecipient
    replacement: (
        SidReplacement  # of `college_identity`, asked for by `registrar`: it waits for a second person
    )
    other_replacement: SidReplacement
    badge: Badge  # of `award`, without the grade
    other_badge: Badge
    # Forms and fees of `registration`: a fee that was paid and is asked no more
    fee_receipt: Receipt
    other_fee_receipt: Receipt
    checkout: Checkout
    other_checkout: Checkout
    payment: Payment  # its money is to be given back
    other_payment: Payment
    statement: Statement
    other_statement: Statement
    statement_line: StatementLine
    other_statement_line: StatementLine
    district_fee: Requirement  # of `below_registration`: Kennewick pays it, and it holds up nobody
    home_district: SchoolDistrict  # Kennewick, by the name its invoice goes by
    other_home_district: SchoolDistrict


# --- Factories ---------------------------------------------------------------------------------------

_numbers = itertools.count(1)


def make_year(first_year: int | None = None) -> AcademicYear:
    """A school year by its first calendar year; the current one unless said otherwise."""
    if first_year is None:
        return AcademicYear.objects.current()
    return AcademicYear.objects.get_or_create(first_year=first_year)[0]


def make_user(first_name: str = "Robin", last_name: str = "", **facts: Any) -> User:
    """A person with a user name of their own and the password `PASSWORD`, without a seat."""
    number = next(_numbers)
    last_name = last_name or f"Number{number}"
    facts.setdefault("username", f"{first_name}.{last_name}.{number}".lower())
    facts.setdefault("email", f"person{number}@example.org")
    facts.setdefault("password", PASSWORD)
    return User.objects.create_user(first_name=first_name, last_name=last_name, **facts)


def make_answers(user: User) -> User:
    """The person has the three security answers of `ANSWERS`."""
    set_answers(user=user, answers=ANSWERS, by=user)
    return user


def make_seat(user: User, role: Role, place: models.Model | None = None, **facts: Any) -> Seat:
    """A seat on a place of the kind the role stands on, begun long ago."""
    column = Seat.PLACE[role]
    facts.setdefault("starts_on", timezone.localdate() - datetime.timedelta(days=400))
    if column is not None:
        facts[column] = place
    return Seat.objects.create(user=user, role=role, **facts)


def make_person(
    role: Role, place: models.Model | None = None, first_name: str = "Robin", **facts: Any
) -> User:
    """A person who holds one seat."""
    user = make_user(first_name, **facts)
    make_seat(user, role, place)
    return user


def make_consortium(
    name: str, colleges: Sequence[College] = (), districts: Sequence[SchoolDistrict] = ()
) -> Consortium:
    consortium = Consortium.objects.create(
        name=f"{name} CTE Dual Credit", short_name=name, contact_name="Dana Director",
        contact_phone="509-555-0100", contact_email="director@example.org",
    )  # fmt: skip
    consortium.colleges.set(colleges)
    consortium.districts.set(districts)
    return consortium


def make_college(name: str, code: str) -> College:
    return College.objects.create(
        name=name, code=code, city=name.split()[0], ctclink_institution=code,
        transcript_url="https://college.example.org/transcripts",
    )  # fmt: skip


def make_school(name: str, district: SchoolDistrict | None = None) -> HighSchool:
    district = district or SchoolDistrict.objects.create(name=f"{name} District", county="Benton")
    return HighSchool.objects.create(name=name, district=district, city=name.split()[0])


def make_scale(
    name: str = "CBC",
    rows: Sequence[tuple[str, str, str]] = CBC_SCALE,
    *,
    college: College | None = None,
    rounding: str = GradeScale.Rounding.DOWN,
) -> GradeScale:
    """A grade scale with its rows: (from percent, points, letter)."""
    scale = GradeScale.objects.create(name=name, college=college, rounding=rounding)
    GradeScaleRow.objects.bulk_create(
        GradeScaleRow(scale=scale, percent_from=Decimal(percent), points=Decimal(points), letter=letter)
        for percent, points, letter in rows
    )
    return scale


def make_window(
    kind: Window.Kind,
    consortium: Consortium,
    year: AcademicYear,
    *,
    college: College | None = None,
    opens_on: datetime.date | None = None,
    closes_on: datetime.date | None = None,
) -> Window:
    """A window, open from thirty days ago until in thirty days unless said otherwise."""
    today = timezone.localdate()
    return Window.objects.create(
        kind=kind,
        consortium=consortium,
        college=college,
        year=year,
        opens_on=opens_on or today - datetime.timedelta(days=30),
        closes_on=closes_on or today + datetime.timedelta(days=30),
    )


def close_window(kind: Window.Kind, consortium: Consortium, year: AcademicYear, *, days_ago: int = 1) -> None:
    """Let a consortium's window end some days ago (negative: it opens in so many days)."""
    today = timezone.localdate()
    last = today - datetime.timedelta(days=days_ago)
    if days_ago < 0:
        first, last = last, last + datetime.timedelta(days=30)
    else:
        first = last - datetime.timedelta(days=30)
    Window.objects.filter(kind=kind, consortium=consortium, year=year).update(opens_on=first, closes_on=last)


def make_student(
    school: HighSchool, first_name: str = "Sam", last_name: str = "Sample", **facts: Any
) -> Student:
    """A student with an ID, an account and a seat. `user=None` makes one who cannot sign in."""
    number = next(_numbers)
    email = facts.pop("email", f"student{number}@example.net")
    if "user" not in facts:
        facts["user"] = make_user(first_name, last_name or "One", email=email)
        make_seat(facts["user"], Role.STUDENT)
    facts.setdefault("imported_email", "" if facts["user"] else email)
    facts.setdefault("sers_id", new_sers_id())
    facts.setdefault("birth_date", datetime.date(2009, 1, 1) + datetime.timedelta(days=number % 700))
    facts.setdefault("grade_level", 11)
    facts.setdefault("graduation_year", timezone.localdate().year + 1)
    return Student.objects.create(school=school, first_name=first_name, last_name=last_name, **facts)


def account_of(student: Student) -> User:
    """The account of a student who can sign in."""
    if student.user is None:
        raise ValueError(f"{student} has no account")
    return student.user


def make_address_change(student: Student, *, by: User, **facts: Any) -> EmailChange:
    """A new address that staff entered for a student just now: nobody confirmed it or decided it yet."""
    facts.setdefault("new_address", f"new.{student.email}")
    facts.setdefault("hold_until", timezone.now() + EmailChange.HOLD)
    return EmailChange.objects.create(user=student.user, old_address=student.email, by=by, **facts)


def make_high_school_course(school: HighSchool, title: str, cip: str = "520301") -> HighSchoolCourse:
    return HighSchoolCourse.objects.create(school=school, title=title, cip=cip)


def make_credential(title: str, given_by: str = "Somebody", *classes: HighSchoolCourse) -> IndustryCredential:
    """An industry credential of the State's list, of any cluster, and the classes that prepare for it."""
    credential = IndustryCredential.objects.create(title=title, given_by=given_by)
    credential.classes.set(classes)
    return credential


def make_earned(
    registration: Registration,
    credential: IndustryCredential,
    *,
    by: User,
    earned_on: datetime.date | None = None,
) -> EarnedCredential:
    """A credential a student earned in a class, on the first of May of its school year unless said otherwise."""
    return EarnedCredential.objects.create(
        registration=registration,
        credential=credential,
        earned_on=earned_on or datetime.date(registration.year.first_year + 1, 5, 1),
        recorded_by=by,
    )


def make_college_course(
    college: College, code: str, title: str = "", credits: str | Decimal = "5"
) -> CollegeCourse:
    return CollegeCourse.objects.create(
        college=college, code=code, title=title or f"Course {code}", credits=Decimal(credits),
        description_url="https://college.example.org/catalog",
    )  # fmt: skip


def make_agreement(
    *courses: tuple[HighSchoolCourse, CollegeCourse],
    consortium: Consortium,
    number: str = "",
    credits: Decimal | None = None,
    valid_from: datetime.date | None = None,
    valid_until: datetime.date | None = None,
    minimum_percent: Decimal | None = None,
    by: User | None = None,
) -> Articulation:
    """An agreement in force this year and the two before: one line for each pair of courses."""
    first_year = make_year().first_year
    valid_from = valid_from or datetime.date(first_year - 2, 7, 1)
    valid_until = valid_until or datetime.date(first_year + 2, 6, 30)
    college = courses[0][1].college
    agreement = Articulation.objects.create(
        number=number or f"{college.code}-T{next(_numbers):04}",
        consortium=consortium,
        college=college,
        valid_from=valid_from,
        valid_until=valid_until,
        minimum_percent=minimum_percent,
        entered_by=by,
        entered_at=timezone.now(),
    )
    ArticulationCourse.objects.bulk_create(
        ArticulationCourse(
            articulation=agreement,
            high_school_course=taught,
            college_course=earned,
            credits=earned.credits if credits is None else credits,
            valid_from=valid_from,
            valid_until=valid_until,
            folded=search_words(taught, earned),
        )
        for taught, earned in courses
    )
    return agreement


def make_consent() -> ConsentText:
    """The consent text in force, as the migration put it; made anew where a test emptied the tables."""
    text, made = ConsentText.objects.get_or_create(version=FIRST_CONSENT)
    if made:
        for language, heading in (
            ("en", "This becomes part of your permanent college record"),
            ("es", "Esto pasa a ser parte de tu historial universitario permanente"),
        ):
            ConsentWording.objects.create(text=text, language=language, heading=heading, body=f"{heading}.")
    signed, made = ConsentText.objects.get_or_create(
        version=FIRST_GUARDIAN_TEXT, defaults={"audience": "guardian"}
    )
    if made:
        for language, heading in (("en", "What your signature means"), ("es", "Qué significa tu firma")):
            ConsentWording.objects.create(text=signed, language=language, heading=heading, body=f"{heading}.")
    told, made = ConsentText.objects.get_or_create(version=FIRST_NOTICE, defaults={"audience": "notice"})
    if made:
        for language, heading in (
            ("en", "Your rights in your record"),
            ("es", "Tus derechos sobre tu expediente"),
        ):
            ConsentWording.objects.create(text=told, language=language, heading=heading, body=f"{heading}.")
    return text


def make_section(
    course: HighSchoolCourse,
    *teachers: Seat,
    year: AcademicYear | None = None,
    label: str = "",
    term: str = Section.Term.YEAR,
    class_code: str | None = None,
) -> Section:
    """A class of this year, with these teachers' seats."""
    section = Section.objects.create(
        high_school_course=course, year=year or make_year(), label=label, term=term,
        **({"class_code": class_code} if class_code else {}),
    )  # fmt: skip
    section.teachers.set(teachers)
    return section


def make_entry(
    section: Section, first_name: str = "Ximena", last_name: str = "Ruiz", **facts: Any
) -> RosterEntry:
    """A student whom the school's roster names in a class; without a SERS account unless `student` says who it is."""
    school = section.high_school_course.school
    named, _ = RosterClass.objects.get_or_create(
        year=section.year, school=school, key=f"test|{section.pk}",
        defaults={"title": section.high_school_course.title, "part": section.label, "section": section},
    )  # fmt: skip
    facts.setdefault("key", f"n:{next(_numbers)}")
    facts.setdefault("email", f"{first_name.lower()}@school.example.org")
    return RosterEntry.objects.create(
        section=section, roster_class=named, first_name=first_name, last_name=last_name,
        sort_name=sort_name(last_name, first_name, ""), **facts,
    )  # fmt: skip


def make_roster_import(section: Section, by: User, **facts: Any) -> RosterImport:
    """A school's roster of one class that was read, with one line: to be checked."""
    entry = make_entry(section, gone_at=timezone.now())
    facts = {
        "state": "preview",
        "kind": "csv",
        "name": "period2.csv",
        "sha256": "0" * 64,
        "lines": 1,
        "read": 1,
    } | facts
    roster = RosterImport.objects.create(year=section.year, handed_in_by=by, **facts)
    RosterLine.objects.create(
        roster=roster, line=2, roster_class=entry.roster_class, key=entry.key, first_name=entry.first_name,
        last_name=entry.last_name, sort_name=entry.sort_name,
    )  # fmt: skip
    return roster


def make_claim(student: Student, agreement: Articulation, year: AcademicYear, **facts: Any) -> LateClaim:
    """A late claim of a student as it stands, sent unless said otherwise, without asking a rule."""
    line = agreement.courses.select_related("high_school_course").earliest("pk")
    facts = {"agreed_at": timezone.now(), "consent": make_consent(), "consent_language": "en", **facts}
    return LateClaim.objects.create(
        reference=f"L-T{next(_numbers):07}", student=student, high_school_course=line.high_school_course, year=year,
        college=agreement.college, articulation=agreement, asked_by=facts.pop("by", student.user), **facts,
    )  # fmt: skip


def make_inspection(student: Student, *, answered_by: User | None = None, **facts: Any) -> Inspection:
    """A request of the student to see their record, received today unless said otherwise; answered in full by
    somebody, else open."""
    received = facts.pop("received_on", timezone.localdate())
    if answered_by is not None:
        now = timezone.now()
        facts = {
            "state": "closed", "wants_explained": True, "given_at": now, "given_by": answered_by, "given_how": "copy",
            "explained_at": now, "explained_by": answered_by, "explanation": "What each grade means.",
            "closed_at": now, "closed_by": answered_by, **facts,
        }  # fmt: skip
    facts = {"asker": "student", "entered_by": student.user, **facts}
    return Inspection.objects.create(
        student=student, received_on=received, due_on=received + Inspection.ANSWERED_WITHIN, **facts
    )


def make_amendment(student: Student, *, refused_by: User | None = None, **facts: Any) -> Amendment:
    """A request of the student to have something put right, in the profile unless said otherwise; refused by somebody,
    else asked."""
    if refused_by is not None:
        facts = {"state": "refused", "decided_by": refused_by, "decided_at": timezone.now(), "decision": "It is right.", **facts}  # fmt: skip
    if "registration" not in facts:
        facts = {"item": "profile", "field": "former_names", **facts}
    facts = {"side": "school", "wrong": "It is another name.", "should_say": "Nothing.", "entered_by": student.user, **facts}  # fmt: skip
    return Amendment.objects.create(student=student, **facts)


def make_claim_paper(claim: LateClaim, pdf: bytes = b"%PDF-1.7\n%%EOF\n") -> LateClaimFile:
    """The transcript of a claim, kept as an upload."""
    path = keep_upload(Checked("transcript.pdf", "application/pdf", ".pdf", pdf))
    return LateClaimFile.objects.create(
        claim=claim, name="transcript.pdf", mime="application/pdf", size=len(pdf),
        sha256=hashlib.sha256(pdf).hexdigest(), path=path, added_by=claim.asked_by,
    )  # fmt: skip


def make_registration(
    student: Student,
    section: Section,
    agreement: Articulation,
    *,
    status: str = Registration.Status.IN_PROGRESS,
    fees_req: str = Registration.FeesReq.NOT_REQUIRED,
    percent: str | None = None,
    by: User | None = None,
    **facts: Any,
) -> Registration:
    """A registration as it stands, without asking the windows. `percent` enters a grade as well, in ink.

    A status of Completed or Not Attained follows from the percent.
    """
    if fees_req in (Registration.FeesReq.PROCESSED, Registration.FeesReq.WAIVED):
        facts.setdefault("fees_req_at", timezone.now())
    registration = Registration.objects.create(
        reference=new_reference(),
        student=student,
        high_school_course=section.high_school_course,
        section=section,
        year=section.year,
        college=agreement.college,
        articulation=agreement,
        status=status,
        fees_req=fees_req,
        registered_by=by or student.user,
        consent=make_consent(),
        **facts,
    )
    if percent is not None:
        enter_grade(registration, percent, by=by)
    return registration


def enter_grade(registration: Registration, percent: str, *, by: User | None = None) -> GradeEntry:
    """The next grade of a registration, in ink, as its college reads the percent; no window is asked."""
    terms = CollegeYear.objects.select_related("scale").get(
        college=registration.college, year=registration.year
    )
    own_minimum = registration.articulation.minimum_percent
    grade_read = college_grade(
        Decimal(percent),
        rows=list(terms.scale.rows.all()),
        rounding=terms.scale.rounding,
        minimum=terms.minimum_percent if own_minimum is None else own_minimum,
    )
    entry = GradeEntry.objects.create(
        registration=registration,
        number=registration.grades.count() + 1,
        percent=Decimal(percent),
        points=grade_read.points,
        letter=grade_read.letter,
        outcome=grade_read.outcome,
        scale=terms.scale,
        entered_by=by,
    )
    registration.status = str(grade_read.outcome)
    registration.version += 1
    registration.save(update_fields=("status", "version"))
    return entry


def grade(registration: Registration, typed: str, *, by: User, **change: Any) -> Any:
    """One grade typed into the roster by `by`, through Save Changes; `registration` is read again."""
    from grading.actions import RowChange, save_roster

    registration.refresh_from_db()
    result = save_roster(
        section=registration.section,
        changes=[RowChange(registration.public_id, registration.version, grade=typed, **change)],
        by=by,
    )
    registration.refresh_from_db()
    return result.rows[registration.public_id]


def make_change(registration: Registration, by: User, **facts: Any) -> GradeChange:
    """A Grade Change as it stands, requested unless said otherwise, without asking the windows."""
    facts.setdefault("asked_as", Role.STUDENT)
    facts.setdefault("reason", "The final exam was counted twice.")
    return GradeChange.objects.create(
        reference=f"G-T{next(_numbers):07}", registration=registration, asked_by=by,
        was=GradeEntry.objects.filter(registration=registration).current().get(), **facts,
    )  # fmt: skip


def make_run(
    college: College, year: AcademicYear, by: User, *registrations: Registration, state: str = "finished"
) -> TranscriptionRun:
    """A run. A finished one has awarded these Completed registrations, all of one student each time."""
    now = timezone.now()
    run = TranscriptionRun.objects.create(
        college=college, year=year, started_by=by, state=state,
        finished_at=now if state == TranscriptionRun.State.FINISHED else None,
    )  # fmt: skip
    by_student: dict[int, list[Registration]] = {}
    for registration in registrations:
        by_student.setdefault(registration.student_id, []).append(registration)
    for theirs in by_student.values():
        done = state == TranscriptionRun.State.FINISHED
        item = RunItem.objects.create(
            run=run, student=theirs[0].student, state=RunItem.State.DONE if done else RunItem.State.WAITING,
            done_at=now if done else None,
        )  # fmt: skip
        RunLine.objects.bulk_create(
            RunLine(
                run=run,
                item=item,
                registration=one,
                state=RunLine.State.AWARDED if done else RunLine.State.WAITING,
            )
            for one in theirs
        )
        if done:
            make_award(run, *theirs)
            make_transcript(run, theirs[0].student)
    return run


def make_award(run: TranscriptionRun, *registrations: Registration) -> None:
    """Credit for these registrations, by the real action: every college course of their agreements."""
    lines = ArticulationCourse.objects.filter(
        articulation__in={one.articulation_id for one in registrations},
        high_school_course__in={one.high_school_course_id for one in registrations},
    ).select_related("college_course")
    grades = {
        entry.registration_id: entry
        for entry in GradeEntry.objects.filter(registration__in=registrations).current()
    }
    by_course = {one.high_school_course_id: one for one in registrations}
    award_credit(
        run=run,
        student=registrations[0].student,
        earned=tuple(
            transcript_rules.Earned(
                course=line.college_course,
                credits=line.credits,
                sources=(
                    (by_course[line.high_school_course_id], grades[by_course[line.high_school_course_id].pk]),
                ),
            )
            for line in lines
        ),
    )
    for one in registrations:
        one.refresh_from_db(fields=("awarded_at", "version"))


def make_transcript(run: TranscriptionRun, student: Student, pdf: bytes = b"%PDF-1.7\n%%EOF\n") -> Transcript:
    """A transcript with its file; the file is a few bytes, because drawing one takes half a second."""
    credits = sum(
        CreditAward.objects.filter(student=student, college=run.college).values_list("credits", flat=True),
        Decimal(0),
    )
    number = Transcript.objects.filter(run=run, student=student).count() + 1
    transcript = Transcript(run=run, student=student, college=run.college, credits=credits, number=number)
    letter = Letter(transcript=transcript, address="\n".join(student.address_lines))
    issue_transcript(transcript=transcript, pdf=pdf, letter=letter, letter_pdf=pdf)
    return transcript


SID = "201234567"


def make_sheet(college: College, by: User, text: str = "", kind: str = "sids", **facts: Any) -> SheetImport:
    """A sheet of a college, handed in and waiting."""
    text = (
        ""
        if facts.get("state", "waiting") != "waiting"
        else text or "SID,Last name,First name,Birth date\n201234568,Nobody,Nell,2009-01-01\n"
    )
    return SheetImport.objects.create(
        college=college, kind=kind, name="sheet.csv", text=text, sha256="0" * 64, uploaded_by=by, **facts
    )


def make_identity(student: Student, college: College, sid: str = "", **facts: Any) -> CollegeIdentity:
    """A college ID of a student, matched by an import."""
    return CollegeIdentity.objects.create(
        student=student, college=college, sid=sid or f"{300_000_000 + next(_numbers)}",
        source=facts.pop("source", CollegeIdentity.Source.MATCHED), score=facts.pop("score", 75), **facts,
    )  # fmt: skip


def make_conflict(
    college: College,
    sheet: SheetImport,
    *students: Student,
    sid: str = "",
    kind: str = "several",
    **facts: Any,
) -> IdentityConflict:
    """A conflict with these candidates: the college's person has the name and birth date of the first."""
    first = students[0]
    conflict = IdentityConflict.objects.create(
        college=college, sheet=sheet, sid=sid or f"{400_000_000 + next(_numbers)}", kind=kind,
        **{
            "first_name": first.first_name, "last_name": first.last_name, "birth_date": first.birth_date, **facts,
        },
    )  # fmt: skip
    for score, student in enumerate(reversed(students), 70):
        IdentityCandidate.objects.create(conflict=conflict, student=student, score=score)
    return conflict


def make_registrars_desk(
    college: College, year: AcademicYear, by: User, known: Student, unsure: Sequence[Student], sid: str = SID
) -> tuple[TranscriptionPlan, CollegeIdentity, SheetImport, SheetImport, IdentityConflict]:
    """A plan, a college ID, a sheet that waits and one that is applied, and a conflict of two students."""
    plan = TranscriptionPlan.objects.create(
        college_year=CollegeYear.objects.get(college=college, year=year),
        sids=TranscriptionPlan.Sids.RANGE, sid_from=900_000_000, sid_to=900_000_999,
    )  # fmt: skip
    applied = make_sheet(
        college,
        by,
        state=SheetImport.State.APPLIED,
        decided_by=by,
        decided_at=timezone.now(),
        rows=2,
        added=1,
        kept=1,
    )
    identity = make_identity(known, college, sid, sheet=applied, given_by=by)
    conflict = make_conflict(college, applied, *unsure, sid=f"{int(sid) + 1}")
    return plan, identity, make_sheet(college, by), applied, conflict


def make_replacement(identity: CollegeIdentity, by: User, **facts: Any) -> SidReplacement:
    """A wrong college ID, asked to be replaced: it waits for a second person unless said otherwise."""
    facts.setdefault("sid", f"{500_000_000 + next(_numbers)}")
    facts.setdefault("reason", "Two digits changed places.")
    return SidReplacement.objects.create(identity=identity, asked_by=by, **facts)


def make_batch(
    college: College, year: AcademicYear, by: User, *awards: CreditAward, number: int = 1
) -> WorksheetBatch:
    """A worksheet that holds these awards, each under the college ID of its student."""
    content = b"a worksheet"
    batch = WorksheetBatch.objects.create(
        college=college, year=year, number=number, term=f"2{(year.first_year + 1) % 100:02}5", made_by=by,
        size=len(awards), students=len({award.student_id for award in awards}),
        sha256=hashlib.sha256(content).hexdigest(),
    )  # fmt: skip
    WorksheetFile.objects.create(batch=batch, csv=content)
    for position, award in enumerate(awards, 1):
        WorksheetRow.objects.create(
            batch=batch, award=award, position=position, course_id="012345", grade=str(award.points),
            sid=CollegeIdentity.objects.standing().get(student=award.student_id, college=college).sid,
        )  # fmt: skip
    return batch


def correct_award(old: CreditAward, **facts: Any) -> CreditAward:
    """A new award that supersedes one, outside of any run."""
    kept = {
        name: getattr(old, name)
        for name in (
            "student",
            "college",
            "college_course",
            "year",
            "course_code",
            "course_title",
            "credits",
            "points",
            "letter",
        )
    }
    return CreditAward.objects.create(
        **{**kept, **facts}, run=None, supersedes=old, previous_link="0" * 64, link="1" * 64,
        awarded_at=timezone.now(),
    )  # fmt: skip


def make_export(
    student: Student, *, by: User | None = None, content: bytes = b"PK", **facts: Any
) -> RecordExport:
    """The file of a whole record that was made just now."""
    facts.setdefault("made_at", timezone.now())
    export: RecordExport = RecordExport.objects.create(
        student=student, asked_by=by or student.user, size=len(content), sha256=hashlib.sha256(content).hexdigest(),
        **facts,
    )  # fmt: skip
    RecordExportFile.objects.create(export=export, content=content)
    return export


def make_list_export(by: User, *, content: bytes = b"Reference\r\n", **facts: Any) -> ListExport:
    """A list that was made just now."""
    facts.setdefault("made_at", timezone.now())
    facts.setdefault("kind", ListExport.Kind.REGISTRATIONS)
    facts.setdefault("form", ListExport.Form.CSV)
    export: ListExport = ListExport.objects.create(
        asked_by=by, purpose="Counting who has a form", size=len(content), sha256=hashlib.sha256(content).hexdigest(),
        **facts,
    )  # fmt: skip
    ListPart.objects.create(export=export, number=0, content=content)
    return export


def make_mailing(run: TranscriptionRun, *, state: str = PaperMailing.State.READY, by: User) -> PaperMailing:
    """A mailing of what a run made, ready and with a file of a few bytes; who has no address is left out."""
    mailing = start_mailing(college=run.college, year=run.year, by=by)
    if state != PaperMailing.State.PREPARING:
        PaperMailing.objects.filter(pk=mailing.pk).update(state=state, ready_at=timezone.now(), pages=2)
        MailingFile.objects.create(mailing=mailing, pdf=b"%PDF-1.7\n%%EOF\n")
        mailing.refresh_from_db()
    return mailing


# --- The cast ----------------------------------------------------------------------------------------


def build() -> Cast:
    """Write the standing cast into an empty database."""
    year = make_year()
    last_year = make_year(year.first_year - 1)
    CareerCluster.objects.create(
        framework=CareerCluster.Framework.LEGACY, number=4, name="Business Management"
    )

    def world(
        name: str,
        college_name: str,
        code: str,
        district_name: str,
        school_name: str,
        scale_name: str,
        rows: Sequence[tuple[str, str, str]],
    ) -> tuple[Consortium, College, SchoolDistrict, HighSchool, GradeScale]:
        college = make_college(college_name, code)
        district = SchoolDistrict.objects.create(name=district_name, county="Benton")
        school = make_school(school_name, district)
        consortium = make_consortium(name, [college], [district])
        scale = make_scale(scale_name, rows, college=college)
        for one in (year, last_year):
            CollegeYear.objects.create(
                college=college, year=one, scale=scale, minimum_percent=Decimal(rows[-1][0]),
                tuition_per_credit=Decimal("132.00"),
            )  # fmt: skip
            ConsortiumYear.objects.create(consortium=consortium, year=one)
        for kind in Window.Kind:
            make_window(kind, consortium, year)
            make_window(
                kind, consortium, last_year,
                opens_on=last_year.starts_on, closes_on=last_year.starts_on + datetime.timedelta(days=60),
            )  # fmt: skip
        return consortium, college, district, school, scale

    columbia_basin, cbc, kennewick, kamiakin, cbc_scale = world(
        "Columbia Basin", "Columbia Basin College", "WA190", "Kennewick School District",
        "Kamiakin High School", scale_name="CBC", rows=CBC_SCALE,
    )  # fmt: skip
    walla_walla, wwcc, walla_walla_schools, wahi, other_cbc_scale = world(
        "Walla Walla", "Walla Walla Community College", "WA200", "Walla Walla Public Schools",
        "Walla Walla High School", scale_name="Letter", rows=LETTER_SCALE,
    )  # fmt: skip

    def person(role: Role, place: models.Model | None, first_name: str, **facts: Any) -> User:
        """`teacher.tess`-like: the test that fails names the person."""
        return make_person(
            role, place, first_name, last_name=str(role.label).split()[-1], email=f"{first_name.lower()}@example.org",
            username=f"{first_name}.{role.value}".lower(), **facts,
        )  # fmt: skip

    teacher = person(Role.TEACHER, kamiakin, "Tess")
    colleague = person(Role.TEACHER, kamiakin, "Colin")
    counselor = person(Role.COUNSELOR, kamiakin, "Connie")
    district = person(Role.DISTRICT, kennewick, "Dora")
    faculty = person(Role.FACULTY, cbc, "Felix")
    registrar = person(Role.REGISTRAR, cbc, "Rita")
    consortium = person(Role.CONSORTIUM, columbia_basin, "Carmen")
    state = person(Role.STATE, None, "Stella")
    state_purpose(purpose="Audit of fees", agreement="Interagency agreement 26-104", by=state)
    other_teacher = person(Role.TEACHER, wahi, "Tobias")
    other_counselor = person(Role.COUNSELOR, wahi, "Cosmo")
    other_district = person(Role.DISTRICT, walla_walla_schools, "Dmitri")
    other_faculty = person(Role.FACULTY, wwcc, "Fatima")
    other_registrar = person(Role.REGISTRAR, wwcc, "Ragnar")
    other_consortium = person(Role.CONSORTIUM, walla_walla, "Cyril")
    former_teacher = person(Role.TEACHER, kamiakin, "Fergus")
    former_teacher.seats.update(ends_on=timezone.localdate() - datetime.timedelta(days=1))
    locked_teacher = person(Role.TEACHER, kamiakin, "Lola", is_active=False)
    nobody = make_user("Nils", "Nobody", username="nils.nobody")
    invited = person(Role.TEACHER, kamiakin, "Ivy", password=None)
    other_invited = person(Role.TEACHER, wahi, "Ivan", password=None)
    cte_director, dean, principal = (
        SignerTitle.objects.create(name=name, role=role)
        for name, role in (("CTE director", "district"), ("Dean", "faculty"), ("Principal", "counselor"))
    )
    district.seats.update(signs_as=cte_director)
    people_file, other_people_file = (
        PeopleFile.objects.create(name="new.csv", reason="New this year", handed_in_by=one)
        for one in (consortium, other_consortium)
    )
    student_file, other_student_file = (
        StudentFile.objects.create(name="former.csv", reason="Of the former system", handed_in_by=one)
        for one in (consortium, other_consortium)
    )
    many_hats = person(Role.TEACHER, kamiakin, "Mika")
    make_seat(many_hats, Role.REGISTRAR, wwcc)

    teacher_seat, colleague_seat, other_teacher_seat = (
        one.seats.get() for one in (teacher, colleague, other_teacher)
    )
    accounting = make_high_school_course(kamiakin, "Accounting 1")
    welding = make_high_school_course(kamiakin, "Welding Technology", cip="480508")
    health = make_high_school_course(wahi, "Medical Terminology", cip="510000")
    acct_201 = make_college_course(cbc, "ACCT& 201", "Principles of Accounting I")
    wld_110 = make_college_course(cbc, "WLD 110", "Welding Basics", "3")
    ho_110 = make_college_course(wwcc, "HO 110", "Medical Terminology")
    other_acct_201 = ho_110
    course_file = CourseFile.objects.create(
        college=cbc,
        name="catalog.csv",
        handed_in_by=registrar,
        rows=[{"line": 2, "code": "ACCT& 201", "credits": "4"}],
    )
    class_file = ClassFile.objects.create(
        district=kennewick,
        name="classes.csv",
        handed_in_by=district,
        rows=[{"line": 2, "school": "Kamiakin High School", "title": "Accounting 1", "local_code": "BUS201"}],
    )
    agreement = make_agreement((accounting, acct_201), consortium=columbia_basin, by=consortium)
    welding_agreement = make_agreement((welding, wld_110), consortium=columbia_basin, by=consortium)
    other_agreement = make_agreement((health, ho_110), consortium=walla_walla, by=other_consortium)

    dead_seats = [*former_teacher.seats.all(), *locked_teacher.seats.all()]
    section = make_section(accounting, teacher_seat, *dead_seats, label="Period 2", class_code="ACCTG23")
    colleague_section = make_section(
        welding,
        colleague_seat,
        many_hats.seats.get(role=Role.TEACHER),
        label="Period 4",
        class_code="WELDING",
    )
    last_section = make_section(accounting, teacher_seat, *dead_seats, year=last_year)
    other_section = make_section(health, other_teacher_seat, label="Period 1", class_code="HEALTH9")
    other_last_section = make_section(health, other_teacher_seat, year=last_year)

    def pupil(school: HighSchool, first_name: str, last_name: str, **facts: Any) -> Student:
        return make_student(
            school, first_name, last_name, email=f"{first_name.split()[0].lower()}@example.net", **facts
        )

    student = pupil(kamiakin, "Marisol", "Vega")
    classmate = pupil(kamiakin, "Maximiliano", "Hernández de la Cruz")
    below = pupil(kamiakin, "Bo", "Ángel-Lindqvist")
    gone = pupil(kamiakin, "Gwen", "O'Farrell")
    owing = pupil(kamiakin, "Oksana", "Petrenko")
    newcomer = pupil(kamiakin, "Ngozi", "")
    graduate = pupil(kamiakin, "Grace", "Nakamura", grade_level=12)
    other_student = pupil(wahi, "Otto", "Weiss")
    other_classmate = pupil(wahi, "Olga", "Vega")
    other_graduate = pupil(wahi, "Osman", "Yildiz", grade_level=12)

    status, fees = Registration.Status, Registration.FeesReq
    registration = make_registration(student, section, agreement)
    classmate_registration = make_registration(
        classmate, section, agreement, fees_req=fees.PROCESSED, percent="97", by=teacher
    )
    below_registration = make_registration(below, section, agreement, percent="84", by=teacher)
    gone_registration = make_registration(gone, section, agreement, status=status.WITHDRAWN)
    owing_registration = make_registration(
        owing, section, agreement, fees_req=fees.PENDING, fee_due=Decimal(20), percent="91", by=teacher
    )
    graduate_registration = make_registration(graduate, last_section, agreement, percent="95.5", by=teacher)
    other_registration = make_registration(other_student, other_section, other_agreement)
    other_classmate_registration = make_registration(
        other_classmate, other_section, other_agreement, percent="88", by=other_teacher
    )
    other_graduate_registration = make_registration(
        other_graduate, other_last_section, other_agreement, percent="74", by=other_teacher
    )
    credential = make_credential("QuickBooks Certified User", "Intuit", accounting)
    first_aid = make_credential("First Aid, CPR and AED", "American Red Cross")
    earned_credential = make_earned(graduate_registration, credential, by=teacher)
    CredentialTakenBack.objects.create(
        earned=make_earned(graduate_registration, first_aid, by=teacher), reason="Another student’s", taken_back_by=teacher
    )  # fmt: skip
    run = make_run(cbc, last_year, registrar, graduate_registration)
    other_run = make_run(wwcc, last_year, other_registrar, other_graduate_registration)
    GradePart.objects.create(  # of a year in which the college asked each semester
        registration=graduate_registration, part="first", number=1, percent=Decimal("95.5"), points=Decimal("3.8"),
        letter="A", outcome="completed", scale=cbc_scale, entered_by=teacher,
    )  # fmt: skip
    receipt = record_event(
        by=teacher, kind="grading.roster_saved", subject=section,
        data={
            "grades": {str(classmate_registration.pk): 1}, "statuses": {}, "comments": [],
            "rows": {
                str(classmate_registration.pk): {
                    "was": {"status": "in_progress", "number": 0, "parts": {}},
                    "now": {"status": "completed", "number": 1, "parts": {}},
                }
            },
        },
    )  # fmt: skip
    plan, college_identity, sheet, applied_sheet, conflict = make_registrars_desk(
        cbc, last_year, registrar, graduate, (classmate, owing)
    )
    CtcLinkCourse.objects.create(college_course=acct_201, course_id="012345")
    TermActivation.objects.create(college=cbc, term="2265", sid=college_identity.sid, said_by=registrar)
    WorksheetColumn.objects.bulk_create(
        WorksheetColumn(college=wwcc, field=field, position=place, heading=field.label)
        for place, field in enumerate(WorksheetColumn.Field, 1)
        if field not in ("sid", "grade")
    )
    batch = make_batch(cbc, last_year, registrar, *run.awards.all())
    posting = PostingEvent.objects.create(
        college=cbc, award=run.awards.get(), kind=PostingEvent.Kind.ACCEPTED, on=timezone.localdate(),
        sid=college_identity.sid, term="2265", course_id="012345", grade="3.8", said_by=registrar,
    )  # fmt: skip
    _, other_college_identity, other_sheet, _, other_conflict = make_registrars_desk(
        wwcc, last_year, other_registrar, other_graduate, (other_classmate, other_student), sid="700000001"
    )
    other_batch = make_batch(wwcc, last_year, other_registrar, *other_run.awards.all())
    asked = TranscriptRequest.objects.create(
        registration=registration, asked_by=student.user, consent_version="test"
    )
    comment = RosterComment.objects.create(
        registration=classmate_registration, text="Helps the others with ledgers.", written_by=teacher
    )
    grade_change = make_change(graduate_registration, graduate.user)
    other_grade_change = make_change(other_graduate_registration, other_graduate.user)
    extension = WindowExtension.objects.create(
        section=last_section, consortium=columbia_basin, asked_by=teacher, reason="I was away in June."
    )
    other_extension = WindowExtension.objects.create(
        section=other_last_section,
        consortium=walla_walla,
        asked_by=other_teacher,
        reason="The list was late.",
    )
    completion = ClassCompletion.objects.create(
        section=last_section, number=1, declared_by=teacher, completed=1, not_attained=0, ended=0
    )
    letter = queue_mail(
        key="welcome-to-the-cast",
        to=student.email,
        person=student.user,
        template="free",
        context={"subject": "Confirm your e-mail for SERS", "text": "Hello, Marisol."},
    )
    assert letter is not None
    CollegeAnswer.objects.create(
        college=wwcc, question=Question.LIMIT, text="Ask us first.", changed_by=other_consortium
    )
    identity = Identity.objects.create(
        user=teacher, issuer="https://sign-in.kennewick.example.org", subject="1001"
    )
    new_link(user=former_teacher, purpose=MailedLink.Purpose.ACTIVATE)
    make_answers(colleague)
    address_change = make_address_change(newcomer, by=counselor)
    other_address_change = make_address_change(other_student, by=other_counselor)
    change_email(user=former_teacher, email="fergus@example.net", by=former_teacher)
    RecoveryRequest.objects.create(wanted="password", username="who.knows", email="who.knows@example.org")
    disclose(students=[student], what=Disclosure.What.PROFILE, by=registrar)
    disclosure = Disclosure.objects.get()
    Letterhead.objects.create(
        college=cbc, office="Office of the Registrar", street="2600 North 20th Avenue", city="Pasco",
        state="Washington", postal_code="99301", phone="509-555-0100", signer_name="Rita Registrar",
        signer_title="Registrar", logo=b"\x89PNG\r\n\x1a\n",
    )  # fmt: skip
    LetterWording.objects.create(
        college=cbc, language="en", number=1, heading="Well done: {credits}", opening="Dear {first_name},",
        steps="Keep this letter. {sid}", closing="{worth}", saved_by=registrar,
    )  # fmt: skip
    late_claim, other_late_claim = (
        make_claim(one, terms, last_year, state="withdrawn", decided_by=one.user, decided_at=timezone.now())
        for one, terms in ((student, welding_agreement), (other_student, other_agreement))
    )
    late_claim_paper, other_late_claim_paper = (
        make_claim_paper(one) for one in (late_claim, other_late_claim)
    )
    LateClaimMessage.objects.create(
        claim=other_late_claim, asks=True, text="Which?", written_by=other_consortium
    )
    roster_entry, other_roster_entry = make_entry(last_section), make_entry(other_last_section)
    amendment, other_amendment = (
        make_amendment(one, refused_by=by)
        for one, by in ((student, district), (other_student, other_district))
    )
    for one in (student, other_student):
        YearlyNotice.objects.create(
            student=one, year=year, text=ConsentText.objects.get(version=FIRST_NOTICE), guardian_too=False
        )
    inspection, other_inspection = (
        make_inspection(one, answered_by=by)
        for one, by in ((student, consortium), (other_student, other_consortium))
    )
    roster_import, other_roster_import = (
        make_roster_import(one, by)
        for one, by in ((last_section, teacher), (other_last_section, other_teacher))
    )
    ClassAnswer.objects.create(
        registration=other_graduate_registration, number=1, answer="in_class", answered_by=other_teacher
    )
    twins, other_twins = (
        LikelyTwins.objects.create(older=one, newer=two, likeness=LikelyTwins.Likeness.NEAR)
        for one, two in ((student, classmate), (other_student, other_classmate))
    )
    merge, other_merge = (
        Merge.objects.create(
            stands=one, gone=two, merged_by=by, reason="The same birth date", undone_by=by,
            undone_at=timezone.now(), undone_reason="Cousins, the counselor knows both",
        )
        for one, two, by in (
            (newcomer, gone, consortium), (other_student, other_graduate, other_consortium),
        )
    )  # fmt: skip
    export, other_export = (make_export(one) for one in (student, other_student))
    mailing, other_mailing = (
        begin_mailing(group="not_registered", consortium=of, year=year, by=one)
        for of, one in ((columbia_basin, consortium), (walla_walla, other_consortium))
    )
    mailed, other_mailed = (
        MailingRecipient.objects.create(
            mailing=Mailing.objects.create(
                group="awarded", consortium=of, year=last_year, subject="You earned college credit",
                text="Hello {first_name}.", written_by=one, sent_at=timezone.now(), done_at=timezone.now(), people=1,
            ),
            user=to,
        )
        for of, one, to in (
            (columbia_basin, consortium, newcomer.user), (walla_walla, other_consortium, other_student.user)
        )
    )  # fmt: skip
    list_export, other_list_export = (
        make_list_export(one, year=year) for one in (consortium, other_consortium)
    )
    paper_mailing = make_mailing(run, by=registrar)
    other_paper_mailing = make_mailing(other_run, by=other_registrar)
    college, other_college = cbc, wwcc
    articulation_request, other_articulation_request = (
        requesting.answered(
            requesting.begun(school=school, college=at, consortium=of, by=one.user), by=one.user, seats=[one]
        )
        for school, at, of, one in (
            (kamiakin, cbc, columbia_basin, teacher_seat),
            (wahi, wwcc, walla_walla, other_teacher_seat),
        )
    )
    set_plan(
        consortium=columbia_basin, college=None, steps=usual_steps(), minimum_alignment=80, by=consortium
    )
    for asks in (articulation_request, other_articulation_request):
        requesting.handed_in(asks, by=asks.started_by)
    articulation_request, other_articulation_request = (
        requesting.fresh(asks) for asks in (articulation_request, other_articulation_request)
    )
    request_file, other_request_file = (
        asks.files.get(kind="syllabus") for asks in (articulation_request, other_articulation_request)
    )
    AlignmentRow.objects.create(
        step=RequestStep.objects.get(version__asked=other_articulation_request, kind="review"),
        position=1, course="ACCT 110", outcome="Keeps a ledger", competencies="1", cover="wholly",
    )  # fmt: skip
    write_message(asked=other_articulation_request, text="See the syllabus.", by=other_teacher)
    for at, writes in ((cbc, registrar), (wwcc, other_registrar)):
        write_assurance_text(
            college=at, year=year, text="I teach what the college course asks for.", district_signs=True,
            college_signs=True, by=writes,
        )  # fmt: skip
    assurance, other_assurance = (
        sign_assurances(
            college=at, year=year, owed=[(seat.pk, under.pk)], typed_name=seat.user.name, sha256=text_fingerprint(
                "I teach what the college course asks for."
            ), network="203.0.113.7", by=seat.user,
        )[0]
        for at, seat, under in (
            (cbc, colleague_seat, welding_agreement), (wwcc, other_teacher_seat, other_agreement),
        )
    )  # fmt: skip
    countersign(
        assurances=[assurance], side="district", typed_name=district.name, network="203.0.113.8", by=district
    )  # fmt: skip
    rollover, other_rollover = (
        Rollover.objects.create(
            consortium=of,
            school=at,
            year_from=last_year,
            year_to=year,
            made=1,
            done_by=one,
            undone_by=one,
            undone_at=timezone.now(),
        )
        for of, at, one in ((columbia_basin, kamiakin, consortium), (walla_walla, wahi, other_consortium))
    )
    agreement_text, other_agreement_text = (
        agreeing.out(
            agreeing.prepared(of, at, school, agreeing.terms(year.first_year), by=staff),
            by=staff,
        )
        for of, at, school, staff in _with_partners(
            (columbia_basin, cbc, kamiakin, consortium),
            (walla_walla, wwcc, wahi, other_consortium),
            titles=(cte_director, dean),
            year=year,
        )
    )
    AgreementReview.objects.create(
        articulation=other_agreement, outcome="stays", note="Nothing has changed.", reviewed_by=other_faculty,
        was_due_on=year.starts_on,
    )  # fmt: skip
    award, other_award = run.awards.get(), other_run.awards.get()
    badge, other_badge = (
        make_badge(award=one, grade_shown=False, by=one.student.user) for one in (award, other_award)
    )
    transcript, other_transcript = run.transcripts.get(), other_run.transcripts.get()
    replacement, other_replacement = (
        make_replacement(identity, one)
        for identity, one in ((college_identity, registrar), (other_college_identity, other_registrar))
    )
    # Before the year is published, whatever the day: some tests publish it themselves.
    count_figures(
        year=last_year, now=timezone.make_aware(datetime.datetime.combine(last_year.ends_on, datetime.time()))
    )
    money, other_money = (
        make_money(one, terms=ConsortiumYear.objects.get(consortium=of, year=year), by=by, token=token)
        for one, of, by, token in (
            (registration, columbia_basin, consortium, TOKEN),
            (other_registration, walla_walla, other_consortium, f"other-{TOKEN}"),
        )
    )
    fee_receipt, other_fee_receipt = money.fee_receipt, other_money.fee_receipt
    checkout, other_checkout = money.checkout, other_money.checkout
    payment, other_payment = money.payment, other_money.payment
    statement, other_statement = money.statement, other_money.statement
    statement_line, other_statement_line = money.statement_line, other_money.statement_line
    district_fee = make_fee(below_registration, payer="district")
    home_district, other_home_district = kennewick, walla_walla_schools
    home_consortium, other_home_consortium = columbia_basin, walla_walla
    home_college, other_home_college = cbc, wwcc
    standing = {name: value for name, value in locals().items() if name in Cast.__dataclass_fields__}
    return Cast(**standing)


def _with_partners(
    *places: tuple[Consortium, College, HighSchool, User], titles: tuple[SignerTitle, ...], year: AcademicYear
) -> list[tuple[Consortium, College, HighSchool, User]]:
    for consortium, _, _, staff in places:
        agreeing.name_partners(consortium, *titles, year=year, by=staff)
    return list(places)


_kept: bytes | None = None
#: Tables that a migration puts rows into.
MIGRATED = {"students_consenttext", "students_consentwording"}


def _filled() -> list[str]:
    """The tables of the project that hold rows."""
    tables = {
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if model.__module__.split(".")[0] not in ("django", "pgtrigger")
    }
    with connection.cursor() as cursor:
        found = []
        for table in sorted(tables.intersection(connection.introspection.table_names(cursor))):
            cursor.execute(f'SELECT EXISTS (SELECT FROM "{table}")')
            if cursor.fetchone() == (True,):
                found.append(table)
    return found


def _written(table: str) -> str:
    """The columns of a table that are written; the database itself fills generated ones."""
    (model,) = (one for one in apps.get_models(include_auto_created=True) if one._meta.db_table == table)
    return ", ".join(f'"{field.column}"' for field in model._meta.concrete_fields if not field.generated)


def keep() -> None:
    """Build the cast once, move its rows to a schema of their own, and leave the tables as they were."""
    global _kept
    with transaction.atomic():
        before = sorted(set(_filled()) - MIGRATED)
        assert not before, f"The database of a session begins empty, but there are rows in {before}"
        cast = build()
        _forget_held_seats(cast)
        tables = _filled()
        connection.run_on_commit.clear()  # no worker is nudged about rows that are not there
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("CREATE SCHEMA standing")
            for table in tables:
                cursor.execute(
                    f'CREATE TABLE standing."{table}" AS SELECT {_written(table)} FROM public."{table}"'
                )
            # Backwards: the rows of a scale stand before the scale says that it is in use.
            copies = "\n".join(
                f'INSERT INTO public."{table}" ({_written(table)}) SELECT * FROM standing."{table}";'
                for table in reversed(tables)
            )
            cursor.execute(
                f"CREATE FUNCTION standing.take_places() RETURNS void LANGUAGE plpgsql AS $$ BEGIN {copies} END $$"
            )
            cursor.execute(f"TRUNCATE {', '.join(f'public.{table}' for table in tables)} CASCADE")
        _kept = pickle.dumps(cast)


def take_places() -> Cast:
    """The cast, its rows copied into this test's transaction and its objects fresh."""
    assert _kept is not None, "Ask for the fixture `cast`"
    with connection.cursor() as cursor:
        cursor.execute("SELECT standing.take_places()")
    cast: Cast = pickle.loads(_kept)
    return cast


def _forget_held_seats(cast: Cast) -> None:
    """Nobody remembers seats from the time of building."""
    for value in vars(cast).values():
        for person in (value, getattr(value, "user", None)):
            if isinstance(person, User):
                for remembered in ("_held_seats", "_opened_records"):
                    vars(person).pop(remembered, None)
