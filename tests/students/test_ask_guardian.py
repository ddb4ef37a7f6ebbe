"""A student, or staff, has the link mailed to a parent or guardian."""

import pytest
from django.urls import reverse

from accounts.models import Mail
from students.models import GuardianLink, Requirement
from tests.owing import make_requirement
from tests.people import Cast
from tests.policing import PolicingClient
from tests.students.pages import errors, messages, text

SENT = {"guardian_name": "Rosa Petrenko", "guardian_email": "rosa@example.org", "guardian_language": "es"}


@pytest.fixture
def signature(cast: Cast) -> Requirement:
    return make_requirement(cast.owing_registration, "guardian")


@pytest.fixture
def url(cast: Cast, signature: Requirement) -> str:
    return reverse("students:ask_guardian", args=[cast.owing_registration.public_id])


@pytest.mark.parametrize("who", ["student", "staff"])
def test_the_link_is_mailed_in_the_family_s_language(
    cast: Cast, client: PolicingClient, url: str, who: str
) -> None:
    client.force_login(cast.owing.user if who == "student" else cast.consortium)
    response = client.post(url, SENT, follow=True)
    assert messages(response) == ["We sent the link to rosa@example.org. It works for 14 days."]
    mail = Mail.objects.get(to="rosa@example.org")
    assert (mail.language, mail.kind) == ("es", "students/guardian")
    assert "Oksana Petrenko" in mail.text
    link = GuardianLink.objects.get(student=cast.owing)
    assert link.token_hash not in mail.text
    assert "rosa@example.org" in text(response)
    cast.owing.refresh_from_db()
    assert cast.owing.guardian_name == "Rosa Petrenko"


def test_a_new_link_ends_the_one_before(cast: Cast, client: PolicingClient, url: str) -> None:
    client.force_login(cast.owing.user)
    for _ in range(2):
        client.post(url, SENT)
    newer, older = GuardianLink.objects.filter(student=cast.owing)
    assert newer.ended_at is None
    assert older.ended_at is not None


def test_three_a_day_are_enough(cast: Cast, client: PolicingClient, url: str) -> None:
    client.force_login(cast.owing.user)
    answers = [client.post(url, SENT).status_code for _ in range(4)]
    assert answers == [302, 302, 302, 409]


def test_nobody_signs_for_themselves(cast: Cast, client: PolicingClient, url: str) -> None:
    client.force_login(cast.owing.user)
    response = client.post(url, SENT | {"guardian_email": cast.owing.email.upper()})
    assert response.status_code == 422
    assert errors(response) == ["This is the student’s own e-mail. Enter the e-mail of a parent or guardian."]
    assert errors(client.post(url, {})) == ["Enter the e-mail of the parent or guardian"]


def test_where_nothing_is_asked_nothing_is_mailed(cast: Cast, client: PolicingClient) -> None:
    client.force_login(cast.student.user)
    url = reverse("students:ask_guardian", args=[cast.registration.public_id])
    assert "Nothing is to be signed" in text(client.get(url))
    assert client.post(url, SENT).status_code == 409
    assert not Mail.objects.filter(to="rosa@example.org").exists()


def test_strangers_find_nothing_and_teachers_are_turned_away(
    cast: Cast, client: PolicingClient, url: str
) -> None:
    for person, status in ((cast.student.user, 404), (cast.other_consortium, 404), (cast.teacher, 403)):
        client.force_login(person)
        assert client.get(url).status_code == status


def test_what_is_typed_wrong_is_said_in_the_reader_s_language(cast: Cast, client: PolicingClient) -> None:
    make_requirement(cast.owing_registration, "guardian")
    client.force_login(cast.owing.user)
    client.post(reverse("accounts:choose_language"), {"language": "es", "page": "/"})
    url = reverse("students:ask_guardian", args=[cast.owing_registration.public_id])
    response = client.post(url, {"guardian_name": "", "guardian_email": "nope", "guardian_language": ""})
    assert errors(response) == ["Escribe un correo como nombre@example.org"]
