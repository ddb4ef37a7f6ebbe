"""A day's work by the keyboard alone: thirty classes at once, a registrar's summer, a catalog from a file.

Walked after the other journeys: what it leaves, none of them expects.
"""

import re
from pathlib import Path
from typing import Any

from playwright.sync_api import expect

from tests.journeys.keyboard import Keys, choose_file, wait_for

MANY = 30


def test_a_student_registers_for_thirty_classes_at_once(
    site: Any, visitor: Any, known: dict[str, Any]
) -> None:
    """All or nothing, and nothing twice; `known` is asked before anything here changes."""
    person, titles = site.ask(
        "from tests.journeys.demo import chooser, classes_for_many\n"
        f"answer = [chooser('Many', 'Workshops'), classes_for_many({MANY})]"
    )
    keys = Keys(visitor())
    keys.visitor.sign_in(person["username"], person["password"])
    keys.tab_to("^Register for Classes$")
    keys.enter()
    for title in titles:
        keys.tab_to(f"^{title}", tag="input")
        keys.press("Space")
    keys.tab_to("^Register Classes")
    keys.enter()
    keys.tab_to("^I have read this", tag="input")
    keys.press("Space")
    keys.tab_to("^Save & Register$")
    keys.enter()
    assert keys.visitor.heading == f"You are registered for {MANY} classes"
    references = re.findall(r"R-[0-9A-Z]{8,}", keys.visitor.text)
    assert len(set(references)) == MANY
    # Back again: what is registered cannot be sent once more.
    keys.page.go_back()
    assert keys.page.get_by_role("button", name="Save & Register").count() == 0
    keys.visitor.go("/students/register/answers/")
    assert re.findall(r"R-[0-9A-Z]{8,}", keys.visitor.text) == references


def test_a_registrar_leaves_a_repeat_and_lets_it_wait_again(visitor: Any) -> None:
    """The demo state holds one class whose course the student has from the year before."""
    keys = Keys(visitor())
    keys.visitor.arrive("registrar.demo")
    keys.visitor.go("/transcripts/not-yet/")
    keys.tab_to("^The course is on the record already$")
    keys.enter()
    keys.tab_to("^Rule by rule")
    keys.enter()
    repeat = keys.visitor.path
    assert "Not met yet: The course is not on the record already" in keys.visitor.text
    keys.tab_to("^Leave it: the earlier credit stands$")
    keys.enter()
    assert "The earlier credit stands. The class is off the lists." in keys.visitor.text
    keys.visitor.go("/transcripts/not-yet/")
    assert "The course is on the record already" not in keys.visitor.text
    keys.visitor.go(repeat)
    keys.tab_to("^Let the class wait again$")
    keys.enter()
    keys.visitor.go("/transcripts/not-yet/")
    assert "The course is on the record already" in keys.visitor.text


def test_a_registrar_transcribes_stops_resumes_and_tells_new_college_ids(
    site: Any, visitor: Any, tmp_path: Path
) -> None:
    """A run in which one letter goes out without a college ID; the ID comes by a sheet, and the letter is issued anew."""
    sers_id, last_name, first_name, born, email = site.ask(
        "from tests.journeys.demo import completed_without_id\nanswer = completed_without_id()"
    )
    keys = Keys(visitor())
    keys.visitor.arrive("registrar.demo")
    keys.visitor.go("/transcripts/runs/")
    keys.tab_to(r"^See what a run would do[\s\S]*2026-27$")
    keys.enter()
    keys.tab_to("^Start the summer transcription$")
    keys.enter()
    run = keys.visitor.path
    keys.tab_to("^Stop safely$")
    keys.enter()
    assert "The transcription is stopped. What is done stays." in keys.visitor.text
    keys.tab_to("^Resume$")
    keys.enter()
    wait_for(keys, "Finished", run)
    assert re.search(r"Totals agree", keys.visitor.text)

    sheet = tmp_path / "ids.csv"
    sheet.write_text(
        f"SID,Last name,First name,Birth date,E-mail\n209123457,{last_name},{first_name},{born},{email}\n",
        encoding="utf-8",
    )
    keys.visitor.go("/transcripts/identities/")
    keys.tab_to("^Import college IDs$")
    keys.enter()
    choose_file(keys, "^CSV file", sheet)
    keys.tab_to("^Look at it$")
    keys.enter()
    keys.tab_to("^Apply the row$")
    keys.enter()
    assert "Applied: 1 new, 0 known already, 0 to look at." in keys.visitor.text
    keys.visitor.go("/transcripts/issued/")
    keys.tab_to("^Issue anew with college IDs$")
    keys.enter()
    assert "none\t209123457" in keys.visitor.text
    keys.tab_to("^Issue it anew$")
    keys.enter()
    there = f"/transcripts/issued/?words={sers_id}"
    wait_for(keys, "issue 2", there)
    expect(keys.page.get_by_role("row").filter(has_text="issue 2")).to_contain_text("SID 209123457")


