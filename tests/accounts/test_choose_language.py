"""/accounts/language/"""

import pytest
from django.conf import settings

from tests.people import Cast
from tests.policing import PolicingClient

URL = "/accounts/language/"
COOKIE = settings.LANGUAGE_COOKIE_NAME


def choose(client: PolicingClient, language: str, page: str = "/articulations/?text=weld") -> str:
    answer = client.post(URL, {"language": language, "page": page})
    assert answer.status_code == 302
    return str(answer["Location"])


def language_of_page(client: PolicingClient, **headers: str) -> str:
    page = client.get("/accounts/demo/", headers=headers).content.decode()
    return page.split('<html lang="')[1].split('"')[0]


def test_it_answers_in_that_language_and_goes_back_to_the_page(client: PolicingClient, db: None) -> None:
    assert language_of_page(client) == "en"
    assert choose(client, "es") == "/articulations/?text=weld"
    assert language_of_page(client) == "es"
    choose(client, "en")
    assert language_of_page(client) == "en"


def test_the_chooser_names_each_language_in_its_own_tongue_and_marks_the_current(
    client: PolicingClient, db: None
) -> None:
    choose(client, "es")
    page = client.get("/accounts/demo/?door=student").content.decode()
    assert 'value="en" lang="en">English</button>' in page
    assert 'value="es" lang="es" aria-current="true">Español</button>' in page
    assert 'name="page" value="/accounts/demo/?door=student"' in page


def test_it_goes_with_the_account_and_not_with_the_computer(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.student.user)
    choose(client, "es")
    cast.student.user.refresh_from_db()
    assert cast.student.user.language == "es"
    assert language_of_page(PolicingClient()) == "en"
    # The next person at this computer reads the language they chose, whatever the browser kept.
    cast.classmate.user.language = "en"
    cast.classmate.user.save()
    client.force_login(cast.classmate.user)
    client.cookies[COOKIE] = "es"
    assert language_of_page(client) == "en"


def test_who_has_not_chosen_reads_what_their_browser_asks_for(client: PolicingClient, db: None) -> None:
    asked = {"accept-language": "es-MX,es;q=0.9,en;q=0.5"}
    assert language_of_page(client, **asked) == "es"
    assert language_of_page(client, **{"accept-language": "ru,de;q=0.5"}) == "en"
    choose(client, "en")
    assert language_of_page(client, **asked) == "en"


@pytest.mark.parametrize("code", ["", "xx", "es-MX", "../es", "é" * 1000])
def test_a_language_sers_is_not_written_in_is_not_there(client: PolicingClient, db: None, code: str) -> None:
    assert client.post(URL, {"language": code}).status_code == 404
    assert COOKIE not in client.cookies


@pytest.mark.parametrize(
    "page", ["", "https://example.org/", "//example.org/", "/\\example.org", "javascript:1"]
)
def test_it_leads_nowhere_else(client: PolicingClient, db: None, page: str) -> None:
    assert choose(client, "es", page) == "/"


def test_looking_chooses_nothing(client: PolicingClient, db: None) -> None:
    assert client.get(URL, {"language": "es"}).status_code == 405


def test_an_account_the_student_kept_an_odd_language_on_is_answered(
    client: PolicingClient, cast: Cast
) -> None:
    """A language may be taken out of the settings again."""
    cast.student.user.language = "zz"
    cast.student.user.save()
    client.force_login(cast.student.user)
    assert language_of_page(client) == "en"
