"""/transcripts/merges/new/: two records by their IDs, the preview, and the merge."""

from typing import Any

import pytest
from django.urls import reverse

from students.models import Merge, Student
from tests.people import Cast, make_registration
from tests.policing import PolicingClient
from tests.students.pages import errors, messages, text
from tests.transcripts.merging import WHY, merged, second_record

URL = reverse("transcripts:new_merge")


def preview(stands: Student, gone: Student) -> str:
    return f"{URL}?stands={stands.public_id}&gone={gone.public_id}"


@pytest.fixture
def staff(client: PolicingClient, cast: Cast) -> PolicingClient:
    client.force_login(cast.consortium)
    return client


def test_from_two_ids_to_the_record_that_stands(cast: Cast, staff: PolicingClient) -> None:
    second = second_record(cast)
    response = staff.post(URL, {"stands": cast.student.sers_id.lower(), "gone": second.sers_id})
    assert response.headers["Location"] == preview(cast.student, second)
    page = staff.get(preview(cast.student, second))
    words = text(page)
    assert "What a merge does" in words
    assert f"{cast.student.sers_id} stays. {second.sers_id} is merged into it." in words
    assert "1 class of" in words
    assert "No classes." in words
    assert f"Let {second.sers_id} stay instead" in words
    done = staff.post(preview(cast.student, second), {"reason": WHY}, follow=True)
    merge = Merge.objects.standing().get(gone=second)
    assert done.redirect_chain == [(reverse("transcripts:merge", args=[merge.public_id]), 302)]
    assert messages(done) == ["They are one record now. Mail tells both addresses."]
    again = staff.post(preview(cast.student, second), {"reason": WHY})
    assert again.status_code == 409
    assert "was merged already" in text(again)


def test_what_stands_in_the_way_is_said_with_what_to_do(cast: Cast, staff: PolicingClient) -> None:
    second = second_record(cast)
    make_registration(second, cast.section, cast.agreement)
    page = staff.get(preview(cast.student, second))
    assert "They cannot be merged as they stand" in text(page)
    assert "Both are registered for Accounting 1" in text(page)
    assert "The teacher sets one of the two to Withdrawn or Not in Class." in text(page)
    assert "Merge the two records" not in text(page)
    assert staff.post(preview(cast.student, second), {"reason": WHY}).status_code == 409
    assert not Merge.objects.standing().exists()


def test_what_to_look_at_afterwards_is_said(cast: Cast, staff: PolicingClient) -> None:
    second = second_record(cast)
    words = text(staff.get(preview(cast.student, second)))
    assert f"Mail goes to {cast.student.email} then. Both addresses are told now." in words


@pytest.mark.parametrize(
    ("stands", "gone", "said"),
    [
        ("", "", ["Enter the ID of the record that stays", "Enter the ID of the record that is merged into it"]),
        ("TP1-00-000", "own", ["No record within your reach has this ID. Compare its digits, or ask the State Board"]),
        ("own", "own", ["Enter the ID of another record"]),
        ("own", "beyond", ["No record within your reach has this ID. Compare its digits, or ask the State Board"]),
    ],
)  # fmt: skip
def test_ids_are_read_with_care(
    cast: Cast, staff: PolicingClient, stands: str, gone: str, said: list[str]
) -> None:
    ids = {"own": cast.student.sers_id, "beyond": cast.other_student.sers_id}
    response = staff.post(URL, {"stands": ids.get(stands, stands), "gone": ids.get(gone, gone)})
    assert response.status_code == 422
    assert errors(response) == said


def test_a_reason_is_asked_for(cast: Cast, staff: PolicingClient) -> None:
    response = staff.post(preview(cast.student, second_record(cast)), {"reason": " "})
    assert response.status_code == 422
    assert errors(response) == ["Enter how you know that they are one person"]


def test_a_stranger_is_not_there(cast: Cast, client: PolicingClient) -> None:
    client.force_login(cast.other_consortium)
    assert client.get(preview(cast.student, cast.newcomer)).status_code == 404
    assert client.get(preview(cast.other_student, cast.newcomer)).status_code == 404


def test_the_wrong_seat_is_refused(cast: Cast, client: PolicingClient) -> None:
    client.force_login(cast.district)
    assert client.get(preview(cast.student, cast.newcomer)).status_code == 403


def test_the_pair_of_likely_twins_leads_here(cast: Cast, staff: PolicingClient) -> None:
    page = staff.get(reverse("students:twin", args=[cast.twins.public_id]))
    assert preview(cast.twins.older, cast.twins.newer) in page.content.decode().replace("&amp;", "&")


def test_a_page_costs_the_same_however_much_there_is(
    cast: Cast, staff: PolicingClient, django_assert_num_queries: Any
) -> None:
    second = second_record(cast)
    merged(cast, second, cast.graduate)
    staff.get(preview(second, cast.newcomer))
    with django_assert_num_queries(QUERIES):
        staff.get(preview(second, cast.newcomer))


QUERIES = 25
