"""Lists to take away: asked for, written by a worker a few rows at a time, taken, and removed after seven days."""

import hashlib
import tempfile
import zipfile
from array import array
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import IO, Any, Final

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.access import Role, has_role
from accounts.actions import count_try, keep, queue_job, queue_mail, record_event, work_on
from accounts.models import Job, User
from organizations.models import AcademicYear
from reports import rules
from reports.models import ListExport, ListPart
from reports.rules import Sheet
from sers.lib.locks import one_at_a_time
from sers.lib.long_sheets import LongCsv, LongSheet, LongXlsx
from sers.lib.refusal import Refused
from students.actions import disclose, session_mark, stated_reason
from students.models import Disclosure
from students.rules import Whose

LIST_TASK = "reports.make_list"
#: Rows that are read, noted and written together.
CHUNK: Final = 2000
#: Equal rows give equal files: no clock of the packer.
PACKED_ON: Final = (2000, 1, 1, 0, 0, 0)


def ask_for_list(*, kind: str, form: str, year: AcademicYear | None, purpose: str, by: User) -> ListExport:
    """Have a worker write a list of what this person's seats show. What it is for is told to each student in it.

    Asked again while it is being made, it is the same list. A person of the State says first what records are read
    for (PurposeMissing), unless no student is in it. Twenty lists a day.
    """
    refusal = rules.why_not_list(by, kind, form)
    if refusal is not None:
        raise Refused(refusal)
    words = purpose.strip()
    if has_role(by, Role.STATE) and rules.tells_of_students(kind):
        words = f"{words}; {stated_reason(by=by)}"
    asked = {"kind": kind, "form": form, "year": year, "purpose": words[:300], "seat_id": by.hat}
    known = _being_made(by, asked)
    if known is not None:
        return known
    refusal = rules.why_not_more_lists(count_try(what=f"lists by {by.pk}", within=rules.LISTS_WITHIN))
    if refusal is not None:
        raise Refused(refusal)
    with transaction.atomic():
        one_at_a_time(f"lists of {by.pk}")
        known = _being_made(by, asked)
        if known is not None:
            return known
        ends = rules.extract_ends(timezone.localdate()) if kind == ListExport.Kind.RESEARCH else None
        export: ListExport = ListExport.objects.create(**asked, asked_by=by, destroy_by=ends)
        record_event(by=by, kind="reports.list_asked", subject=export)
        queue_job(key=f"list-{export.public_id}", task=LIST_TASK, subject=export)
    return export


def _being_made(by: User, asked: dict[str, Any]) -> ListExport | None:
    found = ListExport.objects.asked_by(by).being_made().filter(**asked).latest_first()
    keys = {f"list-{export.public_id}": export for export in found}
    parked = set(Job.objects.parked(keys).values_list("key", flat=True))
    return next((export for key, export in keys.items() if key not in parked), None)


def make_list(*, job_id: int) -> None:
    """The worker's part: write the file, note whose records are in it, and mail the way to it; once.

    Begun anew after a worker died, it begins anew: what the first one wrote is nowhere.
    """
    with work_on(job_id) as job:
        if job is None:
            return
        export = ListExport.objects.select_related("asked_by", "year").get(pk=job.subject_id)
        if export.made_at is not None or export.given_up_at is not None:
            return
        reader = rules.reader_of(export)
        if reader is None:
            ListExport.objects.filter(pk=export.pk, made_at=None).update(given_up_at=timezone.now())
            return
        with tempfile.TemporaryFile() as out:
            _Writer(export, reader, job).write(out)
            _keep_file(export, out, job)


