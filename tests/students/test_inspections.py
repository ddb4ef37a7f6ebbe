"""/students/inspections/: the work list, what is overdue at the top."""

import datetime
import re

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from reports.rules import alarms
from students.models import Disclosure
from tests.people import Cast
from tests.policing import PolicingClient
from tests.students.inspecting import waiting
from tests.students.pages import text

ADDRESS = reverse("students:inspections")


def test_what_is_overdue_stands_first(client: PolicingClient, cast: Cast) -> None:
    for student, days in ((cast.newcomer, 2), (cast.student, 50), (cast.classmate, 31)):
        waiting(student, days)
    client.force_login(cast.consortium)
    words = text(client.get(ADDRESS))
    assert "3 requests are open, the first is due" in words
    assert "1 is overdue." in words
    labels = re.findall(r"Overdue by 5 days|14 days left|43 days left", words)
    assert labels == ["Overdue by 5 days", "14 days left", "43 days left"]
    assert Disclosure.objects.of(cast.classmate).filter(reader=cast.consortium).exists()


def test_what_is_over_has_its_own_list(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.district)
    assert "No request is open." in text(client.get(ADDRESS))
    words = text(client.get(ADDRESS, {"show": "over"}))
    assert cast.student.list_name in words
    assert "Record given, explained" in words


def test_the_neighbour_sees_none_of_it(client: PolicingClient, cast: Cast) -> None:
    waiting(cast.newcomer, 2)
    client.force_login(cast.other_consortium)
    assert cast.newcomer.list_name not in text(client.get(ADDRESS))


def test_it_is_at_home_and_the_state_is_alarmed_when_it_is_late(client: PolicingClient, cast: Cast) -> None:
    found = waiting(cast.student, 46)
    home = reverse("reports:home")
    for person in (cast.district, cast.registrar, cast.consortium, cast.state):
        client.force_login(person)
        words = text(client.get(home))
        assert "Answer requests to see a record" in words, person
        assert "1 request is open, due" in words
    late = datetime.datetime.combine(found.due_on, datetime.time(), datetime.UTC) + datetime.timedelta(days=2)
    assert "Requests to see a record that are overdue: 1." in [one.words for one in alarms(late)]
    assert "1 is overdue." in text(client.get(reverse("reports:operations")))


def test_a_counselor_has_no_such_list(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.counselor)
    assert client.get(ADDRESS).status_code == 403


def test_it_costs_the_same_for_one_request_and_three(client: PolicingClient, cast: Cast) -> None:
    def queries(person: User) -> int:
        client.force_login(person)
        client.get(ADDRESS)
        with CaptureQueriesContext(connection) as caught:
            assert client.get(ADDRESS).status_code == 200
        return len(caught)

    people = (cast.district, cast.registrar, cast.consortium)
    waiting(cast.student, 1)
    first = [queries(one) for one in people]
    waiting(cast.classmate, 1)
    waiting(cast.newcomer, 1)
    assert (first, [queries(one) for one in people]) == ([6, 6, 6], [6, 6, 6])
