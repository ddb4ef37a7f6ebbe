"""What every request passes through: sign-in first, what no browser keeps, input no screen can read."""

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


def test_pages_of_people_who_signed_in_are_kept_by_no_browser(client: PolicingClient, cast: Cast) -> None:
    front = reverse("reports:home")
    assert client.get(front).headers.get("Cache-Control") is None
    client.force_login(cast.teacher)
    assert "no-store" in client.get(front).headers["Cache-Control"]


@pytest.mark.parametrize(
    ("query", "charset"),
    [
        ("words=a%00b", "utf-8"),
        ("words=%00&words=b", "utf-8"),
        ("words=%2B2AA-", "utf-7"),
        ("%2B2AA-=a", "utf-7"),
    ],
)
def test_a_character_that_cannot_be_kept_is_refused_in_words(
    client: PolicingClient, db: None, query: str, charset: str
) -> None:
    answer = client.get(
        f"{reverse('articulations:search')}?{query}",
        headers={"Content-Type": f"text/plain; charset={charset}"},
    )
    assert answer.status_code == 400
    assert "Type the text again" in answer.content.decode()
