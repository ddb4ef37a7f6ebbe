"""/accounts/sign-out/"""

from tests.people import Cast
from tests.policing import PolicingClient

URL = "/accounts/sign-out/"


def test_it_works(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.teacher)
    response = client.post(URL)
    assert (response.status_code, response.url) == (302, "/")
    assert response["Clear-Site-Data"] == '"cache", "storage"'
    assert "_auth_user_id" not in client.session
    assert "You are logged out." in client.get("/").content.decode()
    assert client.get("/grading/rosters/").url == "/accounts/sign-in/?next=/grading/rosters/"


def test_a_link_cannot_sign_anyone_out(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.teacher)
    assert client.get(URL).status_code == 405
    assert "_auth_user_id" in client.session


def test_twice_is_once(client: PolicingClient, cast: Cast) -> None:
    assert client.post(URL).url == "/"
