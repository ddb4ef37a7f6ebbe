"""The page a parent or guardian opens by a mailed link: shows the least, changes nothing by itself, is answered once."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from students import actions
from students.models import (
    FIRST_GUARDIAN_TEXT,
    ConsentText,
    ConsentWording,
    GuardianAnswer,
    GuardianLink,
    Receipt,
    Requirement,
)
from tests.owing import make_fee, make_link, make_requirement
from tests.people import (
    Cast,
    account_of,
)
from tests.policing import PolicingClient
from tests.students.pages import errors, text

TOKEN = "a-token-of-this-test"
URL = f"/students/guardian/{TOKEN}/"
SIGNED = {"answer": "signed", "name": "Rosa Petrenko", "version": FIRST_GUARDIAN_TEXT}


@pytest.fixture
def signature(cast: Cast) -> Requirement:
    return make_requirement(cast.owing_registration, "guardian")


@pytest.fixture
def link(signature: Requirement) -> GuardianLink:
    return make_link(signature, token=TOKEN)


def state(signature: Requirement) -> str:
    signature.refresh_from_db()
    return signature.state


def test_looking_changes_nothing_and_shows_the_least(
    cast: Cast, client: PolicingClient, link: GuardianLink, signature: Requirement
) -> None:
    for _ in range(3):
        words = text(client.get(URL))
    assert "Oksana Petrenko" in words
    assert "Accounting 1" in words
    assert "Columbia Basin College" in words
    assert cast.owing.sers_id not in words
    assert cast.owing.email not in words
    assert "91" not in words.replace(str(cast.year), "")
    assert state(signature) == "pending"


def test_signing_processes_it_and_is_bound_to_the_words(
    cast: Cast, client: PolicingClient, link: GuardianLink, signature: Requirement
) -> None:
    response = client.post(URL, SIGNED)
    assert "You signed as Rosa Petrenko" in text(response)
    answer = GuardianAnswer.objects.get(link=link)
    assert (answer.answer, answer.text_id, answer.language) == ("signed", FIRST_GUARDIAN_TEXT, "en")
    assert answer.words.startswith("I am a parent or guardian")
    assert answer.shown[0]["reference"] == cast.owing_registration.reference
    assert state(signature) == "processed"
    assert Receipt.objects.latest("pk").how == "guardian"
    cast.owing_registration.refresh_from_db()
    assert cast.owing_registration.fees_req == "processed"
    assert client.get(URL).status_code == 404
    assert client.post(URL, SIGNED | {"answer": "declined"}).status_code == 404


def test_declining_leaves_it_pending(
    client: PolicingClient, link: GuardianLink, signature: Requirement
) -> None:
    assert "You did not agree" in text(client.post(URL, SIGNED | {"answer": "declined"}))
    assert state(signature) == "pending"
    assert client.get(URL).status_code == 404


def test_an_answer_is_ink(client: PolicingClient, link: GuardianLink) -> None:
    client.post(URL, SIGNED)
    with pytest.raises(DatabaseError), transaction.atomic():
        GuardianAnswer.objects.filter(link=link).update(answer="declined")


@pytest.mark.parametrize(
    ("change", "said"),
    [({"answer": ""}, "Choose one of the two answers"), ({"name": " "}, "Enter your full name")],
)
def test_nothing_chosen_or_typed_is_refused(
    client: PolicingClient, link: GuardianLink, signature: Requirement, change: dict[str, str], said: str
) -> None:
    response = client.post(URL, SIGNED | change)
    assert response.status_code == 422
    assert errors(response) == [said]
    assert state(signature) == "pending"


def test_a_text_that_was_changed_is_read_again(
    client: PolicingClient, link: GuardianLink, signature: Requirement
) -> None:
    newer = ConsentText.objects.create(version="G-2026-2", audience="guardian")
    ConsentWording.objects.create(text=newer, language="en", heading="New words", body="Read me.")
    response = client.post(URL, SIGNED)
    assert response.status_code == 409
    assert "New words" in text(response)
    assert state(signature) == "pending"
    assert client.post(URL, SIGNED | {"version": "G-2026-2"}).status_code == 200
    assert ConsentText.objects.in_force().audience == "student"


@pytest.mark.parametrize("what", ["old", "ended", "withdrawn", "unknown"])
def test_what_is_over_opens_nothing(
    cast: Cast, client: PolicingClient, link: GuardianLink, signature: Requirement, what: str
) -> None:
    now = timezone.now()
    if what == "old":
        GuardianLink.objects.filter(pk=link.pk).update(created_at=now - timedelta(days=20), expires_at=now)
    elif what == "ended":
        GuardianLink.objects.filter(pk=link.pk).update(ended_at=now)
    elif what == "withdrawn":
        type(cast.owing_registration).objects.filter(pk=cast.owing_registration.pk).update(status="withdrawn")
    url = "/students/guardian/nobody-was-mailed-this/" if what == "unknown" else URL
    assert client.get(url).status_code == 404
    assert client.post(url, SIGNED).status_code == 404
    assert state(signature) == "pending"


def test_the_page_speaks_the_family_s_language_until_another_is_chosen(
    client: PolicingClient, signature: Requirement
) -> None:
    make_link(signature, token=TOKEN, language="es")
    assert "Qué significa tu firma" in text(client.get(URL))
    client.post(reverse("accounts:choose_language"), {"language": "en", "page": URL})
    assert "What your signature means" in text(client.get(URL))


def test_a_link_that_is_over_speaks_the_family_s_language_too(
    client: PolicingClient, signature: Requirement
) -> None:
    make_link(signature, token=TOKEN, language="es")
    signed = text(client.post(URL, SIGNED))
    assert "firmaste como Rosa Petrenko" in signed
    assert ".." not in signed
    over = client.get(URL)
    assert over.status_code == 404
    assert "Este enlace" in text(over)


def test_a_fee_is_not_paid_by_a_signature(cast: Cast, client: PolicingClient, link: GuardianLink) -> None:
    make_fee(cast.owing_registration)
    client.post(URL, SIGNED)
    cast.owing_registration.refresh_from_db()
    assert cast.owing_registration.fees_req == "pending"


def test_a_link_of_one_consortium_asks_nothing_of_another(cast: Cast, signature: Requirement) -> None:
    make_requirement(cast.other_registration, "guardian")
    cast.owing.guardian_email = "rosa@example.org"
    cast.owing.save()
    (sent,) = actions.ask_guardian(student=cast.owing, by=account_of(cast.owing))
    assert [one.registration_id for one in sent.requirements.all()] == [cast.owing_registration.pk]
