"""The words a student agreed to, readable later as they were."""

import pytest
from django.db import IntegrityError, InternalError, connection, transaction
from django.urls import reverse

from students import actions
from students.models import ConsentText, Registration
from tests.people import Cast
from tests.policing import PolicingClient
from tests.students.pages import text

NEW = {"en": ("Read this", "New words."), "es": ("Lee esto", "Palabras nuevas.")}


def address(registration: Registration) -> str:
    return reverse("students:consent", args=[registration.public_id])


def test_a_new_version_changes_nothing_that_was_agreed_to(cast: Cast, client: PolicingClient) -> None:
    new = actions.publish_consent(wordings=NEW, by=cast.state)
    later = actions.register(
        student=cast.newcomer, section=cast.section, college=cast.cbc, by=cast.newcomer.user, language="es"
    )
    client.force_login(cast.consortium)
    words = text(client.get(address(cast.registration)))
    assert "Consent text 2026-1 This becomes part of your permanent college record" in words
    assert "Marisol Vega agreed to it for Accounting 1 on" in words
    words = text(client.get(address(later)))
    assert f"Consent text {new.version} Lee esto" in words
    assert "Palabras nuevas." in words


@pytest.mark.parametrize("who", ["teacher", "counselor", "district", "registrar", "consortium", "state"])
def test_staff_within_reach_and_the_student_read_it(cast: Cast, client: PolicingClient, who: str) -> None:
    for person in (getattr(cast, who), cast.student.user):
        client.force_login(person)
        assert client.get(address(cast.registration)).status_code == 200


@pytest.mark.parametrize("who", ["colleague", "other_consortium"])
def test_for_strangers_it_is_not_there(cast: Cast, client: PolicingClient, who: str) -> None:
    client.force_login(getattr(cast, who))
    assert client.get(address(cast.registration)).status_code == 404


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE students_consenttext SET version = 'other'",
        "DELETE FROM students_consenttext",
        "UPDATE students_consentwording SET body = 'other'",
        "DELETE FROM students_consentwording",
    ],
)
def test_the_texts_are_ink(cast: Cast, sql: str) -> None:
    with (
        pytest.raises(InternalError, match="Cannot update or delete"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)


def test_a_registration_names_a_text_that_is_there(cast: Cast) -> None:
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE students_registration SET consent_version = 'nowhere'")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_language_is_there_once_and_says_something(cast: Cast) -> None:
    text_ = ConsentText.objects.in_force()
    for language, heading in (("en", "Again"), ("ru", "")):
        with pytest.raises(IntegrityError), transaction.atomic():
            text_.wordings.create(language=language, heading=heading, body="Words")


def test_a_language_that_is_not_there_is_read_in_english(cast: Cast) -> None:
    assert ConsentText.objects.in_force().wording("so").language == "en"
