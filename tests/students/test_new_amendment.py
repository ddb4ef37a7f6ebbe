"""/students/amendments/new/: a student asks to have something in their record put right."""

from django.urls import reverse

from students.models import Amendment
from tests.people import Cast
from tests.policing import PolicingClient
from tests.students.amending import WRONG, asked
from tests.students.pages import errors, messages, text

ADDRESS = reverse("students:new_amendment")


def test_a_grade_that_was_written_down_wrong(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.classmate.user)
    words = text(client.get(ADDRESS))
    assert "This is not the way to a better grade." in words
    item = f"grade {cast.classmate_registration.public_id}"
    response = client.post(ADDRESS, {"item": item, **WRONG}, follow=True)
    assert messages(response) == ["Your request is sent."]
    found = Amendment.objects.of(cast.classmate).get()
    assert (found.item, found.registration, found.side) == ("grade", cast.classmate_registration, "school")
    assert "The school district looks at it and answers." in text(response)


def test_a_field_of_the_profile(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.newcomer.user)
    client.post(ADDRESS, {"item": "profile birth_date", **WRONG})
    assert Amendment.objects.of(cast.newcomer).get().about == "Profile: birth date"


def test_what_is_missing_is_told_at_its_field(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.newcomer.user)
    response = client.post(ADDRESS, {})
    assert (response.status_code, errors(response)) == (
        422, ["Choose what is wrong", "Enter what is wrong with it", "Enter what it should say"],
    )  # fmt: skip
    other = f"grade {cast.classmate_registration.public_id}"
    assert errors(client.post(ADDRESS, {"item": other, **WRONG})) == ["Choose what is wrong"]
    asked(cast.newcomer)
    again = client.post(ADDRESS, {"item": "profile birth_date", **WRONG})
    assert errors(again) == ["You asked about this already. Open it in the list of requests."]


def test_it_is_for_students(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.district)
    assert client.get(ADDRESS).status_code == 403
