"""Letters on paper: who may stop them, and who may note that a student has died."""

from accounts.access import Role, has_role, stands_on
from accounts.models import User
from students.models import Registration, Student
from students.rules.records import consortium_reaches, is_own


def can_choose_paper(user: User, student: Student) -> bool:
    """The student says whether letters come on paper; so may, when told, the counselor of the school, the district,
    the consortium and the registrar of a college the student earns credit from."""
    if student.merged_into_id is not None:
        return False
    return (
        (is_own(user, student) and has_role(user, Role.STUDENT))
        or stands_on(user, Role.COUNSELOR, student.school_id)
        or stands_on(user, Role.DISTRICT, student.school.district_id)
        or consortium_reaches(user, student)
        or _is_registrar_of(user, student)
    )


def can_note_death(user: User, student: Student) -> bool:
    """A student's death is noted, and a mistaken note taken back, by the consortium, the registrar of a college the
    student earns credit from, or the State; never by the account itself."""
    if student.merged_into_id is not None or is_own(user, student):
        return False
    return has_role(user, Role.STATE) or consortium_reaches(user, student) or _is_registrar_of(user, student)


def _is_registrar_of(user: User, student: Student) -> bool:
    colleges = Registration.objects.of(student).values_list("college_id", flat=True)
    return any(stands_on(user, Role.REGISTRAR, college) for college in set(colleges))
