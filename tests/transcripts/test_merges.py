"""/transcripts/merges/: the log of merges within reach."""

from typing import Any

import pytest
from django.urls import reverse

from students.models import Disclosure, Student
from tests.people import Cast, make_student
from tests.policing import PolicingClient
from tests.students.pages import text
from tests.transcripts.merging import WHY, merged, second_record

URL = reverse("transcripts:merges")


def test_the_log_tells_which_by_whom_and_why(cast: Cast, client: PolicingClient) -> None:
    merged(cast, second_record(cast), cast.student)
    client.force_login(cast.consortium)
    words = text(client.get(URL))
    assert "2 merges, the latest first" in words
    assert WHY in words
    assert "View / Undo the merge of Vega, Marisol" in words
    assert "Undone" in words  # the cast's
    noted = Disclosure.objects.filter(reader=cast.consortium, what="twins")
    # A merged record is the student's: written down at the one that stands.
    assert cast.student.pk not in noted.values_list("student", flat=True)


def test_another_consortium_sees_nothing_of_it(cast: Cast, client: PolicingClient) -> None:
    merged(cast, second_record(cast), cast.student)
    client.force_login(cast.other_consortium)
    assert "Vega" not in text(client.get(URL))


@pytest.mark.parametrize("who", ["teacher", "counselor", "district", "faculty", "registrar", "nobody"])
def test_others_have_no_business_here(cast: Cast, client: PolicingClient, who: str) -> None:
    client.force_login(getattr(cast, who))
    assert client.get(URL).status_code == 403


def test_before_the_first_merge_it_says_so(cast: Cast, client: PolicingClient) -> None:
    Student.objects.filter(pk=cast.other_student.pk).update(school=cast.kamiakin)
    client.force_login(cast.state)
    assert "3 merges" not in text(client.get(URL))


def test_one_merge_and_three_cost_the_same(
    cast: Cast, client: PolicingClient, django_assert_num_queries: Any
) -> None:
    client.force_login(cast.consortium)
    client.get(URL)
    with django_assert_num_queries(QUERIES):
        client.get(URL)
    stands = make_student(cast.kamiakin)
    for _ in range(2):
        merged(cast, stands, make_student(cast.kamiakin))
    with django_assert_num_queries(QUERIES):
        client.get(URL)


QUERIES = 6
