"""What home counts is what its page lists: each thing to do, of each role, followed to where it is done."""

import re
from typing import Any

import pytest

from tests.journeys.demo import ROLES

#: Pages that list classes, and of each how many students: the number at home is their sum.
SUMMED = {
    "Remind who is not registered": "Not registered",
    "Say who is in your classes": "Registered, not on it",
}
#: Pages whose lines are counted by nobody but who reads them.
LINES = {"Decide whose a college ID is", "Let the record follow a Grade Change"}


def listed(page: Any, task: str, number: int) -> bool:
    """Does the page list as many?"""
    main = page.locator("main")
    if task in SUMMED:
        cells = main.locator(f"td[data-label='{SUMMED[task]}']").all_inner_texts()
        return sum(int(one) for one in cells if one.strip()) == number
    if task in LINES:
        return bool(main.locator("tbody tr").count() == number)
    if task.startswith("Transcribe the credit"):
        return f"{number:,}" in main.locator("td[data-label='Completed classes']").all_inner_texts()
    heads = main.locator("h2, caption").all_inner_texts()
    return any(re.search(rf"(?<![\d,]){number:,}(?![\d,])", one) for one in heads)


@pytest.mark.parametrize("role", [one for one in ROLES if one not in ("student", "state")])
def test_what_home_counts_is_what_its_page_lists(visitor: Any, role: str) -> None:
    person = visitor()
    person.arrive(f"{role}.demo")
    person.go("/")
    tasks = [
        (item.locator("a").inner_text(), item.locator("a").get_attribute("href"), item.inner_text())
        for item in person.page.locator(".s-tasks").first.locator("li").all()
    ]
    assert tasks
    wrong = []
    for name, where, words in tasks:
        found = re.search(r"(?<![\d-])(\d[\d,]*) (?!days?\b)[a-zA-Z]", words.removeprefix(name))
        assert found is not None, words
        person.go(where)
        if not listed(person.page, name, int(found[1].replace(",", ""))):
            wrong.append((words, where))
    assert wrong == []
