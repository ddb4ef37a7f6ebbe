"""What may be claimed late: for which classes and years, by whom, and who decides."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from accounts.access import Role, school_year_of, stands_on
from accounts.models import User
from articulations.models import Articulation, ArticulationCourse, HighSchoolCourse
from organizations.models import AcademicYear, College, CollegeYear, HighSchool, Window
from organizations.rules import Calendar
from sers.lib.moments import short_day
from sers.lib.refusal import Refusal
from students.models import LateClaim, Registration, Student
from students.rules.registering import can_register_for

#: No college takes claims of longer ago (Lower Columbia College: five years).
MOST_YEARS_BACK = 10


def can_claim_for(user: User, student: Student) -> bool:
    """Students claim for themselves; a counselor of their own school may begin it, and the student agrees to it."""
    return can_register_for(user, student) or stands_on(user, Role.COUNSELOR, student.school_id)


def can_decide_claim(user: User, claim: LateClaim) -> bool:
    """Staff of the consortium of the agreement look at a claim and decide it."""
    return stands_on(user, Role.CONSORTIUM, claim.articulation.consortium_id)


@dataclass(frozen=True, slots=True)
class ClaimOption:
    """A class of a school year with one college that gave credit for it, and why it cannot be claimed."""

    course: HighSchoolCourse
    articulation: Articulation
    credits: Decimal
    earns: tuple[str, ...]
    refusal: Refusal | None

    @property
    def college(self) -> College:
        return self.articulation.college

    @property
    def value(self) -> str:
        """What stands for it in a form."""
        return f"{self.course.public_id} {self.articulation.public_id}"


def why_not_claim(
    student: Student,
    year: AcademicYear,
    articulation: Articulation,
    *,
    terms: CollegeYear | None,
    live: bool,
    claimed: bool,
    calendar: Calendar,
    on: date,
) -> Refusal | None:
    """A class of an earlier year, or of this one after registration has closed, can be claimed where the college takes
    late claims: forbidden, looked at one by one, or up to so many years back, as it says for the school year of today.

    Once a class and year: who is registered, or has a claim under way, claims nothing more. `terms` is what the
    college says this school year; a college that says nothing takes none.
    """
    this, college = school_year_of(on), articulation.college
    back = this - year.first_year
    if student.merged_into_id is not None:
        return Refusal(
            "merged",
            _("This account was merged into another one of yours."),
            _("Sign in with the other account."),
        )
    if back < 0:
        return Refusal("not_yet", _("This school year has not begun."), _("Register when it has."))
    if live:
        return Refusal(
            "registered_already",
            _("You are registered for this class in {year}.").format(year=year),
            _("If the grade is wrong, ask for a Grade Change."),
        )
    if claimed:
        return Refusal(
            "claimed_already", _("You have a claim for this class already."), _("Open it under My classes.")
        )
    if terms is None or terms.late_claims == CollegeYear.LateClaims.FORBIDDEN:
        return Refusal(
            "forbidden",
            _("{college} takes no late claims.").format(college=college),
            _("Credit is given only in the year a class is taken."),
        )
    if terms.late_claims == CollegeYear.LateClaims.YEARS and back > (terms.late_years or 0):
        return Refusal(
            "too_long_ago",
            _("{college} takes late claims up to {number} years back.").format(
                college=college, number=terms.late_years
            ),
            _("Ask the college what your class is worth there."),
        )
    if back == 0:
        opening = calendar.opening(
            Window.Kind.REGISTRATION,
            consortium_id=articulation.consortium_id,
            college_id=articulation.college_id,
            year_id=year.pk,
            on=on,
        )
        if opening.is_open or (opening.opens_on is not None and opening.opens_on > on):
            day = short_day(opening.closes_on if opening.is_open else opening.opens_on)
            return Refusal(
                "register_instead",
                _("Registration is open until {day}.").format(day=day)
                if opening.is_open
                else _("Registration opens {day}.").format(day=day),
                _("Register for the class instead."),
            )
    return None


def claim_options(student: Student, *, year: AcademicYear, school: HighSchool, on: date) -> list[ClaimOption]:
    """The classes of a school in a year that earned credit under an agreement in force then, a line a class and college.

    None is left out because it cannot be claimed: it says so itself. Six queries, however many.
    """
    lines: dict[tuple[int, int], list[ArticulationCourse]] = {}
    for line in (
        ArticulationCourse.objects.between(year.starts_on, year.ends_on)
        .taught_at(school)
        .select_related(
            "articulation__college", "articulation__consortium", "high_school_course", "college_course"
        )
        .order_by("high_school_course__folded", "articulation__college__name", "-valid_from", "id")
    ):
        some = lines.setdefault((line.high_school_course_id, line.articulation.college_id), [])
        if not some or some[0].articulation_id == line.articulation_id:  # the latest agreement of that year
            some.append(line)
    this = AcademicYear.objects.on(on)
    terms = CollegeYear.objects.of_colleges({some[0].articulation.college for some in lines.values()}, this)
    live = set(
        Registration.objects.live().of(student).of_year(year).values_list("high_school_course", flat=True)
    )
    claimed = set(
        LateClaim.objects.open().of(student).of_year(year).values_list("high_school_course", flat=True)
    )
    calendar = Calendar.of(year)
    return [
        ClaimOption(
            course=some[0].high_school_course,
            articulation=some[0].articulation,
            credits=sum((one.credits for one in some), Decimal(0)),
            earns=tuple(str(one.college_course) for one in some),
            refusal=why_not_claim(
                student,
                year,
                some[0].articulation,
                terms=terms.get(college),
                live=course in live,
                claimed=course in claimed,
                calendar=calendar,
                on=on,
            ),
        )
        for (course, college), some in lines.items()
    ]


def years_to_claim(on: date) -> list[AcademicYear]:
    """This school year and those before it that SERS knows, as far back as any college may go."""
    this = school_year_of(on)
    return list(
        AcademicYear.objects.filter(first_year__lte=this, first_year__gte=this - MOST_YEARS_BACK).order_by(
            "-first_year"
        )
    )


def why_not_decide_claim(claim: LateClaim, user: User) -> Refusal | None:
    """A claim is decided once, after the student has agreed, by somebody of the consortium who did not ask for it."""
    if not can_decide_claim(user, claim):
        return Refusal("not_consortium", "Staff of the consortium decide a late claim.")
    if claim.state == LateClaim.State.CONSENT:
        return Refusal("no_consent", "The student has not agreed to it yet.", "Wait until they have.")
    if not claim.is_open:
        who = claim.decided_by.name if claim.decided_by is not None else "Somebody"
        return Refusal(
            "decided_already", f"{who} has decided this claim meanwhile: {claim.get_state_display()}.", ""
        )
    if user.pk in (claim.asked_by_id, claim.student.user_id):
        return Refusal("same_person", "Somebody else decides a claim you asked for.")
    return None


def why_not_answer_claim(claim: LateClaim, user: User) -> Refusal | None:
    """A question is answered by the student, or by the counselor who asked for the claim."""
    if not can_claim_for(user, claim.student):
        return Refusal("not_yours", _("The student answers, or a counselor of the school."))
    if claim.state != LateClaim.State.QUESTION:
        return Refusal("no_question", _("There is no question to answer."))
    return None


def why_not_agree_to_claim(claim: LateClaim, user: User) -> Refusal | None:
    """What a counselor began, the student alone agrees to: the credit becomes their permanent college record."""
    if not can_register_for(user, claim.student):
        return Refusal("not_yours", _("The student agrees, and nobody for them."))
    if claim.state != LateClaim.State.CONSENT:
        return Refusal("agreed_already", _("There is nothing left to agree to."))
    return None


def why_not_withdraw_claim(claim: LateClaim, user: User) -> Refusal | None:
    """A claim is taken back by the student, or by the counselor who asked for it, while it is not decided."""
    if not (can_register_for(user, claim.student) or user.pk == claim.asked_by_id):
        return Refusal("not_yours", _("The student takes a claim back, or who asked for it."))
    if not claim.is_open:
        return Refusal("decided_already", _("The claim is decided already."))
    return None
