"""/students/rosters/: the classes within reach beside their rosters, and what home says of them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.access import Role
from tests.people import Cast, make_entry, make_registration, make_seat, make_section, make_student
from tests.policing import PolicingClient
from tests.students.pages import text
from tests.students.rosters import PERIOD_2, as_csv, hand_in

HERE = reverse("students:school_rosters")


def test_a_teacher_sees_the_own_classes_beside_their_rosters(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.teacher)
    assert "No roster yet" in text(client.get(HERE))
    make_entry(cast.section)
    make_entry(cast.section, "Maximiliano", "Hernández de la Cruz")
    words = text(client.get(HERE))
    assert " 2 1 1 " in words  # two named, one not registered, Marisol not on it
    assert "Welding" not in words


def test_home_says_who_is_to_be_reminded_and_who_is_strange(client: PolicingClient, cast: Cast) -> None:
    make_entry(cast.section)
    client.force_login(cast.teacher)
    words = text(client.get("/"))
    assert "1 student is in a class and not registered." in words
    assert "1 registration is not on the school’s roster." in words
    make_entry(cast.colleague_section)
    for person in ("counselor", "district"):
        client.force_login(getattr(cast, person))
        assert "2 students are in a class and not registered." in text(client.get("/"))  # of both classes


def test_only_classes_with_somebody_missing(client: PolicingClient, cast: Cast) -> None:
    make_entry(cast.colleague_section)
    client.force_login(cast.counselor)
    assert "2 classes" in text(client.get(HERE))
    words = text(client.get(f"{HERE}?show=missing"))
    assert "1 class " in words
    assert "Welding Technology" in words
    client.force_login(cast.teacher)
    assert "Everybody your rosters name is registered." in text(client.get(f"{HERE}?show=missing"))


def test_a_district_chooses_a_school(client: PolicingClient, cast: Cast) -> None:
    from tests.people import make_high_school_course, make_school

    school = make_school("Southridge High School", cast.kennewick)
    make_section(make_high_school_course(school, "Robotics"))
    client.force_login(cast.district)
    assert "Robotics" in text(client.get(HERE))
    words = text(client.get(f"{HERE}?school={cast.kamiakin.public_id}"))
    assert "Robotics" not in words
    assert client.get(f"{HERE}?school=rubbish").status_code == 200


def test_without_classes_it_says_whom_to_ask(client: PolicingClient, cast: Cast) -> None:
    make_seat(cast.nobody, Role.TEACHER, cast.kamiakin)
    client.force_login(cast.nobody)
    assert "You have no classes in this school year yet." in text(client.get(HERE))


def test_the_last_files_lead_on(client: PolicingClient, cast: Cast) -> None:
    hand_in(cast.teacher, as_csv(*PERIOD_2), "period-2.csv")
    client.force_login(cast.teacher)
    words = text(client.get(HERE))
    assert "period-2.csv" in client.get(HERE).content.decode()
    assert "to be checked" in client.get(HERE).content.decode()
    assert "Rosters from schools" in words


@pytest.mark.parametrize("person", ["consortium", "registrar", "faculty", "state", "student"])
def test_others_have_no_business_here(client: PolicingClient, cast: Cast, person: str) -> None:
    who = getattr(cast, person)
    client.force_login(getattr(who, "user", who))
    assert client.get(HERE).status_code == 403


def test_it_costs_the_same_for_one_class_and_three(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.teacher)
    counts = []
    for number in range(3):
        section = make_section(cast.welding, cast.teacher_seat, label=f"Period {number}")
        make_entry(section, f"Ana{number}", "Cruz")
        make_registration(make_student(cast.kamiakin), section, cast.welding_agreement)
        with CaptureQueriesContext(connection) as caught:
            assert client.get(HERE).status_code == 200
        counts.append(len(caught))
    assert counts == [12, 12, 12]
