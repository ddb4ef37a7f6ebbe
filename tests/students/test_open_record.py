"""A record beyond one's reach: confirmed by the birth date, open for thirty minutes, to read."""

import datetime
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from students.models import Disclosure, Student
from students.rules import disclosing
from tests.people import Cast, make_student
from tests.policing import PolicingClient
from tests.students.pages import errors, messages, text

SEARCH = reverse("students:search")
REASON = "She stands at our office and has no ID"


def address(student: Student) -> str:
    return reverse("students:open_record", args=[student.public_id])


def profile(student: Student) -> str:
    return reverse("students:student", args=[student.public_id])


def search(client: PolicingClient, name: str = "otto weiss", **changes: str) -> Any:
    return client.post(
        SEARCH,
        {"search": "1", "name": name, "statewide": "on", "ground": "99.30", "reason": REASON} | changes,
        follow=True,
    )


def confirm(client: PolicingClient, student: Student, born: datetime.date | None = None) -> Any:
    born = born or student.birth_date
    return client.post(
        address(student),
        {
            "birth_date_month": str(born.month),
            "birth_date_day": str(born.day),
            "birth_date_year": str(born.year),
        },
    )


@pytest.fixture
def counselor(cast: Cast, client: PolicingClient) -> PolicingClient:
    client.force_login(cast.counselor)
    return client


def test_the_birth_date_opens_the_record_to_read(cast: Cast, counselor: PolicingClient) -> None:
    student = cast.other_student
    assert counselor.get(profile(student)).status_code == 404
    search(counselor)
    page = text(counselor.get(address(student)))
    assert "Confirm Weiss, Otto" in page
    assert REASON in page
    assert student.sers_id not in page
    response = confirm(counselor, student)
    assert response.headers["Location"] == profile(student)
    opened = counselor.get(profile(student))
    assert "The record is open to you until" in messages(opened)[0]
    assert student.sers_id in text(opened)
    assert opened.context["form"].open == frozenset()
    assert counselor.post(profile(student), {"phone": "509 555 0100"}).status_code == 403
    history = counselor.get(reverse("students:history", args=[student.public_id]))
    assert "Medical Terminology" in text(history)
    rows = Disclosure.objects.filter(reader=cast.counselor, student=student).order_by("id")
    assert [(row.what, row.crosses, row.refused) for row in rows] == [
        ("search", True, False),
        ("opened", True, False),
        ("profile", True, False),
        ("history", True, False),
    ]
    assert rows[1].reason == REASON
    assert rows[1].ground == "99.30"


def test_it_closes_after_thirty_minutes(
    cast: Cast, counselor: PolicingClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    search(counselor)
    confirm(counselor, cast.other_student)
    now = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: now() + datetime.timedelta(minutes=29))
    assert counselor.get(profile(cast.other_student)).status_code == 200
    monkeypatch.setattr(timezone, "now", lambda: now() + datetime.timedelta(minutes=31))
    assert counselor.get(profile(cast.other_student)).status_code == 404


def test_it_opens_one_record_to_one_person_in_one_seat(cast: Cast, counselor: PolicingClient) -> None:
    search(counselor)
    confirm(counselor, cast.other_student)
    assert counselor.get(profile(cast.other_classmate)).status_code == 404
    other = PolicingClient()
    other.force_login(cast.teacher)
    assert other.get(profile(cast.other_student)).status_code == 404
    cast.counselor.seats.update(ends_on=timezone.localdate() - datetime.timedelta(days=1))
    assert counselor.get(profile(cast.other_student)).status_code == 403


def test_a_wrong_date_is_refused_and_written_down(cast: Cast, counselor: PolicingClient) -> None:
    search(counselor)
    response = confirm(counselor, cast.other_student, datetime.date(2001, 1, 1))
    assert response.status_code == 422
    assert errors(response) == ["That is not the birth date on this record. Look at it again."]
    assert counselor.get(profile(cast.other_student)).status_code == 404
    row = Disclosure.objects.get(reader=cast.counselor, what="opened")
    assert row.refused
    assert row.reason == REASON


def test_after_five_wrong_dates_even_the_right_one_is_refused(cast: Cast, counselor: PolicingClient) -> None:
    search(counselor)
    for day in range(1, 6):
        assert confirm(counselor, cast.other_student, datetime.date(2001, 1, day)).status_code == 422
    response = confirm(counselor, cast.other_student)
    assert response.status_code == 429
    assert "stays closed to you for a day" in errors(response)[0]


