"""One agreement under review: what changed, what was found, what follows; of two who review at once one is told."""

import datetime
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from articulations import rules
from articulations.models import AgreementMark, Articulation
from tests.articulations.test_edit_course import changed
from tests.people import Cast
from tests.policing import PolicingClient


def page(agreement: Articulation) -> str:
    return reverse("articulations:review", args=[agreement.public_id])


def typed(agreement: Articulation, outcome: str, **changes: Any) -> dict[str, Any]:
    found = Articulation.objects.get(pk=agreement.pk)
    return {"due_on": found.review_due_on, "outcome": outcome, "note": "The outcomes still fit.", **changes}


def test_it_stays_and_answers_what_changed(client: PolicingClient, cast: Cast) -> None:
    changed(cast, credits="4")
    agreement = Articulation.objects.get(pk=cast.agreement.pk)
    assert agreement.review_due_on == timezone.localdate()
    client.force_login(cast.faculty)
    html = client.get(page(agreement)).content.decode()
    assert "What has changed of its courses" in html
    assert '<td role="cell" data-label="Before">5</td>' in html
    assert client.post(page(agreement), typed(agreement, "stays")).status_code == 302
    assert not AgreementMark.objects.open().filter(articulation=agreement).exists()
    agreement.refresh_from_db()
    assert agreement.reviewed_on == timezone.localdate()
    assert agreement.review_due_on == rules.review_day(timezone.localdate(), agreement.valid_until, 3)
    html = client.get(page(agreement)).content.decode()
    assert "It stays as it is" in html
    assert "The outcomes still fit." in html


def test_who_comes_second_is_told(client: PolicingClient, cast: Cast) -> None:
    changed(cast, credits="4")
    first = typed(cast.agreement, "stays")
    client.force_login(cast.faculty)
    client.post(page(cast.agreement), first)
    client.force_login(cast.consortium)
    answer = client.post(page(cast.agreement), first)
    assert answer.status_code == 409
    assert "Somebody else has reviewed this agreement." in answer.content.decode()


def test_its_end_is_not_moved_by_a_review(client: PolicingClient, cast: Cast) -> None:
    agreement = Articulation.objects.get(pk=cast.agreement.pk)
    Articulation.objects.filter(pk=agreement.pk).update(review_due_on=agreement.valid_until)
    client.force_login(cast.faculty)
    answer = client.post(page(agreement), typed(agreement, "stays"))
    assert answer.status_code == 422
    assert "Renew it, or let it end" in answer.content.decode()
    for outcome in ("no_revision", "revision", "lapses"):
        assert client.post(page(agreement), typed(agreement, outcome)).status_code == 302
    client.force_login(cast.consortium)
    html = client.get(page(agreement)).content.decode()
    assert "Write the renewal" in html
    assert "kind=revision&amp;renews=" in html
    begin = reverse("articulations:new_request") + f"?kind=revision&renews={agreement.public_id}"
    assert f'value="{agreement.public_id}" selected' in client.get(begin).content.decode()


@pytest.mark.parametrize(
    ("person", "may"),
    [("faculty", True), ("consortium", True), ("district", False), ("state", False), ("other_faculty", False),
     ("registrar", False), ("teacher", False)],
)  # fmt: skip
def test_the_college_and_the_consortium_review(cast: Cast, person: str, may: bool) -> None:
    user: User = getattr(cast, person)
    agreement = Articulation.objects.with_names().get(pk=cast.agreement.pk)
    assert (rules.why_not_review(user, agreement) is None) is may


def test_others_read_or_do_not_find_it(client: PolicingClient, cast: Cast) -> None:
    for user, status in (
        (cast.district, 403),
        (cast.state, 403),
        (cast.other_faculty, 404),
        (cast.registrar, 403),
    ):
        client.force_login(user)
        assert client.post(page(cast.agreement), typed(cast.agreement, "stays")).status_code == status


def test_what_was_terminated_is_not_reviewed(client: PolicingClient, cast: Cast) -> None:
    Articulation.objects.filter(pk=cast.agreement.pk).update(
        terminated_at=timezone.now(), terminated_by=cast.consortium, terminated_reason="No more",
        valid_until=timezone.localdate() + datetime.timedelta(days=3),
    )  # fmt: skip
    client.force_login(cast.faculty)
    assert "was terminated" in client.get(page(cast.agreement)).content.decode()
    assert client.post(page(cast.agreement), typed(cast.agreement, "stays")).status_code == 409
