"""The demo state: who is there, what stands at which stage, and that the house's own rules agree with it."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import Count, F, Q
from django.test import Client, override_settings
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from accounts.access import Role, all_seats
from accounts.models import Event, Mail, User
from articulations.models import (
    Articulation,
    ArticulationCourse,
    CareerCluster,
    HighSchoolCourse,
    Section,
    owed_listed,
    owed_to,
)
from articulations.rules import stands_so, to_countersign
from grading.models import ClassCompletion, GradeChange, GradeEntry, RosterComment, WindowExtension
from grading.rules import college_grade
from organizations.models import (
    AcademicYear,
    College,
    CollegeYear,
    Consortium,
    HighSchool,
    SchoolDistrict,
    Seat,
)
from reports.models import ListExport, ListPart, Mailing
from reports.rules import people_of
from sers.lib.folding import fold_parts
from sers.seed.demo import build_demo
from sers.seed.people import DEMO_PASSWORD, DEMO_PEOPLE
from students.models import Disclosure, LikelyTwins, Merge, Registration, Student
from students.rules import is_sers_id, likeness_of
from transcripts.models import (
    AwardSource,
    CollegeIdentity,
    CreditAward,
    IdentityConflict,
    PostingEvent,
    RunLine,
    SheetImport,
    Transcript,
    TranscriptionRun,
    TranscriptRequest,
    WorksheetBatch,
)
from transcripts.rules import forecast, reconcile, verify_chain

DAY = date(2026, 11, 22)
MIDNIGHT = datetime.combine(DAY, time(0), timezone.get_default_timezone())


@pytest.fixture(scope="module", autouse=True)
def demo(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Seeded once for these tests, in a transaction that is taken back."""
    with django_db_blocker.unblock(), transaction.atomic():
        build_demo(DAY, transcripts=1)
        yield
        transaction.set_rollback(True)


def counted(field: str, **only: Any) -> Counter[str]:
    rows = Registration.objects.filter(**only).values_list(field).annotate(n=Count("id")).order_by(field)
    return Counter(dict(rows))


# --- People ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("person", DEMO_PEOPLE, ids=lambda person: person.username)
def test_demo_people_can_sign_in(person: Any) -> None:
    assert Client().login(username=person.username, password=DEMO_PASSWORD)
    user = User.objects.get(username=person.username)
    assert user.email == f"{person.username}@example.org"
    assert user.email_confirmed_at is not None
    assert user.name == person.name
    (seat,) = all_seats(user)
    assert seat.role == person.role
    assert seat.place == ("" if person.role in (Role.STUDENT, Role.STATE) else person.place)


def test_district_demo_may_sign() -> None:
    assert Seat.objects.get(user__username="district.demo").may_sign


def test_nobody_else_can_sign_in() -> None:
    others = User.objects.exclude(username__endswith=".demo")
    assert others.count() > 1000
    assert all(password.startswith("!") for password in others.values_list("password", flat=True))


def test_everybody_is_marked_as_invented() -> None:
    assert not User.objects.filter(is_demo=False).exists()
    addresses = User.objects.values_list("email", flat=True)
    assert {address.rpartition(".")[0].rpartition("@")[2] for address in addresses} == {"example"}


def test_names_are_as_various_as_the_state() -> None:
    students = Student.objects.all()
    for wanted in (
        Q(last_name=""), Q(last_name__contains="-"), Q(last_name__contains="'"), Q(last_name__contains="ñ"),
        Q(last_name__contains="ễ"), Q(last_name__contains=" "), ~Q(former_names=""), ~Q(middle_name=""),
    ):  # fmt: skip
        assert students.filter(wanted).exists(), wanted


def test_students_are_found_and_sorted_by_folded_names() -> None:
    student = Student.objects.filter(last_name__startswith="Hernández").order_by("id").first()
    assert student is not None
    assert student in Student.objects.named("hernandez")
    assert student.folded == fold_parts(
        student.first_name, student.middle_name, student.last_name, student.former_names
    )
    assert student.sort_name.startswith("hernandez")


def test_ids_are_ids_and_the_next_one_follows() -> None:
    ids = list(Student.objects.order_by("id").values_list("sers_id", flat=True))
    assert all(is_sers_id(one) for one in ids)
    assert 20 < sum(len(one) == len("TP0-00-000") for one in ids) < 300  # legacy IDs, kept as imported
    with connection.cursor() as cursor:
        cursor.execute("SELECT last_value FROM students_sers_number")
        (last,) = cursor.fetchone()
    newest = max(one for one in ids if len(one) > len("TP0-00-000"))
    assert newest.replace("-", "")[2:-1] == str(last)


