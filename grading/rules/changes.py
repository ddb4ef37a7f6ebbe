"""Grade Changes: who asks, who confirms, who decides, and what each step refuses."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.access import Role, has_role, seats, stands_on
from accounts.models import User
from articulations.models import Section
from grading.models import (
    NOT_ATTAINED,
    GradeChange,
    GradeChangeQuerySet,
    GradeEntry,
    RosterRow,
    percent_text,
    roster_rows,
    teaches,
)
from grading.rules.grades import class_calendar, day_in_words, grading_opening
from grading.rules.standards import CollegeGrade, Standard, read_grade, standards_of
from organizations.models import Seat
from organizations.rules import Opening
from sers.lib.moments import day
from sers.lib.refusal import Refusal
from students.models import Registration
from students.rules import is_own

State = GradeChange.State


# --- Who may ----------------------------------------------------------------------------------------------


def asks_change_as(user: User, registration: Registration) -> Role | None:
    """A Grade Change is asked for by the student, by a teacher of the class, or by a counselor of the student's
    school or of the school of the class; by nobody else."""
    if is_own(user, registration.student) and has_role(user, Role.STUDENT):
        return Role.STUDENT
    if teaches(user, registration.section):
        return Role.TEACHER
    schools = (registration.student.school_id, registration.high_school_course.school_id)
    if any(stands_on(user, Role.COUNSELOR, school) for school in schools):
        return Role.COUNSELOR
    return None


def can_confirm_change(user: User, change: GradeChange) -> bool:
    """A teacher of the class says which grade is right."""
    return teaches(user, change.registration.section)


def can_decide_change(user: User, change: GradeChange) -> bool:
    """Staff of the agreement's consortium, or the registrar of the college, approve or decline."""
    return stands_on(user, Role.CONSORTIUM, change.registration.articulation.consortium_id) or stands_on(
        user, Role.REGISTRAR, change.registration.college_id
    )


# --- What each step refuses -------------------------------------------------------------------------------


def no_grade() -> Refusal:
    """A Grade Change is for a grade that stands."""
    return Refusal(
        "no_grade",
        _("No grade stands for this class."),
        _("Ask the teacher to enter it on the class roster."),
    )


def why_not_ask_change(
    *, status: str, has_grade: bool, is_awarded: bool, under_way: bool, opening: Opening, on: date
) -> Refusal | None:
    """A Grade Change is for a grade that stands and that the roster no longer changes: grading is closed, or
    credit is awarded. One at a time for each class."""
    if status not in Registration.GRADED or not has_grade:
        return no_grade()
    if under_way:
        return Refusal("under_way", _("A Grade Change for this class is under way."), _("Follow it there."))
    if not is_awarded and opening.is_open and opening.closes_on is not None:
        return Refusal(
            "grading_open",
            _("Teachers can still change grades until %(day)s.")
            % {"day": day_in_words(opening.closes_on, on)},
            _("Ask the teacher to enter the right one on the class roster."),
        )
    return None


def why_not_confirm_change(user: User, change: GradeChange) -> Refusal | None:
    """The teacher confirms what was asked for, once."""
    if change.state != State.REQUESTED:
        return already(change)
    if not can_confirm_change(user, change):
        return Refusal("not_teacher", _("Only the teachers of this class confirm a Grade Change."))
    return None


def why_not_approve_change(user: User, change: GradeChange) -> Refusal | None:
    """The college's side approves what a teacher confirmed; never the person who asked or who confirmed."""
    if change.state == State.REQUESTED:
        return Refusal("not_confirmed", _("The teacher has not confirmed this Grade Change yet."))
    if change.state != State.CONFIRMED:
        return already(change)
    if not can_decide_change(user, change):
        return Refusal(
            "not_college_side", _("The consortium or the registrar of the college approves a Grade Change.")
        )
    if user.pk in (change.confirmed_by_id, change.asked_by_id):
        return Refusal(
            "same_person",
            _("A Grade Change takes two people, and you have asked for this one or confirmed it."),
            _("Somebody else of the consortium or the college approves it."),
        )
    return None


def why_not_decline_change(user: User, change: GradeChange) -> Refusal | None:
    """Before it is confirmed the teacher or the college's side declines; afterwards only the college's side."""
    if change.state not in GradeChange.OPEN:
        return already(change)
    if can_decide_change(user, change):
        return None
    if change.state == State.REQUESTED and can_confirm_change(user, change):
        return None
    return Refusal("not_yours", _("Somebody else decides on this Grade Change now."))


def why_not_withdraw_change(user: User, change: GradeChange) -> Refusal | None:
    """Who asked may take it back until it is decided."""
    if change.state not in GradeChange.OPEN:
        return already(change)
    if change.asked_by_id != user.pk:
        return Refusal("not_asker", _("Only the person who asked takes a Grade Change back."))
    return None


def why_not_become(grade: CollegeGrade | None, *, text: str, row: RosterRow) -> Refusal | None:
    """The new grade must be one the college can read, and differ from what stands.

    It may earn nothing where credit is awarded: the registrar then takes the credit back, after the two people here.
    """
    if grade is None:
        return no_scale(row)
    if row.grade == text and row.college_grade == ("" if not grade.is_earned else str(grade)):
        return Refusal("same_grade", _("This grade stands already."), _("Enter another one, or decline."))
    return None


def no_scale(row: RosterRow) -> Refusal:
    """Without the college's scale nobody can say what a percent becomes."""
    return Refusal(
        "no_scale",
        _("%(college)s has not set its grade scale for this school year.") % {"college": row.college},
        _("Ask your consortium to set it."),
    )


