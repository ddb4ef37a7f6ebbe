"""Who is shown whose record: the truth table, what is written, and that no page forgets it."""

import re
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse

from accounts.access import HeldSeat, Role
from accounts.models import User
from students import actions, rules
from students.models import Disclosure, Student
from students.rules import Whose, crosses_agencies, standing_of
from tests import raw
from tests.access_table import OBJECTS, PEOPLE, rows
from tests.people import Cast, make_seat
from tests.policing import PolicingClient
from tests.test_access import address

What, Ground = Disclosure.What, Disclosure.Ground
OWN, OTHER = 1, 2
READER = 7
WHOSE = Whose(student_id=1, user_id=99, district_id=OWN)


def seat(role: Role, works_for: int | None, number: int = 1) -> HeldSeat:
    return HeldSeat(number, role, READER, None, None, None, None, False, "Somewhere", None, works_for)


# --- Rules ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "works_for", "crosses", "ground"),
    [
        (Role.TEACHER, OWN, False, Ground.SCHOOL_OFFICIAL),
        (Role.COUNSELOR, OWN, False, Ground.SCHOOL_OFFICIAL),
        (Role.DISTRICT, OWN, False, Ground.SCHOOL_OFFICIAL),
        (Role.TEACHER, OTHER, True, Ground.ENROLLED),  # a skills center of another district
        (Role.COUNSELOR, OTHER, True, Ground.ENROLLED),
        (Role.DISTRICT, OTHER, True, Ground.ENROLLED),
        (Role.FACULTY, None, True, Ground.ENROLLED),
        (Role.REGISTRAR, None, True, Ground.ENROLLED),
        (Role.CONSORTIUM, None, True, Ground.PROGRAM),
        (Role.STATE, None, True, Ground.AUDIT),
    ],
)
def test_which_seat_crosses_agency_lines(
    role: Role, works_for: int | None, crosses: bool, ground: Ground
) -> None:
    assert crosses_agencies(seat(role, works_for), WHOSE) is crosses
    standing = standing_of(READER, [seat(role, works_for)], WHOSE)
    assert (standing.role, standing.crosses, standing.ground) == (role, crosses, ground)


def test_ones_own_record_crosses_nothing() -> None:
    own = standing_of(99, [seat(Role.STUDENT, None), seat(Role.STATE, None)], WHOSE)
    assert (own.role, own.ground, own.crosses) == (Role.STUDENT, Ground.OWN_RECORD, False)


def test_who_holds_several_seats_reads_from_the_one_that_crosses() -> None:
    both = standing_of(READER, [seat(Role.TEACHER, OWN), seat(Role.REGISTRAR, None, 2)], WHOSE)
    assert (both.role, both.crosses) == (Role.REGISTRAR, True)


@pytest.mark.parametrize(
    ("sers_id", "masked"),
    [("TP6-20-4187-9", "TP•-••-••87-9"), ("TP6-20-418", "TP•-••-418"), ("", "")],
)
def test_an_id_is_masked_but_for_three_digits(sers_id: str, masked: str) -> None:
    assert rules.masked_id(sers_id) == masked


@pytest.mark.parametrize(
    ("name", "enough"),
    [
        ("vega", False),
        ("marisol vega", True),
        ("m vega", False),
        ("", False),
        ("ma ve", True),
        ("!!! ??", False),
    ],
)
def test_beyond_reach_one_looks_for_first_and_last_name(name: str, enough: bool) -> None:
    assert (rules.why_not_beyond(name) is None) is enough


# --- What is written ------------------------------------------------------------------------------------


def written(by: User, student: Student) -> list[Disclosure]:
    return list(Disclosure.objects.filter(reader=by, student=student).order_by("id"))


def test_a_reading_says_who_what_from_where_and_why(cast: Cast) -> None:
    actions.disclose(
        students=[cast.student], what=What.HISTORY, by=cast.state, session="s", reason="Audit 12"
    )
    (one,) = written(cast.state, cast.student)
    assert (one.role, one.ground, one.crosses, one.reason) == ("state", "99.31(a)(3)", True, "Audit 12")
    actions.disclose(students=[cast.student.public_id], what=What.ROSTER, by=cast.teacher)
    (one,) = written(cast.teacher, cast.student)
    assert (one.role, one.place, one.crosses) == ("teacher", "Kamiakin High School", False)
    assert one.seat_id == cast.teacher_seat.pk


def test_a_page_loaded_again_adds_nothing_another_session_does(cast: Cast) -> None:
    for session in ("one", "one", "two"):
        actions.disclose(students=[cast.student], what=What.HISTORY, by=cast.district, session=session)
    rows = written(cast.district, cast.student)
    assert [row.session for row in rows] == [actions.session_mark("one"), actions.session_mark("two")]
    assert "one" not in rows[0].session


