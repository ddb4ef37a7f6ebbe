"""The screens of the tenants, of grade scales, of people and of their seats."""

from organizations.views.codes import codes
from organizations.views.files import new_people, people_file, template
from organizations.views.grade_scales import new_scale, scale, scales
from organizations.views.people import invited, my_seats, new_person, people, person, send_link
from organizations.views.places import answers, college, consortia, consortium, for_students, for_teachers
from organizations.views.seats import choose_seat, end_seat, new_seat, seat

__all__ = [
    "answers",
    "choose_seat",
    "codes",
    "college",
    "consortia",
    "consortium",
    "end_seat",
    "for_students",
    "for_teachers",
    "invited",
    "my_seats",
    "new_people",
    "new_person",
    "new_scale",
    "new_seat",
    "people",
    "people_file",
    "person",
    "scale",
    "scales",
    "seat",
    "send_link",
    "template",
]
