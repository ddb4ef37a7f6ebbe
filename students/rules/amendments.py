"""Who may ask for a record to be amended, who decides, who hears, and when a statement is given (34 CFR 99.20 to 99.22)."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.access import Role, has_role, seats, stands_on
from accounts.models import Event, User
from sers.lib.moments import day
from sers.lib.refusal import Refusal
from students.models import (
    Amendment,
    AmendmentQuerySet,
    Registration,
    RegistrationQuerySet,
    Student,
    records_of,
)
from students.rules.editing import EDITED
from students.rules.inspections import can_enter_inspection, holds_right, right_ended
from students.rules.records import consortia_of, is_own

Asker, Item, Side, State = Amendment.Asker, Amendment.Item, Amendment.Side, Amendment.State
TAGS: Final = {
    State.ASKED: "wait", State.REVIEW: "progress", State.AMENDED: "done", State.REFUSED: "miss", State.HEARING: "wait",
    State.UPHELD: "miss", State.WITHDRAWN: "quiet",
}  # fmt: skip


def side_of(item: str, registration: Registration | None) -> Amendment.Side:
    """Who holds an item decides about it: the college what its credit stands on, the school district everything else."""
    if registration is not None and registration.awarded_at is not None and item in Amendment.OF_CREDIT:
        return Side.COLLEGE
    return Side.SCHOOL


def why_not_ask_amendment(student: Student, asker: str, side: str, *, on: date) -> Refusal | None:
    """Who holds the right in a part of the record asks to have it amended: the student; a parent what the school holds,
    until the student is 18."""
    if student.merged_into_id is not None:
        return Refusal(
            "merged", _("This record was merged into another one."), _("Open the record that stands for it.")
        )
    college = side == Side.COLLEGE
    if holds_right(asker, college_side=college, birth_date=student.birth_date, on=on):
        return None
    if college:
        return Refusal(
            "students_alone", "What a college keeps is the student’s alone.", "Ask the student to write."
        )
    return Refusal(
        "of_age", "The student is 18 or older: the right is theirs, no longer the parent’s.", "Ask the student to write."
    )  # fmt: skip


#: How the history calls it: the row keeps neither the day nor the person.
TAKEN_BACK: Final = "students.amendment_taken_back"
#: What staff read who write down a request they could not follow.
NOT_FOLLOWED: Final = Refusal(
    "not_followed", "This is beyond your reach: the student’s school district writes it down.", "Send the letter there."
)  # fmt: skip


def why_not_of_record(
    student: Student, item: str, registration: Registration | None, field: str
) -> Refusal | None:
    """What is contested is of this record: a class of the student's, or a field of the profile that people read."""
    theirs = registration is not None and registration.student == student
    if theirs if item != Item.PROFILE else field in Amendment.FIELDS:
        return None
    return Refusal("not_of_record", _("This is not of this record."), _("Choose what is wrong"))


def reads_school_side(user: User, student: Student) -> bool:
    """Is the person of the district of the student's school, of a consortium of that district, or of the State?"""
    if stands_on(user, Role.DISTRICT, student.school.district_id) or has_role(user, Role.STATE):
        return True
    ours = consortia_of(user)
    return bool(ours) and student.school.district.consortia.filter(pk__in=ours).exists()


def classes_to_amend(student: Student, user: User) -> RegistrationQuerySet:
    """The classes of a student that this person may write a letter about: all for the student and their district, else
    those within reach, of which alone the request can be followed afterwards."""
    theirs: RegistrationQuerySet = Registration.objects.of(student)
    if is_own(user, student) or stands_on(user, Role.DISTRICT, student.school.district_id):
        return theirs
    return theirs.within_reach(user, Role.REGISTRAR, Role.CONSORTIUM, Role.STATE)


def can_decide_amendment(user: User, amendment: Amendment) -> bool:
    """The holder of that part of the record decides: the student's school district, or the college's registrar. The
    consortium and the State see it. Nobody decides about their own record."""
    if is_own(user, amendment.student):
        return False
    if amendment.holder == Side.SCHOOL:
        return stands_on(user, Role.DISTRICT, amendment.student.school.district_id)
    return amendment.registration is not None and stands_on(
        user, Role.REGISTRAR, amendment.registration.college_id
    )


def amendments_for(user: User, role: Role) -> AmendmentQuerySet:
    """Open requests that this person decides from seats of a role: as holder of that part of the record, of the State
    the hearings. No hearing about what they refused or wrote down themselves."""
    held = [seat.anchor for seat in seats(user, role)]
    found: AmendmentQuerySet = Amendment.objects.open()
    hearing = Q(state=State.HEARING)
    found = found.exclude(hearing & (Q(decided_by=user) | Q(entered_by=user)))
    if role == Role.STATE:
        return found.filter(hearing) if held else found.none()
    return found.held_by(
        districts=held if role == Role.DISTRICT else (), colleges=held if role == Role.REGISTRAR else ()
    )


