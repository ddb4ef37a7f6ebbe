"""What comes round every year, by the keyboard alone and without a script: the State's lists of codes and credentials,
a district's codes from a file, a class's credentials, the notice of rights, requests to see and to amend a record.

Walked after the other journeys: what it leaves, none of them expects.
"""

import csv
import datetime
import io
import re
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.keyboard import Keys, choose, choose_file, come, fill, go, mend, sent_with, tick, wait_for

CREDENTIAL = "Drone Safety Certificate"


# --- Lists of the State and of districts


def test_the_state_keeps_the_codes_of_districts_and_schools(visitor: Any) -> None:
    keys = come(visitor, "state", "/articulations/sections/")
    go(keys, "^Codes of districts and schools$")
    choose(keys, "^School district", "Lynden Chr")
    go(keys, "^Show$")
    path = keys.visitor.path
    fill(keys, "^District code", "3790")
    go(keys, "^Save Changes$")
    assert mend(keys, "^Enter the five digits", path)["name"].startswith("District code")
    keys.press("Control+a")
    keys.type("37990")
    go(keys, "^Save Changes$")
    assert "The codes are saved." in keys.visitor.text
    assert "Lynden Christian Schools (no code)" not in keys.visitor.text


def test_the_state_adds_a_credential_a_teacher_records_it_and_takes_it_back(
    visitor: Any, known: dict[str, Any]
) -> None:
    keys = come(visitor, "state", "/articulations/sections/")
    go(keys, "^Industry credentials$", "^Add a credential$")
    fill(keys, "^Title", CREDENTIAL)
    go(keys, "^Save Changes$")
    assert mend(keys, "^Enter who gives the credential", "/articulations/credentials/new/")[
        "name"
    ].startswith("Given by")
    keys.type("Aviation Council")
    go(keys, "^Save Changes$")
    assert f"{CREDENTIAL} is on the list. Teachers can record it now." in keys.visitor.text

    teacher = come(visitor, "teacher", f"/students/credentials/{known['ids']['section']}/")
    path = teacher.visitor.path
    choose(teacher, "^Industry credential", CREDENTIAL)
    for part, text in (("Month", "10"), ("Day", "5"), ("Year", "2026")):
        fill(teacher, f"^{part}$", text)
    go(teacher, "^Save$")
    assert mend(teacher, "^Tick the students who earned it", path)["type"] == "checkbox"
    teacher.press("Space")
    go(teacher, "^Save$")
    assert f"{CREDENTIAL} is recorded for 1 student" in teacher.visitor.text
    go(teacher, rf"^Take back\s+{CREDENTIAL}")
    fill(teacher, f"^Why {CREDENTIAL}", "Ticked the wrong row")
    go(teacher, "^Take back$")
    assert f"{CREDENTIAL} of" in teacher.visitor.text
    assert "is taken back. Both entries are kept." in teacher.visitor.text


def test_a_district_hands_in_the_codes_of_its_classes(visitor: Any, tmp_path: Path) -> None:
    keys = come(visitor, "district")
    go(keys, "^Enter codes of classes$")
    row = keys.page.get_by_role("row").filter(has_text="Not known").first
    title = row.locator("th a").first.inner_text()
    school = row.locator("td[data-label='High school']").inner_text()
    go(keys, "^Codes from a file$")
    # As it comes the template changes nothing.
    keys.tab_to("^Download the template$")
    with keys.page.expect_download() as taken:
        keys.press("Enter")
    template = tmp_path / "codes.xlsx"
    taken.value.save_as(template)
    choose_file(keys, "^CSV or XLSX file", template)
    go(keys, "^Check File$")
    assert "SERS says all of this already." in keys.visitor.text
    go(keys, "^Choose another file$")
    file = tmp_path / "codes.csv"
    head = "High school,Class,Course ID,State course code\n"
    line = f"{school},{title},{{}},{{}}\n"
    file.write_text(head + line.format("NEW101", "a lot of nonsense"), encoding="utf-8")
    choose_file(keys, "^CSV or XLSX file", file)
    go(keys, "^Check File$")
    assert "1 to correct" in keys.visitor.text
    assert keys.page.get_by_role("button", name="Save All").count() == 0
    go(keys, "^send it again$")
    file.write_text(head + line.format("NEW101", "21015"), encoding="utf-8")
    choose_file(keys, "^CSV or XLSX file", file)
    go(keys, "^Check File$", "^Save All$")
    assert "1 class is changed" in keys.visitor.text
    keys.visitor.go("/articulations/sections/?codes=&words=" + title)
    assert "NEW101" in keys.visitor.row(title).inner_text()


