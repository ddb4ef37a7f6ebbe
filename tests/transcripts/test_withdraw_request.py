"""A request is taken back before the credit is awarded, by its student alone."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from sers.lib.refusal import Refused
from students.models import Registration
from tests.people import Cast
from transcripts import actions


def press(cast: Cast, client: Client) -> int:
    return client.post(reverse("transcripts:withdraw_request", args=[cast.asked.public_id])).status_code


def test_a_student_takes_a_request_back(cast: Cast, client: Client) -> None:
    assert cast.student.user is not None
    client.force_login(cast.student.user)
    assert press(cast, client) == 302
    cast.asked.refresh_from_db()
    assert cast.asked.withdrawn_at is not None
    assert cast.asked.withdrawn_by == cast.student.user
    assert "taken back" in client.get("/transcripts/request/").content.decode()
    assert press(cast, client) == 302  # a second press changes nothing and says so
    assert "withdrawn already" in client.get("/transcripts/request/").content.decode()


def test_what_is_awarded_stays(cast: Cast, client: Client) -> None:
    Registration.objects.filter(pk=cast.registration.pk).update(status="completed", awarded_at=timezone.now())
    assert cast.student.user is not None
    with pytest.raises(Refused, match="cannot be taken back"):
        actions.withdraw_request(asked=cast.asked, by=cast.student.user)
    cast.asked.refresh_from_db()
    assert cast.asked.withdrawn_at is None


def test_nobody_else_does(cast: Cast, client: Client) -> None:
    assert cast.classmate.user is not None
    client.force_login(cast.classmate.user)
    assert press(cast, client) == 404
    client.force_login(cast.registrar)
    assert press(cast, client) == 403
    with pytest.raises(Refused, match="their own request"):
        actions.withdraw_request(asked=cast.asked, by=cast.registrar)
    client.force_login(cast.classmate.user)
    assert client.get(reverse("transcripts:withdraw_request", args=[cast.asked.public_id])).status_code == 405
