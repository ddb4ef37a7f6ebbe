"""The main job, from the agreement to the transcript a stranger checks: each step by the role that does it.

One walk through the whole of SERS, in the words on its screens, with a real worker behind it.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.transcripts.test_documents import text_of

CLASS = "Drone Technology 1-2"
COURSE = "AERO 101"
FIRST_NAME, LAST_NAME = "Wanda", "Walker-Núñez"
ADDRESS = "wanda.walker@example.com"
PASSWORD = "seven gray herons over the river"


@dataclass
class Walk:
    """What one step hands to the next."""

    site: Any
    visitor: Any
    username: str = ""
    sers_id: str = ""
    reference: str = ""
    code: str = ""


def told(pattern: str, text: str) -> str:
    """What a page or a mail tells, by its shape."""
    found = re.search(pattern, text)
    assert found, f"{pattern} is not told in: {text}"
    return found[0]


@pytest.fixture
def walk(site: Any, visitor: Any) -> Walk:
    return Walk(site, visitor)


def test_main_job(walk: Walk) -> None:
    consortium_enters_an_agreement_and_a_class(walk)
    student = student_creates_an_account(walk)
    student_registers(walk, student)
    consortium_processes_the_form(walk)
    teacher_enters_the_grade(walk)
    registrar_runs_the_transcription(walk)
    pdf = student_downloads_the_transcript(walk, student)
    anyone_checks_it(walk, pdf)
    what_is_pressed_again_changes_nothing(walk)


def consortium_enters_an_agreement_and_a_class(walk: Walk) -> None:
    """A new class at Kamiakin earns five credits at Columbia Basin College; Terry Teacher teaches it."""
    consortium = walk.visitor()
    consortium.arrive("consortium.demo")
    consortium.follow("Search Articulations")
    consortium.follow("Enter an agreement")
    consortium.choose("College", "Columbia Basin College")
    consortium.choose("High school", "Kamiakin High School")
    consortium.press("Continue")
    consortium.fill("High-school class", CLASS)
    consortium.page.get_by_label("Course number").first.fill(COURSE)
    consortium.page.get_by_label("Course title").first.fill("Unmanned Aircraft Systems")
    consortium.page.get_by_label("Credits").first.fill("5")
    consortium.page.get_by_label("Own minimum grade").fill("80 %")
    consortium.press("Continue")
    assert consortium.heading == "Check the agreement"
    for words in (CLASS, COURSE, "Unmanned Aircraft Systems", "80 %", "Kamiakin High School"):
        assert words in consortium.text, words
    consortium.press("Save Agreement")
    assert CLASS in consortium.heading
    assert "Unmanned Aircraft Systems" in consortium.text

    consortium.follow("Enter a class")
    consortium.choose("Class", CLASS)
    consortium.tick("First semester")  # one grade decides, though the college asks each term
    consortium.page.get_by_label("Period or section").fill("Period 6")
    consortium.tick("Terry Teacher")
    consortium.press("Save Class")
    assert CLASS in consortium.text
    assert consortium.page.title() == "Classes 2026-27 - SERS" or "Classes" in consortium.heading
    consortium.sign_out()


def student_creates_an_account(walk: Walk) -> Any:
    """Create New SERS Account, Check your e-mail, and the mailed link; the ID and the user name come by mail."""
    student = walk.visitor()
    student.go("/")
    student.follow("Create New SERS Account")
    student.follow("Start")
    student.fill("Legal first name", FIRST_NAME)
    student.page.get_by_label("Legal last name").fill(LAST_NAME)
    student.press("Continue")
    student.press("Continue")
    student.fill("Month", "3")
    student.fill("Day", "27")
    student.fill("Year", "2009")
    student.press("Continue")
    student.choose("High school", "Kamiakin High School")
    student.tick("Grade 12")
    student.choose("Graduation year", "2027")
    student.press("Continue")
    student.fill("Personal e-mail", ADDRESS)
    for _ in ("email", "contact", "about you", "guardian"):
        student.press("Continue")
    assert student.heading == "Check your answers"
    assert FIRST_NAME in student.text
    student.follow("Continue")
    student.fill("Password", PASSWORD)
    student.fill("Compare Password", PASSWORD)
    student.press("Create Account")
    assert student.heading == "Check your e-mail"

    mail = student.open_mail(ADDRESS, "Confirm your e-mail for SERS")
    walk.sers_id = told(r"TP\d-\d\d-\d{4}-\d", mail)
    walk.username = told(r"(?<=user name is )\S+?(?=\.?\s)", mail)
    student.page.locator("main a[href*='/students/confirm/']").click()
    student.press("Confirm my e-mail")
    assert "Your e-mail is confirmed." in student.text
    assert walk.sers_id in student.text
    return student


def student_registers(walk: Walk, student: Any) -> None:
    """The class is ticked, teacher and college stand there, the consent is given: Save & Register."""
    student.page.get_by_role("link", name="Register for Classes").first.click()
    assert student.heading == "Classes at Kamiakin High School"
    student.tick(CLASS)
    student.press("Register Classes")
    assert "Terry Teacher" in student.text
    assert "80 %" in student.text
    student.tick("I have read this, and I want the college credit")
    student.press("Save & Register")
    assert f"You are registered for {CLASS}" in student.text
    walk.reference = told(r"R-[0-9A-Z]{8,}", student.text)
    assert walk.reference in student.open_mail(ADDRESS, "You are registered for a class")


def consortium_processes_the_form(walk: Walk) -> None:
    """Fees/Req goes from Pending to Processed."""
    consortium = walk.visitor()
    consortium.sign_in("consortium.demo")
    consortium.follow("Fees/Req")
    consortium.fill("Name, ID, reference or scanned code", walk.reference)
    consortium.press("Search")
    consortium.tick(f"{FIRST_NAME} {LAST_NAME}, {CLASS}")
    consortium.press("Process")
    consortium.follow("Decided today")
    assert "Processed" in consortium.row(walk.reference).inner_text()
    consortium.sign_out()


def teacher_enters_the_grade(walk: Walk) -> None:
    """97 is typed, 3.9 A stands beside it before it is saved; Save Changes hands a receipt."""
    teacher = walk.visitor()
    teacher.sign_in("teacher.demo")
    teacher.follow("Assignments")
    teacher.page.get_by_role("link", name=re.compile(CLASS)).click()
    assert "Class Roster/Assign Grades" in teacher.text
    row = teacher.row(walk.sers_id)
    expect(row.locator("output")).to_have_text("- - -")
    row.get_by_role("textbox").fill("97")
    expect(row.locator("output")).to_have_text("3.9 A")
    expect(row.locator(".tag").first).to_have_text("Completed")
    expect(teacher.page.get_by_text("1 change not saved.")).to_be_visible()
    teacher.press("Save Changes")
    assert re.search(r"1 grade saved\. Receipt R-\d+", teacher.text), teacher.text
    teacher.tick("Include Graded Students")
    teacher.press("Go")
    row = teacher.row(walk.sers_id)
    expect(row.get_by_role("textbox")).to_have_value("97")
    expect(row.locator("output")).to_have_text("3.9 A")
    teacher.sign_out()


def registrar_runs_the_transcription(walk: Walk) -> None:
    """A look at what a run would do, its start, and its progress until it is finished and the totals agree."""
    registrar = walk.visitor()
    registrar.sign_in("registrar.demo")
    registrar.follow("Transcription")
    registrar.row("2026-27").get_by_role("link", name=re.compile("See what a run would do")).click()
    assert "wait" in registrar.text
    # The same page in a second window: two presses of one button, as people do.
    second = registrar.context.new_page()
    second.goto(registrar.page.url)
    registrar.press("Start the summer transcription")
    assert "The summer transcription has started." in registrar.text
    second.get_by_role("button", name="Start the summer transcription").click()
    assert "under way" in second.inner_text("main") or "No completed class" in second.inner_text("main")
    second.close()
    bar = registrar.page.get_by_role("progressbar")
    seen = {bar.get_attribute("value")}
    for _ in range(240):
        if "Finished" in registrar.page.locator("#run .tag").first.inner_text():
            break
        registrar.page.wait_for_timeout(500)
        seen.add(bar.get_attribute("value"))
    assert len(seen) > 1, f"the page never told of progress: {seen}"
    expect(registrar.page.get_by_text("Totals agree", exact=True)).to_be_visible()
    # The page noticed by itself that the run is over: its buttons are gone.
    expect(registrar.page.get_by_role("button", name="Stop safely")).to_have_count(0)
    assert "Summer transcription" in registrar.open_mail("registrar.demo@example.org", "transcription")


def student_downloads_the_transcript(walk: Walk, student: Any) -> str:
    """The mail says it, the page lists it, the PDF says course, grade and code."""
    assert "has awarded you college credit" in student.open_mail(ADDRESS, "Your college credit from")
    student.go("/")
    student.follow("Transcript")
    assert COURSE in student.text
    assert "3.9 A" in student.text
    with student.page.expect_download() as download:
        student.page.get_by_role("link", name=re.compile("Download the transcript")).click()
    path = Path(download.value.path())
    pdf = path.read_bytes()
    assert pdf.startswith(b"%PDF-1.")
    text = text_of(pdf)
    for words in (f"{FIRST_NAME} {LAST_NAME}", walk.sers_id, COURSE, "Unmanned Aircraft Systems", "3.9 A"):
        assert words in text, words
    student.sign_out()
    return text


def anyone_checks_it(walk: Walk, text: str) -> None:
    """The code is typed from the paper, with its hyphens, in small letters, by somebody without an account."""
    code = told(r"(?:[0-9A-Z]{5}-){4}[0-9A-Z]{6}", text)
    employer = walk.visitor(narrow=True)
    employer.go("/transcripts/verify/")
    employer.fill("Verification code", code.lower())
    employer.press("Check")
    assert employer.heading == "This transcript is real"
    for words in (f"{FIRST_NAME} {LAST_NAME}", COURSE, "3.9 A", "5.0"):
        assert words in employer.text, words
    walk.code = code.replace("-", "")


def what_is_pressed_again_changes_nothing(walk: Walk) -> None:
    """Start and resume once more, by the registrar who fears that it did not work: one award, one transcript."""
    count = f"""