# --- Rights in a record


def test_a_student_asks_to_see_the_record_and_has_it_explained(visitor: Any) -> None:
    student = come(visitor, "student", "/students/rights/", narrow=True)
    go(student, "^Request to see my record", "^Take the request back$")
    assert "Your request is taken back." in student.visitor.text
    go(student, "^My rights in my record$", "^Ask to see my record$")
    fill(student, "^What you want to see", "Who has written to my teacher about me?")
    tick(student, "^I want somebody to explain")
    go(student, "^Send the request$")
    assert "Your request is sent." in student.visitor.text
    page = student.visitor.path

    district = come(visitor, "district")
    go(district, "^Answer requests to see a record$", "^Student, Stella")
    assert district.visitor.path == page
    go(district, "^Note what was explained$")
    assert mend(district, "^Enter what was explained", page)["tag"] == "TEXTAREA"
    district.type("Nobody did. Your teacher wrote to the consortium about your class.")
    go(district, "^Note what was explained$", "^Make the file$")
    wait_for(district, "Close the request", page)
    go(district, "^Close the request$")
    assert "The request is closed." in district.visitor.text
    assert district.page.get_by_role("button", name="Download").count() == 0, "the file is the student’s"

    student.visitor.go(page)
    assert "Nobody did. Your teacher wrote" in student.visitor.text
    student.tab_to("^Download$")
    with student.page.expect_download() as taken:
        student.press("Enter")
    assert taken.value.suggested_filename.endswith(".zip")


def test_a_student_contests_is_refused_is_heard_and_states_it(visitor: Any, known: dict[str, Any]) -> None:
    """`known` states what the person of the State reads records for."""
    assert known["ids"]["amendment_own"]
    student = come(visitor, "student", "/students/rights/")
    go(student, "^Ask to put something right$")
    choose(student, "^What is wrong$", "Profile: graduation year")
    go(student, "^Send the request$")
    assert mend(student, "^Enter what is wrong", "/students/amendments/new/")["tag"] == "TEXTAREA"
    student.type("I graduate a year earlier.")
    fill(student, "^What it should say", "2027")
    go(student, "^Send the request$")
    assert "Your request is sent." in student.visitor.text
    page = student.visitor.path

    district = come(visitor, "district")
    go(district, "^Decide on requests to amend a record$", "^Student, Stella")
    assert district.visitor.path == page
    go(district, "^Note that you look at it$")
    fill(district, "^Why you refuse", "The plan of your school says 2028.")
    go(district, "^Refuse$")
    assert "Refused. Who asked is told the reason" in district.visitor.text

    student.visitor.go(page)
    go(student, "^Ask for a hearing$")
    assert "You asked for a hearing." in student.visitor.text
    assert not by_button(district, page, "after the hearing"), "who refused does not hear it"
    state = come(visitor, "state", page)
    fill(state, "^What the hearing found, on which", "The plan was signed in 2024 and stands.")
    go(state, "^Refuse after the hearing$")

    student.visitor.go(page)
    go(student, "^Add a statement$")
    fill(student, "^Your statement", "I have all credits for a diploma in 2027.")
    go(student, "^Add the statement$")
    assert "The statement is in the record." in student.visitor.text


def by_button(keys: Keys, path: str, words: str) -> bool:
    """Is there a button with these words on a page?"""
    keys.visitor.go(path)
    return bool(keys.page.get_by_role("button").filter(has_text=words).count())