def test_a_catalog_comes_from_a_file_and_marks_what_rests_on_it(visitor: Any, tmp_path: Path) -> None:
    """Rows to correct stop all of it; corrected, a course is new, one is changed, and its agreement is due for review."""
    keys = Keys(visitor())
    keys.visitor.arrive("consortium.demo")
    keys.visitor.go("/articulations/courses/")
    keys.tab_to("^Courses from a file$")
    keys.enter()
    sheet = tmp_path / "courses.csv"
    head, good = "Course number,Title,Credits\n", "BUS& 101,Business and Society,5\nROB 101,Robotics I,5\n"
    sheet.write_text(f"{head}{good}ROB 102,Robotics II,fifty\n", encoding="utf-8")
    choose_file(keys, "^CSV file", sheet)
    keys.tab_to("^Check File$")
    keys.enter()
    assert "1 to correct, 1 new, 1 with changes" in keys.visitor.text
    assert keys.page.get_by_role("button", name="Save All").count() == 0
    keys.tab_to("^send it again$")
    keys.enter()
    sheet.write_text(head + good, encoding="utf-8")
    choose_file(keys, "^CSV file", sheet)
    keys.tab_to("^Check File$")
    keys.enter()
    keys.tab_to("^Save All$")
    keys.enter()
    assert "1 course added, 1 changed" in keys.visitor.text
    assert "1 agreement is due for review now." in keys.visitor.text
    keys.visitor.go("/articulations/reviews/?when=all&marked=on")
    assert "A course changed" in keys.visitor.row("BUS& 101").inner_text()


PAPER = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"
WANTED = "Medical Assisting"


def at_request(visitor: Any, who: str) -> Keys:
    """A person of the demo state on the page of the request that waits for them."""
    keys = Keys(visitor())
    keys.visitor.arrive(who)
    keys.visitor.go("/articulations/requests/")
    keys.tab_to(f"^{WANTED}$")
    keys.enter()
    return keys


def at_agreement(visitor: Any, cookie: dict[str, str]) -> Keys:
    keys = Keys(visitor())
    keys.visitor.context.add_cookies([{**cookie, "url": keys.visitor.site.url}])
    keys.visitor.go("/articulations/agreements/")
    keys.tab_to(f"^{WANTED}$")
    keys.enter()
    return keys


def test_what_is_taught_elsewhere_is_proposed_decided_signed_and_found(
    site: Any, visitor: Any, known: dict[str, Any], tmp_path: Path
) -> None:
    """A teacher finds no agreement at home and one like it elsewhere; five people later students can find it."""
    a_teacher_proposes_the_same(visitor, tmp_path)
    keys = at_request(visitor, "district.demo")
    keys.tab_to("^Your name$")
    keys.type("Dana District")
    keys.tab_to("^Sign the request$")
    keys.enter()
    assert "In screening" in keys.visitor.text
    the_consortium_screens(visitor)
    the_faculty_align_and_approve(visitor)
    keys = at_request(visitor, "consortium.demo")
    keys.tab_to("^Enter the agreement$")
    keys.enter()
    keys.tab_to("^In SERS, by its partners")
    keys.press("Space")
    keys.tab_to("^Continue$")
    keys.enter()
    keys.tab_to("^Send out for signature$")
    keys.enter()
    assert "Out for signature, 0 of 3 signed" in keys.visitor.text
    for name, session in site.ask("from tests.journeys.demo import signers\nanswer = signers()"):
        keys = at_agreement(visitor, {"name": known["cookie"], "value": session})
        keys.tab_to("^I have read the agreement", tag="input")
        keys.press("Space")
        keys.tab_to("^I intend my typed name", tag="input")
        keys.press("Space")
        keys.tab_to("^Your name$")
        keys.type(name)
        keys.tab_to("^Sign the agreement$")
        keys.enter()
    assert "In force" in keys.visitor.text
    anyone = Keys(visitor())
    anyone.visitor.go("/articulations/")
    anyone.tab_to("^Class, college course or CIP code$")
    anyone.type(WANTED)
    anyone.enter()
    found = anyone.visitor.row("Columbia Basin College").inner_text()
    assert WANTED in found
    assert "Kamiakin High School" in found


