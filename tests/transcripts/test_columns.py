"""How a college wants its worksheets."""

from typing import Any

import pytest
from django.test import Client

from sers.lib.refusal import Refused
from tests.people import Cast
from transcripts import actions, rules
from transcripts.models import WorksheetColumn

URL = "/transcripts/worksheets/columns/"


def typed(cast: Cast, **changed: str) -> dict[str, Any]:
    data = {}
    for column in rules.columns_of(cast.cbc):
        data[f"position-{column.field}"] = str(column.position or "")
        data[f"heading-{column.field}"] = column.heading
        data[f"value-{column.field}"] = column.value
    return data | {name.replace("_of_", "-"): value for name, value in changed.items()}


def test_the_fields_of_the_page_are_the_usual_map(cast: Cast, client: Client) -> None:
    client.force_login(cast.registrar)
    page = client.get(URL)
    assert [row.heading for row in page.context["columns"].rows] == [
        str(field.label) for field in WorksheetColumn.Field
    ]
    assert not WorksheetColumn.objects.filter(college=cast.cbc).exists()


def test_a_college_orders_names_and_leaves_out(cast: Cast, client: Client) -> None:
    client.force_login(cast.registrar)
    answer = client.post(
        URL,
        typed(
            cast, position_of_plan="", position_of_term="1", position_of_sid="7", heading_of_sid="EMPLID",
            value_of_program="CTEDC", value_of_grade="letter",
        ),
    )  # fmt: skip
    assert answer.status_code == 302
    shown = [one for one in rules.columns_of(cast.cbc) if one.position]
    assert [one.field for one in shown][:2] == ["term", "career"]
    assert {one.field for one in shown} == set(WorksheetColumn.Field) - {"plan", "posting"}
    by_field = {one.field: one for one in shown}
    assert (by_field["sid"].heading, by_field["program"].value, by_field["grade"].value) == (
        "EMPLID", "CTEDC", "letter",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"position_of_sid": ""}, "ID: no worksheet can do without it"),
        ({"position_of_sid": "x"}, "ID: enter a place from 1 to 99"),
        ({"position_of_plan": "1"}, "place 1 is ID already"),
        ({"value_of_grade": "stars"}, "write points (3.9) or letter (A)"),
    ],
)
def test_what_is_wrong_is_said(cast: Cast, client: Client, changed: dict[str, str], words: str) -> None:
    client.force_login(cast.registrar)
    page = client.post(URL, typed(cast, **changed))
    assert page.status_code == 422
    assert words in page.content.decode()
    assert not WorksheetColumn.objects.filter(college=cast.cbc).exists()


def test_nobody_else_sets_them(cast: Cast, client: Client) -> None:
    for user in (cast.state, cast.consortium):
        client.force_login(user)
        assert client.get(URL).status_code == 403
    with pytest.raises(Refused, match="Only the registrar"):
        actions.save_columns(college=cast.cbc, columns=[], by=cast.other_registrar)
