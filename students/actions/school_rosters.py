"""Rosters from schools: handed in, read and taken in by a worker, all of it or nothing."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone

from accounts.actions import keep, queue_job, record_event, work_on
from accounts.models import Job, User
from articulations.actions import learn_course_ids
from articulations.models import Section
from organizations.models import AcademicYear
from sers.lib import uploads
from sers.lib.locks import one_at_a_time
from sers.lib.oneroster import Bundle
from sers.lib.refusal import Refusal, Refused
from sers.lib.sheets import Unreadable, stream_sheet, text_in
from students import rules
from students.models import Comparison, RosterClass, RosterEntry, RosterImport, RosterLine

READ_ROSTER_TASK = "students.read_roster"
TAKE_IN_ROSTER_TASK = "students.take_in_roster"
#: A file nobody decided about is forgotten after this.
ROSTER_KEPT_FOR = timedelta(days=7)


def hand_in_roster(*, checked: uploads.Checked, by: User) -> RosterImport:
    """Keep a file of a school's classes and have a worker read it. Nobody's roster changes yet."""
    if not rules.can_bring_rosters(by):
        raise Refused(
            Refusal("not_for_seat", "Teachers, counselors and district users bring rosters from schools.")
        )
    path = uploads.keep(checked)
    with transaction.atomic():
        roster = RosterImport.objects.create(
            year=AcademicYear.objects.current(),
            name=checked.name,
            path=path,
            sha256=checked.sha256,
            kind=RosterImport.Kind.ONEROSTER if checked.ending == ".zip" else RosterImport.Kind.CSV,
            handed_in_by=by,
        )
        queue_job(key=f"read-roster-{roster.public_id}", task=READ_ROSTER_TASK, subject=roster)
    return roster


def read_roster(*, job_id: int) -> None:
    """The worker's part: every line read, matched and kept apart. Started anew, it begins anew: nothing stands twice."""
    with work_on(job_id) as job:
        if job is None:
            return
        roster = RosterImport.objects.select_related("handed_in_by", "year").get(pk=job.subject_id)
        if roster.state == RosterImport.State.READING:
            _read(roster, job)


def _read(roster: RosterImport, job: Job) -> None:
    RosterLine.objects.filter(roster=roster).delete()
    reader = rules.RosterReader(roster, roster.handed_in_by)
    faults = 0
    try:
        with uploads.open_kept(roster.path) as file:
            for lines in reader.lines(_pupils(roster, file)):
                faults += sum(bool(one.fault) for one in lines)
                with transaction.atomic():
                    keep(
                        job
                    )  # first: a worker that was thought dead adds nothing beside the next one's lines
                    RosterLine.objects.bulk_create(lines)
                    RosterImport.objects.filter(pk=roster.pk).update(read=reader.read, faults=faults)
    except (Unreadable, ValidationError) as error:
        words = error.messages[0] if isinstance(error, ValidationError) else str(error)
        _refuse(roster, words)
        return
    if not reader.read:
        _refuse(roster, "The file names no student of a class of this school year")
        return
    RosterImport.objects.filter(pk=roster.pk, state=RosterImport.State.READING).update(
        state=RosterImport.State.PREVIEW,
        is_whole=roster.is_whole,
        lines=reader.read,
        read=reader.read,
        faults=faults,
    )


def _pupils(roster: RosterImport, file: Any) -> Iterator[rules.Pupil]:
    """The lines of a file, read as they are asked for; how many there are is counted first, for the progress."""
    if roster.kind == RosterImport.Kind.ONEROSTER:
        bundle = Bundle(file)
        roster.is_whole = bundle.is_whole
        _expect(roster, bundle.count())
        year = roster.year
        for one in bundle.enrollments(on=timezone.localdate(), first=year.starts_on, last=year.ends_on):
            yield rules.pupil_of_enrollment(one)
        return
    _expect(roster, max(sum(part.count(b"\n") for part in file.chunks()) - 1, 0))
    file.seek(0)
    for row in stream_sheet(text_in(file), rules.ROSTER_COLUMNS):
        yield rules.pupil_of_row(row)


def _expect(roster: RosterImport, number: int) -> None:
    RosterImport.objects.filter(pk=roster.pk).update(lines=number)


def _refuse(roster: RosterImport, words: str) -> None:
    with transaction.atomic():
        RosterLine.objects.filter(roster=roster).delete()
        RosterImport.objects.filter(pk=roster.pk).update(
            state=RosterImport.State.REFUSED, reason=words[:200], path=""
        )
        transaction.on_commit(partial(uploads.forget, roster.path), robust=True)


def match_classes(*, roster: RosterImport, matches: Mapping[RosterClass, Section | None], by: User) -> int:
    """Say which class of SERS some classes of a file are, or that they are none (None); remembered for the next file.

    How many changed. A section beyond the person's reach is Refused.
    """
    _must_be_theirs(roster, by)
    within = set(
        rules.sections_to_bring(by, roster.year)
        .filter(pk__in=[section.pk for section in matches.values() if section is not None])
        .values_list("pk", flat=True)
    )
    named = {one.pk for one in RosterClass.objects.in_file(roster)}
    changed = 0
    with transaction.atomic():
        for one, section in matches.items():
            if one.pk not in named or (section is not None and section.pk not in within):
                raise Refused(
                    Refusal("beyond_reach", "This class is not one of yours.", "Choose one from the list.")
                )
            if (one.section_id, one.left_out) == (section.pk if section else None, section is None):
                continue
            RosterClass.objects.filter(pk=one.pk).update(section=section, left_out=section is None)
            record_event(
                by=by,
                kind="students.roster_class_matched",
                subject=one,
                data={"was": one.section_id, "is": section.pk if section else None},
            )
            changed += 1
    return changed


