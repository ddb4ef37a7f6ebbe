"""/accounts/sent/"""

import datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.actions import queue_mail
from accounts.models import Mail, OutboxState, User
from tests.people import Cast
from tests.policing import PolicingClient

URL = "/accounts/sent/"
WORDS = {"subject": "About your account", "text": "https://sers.example.org/secret-link/"}


def write(person: User | None, key: str, to: str = "", **facts: Any) -> Mail:
    mail = queue_mail(
        key=key,
        to=to or (person.email if person else "x@example.org"),
        template="free",
        context=WORDS,
        person=person,
    )
    assert mail is not None
    Mail.objects.filter(pk=mail.pk).update(**facts)
    return mail


def page(client: PolicingClient, **query: str) -> str:
    return client.get(URL, query).content.decode()


def test_every_state_is_told_and_what_mail_says_is_not(client: PolicingClient, cast: Cast) -> None:
    now = timezone.now()
    user = cast.student.user
    write(user, "a", "waiting@example.net")
    write(
        user,
        "b",
        "tried@example.net",
        attempts=2,
        not_before=datetime.datetime(2026, 6, 15, 21, 6, tzinfo=datetime.UTC),
    )
    write(user, "c", "sent@example.net", state=OutboxState.DONE, done_at=now)
    write(
        user,
        "d",
        "back@example.net",
        state=OutboxState.DONE,
        done_at=now,
        bounced_at=now,
        bounce_reason="5.1.1 550 unknown",
    )
    write(user, "e", "parked@example.net", state=OutboxState.PARKED, attempts=5)
    client.force_login(cast.consortium)
    shown = page(client)
    for words in ("A worker takes it within a minute", "Tried 2 times, again at June 15, 2026, 2:06 pm", "5.1.1 550 unknown",
                  "Tried 5 times. SERS does not try again by itself"):  # fmt: skip
        assert words in shown
    assert "secret-link" not in shown
    assert shown.count("Send again") == 2
    for state, address in (
        ("waiting", "waiting@"),
        ("tried", "tried@"),
        ("sent", "sent@"),
        ("back", "back@"),
        ("parked", "parked@"),
    ):
        assert address in page(client, state=state)


def test_it_is_found_by_address_and_by_person(client: PolicingClient, cast: Cast) -> None:
    write(cast.student.user, "a", "elsewhere@example.net")
    write(cast.teacher, "b")
    client.force_login(cast.consortium)
    assert "elsewhere@example.net" in page(client, words="Marisol VEGA")
    assert "tess@example.org" not in page(client, words="Marisol")
    assert "tess@example.org" in page(client, words="tess@")
    assert "Nothing matches these filters." in page(client, words="zzz")
    assert client.get(URL, {"words": "é%_\\'" * 300, "state": "nonsense", "page": "-1"}).status_code == 200


@pytest.mark.parametrize("person", ["student", "teacher", "district", "registrar", "consortium"])
def test_mail_about_ones_own_people_and_no_others(client: PolicingClient, cast: Cast, person: str) -> None:
    about = getattr(cast, person)
    write(getattr(about, "user", about), "a", "about.them@example.net")
    client.force_login(cast.consortium)
    assert "about.them@example.net" in page(client)
    client.force_login(cast.other_consortium)
    assert "about.them@example.net" not in page(client)
    client.force_login(cast.state)
    assert "about.them@example.net" in page(client)


def test_mail_about_nobody_is_the_states(client: PolicingClient, cast: Cast) -> None:
    write(None, "a", "nobody@example.net")
    client.force_login(cast.consortium)
    assert "nobody@example.net" not in page(client)
    client.force_login(cast.state)
    assert "nobody@example.net" in page(client)


def test_queries_do_not_grow(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.consortium)
    counts = set()
    for number in (1, 3):
        for one in range(number):
            write(cast.student.user, f"{number}-{one}")
        with CaptureQueriesContext(connection) as captured:
            page(client)
        counts.add(len(captured))
    assert len(counts) == 1, counts


def test_send_again(client: PolicingClient, cast: Cast) -> None:
    mail = write(cast.student.user, "a", state=OutboxState.PARKED, attempts=5)
    client.force_login(cast.consortium)
    answer = client.post(f"{URL}{mail.public_id}/again/", follow=True)
    assert "is sent again now" in answer.content.decode()
    mail.refresh_from_db()
    assert (mail.state, mail.attempts) == (OutboxState.QUEUED, 0)
    again = client.post(f"{URL}{mail.public_id}/again/", follow=True).content.decode()
    assert "still waits for its turn" in again
    client.force_login(cast.other_consortium)
    assert client.post(f"{URL}{mail.public_id}/again/").status_code == 404
