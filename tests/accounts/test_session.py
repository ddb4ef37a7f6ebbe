"""/accounts/session/: how long the session lasts, and staying signed in."""

from tests.accounts.test_sessions import age, signed_in
from tests.people import Cast
from tests.policing import PolicingClient

URL = "/accounts/session/"


def test_it_tells_and_telling_prolongs_nothing(cast: Cast) -> None:
    here = signed_in(cast.teacher)
    age(here, unused=25)
    told = here.get(URL, headers={"HX-Request": "true"}).json()
    assert 4 * 60 < told["seconds"] <= 5 * 60
    assert told["most"] > 11 * 60 * 60
    assert here.get(URL, headers={"HX-Request": "true"}).json()["seconds"] <= told["seconds"]


def test_staying_signed_in_prolongs_it(cast: Cast) -> None:
    here = signed_in(cast.teacher)
    age(here, unused=28)
    assert here.post(URL).json()["seconds"] > 29 * 60
    assert here.get(URL).json()["seconds"] > 29 * 60


def test_every_page_of_who_is_signed_in_carries_the_warning(client: PolicingClient, cast: Cast) -> None:
    assert "data-session=" not in client.get("/").content.decode()
    page = signed_in(cast.teacher).get("/").content.decode()
    assert 'data-session="/accounts/session/"' in page
    assert 'data-warning="120"' in page
