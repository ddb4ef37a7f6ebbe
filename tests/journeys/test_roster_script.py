"""What js/roster.js adds to Class Roster/Assign Grades: it says what the server will say, moves, warns, sends little."""

import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from playwright.sync_api import expect

from grading.rules import Standard
from organizations.models import GradeScale, GradeScaleRow
from tests.journeys.conftest import Site, Visitor

MakeVisitor = Callable[..., Visitor]
#: Around every step of a scale, and what people type beside plain numbers.
TYPED = [f"{percent}{tail}" for percent in range(68, 100) for tail in ("", ".49", ".5", ".999")] + [
    "100", "0", "84,999", "９５，５", "95 %", " 97 ", "na", "Not Attained", "- - -", "", "100.01", "197", "-1", "abc", "NaN",
    "3.9 A", "3.9a", "A-", "B+", "b", "4.0", "4.0 A",
]  # fmt: skip


def at_a_roster(visitor: Visitor, known: dict[str, Any]) -> Visitor:
    """Terry at a class that no other journey saves in."""
    visitor.sign_in("teacher.demo")
    visitor.go(known["sections"][1]["path"])
    visitor.tick("Include Graded Students")
    visitor.press("Go")
    return visitor


def standard_of(scale: dict[str, Any]) -> Standard:
    """The measure the page gave to the script, as the server uses it."""
    steps = []
    for hundredths, grade in scale["rows"]:
        points, _, letter = grade.partition(" ")
        steps.append(
            GradeScaleRow(
                percent_from=Decimal(hundredths) / 100,
                points=Decimal(points) if points else None,
                letter=letter,
            )
        )
    return Standard(GradeScale(rounding=scale["rounding"]), steps, Decimal(scale["minimum"]) / 100)


def told(typed: dict[str, str], standard: Standard, below: str) -> tuple[str, str]:
    """What stands beside the boxes and what status it gives, as the server would say it."""
    try:
        read = {part: standard.read(part, text) for part, text in typed.items()}
    except ValueError:
        return "- - -", ""
    decided = standard.decide(read)
    if decided is None:
        return "- - -", ""
    if decided.grade.is_earned:
        return str(decided.grade), "Completed"
    short = decided.percent is not None and not standard.college_grade(decided.percent).is_earned
    return (f"none, below {below}" if short else "none"), "Not Attained"


def test_the_script_says_what_the_server_will_say(visitor: MakeVisitor, known: dict[str, Any]) -> None:
    page = at_a_roster(visitor(), known).page
    row = page.locator("tr[data-scale]:has([data-grade='whole']):has([data-status] select)").first
    scale = page.evaluate(
        "index => JSON.parse(document.getElementById('scales').textContent)[index]",
        int(row.get_attribute("data-scale") or 0),
    )
    number = (row.get_attribute("id") or "").removeprefix("row")
    standard = standard_of(scale)
    found = page.evaluate(
        """([number, all]) => all.map(typed => {
            const box = document.getElementById("grade" + number);
            const row = box.closest("tr");
            box.value = typed;
            box.dispatchEvent(new Event("input", { bubbles: true }));
            const tag = row.querySelector("[data-status] .tag");
            return [row.querySelector("output").textContent.trim(), tag && !tag.hidden ? tag.textContent : ""];
        })""",
        [number, TYPED],
    )
    assert [tuple(one) for one in found] == [
        told({"whole": typed}, standard, scale["below"]) for typed in TYPED
    ]


#: What is typed into two semesters.
PAIRS = [
    ("92", ""),
    ("", "92"),
    ("92", "97"),
    ("97", "92"),
    ("84.5", ""),
    ("97", "84.999"),
    ("NA", "97"),
    ("x", "97"),
    ("", ""),
    ("3.9 A", "86"),
]


