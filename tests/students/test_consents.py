"""The versions of the consent text, for those who answer for it."""

from django.urls import reverse

from students import actions
from tests.people import Cast
from tests.policing import PolicingClient
from tests.students.pages import text

URL = reverse("students:consents")


def test_every_version_is_listed_with_its_use(cast: Cast, client: PolicingClient) -> None:
    new = actions.publish_consent(
        wordings={"en": ("Read this", "New words."), "es": ("Lee esto", "Palabras nuevas.")}, by=cast.state
    )
    client.force_login(cast.consortium)
    words = text(client.get(URL))
    assert f"{new.version} In force" in words
    assert f"published by {cast.state.name}. 0 registrations." in words
    assert words.index(new.version) < words.index("2026-1")
    assert "New version" not in words
    client.force_login(cast.state)
    assert "New version" in text(client.get(URL))


def test_it_is_for_consortia_and_the_state(cast: Cast, client: PolicingClient) -> None:
    for user in (cast.student.user, cast.teacher, cast.registrar):
        client.force_login(user)
        assert client.get(URL).status_code == 403
