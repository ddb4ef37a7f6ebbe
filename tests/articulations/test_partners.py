"""Who signs the agreements of a consortium or of one college, how often they are reviewed, in which words."""

from typing import Any

import pytest
from django.urls import reverse

from articulations import rules
from articulations.models import AgreementWording
from tests import agreeing
from tests.people import Cast
from tests.policing import PolicingClient


def page(cast: Cast, query: str = "") -> str:
    return reverse("articulations:partners", args=[cast.columbia_basin.public_id]) + query


def typed(cast: Cast, *titles: str, **changes: Any) -> dict[str, Any]:
    keys = {
        "director": f"title-{cast.cte_director.pk}", "dean": f"title-{cast.dean.pk}",
        "principal": f"title-{cast.principal.pk}",
    }  # fmt: skip
    chosen = {f"partner_{number}": keys[name] for number, name in enumerate(titles, 1)}
    return {"about": "partners", **chosen, "review_years": "3", **changes}


def test_a_college_names_its_own(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.consortium)
    own = f"?college={cast.cbc.public_id}"
    answer = client.post(
        page(cast, own),
        typed(
            cast, "dean", "principal", name_1="Ana Ruiz", title_1="Superintendent", email_1="ana@example.org",
            review_years="2",
        ),
    )  # fmt: skip
    assert answer.status_code == 302
    plan = rules.plan_in_use(cast.columbia_basin, cast.cbc, cast.year)
    assert plan is not None
    assert plan.review_years == 2
    assert [str(one) for one in rules.partners_of(plan)] == ["Dean", "Principal", "Ana Ruiz, Superintendent"]
    html = client.get(page(cast, own)).content.decode()
    assert 'value="Ana Ruiz"' in html
    assert [
        str(one) for one in rules.partners_of(rules.plan_in_use(cast.columbia_basin, None, cast.year))
    ] == [
        "CTE director",
        "Dean",
    ]
    assert [one.name for one in cast.agreement_text.signers.order_by("position")] == ["CTE director", "Dean"]


@pytest.mark.parametrize(
    ("titles", "changes", "words"),
    [
        (("dean",), {}, "Nobody signs for the school’s side"),
        (("director",), {}, "Nobody signs for the college"),
        (("director", "dean", "dean"), {}, "A title is named twice"),
        (("director", "dean"), {"name_1": "Ana"}, "Enter the e-mail address too"),
        (("director", "dean"), {"email_1": "ana"}, "Enter the e-mail address, like name@example.org"),
        (("director", "dean"), {"review_years": "4"}, "Choose one, two or three years"),
    ],
)
def test_a_plan_that_is_none_is_told(
    client: PolicingClient, cast: Cast, titles: tuple[str, ...], changes: dict[str, str], words: str
) -> None:
    client.force_login(cast.consortium)
    answer = client.post(page(cast), typed(cast, *titles, **changes))
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_words_are_kept_version_by_version(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.consortium)
    for words in ("The partners agree.", "The partners agree.", "The partners agree anew."):
        assert client.post(page(cast), {"about": "wording", "text": words}).status_code == 302
    assert [one.number for one in AgreementWording.objects.order_by("number")] == [1, 2]
    assert client.post(page(cast), {"about": "wording", "text": ""}).status_code == 422
    text = agreeing.prepared(
        cast.columbia_basin, cast.cbc, cast.kamiakin,
        agreeing.terms(cast.year.first_year, classes=("Payroll",)), by=cast.consortium,
    )  # fmt: skip
    assert text.content["wording"] == "The partners agree anew."
    assert cast.agreement_text.content["wording"] == rules.USUAL_WORDING


def test_others_set_none(client: PolicingClient, cast: Cast) -> None:
    for user, status in ((cast.other_consortium, 404), (cast.district, 403), (cast.state, 403)):
        client.force_login(user)
        assert client.post(page(cast), typed(cast, "director", "dean")).status_code == status
