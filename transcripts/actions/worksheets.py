"""Worksheets are made, taken away, and answered."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from accounts.actions import record_event
from accounts.models import User
from organizations.models import AcademicYear, College
from sers.lib.locks import one_at_a_time
from sers.lib.refusal import Refusal, Refused
from sers.lib.sheets import as_csv, as_xlsx, fingerprint, read_lines
from students.actions import disclose
from students.models import Disclosure
from transcripts import rules
from transcripts.models import (
    CreditAward,
    PostingEvent,
    TermActivation,
    WorksheetBatch,
    WorksheetFile,
    WorksheetRow,
)


def make_worksheet(*, college: College, year: AcademicYear, by: User) -> WorksheetBatch:
    """Make the next worksheet of a college and year: every credit that is due and that nothing keeps out.

    One at a time for each college, so that no credit stands in two worksheets made at once. Refused when none is ready.
    """
    _only_registrar(by, college.pk)
    with transaction.atomic():
        one_at_a_time(f"worksheets {college.pk}")
        ready = [one for one in rules.due_for_worksheet(college, year) if one.obstacle is None]
        if not ready:
            raise Refused(
                Refusal(
                    "nothing_ready", "No credit is ready for a worksheet.", "See below what keeps it out."
                )
            )
        term = rules.term_of(rules.plan_of(rules.terms_of_run(college, year)), year)
        lines = rules.lines_of(ready, rules.columns_of(college), term=term, on=timezone.localdate())
        content = as_csv(lines, notice=rules.NOTICE)
        last = WorksheetBatch.objects.filter(college=college).aggregate(last=Max("number"))["last"] or 0
        batch = WorksheetBatch.objects.create(
            college=college,
            year=year,
            number=last + 1,
            term=term,
            made_by=by,
            size=len(ready),
            students=len({one.student_id for one in ready}),
            sha256=fingerprint(content),
        )
        WorksheetFile.objects.create(batch=batch, csv=content)
        WorksheetRow.objects.bulk_create(
            (
                WorksheetRow(
                    batch=batch,
                    award_id=one.award_id,
                    position=position,
                    sid=one.sid,
                    course_id=one.course_id,
                    grade=one.grade,
                    replaces=one.replaces,
                )
                for position, one in enumerate(ready, 1)
            ),
            batch_size=1000,
        )
        record_event(by=by, kind="transcripts.worksheet_made", subject=batch, data={"rows": len(ready)})
    return batch


def take_worksheet(*, batch: WorksheetBatch, form: str, by: User, session: str | None = None) -> bytes:
    """The worksheet as CSV, byte for byte as it was made, or as XLSX with the same cells. Every download is logged, in
    the log of each record too."""
    _only_registrar(by, batch.college_id)
    content = bytes(batch.file.csv)
    if fingerprint(content) != batch.sha256:
        raise Refused(
            Refusal("changed", "This worksheet is not as it was made.", "Write to the State Board.")
        )
    with transaction.atomic():
        record_event(by=by, kind="transcripts.worksheet_taken", subject=batch, data={"form": form})
        shown = [row["student_public_id"] for row in batch.rows.listed()]
        disclose(students=shown, what=Disclosure.What.RUN, by=by, session=session)
    if form == "csv":
        return content
    lines = read_lines(content)
    return as_xlsx(lines[:-1], title=batch.file_name, notice=rules.NOTICE)


def say_active(*, college: College, year: AcademicYear, by: User) -> int:
    """The registrar says that everyone in the next worksheet is active in its term; how many that were not yet."""
    _only_registrar(by, college.pk)
    with transaction.atomic():
        one_at_a_time(f"worksheets {college.pk}")
        term = rules.term_of(rules.plan_of(rules.terms_of_run(college, year)), year)
        sids = sorted(
            {
                one.sid
                for one in rules.due_for_worksheet(college, year)
                if one.obstacle == rules.Obstacle.NOT_ACTIVATED
            }
        )
        TermActivation.objects.bulk_create(
            (TermActivation(college=college, term=term, sid=sid, said_by=by) for sid in sids),
            ignore_conflicts=True,
            batch_size=1000,
        )
        record_event(
            by=by, kind="transcripts.said_active", subject=college, data={"term": term, "count": len(sids)}
        )
    return len(sids)


def export_again(*, awards: Iterable[CreditAward], by: User) -> int:
    """Nothing was heard of these credits, or ctcLink has them wrongly: they belong into the next worksheet."""
    count = 0
    with transaction.atomic():
        for award in awards:
            _only_registrar(by, award.college_id)
            row = (
                WorksheetRow.objects.filter(award=award)
                .select_related("batch")
                .order_by("-batch__number")
                .first()
            )
            if row is None:
                continue
            count += _say(award, row, PostingEvent.Kind.AGAIN, by)
            record_event(by=by, kind="transcripts.export_again", subject=award)
    return count


def say_removed(*, awards: Iterable[CreditAward], by: User) -> int:
    """The registrar has deleted in ctcLink what SERS took back; how many that had not been said of."""
    count = 0
    with transaction.atomic():
        for award in awards:
            _only_registrar(by, award.college_id)
            row = rules.row_to_remove(award)
            if row is None:
                continue
            count += _say(award, row, PostingEvent.Kind.REMOVED, by)
            record_event(by=by, kind="transcripts.removed_in_ctclink", subject=award)
    return count


def _say(award: CreditAward, row: WorksheetRow, kind: PostingEvent.Kind, by: User) -> bool:
    """What a registrar says of a credit, beside the worksheet that held it last; said twice on a day it is said once."""
    _, made = PostingEvent.objects.get_or_create(
        college_id=award.college_id,
        sid=row.sid,
        term=row.batch.term,
        course_id=row.course_id,
        kind=kind,
        on=timezone.localdate(),
        grade=f"#{row.batch.number}"[:6],
        defaults={"award": award, "said_by": by},
    )
    return made


def _only_registrar(by: User, college_id: int) -> None:
    if not rules.can_export(by, college_id):
        raise Refused(Refusal("not_registrar", "Only the registrar of the college makes its worksheets."))
