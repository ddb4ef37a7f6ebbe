"""Who may inspect a record and have it explained, who answers, and how long that may take (34 CFR 99.5, 99.10)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.access import Role, has_role, seats, stands_on
from accounts.models import User
from sers.lib.moments import day
from sers.lib.refusal import Refusal
from students.models import Inspection, InspectionQuerySet, Registration, Student
from students.rules.guardians import why_not_address
from students.rules.identity import age_on
from students.rules.records import consortium_reaches, is_own
from students.rules.requirements import OF_AGE

Asker = Inspection.Asker
#: A letter is written down in the year it came.
ENTERED_WITHIN: Final = timedelta(days=365)
#: Who answers requests.
ANSWERERS: Final = (Role.DISTRICT, Role.REGISTRAR, Role.CONSORTIUM, Role.STATE)


def holds_right(asker: str, *, college_side: bool, birth_date: date, on: date) -> bool:
    """The rights in the college's side of a record are the student's at any age; those in the school's side pass from
    the parent to the student on the 18th birthday (34 CFR 99.3, 99.5(a)).

    SERS lets students read their own record at any age, as 99.5(b) leaves a school free to. Who is born on February 29
    is 18 on March 1.
    """
    if asker == Asker.STUDENT:
        return True
    return not college_side and age_on(birth_date, on) < OF_AGE


def why_not_inspect(student: Student, asker: str, *, on: date) -> Refusal | None:
    """A record is inspected by who holds the right in it: the student, and a parent the school's side until the
    student is 18. That counts on the day of the answer and so on every day before: a letter that came in time and is
    typed after the birthday could not be answered any more."""
    if student.merged_into_id is not None:
        return Refusal(
            "merged", _("This record was merged into another one."), _("Open the record that stands for it.")
        )
    if holds_right(asker, college_side=False, birth_date=student.birth_date, on=on):
        return None
    return Refusal(
        "of_age",
        "The student is 18 or older: the right is theirs, no longer the parent’s, also where the letter came before.",
        "Ask the student to write, or for the student’s written consent.",
    )


def is_told_with_parent(student: Student, *, on: date) -> bool:
    """Is a parent told of the rights too: their address is on file, is not the student's own, and the rights in the
    school's side are theirs (34 CFR 99.7)?"""
    return (
        bool(student.guardian_email)
        and why_not_address(student, student.guardian_email) is None
        and holds_right(Asker.GUARDIAN, college_side=False, birth_date=student.birth_date, on=on)
    )


#: What a registrar reads who would write down a parent's letter.
WRITTEN_DOWN_BY: Final = Refusal(
    "not_in_reach", "A parent’s request is written down by the district, the consortium or the State."
)


def can_enter_inspection(user: User, student: Student, asker: str = "") -> bool:
    """Requests that come by letter are written down by the district of the student's school, by consortium and State,
    and by the registrar of a college where the student is registered: that one a student's own, never a parent's, who
    have no right in the college's side."""
    if is_own(user, student):
        return False
    if stands_on(user, Role.DISTRICT, student.school.district_id) or has_role(user, Role.STATE):
        return True
    if consortium_reaches(user, student):
        return True
    colleges = [seat.anchor for seat in seats(user, Role.REGISTRAR)]
    if asker == Asker.GUARDIAN or not colleges:
        return False
    return Registration.objects.of(student).filter(college__in=colleges).exists()


def can_answer_inspection(user: User, inspection: Inspection) -> bool:
    """Who may write such a request down answers it; nobody answers their own."""
    return can_enter_inspection(user, inspection.student, inspection.asker)


def inspections_for(user: User, role: Role) -> InspectionQuerySet:
    """Open requests that people of a role answer where their seats stand."""
    return Inspection.objects.within_reach(user, role).open()


def why_not_received(received_on: date, *, on: date) -> Refusal | None:
    """A request is written down on the day it came or within a year: the forty-five days count from that day."""
    if received_on > on:
        return Refusal("not_yet", "Enter the day the request came, today or earlier")
    if received_on < on - ENTERED_WITHIN:
        return Refusal("too_long_ago", "Enter a day within the last year")
    return None


