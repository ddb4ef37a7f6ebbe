"""Letters to a chosen group: written, tried on oneself, sent once to each person, and stopped by who wants no more."""

import hashlib
from collections.abc import Sequence
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.actions import keep, queue_job, queue_mail, record_event, work_on
from accounts.models import Job, Mail, User
from organizations.models import AcademicYear, Consortium
from reports import rules
from reports.models import Mailing, MailingRecipient, NoLetters
from sers.lib.refusal import Refusal, Refused

MAILING_TASK = "reports.deliver_mailing"


def begin_mailing(*, group: str, consortium: Consortium, year: AcademicYear, by: User) -> Mailing:
    """A draft for a group, with the words SERS proposes."""
    if not rules.can_write_mailing(by, consortium.pk):
        raise Refused(Refusal("not_yours", "You write to the people of your own consortium.", ""))
    subject, text = rules.STARTERS[group]
    with transaction.atomic():
        mailing: Mailing = Mailing.objects.create(
            group=group, consortium=consortium, year=year, subject=subject, text=text, written_by=by
        )
        record_event(by=by, kind="reports.mailing_begun", subject=mailing)
    return mailing


def write_mailing(
    *, mailing: Mailing, subject: str, text: str, subject_es: str, text_es: str, by: User
) -> Mailing:
    """Change the words of a draft; what was sent stays as it was. The letter as it stands now."""
    with transaction.atomic():
        locked = Mailing.objects.select_for_update(of=("self",)).select_related("consortium", "year")
        held: Mailing = locked.get(pk=mailing.pk)
        refusal = rules.why_not_change_mailing(by, held)
        if refusal is not None:
            raise Refused(refusal)
        held.subject, held.text, held.subject_es, held.text_es = subject, text, subject_es, text_es
        held.save(update_fields=("subject", "text", "subject_es", "text_es"))
    return held


def try_mailing(*, mailing: Mailing, by: User) -> bool:
    """Send a letter to oneself, as oneself would read it; the same words once. Whether it was sent."""
    if not rules.can_write_mailing(by, mailing.consortium_id):
        raise Refused(Refusal("not_yours", "This letter is another consortium’s.", ""))
    words = "\0".join((mailing.subject, mailing.text, mailing.subject_es, mailing.text_es))
    mark = hashlib.sha256(words.encode()).hexdigest()[:16]
    written = rules.written_for(mailing, by)
    mail = queue_mail(
        key=f"mailing-test-{mailing.pk}-{mark}-{by.pk}",
        to=by.email,
        person=by,
        language=written.language,
        template="reports/mailing",
        context={"subject": written.subject, "text": written.text, "stop_url": ""},
    )
    return mail is not None


def send_mailing(*, mailing: Mailing, by: User) -> None:
    """Have a worker send a letter to everybody of its group. Pressed twice, it goes once."""
    number = rules.people_of(mailing).count()
    with transaction.atomic():
        held = Mailing.objects.select_for_update().get(pk=mailing.pk)
        refusal = rules.why_not_send_mailing(by, held, number)
        if refusal is not None:
            raise Refused(refusal)
        held.sent_at = timezone.now()
        held.save(update_fields=("sent_at",))
        record_event(by=by, kind="reports.mailing_sent", subject=held, data={"people": number})
        queue_job(key=f"mailing-{held.public_id}", task=MAILING_TASK, subject=held)


def deliver_mailing(*, job_id: int) -> None:
    """The worker's part: a letter for each person in the outbox, so many a minute. Begun anew after a worker died, it
    goes on: whoever has theirs gets no second one."""
    with work_on(job_id) as job:
        if job is None:
            return
        mailing = Mailing.objects.select_related("consortium", "year").get(pk=job.subject_id)
        if mailing.sent_at is None or mailing.done_at is not None:
            return
        people = list(rules.people_of(mailing).values_list("pk", flat=True))
        for begins in range(0, len(people), rules.BATCH):
            _write_to(mailing, people[begins : begins + rules.BATCH], begins, job)
        sent = MailingRecipient.objects.filter(mailing=mailing).count()
        Mailing.objects.filter(pk=mailing.pk).update(done_at=timezone.now(), people=sent)


def _write_to(mailing: Mailing, keys: Sequence[int], before: int, job: Job) -> None:
    users = User.objects.in_bulk(keys)
    with transaction.atomic():
        MailingRecipient.objects.bulk_create(
            (MailingRecipient(mailing=mailing, user_id=key) for key in keys), ignore_conflicts=True
        )
        links = dict(
            MailingRecipient.objects.filter(mailing=mailing, user__in=keys).values_list(
                "user_id", "public_id"
            )
        )
        for number, key in enumerate(keys, before):
            user = users[key]
            written = rules.written_for(mailing, user)
            stop = reverse("reports:no_letters", args=[links[key]]) if mailing.may_be_stopped else ""
            mail = queue_mail(
                key=rules.mail_key(mailing, key),
                to=user.email,
                person=user,
                language=written.language,
                template="reports/mailing",
                context={
                    "subject": written.subject,
                    "text": written.text,
                    "stop_url": f"{settings.PUBLIC_URL}{stop}" if stop else "",
                },
            )
            later = timedelta(seconds=60 * number / rules.PACE)
            if mail is not None and later:
                Mail.objects.filter(pk=mail.pk).update(not_before=timezone.now() + later)
    keep(job)


def stop_letters(*, recipient: MailingRecipient) -> None:
    """Whoever got a letter wants no more of those nobody must read. Asked twice, it is the same."""
    with transaction.atomic():
        stopped, created = NoLetters.objects.get_or_create(user_id=recipient.user_id)
        if created:
            record_event(by=None, kind="reports.letters_stopped", subject=stopped)
