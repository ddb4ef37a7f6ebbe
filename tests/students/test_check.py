"""Check your answers, before the account is made."""

from django.urls import reverse

from tests.people import Cast
from tests.policing import PolicingClient
from tests.students.creating import answer_all, page_url, typed
from tests.students.pages import text

URL = reverse("students:check")


def test_every_answer_stands_there_with_its_change_link(cast: Cast, client: PolicingClient) -> None:
    answer_all(
        client,
        typed(
            cast, second_email="noor.two@example.net", gender="not_said", ethnicity="asian",
            guardian_name="Huda Haddad", guardian_language="ar", city="Kennewick",
        ),
    )  # fmt: skip
    response = client.get(URL)
    words, html = text(response), response.content.decode()
    for line in (
        "Legal first name Noor Change",
        "Former names Not given Change",
        "High school Kamiakin High School Change",
        "Grade level Grade 11 Change",
        "Second e-mail noor.two@example.net Change",
        "City Kennewick Change",
        "Gender Prefer not to say Change",
        "Race or ethnicity Asian Change",
        "Language they read best العربية Change",
    ):
        assert line in words
    assert html.count(f'href="{page_url("name")}"') == 3
    assert "Change<span" in html.replace(" <", "<")
    assert reverse("students:password") in html


def test_before_all_is_answered_it_leads_to_what_is_missing(cast: Cast, client: PolicingClient) -> None:
    assert client.get(URL).headers["Location"] == page_url("name")


def test_it_only_shows(cast: Cast, client: PolicingClient) -> None:
    assert client.post(URL).status_code == 405
