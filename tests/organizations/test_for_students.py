"""/organizations/for-students/: Is CTE Dual Credit for me?"""

from decimal import Decimal

import pytest

from organizations import rules
from organizations.models import TEACHERS_ASK, CollegeAnswer, CollegeYear, ConsortiumYear, Question
from tests.people import Cast
from tests.policing import PolicingClient

URL = "/organizations/for-students/"


def page_of(client: PolicingClient, **query: str) -> str:
    response = client.get(URL, query)
    assert response.status_code == 200
    return response.content.decode().replace("\xa0", " ")


def test_it_begins_with_what_it_is_and_how_to_start(client: PolicingClient, cast: Cast) -> None:
    page = page_of(client)
    for label in (
        "Is CTE Dual Credit for me?",
        "College credit with a career purpose!",
        "Get Started in CTE Dual Credit!",
        "Regístrate para obtener CTE Doble Crédito",
        "Request your transcripts!",
    ):
        assert label in page, label
    for question in Question:
        assert (f'id="{question.value}"' in page) is (question.value not in TEACHERS_ASK)


def test_a_college_answers_by_what_it_asks(client: PolicingClient, cast: Cast) -> None:
    CollegeYear.objects.filter(college=cast.cbc, year=cast.year).update(
        tuition_per_credit=Decimal("131.96"), every_term=True
    )
    ConsortiumYear.objects.filter(consortium=cast.columbia_basin, year=cast.year).update(
        fee_basis="per_class", fee_amount=Decimal(20)
    )
    page = page_of(client, college=str(cast.cbc.public_id))
    assert f"In {cast.columbia_basin.name}: $20 for each class." in page
    assert "You need 85 % or better in every term of the class." in page
    assert "about $660" in page
    assert "$20" not in page_of(client)
    assert "$20" not in page_of(client, college="not-a-college")


@pytest.mark.parametrize(
    ("mode", "words"),
    [
        ("automatic", "In the summer after your class, by itself."),
        ("on_request", "When you ask for it."),
        ("enrollment", "This college enrolls you in its own course."),
        ("external", "This college does it outside SERS."),
    ],
)
def test_how_credit_gets_there_depends_on_the_college(
    client: PolicingClient, cast: Cast, mode: str, words: str
) -> None:
    CollegeYear.objects.filter(college=cast.cbc, year=cast.year).update(mode=mode)
    assert words in page_of(client, college=str(cast.cbc.public_id))


def test_a_college_is_quoted_in_its_own_words_and_language(client: PolicingClient, cast: Cast) -> None:
    CollegeAnswer.objects.create(
        college=cast.cbc, question=Question.LIMIT, text="Ten classes.\nAsk us.", changed_by=cast.registrar
    )
    page = page_of(client, college=str(cast.cbc.public_id))
    assert "<p>Ten classes.</p><p>Ask us.</p>" in page
    assert "In the words of Columbia Basin College" in page
    assert "Ten classes." not in page_of(client)
    spanish = client.get(URL, {"college": cast.cbc.public_id}, headers={"Accept-Language": "es"})
    assert "Ten classes." not in spanish.content.decode()


def test_hostile_words_stay_words(client: PolicingClient, cast: Cast) -> None:
    CollegeAnswer.objects.create(
        college=cast.cbc, question=Question.WHO, text="<script>alert(1)</script>", changed_by=cast.registrar
    )
    page = page_of(client, college=str(cast.cbc.public_id))
    assert "&lt;script&gt;" in page
    assert "<script>alert" not in page


def test_every_question_has_an_answer_without_and_with_a_college(cast: Cast) -> None:
    for college in (None, cast.cbc):
        facts = rules.facts_of(college, cast.year, cast.year.starts_on)
        for question in Question:
            lines = rules.usual_answer(question, facts)
            assert lines, question
            assert all(line.strip() for line in lines), question
