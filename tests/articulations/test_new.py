"""/articulations/new/"""

import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.access import Role
from accounts.models import Event
from articulations.models import Articulation, CareerCluster, CollegeCourse
from organizations.models import HighSchool
from tests.people import Cast, make_college_course, make_school, make_seat
from tests.policing import PolicingClient

URL = "/articulations/new/"


def address(cast: Cast, school: HighSchool | None = None) -> str:
    """The second step, for Columbia Basin College."""
    where = f"{cast.columbia_basin.public_id}.{cast.cbc.public_id}"
    return f"{URL}?college={where}&school={(school or cast.kamiakin).public_id}"


def typed(cast: Cast, **changes: Any) -> dict[str, Any]:
    first = cast.year.first_year
    return {
        "title": "Marketing 1+2",
        "cip": "52.1801",
        "cluster": "",
        "course_1": str(cast.acct_201.public_id),
        "first_year": first,
        "last_year": first + 2,
        "minimum_percent": "",
        **changes,
    }


def last(cast: Cast) -> Articulation:
    return Articulation.objects.latest("pk")


def test_it_works_step_by_step(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.consortium)
    page = client.get(URL).content.decode()
    assert "Choose a college" in page
    assert "Walla Walla Community College" not in page
    page = client.get(address(cast)).content.decode()
    assert "ACCT&amp; 201 Principles of Accounting I, 5 credits" in page
    assert "The college’s is 85 %." in page

    before = Articulation.objects.count()
    checked = client.post(address(cast), typed(cast))
    assert checked.status_code == 200
    page = checked.content.decode()
    assert "Check the agreement" in page
    assert "Marketing 1+2" in page
    assert "<dd>52.1801</dd>" in page
    assert 'type="hidden" name="title" value="Marketing 1+2"' in page
    assert Articulation.objects.count() == before

    response = client.post(address(cast), typed(cast, save="save"))
    entered = last(cast)
    assert response.url == f"/articulations/{entered.public_id}/"
    assert entered.consortium == cast.columbia_basin
    assert entered.college == cast.cbc
    assert entered.entered_by == cast.consortium
    first = cast.year.first_year
    assert entered.valid_from == datetime.date(first, 7, 1)
    assert entered.valid_until == datetime.date(first + 3, 6, 30)
    assert entered.minimum_percent is None
    line = entered.courses.get()
    assert (line.high_school_course.title, line.high_school_course.cip) == ("Marketing 1+2", "521801")
    assert (line.college_course, line.credits) == (cast.acct_201, Decimal(5))
    assert Event.objects.get(kind="articulations.entered").actor == cast.consortium
    assert f"Agreement {entered.number} is saved." in client.get(response.url).content.decode()


def test_what_was_typed_can_be_changed_after_the_check(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.consortium)
    page = client.post(address(cast), typed(cast, change="change")).content.decode()
    assert "Enter an agreement" in page
    assert 'name="title" value="Marketing 1+2"' in page
    assert "There is a problem" not in page


def test_courses_can_be_typed_and_join_the_catalog(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.consortium)
    data = typed(
        cast,
        course_1="", code_1=" mkt  101 ", title_1="Sales", credits_1="2.5",
        code_2="acct& 201", credits_2="4",
        minimum_percent="90 %",
        save="save",
    )  # fmt: skip
    assert client.post(address(cast), data).status_code == 302
    lines = {line.college_course.code: line.credits for line in last(cast).courses.all()}
    assert lines == {"MKT 101": Decimal("2.5"), "ACCT& 201": Decimal(4)}
    added = CollegeCourse.objects.get(code="MKT 101")
    assert (added.college, added.title, added.credits) == (cast.cbc, "Sales", Decimal("2.5"))
    assert last(cast).minimum_percent == Decimal(90)
    assert Event.objects.filter(kind="articulations.course_added").count() == 1


