"""The pre-flight of a worksheet, its making, and what keeps credit out of it."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from sers.lib.refusal import Refused
from sers.lib.sheets import fingerprint, read_lines
from tests import people
from tests.people import SID, Cast
from transcripts import actions, rules
from transcripts.models import CollegeIdentity, CreditAward, CtcLinkCourse, TermActivation, WorksheetBatch

URL = "/transcripts/worksheets/"


def place(cast: Cast) -> dict[str, Any]:
    return {"college": str(cast.cbc.public_id), "year": cast.year.first_year}


def address(cast: Cast) -> str:
    return f"{URL}?college={cast.cbc.public_id}&year={cast.year.first_year}"


@pytest.fixture
def award(cast: Cast) -> CreditAward:
    """Credit of this year for `classmate`: in no worksheet, and nothing is known of it yet."""
    people.make_run(cast.cbc, cast.year, cast.registrar, cast.classmate_registration)
    return CreditAward.objects.get(student=cast.classmate)


def make_ready(cast: Cast) -> None:
    people.make_identity(cast.classmate, cast.cbc, "201000001")
    TermActivation.objects.create(college=cast.cbc, term="2275", sid="201000001", said_by=cast.registrar)


def obstacles(cast: Cast) -> list[str | None]:
    return [one.obstacle for one in rules.due_for_worksheet(cast.cbc, cast.year)]


def test_each_obstacle_in_turn(cast: Cast, award: CreditAward) -> None:
    CtcLinkCourse.objects.all().delete()
    assert obstacles(cast) == ["no_sid"]
    people.make_identity(cast.classmate, cast.cbc, "201000001")
    assert obstacles(cast) == ["not_activated"]
    TermActivation.objects.create(college=cast.cbc, term="2265", sid="201000001", said_by=cast.registrar)
    assert obstacles(cast) == ["not_activated"]  # another term
    TermActivation.objects.create(college=cast.cbc, term="2275", sid="201000001", said_by=cast.registrar)
    assert obstacles(cast) == ["no_course_id"]
    CtcLinkCourse.objects.create(college_course=cast.acct_201, course_id="012345")
    assert obstacles(cast) == [None]


def test_a_course_that_another_course_stands_for_is_a_duplicate(cast: Cast, award: CreditAward) -> None:
    make_ready(cast)
    CtcLinkCourse.objects.create(college_course=cast.wld_110, course_id="012345")
    people.make_award(
        award.run,
        people.make_registration(
            cast.classmate, cast.colleague_section, cast.welding_agreement, percent="97"
        ),
    )
    assert sorted(obstacles(cast), key=str) == [None, "duplicate"]


def test_a_worksheet_holds_exactly_the_fields_of_other_credits(
    cast: Cast, client: Client, award: CreditAward
) -> None:
    make_ready(cast)
    client.force_login(cast.registrar)
    answer = client.post(address(cast), {"act": "make"})
    batch = WorksheetBatch.objects.get(year=cast.year)
    assert answer["Location"] == reverse("transcripts:worksheet", args=[batch.public_id])
    assert (batch.number, batch.term, batch.size, batch.students) == (2, "2275", 1, 1)
    content = bytes(batch.file.csv)
    assert fingerprint(content) == batch.sha256
    heads, row, notice = read_lines(content)
    assert heads == [
        "ID", "Academic Career", "Academic Institution", "Transcript Level", "Academic Program", "Academic Plan",
        "Articulation Term", "Other Credit", "Short Desc", "Long Desc", "Evaluation Date", "Course ID",
        "Official Grade", "Include in FA WI Stats",
    ]  # fmt: skip
    assert row[:9] == [
        "201000001", "UGRD", "WA190", "Print on Official", "", "", "2275", "CTE Dual Credit", "CTE",
    ]  # fmt: skip
    assert row[11:] == ["012345", "3.9", "Y"]
    assert "99.33" in notice[0]
    # Once: the next one has nothing.
    page = client.post(address(cast), {"act": "make"})
    assert page.status_code == 409
    assert "No credit is ready" in page.content.decode()


def test_rows_of_one_person_stand_together(cast: Cast, award: CreditAward) -> None:
    make_ready(cast)
    CtcLinkCourse.objects.create(college_course=cast.wld_110, course_id="012346")
    welding = people.make_registration(
        cast.classmate, cast.colleague_section, cast.welding_agreement, percent="97"
    )
    people.make_award(award.run, cast_owing(cast))
    people.make_award(award.run, welding)
    due = rules.due_for_worksheet(cast.cbc, cast.year)
    assert [one.sid for one in due] == ["200000009", "201000001", "201000001"]
    assert [one.course_code for one in due][1:] == ["ACCT& 201", "WLD 110"]


def cast_owing(cast: Cast) -> Any:
    people.make_identity(cast.owing, cast.cbc, "200000009")
    return cast.owing_registration


def test_the_page_counts_what_is_ready_and_what_is_not(
    cast: Cast, client: Client, award: CreditAward
) -> None:
    client.force_login(cast.registrar)
    page = client.get(URL, place(cast))
    flight = page.context["flight"]
    assert (flight.ready, flight.total, [one[0] for one in flight.obstacles]) == (0, 1, ["no_sid"])
    assert "Enter or import the college ID" in page.content.decode()
    assert len(client.get(URL, place(cast) | {"obstacle": "no_course_id"}).context["page"]) == 0
    assert len(client.get(URL, place(cast) | {"obstacle": "zz"}).context["page"]) == 1


def test_the_registrar_says_that_all_are_active(cast: Cast, client: Client, award: CreditAward) -> None:
    people.make_identity(cast.classmate, cast.cbc, "201000001")
    client.force_login(cast.registrar)
    assert "all 1 are active in 2275" in client.get(URL, place(cast)).content.decode()
    client.post(address(cast), {"act": "active"})
    assert obstacles(cast) == [None]


def test_a_course_id_is_entered_where_it_is_missing(cast: Cast, client: Client, award: CreditAward) -> None:
    CtcLinkCourse.objects.all().delete()
    client.force_login(cast.registrar)
    assert "Course ID of ACCT&amp; 201" in client.get(URL, place(cast)).content.decode()
    page = client.post(address(cast), {"act": "course", "course": cast.acct_201.pk, "course_id": "x"})
    assert page.status_code == 422
    assert "Enter the six digits" in page.content.decode()
    for other in (cast.ho_110.pk, 10**12):
        assert (
            client.post(address(cast), {"act": "course", "course": other, "course_id": "1"}).status_code
            == 422
        )
    client.post(address(cast), {"act": "course", "course": cast.acct_201.pk, "course_id": "12345"})
    assert cast.acct_201.ctclink.course_id == "012345"


def test_credit_of_last_year_is_in_its_worksheet(cast: Cast, client: Client) -> None:
    client.force_login(cast.registrar)
    page = client.get(URL, place(cast) | {"year": cast.last_year.first_year})
    assert list(page.context["batches"]) == [cast.batch]
    assert "No awarded credit of this year waits for a worksheet." in page.content.decode()


def test_nobody_else_makes_one(cast: Cast, client: Client, award: CreditAward) -> None:
    client.force_login(cast.state)
    assert client.get(URL, place(cast)).status_code == 200
    assert client.post(address(cast), {"act": "make"}).status_code == 403
    client.force_login(cast.other_registrar)
    client.post(address(cast), {"act": "make"})
    assert not WorksheetBatch.objects.filter(college=cast.cbc, year=cast.year).exists()
    client.force_login(cast.consortium)
    assert client.get(URL).status_code == 403
    with pytest.raises(Refused, match="Only the registrar"):
        actions.make_worksheet(college=cast.cbc, year=cast.year, by=cast.state)
    assert SID in {one.sid for one in CollegeIdentity.objects.all()}


def test_one_credit_and_three_cost_the_same_queries(
    cast: Cast, client: Client, award: CreditAward, django_assert_num_queries: Any
) -> None:
    client.force_login(cast.registrar)
    client.get(URL, place(cast))
    with django_assert_num_queries(QUERIES):
        client.get(URL, place(cast))
    for number in range(2):
        student = people.make_student(cast.kamiakin, f"Pat{number}")
        people.make_award(
            award.run, people.make_registration(student, cast.section, cast.agreement, percent="97")
        )
    with django_assert_num_queries(QUERIES):
        assert len(client.get(URL, place(cast)).context["page"]) == 3


QUERIES = 19
