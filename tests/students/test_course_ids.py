"""A school's own system tells Course IDs: shown before a roster is taken in, taken only where none is known."""

from typing import Any

import pytest
from django.urls import reverse

from accounts.models import Event, User
from articulations.models import HighSchoolCourse
from students.models import RosterClass, RosterImport
from tests.people import Cast, make_section
from tests.policing import PolicingClient
from tests.students import rosters
from tests.students.pages import text
from tests.students.rosters import as_bundle, district, take_in

COURSES = "sourcedId,status,dateLastModified,schoolYearSourcedId,title,courseCode\n"


def bundle(cast: Cast, *courses: str) -> bytes:
    files = district(first_year=cast.year.first_year)
    return as_bundle({**files, "courses.csv": COURSES + "\n".join(courses) + "\n"})


def hand_in(by: User, content: bytes) -> RosterImport:
    return rosters.hand_in(by, content, "roster.zip")


def code(cast: Cast) -> str:
    return HighSchoolCourse.objects.get(pk=cast.accounting.pk).local_code


@pytest.mark.parametrize("person", ["counselor", "district"])
def test_it_is_shown_then_taken(client: PolicingClient, cast: Cast, person: str) -> None:
    user: User = getattr(cast, person)
    roster = hand_in(user, bundle(cast, "k1,,,,Accounting,BUS201"))
    client.force_login(user)
    words = text(client.get(reverse("students:school_roster", args=[roster.public_id])))
    assert "Course IDs the file tells" in words
    assert "Kamiakin High School: BUS201" in words
    assert code(cast) == ""
    take_in(roster)
    assert code(cast) == "BUS201"
    event = Event.objects.get(kind="articulations.class_changed")
    assert (event.actor, event.subject_id) == (user, cast.accounting.pk)
    assert event.data["changes"] == [{"name": "Course ID", "was": "", "is_now": "BUS201"}]
    again = hand_in(user, bundle(cast, "k1,,,,Accounting,BUS201"))
    words = text(client.get(reverse("students:school_roster", args=[again.public_id])))
    assert "Course IDs the file tells" not in words


def test_what_is_known_stays(cast: Cast) -> None:
    HighSchoolCourse.objects.filter(pk=cast.accounting.pk).update(local_code="OWN1")
    take_in(hand_in(cast.counselor, bundle(cast, "k1,,,,Accounting,BUS201")))
    assert code(cast) == "OWN1"
    assert not Event.objects.filter(kind="articulations.class_changed").exists()


def test_a_code_is_corrected_by_the_next_file_before_it_is_taken(cast: Cast) -> None:
    hand_in(cast.counselor, bundle(cast, "k1,,,,Accounting,WRONG"))
    take_in(hand_in(cast.counselor, bundle(cast, "k1,,,,Accounting,BUS201")))
    assert code(cast) == "BUS201"


@pytest.mark.parametrize(
    "course", ["k1,,,,Accounting,", "k2,,,,Accounting,BUS201", f"k1,,,,Accounting,{'x' * 31}"]
)
def test_what_tells_nothing_changes_nothing(cast: Cast, course: str) -> None:
    take_in(hand_in(cast.counselor, bundle(cast, course)))
    assert code(cast) == ""


def test_two_classes_that_tell_it_otherwise_tell_nothing(cast: Cast) -> None:
    roster = hand_in(cast.counselor, bundle(cast, "k1,,,,Accounting,BUS201"))
    (named,) = RosterClass.objects.in_file(roster)
    facts: dict[str, Any] = {"year": named.year, "school": named.school, "title": "Accounting 1"}
    further = RosterClass.objects.create(
        **facts, key="o|c5", section=make_section(cast.accounting, label="Period 5"), course_code="BUS202"
    )
    both = RosterClass.objects.filter(pk__in=[named.pk, further.pk])
    assert both.course_ids() == {}
    RosterClass.objects.filter(pk=further.pk).update(course_code="BUS201")
    assert both.course_ids() == {cast.accounting.pk: "BUS201"}
