"""Which industry credentials a class prepares for: said by its district and its consortium."""

import pytest
from django.urls import reverse

from accounts.models import Event
from articulations import actions
from articulations.models import HighSchoolCourse
from articulations.rules import keeps_class
from articulations.rules.credentials import offered_to, preparation_mark
from sers.lib.refusal import Refused
from tests.people import Cast, make_credential, make_year
from tests.policing import PolicingClient


def page_of(course: HighSchoolCourse) -> str:
    return reverse("articulations:class_credentials", args=[course.public_id])


def test_district_and_consortium_say_it(client: PolicingClient, cast: Cast) -> None:
    for user, chosen in ((cast.district, cast.first_aid), (cast.consortium, cast.credential)):
        client.force_login(user)
        seen = preparation_mark(cast.accounting.prepares_for.all())
        answer = client.post(
            page_of(cast.accounting), {"credentials": [str(chosen.public_id)], "seen": seen}, follow=True
        )
        assert f"<li>{chosen}, {chosen.given_by}</li>" in answer.content.decode()
        assert list(cast.accounting.prepares_for.all()) == [chosen]
    told = Event.objects.about(cast.accounting, "articulations.preparation_said")
    assert told[0].data["changes"] == [
        {"name": "Prepares for", "was": cast.first_aid.title, "is_now": cast.credential.title}
    ]
    assert told.count() == 2
    history = client.get(reverse("articulations:high_school_course", args=[cast.accounting.public_id]))
    assert history.content.decode().count("Prepares for") == 2


@pytest.mark.parametrize(
    ("person", "may"),
    [
        ("teacher", False), ("counselor", False), ("district", True), ("other_district", False), ("faculty", False),
        ("registrar", False), ("consortium", True), ("other_consortium", False), ("state", True),
    ],
)  # fmt: skip
def test_who_may(cast: Cast, person: str, may: bool) -> None:
    user = getattr(cast, person)
    assert keeps_class(user, cast.accounting) is may
    if not may:
        with pytest.raises(Refused, match="say what it prepares for"):
            actions.say_preparation(course=cast.accounting, credentials=[], by=user)


def test_a_neighbour_finds_nothing(client: PolicingClient, cast: Cast) -> None:
    for user in (cast.other_district, cast.other_consortium):
        client.force_login(user)
        assert client.get(page_of(cast.accounting)).status_code == 404


def test_of_two_at_once_the_second_is_told(client: PolicingClient, cast: Cast) -> None:
    seen = preparation_mark(cast.accounting.prepares_for.all())
    actions.say_preparation(course=cast.accounting, credentials=[], by=cast.district)
    client.force_login(cast.consortium)
    sent = {"credentials": [str(cast.first_aid.public_id)], "seen": seen}
    answer = client.post(page_of(cast.accounting), sent)
    assert answer.status_code == 409
    assert "meanwhile" in answer.content.decode()
    assert list(cast.accounting.prepares_for.all()) == []


def test_nothing_different_writes_nothing(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.consortium)
    seen = preparation_mark([cast.credential])
    sent = {"credentials": [str(cast.credential.public_id)], "seen": seen}
    assert (
        "Nothing was different." in client.post(page_of(cast.accounting), sent, follow=True).content.decode()
    )
    assert not Event.objects.about(cast.accounting, "articulations.preparation_said").exists()
    sent["credentials"] = ["no such"]
    assert client.post(page_of(cast.accounting), sent).status_code == 422


def test_those_of_its_cluster_first_and_ended_ones_only_where_chosen(cast: Cast) -> None:
    cluster = cast.credential.clusters.create(framework="legacy16", number=6, name="Finance")
    HighSchoolCourse.objects.filter(pk=cast.welding.pk).update(cluster=cluster)
    cast.welding.refresh_from_db()
    ended = make_credential("Abacus Certificate")
    ended.last_year = make_year(cast.year.first_year - 1)
    ended.save()
    first = cast.year.first_year
    assert offered_to(cast.welding, first) == [cast.credential, cast.first_aid]
    ended.classes.add(cast.welding)
    assert offered_to(cast.welding, first) == [cast.credential, ended, cast.first_aid]
