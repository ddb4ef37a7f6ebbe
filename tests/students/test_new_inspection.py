"""/students/inspections/new/: a student asks to see their record and to have it explained."""

from django.urls import reverse
from django.utils import timezone

from accounts.models import Event, Mail
from students.models import Inspection
from tests.people import Cast
from tests.policing import PolicingClient
from tests.students.inspecting import asked
from tests.students.pages import errors, messages, text

ADDRESS = reverse("students:new_inspection")


def test_asked_with_a_wish(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.newcomer.user)
    response = client.post(ADDRESS, {"wish": "Who gave me 3.8?", "wants_explained": "on"}, follow=True)
    found = Inspection.objects.of(cast.newcomer).get()
    assert (found.wish, found.wants_explained, found.asker) == ("Who gave me 3.8?", True, "student")
    assert (found.received_on, found.entered_by) == (timezone.localdate(), cast.newcomer.user)
    assert messages(response) == ["Your request is sent."]
    assert "You get the record by" in text(response)
    assert (
        "Until then nothing in your record is removed." in Mail.objects.get(kind="students/inspection").text
    )
    assert Event.objects.filter(kind="students.inspection_asked", subject_id=found.pk).exists()


def test_asked_again_it_says_so(client: PolicingClient, cast: Cast) -> None:
    asked(cast.newcomer)
    client.force_login(cast.newcomer.user)
    response = client.post(ADDRESS, {})
    assert response.status_code == 422
    assert errors(response) == ["Such a request is open already. Open it in the list of requests."]


def test_too_long_a_wish_is_told_at_its_field(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.newcomer.user)
    assert errors(client.post(ADDRESS, {"wish": "x" * 1001})) == ["Shorten the text to 1,000 letters"]


def test_it_speaks_spanish(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.newcomer.user)
    client.cookies["sers-language"] = "es"
    assert "Pedir ver mi expediente" in text(client.get(ADDRESS))


def test_it_is_for_students(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.district)
    assert client.get(ADDRESS).status_code == 403
    assert client.post(ADDRESS, {}).status_code == 403
