"""What a file of courses changes is shown before anything is saved; then all of it is saved, once, or nothing."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Mail
from articulations import actions, rules
from articulations.models import AgreementMark, CollegeCourse, CourseChange, CourseFile
from sers.lib.refusal import Refused
from tests.people import Cast
from tests.policing import PolicingClient

NEW = {"code": "MKT 101", "title": "Marketing", "credits": "5"}


def handed(cast: Cast, *rows: dict[str, str]) -> CourseFile:
    numbered = [{"line": line, **row} for line, row in enumerate(rows, 2)]
    return actions.hand_in_courses(college=cast.cbc, name="catalog.csv", rows=numbered, by=cast.registrar)


def page(file: CourseFile) -> str:
    return reverse("articulations:course_file", args=[file.public_id])


def seen(file: CourseFile) -> str:
    return rules.seen_of(rules.read_courses(file.college, file.rows))


def save(file: CourseFile, cast: Cast) -> CourseFile:
    return actions.save_courses(file=file, seen=seen(file), by=cast.registrar)


def test_it_is_shown_then_saved(client: PolicingClient, cast: Cast) -> None:
    file = handed(
        cast,
        {"code": "acct& 201", "outcomes": "1. Keep a ledger | 2. Close the books", "title": "Accounting I"},
        {**NEW, "cip": "52.1401", "active_from": "9/1/2026"},
        {"code": "WLD 110", "credits": "3.0"},
    )
    client.force_login(cast.registrar)
    html = client.get(page(file)).content.decode()
    assert "1 new, 1 with changes, 1 as they are" in html
    assert "<b>Title</b>: Principles of Accounting I" in html
    assert "September 1, 2026" in html
    assert not CollegeCourse.objects.filter(code="MKT 101").exists()
    assert client.post(page(file), {"seen": seen(file)}).status_code == 302
    html = client.get(page(file)).content.decode()
    assert "1 course added, 1 changed" in html
    assert "1 agreement is due for review now." in html
    course = CollegeCourse.objects.get(pk=cast.acct_201.pk)
    assert (course.title, course.outcomes) == ("Accounting I", "Keep a ledger\nClose the books")
    assert CourseChange.objects.get().note == "From the file catalog.csv"
    assert [mark.articulation for mark in AgreementMark.objects.open()] == [cast.agreement]
    added = CollegeCourse.objects.get(code="MKT 101")
    assert (added.cip, str(added.active_from)) == ("521401", "2026-09-01")
    assert CollegeCourse.objects.worded("accounting i").filter(pk=course.pk).exists()


def test_the_same_file_again_changes_nothing(cast: Cast) -> None:
    rows = ({**NEW}, {"code": "ACCT& 201", "faculty": "Ada Bell"})
    save(handed(cast, *rows), cast)
    again = handed(cast, *rows)
    assert [row.tag[1] for row in rules.read_courses(cast.cbc, again.rows)] == ["As it is", "As it is"]
    assert (save(again, cast).added, save(again, cast).changed) == (0, 0)
    assert CourseChange.objects.count() == 1


def test_pressed_twice_it_is_saved_once(cast: Cast) -> None:
    file = handed(cast, NEW, {"code": "ACCT& 201", "faculty": "Ada Bell"})
    fingerprint = seen(file)
    for _ in range(2):
        saved = actions.save_courses(file=file, seen=fingerprint, by=cast.registrar)
        assert (saved.added, saved.changed, saved.marked) == (1, 1, 1)
    assert CourseChange.objects.count() == 1
    assert Mail.objects.filter(subject__contains="due for review").count() == len(
        {*Mail.objects.filter(subject__contains="due for review").values_list("to", flat=True)}
    )


def test_nothing_is_saved_that_was_not_shown(client: PolicingClient, cast: Cast) -> None:
    file = handed(cast, NEW, {"code": "ACCT& 201", "title": "Accounting I"})
    fingerprint = seen(file)
    actions.change_course(course=cast.acct_201, facts={"title": "Accounting One"}, by=cast.faculty)
    client.force_login(cast.registrar)
    answer = client.post(page(file), {"seen": fingerprint})
    assert answer.status_code == 409
    html = answer.content.decode()
    assert "The catalog has changed since you looked. Nothing was saved." in html
    assert "<b>Title</b>: Accounting One" in html
    assert not CollegeCourse.objects.filter(code="MKT 101").exists()
    assert client.post(page(file), {"seen": seen(file)}).status_code == 302


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"code": ""}, "Enter the course number."),
        ({"code": "X" * 21, "title": "T", "credits": "5"}, "Shorten the course number to 20 letters."),
        ({"code": "X 1", "credits": "5"}, "Enter the title of X 1."),
        ({"code": "X 1", "title": "T"}, "Enter the credits of X 1."),
        ({"code": "ACCT& 201", "title": ""}, "Enter the title of ACCT& 201."),
        ({**NEW, "credits": "five"}, "Enter credits from 0.5 to 25."),
        ({**NEW, "credits": "5.55"}, "Enter credits from 0.5 to 25."),
        ({**NEW, "credits": "NaN"}, "Enter credits from 0.5 to 25."),
        ({**NEW, "cip": "52"}, "Enter the six digits of the CIP code, for example 52.0301."),
        ({**NEW, "site_url": "www"}, "College site: enter a whole address, https://..."),
        ({**NEW, "site_url": "javascript:alert(1)"}, "College site: enter a whole address, https://..."),
        ({**NEW, "active_from": "soon"}, "Taught from: enter a day like 9/1/2026."),
        (
            {**NEW, "active_from": "9/1/2026", "active_until": "8/1/2026"},
            "MKT 101 ends before it begins. Correct one of the days.",
        ),
        ({**NEW, "title": "T" * 121}, "Title: shorten it to 120 letters."),
        ({**NEW, "outcomes": "x" * 301}, "Shorten each outcome to 300 letters."),
    ],
)
def test_a_row_to_correct_stops_all(cast: Cast, row: dict[str, str], words: str) -> None:
    file = handed(cast, row, {"code": "WLD 110", "title": "Welding One"})
    read = rules.read_courses(cast.cbc, file.rows)
    assert [one.problem for one in read] == [words, ""]
    with pytest.raises(Refused):
        save(file, cast)
    assert not CourseChange.objects.exists()


def test_one_course_twice_is_told(client: PolicingClient, cast: Cast) -> None:
    file = handed(cast, NEW, {**NEW, "code": "mkt  101"})
    client.force_login(cast.registrar)
    html = client.get(page(file)).content.decode()
    assert "The same course as row 2. Take one of them out." in html
    assert "Save All" not in html


def test_a_column_that_is_missing_changes_nothing_an_empty_cell_empties(cast: Cast) -> None:
    actions.change_course(
        course=cast.acct_201, facts={"faculty": "Ada Bell", "cip": "520301"}, by=cast.faculty
    )
    save(handed(cast, {"code": "ACCT& 201", "cip": ""}), cast)
    course = CollegeCourse.objects.get(pk=cast.acct_201.pk)
    assert (course.faculty, course.cip) == ("Ada Bell", "")


def test_one_letter_a_file(cast: Cast) -> None:
    before = Mail.objects.count()
    rows: list[dict[str, Any]] = [
        {"code": code, "structure": "60 hours"} for code in ("ACCT& 201", "WLD 110")
    ]
    save(handed(cast, *rows), cast)
    letters = Mail.objects.order_by("pk")[before:]
    assert {mail.subject for mail in letters} == {"2 courses changed: 2 agreements are due for review"}
    assert len({mail.to for mail in letters}) == len(letters)


def test_as_many_queries_for_one_course_as_for_three(cast: Cast) -> None:
    counts = []
    for codes in (["A 1"], ["B 1", "B 2", "B 3"]):
        for code in codes:
            actions.add_course(
                college=cast.cbc, code=code, facts={"title": "T", "credits": "5"}, by=cast.registrar
            )
        file = handed(cast, *({"code": code, "title": "New"} for code in codes))
        fingerprint = seen(file)
        with CaptureQueriesContext(connection) as queries:
            actions.save_courses(file=file, seen=fingerprint, by=cast.registrar)
        counts.append(len([one for one in queries if "accounts_event" not in one["sql"]]))
    assert counts[0] == counts[1]


def test_of_ones_own_college_alone(client: PolicingClient, cast: Cast) -> None:
    file = handed(cast, NEW)
    for user, status in ((cast.other_registrar, 404), (cast.teacher, 403), (cast.state, 403)):
        client.force_login(user)
        assert client.get(page(file)).status_code == status
        assert client.post(page(file), {"seen": seen(file)}).status_code == status
    with pytest.raises(Refused):
        actions.save_courses(file=file, seen=seen(file), by=cast.other_registrar)
    with pytest.raises(Refused):
        actions.hand_in_courses(college=cast.cbc, name="x.csv", rows=[], by=cast.other_registrar)
