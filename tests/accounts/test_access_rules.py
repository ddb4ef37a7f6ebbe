"""Seats, hats and reach: who a person is in SERS today, and which rows that shows them."""

import datetime
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.access import (
    Role,
    all_seats,
    for_any_seat,
    for_anyone,
    for_roles,
    has_role,
    school_year_of,
    seats,
    stands_on,
    wrong_seat,
)
from accounts.models import User
from articulations.models import Section
from grading.models import GradeEntry, RosterComment
from reports.models import RecordExport
from students.models import Inspection, Registration, Student
from tests.people import (
    Cast,
    make_inspection,
    make_person,
    make_registration,
    make_seat,
    make_section,
    make_student,
)
from transcripts.models import CreditAward, Transcript, TranscriptionRun

STAFF = ("teacher", "counselor", "district", "faculty", "registrar", "consortium", "state")


def names(rows: Any) -> list[str]:
    return sorted(str(row.first_name) for row in rows)


# --- Seats ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", STAFF)
def test_each_of_the_cast_holds_one_seat(cast: Cast, role: str) -> None:
    user = getattr(cast, role)
    assert [seat.role.value for seat in seats(user)] == [role]
    assert has_role(user, Role(role))
    assert not has_role(user, *set(Role) - {Role(role)})


def test_a_seat_says_its_place(cast: Cast) -> None:
    places = {role: all_seats(getattr(cast, role))[0].place for role in STAFF}
    assert places == {
        "teacher": "Kamiakin High School",
        "counselor": "Kamiakin High School",
        "district": "Kennewick School District",
        "faculty": "Columbia Basin College",
        "registrar": "Columbia Basin College",
        "consortium": "Columbia Basin CTE Dual Credit",
        "state": "",
    }


DAYS = {
    (-10, None): True, (0, None): True, (1, None): False,  # begins today, tomorrow
    (-10, 10): True, (-10, 0): True, (-10, -1): False, (0, 0): True, (1, 10): False,  # the last day still counts
}  # fmt: skip


@pytest.mark.parametrize(("days", "held"), DAYS.items(), ids=str)
def test_a_seat_is_held_from_its_first_to_its_last_day(
    cast: Cast, days: tuple[int, int | None], held: bool
) -> None:
    today = timezone.localdate()
    starts_on, ends_on = (None if day is None else today + datetime.timedelta(days=day) for day in days)
    make_seat(cast.nobody, Role.COUNSELOR, cast.kamiakin, starts_on=starts_on, ends_on=ends_on)
    assert has_role(cast.nobody, Role.COUNSELOR) is held
    assert Student.objects.visible_to(cast.nobody).exists() is held


def test_a_locked_account_holds_no_seat(cast: Cast) -> None:
    """Though its seat has not ended: the same seat on an active account shows the class."""
    assert seats(cast.locked_teacher) == []
    assert Section.objects.visible_to(cast.locked_teacher).count() == 0
    cast.locked_teacher.is_active = True
    assert set(Section.objects.visible_to(cast.locked_teacher)) == {cast.section, cast.last_section}


def test_nobody_signed_in_holds_no_seat(cast: Cast) -> None:
    from django.contrib.auth.models import AnonymousUser

    for nobody in (AnonymousUser(), None):
        assert seats(nobody) == []
        assert not has_role(nobody, *Role)
        assert Student.objects.visible_to(nobody).count() == 0


def test_seats_are_asked_once_for_a_user(cast: Cast) -> None:
    user = User.objects.get(pk=cast.many_hats.pk)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        for _ in range(3):
            assert has_role(user, Role.REGISTRAR)
            assert stands_on(user, Role.REGISTRAR, cast.wwcc.pk)
    assert len(queries) == 1


def test_a_person_stands_on_their_own_place_only(cast: Cast) -> None:
    assert stands_on(cast.registrar, Role.REGISTRAR, cast.cbc.pk)
    assert not stands_on(cast.registrar, Role.REGISTRAR, cast.wwcc.pk)
    assert not stands_on(cast.registrar, Role.REGISTRAR, None)
    assert not stands_on(cast.registrar, Role.FACULTY, cast.cbc.pk)