def test_a_class_the_school_teaches_is_found_again(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.consortium)
    course = make_college_course(cast.cbc, "ACCT& 202")
    cast.agreement.courses.all().delete()  # one agreement of a class and college at a time
    data = typed(cast, title="  accounting   1 ", course_1=str(course.public_id), save="save")
    assert client.post(address(cast), data).status_code == 302
    assert last(cast).courses.get().high_school_course == cast.accounting


def test_a_school_elsewhere_may_be_articulated_with(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.consortium)
    assert client.post(address(cast, cast.wahi), typed(cast, save="save")).status_code == 302
    assert last(cast).courses.get().high_school_course.school == cast.wahi


def test_an_agreement_that_stands_is_not_entered_twice(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.consortium)
    before = Articulation.objects.count()
    response = client.post(address(cast), typed(cast, title="Accounting 1", save="save"))
    assert response.status_code == 409
    page = response.content.decode()
    assert "Another agreement covers this class and this college course in some of these days." in page
    assert 'name="title" value="Accounting 1"' in page
    assert Articulation.objects.count() == before


LONG = "x" * 200_000


@pytest.mark.parametrize(
    ("changes", "field", "error"),
    [
        ({"title": " "}, "id_title", "Enter the name of the class"),
        ({"title": LONG}, "id_title", "Enter a class name of at most 120 characters"),
        ({"cip": "5218"}, "id_cip", "Enter the six digits of the CIP code, for example 52.0301"),
        ({"cip": "52180a"}, "id_cip", "Enter the six digits of the CIP code, for example 52.0301"),
        ({"cluster": "0"}, "id_cluster", "Choose a career cluster from the list"),
        ({"course_1": ""}, "id_course_1", "Choose a college course, or type one"),
        ({"course_1": "ACCT"}, "id_course_1", "Choose a college course from the list"),
        ({"code_1": "MKT 1"}, "id_course_1", "Choose a course from the list or type one, not both"),
        ({"course_1": "", "code_1": "MKT 1"}, "id_title_1", "Enter the title of MKT 1"),
        ({"course_1": "", "code_1": "MKT 1", "title_1": "A"}, "id_credits_1", "Enter the credits of MKT 1"),
        (
            {"course_1": "", "title_1": "Sales"},
            "id_code_1",
            "Enter the course number, for example ACCT&amp; 201",
        ),
        ({"credits_1": "0"}, "id_credits_1", "Enter credits from 0.5 to 25"),
        ({"credits_1": "25.5"}, "id_credits_1", "Enter credits from 0.5 to 25"),
        ({"credits_1": "NaN"}, "id_credits_1", "Enter credits from 0.5 to 25"),
        ({"credits_1": "1e9"}, "id_credits_1", "Enter credits from 0.5 to 25"),
        ({"code_2": "acct& 201"}, "id_course_2", "This course is named above already. Choose another one"),
        ({"code_3": LONG}, "id_code_3", "Enter a course number of at most 20 characters"),
        ({"first_year": ""}, "id_first_year", "Choose the first school year"),
        ({"first_year": "1999"}, "id_first_year", "Choose the first school year from the list"),
        ({"last_year": "²"}, "id_last_year", "Choose the last school year from the list"),
        ({"minimum_percent": "197"}, "id_minimum_percent", "Enter a percent from 0 to 100"),
        ({"minimum_percent": "B+"}, "id_minimum_percent", "Enter a percent from 0 to 100"),
    ],
)
def test_what_is_wrong_is_said_and_kept(
    client: PolicingClient, cast: Cast, changes: dict[str, str], field: str, error: str
) -> None:
    client.force_login(cast.consortium)
    before = Articulation.objects.count()
    response = client.post(address(cast), typed(cast, **changes, save="save"))
    assert response.status_code == 422
    page = response.content.decode()
    assert f'<a href="#{field}">{error}</a>' in page
    assert "Error: Enter an agreement" in page
    if "cip" not in changes:
        assert 'value="52.1801"' in page
    assert Articulation.objects.count() == before


