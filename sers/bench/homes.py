"""Every home and every report of the work beside the plain SQL of the same questions: bin/bench homes.

The budget at the State's size is 500 ms for a home and 1,000 ms for a report with its earlier years, median of what one
person waits; the State's own, who counts everything, has a second for its home and three for a report.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from organizations.models import AcademicYear
from reports.actions import count_state_years
from reports.rules.standing import KINDS
from sers.bench.measure import ask, get
from students.actions import state_purpose

#: Milliseconds within which the median stays: of a home, and of a report.
BUDGETS: Final = (500, 1000)
STATE_BUDGETS: Final = (1000, 3000)
TIMES: Final = 7
PEOPLE: Final = ("teacher", "counselor", "district", "faculty", "registrar", "consortium", "state")
NEWS: Final = """
    SELECT at, kind, subject_id FROM accounts_event
    WHERE kind = ANY (ARRAY['grading.class_complete', 'articulations.agreement_in_force']) AND at > now() - interval '60 days'
    ORDER BY at DESC LIMIT 8
"""
WINDOWS: Final = "SELECT kind, closes_on FROM organizations_window WHERE closes_on >= CURRENT_DATE ORDER BY closes_on LIMIT 6"
#: What each home counts, in plain SQL; `{seat}` is where its person sits.
HOMES: Final = {
    "teacher": """
        SELECT s.id, r.status, count(*) FROM articulations_section s
        JOIN articulations_section_teachers t ON t.section_id = s.id AND t.seat_id = {id}
        JOIN students_registration r ON r.section_id = s.id WHERE s.year_id = {year} GROUP BY s.id, r.status
    """,
    "counselor": """
        SELECT s.school_id, count(DISTINCT r.student_id), count(*) FILTER (WHERE r.fees_req = 'pending')
        FROM students_registration r JOIN students_student s ON s.id = r.student_id
        WHERE r.year_id = {year} AND s.school_id = {school} GROUP BY s.school_id
    """,
    "district": """
        SELECT s.school_id, count(DISTINCT r.student_id), count(*) FILTER (WHERE r.fees_req = 'pending')
        FROM students_registration r JOIN students_student s ON s.id = r.student_id
        JOIN organizations_highschool h ON h.id = s.school_id
        WHERE r.year_id = {year} AND h.district_id = {district} GROUP BY s.school_id
    """,
    "faculty": """
        SELECT count(*) FROM articulations_articulation
        WHERE college_id = {college} AND CURRENT_DATE BETWEEN valid_from AND valid_until
    """,
    "registrar": """
        SELECT year_id, count(*), count(*) FILTER (WHERE fees_req = 'pending') FROM students_registration
        WHERE college_id = {college} AND status = 'completed' AND awarded_at IS NULL GROUP BY year_id
    """,
    "consortium": """
        SELECT count(DISTINCT r.student_id), count(*), count(*) FILTER (WHERE r.fees_req = 'pending')
        FROM students_registration r JOIN articulations_articulation a ON a.id = r.articulation_id
        WHERE a.consortium_id = {consortium} AND r.year_id = {year} AND r.status NOT IN ('withdrawn', 'not_in_class')
    """,
    "state": """
        SELECT count(DISTINCT student_id), count(*), count(*) FILTER (WHERE status = 'completed'),
               count(*) FILTER (WHERE fees_req = 'pending')
        FROM students_registration WHERE year_id = {year} AND status NOT IN ('withdrawn', 'not_in_class')
    """,
}  # fmt: skip
#: What each report counts of four years, in plain SQL; `{within}` narrows it to a consortium's agreements `a`.
REPORTS: Final = {
    "agreements": """
        SELECT a.college_id, count(*) FILTER (WHERE CURRENT_DATE BETWEEN a.valid_from AND a.valid_until),
               count(*) FILTER (WHERE CURRENT_DATE - 365 BETWEEN a.valid_from AND a.valid_until),
               count(*) FILTER (WHERE CURRENT_DATE - 730 BETWEEN a.valid_from AND a.valid_until),
               count(*) FILTER (WHERE a.review_due_on < CURRENT_DATE)
        FROM articulations_articulation a WHERE {within} GROUP BY a.college_id
    """,
    "assurances": """
        SELECT s.year_id, a.college_id, count(DISTINCT (t.seat_id, a.id)), count(DISTINCT x.id)
        FROM articulations_section s JOIN articulations_section_teachers t ON t.section_id = s.id
        JOIN articulations_articulationcourse l ON l.high_school_course_id = s.high_school_course_id
        JOIN articulations_articulation a ON a.id = l.articulation_id
        LEFT JOIN articulations_teacherassurance x
            ON x.seat_id = t.seat_id AND x.articulation_id = a.id AND x.year_id = s.year_id
        WHERE {within} AND s.year_id = ANY ({years}) GROUP BY s.year_id, a.college_id
    """,
    "fees": """
        SELECT r.year_id, r.college_id, q.state, count(*), count(DISTINCT r.id), sum(q.amount)
        FROM students_requirement q JOIN students_registration r ON r.id = q.registration_id
        JOIN articulations_articulation a ON a.id = r.articulation_id
        WHERE {within} AND r.year_id = ANY ({years}) AND q.state <> 'dropped' GROUP BY r.year_id, r.college_id, q.state
    """,
    "rosters": """
        SELECT s.year_id, c.school_id, count(*) FROM students_rosterentry e
        JOIN articulations_section s ON s.id = e.section_id
        JOIN articulations_highschoolcourse c ON c.id = s.high_school_course_id
        WHERE s.year_id = ANY ({years}) AND e.gone_at IS NULL GROUP BY s.year_id, c.school_id
    """,
    "graded": """
        SELECT r.year_id, c.school_id, count(DISTINCT r.section_id), count(DISTINCT k.section_id)
        FROM students_registration r JOIN articulations_articulation a ON a.id = r.articulation_id
        JOIN articulations_highschoolcourse c ON c.id = r.high_school_course_id
        LEFT JOIN grading_classcompletion k ON k.section_id = r.section_id
        WHERE {within} AND r.year_id = ANY ({years}) GROUP BY r.year_id, c.school_id
    """,
    "pathways": """
        SELECT s.school_id, count(*), count(*) FILTER (WHERE b.best >= 2) FROM (
            SELECT student_id, max(credits) AS best FROM (
                SELECT r.student_id, c.cluster_id, sum(c.high_school_credits) AS credits FROM students_registration r
                JOIN articulations_highschoolcourse c ON c.id = r.high_school_course_id
                JOIN articulations_articulation a ON a.id = r.articulation_id
                WHERE {within} AND r.status = 'completed' AND r.year_id = ANY ({years}) GROUP BY r.student_id, c.cluster_id
            ) x GROUP BY student_id
        ) b JOIN students_student s ON s.id = b.student_id GROUP BY s.school_id
    """,
    "credentials": """
        SELECT r.year_id, c.school_id, count(DISTINCT r.student_id), count(DISTINCT r.student_id) FILTER (WHERE e.id IS NOT NULL),
               count(DISTINCT e.id)
        FROM students_registration r JOIN articulations_highschoolcourse c ON c.id = r.high_school_course_id
        JOIN articulations_articulation a ON a.id = r.articulation_id
        LEFT JOIN students_earnedcredential e ON e.registration_id = r.id
        WHERE r.year_id = ANY ({years}) AND r.status NOT IN ('withdrawn', 'not_in_class') AND {within}
          AND EXISTS (SELECT FROM articulations_industrycredential_classes p WHERE p.highschoolcourse_id = c.id)
        GROUP BY r.year_id, c.school_id
    """,
    "posting": """
        SELECT w.year_id, w.college_id, count(DISTINCT w.id), percentile_cont(0.5) WITHIN GROUP (ORDER BY p.on - g.day)
        FROM transcripts_creditaward w
        JOIN (SELECT o.award_id, max(e.entered_at)::date AS day FROM transcripts_awardsource o
              JOIN students_registration r ON r.id = o.registration_id
              JOIN articulations_articulation a ON a.id = r.articulation_id
              JOIN grading_gradeentry e ON e.registration_id = r.id
              WHERE {within} AND r.year_id = ANY ({years}) GROUP BY o.award_id) g ON g.award_id = w.id
        LEFT JOIN transcripts_postingevent p ON p.award_id = w.id AND p.kind = 'posted'
        GROUP BY w.year_id, w.college_id
    """,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Measured:
    """One page as one person opens it, with its floor and what it may take."""

    name: str
    path: str
    floor: str
    cookie: str
    budget: int


def floor_sql(what: str, who: str, user: User) -> list[str]:
    """The statements of the floor of a home (`what` is `first-page`) or of a report, for one of the demo people."""
    seat = user.seats.get()
    years = list(AcademicYear.objects.order_by("-first_year").values_list("pk", flat=True)[:4])
    facts = {
        "id": seat.pk, "school": seat.school_id, "district": seat.district_id, "college": seat.college_id,
        "consortium": seat.consortium_id, "year": AcademicYear.objects.current().pk, "years": f"ARRAY{years}",
        "within": f"a.consortium_id = {seat.consortium_id}" if seat.consortium_id else "true",
    }  # fmt: skip
    found = [HOMES[who], WINDOWS, NEWS] if what == "first-page" else [REPORTS[what]]
    return [sql.format(**facts) for sql in found]


def prepare(tell: Callable[[str], None]) -> None:
    """Count the State's years, as every night does."""
    began = time.monotonic()
    count_state_years(now=timezone.now())
    tell(f"{time.monotonic() - began:>12.1f} seconds for the State's years, counted at night")


