"""/organizations/for-teachers/"""

from organizations.models import TEACHERS_ASK, Question
from tests.people import Cast
from tests.policing import PolicingClient

URL = "/organizations/for-teachers/"


def test_it_answers_what_teachers_ask(client: PolicingClient, cast: Cast) -> None:
    page = client.get(URL).content.decode()
    for question in Question:
        assert (f'id="{question.value}"' in page) is (question.value in TEACHERS_ASK)
    assert "Teacher Log In" in page


def test_a_college_tells_its_minimum_and_days(client: PolicingClient, cast: Cast) -> None:
    page = client.get(URL, {"college": cast.cbc.public_id}).content.decode().replace("\xa0", " ")
    assert "Below 85 % SERS sets Not Attained by itself." in page
    assert f"{cast.columbia_basin.name}: From " in page
