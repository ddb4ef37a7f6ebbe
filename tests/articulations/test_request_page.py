"""The pages of a request: saved as far as they are, told what is missing, resumed; and its papers."""

import itertools
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from articulations.forms.drafts import Draft
from articulations.models import ArticulationRequest
from articulations.rules import PAGES
from tests import requesting
from tests.lib.test_uploads import archive
from tests.people import Cast
from tests.policing import PolicingClient


@pytest.fixture
def draft(cast: Cast) -> ArticulationRequest:
    return requesting.begun(
        school=cast.kamiakin, college=cast.cbc, consortium=cast.columbia_basin, by=cast.teacher
    )


def page(asked: ArticulationRequest, name: str) -> str:
    return reverse("articulations:request_page", args=[asked.public_id, name])


def states(asked: ArticulationRequest) -> dict[str, str]:
    return {name: one.state for name, one in Draft(requesting.fresh(asked)).pages.items()}


def test_page_after_page_to_the_end(client: PolicingClient, cast: Cast, draft: ArticulationRequest) -> None:
    client.force_login(cast.teacher)
    assert set(states(draft).values()) == {"not_started"}
    answers = requesting.typed(draft, title="Bookkeeping", seats=[cast.teacher_seat])
    names = list(PAGES)
    for name, following in itertools.pairwise(names):
        assert client.get(page(draft, name)).status_code == 200
        response = client.post(page(draft, name), answers[name])
        assert response.status_code == 302, response.content.decode()
        assert response["Location"] == page(draft, following)
        assert states(draft)[name] == "done"
    draft = requesting.fresh(draft)
    assert draft.title == "Bookkeeping"
    html = client.get(page(draft, "class")).content.decode()
    assert 'value="52.0301"' in html
    content = Draft(draft).content()
    assert (content["cip"], content["state_code"]) == ("520301", "12104")
    assert content["courses"] == [{"id": "", "code": "ACCT 110", "title": "Bookkeeping", "credits": "5"}]


def test_what_is_half_done_is_kept_and_gone_on_with(
    client: PolicingClient, cast: Cast, draft: ArticulationRequest
) -> None:
    client.force_login(cast.teacher)
    response = client.post(page(draft, "class"), {"title": "Bookkeeping", "cip": "twelve", "later": "later"})
    assert response["Location"] == reverse("articulations:check_request", args=[draft.public_id])
    assert states(draft)["class"] == "in_progress"
    html = client.get(page(draft, "class")).content.decode()
    assert 'value="twelve"' in html
    assert "Enter the six digits of the CIP code, for example 52.0301" in html


@pytest.mark.parametrize(
    ("name", "typed", "words"),
    [
        ("class", {}, "Enter the name of the class"),
        ("class", {"title": "A", "state_code": "12"}, "Enter the state course code, for example 12104"),
        ("class", {"title": "A", "cip": "5203"}, "Enter the six digits of the CIP code, for example 52.0301"),
        ("teachers", {}, "Choose a teacher, or name one"),
        ("teachers", {"first_name_1": "Ada"}, "Enter the teacher’s e-mail"),
        ("teachers", {"first_name_1": "Ada", "last_name_1": "Bell", "email_1": "no"}, "Enter an e-mail address"),
        ("courses", {}, "Choose a college course, or type one"),
        ("courses", {"code_1": "X 1"}, "Enter the title of X 1"),
        ("teaching", {}, "Enter how long the class is"),
        ("pathway", {}, "Choose at least one technical field"),
        ("competencies", {}, "Say what the class teaches of mathematics"),
        ("schools", {"schools": ["nowhere"]}, "Choose schools of your district"),
    ],
)  # fmt: skip
def test_what_is_missing_is_told_at_its_field(
    client: PolicingClient,
    cast: Cast,
    draft: ArticulationRequest,
    name: str,
    typed: dict[str, Any],
    words: str,
) -> None:
    client.force_login(cast.teacher)
    response = client.post(page(draft, name), typed)
    assert response.status_code == 422
    html = response.content.decode()
    assert words in html
    assert "There is a problem" in html
    assert "<title>Error: " in html


def test_papers_are_attached_replaced_and_taken_out(
    client: PolicingClient, cast: Cast, draft: ArticulationRequest
) -> None:
    client.force_login(cast.teacher)
    assert "Still to attach" in client.get(page(draft, "files")).content.decode()
    for name in ("one.pdf", "two.pdf"):
        response = client.post(
            page(draft, "files"),
            {"chosen": "attach", "kind": "syllabus", "paper": SimpleUploadedFile(name, requesting.PDF)},
        )
        assert response.status_code == 302
        assert client.get(response["Location"]).status_code == 200
    file = draft.files.in_hand().get()
    assert file.name == "two.pdf"
    response = client.get(page(draft, "files"))
    html = response.content.decode()
    assert "two.pdf" in html
    assert "one.pdf" not in html
    assert response.context["form"]["kind"].value() == response.context["missing"][0] != "syllabus"
    client.post(page(draft, "files"), {"chosen": "take_out", "file": str(file.public_id)})
    assert not draft.files.in_hand().exists()


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.pdf", b"", "The file is empty"),
        ("a.png", requesting.PDF, "its name says otherwise"),
        ("a.docx", archive(), "The file is not a PDF, PNG or JPEG file"),
        ("a.pdf", requesting.PDF + archive() + b"\n%%EOF\n", "two kinds of file at once"),
        ("a.pdf", requesting.PDF + b" " * 6 * 1024 * 1024, "larger than 5 MB"),
        ("a.pdf", requesting.PDF.replace(b"/Catalog", b"/JavaScript"), "holds programs"),
    ],
)
def test_wrong_papers_get_the_words_that_fit(
    client: PolicingClient, cast: Cast, draft: ArticulationRequest, name: str, content: bytes, words: str
) -> None:
    client.force_login(cast.teacher)
    upload = SimpleUploadedFile(name, content)
    response = client.post(page(draft, "files"), {"chosen": "attach", "kind": "syllabus", "paper": upload})
    assert response.status_code == 422
    assert words in response.content.decode()
    assert not draft.files.exists()


def test_what_is_handed_in_cannot_be_changed(client: PolicingClient, cast: Cast) -> None:
    asked = cast.articulation_request
    client.force_login(cast.teacher)
    response = client.post(page(asked, "class"), {"title": "Other"})
    assert response["Location"] == reverse("articulations:request", args=[asked.public_id])
    assert requesting.fresh(asked).title == "Bookkeeping"
    file = cast.request_file
    assert (
        client.post(page(asked, "files"), {"chosen": "take_out", "file": file.public_id}).status_code == 302
    )
    assert asked.files.in_hand().count() == 5


def test_strangers_and_other_seats(client: PolicingClient, cast: Cast, draft: ArticulationRequest) -> None:
    for user, status in (
        (cast.colleague, 404),
        (cast.other_teacher, 404),
        (cast.faculty, 403),
        (cast.counselor, 403),
    ):
        client.force_login(user)
        assert client.get(page(draft, "class")).status_code == status
    client.force_login(cast.teacher)
    assert client.get(page(draft, "nothing")).status_code == 404
