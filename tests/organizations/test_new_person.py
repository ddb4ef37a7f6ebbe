"""/organizations/people/new/: New account."""

from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Event, Mail, User
from organizations.models import Seat
from tests.people import Cast
from tests.policing import PolicingClient
from tests.students.pages import errors, messages, text, title

URL = "/organizations/people/new/"


def typed(cast: Cast, **changes: Any) -> dict[str, Any]:
    today = timezone.localdate()
    return {
        "first_name": "Nadia", "last_name": "Núñez", "email": "nadia@example.org", "role": "teacher",
        "place": f"school.{cast.kamiakin.public_id}", "reason": "New this year",
        "starts_on_month": str(today.month), "starts_on_day": str(today.day), "starts_on_year": str(today.year),
    } | changes  # fmt: skip


@pytest.fixture
def district(client: PolicingClient, cast: Cast) -> PolicingClient:
    client.force_login(cast.district)
    return client


def test_it_works(district: PolicingClient, cast: Cast) -> None:
    response = district.post(URL, typed(cast), follow=True)
    user = User.objects.get(email="nadia@example.org")
    assert response.redirect_chain == [(f"/organizations/people/{user.public_id}/", 302)]
    assert messages(response) == [
        "Nadia Núñez has an account: Teacher, Kamiakin High School. A mail to nadia@example.org says so."
    ]
    seat = user.seats.get()
    assert (seat.school, seat.granted_by, seat.ends_on) == (cast.kamiakin, cast.district, None)
    assert Event.objects.get(kind="organizations.account_created").data == {"reason": "New this year"}
    assert Mail.objects.filter(person=user).count() == 1


def test_only_what_one_may_give_is_offered(client: PolicingClient, cast: Cast) -> None:
    offered = {}
    for who in ("district", "consortium", "state"):
        client.force_login(getattr(cast, who))
        form = client.get(URL).context["form"]
        offered[who] = (
            [key for key, _ in form.fields["role"].choices if key],
            [label for label, _ in form.places.choices],
            "signs_as" in form.fields,
        )
    assert offered["district"] == (["counselor", "teacher"], ["Schools of Kennewick School District"], False)
    assert offered["consortium"] == (
        ["registrar", "faculty", "district", "counselor", "teacher"],
        ["Colleges", "School districts", "Schools of Kennewick School District"],
        True,
    )
    assert offered["state"][0][0] == "state"
    assert offered["state"][1][0] == "Consortia"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"first_name": ""}, "Enter the first name"),
        ({"email": ""}, "Enter the e-mail"),
        ({"email": "nadia at school"}, "Enter an e-mail like name@example.org"),
        ({"role": ""}, "Choose a role"),
        ({"role": "district"}, "Choose a role from the list: others are given above you"),
        ({"role": "student"}, "Choose a role from the list: others are given above you"),
        ({"place": ""}, "Choose a place"),
        ({"place": "school.00000000-0000-4000-8000-000000000000"}, "Choose a place from the list"),
        ({"reason": ""}, "Enter the reason"),
        ({"starts_on_year": "2001"}, "The first day lies before this school year began"),
        (
            {"ends_on_month": "2", "ends_on_day": "30", "ends_on_year": "2027"},
            "February 30 is not a date in 2027",
        ),
        (
            {"ends_on_month": "1", "ends_on_day": "1", "ends_on_year": "2020"},
            "The last day comes before the first day.",
        ),
    ],
    ids=str,
)
def test_what_is_wrong_is_said_at_its_field(
    district: PolicingClient, cast: Cast, changes: dict[str, str], words: str
) -> None:
    response = district.post(URL, typed(cast, **changes))
    assert response.status_code == 422
    assert any(line.startswith(words) for line in errors(response)), errors(response)
    assert title(response) == "Error: New account - SERS"
    if "email" not in changes:
        assert 'value="nadia@example.org"' in response.content.decode()  # what was typed stays
    assert not User.objects.filter(email="nadia@example.org").exists()


