"""One template is a subject, a plain text and an HTML page."""

import pytest
from django.template import engines
from django.test import override_settings

from sers.lib import letters

LETTER = """{% extends paper %}{% load letters %}
{% block subject %}About
  {{ what }}{% endblock %}
{% block letter %}
  {% paragraph %}A first
    sentence of {{ what }}.{% endparagraph %}
  {% for one in many %}
    {% item %}{{ one }}{% enditem %}
  {% endfor %}
  {% if many %}{% paragraph %}{% blocktranslate %}See {{ what }}.{% endblocktranslate %}{% endparagraph %}{% endif %}
  {% button url=url %}Open it{% endbutton %}
  {% free_text typed %}
{% endblock %}"""


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> letters.Letter:
    source = engines["django"].from_string(LETTER)
    monkeypatch.setattr(letters, "get_template", lambda name: source)
    values = {
        "first_name": "Zoë",
        "what": "Smith & <Sons>",
        "many": ["one", "two"],
        "url": "https://sers.example.org/x/?a=1&b=2",
        "typed": "Dear all,\r\nsee https://example.org <now>",
        "reply_to": "director@example.org",
        "home_url": "https://sers.example.org/",
    }
    return letters.write_letter("any", values, language="en")


def test_the_subject_is_one_line_of_plain_words(written: letters.Letter) -> None:
    assert written.subject == "About Smith & <Sons>"


def test_the_text_holds_every_word_unescaped(written: letters.Letter) -> None:
    assert written.text.startswith(
        "Hello Zoë,\n\nA first sentence of Smith & <Sons>.\n\n  - one\n  - two\n\nSee Smith & <Sons>.\n\n"
        "Open it:\nhttps://sers.example.org/x/?a=1&b=2\n\nDear all,\nsee https://example.org <now>\n\n--\n\n"
    )
    assert written.text.endswith("it goes to director@example.org.\n")


def test_the_page_holds_every_word_escaped(written: letters.Letter) -> None:
    assert '<html lang="en" dir="ltr">' in written.html
    assert "<title>About\n  Smith &amp; &lt;Sons&gt;</title>" in written.html
    assert "sentence of Smith &amp; &lt;Sons&gt;.</p>" in written.html
    assert '<a class="button" href="https://sers.example.org/x/?a=1&amp;b=2">Open it</a>' in written.html
    assert "<Sons>" not in written.html
    assert '<a href="https://example.org" rel="nofollow">https://example.org</a> &lt;now&gt;' in written.html


def test_words_outside_the_tags_are_found_before_they_are_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    source = engines["django"].from_string(LETTER.replace("{% free_text typed %}", "Lost words."))
    monkeypatch.setattr(letters, "get_template", lambda name: source)
    with pytest.raises(ValueError, match="Lost words"):
        letters.write_letter(
            "any", {"what": "", "many": [], "url": "/", "reply_to": "", "home_url": "/"}, language="en"
        )


@override_settings(LANGUAGES=[("en", "English"), ("ar", "العربية")])
def test_a_script_from_right_to_left_is_set_so(
    written: letters.Letter, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = engines["django"].from_string(LETTER)
    monkeypatch.setattr(letters, "get_template", lambda name: source)
    values = {"what": "", "many": [], "typed": "", "url": "/", "reply_to": "", "home_url": "/"}
    assert '<html lang="ar" dir="rtl">' in letters.write_letter("any", values, language="ar").html
