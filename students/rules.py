"""Who may register for what, and what it takes."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from stdnum import damm

from accounts.access import Role, has_role, school_year_of, stands_on
from accounts.models import User
from articulations.models import ArticulationCourse, Section
from organizations.models import ConsortiumYear, Window
from organizations.rules import Calendar
from sers.lib.refusal import Refusal
from students.models import Registration, Student


def sers_id_of(number: int) -> str:
    """The visible CTE Dual Credit ID of a serial number: `TP6-20-4187-3`, the last digit checks the others.

    Seven digits and a Damm check digit, which finds every single wrong digit and every swap of two
    neighbours. Legacy IDs (`TP#-##-###`) have six digits and keep their own shape.
    """
    if not 0 < number < 10_000_000:
        raise ValueError("IDs have seven digits.")
    digits = f"{number:07}"
    return f"TP{digits[0]}-{digits[1:3]}-{digits[3:]}-{damm.calc_check_digit(digits)}"


def is_sers_id(text: str) -> bool:
    """Does it read as an ID, legacy or new, with a check digit that fits?"""
    kept = "".join(text.upper().split()).removeprefix("TP").replace("-", "")
    if not kept.isascii() or not kept.isdigit():
        return False
    return len(kept) == 6 or (len(kept) == 8 and bool(damm.is_valid(kept)))


def tidy_sers_id(text: str) -> str:
    """`tp6204187 3` as it is kept: `TP6-20-4187-3`; legacy IDs likewise. Empty when it is no ID."""
    if not is_sers_id(text):
        return ""
    kept = "".join(text.upper().split()).removeprefix("TP").replace("-", "")
    if len(kept) == 6:
        return f"TP{kept[0]}-{kept[1:3]}-{kept[3:]}"
    return f"TP{kept[0]}-{kept[1:3]}-{kept[3:7]}-{kept[7]}"


@dataclass(frozen=True, slots=True)
class Offer:
    """What a student can register for: a class, at one college, under one agreement."""

    section: Section
    lines: tuple[ArticulationCourse, ...]

    @property
    def first(self) -> ArticulationCourse:
        return self.lines[0]

    @property
    def credits(self) -> Decimal:
        return sum((line.credits for line in self.lines), Decimal(0))


def why_not_register(
    student: Student,
    section: Section,
    lines: tuple[ArticulationCourse, ...],
    *,
    calendar: Calendar,
    live: Registration | None,
    on: date,
) -> Refusal | None:
    """Once a year for a class, in the year it is taught, inside the window, with an agreement in force.

    `live` is the student's live registration of the same high-school course and year, if there is one.
    """
    if student.merged_into_id is not None:
        return Refusal(
            "merged", "This account was merged into another one of yours.", "Sign in with the other account."
        )
    if section.year.first_year != school_year_of(on):
        return Refusal(
            "other_year",
            f"This class belongs to the school year {section.year}.",
            "Credit is given only in the year a class is taken.",
        )
    if not lines:
        return Refusal(
            "no_agreement",
            "No agreement with this college is in force for this class.",
            "Ask your teacher or consortium which classes earn credit.",
        )
    if live is not None:
        return Refusal(
            "registered_already",
            f"You are registered for this class with {live.college}.",
            "Open it under My classes to change it.",
        )
    agreement = lines[0].articulation
    opening = calendar.opening(
        Window.Kind.REGISTRATION,
        consortium_id=agreement.consortium_id,
        college_id=agreement.college_id,
        year_id=section.year_id,
        on=on,
    )
    if opening.is_open:
        return None
    if opening.opens_on and opening.opens_on > on:
        return Refusal(
            "registration_not_open",
            f"Registration in {agreement.consortium} opens {opening.opens_on:%B} {opening.opens_on.day}.",
            "Come back then: your account stays.",
        )
    return Refusal(
        "registration_closed",
        f"Registration in {agreement.consortium} closed {opening.closes_on:%B} {opening.closes_on.day}."
        if opening.closes_on
        else f"{agreement.consortium} has not set its registration dates.",
        "Ask your consortium what you can still do.",
    )


def fee_of(terms: ConsortiumYear | None, credits: Decimal, *, paid_this_year: bool) -> Decimal:
    """What one more registration costs: nothing, once a year, for each class or for each credit. In dollars."""
    if terms is None or terms.fee_basis == ConsortiumYear.FeeBasis.NONE:
        return Decimal(0)
    if terms.fee_basis == ConsortiumYear.FeeBasis.YEAR:
        return Decimal(0) if paid_this_year else terms.fee_amount
    if terms.fee_basis == ConsortiumYear.FeeBasis.CLASS:
        return terms.fee_amount
    return terms.fee_amount * credits


def fees_req_at_first(terms: ConsortiumYear | None, fee: Decimal) -> Registration.FeesReq:
    """A new registration is Pending when its consortium asks for a form or a fee, else nothing is required."""
    if fee > 0 or (terms is not None and terms.form_required):
        return Registration.FeesReq.PENDING
    return Registration.FeesReq.NOT_REQUIRED


def can_process_requirements(user: User, registration: Registration) -> bool:
    """Staff of the consortium of the agreement mark its forms and fees."""
    return stands_on(user, Role.CONSORTIUM, registration.articulation.consortium_id)


def can_search_students(user: User) -> bool:
    """Programme staff search for students within their reach; students and faculty do not."""
    return has_role(
        user, Role.TEACHER, Role.COUNSELOR, Role.DISTRICT, Role.REGISTRAR, Role.CONSORTIUM, Role.STATE
    )


def why_not_withdraw(registration: Registration, *, calendar: Calendar, on: date) -> Refusal | None:
    """A student may withdraw while the class has no grade and its registration window is open."""
    if registration.status != Registration.Status.IN_PROGRESS:
        return Refusal(
            "has_ended",
            f"The class stands as {registration.get_status_display()}.",
            "Ask your teacher or consortium if that is wrong.",
        )
    opening = calendar.opening(
        Window.Kind.REGISTRATION,
        consortium_id=registration.articulation.consortium_id,
        college_id=registration.college_id,
        year_id=registration.year_id,
        on=on,
    )
    if opening.is_open:
        return None
    return Refusal(
        "registration_closed",
        "The time to withdraw by yourself is over.",
        "Your teacher can still mark you Withdrawn or Not in Class.",
    )
