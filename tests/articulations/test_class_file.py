"""/articulations/classes/files/<id>/: what a file of codes changes is shown; then all of it is saved, once, or nothing."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Event
from articulations import actions
from articulations.models import ClassFile, HighSchoolCourse
from articulations.rules import class_files
from sers.lib.refusal import Refused
from tests.people import Cast, make_high_school_course, make_school
from tests.policing import PolicingClient
from tests.raw import breaks, change

ACCOUNTING = {"school": "kamiakin high school", "title": "accounting  1"}


def handed(cast: Cast, *rows: dict[str, str]) -> ClassFile:
    numbered = [{"line": line, **row} for line, row in enumerate(rows, 2)]
    return actions.hand_in_classes(district=cast.kennewick, name="codes.csv", rows=numbered, by=cast.district)


def page(file: ClassFile) -> str:
    return reverse("articulations:class_file", args=[file.public_id])


def seen(file: ClassFile) -> str:
    return class_files.classes_seen(class_files.read_classes(file.district, file.rows))


def save(file: ClassFile, cast: Cast) -> ClassFile:
    return actions.save_classes(file=file, seen=seen(file), by=cast.district)


def test_it_is_shown_then_saved(client: PolicingClient, cast: Cast) -> None:
    file = handed(
        cast,
        {**ACCOUNTING, "local_code": "BUS201", "state_code": "12104", "high_school_credits": "1,0"},
        {"title": "Welding Technology", "school": "Kamiakin High School", "local_code": ""},
    )
    client.force_login(cast.consortium)  # another keeper of the district saves it as well
    html = client.get(page(file)).content.decode()
    assert "1 with changes, 1 as they are" in html
    assert "<b>Course ID</b>: nothing <b>becomes</b> BUS201" in html
    assert HighSchoolCourse.objects.get(pk=cast.accounting.pk).local_code == ""
    assert client.post(page(file), {"seen": seen(file)}).status_code == 302
    assert "1 class is changed" in client.get(page(file)).content.decode()
    found = HighSchoolCourse.objects.get(pk=cast.accounting.pk)
    assert (found.local_code, found.state_code, str(found.high_school_credits)) == ("BUS201", "12104", "1.00")
    event = Event.objects.get(kind="articulations.class_changed")
    assert (event.actor, [one["name"] for one in event.data["changes"]]) == (
        cast.consortium,
        ["Course ID", "State course code", "High-school credits"],
    )


def test_the_same_file_again_changes_nothing(cast: Cast) -> None:
    row = {**ACCOUNTING, "local_code": "BUS201"}
    assert save(handed(cast, row), cast).changed == 1
    again = handed(cast, row)
    assert [one.tag[1] for one in class_files.read_classes(cast.kennewick, again.rows)] == ["As it is"]
    assert save(again, cast).changed == 0
    assert Event.objects.filter(kind="articulations.class_changed").count() == 1


def test_pressed_twice_it_is_saved_once(cast: Cast) -> None:
    file = handed(cast, {**ACCOUNTING, "local_code": "BUS201"})
    fingerprint = seen(file)
    for _ in range(2):
        assert actions.save_classes(file=file, seen=fingerprint, by=cast.district).changed == 1
    assert Event.objects.filter(kind="articulations.class_changed").count() == 1


def test_nothing_is_saved_that_was_not_shown(client: PolicingClient, cast: Cast) -> None:
    file = handed(cast, {**ACCOUNTING, "local_code": "BUS201"})
    fingerprint = seen(file)
    actions.change_class(taught=cast.accounting, facts={"local_code": "BUS9"}, by=cast.consortium)
    client.force_login(cast.district)
    answer = client.post(page(file), {"seen": fingerprint})
    assert answer.status_code == 409
    html = answer.content.decode()
    assert "A class has changed since you looked. Nothing was saved." in html
    assert "<b>Course ID</b>: BUS9 <b>becomes</b> BUS201" in html
    assert client.post(page(file), {"seen": seen(file)}).status_code == 302


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"title": ""}, "Enter the class."),
        ({"school": "Hogwarts", "title": "Accounting 1"}, "The district has no high school Hogwarts."),
        ({"school": "Walla Walla High School", "title": "Medical Terminology"}, "The district has no high school Walla Walla High School."),
        ({"title": "Falconry"}, "The school has no class of this name in SERS. A class comes with its first agreement."),
        ({**ACCOUNTING, "local_code": "x" * 31}, "Shorten the Course ID to 30 letters."),
        ({**ACCOUNTING, "state_code": "1104"}, "Enter the state course code, for example 12104."),
        ({**ACCOUNTING, "cip": "52"}, "Enter the six digits of the CIP code, for example 52.0301."),
        ({**ACCOUNTING, "high_school_credits": "4"}, "Enter high-school credits from 0.25 to 3, for example 0.5 or 1."),
    ],
)  # fmt: skip
def test_a_row_to_correct_stops_all(cast: Cast, row: dict[str, str], words: str) -> None:
    file = handed(
        cast, row, {"school": "Kamiakin High School", "title": "Welding Technology", "local_code": "W1"}
    )
    read = class_files.read_classes(cast.kennewick, file.rows)
    assert [one.problem for one in read] == [words, ""]
    with pytest.raises(Refused):
        save(file, cast)
    assert not Event.objects.filter(kind="articulations.class_changed").exists()


def test_where_there_are_several_schools_the_school_is_needed(cast: Cast) -> None:
    row = {"title": "Accounting 1", "local_code": "BUS201"}
    assert [one.problem for one in class_files.read_classes(cast.kennewick, handed(cast, row).rows)] == [""]
    make_high_school_course(make_school("Southridge High School", cast.kennewick), "Accounting 1")
    file = handed(cast, row, {**row, "school": "Southridge High School"})
    assert [one.problem for one in class_files.read_classes(cast.kennewick, file.rows)] == [
        "Enter the high school.",
        "",
    ]


def test_one_class_twice_is_told(client: PolicingClient, cast: Cast) -> None:
    file = handed(cast, {**ACCOUNTING, "local_code": "1"}, {"title": "ACCOUNTING 1", "local_code": "2"})
    client.force_login(cast.district)
    html = client.get(page(file)).content.decode()
    assert "The same class as row 2. Take one of them out." in html
    assert "Save All" not in html


def test_a_column_that_is_missing_changes_nothing_an_empty_cell_empties(cast: Cast) -> None:
    facts = {"local_code": "BUS201", "state_code": "12104"}
    actions.change_class(taught=cast.accounting, facts=facts, by=cast.district)
    save(handed(cast, {**ACCOUNTING, "local_code": ""}), cast)
    found = HighSchoolCourse.objects.get(pk=cast.accounting.pk)
    assert (found.local_code, found.state_code, found.cip) == ("", "12104", "520301")


def test_as_many_queries_for_one_class_as_for_three(cast: Cast) -> None:
    counts = []
    for titles in (["A 1"], ["B 1", "B 2", "B 3"]):
        for title in titles:
            make_high_school_course(cast.kamiakin, title)
        file = handed(cast, *({"title": title, "cip": "490101"} for title in titles))
        fingerprint = seen(file)
        with CaptureQueriesContext(connection) as queries:
            actions.save_classes(file=file, seen=fingerprint, by=cast.district)
        counts.append(len([one for one in queries if "accounts_event" not in one["sql"]]))
    assert counts[0] == counts[1]


def test_of_ones_own_district_alone(client: PolicingClient, cast: Cast) -> None:
    file = handed(cast, {**ACCOUNTING, "local_code": "BUS201"})
    for user, status in ((cast.other_district, 404), (cast.other_consortium, 404), (cast.teacher, 403)):
        client.force_login(user)
        assert client.get(page(file)).status_code == status
        assert client.post(page(file), {"seen": seen(file)}).status_code == status
    with pytest.raises(Refused):
        actions.save_classes(file=file, seen=seen(file), by=cast.other_district)
    with pytest.raises(Refused):
        actions.hand_in_classes(district=cast.kennewick, name="x.csv", rows=[], by=cast.counselor)


def test_a_file_that_is_saved_says_by_whom(cast: Cast) -> None:
    with breaks("class_file_saved_has_its_moment"):
        change(cast.class_file, state="done")
