"""The style guide shows every part, so drawing it under the police draws them all; and the form pack keeps its word."""

import datetime
import re
from pathlib import Path

import pytest
from django import forms
from django.conf import settings
from django.core.exceptions import BadRequest, PermissionDenied
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.urls import reverse

from sers import views
from sers.lib.days import DayField, month_number

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(client: Client) -> str:
    answer = client.get(reverse("styleguide"))
    assert answer.status_code == 200
    return answer.content.decode()


def test_shows_every_component(page: str) -> None:
    source = (settings.BASE_DIR / "templates" / "styleguide.html").read_text()
    inside = "".join(
        part.read_text() for part in (settings.BASE_DIR / "templates" / "components").glob("*.html")
    )
    for component in (settings.BASE_DIR / "templates" / "components").glob("*.html"):
        assert f"components/{component.name}" in source + inside, component.name


def test_label_hint_error_control_in_that_order(page: str) -> None:
    field = page[page.index('id="div_id_refused-last_name"') :]
    places = [
        field.index(sign)
        for sign in ("<label", "id_refused-last_name_helptext", "id_refused-last_name_error", "<input")
    ]
    assert places == sorted(places)


def test_a_refused_form_keeps_what_was_typed_and_links_to_its_fields(page: str) -> None:
    assert 'value="dana at school"' in page
    assert 'value="197"' in page
    assert 'href="#id_refused-email">Enter an e-mail like name@example.org</a>' in page
    assert 'href="#id_refused-born_0">June 31 is not a date in 2009</a>' in page
    for target in re.findall(r'href="#(id_[^"]+)"', page):
        assert f'id="{target}"' in page


def test_the_browser_checks_nothing(page: str) -> None:
    assert not re.search(r"<(input|select|textarea)[^>]*\srequired", page)
    assert all("novalidate" in tag for tag in re.findall(r'<form[^>]*class="s-form"[^>]*>', page))


def test_optional_is_a_word_and_no_asterisk_is_there(page: str) -> None:
    assert "Middle name" in page
    assert "(optional)" in page
    assert "*" not in re.sub(r"<[^>]*>", "", page)


def test_a_password_is_never_sent_back() -> None:
    class Form(forms.Form):
        password = forms.CharField(widget=forms.PasswordInput)

    from crispy_forms.utils import render_crispy_form

    assert "correct horse" not in render_crispy_form(Form({"password": "correct horse"}))


@pytest.mark.parametrize(
    "icon", sorted(path.stem for path in (Path(settings.BASE_DIR) / "static" / "img").glob("*.svg"))
)
def test_every_picture_is_used(icon: str) -> None:
    places = [*settings.BASE_DIR.glob("static/css/*.css"), *settings.BASE_DIR.glob("templates/**/*.html")]
    places += [
        path
        for app in ("sers/lib", "articulations", "transcripts")
        for path in settings.BASE_DIR.glob(f"{app}/**/*.py")
    ]
    assert any(f"{icon}.svg" in path.read_text() for path in places)


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        (["3", "27", "2009"], datetime.date(2009, 3, 27)),
        (["March", "27", "2009"], datetime.date(2009, 3, 27)),
        (["mar.", " 27 ", "2009"], datetime.date(2009, 3, 27)),
        (["2", "29", "2008"], datetime.date(2008, 2, 29)),
        (["", "", ""], "Enter your birth date"),
        (["3", "", "2009"], "Add a day to your birth date"),
        (["", "", "2009"], "Add a month and a day to your birth date"),
        (["13", "1", "2009"], "Enter the month of your birth date as a number from 1 to 12 or by its name"),
        (["M", "1", "2009"], "Enter the month of your birth date as a number from 1 to 12 or by its name"),
        (["3", "27", "09"], "Enter the year of your birth date with four digits"),
        (["3", "27", "0000"], "March 27 is not a date in 0000"),
        (["6", "31", "2009"], "June 31 is not a date in 2009"),
        (["2", "29", "2009"], "February 29 is not a date in 2009"),
        (["6", "x", "2009"], "Enter the day of your birth date as a number from 1 to 31"),
    ],
)
def test_a_day_is_read_as_people_write_it(typed: list[str], answer: datetime.date | str) -> None:
    field = DayField(what="your birth date", birthday=True)
    if isinstance(answer, datetime.date):
        assert field.clean(typed) == answer
    else:
        with pytest.raises(forms.ValidationError) as refused:
            field.clean(typed)
        assert refused.value.messages == [answer]


def test_a_day_that_is_optional_may_stay_empty() -> None:
    assert DayField(what="the day", required=False).clean(["", "", ""]) is None
    assert month_number("ju") is None


def test_the_page_for_a_broken_page_needs_nothing() -> None:
    request = RequestFactory().get("/")
    answer = views.server_error(request)
    assert answer.status_code == 500
    assert "Something broke on our side" in answer.content.decode()
    assert "sershelp@sbctc.edu" in render_to_string("500.html")


def test_refusals_say_why_and_what_to_do_next(client: Client) -> None:
    request = RequestFactory().get("/")
    assert (
        "in smaller parts"
        in views.bad_request(request, BadRequest("Send it in smaller parts.")).content.decode()
    )
    request = client.get(reverse("styleguide")).wsgi_request
    text = views.permission_denied(request, PermissionDenied("This page is for Registrars.")).content.decode()
    assert "This page is for Registrars." in text
    assert 'href="/"' in text
    assert views.page_not_found(request).status_code == 404
    assert views.method_not_allowed(request).status_code == 405
    assert views.csrf_failure(request).status_code == 403


def test_the_probe_asks_the_database(client: Client) -> None:
    assert client.get(reverse("healthz")).json() == {"status": "ok", "database": "ok"}
