"""/articulations/assurances/countersign/"""

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Event
from articulations import actions, rules
from articulations.models import AssuranceText, Countersignature, TeacherAssurance
from organizations.models import Seat
from sers.lib.refusal import Refused
from tests.people import Cast
from tests.policing import PolicingClient

URL = "/articulations/assurances/countersign/"


@pytest.fixture
def teachers(cast: Cast) -> TeacherAssurance:
    """The teacher has signed too: it waits for the district."""
    text = AssuranceText.objects.latest_of(cast.cbc, cast.year)
    assert text is not None
    return actions.sign_assurances(
        college=cast.cbc, year=cast.year, owed=[(cast.teacher_seat.pk, cast.agreement.pk)],
        typed_name=cast.teacher.name, sha256=text.sha256, network="", by=cast.teacher,
    )[0]  # fmt: skip


@pytest.fixture
def dean(cast: Cast) -> None:
    cast.faculty.seats.update(signs_as=cast.dean)


def typed(
    cast: Cast, *ticked: TeacherAssurance, side: str = "district", name: str = "Dora District"
) -> dict[str, Any]:
    return {f"{side}-assurances": [str(one.public_id) for one in ticked], f"{side}-name": name}


def test_the_district_signs_beside_the_teacher(
    client: PolicingClient, cast: Cast, teachers: TeacherAssurance
) -> None:
    client.force_login(cast.district)
    page = client.get(URL).content.decode()
    assert "1 to sign" in page
    assert "Colin Teacher" not in page  # signed already
    assert "Sign beside teachers" in client.get("/").content.decode()
    response = client.post(URL, typed(cast, teachers, name=cast.district.name))
    assert response.status_code == 302
    given = Countersignature.objects.get(assurance=teachers)
    assert (given.side, given.signed_by, given.signed_as) == (
        "district",
        cast.district,
        "CTE director, Kennewick School District",
    )
    assert "which Tess Teacher signed for agreement" in given.intent
    assert Event.objects.filter(kind="articulations.countersigned", subject_id=teachers.pk).exists()
    page = client.get(URL).content.decode()
    assert "1 assurance is signed." in page
    assert "No assurance waits for this signature." in page


def test_the_college_signs_after_the_district(
    client: PolicingClient, cast: Cast, dean: None, teachers: TeacherAssurance
) -> None:
    client.force_login(cast.faculty)
    page = client.get(URL).content.decode()
    assert "Colin Teacher" in page
    assert "Tess Teacher" not in page  # the district first
    client.post(URL, typed(cast, cast.assurance, side="college", name=cast.faculty.name))
    assert set(cast.assurance.countersignatures.values_list("side", flat=True)) == {"district", "college"}
    client.force_login(cast.consortium)
    assert '<span class="tag done">Signed</span>' in client.get("/articulations/assurances/").content.decode()


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"district-assurances": []}, "Tick at least one assurance"),
        ({"district-assurances": ["x"]}, "Tick assurances of the list"),
        ({"district-name": "Somebody Else"}, "Type your name as it stands in your account"),
    ],
)
def test_what_is_wrong_is_said(
    client: PolicingClient, cast: Cast, teachers: TeacherAssurance, changes: dict[str, Any], error: str
) -> None:
    client.force_login(cast.district)
    response = client.post(URL, typed(cast, teachers, name=cast.district.name) | changes)
    assert response.status_code == 422
    assert error in response.content.decode()
    assert not teachers.countersignatures.exists()


def test_each_row_is_ticked_where_it_stands(
    client: PolicingClient, cast: Cast, teachers: TeacherAssurance
) -> None:
    """One by one or all at once; a form that is refused keeps its ticks."""
    box = re.compile(r'<input type="checkbox" name="district-assurances" value="([^"]+)"[^>]*?( checked)?>')
    row = [(str(teachers.public_id), "")]
    ticked = [(str(teachers.public_id), " checked")]
    client.force_login(cast.district)
    assert box.findall(client.get(URL).content.decode()) == row
    assert box.findall(client.get(f"{URL}?tick=district").content.decode()) == ticked
    assert box.findall(client.get(f"{URL}?tick=college").content.decode()) == row
    refused = client.post(URL, typed(cast, teachers, name="Somebody Else"))
    assert box.findall(refused.content.decode()) == ticked


def test_rules(cast: Cast, teachers: TeacherAssurance, dean: None) -> None:
    def rule(user: Any, side: str, *given: str) -> str:
        refusal = rules.why_not_countersign(user, teachers, side, given)
        return refusal.rule if refusal else ""

    assert rule(cast.district, "district") == ""
    assert rule(cast.district, "district", "district") == "signed_already"
    assert rule(cast.faculty, "college") == "district_first"
    assert rule(cast.faculty, "college", "district") == ""
    assert rule(cast.faculty, "district") == "not_yours"
    assert rule(cast.other_district, "district") == "not_yours"
    assert rule(cast.registrar, "college", "district") == "not_yours"  # signs nothing
    Seat.objects.filter(user=cast.counselor).update(signs_as=cast.principal)
    assert rule(cast.counselor, "district") == ""
    teachers.text.district_signs = False
    assert rule(cast.district, "district") == "not_asked"


def test_all_are_signed_or_none(cast: Cast, teachers: TeacherAssurance) -> None:
    with pytest.raises(Refused):
        actions.countersign(
            assurances=[teachers, cast.other_assurance], side="district", typed_name=cast.district.name,
            network="", by=cast.district,
        )  # fmt: skip
    assert not teachers.countersignatures.exists()


@pytest.mark.parametrize(
    "person", ["student", "teacher", "counselor", "faculty", "registrar", "consortium", "state", "nobody"]
)
def test_who_signs_nothing_may_not(client: PolicingClient, cast: Cast, person: str) -> None:
    user = getattr(cast, person)
    client.force_login(getattr(user, "user", user))
    assert client.get(URL).status_code == 403


def test_queries_do_not_grow(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.district)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(URL).status_code == 200
        return len(captured)

    # session, user, seats, year, assurances
    assert queries() == 5
    text = AssuranceText.objects.latest_of(cast.cbc, cast.year)
    assert text is not None
    for seat, agreement in (
        (cast.teacher_seat, cast.agreement),
        (cast.many_hats.seats.get(role="teacher"), cast.welding_agreement),
    ):
        actions.sign_assurances(
            college=cast.cbc, year=cast.year, owed=[(seat.pk, agreement.pk)],
            typed_name=seat.user.name, sha256=text.sha256, network="", by=seat.user,
        )  # fmt: skip
    assert queries() == 5
