"""/students/amendments/<request>/: decided by its holder, heard by somebody else, followed by who asked."""

from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from sers.lib.moments import day
from students.actions import ask_for_hearing, ask_to_amend, decide_after_hearing, decide_amendment
from students.models import Amendment
from tests.people import Cast, account_of
from tests.policing import PolicingClient
from tests.students.amending import WRONG, asked, commented, refused
from tests.students.pages import errors, messages, text
from transcripts.actions import give_statement


def address(amendment: Amendment) -> str:
    return reverse("students:amendment", args=[amendment.public_id])


def post(client: PolicingClient, amendment: Amendment, act: str, **fields: str) -> Any:
    named = {f"{act}-{name}": value for name, value in fields.items()}
    return client.post(address(amendment), {"chosen": act, **named}, follow=True)


def test_from_the_request_to_the_decision_after_the_hearing(client: PolicingClient, cast: Cast) -> None:
    found = asked(cast.newcomer)
    client.force_login(cast.district)
    assert messages(post(client, found, "review")) == ["It is noted that you look at it. Who asked reads so."]
    assert "the right to a hearing" in messages(post(client, found, "refuse", words="The papers say so."))[0]
    client.force_login(cast.newcomer.user)
    words = text(client.get(address(found)))
    assert "The papers say so." in words
    assert "a lawyer too, at your own cost" in words
    assert messages(post(client, found, "hearing")) == ["You asked for a hearing."]
    client.force_login(cast.district)
    assert "You took part in it" in text(client.get(address(found)))
    assert client.post(address(found), {"chosen": "heard_refuse"}).status_code == 409
    client.force_login(cast.state)
    assert "Amended after the hearing." in messages(post(client, found, "heard_amend", words="March 10."))[0]
    found.refresh_from_db()
    assert (found.state, found.heard_by) == ("amended", cast.state)


def test_what_is_missing_is_told_at_its_field(client: PolicingClient, cast: Cast) -> None:
    found = asked(cast.newcomer)
    client.force_login(cast.district)
    for act, said in (("amend", "Enter what you put right"), ("refuse", "Enter why you refuse")):
        response = client.post(address(found), {"chosen": act})
        assert (response.status_code, errors(response)) == (422, [said])
    assert client.post(address(found), {"chosen": "burn"}).status_code == 404


def test_who_decides_about_a_comment_reads_it(client: PolicingClient, cast: Cast) -> None:
    """The district decides and reads comments nowhere else; a college neither decides nor learns of it."""
    said = commented(cast.registration, by=cast.teacher)
    found = asked(cast.student, cast.registration, item="comment")
    client.force_login(cast.district)
    assert said.text in text(client.get(address(found)))
    client.force_login(account_of(cast.student))
    assert said.text not in text(client.get(address(found)))
    client.force_login(cast.registrar)
    assert client.get(address(found)).status_code == 404
    other = asked(cast.student, cast.registration, item="class")
    assert client.get(address(other)).status_code == 200
    client.force_login(cast.district)
    assert said.text not in text(client.get(address(other)))


def test_a_statement_about_a_comment_is_told_who_reads_comments(client: PolicingClient, cast: Cast) -> None:
    commented(cast.registration, by=cast.teacher)
    found = refused(cast, cast.student, cast.registration, item="comment")
    give_statement(amendment=found, text="I was in hospital.", by=account_of(cast.student))
    pages = [
        reverse("students:history", args=[cast.student.public_id]),
        reverse("students:registration", args=[cast.registration.public_id]),
        reverse("grading:roster", args=[cast.section.public_id]),
        reverse("grading:verification", args=[cast.section.public_id]),
    ]
    told = {
        "teacher": (True, True, True, False), "consortium": (True, True, True, False),
        "district": (False, False, False, False), "registrar": (False, False, False, False),
    }  # fmt: skip
    for who, expected in told.items():
        client.force_login(getattr(cast, who))
        assert tuple("I was in hospital." in text(client.get(page)) for page in pages) == expected
    client.force_login(account_of(cast.student))
    assert ["I was in hospital." in text(client.get(page)) for page in pages[:2]] == [True, True]


def test_who_does_not_hold_it_decides_nothing(client: PolicingClient, cast: Cast) -> None:
    found = asked(cast.newcomer)
    client.force_login(cast.consortium)
    assert client.post(address(found), {"chosen": "amend", "amend-words": "x"}).status_code == 403
    client.force_login(cast.newcomer.user)
    assert client.post(address(found), {"chosen": "amend", "amend-words": "x"}).status_code == 404


def test_a_parents_request_reads_as_one(client: PolicingClient, cast: Cast) -> None:
    """The student follows it and is promised nothing: neither a mail, nor a hearing, nor a statement."""
    letter = {"asker": "guardian", "asker_name": "Rosa Vega", "identity": "Seen", "by": cast.district}
    found = ask_to_amend(student=cast.newcomer, item="profile", field="school", **WRONG, **letter)
    client.force_login(account_of(cast.newcomer))

    def said() -> str:
        words = text(client.get(address(found)))
        assert "Request of a parent or guardian" in words
        assert not [one for one in ("You get", "You may", "Ask for a hearing") if one in words]
        return words

    assert "The school district looks at it and answers your parent or guardian." in said()
    found = decide_amendment(amendment=found, amended=False, words="No.", by=cast.district)
    assert "Your parent or guardian may ask for a hearing, or add a statement." in said()
    found = ask_for_hearing(amendment=found, by=cast.district)
    assert "hears your parent or guardian and decides." in said()
    found = decide_after_hearing(amendment=found, amended=False, words="No.", by=cast.state)
    assert "Your parent or guardian may add a statement." in said()
    give_statement(amendment=found, text="She was there.", by=cast.district)
    assert "The statement of your parent or guardian goes with the record." in said()


def test_who_took_it_back_and_when_stands_in_the_trail(client: PolicingClient, cast: Cast) -> None:
    found = asked(cast.newcomer)
    client.force_login(account_of(cast.newcomer))
    post(client, found, "take_back")
    trail = client.get(address(found)).context["page"].trail
    assert trail[-1] == ("Taken back", f"{day(timezone.now())}, {account_of(cast.newcomer).name}", "")


def test_taken_back_and_not_after_the_decision(client: PolicingClient, cast: Cast) -> None:
    found = asked(cast.newcomer)
    client.force_login(cast.newcomer.user)
    assert messages(post(client, found, "take_back")) == ["Your request is taken back."]
    assert client.post(address(refused(cast, cast.newcomer)), {"chosen": "take_back"}).status_code == 409


@pytest.mark.parametrize(
    ("who", "status"),
    [("newcomer", 200), ("student", 404), ("district", 200), ("consortium", 200), ("state", 200),
     ("registrar", 404), ("other_district", 404), ("counselor", 403), ("teacher", 403)],
)  # fmt: skip
def test_who_follows_it(client: PolicingClient, cast: Cast, who: str, status: int) -> None:
    found = asked(cast.newcomer)
    person = getattr(cast, who)
    client.force_login(getattr(person, "user", person))
    assert client.get(address(found)).status_code == status
