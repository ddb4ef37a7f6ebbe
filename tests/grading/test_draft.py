"""Drafts: kept while one types, read again by nobody else, ended by Save Changes; also when the session ended first."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import signing
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from grading.forms.entries import TYPIST, typist_of
from grading.models import GradeDraft
from organizations.models import CollegeYear, Window
from students.models import Registration
from tests import people
from tests.grading.test_roster import address, fields, key, notice, opened, rows
from tests.people import PASSWORD, Cast
from tests.policing import PolicingClient


def draft_address(section: Any, query: str = "") -> str:
    return reverse("grading:draft", args=[section.public_id]) + query


@pytest.fixture
def teacher(client: PolicingClient, cast: Cast) -> PolicingClient:
    client.force_login(cast.teacher)
    return client


def row(registration: Registration) -> str:
    """What the page sends of a row without a grade."""
    return f"{registration.public_id} {registration.version} {registration.status} "


def keep(client: Client, cast: Cast, **more: Any) -> Any:
    """Keep 91 for `registration`."""
    data = {"row": row(cast.registration), key(cast.registration): "91", **more}
    return client.post(draft_address(cast.section), data)


def drafts() -> list[tuple[str, list[str]]]:
    return [
        (draft.user.username, sorted(draft.rows))
        for draft in GradeDraft.objects.select_related("user").order_by("pk")
    ]


def test_a_draft_is_kept_and_shown_again(teacher: PolicingClient, cast: Cast) -> None:
    answer = keep(teacher, cast, **{key(cast.registration, "comment"): "Nearly done."})
    assert re.fullmatch(r"\d+:\d\d [ap]m", answer.json()["kept"])
    assert not cast.registration.grades.exists()
    html = opened(teacher, cast.section)
    assert f"You have unsaved changes from {answer.json()['kept']}" in html
    assert "1 row. It counts only when you press Save Changes." in html
    assert "[91] % 3.5 A-" in rows(html)["Vega, Marisol"]
    assert "Nearly done." in html
    cast.registration.refresh_from_db()
    assert cast.registration.status == Registration.Status.IN_PROGRESS


def test_a_draft_of_another_day_says_which(teacher: PolicingClient, cast: Cast) -> None:
    keep(teacher, cast)
    at = timezone.localtime() - timedelta(days=3)
    GradeDraft.objects.update(saved_at=at)
    assert f"You have unsaved changes from {at:%B} {at.day}, " in opened(teacher, cast.section)


def test_a_draft_on_a_graded_row_is_shown_though_graded_rows_are_not(
    teacher: PolicingClient, cast: Cast
) -> None:
    one = cast.classmate_registration
    data = {"row": f"{one.public_id} {one.version} completed 97", key(one): "98"}
    teacher.post(draft_address(cast.section), data)
    assert "[98] % 4.0 A" in rows(opened(teacher, cast.section))["Hernández de la Cruz, Maximiliano"]


def test_save_changes_ends_the_rows_it_saved(teacher: PolicingClient, cast: Cast) -> None:
    keep(teacher, cast)
    data = fields(opened(teacher, cast.section, "?graded=1"))
    assert data[key(cast.registration)] == "91"
    data[key(cast.below_registration)] = "197"
    teacher.post(draft_address(cast.section), data)
    assert teacher.post(address(cast.section, "?graded=1"), data).status_code == 422
    # The row that waits for the person stays in the draft, the saved one does not.
    assert drafts() == [(cast.teacher.username, [str(cast.below_registration.public_id)])]
    html = opened(teacher, cast.section)
    assert "[197]" in rows(html)["Ángel-Lindqvist, Bo"]
    assert "Vega, Marisol" not in rows(html)


def test_a_draft_whose_rows_are_all_saved_is_silent(teacher: PolicingClient, cast: Cast) -> None:
    keep(teacher, cast)
    data = {"row": row(cast.registration), key(cast.registration): "91"}
    assert teacher.post(address(cast.section), data).status_code == 302
    assert drafts() == [(cast.teacher.username, [])]
    assert "unsaved changes" not in opened(teacher, cast.section, "?graded=1")


def test_what_is_typed_back_leaves_the_draft(teacher: PolicingClient, cast: Cast) -> None:
    keep(teacher, cast)
    answer = teacher.post(draft_address(cast.section), {"clean": str(cast.registration.public_id)})
    assert answer.json() == {"kept": ""}
    assert drafts() == []


def test_two_windows_keep_each_others_rows(teacher: PolicingClient, cast: Cast) -> None:
    keep(teacher, cast)
    other = cast.gone_registration
    teacher.post(draft_address(cast.section), {"row": row(other), key(other, "status"): "not_in_class"})
    keys = sorted(str(one.public_id) for one in (cast.registration, other))
    assert drafts() == [(cast.teacher.username, keys)]


def test_discard(teacher: PolicingClient, cast: Cast) -> None:
    keep(teacher, cast)
    html = opened(teacher, cast.section, "?graded=1")
    assert f'action="{draft_address(cast.section, "?graded=1")}"' in html
    response = teacher.post(draft_address(cast.section, "?graded=1"), {"discard": "1"})
    assert response.headers["Location"] == address(cast.section, "?graded=1")
    assert notice(teacher, response) == "Your unsaved changes are discarded. What was saved before stands."
    assert drafts() == []


def test_nobody_else_reads_it(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.teacher)
    keep(client, cast)
    cast.section.teachers.add(cast.colleague_seat)
    for person in ("colleague", "counselor", "consortium", "state"):
        client.force_login(getattr(cast, person))
        html = opened(client, cast.section)
        assert "unsaved changes" not in html, person
        assert "91" not in rows(html)["Vega, Marisol"]


def test_a_draft_clashes_with_what_was_saved_meanwhile(teacher: PolicingClient, cast: Cast) -> None:
    cast.section.teachers.add(cast.colleague_seat)
    keep(teacher, cast)
    people.grade(cast.registration, "88", by=cast.colleague)
    html = opened(teacher, cast.section)
    assert "[91] %" in rows(html)["Vega, Marisol"]
    response = teacher.post(address(cast.section), fields(html))
    assert response.status_code == 422
    assert f"{cast.colleague.name} saved 88 at" in response.content.decode()


def test_a_draft_after_the_window_closed_is_told(teacher: PolicingClient, cast: Cast) -> None:
    keep(teacher, cast)
    people.close_window(Window.Kind.GRADING, cast.columbia_basin, cast.year)
    html = opened(teacher, cast.section)
    assert "You entered 91 %; it is not saved." in html
    assert "1 row can no longer be saved: see there." in html


def test_a_draft_from_before_the_college_asked_otherwise(teacher: PolicingClient, cast: Cast) -> None:
    """Nothing breaks; Save Changes says what to do."""
    keep(teacher, cast)
    CollegeYear.objects.filter(college=cast.cbc, year=cast.year).update(every_term=True)
    html = opened(teacher, cast.section)
    assert "The college asks for other parts of a grade now. You entered 91 %; it is not saved." in html
    data = {"row": row(cast.registration), key(cast.registration): "91"}
    response = teacher.post(address(cast.section), data)
    assert "asks for other parts of a grade now" in response.content.decode()


def test_who_may_keep_one(client: PolicingClient, cast: Cast) -> None:
    answers = {}
    for person in ("colleague", "other_teacher", "counselor", "consortium", "former_teacher", "many_hats"):
        client.force_login(getattr(cast, person))
        answers[person] = keep(client, cast).status_code
    assert answers == {
        "colleague": 404, "other_teacher": 404, "counselor": 403, "consortium": 403, "former_teacher": 403,
        "many_hats": 404,
    }  # fmt: skip
    assert drafts() == []


def test_what_a_draft_takes(teacher: PolicingClient, cast: Cast) -> None:
    """Long texts are cut, torn rows refused, other methods too."""
    keep(teacher, cast, **{key(cast.registration): "9" * 5000, key(cast.registration, "comment"): "x" * 9000})
    (kept,) = GradeDraft.objects.get().rows.values()
    assert (len(kept["grade"]), len(kept["comment"])) == (40, 4000)
    assert teacher.post(draft_address(cast.section), {"row": "1"}).status_code == 400
    assert teacher.get(draft_address(cast.section)).status_code == 405
    nobody = {"row": f"{people.make_user().pk} 1 in_progress ", "clean": ["x", "1; DROP"]}
    assert teacher.post(draft_address(cast.section), nobody).status_code == 400


# --- The session ended while one typed ------------------------------------------------------------------


def late(cast: Cast, path: str, *, seal: str | None = None, hx: bool = False, **more: Any) -> Any:
    """The form of the teacher's page, sent by a browser whose session has ended."""
    data = {
        "typist": typist_of(cast.teacher, cast.section) if seal is None else seal,
        "row": row(cast.registration), key(cast.registration): "91", **more,
    }  # fmt: skip
    headers = {"Referer": f"http://testserver{address(cast.section)}"} | (
        {"HX-Request": "true"} if hx else {}
    )
    return Client().post(path, data, headers=headers)


