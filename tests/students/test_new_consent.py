"""A new version of the consent text: the State publishes it, in every language at once."""

import pytest
from django.urls import reverse

from accounts.models import Event
from sers.lib.refusal import Refused
from students import actions
from students.models import ConsentText
from tests.people import Cast
from tests.policing import PolicingClient
from tests.students.pages import errors, messages

URL = reverse("students:new_consent")
TYPED = {
    "heading_en": "Read this",
    "body_en": "One.\r\n\r\nTwo.",
    "heading_es": "Lee esto",
    "body_es": "Uno.\r\n\r\nDos.",
}


def test_the_state_publishes_it(cast: Cast, client: PolicingClient) -> None:
    client.force_login(cast.state)
    assert "permanent college record" in client.get(URL).content.decode()
    response = client.post(URL, TYPED, follow=True)
    text = ConsentText.objects.in_force()
    assert messages(response) == [f"Version {text.version} is in force. Who registers from now on reads it."]
    assert text.wording("es").paragraphs == ["Uno.", "Dos."]
    assert text.published_by == cast.state
    assert Event.objects.get(kind="students.consent_published").data == {"before": "2026-1"}
    client.post(URL, TYPED)
    assert ConsentText.objects.in_force() == text  # the same words are the same version


def test_what_is_missing_is_asked_for(cast: Cast, client: PolicingClient) -> None:
    client.force_login(cast.state)
    response = client.post(URL, TYPED | {"body_es": "", "heading_en": "x" * 121})
    assert response.status_code == 422
    assert errors(response) == [
        "Shorten the heading in English to 120 characters or fewer",
        "Enter the text in español",
    ] or errors(response) == [
        "Shorten the heading in English to 120 characters or fewer",
        "Enter the text in Español",
    ]


@pytest.mark.parametrize("who", ["consortium", "registrar", "teacher", "nobody"])
def test_nobody_else_publishes(cast: Cast, client: PolicingClient, who: str) -> None:
    person = getattr(cast, who)
    client.force_login(person)
    assert client.get(URL).status_code == 403
    with pytest.raises(Refused) as refused:
        actions.publish_consent(wordings={"en": ("a", "b"), "es": ("a", "b")}, by=person)
    assert refused.value.refusal.rule == "not_the_state"


@pytest.mark.parametrize("wordings", [{}, {"en": ("a", "b")}, {"en": ("a", "b"), "es": ("a", " ")}])
def test_half_a_text_is_none(cast: Cast, wordings: dict[str, tuple[str, str]]) -> None:
    with pytest.raises(Refused) as refused:
        actions.publish_consent(wordings=wordings, by=cast.state)
    assert refused.value.refusal.rule == "not_complete"
