"""What a person meets on the way: paper, errors, the back button, a forgotten click, a session that ended."""

import io
import re
from typing import Any

import pikepdf
import pytest
from playwright.sync_api import expect

FIRST_NAME, LAST_NAME = "Bea", "Backward"
#: The style that says whether an input looks like text on paper.
ON_PAPER = """one => {
    const style = getComputedStyle(one);
    return [style.borderTopWidth, style.backgroundImage, style.appearance];
}"""


def test_roster_on_paper(visitor: Any, known: Any) -> None:
    """Masthead, navigation and buttons are gone; grades stand as values; a line says what sheet this is."""
    teacher = visitor()
    teacher.arrive("teacher.demo")
    teacher.go(known["sections"][0]["path"] + "?graded=1")
    page = teacher.page
    line = page.locator(".s-print-line")
    expect(line).to_be_hidden()
    expect(page.get_by_role("button", name="Print list")).to_be_visible()
    page.emulate_media(media="print")
    for selector in (
        ".s-masthead",
        ".s-nav",
        ".s-footer",
        ".s-demo",
        ".s-skip",
        ".s-roster-tools",
        ".s-savebar",
    ):
        expect(page.locator(selector)).to_be_hidden()
    for button in page.get_by_role("button").all():
        expect(button).to_be_hidden()
    expect(line).to_be_visible()
    assert "Terry Teacher" in line.inner_text()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    for box in page.locator("[data-grade], tbody select").all():
        assert box.evaluate(ON_PAPER) == ["0px", "none", "none"]
    assert any(box.input_value() for box in page.locator("[data-grade]").all())
    # Grades that are not saved are said on paper too.
    page.emulate_media(media="screen")
    page.locator("[data-grade]").last.fill("77")
    page.emulate_media(media="print")
    expect(page.get_by_text("Not saved yet").locator("visible=true").first).to_be_visible()
    page.on("dialog", lambda dialog: dialog.accept())


@pytest.mark.parametrize(
    ("username", "path"),
    [
        ("student.demo", "/students/classes/"),
        ("counselor.demo", "/students/{student}/history/"),
        ("consortium.demo", "/articulations/"),
        ("consortium.demo", "/articulations/sections/"),
        ("registrar.demo", "/transcripts/runs/{run}/"),
    ],
)
def test_any_page_on_paper(visitor: Any, known: Any, username: str, path: str) -> None:
    """Nothing that can only be pressed is printed; the page and where it came from are."""
    ids = known["ids"]
    person = visitor()
    person.arrive(username)
    person.go(path.format(**ids))
    person.page.emulate_media(media="print")
    for selector in (".s-masthead", ".s-nav", ".s-footer", ".s-filter", ".s-crumbs", "button", ".btn"):
        assert person.page.locator(selector).locator("visible=true").count() == 0, selector
    expect(person.page.locator(".s-print-line")).to_be_visible()
    expect(person.page.get_by_role("heading", level=1)).to_be_visible()


def test_registration_form_on_paper(visitor: Any, known: Any) -> None:
    """The registration form is one sheet with lines to sign on."""
    ids = known["ids"]
    student = visitor()
    student.arrive("student.demo")
    student.go(f"/students/registrations/{ids['registration']}/")
    student.page.get_by_role("link", name="Print the registration form").click()
    expect(student.page.get_by_role("heading", name="1 registration form to print")).to_be_visible()
    student.page.emulate_media(media="print")
    expect(student.page.get_by_role("heading", name="1 registration form to print")).to_be_hidden()
    expect(student.page.get_by_text("Signature of the student")).to_be_visible()
    expect(student.page.locator(".s-masthead")).to_be_hidden()
    with pikepdf.open(io.BytesIO(student.page.pdf(format="Letter"))) as sheet:
        assert len(sheet.pages) == 1


@pytest.mark.parametrize(
    ("username", "path", "status", "words"),
    [
        ("", "/nowhere/", 404, "Check the address"),
        ("student.demo", "/grading/rosters/", 403, "home page"),
        ("teacher.demo", "/transcripts/00000000-0000-0000-0000-000000000000/", 403, "home page"),
        ("state.demo", "/transcripts/runs/00000000-0000-0000-0000-000000000000/", 404, "Check the address"),
        ("registrar.demo", "/accounts/sign-out/", 405, "press the button"),
    ],
)
def test_refusal_has_a_page(visitor: Any, username: str, path: str, status: int, words: str) -> None:
    """In the layout of every page: navigation, help, and the way on."""
    person = visitor()
    if username:
        person.arrive(username)
    person.allowed = {status}
    assert person.go(path).status == status
    assert words in person.text
    assert "Traceback" not in person.text
    expect(person.page.get_by_role("navigation", name="Main")).to_be_visible()
    expect(person.page.get_by_text("Help.")).to_be_visible()
    person.page.locator("main").get_by_role("link", name="your home page").click()
    assert person.page.get_by_role("heading", level=1).count() == 1