class _Writer:
    """Writes one list into a file: which rows there are is asked once, what they say a few at a time."""

    def __init__(self, export: ListExport, reader: User, job: Job) -> None:
        self.export, self.reader, self.job = export, reader, job
        self.sheets = rules.SHEETS[export.kind]
        self.done = 0

    def write(self, out: IO[bytes]) -> None:
        tables = [(sheet, self._keys(sheet)) for sheet in self.sheets]
        total = sum(len(keys) for _, keys in tables)
        ListExport.objects.filter(pk=self.export.pk).update(total=total, done=0)
        notice = rules.notice_of_list(self.export)
        if self.export.form == ListExport.Form.ZIP:
            self._write_zip(out, tables, notice)
            return
        ((sheet, keys),) = tables
        into: LongSheet = (
            LongXlsx(out, sheet.heads, title=sheet.name)
            if self.export.form == ListExport.Form.XLSX
            else LongCsv(out, sheet.heads)
        )
        self._add(into, sheet, keys)
        into.end(notice)

    def _keys(self, sheet: Sheet) -> "array[int]":
        """Which rows: as they were at one moment, eight bytes each."""
        found = sheet.rows(self.reader, self.export.year).order_by("pk").values_list("pk", flat=True)
        return array("q", found.iterator(chunk_size=20_000))

    def _write_zip(self, out: IO[bytes], tables: Sequence[tuple[Sheet, "array[int]"]], notice: str) -> None:
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as pack:
            for name, content in rules.papers_beside(self.export, notice).items():
                pack.writestr(zipfile.ZipInfo(name, PACKED_ON), content, zipfile.ZIP_DEFLATED)
            for name, of_name in groupby(tables, key=lambda table: table[0].name):
                parts = list(of_name)
                info = zipfile.ZipInfo(name, PACKED_ON)
                info.compress_type = zipfile.ZIP_DEFLATED
                with pack.open(info, "w", force_zip64=True) as member:
                    into = LongCsv(member, parts[0][0].heads, marked=False)
                    for sheet, keys in parts:
                        self._add(into, sheet, keys)
                    into.end()

    def _add(self, into: LongSheet, sheet: Sheet, keys: "array[int]") -> None:
        for chunk in _chunks(keys):
            found = sheet.rows(self.reader, self.export.year).model._base_manager.filter(pk__in=chunk)
            lines = list(sheet.lines(found))
            self._disclose([whose for whose, _ in lines if whose])
            into.add(cells for _, cells in lines)
            self.done += len(chunk)
            ListExport.objects.filter(pk=self.export.pk).update(done=self.done)
            keep(self.job)

    def _disclose(self, whose: Sequence[tuple[Any, ...]]) -> None:
        """Each list is a reading of its own, by its number: another list on the same day is noted as well."""
        disclose(
            students=[Whose(*one) for one in dict.fromkeys(whose)],
            what=Disclosure.What.LIST,
            by=self.reader,
            session=_reading(self.export),
            reason=self.export.purpose,
        )


def _reading(export: ListExport) -> str:
    return f"list {export.public_id}"


def _chunks(keys: "array[int]") -> Iterator[list[int]]:
    for begins in range(0, len(keys), CHUNK):
        yield list(keys[begins : begins + CHUNK])


def _keep_file(export: ListExport, out: IO[bytes], job: Job) -> None:
    """Keep the file a part at a time, and tell who asked: all of it or nothing."""
    digest, size, now = hashlib.sha256(), 0, timezone.now()
    out.seek(0)
    with transaction.atomic():
        held = ListExport.objects.select_for_update().get(pk=export.pk)
        if held.made_at is not None:
            return  # another worker was faster
        for number, content in enumerate(iter(lambda: out.read(ListPart.SIZE), b"")):
            ListPart.objects.create(export=held, number=number, content=content)
            digest.update(content)
            size += len(content)
            keep(job)
        held.made_at, held.size, held.sha256 = now, size, digest.hexdigest()
        held.done = held.total
        noted = Disclosure.objects.touched(session=session_mark(_reading(held)))
        held.students = noted.order_by().values("student").distinct().count()
        held.save(update_fields=("made_at", "size", "sha256", "done", "students"))
        record_event(by=held.asked_by, kind="reports.list_made", subject=held, data={"rows": held.total})
        queue_mail(
            key=f"list-ready-{held.public_id}",
            to=held.asked_by.email,
            person=held.asked_by,
            template="reports/list_ready",
            context={
                "first_name": held.asked_by.first_name,
                "what": held.get_kind_display(),
                "until": held.kept_until,
                "url": f"{settings.PUBLIC_URL}{reverse('reports:lists')}",
            },
        )


def take_list(*, export: ListExport, by: User) -> Iterator[bytes]:
    """The bytes of the file, for who asked for it, a part at a time; that it was taken is written down."""
    refusal = rules.why_not_take_list(by, export, now=timezone.now())
    if refusal is not None:
        raise Refused(refusal)
    record_event(by=by, kind="reports.list_taken", subject=export)
    return ListPart.objects.content_of(export)


def remove_lists(*, now: datetime | None = None) -> int:
    """The daily sweep: files that were kept for seven days are removed, their requests stay. How many."""
    now = now or timezone.now()
    with transaction.atomic():
        over = ListExport.objects.over(now).select_for_update(skip_locked=True)
        keys = list(over.order_by("pk").values_list("pk", flat=True))
        ListPart.objects.filter(export__in=keys).delete()
        return ListExport.objects.filter(pk__in=keys).update(removed_at=now)
