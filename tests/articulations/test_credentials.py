"""The State's list of industry credentials."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articulations.models import IndustryCredential
from tests.people import Cast, make_credential, make_year
from tests.policing import PolicingClient

PAGE = reverse("articulations:credentials")


def test_the_state_alone(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.state)
    assert "QuickBooks Certified User" in client.get(PAGE).content.decode()
    client.force_login(cast.consortium)
    assert client.get(PAGE).status_code == 403


def test_found_by_word_cluster_and_whether_it_is_recorded(client: PolicingClient, cast: Cast) -> None:
    ended = make_credential("Typing Certificate", "Nobody Any More")
    ended.last_year = make_year(cast.year.first_year - 1)
    ended.save()
    business = cast.credential.clusters.create(framework="legacy16", number=14, name="Marketing")
    other = cast.credential.clusters.create(framework="legacy16", number=8, name="Health Sciences")
    cast.credential.clusters.set([business])
    client.force_login(cast.state)
    for asked, found, missing in (
        ({}, "QuickBooks", "Typing Certificate"),
        ({"show": "ended"}, "Typing Certificate", "QuickBooks"),
        ({"show": "all"}, "Typing Certificate", "No credential matches"),
        ({"words": "intu"}, "QuickBooks", "First Aid"),
        ({"cluster": str(business.pk)}, "QuickBooks", "No credential matches"),
        ({"cluster": str(business.pk)}, "First Aid", "No credential matches"),  # of no cluster in particular
        ({"cluster": str(other.pk)}, "First Aid", "QuickBooks"),
        ({"words": "nothing like it"}, "No credential matches these filters.", "QuickBooks"),
    ):
        html = client.get(PAGE, asked).content.decode()
        assert found in html, asked
        assert missing not in html, asked
    assert client.get(PAGE, {"show": "some"}).status_code == 422


@pytest.mark.parametrize("number", [2, 4])
def test_as_many_queries_for_one_as_for_three(client: PolicingClient, cast: Cast, number: int) -> None:
    for one in range(number - 2):
        make_credential(f"Credential {one}", "Somebody", cast.welding)
    client.force_login(cast.state)
    with CaptureQueriesContext(connection) as queries:
        html = client.get(PAGE).content.decode()
    assert f"{number} credentials" in html
    assert len(queries) == 7


@pytest.mark.django_db
def test_the_database_keeps_a_title_once() -> None:
    make_credential("OSHA 10-Hour Construction")
    with pytest.raises(IntegrityError), transaction.atomic():
        make_credential("osha 10-hour construction")


@pytest.mark.django_db
def test_words_are_found_by_their_index() -> None:
    """The list is short today; a search of it never reads it whole all the same."""
    found = IndustryCredential.objects.worded("osha constr")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    assert "credential_words" in found.explain()
