"""/articulations/assurances/"""

import datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.access import Role
from accounts.models import Event, Mail
from articulations import actions
from articulations.models import AssuranceText, TeacherAssurance, owed_in, owed_to
from organizations.models import AcademicYear
from tests.people import Cast, make_agreement, make_high_school_course, make_person, make_section
from tests.policing import PolicingClient

URL = "/articulations/assurances/"
TEXT = "I teach what the college course asks for."


def ask(cast: Cast, **changes: Any) -> AssuranceText:
    """A new version for Columbia Basin College."""
    last = AssuranceText.objects.latest_of(cast.cbc, cast.year)
    assert last is not None
    facts: dict[str, Any] = {
        "college": cast.cbc, "year": cast.year, "text": TEXT, "seen": last.number, "by": cast.registrar,
        "asks_again": False,
    } | changes  # fmt: skip
    return actions.write_assurance_text(**facts)


@pytest.mark.parametrize(
    ("person", "there", "not_there"),
    [
        ("consortium", ["Tess Teacher", "Colin Teacher"], ["Tobias Teacher"]),
        ("district", ["Tess Teacher", "Colin Teacher"], ["Tobias Teacher"]),
        ("counselor", ["Tess Teacher"], ["Tobias Teacher"]),
        ("faculty", ["Tess Teacher"], ["Tobias Teacher"]),
        ("registrar", ["Tess Teacher"], ["Tobias Teacher"]),
        ("other_consortium", ["Tobias Teacher"], ["Tess Teacher"]),
        ("state", ["Tess Teacher", "Tobias Teacher"], []),
    ],
)
def test_everyone_sees_who_owes_within_reach(
    client: PolicingClient, cast: Cast, person: str, there: list[str], not_there: list[str]
) -> None:
    client.force_login(getattr(cast, person))
    page = client.get(URL).content.decode()
    assert [name for name in there if name not in page] == []
    assert [name for name in not_there if name in page] == []
    assert "Fergus Teacher" not in page  # the seat ended
    assert "Lola Teacher" not in page  # not active


def test_a_row_tells_how_it_stands(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.consortium)
    page = client.get(URL).content.decode()
    assert "2 pending, 1 of 3 signed by their teachers." in page  # many_hats shares the colleague's class
    assert '<span class="tag wait">Pending</span>' in page
    assert '<span class="tag progress">Waits for the college</span>' in page
    assert f"{URL}{cast.assurance.public_id}/" in page
    ask(cast, due_on=timezone.localdate() - datetime.timedelta(days=1))
    page = client.get(URL).content.decode()
    assert '<span class="tag stop">Overdue</span>' in page
    assert (
        '<span class="tag progress">Waits for the college</span>' in page
    )  # as the text says that was signed


def test_who_joins_late_owes_one_too(cast: Cast) -> None:
    before = owed_in(cast.year).count()
    course = make_high_school_course(cast.kamiakin, "Payroll")
    make_agreement((course, cast.accounting.articulated.get().college_course), consortium=cast.columbia_basin)
    section = make_section(course)
    assert owed_in(cast.year).count() == before
    newcomer = make_person(Role.TEACHER, cast.kamiakin, "Una")
    section.teachers.add(newcomer.seats.get())
    assert owed_in(cast.year).count() == before + 1
    newcomer.seats.update(ends_on=timezone.localdate() - datetime.timedelta(days=1))
    assert owed_in(cast.year).count() == before  # who left owes nothing


def test_only_a_college_with_a_text_asks(cast: Cast) -> None:
    assert not owed_in(cast.last_year).exists()
    following = AcademicYear.objects.get_or_create(first_year=cast.year.first_year + 1)[0]
    assert not owed_in(following).exists()


def test_a_new_version_may_ask_again(cast: Cast) -> None:
    def pending() -> int:
        return int(owed_to(cast.consortium, cast.year).filter(signed_key__isnull=True).count())

    assert pending() == 2
    ask(cast, text="The same, with a comma.", asks_again=False)
    assert pending() == 2
    ask(cast, text="Another one.", asks_again=True)
    assert pending() == 3
    assert TeacherAssurance.objects.filter(text__college=cast.cbc).count() == 1  # what was signed stays


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"words": "tess"}, ["Tess Teacher"]),
        ({"words": "colin teach"}, ["Colin Teacher"]),
        ({"words": "olin"}, []),
        ({"state": "signed"}, ["Colin Teacher"]),
        ({"state": "college"}, ["Colin Teacher"]),
        ({"state": "district"}, []),
        ({"state": "pending", "words": "t"}, ["Tess Teacher"]),
    ],
)
def test_filters_narrow(client: PolicingClient, cast: Cast, query: dict[str, str], found: list[str]) -> None:
    client.force_login(cast.consortium)
    page = client.get(URL, query).content.decode()
    shown = [name for name in ("Tess Teacher", "Colin Teacher", "Tobias Teacher") if name in page]
    if query != {"state": "pending", "words": "t"}:
        assert shown == found
    assert ("No assurance matches these filters." in page) is (not found)


