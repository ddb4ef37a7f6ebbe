"""Writing down who was shown whose record, and opening a record beyond one's reach."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, TypeAlias
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.access import Role, has_role, seats
from accounts.actions import count_try, record_event
from accounts.models import User
from sers.lib.refusal import Refusal, Refused
from students import rules
from students.models import Disclosure, StatedPurpose, Student


class PurposeMissing(Exception):
    """A person of the State is about to be shown a student's record and has not said what for."""


#: A student as a page has them: the record, or what stands in its address.
Shown: TypeAlias = Student | UUID


def session_mark(session_key: str | None) -> str:
    """The fingerprint a session is kept by: keyed, so that the table opens no session."""
    if not session_key:
        return ""
    return salted_hmac("students.disclosure", session_key, algorithm="sha256").hexdigest()[:32]


def disclose(
    *,
    students: Iterable[Shown],
    what: Disclosure.What,
    by: User,
    session: str | None = None,
    reason: str = "",
    refused: bool = False,
    ground: Disclosure.Ground | None = None,
    beyond: bool = False,
) -> None:
    """Write down that this person is shown these records, before they are: who cannot be noted is not shown them.

    One statement for a page. A record that was shown to them in this session today in this way is noted already.
    `ground` is named by the person where they look `beyond` their reach; else it follows from the seat. A record
    beyond one's reach is another's even in the own district: it counts as one that crosses agency lines. A person of
    the State says first what the records are read for (PurposeMissing); that is then the reason.
    """
    held, mark, stated = seats(by), session_mark(session), ""
    rows = []
    for whose in _whose(list(students)):
        standing = rules.standing_of(by.pk, held, whose)
        if standing.role is Role.STATE and not reason:
            stated = stated or stated_reason(by)
        rows.append(
            Disclosure(
                student_id=whose.student_id,
                reader=by,
                seat_id=standing.seat.id if standing.seat else None,
                role=standing.role,
                place=standing.seat.place if standing.seat else "",
                what=what,
                ground=ground or standing.ground,
                reason=(reason or (stated if standing.role is Role.STATE else ""))[:300],
                crosses=standing.crosses or beyond,
                refused=refused,
                session=mark,
            )
        )
    if rows:
        Disclosure.objects.bulk_create(rows, ignore_conflicts=True)


def stated_reason(by: User) -> str:
    """What a person of the State reads records for today; PurposeMissing when they have not said."""
    stated = StatedPurpose.objects.standing(by)
    if stated is None:
        raise PurposeMissing
    return stated.reason


def state_purpose(*, purpose: str, agreement: str, by: User) -> StatedPurpose:
    """Say what students' records are read for, and what allows it; it holds for a working day, in every browser."""
    if not has_role(by, Role.STATE):
        raise Refused(Refusal("not_state", "Only people of the State state a purpose.", ""))
    now = timezone.now()
    with transaction.atomic():
        stated = StatedPurpose.objects.create(
            reader=by,
            purpose=purpose,
            agreement=agreement,
            stated_at=now,
            until=now + StatedPurpose.STANDS_FOR,
        )
        record_event(by=by, kind="students.purpose_stated", subject=stated)
    return stated


def open_record(
    *,
    student: Student,
    birth_date: date,
    ground: Disclosure.Ground,
    reason: str,
    by: User,
    session: str | None = None,
) -> Disclosure:
    """Open one record found by Search Statewide: read-only, to this person in this seat, for thirty minutes.

    The person is confirmed by the birth date. A wrong one is Refused and written down; after five the record stays
    closed to this person for a day.
    """
    if not rules.can_search_statewide(by):
        raise Refused(Refusal("not_statewide", "Search Statewide is not for your seat.", ""))
    limit = count_try(what=f"birth date of {student.pk} by {by.pk}", within=rules.WRONG_DATES_WITHIN)
    refusal = rules.why_not_confirm(limit)
    if refusal is None and birth_date != student.birth_date:
        refusal = Refusal("other_date", "That is not the birth date on this record.", "Look at it again.")
    if refusal is not None:
        disclose(
            students=[student],
            what=Disclosure.What.OPENED,
            by=by,
            session=session,
            reason=reason,
            refused=True,
            ground=ground,
            beyond=True,
        )
        raise Refused(refusal)
    limit.delete()  # it was right: wrong ones before it do not count against the next time
    (whose,) = _whose([student])
    standing = rules.standing_of(by.pk, seats(by), whose)
    return Disclosure.objects.create(
        student=student,
        reader=by,
        seat_id=standing.seat.id if standing.seat else None,
        role=standing.role,
        place=standing.seat.place if standing.seat else "",
        what=Disclosure.What.OPENED,
        ground=ground,
        reason=reason[:300],
        crosses=True,
        session=session_mark(session),
        opens_until=timezone.now() + Disclosure.OPEN_FOR,
    )


def count_statewide_search(*, by: User) -> None:
    """Count one more Search Statewide of this person; Refused after thirty in an hour."""
    refusal = rules.why_not_statewide(count_try(what=f"statewide by {by.pk}", within=rules.STATEWIDE_WITHIN))
    if refusal is not None:
        raise Refused(refusal)


def search_beyond(
    *,
    terms: Mapping[str, Any],
    ground: Disclosure.Ground,
    reason: str,
    by: User,
    session: str | None = None,
) -> list[rules.Beyond]:
    """The first few students beyond this person's reach who match: name, school, grade and a masked ID, no more.

    Each that is listed is written down with the ground and the reason. How many there are nobody is told.
    """
    if not rules.can_search_statewide(by) or rules.why_not_beyond(terms.get("name", "")) is not None:
        raise Refused(Refusal("not_statewide", "Search Statewide is not for your seat.", ""))
    matching = list(
        Student.objects.matching(**terms).order_by().values_list("pk", flat=True)[: rules.MOST_LOOKED_AT]
    )
    reached = Student.objects.visible_to(by).filter(pk__in=matching).order_by().values_list("pk", flat=True)
    beyond = Student.objects.filter(pk__in=set(matching) - set(reached))
    rows = [rules.Beyond.of(row) for row in beyond.as_listed()[: rules.MOST_BEYOND]]
    disclose(
        students=[row.public_id for row in rows],
        what=Disclosure.What.SEARCH,
        by=by,
        session=session,
        reason=reason,
        ground=ground,
        beyond=True,
    )
    return rows


def _whose(students: list[Shown]) -> list[rules.Whose]:
    """Whose records these are: asked at once, unless the page has loaded the school of each."""
    loaded = [one for one in students if isinstance(one, Student) and Student.school.is_cached(one)]
    if len(loaded) == len(students):
        return [rules.Whose(one.pk, one.user_id, one.school.district_id) for one in dict.fromkeys(loaded)]
    public_ids = [one for one in students if isinstance(one, UUID)]
    keys = [one.pk for one in students if isinstance(one, Student)]
    found = Student.objects.filter(Q(pk__in=keys) | Q(public_id__in=public_ids)).order_by("pk")
    return [rules.Whose(*row) for row in found.values_list("pk", "user_id", "school__district_id")]
