"""Industry credentials students earned are recorded for many at once, and taken back one by one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.actions import record_event
from accounts.models import User
from articulations.models import IndustryCredential, Section
from sers.lib.refusal import Refusal, Refused
from students.models import CredentialTakenBack, EarnedCredential, Registration, Student
from students.rules import credentials as rules

GONE = Refusal("gone", "is no longer in this class.")
NOT_YOURS = Refusal(
    "not_yours", "The teachers of this class, its school, district and consortium record its credentials."
)


@dataclass(frozen=True, slots=True)
class Recorded:
    """What came of it, row by row: the receipt, and why not for whom; by registration."""

    receipt: int
    earned: Sequence[EarnedCredential]
    refused: Mapping[UUID, Refusal]


def record_credentials(
    *, section: Section, credential: IndustryCredential, earned_on: date, students: Sequence[UUID], by: User
) -> Recorded:
    """Record that students of a class (by their registrations) earned a credential on a day; the others are told why not.

    Of two who record at once the second is told who was first, as far as they read that entry: the people are locked, in
    one order, before it is asked what they hold. Sent twice, it is recorded once. Who changed to another class meanwhile
    is told like every other who was not recorded.
    """
    if not rules.can_record_credentials(by, section):
        raise Refused(NOT_YOURS)
    refusal = rules.why_not_day(credential, earned_on, today=timezone.localdate())
    if refusal is not None:
        raise Refused(refusal)
    with transaction.atomic():
        mine = Registration.objects.within_reach(by, *rules.RECORDS_CREDENTIALS)
        rows = list(mine.of_section(section, students))
        lock_people([one.student.pk for one in rows])
        held = EarnedCredential.objects.of_credential(credential).by_person(one.student.pk for one in rows)
        readable = EarnedCredential.objects.visible_to(by).among(
            one.pk for theirs in held.values() for one in theirs
        )
        found = {row.public_id for row in rows}
        refused: dict[UUID, Refusal] = {key: GONE for key in students if key not in found}
        new: list[EarnedCredential] = []
        for row in rows:
            theirs = next(iter(held.get(row.student.pk, ())), None)
            is_seen = theirs is None or theirs.pk in readable
            refusal = rules.why_not_earned(row, earned_on, held=theirs, is_seen=is_seen)
            if refusal is not None:
                refused[row.public_id] = refusal
                continue
            new.append(
                EarnedCredential(registration=row, credential=credential, earned_on=earned_on, recorded_by=by)
            )
        if not new:
            return Recorded(0, (), refused)
        earned = EarnedCredential.objects.bulk_create(new)
        event = record_event(
            by=by,
            kind="students.credentials_recorded",
            subject=section,
            data={
                "credential": credential.title,
                "earned_on": earned_on.isoformat(),
                "earned": [one.pk for one in earned],
                "students": f"{len(earned)} student{'' if len(earned) == 1 else 's'}",
                "refused": {str(key): str(why) for key, why in refused.items()},
            },
        )
    return Recorded(event.pk, earned, refused)


def lock_people(people: Sequence[int]) -> None:
    """Keep these students (by the records that stand) from everybody else who records a credential, in one order."""
    locked = Student.objects.select_for_update(no_key=True).filter(pk__in=people).order_by("pk")
    list(locked.values_list("pk", flat=True))


def take_back_credential(*, earned: EarnedCredential, reason: str, by: User) -> CredentialTakenBack:
    """A credential that was recorded in error is taken back with a reason; both stay to be read. The student may then be
    recorded again. Of two who take it back at once one is told."""
    if not rules.can_record_credentials(by, earned.registration.section):
        raise Refused(NOT_YOURS)
    words = " ".join(reason.split())
    refusal = rules.why_not_take_back(earned, words)
    if refusal is not None:
        raise Refused(refusal)
    try:
        with transaction.atomic():
            row = CredentialTakenBack.objects.create(earned=earned, reason=words, taken_back_by=by)
            record_event(
                by=by,
                kind="students.credential_taken_back",
                subject=earned.registration,
                data={"earned": earned.pk, "credential": earned.credential.title, "reason": words},
            )
    except IntegrityError as error:
        if "earned" not in str(error):
            raise
    else:
        return row
    raise Refused(Refusal("taken_back", "It was taken back already."))