def test_save_changes_after_the_session_ended_keeps_what_was_typed(client: Client, cast: Cast) -> None:
    response = late(cast, address(cast.section))
    assert response.status_code == 302
    assert response.headers["Location"] == f"/accounts/sign-in/?next={address(cast.section)}"
    assert drafts() == [(cast.teacher.username, [str(cast.registration.public_id)])]
    assert not cast.registration.grades.exists()
    client.login(username=cast.teacher.username, password=PASSWORD)
    html = opened(client, cast.section)
    assert "You have unsaved changes from" in html
    assert "[91] % 3.5 A-" in rows(html)["Vega, Marisol"]


def test_the_sign_in_page_says_so(cast: Cast) -> None:
    client = Client()
    data = {
        "typist": typist_of(cast.teacher, cast.section),
        "row": row(cast.registration),
        key(cast.registration): "91",
    }
    page = client.post(address(cast.section), data, follow=True).content.decode()
    assert "What you typed is kept for you, and nothing of it is saved yet." in page


def test_a_late_draft_is_kept_and_the_script_is_told(cast: Cast) -> None:
    response = late(cast, draft_address(cast.section), hx=True)
    assert (response.status_code, response.headers["X-Kept"]) == (204, "1")
    assert len(drafts()) == 1


def test_untouched_rows_of_a_late_form_are_not_unsaved_changes(client: Client, cast: Cast) -> None:
    """Without a script every row is sent; a row changed by others since must not look typed over."""
    graded = cast.below_registration
    data = {key(graded): "84"}
    late(
        cast, address(cast.section), **data,
        row=[row(cast.registration), f"{graded.public_id} {graded.version} not_attained 84"],
    )  # fmt: skip
    people.grade(graded, "86", by=cast.teacher)
    client.force_login(cast.teacher)
    html = opened(client, cast.section, "?graded=1")
    assert "1 row. It counts only" in html
    assert "[86] % 3.1 B" in rows(html)["Ángel-Lindqvist, Bo"]


