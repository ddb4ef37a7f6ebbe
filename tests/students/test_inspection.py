"""/students/inspections/<request>/: where a request is; given, explained, closed, taken back."""

from typing import Any

import pytest
from django.urls import reverse

from accounts.models import Event, Mail
from sers.lib.refusal import Refused
from students import actions
from students.models import Inspection
from tests.people import Cast, account_of
from tests.policing import PolicingClient
from tests.students.inspecting import asked, by_letter
from tests.students.pages import errors, messages, text


def address(inspection: Inspection) -> str:
    return reverse("students:inspection", args=[inspection.public_id])


def post(client: PolicingClient, inspection: Inspection, act: str, **fields: str) -> Any:
    named = {f"{act}-{name}": value for name, value in fields.items()}
    return client.post(address(inspection), {"chosen": act, **named}, follow=True)


def test_answered_step_by_step_and_followed_by_the_student(client: PolicingClient, cast: Cast) -> None:
    found = asked(cast.newcomer, wish="My grade in Accounting", wants_explained=True)
    client.force_login(cast.district)
    assert "My grade in Accounting" in text(client.get(address(found)))
    assert messages(post(client, found, "give", how="shown")) == ["It is noted that the record was given."]
    assert messages(post(client, found, "explain", text="97 % is 3.9.")) == [
        "It is noted what was explained."
    ]
    assert messages(post(client, found, "close")) == ["The request is closed."]
    client.force_login(cast.newcomer.user)
    words = text(client.get(address(found)))
    for said in ("It was answered.", "Shown in person", "97 % is 3.9.", cast.district.name):
        assert said in words
    kinds = Event.objects.filter(subject_type="students.inspection", subject_id=found.pk).order_by("pk")
    assert list(kinds.values_list("kind", flat=True)) == [
        "students.inspection_asked", "students.record_given", "students.record_explained",
        "students.inspection_closed",
    ]  # fmt: skip
    assert Mail.objects.filter(kind="students/inspection", to=cast.newcomer.email).count() == 3


def test_what_is_missing_is_told_at_its_field(client: PolicingClient, cast: Cast) -> None:
    found = asked(cast.newcomer)
    client.force_login(cast.consortium)
    for act, said in (
        ("give", "Choose how the record was given"),
        ("explain", "Enter what was explained"),
        ("take_back", "Enter how you know that it was taken back"),
    ):
        response = client.post(address(found), {"chosen": act})
        assert (response.status_code, errors(response)) == (422, [said])


def test_what_does_not_fit_how_it_stands_is_refused(client: PolicingClient, cast: Cast) -> None:
    found = asked(cast.newcomer)
    client.force_login(cast.consortium)
    response = client.post(address(found), {"chosen": "close"})
    assert response.status_code == 409
    assert errors(response) == []
    assert "The record was not given yet. Give it first." in response.content.decode()
    actions.give_record(inspection=found, how="copy", by=cast.district)
    response = client.post(address(found), {"chosen": "give", "give-how": "copy"})
    assert response.status_code == 409
    assert "The record was given already." in response.content.decode()
    assert client.post(address(found), {"chosen": "burn"}).status_code == 404


def test_taken_back_by_the_student(client: PolicingClient, cast: Cast) -> None:
    found = asked(cast.newcomer)
    client.force_login(cast.newcomer.user)
    assert messages(post(client, found, "take_back")) == ["Your request is taken back."]
    found.refresh_from_db()
    assert (found.state, found.closed_by) == ("withdrawn", cast.newcomer.user)
    assert client.post(address(found), {"chosen": "close"}).status_code == 404
    assert client.post(address(found), {"chosen": "take_back"}).status_code == 409


def test_the_student_reads_what_a_parent_asked_and_not_how_they_were_checked(
    client: PolicingClient, cast: Cast
) -> None:
    found = by_letter(cast.newcomer, by=cast.district)
    client.force_login(cast.newcomer.user)
    words = text(client.get(address(found)))
    assert "Rosa Vega" in words
    assert "Driver license" not in words
    assert client.post(address(found), {"chosen": "take_back"}).status_code == 409


def test_a_parents_request_reads_as_one(client: PolicingClient, cast: Cast) -> None:
    """Nothing is promised to the student that only who asked gets; to whom it is over it says so."""
    found = by_letter(cast.newcomer, by=cast.district, wants_explained=True)
    client.force_login(account_of(cast.newcomer))

    def said() -> str:
        words = text(client.get(address(found)))
        assert "Request of a parent or guardian" in words
        assert "You get" not in words
        assert "You can ask again" not in words
        return words

    assert "Your parent or guardian gets what the school keeps by" in said()
    actions.give_record(inspection=found, how="copy", by=cast.district)
    assert "Somebody explains it to your parent or guardian by" in said()
    actions.explain_record(inspection=found, text="What 97 % is.", by=cast.district)
    assert "Nothing is left but to close the request." in said()
    actions.close_inspection(inspection=found, by=cast.district)
    assert "It was answered." in said()


def test_what_is_over_is_looked_at_again_by_staff(client: PolicingClient, cast: Cast) -> None:
    found = asked(cast.newcomer)
    actions.take_back_inspection(inspection=found, by=account_of(cast.newcomer))
    client.force_login(cast.district)
    words = text(client.post(address(found), {"chosen": "close"}))
    assert "This request is over already. Look at the request again." in words
    client.force_login(account_of(cast.newcomer))
    assert "over already. Ask anew." in text(client.post(address(found), {"chosen": "take_back"}))


def test_what_was_explained_stays(cast: Cast) -> None:
    found = asked(cast.newcomer, wants_explained=True)
    actions.explain_record(inspection=found, text="What 97 % is.", by=cast.district)
    with pytest.raises(Refused, match="noted already"):
        actions.explain_record(inspection=found, text="Something else", by=cast.district)


def test_a_parents_request_is_none_of_a_colleges(client: PolicingClient, cast: Cast) -> None:
    """It is about the school's side; the student's own, of the same record, is there to be answered."""
    of_parent, own = by_letter(cast.student, by=cast.district), asked(cast.student)
    client.force_login(cast.registrar)
    assert client.get(address(own)).status_code == 200
    assert client.get(address(of_parent)).status_code == 404
    assert client.post(address(of_parent), {"chosen": "give", "give-how": "copy"}).status_code == 404
    words = text(client.get(reverse("students:inspections")))
    assert "Open: 1" in words
    assert "A parent or guardian" not in words


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
