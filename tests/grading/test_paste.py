"""Paste or upload grades: what is read, whom each line means, what the preview promises, what is refused."""

import re
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from grading import rules
from grading.models import roster_of
from organizations.models import CollegeYear, Window
from sers.lib.columns import MOST_BYTES, NoSheet
from students.models import Registration
from tests import people
from tests.grading.test_actions import stands
from tests.grading.test_roster import notice
from tests.people import Cast
from tests.policing import PolicingClient

Status = Registration.Status


def address(section: Any) -> str:
    return reverse("grading:paste", args=[section.public_id])


@pytest.fixture
def teacher(client: PolicingClient, cast: Cast) -> PolicingClient:
    client.force_login(cast.teacher)
    return client


def words(response: Any) -> str:
    html = re.sub(r"<head>.*?</head>", "", response.content.decode(), flags=re.DOTALL)
    return unescape(" ".join(re.sub(r"<[^>]+>", " ", html).split()))


def preview(client: PolicingClient, cast: Cast, text: str, **more: Any) -> Any:
    return client.post(address(cast.section), {"way": "paste", "pasted": text, **more})


def upload(client: PolicingClient, cast: Cast, content: bytes, name: str = "grades.csv") -> Any:
    return client.post(address(cast.section), {"way": "file", "file": SimpleUploadedFile(name, content)})


def lines(response: Any) -> list[tuple[str, str, str, str]]:
    """Student, grade, college grade and what happens, of each line of the preview."""
    found = []
    for row in re.findall(r"<tr role=\"row\">(.*?)</tr>", response.content.decode(), re.DOTALL)[1:]:
        cells = [
            unescape(" ".join(re.sub(r"<[^>]+>", " ", cell).split()))
            for cell in re.findall(r"<t[hd] [^>]*>(.*?)</t[hd]>", row, re.DOTALL)
        ]
        found.append((cells[1], cells[2], cells[3], cells[4]))
    return found


def send(client: PolicingClient, response: Any) -> Any:
    """Press the button of the preview."""
    html = response.content.decode()
    form = re.search(r"<form method=\"post\" action=\"([^\"]*graded=1)\">(.*?)</form>", html, re.DOTALL)
    assert form
    data: dict[str, list[str]] = {}
    for name, value in re.findall(r"<input type=\"hidden\" name=\"([^\"]*)\" value=\"([^\"]*)\"", form[2]):
        data.setdefault(name, []).append(unescape(value))
    return client.post(form[1], data)


# --- From the page to the grades ------------------------------------------------------------------------


def test_three_ways_in(teacher: PolicingClient, cast: Cast) -> None:
    said = words(teacher.get(address(cast.section)))
    for label in (
        "Preview pasted grades",
        "Preview the file",
        "Preview filled rows",
        "Download the class list (CSV)",
    ):
        assert label in said
    assert "One student a line: ID or name, Student Grade. Or a column of grades alone" in said


def test_ids_and_names_with_grades(teacher: PolicingClient, cast: Cast) -> None:
    text = (
        f"{cast.student.sers_id}\t97 %\n"
        "bo ÁNGEL lindqvist\t95,5\n"
        "Hernandez de la Cruz, Maximiliano\t97\n"
        "Gwen O'Farrell\t90\n"
        "Petrenko\tOksana\t84.999\n"
        "Nobody Here\t90\n"
    )
    response = preview(teacher, cast, text)
    assert response.status_code == 200
    assert lines(response) == [
        (f"Vega, Marisol {cast.student.sers_id}", "97 %", "3.9 A", "Will be saved"),
        ("Ángel-Lindqvist, Bo bo ÁNGEL lindqvist", "95,5", "3.8 A", "Will be saved Replaces 84 %."),
        ("Hernández de la Cruz, Maximiliano Hernandez de la Cruz, Maximiliano", "97 %", "3.9 A", "No change It stands so already."),
        ("O'Farrell, Gwen Gwen O'Farrell", "90 %", "", "Not taken Gwen O'Farrell is Withdrawn. Set the status to In Progress to enter a grade."),
        ("Petrenko, Oksana Petrenko Oksana", "84.999", "none, below 85", "Will be saved Replaces 91 %."),
        ("Nobody Here", "", "", "Not taken Nobody in this class has this ID or name."),
    ]  # fmt: skip
    assert "6 lines: 3 will be saved, 1 stays as it is, 2 are not taken" in words(response)
    assert stands(cast.registration) == (Status.IN_PROGRESS, "")  # nothing is saved yet
    said = notice(teacher, send(teacher, response))
    assert said.startswith("3 grades saved. Receipt R-")
    assert stands(cast.registration) == (Status.COMPLETED, "3.9 A")
    assert stands(cast.owing_registration) == (Status.NOT_ATTAINED, "")


