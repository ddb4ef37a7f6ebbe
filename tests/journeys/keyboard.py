"""A person with a keyboard alone: the focus is seen at each stop, and what is done is done by keys."""

import re
import time
from pathlib import Path
from typing import Any

FOCUS = """() => {
    const one = document.activeElement;
    if (!one || one === document.body) return null;
    const box = one.getBoundingClientRect();
    // A radio in a card has its ring around the card.
    const ringed = [one, one.closest(".s-option")].filter(Boolean).map(each => getComputedStyle(each));
    const at = document.elementFromPoint(box.left + box.width / 2, box.top + Math.min(box.height, 40) / 2);
    const label = one.labels && one.labels[0];
    return {
        name: (one.getAttribute("aria-label") || (label && label.innerText) || one.innerText || one.value || one.name || one.tagName).trim(),
        id: one.id, tag: one.tagName, type: one.type || "", href: one.getAttribute("href") || "",
        ring: ringed.some(style => (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none"),
        // Of a long text the place where one writes is shown.
        shown: box.width > 0 && box.top >= 0 && (one.tagName === "TEXTAREA" ? box.top + 40 : box.bottom) <= innerHeight + 1,
        clear: Boolean(at) && (one.contains(at) || at.contains(one) || [...one.labels || []].some(each => each.contains(at))),
    };
}"""
MOST_TABS = 200
WAIT = 90  # seconds a worker may take


class Keys:
    """A person with a keyboard."""

    def __init__(self, visitor: Any) -> None:
        self.visitor = visitor
        self.page = visitor.page
        self.pages: list[str] = []
        self.page.on("framenavigated", lambda frame: self.pages.append(frame.url.split("?")[0]))
        # Somebody listens from the beginning: asked for only when the key is pressed, the browser may open the
        # system's own dialog first, and nobody ever hears of it.
        self.page.on("filechooser", lambda _: None)

    def focus(self) -> dict[str, Any]:
        """What has the focus; it must be there to be seen."""
        found: dict[str, Any] | None = self.page.evaluate(FOCUS)
        assert found is not None, f"nothing has the focus on {self.page.url}"
        assert found["ring"], f"no ring around {found['name']} on {self.page.url}"
        assert found["shown"], f"{found['name']} has the focus off screen on {self.page.url}"
        assert found["clear"], f"something lies over {found['name']} on {self.page.url}"
        return found

    def tab_to(self, name: str, *, tag: str = "", back: bool = False) -> dict[str, Any]:
        """Press Tab until something of this name (a pattern) has the focus."""
        seen = []
        for _ in range(MOST_TABS):
            self.page.keyboard.press("Shift+Tab" if back else "Tab")
            if self.page.evaluate("document.activeElement === document.body"):
                continue  # the browser's own bar is between the end and the beginning
            found = self.focus()
            seen.append(found["name"])
            if re.search(name, found["name"]) and tag.upper() in ("", found["tag"]):
                return found
        raise AssertionError(f"Tab never came to {name}: {seen}")

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    def enter(self) -> None:
        """Press Enter on what has the focus, and wait for the page it leads to."""
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")


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


def sent_with(keys: Keys, name: str) -> str:
    """Press Enter on this button and keep what is taken away."""
    keys.tab_to(name)
    with keys.page.expect_download() as taken:
        keys.press("Enter")
    content: str = taken.value.path().read_text("utf-8-sig")
    return content


def refused(keys: Keys, path: str) -> None:
    """The page just sent was refused, and nothing else went wrong."""
    (complaint,) = keys.visitor.complaints()
    assert complaint.startswith("422 ")
    assert complaint.endswith(path)


def come(visitor: Any, who: str, path: str = "/", *, narrow: bool = False) -> Keys:
    """A demo person with a keyboard and no script, on a page."""
    keys = Keys(visitor(script=False, narrow=narrow))
    keys.visitor.arrive(f"{who}.demo")
    keys.visitor.go(path)
    return keys


def go(keys: Keys, *names: str) -> None:
    """Follow these links or press these buttons, one after the other."""
    for name in names:
        keys.tab_to(name)
        keys.enter()


def fill(keys: Keys, name: str, text: str) -> None:
    """Type into the field of this name in place of what stands there."""
    keys.tab_to(name)
    keys.press("Control+a")
    keys.type(text)


def choose(keys: Keys, name: str, option: str) -> None:
    keys.tab_to(name, tag="select")
    keys.type(option)


def tick(keys: Keys, name: str) -> None:
    keys.tab_to(name, tag="input")
    keys.press("Space")


def mend(keys: Keys, error: str, path: str) -> dict[str, Any]:
    """The page was refused: the summary says why and leads to the field; what has the focus there."""
    refused(keys, path)
    keys.tab_to(error)
    keys.press("Enter")
    return keys.focus()
