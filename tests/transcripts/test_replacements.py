"""College IDs that are to be replaced: those that wait, those that are closed."""

from typing import Any

from django.test import Client
from django.urls import reverse

from accounts.access import Role
from tests import people
from tests.people import SID, Cast
from transcripts import actions

URL = "/transcripts/replacements/"


def test_what_waits_is_listed_and_leads_to_it(cast: Cast, client: Client) -> None:
    client.force_login(cast.registrar)
    text = client.get(URL).content.decode()
    assert SID in text
    assert cast.replacement.sid in text
    assert "Waits for a second person" in text
    assert reverse("transcripts:replacement", args=[cast.replacement.public_id]) in text
    assert cast.other_replacement.sid not in text
    assert "No college ID was replaced yet." in client.get(URL, {"show": "closed"}).content.decode()
    actions.withdraw_replacement(replacement=cast.replacement, by=cast.registrar)
    assert "No replacement waits." in client.get(URL).content.decode()
    assert "Withdrawn" in client.get(URL, {"show": "closed"}).content.decode()


def test_the_home_page_says_so_to_the_second_person_alone(cast: Cast, client: Client) -> None:
    second = people.make_person(Role.REGISTRAR, cast.cbc, "Rosa")
    words = "1 wrong college ID waits for a second person"
    for person, told in ((second, True), (cast.registrar, False), (cast.other_registrar, False)):
        client.force_login(person)
        assert (words in client.get(reverse("reports:home")).content.decode()) is told
    client.force_login(cast.state)
    assert (
        "2 wrong college IDs wait for a second person" in client.get(reverse("reports:home")).content.decode()
    )


def test_the_state_reads_all_and_others_nothing(cast: Cast, client: Client) -> None:
    client.force_login(cast.state)
    assert client.get(URL).context["page"].paginator.count == 2
    client.force_login(cast.consortium)
    assert client.get(URL).status_code == 403


def test_one_and_three_cost_the_same_queries(
    cast: Cast, client: Client, django_assert_num_queries: Any
) -> None:
    client.force_login(cast.registrar)
    client.get(URL)
    with django_assert_num_queries(QUERIES):
        assert len(client.get(URL).context["page"].object_list) == 1
    for student in (cast.classmate, cast.owing):
        people.make_replacement(people.make_identity(student, cast.cbc), cast.registrar)
    with django_assert_num_queries(QUERIES):
        assert len(client.get(URL).context["page"].object_list) == 3


QUERIES = 8
