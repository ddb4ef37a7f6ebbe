"""/accounts/security/: Security Information, by the link that activates an account or resets it."""

import pytest
from django.contrib.auth.hashers import check_password
from pytest_django import Settings

from accounts import actions, rules
from accounts.models import Event, MailedLink, OpenSession, SecurityAnswer, User
from sers.lib.refusal import Refused
from tests.accounts.pages import (
    NEW_ANSWERS,
    NEW_PASSWORD,
    Purpose,
    open_link,
    security_facts,
    subjects,
    text,
)
from tests.people import PASSWORD, Cast, make_answers, make_user
from tests.policing import PolicingClient

URL = "/accounts/security/"
BOTH = pytest.mark.parametrize("purpose", [Purpose.ACTIVATE, Purpose.RESET])


@pytest.fixture
def new(cast: Cast) -> User:
    """A person whose account was made a moment ago."""
    return make_user("Nadia", "Newhire", email="nadia@example.org", password=None)


def test_a_new_person_chooses_password_and_questions_and_is_in(client: PolicingClient, new: User) -> None:
    assert new.activated_at is None
    open_link(client, new, Purpose.ACTIVATE)
    page = client.get(URL)
    assert page.status_code == 200
    words = text(page)
    assert words.index(new.username) < words.index("Compare Password")
    assert "At least 15 characters" in words
    response = client.post(URL, security_facts())
    assert (response.status_code, response["Location"]) == (302, "/accounts/security/saved/")
    new.refresh_from_db()
    assert new.check_password(NEW_PASSWORD)
    assert new.activated_at is not None
    assert new.email_confirmed_at is not None  # the link reached them there
    assert client.session["_auth_user_id"] == str(new.pk)
    assert "opened_link" not in client.session
    kept = list(SecurityAnswer.objects.filter(user=new))
    assert [one.question for one in kept] == [question for question, _ in NEW_ANSWERS]
    assert subjects("nadia@example.org") == ["Your SERS account is ready"]
    assert Event.objects.filter(kind="accounts.password_activated", actor=new).exists()


def test_answers_are_kept_like_passwords_and_shown_to_nobody(client: PolicingClient, new: User) -> None:
    open_link(client, new, Purpose.ACTIVATE)
    client.post(URL, security_facts())
    for row, (_question, answer) in zip(SecurityAnswer.objects.filter(user=new), NEW_ANSWERS, strict=True):
        assert answer.casefold() not in row.answer_hash.casefold()
        assert check_password(rules.tidy_answer(answer), row.answer_hash)
    for address in ("/accounts/me/", "/accounts/verify/", "/accounts/security/saved/"):
        page = client.get(address).content.decode()
        assert not any(answer in page for _, answer in NEW_ANSWERS)


def test_a_reset_replaces_everything_and_signs_out_everywhere(client: PolicingClient, cast: Cast) -> None:
    elsewhere = PolicingClient()
    elsewhere.force_login(cast.colleague)
    assert elsewhere.get("/grading/rosters/").status_code == 200
    open_link(client, cast.colleague, Purpose.RESET, asked_by=cast.counselor)
    assert client.post(URL, security_facts()).status_code == 302
    cast.colleague.refresh_from_db()
    assert not cast.colleague.check_password(PASSWORD)
    assert cast.colleague.check_password(NEW_PASSWORD)
    assert {one.question for one in cast.colleague.answers.all()} == {"toy", "movie", "job"}
    assert elsewhere.get("/grading/rosters/").status_code == 302
    assert OpenSession.objects.filter(user=cast.colleague).count() == 1  # this one
    assert subjects(cast.colleague.email)[-1] == "Your SERS account was set anew"


@BOTH
def test_a_link_is_used_once(client: PolicingClient, cast: Cast, purpose: MailedLink.Purpose) -> None:
    token = open_link(client, cast.colleague, purpose)
    other = PolicingClient()
    assert other.get(f"/accounts/links/{token}/").status_code == 302
    assert client.post(URL, security_facts()).status_code == 302
    assert other.post(URL, security_facts("another one of wood and stone")).status_code == 404
    assert other.get(f"/accounts/links/{token}/").status_code == 404
    cast.colleague.refresh_from_db()
    assert cast.colleague.check_password(NEW_PASSWORD)


