"""/"""

import datetime
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from accounts.access import Role
from accounts.models import User
from grading import actions as grading
from grading.actions import decline_extension
from organizations.models import Window
from organizations.rules import Opening
from reports.rules import names_in_words, window_state
from students.models import Registration
from tests.people import (
    Cast,
    close_window,
    make_agreement,
    make_college_course,
    make_consortium,
    make_high_school_course,
    make_registration,
    make_school,
    make_seat,
    make_section,
    make_student,
    make_window,
)
from tests.policing import PolicingClient

URL = "/"


def page_of(client: PolicingClient, person: User | None = None) -> str:
    if person is not None:
        client.force_login(person)
    response = client.get(URL)
    assert response.status_code == 200
    return response.content.decode()


def words_of(page: str) -> str:
    """What a reader sees of the main part, in one line."""
    return " ".join(re.sub(r"<[^>]+>", " ", page.split("<main")[1].split("</main>")[0]).split())


def count_queries(client: PolicingClient) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(URL).status_code == 200
    return len(captured)


# --- The front door ---------------------------------------------------------------------------------


def test_the_doors_stand_open(client: PolicingClient, cast: Cast) -> None:
    page = page_of(client)
    for door, words in (
        ("student", "Student Log In"),
        ("teacher", "Teacher Log In"),
        ("district", "District User"),
        ("registrar", "Registrar"),
        ("consortium", "Consortium"),
    ):
        assert re.search(rf'href="/accounts/sign-in/\?door={door}"><b>{words}</b>', page), door
    assert '<a href="/accounts/sign-in/?door=staff">Staff Log In</a>' in page
    assert '<a class="btn" href="/students/new/">Create New SERS Account</a>' in page
    assert 'action="/articulations/"' in page
    assert "sershelp@sbctc.edu" in page
    assert "The State Board of Community and Technical Colleges manages SERS as the official database" in page
    assert client.post(URL).status_code == 405


def test_it_says_what_is_open_now(client: PolicingClient, cast: Cast) -> None:
    today = timezone.localdate()
    close_window(Window.Kind.REGISTRATION, cast.walla_walla, cast.year, days_ago=3)
    close_window(Window.Kind.GRADING, cast.walla_walla, cast.year, days_ago=-5)
    Window.objects.filter(
        kind=Window.Kind.REGISTRATION, consortium=cast.columbia_basin, year=cast.year
    ).update(closes_on=today + datetime.timedelta(days=13))
    rows = [words_of("<main" + row + "</main>") for row in page_of(client).split('scope="row">')[1:3]]
    assert rows[0].startswith("Columbia Basin Closes soon in 13 days, ")
    assert " Open to " in rows[0]
    assert " Closed since " in rows[1]
    assert " Not open yet opens " in rows[1]


def test_a_college_with_dates_of_its_own_has_its_own_line(client: PolicingClient, cast: Cast) -> None:
    make_window(Window.Kind.REGISTRATION, cast.columbia_basin, cast.year, college=cast.cbc)
    close_window(Window.Kind.GRADING, cast.columbia_basin, cast.year)
    make_window(Window.Kind.PAYMENT, cast.walla_walla, cast.year, college=cast.wwcc)
    words = words_of(page_of(client))
    own = words.split("Columbia Basin: Columbia Basin College")[1]
    assert own.startswith(" Open to ")
    assert " Closed since " in own[:60]  # its consortium's: it has set none
    assert "Walla Walla: Walla Walla Community College" not in words


def test_it_tells_the_next_deadlines_once_for_all_they_concern(client: PolicingClient, cast: Cast) -> None:
    today = timezone.localdate()
    Window.objects.all().delete()
    for days, kind in ((-1, "registration"), (3, "payment"), (9, "grading")):
        for consortium in (cast.columbia_basin, cast.walla_walla):
            make_window(
                Window.Kind(kind), consortium, cast.year,
                opens_on=today - datetime.timedelta(days=30), closes_on=today + datetime.timedelta(days=days),
            )  # fmt: skip
    words = words_of(page_of(client)).split("Next deadlines")[1]
    assert words.index("Forms and fees are due Columbia Basin, Walla Walla") < words.index(
        "Teachers enter grades"
    )
    assert "Registration closes" not in words


def test_a_year_without_dates_says_so(client: PolicingClient, db: None) -> None:
    words = words_of(page_of(client))
    assert "No consortium has set its dates for this school year yet." in words
    assert "Next deadlines None this school year." in words


def test_the_demo_state_is_told_and_production_is_not(
    client: PolicingClient, cast: Cast, settings: Settings
) -> None:
    assert "/accounts/demo/" in page_of(client)
    settings.DEMO = False
    assert "/accounts/demo/" not in page_of(client)


def test_front_queries_do_not_grow(client: PolicingClient, cast: Cast) -> None:
    assert count_queries(client) == 5  # year, windows, consortia, schools, colleges
    for name in ("Inland", "Olympic"):
        make_window(Window.Kind.REGISTRATION, make_consortium(name), cast.year)
        make_school(f"{name} High School")
    assert count_queries(client) == 5


