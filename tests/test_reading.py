"""Student pages are read by a student of grade 8: the Flesch-Kincaid grade of what they say, by its formula."""

import re
from html.parser import HTMLParser

import pytest

from tests.people import Cast
from tests.policing import PolicingClient
from tests.test_catalogs import NAMES, paths_of

HIGHEST = 8.0
#: Fixed words of the programme, which no page can say otherwise; they count as the short words they are spoken like.
FIXED = re.compile(
    r"\b(?:registration|registrations|registered|articulations?|consortium|transcripts?|counselor|agreement|permanent|"
    r"financial aid|credits?|college|Statewide Enrollment and Reporting System|SERS|CTE Dual Credit|e-mail|school year|"
    r"[\w.]+@[\w.]+|\d[\d,.:%-]*|TP\d-[\d-]+|R-\w+)\b",
    re.IGNORECASE,
)
INLINE = {"a", "b", "span", "button", "em", "strong", "label"}


class Blocks(HTMLParser):
    """The running text of the main part of a page, block by block; tables, lists of choices and scripts left out."""

    LEFT_OUT = ("table", "select", "script", "style", "svg", "dl")

    def __init__(self) -> None:
        super().__init__()
        self.blocks = [""]
        self.in_main = 0
        self.left_out = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.in_main += tag == "main"
        self.left_out += tag in self.LEFT_OUT
        if tag not in INLINE:
            self.blocks.append("")

    def handle_endtag(self, tag: str) -> None:
        self.in_main -= tag == "main"
        self.left_out -= tag in self.LEFT_OUT
        if tag not in INLINE:
            self.blocks.append("")

    def handle_data(self, data: str) -> None:
        if self.in_main and not self.left_out:
            self.blocks[-1] += data


def sentences_of(html: str) -> list[str]:
    """Sentences of three words and more; a heading or a label of so many counts as one."""
    parser = Blocks()
    parser.feed(html)
    found = []
    for block in parser.blocks:
        text = FIXED.sub("term", NAMES.sub("Name", " ".join(block.split())))
        found += [one for one in re.split(r"(?<=[.?!:;])\s+", text) if len(one.split()) >= 3]
    return found


def syllables(word: str) -> int:
    """Groups of vowels, without a silent e at the end."""
    word = word.lower()
    count = len(re.findall(r"[aeiouyáéíóú]+", word))
    silent = word.endswith("e") and not word.endswith(("le", "ee")) and count > 1
    return max(count - silent, 1)


def grade_of(sentences: list[str]) -> float:
    """0.39 words a sentence + 11.8 syllables a word - 15.59 (Kincaid and others, 1975)."""
    words = [word for one in sentences for word in re.findall(r"[A-Za-zÀ-ÿ']+", one)]
    return 0.39 * len(words) / len(sentences) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


def test_the_formula_tells_easy_from_hard() -> None:
    assert grade_of(["The cat sat on the mat.", "It was warm and it was dry."]) < 2
    assert (
        grade_of(
            [
                "Institutional articulation necessitates administrative harmonization of curricular competencies."
            ]
        )
        > 15
    )


@pytest.mark.parametrize("person", ["anonymous", "student", "graduate", "owing", "newcomer"])
def test_student_pages_are_easy_to_read(client: PolicingClient, cast: Cast, person: str) -> None:
    if person != "anonymous":
        client.force_login(getattr(cast, person).user)
    hard = {}
    for path in paths_of(cast)[person]:
        sentences = sentences_of(client.get(path).content.decode())
        grade = grade_of(sentences)
        if len(sentences) >= 5 and grade > HIGHEST:
            hard[path] = (round(grade, 1), sorted(sentences, key=lambda one: -grade_of([one]))[:3])
    assert hard == {}
