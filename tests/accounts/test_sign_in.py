"""/accounts/sign-in/"""

import datetime
import threading

import pytest
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import rules
from accounts.actions import count_try
from accounts.models import Event, RateLimit, User
from tests.people import PASSWORD, Cast, make_user
from tests.policing import PolicingClient

URL = "/accounts/sign-in/"
NOT_KNOWN = "The user name or the password is not right."


def attempt(client: Client, username: str, password: str = PASSWORD, url: str = URL, **extra: str):
    return client.post(url, {"username": username, "password": password}, **extra)


def test_it_works(client: PolicingClient, cast: Cast) -> None:
    assert client.get(URL).status_code == 200
    response = attempt(client, cast.teacher.username)
    assert response.status_code == 302
    assert response.url == "/"
    assert client.session["_auth_user_id"] == str(cast.teacher.pk)
    assert Event.objects.get(kind="accounts.signed_in").actor == cast.teacher


def test_the_case_of_a_user_name_does_not_matter(client: PolicingClient, cast: Cast) -> None:
    assert attempt(client, f" {cast.teacher.username.upper()} ").status_code == 302


@pytest.mark.parametrize(
    ("door", "heading"),
    [
        ("student", "Student Log In"),
        ("teacher", "Teacher Log In"),
        ("district", "District User"),
        ("registrar", "Registrar"),
        ("consortium", "Consortium"),
        ("staff", "Staff Log In"),
        ("", "Log In"),
        ("cellar", "Log In"),
    ],
)
def test_a_door_changes_the_heading_and_lets_everyone_in(
    client: PolicingClient, cast: Cast, door: str, heading: str
) -> None:
    url = f"{URL}?door={door}"
    page = client.get(url).content.decode()
    assert f"<h1>{heading}</h1>" in page
    assert ">Sign In</button>" in page
    assert attempt(client, cast.registrar.username, url=url).url == "/"


def test_it_leads_to_the_page_that_was_asked_for(client: PolicingClient, cast: Cast) -> None:
    assert client.get("/grading/rosters/").url == "/accounts/sign-in/?next=/grading/rosters/"
    assert (
        attempt(client, cast.teacher.username, url=f"{URL}?next=/grading/rosters/").url == "/grading/rosters/"
    )


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "http:///x",
        "true",
        "%",
    ],
)
def test_it_leads_nowhere_else(client: PolicingClient, cast: Cast, elsewhere: str) -> None:
    assert (
        client.post(
            URL, {"username": cast.teacher.username, "password": PASSWORD}, QUERY_STRING=f"next={elsewhere}"
        ).url
        == "/"
    )


def test_who_is_signed_in_goes_on(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.teacher)
    assert client.get(f"{URL}?door=student").url == "/"
    assert client.get(f"{URL}?next=/grading/rosters/").url == "/grading/rosters/"


def test_wrong_name_wrong_password_and_locked_account_read_the_same(
    client: PolicingClient, cast: Cast
) -> None:
    pages = []
    for username, password in (
        (cast.teacher.username, "not this one"),
        ("nobody.at.all", PASSWORD),
        (cast.locked_teacher.username, PASSWORD),
        ("x" * 200_000, PASSWORD),
    ):
        response = attempt(client, username, password)
        assert response.status_code == 422
        page = response.content.decode()
        assert NOT_KNOWN in page
        assert password not in page
        assert "Error: Log In" in page
        pages.append(page.replace(username, "").split("<main")[1])
    token = 'name="csrfmiddlewaretoken" value="'
    assert len({part.split(token)[0] + part.split(token)[1][64:] for part in pages}) == 1
    assert "_auth_user_id" not in client.session


def test_what_is_missing_is_named(client: PolicingClient, cast: Cast) -> None:
    response = attempt(client, "", "")
    assert response.status_code == 422
    page = response.content.decode()
    assert '<a href="#id_username">Enter your user name</a>' in page
    assert '<a href="#id_password">Enter your password</a>' in page
    assert RateLimit.objects.count() == 0
    assert '<a href="#id_password">Enter your password</a>' in attempt(client, "tess", "").content.decode()


