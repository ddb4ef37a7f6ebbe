"""Random states on top of the cast."""

import random

from students.models import Registration
from tests.people import Cast, make_registration, make_school, make_student


def invent(cast: Cast, seed: int) -> None:
    """A random state on top of the cast: more students of several schools, in every status."""
    dice = random.Random(seed)
    schools = [cast.kamiakin, cast.wahi, make_school("Chiawana High School", cast.kennewick)]
    places = [
        (cast.section, cast.agreement),
        (cast.colleague_section, cast.welding_agreement),
        (cast.other_section, cast.other_agreement),
    ]
    for number in range(30):
        student = make_student(
            dice.choice(schools), f"Kim{number}", "Invented", gender=dice.choice(("", "female", "male", "x")),
            graduation_year=cast.year.first_year + dice.choice((1, 2, 3)),
        )  # fmt: skip
        for section, agreement in dice.sample(places, dice.randint(1, 3)):
            make_registration(student, section, agreement, status=dice.choice(Registration.Status.values))
