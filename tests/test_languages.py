"""Every word a student, a guardian or the public reads is in the catalogs, and the catalogs are whole."""

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.conf import settings
from django.template.base import Lexer, Token, TokenType
from django.test import override_settings
from django.utils import translation
from django.utils.translation import trans_real

from accounts.access import is_translated
from sers.lib.letters import write_letter
from sers.management.commands import catalogs
from tests.people import Cast
from tests.policing import PolicingClient
from tests.test_house import NO_TEMPLATE, URLS

ROOT = Path(settings.BASE_DIR)
TEMPLATES = ROOT / "templates"
EVERY_LANGUAGE = pytest.mark.parametrize("language", catalogs.languages())

#: Pages that anyone may open and that are no student's, guardian's or member of the public's business.
IN_ENGLISH = {
    "styleguide": "shows the parts to those who build pages",
    "accounts:demo_people": "exists in the demo state alone",
    "accounts:mailbox": "exists in the demo state alone",
    "accounts:mail": "exists in the demo state alone",
    "organizations:my_seats": "the staff's: a student has one seat, which comes with the account",
    "students:take_form": "the consortium's: everybody else is led on to the registration",
    "transcripts:transcript": "the college's own paper, in the language of its registrar",
}
#: The first line of mail that only staff get.
STAFF_MAIL = "{# For staff, in English. #}"
#: Parts of a page of many seats that only staff see.
STAFF_PARTS = {"reports/work.html"}


# --- Catalogs -------------------------------------------------------------------------------------------


@EVERY_LANGUAGE
def test_what_pages_read_is_what_translators_wrote(language: str) -> None:
    with catalogs.po_of(language).open("rb") as file:
        assert catalogs.mo_of(language).read_bytes() == catalogs.mo_text(read_po(file, locale=language))


def messages(language: str) -> Iterator[tuple[str, list[str], list[str]]]:
    """Each message: its name, its words in English, its words in the language."""
    with catalogs.po_of(language).open("rb") as file:
        for message in read_po(file, locale=language):
            if message.id:
                assert not message.fuzzy, message.id
                one = isinstance(message.id, str)
                english = [message.id] if one else list(message.id)
                yield english[0], english, [message.string] if one else list(message.string)


@EVERY_LANGUAGE
def test_every_word_is_translated(language: str) -> None:
    assert [name for name, _, words in messages(language) if not all(one.strip() for one in words)] == []


PLACEHOLDER = re.compile(r"%\(\w+\)s|\{\w*\}|</?[a-z][^>]*>|&\w+;")


@EVERY_LANGUAGE
def test_placeholders_and_markup_agree(language: str) -> None:
    """The same names and tags in every language; an ampersand may become a word."""
    wrong = []
    for name, english, words in messages(language):
        wanted = [set(PLACEHOLDER.findall(one)) - {"&amp;"} for one in english]
        wrong += [name for one in words if set(PLACEHOLDER.findall(one)) - {"&amp;"} not in wanted]
    assert wrong == []


@EVERY_LANGUAGE
def test_sentences_end_alike(language: str) -> None:
    """A colon stays a colon and a sentence a sentence: what follows on the page relies on it."""
    ends = {".": ".", ":": ":", "?": "?", ",": ",:"}
    wrong = [
        name
        for name, english, words in messages(language)
        for source, one in zip(english, words, strict=False)
        if source[-1:] in ends and one[-1:] not in ends[source[-1:]]
    ]
    assert wrong == []


# --- Templates ------------------------------------------------------------------------------------------


def translated_templates() -> list[Path]:
    """Templates of the screens that speak every language, and whatever they include or extend."""
    names = {
        f"{url.replace(':', '/')}.html"
        for url, (_, pattern) in URLS.items()
        if is_translated(pattern.callback) and url not in NO_TEMPLATE and url not in IN_ENGLISH
    }
    names |= {"400.html", "403.html", "404.html", "405.html", "500.html"}
    names |= {
        str(path.relative_to(TEMPLATES))
        for path in (TEMPLATES / "mail").rglob("*.*")
        if STAFF_MAIL not in path.read_text()
    }
    names |= {str(path.relative_to(TEMPLATES)) for path in (TEMPLATES / "sers").rglob("*.html")}
    wanted = sorted(names)
    for name in wanted:
        for used in re.findall(r"{%\s*(?:include|extends)\s+\"([^\"]+)\"", (TEMPLATES / name).read_text()):
            if used not in names:
                names.add(used)
                wanted.append(used)
    return [TEMPLATES / name for name in sorted(names - STAFF_PARTS)]


class Words(HTMLParser):
    """The words a page shows or says: its text, and the attributes that are read out."""

    SAID = ("aria-label", "alt", "title", "placeholder", "data-label", "data-menu")
    NOT_SAID = ("style", "script", "code")

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if name in self.SAID and value]
        # What says its language itself is no word of ours to translate; the page says it for all.
        if tag in self.NOT_SAID or (tag != "html" and any(name == "lang" for name, _ in attrs)):
            self.inside.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.inside and self.inside[-1] == tag:
            self.inside.pop()

    def handle_data(self, data: str) -> None:
        if not self.inside:
            self.found.append(data)