def test_state_and_student_stand_on_no_place(cast: Cast) -> None:
    """No place at all is not a place they stand on: `None` is nobody's anchor."""
    assert not stands_on(cast.state, Role.CONSORTIUM, None)
    assert not stands_on(cast.nobody, Role.COUNSELOR, None)


# --- Hats -----------------------------------------------------------------------------------------------


def test_two_seats_see_the_union(cast: Cast) -> None:
    """Mika teaches welding at Kamiakin and is registrar at Walla Walla."""
    make_registration(cast.newcomer, cast.colleague_section, cast.welding_agreement)
    assert names(Student.objects.visible_to(cast.many_hats)) == ["Ngozi", "Olga", "Osman", "Otto"]


def test_a_hat_narrows_to_one_seat_and_never_widens(cast: Cast) -> None:
    make_registration(cast.newcomer, cast.colleague_section, cast.welding_agreement)
    teacher, registrar = all_seats(cast.many_hats)
    cast.many_hats.hat = teacher.id
    assert [seat.role for seat in seats(cast.many_hats)] == [Role.TEACHER]
    assert not has_role(cast.many_hats, Role.REGISTRAR)
    assert not stands_on(cast.many_hats, Role.REGISTRAR, cast.wwcc.pk)
    assert names(Student.objects.visible_to(cast.many_hats)) == ["Ngozi"]
    cast.many_hats.hat = registrar.id
    assert names(Student.objects.visible_to(cast.many_hats)) == ["Olga", "Osman", "Otto"]
    assert len(all_seats(cast.many_hats)) == 2  # to take the hat off again


def test_a_hat_of_somebody_else_or_of_the_past_changes_nothing(cast: Cast) -> None:
    teacher_of_the_neighbour = all_seats(cast.other_teacher)[0].id
    ended = cast.former_teacher.seats.get().pk
    before = names(Student.objects.visible_to(cast.teacher))
    for hat in (teacher_of_the_neighbour, ended, 0, -1, None):
        cast.teacher.hat = hat
        assert names(Student.objects.visible_to(cast.teacher)) == before


# --- Reach ----------------------------------------------------------------------------------------------

OURS = ["Bo", "Grace", "Gwen", "Marisol", "Maximiliano", "Ngozi", "Oksana"]
THEIRS = ["Olga", "Osman", "Otto"]
REGISTERED = sorted({*OURS} - {"Ngozi"})
STUDENTS_SEEN = {
    "teacher": REGISTERED, "other_teacher": THEIRS,
    "colleague": [],  # the same school, other classes
    "counselor": OURS, "other_counselor": THEIRS,
    "district": OURS, "other_district": THEIRS,
    "faculty": [], "other_faculty": [],
    "registrar": REGISTERED, "other_registrar": THEIRS,
    "consortium": OURS, "other_consortium": THEIRS,
    "state": sorted(OURS + THEIRS),
    "former_teacher": [], "locked_teacher": [], "nobody": [],
}  # fmt: skip


@pytest.mark.parametrize(
    ("person", "seen"), STUDENTS_SEEN.items(), ids=lambda word: word if isinstance(word, str) else ""
)
def test_students_seen(cast: Cast, person: str, seen: list[str]) -> None:
    assert names(Student.objects.visible_to(getattr(cast, person))) == seen


def test_a_student_sees_their_own_rows_only(cast: Cast) -> None:
    """Everything of their own that is theirs to see, and nothing of the student who sits beside them."""
    assert list(Student.objects.visible_to(cast.graduate.user)) == [cast.graduate]
    assert list(Registration.objects.visible_to(cast.graduate.user)) == [cast.graduate_registration]
    assert list(GradeEntry.objects.visible_to(cast.graduate.user)) == [
        cast.graduate_registration.grades.get()
    ]
    assert list(CreditAward.objects.visible_to(cast.graduate.user)) == [cast.award]
    assert list(Transcript.objects.visible_to(cast.graduate.user)) == [cast.transcript]
    assert list(TranscriptionRun.objects.visible_to(cast.graduate.user)) == []
    assert list(Section.objects.visible_to(cast.graduate.user)) == []