def test_years_are_three_at_the_most_and_in_order(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.consortium)
    first = cast.year.first_year
    for changes, error in (
        ({"last_year": first + 3}, "An agreement is reviewed at least every three years."),
        ({"first_year": first + 1, "last_year": first}, "The last school year comes before the first."),
    ):
        page = client.post(address(cast), typed(cast, **changes)).content.decode()
        assert error in page
    assert client.post(address(cast), typed(cast, last_year=first)).status_code == 200
    assert (
        client.post(address(cast), typed(cast, first_year=first + 1, last_year=first + 3)).status_code == 200
    )


def test_the_first_step_says_what_is_missing(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.consortium)
    for query in (
        f"{URL}?college=&school={cast.kamiakin.public_id}",
        f"{URL}?college=x.y&school={cast.kamiakin.public_id}",
        # the neighbour's college, and the neighbour's consortium
        f"{URL}?college={cast.columbia_basin.public_id}.{cast.wwcc.public_id}&school={cast.kamiakin.public_id}",
        f"{URL}?college={cast.walla_walla.public_id}.{cast.wwcc.public_id}&school={cast.kamiakin.public_id}",
    ):
        response = client.get(query)
        assert response.status_code == 422, query
        assert "Choose a college of your consortium" in response.content.decode()
        assert client.post(query, typed(cast, save="save")).status_code == 422
    assert "Choose a high school" in client.get(address(cast).split("&")[0] + "&school=").content.decode()
    assert client.post(URL).status_code == 422


def test_who_works_for_two_consortia_says_for_which(client: PolicingClient, cast: Cast) -> None:
    make_seat(cast.consortium, Role.CONSORTIUM, cast.walla_walla)
    client.force_login(cast.consortium)
    page = client.get(URL).content.decode()
    assert '<optgroup label="Columbia Basin CTE Dual Credit">' in page
    assert '<optgroup label="Walla Walla CTE Dual Credit">' in page
    where = f"{cast.walla_walla.public_id}.{cast.wwcc.public_id}"
    url = f"{URL}?college={where}&school={cast.wahi.public_id}"
    data = typed(cast, course_1=str(cast.ho_110.public_id), save="save")
    assert client.post(url, data).status_code == 302
    assert last(cast).consortium == cast.walla_walla


def test_the_cluster_is_kept(client: PolicingClient, cast: Cast) -> None:
    cluster = CareerCluster.objects.create(
        framework=CareerCluster.Framework.LEGACY, number=14, name="Marketing"
    )
    client.force_login(cast.consortium)
    assert "Marketing" in client.post(address(cast), typed(cast, cluster=cluster.pk)).content.decode()
    client.post(address(cast), typed(cast, cluster=cluster.pk, save="save"))
    assert last(cast).courses.get().high_school_course.cluster == cluster


@pytest.mark.parametrize("person", ["teacher", "faculty", "registrar", "state", "nobody"])
def test_others_may_not(client: PolicingClient, cast: Cast, person: str) -> None:
    client.force_login(getattr(cast, person))
    assert client.get(URL).status_code == 403
    assert client.post(address(cast), typed(cast, save="save")).status_code == 403


def test_a_stranger_signs_in_first(client: PolicingClient, cast: Cast) -> None:
    assert client.get(URL).url == f"/accounts/sign-in/?next={URL}"
    assert client.delete(URL).status_code in (302, 405)


def test_queries_do_not_grow(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.consortium)

    def queries(url: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url).status_code == 200
        return len(captured)

    # session, user, seats, consortia, their colleges, schools near and far
    assert queries(URL) == 7
    # the college and the school, the year, minimums, the catalog and what ended of it, clusters
    assert queries(address(cast)) == 14
    for number in range(2):
        make_school(f"School {number}", cast.kennewick)
        make_college_course(cast.cbc, f"C {number}")
    assert queries(URL) == 7
    assert queries(address(cast)) == 14
