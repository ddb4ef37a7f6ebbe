"""Two at once: a wrong college ID replaced, an ID undone while a worksheet takes it, a mailing made anew.

As in `test_races`: real threads, the worst order forced, and beside each race its control.
"""

import threading
from typing import Any

import pytest
from django.db import DatabaseError, models, transaction

from accounts.models import Job, User
from tests.people import (
    Cast,
    make_batch,
    make_identity,
    make_replacement,
    make_run,
    make_student,
    make_transcript,
)
from tests.proofs.test_races import REPEATS, at_once, completed, meeting, refusals, threads, two_registrars  # noqa: F401 - a fixture
from transcripts import actions as transcripts
from transcripts import rules as transcript_rules
from transcripts.models import (
    CollegeIdentity,
    PaperMailing,
    SidReplacement,
    TermActivation,
    WorksheetRow,
)

pytestmark = pytest.mark.django_db(transaction=True)


def no_locks(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(models.QuerySet, "select_for_update", lambda self, *args, **kwargs: self.all())
    for module in (transcripts.identities, transcripts.replacements, transcripts.mailings):
        patch.setattr(module, "one_at_a_time", lambda key: None)


# --- A replacement --------------------------------------------------------------------------------------


def approve_twice(cast: Cast, patch: pytest.MonkeyPatch, number: int) -> tuple[SidReplacement, list[Any]]:
    """Another registrar and the State approve one replacement; both have seen that it is open."""
    with transaction.atomic():
        run = make_run(cast.cbc, cast.year, cast.registrar, *completed(cast, 1))
        award = run.awards.get()
        identity = make_identity(award.student, cast.cbc)
        make_batch(cast.cbc, cast.year, cast.registrar, award, number=100 + number)
        replacement = make_replacement(identity, cast.registrar)
    people = (two_registrars(cast)[1], User.objects.get(pk=cast.state.pk))
    with meeting(patch, transcript_rules, "why_not_approve_replacement"):
        answers = at_once(
            *(
                lambda by=by: transcripts.approve_replacement(
                    replacement=SidReplacement.objects.with_names().get(pk=replacement.pk), by=by
                )
                for by in people
            )
        )
    return replacement, answers


def test_a_replacement_is_approved_once(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(REPEATS):
        replacement, answers = approve_twice(cast, monkeypatch, number)
        assert refusals(answers) == ["decided"]
        standing = CollegeIdentity.objects.standing().get(student=replacement.identity.student_id)
        assert (standing.sid, standing.replaces_id) == (replacement.sid, replacement.identity_id)


def test_control_a_replacement_approved_twice_without_the_locks(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both find it open: the trigger alone stops the second one then, with an error instead of words."""
    stopped = 0
    with monkeypatch.context() as patch:
        no_locks(patch)
        for number in range(5):
            _, answers = approve_twice(cast, monkeypatch, number)
            stopped += any(isinstance(answer, DatabaseError) for answer in answers)
    assert stopped


# --- An ID undone while a worksheet is made -------------------------------------------------------------


def undo_and_export(cast: Cast, patch: pytest.MonkeyPatch, number: int) -> tuple[bool, bool]:
    """A typing error is undone, and the worksheet that would take it is made; both have looked. Is it undone, is it out?"""
    with transaction.atomic():
        run = make_run(cast.cbc, cast.year, cast.registrar, *completed(cast, 1))
        award = run.awards.get()
        identity = make_identity(award.student, cast.cbc, f"{700_000_000 + number}")
        TermActivation.objects.create(college=cast.cbc, term="2275", sid=identity.sid, said_by=cast.registrar)
    looked = threading.Barrier(2)

    def then_wait(original: Any) -> Any:
        def meet(*args: Any, **kwargs: Any) -> Any:
            answer = original(*args, **kwargs)
            try:
                looked.wait(0.1)
            except threading.BrokenBarrierError:
                pass  # somebody is kept out by the lock: that is the protection at work
            return answer

        return meet

    first, second = two_registrars(cast)
    with patch.context() as inside:
        for name in ("why_not_undo", "due_for_worksheet"):
            inside.setattr(transcript_rules, name, then_wait(getattr(transcript_rules, name)))
        answers = at_once(
            lambda: transcripts.undo_identity(identity=identity, by=first),
            lambda: transcripts.make_worksheet(college=cast.cbc, year=cast.year, by=second),
        )
    assert refusals(answers) in (["gone_out"], ["nothing_ready"], [])
    identity.refresh_from_db()
    return identity.undone_at is not None, WorksheetRow.objects.filter(award=award).exists()


def test_an_id_is_undone_or_goes_out_and_never_both(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(REPEATS):
        undone, out = undo_and_export(cast, monkeypatch, number)
        assert undone is not out


def test_control_an_id_undone_without_the_worksheets_lock(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = 0
    with monkeypatch.context() as patch:
        patch.setattr(transcripts.identities, "one_at_a_time", lambda key: None)
        for number in range(5):
            both += undo_and_export(cast, monkeypatch, number) == (True, True)
    assert both


# --- A mailing made anew --------------------------------------------------------------------------------


def make_anew_twice(cast: Cast, patch: pytest.MonkeyPatch) -> tuple[PaperMailing, list[Any]]:
    """Two registrars press Make it anew; both have seen that the file is ready."""
    with transaction.atomic():
        PaperMailing.objects.filter(state="preparing").update(
            state="ready", ready_at=cast.paper_mailing.ready_at
        )
        for _ in range(2):
            student = make_student(
                cast.kamiakin, user=None, street="1 Elm", city="Pasco", state="WA", postal_code="99301"
            )
            make_transcript(cast.run, student)
        mailing = transcripts.start_mailing(
            college=cast.cbc, year=cast.last_year, by=User.objects.get(pk=cast.registrar.pk)
        )
        PaperMailing.objects.filter(pk=mailing.pk).update(state="ready", ready_at=mailing.started_at)
    with meeting(patch, transcript_rules, "why_not_make_again"):
        answers = at_once(
            *(
                lambda by=by: transcripts.make_mailing_again(
                    mailing=PaperMailing.objects.with_names().get(pk=mailing.pk), by=by
                )
                for by in two_registrars(cast)
            )
        )
    mailing.refresh_from_db()
    return mailing, answers


def test_a_mailing_is_made_anew_once(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(REPEATS):
        mailing, answers = make_anew_twice(cast, monkeypatch)
        assert refusals(answers) == ["being_made"]
        assert (mailing.makings, mailing.items.printed().count()) == (2, 2)
        assert Job.objects.filter(key=mailing.job_key).count() == 1


def test_control_a_mailing_made_anew_twice_without_the_locks(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both sort the same letters in: the constraint alone keeps each from being printed twice then."""
    stopped = 0
    with monkeypatch.context() as patch:
        no_locks(patch)
        for _ in range(5):
            _, answers = make_anew_twice(cast, monkeypatch)
            stopped += any(isinstance(answer, DatabaseError) for answer in answers)
    assert stopped