@pytest.mark.parametrize(
    ("opens", "closes", "label", "note"),
    [
        (-10, 30, "Open", "to July 15, 2026"),
        (-10, 15, "Open", "to June 30"),
        (-10, 14, "Closes soon", "in 14 days, June 29"),
        (-10, 1, "Closes soon", "tomorrow, June 16"),
        (-10, 0, "Closes soon", "today, June 15"),
        (-10, -1, "Closed", "since June 14"),
        (1, 40, "Not open yet", "opens June 16"),
        (200, 240, "Not open yet", "opens January 1, 2027"),
        (15, 40, "Not open yet", "opens June 30"),
        (16, 40, "Not open yet", "opens July 1, 2026"),
    ],
)
def test_window_state(opens: int, closes: int, label: str, note: str) -> None:
    on = datetime.date(2026, 6, 15)
    opening = Opening(
        opens <= 0 <= closes, on + datetime.timedelta(days=opens), on + datetime.timedelta(days=closes)
    )
    found = window_state(opening, on)
    assert (found.label, found.note) == (label, note)


def test_names_in_words() -> None:
    assert names_in_words(["A"]) == "A"
    assert names_in_words(["A", "B", "C"]) == "A, B, C"
    assert names_in_words(["A", "B", "C", "D", "E"]) == "A, B, C and 2 more"


# --- Behind it --------------------------------------------------------------------------------------


def test_a_student_goes_to_their_classes(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.student.user)
    response = client.get(URL)
    assert (response.status_code, response.url) == (302, "/students/classes/")


def test_a_teacher_reads_which_classes_have_blanks(client: PolicingClient, cast: Cast) -> None:
    words = words_of(page_of(client, cast.teacher))
    assert "Enter grades 1 grade is missing. Grades are due" in words
    assert "Accounting 1, Period 2 Kamiakin High School" in words
    assert "Welding" not in words
    assert f'href="/grading/rosters/{cast.section.public_id}/"' in page_of(client)
    close_window(Window.Kind.GRADING, cast.columbia_basin, cast.year)
    words = words_of(page_of(client))
    assert (
        "Ask to open grading again Grading has closed and 1 student has neither a grade nor a status."
        in words
    )
    assert "Decide on Grade Changes 1 Grade Change waits for you." in words
    assert "Closed Since" in words
    assert "Enter grades" not in words


def test_a_teacher_without_classes_reads_whom_to_ask(client: PolicingClient, cast: Cast) -> None:
    cast.section.teachers.remove(cast.teacher_seat)
    words = words_of(page_of(client, cast.teacher))
    assert "You have no classes in this school year yet." in words
    assert "Columbia Basin CTE Dual Credit, Dana Director director@example.org 509-555-0100" in words


@pytest.mark.parametrize("person", ["counselor", "district"])
def test_a_school_and_a_district_read_their_figures(client: PolicingClient, cast: Cast, person: str) -> None:
    words = words_of(page_of(client, getattr(cast, person)))
    # Seven students have an account; five of them registered, one of those withdrew.
    assert ("To do now" if person == "district" else f"School year {cast.year}") in words
    # The CTE director is asked to sign.
    assert ("1 request to articulate waits for you." in words) is (person == "district")
    assert "students with a SERS account 7" in words
    assert f"of them registered in {cast.year} 4" in words
    assert "registrations with Fees/Req Pending 1" in words
    assert "By high school" not in words
    make_student(make_school("Southridge High School", cast.kennewick))
    words = words_of(page_of(client))
    assert ("Southridge High School 1 0 0" in words) is (person == "district")
    assert "Walla Walla" not in words.replace("Walla Walla CTE", "")


def test_faculty_read_their_colleges_agreements(client: PolicingClient, cast: Cast) -> None:
    cast.welding_agreement.valid_until = cast.year.ends_on
    cast.welding_agreement.save()
    words = words_of(page_of(client, cast.faculty))
    assert "agreements in force 2" in words
    assert f"of them end with {cast.year} 1" in words
    assert f"/articulations/?consortium=&amp;college={cast.cbc.public_id}" in page_of(client)


def test_a_registrar_reads_what_waits_for_credit(client: PolicingClient, cast: Cast) -> None:
    words = words_of(page_of(client, cast.registrar))
    assert f"{cast.year} Columbia Basin College 2 1" in words  # two Completed, one with Fees/Req Pending
    assert "Transcribe the credit" not in words  # this year's waits for the summer
    late = make_student(cast.kamiakin)
    make_registration(late, cast.last_section, cast.agreement, percent="90")
    words = words_of(page_of(client))
    assert f"Transcribe the credit of {cast.last_year}, Columbia Basin College" in words
    assert "1 completed class waits for credit, 0 of them with Fees/Req Pending." in words
    assert "Walla Walla Community College" not in words


