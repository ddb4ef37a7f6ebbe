"""Letters on paper: a mailing is begun, put together part by part, joined into one file, and marked as mailed."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.actions import keep, queue_job, queue_mail, record_event, work_on
from accounts.models import Job, User
from organizations.models import AcademicYear, College
from sers.lib.locks import one_at_a_time
from sers.lib.refusal import Refusal, Refused
from students.actions import disclose
from students.models import Disclosure, Student
from transcripts import documents, rules
from transcripts.documents.printing import joined, sheets
from transcripts.models import (
    PART,
    Letterhead,
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
    address or no letter is left out and listed; a later mailing asks again, and starts when it could print one.
    """
    if not rules.can_issue(by, college.pk):
        raise Refused(Refusal("not_registrar", f"Only the registrar of {college} can start this."))
    with _one_in_the_making(college):
        waiting = Transcript.objects.to_be_printed(college, year).worth_a_mailing()
        if refusal := rules.why_not_start_mailing(waiting=waiting.distinct().count()):
            raise Refused(refusal)
        mailing = PaperMailing.objects.create(
            college=college, year=year, started_by=by, mail_by=usual_mail_by(year)
        )
        _sort_in(mailing)
        record_event(by=by, kind="transcripts.mailing_started", subject=mailing)
        queue_job(key=mailing.job_key, task=MAILING_TASK, subject=mailing)
    return mailing


def make_mailing_again(*, mailing: PaperMailing, by: User) -> None:
    """Make the file of a mailing anew by what stands now, or set the workers to one they gave up.

    A file that is ready is thrown away: its letters, and whoever waits by now, are sorted afresh. One that was given up
    goes on where it stopped.
    """
    if not rules.can_issue(by, mailing.college_id):
        raise Refused(Refusal("not_registrar", f"Only the registrar of {mailing.college} can do this."))
    with _one_in_the_making(mailing.college):
        locked = PaperMailing.objects.select_for_update(of=("self",)).with_names().get(pk=mailing.pk)
        if refusal := rules.why_not_make_again(locked, parked=rules.is_parked(locked.job_key)):
            raise Refused(refusal)
        if locked.state == PaperMailing.State.READY:
            MailingFile.objects.filter(mailing=locked).delete()
            locked.items.all().delete()
            locked.state, locked.ready_at, locked.pages = PaperMailing.State.PREPARING, None, 0
            _sort_in(locked)
        locked.makings += 1
        locked.save(update_fields=("state", "ready_at", "pages", "makings"))
        record_event(by=by, kind="transcripts.mailing_made_again", subject=locked)
        queue_job(key=locked.job_key, task=MAILING_TASK, subject=locked)


@contextmanager
def _one_in_the_making(college: College) -> Iterator[None]:
    """A transaction in which the mailings of a college are sorted by one person at a time; the database says that one is
    made at a time."""
    try:
        with transaction.atomic():
            one_at_a_time(f"mailings {college.pk}")
            yield
    except IntegrityError as error:
        if "one_mailing_in_the_making" not in str(error):
            raise
        raise Refused(rules.MAILING_IS_MADE) from None


def _sort_in(mailing: PaperMailing) -> None:
    """Every letter that waits, at its place in the mail or left out with the reason."""
    waiting = Transcript.objects.to_be_printed(mailing.college, mailing.year)
    items = [
        MailingItem(
            mailing=mailing,
            transcript=one,
            left_out=rules.why_left_out(one.student, has_letter=hasattr(one, "letter")),
        )
        for one in waiting.select_related("student", "letter")
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
    """Put together the first part that is missing. False when all are there.

    Asked again for each letter: what was revoked or replaced since it was sorted, or is not to be mailed any more, is left
    out. A letter that was written to another address goes behind a sheet with today's.
    """
    done = MailingPart.objects.filter(mailing=mailing).values("number")
    number = (
        mailing.items.printed().exclude(part__in=done).order_by("part").values_list("part", flat=True).first()
    )
    if number is None or mailing.state != PaperMailing.State.PREPARING:
        return False
    items = list(mailing.items.of_part(number))
    out = {item.pk: reason for item in items if (reason := rules.why_item_left_out(item))}
    letterhead = Letterhead.objects.of(mailing.college)
    pdf, pages = sheets(
        (papers for item in items if item.pk not in out for papers in _papers(item.transcript, letterhead)),
        title=f"Letters of {mailing.college}, part {number}",
    )
    with transaction.atomic():
        held = PaperMailing.objects.select_for_update().get(pk=mailing.pk)
        # Two workers at once make the same part; the first one's is kept, and none of a making that is over.
        if (held.state, held.makings) != (mailing.state, mailing.makings):
            return False
        if not held.parts.filter(number=number).exists():
            for item in items:
                if item.pk in out:
                    item.left_out, item.position, item.part = out[item.pk], None, None
                else:
                    item.address = "\n".join(item.transcript.student.address_lines)
            MailingItem.objects.bulk_update(items, ("left_out", "position", "part", "address"))
            if len(out) < len(items):
                MailingPart.objects.create(mailing=held, number=number, pages=pages, pdf=pdf)
    return True


def _papers(transcript: Transcript, letterhead: Letterhead | None) -> Iterator[list[bytes]]:
    """What goes into one envelope, each on a sheet of its own: letter and transcript, before them today's address where
    the letter shows another."""
    if rules.needs_address_sheet(transcript):
        yield [documents.address_pdf(transcript.letter, letterhead)]
    yield [bytes(transcript.letter.file.pdf), bytes(transcript.file.pdf)]


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
        if (locked.state, locked.makings) != (PaperMailing.State.PREPARING, mailing.makings):
            return False
        if pages:
            MailingFile.objects.create(mailing=locked, pdf=pdf)
        locked.state, locked.ready_at, locked.pages = PaperMailing.State.READY, timezone.now(), pages
        locked.save(update_fields=("state", "ready_at", "pages"))
        parts.delete()
        record_event(by=None, kind="transcripts.mailing_ready", subject=locked, data={"pages": pages})
        queue_mail(
            key=f"{locked.job_key}-ready",
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
