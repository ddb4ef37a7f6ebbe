"""An agreement is terminated with its last day and the reason; who is registered by then stays registered."""

import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from accounts.models import Mail
from articulations.models import Articulation
from students.models import Registration
from tests.people import Cast
from tests.policing import PolicingClient


def page(agreement: Articulation) -> str:
    return reverse("articulations:terminate", args=[agreement.public_id])


def typed(**changes: Any) -> dict[str, Any]:
    return {"on": timezone.localdate(), "reason": "The college drops the course.", **changes}


def test_registrations_stay(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.consortium)
    assert "stay registered" in client.get(page(cast.agreement)).content.decode()
    before = list(Registration.objects.filter(articulation=cast.agreement).values_list("pk", "status"))
    assert client.post(page(cast.agreement), typed()).status_code == 302
    agreement = Articulation.objects.get(pk=cast.agreement.pk)
    assert agreement.valid_until == timezone.localdate()
    assert agreement.courses.get().valid_until == timezone.localdate()
    assert agreement.terminated_by == cast.consortium
    assert (
        list(Registration.objects.filter(articulation=cast.agreement).values_list("pk", "status")) == before
    )
    assert Mail.objects.filter(to=cast.teacher.email, subject__contains="ends").exists()
    assert (
        "In force until"
        in client.get(reverse("articulations:articulation", args=[agreement.public_id])).content.decode()
    )
    answer = client.post(page(cast.agreement), typed())
    assert answer.status_code == 409
    assert "was terminated already" in answer.content.decode()


def test_a_last_day_outside_of_it_and_no_reason_are_told(client: PolicingClient, cast: Cast) -> None:
    client.force_login(cast.consortium)
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    answer = client.post(page(cast.agreement), typed(on=yesterday))
    assert answer.status_code == 422
    assert "The last day lies outside of the agreement." in answer.content.decode()
    assert "Say why it is terminated" in client.post(page(cast.agreement), typed(reason="")).content.decode()


def test_others_terminate_nothing(client: PolicingClient, cast: Cast) -> None:
    for user in (cast.other_consortium, cast.registrar, cast.state):
        client.force_login(user)
        assert client.post(page(cast.agreement), typed()).status_code == 403
