"""Invented people: the demo's eight, whose user names end in `.demo`, and everybody else, who cannot sign in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from string import ascii_letters, digits
from typing import Any

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX, make_password
from django.db import models

from accounts.access import Role
from accounts.models import Question, SecurityAnswer, User, folded_name
from accounts.rules import tidy_answer
from organizations.models import Seat, SignerTitle
from sers.lib.folding import fold
from sers.seed import names
from sers.seed.names import Name
from sers.seed.rows import Book
from sers.seed.years import Clock

DEMO_PASSWORD = "dual-credit-demo"  # noqa: S105 -- everybody is told it
#: What the demo people answer to their security questions, so that anyone can walk the way back in.
DEMO_ANSWERS = ((Question.PET, "Biscuit"), (Question.STREET, "Fir Street"), (Question.BOOK, "Hatchet"))


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """One of the people a visitor can sign in as."""

    username: str
    first_name: str
    last_name: str
    role: Role
    place: str
    can: str

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"


DEMO_PEOPLE = (
    DemoPerson(
        "student.demo", "Stella", "Student", Role.STUDENT, "Kamiakin High School",
        "Registers for classes, follows credit and downloads the transcript.",
    ),
    DemoPerson(
        "teacher.demo", "Terry", "Teacher", Role.TEACHER, "Kamiakin High School",
        "Sees the class rosters and enters grades.",
    ),
    DemoPerson(
        "counselor.demo", "Casey", "Counselor", Role.COUNSELOR, "Kamiakin High School",
        "Finds the school's students and what they are registered for.",
    ),
    DemoPerson(
        "district.demo", "Dana", "District", Role.DISTRICT, "Kennewick School District",
        "Sees the students and classes of the district's schools and signs for it.",
    ),
    DemoPerson(
        "faculty.demo", "Frankie", "Faculty", Role.FACULTY, "Columbia Basin College",
        "Sees the classes that are articulated with the college.",
    ),
    DemoPerson(
        "registrar.demo", "Robin", "Registrar", Role.REGISTRAR, "Columbia Basin College",
        "Starts the summer transcription and watches it progress.",
    ),
    DemoPerson(
        "consortium.demo", "Connie", "Consortium", Role.CONSORTIUM, "Columbia Basin CTE Dual Credit",
        "Enters agreements and classes, and processes forms and fees.",
    ),
    DemoPerson(
        "state.demo", "Stacy", "State", Role.STATE, "Washington",
        "Sees the whole programme, statewide.",
    ),
)  # fmt: skip


@dataclass(slots=True)
class Folk:
    """Makes people: a user name nobody has, an address of a domain nobody owns, and seats."""

    book: Book
    clock: Clock
    demo: dict[Role, User] = field(default_factory=dict)
    seats: dict[Role, Seat] = field(default_factory=dict)
    _taken: dict[str, int] = field(default_factory=dict)

    def user(self, name: Name, *, since: datetime, activated: bool = True) -> User:
        """Somebody who cannot sign in: no password fits. One who is not activated has only been invited."""
        base = ".".join(fold(f"{name.first} {name.last}").split())
        self._taken[base] = number = self._taken.get(base, 0) + 1
        username = base if number == 1 else f"{base}{number}"
        return self.book.add(
            User,
            username=username,
            email=f"{username}@example.{('org', 'net', 'com')[number % 3]}",
            first_name=name.first,
            last_name=name.last,
            folded=folded_name(name.first, name.last),
            password=UNUSABLE_PASSWORD_PREFIX + self.book.letters(ascii_letters, 40),
            is_demo=True,
            email_confirmed_at=since if activated else None,
            activated_at=since if activated else None,
            created_at=since,
        )

    def seat(self, user: User, role: Role, *, since: date, **values: Any) -> Seat:
        """A seat of this person; `place` columns as the role asks."""
        return self.book.add(Seat, user=user, role=role, starts_on=since, **values)

    def staff(self, role: Role, *, since: date, activated: bool = True, **values: Any) -> Seat:
        """A new invented person with one seat."""
        name = names.invent(self.book.random)
        user = self.user(name, since=self.clock.at(min(since, self.clock.day)), activated=activated)
        return self.seat(user, role, since=since, **values)

    def demo_people(
        self,
        places: Mapping[Role, dict[str, models.Model]],
        signs_as: Mapping[Role, SignerTitle],
        *,
        since: date,
    ) -> None:
        """The eight of DEMO_PEOPLE. One hash serves them all: making each would take a second."""

        def hash_of(secret: str) -> str:
            return make_password(secret, salt=self.book.letters(ascii_letters + digits, 22))

        password = hash_of(DEMO_PASSWORD)
        answers = [(question, hash_of(tidy_answer(answer))) for question, answer in DEMO_ANSWERS]
        for person in DEMO_PEOPLE:
            self.demo[person.role] = user = self.book.add(
                User,
                username=person.username,
                email=f"{person.username}@example.org",
                first_name=person.first_name,
                last_name=person.last_name,
                folded=folded_name(person.first_name, person.last_name),
                password=password,
                is_demo=True,
                email_confirmed_at=self.clock.at(since),
                activated_at=self.clock.at(since),
                created_at=self.clock.at(since),
            )
            for number, (question, answer_hash) in enumerate(answers, 1):
                self.book.add(
                    SecurityAnswer,
                    user=user,
                    number=number,
                    question=question,
                    answer_hash=answer_hash,
                    created_at=self.clock.at(since),
                )
            self.seats[person.role] = self.seat(
                user,
                person.role,
                since=since,
                signs_as=signs_as.get(person.role),
                **places.get(person.role, {}),
            )