def test_what_is_refused_uses_nothing_up(client: PolicingClient, new: User) -> None:
    open_link(client, new, Purpose.ACTIVATE)
    assert client.post(URL, security_facts("short")).status_code == 422
    assert client.post(URL, security_facts(question_2="toy")).status_code == 422
    assert client.post(URL, {}).status_code == 422
    new.refresh_from_db()
    assert (new.activated_at, new.has_usable_password(), new.answers.count()) == (None, False, 0)
    assert client.post(URL, security_facts()).status_code == 302


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"password": ""}, "password", "Enter a password"),
        ({"password": "fourteen chars", "compare_password": "fourteen chars"}, "password", "Use at least 15"),
        ({"compare_password": "something else entirely"}, "compare_password", "The two passwords differ"),
        ({"question_1": ""}, "question_1", "Choose a question"),
        ({"question_1": "shoe_size"}, "question_1", "Choose a question"),
        ({"question_3": "toy"}, "question_3", "Choose three different questions"),
        ({"answer_2": " "}, "answer_2", "Enter an answer of at least 2 letters"),
        ({"answer_2": "!?"}, "answer_2", "Enter an answer of at least 2 letters"),
        ({"answer_3": "bunny  BLUE"}, "answer_3", "Enter three answers that differ"),
        ({"answer_3": "Nadia Newhire"}, "answer_3", "Enter an answer that is not your name"),
        ({"answer_1": "x" * 201}, "answer_1", "Shorten the answer to 200"),
    ],
)
def test_what_is_wrong_is_said_at_its_place(
    client: PolicingClient, new: User, changes: dict[str, str], field: str, words: str
) -> None:
    open_link(client, new, Purpose.ACTIVATE)
    response = client.post(URL, security_facts(**changes))
    assert response.status_code == 422
    page = response.content.decode()
    assert f'<a href="#id_{field}">{words}' in page
    assert NEW_PASSWORD not in page  # passwords are typed again
    assert "Error: Security Information" in page
    if field != "answer_1":
        assert 'value="Bunny Blue"' in page  # everything else is kept


def test_every_error_is_told_at_once(client: PolicingClient, new: User) -> None:
    open_link(client, new, Purpose.ACTIVATE)
    words = text(client.post(URL, {}))
    for said in ("Enter a password", "Enter the password again", "Choose a question"):
        assert said in words


def test_the_user_name_is_not_for_changing(client: PolicingClient, new: User) -> None:
    open_link(client, new, Purpose.ACTIVATE)
    before = new.username
    client.post(URL, security_facts(username="boss"))
    new.refresh_from_db()
    assert new.username == before


def test_who_is_signed_in_is_told_that_the_link_is_anothers(
    client: PolicingClient, cast: Cast, new: User
) -> None:
    client.force_login(cast.teacher)
    open_link(client, new, Purpose.ACTIVATE)
    page = text(client.get(URL))
    assert f"You are signed in as {cast.teacher.username}" in page
    client.post(URL, security_facts())
    assert client.session["_auth_user_id"] == str(new.pk)
    cast.teacher.refresh_from_db()
    assert cast.teacher.check_password(PASSWORD)


def test_the_last_link_opened_is_the_one_that_counts(client: PolicingClient, cast: Cast, new: User) -> None:
    open_link(client, cast.colleague, Purpose.RESET)
    open_link(client, new, Purpose.ACTIVATE)
    client.post(URL, security_facts())
    cast.colleague.refresh_from_db()
    assert cast.colleague.check_password(PASSWORD)
    new.refresh_from_db()
    assert new.check_password(NEW_PASSWORD)


def test_without_questions_only_a_password_is_asked(
    client: PolicingClient, new: User, settings: Settings
) -> None:
    settings.SECURITY_QUESTIONS = False
    open_link(client, new, Purpose.ACTIVATE)
    assert "question" not in text(client.get(URL)).lower()
    facts = {"password": NEW_PASSWORD, "compare_password": NEW_PASSWORD}
    assert client.post(URL, facts).status_code == 302
    assert new.answers.count() == 0


def test_a_link_to_another_address_confirms_nothing(client: PolicingClient, new: User) -> None:
    open_link(client, new, Purpose.ACTIVATE, address="old@example.org")
    client.post(URL, security_facts())
    new.refresh_from_db()
    assert new.email_confirmed_at is None


def test_other_links_open_nothing_more(client: PolicingClient, cast: Cast) -> None:
    recover = actions.new_link(user=cast.colleague, purpose=Purpose.RECOVER)
    confirm = actions.new_link(user=cast.colleague, purpose=Purpose.CONFIRM_EMAIL)
    open_link(client, cast.colleague, Purpose.RESET)
    client.post(URL, security_facts())
    assert actions.look_at_link(recover) is None
    assert actions.look_at_link(confirm) is not None


def test_the_action_asks_the_rules_again(cast: Cast) -> None:
    make_answers(cast.teacher)
    for password, answers in (("short", NEW_ANSWERS), (NEW_PASSWORD, NEW_ANSWERS[:2])):
        token = actions.new_link(user=cast.teacher, purpose=Purpose.RESET)
        with pytest.raises(Refused):
            actions.secure_account(token=token, purpose=Purpose.RESET, password=password, answers=answers)
        assert actions.look_at_link(token) is not None  # nothing of it stands
