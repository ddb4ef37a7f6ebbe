"""A paper of a request: a download, for those who read the request."""

from django.urls import reverse

from tests import requesting
from tests.people import Cast
from tests.policing import PolicingClient


def test_it_is_a_download(client: PolicingClient, cast: Cast) -> None:
    url = reverse("articulations:request_file", args=[cast.request_file.public_id])
    client.force_login(cast.faculty)
    response = client.get(url)
    assert response.content.startswith(b"%PDF-")
    assert response["Content-Disposition"].startswith("attachment; ")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert cast.request_file.name not in cast.request_file.path


def test_faculty_read_no_paper_that_was_not_handed_in(client: PolicingClient, cast: Cast) -> None:
    asked = requesting.answered(
        requesting.begun(
            school=cast.kamiakin, college=cast.cbc, consortium=cast.columbia_basin, by=cast.teacher
        ),
        by=cast.teacher, title="Payroll", seats=[cast.teacher_seat],
    )  # fmt: skip
    url = reverse("articulations:request_file", args=[asked.files.earliest("pk").public_id])
    for user, status in (
        (cast.faculty, 404),
        (cast.teacher, 200),
        (cast.consortium, 200),
        (cast.registrar, 403),
    ):
        client.force_login(user)
        assert client.get(url).status_code == status
