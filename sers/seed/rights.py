"""Rights in records, exercised in the demo state: the demo student has asked to see her record and to have it explained,
a parent's letter has waited for more than thirty days, and one request is answered."""

from datetime import datetime, timedelta

from django.db import connection

from accounts.access import Role
from sers.seed.students import Campus, Pupil
from students.models import FIRST_NOTICE, Amendment, Inspection, Registration
from students.rules import age_on

State, Asker, How = Inspection.State, Inspection.Asker, Inspection.How


def build_rights(campus: Campus, stella: Pupil) -> None:
    """Three requests at Kamiakin, received 12, 34 and 50 days ago."""
    clock, folk = campus.clock, campus.folk
    district, staff = folk.demo[Role.DISTRICT], folk.demo[Role.CONSORTIUM]
    minors = [
        one
        for one in campus.pupils[1:]  # the first is the demo student
        if one.school == stella.school
        and len(one.taken) > 1
        and age_on(one.student.birth_date, clock.day) < 17
    ]
    _ask(
        campus, stella, days=12, asker=Asker.STUDENT, entered_by=stella.student.user, wants_explained=True,
        wish="Why does 84.5 % in Welding count as Not Attained?",
    )  # fmt: skip
    _ask(
        campus, minors[-1], days=34, asker=Asker.GUARDIAN, asker_name=f"Maria {minors[-1].student.last_name}",
        identity="Driver license shown at the district office", entered_by=district,
        wish="All grades and comments of this school year.",
    )  # fmt: skip
    answered = clock.at(clock.day - timedelta(days=41), 14, 5)
    _ask(
        campus, minors[-2], days=50, asker=Asker.STUDENT, entered_by=minors[-2].student.user, wants_explained=True,
        state=State.CLOSED, given_at=answered, given_by=staff, given_how=How.SHOWN, explained_at=answered,
        explained_by=staff, explanation="What each college grade means, and where the credit goes.", closed_at=answered,
        closed_by=staff,
    )  # fmt: skip
    refused = clock.at(clock.day - timedelta(days=20), 9, 30)
    welding = next(
        one
        for one in campus.book.rows(Registration)
        if one.student_id == stella.student.pk and one.status == Registration.Status.NOT_ATTAINED
    )
    campus.book.add(
        Amendment, student=stella.student, item=Amendment.Item.GRADE, registration=welding, side=Amendment.Side.SCHOOL,
        wrong="The roster says 84.5 %. My teacher read 85 % out in class.", should_say="85 %",
        asked_at=clock.at(clock.day - timedelta(days=31), 17, 15), entered_by=stella.student.user,
        state=Amendment.State.REFUSED, decided_by=district, decided_at=refused,
        decision="The gradebook of the school says 84.5 % as well. It was copied right.",
        statement="I was told 85 %. The last project is not in the gradebook.", stated_at=refused + timedelta(days=4),
    )  # fmt: skip


def _ask(campus: Campus, pupil: Pupil, *, days: int, **facts: object) -> Inspection:
    received = campus.clock.day - timedelta(days=days)
    return campus.book.add(
        Inspection, student=pupil.student, received_on=received, due_on=received + Inspection.ANSWERED_WITHIN,
        entered_at=campus.clock.at(received, 10, 40), **facts,
    )  # fmt: skip


def tell_everybody(first_year: int, at: datetime) -> None:
    """Everybody registered in a school year was told of their rights in it, so that no worker tells them now."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO students_yearlynotice (student_id, year_id, text_id, told_at, guardian_too)
            SELECT DISTINCT coalesce(record.merged_into_id, record.id), year.id, text.id, %s::timestamptz, false
            FROM students_registration class
            JOIN organizations_academicyear year ON year.id = class.year_id AND year.first_year = %s
            JOIN students_student record ON record.id = class.student_id
            CROSS JOIN (SELECT id FROM students_consenttext WHERE version = %s) text
            WHERE class.status NOT IN ('withdrawn', 'not_in_class')
            ORDER BY 1
            ON CONFLICT DO NOTHING
            """,
            [at, first_year, FIRST_NOTICE],
        )
