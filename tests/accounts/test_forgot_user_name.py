"""/accounts/forgot-user-name/: I forgot my user name."""

import pytest

from accounts import actions, rules, tasks
from accounts.models import Job, Mail, RecoveryRequest
from tests.accounts.pages import subjects, text
from tests.people import Cast, make_user
from tests.policing import PolicingClient

URL = "/accounts/forgot-user-name/"


def ask(client: PolicingClient, network: str = "127.0.0.1", **changes: str):
    facts = {"first_name": "Tess", "last_name": "Teacher", "email": "tess@example.org"}
    return client.post(URL, facts | changes, REMOTE_ADDR=network)


def work() -> None:
    """What a worker does with what was asked."""
    for job in Job.objects.filter(task=actions.ANSWER_REQUEST_TASK, state="queued"):
        tasks.answer_request(job.pk)


def test_the_user_name_is_mailed_to_the_address_on_file(client: PolicingClient, cast: Cast) -> None:
    response = ask(client, first_name=" tess", last_name="TEACHER", email="Tess@EXAMPLE.org")
    assert response["Location"] == "/accounts/mail-sent/"
    assert subjects("tess@example.org") == []  # not by the request
    work()
    mail = Mail.objects.get(to="tess@example.org")
    assert (mail.subject, cast.teacher.username in mail.text) == ("Your SERS user name", True)
    assert RecoveryRequest.objects.filter(wanted="user_name").count() == 0  # what was typed is forgotten
    work()
    assert Mail.objects.filter(to="tess@example.org").count() == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"first_name": "Bess"},
        {"last_name": "Preacher"},
        {"email": "nobody@example.org"},
        {"email": "lola@example.org", "first_name": "Lola"},  # a closed account
    ],
)
def test_who_is_not_found_gets_no_mail_and_the_same_answer(
    client: PolicingClient, cast: Cast, changes: dict[str, str]
) -> None:
    before = Mail.objects.count()
    hit, miss = ask(PolicingClient()), ask(client, **changes)
    assert (hit.status_code, hit["Location"], hit.content) == (
        miss.status_code,
        miss["Location"],
        miss.content,
    )
    assert sorted(hit.headers) == sorted(miss.headers)
    Job.objects.filter(subject_id=RecoveryRequest.objects.earliest("id").pk).delete()
    work()
    assert Mail.objects.exclude(to="tess@example.org").count() == before


def test_two_accounts_of_one_name_and_address_are_both_named(client: PolicingClient, cast: Cast) -> None:
    twin = make_user("Tess", "Teacher", email="tess@example.org")
    ask(client)
    work()
    text_of_mail = Mail.objects.get(to="tess@example.org").text
    assert {cast.teacher.username, twin.username} <= set(text_of_mail.split())


def test_a_confirmed_second_address_reaches_the_person_too(client: PolicingClient, cast: Cast) -> None:
    cast.teacher.second_email = "spare@example.net"
    cast.teacher.save()
    ask(client, email="spare@example.net")
    work()
    assert subjects("spare@example.net") == []  # nobody has confirmed it
    cast.teacher.second_email_confirmed_at = cast.teacher.created_at
    cast.teacher.save()
    ask(client, email="spare@example.net")
    work()
    assert subjects("spare@example.net") == ["Your SERS user name"]


def test_what_is_missing_is_named(client: PolicingClient, cast: Cast) -> None:
    response = ask(client, first_name="", last_name="", email="tess")
    assert response.status_code == 422
    words = text(response)
    assert "Enter your first name" in words
    assert "Enter an e-mail like name@example.org" in words
    assert "last name" not in words.split("There is a problem")[1].split("First name")[0]


def test_an_address_gets_some_mails_an_hour_and_no_more(client: PolicingClient, cast: Cast) -> None:
    for number in range(rules.MAILS_OF_ADDRESS + 2):
        ask(client, network=f"192.0.2.{number}")
        work()
    assert len(subjects("tess@example.org")) == rules.MAILS_OF_ADDRESS


def test_too_many_from_one_network_are_told_when_to_try_again(client: PolicingClient, cast: Cast) -> None:
    for _ in range(rules.REQUESTS_OF_ACCOUNT):
        assert ask(client).status_code == 302
    refused = ask(client)
    assert refused.status_code == 429
    assert "There were too many requests from here. Try again after " in text(refused)
    assert ask(client, network="192.0.2.7").status_code == 302
    assert ask(client, email="other@example.org").status_code == 302


def test_a_network_waits_after_too_many_names(
    client: PolicingClient, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("accounts.rules.REQUESTS_OF_NETWORK", 3)
    for number in range(3):
        assert ask(client, email=f"guess{number}@example.org").status_code == 302
    assert ask(client).status_code == 429