def test_what_changed_between_preview_and_saving_clashes(teacher: PolicingClient, cast: Cast) -> None:
    cast.section.teachers.add(cast.colleague_seat)
    response = preview(teacher, cast, f"{cast.student.sers_id}\t97")
    people.grade(cast.registration, "88", by=cast.colleague)
    response = send(teacher, response)
    assert response.status_code == 422
    assert "Which one is right?" in words(response)
    assert stands(cast.registration) == (Status.COMPLETED, "3.3 B+")


def test_a_column_alone_in_the_order_of_the_list(teacher: PolicingClient, cast: Cast) -> None:
    response = preview(teacher, cast, "84\n97\n\n92\n90\n")
    assert [(name, grade, what.split(" It")[0]) for name, grade, _, what in lines(response)] == [
        ("Ángel-Lindqvist, Bo", "84 %", "No change"),
        ("Hernández de la Cruz, Maximiliano", "97 %", "No change"),
        ("O'Farrell, Gwen", "- - -", "No grade"),
        ("Petrenko, Oksana", "92 %", "Will be saved Replaces 91 %."),
        ("Vega, Marisol", "90 %", "Will be saved"),
    ]
    response = preview(teacher, cast, "Grade\n93")  # one student has none
    assert [name for name, *_ in lines(response)] == ["Vega, Marisol"]


def test_a_column_of_another_length_is_refused_with_the_numbers(teacher: PolicingClient, cast: Cast) -> None:
    response = preview(teacher, cast, "90\n91\n92")
    assert response.status_code == 422
    assert (
        "The column has 3 grades; the class has 5 students, 1 without a grade. Paste the IDs or the names beside"
        in words(response)
    )
    assert "90 91 92" in words(response)  # what was pasted is kept


def test_a_filled_in_class_list(teacher: PolicingClient, cast: Cast) -> None:
    """Down, filled in, up: columns are known by their heads, in any order, with more beside them."""
    listed = teacher.get(reverse("grading:sheet", args=[cast.section.public_id])).content.decode("utf-8-sig")
    filled = listed.replace("Vega,Marisol,", "Vega,Marisol,92")
    assert filled != listed
    response = upload(teacher, cast, filled.encode("utf-8-sig"))
    taken = [line for line in lines(response) if line[3].startswith("Will be saved")]
    assert taken == [(f"Vega, Marisol {cast.student.sers_id}", "92 %", "3.6 A-", "Will be saved")]
    assert notice(teacher, send(teacher, response)).startswith("1 grade saved.")


def test_fill_empty_rows(teacher: PolicingClient, cast: Cast) -> None:
    response = teacher.post(address(cast.section), {"way": "fill", "fill": "90"})
    assert lines(response) == [("Vega, Marisol", "90 %", "3.4 B+", "Will be saved")]
    assert "4 students of the class are not on it and stay as they are." in words(response)
    assert notice(teacher, send(teacher, response)).startswith("1 grade saved.")
    response = teacher.post(address(cast.section), {"way": "fill", "fill": "90"})
    assert "Every student in class has a grade: there is no empty row to fill." in words(response)
    response = teacher.post(address(cast.section), {"way": "fill", "fill": " "})
    assert (response.status_code, "Enter the grade for the empty rows." in words(response)) == (422, True)


