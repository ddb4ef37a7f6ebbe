"""The catalogs of translations: find the words, keep locale/*/django.po in step with them, compile what the pages read.

No machine needs gettext for it. A new language begins with `manage.py catalogs fr` (README, "Languages").
"""

import ast
import datetime
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation.template import templatize

ROOT = Path(settings.BASE_DIR)
LOCALE = Path(settings.LOCALE_PATHS[0])
#: Where words stand that a person reads.
PLACES = (
    "accounts",
    "organizations",
    "articulations",
    "students",
    "grading",
    "transcripts",
    "reports",
    "sers",
)
KEYWORDS = DEFAULT_KEYWORDS | {
    "gettext_lazy": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
BEGINNING = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
HEAD = "Words of SERS. Made by `manage.py catalogs`; translate the msgstr lines and run it again."


def po_of(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def mo_of(language: str) -> Path:
    return po_of(language).with_suffix(".mo")


def languages() -> list[str]:
    """Every language of the settings but the one the words are written in."""
    return [code for code, _ in settings.LANGUAGES if code != settings.LANGUAGE_CODE]


def words() -> Catalog:
    """Every word that is marked for translation, in templates and in Python, with the files it stands in."""
    found = Catalog(charset="utf-8", header_comment=f"# {HEAD}")
    for path in sources():
        name = str(path.relative_to(ROOT))
        for _, message, comments, context in _marked(path):
            if message not in ("", ("", "")):
                found.add(message, locations=[(name, 0)], auto_comments=comments, context=context)
    return found


def sources() -> Iterator[Path]:
    for place in PLACES:
        yield from sorted(path for path in (ROOT / place).rglob("*.py") if "migrations" not in path.parts)
    yield from sorted([*(ROOT / "templates").rglob("*.html"), *(ROOT / "templates").rglob("*.txt")])


def _marked(path: Path) -> Iterator[Any]:
    text = path.read_text()
    if path.suffix == ".py":
        yield from _calls(text)
        for node in ast.walk(ast.parse(text)):  # a layout of a form holds scraps of templates
            if (
                isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and "{% translate" in node.value
            ):
                yield from _calls(_as_python(node.value))
    else:
        yield from _calls(_as_python(text))


def _calls(python: str) -> Iterator[Any]:
    file = io.BytesIO(python.encode())
    yield from extract("python", file, keywords=KEYWORDS, comment_tags=("Translators:",))


def _as_python(template: str) -> str:
    """Django turns a template into something that reads like Python; its indentation means nothing there."""
    return re.sub(r"^[ \t]+", "", templatize(template), flags=re.MULTILINE)


def updated(language: str) -> Catalog:
    """The catalog of a language with the words of today: new ones empty, those that are gone left out."""
    po = po_of(language)
    if po.exists():
        with po.open("rb") as file:
            catalog = read_po(file, locale=language)
    else:
        catalog = Catalog(locale=language, charset="utf-8")
    template = words()
    catalog.update(template, no_fuzzy_matching=True)
    catalog.obsolete.clear()
    catalog.header_comment = template.header_comment
    # Dates of making would make every run a change.
    catalog.creation_date = catalog.revision_date = BEGINNING
    catalog.fuzzy = False
    catalog.project, catalog.version, catalog.last_translator = "SERS", "1", "SERS"
    catalog.msgid_bugs_address, catalog.language_team = settings.HELP_EMAIL, language
    return catalog


def po_text(catalog: Catalog) -> bytes:
    file = io.BytesIO()
    write_po(file, catalog, width=110, sort_output=True, omit_header=False, include_lineno=False)
    return file.getvalue()


def mo_text(catalog: Catalog) -> bytes:
    file = io.BytesIO()
    write_mo(file, catalog)
    return file.getvalue()


class Command(BaseCommand):
    """Bring the catalogs of all languages, or of those named, up to date, and say what is not translated."""

    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("language", nargs="*", help="a language, also one that has no catalog yet")

    def handle(self, *args: Any, **options: Any) -> None:
        for language in options["language"] or languages():
            catalog = updated(language)
            po_of(language).parent.mkdir(parents=True, exist_ok=True)
            po_of(language).write_bytes(po_text(catalog))
            mo_of(language).write_bytes(mo_text(catalog))
            empty = [one for one in catalog if one.id and not all(_strings(one.string))]
            self.stdout.write(f"{language}: {len(catalog)} messages, {len(empty)} not translated")


def _strings(string: Any) -> tuple[str, ...]:
    return tuple(string) if isinstance(string, tuple | list) else (string,)
