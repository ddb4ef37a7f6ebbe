"""/students/notice/: the rights of students and parents, told to everybody in the version in force."""

from django.urls import reverse

from students import actions
from students.models import FIRST_NOTICE
from tests.people import Cast
from tests.policing import PolicingClient
from tests.students.pages import text, title

ADDRESS = reverse("students:notice")


def test_anybody_reads_what_34_cfr_99_7_asks_to_be_told(client: PolicingClient, cast: Cast) -> None:
    response = client.get(ADDRESS)
    assert "Your rights" in title(response)
    words = text(response)
    for said in (
        FIRST_NOTICE, "You may see your record", "within 45 days", "put right", "written consent", "may see it without",
        "teachers, counselors, registrars", "Student Privacy Policy Office", "until you turn 18",
    ):  # fmt: skip
        assert said in words, said


def test_in_spanish(client: PolicingClient, cast: Cast) -> None:
    client.cookies["sers-language"] = "es"
    assert "Puedes ver tu expediente" in text(client.get(ADDRESS))


def test_a_new_version_is_read_at_once(client: PolicingClient, cast: Cast) -> None:
    new = actions.publish_consent(
        wordings={"en": ("Rights of 2027", "One.\n\nTwo."), "es": ("Derechos", "Uno.")}, audience="notice", by=cast.state
    )  # fmt: skip
    assert new.version.startswith("N-")
    words = text(client.get(ADDRESS))
    assert "Rights of 2027" in words
    assert new.version in words


def test_every_page_leads_to_it(client: PolicingClient, cast: Cast) -> None:
    for address in ("/", "/accessibility/"):
        assert f'href="{ADDRESS}"' in client.get(address).content.decode()
    client.force_login(cast.student.user)
    assert f'href="{ADDRESS}"' in text_of_rights(client)


def text_of_rights(client: PolicingClient) -> str:
    return client.get(reverse("students:rights")).content.decode()


def test_the_student_reads_when_they_were_told(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.student.user)
    assert f"For {cast.year} we mailed it to you on" in text(client.get(reverse("students:rights")))
    client.force_login(cast.newcomer.user)
    assert "We mail it to you when you register" in text(client.get(reverse("students:rights")))
