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
from tests.students.pages import text as page

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
    looked = client.post(URL, TYPED | {"look": "1"})
    assert "How it reads Read this One. Two. Lee esto Uno. Dos." in page(looked)
    assert ConsentText.objects.in_force().version == "2026-1"
    response = client.post(URL, TYPED | {"publish": "1"}, follow=True)
    text = ConsentText.objects.in_force()
    assert messages(response) == [f"Version {text.version} is in force. Who registers from now on reads it."]
    assert text.wording("es").paragraphs == ["Uno.", "Dos."]
    assert text.published_by == cast.state
    assert Event.objects.get(kind="students.consent_published").data == {"before": "2026-1"}
    client.post(URL, TYPED | {"publish": "1"})
    assert ConsentText.objects.in_force() == text  # the same words are the same version


def test_the_text_for_guardians_is_published_the_same_way(cast: Cast, client: PolicingClient) -> None:
    client.force_login(cast.state)
    url = f"{URL}?for=guardian"
    assert "What your signature means" in client.get(url).content.decode()
    response = client.post(url, TYPED | {"publish": "1"}, follow=True)
    text = ConsentText.objects.in_force("guardian")
    assert messages(response) == [f"Version {text.version} is in force. Who signs from now on reads it."]
    assert text.version.startswith("G-")
    assert ConsentText.objects.in_force().version == "2026-1"
    words = page(response)
    assert f"{text.version} In force" in words
    assert words.index(text.version) < words.index("G-2026-1")


@pytest.mark.parametrize(
    ("audience", "said"),
    [
        ("student", "What was agreed to before stays as it is."),
        ("guardian", "What was agreed to before stays as it is."),
        ("notice", "Who was told before stays noted with the version they were told."),
    ],
)
def test_what_came_of_the_versions_before(
    cast: Cast, client: PolicingClient, audience: str, said: str
) -> None:
    """Nobody agrees to a notice: they are told it."""
    client.force_login(cast.state)
    assert f"Begun from the text in force. {said}" in page(client.get(f"{URL}?for={audience}"))


def test_who_published_meanwhile_is_not_written_over(cast: Cast, client: PolicingClient) -> None:
    client.force_login(cast.state)
    new = actions.publish_consent(wordings={"en": ("a", "b"), "es": ("a", "b")}, by=cast.state)
    late = client.post(URL, TYPED | {"seen": "2026-1", "publish": "1"})
    assert late.status_code == 409
    assert "Somebody else has published a text meanwhile." in page(late)
    assert ConsentText.objects.in_force() == new


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


def test_the_notice_of_rights_is_published_the_same_way(cast: Cast, client: PolicingClient) -> None:
    client.force_login(cast.state)
    url = f"{URL}?for=notice"
    assert "Your rights in your record" in client.get(url).content.decode()
    response = client.post(url, TYPED | {"publish": "1"}, follow=True)
    text = ConsentText.objects.in_force("notice")
    assert text.version.startswith("N-")
    assert messages(response) == [
        f"Version {text.version} is in force. Who is told of their rights from now on reads it."
    ]
    words = page(response)
    assert "Annual notice of rights" in words
    assert "2 notices." in words  # of the version before
    assert ConsentText.objects.in_force("guardian").version == "G-2026-1"