#: Whose seats decide or hear.
DECIDERS: Final = (Role.DISTRICT, Role.REGISTRAR, Role.STATE)


def amendments_that_wait_for(user: User) -> AmendmentQuerySet:
    """Open requests that this person decides or may hear, from any of their seats: what their home counts."""
    waits = Q()
    for role in DECIDERS:
        if has_role(user, role):
            waits |= Q(pk__in=amendments_for(user, role).order_by().values("pk"))
    found: AmendmentQuerySet = Amendment.objects.filter(waits) if waits else Amendment.objects.none()
    return found


def why_not_decide_amendment(amendment: Amendment, user: User) -> Refusal | None:
    """A request is decided once, by the holder of that part of the record."""
    if not can_decide_amendment(user, amendment):
        return Refusal("not_holder", f"{amendment.holder_name} decides this.")
    if amendment.state not in (State.ASKED, State.REVIEW):
        return Refusal(
            "decided_already", f"This stands as {amendment.get_state_display()}.", "Look at it again."
        )
    return None


def why_not_review_amendment(amendment: Amendment, user: User) -> Refusal | None:
    """That somebody looks at it is noted once."""
    refusal = why_not_decide_amendment(amendment, user)
    if refusal is None and amendment.state == State.REVIEW:
        return Refusal("looked_at", "It is being looked at already.")
    return refusal


def why_not_ask_hearing(amendment: Amendment, user: User, *, on: date) -> Refusal | None:
    """A refusal may be brought to a hearing by who asked; for a parent by the staff who write down their letter, as long
    as the right is theirs. Not after a statement was given: it says that the matter is settled."""
    if not _acts_for_asker(user, amendment):
        return Refusal("not_yours", _("Who asked for it asks for the hearing."))
    ended = right_ended(amendment.asker, amendment.student, on=on)
    if ended is not None:
        return ended
    if amendment.state != State.REFUSED or amendment.stated_at is not None:
        return Refusal("not_refused", _("There is no refusal to bring to a hearing."))
    return None


def why_not_hear(amendment: Amendment, user: User, interested: Sequence[int | None] = ()) -> Refusal | None:
    """A hearing is decided by somebody without interest in the outcome (34 CFR 99.22(c)): of the same holder or of the
    State, neither who refused nor who made the contested entry (`interested`)."""
    held = can_decide_amendment(user, amendment) or (
        has_role(user, Role.STATE) and not is_own(user, amendment.student)
    )
    if not held:
        return Refusal("not_holder", f"{amendment.holder_name} or the State holds the hearing.")
    if amendment.state != State.HEARING:
        return Refusal("no_hearing", "No hearing was asked for, or it was held already.")
    if user.pk in (amendment.decided_by_id, amendment.entered_by_id, *interested):
        return Refusal(
            "interested", "You took part in it: somebody without interest in the outcome decides after a hearing.",
            "Ask a colleague, or the State.",
        )  # fmt: skip
    return None


def comments_to_decide(amendment: Amendment) -> list[Any]:
    """Who decides about a comment of staff reads the comments of the class that count; nobody can decide unread."""
    if amendment.item != Item.COMMENT or amendment.registration is None:
        return []
    return list(amendment.registration.comments.standing().with_writer())


def interested_in(amendment: Amendment) -> list[int | None]:
    """Who made the contested entry: the accounts behind the grade or the comments of the class, who registered the
    student or changed the registration since, and who changed that field of the profile."""
    one = amendment.registration
    if one is None:
        return list(
            Event.objects.about_any(Student, records_of(amendment.student), EDITED)
            .filter(data__has_key=amendment.field)
            .values_list("actor", flat=True)
        )
    if amendment.item == Item.GRADE:
        return list(one.grades.order_by().values_list("entered_by", flat=True))
    if amendment.item == Item.COMMENT:
        return list(one.comments.order_by().values_list("written_by", flat=True))
    changed = Event.objects.about_any(Registration, [one.pk]).values_list("actor", flat=True)
    return [one.registered_by_id, *changed]


def why_not_state(amendment: Amendment, user: User, *, on: date) -> Refusal | None:
    """Who was refused, at once or after the hearing, places one statement in the record (34 CFR 99.21(b)(2)); a parent
    until the student is 18."""
    if not _acts_for_asker(user, amendment):
        return Refusal("not_yours", _("Who asked for it gives the statement."))
    ended = right_ended(amendment.asker, amendment.student, on=on)
    if ended is not None:
        return ended
    if amendment.stated_at is not None:
        return Refusal("stated", _("The statement is given already. It stays."))
    if amendment.state not in (State.REFUSED, State.UPHELD):
        return Refusal("not_refused", _("There is no refusal to make a statement about."))
    return None


def why_not_take_back_amendment(amendment: Amendment, user: User) -> Refusal | None:
    """A request is taken back until it is decided."""
    if not _acts_for_asker(user, amendment):
        return Refusal("not_yours", _("Who asked takes it back."))
    if amendment.state not in (State.ASKED, State.REVIEW):
        return Refusal("decided_already", _("It is decided already."))
    return None


