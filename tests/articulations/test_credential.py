"""One credential of the State's list: corrected, or ended with a school year."""

import uuid

from django.urls import reverse

from accounts.models import Event
from articulations import actions
from articulations.models import IndustryCredential
from articulations.rules.credentials import credential_mark
from tests.people import Cast
from tests.policing import PolicingClient


def page_of(credential: IndustryCredential) -> str:
    return reverse("articulations:credential", args=[credential.public_id])


def typed(credential: IndustryCredential, **changes: str) -> dict[str, str]:
    return {
        "title": credential.title,
        "given_by": credential.given_by,
        "seen": credential_mark(credential),
        **changes,
    }


def test_it_is_corrected_and_ended(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.state)
    assert "1 class prepares for it" in client.get(page_of(cast.credential)).content.decode()
    first = str(cast.year.first_year)
    client.post(
        page_of(cast.credential), typed(cast.credential, title="QuickBooks Certified", last_year=first)
    )
    now = IndustryCredential.objects.get(pk=cast.credential.pk)
    assert (now.title, now.last_year, now.is_recorded_in(cast.year.first_year + 1)) == (
        "QuickBooks Certified",
        cast.year,
        False,
    )
    event = Event.objects.about(now, "articulations.credential_changed").get()
    assert [one["name"] for one in event.data["changes"]] == ["Title", "Last school year"]
    assert list(cast.earned_credential.credential.classes.all()) == [cast.accounting]  # nothing else moved


def test_nothing_different_is_said_and_not_written(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.state)
    answer = client.post(page_of(cast.credential), typed(cast.credential), follow=True)
    assert "nothing was different" in answer.content.decode()
    assert not Event.objects.about(cast.credential, "articulations.credential_changed").exists()


def test_of_two_at_once_the_second_is_told(client: PolicingClient, cast: Cast) -> None:
    sent = typed(cast.credential, title="Mine")
    actions.change_credential(
        credential=cast.credential, title="Theirs", given_by="Intuit", clusters=[], last_year=None, by=cast.state
    )  # fmt: skip
    client.force_login(cast.state)
    answer = client.post(page_of(cast.credential), sent)
    assert answer.status_code == 409
    html = answer.content.decode()
    assert "Somebody else has changed this credential meanwhile." in html
    assert 'value="Mine"' in html
    cast.credential.refresh_from_db()
    assert cast.credential.title == "Theirs"
    again = client.post(page_of(cast.credential), typed(cast.credential, title="Mine"))
    assert again.status_code == 302


def test_the_title_of_another_is_refused(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.state)
    answer = client.post(page_of(cast.credential), typed(cast.credential, title=cast.first_aid.title))
    assert answer.status_code == 422
    assert "is on the list already" in answer.content.decode()


def test_a_stranger_to_the_list_is_not_there(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.state)
    assert client.get(reverse("articulations:credential", args=[uuid.uuid4()])).status_code == 404
    client.force_login(cast.teacher)
    assert client.get(page_of(cast.credential)).status_code == 403
