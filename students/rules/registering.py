"""What a student may register for, with which college, and what it costs."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import Role, has_role, is_account_of, school_year_of
from accounts.models import MailedLink, User
from articulations.models import ArticulationCourse, AssuranceText, HighSchoolCourse, Section
from articulations.rules import unassured
from organizations.models import AcademicYear, College, CollegeYear, ConsortiumYear, HighSchool, Window
from organizations.rules import Calendar, Opening
from sers.lib.moments import day, short_day
from sers.lib.refusal import Refusal
from sers.lib.tags import credits_in_words
from students.models import Registration, Student, teacher_names

#: A last day this near is said with the days that are left.
SOON = timedelta(days=21)
#: As long as the mailed link that confirms the address lives.
UNCONFIRMED_FOR = MailedLink.LIFETIME[MailedLink.Purpose.CONFIRM_EMAIL]


# --- May it be done? --------------------------------------------------------------------------------


def can_register_for(user: User, student: Student) -> bool:
    """Students register themselves; the consent is theirs to give."""
    return is_account_of(user, student.user_id) and has_role(user, Role.STUDENT)


def is_confirmed_enough(student: Student, *, on: date) -> bool:
    """A new student may register for seven days before the e-mail address is confirmed."""
    if student.user is not None and student.user.email_confirmed_at is not None:
        return True
    return on <= timezone.localdate(student.created_at) + UNCONFIRMED_FOR


def why_not_send_link(student: Student, *, last_sent_at: datetime | None, now: datetime) -> Refusal | None:
    """A link that confirms the e-mail is sent again while it is not confirmed, every five minutes at most."""
    if student.user is None or student.user.email_confirmed_at is not None:
        return Refusal("confirmed", _("Your e-mail is confirmed already."), _("There is nothing to do."))
    if last_sent_at is not None and now - last_sent_at < timedelta(minutes=5):
        return Refusal(
            "just_sent",
            _("We sent a mail to {email} a moment ago.").format(email=student.email),
            _("Wait five minutes before you ask for another."),
        )
    return None


def why_not_register(
    student: Student,
    section: Section,
    lines: tuple[ArticulationCourse, ...],
    *,
    calendar: Calendar,
    live: Registration | None,
    on: date,
    not_assured: Collection[tuple[int, int]] = (),
    ended: ArticulationCourse | None = None,
) -> Refusal | None:
    """Once a year for a class, in the year it is taught, inside the window, with an agreement in force.

    `live` is the student's live registration of the same high-school course and year, if there is one; `not_assured`
    are classes and colleges (ids) that wait for a teacher's Annual Teacher Assurance (`articulations.rules.unassured`);
    `ended` is the line of this college that was in force last, where there is none today.
    """
    if student.merged_into_id is not None:
        return Refusal(
            "merged",
            _("This account was merged into another one of yours."),
            _("Sign in with the other account."),
        )
    if section.year.first_year != school_year_of(on):
        return Refusal(
            "other_year",
            _("This class belongs to the school year {year}.").format(year=section.year),
            _("Credit is given only in the year a class is taken."),
        )
    if not lines:
        return Refusal(
            "no_agreement",
            _("No agreement with this college is in force for this class.")
            if ended is None
            else _("The agreement with {college} for this class ended {day}.").format(
                college=ended.articulation.college, day=day(ended.valid_until)
            ),
            _("Ask your teacher or consortium which classes earn credit."),
        )
    if live is not None:
        return Refusal(
            "registered_already",
            _("You are registered for this class with {college}.").format(college=live.college),
            _("Open it under My classes to change it."),
        )
    if not is_confirmed_enough(student, on=on):
        return Refusal(
            "not_confirmed",
            _("Your e-mail address is not confirmed yet."),
            _("Open the link in the mail we sent you, or have it sent again under My classes."),
        )
    agreement = lines[0].articulation
    if (section.pk, agreement.college_id) in not_assured:
        return Refusal(
            "not_assured",
            _("{college} waits for a form from the teacher of this class.").format(college=agreement.college),
            _("Ask your teacher to sign the Annual Teacher Assurance in SERS. Then register."),
        )
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
            _("Registration in {consortium} opens {day}.").format(
                consortium=agreement.consortium, day=short_day(opening.opens_on)
            ),
            _("Come back then: your account stays."),
        )
    return Refusal(
        "registration_closed",
        _("Registration in {consortium} closed {day}.").format(
            consortium=agreement.consortium, day=short_day(opening.closes_on)
        )
        if opening.closes_on
        else _("{consortium} has not set its registration dates.").format(consortium=agreement.consortium),
        _("Ask your consortium what you can still do."),
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


# --- What is on offer -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Offer:
    """What one college gives for a class this year, and what it asks."""

    lines: tuple[ArticulationCourse, ...]
    opening: Opening
    terms: ConsortiumYear | None
    college_year: CollegeYear | None
    fee: Decimal
    refusal: Refusal | None
    #: Other classes of the school that are needed too before the college course is earned.
    also_needed: tuple[HighSchoolCourse, ...] = ()

    @property
    def college(self) -> College:
        return self.lines[0].articulation.college

    @property
    def credits(self) -> Decimal:
        return sum((line.credits for line in self.lines), Decimal(0))

    @property
    def worth(self) -> Decimal | None:
        """What the credits would cost as tuition, where the college's rate is known."""
        if self.college_year is None or self.college_year.tuition_per_credit is None:
            return None
        return self.credits * self.college_year.tuition_per_credit

    @property
    def minimum_percent(self) -> Decimal | None:
        """The agreement's own minimum, else the college's."""
        own = self.lines[0].articulation.minimum_percent
        if own is not None or self.college_year is None:
            return own
        return self.college_year.minimum_percent


