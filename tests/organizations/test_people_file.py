"""/organizations/people/files/<id>/: what a file will do, Save All, and what came of it."""

import pytest

from accounts.models import Job, User
from organizations import actions
from organizations.models import PeopleFile
from organizations.tasks import save_people_file
from tests.organizations.test_actions import good, hand_in, row
from tests.people import Cast
from tests.policing import PolicingClient
from tests.students.pages import messages, text


def url(file: PeopleFile) -> str:
    return f"/organizations/people/files/{file.public_id}/"


@pytest.fixture
def consortium(client: PolicingClient, cast: Cast) -> PolicingClient:
    client.force_login(cast.consortium)
    return client


def test_preview_save_and_result(consortium: PolicingClient, cast: Cast) -> None:
    file = hand_in(
        cast, *good(cast), row(9, "Tess", "Teacher", "tess@example.org", "Counselor", "Kamiakin High School")
    )
    words = text(consortium.get(url(file)))
    assert "3 new accounts, 1 further seat of somebody who is here" in words
    assert "Save All" in words
    assert "2 Ana Vega ana@example.org Teacher, kamiakin high school New account" in words
    assert "Further seat Tess Teacher, tess@example.org" in words
    assert not User.objects.filter(email="ana@example.org").exists()
    words = text(consortium.post(url(file), follow=True))
    assert "4 rows are saved together: all of them, or none." in words
    assert "You can leave this page." in words
    save_people_file(Job.objects.get(task=actions.SAVE_FILE_TASK, subject_id=file.pk).pk)
    words = text(consortium.get(url(file)))
    assert "2 accounts created, 4 seats given" in words
    assert "ana@example.org" not in words


def test_rows_to_correct_come_first_and_keep_all_back(consortium: PolicingClient, cast: Cast) -> None:
    many = [row(n, "N", str(n), f"n{n}@example.org", "Teacher", "Kamiakin High School") for n in range(2, 62)]
    file = hand_in(cast, *many, row(70, "Bo", "", "bo@", "Teacher", "Kamiakin High School"))
    page = consortium.get(url(file))
    words = text(page)
    assert "1 row to correct, 60 new accounts" in words
    assert "Save All" not in words
    assert words.index("To correct Enter an e-mail like") < words.index("N 2")
    assert "1 to 50 of 61" in words
    (said,) = messages(consortium.post(url(file), follow=True))
    assert said.startswith("Some rows have to be corrected.")


def test_a_file_that_was_refused_says_what_changed(consortium: PolicingClient, cast: Cast) -> None:
    file = hand_in(cast, *good(cast))
    PeopleFile.objects.filter(pk=file.pk).update(state="refused")
    cast.kamiakin.name = "Renamed High School"
    cast.kamiakin.save()
    words = text(consortium.get(url(file)))
    assert "Nothing was saved" in words
    assert "is not a high school in SERS" in words
    assert "Save All" not in words


def test_strangers_and_others(client: PolicingClient, cast: Cast) -> None:
    assert client.get(url(cast.people_file)).status_code == 302
    for who in ("district", "state", "other_consortium"):
        client.force_login(getattr(cast, who))
        assert client.get(url(cast.people_file)).status_code == 404
        assert client.post(url(cast.people_file)).status_code == 404
    client.force_login(cast.counselor)
    assert client.get(url(cast.people_file)).status_code == 403
