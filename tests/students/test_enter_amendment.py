"""/students/<student>/amendment/: a request to amend that came by letter."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from sers.lib.refusal import Refused
from students import actions
from students.models import Amendment, Registration, Student
from tests.people import Cast, account_of, make_registration
from tests.policing import PolicingClient
from tests.students.amending import WRONG, commented
from tests.students.inspecting import turns_18
from tests.students.pages import errors, text

#: Queries of the page with one class and with three.
QUERIES = {"student": (12, 12), "district": (13, 13)}


def address(student: Student) -> str:
    return reverse("students:enter_amendment", args=[student.public_id])


def letter(**changes: Any) -> dict[str, Any]:
    return {
        "asker": "guardian", "asker_name": "Rosa Vega", "identity": "Driver license", "item": "profile birth_date",
        **WRONG, **changes,
    }  # fmt: skip


def test_a_parents_letter(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.district)
    words = text(client.post(address(cast.newcomer), letter(), follow=True))
    assert "Rosa Vega" in words
    assert Amendment.objects.of(cast.newcomer).get().entered_by == cast.district


@pytest.mark.parametrize(
    ("changes", "said"),
    [({"asker": ""}, "Choose who asks"), ({"asker_name": ""}, "Enter the name of the parent or guardian"),
     ({"identity": ""}, "Enter how you know who asks"), ({"item": ""}, "Choose what is wrong")],
)  # fmt: skip
def test_what_is_missing_is_told_at_its_field(
    client: PolicingClient, cast: Cast, changes: dict[str, Any], said: str
) -> None:
    client.force_login(cast.consortium)
    assert errors(client.post(address(cast.newcomer), letter(**changes))) == [said]


def offered(client: PolicingClient, student: Student) -> list[str]:
    """What of the record the page offers to write down, beside the empty choice."""
    return [key for key, _name in client.get(address(student)).context["form"].fields["item"].choices if key]


def elsewhere(cast: Cast) -> Registration:
    """The student once more, in a class of the college and the consortium beside."""
    found = make_registration(cast.student, cast.other_section, cast.other_agreement)
    commented(cast.registration, by=cast.teacher)
    return found


def test_each_seat_is_offered_what_it_can_follow(client: PolicingClient, cast: Cast) -> None:
    """No title of a class beyond one's reach stands on the page; colleges learn of no comment."""
    there, here = elsewhere(cast), cast.registration
    fields = [f"profile {name}" for name in Amendment.FIELDS]
    classes = {
        here: [f"class {here.public_id}", f"comment {here.public_id}"],
        there: [f"class {there.public_id}"],
    }
    for who, expected in (
        (cast.registrar, [f"class {here.public_id}"]),
        (cast.other_registrar, classes[there]),
        (cast.consortium, [*fields, *classes[here]]),
        (cast.other_consortium, classes[there]),  # the student is of no district of theirs
        (cast.district, [*fields, *classes[here], *classes[there]]),
        (cast.state, [*fields, *classes[here], *classes[there]]),
    ):
        client.force_login(who)
        assert sorted(offered(client, cast.student)) == sorted(expected)
    client.force_login(account_of(cast.student))
    own = client.get(reverse("students:new_amendment")).context["form"].fields["item"].choices
    assert sorted(key for key, _name in own if key) == sorted([*fields, *classes[here], *classes[there]])


@pytest.mark.parametrize("who", ["registrar", "other_registrar", "consortium", "other_consortium", "district", "state"])  # fmt: skip
def test_who_writes_it_down_follows_it(client: PolicingClient, cast: Cast, who: str) -> None:
    elsewhere(cast)
    client.force_login(getattr(cast, who))
    for item in offered(client, cast.student):
        if not item.startswith("comment"):
            response = client.post(
                address(cast.student), letter(asker="student", asker_name="", item=item), follow=True
            )
            assert (response.status_code, len(response.redirect_chain)) == (200, 1)


def test_what_could_not_be_followed_is_not_written_down(cast: Cast) -> None:
    there = elsewhere(cast)
    asked = {"student": cast.student, "asker": "student", "identity": "Seen", **WRONG}
    for who, about in (
        (cast.registrar, {"item": "profile", "field": "school"}),
        (cast.registrar, {"item": "class", "registration": there}),
        (cast.registrar, {"item": "comment", "registration": cast.registration}),
        (cast.other_consortium, {"item": "class", "registration": cast.registration}),
    ):
        with pytest.raises(Refused, match="district writes it down"):
            actions.ask_to_amend(by=who, **about, **asked)
    assert not Amendment.objects.of(cast.student).open().exists()


def test_a_refusal_of_who_asks_stands_there(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.registrar)
    response = client.post(address(cast.student), letter(item=f"class {cast.registration.public_id}"))
    assert list(response.context["form"].errors) == ["asker"]
    assert errors(response) == [
        "A parent’s request is written down by the district, the consortium or the State."
    ]
    client.force_login(cast.district)
    turns_18(cast.newcomer)
    response = client.post(address(cast.newcomer), letter())
    assert list(response.context["form"].errors) == ["asker"]


def test_what_is_asked_about_is_told_to_staff_in_their_words(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.district)
    client.post(address(cast.newcomer), letter())
    assert errors(client.post(address(cast.newcomer), letter())) == [
        "This is asked about already. Open it in the list of requests."
    ]


@pytest.mark.parametrize("who", ["student", "district"])
def test_three_classes_cost_what_one_costs(client: PolicingClient, cast: Cast, who: str) -> None:
    client.force_login(account_of(cast.student) if who == "student" else cast.district)
    page = reverse("students:new_amendment") if who == "student" else address(cast.student)

    def queries() -> int:
        client.get(page)
        with CaptureQueriesContext(connection) as caught:
            assert client.get(page).status_code == 200
        return len(caught)

    first = queries()
    elsewhere(cast)
    commented(
        make_registration(cast.student, cast.colleague_section, cast.welding_agreement), by=cast.colleague
    )
    assert (first, queries()) == QUERIES[who]


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("district", 200),
        ("registrar", 200),
        ("consortium", 200),
        ("state", 200),
        ("other_district", 404),
        ("teacher", 403),
    ],
)
def test_who_writes_it_down(client: PolicingClient, cast: Cast, who: str, status: int) -> None:
    client.force_login(getattr(cast, who))
    assert client.get(address(cast.student)).status_code == status
