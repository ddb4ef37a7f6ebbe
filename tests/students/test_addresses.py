"""The list of changed e-mails that wait for a second person."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import EmailChange
from tests.people import Cast, make_address_change
from tests.policing import PolicingClient
from tests.students.pages import text

ADDRESS = reverse("students:addresses")


@pytest.mark.parametrize(
    ("person", "own", "others"),
    [
        ("counselor", True, False), ("other_counselor", False, True), ("district", True, False),
        ("other_district", False, True), ("consortium", True, False), ("other_consortium", False, True),
        ("state", True, True),
    ],
)  # fmt: skip
def test_each_sees_those_within_reach(
    cast: Cast, client: PolicingClient, person: str, own: bool, others: bool
) -> None:
    client.force_login(getattr(cast, person))
    page = text(client.get(ADDRESS))
    assert (cast.newcomer.list_name in page, cast.other_student.list_name in page) == (own, others)
    # The new address is nobody's business in a list.
    assert cast.address_change.new_address not in page


@pytest.mark.parametrize("person", ["teacher", "registrar", "faculty", "nobody"])
def test_others_have_no_such_list(cast: Cast, client: PolicingClient, person: str) -> None:
    client.force_login(getattr(cast, person))
    assert client.get(ADDRESS).status_code == 403


def test_who_changed_it_only_views_it(cast: Cast, client: PolicingClient) -> None:
    client.force_login(cast.counselor)
    assert "View Ngozi" in text(client.get(ADDRESS))
    client.force_login(cast.district)
    assert "Decide Ngozi" in text(client.get(ADDRESS))


def test_what_holds_nothing_any_more_is_not_listed(cast: Cast, client: PolicingClient) -> None:
    EmailChange.objects.exclude(hold_until=None).update(hold_until=timezone.now() - timedelta(minutes=1))
    client.force_login(cast.state)
    assert "No changed e-mail waits for a second person." in text(client.get(ADDRESS))


def test_queries(cast: Cast, client: PolicingClient, django_assert_num_queries: Any) -> None:
    client.force_login(cast.district)
    with django_assert_num_queries(6):
        client.get(ADDRESS)
    for one in (cast.student, cast.classmate):
        make_address_change(one, by=cast.counselor)
    with django_assert_num_queries(6):
        client.get(ADDRESS)
