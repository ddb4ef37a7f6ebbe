"""/accounts/verify/: the last step of a first sign-in, Save Account."""

from accounts.models import Event
from tests.accounts.pages import text
from tests.people import Cast
from tests.policing import PolicingClient

URL = "/accounts/verify/"


def test_it_shows_what_stands_and_saves_what_is_changed(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.teacher)
    page = client.get(URL)
    assert ">Save Account</button>" in page.content.decode()
    assert cast.teacher.email in text(page)
    response = client.post(URL, {"first_name": "Theresa", "last_name": "Teacher", "phone": "509 555 0117"})
    assert response["Location"] == "/"
    cast.teacher.refresh_from_db()
    assert (cast.teacher.first_name, cast.teacher.phone) == ("Theresa", "509 555 0117")
    assert "Your account is saved." in text(client.get("/"))
    event = Event.objects.get(kind="accounts.edited")
    assert event.data == {"first_name": ["Tess", "Theresa"], "phone": ["", "509 555 0117"]}


def test_nothing_changed_writes_nothing_down(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.teacher)
    client.post(
        URL, {"first_name": cast.teacher.first_name, "last_name": cast.teacher.last_name, "phone": ""}
    )
    assert not Event.objects.filter(kind="accounts.edited").exists()


def test_what_is_wrong_is_named(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.teacher)
    response = client.post(URL, {"first_name": "", "last_name": "x" * 151, "phone": "call me"})
    assert response.status_code == 422
    words = text(response)
    for said in ("Enter your first name", "Shorten your last name", "Enter a phone number like"):
        assert said in words


def test_a_student_reads_the_legal_name_and_cannot_change_it_here(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.student.user)
    assert "Your legal name stands on your student record" in text(client.get(URL))
    client.post(URL, {"first_name": "Mari", "last_name": "V", "phone": "509 555 0117"})
    cast.student.user.refresh_from_db()
    assert (cast.student.user.first_name, cast.student.user.phone) == ("Marisol", "")


def test_the_user_name_and_the_e_mail_are_not_for_changing_here(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.teacher)
    before = (cast.teacher.username, cast.teacher.email)
    client.post(URL, {"first_name": "T", "username": "boss", "email": "mine@example.com"})
    cast.teacher.refresh_from_db()
    assert (cast.teacher.username, cast.teacher.email) == before
