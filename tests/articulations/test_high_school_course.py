"""/articulations/classes/<id>/: what a class is, by which codes the State's data system knows it, what it earns."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articulations import actions
from articulations.models import HighSchoolCourse
from tests.people import Cast, make_agreement, make_college_course
from tests.policing import PolicingClient


def page(taught: HighSchoolCourse) -> str:
    return reverse("articulations:high_school_course", args=[taught.public_id])


def told(client: PolicingClient, taught: HighSchoolCourse) -> str:
    response = client.get(page(taught))
    assert response.status_code == 200
    return response.content.decode()


def test_it_tells_everything(client: PolicingClient, cast: Cast) -> None:
    facts = {
        "local_code": "BUS201", "state_code": "12104", "high_school_credits": "0.5",
        "competencies": "Keep a ledger\nRead a balance sheet",
    }  # fmt: skip
    actions.change_class(taught=cast.accounting, facts=facts, by=cast.district)
    cast.kamiakin.ospi_code, cast.kennewick.ospi_code = "2531", "03017"
    cast.kamiakin.save()
    cast.kennewick.save()
    for user in (cast.teacher, cast.counselor, cast.district, cast.faculty, cast.registrar, cast.consortium, cast.state):  # fmt: skip
        client.force_login(user)
        html = told(client, cast.accounting)
        for words in (
            "BUS201", "12104", "<dd>0.5</dd>", "<dd>52.0301</dd>", "2531", "03017", "<li>Read a balance sheet</li>",
            "ACCT&amp; 201", str(cast.agreement), "Kennewick School District", "State course code",
        ):  # fmt: skip
            assert words in html, words
        keeps = user in (cast.district, cast.consortium, cast.state)
        assert ("Change the class" in html) is keeps
        assert ("keep them." in html) is not keeps


def test_what_is_not_known_is_said(client: PolicingClient, cast: Cast) -> None:
    HighSchoolCourse.objects.filter(pk=cast.health.pk).update(cip="")
    client.force_login(cast.other_district)
    html = told(client, cast.health)
    assert html.count("Not known") == 5  # both codes of the class, its credits, school and district
    assert "None listed." in html
    assert "Nothing yet." in html


def test_an_agreement_that_ended_earns_nothing_more(client: PolicingClient, cast: Cast) -> None:
    taught = HighSchoolCourse.objects.create(school=cast.kamiakin, title="Falconry")
    client.force_login(cast.teacher)
    assert "No agreement is in force or to come." in told(client, taught)


@pytest.mark.parametrize("agreements", [1, 3])
def test_queries_do_not_grow_with_agreements(client: PolicingClient, cast: Cast, agreements: int) -> None:
    for number in range(agreements - 1):
        course = make_college_course(cast.cbc, f"ACCT 10{number}")
        make_agreement((cast.accounting, course), consortium=cast.columbia_basin)
    for _ in range(agreements):
        credits = HighSchoolCourse.objects.get(pk=cast.accounting.pk).high_school_credits or 0
        actions.change_class(
            taught=cast.accounting,
            facts={"high_school_credits": str(credits + Decimal("0.5"))},
            by=cast.district,
        )
    client.force_login(cast.teacher)
    client.get("/")
    with CaptureQueriesContext(connection) as queries:
        told(client, cast.accounting)
    assert len(queries) == 7


def test_it_is_reached_where_staff_meet_the_class(client: PolicingClient, cast: Cast) -> None:
    ways = (
        reverse("articulations:sections"),
        reverse("articulations:articulation", args=[cast.agreement.public_id]),
        reverse("articulations:school", args=[cast.kamiakin.public_id]),
    )
    for way in ways:
        client.force_login(cast.counselor)
        assert f'href="{page(cast.accounting)}"' in client.get(way).content.decode(), way
    for stranger in (cast.other_counselor, cast.student.user):
        client.force_login(stranger)
        for way in ways[1:]:
            assert page(cast.accounting) not in client.get(way).content.decode()
    client.logout()
    for way in ways[1:]:
        assert page(cast.accounting) not in client.get(way).content.decode()


def test_others_do_not_find_it(client: PolicingClient, cast: Cast) -> None:
    for user, status in (
        (cast.other_teacher, 404),
        (cast.other_district, 404),
        (cast.other_faculty, 404),
        (cast.other_consortium, 404),
        (cast.student.user, 403),
        (cast.nobody, 403),
    ):
        client.force_login(user)
        assert client.get(page(cast.accounting)).status_code == status


def test_a_college_reads_the_classes_of_its_agreements_only(client: PolicingClient, cast: Cast) -> None:
    make_agreement((cast.health, cast.acct_201), consortium=cast.columbia_basin)
    client.force_login(cast.faculty)
    assert "Change the class" not in told(client, cast.health)  # across the border: read, not kept
    client.force_login(cast.consortium)
    assert "Change the class" not in told(client, cast.health)
