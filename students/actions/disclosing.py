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
from sers.lib.writing import insert_absent
from students import rules
from students.models import Disclosure, StatedPurpose, Student


class PurposeMissing(Exception):
    """A person of the State is about to be shown a student's record and has not said what for."""


#: A student as a page has them: the record, what stands in its address, or whose record it is.
Shown: TypeAlias = Student | UUID | rules.Whose


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
    held, records = seats(by), _whose(list(students))
    standings = [rules.standing_of(by.pk, held, whose) for whose in records]
    if not records:
        return
    for_the_state = not reason and any(one.role is Role.STATE for one in standings)
    stated = stated_reason(by=by) if for_the_state else ""
    insert_absent(
        Disclosure,
        {
            "student": [whose.student_id for whose in records],
            "seat_id": [one.seat.id if one.seat else None for one in standings],
            "role": [str(one.role) for one in standings],
            "place": [one.seat.place if one.seat else "" for one in standings],
            "ground": [str(ground or one.ground) for one in standings],
            "crosses": [one.crosses or beyond for one in standings],
            "reason": [(stated if one.role is Role.STATE and stated else reason)[:300] for one in standings],
        },
        reader=by.pk,
        day=timezone.localdate(),
        what=str(what),
        refused=refused,
        session=session_mark(session),
    )


def stated_reason(*, by: User) -> str:
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
    """Whose records these are: asked at once, unless the page knows of each or has loaded its school.

    Whoever is shown a merged record is shown the student: it is written down at the record that stands for it.
    """
    known = [whose for whose in map(_known, students) if whose is not None]
    if len(known) == len(students):
        return list(dict.fromkeys(known))
    public_ids = [one for one in students if isinstance(one, UUID)]
    keys = [one.pk for one in students if isinstance(one, Student)]
    keys += [one.student_id for one in students if isinstance(one, rules.Whose)]
    found = Student.objects.filter(Q(pk__in=keys) | Q(public_id__in=public_ids)).order_by("pk")
    rows = found.values_list(
        "pk", "user_id", "school__district_id",
        "merged_into_id", "merged_into__user_id", "merged_into__school__district_id",
    )  # fmt: skip
    return list(dict.fromkeys(rules.Whose(*(row[3:] if row[3] else row[:3])) for row in rows))


def _known(one: Shown) -> rules.Whose | None:
    """Whose record it is, as far as that needs no asking."""
    if isinstance(one, rules.Whose):
        return one
    if isinstance(one, Student) and one.merged_into_id is None and Student.school.is_cached(one):
        return rules.Whose(one.pk, one.user_id, one.school.district_id)
    return None
