"""The link that confirms an e-mail, sent once more."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from accounts.models import Mail, MailedLink
from tests.people import Cast
from tests.policing import PolicingClient
from tests.students.pages import messages

URL = reverse("students:send_link")


def test_a_student_has_it_sent_again_but_not_at_once(cast: Cast, client: PolicingClient) -> None:
    client.force_login(cast.student.user)
    response = client.post(URL, follow=True)
    assert f"We sent a new link to {cast.student.email}" in messages(response)[0]
    assert Mail.objects.filter(to=cast.student.email, subject="Confirm your e-mail for SERS").count() == 2
    response = client.post(URL, follow=True)
    assert "Wait five minutes" in messages(response)[0]
    assert MailedLink.objects.filter(user=cast.student.user).count() == 1


def test_after_five_minutes_it_is_sent(cast: Cast, client: PolicingClient) -> None:
    client.force_login(cast.student.user)
    client.post(URL)
    MailedLink.objects.filter(user=cast.student.user).update(created_at=timezone.now() - timedelta(minutes=6))
    assert "We sent a new link" in messages(client.post(URL, follow=True))[0]


def test_a_confirmed_address_needs_none(cast: Cast, client: PolicingClient) -> None:
    user = cast.student.user
    user.email_confirmed_at = timezone.now()
    user.save()
    client.force_login(user)
    assert "confirmed already" in messages(client.post(URL, follow=True))[0]
    assert not MailedLink.objects.filter(user=cast.student.user).exists()


def test_it_is_a_button_for_students(cast: Cast, client: PolicingClient) -> None:
    client.force_login(cast.teacher)
    assert client.post(URL).status_code == 403
    client.force_login(cast.student.user)
    assert client.get(URL).status_code == 405