#: Names and signs that are the same in every language.
SAME = re.compile(r"SERS|\.json|\.csv|sershelp@sbctc\.edu|PDF|[A-Z]{2}\d*")
#: A tag that draws nothing of its own but ends the page's flow: what stands in it is a value, not a word.
VALUES = re.compile(r"{%\s*block (?:body_class|scripts)\s*%}.*?{% endblock %}", re.DOTALL)
SPOKEN_ARGUMENT = re.compile(
    r"\b(?:text|heading|link|label|name|note|button|sentence|meaning)=\"[^\"]*[a-z]{2}"
)


def bare_words(source: str) -> list[str]:
    """Words of a template that stand in no tag of translation."""
    tokens: list[Token] = Lexer(VALUES.sub("", source)).tokenize()
    page, inside, found = "", False, []
    for token in tokens:
        word = token.contents.split(" ", 1)[0] if token.contents else ""
        if token.token_type == TokenType.BLOCK and word in ("blocktranslate", "endblocktranslate"):
            inside = word == "blocktranslate"
        elif token.token_type == TokenType.TEXT and not inside:
            page += token.contents
        elif token.token_type == TokenType.BLOCK and word == "include":
            found += SPOKEN_ARGUMENT.findall(token.contents)
    parser = Words()
    parser.feed(page)
    return found + [
        " ".join(text.split()) for text in parser.found if re.search(r"[A-Za-z]{2}", SAME.sub("", text))
    ]


@pytest.mark.parametrize("path", translated_templates(), ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_no_word_of_a_template_is_left_out(path: Path) -> None:
    assert bare_words(path.read_text()) == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("<p>Hello</p>", ["Hello"]),
        ('<p>{% translate "Hello" %}, {{ name }}.</p>', []),
        ("<p>{% blocktranslate %}Hello, {{ name }}{% endblocktranslate %} and so on</p>", ["and so on"]),
        ('<nav aria-label="Main">', ["Main"]),
        ('{% include "a.html" with text="No mail yet." only %}', ['text="No mail yet']),
        ('{% include "a.html" with text=_("No mail yet.") state="done" only %}', []),
        ("<style>p { color: red }</style> {# a comment #} SERS", []),
    ],
)
def test_bare_words_are_found(source: str, found: list[str]) -> None:
    assert [one[: len(found[0])] if found else one for one in bare_words(source)] == found


# --- Python ---------------------------------------------------------------------------------------------

MARKS = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy"}


def test_words_are_marked_where_they_can_be_found() -> None:
    """A mark inside an f-string, or around one, is seen by no tool; a sentence is whole and has placeholders."""
    wrong = []
    for path in catalogs.sources():
        if path.suffix != ".py":
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            inner = ast.walk(node) if isinstance(node, ast.JoinedStr) else iter(())
            calls = [one for one in inner if isinstance(one, ast.Call)]
            if isinstance(node, ast.Call) and _is_mark(node):
                wrong += [
                    f"{path.relative_to(ROOT)}:{node.lineno}"
                    for argument in node.args[:1]
                    if not isinstance(argument, ast.Constant)
                ]
            wrong += [f"{path.relative_to(ROOT)}:{node.lineno}" for one in calls if _is_mark(one)]
    assert wrong == []


def _is_mark(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Name) and call.func.id in MARKS


# --- Pages ----------------------------------------------------------------------------------------------


def test_a_page_for_staff_alone_is_english_and_offers_nothing_else(
    client: PolicingClient, cast: Cast
) -> None:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "es"
    client.force_login(cast.teacher)
    page = client.get("/grading/rosters/").content.decode()
    assert '<html lang="en">' in page
    assert "Español" not in page
    assert '<html lang="es">' in client.get("/articulations/").content.decode()


# --- One more language ----------------------------------------------------------------------------------


def test_a_third_language_is_a_file_and_a_line(client: PolicingClient, db: None, tmp_path: Path) -> None:
    """Marshallese, for a while: its catalog in a folder, its line in the settings; pages, chooser and mail speak it."""
    catalog = catalogs.words()
    for message in catalog:
        message.string = {"Search Articulations": "Pukot", "Confirm my e-mail": "Kamool"}.get(message.id, "")
    where = tmp_path / "mh" / "LC_MESSAGES"
    where.mkdir(parents=True)
    (where / "django.mo").write_bytes(catalogs.mo_text(catalog))
    languages = [*settings.LANGUAGES, ("mh", "Kajin Ṃajeḷ")]
    with override_settings(LANGUAGES=languages, LOCALE_PATHS=[*settings.LOCALE_PATHS, tmp_path]):
        _forget_languages()
        try:
            client.post("/accounts/language/", {"language": "mh", "page": "/articulations/"})
            page = client.get("/articulations/").content.decode()
            letter = write_letter(
                "students/confirm", {"url": "/", "reply_to": "", "home_url": "/"}, language="mh"
            )
        finally:
            translation.activate("en")
    _forget_languages()
    assert '<html lang="mh">' in page
    assert "Pukot" in page
    assert "Kamool" in letter.text
    assert 'lang="mh" aria-current="true">Kajin Ṃajeḷ</button>' in page


def _forget_languages() -> None:
    for remembered in (
        trans_real.get_languages,
        trans_real.get_supported_language_variant,
        trans_real.check_for_language,
    ):
        getattr(remembered, "cache_clear", lambda: None)()
    trans_real._translations.clear()
