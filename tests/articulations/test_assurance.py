"""/articulations/assurances/college/<public_id>/"""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actions import record_sign_in
from accounts.models import Event
from articulations import actions
from articulations.models import AssuranceText, TeacherAssurance
from tests.people import Cast, make_agreement, make_high_school_course, make_section
from tests.policing import PolicingClient


def address(cast: Cast) -> str:
    return f"/articulations/assurances/college/{cast.cbc.public_id}/"


def text_of(cast: Cast) -> AssuranceText:
    text = AssuranceText.objects.latest_of(cast.cbc, cast.year)
    assert text is not None
    return text


def typed(cast: Cast, **changes: Any) -> dict[str, Any]:
    return {
        "agreements": [f"{cast.teacher_seat.public_id}.{cast.agreement.number}"],
        "name": " tess  TEACHER ",
        "sha256": text_of(cast).sha256,
        **changes,
    }


def own(cast: Cast) -> Any:
    return TeacherAssurance.objects.filter(seat=cast.teacher_seat)


def test_it_is_read_and_signed(client: PolicingClient, cast: Cast) -> None:
    record_sign_in(user=cast.teacher, by_what=["password", "app"])
    client.force_login(cast.teacher)
    page = client.get(address(cast)).content.decode()
    text = text_of(cast)
    assert text.text in page
    assert text.sha256 in page
    assert f"Accounting 1, agreement {cast.agreement.number}" in page
    response = client.post(address(cast), typed(cast))
    assert response.status_code == 302
    given = own(cast).get()
    assert (given.articulation, given.year, given.text, given.signed_sha256) == (
        cast.agreement,
        cast.year,
        text,
        text.sha256,
    )
    assert given.signed_name == "tess TEACHER"
    assert given.signed_as == "Teacher, Kamiakin High School"
    assert given.signed_by == cast.teacher
    assert given.network == "127.0.0.1"
    assert given.signed_in_by == "password and authenticator app"
    assert f"version 1, and give it for agreement {cast.agreement}" in given.intent
    assert given.is_of_this_text
    assert Event.objects.filter(kind="articulations.assured", subject_id=given.pk).get().actor == cast.teacher
    assert "Signed for 1 agreement with Columbia Basin College." in client.get(response.url).content.decode()
    page = client.get(address(cast)).content.decode()
    assert "You have signed it for all your agreements" in page


def test_several_agreements_are_signed_at_once_or_some_of_them(client: PolicingClient, cast: Cast) -> None:
    course = make_high_school_course(cast.kamiakin, "Payroll")
    second = make_agreement(
        (course, cast.accounting.articulated.get().college_course), consortium=cast.columbia_basin
    )
    make_section(course, cast.teacher_seat)
    client.force_login(cast.teacher)
    client.post(address(cast), typed(cast))
    assert [one.articulation for one in own(cast)] == [cast.agreement]
    assert "Payroll, agreement" in client.get(address(cast)).content.decode()
    client.post(address(cast), typed(cast, agreements=[f"{cast.teacher_seat.public_id}.{second.number}"]))
    assert {one.articulation for one in own(cast)} == {cast.agreement, second}


def test_sent_twice_it_is_signed_once(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.teacher)
    client.post(address(cast), typed(cast))
    page = client.post(address(cast), typed(cast), follow=True).content.decode()
    assert "You have signed this assurance already." in page
    assert own(cast).count() == 1


def test_a_text_that_changed_meanwhile_is_read_again(client: PolicingClient, cast: Cast) -> None:
    sent = typed(cast)
    actions.write_assurance_text(
        college=cast.cbc, year=cast.year, text="Another text.", seen=1, by=cast.registrar
    )
    client.force_login(cast.teacher)
    response = client.post(address(cast), sent)
    assert response.status_code == 409
    page = response.content.decode()
    assert "Columbia Basin College has changed the text since you opened it." in page
    assert "Another text." in page
    assert not own(cast).exists()


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"agreements": []}, "Tick at least one agreement"),
        ({"agreements": ["x"]}, "Tick agreements of the list"),
        ({"name": ""}, "Type your name to sign"),
        ({"name": "Somebody Else"}, "Type your name as it stands in your account: Tess Teacher"),
        ({"name": "n" * 200}, "Enter at most 120 letters"),
    ],
)
def test_what_is_wrong_is_said(
    client: PolicingClient, cast: Cast, changes: dict[str, Any], error: str
) -> None:
    client.force_login(cast.teacher)
    response = client.post(address(cast), typed(cast, **changes))
    assert response.status_code == 422
    page = response.content.decode()
    assert f">{error}</a>" in page
    assert "Error: Assurance" in page
    assert not own(cast).exists()


def test_nobody_signs_for_another_teacher(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.teacher)
    foreign = f"{cast.colleague_seat.public_id}.{cast.welding_agreement.number}"
    assert client.post(address(cast), typed(cast, agreements=[foreign])).status_code == 422
    client.force_login(cast.other_teacher)
    assert client.get(address(cast)).status_code == 404
    assert client.post(address(cast), typed(cast)).status_code == 404


@pytest.mark.parametrize("person", ["student", "counselor", "registrar", "consortium", "state", "nobody"])
def test_others_may_not(client: PolicingClient, cast: Cast, person: str) -> None:
    user = getattr(cast, person)
    client.force_login(getattr(user, "user", user))
    assert client.get(address(cast)).status_code == 403


def test_queries_do_not_grow(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.teacher)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address(cast)).status_code == 200
        return len(captured)

    # session, user, seats, year, college, text, rows, classes
    assert queries() == 8
    for number in range(2):
        course = make_high_school_course(cast.kamiakin, f"Payroll {number}")
        make_agreement(
            (course, cast.accounting.articulated.get().college_course), consortium=cast.columbia_basin
        )
        make_section(course, cast.teacher_seat)
    assert queries() == 8