@dataclass(frozen=True, slots=True)
class SchoolClass:
    """A class of a school this year: its sections, and the colleges that give credit for it."""

    course: HighSchoolCourse
    sections: tuple[Section, ...]
    offers: tuple[Offer, ...]
    live: Registration | None = None

    @property
    def value(self) -> str:
        """What stands for the class in a form."""
        return str(self.course.public_id)

    @property
    def earns(self) -> str:
        """`Columbia Basin College, 5 credits; Spokane Falls Community College, 5 credits`."""
        return "; ".join(f"{offer.college}, {credits_in_words(offer.credits)}" for offer in self.offers)

    @property
    def taught_by(self) -> str:
        """`Dana Ortiz; Sam Osei and Kim Park`: whom a student knows the class by."""
        return "; ".join(dict.fromkeys(name for name in map(teacher_names, self.sections) if name))

    @property
    def open_offers(self) -> tuple[Offer, ...]:
        return tuple(offer for offer in self.offers if offer.refusal is None)

    @property
    def register_by(self) -> str:
        """`Register by June 15`; each college by its name where they differ."""
        last = {offer.college.name: offer.opening.closes_on for offer in self.open_offers}
        days = {day for day in last.values() if day is not None}
        if len(days) == 1:
            return _("Register by {day}").format(day=short_day(days.pop()))
        return "; ".join(
            _("{college}: register by {day}").format(college=name, day=short_day(day))
            for name, day in last.items()
            if day is not None
        )

    @property
    def closed_offers(self) -> tuple[Offer, ...]:
        return tuple(offer for offer in self.offers if offer.refusal is not None)

    @property
    def refusal(self) -> Refusal | None:
        """Why nobody of the colleges takes a registration now; None as long as one does."""
        if self.open_offers:
            return None
        return next((offer.refusal for offer in self.offers), None)


