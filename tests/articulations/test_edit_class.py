"""/articulations/classes/<id>/edit/: a change is written down before and after; title and school stay."""

from typing import Any

import pytest
from django.urls import reverse

from accounts.models import Event
from articulations import actions, rules
from articulations.models import ArticulationCourse, CareerCluster, HighSchoolCourse
from sers.lib.refusal import Refused
from tests.people import Cast
from tests.policing import PolicingClient


def page(taught: HighSchoolCourse) -> str:
    return reverse("articulations:edit_class", args=[taught.public_id])


def stands(taught: HighSchoolCourse) -> HighSchoolCourse:
    return HighSchoolCourse.objects.get(pk=taught.pk)


def typed(taught: HighSchoolCourse, **changes: Any) -> dict[str, Any]:
    taught = stands(taught)
    return {**rules.class_facts(taught), "seen": rules.class_seen(taught), **changes}


def test_a_change_says_who_what_was_and_what_is(client: PolicingClient, cast: Cast) -> None:
    cluster = CareerCluster.objects.get()
    client.force_login(cast.district)
    answer = client.post(
        page(cast.accounting),
        typed(
            cast.accounting, local_code=" BUS  201 ", state_code="12104", cip="52.0302", cluster=str(cluster.pk),
            high_school_credits="1,0", competencies="1. Keep a ledger\r\n2) Audit\r\n",
        ),
        follow=True,
    )  # fmt: skip
    html = answer.content.decode()
    assert f"{cast.accounting} is changed." in html
    assert "Keep a ledger" in html
    event = Event.objects.get(kind="articulations.class_changed")
    assert (event.actor, event.subject_id) == (cast.district, cast.accounting.pk)
    assert [(one["name"], one["was"], one["is_now"]) for one in event.data["changes"]] == [
        ("Course ID", "", "BUS 201"),
        ("State course code", "", "12104"),
        ("CIP code", "52.0301", "52.0302"),
        ("Career cluster", "", cluster.name),
        ("High-school credits", "", "1"),
        ("Competencies", "", "Keep a ledger\nAudit"),
    ]


def test_title_and_school_are_locked(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.consortium)
    html = client.get(page(cast.accounting)).content.decode()
    assert html.count("Locked: why?") == 2
    client.post(
        page(cast.accounting), typed(cast.accounting, title="Falconry", school=cast.wahi.pk, local_code="X")
    )
    found = stands(cast.accounting)
    assert (found.title, found.school, found.local_code) == (cast.accounting.title, cast.kamiakin, "X")


def test_who_changed_it_meanwhile_is_not_overwritten(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.consortium)
    sent = typed(cast.accounting, local_code="MINE")
    actions.change_class(taught=cast.accounting, facts={"local_code": "THEIRS"}, by=cast.district)
    answer = client.post(page(cast.accounting), sent)
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "Somebody else has changed this class meanwhile." in html
    assert 'name="local_code" value="MINE"' in html  # what was typed is still there
    assert stands(cast.accounting).local_code == "THEIRS"
    again = typed(cast.accounting, local_code="MINE")
    assert f'name="seen" value="{again["seen"]}"' in html
    assert client.post(page(cast.accounting), again).status_code == 302
    assert stands(cast.accounting).local_code == "MINE"


def test_the_same_again_writes_nothing(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.state)
    answer = client.post(page(cast.accounting), typed(cast.accounting), follow=True)
    assert "Nothing was different. Nothing was saved." in answer.content.decode()
    assert not Event.objects.filter(kind="articulations.class_changed").exists()


def test_a_new_cip_code_is_found_by_search(client: PolicingClient, cast: Cast) -> None:
    actions.change_class(taught=cast.accounting, facts={"cip": "490101"}, by=cast.consortium)
    assert ArticulationCourse.objects.worded("490101").get().high_school_course == cast.accounting
    assert not ArticulationCourse.objects.worded("520301").filter(high_school_course=cast.accounting).exists()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"local_code": "x" * 31}, "Enter at most 30 letters"),
        ({"state_code": "12"}, "Enter the state course code, for example 12104"),
        ({"state_code": "12-104"}, "Enter the state course code, for example 12104"),
        ({"cip": "52"}, "Enter the six digits of the CIP code"),
        ({"cluster": "99999"}, "Choose a career cluster from the list"),
        ({"high_school_credits": "0"}, "Enter high-school credits from 0.25 to 3"),
        ({"high_school_credits": "0.2"}, "Enter high-school credits from 0.25 to 3"),
        ({"high_school_credits": "3.5"}, "Enter high-school credits from 0.25 to 3"),
        ({"high_school_credits": "0.333"}, "Enter high-school credits from 0.25 to 3"),
        ({"high_school_credits": "NaN"}, "Enter high-school credits from 0.25 to 3"),
        ({"high_school_credits": "one"}, "Enter high-school credits from 0.25 to 3"),
        ({"competencies": "x" * 301}, "Shorten each competency to 300 letters"),
    ],
)
def test_what_cannot_be_is_told_at_its_field(
    client: PolicingClient, cast: Cast, changes: dict[str, str], words: str
) -> None:
    client.force_login(cast.district)
    answer = client.post(page(cast.accounting), typed(cast.accounting, **changes))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Event.objects.filter(kind="articulations.class_changed").exists()


def test_who_may_change_it(client: PolicingClient, cast: Cast) -> None:
    for user, status in (
        (cast.district, 302),
        (cast.consortium, 302),
        (cast.state, 302),
        (cast.other_district, 404),
        (cast.other_consortium, 404),
        (cast.teacher, 403),
        (cast.counselor, 403),
        (cast.faculty, 403),
        (cast.registrar, 403),
    ):
        client.force_login(user)
        sent = typed(cast.accounting, local_code=f"C{user.pk}")
        assert client.post(page(cast.accounting), sent).status_code == status
    for user in (cast.other_district, cast.counselor, cast.faculty, cast.nobody):
        with pytest.raises(Refused):
            actions.change_class(taught=cast.accounting, facts={"local_code": "1"}, by=user)
