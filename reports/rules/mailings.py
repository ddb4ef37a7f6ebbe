"""Who is in a group that is written to, what a letter may say, and what each person reads."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import QuerySet, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils import timezone

from accounts.access import Role, stands_on
from accounts.models import Mail, User
from accounts.rules import MAIL_TAGS, language_of, mail_note, state_of_mail
from articulations.models import owed_in
from organizations.models import AcademicYear, Consortium, Seat
from reports.models import Mailing, MailingRecipient, NoLetters
from sers.lib.refusal import Refusal
from students.models import Registration, Student, person_key
from transcripts.models import CreditAward

Group = Mailing.Group

#: Letters handed to the mail server in a minute, so that a mailing does not hold up anybody's link.
PACE: Final = 300
#: People who are looked up and written to together.
BATCH: Final = 200

#: What a letter may name of its reader, in braces.
FIELDS: Final = {
    "first_name": "the person’s first name",
    "name": "first and last name",
    "consortium": "your consortium",
    "year": "the school year",
}

#: What a letter begins with, group by group; the person changes it.
STARTERS: Final[dict[str, tuple[str, str]]] = {
    Group.NOT_REGISTERED: (
        "Register for college credit",
        "Hello {first_name},\n\nSome classes at your school earn college credit. You are not registered in SERS for {year} "
        "yet. Sign in, open Registration and tick your classes.\n\n{consortium}",
    ),
    Group.FORM_PENDING: (
        "Your form or fee is still open",
        "Hello {first_name},\n\nA form or fee of your class in {year} is still open. Without it no credit can be awarded. "
        "Sign in and open My classes to see which one and until when.\n\n{consortium}",
    ),
    Group.BLANKS: (
        "Grades are missing",
        "Hello {first_name},\n\nSome of your students in {year} have no grade yet. Sign in and open Assignments.\n\n"
        "{consortium}",
    ),
    Group.ASSURANCE: (
        "Please sign your Annual Teacher Assurance",
        "Hello {first_name},\n\nYour Annual Teacher Assurance for {year} is not signed yet. Sign in and open it from your "
        "home page.\n\n{consortium}",
    ),
    Group.AWARDED: (
        "You earned college credit",
        "Hello {first_name},\n\nCollege credit of {year} was awarded to you. Sign in and open Transcript to see it and how to "
        "use it.\n\n{consortium}",
    ),
}  # fmt: skip


def can_write_mailing(user: User, consortium_id: int) -> bool:
    """Consortium staff write to the people of their own consortium."""
    return stands_on(user, Role.CONSORTIUM, consortium_id)


def students_of(group: str, consortium: Consortium, year: AcademicYear) -> QuerySet[Student]:
    """The students of a group, by the records that stand for them."""
    living = Student.objects.living().filter(died_on=None)
    if group == Group.NOT_REGISTERED:
        registered = Registration.objects.live().of_year(year).order_by().values_list(person_key())
        here = living.filter(
            school__district__in=consortium.districts.order_by().values("pk"),
            graduation_year__gt=year.first_year,
        )
        found: QuerySet[Student] = here.exclude(pk__in=registered)
        return found
    if group == Group.FORM_PENDING:
        owing = Registration.objects.owing([consortium.pk], year)
        return living.filter(pk__in=owing.order_by().values_list(person_key()))
    awards = CreditAward.objects.standing().filter(
        year=year, sources__registration__articulation__consortium=consortium
    )
    return living.filter(pk__in=awards.order_by().values_list(person_key()))


def teachers_of(group: str, consortium: Consortium, year: AcademicYear) -> QuerySet[Seat]:
    """The teachers' seats of a group that are held today."""
    held = Seat.objects.held_on(timezone.localdate()).filter(role=Role.TEACHER)
    if group == Group.BLANKS:
        blank = Registration.objects.of_year(year).filter(
            articulation__consortium=consortium, status=Registration.Status.IN_PROGRESS
        )
        return held.filter(sections__in=blank.order_by().values("section"))
    owed = owed_in(year).filter(
        signed_key__isnull=True,
        section__high_school_course__articulated__articulation__consortium=consortium,
    )
    return held.filter(pk__in=set(owed.values_list("seat_key", flat=True)))


def people_of(mailing: Mailing) -> QuerySet[User]:
    """Everybody a mailing would go to now: each once, with an address and an account that is open."""
    of = (mailing.group, mailing.consortium, mailing.year)
    if mailing.group in (Group.BLANKS, Group.ASSURANCE):
        keys: Any = teachers_of(*of).order_by().values("user")
    else:
        keys = students_of(*of).order_by().values("user")
    people: QuerySet[User] = User.objects.filter(pk__in=keys, is_active=True).exclude(email="")
    if mailing.may_be_stopped:
        people = people.exclude(pk__in=NoLetters.objects.order_by().values("user"))
    return in_order(people)


