"""/organizations/codes/: the State enters the codes of a district and its schools."""

from typing import Any

import pytest
from django.urls import reverse

from accounts.models import Event
from organizations import actions, rules
from organizations.models import HighSchool, SchoolDistrict
from sers.lib.refusal import Refused
from tests.people import Cast, make_school
from tests.policing import PolicingClient
from tests.students.pages import errors

PAGE = reverse("organizations:codes")


def page(district: SchoolDistrict) -> str:
    return f"{PAGE}?district={district.public_id}"


def seen(district: SchoolDistrict) -> str:
    found = SchoolDistrict.objects.get(pk=district.pk)
    return rules.codes_seen(found, list(HighSchool.objects.of_district(found)))


def typed(district: SchoolDistrict, code: str, **schools: str) -> dict[str, Any]:
    named = {one.name.split()[0].lower(): one for one in HighSchool.objects.of_district(district)}
    fields = {f"school_{named[name].public_id}": given for name, given in schools.items()}
    return {"code": code, **fields, "seen": seen(district)}


def at_fields(answer: Any) -> dict[str, list[str]]:
    return {name: list(found) for name, found in answer.context["form"].errors.items()}


def test_a_district_is_chosen_and_its_codes_entered(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.state)
    html = client.get(PAGE).content.decode()
    assert "Kennewick School District (no code)" in html
    html = client.get(page(cast.kennewick)).content.decode()
    assert "Kamiakin High School" in html
    answer = client.post(page(cast.kennewick), typed(cast.kennewick, " 03 017", kamiakin="2531"), follow=True)
    assert "The codes are saved." in answer.content.decode()
    found = HighSchool.objects.select_related("district").get(pk=cast.kamiakin.pk)
    assert (found.ospi_code, found.district.ospi_code) == ("2531", "03017")
    events = Event.objects.filter(kind="organizations.code_set")
    assert {(one.subject_type, one.data["was"], one.data["is_now"]) for one in events} == {
        ("organizations.schooldistrict", "", "03017"),
        ("organizations.highschool", "", "2531"),
    }
    again = client.post(page(cast.kennewick), typed(cast.kennewick, "03017", kamiakin="2531"), follow=True)
    assert "Nothing was different. Nothing was saved." in again.content.decode()
    assert events.all().count() == 2


@pytest.mark.parametrize(
    ("code", "school", "words"),
    [
        ("3017", "", "Enter the five digits of the code, for example 03017"),
        ("0301A", "", "Enter the five digits of the code"),
        ("", "25", "Enter the four digits of the code, for example 2531"),
        ("", "２５３１", "Enter the four digits of the code"),
    ],
)
def test_what_is_no_code_is_told(
    client: PolicingClient, cast: Cast, code: str, school: str, words: str
) -> None:
    client.force_login(cast.state)
    answer = client.post(page(cast.kennewick), typed(cast.kennewick, code, kamiakin=school))
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_a_code_names_one(client: PolicingClient, cast: Cast) -> None:
    cast.walla_walla_schools.ospi_code = "36140"
    cast.walla_walla_schools.save()
    make_school("Southridge High School", cast.kennewick)
    client.force_login(cast.state)
    answer = client.post(page(cast.kennewick), typed(cast.kennewick, "36140"))
    assert answer.status_code == 422
    assert at_fields(answer) == {"code": ["Walla Walla Public Schools has 36140. Correct one of the two"]}
    answer = client.post(page(cast.kennewick), typed(cast.kennewick, "", kamiakin="2531", southridge="2531"))
    assert answer.status_code == 422
    later = HighSchool.objects.get(name="Southridge High School")
    said = "Kamiakin High School and Southridge High School would have the same code. Correct one of the two"
    assert at_fields(answer) == {f"school_{later.public_id}": [said]}
    assert errors(answer) == [said]
    assert not HighSchool.objects.exclude(ospi_code="").exists()


def test_two_schools_change_places(client: PolicingClient, cast: Cast) -> None:
    second = make_school("Southridge High School", cast.kennewick)
    client.force_login(cast.state)
    client.post(page(cast.kennewick), typed(cast.kennewick, "", kamiakin="2531", southridge="2532"))
    client.post(page(cast.kennewick), typed(cast.kennewick, "", kamiakin="2532", southridge="2531"))
    assert HighSchool.objects.get(pk=second.pk).ospi_code == "2531"


def test_who_changed_them_meanwhile_is_not_overwritten(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.state)
    sent = typed(cast.kennewick, "03017")
    actions.set_codes(
        district=cast.kennewick, code="03018", schools={}, seen=seen(cast.kennewick), by=cast.state
    )
    answer = client.post(page(cast.kennewick), sent)
    assert answer.status_code == 409
    html = answer.content.decode()
    assert "Somebody else has changed these codes meanwhile." in html
    assert 'value="03017"' in html
    assert client.post(page(cast.kennewick), {**sent, "seen": seen(cast.kennewick)}).status_code == 302


def test_only_the_state(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.district)
    assert client.get(page(cast.kennewick)).status_code == 403
    for user in (cast.district, cast.consortium, cast.nobody):
        with pytest.raises(Refused):
            actions.set_codes(
                district=cast.kennewick, code="03017", schools={}, seen=seen(cast.kennewick), by=user
            )


def test_what_is_no_district_is_told(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.state)
    assert client.get(PAGE, {"district": "nowhere"}).status_code == 422
