"""Sheets are handed in, looked at, and applied whole or dropped."""

from django.db import transaction
from django.utils import timezone

from accounts.actions import record_event
from accounts.models import User
from organizations.models import College
from sers.lib.locks import one_at_a_time
from sers.lib.refusal import Refusal, Refused
from sers.lib.sheets import fingerprint, text_of
from transcripts import rules
from transcripts.actions.identities import identities_lock
from transcripts.models import (
    CollegeIdentity,
    IdentityCandidate,
    IdentityConflict,
    PostingEvent,
    SheetImport,
    TermActivation,
)


def hand_in(*, college: College, kind: str, name: str, content: bytes, by: User) -> SheetImport:
    """Keep a sheet as it came, sealed, until it is decided. It counts for nothing until it is applied. Raises Unreadable when it is no sheet."""
    _only_registrar(by, college.pk)
    text = text_of(content)
    with transaction.atomic():
        sheet = SheetImport.objects.create(
            college=college,
            kind=kind,
            name=name[:100],
            text=text,
            sha256=fingerprint(content),
            uploaded_by=by,
        )
        record_event(by=by, kind="transcripts.sheet_handed_in", subject=sheet, data={"kind": kind})
    return sheet


def apply_import(*, sheet: SheetImport, by: User) -> rules.Look:
    """Apply a sheet: every row or none. What is known already stays as it is, so the same sheet may come again.

    College IDs that are sure are given, those that are not go to the queue. Looked at again under the lock, so that
    what changed since the preview is seen.
    """
    _only_registrar(by, sheet.college_id)
    with transaction.atomic():
        identities_lock(sheet.college_id)
        held = SheetImport.objects.select_for_update(of=("self",)).select_related("college").get(pk=sheet.pk)
        look = rules.look_at(held)
        refusal = rules.why_not_apply(held, look)
        if refusal is not None:
            raise Refused(refusal)
        _give(held, look, by)
        _queue(held, look)
        TermActivation.objects.bulk_create(
            (
                TermActivation(college=held.college, term=term, sid=sid, sheet=held, said_by=by)
                for sid, term, known in look.activations
                if not known
            ),
            ignore_conflicts=True,
            batch_size=1000,
        )
        _write_down(held, look, by)
        held.state, held.decided_by, held.decided_at = SheetImport.State.APPLIED, by, timezone.now()
        held.text = ""
        held.rows, held.added, held.known, held.kept = look.rows, look.added, look.known, look.kept
        held.save(
            update_fields=("state", "decided_by", "decided_at", "text", "rows", "added", "known", "kept")
        )
        record_event(
            by=by,
            kind="transcripts.sheet_applied",
            subject=held,
            data={"rows": look.rows, "added": look.added, "known": look.known, "kept": look.kept},
        )
    return look


def drop_import(*, sheet: SheetImport, by: User) -> bool:
    """Put a waiting sheet aside: it never counts. False when it was decided already."""
    _only_registrar(by, sheet.college_id)
    with transaction.atomic():
        dropped = SheetImport.objects.filter(pk=sheet.pk, state=SheetImport.State.WAITING).update(
            state=SheetImport.State.DROPPED, decided_by=by, decided_at=timezone.now(), text=""
        )
        if dropped:
            record_event(by=by, kind="transcripts.sheet_dropped", subject=sheet)
    return bool(dropped)


def match_again(*, college: College, by: User) -> int:
    """Look once more for the credit that ctcLink spoke of and no worksheet held: how many fit now."""
    _only_registrar(by, college.pk)
    with transaction.atomic():
        one_at_a_time(f"worksheets {college.pk}")
        events = list(
            PostingEvent.objects.unmatched().filter(college=college).select_for_update().order_by("pk")
        )
        fitting = rules.fitting_awards(college, ((one.sid, one.term, one.course_id) for one in events))
        found = 0
        for event in events:
            award = fitting.get((event.sid, event.term, event.course_id))
            if award is not None:
                event.award_id = award
                event.save(update_fields=("award",))
                found += 1
    return found


def _give(sheet: SheetImport, look: rules.Look, by: User) -> None:
    CollegeIdentity.objects.bulk_create(
        (
            CollegeIdentity(
                student=one.student,
                college=sheet.college,
                sid=one.person.sid,
                source=CollegeIdentity.Source.MATCHED,
                score=one.score,
                sheet=sheet,
                given_by=by,
            )
            for one in look.matches
            if one.outcome == rules.MATCHED
        ),
        batch_size=1000,
    )


def _queue(sheet: SheetImport, look: rules.Look) -> None:
    """Conflicts that are not in the queue already."""
    waiting = set(IdentityConflict.objects.open().at(sheet.college).values_list("sid", flat=True))
    unsure = [one for one in look.matches if one.outcome == rules.CONFLICT and one.person.sid not in waiting]
    conflicts = IdentityConflict.objects.bulk_create(
        (
            IdentityConflict(
                college=sheet.college,
                kind=str(one.kind),
                sid=one.person.sid,
                first_name=one.person.first_name,
                middle_name=one.person.middle_name,
                last_name=one.person.last_name,
                former_names=one.person.former_names,
                birth_date=one.person.birth_date,
                email=one.person.email,
                sheet=sheet,
            )
            for one in unsure
        ),
        batch_size=1000,
    )
    IdentityCandidate.objects.bulk_create(
        (
            IdentityCandidate(conflict=conflict, student=found.student, score=found.score)
            for conflict, one in zip(conflicts, unsure, strict=True)
            for found in one.candidates
        ),
        batch_size=1000,
    )


def _write_down(sheet: SheetImport, look: rules.Look, by: User) -> None:
    PostingEvent.objects.bulk_create(
        (
            PostingEvent(
                college=sheet.college,
                award_id=one.award_id,
                kind=one.kind,
                on=one.on,
                sid=one.sid,
                term=one.term,
                course_id=one.course_id,
                grade=one.grade,
                sheet=sheet,
                line=one.line,
                said_by=by,
            )
            for one in look.said
            if not one.known
        ),
        ignore_conflicts=True,
        batch_size=1000,
    )


def _only_registrar(by: User, college_id: int) -> None:
    if not rules.can_keep_identities(by, college_id):
        raise Refused(Refusal("not_registrar", "Only the registrar of the college hands in its sheets."))