def measured(cookie_of: Callable[[User], str]) -> list[Measured]:
    """The home of each role; each report as a consortium and as the State read it."""
    people = {name: User.objects.get(username=f"{name}.demo") for name in PEOPLE}
    purpose = {"purpose": "Auditing the programme", "agreement": "The benchmark"}
    state_purpose(**purpose, by=people["state"])  # without one the State reads no report of students
    cookies = {name: cookie_of(user) for name, user in people.items()}
    found = [
        Measured(
            f"home, {name}", "/", f"/floor/counts/first-page/{name}/", cookies[name],
            (STATE_BUDGETS if name == "state" else BUDGETS)[0],
        )
        for name in PEOPLE
    ]  # fmt: skip
    for name, budgets in (("consortium", BUDGETS), ("state", STATE_BUDGETS)):
        found += [
            Measured(
                f"{kind.title}, {name}", f"{reverse('reports:standing')}?what={kind.key}",
                f"/floor/counts/{kind.key}/{name}/", cookies[name], budgets[1],
            )
            for kind in KINDS
        ]  # fmt: skip
    return found


def measure(port: int, tell: Callable[[str], None], cookie_of: Callable[[User], str]) -> None:
    """A line a page: what one person waits, its floor, the ratio, and whether it keeps its budget."""
    prepare(tell)
    tell(f"\n{'homes':44}{'median ms':>11}{'worst ms':>10}{'floor ms':>10}{'ratio':>7}{'budget':>8}")
    for one in measured(cookie_of):
        ask(port, [get(one.path, one.cookie)], clients=1, seconds=10, most=1)  # to warm it
        times = ask(port, [get(one.path, one.cookie)], clients=1, seconds=30, most=TIMES)
        base = ask(port, [get(one.floor, one.cookie)], clients=1, seconds=30, most=TIMES)
        verdict = "" if times.median <= one.budget else "  OVER"
        tell(
            f"{one.name:44}{times.median:>11.1f}{max(times.milliseconds, default=0):>10.1f}{base.median:>10.1f}"
            f"{times.median / base.median:>7.1f}{one.budget:>8}{verdict}"
        )
        for wrong in [*times.wrong[:1], *base.wrong[:1]]:
            tell(f"  not as expected: {wrong}")
