"""One grade scale: every percent, and who uses it."""

from typing import Any

from django.urls import reverse

from tests.people import Cast
from tests.policing import PolicingClient


def test_every_percent_and_who_uses_it(
    client: PolicingClient, cast: Cast, django_assert_num_queries: Any
) -> None:
    client.force_login(cast.registrar)
    url = reverse("organizations:scale", args=[cast.cbc_scale.public_id])
    with django_assert_num_queries(
        7
    ):  # session, user, seats; the scale, its rows, its years, may they make one
        html = client.get(url).content.decode().replace("\u00a0", " ")
    assert "96 % to 97 %" in html
    assert "95.5 % reads 95 % and is 3.8 A" in html
    assert f"Columbia Basin College, {cast.year}" in html
    assert "Make a new scale from this one" in html
    client.force_login(cast.state)
    assert "Make a new scale" not in client.get(url).content.decode()
