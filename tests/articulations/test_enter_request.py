"""What was approved is entered: agreements, seats of the teachers who are named, once."""

from typing import Any

import pytest
from django.urls import reverse

from accounts.models import Event, MailedLink, User
from articulations import actions
from articulations.models import Articulation, ArticulationRequest, HighSchoolCourse
from organizations.models import Seat
from tests import requesting
from tests.people import Cast, make_school
from tests.policing import PolicingClient

NEW = {"first_name_1": "Ada", "last_name_1": "Bell", "email_1": "ada.bell@example.org", "phone_1": ""}


def page(asked: ArticulationRequest) -> str:
    return reverse("articulations:enter_request", args=[asked.public_id])


@pytest.fixture
def asked(cast: Cast) -> ArticulationRequest:
    """Approved, for two schools, with a teacher who is new."""
    second = make_school("Southridge High School", cast.kennewick)
    begun = requesting.answered(
        requesting.begun(school=cast.kamiakin, college=cast.cbc, consortium=cast.columbia_basin, by=cast.teacher),
        by=cast.teacher, title="Payroll", seats=[cast.teacher_seat], teachers=NEW,
        schools={"schools": [str(second.public_id)]},
    )  # fmt: skip
    requesting.handed_in(begun, by=cast.teacher)
    requesting.signed(begun, by=cast.district)
    step = requesting.at_hand(begun)
    actions.pass_screening(
        asked=begun, step=step, codes=["V140100", "V140101"], perkins_confirmed=True, by=cast.consortium
    )
    return requesting.approved(begun, by=cast.faculty)


def fields(cast: Cast, **changes: Any) -> dict[str, Any]:
    first = cast.year.first_year
    return {"first_year": first, "last_year": first + 2, "minimum_percent": "", "signed": "paper", **changes}


def test_it_is_entered_once(client: PolicingClient, cast: Cast, asked: ArticulationRequest) -> None:
    client.force_login(cast.consortium)
    html = client.get(page(asked)).content.decode()
    assert "Ada Bell, ada.bell@example.org" in html
    assert client.post(page(asked), fields(cast)).status_code == 302
    asked = requesting.fresh(asked)
    agreements = list(asked.agreements.all())
    assert (asked.state, len(agreements)) == ("entered", 2)
    for agreement in agreements:
        line = agreement.courses.get()
        assert (line.college_course.code, line.high_school_course.title) == ("ACCT 110", "Payroll")
        assert line.high_school_course.cip == "520301"
        assert line.high_school_course.state_code == "12104"
    changed = Event.objects.filter(kind="articulations.class_changed")
    assert [(one.actor, one.data["changes"][0]["is_now"]) for one in changed] == [
        (cast.consortium, "12104")
    ] * 2
    ada = User.objects.get(email="ada.bell@example.org")
    assert Seat.objects.get(user=ada).school == cast.kamiakin
    assert MailedLink.objects.filter(user=ada, purpose="activate").exists()
    assert asked.seats.filter(user=ada).exists()
    assert not asked.pairs.exists()
    number = Articulation.objects.count()
    response = client.post(page(asked), fields(cast))
    assert response.status_code == 409
    assert f"is agreement entered by {cast.consortium.name}." in response.content.decode()
    assert Articulation.objects.count() == number


def test_all_of_it_stands_or_nothing(client: PolicingClient, cast: Cast, asked: ArticulationRequest) -> None:
    """A teacher whose seat cannot be given leaves no agreement behind."""
    ArticulationRequest.objects.filter(pk=asked.pk).update(school=asked.school)
    client.force_login(cast.consortium)
    response = client.post(page(asked), fields(cast, last_year=cast.year.first_year + 5))
    assert response.status_code in (409, 422)
    assert "reviewed at least every three years" in response.content.decode()
    assert requesting.fresh(asked).state == "approved"
    assert not HighSchoolCourse.objects.filter(title="Payroll").exists()


def test_others_do_not_enter_it(client: PolicingClient, cast: Cast, asked: ArticulationRequest) -> None:
    for user, status in ((cast.faculty, 403), (cast.teacher, 403), (cast.other_consortium, 404)):
        client.force_login(user)
        assert client.post(page(asked), fields(cast)).status_code == status


def test_what_is_not_approved_is_not_entered(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.consortium)
    response = client.get(page(cast.articulation_request))
    assert response.status_code == 409
    assert "is under way" in response.content.decode()


def test_a_code_that_a_district_keeps_is_not_overwritten(
    client: PolicingClient, cast: Cast, asked: ArticulationRequest
) -> None:
    known = HighSchoolCourse.objects.create(school=cast.kamiakin, title="Payroll", state_code="99999")
    client.force_login(cast.consortium)
    assert client.post(page(asked), fields(cast)).status_code == 302
    known.refresh_from_db()
    assert known.state_code == "99999"