def test_terms_and_criteria_by_their_heads(teacher: PolicingClient, cast: Cast) -> None:
    CollegeYear.objects.filter(college=cast.cbc, year=cast.year).update(every_term=True, needs_exam=True)
    table = f"ID\tFirst semester\tSecond semester\tIndustry exam\n{cast.student.sers_id}\t92\t97\tMet"
    response = preview(teacher, cast, table)
    assert lines(response) == [
        (f"Vega, Marisol {cast.student.sers_id}", "92 % / 97 % / Met", "3.9 A", "Will be saved")
    ]
    assert notice(teacher, send(teacher, response)).startswith("1 grade saved.")
    assert stands(cast.registration) == (Status.COMPLETED, "3.9 A")
    response = preview(teacher, cast, f"{cast.student.sers_id}\t91\t96")  # without heads, in their order
    assert lines(response)[0][1] == "91 % / 96 %"


# --- Whom a line means ----------------------------------------------------------------------------------


def read(cast: Cast, *table: str) -> list[rules.SheetLine]:
    rows = roster_of(cast.section, cast.teacher)
    return rules.lines_of([line.split("|") for line in table], rows, rules.standards_of(rows))


@pytest.mark.parametrize(
    "whom",
    ["Marisol Vega", "Vega Marisol", "Vega, Marisol", "  VEGA ,  marisol ", "Vega|Marisol", "Marisol|Vega", "{id}", "{plain}"],
)  # fmt: skip
def test_how_a_student_may_be_named(cast: Cast, whom: str) -> None:
    sers_id = cast.student.sers_id
    (line,) = read(cast, whom.format(id=sers_id, plain=sers_id.replace("-", "").lower()) + "|91")
    assert (line.row and line.row.name, line.problem, line.typed) == ("Marisol Vega", "", {"whole": "91"})


def test_two_of_one_name_need_their_ids(cast: Cast) -> None:
    twin = people.make_student(cast.kamiakin, "Marisol", "Vega")
    people.make_registration(twin, cast.section, cast.agreement)
    lines = read(cast, "Marisol Vega|91", f"{twin.sers_id}|92")
    assert (lines[0].row, lines[0].problem) == (None, "2 students have the same names. Use the ID.")
    assert lines[1].row is not None


def test_a_student_twice(cast: Cast) -> None:
    same = read(cast, "Marisol Vega|91", f"{cast.student.sers_id}|91")
    assert [line.problem for line in same] == ["", "Stands on line 1 already."]
    other = read(cast, "Marisol Vega|91", f"{cast.student.sers_id}|92")
    assert {line.problem for line in other} == {
        "Marisol Vega stands here twice, with different grades. Keep the right one."
    }


@pytest.mark.parametrize("cell", ["=1+A1", "+cmd|' /C calc'!A0", "@SUM(A1)", "-2+3+cmd()", "＝SUM(A1)"])
def test_formulas_are_refused(cast: Cast, cell: str) -> None:
    problem = "The cell holds a formula. Copy the values, not the formulas."
    (line,) = rules.lines_of([["Marisol Vega", cell]], *_class(cast))
    assert line.problem == problem
    (line,) = rules.lines_of([[cell, "91"]], *_class(cast))
    assert line.problem == problem


def _class(cast: Cast) -> tuple[Any, Any]:
    rows = roster_of(cast.section, cast.teacher)
    return rows, rules.standards_of(rows)


def test_too_many_columns_and_lines(cast: Cast) -> None:
    (line,) = read(cast, "Marisol Vega|91|92")
    assert line.problem == "More columns than grades. Keep the ID or the name, then the grade."
    with pytest.raises(NoSheet, match="402 lines"):
        read(cast, *(["Marisol Vega|91"] * 402))
    with pytest.raises(NoSheet, match="no line with a student"):
        read(cast, "ID|Grade", "|90")
    with pytest.raises(NoSheet, match="one student a line"):
        read(cast)


def test_a_column_alone_does_not_fit_terms(cast: Cast) -> None:
    CollegeYear.objects.filter(college=cast.cbc, year=cast.year).update(every_term=True)
    (line,) = read(cast, "91")
    assert "The college asks for more than one grade." in line.problem


