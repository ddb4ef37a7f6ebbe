"""What stands between registration and credit, by the keyboard alone and without a script: another teacher, a parent's
signature, a fee paid, money in a bank file, a roster from the school, a late claim, two records of one person,
assurances, classes rolled over.

Walked after the other journeys: what it leaves, none of them expects.
"""

import re
from pathlib import Path
from typing import Any

from tests.journeys.keyboard import Keys, choose, choose_file, come, fill, go, mend, tick, wait_for

PAPER = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"
PARENT = "sam.parent@example.org"


def at_cybersecurity(visitor: Any, *, narrow: bool = False) -> Keys:
    """The demo student on the page of a registration whose fee and signature are pending."""
    keys = come(visitor, "student", "/students/classes/", narrow=narrow)
    go(keys, r"^Details\s+of Cybersecurity$")
    return keys


# --- Students


def test_a_student_changes_the_teacher(visitor: Any) -> None:
    keys = at_cybersecurity(visitor, narrow=True)
    go(keys, "^Change teacher")
    keys.tab_to("Period", tag="input")
    was = keys.focus()["name"]
    keys.press("ArrowDown")
    chosen = keys.focus()["name"]
    assert chosen != was
    go(keys, "^Save Changes$")
    assert "Your teacher is changed." in keys.visitor.text


def test_a_parent_signs_by_the_link_in_the_mail(visitor: Any) -> None:
    keys = at_cybersecurity(visitor)
    go(keys, "^Send a link to the parent or guardian$")
    path = keys.visitor.path
    fill(keys, "^E-mail of the parent", "sam.parent")
    go(keys, "^Send the link$")
    assert mend(keys, "e-mail", path)["name"].startswith("E-mail of the parent")
    keys.press("Control+a")
    keys.type(PARENT)
    go(keys, "^Send the link$")
    parent = Keys(visitor(script=False, narrow=True))
    parent.visitor.open_mail(PARENT, "signature")
    go(parent, "students/guardian/")
    path = parent.visitor.path
    go(parent, "^Send my answer$")
    assert mend(parent, "^Choose", path)["type"] == "radio"
    parent.press("Space")
    fill(parent, "^Your full name", "Sam Parent")
    go(parent, "^Send my answer$")
    assert "You signed as Sam Parent" in parent.visitor.text
    keys.visitor.go("/students/fees/")
    assert "Signed form" in keys.visitor.text
    assert "signature" not in keys.visitor.text.partition("Fee, $20")[0].lower()


def test_a_student_pays_the_fee(visitor: Any) -> None:
    keys = come(visitor, "student", "/students/fees/")
    owed = re.search(r"Pay (\$\d+) online", keys.visitor.text)
    assert owed is not None
    pay = rf"^Pay \{owed[1]} online$"
    go(keys, pay, "^Go to the payment page$", "^Let the card be declined$")
    assert "Nothing was paid. You can try again" in keys.visitor.text
    go(keys, "^Try again$", "^Go to the payment page$", "^Pay$")
    assert keys.visitor.heading == f"{owed[1]} is paid"
    go(keys, "^Receipt P-")
    assert owed[1] in keys.visitor.text


def test_a_late_claim_is_made_and_decided(visitor: Any, tmp_path: Path) -> None:
    keys = come(visitor, "student", "/students/claims/new/")
    choose(keys, "^School year", "2025-26")
    choose(keys, "^High school", "Kamiakin")
    go(keys, "^Show classes$")
    path = keys.visitor.path
    go(keys, "^Send the claim$")
    assert mend(keys, "^Choose the class", path)["type"] == "radio"
    keys.press("Space")
    paper = tmp_path / "transcript.pdf"
    paper.write_bytes(PAPER)
    choose_file(keys, "^High school transcript", paper)
    tick(keys, "^I agree to it")
    go(keys, "^Send the claim$")
    assert "is sent." in keys.visitor.text
    claim = keys.visitor.path
    office = come(visitor, "consortium")
    go(office, "^Decide on late claims$", "^Student, Stella")
    path = office.visitor.path
    go(office, "^Accept$")
    assert mend(office, "^First semester: enter", path)["name"] == "First semester"
    office.type("93")
    fill(office, "^Second semester$", "95")
    go(office, "^Accept$")
    assert "Accepted. Registration R-" in office.visitor.text
    keys.visitor.go(claim)
    assert "Accepted" in keys.visitor.text