def test_the_script_says_the_same_of_terms(visitor: MakeVisitor, known: dict[str, Any]) -> None:
    """By the last semester and by the lowest; with an exam that is met, not met, or not told."""
    teacher = visitor()
    teacher.arrive("teacher.demo")
    teacher.go(known["sections"][-1]["path"])
    page = teacher.page
    row = page.locator("tr[data-scale]:has([data-grade='second'])").first
    scale = page.evaluate(
        "index => JSON.parse(document.getElementById('scales').textContent)[index]",
        int(row.get_attribute("data-scale") or 0),
    )
    assert scale["parts"] == ["first", "second"]
    standard = replace(standard_of(scale), parts=tuple(scale["parts"]), points_from=scale["from"])
    boxes = [row.locator(f"[data-grade='{part}']") for part in scale["parts"]]
    found = []
    for pair in PAIRS:
        for box, typed in zip(boxes, pair, strict=True):
            box.fill(typed)
        tag = row.locator("[data-status] .tag")
        status = tag.inner_text() if tag.count() and tag.is_visible() else ""
        found.append((row.locator("output").inner_text().strip(), status))
    assert found == [
        told(dict(zip(scale["parts"], pair, strict=True)), standard, scale["below"]) for pair in PAIRS
    ]
    for box in boxes:
        box.fill("")


def paste(page: Any, box: Any, text: str) -> None:
    """What the browser does when a person pastes into a box."""
    box.evaluate(
        """(box, text) => {
            const data = new DataTransfer();
            data.setData("text/plain", text);
            box.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
        }""",
        text,
    )


def test_a_pasted_column_fills_down(visitor: MakeVisitor, site: Site) -> None:
    """A column from the first box on; IDs or names with grades; one grade for the empty rows; then saved."""
    made = site.ask("from tests.journeys.demo import class_of_thirty\nanswer = class_of_thirty()")
    teacher = visitor()
    teacher.arrive("teacher.demo")
    teacher.go(made["path"])
    page = teacher.page
    boxes = page.locator("[data-grade]")
    bar = page.locator("[data-savebar]")
    paste(page, boxes.nth(0), "91\n84.5\n97 %\n")
    assert [boxes.nth(at).input_value() for at in range(4)] == ["91", "84.5", "97 %", ""]
    expect(bar).to_contain_text("3 changes not saved. 3 grades filled in.")
    sers_id = page.locator("tbody .s-id").nth(5).inner_text()
    paste(
        page, boxes.nth(0), f"ID\tGrade\n{sers_id}\t88\nthirty, number07\t89\nNumber08 Thirty\t90\nNo One\t91"
    )
    assert [boxes.nth(at).input_value() for at in (5, 7, 8)] == ["88", "89", "90"]
    expect(bar).to_contain_text("3 rows filled in. Not found or not clear: No One.")
    page.get_by_label("Fill empty rows with").fill("95.5")
    page.get_by_role("button", name="Fill", exact=True).click()
    expect(bar).to_contain_text("30 changes not saved. 24 empty boxes filled in.")
    teacher.press("Save Changes")
    assert re.search(r"30 grades saved\. Receipt R-\d+", teacher.text)
    # And all of it back, by the receipt.
    page.get_by_role("link", name="Receipt R-").click()
    page.get_by_role("button", name="Undo R-").click()
    assert "30 rows stand as before." in teacher.text
    teacher.go(made["path"])
    assert boxes.count() == 30
    assert {box.input_value() for box in boxes.all()} == {""}


def leave(page: Any) -> None:
    """What the browser tells a page that is left."""
    with page.expect_response(lambda answer: answer.url.endswith("/draft/")):
        page.evaluate("window.dispatchEvent(new Event('pagehide'))")


def test_a_draft_is_there_on_another_device(visitor: MakeVisitor, known: dict[str, Any]) -> None:
    section = known["sections"][0]
    first = visitor()
    first.sign_in("teacher.demo")
    first.go(section["path"])
    box = first.page.locator("[data-grade]").first
    box.fill("92")
    leave(first.page)
    expect(first.page.locator("[data-savebar]")).to_contain_text("Kept as a draft at")
    other = visitor(narrow=True)
    other.sign_in("teacher.demo")
    other.go(section["path"])
    assert "You have unsaved changes from" in other.text
    expect(other.page.locator("[data-grade]").first).to_have_value("92")
    expect(other.page.locator("[data-savebar]")).to_contain_text("1 change not saved.")
    # Typed back, it leaves the draft; typed again and undone, it is discarded.
    other.page.locator("[data-grade]").first.fill("")
    leave(other.page)
    other.page.reload()
    assert "You have unsaved changes" not in other.text
    other.page.locator("[data-grade]").first.fill("93")
    leave(other.page)
    other.page.get_by_role("link", name="Undo all").click()
    other.page.wait_for_load_state()
    expect(other.page.locator("[data-grade]").first).to_have_value("")
    assert "You have unsaved changes" not in other.text
    box.fill("")


