"""A day's work by the keyboard alone: thirty classes at once, a registrar's summer, a catalog from a file.

Walked after the other journeys: what it leaves, none of them expects.
"""

import re
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import expect

from tests.journeys.test_keyboard import Keys

MANY = 30
WAIT = 90  # seconds a worker may take


def wait_for(keys: Keys, words: str, path: str) -> None:
    """Open the page again and again until it says this."""
    end = time.monotonic() + WAIT
    while words not in keys.visitor.text:
        assert time.monotonic() < end, f"no '{words}' on {path}: {keys.visitor.text}"
        time.sleep(1)
        keys.visitor.go(path)


def choose_file(keys: Keys, name: str, path: Path) -> None:
    """Press Space on the field of this name; the dialog that opens is the system's own."""
    keys.tab_to(name, tag="input")
    with keys.page.expect_file_chooser() as opened:
        keys.press("Space")
    opened.value.set_files(path)


def test_a_student_registers_for_thirty_classes_at_once(site: Any, visitor: Any) -> None:
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
    # Sent again, as after a time-out: the same thirty.
    keys.page.go_back()
    with keys.page.expect_navigation():
        keys.page.get_by_role("button", name="Save & Register").focus()
        keys.press("Enter")
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
