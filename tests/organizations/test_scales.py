"""The list of grade scales."""

from typing import Any

import pytest
from django.urls import reverse

from tests.people import CBC_SCALE, Cast, make_scale
from tests.policing import PolicingClient

URL = reverse("organizations:scales")


def test_each_sees_those_of_their_colleges(client: PolicingClient, cast: Cast) -> None:
    make_scale("Everywhere")
    for user, names in (
        (cast.registrar, {"CBC", "Everywhere"}), (cast.consortium, {"CBC", "Everywhere"}),
        (cast.other_registrar, {"Letter", "Everywhere"}), (cast.state, {"CBC", "Letter", "Everywhere"}),
    ):  # fmt: skip
        client.force_login(user)
        html = client.get(URL).content.decode()
        assert {name for name in ("CBC", "Letter", "Everywhere") if f'/">{name}</a>' in html} == names


@pytest.mark.parametrize("number", [1, 3])
def test_queries(client: PolicingClient, cast: Cast, number: int, django_assert_num_queries: Any) -> None:
    for at in range(number - 1):
        make_scale(f"Scale {at}", CBC_SCALE, college=cast.cbc)
    client.force_login(cast.registrar)
    with django_assert_num_queries(6):  # session, user, seats; the colleges, their scales, may they make one
        assert client.get(URL).content.decode().count('<tr role="row">') == number + 1
