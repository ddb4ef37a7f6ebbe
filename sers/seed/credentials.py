"""Industry credentials of the demo state: the list, the classes that prepare for some, and who earned one."""

from collections import defaultdict
from datetime import date, timedelta
from random import Random
from uuid import UUID

import pgtrigger
from django.db import connection

from accounts.access import Role, school_year_of
from accounts.models import Event, User
from articulations.models import HighSchoolCourse, IndustryCredential, Section
from sers.lib.folding import fold
from sers.seed import facts
from sers.seed.students import Campus, Status
from students.models import CredentialTakenBack, EarnedCredential, Registration

#: Of a hundred students Completed in a class that prepares for one, and of those still in it: how many earned it.
EARNED = {Status.COMPLETED: 45, Status.NOT_ATTAINED: 10, Status.IN_PROGRESS: 12}
REASON = "Ticked the wrong row; the card was another student’s."


class Credentials:
    """The State's list, by the words of the titles of classes that prepare for each."""

    def __init__(self, campus: Campus) -> None:
        self.campus = campus
        self.random = Random("sers, industry credentials")
        self.words: list[tuple[list[str], IndustryCredential]] = []
        self.prepared: dict[int, list[IndustryCredential]] = {}
        book = campus.book
        for row in facts.rows("industry_credentials"):
            years_ago = row["ended_years_ago"]
            last = campus.years.by_first.get(campus.clock.year - int(years_ago)) if years_ago else None
            one = book.add(
                IndustryCredential, public_id=self.key(), title=row["title"], given_by=row["given_by"], last_year=last
            )  # fmt: skip
            one.fold()
            for number in filter(None, row["clusters"].split("|")):
                book.add(
                    IndustryCredential.clusters.through,
                    industrycredential=one,
                    careercluster=campus.places.clusters[int(number)],
                )
            self.words.append(([fold(part) for part in row["classes"].split("|")], one))

    def key(self) -> UUID:
        """A public id that leaves the book's own randomness as it is."""
        return UUID(int=self.random.getrandbits(128), version=4)

    def prepare(self, course: HighSchoolCourse) -> None:
        """Say what a class prepares for, by the words of its title: two credentials at most."""
        title = fold(course.title)
        for parts, credential in self.words:
            mine = self.prepared.setdefault(course.pk, [])
            if len(mine) < 2 and any(part in title for part in parts):
                mine.append(credential)
                self.campus.book.add(
                    IndustryCredential.classes.through, industrycredential=credential, highschoolcourse=course
                )


def build_credentials(campus: Campus) -> Credentials:
    """The list, what the classes of the peopled schools prepare for, and what their students earned in three years."""
    credentials = Credentials(campus)
    for course in {one.pk: one for offering in campus.catalog.offerings for one in offering.classes}.values():
        credentials.prepare(course)
    teachers = {one.section.pk: one.teacher for taught in campus.timetable.taught.values() for one in taught}
    demo = campus.folk.demo[Role.STUDENT]
    earned: dict[tuple[int, int, date], list[EarnedCredential]] = defaultdict(list)
    held: set[tuple[int, int]] = set()
    for registration in campus.book.rows(Registration):
        chance = EARNED.get(Status(registration.status), 0)
        for credential in credentials.prepared.get(registration.high_school_course_id, ()):
            is_earned = credentials.random.random() * 100 < chance or (
                registration.student.user == demo and registration.status == Status.COMPLETED
            )
            on = _day_of(campus, registration.section, credential)
            person = registration.student_id, credential.pk
            if not is_earned or person in held or not credential.is_recorded_in(school_year_of(on)):
                continue
            held.add(person)
            row = campus.book.add(
                EarnedCredential, public_id=credentials.key(), registration=registration, credential=credential,
                earned_on=on, recorded_at=campus.clock.at(on + timedelta(days=2), 14), recorded_by=teachers[registration.section_id],
            )  # fmt: skip
            earned[registration.section_id, credential.pk, on].append(row)
    for rows in earned.values():
        _record(campus, rows)
    _take_one_back(campus, teachers)
    return credentials


def _day_of(campus: Campus, section: Section, credential: IndustryCredential) -> date:
    """One day a class and credential: in May, of every third and of this year in October."""
    first = section.year.first_year
    if first == campus.clock.year or (section.pk + credential.pk) % 3 == 0:
        return min(date(first, 10, 5 + credential.pk % 20), campus.clock.day - timedelta(days=3))
    return date(first + 1, 5, 1 + (section.pk + credential.pk) % 28)


