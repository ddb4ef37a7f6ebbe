"""A credential is put on the State's list, once under its title."""

import pytest
from django.urls import reverse

from accounts.models import Event
from articulations import actions
from articulations.models import CareerCluster, IndustryCredential
from organizations.models import AcademicYear
from sers.lib.refusal import Refused
from tests.people import Cast
from tests.policing import PolicingClient

PAGE = reverse("articulations:new_credential")


def test_it_is_on_the_list(client: PolicingClient, cast: Cast) -> None:
    cluster = CareerCluster.objects.legacy()[0]
    client.force_login(cast.state)
    answer = client.post(
        PAGE,
        {
            "title": " OSHA  10-Hour Construction ",
            "given_by": "OSHA",
            "clusters": [cluster.pk],
            "last_year": str(cast.year.first_year),
        },
    )
    assert answer.headers["Location"] == reverse("articulations:credentials")
    added = IndustryCredential.objects.get(title="OSHA 10-Hour Construction")
    assert (added.given_by, list(added.clusters.all()), added.last_year) == ("OSHA", [cluster], cast.year)
    assert Event.objects.about(added, "articulations.credential_listed").get().actor == cast.state


def test_a_title_stands_once_and_what_is_missing_is_named(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.state)
    answer = client.post(PAGE, {"title": "quickbooks certified user", "given_by": "Intuit"})
    assert answer.status_code == 422
    assert "is on the list already. Open it and change it there" in answer.content.decode()
    html = client.post(PAGE, {"clusters": ["999999"], "last_year": "1900"}).content.decode()
    for words in (
        "Enter the title of the credential",
        "Enter who gives the credential",
        "Choose career clusters from the list",
        "Choose a school year from the list",
    ):
        assert words in html


def test_nobody_but_the_state(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.consortium)
    assert client.post(PAGE, {}).status_code == 403
    with pytest.raises(Refused, match="The State keeps the list"):
        actions.list_credential(title="X", given_by="Y", by=cast.consortium)


def test_a_refused_credential_leaves_no_school_year_behind(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.state)
    ahead = cast.year.first_year + 1
    years = AcademicYear.objects.filter(first_year=ahead)
    assert not years.exists()
    sent = {"title": cast.credential.title, "given_by": "Intuit", "last_year": str(ahead)}
    assert client.post(PAGE, sent).status_code == 422
    assert not years.exists()
    assert client.post(PAGE, {**sent, "title": "Another"}).status_code == 302
    assert IndustryCredential.objects.get(title="Another").last_year == years.get()