def written_to(mailing: Mailing) -> QuerySet[User]:
    """Everybody a mailing went to: those who are in its group now, or those who were when it was sent."""
    if mailing.sent_at is None:
        return people_of(mailing)
    recipients = MailingRecipient.objects.filter(mailing=mailing).order_by()
    return in_order(User.objects.filter(pk__in=recipients.values("user")))


def in_order(people: QuerySet[User]) -> QuerySet[User]:
    """By name, a person of one name by that; with the record of each that a list tells of."""
    by_name = Coalesce(NullIf("last_name", Value("")), "first_name")
    found = people.select_related("student__school", "student__merged_into__school")
    return found.order_by(by_name, "first_name", "pk")


#: People on one page of a preview.
SHOWN: Final = 20


def students_among(people: Sequence[User]) -> list[Student]:
    """The records a page of people shows."""
    return [person.student.surviving for person in people if hasattr(person, "student")]


def mail_key(mailing: Mailing, user_id: int) -> str:
    """The letter of one person in the outbox."""
    return f"mailing-{mailing.pk}-{user_id}"


@dataclass(frozen=True, slots=True)
class Addressee:
    """One person of a letter: a student by the name on the record. `state` is how their letter stands once it is sent."""

    name: str
    email: str
    record: str = ""
    state: str = ""
    tag: str = ""
    note: str = ""


def addressees(mailing: Mailing, people: Sequence[User], *, to: User) -> list[Addressee]:
    """These people as the page of a letter lists them to somebody; of a letter that was sent, with how each one's stands.
    The way to a record is shown as far as that person reads records: who was written to may have left their reach."""
    records = [record.pk for record in students_among(people)]
    readable = set(
        Student.objects.visible_to(to).filter(pk__in=records).order_by().values_list("pk", flat=True)
    )
    keys = {mail_key(mailing, person.pk): person.pk for person in people} if mailing.sent_at else {}
    mails = {keys[mail["key"]]: mail for mail in Mail.objects.standing_of(keys)}
    found = []
    for person in people:
        record = person.student.surviving if hasattr(person, "student") else None
        mail = mails.get(person.pk)
        state = state_of_mail(mail) if mail else None
        found.append(
            Addressee(
                name=record.list_name if record else person.list_name,
                email=mail["to"] if mail else person.email,
                record=str(record.public_id) if record and record.pk in readable else "",
                state=str(state.label) if state else "",
                tag=MAIL_TAGS[state] if state else "",
                note=mail_note(mail) if mail else "",
            )
        )
    return found


def unknown_fields(text: str) -> list[str]:
    """Braces in a letter that name nothing SERS can fill in."""
    return [name for name in re.findall(r"\{([^{}]*)\}", text) if name not in FIELDS]


@dataclass(frozen=True, slots=True)
class Written:
    """What one person reads."""

    language: str
    subject: str
    text: str


def written_for(mailing: Mailing, user: User) -> Written:
    """The letter of a mailing as one person reads it, in Spanish where they read SERS so and it was written."""
    spanish = language_of(user) == "es" and bool(mailing.text_es)
    values = {
        "first_name": user.first_name,
        "name": user.name,
        "consortium": mailing.consortium.name,
        "year": str(mailing.year),
    }

    def filled(words: str) -> str:
        return re.sub(r"\{(\w+)\}", lambda found: values.get(found[1], found[0]), words)

    if spanish:
        return Written("es", filled(mailing.subject_es), filled(mailing.text_es))
    return Written("en", filled(mailing.subject), filled(mailing.text))


def why_not_send_mailing(user: User, mailing: Mailing, number: int) -> Refusal | None:
    """A draft is sent once, by the consortium's own staff, to somebody."""
    if not can_write_mailing(user, mailing.consortium_id):
        return Refusal("not_yours", "This letter is another consortium’s.", "")
    if mailing.sent_at is not None:
        return Refusal("sent_already", "This letter was sent already.", "Write a new one.")
    if not number:
        return Refusal("nobody", "Nobody is in this group now.", "Look at it again later.")
    return None


def why_not_change_mailing(user: User, mailing: Mailing) -> Refusal | None:
    """What was sent stays as it was sent."""
    if not can_write_mailing(user, mailing.consortium_id):
        return Refusal("not_yours", "This letter is another consortium’s.", "")
    if mailing.sent_at is not None:
        return Refusal("sent_already", "This letter was sent already.", "Write a new one.")
    return None


def wants_no_letters(recipient: MailingRecipient) -> bool:
    """Has this person said so already?"""
    return NoLetters.objects.filter(user=recipient.user_id).exists()


MAILING_TAGS: Final = {
    Mailing.State.DRAFT: "quiet", Mailing.State.SENDING: "progress", Mailing.State.SENT: "done",
}  # fmt: skip
