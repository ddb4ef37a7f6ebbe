"""Everything works with JavaScript switched off: an account, a registration, grades, details, a run."""

import re
from typing import Any

from playwright.sync_api import expect

FIRST_NAME, LAST_NAME = "Paola", "Plain"
ADDRESS = "paola.plain@example.com"
PASSWORD = "eleven lanterns on a pier"


def test_student_creates_an_account_and_registers(visitor: Any) -> None:
    student = visitor(script=False, narrow=True)
    student.go("/")
    student.follow("Create New SERS Account")
    student.follow("Start")
    student.fill("Legal first name", FIRST_NAME)
    student.page.get_by_label("Legal last name").fill(LAST_NAME)
    student.press("Continue")
    student.press("Continue")
    student.fill("Month", "December")
    student.fill("Day", "5")
    student.fill("Year", "2009")
    student.press("Continue")
    student.choose("High school", "Walla Walla High School")
    student.tick("Grade 11")
    student.allowed = {422}
    student.press("Continue")
    # What was wrong is said; what was right stands there still.
    assert "Choose your graduation year" in student.text
    expect(student.field("Grade 11")).to_be_checked()
    student.allowed = set()
    student.choose("Graduation year", "2028")
    student.press("Continue")
    student.fill("Personal e-mail", ADDRESS)
    for _ in ("email", "contact", "about you", "guardian"):
        student.press("Continue")
    assert student.heading == "Check your answers"
    student.page.get_by_role("link", name="Change Grade level").click()
    student.page.get_by_role("link", name="Back").click()
    student.follow("Continue")
    student.fill("Password", PASSWORD)
    student.fill("Compare Password", "something else entirely")
    student.allowed = {422}
    student.press("Create Account")
    assert "enter the same password twice" in student.text
    student.allowed = set()
    student.fill("Password", PASSWORD)
    student.fill("Compare Password", PASSWORD)
    student.press("Create Account")
    assert student.heading == "Check your e-mail"

    # An unconfirmed student registers from the same session.
    student.follow("Register for Classes")
    student.page.get_by_label("Accounting 1-2").check()
    student.press("Register Classes")
    assert "Which college" in student.heading
    student.page.get_by_role("radio").first.check()
    student.page.get_by_text("Spokane Community College", exact=True).click()  # the whole card chooses
    student.tick("I have read this, and I want the college credit")
    student.press("Save & Register")
    assert "You are registered for Accounting 1-2" in student.text
    assert "Spokane Community College" in student.text

    student.open_mail(ADDRESS, "Confirm your e-mail for SERS")
    student.page.locator("main a[href*='/students/confirm/']").click()
    student.press("Confirm my e-mail")
    assert "Your e-mail is confirmed." in student.text


def test_teacher_saves_the_roster(visitor: Any, known: Any) -> None:
    teacher = visitor(script=False)
    teacher.sign_in("teacher.demo")
    section = known["sections"][3]
    teacher.go(section["path"])
    # The button stands at the foot of the list; the bar of unsaved changes is the script's.
    expect(teacher.page.locator("[data-savebar]")).to_be_hidden()
    rows = teacher.page.locator(
        "tbody tr:has(option[value='in_progress'][selected])"
    )  # who left takes no grade
    boxes = rows.locator("[data-grade]")
    first, second = (rows.nth(at).locator("th").inner_text().split("\n")[0] for at in (0, 1))
    boxes.nth(0).fill("95.5")
    boxes.nth(1).fill("a lot")
    teacher.allowed = {422}
    teacher.press("Save Changes")
    teacher.allowed = set()
    # The clean row is saved, the other one stands as it was typed.
    assert "Receipt R-" in teacher.text
    assert "a lot" in [box.input_value() for box in teacher.page.locator("[data-grade]").all()]
    row = teacher.row(second)
    row.get_by_role("textbox").fill("84.5 %")
    teacher.press("Save Changes")
    assert re.search(r"1 grade saved\. Receipt R-\d+", teacher.text)
    teacher.tick("Include Graded Students")
    teacher.press("Go")
    assert "3.8 A" in teacher.row(first).inner_text()
    assert "Not Attained" in teacher.row(second).inner_text()

    # A comment opens in place by its link, and is saved with the roster.
    link = teacher.page.locator("[data-comment]").last
    link.click()
    teacher.page.get_by_role("textbox", name=re.compile("Add a comment")).fill("Made up two labs in May.")
    teacher.press("Save Changes")
    assert "1 comment saved" in teacher.text


def test_anyone_reads_details_of_an_articulation(visitor: Any) -> None:
    reader = visitor(script=False)
    reader.go("/articulations/")
    reader.fill("Class, college course or CIP code", "Accounting")
    reader.press("Search")
    reader.page.get_by_role("link", name=re.compile("^Details")).first.click()
    assert "Years valid" in reader.text
    reader.page.get_by_role("link", name=re.compile("^Close")).first.click()
    assert "Years valid" not in reader.text


def test_staff_read_a_history(visitor: Any, known: Any) -> None:
    ids = known["ids"]
    counselor = visitor(script=False)
    counselor.arrive("counselor.demo")
    counselor.go(f"/students/{ids['student']}/history/")
    counselor.page.get_by_role("link", name=re.compile("^Details")).last.click()
    assert "High-school grade" in counselor.text


def test_registrar_runs_a_transcription(visitor: Any) -> None:
    """Without a script the page says how far it is when it is loaded again; a link does that."""
    registrar = visitor(script=False)
    registrar.arrive("registrar.demo")
    registrar.follow("Transcription")
    registrar.row("2024-25").get_by_role("link", name=re.compile("See what a run would do")).click()
    registrar.press("Start the summer transcription")
    state = registrar.page.locator("#run .tag").first
    for _ in range(240):
        if state.inner_text() == "Finished":
            break
        registrar.follow("Refresh")
        registrar.page.wait_for_timeout(250)
    assert state.inner_text() == "Finished"
    expect(registrar.page.get_by_text("Totals agree", exact=True)).to_be_visible()