def test_a_list_is_written_in_one_statement(cast: Cast, django_assert_num_queries: Any) -> None:
    everyone = [cast.student.public_id, cast.classmate.public_id, cast.below.public_id]
    assert rules.can_search_statewide(cast.district)  # the seats are known
    for shown in (everyone[:1], everyone):
        with django_assert_num_queries(2):
            actions.disclose(students=shown, what=What.SEARCH, by=cast.district)
    assert Disclosure.objects.filter(reader=cast.district).count() == 3
    with django_assert_num_queries(0):
        actions.disclose(students=[], what=What.SEARCH, by=cast.district)


def test_ink(cast: Cast) -> None:
    for attempt in (
        lambda: raw.change(cast.disclosure, reason="another"),
        lambda: raw.delete(cast.disclosure),
    ):
        with raw.breaks(raw.INK):
            attempt()
    with raw.breaks("reading_once_a_session_and_day"):
        raw.copy(cast.disclosure)
    with raw.breaks("what_opens_a_record_has_its_reason"):
        raw.copy(cast.disclosure, opens_until="2030-01-01T00:00:00Z")
    with raw.stands():
        raw.copy(cast.disclosure, what="history")


# --- No page forgets it ---------------------------------------------------------------------------------

#: Pages that name students to staff without being a reading of a record, and why.
NO_READING = {
    "transcripts:conflicts": "names as the college's own sheet has them; whose they are is not decided yet"
}
STAFF = [
    person
    for person in PEOPLE
    if person not in ("anonymous", "student", "classmate", "other_student", "locked_teacher", "nobody")
]


def marks(student: Student) -> set[str]:
    """What tells on a page whose record it is. A name alone may be on anybody's list, or in one's own account menu."""
    return {student.sers_id, str(student.public_id), student.list_name}


@pytest.mark.parametrize("url", sorted({url for url, method in rows() if method == "GET"}))
def test_every_page_that_shows_a_record_says_so(cast: Cast, url: str) -> None:
    """Whose ID, name or address stands on a page has one more line in the log for it, and nobody else has."""
    if url.startswith("accounts:") or url in ("styleguide", "healthz", *NO_READING):
        return
    everyone = [one for one in vars(cast).values() if isinstance(one, Student)]
    for person in STAFF:
        if rows()[url, "GET"][PEOPLE.index(person)] != ".":
            continue
        user: User = getattr(cast, person)
        client = PolicingClient()
        client.force_login(user)
        side = "other_" if person.startswith("other_") else ""
        thing = getattr(cast, side + OBJECTS[url], None) if url in OBJECTS else None
        path = address(url, cast, **({"public_id": thing.public_id} if thing else {}))
        with transaction.atomic():
            before = set(Disclosure.objects.filter(reader=user).values_list("pk", flat=True))
            if url == "students:search":
                client.post(path, {"name": "vega"})
            page = client.get(path)
            html = page.content.decode(errors="ignore")
            new = Disclosure.objects.filter(reader=user).exclude(pk__in=before)
            noted = sorted(new.values_list("student_id", flat=True))
            transaction.set_rollback(True)
        if page["Content-Type"].startswith("text/"):
            shown = sorted(one.pk for one in everyone if any(mark in html for mark in marks(one)))
        else:  # a file of one student, or of nobody: the open catalog, a college's logo and its list of badges
            about = getattr(cast, side + OBJECTS.get(url, ""), None)
            whose = getattr(getattr(about, "claim", about), "student_id", None)
            shown = [whose] if whose is not None else []
        assert noted == shown, f"{url} as {person}"


def test_pages_left_out_are_there() -> None:
    assert set(NO_READING) <= {url for url, _ in rows()}


def test_two_seats_are_one_reader(cast: Cast, client: PolicingClient) -> None:
    """Under the hat of the teacher the reading is the own school's; without a hat it is the college's."""
    make_seat(cast.teacher, Role.REGISTRAR, cast.cbc)
    client.force_login(cast.teacher)
    client.get(reverse("students:student", args=[cast.student.public_id]))
    client.post(reverse("organizations:choose_seat"), {"seat": str(cast.teacher_seat.pk)})
    client.get(reverse("students:history", args=[cast.student.public_id]))
    roles = [(row.what, row.role, row.crosses) for row in written(cast.teacher, cast.student)]
    assert roles == [("profile", "registrar", True), ("history", "teacher", False)]


def test_nothing_in_the_log_opens_a_session(cast: Cast, client: PolicingClient) -> None:
    client.force_login(cast.district)
    client.get(reverse("students:student", args=[cast.student.public_id]))
    (row,) = written(cast.district, cast.student)
    assert re.fullmatch("[0-9a-f]{32}", row.session)
    assert client.session.session_key not in row.session
