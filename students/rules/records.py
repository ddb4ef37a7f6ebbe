"""Whose record may be searched, read and changed by whom, down to the field."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.access import Role, has_role, is_account_of, seats, stands_on
from accounts.models import User
from organizations.models import HighSchool, SchoolDistrict
from students.models import Registration, Student, home_schools

COMMENT_READERS = (Role.TEACHER, Role.COUNSELOR, Role.CONSORTIUM, Role.STATE)
CONTACT = frozenset({"email", "phone", "street", "city", "state", "postal_code"})
SCHOOLING = frozenset({"school", "grade_level", "graduation_year"})
LEGAL = frozenset({"first_name", "middle_name", "last_name", "former_names", "birth_date"})


def can_search_students(user: User) -> bool:
    """Programme staff search for students within their reach; students and faculty do not."""
    return has_role(
        user, Role.TEACHER, Role.COUNSELOR, Role.DISTRICT, Role.REGISTRAR, Role.CONSORTIUM, Role.STATE
    )


def is_own(user: User, student: Student) -> bool:
    """Is it the person's own record?"""
    return is_account_of(user, student.user_id)


def can_read_comments(user: User) -> bool:
    """Comments are read by teachers, counselors and programme staff, never by districts or colleges."""
    return has_role(user, *COMMENT_READERS)


def can_edit_students(user: User) -> bool:
    """Counselors, district users and consortium staff change records; other staff read them."""
    return has_role(user, Role.COUNSELOR, Role.DISTRICT, Role.CONSORTIUM)


def consortia_of(user: User) -> list[int]:
    """The consortia a person works for now, under the hat they wear."""
    return sorted({seat.anchor for seat in seats(user, Role.CONSORTIUM)})


def schools_in_reach(user: User) -> QuerySet[HighSchool]:
    """The own schools of the students a person may look for, to choose from; by district.

    A registrar's and the State's students come from anywhere.
    """
    if has_role(user, Role.REGISTRAR, Role.STATE):
        return home_schools()
    return home_schools().filter(
        Q(pk__in=[seat.anchor for seat in seats(user, Role.TEACHER, Role.COUNSELOR)])
        | Q(district__in=[seat.anchor for seat in seats(user, Role.DISTRICT)])
        | Q(district__in=SchoolDistrict.objects.filter(consortia__in=consortia_of(user)))
    )


def fields_open(user: User, student: Student) -> frozenset[str]:
    """The fields of a student's record this person may change; all others are locked. The ID always is.

    Students change how they are reached, and their legal name and birth date until a grade exists; their e-mail in
    My Account, where they prove who they are. Counselors
    of the school and district users change contact, school, grade level, graduation year; consortium staff the
    legal name and birth date as well. Teachers, registrars and the State read.
    """
    if student.merged_into_id is not None:
        return frozenset()
    if is_own(user, student):
        if not has_role(user, Role.STUDENT):
            return frozenset()
        reached_by = CONTACT - {"email"}
        return reached_by if has_grade(student) else reached_by | LEGAL
    if consortium_reaches(user, student):
        return CONTACT | SCHOOLING | LEGAL
    if stands_on(user, Role.COUNSELOR, student.school_id) or stands_on(
        user, Role.DISTRICT, student.school.district_id
    ):
        return CONTACT | SCHOOLING
    return frozenset()


def has_grade(student: Student) -> bool:
    """Does the legal name stand on a grade already?"""
    return Registration.objects.of(student).graded().exists()


def consortium_reaches(user: User, student: Student) -> bool:
    """Does the person work for a consortium of the student's district, or of an agreement they registered under?"""
    ours = consortia_of(user)
    if not ours:
        return False
    return (
        student.school.district.consortia.filter(pk__in=ours).exists()
        or Registration.objects.of(student).under(ours).exists()
    )


def needs_reason(user: User, student: Student, changed: Iterable[str]) -> bool:
    """Staff who change a legal name or a birth date say why."""
    return bool(LEGAL & set(changed)) and not is_own(user, student)


def why_locked(user: User, student: Student, field: str) -> str:
    """Why a field is locked for this person, and who can change it. One sentence, for the page."""
    own = is_own(user, student)
    if field == "sers_id":
        return _("The ID never changes: colleges find the record by it.")
    if field == "username":
        return _("SERS makes the user name once. It never changes.")
    if field == "email" and own:
        return _("You change it in My Account.")
    if field in LEGAL:
        if own:
            return _(
                "A grade was entered under this name and birth date. Your consortium can change them, with a reason."
            )
        return _("Legal names and birth dates are changed by the consortium, with a reason.")
    if own:
        return _("Your counselor or your district changes this.")
    return _("This is changed by the counselor of the school, the district or the consortium.")


def left_out(everyone: int, seen: int) -> int:
    """How many a list leaves out because they are beyond one's reach; a number, and nobody's name."""
    return max(0, everyone - seen)