from students.models import Student
from transcripts.models import CreditAward, Transcript, TranscriptionRun
student = Student.objects.get(user__email="{ADDRESS}")
answer = {{
    "awards": list(CreditAward.objects.filter(student=student).values_list("points", flat=True)),
    "transcripts": list(Transcript.objects.filter(student=student).values_list("code", flat=True)),
    "run": str(TranscriptionRun.objects.latest("started_at").public_id),
    "waiting": TranscriptionRun.objects.exclude(state="finished").count(),
    "students": Student.objects.filter(last_name="{LAST_NAME}").count(),
}}
"""
    before = walk.site.ask(count)
    assert before["awards"] == ["3.9"]
    assert before["transcripts"] == [walk.code]
    assert before["students"] == 1
    registrar = walk.visitor()
    registrar.sign_in("registrar.demo")
    registrar.go(f"/transcripts/runs/{before['run']}/")
    answer = registrar.page.request.post(
        f"{walk.site.url}/transcripts/runs/{before['run']}/resume/",
        form={
            "csrfmiddlewaretoken": registrar.page.locator("[name=csrfmiddlewaretoken]").first.input_value()
        },
        headers={"Referer": walk.site.url},
    )
    assert "Nothing was changed: the transcription is finished." in answer.text()
    registrar.go("/transcripts/runs/")
    left = registrar.row("2026-27").get_by_role("link", name=re.compile("See what a run would do"))
    if left.count():  # classes that were held wait for another run
        left.click()
        registrar.press("Start the summer transcription")
        expect(registrar.page.locator("#run .tag").first).to_have_text("Finished", timeout=60_000)
    after = walk.site.ask(count)
    assert {**after, "run": ""} == {**before, "run": ""}
