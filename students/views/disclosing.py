"""Who is shown whose record: what every page that shows one calls first, and how it finds it."""

from collections.abc import Iterable
from uuid import UUID

from django.shortcuts import get_object_or_404

from accounts.access import SignedIn
from students import actions
from students.actions import Shown
from students.models import Disclosure, Student, StudentQuerySet


class RecordMoved(Exception):
    """The address is that of a record that was merged into another one."""

    def __init__(self, record: Student) -> None:
        super().__init__(record.sers_id)
        self.record = record


def record_at(found: StudentQuerySet, public_id: UUID) -> Student:
    """The record of an address, among these; RecordMoved when it was merged: its page is that of the one that stands."""
    one: Student = get_object_or_404(found.in_full(), public_id=public_id)
    if one.merged_into_id is not None:
        raise RecordMoved(one)
    return one


def disclose(request: SignedIn, what: Disclosure.What, students: Iterable[Shown]) -> None:
    """Write down that this page shows these records to the person who asked for it."""
    actions.disclose(students=students, what=what, by=request.user, session=request.session.session_key)
