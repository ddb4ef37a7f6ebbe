"""Rules and dates: the way to what a person may set."""

from typing import Any

import pytest
from django.urls import reverse

from organizations.models import College
from tests.people import Cast, make_college
from tests.policing import PolicingClient

URL = reverse("grading:settings")


def test_each_sees_what_they_set(client: PolicingClient, cast: Cast) -> None:
    windows = reverse("grading:windows", args=[cast.columbia_basin.public_id])
    college = reverse("grading:college_year", args=[cast.cbc.public_id])
    other = reverse("grading:college_year", args=[cast.wwcc.public_id])
    for user, there, not_there in (
        (cast.consortium, {windows, college}, {other}), (cast.registrar, {college}, {windows, other}),
        (cast.state, {windows, college, other}, set()), (cast.other_registrar, {other}, {windows, college}),
    ):  # fmt: skip
        client.force_login(user)
        html = client.get(URL).content.decode()
        assert {url for url in there if url in html} == there
        assert {url for url in not_there if url in html} == set()
        assert reverse("organizations:scales") in html


@pytest.mark.parametrize("number", [1, 3])
def test_queries(client: PolicingClient, cast: Cast, number: int, django_assert_num_queries: Any) -> None:
    for at in range(number - 1):
        cast.columbia_basin.colleges.add(make_college(f"College {at}", f"C{at}"))
    client.force_login(cast.consortium)
    assert College.objects.count() == number + 1
    with django_assert_num_queries(6):  # session, user, seats; the year, the consortia, the colleges
        assert client.get(URL).content.decode().count("scale, minimum, transcription") == number