def test_unsaved_grades_warn(visitor: Any, known: Any) -> None:
    """Leaving a roster with unsaved rows asks first; saving and leaving clean does not."""
    teacher = visitor()
    teacher.arrive("teacher.demo")
    teacher.go(known["sections"][4]["path"])
    asked: list[str] = []
    stay = True

    def answer(dialog: Any) -> None:
        asked.append(dialog.type)
        if stay:
            dialog.dismiss()
        else:
            dialog.accept()

    teacher.page.on("dialog", answer)
    box = teacher.page.locator("[data-grade]").first
    box.click()
    box.press_sequentially("91")
    teacher.page.locator(".s-nav").get_by_role("link", name="Students", exact=True).click(no_wait_after=True)
    teacher.page.wait_for_timeout(500)
    assert asked == ["beforeunload"]
    expect(box).to_have_value("91")
    assert teacher.path.startswith(known["sections"][4]["path"])
    teacher.press("Save Changes")
    assert "1 grade saved" in teacher.text
    teacher.follow("Students")
    assert teacher.heading == "Search for Students"
    assert asked == ["beforeunload"]


def test_back_after_registering(site: Any, visitor: Any) -> None:
    """Back after Save & Register does not offer the class again; a second press of an old page makes nothing twice."""
    person = site.ask(
        f"from tests.journeys.demo import chooser\nanswer = chooser({FIRST_NAME!r}, {LAST_NAME!r})"
    )
    student = visitor()
    student.sign_in(person["username"], person["password"])
    student.go("/students/register/")
    student.tick("Accounting 1-2")
    student.press("Register Classes")
    old = student.context.new_page()
    old.goto(student.page.url)
    for page in (student.page, old):
        page.get_by_role("radio").first.check()
        page.get_by_text("Columbia Basin College", exact=True).click()
        page.get_by_label("I have read this, and I want the college credit").check()
    student.press("Save & Register")
    assert "You are registered for Accounting 1-2" in student.text
    student.page.go_back()
    assert "You are registered" in student.text
    expect(student.page.get_by_role("button", name="Save & Register")).to_have_count(0)
    student.allowed = {409, 422}
    old.get_by_role("button", name="Save & Register").click()
    old.wait_for_load_state()
    assert "You are registered" in old.inner_text("main")
    student.go("/students/classes/")
    assert student.page.get_by_role("heading", name="Accounting 1-2").count() == 1


def test_session_ended_while_a_run_is_watched(visitor: Any, known: Any) -> None:
    """The part that reads itself again does not draw the sign-in page into its middle: the whole page asks."""
    ids = known["ids"]
    watcher = visitor()
    watcher.arrive("state.demo")
    watcher.go(f"/transcripts/runs/{ids['run_going']}/")
    expect(watcher.page.get_by_role("progressbar")).to_be_visible()
    with watcher.page.expect_navigation(url="**/accounts/sign-in/**"):
        watcher.context.clear_cookies(name="sers")
    assert watcher.heading == "Log In"
    watcher.fill("User name", "state.demo")
    watcher.fill("Password", "dual-credit-demo")
    watcher.press("Sign In")
    assert watcher.path.startswith("/transcripts/runs/")


def test_form_of_an_earlier_session(visitor: Any, known: Any) -> None:
    """Signed in again in another window: the old page's form is refused in plain words, nothing is half done."""
    teacher = visitor()
    teacher.sign_in("teacher.demo")
    teacher.go(known["sections"][3]["path"])
    other = teacher.context.new_page()
    other.goto(teacher.page.url)
    other.locator("header").get_by_role("button", name="Log Out").first.click()
    other.goto(f"{teacher.site.url}/accounts/sign-in/")
    other.get_by_label("User name").fill("teacher.demo")
    other.get_by_label("Password", exact=True).fill("dual-credit-demo")
    other.get_by_role("button", name="Sign In", exact=True).click()
    teacher.page.locator("[data-grade]").first.fill("93")
    teacher.allowed = {403}
    teacher.press("Save Changes")
    assert "load the page again" in teacher.text
    assert re.search(r"Nothing was changed", teacher.text)


def test_error_summary_takes_the_focus(visitor: Any) -> None:
    """A refused form: the summary has the focus, its link leads into the field, the title begins with Error."""
    visitor_ = visitor()
    visitor_.go("/accounts/sign-in/")
    visitor_.allowed = {422}
    visitor_.press("Sign In")
    assert visitor_.page.title().startswith("Error: ")
    expect(visitor_.page.get_by_role("alert")).to_be_focused()
    visitor_.page.keyboard.press("Tab")
    visitor_.page.keyboard.press("Enter")
    expect(visitor_.field("User name")).to_be_focused()
