"""/organizations/colleges/<one>/answers/: what a college says in words of its own."""

import pytest

from accounts.models import Event
from organizations import actions
from organizations.models import CollegeAnswer, Question
from sers.lib.refusal import Refused
from tests.people import Cast
from tests.policing import PolicingClient


def url_of(cast: Cast, language: str = "") -> str:
    return f"/organizations/colleges/{cast.cbc.public_id}/answers/" + (
        f"?language={language}" if language else ""
    )


def test_it_works(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.consortium)
    page = client.get(url_of(cast)).content.decode()
    assert "Is there a limit?" in page
    assert "What SERS says by itself" in page
    response = client.post(url_of(cast), {"question": "limit", "text": " Ten classes. \n\n Ask us. "})
    assert response.url.endswith("#limit")
    answer = CollegeAnswer.objects.get(college=cast.cbc)
    assert (answer.question, answer.language, answer.text) == ("limit", "en", "Ten classes.\nAsk us.")
    assert answer.changed_by == cast.consortium
    assert "Own words" in client.get(url_of(cast)).content.decode()


def test_an_empty_answer_gives_the_word_back(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.registrar)
    client.post(url_of(cast), {"question": "limit", "text": "Ten classes."})
    page = client.post(url_of(cast), {"question": "limit", "text": " "}, follow=True).content.decode()
    assert "SERS answers by itself again." in page
    assert not CollegeAnswer.objects.filter(college=cast.cbc).exists()
    assert [
        event.data["before"] for event in Event.objects.filter(kind="organizations.answered").order_by("id")
    ] == [
        "",
        "Ten classes.",
    ]


def test_each_language_has_its_own(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.state)
    client.post(url_of(cast, "es"), {"question": "limit", "text": "Diez clases."})
    assert CollegeAnswer.objects.get(college=cast.cbc).language == "es"
    assert "Diez clases." not in client.get(url_of(cast)).content.decode()
    assert "Diez clases." in client.get(url_of(cast, "es")).content.decode()


def test_what_is_wrong_is_told_and_kept(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.consortium)
    response = client.post(url_of(cast), {"question": "limit", "text": "x" * 2001})
    assert response.status_code == 422
    page = response.content.decode()
    assert "Shorten the answer to 2,000 letters or fewer" in page
    assert "x" * 2001 in page
    assert client.post(url_of(cast), {"question": "weather", "text": "Fine."}).status_code == 422
    assert not CollegeAnswer.objects.filter(college=cast.cbc).exists()


def test_the_same_words_again_are_no_event(cast: Cast) -> None:
    for _ in range(2):
        assert actions.answer(
            college=cast.cbc, question=Question.LIMIT, language="en", text="Ten.", by=cast.consortium
        )
    assert Event.objects.filter(kind="organizations.answered").count() == 1


@pytest.mark.parametrize("person", ["other_consortium", "other_registrar"])
def test_a_neighbour_finds_nothing_there(client: PolicingClient, cast: Cast, person: str) -> None:
    client.force_login(getattr(cast, person))
    assert client.get(url_of(cast)).status_code == 404
    with pytest.raises(Refused):
        actions.answer(
            college=cast.cbc, question=Question.LIMIT, language="en", text="Ours.", by=getattr(cast, person)
        )