# --- Staff


def test_money_in_a_bank_file_finds_its_student(visitor: Any) -> None:
    keys = come(visitor, "consortium", "/students/statements/")
    go(keys, r"^Match\s+MOBILE DEPOSIT")
    path = keys.visitor.path
    fill(keys, "^CTE Dual Credit ID", "TP6-00")
    go(keys, "^Enter it as a payment$")
    assert mend(keys, "^Nobody in this consortium has", path)["name"].startswith("CTE Dual Credit ID")
    keys.press("Control+a")
    keys.type("TP6-20-0001-5")
    go(keys, "^Enter it as a payment$")
    assert "The money is entered as payment P-" in keys.visitor.text
    assert "Stella Student" in keys.visitor.text


def test_two_records_of_one_person_become_one(visitor: Any) -> None:
    keys = come(visitor, "consortium", "/students/twins/")
    go(keys, r"^Side by side\s+Two Rivers", "^see what a merge would do$")
    path = keys.visitor.path
    go(keys, "^Merge the two records$")
    assert mend(keys, "reason|know", path)["name"].startswith("Reason")
    keys.type("The counselor knows both")
    go(keys, "^Merge the two records$")
    assert "They are one record now." in keys.visitor.text
    path = keys.visitor.path
    go(keys, "^Undo")
    assert mend(keys, "reason|why", path)["tag"] == "INPUT"
    keys.type("They are brothers")
    go(keys, "^Undo")
    assert "undone" in keys.visitor.text.lower()


def test_a_teacher_and_the_district_sign_an_assurance(visitor: Any) -> None:
    keys = come(visitor, "teacher")
    go(keys, "^Sign the Annual Teacher Assurance$", "^Read and sign")
    path = keys.visitor.path
    go(keys, "^Sign$")
    assert mend(keys, "^Type your name|^Enter your name", path)["name"].startswith("Type your name")
    keys.type("Terry Teacher")
    go(keys, "^Sign$")
    assert re.search(r"Signed for \d+ agreements with Columbia Basin College\.", keys.visitor.text)
    district = come(visitor, "district")
    go(district, "^Sign beside teachers$")
    path = district.visitor.path
    tick(district, "^Sofiia Popov.*WA190-26-0009")
    fill(district, "^Type your name", "Somebody Else")
    go(district, "^Sign$")
    assert mend(district, "name as it stands", path)["name"].startswith("Type your name")
    district.press("Control+a")
    district.type("Dana District")
    go(district, "^Sign$")
    assert "1 assurance is signed" in district.visitor.text


def test_classes_are_rolled_over(visitor: Any) -> None:
    keys = come(visitor, "consortium", "/articulations/sections/roll-over/")
    choose(keys, "^Whose classes", "Delta")
    go(keys, "^See what comes of it$")
    found = re.search(r"(\d+) made anew", keys.visitor.text)
    assert found is not None
    go(keys, "^Roll over$")
    assert f"{found[1]} classes made" in keys.visitor.text
    go(keys, "^Undo$")
    assert f"Classes gone: {found[1]}." in keys.visitor.text


def test_a_roster_from_the_school_is_taken_in(visitor: Any, tmp_path: Path) -> None:
    keys = Keys(visitor())  # a page that waits loads itself again where there is no script
    keys.visitor.arrive("teacher.demo")
    keys.visitor.go("/students/rosters/new/")
    file = tmp_path / "period-6.csv"
    head = "class,period,student number,first name,last name,e-mail\n"
    file.write_text(f"{head}Networking,Period 6,901,Nadja,Newcomer,nadja@example.net\n", encoding="utf-8")
    choose_file(keys, "^CSV file", file)
    go(keys, "^Check File$")
    wait_for(keys, "Take", keys.visitor.path)
    assert "1 comes" in keys.visitor.text
    choose(keys, "Networking, Period 6", "Networking")
    go(keys, "^Save Classes$", "^Take In$")
    wait_for(keys, "The roster is taken in", keys.visitor.path)
    go(keys, "^See who is not registered$")
    assert "Networking" in keys.visitor.text