def test_comments_are_for_staff(cast: Cast) -> None:
    """The student may request them; the pages do not show them. Others of the programme see them on their own."""
    seen = {
        person: list(RosterComment.objects.visible_to(getattr(cast, person))) == [cast.comment]
        for person in (*STAFF, "other_teacher", "colleague", "other_consortium")
    }
    assert seen == {
        "teacher": True, "counselor": True, "consortium": True, "state": True,
        "district": False, "faculty": False, "registrar": False,
        "other_teacher": False, "colleague": False, "other_consortium": False,
    }  # fmt: skip
    assert list(RosterComment.objects.visible_to(cast.classmate.user)) == []


def test_grades_are_not_for_faculty_and_not_for_other_classes(cast: Cast) -> None:
    counts = {
        person: GradeEntry.objects.visible_to(getattr(cast, person)).count()
        for person in (*STAFF, "colleague", "other_registrar")
    }
    assert counts == {
        "teacher": 4, "counselor": 4, "district": 4, "faculty": 0, "registrar": 4, "consortium": 4, "state": 6,
        "colleague": 0, "other_registrar": 2,
    }  # fmt: skip


def test_rows_reached_twice_are_seen_once(cast: Cast) -> None:
    """A student of two classes of one teacher, and a person of several seats that reach the same row."""
    second = make_section(cast.welding, cast.teacher_seat, label="Period 6")
    make_registration(cast.student, second, cast.welding_agreement)
    make_seat(cast.teacher, Role.COUNSELOR, cast.kamiakin)
    make_seat(cast.teacher, Role.DISTRICT, cast.kennewick)
    teacher = User.objects.get(pk=cast.teacher.pk)
    seen = Student.objects.visible_to(teacher)
    assert names(seen) == OURS
    assert seen.count() == len(OURS)
    assert Registration.objects.visible_to(teacher).filter(student=cast.student).count() == 2


def test_a_school_of_two_consortia_is_seen_by_both(cast: Cast) -> None:
    cast.walla_walla.districts.add(cast.kennewick)
    assert names(Student.objects.visible_to(cast.other_consortium)) == sorted(OURS + THEIRS)
    # Their registrations stay with the consortium of the agreement.
    assert Registration.objects.visible_to(cast.other_consortium).filter(student=cast.student).count() == 0


def test_a_student_of_the_neighbour_s_college_is_seen_there_too(cast: Cast) -> None:
    """A registration under the neighbour's agreement opens the student to its registrar, and that registration only."""
    second = make_section(cast.health, cast.other_teacher_seat, label="Evening")
    theirs = make_registration(cast.student, second, cast.other_agreement)
    assert "Marisol" in names(Student.objects.visible_to(cast.other_registrar))
    assert list(Registration.objects.visible_to(cast.other_registrar).filter(student=cast.student)) == [
        theirs
    ]


@pytest.mark.parametrize("model", [Inspection, RecordExport])
@pytest.mark.parametrize("person", ["registrar", "consortium"])
def test_a_wide_reach_is_asked_of_each_row_at_hand(cast: Cast, person: str, model: Any) -> None:
    """A college's and a consortium's students are hundreds of thousands: nobody collects them to look at three rows."""
    sql, parameters = model.objects.visible_to(getattr(cast, person)).query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {sql}", parameters)
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert f"(student_id = {model._meta.db_table}.student_id)" in plan, plan