def _acts_for_asker(user: User, amendment: Amendment) -> bool:
    """The student for themselves; what a letter says is written down by the staff who may, for who has no account too."""
    if is_own(user, amendment.student):
        return amendment.is_the_students
    by_letter = not amendment.is_the_students or amendment.student.user_id is None
    return by_letter and can_enter_inspection(user, amendment.student, amendment.asker)


def items_of(student: Student, user: User) -> list[tuple[str, str]]:
    """What of a record this person may contest or write down as contested, as a form offers it: fields of the profile,
    classes, grades, and comments, of which colleges learn nothing."""
    own, ours = is_own(user, student), consortia_of(user)
    whole = own or reads_school_side(user, student)
    found = []
    if whole:
        found += [
            (f"profile {name}", f"{Item.PROFILE.label}: {label}") for name, label in Amendment.FIELDS.items()
        ]
    classes = classes_to_amend(student, user)
    remarked = set(classes.filter(comments__isnull=False).order_by().values_list("pk", flat=True))
    for one in classes.in_full():
        name = f"{one.high_school_course.title}, {one.year}"
        found.append((f"class {one.public_id}", f"{name}: {Item.REGISTRATION.label}"))
        if one.grade is not None:
            found.append((f"grade {one.public_id}", f"{name}: {Item.GRADE.label}"))
        if one.pk in remarked and (whole or one.articulation.consortium_id in ours):
            found.append((f"comment {one.public_id}", f"{name}: {Item.COMMENT.label}"))
    return found


def next_of_amendment(amendment: Amendment, *, own: bool) -> str:
    """What is next, and who does it; the student reads of a parent's request too, which they do not follow up."""
    who, state = amendment.holder_name, State(amendment.state)
    if not own:
        told = {
            State.REFUSED: "Who asked may ask for a hearing or add a statement.",
            State.HEARING: "Somebody who had no part in it holds the hearing and decides.",
            State.UPHELD: "Who asked may add a statement.",
            State.AMENDED: "It was put right.",
            State.WITHDRAWN: "It was taken back.",
        }
        stated = "The statement goes with the record." if amendment.stated_at else ""
        return stated or told.get(state, f"{who} decides.")
    if not amendment.is_the_students:
        return _next_of_parents(amendment, who)
    if amendment.stated_at is not None:
        return _("Your statement goes with the record.")
    return {
        State.AMENDED: _("It was put right."),
        State.REFUSED: _("You may ask for a hearing, or add a statement of your own."),
        State.HEARING: _("Somebody who had no part in it hears you and decides. You get a mail."),
        State.UPHELD: _("You may add a statement of your own. It goes with the record."),
        State.WITHDRAWN: _("It was taken back. You can ask again."),
    }.get(state, _("{who} looks at it and answers. You get a mail.").format(who=who))


def _next_of_parents(amendment: Amendment, who: str) -> str:
    if amendment.stated_at is not None:
        return _("The statement of your parent or guardian goes with the record.")
    return {
        State.AMENDED: _("It was put right."),
        State.REFUSED: _("Your parent or guardian may ask for a hearing, or add a statement."),
        State.HEARING: _("Somebody who had no part in it hears your parent or guardian and decides."),
        State.UPHELD: _("Your parent or guardian may add a statement. It goes with the record."),
        State.WITHDRAWN: _("It was taken back."),
    }.get(State(amendment.state), _("{who} looks at it and answers your parent or guardian.").format(who=who))


def trail_of_amendment(amendment: Amendment) -> list[tuple[str, str, str]]:
    """What was done: its name, when and by whom, and the words."""
    found = [(_("Asked"), f"{day(amendment.asked_at)}, {amendment.entered_by.name}", "")]
    if amendment.state == State.WITHDRAWN:
        back = Event.objects.about(amendment, TAKEN_BACK).select_related("actor").first()
        if back is not None and back.actor is not None:
            found.append((_("Taken back"), f"{day(back.at)}, {back.actor.name}", ""))
    if amendment.decided_at and amendment.decided_by:
        name = (
            _("Refused") if amendment.hearing_asked_at or amendment.state != State.AMENDED else _("Amended")
        )
        found.append((name, f"{day(amendment.decided_at)}, {amendment.decided_by.name}", amendment.decision))
    if amendment.hearing_asked_at:
        found.append((_("Hearing asked for"), day(amendment.hearing_asked_at), ""))
    if amendment.heard_at and amendment.heard_by:
        name = (
            _("Amended after the hearing")
            if amendment.state == State.AMENDED
            else _("Refused after the hearing")
        )
        found.append(
            (name, f"{day(amendment.heard_at)}, {amendment.heard_by.name}", amendment.hearing_decision)
        )
    if amendment.stated_at:
        found.append((_("Statement"), f"{day(amendment.stated_at)}, {amendment.who}", amendment.statement))
    return found