def test_birth_dates_fit_the_graduation_year() -> None:
    for student in Student.objects.order_by("id")[:200]:
        assert 17 <= student.graduation_year - student.birth_date.year <= 19


# --- Places ---------------------------------------------------------------------------------------------


def test_every_institution_is_there_by_name() -> None:
    found = [model._default_manager.count() for model in (College, Consortium, SchoolDistrict, HighSchool)]
    assert found == [34, 19, 141, 242]
    assert CareerCluster.objects.filter(framework="legacy16").count() == 16
    assert CareerCluster.objects.filter(framework="2024").count() == 14
    assert HighSchool.objects.filter(branch_of__isnull=False).count() == 3


def test_walla_walla_high_school_has_classes_with_several_colleges() -> None:
    course = HighSchoolCourse.objects.get(school__name="Walla Walla High School", title="Welding 1-2")
    lines = ArticulationCourse.objects.in_force(DAY).filter(high_school_course=course)
    assert set(lines.values_list("articulation__college__name", flat=True)) == {
        "Columbia Basin College", "Walla Walla Community College", "Spokane Community College",
    }  # fmt: skip


def test_some_courses_need_two_classes_and_some_classes_earn_two_courses() -> None:
    agreements = Articulation.objects.annotate(
        classes=Count("courses__high_school_course", distinct=True),
        earned=Count("courses__college_course", distinct=True),
    )
    assert agreements.filter(classes=2, earned=1).exists()
    assert agreements.filter(classes=1, earned=2).exists()


def test_some_agreements_have_expired_and_some_end_this_year() -> None:
    assert Articulation.objects.filter(valid_until=date(2026, 6, 30)).exists()
    assert Articulation.objects.filter(valid_until=date(2027, 6, 30)).exists()
    assert Articulation.objects.filter(valid_until__gt=date(2027, 6, 30)).exists()


# --- Registrations --------------------------------------------------------------------------------------


def test_there_is_enough_to_see() -> None:
    assert 1200 <= Student.objects.count() <= 2000
    assert Registration.objects.count() > 3000
    # Only second records of people who are there have no class.
    assert not Student.objects.filter(registrations=None, twins_before=None).exists()
    assert RosterComment.objects.exists()


@pytest.mark.parametrize("first_year", [2024, 2025, 2026])
def test_every_year_has_every_stage(first_year: int) -> None:
    found = counted("status", year__first_year=first_year)
    assert set(found) == set(Registration.Status.values)
    fees = counted("fees_req", year__first_year=first_year)
    assert set(fees) == set(Registration.FeesReq.values)


@pytest.mark.parametrize("first_year", [2024, 2025])
def test_past_years_follow_the_funnel(first_year: int) -> None:
    found = counted("status", year__first_year=first_year)
    assert 0.44 < found["completed"] / found.total() < 0.54
    assert 0.86 < (found["completed"] + found["not_attained"]) / found.total() < 0.97


def test_the_current_year_is_in_progress() -> None:
    found = counted("status", year__first_year=2026)
    assert found["in_progress"] / found.total() > 0.7


def test_registrations_agree_with_their_class_and_agreement() -> None:
    wrong = Registration.objects.exclude(
        high_school_course=F("section__high_school_course"),
        year=F("section__year"),
        college=F("articulation__college"),
    )
    assert not wrong.exists()
    for registration in Registration.objects.select_related("articulation", "year"):
        agreement, year = registration.articulation, registration.year
        assert agreement.valid_from <= year.starts_on <= year.ends_on <= agreement.valid_until
    assert not Registration.objects.exclude(
        articulation__courses__high_school_course=F("high_school_course")
    ).exists()


def test_grades_are_what_the_rules_make_of_the_percent() -> None:
    terms = {
        (one.college_id, one.year_id): one
        for one in CollegeYear.objects.select_related("scale").prefetch_related("scale__rows")
    }
    graded = Registration.objects.filter(status__in=Registration.GRADED)
    registrations = {one.pk: one for one in graded.select_related("articulation")}
    entries = list(GradeEntry.objects.current())
    assert {entry.registration_id for entry in entries} == set(registrations)
    for entry in entries:
        registration = registrations[entry.registration_id]
        measure = terms[registration.college_id, registration.year_id]
        own = registration.articulation.minimum_percent
        if (
            measure.grades_as == CollegeYear.GradesAs.GRADE
            and entry.outcome == registration.status == "completed"
        ):
            rows = [(row.points, row.letter) for row in measure.scale.rows.all()]
            assert (entry.percent, (entry.points, entry.letter) in rows) == (None, True)
            continue
        grade = college_grade(
            entry.percent,
            rows=list(measure.scale.rows.all()),
            rounding=measure.scale.rounding,
            minimum=measure.minimum_percent if own is None else own,
        )
        assert (entry.outcome, entry.points, entry.letter) == (grade.outcome, grade.points, grade.letter)
        assert entry.outcome == registration.status