@pytest.mark.parametrize("person", ["registrar", "consortium"])
def test_a_wide_reach_follows_records_that_were_merged_away(cast: Cast, person: str) -> None:
    """What somebody asks about the record that stands is seen by who knows only the one that was merged into it, and
    nobody's registrations are collected for it."""
    stands = make_student(cast.wahi, "Stands", "Elsewhere")
    asked = make_inspection(stands, answered_by=cast.other_district)
    rows = Inspection.objects.visible_to(getattr(cast, person))
    assert asked not in rows
    Student.objects.filter(pk=cast.graduate.pk).update(merged_into=stands)
    assert asked in rows.all()
    assert 'U0."id" AS "pk" FROM "students_registration"' not in str(rows.query)


def test_a_role_that_is_not_listed_sees_nothing(cast: Cast) -> None:
    assert Role.FACULTY not in Transcript.seen_by
    assert Transcript.objects.visible_to(cast.faculty).count() == 0
    assert Transcript.objects.visible_to(cast.registrar).count() == 1


def test_reach_is_kept_when_the_query_goes_on(cast: Cast) -> None:
    """Filters and joins after `visible_to` only narrow; before it they are kept."""
    seen = Student.objects.filter(school=cast.wahi).visible_to(cast.counselor)
    assert seen.count() == 0
    assert Student.objects.visible_to(cast.counselor).filter(school=cast.wahi).count() == 0
    assert (
        Student.objects.visible_to(cast.counselor).filter(registrations__isnull=False).distinct().count() == 6
    )


# --- Doors ----------------------------------------------------------------------------------------------


def asked(view: Any, user: Any) -> HttpResponse:
    request = RequestFactory().get("/")
    request.user = user
    response: HttpResponse = view(request)
    return response


def test_a_door_for_roles_opens_for_these_roles(cast: Cast) -> None:
    @for_roles(Role.TEACHER, Role.STATE)
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse("in")

    for person in ("teacher", "other_teacher", "state", "many_hats"):
        assert asked(view, getattr(cast, person)).content == b"in"
    for person in ("registrar", "nobody", "former_teacher", "locked_teacher"):
        with pytest.raises(PermissionDenied):
            asked(view, getattr(cast, person))
    cast.many_hats.hat = all_seats(cast.many_hats)[1].id
    with pytest.raises(PermissionDenied):
        asked(view, cast.many_hats)


def test_doors_say_their_policy() -> None:
    @for_anyone("it is the front door")
    def front(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    @for_any_seat("it is one's own seat")
    def own(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    @for_roles(Role.STUDENT)
    def student(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    policies = [getattr(view, "policy", None) for view in (front, own, student)]
    assert policies == [
        "it is the front door",
        ("signed in", "it is one's own seat"),
        frozenset({Role.STUDENT}),
    ]
    assert [getattr(view, "login_required", True) for view in (front, own, student)] == [False, True, True]


def test_the_refusal_names_the_seats() -> None:
    assert wrong_seat([Role.TEACHER]) == "This page is for people who work in SERS as Teacher."
    assert wrong_seat([Role.TEACHER, Role.DISTRICT, Role.STATE]).endswith(
        "as Teacher, District User or State."
    )


@pytest.mark.parametrize(
    ("day", "year"), [("2026-06-30", 2025), ("2026-07-01", 2026), ("2026-12-31", 2026), ("2027-01-01", 2026), ("2028-02-29", 2027)]
)  # fmt: skip
def test_the_school_year_turns_on_july_1(day: str, year: int) -> None:
    assert school_year_of(datetime.date.fromisoformat(day)) == year


def test_people_of_one_place_do_not_reach_the_next(cast: Cast) -> None:
    """A second school of the district: its counselor sees none of Kamiakin's, the district sees both."""
    from tests.people import make_school

    southridge = make_school("Southridge High School", cast.kennewick)
    make_student(southridge, "Sora")
    counselor = make_person(Role.COUNSELOR, southridge)
    assert names(Student.objects.visible_to(counselor)) == ["Sora"]
    assert "Sora" not in names(Student.objects.visible_to(cast.counselor))
    assert "Sora" in names(Student.objects.visible_to(cast.district))
