"""What a person reads on a page, for the tests of screens."""

import re
from html import unescape
from typing import Any


def text(response: Any) -> str:
    """The words of the main part of a page, without its tags."""
    main = re.sub(r"(?s)^.*?<main[^>]*>|</main>.*$", "", response.content.decode())
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


def title(response: Any) -> str:
    found = re.search(r"<title>(.*?)</title>", response.content.decode(), re.DOTALL)
    assert found
    return unescape(found[1])


def errors(response: Any) -> list[str]:
    """The error summary, line by line; empty when there is none."""
    summary = re.search(r'(?s)<div class="s-errors".*?</div>', response.content.decode())
    if summary is None:
        return []
    return [
        " ".join(unescape(re.sub(r"<[^>]+>", " ", item)).split())
        for item in re.findall(r"(?s)<li>(.*?)</li>", summary[0])
    ]


def messages(response: Any) -> list[str]:
    """What the page says of the act before it."""
    return [str(message) for message in response.context["messages"]]