def test_grading_shows_what_waits_and_what_was_decided() -> None:
    assert set(GradeChange.objects.values_list("state", flat=True)) == {
        "requested", "confirmed", "approved", "declined",
    }  # fmt: skip
    requested = GradeChange.objects.filter(state="requested").values_list("asked_by__username", flat=True)
    assert set(requested) == {"student.demo", "counselor.demo"}
    assert GradeChange.objects.get(state="confirmed", confirmed_by__username="teacher.demo")
    assert GradeChange.objects.to_repost().count() == 1
    asked = WindowExtension.objects.get(state="requested")
    assert asked.asked_by.username == "teacher.demo"
    assert ClassCompletion.objects.exists()
    last_year = Section.objects.filter(year__first_year=2025, registrations__isnull=False)
    assert last_year.filter(completions=None).exists()
    assert RosterComment.objects.filter(supersedes__isnull=False).exists()


def test_nothing_lies_in_the_future() -> None:
    for model, name in (
        (Registration, "registered_at"), (Registration, "fees_req_at"), (Registration, "awarded_at"),
        (GradeEntry, "entered_at"), (Event, "at"), (User, "created_at"), (CreditAward, "awarded_at"),
        (Articulation, "entered_at"), (Student, "updated_at"), (RosterComment, "written_at"),
        (SheetImport, "decided_at"), (CollegeIdentity, "given_at"), (PostingEvent, "said_at"),
        (TranscriptRequest, "asked_at"), (WorksheetBatch, "made_at"), (IdentityConflict, "found_at"),
        (GradeChange, "asked_at"), (GradeChange, "decided_at"), (ClassCompletion, "declared_at"), (WindowExtension, "asked_at"),
    ):  # fmt: skip
        assert not model._default_manager.filter(**{f"{name}__gt": MIDNIGHT}).exists(), (model, name)