def test_text_nobody_types_is_answered(client: PolicingClient, cast: Cast) -> None:
    assert attempt(client, cast.teacher.username, "p" * 200_000).status_code == 422
    assert attempt(client, "a\x00b").status_code == 400
    assert client.put(URL).status_code == 405


def test_the_session_key_changes(client: PolicingClient, cast: Cast) -> None:
    session = client.session
    session["before"] = "kept"
    session.save()
    before = session.session_key
    client.cookies["sers"] = before
    attempt(client, cast.teacher.username)
    assert client.session.session_key != before


def test_a_token_is_asked_for(cast: Cast) -> None:
    assert attempt(Client(enforce_csrf_checks=True), cast.teacher.username).status_code == 403


def test_ten_wrong_tries_then_that_address_waits(client: PolicingClient, cast: Cast) -> None:
    for _ in range(rules.SIGN_IN_TRIES_OF_ACCOUNT):
        assert attempt(client, cast.teacher.username, "wrong").status_code == 422
    refused = attempt(client, cast.teacher.username.upper())
    assert refused.status_code == 429
    page = refused.content.decode()
    assert "There were too many tries to sign in from here. Wait until " in page
    assert PASSWORD not in page
    assert "_auth_user_id" not in client.session

    assert (
        attempt(client, cast.teacher.username, REMOTE_ADDR="192.0.2.7").status_code == 302
    )  # the owner, elsewhere
    client.logout()
    assert attempt(client, cast.colleague.username).status_code == 302  # somebody else, here
    client.logout()
    RateLimit.objects.update(ends_at=timezone.now() - datetime.timedelta(seconds=1))
    assert attempt(client, cast.teacher.username).status_code == 302


def test_a_right_password_forgives_what_was_wrong_before(client: PolicingClient, cast: Cast) -> None:
    for _ in range(3):
        for _ in range(rules.SIGN_IN_TRIES_OF_ACCOUNT - 1):
            assert attempt(client, cast.teacher.username, "wrong").status_code == 422
        assert attempt(client, cast.teacher.username).status_code == 302
        client.logout()


def test_an_address_that_guesses_at_many_accounts_waits(
    client: PolicingClient, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "SIGN_IN_TRIES_OF_ADDRESS", 4)
    for number in range(4):
        assert attempt(client, f"guess{number}", "wrong").status_code == 422
    assert attempt(client, cast.teacher.username).status_code == 429
    assert attempt(client, cast.teacher.username, REMOTE_ADDR="192.0.2.7").status_code == 302


def test_signing_in_well_never_fills_the_count_of_an_address(
    client: PolicingClient, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "SIGN_IN_TRIES_OF_ADDRESS", 2)
    for _ in range(5):
        assert attempt(client, cast.teacher.username).status_code == 302
        client.logout()


def test_the_table_of_limits_tells_nobody_who_or_where(client: PolicingClient, cast: Cast) -> None:
    attempt(client, cast.teacher.username, "wrong", REMOTE_ADDR="192.0.2.7")
    kept = " ".join(RateLimit.objects.values_list("key", flat=True))
    assert cast.teacher.username not in kept
    assert "192.0.2.7" not in kept


@pytest.mark.django_db(transaction=True)
def test_many_at_once_get_no_more_tries_than_one_after_the_other() -> None:
    threads, numbers = 16, []

    def work() -> None:
        try:
            for _ in range(5):
                limit = count_try(what="a race", within=datetime.timedelta(minutes=1))
                numbers.append(limit.tries)
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work) for _ in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(numbers) == list(range(1, threads * 5 + 1))


def test_a_user_name_is_found_by_its_index(db: None) -> None:
    ann = make_user("Ann", username="ann.lee")
    with CaptureQueriesContext(connection) as queries:
        assert User.objects.get_by_natural_key("ANN.Lee") == ann
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {queries[0]['sql']}")
        assert "user_name_once" in "\n".join(row[0] for row in cursor.fetchall())
