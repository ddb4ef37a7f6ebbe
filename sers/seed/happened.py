"""What happened in the State's size: that somebody registered, saved rosters, declared classes complete, posted credit.

News and reports of time walk among these rows. They are written by SQL from what stands, for the rows that are not the
demo state's own: a class is declared complete around its last day, a third of the credit was Posted late.
"""

from collections.abc import Callable
from datetime import date
from typing import Final

from django.db import connection, models

from accounts.models import Event
from articulations.models import Articulation, Section
from grading.models import ClassCompletion
from students.models import Student
from transcripts.models import PostingEvent

#: The tables that are written.
WRITTEN: Final = (Event, ClassCompletion, PostingEvent)
#: After which row of each table the State's begin.
AFTER: Final = (Student, Section, Articulation)
HAPPENED: Final = (
    """
    INSERT INTO accounts_event (at, kind, subject_type, subject_id, data)
    SELECT registered_at, 'students.registered', 'students.registration', id, '{{}}' FROM students_registration
    WHERE student_id > {student}
    """,
    """
    INSERT INTO grading_classcompletion (section_id, number, declared_by_id, declared_at, completed, not_attained, ended)
    SELECT s.id, 1, (SELECT t.user_id FROM articulations_section_teachers st JOIN organizations_seat t ON t.id = st.seat_id
                     WHERE st.section_id = s.id ORDER BY t.id LIMIT 1),
           make_date(y.first_year + 1, 6, 10) + (s.id % 20)::int, 20, 3, 1
    FROM articulations_section s JOIN organizations_academicyear y ON y.id = s.year_id
    WHERE s.id > {section} AND make_date(y.first_year + 1, 6, 30) < DATE '{day}'
      AND EXISTS (SELECT FROM articulations_section_teachers st WHERE st.section_id = s.id)
    """,
    """
    INSERT INTO accounts_event (at, kind, subject_type, subject_id, data)
    SELECT DATE '{day}' - interval '1 minute' * (id % 86400), k.kind, 'articulations.section', id, '{{}}'
    FROM articulations_section, (VALUES ('grading.roster_saved'), ('grading.class_complete')) AS k (kind)
    WHERE id > {section}
    """,
    """
    INSERT INTO accounts_event (at, kind, subject_type, subject_id, data)
    SELECT DATE '{day}' - interval '30 minutes' * (id % 2880), 'articulations.agreement_in_force',
           'articulations.articulation', id, '{{}}' FROM articulations_articulation WHERE id > {articulation}
    """,
    """
    INSERT INTO transcripts_postingevent (public_id, college_id, award_id, kind, "on", sid, term, course_id, grade, said_by_id,
                                          said_at)
    SELECT md5('posted ' || a.id)::uuid, a.college_id, a.id, 'posted',
           (a.awarded_at + interval '1 day' * (a.id % 45))::date, lpad(a.id::text, 9, '0'), '', '', '', u.id, a.awarded_at
    FROM transcripts_creditaward a, (SELECT min(id) AS id FROM accounts_user) u WHERE a.student_id > {student}
    """,
)


def last_rows() -> dict[str, int]:
    """The last row of each table that the State's begin after; asked once the demo state is written."""
    return {
        model._meta.model_name or "": model._base_manager.aggregate(last=models.Max("pk"))["last"] or 0
        for model in AFTER
    }


def write_what_happened(after: dict[str, int], day: date, tell: Callable[[str], None]) -> None:
    """Write down what happened to the rows behind `after`, up to this day."""
    written = 0
    with connection.cursor() as cursor:
        for sql in HAPPENED:
            cursor.execute(sql.format(**after, day=day))
            written += cursor.rowcount
    tell(f"{written:>9,} lines of what happened")
