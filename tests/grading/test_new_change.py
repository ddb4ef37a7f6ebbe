"""Asking for a Grade Change."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from grading.models import GradeChange
from students.models import Registration
from tests.grading.changes import closed
from tests.lib.test_uploads import PDF
from tests.people import Cast
from tests.policing import PolicingClient


def url(registration: Registration) -> str:
    return reverse("grading:new_change", args=[registration.public_id])


def test_a_student_asks_with_a_paper(client: PolicingClient, cast: Cast) -> None:
    registration = closed(cast)
    client.force_login(cast.classmate.user)
    html = client.get(url(registration)).content.decode()
    assert "Right grade" in html
    assert "(optional)" in html
    assert cast.teacher.name in html
    response = client.post(
        url(registration),
        {"reason": "The exam counts 95.", "wanted": "", "paper": SimpleUploadedFile("exam.pdf", PDF)},
    )
    change = GradeChange.objects.get(registration=registration)
    assert response["Location"] == reverse("grading:change", args=[change.public_id])
    assert (change.state, change.file.name) == ("requested", "exam.pdf")
    assert (
        f"Grade Change {change.reference} is asked for." in client.get(response["Location"]).content.decode()
    )


def test_a_teacher_must_say_the_grade(client: PolicingClient, cast: Cast) -> None:
    registration = closed(cast)
    client.force_login(cast.teacher)
    response = client.post(url(registration), {"reason": "Typing.", "wanted": ""})
    assert response.status_code == 422
    assert "Enter the right grade: a percent, or NA for Not Attained" in response.content.decode()
    response = client.post(url(registration), {"reason": "Typing.", "wanted": "97"})
    assert response.status_code == 422
    assert "This grade stands already." in response.content.decode()
    assert client.post(url(registration), {"reason": "Typing.", "wanted": "91"}).status_code == 302
    assert GradeChange.objects.get(registration=registration).state == "confirmed"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"reason": ""}, "Say what is wrong with the grade, and why"),
        ({"reason": "x" * 1001}, "Shorten the text to 1,000 letters"),
        ({"reason": "Typing.", "wanted": "B+ maybe"}, "Enter a percent from 0 to 100"),
        ({"reason": "x", "paper": SimpleUploadedFile("a.pdf", b"")}, "The file is empty. Choose it again"),
        (
            {"reason": "x", "paper": SimpleUploadedFile("a.exe", b"MZ90")},
            "The file is not a PDF, PNG or JPEG file",
        ),
    ],
)
def test_errors_name_the_field(client: PolicingClient, cast: Cast, typed: dict[str, Any], words: str) -> None:
    registration = closed(cast)
    client.force_login(cast.counselor)
    response = client.post(url(registration), typed)
    html = response.content.decode()
    assert response.status_code == 422
    assert words in html
    assert "<title>Error: " in html
    if len(typed["reason"]) < 20:
        assert typed["reason"] in html  # kept


def test_while_grading_is_open_the_roster_is_the_place(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.classmate.user)
    html = client.get(url(cast.classmate_registration)).content.decode()
    assert "Teachers can still change grades until" in html
    assert "<textarea" not in html
    assert client.post(url(cast.classmate_registration), {"reason": "x"}).status_code == 409


def test_one_under_way_leads_there(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.graduate.user)
    html = client.get(url(cast.graduate_registration)).content.decode()
    assert "A Grade Change for this class is under way." in html
    assert reverse("grading:change", args=[cast.grade_change.public_id]) in html


def test_who_may_ask(client: PolicingClient, cast: Cast) -> None:
    registration = closed(cast)
    for user, status in (
        (cast.classmate.user, 200), (cast.teacher, 200), (cast.counselor, 200), (cast.student.user, 404),
        (cast.colleague, 404), (cast.other_counselor, 404), (cast.district, 403), (cast.consortium, 403),
    ):  # fmt: skip
        client.force_login(user)
        assert client.get(url(registration)).status_code == status, user
