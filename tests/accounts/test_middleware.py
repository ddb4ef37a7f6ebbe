"""Whose session ended is told so and led back; nothing is done for them meanwhile."""

import pytest
from django.urls import reverse

from students.models import Registration
from tests.people import Cast
from tests.policing import PolicingClient

SIGN_IN = "/accounts/sign-in/"


def test_a_page_asks_for_sign_in(client: PolicingClient, db: None) -> None:
    response = client.get("/grading/rosters/?year=2026")
    assert response.headers["Location"] == f"{SIGN_IN}?next=/grading/rosters/%3Fyear%3D2026"
    assert "session" not in client.get(response.headers["Location"]).content.decode().lower()


def test_a_late_form_leads_back_to_its_page(client: PolicingClient, cast: Cast) -> None:
    """The address of a button answers to nothing else, so one comes back to the page it stood on."""
    page = reverse("students:withdraw", args=[cast.registration.public_id])
    response = client.post(
        reverse("students:send_link"), headers={"Referer": f"http://testserver{page}?from=mail#top"}
    )
    assert response.headers["Location"] == f"{SIGN_IN}?next={page}%3Ffrom%3Dmail"
    assert "Nothing of it is saved." in client.get(response.headers["Location"]).content.decode()
    cast.registration.refresh_from_db()
    assert cast.registration.status == Registration.Status.IN_PROGRESS


@pytest.mark.parametrize(
    "referer", ["", "https://elsewhere.example/", "//elsewhere.example/", "javascript:x"]
)
def test_a_form_from_elsewhere_leads_to_its_own_address(
    client: PolicingClient, db: None, referer: str
) -> None:
    response = client.post("/students/confirm/", headers={"Referer": referer})
    assert response.headers["Location"] == f"{SIGN_IN}?next=/students/confirm/"


def test_a_part_of_a_page_loads_the_whole(client: PolicingClient, cast: Cast) -> None:
    """What would be swapped in is the sign-in page: the browser loads the page anew instead."""
    response = client.get(
        reverse("transcripts:run", args=[cast.run.public_id]), headers={"HX-Request": "true"}
    )
    assert response.status_code == 204
    assert response.headers["HX-Refresh"] == "true"