def test_a_letter_of_a_parent_is_written_down(visitor: Any, known: dict[str, Any]) -> None:
    keys = come(visitor, "district", f"/students/{known['ids']['newcomer']}/inspection/")
    path = keys.visitor.path
    keys.tab_to("^The student$", tag="input")
    keys.press("ArrowDown")
    assert keys.focus()["name"] == "A parent or guardian"
    fill(keys, "^How you know who asks", "Driver license shown")
    came = datetime.datetime.now(tz=datetime.UTC).date() - datetime.timedelta(days=2)
    for part, number in (("Month", came.month), ("Day", came.day), ("Year", came.year)):
        fill(keys, f"^{part}$", str(number))
    go(keys, "^Write the request down$")
    assert mend(keys, "^Enter the name of the parent", path)["name"].startswith("Name of the parent")
    keys.type("Rosa Newcomer")
    go(keys, "^Write the request down$")
    assert "The request is written down." in keys.visitor.text
    assert "Rosa Newcomer" in keys.visitor.text


def test_the_state_publishes_the_notice_of_a_year(visitor: Any) -> None:
    keys = come(visitor, "state", "/students/consents/?for=notice")
    go(keys, "^New version$")
    keys.tab_to("^Text", tag="textarea")
    keys.press("Control+End")
    keys.type(" Questions? Write to your district.")
    go(keys, "^See how it reads$")
    assert "How it reads" in keys.visitor.text
    go(keys, "^Publish this text$")
    assert "is in force." in keys.visitor.text
    anyone = Keys(visitor(script=False, narrow=True))
    anyone.visitor.go("/students/notice/")
    assert "Questions? Write to your district." in anyone.visitor.text


# --- Figures, reviews and operations


def test_faculty_review_an_agreement_that_is_due(visitor: Any) -> None:
    keys = come(visitor, "faculty")
    go(keys, "^Review agreements$")
    due = re.match(r"(\d+) agreements", keys.page.locator("caption").inner_text())
    assert due is not None
    first = keys.page.locator("tbody th a").first
    go(keys, f"^{first.inner_text()}")
    path = keys.visitor.path
    go(keys, "^Save the review$")
    assert mend(keys, "^Choose what follows$", path)["type"] == "radio"
    keys.press("ArrowDown")
    assert keys.focus()["name"] == "Renew it with no revision"
    go(keys, "^Save the review$")
    keys.visitor.go("/")
    assert f"{int(due[1]) - 1} agreements are due for review." in keys.visitor.text


@pytest.mark.parametrize(
    ("who", "rows"), [("registrar", "Cluster"), ("district", "High school"), ("faculty", "College")]
)
def test_figures_are_chosen_and_their_sheet_says_the_same(visitor: Any, who: str, rows: str) -> None:
    keys = come(visitor, who)
    go(keys, "^Reports$")
    choose(keys, "^By$", rows)
    choose(keys, "^School year$", "2025-26")
    go(keys, "^Show$")
    finding = keys.page.locator("main h2").first.inner_text()
    heads, *lines = list(csv.reader(io.StringIO(sent_with(keys, "^Take CSV"), newline="")))
    told = [dict(zip(heads, line, strict=True)) for line in lines if len(line) == len(heads)]
    of_year = [one for one in told if one["School year"] == "2025-26"]
    (whole,) = (one for one in of_year if not one["By"])
    assert finding.startswith(
        f"{int(whole['Completed']):,} of {int(whole['Registered']):,} registrations of 2025-26 are Completed"
    )
    assert sum(int(one["Registered"]) for one in of_year if one["By"]) == int(whole["Registered"])


def test_figures_are_counted_again(visitor: Any) -> None:
    keys = come(visitor, "consortium", "/reports/figures/")
    go(keys, "^Count again$")
    assert "are being counted. Open this page again in a minute." in keys.visitor.text


def test_a_job_that_was_given_up_is_set_going_again(visitor: Any, site: Any) -> None:
    site.shell(
        "from accounts.models import Job\n"
        "from organizations.models import AcademicYear\n"
        "Job.objects.create(key='journey given up', task='reports.tasks.count_figures', state='parked', attempts=5,"
        " subject_id=AcademicYear.objects.current().pk, error='The disk was full')"
    )
    keys = come(visitor, "state", "/reports/operations/")
    go(keys, r"^Set going again\s+journey given up$")
    assert "The job is set going." in keys.visitor.text
    assert "journey given up" not in keys.visitor.text.replace("The job is set going", "")
