"""/students/inspections/: the work list, what is overdue at the top."""

import datetime
import re

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from reports.models import RecordExport
from reports.rules import alarms
from students.models import Disclosure, Inspection
from tests.people import Cast, make_registration
from tests.policing import PolicingClient
from tests.students.inspecting import asked, waiting
from tests.students.pages import text
from tests.transcripts.merging import merged, second_record

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


def test_after_a_merge_a_college_finds_what_it_answers(client: PolicingClient, cast: Cast) -> None:
    """The class stands on the record that was merged, the request on the one that stands; so does the file for it."""
    stands, gone = second_record(cast), second_record(cast)
    make_registration(gone, cast.other_section, cast.other_agreement)
    merged(cast, stands, gone)
    found = asked(stands)
    assert found.student_id == stands.pk
    RecordExport.objects.create(student=stands, asked_by=cast.other_registrar, inspection=found)
    for person in (cast.other_registrar, cast.other_consortium):
        assert list(Inspection.objects.visible_to(person).open()) == [found]
        assert RecordExport.objects.visible_to(person).for_request(found).count() == 1
        client.force_login(person)
        assert client.get(reverse("students:inspection", args=[found.public_id])).status_code == 200
        assert stands.list_name in text(client.get(ADDRESS))
        assert "1 request is open" in text(client.get(reverse("reports:home")))


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