def already(change: GradeChange) -> Refusal:
    """Somebody was first: what the change stands at, and by whom."""
    who = change.confirmed_by if change.state == State.CONFIRMED else change.decided_by
    name = who.name if who else _("SERS")
    words = {
        State.CONFIRMED: _("%(who)s has confirmed this Grade Change."),
        State.APPROVED: _("%(who)s has approved this Grade Change."),
        State.DECLINED: _("%(who)s has declined this Grade Change."),
        State.WITHDRAWN: _("%(who)s has withdrawn this Grade Change."),
    }
    return Refusal("decided", words[State(change.state)] % {"who": name}, _("Nothing was changed."))


# --- What a grade becomes ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Standing:
    """A class as a Grade Change finds it: its row with the grade that counts, and the college's measure."""

    row: RosterRow
    standard: Standard | None

    def college_grade(self, text: str) -> CollegeGrade | None:
        """What the text of a grade box becomes at the college; None without a scale."""
        read = read_grade(text)
        if self.standard is None or read is None:
            return None
        return self.standard.grade_of(read)


def standing_of(registration: Registration) -> Standing:
    """A class as it stands now; two queries."""
    (row,) = roster_rows(Registration.objects.filter(pk=registration.pk))
    return Standing(row, standards_of([row]).get(row.pk))


def current_grade(registration: Registration) -> GradeEntry | None:
    """The entry that counts."""
    found: GradeEntry | None = GradeEntry.objects.filter(registration=registration).current().first()
    return found


def opening_of_class(registration: Registration, on: date) -> Opening:
    """How grading stands for a registration: its window, or until when it was opened again for the class."""
    return grading_opening(
        class_calendar(registration.section),
        consortium_id=registration.articulation.consortium_id,
        college_id=registration.college_id,
        year_id=registration.year_id,
        on=on,
    )


def why_not_ask_change_now(registration: Registration, on: date) -> Refusal | None:
    """As `why_not_ask_change`, asked of the rows as they are."""
    return why_not_ask_change(
        status=registration.status,
        has_grade=current_grade(registration) is not None,
        is_awarded=registration.awarded_at is not None,
        under_way=GradeChange.objects.open().filter(registration=registration).exists(),
        opening=opening_of_class(registration, on),
        on=on,
    )


def box_text(typed: str) -> str:
    """What a grade box shows of what was typed: `97`, `NA` or nothing. ValueError, in words, for what is no grade."""
    read = read_grade(typed)
    if read is None:
        return ""
    return read if isinstance(read, str) else percent_text(read)


def grade_in_words(text: str) -> str:
    """`91 %`, `Not Attained`: what stands in a grade box, said."""
    if text == NOT_ATTAINED:
        return str(Registration.Status.NOT_ATTAINED.label)
    return f"{text} %" if text.replace(".", "").isdigit() else text


# --- Whom a change waits for ------------------------------------------------------------------------------


def teachers_to_ask(section: Section, on: date) -> list[User]:
    """The teachers of a class who can act today."""
    found = Seat.objects.held_on(on).filter(sections=section, user__is_active=True).select_related("user")
    return [seat.user for seat in found.order_by("user__last_name", "id")]


def waiting_for(user: User, changes: GradeChangeQuerySet) -> GradeChangeQuerySet:
    """The Grade Changes among these that this person can act on now."""
    as_teacher = [seat.anchor for seat in seats(user, Role.TEACHER)]
    as_consortium = [seat.anchor for seat in seats(user, Role.CONSORTIUM)]
    as_registrar = [seat.anchor for seat in seats(user, Role.REGISTRAR)]
    taught = Section.teachers.through.objects.filter(seat__in=as_teacher).order_by().values("section")
    at_college = Q(registration__articulation__consortium__in=as_consortium) | Q(
        registration__college__in=as_registrar
    )
    return changes.filter(
        Q(state=State.REQUESTED, registration__section__in=taught)
        | (Q(state=State.CONFIRMED) & at_college & ~Q(confirmed_by=user) & ~Q(asked_by=user))
    )


@dataclass(frozen=True, slots=True)
class Step:
    """One stop of a Grade Change on the rail."""

    state: str
    name: str
    note: str = ""


def steps_of(change: GradeChange) -> list[Step]:
    """Where a Grade Change is: asked, confirmed, approved, and after an award the record of credit."""
    asked = Step("past", _("Requested"), _by(change.asked_by, change.asked_at))
    if change.state == State.WITHDRAWN:
        return [asked, Step("here", _("Withdrawn"), _by(change.decided_by, change.decided_at))]
    confirmed = Step("past", _("Confirmed by the teacher"), _by(change.confirmed_by, change.confirmed_at))
    if change.state == State.DECLINED:
        declined = Step("here", _("Declined"), _by(change.decided_by, change.decided_at))
        return [asked, confirmed, declined] if change.confirmed_by else [asked, declined]
    if change.state == State.REQUESTED:
        return [
            asked,
            Step("here", _("The teacher confirms")),
            Step("ahead", _("The college’s side approves")),
        ]
    if change.state == State.CONFIRMED:
        return [asked, confirmed, Step("here", _("The college’s side approves"))]
    approved = Step("past", _("Approved, the new grade stands"), _by(change.decided_by, change.decided_at))
    if change.needs_reposting_at is None:
        return [asked, confirmed, approved]
    if change.reposted_at is None:
        return [asked, confirmed, approved, Step("here", _("The registrar corrects the credit"))]
    return [asked, confirmed, approved, Step("past", _("The credit is corrected"), day(change.reposted_at))]


def _by(who: User | None, when: datetime | None) -> str:
    return ", ".join(part for part in (who.name if who else "", day(when)) if part)
