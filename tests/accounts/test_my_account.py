"""/accounts/me/: My Account."""

import pytest

from tests.accounts.pages import text
from tests.people import Cast
from tests.policing import PolicingClient

URL = "/accounts/me/"


@pytest.mark.parametrize(
    "person", ["teacher", "district", "faculty", "registrar", "consortium", "state", "nobody"]
)
def test_everybody_sees_their_own(client: PolicingClient, cast: Cast, person: str) -> None:
    user = getattr(cast, person)
    client.force_login(user)
    page = client.get(URL)
    assert page.status_code == 200
    assert user.username in text(page)
    assert "never changes" in text(page)
    assert ">Save Account</button>" in page.content.decode()


def test_save_account_confirms(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.teacher)
    facts = {"first_name": "Tess", "last_name": "Teacher-Vale", "phone": "509 555 0117"}
    assert client.post(URL, facts)["Location"] == URL
    assert "Your account is saved." in text(client.get(URL))
    cast.teacher.refresh_from_db()
    assert cast.teacher.last_name == "Teacher-Vale"


def test_a_students_name_is_locked_with_the_way_on(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.student.user)
    page = client.get(URL)
    assert "Your legal name stands on your student record" in text(page)
    main = page.content.decode().partition("<main")[2]
    assert [name in main for name in ('name="first_name"', 'name="phone"', "Save Account")] == [False] * 3
    assert client.get("/students/mine/")["Location"] == f"/students/{cast.student.public_id}/"


def test_strangers_sign_in(client: PolicingClient, db: None) -> None:
    assert client.get(URL)["Location"].startswith("/accounts/sign-in/")
