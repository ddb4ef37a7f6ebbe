"""/accounts/mailbox/<public_id>/"""

from uuid import uuid4

from pytest_django import Settings

from accounts.actions import queue_mail
from accounts.models import Mail
from tests.people import Cast
from tests.policing import PolicingClient


def url_of(mail: Mail) -> str:
    return f"/accounts/mailbox/{mail.public_id}/"


def test_it_works(client: PolicingClient, db: None) -> None:
    mail = queue_mail(
        key="a",
        to="sam@example.org",
        template="free",
        context={"subject": "Confirm", "text": "Sam,\n\nopen http://127.0.0.1:8000/x/ <b>now</b>\n"},
    )
    page = client.get(url_of(mail)).content.decode()
    assert '<a href="http://127.0.0.1:8000/x/" rel="nofollow">http://127.0.0.1:8000/x/</a>' in page
    assert "&lt;b&gt;now&lt;/b&gt;" in page
    assert "sam@example.org" in page


def test_an_unknown_one_is_not_there(client: PolicingClient, cast: Cast) -> None:
    assert client.get(f"/accounts/mailbox/{uuid4()}/").status_code == 404
    assert client.post(url_of(cast.letter)).status_code == 405


def test_it_exists_in_the_demo_state_alone(client: PolicingClient, cast: Cast, settings: Settings) -> None:
    settings.DEMO = False
    client.force_login(cast.student.user)
    assert client.get(url_of(cast.letter)).status_code == 404
