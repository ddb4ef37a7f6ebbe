"""The last page of Create New SERS Account: the password, and the account, the same for everybody."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.access import Role
from accounts.models import Event, Job, Mail, MailedLink
from students import actions
from students.models import Student
from students.rules import identity
from tests.people import Cast
from tests.policing import PolicingClient
from tests.students.creating import PASSWORD, answer_all, create, page_url, typed
from tests.students.pages import errors, messages, text, title

URL = reverse("students:password")
CREATED = reverse("students:created")


def press(client: PolicingClient, password: str = PASSWORD, again: str | None = None) -> Any:
    return client.post(URL, {"password": password, "compare_password": password if again is None else again})


def marisol(cast: Cast) -> dict[str, str]:
    """What somebody types who is in SERS already, or who wants to know whether she is."""
    born = cast.student.birth_date
    return {
        "first_name": "MARISOL",
        "last_name": "Véga",
        "birth_date_month": str(born.month),
        "birth_date_day": str(born.day),
        "birth_date_year": str(born.year),
    }


def test_a_new_person_gets_an_account_an_id_and_a_mail(cast: Cast, client: PolicingClient) -> None:
    response = create(
        client, cast, phone="509 555 0117", city="Kennewick", state="wa", postal_code="99336",
        second_email="noor.two@example.net", former_names="Haddad-Saleh", gender="female",
        ethnicity="not_said", guardian_name="Huda Haddad", guardian_email="huda@example.net",
        guardian_language="ar",
    )  # fmt: skip
    assert response.status_code == 302
    assert response.headers["Location"] == CREATED
    student = Student.objects.get(first_name="Noor")
    assert (student.last_name, student.school, student.grade_level) == ("Haddad", cast.kamiakin, 11)
    # The second address waits on the account until its link is opened.
    (waiting,) = student.user.email_changes.waiting()
    assert student.user.second_email == student.imported_email == ""
    assert (student.state, student.phone, waiting.new_address) == (
        "WA",
        "509 555 0117",
        "noor.two@example.net",
    )
    assert (student.gender, student.ethnicity) == ("female", "not_said")
    assert (student.guardian_name, student.guardian_language) == ("Huda Haddad", "ar")
    assert student.user is not None
    assert student.user.check_password(PASSWORD)
    assert student.user.email_confirmed_at is None
    assert [seat.role for seat in student.user.seats.all()] == [Role.STUDENT]
    assert MailedLink.objects.filter(user=student.user).count() == 2  # one for each address
    mail = Mail.objects.get(to="noor@example.net", subject="Confirm your e-mail for SERS")
    assert student.sers_id in mail.text
    assert student.user.username in mail.text
    assert "/students/confirm/" in mail.text
    assert Event.objects.get(kind="students.created").actor == student.user


def test_the_new_person_is_signed_in_and_can_register(cast: Cast, client: PolicingClient) -> None:
    create(client, cast)
    assert "Check your e-mail" in text(client.get(CREATED))
    assert client.get(reverse("students:register")).status_code == 200


def test_the_draft_is_gone_and_cannot_be_sent_again(cast: Cast, client: PolicingClient) -> None:
    create(client, cast)
    assert client.get(URL).headers["Location"] == page_url("name")
    assert client.post(URL).headers["Location"] == page_url("name")
    assert Student.objects.filter(first_name="Noor").count() == 1


def test_a_draft_sent_twice_makes_one_account(cast: Cast, client: PolicingClient) -> None:
    """Two tabs, or a button pressed twice: the second answers as the first did."""
    answer_all(client, typed(cast))
    draft = dict(client.session)
    press(client)
    again = PolicingClient()
    session = again.session
    session.update({key: value for key, value in draft.items() if key == "students.new"})
    session.save()
    again.cookies["sers"] = session.session_key
    assert press(again).headers["Location"] == CREATED
    assert Student.objects.filter(first_name="Noor").count() == 1


# --- Nobody learns anything ---------------------------------------------------------------------------------


def of(response: Any) -> tuple[Any, ...]:
    """All that reaches a browser but what is drawn anew each time: tokens, the moment, the ID of the person."""
    headers = {
        name: value for name, value in response.headers.items() if name not in ("Expires", "Set-Cookie")
    }
    cookies = {
        name: {key: value for key, value in morsel.items() if key != "expires"}
        for name, morsel in response.cookies.items()
    }
    body = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", response.content.decode())
    return response.status_code, headers, cookies, body


def shape(queries: CaptureQueriesContext) -> list[str]:
    """What was asked of the database, in order, without the values."""
    return [
        re.sub(r"'[^']*'|\"s\d+_x\d+\"|\b\d+\b", "?", query["sql"])[:60] for query in queries.captured_queries
    ]


def test_who_is_in_sers_already_gets_the_same_answer(cast: Cast) -> None:
    """Side by side: status, headers, cookies, body, what the database is asked, and who is signed in afterwards."""
    answers, asked, after = [], [], []
    same_letters = {"first_name": "MATILDE", "last_name": "Nóva"}
    for known in (marisol(cast), marisol(cast) | same_letters):
        client = PolicingClient()
        answer_all(client, typed(cast, **known))
        with CaptureQueriesContext(connection) as queries:
            answers.append(of(press(client)))
        asked.append(shape(queries))
        created = client.get(CREATED)
        after.append(of(created)[:3])
        assert created.context["user"].is_authenticated
        assert client.get(reverse("students:register")).status_code == 200
        assert "No registrations yet" in text(
            client.get(reverse("students:history", args=[created.context["user"].student.public_id]))
        )
    assert answers[0] == answers[1]
    assert asked[0] == asked[1]
    assert after[0] == after[1]


def test_both_get_the_same_mail_at_the_address_they_typed(cast: Cast) -> None:
    texts = []
    for number, names in enumerate((marisol(cast), marisol(cast) | {"first_name": "Milena"})):
        create(PolicingClient(), cast, **names, email=f"new{number}@example.net")
        (mail,) = Mail.objects.filter(to=f"new{number}@example.net")
        text = re.sub(r"TP\d-\d\d-\d{4}-\d|/confirm/\S+", "-", mail.text)
        texts.append(re.sub(r"[a-z]+\.vega\.\d{4}|MARISOL|Milena", "-", text))
    assert texts[0] == texts[1]


def test_the_owner_is_told_by_a_worker_at_the_address_on_file(cast: Cast, client: PolicingClient) -> None:
    create(client, cast, **marisol(cast))
    newer = Student.objects.get(first_name="MARISOL")
    assert not Mail.objects.filter(subject="You have a SERS account").exists()
    job = Job.objects.get(task=actions.TWINS_TASK, subject_id=newer.pk)
    from students.tasks import recognize_twins

    recognize_twins(job.pk)
    mail = Mail.objects.get(subject="You have a SERS account")
    assert mail.to == cast.student.email
    assert cast.student.sers_id in mail.text


def test_user_names_tell_of_no_namesake(cast: Cast) -> None:
    for email in ("a@example.net", "b@example.net"):
        create(PolicingClient(), cast, email=email)
    names = [one.user.username for one in Student.objects.filter(first_name="Noor").select_related("user")]
    assert all(re.fullmatch(r"noor\.haddad\.\d{4}", name) for name in names)


# --- What is wrong ------------------------------------------------------------------------------------------


def test_before_all_is_answered_it_leads_to_what_is_missing(cast: Cast, client: PolicingClient) -> None:
    assert client.get(URL).headers["Location"] == page_url("name")
    assert press(client).headers["Location"] == page_url("name")


@pytest.mark.parametrize(
    ("password", "again", "said"),
    [
        ("", "", "Enter a password"),
        ("short", "short", "Use at least 15 characters"),
        (
            "Noor Haddad Haddad",
            "Noor Haddad Haddad",
            "Add words of your own: names, schools, years and words of SERS are guessed first",
        ),
        (PASSWORD, PASSWORD + "x", "The two passwords differ: enter the same password twice"),
        ("p" * 200_000, "p" * 200_000, "Shorten the password to 500 characters or fewer"),
    ],
)
def test_what_is_wrong_is_said(
    cast: Cast, client: PolicingClient, password: str, again: str, said: str
) -> None:
    answer_all(client, typed(cast))
    response = press(client, password, again)
    assert response.status_code == 422
    assert title(response).startswith("Error: ")
    assert said in errors(response)
    assert not Student.objects.filter(first_name="Noor").exists()
    assert PASSWORD not in response.content.decode()
    assert PASSWORD not in str(dict(client.session))


def test_staff_who_help_stay_signed_in_as_themselves(cast: Cast, client: PolicingClient) -> None:
    client.force_login(cast.counselor)
    create(client, cast)
    assert client.get(CREATED).context["user"] == cast.counselor
    assert Student.objects.filter(first_name="Noor").exists()


def test_a_person_of_one_name(cast: Cast, client: PolicingClient) -> None:
    assert create(client, cast, last_name="").status_code == 302
    student = Student.objects.get(first_name="Noor")
    assert (student.name, student.list_name) == ("Noor", "Noor")


def test_a_name_that_grows_when_it_is_folded_is_kept(cast: Cast, client: PolicingClient) -> None:
    names = {"first_name": "ß" * 100, "middle_name": "ß" * 100, "last_name": "ﷺ" * 100}
    assert create(client, cast, **names).status_code == 302
    assert Student.objects.get(first_name="ß" * 100).last_name == "ﷺ" * 100


def test_a_machine_that_fills_mailboxes_is_stopped(
    cast: Cast, client: PolicingClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(identity, "NEW_ACCOUNTS_OF_ADDRESS", 2)
    for name in ("Noor", "Nina"):
        assert create(PolicingClient(), cast, first_name=name).status_code == 302
    response = create(client, cast, first_name="Nell")
    assert response.status_code == 429
    assert "Too many accounts were created from here in an hour." in errors(response)[0]
    assert not Student.objects.filter(first_name="Nell").exists()


def test_the_page_of_what_comes_next_says_nothing_else(cast: Cast, client: PolicingClient) -> None:
    create(client, cast)
    assert messages(client.get(CREATED)) == []
