"""What js/roster.js adds to Class Roster/Assign Grades: it says what the server will say, moves, warns, sends little."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from playwright.sync_api import expect

from grading.rules import Standard, read_grade
from organizations.models import GradeScale, GradeScaleRow
from tests.journeys.conftest import Visitor

MakeVisitor = Callable[..., Visitor]
#: Around every step of a scale, and what people type beside plain numbers.
TYPED = [f"{percent}{tail}" for percent in range(68, 100) for tail in ("", ".49", ".5", ".999")] + [
    "100", "0", "84,999", "９５，５", "95 %", " 97 ", "na", "Not Attained", "- - -", "", "100.01", "197", "-1", "abc", "NaN",
]  # fmt: skip


def at_a_roster(visitor: Visitor) -> Visitor:
    """Terry at the class with the most students."""
    visitor.sign_in("teacher.demo")
    visitor.follow("Assignments")
    links = visitor.page.locator("table a")
    sizes = [int(text) for text in visitor.page.locator("td[data-label='Students']").all_inner_texts()]
    links.nth(sizes.index(max(sizes))).click()
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


def told(typed: str, standard: Standard, below: str) -> tuple[str, str]:
    """What stands beside the box and what status it gives, as the server would say it."""
    try:
        read = read_grade(typed)
    except ValueError:
        return "- - -", ""
    if read is None:
        return "- - -", ""
    if not isinstance(read, Decimal):
        return "none", "Not Attained"
    grade = standard.college_grade(read)
    if grade.is_earned:
        return str(grade), "Completed"
    return f"none, below {below}", "Not Attained"


def test_the_script_says_what_the_server_will_say(visitor: MakeVisitor) -> None:
    page = at_a_roster(visitor()).page
    row = page.locator("tr[data-scale]:has(select)").first
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
    assert [tuple(one) for one in found] == [told(typed, standard, scale["below"]) for typed in TYPED]


def test_keys_move_and_nothing_is_lost(visitor: MakeVisitor) -> None:
    teacher = at_a_roster(visitor())
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


def test_everything_works_without_a_script(visitor: MakeVisitor) -> None:
    teacher = at_a_roster(visitor(script=False))
    page = teacher.page
    row = page.locator("tr[data-scale]:has(select)").last
    row.locator("select").select_option(label="Not Attained")
    teacher.press("Save Changes")
    assert "1 grade saved. Receipt R-" in teacher.text
    page.locator("[data-comment]").first.click()
    page.locator("textarea:visible").fill("Said without a script.")
    teacher.press("Save Changes")
    assert "1 comment saved. Receipt R-" in teacher.text