def take_in_roster(*, roster: RosterImport, by: User) -> None:
    """Have a worker take in a file that was looked at. Asked twice, it is taken in once; else `why_not_take_in`."""
    _must_be_theirs(roster, by)
    refusal = rules.why_not_take_in(
        roster, matched=RosterClass.objects.in_file(roster).exclude(section=None).exists()
    )
    if refusal is not None:
        raise Refused(refusal)
    with transaction.atomic():
        looked_at = RosterImport.objects.filter(pk=roster.pk, state=RosterImport.State.PREVIEW)
        if looked_at.update(state=RosterImport.State.QUEUED):
            queue_job(key=f"take-in-roster-{roster.public_id}", task=TAKE_IN_ROSTER_TASK, subject=roster)


def take_in_lines(*, job_id: int) -> None:
    """The worker's part, in one transaction: whoever is killed in the middle has changed nothing, and begins again."""
    with work_on(job_id) as job:
        if job is not None:
            _take_in(job.subject_id)


def _take_in(roster_id: int) -> None:
    with transaction.atomic():
        roster = (
            RosterImport.objects.select_for_update(of=("self",))
            .select_related("handed_in_by")
            .get(pk=roster_id)
        )
        if roster.state != RosterImport.State.QUEUED:
            return  # another worker was faster
        one_at_a_time("rosters from schools")  # two files may name the same classes
        # What nobody matched is in no class of SERS: the next file need not ask again.
        RosterClass.objects.filter(
            pk__in=RosterClass.objects.in_file(roster).undecided().values("pk")
        ).update(left_out=True)
        comparison = Comparison(roster)
        roster.added, roster.changed, roster.gone, roster.same = comparison.count()
        _write_entries(comparison)
        learn_course_ids(told=RosterClass.objects.in_file(roster).course_ids(), by=roster.handed_in_by)
        RosterLine.objects.filter(roster=roster).delete()
        kept, roster.path = roster.path, ""
        roster.state, roster.done_at = RosterImport.State.DONE, timezone.now()
        roster.save()
        record_event(
            by=roster.handed_in_by,
            kind="students.roster_taken_in",
            subject=roster,
            data={"added": roster.added, "changed": roster.changed, "gone": roster.gone, "same": roster.same},
        )
        transaction.on_commit(partial(uploads.forget, kept), robust=True)


def _write_entries(comparison: Comparison) -> None:
    """Who left is marked, who came or changed is written, in two statements; rows never pass through here.

    What is known of an entry stays: who it is, when they were reminded, whether they want it.
    """
    facts: dict[str, Any] = {**comparison.facts, "now": timezone.now()}
    differs = f"{comparison.FACTS.format('excluded')} IS DISTINCT FROM {comparison.FACTS.format('entry')}"
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH said AS MATERIALIZED ({comparison.SAID})
            UPDATE students_rosterentry entry SET gone_at = %(now)s WHERE {comparison.LEAVING}
            """,  # noqa: S608  (sentences of our own)
            facts,
        )
        cursor.execute(
            f"""
            WITH said AS ({comparison.SAID})
            INSERT INTO students_rosterentry AS entry (
                public_id, section_id, roster_class_id, key, first_name, last_name, sort_name, email, grade_level,
                student_id, added_at, reminders
            )
            SELECT gen_random_uuid(), section_id, roster_class_id, key, first_name, last_name, sort_name, email,
                   grade_level, student_id, %(now)s, 0
              FROM said
            ON CONFLICT (section_id, key) DO UPDATE
               SET first_name = excluded.first_name, last_name = excluded.last_name, sort_name = excluded.sort_name,
                   email = excluded.email, grade_level = excluded.grade_level,
                   roster_class_id = excluded.roster_class_id,
                   student_id = coalesce(entry.student_id, nullif(excluded.student_id, entry.other_than_id)),
                   added_at = CASE WHEN entry.gone_at IS NULL THEN entry.added_at ELSE excluded.added_at END,
                   gone_at = NULL
             WHERE {differs} OR entry.gone_at IS NOT NULL
                OR entry.roster_class_id <> excluded.roster_class_id
                OR entry.student_id IS NULL AND nullif(excluded.student_id, entry.other_than_id) IS NOT NULL
            """,  # noqa: S608  (sentences of our own)
            facts,
        )


def _must_be_theirs(roster: RosterImport, by: User) -> None:
    if by.pk != roster.handed_in_by_id:
        raise Refused(Refusal("not_your_file", "Who handed a file in takes it in.", "Hand it in yourself."))


def forget_rosters() -> int:
    """The daily sweep: files nobody took in within a week, and all that rosters said of a school year that is over.

    What teachers answered about a registration stays with the registration, and an entry of a student stays while
    somebody has asked to inspect their record. How many entries were forgotten.
    """
    year = AcademicYear.objects.current()
    over = RosterImport.objects.filter(year__first_year__lt=year.first_year)
    lying = RosterImport.objects.left_lying(timezone.now() - ROSTER_KEPT_FOR)
    with transaction.atomic():
        paths = [path for found in (over, lying) for path in found.values_list("path", flat=True) if path]
        for found in (over, lying):
            RosterLine.objects.filter(roster__in=found).delete()
            found.delete()
        forgotten, _each = RosterEntry.objects.to_forget(year).delete()
        RosterClass.objects.to_forget(year).delete()
        for path in paths:
            transaction.on_commit(partial(uploads.forget, path), robust=True)
    return forgotten
