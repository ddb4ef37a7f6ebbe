"""The list of requests to open grading again."""

from typing import Any

import pytest
from django.urls import reverse

from grading import actions
from grading.models import WindowExtension
from tests.people import Cast
from tests.policing import PolicingClient

URL = reverse("grading:extensions")


def listed(client: PolicingClient, user: Any, query: str = "") -> str:
    client.force_login(user)
    return str(client.get(URL + query).content.decode())


def test_what_waits_and_what_is_decided(client: PolicingClient, cast: Cast) -> None:
    mine = reverse("grading:extension", args=[cast.extension.public_id])
    for user in (cast.teacher, cast.consortium, cast.state):
        assert mine in listed(client, user)
    assert mine not in listed(client, cast.other_consortium)
    assert "No request is decided yet." in listed(client, cast.consortium, "?show=decided")
    actions.decline_extension(extension=cast.extension, reason="Too late.", by=cast.consortium)
    assert "No teacher waits for an answer." in listed(client, cast.consortium)
    assert "Nothing is asked for." in listed(client, cast.teacher)
    assert "Declined" in listed(client, cast.teacher, "?show=decided")


@pytest.mark.parametrize("number", [1, 3])
def test_queries(client: PolicingClient, cast: Cast, number: int, django_assert_num_queries: Any) -> None:
    for section in (cast.section, cast.colleague_section)[: number - 1]:
        WindowExtension.objects.create(
            section=section, consortium=cast.columbia_basin, asked_by=cast.teacher, reason="Ill."
        )
    client.force_login(cast.consortium)
    # session, user, seats; how many, the page
    with django_assert_num_queries(5):
        assert client.get(URL).content.decode().count('<tr role="row">') == number + 1
