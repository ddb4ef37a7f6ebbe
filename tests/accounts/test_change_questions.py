"""/accounts/me/questions/: three new security questions."""

import time

import pytest
from django.contrib.auth.hashers import check_password
from pytest_django import Settings

from accounts import rules
from tests.accounts.pages import NEW_ANSWERS, security_facts, subjects, text
from tests.people import Cast
from tests.policing import PolicingClient

URL = "/accounts/me/questions/"


@pytest.fixture
def proved(client: PolicingClient, cast: Cast) -> PolicingClient:
    """The colleague, who has just given the password."""
    client.force_login(cast.colleague)
    session = client.session
    session["proved_at"] = time.time()
    session.save()
    return client


def test_new_questions_take_the_place_of_the_old(proved: PolicingClient, cast: Cast) -> None:
    assert proved.get(URL).status_code == 200
    assert proved.post(URL, security_facts())["Location"] == "/accounts/me/"
    kept = list(cast.colleague.answers.all())
    assert [one.question for one in kept] == [question for question, _ in NEW_ANSWERS]
    assert check_password(rules.tidy_answer("BUNNY blue"), kept[0].answer_hash)
    assert subjects(cast.colleague.email) == ["Your SERS security questions were changed"]


def test_what_is_wrong_changes_nothing(proved: PolicingClient, cast: Cast) -> None:
    response = proved.post(URL, security_facts(question_2="toy"))
    assert response.status_code == 422
    assert "Choose three different questions" in text(response)
    assert {one.question for one in cast.colleague.answers.all()} == {"pet", "street", "book"}


def test_who_has_not_just_proved_themselves_does_so_first(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.colleague)
    assert client.get(URL)["Location"].startswith("/accounts/prove/?next=")
    assert client.post(URL, security_facts())["Location"].startswith("/accounts/prove/")


def test_where_they_are_switched_off_they_are_not_there(proved: PolicingClient, settings: Settings) -> None:
    settings.SECURITY_QUESTIONS = False
    assert proved.get(URL).status_code == 404
    assert "Security questions" not in text(proved.get("/accounts/me/"))