def a_teacher_proposes_the_same(visitor: Any, folder: Path) -> None:
    """From the search without a result to the request that is handed in."""
    keys = Keys(visitor())
    keys.visitor.arrive("teacher.demo")
    keys.visitor.go("/articulations/")
    keys.tab_to("^Class, college course or CIP code$")
    keys.type(WANTED)
    keys.enter()
    assert "No agreement" in keys.visitor.text or "No articulation" in keys.visitor.text
    keys.tab_to(r"^Propose the same at our college[\s\S]*MA 101")
    keys.enter()
    keys.tab_to("^New Articulation$")
    keys.press("Space")
    keys.tab_to("^Begin the request$")
    keys.enter()
    assert keys.visitor.heading == WANTED

    def page(task: str) -> None:
        keys.tab_to(f"^{task}")
        keys.enter()

    def save() -> None:
        keys.tab_to("^Save and continue$")
        keys.enter()

    def enter(label: str, text: str) -> None:
        keys.tab_to(f"^{label}")
        keys.type(text)

    def tick(label: str) -> None:
        keys.tab_to(f"^{label}", tag="input")
        keys.press("Space")

    list_of_tasks = keys.visitor.path
    page("Say where the class is taught")
    save()
    enter("Pathway$", "Health Sciences")
    save()
    tick("Terry Teacher")
    save()
    enter("Class length", "2 semesters, 180 hours")
    save()
    tick("Associate degree")
    enter("Its name", "Associate in Applied Science, Medical Assistant")
    tick("Health$")
    save()
    for subject in ("mathematics", "science", "technology", "communications"):
        enter(f"Competence in {subject}", f"Uses {subject} at work")
    save()
    paper = folder / "paper.pdf"
    paper.write_bytes(PAPER)
    while "Still to attach" in keys.visitor.text:
        choose_file(keys, "^Paper", paper)
        keys.tab_to("^Attach$")
        keys.enter()
        assert "paper.pdf is attached." in keys.visitor.text
    keys.visitor.go(list_of_tasks)
    keys.tab_to("^Hand in the request$")
    keys.enter()
    assert "Waits for the CTE director" in keys.visitor.text


def the_consortium_screens(visitor: Any) -> None:
    """Nothing passes without what Perkins asks and the teacher's V-code."""
    keys = at_request(visitor, "consortium.demo")
    keys.visitor.allowed.add(422)
    keys.tab_to("^Pass it on to the faculty$")
    keys.enter()
    assert "Tick each point you have looked at" in keys.visitor.text
    assert "Enter the teacher’s V-code" in keys.visitor.text
    for point in ("The pathway leads", "The class prepares", "Competencies in", "The syllabus has"):
        keys.tab_to(f"^{point}", tag="input")
        keys.press("Space")
    keys.tab_to("^V-code of Terry Teacher", tag="input")
    keys.type("V510801")
    keys.tab_to("^Pass it on to the faculty$")
    keys.enter()
    assert "In faculty review" in keys.visitor.text


def the_faculty_align_and_approve(visitor: Any) -> None:
    """Not before enough of the outcomes are covered."""
    keys = at_request(visitor, "faculty.demo")
    keys.visitor.allowed.add(422)
    keys.tab_to("^Fill in the alignment matrix$")
    keys.enter()
    keys.tab_to("^Approve$")
    keys.enter()
    assert "The class covers 0 % of the outcomes; Columbia Basin College asks for 80 %." in keys.visitor.text
    for row in ("1", "2"):
        keys.tab_to(f"^Competencies, row {row}$")
        keys.type(row)
        keys.tab_to(f"^How far, row {row}$")
        keys.type("Cov")
    keys.tab_to("^Save the matrix$")
    keys.enter()
    assert "100 % of the outcomes are covered." in keys.visitor.text
    keys.tab_to("^Approve$")
    keys.enter()
    assert "The request is approved." in keys.visitor.text