# --- Files that are none --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("grades.xlsx", b"PK\x03\x04...", "Choose a file whose name ends in .csv."),
        ("grades.csv.exe", b"ID,Grade", "Choose a file whose name ends in .csv."),
        ("grades.csv", b"PK\x03\x04...", "The file is an Excel workbook or another packed file under the name of a CSV file."),
        ("grades.csv", b"\xd0\xcf\x11\xe0..", "The file is an old Excel workbook under the name"),
        ("grades.csv", b"%PDF-1.7", "The file is a PDF under the name of a CSV file."),
        ("grades.csv", b"\x89PNG\r\n", "The file is a picture under the name of a CSV file."),
        ("grades.csv", b"", "The file is empty."),
        ("grades.csv", b"  \r\n ", "The file is empty."),
        ("grades.csv", b"x" * (MOST_BYTES + 1), "The file is larger than 512 KB."),
        ("grades.csv", "Vega,Marisol,90\nÁ".encode("latin-1"), "The letters of the file cannot be read."),
        ("grades.csv", b"Vega\x00,90\n1,2", "The file is not a table of text."),
        ("grades.csv", b'"Vega, Marisol,90\n', "a quotation mark that is not closed"),
        ("grades.csv", b"ID,Grade\n", "The table has no line with a student."),
    ],
)  # fmt: skip
def test_files_that_are_refused_say_what_to_do(
    teacher: PolicingClient, cast: Cast, name: str, content: bytes, message: str
) -> None:
    response = upload(teacher, cast, content, name)
    assert response.status_code == 422
    assert message in words(response)
    assert re.search(r"<title>\s*Error: ", response.content.decode())
    assert 'aria-describedby="file-error"' in response.content.decode()


def test_no_file_no_text_too_much_text(teacher: PolicingClient, cast: Cast) -> None:
    assert "Choose a CSV file." in words(teacher.post(address(cast.section), {"way": "file"}))
    assert "Paste the grades, one student a line." in words(preview(teacher, cast, ""))
    assert "longer than the list of any class" in words(preview(teacher, cast, "x" * 100_001))
    assert preview(teacher, cast, "a\x00b").status_code == 400


@pytest.mark.parametrize(
    "content",
    [
        b"ID;Grade\r\n{id};95,5\r\n",  # a spreadsheet with decimal commas
        "\ufeffID\tGrade\n{id}\t95.5\n".encode("utf-16-le"),
        "ID,Grade\n{id},95.5\n".encode("utf-8-sig"),
        b"{id},95.5",
    ],
)
def test_the_forms_a_spreadsheet_saves(teacher: PolicingClient, cast: Cast, content: bytes) -> None:
    sers_id = cast.student.sers_id
    made = (
        content.decode("utf-16").format(id=sers_id).encode("utf-16")
        if content.startswith(b"\xff\xfe")
        else content.replace(b"{id}", sers_id.encode())
    )
    assert lines(upload(teacher, cast, made))[0][2] == "3.8 A"


# --- Who and when ---------------------------------------------------------------------------------------


def test_who_may_open_it(client: PolicingClient, cast: Cast) -> None:
    answers = {}
    for person in ("colleague", "other_teacher", "counselor", "consortium", "state", "former_teacher"):
        client.force_login(getattr(cast, person))
        answers[person] = (
            client.get(address(cast.section)).status_code,
            preview(client, cast, "90").status_code,
        )
    assert answers == {
        "colleague": (404, 404), "other_teacher": (404, 404), "counselor": (403, 403), "consortium": (403, 403),
        "state": (403, 403), "former_teacher": (403, 403),
    }  # fmt: skip


def test_when_grading_is_closed_the_preview_says_so(teacher: PolicingClient, cast: Cast) -> None:
    people.close_window(Window.Kind.GRADING, cast.columbia_basin, cast.year)
    response = preview(teacher, cast, f"{cast.student.sers_id}\t97")
    assert "Not taken Grading closed" in lines(response)[0][3]
    assert "Save 1 grade" not in words(response)


@pytest.mark.parametrize("number", [1, 3])
def test_queries(teacher: PolicingClient, cast: Cast, number: int, django_assert_num_queries: Any) -> None:
    ids = [one.sers_id for one in (cast.student, cast.below, cast.classmate)][:number]
    # session, user, seats, class; rows and scales to match, rows, windows and scales to try
    with django_assert_num_queries(10):
        assert preview(teacher, cast, "\n".join(f"{one}\t90" for one in ids)).status_code == 200