def test_a_registrar_is_told_what_waits_for_a_decision(client: PolicingClient, cast: Cast) -> None:
    assert "1 college ID fits no student for sure." in words_of(page_of(client, cast.registrar))
    assert "Let the record follow" not in page_of(client, cast.registrar)
    confirmed = grading.confirm_change(change=cast.grade_change, grade="98", by=cast.teacher)
    grading.approve_change(change=confirmed, by=cast.consortium)
    assert "1 grade was changed after credit was awarded." in words_of(page_of(client, cast.registrar))


def test_a_registrar_follows_a_run_under_way(client: PolicingClient, cast: Cast) -> None:
    run = cast.run
    run.pk, run.public_id, run.year, run.state, run.finished_at = None, None, cast.year, "stopped", None
    run.public_id = run._meta.get_field("public_id").default()
    run.save()
    page = page_of(client, cast.registrar)
    assert f"Follow the transcription of {cast.year}, Columbia Basin College" in words_of(page)
    assert f'href="/transcripts/runs/{run.public_id}/"' in page
    assert "Follow the transcription" not in page_of(client, cast.other_registrar)


def test_consortium_staff_read_the_whole_programme(client: PolicingClient, cast: Cast) -> None:
    words = words_of(page_of(client, cast.consortium))
    for figure in (
        "agreements in force 2",
        f"of them end with {cast.year} 0",
        f"classes in {cast.year} 2",
        "students registered 4",
        "registrations 4",
        "Fees/Req Pending 1",
        "Process forms and fees 1 registration waits for a form or a fee.",
    ):
        assert figure in words, figure
    assert "Windows of" in words
    cast.owing_registration.fees_req = Registration.FeesReq.PROCESSED
    cast.owing_registration.fees_req_at = timezone.now()
    cast.owing_registration.save()
    words = words_of(page_of(client))
    assert "Answer requests to open grading again 1 teacher waits for an answer." in words
    decline_extension(extension=cast.extension, reason="Too late.", by=cast.consortium)
    assert "Nothing to do now" in words_of(page_of(client))


def test_the_state_reads_totals(client: PolicingClient, cast: Cast) -> None:
    words = words_of(page_of(client, cast.state))
    for figure in (
        f"students registered in {cast.year} 6",
        "registrations 6",
        "of them Completed 3",
        "with Fees/Req Pending 1",
        "classes 3",
        "agreements in force 3",
    ):
        assert figure in words, figure


def test_several_seats_show_several_parts_and_a_hat_one(client: PolicingClient, cast: Cast) -> None:
    words = words_of(page_of(client, cast.many_hats))
    assert "Teacher, Kamiakin High School" in words
    assert "Registrar, Walla Walla Community College" in words
    client.post("/organizations/seats/choose/", {"seat": cast.many_hats.seats.get(role=Role.REGISTRAR).pk})
    words = words_of(page_of(client))
    assert "Teacher, Kamiakin High School" not in words
    assert "Registrar, Walla Walla Community College" in words


def test_a_student_with_a_second_seat_finds_both(client: PolicingClient, cast: Cast) -> None:
    make_seat(cast.student.user, Role.COUNSELOR, cast.kamiakin)
    page = page_of(client, cast.student.user)
    assert 'href="/students/classes/"' in page
    assert "Counselor, Kamiakin High School" in page


@pytest.mark.parametrize("person", ["nobody", "former_teacher"])
def test_without_a_seat_one_reads_what_to_do(client: PolicingClient, cast: Cast, person: str) -> None:
    assert "You hold no seat in SERS today." in words_of(page_of(client, getattr(cast, person)))


@pytest.mark.parametrize(
    ("person", "queries"),
    [
        # session, user, seats, school year, consortia to ask; then the role's own, its deadlines, what happened lately
        ("teacher", 5 + 10 + 1 + 1),
        ("counselor", 5 + 3 + 5 + 1),
        ("district", 5 + 11 + 5 + 1),
        ("faculty", 5 + 3 + 2 + 1),
        ("registrar", 5 + 9 + 5 + 1),
        ("consortium", 5 + 12 + 7 + 1),
        ("state", 4 + 4 + 7 + 5 + 1),
        ("nobody", 4),
    ],
)
def test_queries_do_not_grow(client: PolicingClient, cast: Cast, person: str, queries: int) -> None:
    client.force_login(getattr(cast, person))
    assert count_queries(client) == queries
    for number in range(2):
        course = make_high_school_course(cast.kamiakin, f"Marketing {number}")
        agreement = make_agreement(
            (course, make_college_course(cast.cbc, f"MKT {number}")), consortium=cast.columbia_basin
        )
        section = make_section(course, cast.teacher_seat)
        make_registration(make_student(cast.kamiakin), section, agreement)
        make_registration(make_student(cast.kamiakin), section, agreement, percent="90")
        make_student(make_school(f"New School {number}", cast.kennewick))
    assert count_queries(client) == queries
