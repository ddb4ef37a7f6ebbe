"""The screens of the tenants, of grade scales and of people's seats."""

from organizations.views.grade_scales import new_scale, scale, scales
from organizations.views.places import answers, college, consortia, consortium, for_students, for_teachers
from organizations.views.seats import choose_seat

__all__ = [
    "answers",
    "choose_seat",
    "college",
    "consortia",
    "consortium",
    "for_students",
    "for_teachers",
    "new_scale",
    "scale",
    "scales",
]