def _record(campus: Campus, rows: list[EarnedCredential]) -> None:
    """The receipt of one act."""
    first, number = rows[0], len(rows)
    campus.book.add(
        Event, at=first.recorded_at, actor=first.recorded_by, kind="students.credentials_recorded",
        subject_type=Section._meta.label_lower, subject_id=first.registration.section_id,
        data={
            "credential": first.credential.title, "earned_on": first.earned_on.isoformat(),
            "earned": [one.pk for one in rows], "refused": {},
            "students": f"{number} student{'' if number == 1 else 's'}",
        },
    )  # fmt: skip


def _take_one_back(campus: Campus, teachers: dict[int, User]) -> None:
    """One entry of the demo teacher's this year was an error."""
    terry = campus.folk.demo[Role.TEACHER]
    wrong = next(
        (
            one
            for one in campus.book.rows(EarnedCredential)
            if teachers[one.registration.section_id] == terry
            and one.registration.section.year.first_year == campus.clock.year
        ),
        None,
    )
    if wrong is not None:
        campus.book.add(
            CredentialTakenBack, earned=wrong, reason=REASON,
            taken_back_at=campus.clock.at(wrong.recorded_at.date() + timedelta(days=1), 8), taken_back_by=terry,
        )  # fmt: skip


# --- The State's size ------------------------------------------------------------------------------------

#: One in so many students Completed in a class that prepares for a credential earned it.
ONE_IN = 5
#: Each person and credential once, as the trigger asks that is set aside here: it would hold a lock for every student.
_EARNED = """
    INSERT INTO students_earnedcredential (public_id, registration_id, credential_id, earned_on, recorded_at, recorded_by_id)
    SELECT DISTINCT ON (r.student_id, p.industrycredential_id)
        md5('earned ' || r.id || ' ' || p.industrycredential_id)::uuid, r.id, p.industrycredential_id, day.earned,
        day.earned + interval '20 hours', taught.user_id
    FROM students_registration r
    JOIN organizations_academicyear y ON y.id = r.year_id
    JOIN articulations_industrycredential_classes p ON p.highschoolcourse_id = r.high_school_course_id
    JOIN articulations_industrycredential c ON c.id = p.industrycredential_id
    LEFT JOIN organizations_academicyear last ON last.id = c.last_year_id
    CROSS JOIN LATERAL (
        SELECT least(make_date(y.first_year + 1, 5, 1 + mod(r.id, 28)::int), %s::date - 3) AS earned
    ) day
    CROSS JOIN LATERAL (
        SELECT seat.user_id FROM articulations_section_teachers t JOIN organizations_seat seat ON seat.id = t.seat_id
        WHERE t.section_id = r.section_id ORDER BY t.id LIMIT 1
    ) taught
    WHERE r.status = 'completed' AND mod(r.id, %s) = 0 AND (last.first_year IS NULL OR last.first_year >= y.first_year)
        AND NOT EXISTS (
            SELECT FROM students_earnedcredential e JOIN students_registration other ON other.id = e.registration_id
            WHERE other.student_id = r.student_id AND e.credential_id = p.industrycredential_id
        )
    ORDER BY r.student_id, p.industrycredential_id, r.id
"""


def write_earned(campus: Campus) -> int:
    """What the classes of the whole State prepare for, and what their students earned; how many credentials."""
    _prepare_others()
    set_aside = pgtrigger.ignore("students.EarnedCredential:one_standing_credential_a_person")
    with set_aside, connection.cursor() as cursor:
        cursor.execute("ANALYZE students_registration")
        cursor.execute(_EARNED, [campus.clock.day, ONE_IN])
        return int(cursor.rowcount)


def _prepare_others() -> None:
    """Classes that prepare for none yet prepare for two at most, by the words of their titles."""
    through = IndustryCredential.classes.through
    words = {
        row["title"]: [fold(one) for one in row["classes"].split("|")]
        for row in facts.rows("industry_credentials")
    }
    listed = [(words[one.title], one.pk) for one in IndustryCredential.objects.order_by("pk")]
    known = set(through.objects.order_by().values_list("highschoolcourse", flat=True))
    made = []
    for course, title in HighSchoolCourse.objects.order_by("pk").values_list("pk", "title"):
        if course not in known:
            named = fold(title)
            mine = [key for parts, key in listed if any(part in named for part in parts)]
            made += [through(highschoolcourse_id=course, industrycredential_id=key) for key in mine[:2]]
    through.objects.bulk_create(made, batch_size=2000)