def test_a_session_that_ended_loses_nothing(visitor: MakeVisitor, known: dict[str, Any]) -> None:
    """Save Changes leads to sign-in and back; what was typed stands there as a draft."""
    section = known["sections"][0]
    teacher = visitor()
    teacher.sign_in("teacher.demo")
    teacher.go(section["path"])
    teacher.page.locator("[data-grade]").first.fill("94")
    teacher.context.clear_cookies(name="sers")
    teacher.press("Save Changes")
    assert "What you typed is kept for you, and nothing of it is saved yet." in teacher.text
    teacher.fill("User name", "teacher.demo")
    teacher.fill("Password", "dual-credit-demo")
    teacher.press("Sign In")
    assert "You have unsaved changes from" in teacher.text
    expect(teacher.page.locator("[data-grade]").first).to_have_value("94")
    teacher.press("Discard these changes")
    assert "Your unsaved changes are discarded." in teacher.text


def test_a_history_opens_and_closes_in_place(visitor: MakeVisitor, known: dict[str, Any]) -> None:
    teacher = visitor()
    teacher.arrive("teacher.demo")
    teacher.go(known["sections"][0]["path"] + "?graded=1")
    page = teacher.page
    page.locator("[data-grade]").first.fill("91")  # what is typed stays
    link = page.locator("[data-history]").first
    link.click()
    panel = page.locator("tr[id^='history']")
    expect(panel).to_contain_text("History of ")
    expect(link).to_have_attribute("aria-expanded", "true")
    link.click()
    expect(panel).to_be_hidden()
    expect(page.locator("[data-grade]").first).to_have_value("91")
    page.locator("[data-grade]").first.fill("")


def test_keys_move_and_nothing_is_lost(visitor: MakeVisitor, known: dict[str, Any]) -> None:
    teacher = at_a_roster(visitor(), known)
    page = teacher.page
    boxes = page.locator("[data-grade]")
    boxes.nth(0).focus()
    for key, at in (("Enter", 1), ("ArrowDown", 2), ("ArrowUp", 1), ("Shift+Enter", 0)):
        page.keyboard.press(key)
        expect(boxes.nth(at)).to_be_focused()
    bar = page.locator("[data-savebar]")
    expect(bar).to_be_hidden()
    page.keyboard.type("197")
    expect(bar).to_contain_text("1 change not saved.")
    # Leaving asks; staying keeps what was typed.
    asked: list[str] = []

    def stay(dialog: Any) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.once("dialog", stay)
    page.evaluate("setTimeout(() => { location.href = '/grading/rosters/' }, 0)")
    page.wait_for_timeout(500)
    assert asked == ["beforeunload"]
    expect(boxes.nth(0)).to_have_value("197")
    # Only the changed row is sent.
    teacher.allowed.add(422)
    with page.expect_request(lambda request: request.method == "POST") as sent:
        teacher.press("Save Changes")
    assert (sent.value.post_data or "").count("row=") == 1
    expect(page.locator(".s-errors")).to_contain_text("Enter a percent from 0 to 100 for ")
    expect(bar).to_contain_text("1 to correct.")
    page.get_by_role("link", name="Undo all").click()
    expect(bar).to_be_hidden()


def test_everything_works_without_a_script(visitor: MakeVisitor, known: dict[str, Any]) -> None:
    teacher = at_a_roster(visitor(script=False), known)
    page = teacher.page
    row = page.locator("tr[data-scale]:has(select)").last
    row.locator("select").select_option(label="Not Attained")
    teacher.press("Save Changes")
    assert "1 grade saved. Receipt R-" in teacher.text
    page.locator("[data-comment]").first.click()
    page.locator("textarea:visible").fill("Said without a script.")
    teacher.press("Save Changes")
    assert "1 comment saved. Receipt R-" in teacher.text
