"""An agreement is prepared for signature: between whom, then what it says."""

from typing import Any

from django.urls import reverse

from articulations.models import AgreementText, PartnerPlan
from tests.people import Cast
from tests.policing import PolicingClient

PAGE = reverse("articulations:new_agreement")


def where(cast: Cast) -> str:
    return f"{PAGE}?college={cast.columbia_basin.public_id}.{cast.cbc.public_id}&school={cast.kamiakin.public_id}"


def typed(cast: Cast, **changes: Any) -> dict[str, Any]:
    first = cast.year.first_year
    return {
        "class_1": "Shop 1", "class_2": "Shop  2", "cip_1": "48.0501", "code_1": "mt 101", "title_1": "Milling",
        "credits_1": "5", "first_year": first, "last_year": first + 2, "minimum_percent": "80",
        "conditions": "The industry exam is passed.", "save": "save", **changes,
    }  # fmt: skip


def test_it_is_written_and_not_in_force(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.consortium)
    assert "First between which college" in client.get(PAGE).content.decode()
    assert "Second class" in client.get(where(cast)).content.decode()
    answer = client.post(where(cast), typed(cast))
    text = AgreementText.objects.get(title="Shop 1 and Shop 2")
    assert answer.url == reverse("articulations:agreement", args=[text.public_id])
    assert (text.state, text.kind, text.version, text.issue) == ("draft", "new", 1, 1)
    assert text.content["courses"] == [{"code": "MT 101", "title": "Milling", "credits": "5"}]
    assert text.content["classes"][0] == {"title": "Shop 1", "cip": "480501", "cluster": 0}
    assert text.content["minimum_percent"] == "80"
    assert text.content["partners"] == ["CTE director", "Dean"]
    assert [one.name for one in text.signers.order_by("position")] == ["CTE director", "Dean"]
    html = client.get(answer.url).content.decode()
    assert "The industry exam is passed." in html
    assert "Send out for signature" in html


def test_what_is_no_agreement_is_told(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.consortium)
    first = cast.year.first_year
    for changes, words in (
        ({"class_1": ""}, "Enter the name of the class"),
        ({"class_2": "SHOP 1"}, "A class is named twice."),
        ({"code_1": "", "title_1": "", "credits_1": ""}, "Choose a college course, or type one"),
        ({"last_year": first + 3}, "An agreement is reviewed at least every three years."),
        ({"first_year": first + 1, "last_year": first}, "The agreement ends before it begins."),
        ({"cip_1": "12"}, "Enter the six digits of the CIP code"),
        ({"minimum_percent": "101"}, "Enter a percent from 0 to 100"),
    ):
        answer = client.post(where(cast), typed(cast, **changes))
        assert answer.status_code == 422, changes
        assert words in answer.content.decode(), changes
    assert AgreementText.objects.filter(prepared_by=cast.consortium).count() == 1  # the cast's


def test_without_partners_nothing_is_prepared(client: PolicingClient, cast: Cast) -> None:
    plan = PartnerPlan.objects.get(consortium=cast.columbia_basin)
    plan.partners.all().delete()
    client.force_login(cast.consortium)
    answer = client.post(where(cast), typed(cast))
    assert answer.status_code == 409
    assert "Name the partners first." in answer.content.decode()


def test_only_the_consortium_prepares(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.other_consortium)
    assert client.post(where(cast), typed(cast)).status_code == 422  # its college is not among theirs
    client.force_login(cast.faculty)
    assert client.post(where(cast), typed(cast)).status_code == 403
