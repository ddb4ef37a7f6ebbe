"""Nobody needs a mouse: a teacher saves grades, a student registers, by Tab, Space, Enter, arrows and letters alone.

At each stop the focus is seen: it has a ring, it is on the screen, and nothing lies over it.
"""

import re
from typing import Any

from playwright.sync_api import expect

from tests.journeys.keyboard import Keys

FIRST_NAME, LAST_NAME = "Kit", "Keyboard"


def test_teacher_saves_thirty_grades(visitor: Any, site: Any) -> None:
    """From the sign-in page to the grades of thirty students in four pages: sign in, home, the roster, the receipt."""
    section = site.ask("from tests.journeys.demo import class_of_thirty\nanswer = class_of_thirty('By keys')")
    keys = Keys(visitor())
    keys.visitor.go("/accounts/sign-in/")
    keys.pages.clear()
    keys.pages.append(keys.page.url)
    keys.press("Tab")
    assert keys.focus()["name"] == "Skip to the main content"
    keys.press("Enter")
    keys.tab_to("^User name")
    keys.type("teacher.demo")
    keys.tab_to("^Password")
    keys.type("dual-credit-demo")
    keys.enter()
    if section["path"] not in [link.get_attribute("href") for link in keys.page.locator("main a").all()]:
        keys.tab_to("^Assignments$")
        keys.enter()
    title = re.escape(section["title"]).replace(r"\ ", r"\s")
    keys.tab_to(f"{title}.*By keys")
    keys.enter()
    assert keys.visitor.path.startswith(section["path"])
    found = keys.tab_to("", tag="input")
    while not re.match(r"grade\d", found["id"]):
        found = keys.tab_to("", tag="input")
    row = keys.page.locator(f"tr:has(#{found['id']})")
    keys.type("97")
    expect(row.locator("output")).to_have_text("3.9 A")
    # Enter goes down the column; each box stands clear of the bar that says what is not saved.
    for text in ("84.5", "NA", "88"):
        keys.press("Enter")
        keys.focus()
        keys.type(text)
    keys.press("ArrowUp")
    assert keys.page.evaluate("document.activeElement.value") == "NA"
    keys.press("ArrowDown")
    for number in range(4, 30):
        keys.press("Enter")
        keys.type(str(70 + number))
    keys.press("Enter")
    assert keys.focus()["name"] == "Save Changes"
    keys.enter()
    assert re.search(r"30 grades saved\. Receipt R-\d+", keys.visitor.text)
    assert len([page for page in keys.pages if "#" not in page]) <= 4, (
        keys.pages
    )  # the skip link stays on its page


def test_focus_is_never_under_the_save_bar(visitor: Any, known: Any) -> None:
    """With unsaved rows, on a small screen, Tab walks down the whole roster and up again."""
    keys = Keys(visitor(narrow=True))
    keys.visitor.arrive("teacher.demo")
    keys.visitor.go(known["sections"][2]["path"])
    keys.page.locator("[data-grade]").first.focus()
    keys.type("91")
    expect(keys.page.locator("[data-savebar]")).to_be_visible()
    keys.tab_to("^Save Changes$")
    keys.tab_to("^Skip to the main content$", back=True)


def test_student_registers(site: Any, visitor: Any) -> None:
    """Sign in, tick a class, choose teacher and college, consent, Save & Register."""
    keys = Keys(visitor())
    person = site.ask(
        f"from tests.journeys.demo import chooser\nanswer = chooser({FIRST_NAME!r}, {LAST_NAME!r})"
    )
    keys.visitor.go("/accounts/sign-in/?door=student")
    keys.tab_to("^User name")
    keys.type(person["username"])
    keys.tab_to("^Password")
    keys.type(person["password"])
    keys.enter()
    keys.tab_to("^Register for Classes$")
    keys.enter()
    keys.tab_to("^Accounting 1-2", tag="input")
    keys.press("Space")
    keys.tab_to("^Register Classes$")
    keys.enter()
    keys.tab_to("", tag="input")  # the teacher; then the first of three colleges
    keys.press("Space")
    keys.tab_to("College$", tag="input")
    keys.press("Space", "ArrowDown")
    chosen = keys.focus()["name"]
    assert keys.page.evaluate("document.activeElement.checked")
    keys.tab_to("^I have read this", tag="input")
    keys.press("Space")
    keys.tab_to("^Save & Register$")
    keys.enter()
    assert "You are registered for Accounting 1-2" in keys.visitor.text
    assert chosen in keys.visitor.text


def test_details_keep_the_focus(visitor: Any, known: Any) -> None:
    """What opens in place leaves the focus on the word that opened it, so that the next Enter closes it."""
    keys = Keys(visitor())
    keys.visitor.arrive("counselor.demo")
    for path in ("/articulations/?words=Accounting", f"/students/{known['ids']['student']}/history/"):
        keys.visitor.go(path)
        found = keys.tab_to("^Details", tag="a")
        for word, opened in (("Close", "true"), ("Details", "false")):
            keys.press("Enter")
            link = keys.page.locator(f"[id='{found['id']}']")
            expect(link).to_have_attribute("aria-expanded", opened)
            expect(link).to_be_focused()
            keys.page.wait_for_timeout(100)  # the new link is htmx's after a moment no person could use
            assert keys.focus()["name"].startswith(word)
        keys.press("Tab")
        assert keys.focus()["name"].startswith("Details")
