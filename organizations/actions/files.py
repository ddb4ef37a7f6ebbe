"""Files of new people: handed in, looked at, and saved by a worker, all of it or nothing."""

from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils import timezone

from accounts.access import Role
from accounts.actions import queue_job, record_event, work_on
from accounts.models import User
from organizations import rules
from organizations.actions.people import give_access
from organizations.models import PeopleFile, Place
from sers.lib.refusal import Refusal, Refused

SAVE_FILE_TASK = "organizations.save_people_file"


def hand_in_file(*, name: str, rows: Sequence[Mapping[str, str]], reason: str, by: User) -> PeopleFile:
    """Keep the rows of a file so that they can be looked at. Nobody gets anything yet."""
    return PeopleFile.objects.create(
        name=name[:100] or "people.csv", rows=[dict(row) for row in rows], reason=reason, handed_in_by=by
    )


def save_file(*, file: PeopleFile, by: User) -> None:
    """Have a worker save a file that was looked at. Asked twice, it is saved once; Refused with a row to correct."""
    if by.pk != file.handed_in_by_id:
        raise Refused(
            Refusal("not_your_file", "Who handed a file in saves it.", "Hand the file in yourself.")
        )
    if any(row.problem for row in rows_of_file(file)):
        raise Refused(
            Refusal(
                "rows_to_correct", "Some rows have to be corrected.", "Correct them and send the file again."
            )
        )
    with transaction.atomic():
        looked_at = PeopleFile.objects.filter(pk=file.pk, state=PeopleFile.State.PREVIEW)
        if looked_at.update(state=PeopleFile.State.QUEUED):
            queue_job(key=f"people-file-{file.public_id}", task=SAVE_FILE_TASK, subject=file)


def rows_of_file(file: PeopleFile) -> list[rules.FileRow]:
    """The rows of a file as its person may give them today."""
    reach = rules.reach_of(file.handed_in_by)
    return rules.FileReader(file.rows, reach, on=timezone.localdate()).rows()


def save_people_file(*, job_id: int) -> None:
    """The worker's part. Every rule is asked again; what changed meanwhile refuses the whole file."""
    with work_on(job_id) as job:
        if job is None:
            return
        try:
            _save(job.subject_id)
        except Refused:
            PeopleFile.objects.filter(pk=job.subject_id, state=PeopleFile.State.QUEUED).update(
                state=PeopleFile.State.REFUSED
            )


def _save(file_id: int) -> None:
    with transaction.atomic():
        file = (
            PeopleFile.objects.select_for_update(of=("self",)).select_related("handed_in_by").get(pk=file_id)
        )
        if file.state != PeopleFile.State.QUEUED:
            return  # another worker was faster
        by = file.handed_in_by
        rows = rows_of_file(file)
        if any(row.problem for row in rows):
            raise Refused(Refusal("rows_to_correct", "Some rows have to be corrected.", ""))
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
                give_access(
                    wanted=wanted, reason=file.reason, by=by, known=known, reach=reach, desk=desks[key]
                )
            )
        file.state, file.done_at, file.rows = PeopleFile.State.DONE, timezone.now(), []
        file.seats, file.accounts = len(given), sum(one.is_new for one in given)
        file.save(update_fields=("state", "done_at", "rows", "seats", "accounts"))
        record_event(
            by=by, kind="organizations.file_saved", subject=file,
            data={"reason": file.reason, "accounts": file.accounts, "seats": file.seats},
        )  # fmt: skip
