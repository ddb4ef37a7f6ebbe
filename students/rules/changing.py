"""What a student may change after registering: the teacher, the college, or that they are registered at all."""

from dataclasses import replace
from datetime import date

from django.utils.translation import gettext as _

from articulations.models import ArticulationCourse, Section
from organizations.models import Window
from organizations.rules import Calendar
from sers.lib.moments import short_day
from sers.lib.refusal import Refusal
from students.models import Registration
from students.rules.registering import Offer, SchoolClass, classes_on_offer


def why_not_withdraw(registration: Registration, *, calendar: Calendar, on: date) -> Refusal | None:
    """A student may withdraw while the class has no grade and its registration window is open."""
    return _why_not_change(
        registration,
        calendar=calendar,
        on=on,
        closed=Refusal(
            "registration_closed",
            _("The time to withdraw by yourself is over."),
            _("Your teacher can still mark you Withdrawn or Not in Class."),
        ),
    )


def why_not_change_teacher(
    registration: Registration, section: Section | None, *, calendar: Calendar, on: date
) -> Refusal | None:
    """A student may move to another teacher of the same class and year, before a grade and inside the window.

    Without a section the question is whether there is a move at all.
    """
    if section is not None and (section.high_school_course_id, section.year_id) != (
        registration.high_school_course_id,
        registration.year_id,
    ):
        return Refusal(
            "other_class",
            _("That teacher teaches another class."),
            _("Withdraw from this class and register for the other one."),
        )
    return _why_not_change(
        registration,
        calendar=calendar,
        on=on,
        closed=Refusal(
            "registration_closed",
            _("The time to change your teacher by yourself is over."),
            _("Ask your teacher or consortium."),
        ),
    )


def _why_not_change(
    registration: Registration, *, calendar: Calendar, on: date, closed: Refusal
) -> Refusal | None:
    if registration.status != Registration.Status.IN_PROGRESS:
        return Refusal(
            "has_ended",
            _("The class stands as {status}.").format(status=registration.get_status_display()),
            _("Ask your teacher or consortium if that is wrong."),
        )
    opening = calendar.opening(
        Window.Kind.REGISTRATION,
        consortium_id=registration.articulation.consortium_id,
        college_id=registration.college_id,
        year_id=registration.year_id,
        on=on,
    )
    return None if opening.is_open else closed


def why_not_change_college(
    registration: Registration, lines: tuple[ArticulationCourse, ...], *, calendar: Calendar, on: date
) -> Refusal | None:
    """A student may take the credit of a class from another college, as if they registered there now.

    Before a grade or a part of one; while registration is open both where they leave and where they go; under an
    agreement in force; and before form or fee was Processed or Waived, because what was paid stays where it was paid.
    `lines` is what the other college gives for the class.
    """
    refusal = why_not_leave_college(registration, calendar=calendar, on=on)
    if refusal is not None:
        return refusal
    if not lines:
        return Refusal(
            "no_agreement",
            _("No agreement with this college is in force for this class."),
            _("Ask your teacher or consortium which classes earn credit."),
        )
    agreement = lines[0].articulation
    if agreement.college_id == registration.college_id:
        return Refusal("same_college", _("The credit comes from this college already."), "")
    opening = calendar.opening(
        Window.Kind.REGISTRATION,
        consortium_id=agreement.consortium_id,
        college_id=agreement.college_id,
        year_id=registration.year_id,
        on=on,
    )
    if opening.is_open:
        return None
    closed = opening.closes_on is not None and opening.closes_on < on
    return Refusal(
        "registration_closed" if closed else "registration_not_open",
        _("Registration in {consortium} closed {day}.").format(
            consortium=agreement.consortium, day=short_day(opening.closes_on)
        )
        if closed
        else _("Registration in {consortium} is not open.").format(consortium=agreement.consortium),
        _("You stay with the college you have."),
    )


def why_not_leave_college(registration: Registration, *, calendar: Calendar, on: date) -> Refusal | None:
    """The half of `why_not_change_college` that asks nothing of the other college: is there a move at all?"""
    refusal = _why_not_change(
        registration,
        calendar=calendar,
        on=on,
        closed=Refusal(
            "registration_closed",
            _("The time to change your college by yourself is over."),
            _("Ask your consortium."),
        ),
    )
    if refusal is not None:
        return refusal
    if registration.fees_req in Registration.DECIDED:
        return Refusal(
            "fees_decided",
            _("{consortium} has taken in your form or fee already.").format(
                consortium=registration.articulation.consortium
            ),
            _("Ask there before you change your college."),
        )
    # Of an upper floor, read through its relation name.
    if registration.grade_parts.exists():
        return Refusal(
            "graded_in_part",
            _("A part of your grade is entered already, by the rules of {college}.").format(
                college=registration.college
            ),
            _("Ask your consortium."),
        )
    return None


def colleges_to_change_to(registration: Registration, *, calendar: Calendar, on: date) -> SchoolClass | None:
    """The class with the other colleges that give credit for it, each with why it cannot be chosen, if it cannot."""
    found = classes_on_offer(registration.student, on=on, courses=[registration.high_school_course.public_id])
    if not found:
        return None
    offers: tuple[Offer, ...] = tuple(
        replace(offer, refusal=why_not_change_college(registration, offer.lines, calendar=calendar, on=on))
        for offer in found[0].offers
        if offer.college.pk != registration.college_id
    )
    return replace(found[0], offers=offers)
