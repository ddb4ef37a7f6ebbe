"""One Grade Change: its page, its trail, its acts, its paper; and two who decide at once."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from grading import actions
from grading.models import GradeChange
from sers.lib.uploads import check
from tests.grading.changes import closed, confirmed, page, press
from tests.lib.test_uploads import PDF
from tests.people import Cast
from tests.policing import PolicingClient


def shown(client: PolicingClient, user: Any, change: GradeChange) -> str:
    client.force_login(user)
    response = client.get(page(change))
    assert response.status_code == 200
    return str(response.content.decode())


def test_from_the_question_to_the_grade(client: PolicingClient, cast: Cast) -> None:
    change = cast.grade_change
    html = shown(client, cast.graduate.user, change)
    assert "The final exam was counted twice." in html
    assert "95.5&nbsp;%" in html or "95.5 %, 3.8 A" in html
    assert 'value="confirm"' not in html
    assert "Take it back" in html

    html = shown(client, cast.teacher, change)
    assert "Confirm which grade is right" in html
    assert (
        press(client, cast.teacher, change, "confirm", grade="98", note="Counted again.").status_code == 302
    )

    html = shown(client, cast.consortium, change)
    assert "98 %, 4.0 A" in html
    assert (
        "Credit is awarded: the registrar is asked to correct it, or to take it back if this grade earns none."
        in html
    )
    response = press(client, cast.consortium, change, "approve", note="")
    assert response.status_code == 302
    html = shown(client, cast.graduate.user, change)
    assert "The Grade Change is approved" in html or "Approved" in html
    assert "The registrar corrects the credit" in html
    reposts = reverse("transcripts:reposts")
    assert reposts not in html
    assert reposts in shown(client, cast.registrar, change)
    trail = html.split('id="trail"')[1]
    for who in (cast.graduate.name, cast.teacher.name, cast.consortium.name):
        assert who in trail


@pytest.mark.parametrize(
    ("person", "acts"),
    [
        ("graduate", {"withdraw"}), ("teacher", {"confirm", "decline"}), ("counselor", set()),
        ("registrar", {"decline"}), ("consortium", {"decline"}), ("state", set()),
    ],
)  # fmt: skip
def test_each_sees_what_they_may_do(client: PolicingClient, cast: Cast, person: str, acts: set[str]) -> None:
    user = getattr(cast, person)
    html = shown(client, getattr(user, "user", user), cast.grade_change)
    every = ("confirm", "approve", "decline", "withdraw")
    assert {act for act in every if f'name="chosen" value="{act}"' in html} == acts


@pytest.mark.parametrize(
    ("person", "act"),
    [
        ("graduate", "confirm"), ("graduate", "approve"), ("graduate", "decline"), ("counselor", "confirm"),
        ("consortium", "confirm"), ("teacher", "withdraw"), ("state", "decline"), ("state", "confirm"),
    ],
)  # fmt: skip
def test_acts_of_others_are_refused(client: PolicingClient, cast: Cast, person: str, act: str) -> None:
    user = getattr(cast, person)
    typed = {"confirm": {"grade": "98"}, "decline": {"reason": "No."}}.get(act, {})
    response = press(client, getattr(user, "user", user), cast.grade_change, act, **typed)
    cast.grade_change.refresh_from_db()
    assert response.status_code in (403, 409)
    assert cast.grade_change.state == "requested"


@pytest.mark.parametrize(
    ("act", "typed", "words"),
    [
        ("confirm", {"grade": ""}, "Enter the right grade: a percent, or NA for Not Attained"),
        ("confirm", {"grade": "197"}, "Enter a percent from 0 to 100"),
        ("confirm", {"grade": "95.5"}, "This grade stands already"),
        ("decline", {"reason": " "}, "Say why the Grade Change is declined"),
        ("decline", {"reason": "x" * 1001}, "Shorten the text to 1,000 letters"),
    ],
)
def test_what_is_typed_wrongly_is_told_at_its_field(
    client: PolicingClient, cast: Cast, act: str, typed: dict[str, str], words: str
) -> None:
    response = press(client, cast.teacher, cast.grade_change, act, **typed)
    html = response.content.decode()
    assert response.status_code == 422
    assert "<title>Error: " in html
    assert "There is a problem" in html
    assert words in html


def test_who_decides_second_is_told(client: PolicingClient, cast: Cast) -> None:
    change = confirmed(cast, closed(cast))
    stale = GradeChange.objects.get(pk=change.pk)
    actions.decline_change(change=stale, reason="No paper.", by=cast.registrar)
    response = press(client, cast.consortium, change, "approve")
    assert response.status_code == 409
    assert f"{cast.registrar.name} has declined this Grade Change." in response.content.decode()


def test_the_confirming_person_sees_why_they_may_not_approve(client: PolicingClient, cast: Cast) -> None:
    change = confirmed(cast, closed(cast))
    GradeChange.objects.filter(pk=change.pk).update(confirmed_by=cast.consortium)
    html = shown(client, cast.consortium, change)
    assert "A Grade Change takes two people" in html
    assert 'value="approve"' not in html
    assert press(client, cast.consortium, change, "approve").status_code == 403


def test_an_act_nobody_knows_is_not_there(client: PolicingClient, cast: Cast) -> None:
    assert press(client, cast.teacher, cast.grade_change, "erase").status_code == 404


def test_the_paper_is_a_download_for_those_who_read_the_change(client: PolicingClient, cast: Cast) -> None:
    change = actions.ask_change(
        registration=closed(cast),
        reason="See the test.",
        paper=check(SimpleUploadedFile("Test <1>.pdf", PDF)),
        by=cast.classmate.user,
    )
    html = shown(client, cast.teacher, change)
    assert "Test &lt;1&gt;.pdf" in html
    url = reverse("grading:change_file", args=[change.public_id])
    response = client.get(url)
    assert response.content == PDF
    assert response["Content-Disposition"].startswith("attachment; ")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert change.file.name not in change.file.path
    for user, status in (
        (cast.classmate.user, 200), (cast.consortium, 200), (cast.registrar, 200), (cast.student.user, 404),
        (cast.colleague, 404), (cast.other_consortium, 404), (cast.district, 403), (cast.faculty, 403),
    ):  # fmt: skip
        client.force_login(user)
        assert client.get(url).status_code == status, user
    client.logout()
    assert client.get(url).status_code == 302
    client.force_login(cast.teacher)
    assert client.get(reverse("grading:change_file", args=[cast.grade_change.public_id])).status_code == 404


def test_queries(client: PolicingClient, cast: Cast, django_assert_num_queries: Any) -> None:
    change = confirmed(cast, closed(cast))
    client.force_login(cast.consortium)
    # session, user, seats, the change, its class as it stands (2), its file, statements
    with django_assert_num_queries(9):
        assert client.get(page(change)).status_code == 200