def test_college_and_school_narrow(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.state)
    page = client.get(URL, {"college": str(cast.wwcc.public_id)}).content.decode()
    assert "Tobias Teacher" in page
    assert "Tess Teacher" not in page
    page = client.get(URL, {"school": str(cast.kamiakin.public_id)}).content.decode()
    assert "Tess Teacher" in page
    assert "Tobias Teacher" not in page


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ({"college": "x"}, "College: choose one from the list"),
        ({"state": "x"}, "State: choose one from the list"),
        ({"words": "w" * 101}, "Search with at most 100 characters"),
    ],
)
def test_what_cannot_be_read_is_said(
    client: PolicingClient, cast: Cast, query: dict[str, str], error: str
) -> None:
    client.force_login(cast.consortium)
    response = client.get(URL, query)
    assert response.status_code == 422
    assert error in response.content.decode()
    assert client.get(f"{URL}file/", query).status_code == 404


def test_ticked_teachers_are_reminded_once_in_seven_days(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.consortium)
    ticked = {"seat": [str(cast.teacher_seat.public_id), str(cast.other_teacher_seat.public_id)]}
    page = client.post(URL, ticked, follow=True).content.decode()
    assert "1 teacher is reminded by mail." in page  # the neighbour’s is not within reach
    mail = Mail.objects.get(kind="articulations/assurances_due")
    assert (mail.to, mail.person) == (cast.teacher.email, cast.teacher)
    assert "Columbia Basin College, agreement" in mail.text
    assert Event.objects.get(kind="articulations.assurance_reminded").actor == cast.consortium
    page = client.post(URL, ticked, follow=True).content.decode()
    assert "Left out: 1 teacher was reminded within the last 7 days" in page
    assert Mail.objects.filter(kind="articulations/assurances_due").count() == 1
    assert "Nobody was ticked." in client.post(URL, follow=True).content.decode()


def test_who_has_signed_is_not_reminded(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.district)
    client.post(URL, {"seat": [str(cast.colleague_seat.public_id), "x"]})
    assert not Mail.objects.filter(kind="articulations/assurances_due").exists()


@pytest.mark.parametrize("person", ["counselor", "faculty", "state"])
def test_others_read_and_do_not_remind(client: PolicingClient, cast: Cast, person: str) -> None:
    client.force_login(getattr(cast, person))
    assert "Send Reminder" not in client.get(URL).content.decode()
    assert client.post(URL, {"seat": [str(cast.teacher_seat.public_id)]}).status_code == 403


def test_the_sweep_reminds_once_a_week_from_two_weeks_before(cast: Cast) -> None:
    today = timezone.localdate()
    assert actions.remind_of_assurances() == 0  # no last day is set
    ask(cast, due_on=today + datetime.timedelta(days=15))
    assert actions.remind_of_assurances() == 0
    ask(cast, due_on=today + datetime.timedelta(days=14))
    assert actions.remind_of_assurances() == 2
    assert actions.remind_of_assurances() == 0
    assert actions.remind_of_assurances(on=today + datetime.timedelta(days=1)) == 0
    Mail.objects.filter(kind="articulations/assurances_due").update(
        created_at=timezone.now() - datetime.timedelta(days=7)
    )
    assert actions.remind_of_assurances(on=today + datetime.timedelta(days=7)) == 2


def test_who_is_not_activated_is_not_reminded(cast: Cast) -> None:
    cast.teacher.activated_at = None
    cast.teacher.save(update_fields=("activated_at",))
    ask(cast, due_on=timezone.localdate())
    assert actions.remind_of_assurances() == 1


def test_a_sheet_holds_the_same_rows(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.consortium)
    response = client.get(f"{URL}file/", {"words": "tess"})
    lines = response.content.decode("utf-8-sig").splitlines()
    assert lines[0] == "Teacher,E-mail,High school,College,Agreement,State,Sign until,Signed"
    assert len(lines) == 2
    assert "Tess Teacher" in lines[1]
    assert "Pending" in lines[1]
    assert "attachment" in response.headers["Content-Disposition"]


def test_an_empty_list_says_why(client: PolicingClient, cast: Cast) -> None:
    cast.section.teachers.clear()
    cast.colleague_section.teachers.clear()
    client.force_login(cast.counselor)
    assert "No assurance is owed this school year." in client.get(URL).content.decode()


@pytest.mark.parametrize("person", ["student", "teacher", "nobody"])
def test_others_may_not(client: PolicingClient, cast: Cast, person: str) -> None:
    user = getattr(cast, person)
    client.force_login(getattr(user, "user", user))
    assert client.get(URL).status_code == 403
    assert client.get(f"{URL}file/").status_code == 403


def test_queries_do_not_grow(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.consortium)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(URL).status_code == 200
        return len(captured)

    # session, user, seats, year, colleges, schools, two counts, count of rows, rows, colleges in charge
    assert queries() == 11
    for _ in range(2):
        cast.section.teachers.add(make_person(Role.TEACHER, cast.kamiakin, "Una").seats.get())
    assert queries() == 11
