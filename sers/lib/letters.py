"""A letter: one template from which its subject, its plain text and its HTML all come, so that they cannot drift apart.

A template under `templates/mail/` extends the variable `paper` and fills two blocks, `subject` and `letter`; in the
letter every word stands in one of the tags below. The same template is then drawn on three papers: one keeps the subject,
one collects what the tags hold as plain text, one is the HTML page.
"""

from dataclasses import dataclass
from typing import Any, Final

from django import template
from django.template.loader import get_template
from django.utils import translation
from django.utils.html import format_html, linebreaks, urlize
from django.utils.safestring import SafeString

register = template.Library()

SUBJECT: Final = "mail/subject.txt"
TEXT: Final = "mail/frame.txt"
HTML: Final = "mail/frame.html"
#: Where the plain text gathers while a letter is drawn as text; absent while it is drawn as HTML.
PARTS: Final = "letter_parts"


@dataclass(frozen=True, slots=True)
class Letter:
    """What one person is written, in one language."""

    subject: str
    text: str
    html: str


def write_letter(name: str, values: dict[str, Any], *, language: str) -> Letter:
    """Draw `templates/mail/<name>.html` in a language: its subject in one line, its text, its HTML."""
    source = get_template(f"mail/{name}.html").template  # type: ignore[attr-defined]  # Django's own engine has it
    values = {"first_name": "", **values}
    with translation.override(language):
        plain = {"autoescape": False, "use_l10n": True}
        subject = source.render(template.Context({**values, "paper": SUBJECT}, **plain))
        parts: list[tuple[str, str]] = []
        outside = source.render(template.Context({**values, "paper": TEXT, PARTS: parts}, **plain))
        if outside.strip():
            raise ValueError(f"mail/{name}.html has words outside its tags: {outside.strip()[:80]!r}")
        html = source.render(template.Context({**values, "paper": HTML}))
    return Letter(" ".join(subject.split()), _joined(parts), html)


def _joined(parts: list[tuple[str, str]]) -> str:
    """Parts apart by an empty line, items of one list by none."""
    text, before = "", ""
    for kind, words in parts:
        if text:
            text += "\n" if kind == before == "item" else "\n\n"
        text, before = text + words, kind
    return f"{text}\n"


def _put(context: template.Context, kind: str, words: str, html: SafeString) -> str:
    """Plain text is collected and draws nothing; HTML is drawn where it stands."""
    parts = context.get(PARTS)
    if parts is None:
        return html
    parts.append((kind, words))
    return ""


@register.simple_block_tag(takes_context=True)
def paragraph(context: template.Context, content: str) -> str:
    """Some sentences."""
    return _put(context, "paragraph", " ".join(content.split()), format_html("<p>{}</p>", content))


@register.simple_block_tag(takes_context=True)
def item(context: template.Context, content: str) -> str:
    """One line of a list."""
    html = format_html('<p class="item">{}</p>', content)
    return _put(context, "item", f"  - {' '.join(content.split())}", html)


@register.simple_block_tag(takes_context=True)
def button(context: template.Context, content: str, url: str) -> str:
    """The one thing to do: a button, and its address to copy. In plain text the words and the address."""
    words = " ".join(content.split())
    html = format_html(
        '<p class="act"><a class="button" href="{url}">{words}</a></p><p class="address">{url}</p>',
        url=url,
        words=content,
    )
    return _put(context, "button", f"{words}:\n{url}", html)


@register.simple_tag(takes_context=True)
def free_text(context: template.Context, text: str) -> str:
    """Text that a person typed, with its lines and its addresses."""
    html = SafeString(linebreaks(urlize(text, nofollow=True, autoescape=True)))
    return _put(context, "paragraph", text.replace("\r\n", "\n").strip(), html)