def test_who_did_not_search_for_it_does_not_find_it(cast: Cast, counselor: PolicingClient) -> None:
    assert counselor.get(address(cast.other_student)).status_code == 404
    search(counselor, name="olga vega")
    assert counselor.get(address(cast.other_student)).status_code == 404
    assert confirm(counselor, cast.other_student).status_code == 404


def test_a_merged_record_opens_nothing(cast: Cast, counselor: PolicingClient) -> None:
    search(counselor)
    Student.objects.filter(pk=cast.other_student.pk).update(merged_into=make_student(cast.wahi))
    assert counselor.get(address(cast.other_student)).status_code == 404


@pytest.mark.parametrize("who", ["state", "faculty", "nobody", "former_teacher"])
def test_other_seats_have_no_business_here(cast: Cast, client: PolicingClient, who: str) -> None:
    client.force_login(getattr(cast, who))
    assert client.get(address(cast.student)).status_code == 403


# --- Search Statewide -----------------------------------------------------------------------------------


def test_beyond_reach_only_what_tells_who_it_may_be(cast: Cast, counselor: PolicingClient) -> None:
    response = search(counselor)
    words = text(response)
    assert "Weiss, Otto" in words
    assert "Walla Walla High School" in words
    assert "Confirm and view" in words
    student = cast.other_student
    assert student.sers_id not in response.content.decode()
    assert f"{student.birth_date:%b} {student.birth_date.day}, {student.birth_date.year}" not in words
    assert disclosing.masked_id(student.sers_id) in words


def test_within_reach_it_is_found_as_ever_and_not_twice(cast: Cast, counselor: PolicingClient) -> None:
    response = search(counselor, name="marisol vega")
    assert [row["first_name"] for row in response.context["page"]] == ["Marisol"]
    assert response.context["beyond"] == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": "weiss"}, "Enter a first and a last name to search statewide"),
        ({"name": ""}, "Enter a first and a last name to search statewide"),
        ({"ground": ""}, "Choose what allows you to search beyond your reach"),
        ({"ground": "because"}, "Choose what allows it from the list"),
        ({"reason": "ID"}, "Enter the reason in a few words: the student can read it"),
    ],
)
def test_it_takes_a_name_a_ground_and_a_reason(
    cast: Cast, counselor: PolicingClient, changes: dict[str, str], said: str
) -> None:
    response = search(counselor, **changes)
    assert response.status_code == 422
    assert said in errors(response)
    assert not Disclosure.objects.filter(reader=cast.counselor).exists()


def test_nobody_is_told_how_many_there_are(
    cast: Cast, counselor: PolicingClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disclosing, "MOST_BEYOND", 2)
    monkeypatch.setattr("students.rules.MOST_BEYOND", 2)
    pages = []
    for number in range(4):
        make_student(cast.wahi, "Otto", f"Weissmann{number}", user=None)
        response = search(counselor, name="otto weissm")
        pages.append((len(response.context["beyond"]), "There may be more" in text(response)))
    assert pages == [(1, True), (2, True), (2, True), (2, True)]


def test_thirty_an_hour(cast: Cast, counselor: PolicingClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disclosing, "STATEWIDE_SEARCHES", 2)
    for _ in range(2):
        assert search(counselor).status_code == 200
    response = search(counselor)
    assert response.status_code == 429
    assert "You searched statewide many times in an hour." in errors(response)[0]


def test_the_state_has_no_box_for_it(cast: Cast, client: PolicingClient) -> None:
    client.force_login(cast.state)
    assert "Search Statewide" not in text(client.get(SEARCH))
    assert client.post(SEARCH, {"name": "vega", "statewide": "on"}, follow=True).context["beyond"] is None


def test_one_and_three_cost_the_same(
    cast: Cast, counselor: PolicingClient, django_assert_num_queries: Any
) -> None:
    search(counselor)
    with django_assert_num_queries(13):
        counselor.get(SEARCH)
    for last_name in ("Weiss", "Weiss-Berg"):
        make_student(cast.wahi, "Otto", last_name, user=None)
    with django_assert_num_queries(13):
        assert len(counselor.get(SEARCH).context["beyond"]) == 3