@pytest.mark.parametrize("seal", ["", "made:up:seal", "stranger", "other class", "old", "gone"])
def test_a_seal_that_is_not_ours_keeps_nothing(
    cast: Cast, seal: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = {
        "stranger": typist_of(cast.colleague, cast.section),  # does not teach this class
        "other class": typist_of(cast.teacher, cast.last_section),
        "gone": typist_of(cast.former_teacher, cast.section),
        "old": signing.dumps([cast.teacher.pk, cast.section.pk], salt=TYPIST),
    }
    if seal == "old":
        monkeypatch.setattr("grading.forms.entries.SESSION_LENGTH", -1)
    response = late(cast, address(cast.section), seal=made.get(seal, seal))
    assert response.status_code == 302
    assert drafts() == []


def test_a_late_form_that_is_torn_or_empty_keeps_nothing(cast: Cast) -> None:
    for more in ({"row": "1"}, {"row": []}, {key(cast.registration): "a\x00b"}, {"discard": "1"}):
        assert late(cast, address(cast.section), **more).status_code == 302
    assert drafts() == []


# --- Queries --------------------------------------------------------------------------------------------


def test_queries_with_a_draft(teacher: PolicingClient, cast: Cast, django_assert_num_queries: Any) -> None:
    """As many as without one: the draft comes with the class, and goes with what is saved."""
    keep(teacher, cast)
    with django_assert_num_queries(11):
        data = fields(opened(teacher, cast.section, "?graded=1"))
    with django_assert_num_queries(11):
        assert teacher.post(address(cast.section), data).status_code == 302
