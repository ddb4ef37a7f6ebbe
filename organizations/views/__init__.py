"""The screens of the tenants and of people's seats."""

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
]
