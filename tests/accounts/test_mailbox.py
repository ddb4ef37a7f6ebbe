"""/accounts/mailbox/"""

from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from accounts.actions import queue_mail
from tests.people import Cast
from tests.policing import PolicingClient

URL = "/accounts/mailbox/"


def write(number: int, to: str = "sam@example.org") -> None:
    words = {"subject": f"Subject {number:03}", "text": "Hello."}
    queue_mail(key=f"mail-{number}", to=to, template="free", context=words)


def test_it_works(client: PolicingClient, db: None) -> None:
    assert "No mail yet." in client.get(URL).content.decode()
    for number in range(60):
        write(number)
    first = client.get(URL).content.decode()
    assert first.index("Subject 059") < first.index("Subject 010")
    assert "Subject 009" not in first
    assert "1 to 50 of 60" in first
    assert "Subject 009" in client.get(URL, {"page": "2"}).content.decode()


def test_it_finds_an_address(client: PolicingClient, db: None) -> None:
    write(1, "sam@example.org")
    write(2, "ana@example.org")
    page = client.get(URL, {"address": " ANA@"}).content.decode()
    assert "Subject 002" in page
    assert "Subject 001" not in page
    assert "No mail went to such an address." in client.get(URL, {"address": "zoe"}).content.decode()


def test_odd_input_is_answered(client: PolicingClient, db: None) -> None:
    write(1)
    for page in ("0", "-1", "nine", "9" * 500, "²"):
        assert "Subject 001" in client.get(URL, {"page": page}).content.decode()
    assert client.get(URL, {"address": "é%_\\'" * 1000}).status_code == 200
    assert client.get(URL, {"address": "\x00"}).status_code == 400
    assert client.post(URL).status_code == 405


def test_it_exists_in_the_demo_state_alone(client: PolicingClient, cast: Cast, settings: Settings) -> None:
    settings.DEMO = False
    client.force_login(cast.state)
    assert client.get(URL).status_code == 404


def test_queries_do_not_grow(client: PolicingClient, db: None) -> None:
    for numbers in ((1,), (2, 3)):
        for number in numbers:
            write(number)
        with CaptureQueriesContext(connection) as captured:
            client.get(URL)
        assert len(captured) == 2
