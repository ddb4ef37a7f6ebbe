"""Files that are handed in, looked at, and saved by a worker, all of it or nothing; and those of new people."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar

from django.db import transaction
from django.utils import timezone

from accounts.access import Role
from accounts.actions import queue_job, record_event, work_on
from accounts.models import User
from organizations import rules
from organizations.actions.people import give_access
from organizations.models import HandedInFile, PeopleFile, Place
from sers.lib.refusal import Refusal, Refused

SAVE_FILE_TASK = "organizations.save_people_file"
TO_CORRECT = Refusal(
    "rows_to_correct", "Some rows have to be corrected.", "Correct them and send the file again."
)
File = TypeVar("File", bound=HandedInFile)


def queue_file(*, file: HandedInFile, task: str, problems: Iterable[object], by: User) -> None:
    """Have a worker save a file that was looked at: of each of its rows the problem. Asked twice, it is saved once."""
    if by.pk != file.handed_in_by_id:
        raise Refused(
            Refusal("not_your_file", "Who handed a file in saves it.", "Hand the file in yourself.")
        )
    if any(problems):
        raise Refused(TO_CORRECT)
    files = type(file)._default_manager
    with transaction.atomic():
        if files.filter(pk=file.pk, state=HandedInFile.State.PREVIEW).update(state=HandedInFile.State.QUEUED):
            queue_job(key=f"{task}-{file.public_id}", task=task, subject=file)


def save_queued(kind: type[File], *, job_id: int, save: Callable[[File], None]) -> None:
    """The worker's part. Every rule is asked again; what changed meanwhile refuses the whole file."""
    files = kind._default_manager
    queued = HandedInFile.State.QUEUED
    with work_on(job_id) as job:
        if job is None:
            return
        try:
            with transaction.atomic():
                held = files.select_for_update(of=("self",)).select_related("handed_in_by")
                file = held.get(pk=job.subject_id)
                if file.state == queued:  # else another worker was faster
                    save(file)
        except Refused:
            files.filter(pk=job.subject_id, state=queued).update(state=HandedInFile.State.REFUSED)


def hand_in_file(*, name: str, rows: Sequence[Mapping[str, str]], reason: str, by: User) -> PeopleFile:
    """Keep the rows of a file so that they can be looked at. Nobody gets anything yet."""
    return PeopleFile.objects.create(
        name=name[:100] or "people.csv", rows=[dict(row) for row in rows], reason=reason, handed_in_by=by
    )


def save_file(*, file: PeopleFile, by: User) -> None:
    """Have a worker save a file of new people that was looked at."""
    queue_file(file=file, task=SAVE_FILE_TASK, problems=(row.problem for row in rows_of_file(file)), by=by)


def rows_of_file(file: PeopleFile) -> list[rules.FileRow]:
    """The rows of a file as its person may give them today."""
    reach = rules.reach_of(file.handed_in_by)
    return rules.FileReader(file.rows, reach, on=timezone.localdate()).rows()


def save_people_file(*, job_id: int) -> None:
    """The worker's part: who is new gets an account, everybody the seat."""
    save_queued(PeopleFile, job_id=job_id, save=_save)


def _save(file: PeopleFile) -> None:
    by = file.handed_in_by
    rows = rows_of_file(file)
    if any(row.problem for row in rows):
        raise Refused(TO_CORRECT)
    reach = rules.reach_of(by)
    desks: dict[tuple[Role, Place | None], rules.Desk] = {}
    given = []
    # In the order of addresses, so that two files that name the same people wait for each other, not both.
    for wanted, known in sorted(
        ((row.wanted, row.known) for row in rows if row.wanted is not None and not row.is_held),
        key=lambda one: one[0].email.lower(),
    ):
        key = (wanted.role, wanted.place)
        if key not in desks:
            desks[key] = rules.desk_of(*key)
        given.append(
            give_access(wanted=wanted, reason=file.reason, by=by, known=known, reach=reach, desk=desks[key])
        )
    file.state, file.done_at, file.rows = PeopleFile.State.DONE, timezone.now(), []
    file.seats, file.accounts = len(given), sum(one.is_new for one in given)
    file.save(update_fields=("state", "done_at", "rows", "seats", "accounts"))
    record_event(
        by=by, kind="organizations.file_saved", subject=file,
        data={"reason": file.reason, "accounts": file.accounts, "seats": file.seats},
    )  # fmt: skip