def why_not_open(inspection: Inspection, *, own: bool) -> Refusal | None:
    """What is closed or taken back stays as it is; who asked asks anew."""
    if inspection.is_open:
        return None
    next_step = _("Ask anew.") if own else "Look at the request again."
    return Refusal("over", _("This request is over already."), next_step)


def right_ended(asker: str, student: Student, *, on: date) -> Refusal | None:
    """What a parent asked for ends with their right, on the 18th birthday, also where it was asked before (34 CFR
    99.5(a)): nothing of the record is given, explained or handed over to them from then on."""
    if holds_right(asker, college_side=False, birth_date=student.birth_date, on=on):
        return None
    return Refusal(
        "of_age", "The student is 18 or older: the right is theirs, no longer the parent’s.",
        "Note that it was taken back, and write to the parent: the student may ask, or consent in writing.",
    )  # fmt: skip


def why_not_work_on_inspection(inspection: Inspection, user: User) -> Refusal | None:
    """An open request is worked on by who answers such, and by nobody else."""
    if not can_answer_inspection(user, inspection):
        return Refusal("not_yours", "The district, the college, the consortium or the State answers this.")
    return why_not_open(inspection, own=False)


def why_not_answer_inspection(inspection: Inspection, user: User, *, on: date) -> Refusal | None:
    """A request is answered while who asked holds the right: of the record nothing is told to a parent of who is 18."""
    return why_not_work_on_inspection(inspection, user) or right_ended(
        inspection.asker, inspection.student, on=on
    )


def why_not_give_record(inspection: Inspection, user: User, *, on: date) -> Refusal | None:
    """The record is given once; given again it would be a copy, which the student asks for any time."""
    refusal = why_not_answer_inspection(inspection, user, on=on)
    if refusal is None and inspection.given_at is not None:
        return Refusal("given", "The record was given already.", "Explain it, or close the request.")
    return refusal


def why_not_explain_record(inspection: Inspection, user: User, *, on: date) -> Refusal | None:
    """What was explained is written down once, and stays."""
    refusal = why_not_answer_inspection(inspection, user, on=on)
    if refusal is None and inspection.explained_at is not None:
        return Refusal("explained", "It is noted already what was explained.", "Look at the request again.")
    return refusal


def hands_over_files(user: User, student: Student) -> bool:
    """A file that no account takes is held and handed over by who may write down a parent's letter: the district of the
    student's school, the consortium and the State, and nobody from a registrar's seat."""
    return can_enter_inspection(user, student, Asker.GUARDIAN)


def why_not_make_file(inspection: Inspection, user: User, *, on: date) -> Refusal | None:
    """A file is made for a request that is open. Who takes it: the student in their own account; where there is none,
    and for a parent, the staff who hand it over. A registrar holds no file of a school's side: theirs is for the account."""
    refusal = why_not_answer_inspection(inspection, user, on=on)
    if refusal is None and not inspection.goes_to_account and not hands_over_files(user, inspection.student):
        return Refusal(
            "no_account", "This student has no account to take the file in.",
            "Ask the district or the consortium to hand it over.",
        )  # fmt: skip
    return refusal


def why_not_close_inspection(inspection: Inspection, user: User) -> Refusal | None:
    """A request is answered when the record was given, and explained where that was asked for (34 CFR 99.10(c))."""
    refusal = why_not_work_on_inspection(inspection, user)
    if refusal is not None:
        return refusal
    if inspection.given_at is None:
        return Refusal("not_given", "The record was not given yet.", "Give it first.")
    if inspection.wants_explained and inspection.explained_at is None:
        return Refusal(
            "not_explained", "It was asked to be explained.", "Write down what was explained first."
        )
    return None


def why_not_take_back_inspection(inspection: Inspection, user: User) -> Refusal | None:
    """Students take back what they asked themselves; for who asked by letter the staff who answer write it down."""
    own = is_own(user, inspection.student)
    if own and not inspection.is_the_students:
        return Refusal("not_yours", _("Your parent or guardian asked for this, and takes it back."))
    if not own and not can_answer_inspection(user, inspection):
        return Refusal("not_yours", _("Who asked takes it back."))
    return why_not_open(inspection, own=own)


@dataclass(frozen=True, slots=True)
class DueIn:
    """How long there is to answer a request, in words."""

    tag: str
    label: str