def test_a_place_of_the_neighbour_is_not_in_the_list(district: PolicingClient, cast: Cast) -> None:
    response = district.post(URL, typed(cast, place=f"school.{cast.wahi.public_id}"))
    assert errors(response) == ["Choose a place from the list"]


def test_a_title_is_given_with_its_role(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.consortium)
    seat = {"role": "counselor", "signs_as": str(cast.principal.pk)}
    response = client.post(URL, typed(cast, signs_as=str(cast.dean.pk)))
    assert errors(response) == [
        "Dean is a title of people who sit as College Faculty. Choose another title, or another role."
    ]
    client.post(URL, typed(cast, **seat))
    assert Seat.objects.get(user__email="nadia@example.org").signs_as == cast.principal


def test_who_has_the_address_already_is_offered_a_further_seat(district: PolicingClient, cast: Cast) -> None:
    asked = typed(cast, email="TESS@example.org", role="counselor")
    response = district.post(URL, asked)
    assert response.status_code == 422
    assert errors(response) == [
        "Tess Teacher has this address already. Say so, or enter the person’s own address"
    ]
    words = text(response)
    assert "Tess Teacher, tess@example.org: Teacher, Kamiakin High School. Give a further seat." in words
    assert "it is another person" not in words
    response = district.post(URL, asked | {"who": str(cast.teacher.public_id)}, follow=True)
    assert messages(response) == [
        "Tess Teacher has a further seat: Counselor, Kamiakin High School. A mail to tess@example.org says so."
    ]
    assert {seat.role for seat in cast.teacher.seats.all()} == {"teacher", "counselor"}


def test_a_name_that_is_known_is_asked_about(district: PolicingClient, cast: Cast) -> None:
    asked = typed(cast, first_name="téss", last_name="Teacher", role="counselor")
    response = district.post(URL, asked)
    assert errors(response) == ["Somebody of this name is in SERS already. Say who it is"]
    assert "Nobody of these: it is another person. Create an account." in text(response)
    assert district.post(URL, asked | {"who": "somebody-made-up"}).status_code == 422
    district.post(URL, asked | {"who": "new"})
    assert User.objects.get(email="nadia@example.org").seats.get().role == "counselor"


def test_the_known_person_is_taken_whatever_address_was_typed(district: PolicingClient, cast: Cast) -> None:
    asked = typed(cast, first_name="Tess", last_name="Teacher", role="counselor")
    district.post(URL, asked | {"who": str(cast.teacher.public_id)})
    assert cast.teacher.seats.count() == 2
    assert not User.objects.filter(email="nadia@example.org").exists()


def test_nobody_out_of_reach_is_told_of(district: PolicingClient, cast: Cast) -> None:
    """Neither by address nor by name: the screen answers as it does for somebody nobody knows."""
    response = district.post(URL, typed(cast, first_name="Tobias", last_name="Teacher"), follow=True)
    assert "has an account" in messages(response)[0]
    response = district.post(URL, typed(cast, email="tobias@example.org"), follow=True)
    assert "has a further seat" in messages(response)[0]  # given, mailed, and from now on within reach
    assert cast.other_teacher.seats.count() == 2


def test_the_same_seat_twice_is_refused(district: PolicingClient, cast: Cast) -> None:
    asked = typed(cast, email="tess@example.org", who=str(cast.teacher.public_id))
    response = district.post(URL, asked)
    assert response.status_code == 409
    assert errors(response)[0].startswith("Tess Teacher holds this seat already")


def test_one_s_own_address_is_refused(district: PolicingClient, cast: Cast) -> None:
    asked = typed(cast, email=cast.district.email, who=str(cast.district.public_id))
    response = district.post(URL, asked)
    assert response.status_code == 409
    assert "Nobody gives, changes or ends a seat of their own." in errors(response)[0]


def test_strangers_and_others(client: PolicingClient, cast: Cast) -> None:
    assert client.get(URL).status_code == 302
    for who in ("teacher", "counselor", "registrar", "faculty", "nobody"):
        client.force_login(getattr(cast, who))
        assert client.get(URL).status_code == 403
        assert client.post(URL, typed(cast)).status_code == 403
    assert not User.objects.filter(email="nadia@example.org").exists()