def test_the_consortium_has_written_to_groups_and_taken_a_list() -> None:
    sent, draft = Mailing.objects.order_by("written_at")
    assert (sent.group, sent.state, draft.group, draft.state) == (
        "assurance",
        "sent",
        "form_pending",
        "draft",
    )
    letters = Mail.objects.filter(key__startswith=f"mailing-{sent.pk}-")
    assert sent.people == letters.count() == sent.recipients.count() == people_of(sent).count() > 5
    assert letters.filter(bounced_at__isnull=False).count() == 1
    assert people_of(draft).count() > 5
    (export,) = ListExport.objects.all()
    content = b"".join(ListPart.objects.content_of(export))
    assert (export.size, export.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    assert content.decode().count("\n") == export.total + 2, "heads, a line each, the notice"
    noted = Disclosure.objects.filter(what="list")
    assert noted.values("student").distinct().count() == export.students > 10


# --- The registrar's desk -------------------------------------------------------------------------------


def test_conflicts_of_every_kind_wait_for_the_registrar() -> None:
    assert Counter(IdentityConflict.objects.open().values_list("kind", flat=True)) == Counter(
        IdentityConflict.Kind.values
    )


def test_a_worksheet_is_partly_posted() -> None:
    batch = WorksheetBatch.objects.get()
    account = reconcile(batch.college, batch.year)
    assert account.exported == batch.size
    assert 0 < account.posted < batch.size
    assert set(account.by_difference) >= {
        "not_exported",
        "returned",
        "no_answer",
        "not_posted",
        "other_grade",
    }
    assert len(account.unmatched) == 1


def test_a_college_that_waits_to_be_asked_has_requests() -> None:
    college = College.objects.get(name="Spokane Community College")
    asked = TranscriptRequest.objects.live().filter(registration__college=college)
    assert set(asked.values_list("registration__status", flat=True)) == {"completed", "in_progress"}
    last_year = CollegeYear.objects.get(college=college, year__first_year=2025)
    assert forecast(college, last_year.year).classes > 0


# --- The demo people's own ------------------------------------------------------------------------------


def test_terry_has_a_class_of_some_thirty_with_a_mix_of_grades() -> None:
    sections = Section.objects.filter(teachers__user__username="teacher.demo", year__first_year=2026)
    assert sections.count() >= 4
    found = counted(
        "status", section__in=sections.filter(label="Period 2", high_school_course__title="Web Design")
    )
    assert found.total() == 28
    assert set(found) == set(Registration.Status.values)
    assert found["in_progress"] > 10


def test_stella_has_classes_at_every_stage() -> None:
    mine = Registration.objects.filter(student__user__username="student.demo")
    assert counted("status", pk__in=mine.values("pk")) == {
        "completed": 2, "not_attained": 1, "withdrawn": 1, "in_progress": 2,
    }  # fmt: skip
    (awarded,) = mine.filter(awarded_at__isnull=False)
    assert awarded.year.first_year == 2024
    assert awarded.award_sources.get().award.college_grade == "3.9 A"
    assert mine.filter(status="in_progress", fees_req="pending").count() == 1
    transcript = Transcript.objects.get(student__user__username="student.demo")
    assert bytes(transcript.file.pdf).startswith(b"%PDF-")


# --- Transcription --------------------------------------------------------------------------------------


def test_two_years_ago_is_transcribed_and_its_chains_hold() -> None:
    runs = list(TranscriptionRun.objects.order_by("id"))
    assert [(run.college.name, run.year.first_year, run.state) for run in runs] == [
        ("Columbia Basin College", 2024, "finished"),
        ("Walla Walla Community College", 2024, "finished"),
        ("Spokane Community College", 2024, "finished"),
    ]
    assert all(verify_chain(run) for run in runs)
    assert CreditAward.objects.count() > 300
    lines = RunLine.objects.filter(run=runs[0])
    found = Registration.objects.filter(college=runs[0].college, year=runs[0].year, status="completed")
    assert lines.count() == found.count()
    assert set(lines.values_list("state", flat=True)) == {"awarded", "held"}
    awarded = found.filter(awarded_at__isnull=False)
    assert set(awarded.values_list("pk", flat=True)) == set(
        AwardSource.objects.filter(award__run=runs[0]).values_list("registration", flat=True)
    )


def test_last_year_waits_for_the_registrar() -> None:
    college = College.objects.get(name="Columbia Basin College")
    year = AcademicYear.objects.get(first_year=2025)
    seen = forecast(college, year)
    assert seen.awarded > 200
    assert seen.held["fees_req"] > 10


# --- The command ----------------------------------------------------------------------------------------


def test_a_database_with_data_is_refused() -> None:
    with pytest.raises(CommandError, match="fills an empty one only"):
        call_command("seed", on=DAY)


def test_if_empty_does_nothing_when_people_are_there() -> None:
    before = User.objects.count()
    call_command("seed", if_empty=True)
    assert User.objects.count() == before


@override_settings(DEMO=False)
def test_production_is_never_seeded() -> None:
    with pytest.raises(CommandError, match="the demo state alone"):
        call_command("seed", if_empty=True)


@pytest.mark.parametrize("day", ["yesterday", "2026-02-30", "1"])
def test_a_day_that_is_none_is_refused(day: str) -> None:
    with pytest.raises(CommandError, match="is not a day"):
        call_command("seed", "--on", day)


def test_the_demo_student_was_read_across_agency_lines_and_one_was_not_let_in() -> None:
    """Who has seen my record has something to tell, and so has `who_was_exposed`."""
    stella = Student.objects.get(user__username="student.demo")
    rows = Disclosure.objects.of(stella)
    assert set(rows.across_agencies().values_list("role", flat=True)) == {
        "registrar",
        "consortium",
        "state",
        "district",
    }
    assert rows.filter(refused=True).count() == 1
    assert not rows.filter(day__gte=DAY).exists()
    terry = Disclosure.objects.touched(actor=User.objects.get(username="teacher.demo"))
    assert terry.count() > 5


def test_pairs_wait_to_be_looked_at_and_look_alike() -> None:
    waiting, apart = LikelyTwins.objects.undecided().in_full(), LikelyTwins.objects.told_apart()
    assert [pair.likeness for pair in waiting.order_by("likeness")] == ["1_same", "1_same", "2_near"]
    assert all(likeness_of(pair.older, pair.newer) == pair.likeness for pair in waiting)
    assert apart.get().reason


def test_two_records_are_merged_and_a_merge_was_undone() -> None:
    merge = Merge.objects.standing().get()
    assert merge.gone.merged_into == merge.stands
    undone = Merge.objects.get(undone_at__isnull=False)
    assert undone.gone.merged_into is None


# --- Assurances -------------------------------------------------------------------------------------------


def test_assurances_stand_in_every_state() -> None:
    year = AcademicYear.objects.get(first_year=2026)
    owed = owed_listed(owed_to(User.objects.get(username="consortium.demo"), year))
    stand = Counter(stands_so(row, DAY)[1] for row in owed)
    assert set(stand) == {"Pending", "Waits for the district", "Signed"}
    mine = owed_to(User.objects.get(username="teacher.demo"), year, Role.TEACHER)
    assert mine.exists()
    assert not mine.filter(signed_key__isnull=False).exists()
    district = to_countersign(User.objects.get(username="district.demo"), year)
    assert district["district"]
    assert all(one.is_of_this_text for one in district["district"])