def due_in(inspection: Inspection, on: date) -> DueIn:
    """`Overdue by 3 days`, `12 days left`; what waits for thirty days is marked."""
    if not inspection.is_open:
        closed = inspection.state == Inspection.State.CLOSED
        return DueIn("done" if closed else "quiet", str(inspection.get_state_display()))
    left = (inspection.due_on - on).days
    if left < 0:
        late = ngettext("Overdue by {number} day", "Overdue by {number} days", -left)
        return DueIn("stop", late.format(number=-left))
    words = ngettext("{number} day left", "{number} days left", left).format(number=left)
    return DueIn("wait" if (on - inspection.received_on) >= Inspection.ALERT_AFTER else "progress", words)


def next_of_inspection(inspection: Inspection, *, own: bool) -> str:
    """What is next, and who does it; the student reads of a parent's request too, which they do not follow up."""
    until = day(inspection.due_on)
    if own and not inspection.is_the_students:
        return _next_of_parents(inspection, until)
    if inspection.state == Inspection.State.WITHDRAWN:
        return _("It was taken back. You can ask again.") if own else "It was taken back."
    if inspection.state == Inspection.State.CLOSED:
        return _("It was answered. You can ask again any time.") if own else "It was answered."
    if inspection.given_at is None:
        if own:
            return _("You get the record by {day}. We write to you when it is there.").format(day=until)
        return f"Give the record by {until}."
    if inspection.wants_explained and inspection.explained_at is None:
        if own:
            return _("Somebody explains the record to you by {day}.").format(day=until)
        return f"Explain the record by {until}, and write down what you explained."
    return _("Nothing is left but to close the request.") if own else "Close the request."


def _next_of_parents(inspection: Inspection, until: str) -> str:
    if inspection.state == Inspection.State.WITHDRAWN:
        return _("It was taken back.")
    if inspection.state == Inspection.State.CLOSED:
        return _("It was answered.")
    if inspection.given_at is None:
        return _("Your parent or guardian gets what the school keeps by {day}.").format(day=until)
    if inspection.wants_explained and inspection.explained_at is None:
        return _("Somebody explains it to your parent or guardian by {day}.").format(day=until)
    return _("Nothing is left but to close the request.")


def steps_of_inspection(inspection: Inspection) -> list[dict[str, Any]]:
    """The rail of a request: received, record given, explained where that was asked, answered."""
    over = inspection.closed_at if inspection.state == Inspection.State.CLOSED else None
    steps: list[tuple[str, Any]] = [
        (_("Received"), inspection.received_on),
        (_("Record given"), inspection.given_at),
    ]
    if inspection.wants_explained or inspection.explained_at:
        steps.append((_("Explained"), inspection.explained_at))
    steps.append((_("Answered"), over))
    here = next((number for number, (_name, when) in enumerate(steps) if when is None), len(steps))
    return [
        {
            "state": "past" if when else "here" if number == here and inspection.is_open else "ahead",
            "name": name,
            "note": day(when),
        }
        for number, (name, when) in enumerate(steps)
    ]  # fmt: skip


def inspections_in_words(tally: Mapping[str, Any]) -> str:
    """`3 requests are open, the first is due December 8, 2026. 1 is overdue.`"""
    if not tally["open"]:
        return "No request is open."
    one = tally["open"] == 1
    words = f"{tally['open']:,} {'request is' if one else 'requests are'} open, "
    words += f"{'due' if one else 'the first is due'} {day(tally['first'])}."
    if tally["overdue"]:
        words += f" {tally['overdue']:,} {'is' if tally['overdue'] == 1 else 'are'} overdue."
    return words


def why_not_act(inspection: Inspection, user: User, act: str, *, on: date) -> Refusal:
    """Why an act that was sent is not open on a request: by its own rule, else it was done meanwhile."""
    asks: Mapping[str, Callable[[Inspection, User], Refusal | None]] = {
        "give": partial(why_not_give_record, on=on),
        "explain": partial(why_not_explain_record, on=on),
        "close": why_not_close_inspection,
        "take_back": why_not_take_back_inspection,
    }
    found = asks.get(act, partial(why_not_answer_inspection, on=on))(inspection, user)
    return found or Refusal("done", "This was done meanwhile.", "Look at the request again.")
