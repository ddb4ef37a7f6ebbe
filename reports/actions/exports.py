"""Everything SERS holds about one student: asked for, made by a worker, taken, and removed after seven days."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions import count_try, keep, queue_job, queue_mail, record_event, work_on
from accounts.models import Job, User
from reports import rules
from reports.documents import record_zip
from reports.models import RecordExport, RecordExportFile
from sers.lib.locks import one_at_a_time
from sers.lib.moments import day
from sers.lib.refusal import Refusal, Refused
from sers.lib.sheets import fingerprint
from students.actions import disclose, give_record
from students.models import Disclosure, Inspection, Student
from students.rules import can_ask_for_record
from students.rules.inspections import right_ended, why_not_give_record, why_not_make_file

EXPORT_TASK = "reports.make_export"


def ask_for_record(
    *, student: Student, reason: str = "", by: User, session: str | None = None
) -> RecordExport:
    """Have a worker make the file of everything SERS holds about a student.

    Asked again within the hour by the same person, it is the same file. Staff give a reason; twenty files a day.
    """
    if not can_ask_for_record(by, student):
        raise Refused(
            Refusal("not_yours", _("This file is for the student, the consortium and the State."), "")
        )
    refusal = rules.why_not_reason(by, student, reason)
    if refusal is not None:
        raise Refused(refusal)
    return _queue(student, None, reason=reason, by=by, session=session)


def answer_with_record(*, inspection: Inspection, by: User, session: str | None = None) -> RecordExport:
    """Have a worker make the file that answers a request to inspect: of the whole record for the student, who takes it in
    their account; of the school's side for a parent, for the staff who hand it over."""
    refusal = why_not_make_file(inspection, by, on=timezone.localdate())
    if refusal is not None:
        raise Refused(refusal)
    reason = f"Request to see the record, received {day(inspection.received_on)}"
    return _queue(inspection.student, inspection, reason=reason, by=by, session=session)


def _queue(
    student: Student, inspection: Inspection | None, *, reason: str, by: User, session: str | None
) -> RecordExport:
    known = _known(student, inspection, by)
    if known is not None:
        return known
    refusal = rules.why_not_ask(count_try(what=f"records by {by.pk}", within=rules.EXPORTS_WITHIN))
    if refusal is not None:
        raise Refused(refusal)
    with transaction.atomic():
        one_at_a_time(f"record of {student.pk} for {by.pk}")
        known = _known(student, inspection, by)
        if known is not None:
            return known
        export: RecordExport = RecordExport.objects.create(
            student=student, asked_by=by, reason=reason.strip()[:300], inspection=inspection
        )
        record_event(by=by, kind="reports.record_asked", subject=export)
        disclose(
            students=[student], what=Disclosure.What.EXPORT, by=by, session=session, reason=export.reason
        )
        queue_job(key=f"record-{export.public_id}", task=EXPORT_TASK, subject=export)
    return export


def _known(student: Student, inspection: Inspection | None, by: User) -> RecordExport | None:
    """The file this person asked for within the hour, for the same request."""
    fresh = RecordExport.objects.of(student).for_request(inspection).asked_by(by).fresh(timezone.now())
    found: RecordExport | None = fresh.latest_first().first()
    return found


def make_export(*, job_id: int) -> None:
    """The worker's part: write the file, keep it beside its row, and mail the link to who asked; once."""
    with work_on(job_id) as job:
        if job is None:
            return
        export = RecordExport.objects.with_request().get(pk=job.subject_id)
        if export.made_at is None and export.removed_at is None:
            asked = export.inspection
            if asked is None or right_ended(asked.asker, export.student, on=timezone.localdate()) is None:
                _make(export, job)
            else:
                _give_up(export)


def _give_up(export: RecordExport) -> None:
    """A parent whose child came of age while the file waited has no right in it: it is not made."""
    with transaction.atomic():
        if RecordExport.objects.filter(pk=export.pk, removed_at=None).update(removed_at=timezone.now()):
            record_event(by=export.asked_by, kind="reports.record_not_made", subject=export)


def _make(export: RecordExport, job: Job) -> None:
    now = timezone.now()

    def told(number: int) -> None:
        RecordExport.objects.filter(pk=export.pk, made_at__isnull=True).update(done=number)
        keep(job)

    content = record_zip(export, now=now, told=told)
    with transaction.atomic():
        held = RecordExport.objects.select_for_update().get(pk=export.pk)
        if held.made_at is not None:
            return  # another worker was faster
        held.made_at, held.size, held.sha256 = now, len(content), fingerprint(content)
        held.save(update_fields=("made_at", "size", "sha256"))
        RecordExportFile.objects.create(export=held, content=content)
        record_event(by=export.asked_by, kind="reports.record_made", subject=held)
        queue_mail(
            key=f"record-ready-{export.public_id}",
            to=export.reader.email,
            person=export.reader,
            template="reports/record_ready",
            context={
                "first_name": export.reader.first_name,
                "until": held.kept_until,
                "url": f"{settings.PUBLIC_URL}{_page_of(export)}",
            },
        )
        asked = export.inspection
        if (
            asked is not None
            and export.goes_to_account
            and why_not_give_record(asked, export.asked_by, on=timezone.localdate(now)) is None
        ):
            give_record(inspection=asked, how=Inspection.How.FILE, by=export.asked_by)


def _page_of(export: RecordExport) -> str:
    """Where the file is taken."""
    if export.inspection is None:
        return reverse("reports:record", args=[export.student.public_id])
    return reverse("students:inspection", args=[export.inspection.public_id])


def take_export(*, export: RecordExport, by: User, session: str | None = None) -> bytes:
    """The bytes of the file, for who asked for it; that it was taken is written down, in the log of the record too."""
    refusal = rules.why_not_take(by, export, now=timezone.now())
    if refusal is not None:
        raise Refused(refusal)
    with transaction.atomic():
        record_event(by=by, kind="reports.record_taken", subject=export)
        disclose(
            students=[export.student],
            what=Disclosure.What.EXPORT,
            by=by,
            session=session,
            reason=export.reason,
        )
        return bytes(RecordExportFile.objects.get(pk=export.pk).content)


def remove_exports(*, now: datetime | None = None) -> int:
    """The daily sweep: files that were kept for seven days are removed, their requests stay. How many."""
    now = now or timezone.now()
    with transaction.atomic():
        over = RecordExport.objects.over(now).select_for_update(skip_locked=True)
        keys = list(over.order_by("pk").values_list("pk", flat=True))
        RecordExportFile.objects.filter(pk__in=keys).delete()
        return RecordExport.objects.filter(pk__in=keys).update(removed_at=now)
