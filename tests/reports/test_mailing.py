"""One letter: written, looked at with those who get it, tried on oneself, sent once to each."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Event, Job, Mail, OutboxState, User
from reports import actions, rules
from reports.models import Mailing, MailingRecipient
from reports.tasks import deliver_mailing
from sers.lib.refusal import Refused
from students.models import Disclosure, Student
from tests.people import Cast, make_registration, make_student
from tests.policing import PolicingClient
from tests.reports.test_mailings import draft
from tests.students.pages import text

WORDS = {
    "subject": "Register, {first_name}",
    "text": "Hello {name}. {year}.",
    "subject_es": "",
    "text_es": "",
}


def address(mailing: Mailing) -> str:
    return reverse("reports:mailing", args=[mailing.public_id])


def delivered(mailing: Mailing) -> None:
    deliver_mailing(Job.objects.get(task=actions.MAILING_TASK, subject_id=mailing.pk).pk)
    mailing.refresh_from_db()


def letters(mailing: Mailing) -> Any:
    return Mail.objects.filter(key__startswith=f"mailing-{mailing.pk}-").order_by("pk")


# --- Acts -----------------------------------------------------------------------------------------------------


def test_everybody_of_the_group_gets_it_once_however_often_it_is_pressed(cast: Cast) -> None:
    people = {one.email: one for one in rules.people_of(cast.mailing)}
    actions.write_mailing(mailing=cast.mailing, by=cast.consortium, **WORDS)
    actions.send_mailing(mailing=cast.mailing, by=cast.consortium)
    with pytest.raises(Refused, match="was sent already"):
        actions.send_mailing(mailing=cast.mailing, by=cast.consortium)
    delivered(cast.mailing)
    Job.objects.filter(subject_id=cast.mailing.pk, task=actions.MAILING_TASK).update(
        state=OutboxState.QUEUED, done_at=None, not_before=timezone.now()
    )
    Mailing.objects.filter(pk=cast.mailing.pk).update(
        done_at=None
    )  # as if the worker had died before it noted the end
    delivered(cast.mailing)
    sent = letters(cast.mailing)
    assert sorted(mail.to for mail in sent) == sorted(people)
    assert cast.mailing.people == len(people)
    assert cast.mailing.state == "sent"
    one = sent.get(to=cast.newcomer.email)
    assert one.subject == f"Register, {cast.newcomer.first_name}"
    assert cast.newcomer.user is not None
    assert f"Hello {cast.newcomer.user.name}. {cast.year}." in one.text
    recipient = MailingRecipient.objects.get(mailing=cast.mailing, user=cast.newcomer.user)
    assert reverse("reports:no_letters", args=[recipient.public_id]) in one.text
    assert Event.objects.about(cast.mailing, "reports.mailing_sent").count() == 1


def test_a_letter_that_must_be_read_has_no_way_to_stop_it(cast: Cast) -> None:
    letter = draft(cast, "form_pending")
    actions.send_mailing(mailing=letter, by=cast.consortium)
    delivered(letter)
    assert "no-letters" not in letters(letter).get().text


def test_many_are_spread_over_minutes(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(4):
        make_student(cast.kamiakin, f"Kim{number}")
    monkeypatch.setattr(rules, "PACE", 1)
    monkeypatch.setattr(rules, "BATCH", 2)
    actions.send_mailing(mailing=cast.mailing, by=cast.consortium)
    began = timezone.now()
    delivered(cast.mailing)
    due = sorted(letters(cast.mailing).values_list("not_before", flat=True))
    assert len(due) >= 5
    for number, moment in enumerate(due):
        assert abs(moment - began - timedelta(minutes=number)) < timedelta(seconds=50)


def test_whoever_reads_spanish_gets_it_in_spanish(cast: Cast) -> None:
    User.objects.filter(pk=cast.newcomer.user_id).update(language="es")
    spanish = {**WORDS, "subject_es": "Inscríbete", "text_es": "Hola {first_name}."}
    actions.write_mailing(mailing=cast.mailing, by=cast.consortium, **spanish)
    actions.send_mailing(mailing=cast.mailing, by=cast.consortium)
    delivered(cast.mailing)
    mail = letters(cast.mailing).get(to=cast.newcomer.email)
    assert (mail.language, mail.subject) == ("es", "Inscríbete")
    assert f"Hola {cast.newcomer.first_name}." in mail.text
    assert "No más cartas como esta" in mail.text


def test_a_test_goes_to_oneself_once_for_the_same_words(cast: Cast) -> None:
    assert actions.try_mailing(mailing=cast.mailing, by=cast.consortium)
    assert not actions.try_mailing(mailing=cast.mailing, by=cast.consortium)
    mail = Mail.objects.get(key__startswith="mailing-test-")
    assert mail.to == cast.consortium.email
    assert f"Hello {cast.consortium.first_name}," in mail.text
    actions.write_mailing(mailing=cast.mailing, by=cast.consortium, **WORDS)
    cast.mailing.refresh_from_db()
    assert actions.try_mailing(mailing=cast.mailing, by=cast.consortium)
    assert not MailingRecipient.objects.filter(mailing=cast.mailing).exists()


@pytest.mark.parametrize(
    ("state", "who", "number", "rule"),
    [
        ("draft", "consortium", 1, None), ("draft", "consortium", 0, "nobody"),
        ("sent", "consortium", 1, "sent_already"), ("draft", "other_consortium", 1, "not_yours"),
        ("draft", "state", 1, "not_yours"),
    ],
)  # fmt: skip
def test_what_is_sent_by_whom(cast: Cast, state: str, who: str, number: int, rule: str | None) -> None:
    cast.mailing.sent_at = timezone.now() if state == "sent" else None
    refusal = rules.why_not_send_mailing(getattr(cast, who), cast.mailing, number)
    assert (refusal and refusal.rule) == rule


def test_what_was_sent_is_not_changed(cast: Cast) -> None:
    with pytest.raises(Refused, match="was sent already"):
        actions.write_mailing(mailing=cast.mailed.mailing, by=cast.consortium, **WORDS)


# --- The page ---------------------------------------------------------------------------------------------------


def test_the_page_shows_who_gets_it_and_what_they_read(cast: Cast, client: PolicingClient) -> None:
    client.force_login(cast.consortium)
    page = text(client.get(address(cast.mailing)))
    people = list(rules.people_of(cast.mailing))
    assert f"As {people[0].name} reads it" in page
    assert f"Hello {people[0].first_name}," in page
    for one in people:
        assert f"{one.student.list_name} {one.email}" in page
    assert f"Send to {len(people)} people" in page
    shown = Disclosure.objects.filter(reader=cast.consortium, what="profile")
    assert shown.count() == len(people)


def test_buttons_save_try_and_send(cast: Cast, client: PolicingClient) -> None:
    client.force_login(cast.consortium)
    where = address(cast.mailing)
    page = text(client.post(where, {**WORDS, "act": "save"}, follow=True))
    assert "The letter is saved." in page
    assert f"Register, {rules.people_of(cast.mailing)[0].first_name}" in page
    assert "The letter was sent to" in text(client.post(where, {**WORDS, "act": "try"}, follow=True))
    assert "These words were sent to" in text(client.post(where, {**WORDS, "act": "try"}, follow=True))
    page = text(client.post(where, {**WORDS, "act": "send"}, follow=True))
    assert "Each person gets it once." in page
    assert "Being sent" in page
    assert "Save and look" not in page
    again = client.post(where, {**WORDS, "act": "send"})
    assert again.status_code == 409
    assert "This letter was sent already." in text(again)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"subject": ""}, "Enter a subject"),
        ({"text": ""}, "Write the letter"),
        ({"subject": "x" * 121}, "Shorten the subject to 120 characters or fewer"),
        ({"text": "x" * 4001}, "Shorten the letter to 4,000 characters or fewer"),
        ({"text": "Hello {firstname}"}, "SERS cannot fill in {firstname}."),
        ({"text_es": "Hola"}, "Write both the subject and the letter in Spanish, or neither"),
    ],
)
def test_what_is_wrong_is_said_at_the_field(
    cast: Cast, client: PolicingClient, change: dict[str, str], words: str
) -> None:
    client.force_login(cast.consortium)
    page = client.post(address(cast.mailing), {**WORDS, **change, "act": "send"})
    assert page.status_code == 422
    assert words in text(page)
    cast.mailing.refresh_from_db()
    assert cast.mailing.sent_at is None


def test_a_letter_that_was_sent_tells_who_got_it_and_how_each_stands(
    cast: Cast, client: PolicingClient
) -> None:
    client.force_login(cast.consortium)
    actions.send_mailing(mailing=cast.mailing, by=cast.consortium)
    assert "The first letters are being written." in text(client.get(address(cast.mailing)))
    delivered(cast.mailing)
    assert cast.newcomer.user is not None
    theirs = Mail.objects.filter(key=rules.mail_key(cast.mailing, cast.newcomer.user.pk))
    theirs.update(
        state="done", done_at=timezone.now(), bounced_at=timezone.now(), bounce_reason="No such mailbox"
    )
    make_registration(cast.newcomer, cast.section, cast.agreement)
    assert cast.newcomer.user not in rules.people_of(cast.mailing), "out of the group since"
    page = text(client.get(address(cast.mailing)))
    assert f"{cast.newcomer.list_name} {cast.newcomer.email} Came back" in page
    assert "No such mailbox" in page
    assert f"{cast.mailing.people} people it was written to" in page
    assert page.count("Waiting A worker takes it within a minute.") == cast.mailing.people - 1


def test_a_merged_record_is_told_by_the_one_that_stands(cast: Cast) -> None:
    assert cast.gone.user is not None
    Student.objects.filter(pk=cast.gone.pk).update(merged_into=cast.newcomer)
    MailingRecipient.objects.create(mailing=cast.mailed.mailing, user=cast.gone.user)
    people = list(rules.written_to(cast.mailed.mailing))
    assert cast.gone.user in people
    told = {one.name for one in rules.addressees(cast.mailed.mailing, people, to=cast.consortium)}
    assert cast.newcomer.list_name in told
    assert cast.gone.list_name not in told


def test_who_left_ones_reach_since_is_named_and_leads_nowhere(cast: Cast, client: PolicingClient) -> None:
    """What was sent stays to be read; their record is another consortium's now."""
    mailing = cast.mailed.mailing
    client.force_login(cast.consortium)
    record = reverse("students:student", args=[cast.newcomer.public_id])
    assert (
        f'<a href="{record}">{cast.newcomer.list_name}</a>' in client.get(address(mailing)).content.decode()
    )
    Student.objects.filter(pk=cast.newcomer.pk).update(school=cast.wahi)
    assert client.get(record).status_code == 404
    page = client.get(address(mailing)).content.decode()
    assert f'<th role="rowheader" scope="row">{cast.newcomer.list_name}</th>' in page
    assert record not in page


def test_a_neighbour_finds_nothing(cast: Cast, client: PolicingClient) -> None:
    client.force_login(cast.other_consortium)
    assert client.get(address(cast.mailing)).status_code == 404
    assert client.post(address(cast.mailing), {**WORDS, "act": "send"}).status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_a_page_costs_the_same_however_many_get_it(
    cast: Cast, client: PolicingClient, number: int, django_assert_num_queries: Any
) -> None:
    for at in range(number):
        make_student(cast.kamiakin, f"Kim{at}")
    client.force_login(cast.consortium)
    client.get(address(cast.mailing))
    with django_assert_num_queries(9):
        client.get(address(cast.mailing))


@pytest.mark.parametrize("number", [1, 3])
def test_a_letter_that_was_sent_costs_the_same_however_many_got_it(
    cast: Cast, client: PolicingClient, number: int, django_assert_num_queries: Any
) -> None:
    for at in range(number):
        make_student(cast.kamiakin, f"Kim{at}")
    actions.send_mailing(mailing=cast.mailing, by=cast.consortium)
    delivered(cast.mailing)
    client.force_login(cast.consortium)
    client.get(address(cast.mailing))
    with django_assert_num_queries(10):
        client.get(address(cast.mailing))
