"""Comments on a student in a class: read, written, corrected with what stood before."""

from typing import Any

import pytest
from django.urls import reverse

from grading import actions, rules
from grading.models import RosterComment
from sers.lib.refusal import Refused
from tests.people import Cast
from tests.policing import PolicingClient


def url(cast: Cast) -> str:
    return reverse("grading:comments", args=[cast.classmate_registration.public_id])


def test_a_comment_is_added_and_corrected(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.teacher)
    assert cast.comment.text in client.get(url(cast)).content.decode()
    response = client.post(
        url(cast), {"text": "Helps others.\n", "corrects": str(cast.comment.public_id)}, follow=True
    )
    html = response.content.decode()
    assert "The comment is corrected. What stood before is kept." in html
    assert "What stood before" in html
    assert cast.comment.text in html
    correction = RosterComment.objects.standing().get(registration=cast.classmate_registration)
    assert (correction.text, correction.supersedes, correction.written_by) == (
        "Helps others.",
        cast.comment,
        cast.teacher,
    )

    client.force_login(cast.consortium)
    html = client.get(url(cast)).content.decode()
    assert "corrects=" not in html  # somebody else's words
    client.post(url(cast), {"text": "Seen at the fair."})
    assert RosterComment.objects.standing().filter(registration=cast.classmate_registration).count() == 2
    # On the roster and on the page of the registration only what counts is shown.
    client.force_login(cast.teacher)
    for page in (
        reverse("students:registration", args=[cast.classmate_registration.public_id]),
        reverse("grading:roster", args=[cast.section.public_id]) + "?graded=1",
    ):
        html = client.get(page).content.decode()
        assert "Helps others." in html
        assert "Seen at the fair." in html
        assert cast.comment.text not in html


@pytest.mark.parametrize(
    ("person", "writes"),
    [
        ("teacher", True), ("colleague", False), ("former_teacher", False), ("counselor", False),
        ("district", False), ("registrar", False), ("consortium", True), ("other_consortium", False),
        ("state", False), ("classmate", False),
    ],
)  # fmt: skip
def test_who_writes(cast: Cast, person: str, writes: bool) -> None:
    user = getattr(cast, person)
    assert rules.can_comment(getattr(user, "user", user), cast.classmate_registration) is writes


@pytest.mark.parametrize(
    ("person", "superseded", "rule"),
    [("teacher", False, None), ("teacher", True, "superseded"), ("consortium", False, "not_writer")],
)
def test_who_corrects(cast: Cast, person: str, superseded: bool, rule: str | None) -> None:
    refusal = rules.why_not_correct_comment(getattr(cast, person), cast.comment, superseded=superseded)
    assert (refusal.rule if refusal else None) == rule


def test_a_comment_is_corrected_once(cast: Cast) -> None:
    actions.correct_comment(comment=cast.comment, text="First.", by=cast.teacher)
    stale = RosterComment.objects.get(pk=cast.comment.pk)
    with pytest.raises(Refused) as refused:
        actions.correct_comment(comment=stale, text="Second.", by=cast.teacher)
    assert refused.value.refusal.rule == "superseded"
    with pytest.raises(Refused):
        actions.add_comment(registration=cast.classmate_registration, text="x", by=cast.counselor)
    for text, rule in (("  \n ", "empty"), ("x" * 2001, "long")):
        with pytest.raises(Refused) as refused:
            actions.add_comment(registration=cast.classmate_registration, text=text, by=cast.teacher)
        assert refused.value.refusal.rule == rule


@pytest.mark.parametrize(
    ("text", "words"), [("", "Write the comment"), ("x" * 2001, "Shorten the comment to 2,000 letters")]
)
def test_errors(client: PolicingClient, cast: Cast, text: str, words: str) -> None:
    client.force_login(cast.teacher)
    response = client.post(url(cast), {"text": text})
    assert response.status_code == 422
    assert words in response.content.decode()


def test_what_is_not_there(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.teacher)
    assert client.get(url(cast) + "?corrects=00000000-0000-0000-0000-000000000000").status_code == 404
    empty = reverse("grading:comments", args=[cast.registration.public_id])
    assert "Nobody has commented on this student in this class yet." in client.get(empty).content.decode()
    client.force_login(cast.counselor)
    assert client.post(url(cast), {"text": "x"}).status_code == 403


def test_students_do_not_see_comments(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.classmate.user)
    assert client.get(url(cast)).status_code == 403
    page = reverse("students:registration", args=[cast.classmate_registration.public_id])
    html = client.get(page).content.decode()
    assert cast.comment.text not in html
    assert "Comments" not in html


@pytest.mark.parametrize("number", [1, 3])
def test_queries(client: PolicingClient, cast: Cast, number: int, django_assert_num_queries: Any) -> None:
    for _ in range(number - 1):
        actions.add_comment(registration=cast.classmate_registration, text="More.", by=cast.teacher)
    client.force_login(cast.teacher)
    # session, user, seats; the registration in full (7), does the person teach it, the comments
    with django_assert_num_queries(15):
        assert client.get(url(cast)).content.decode().count("<article") == number