def classes_on_offer(
    student: Student,
    *,
    on: date,
    school: HighSchool | None = None,
    courses: Iterable[UUID] | None = None,
) -> list[SchoolClass]:
    """The classes of this school year with an agreement in force, each with its sections and colleges.

    All of a school, or these courses by their public ids. None is left out because it is closed or registered already: it says so
    itself. The number of queries is the same for one class and for a hundred.
    """
    year = AcademicYear.objects.on(on)
    sections = Section.objects.filter(year=year)
    if school is not None:
        sections = sections.filter(high_school_course__school=school)
    if courses is not None:
        sections = sections.filter(high_school_course__public_id__in=list(courses))
    by_course: dict[HighSchoolCourse, list[Section]] = {}
    for one in (
        sections.select_related("year", "high_school_course__school")
        .prefetch_related("teachers__user")
        .order_by("high_school_course__folded", "label", "id")
    ):
        by_course.setdefault(one.high_school_course, []).append(one)
    lines: dict[tuple[int, int], list[ArticulationCourse]] = {}
    for line in (
        ArticulationCourse.objects.in_force(on)
        .filter(high_school_course__in=list(by_course))
        .select_related("articulation__college", "articulation__consortium", "college_course")
        .order_by("articulation__college__name", "id")
    ):
        lines.setdefault((line.high_school_course_id, line.articulation.college_id), []).append(line)
    every_line = [line for some in lines.values() for line in some]
    needed = _also_needed(every_line, on)
    registered = list(
        Registration.objects.of(student).of_year(year).select_related("college", "articulation")
    )
    live = {one.high_school_course_id: one for one in registered if one.is_live}
    paid = {one.articulation.consortium_id for one in registered if one.bears_fee}
    calendar = Calendar.of(year)
    not_assured = unassured(
        [one for some in by_course.values() for one in some], AssuranceText.Blocks.REGISTERING
    )
    terms = {
        one.consortium_id: one
        for one in ConsortiumYear.objects.filter(
            year=year, consortium__in={line.articulation.consortium_id for line in every_line}
        )
    }
    college_years = {
        one.college_id: one
        for one in CollegeYear.objects.filter(
            year=year, college__in={line.articulation.college_id for line in every_line}
        )
    }
    found = []
    for course, its_sections in by_course.items():
        offers = []
        for (course_id, college_id), some in lines.items():
            if course_id != course.pk:
                continue
            agreement = some[0].articulation
            offer = Offer(
                lines=tuple(some),
                opening=calendar.opening(
                    Window.Kind.REGISTRATION,
                    consortium_id=agreement.consortium_id,
                    college_id=college_id,
                    year_id=year.pk,
                    on=on,
                ),
                terms=terms.get(agreement.consortium_id),
                college_year=college_years.get(college_id),
                fee=fee_of(
                    terms.get(agreement.consortium_id),
                    sum((line.credits for line in some), Decimal(0)),
                    paid_this_year=agreement.consortium_id in paid,
                ),
                refusal=why_not_register(
                    student,
                    # Of several classes one that may be registered for, if there is one.
                    next(
                        (one for one in its_sections if (one.pk, college_id) not in not_assured),
                        its_sections[0],
                    ),
                    tuple(some),
                    calendar=calendar,
                    live=live.get(course.pk),
                    on=on,
                    not_assured=not_assured,
                ),
                also_needed=tuple(dict.fromkeys(other for line in some for other in needed.get(line.pk, ()))),
            )
            offers.append(offer)
        if offers:
            found.append(SchoolClass(course, tuple(its_sections), tuple(offers), live.get(course.pk)))
    return found


def _also_needed(lines: Sequence[ArticulationCourse], on: date) -> dict[int, list[HighSchoolCourse]]:
    """For each line: the other classes its agreement names for the same college course."""
    others = (
        ArticulationCourse.objects.in_force(on)
        .filter(articulation__in={line.articulation_id for line in lines})
        .select_related("high_school_course")
        .order_by("id")
    )
    by_course: dict[tuple[int, int], list[HighSchoolCourse]] = {}
    for other in others:
        by_course.setdefault((other.articulation_id, other.college_course_id), []).append(
            other.high_school_course
        )
    return {
        line.pk: [
            course
            for course in by_course[line.articulation_id, line.college_course_id]
            if course.pk != line.high_school_course_id
        ]
        for line in lines
    }
