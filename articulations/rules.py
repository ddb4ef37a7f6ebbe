"""Who may enter agreements and classes, and what makes them sound."""

from accounts.access import Role, seats, stands_on
from accounts.models import User
from organizations.models import College, Consortium, HighSchool, Seat
from sers.lib.refusal import Refusal


def can_enter_articulation(user: User, consortium: Consortium) -> bool:
    """Staff of a consortium enter its agreements."""
    return stands_on(user, Role.CONSORTIUM, consortium.pk)


def why_not_articulate(consortium: Consortium, college: College, school: HighSchool) -> Refusal | None:
    """An agreement joins a college of the consortium with a school; districts may lie across its border.

    All community and technical colleges accept equal credit, so only the college must be a member.
    """
    if not consortium.colleges.filter(pk=college.pk).exists():
        return Refusal(
            "college_elsewhere",
            f"{college} belongs to another consortium.",
            f"Choose a college of {consortium}, or ask that consortium to enter the agreement.",
        )
    return None


def can_enter_section(user: User, school: HighSchool) -> bool:
    """Consortium staff enter classes of the schools in their districts."""
    ids = [seat.consortium_id for seat in seats(user, Role.CONSORTIUM)]
    return bool(ids) and school.district.consortia.filter(pk__in=ids).exists()


def why_not_teach(teacher: Seat, school: HighSchool) -> Refusal | None:
    """A class is taught by people who hold a teacher's seat at its school."""
    if teacher.role != Role.TEACHER or teacher.school_id != school.pk:
        return Refusal(
            "teaches_elsewhere",
            "That teacher has no seat at this high school.",
            "Choose a teacher of the school.",
        )
    return None
