"""Letters on paper: a mailing is begun, put together part by part, joined into one file, and marked as mailed."""

from datetime import date

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.actions import keep, queue_job, queue_mail, record_event, work_on
from accounts.models import Job, User
from organizations.models import AcademicYear, College
from sers.lib.refusal import Refusal, Refused
from students.actions import disclose
from students.models import Disclosure, Student
from transcripts import rules
from transcripts.documents.printing import joined, sheets
from transcripts.models import (
    PART,
    MailingFile,
    MailingItem,
    MailingPart,
    PaperMailing,
    Transcript,
    usual_mail_by,
)

MAILING_TASK = "transcripts.make_mailing"


def start_mailing(*, college: College, year: AcademicYear, by: User) -> PaperMailing:
    """Begin the mailing of a college and school year: every current transcript that no mailing has printed.

    Letters are put in the order of their ZIP codes and in parts of fifty. Who has died, wants no paper, has no full
    address or no letter is left out and listed; a later mailing asks again.
    """
    if not rules.can_issue(by, college.pk):
        raise Refused(Refusal("not_registrar", f"Only the registrar of {college} can start this."))
    try:
        with transaction.atomic():
            waiting = list(
                Transcript.objects.to_be_printed(college, year).select_related("student", "letter")
            )
            if refusal := rules.why_not_start_mailing(waiting=len(waiting)):
                raise Refused(refusal)
            mailing = PaperMailing.objects.create(
                college=college, year=year, started_by=by, mail_by=usual_mail_by(year)
            )
            _sort_in(mailing, waiting)
            record_event(by=by, kind="transcripts.mailing_started", subject=mailing)
            queue_job(key=f"mailing-{mailing.pk}", task=MAILING_TASK, subject=mailing)
    except IntegrityError as error:
        if "one_mailing_in_the_making" not in str(error):
            raise
        raise Refused(rules.MAILING_IS_MADE) from None
    return mailing


def _sort_in(mailing: PaperMailing, waiting: list[Transcript]) -> None:
    items = [
        MailingItem(
            mailing=mailing,
            transcript=one,
            left_out=rules.why_left_out(one.student, has_letter=hasattr(one, "letter")),
        )
        for one in waiting
    ]
    printed = [item for item in items if not item.left_out]
    printed.sort(key=lambda item: rules.place_in_the_mail(item.transcript.student))
    for position, item in enumerate(printed):
        item.position, item.part = position + 1, position // PART + 1
    MailingItem.objects.bulk_create(items, batch_size=500)


def make_mailing(*, job_id: int) -> None:
    """A worker's part of a mailing: part after part, each kept as soon as it is done, then one file of them.

    A worker that dies leaves the parts that are done; the next one goes on with the first that is missing.
    """
    with work_on(job_id) as job:
        if job is None:
            return
        mailing = PaperMailing.objects.with_names().get(pk=job.subject_id)
        while make_next_part(mailing=mailing):
            keep(job)
        finish_mailing(mailing=mailing, job=job)


def make_next_part(*, mailing: PaperMailing) -> bool:
    """Put together the first part that is missing. False when all are there."""
    done = MailingPart.objects.filter(mailing=mailing).values("number")
    number = (
        mailing.items.printed().exclude(part__in=done).order_by("part").values_list("part", flat=True).first()
    )
    if number is None or mailing.state != PaperMailing.State.PREPARING:
        return False
    pdf, pages = sheets(
        (
            [bytes(item.transcript.letter.file.pdf), bytes(item.transcript.file.pdf)]
            for item in mailing.items.of_part(number)
        ),
        title=f"Letters of {mailing.college}, part {number}",
    )
    part = MailingPart(mailing=mailing, number=number, pages=pages, pdf=pdf)
    # Two workers at once make the same part; the first one's is kept.
    MailingPart.objects.bulk_create([part], ignore_conflicts=True)
    return True


def finish_mailing(*, mailing: PaperMailing, job: Job | None = None) -> bool:
    """Join the parts into the one file, and tell the registrar. Safe to ask twice."""
    if job is not None:
        keep(job)
    parts = MailingPart.objects.filter(mailing=mailing).order_by("number")
    pdf, pages = joined(
        (bytes(part) for part in parts.values_list("pdf", flat=True).iterator(chunk_size=1)),
        title=f"Letters of {mailing.college} on credit of {mailing.year}",
    )
    with transaction.atomic():
        locked = PaperMailing.objects.select_for_update(of=("self",)).with_names().get(pk=mailing.pk)
        if locked.state != PaperMailing.State.PREPARING:
            return False
        if pages:
            MailingFile.objects.create(mailing=locked, pdf=pdf)
        locked.state, locked.ready_at, locked.pages = PaperMailing.State.READY, timezone.now(), pages
        locked.save(update_fields=("state", "ready_at", "pages"))
        parts.delete()
        record_event(by=None, kind="transcripts.mailing_ready", subject=locked, data={"pages": pages})
        queue_mail(
            key=f"mailing-{locked.pk}-ready",
            to=locked.started_by.email,
            person=locked.started_by,
            template="transcripts/mailing_ready",
            context={
                "first_name": locked.started_by.first_name,
                "college": locked.college.name,
                "letters": locked.items.printed().count(),
                "left_out": locked.items.out().count(),
                "mail_by": locked.mail_by,
                "url": f"{settings.PUBLIC_URL}{reverse('transcripts:mailing', args=[locked.public_id])}",
            },
        )
    return True


def mark_mailed(*, mailing: PaperMailing, on: date, by: User) -> None:
    """Say on which day a printed mailing went to the post office."""
    if not rules.can_issue(by, mailing.college_id):
        raise Refused(Refusal("not_registrar", f"Only the registrar of {mailing.college} can do this."))
    with transaction.atomic():
        locked = PaperMailing.objects.select_for_update().get(pk=mailing.pk)
        if refusal := rules.why_not_mark_mailed(locked):
            raise Refused(refusal)
        if not timezone.localdate(locked.started_at) <= on <= timezone.localdate():
            raise Refused(
                Refusal("impossible_day", "Enter a day from the day the mailing was started until today.", "")
            )
        locked.state, locked.mailed_on, locked.mailed_by = PaperMailing.State.MAILED, on, by
        locked.save(update_fields=("state", "mailed_on", "mailed_by"))
        record_event(by=by, kind="transcripts.mailing_mailed", subject=locked, data={"on": on.isoformat()})


def note_file_taken(*, mailing: PaperMailing, by: User, session: str | None = None) -> None:
    """Who takes the file takes the addresses and records of all its students: that is written down, in the log of each
    record too."""
    if not rules.can_issue(by, mailing.college_id):
        raise Refused(Refusal("not_registrar", f"Only the registrar of {mailing.college} takes its letters."))
    printed = Student.objects.filter(transcripts__mailing_items__in=mailing.items.filter(left_out=""))
    with transaction.atomic():
        record_event(by=by, kind="transcripts.mailing_taken", subject=mailing)
        disclose(students=printed.distinct(), what=Disclosure.What.TRANSCRIPT, by=by, session=session)
