"""The floor of each hot page: the same rows by plain SQL through a bare view, as lean as Python can answer.

A page is judged by its ratio to its floor, on the same data, in the same process, behind the same middleware:
the ratio says what our templates, rules and querysets cost, whatever the machine.
"""

from html import escape
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from sers.bench.articulating import ORDERS
from sers.bench.homes import floor_sql
from sers.lib.fields import seal
from sers.lib.folding import fold
from sers.urls import urlpatterns as pages


def _rows(sql: str, *parameters: str | bytes) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())


def _table(rows: list[tuple[object, ...]]) -> HttpResponse:
    cells = "".join(
        "<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in row) + "</tr>" for row in rows
    )
    return HttpResponse(f"<!doctype html><title>floor</title><table>{cells}</table>")


def student_search(request: HttpRequest) -> HttpResponse:
    """Fifty students of a consortium by the beginning of a name, with school."""
    words = request.GET["words"]
    consortium = request.GET["consortium"]
    return _table(
        _rows(
            """
            SELECT s.public_id, s.sers_id, s.first_name, s.last_name, s.birth_date, s.grade_level, h.name
            FROM students_student s JOIN organizations_highschool h ON h.id = s.school_id
            JOIN organizations_consortium_districts cd ON cd.schooldistrict_id = h.district_id
            WHERE cd.consortium_id = %s AND s.folded LIKE %s AND s.merged_into_id IS NULL
            ORDER BY s.sort_name, s.id LIMIT 50
            """,
            consortium,
            f"% {words}%",
        )
    )


def searched(request: HttpRequest) -> HttpResponse:
    """Fifty students of a consortium by the terms that are given, with school."""
    terms = ["cd.consortium_id = %s", "s.merged_into_id IS NULL"]
    values: list[str | bytes] = [request.GET["consortium"]]
    for word in fold(request.GET.get("words", "")).split():
        terms.append("s.folded LIKE %s")
        values.append(f"% {word}%")
    columns = {
        "sers_id": "upper(s.sers_id) = %s",
        "school": "s.school_id = %s",
        "grade": "s.grade_level = %s",
        "born": "s.birth_date = %s",
        "begins": "upper(s.sers_id) LIKE %s",
    }
    for name, term in columns.items():
        if name in request.GET:
            typed = request.GET[name]
            terms.append(term)
            values.append(seal(typed) if name == "born" else f"{typed}%" if name == "begins" else typed)
    return _table(
        _rows(
            f"""
            SELECT s.public_id, s.sers_id, s.first_name, s.last_name, s.birth_date, s.grade_level, h.name
            FROM students_student s JOIN organizations_highschool h ON h.id = s.school_id
            JOIN organizations_consortium_districts cd ON cd.schooldistrict_id = h.district_id
            WHERE {" AND ".join(terms)} ORDER BY s.sort_name, s.id LIMIT 50
            """,  # noqa: S608  (every part of it is written above)
            *values,
        )
    )


def grading_progress(request: HttpRequest) -> HttpResponse:
    """Registrations of a year by high school and status; of one consortium or of all."""
    consortium = request.GET["consortium"]
    return _table(
        _rows(
            """
            SELECT h.name, count(*) FILTER (WHERE r.status = 'completed'), count(*) FILTER (WHERE r.status = 'in_progress'),
                   count(*)
            FROM students_registration r
            JOIN articulations_articulation a ON a.id = r.articulation_id
            JOIN articulations_highschoolcourse c ON c.id = r.high_school_course_id
            JOIN organizations_highschool h ON h.id = c.school_id
            WHERE r.year_id = %s AND (%s = '' OR a.consortium_id::text = %s)
            GROUP BY h.id, h.name ORDER BY h.name
            """,
            request.GET["year"],
            consortium,
            consortium,
        )
    )


def roster(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The students of one class with their current grade."""
    return _table(
        _rows(
            """
            SELECT r.public_id, r.version, s.first_name, s.last_name, s.sers_id, r.status, r.fees_req,
                   g.percent, g.points, g.letter
            FROM students_registration r
            JOIN articulations_section c ON c.id = r.section_id
            JOIN students_student s ON s.id = r.student_id
            LEFT JOIN LATERAL (
                SELECT percent, points, letter FROM grading_gradeentry
                WHERE registration_id = r.id ORDER BY number DESC LIMIT 1
            ) g ON true
            WHERE c.public_id = %s ORDER BY s.sort_name
            """,
            str(public_id),
        )
    )


@csrf_exempt
def roster_save(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One grade for every student of a class: thirty entries and thirty rows, two statements."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO grading_gradeentry
                (registration_id, number, percent, points, letter, outcome, scale_id, reason, entered_at, entered_by_id)
            SELECT r.id, 1 + COALESCE((SELECT max(number) FROM grading_gradeentry WHERE registration_id = r.id), 0),
                   90, 3.4, 'B+', 'completed',
                   (SELECT scale_id FROM organizations_collegeyear
                    WHERE college_id = r.college_id AND year_id = r.year_id), '', now(), %s
            FROM students_registration r JOIN articulations_section c ON c.id = r.section_id
            WHERE c.public_id = %s AND r.status IN ('in_progress', 'completed', 'not_attained')
            """,
            [request.user.pk, str(public_id)],
        )
        cursor.execute(
            """
            UPDATE students_registration SET status = 'completed', version = version + 1
            WHERE section_id = (SELECT id FROM articulations_section WHERE public_id = %s)
              AND status IN ('in_progress', 'completed', 'not_attained')
            """,
            [str(public_id)],
        )
    return HttpResponse("saved")


def history(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Every registration of one student with grade and credits."""
    return _table(
        _rows(
            """
            SELECT r.public_id, r.reference, h.title, c.name, y.first_year, r.status, r.fees_req, g.percent, g.points,
                   g.letter, a.credits
            FROM students_registration r
            JOIN students_student s ON s.id = r.student_id
            JOIN articulations_highschoolcourse h ON h.id = r.high_school_course_id
            JOIN organizations_college c ON c.id = r.college_id
            JOIN organizations_academicyear y ON y.id = r.year_id
            LEFT JOIN LATERAL (
                SELECT percent, points, letter FROM grading_gradeentry
                WHERE registration_id = r.id ORDER BY number DESC LIMIT 1
            ) g ON true
            LEFT JOIN LATERAL (
                SELECT sum(w.credits) AS credits FROM transcripts_awardsource o
                JOIN transcripts_creditaward w ON w.id = o.award_id WHERE o.registration_id = r.id
            ) a ON true
            WHERE s.public_id = %s ORDER BY y.first_year DESC, h.title
            """,
            str(public_id),
        )
    )


@login_not_required
def articulation_search(request: HttpRequest) -> HttpResponse:
    """Fifty articulations in force by a word, with school and college."""
    return _table(
        _rows(
            """
            SELECT a.public_id, h.title, h.cip, s.name, c.name, k.code, k.title, l.credits, a.minimum_percent,
                   a.valid_until
            FROM articulations_articulationcourse l
            JOIN articulations_articulation a ON a.id = l.articulation_id
            JOIN articulations_highschoolcourse h ON h.id = l.high_school_course_id
            JOIN organizations_highschool s ON s.id = h.school_id
            JOIN articulations_collegecourse k ON k.id = l.college_course_id
            JOIN organizations_college c ON c.id = k.college_id
            WHERE l.folded LIKE %s AND CURRENT_DATE BETWEEN l.valid_from AND l.valid_until
            ORDER BY h.title, l.id LIMIT 50
            """,
            f"% {request.GET['words']}%",
        )
    )


#: Lines of agreements with everything a search narrows and sorts by.
ARTICULATED = """
    FROM articulations_articulationcourse l
    JOIN articulations_articulation a ON a.id = l.articulation_id
    JOIN organizations_consortium o ON o.id = a.consortium_id
    JOIN articulations_highschoolcourse h ON h.id = l.high_school_course_id
    JOIN organizations_highschool s ON s.id = h.school_id
    JOIN organizations_schooldistrict d ON d.id = s.district_id
    JOIN articulations_collegecourse k ON k.id = l.college_course_id
    JOIN organizations_college c ON c.id = a.college_id
    LEFT JOIN organizations_collegeyear y ON y.college_id = c.id
        AND y.year_id = (SELECT id FROM organizations_academicyear
                         WHERE first_year = extract(year FROM CURRENT_DATE - interval '6 months'))
"""


@login_not_required
def articulated(request: HttpRequest) -> HttpResponse:
    """Fifty articulations by the filters and the order that are given, and how many there are."""
    typed = request.GET
    terms, values = ["l.valid_until >= CURRENT_DATE"], list[str]()
    for word in fold(typed.get("words", "")).split():
        terms.append("l.folded LIKE %s")
        values.append(f"% {word}%")
    columns = {
        "school": "s.public_id = %s",
        "college": "c.public_id = %s",
        "district": "d.public_id = %s",
        "cluster": "h.cluster_id = %s",
        "consortium": """(o.public_id = %s OR EXISTS (
            SELECT FROM organizations_consortium_districts b JOIN organizations_consortium p ON p.id = b.consortium_id
            WHERE b.schooldistrict_id = d.id AND p.public_id = %s))""",
        "minimum": "COALESCE(a.minimum_percent, y.minimum_percent) <= %s",
    }
    for name, term in columns.items():
        if name in typed:
            terms.append(term)
            values += [typed[name]] * term.count("%s")
    sort = typed["sort"]
    first, second = ORDERS[sort.removeprefix("-")]
    order = f"{first} {'DESC' if sort.startswith('-') else ''}, {second}, l.id"
    found = f"{ARTICULATED} WHERE {' AND '.join(terms)}"
    columns_shown = """
        SELECT l.id, h.title, h.cip, s.name, c.name, k.code, k.title, l.credits,
               COALESCE(a.minimum_percent, y.minimum_percent), l.valid_until
    """
    rows = _rows(f"{columns_shown} {found} ORDER BY {order} LIMIT 50", *values)
    return _table([*rows, *_rows(f"SELECT 'of', count(*) {found}", *values)])


def counts(request: HttpRequest, what: str, who: str) -> HttpResponse:
    """What a home or a report of the work counts, for one of the demo people."""
    return _table([row for sql in floor_sql(what, who, request.user) for row in _rows(sql)])  # type: ignore[arg-type]


@login_not_required
def front_door(request: HttpRequest) -> HttpResponse:
    """This year's windows with their consortium."""
    return _table(
        _rows(
            """
            SELECT c.name, w.kind, w.opens_on, w.closes_on FROM organizations_window w
            JOIN organizations_consortium c ON c.id = w.consortium_id
            JOIN organizations_academicyear y ON y.id = w.year_id
            WHERE y.first_year = extract(year FROM CURRENT_DATE - interval '6 months')
            ORDER BY w.closes_on
            """
        )
    )


urlpatterns = [
    *pages,
    path("floor/grading-progress/", grading_progress),
    path("floor/student-search/", student_search),
    path("floor/searched/", searched),
    path("floor/roster/<uuid:public_id>/", roster),
    path("floor/roster-save/<uuid:public_id>/", roster_save),
    path("floor/history/<uuid:public_id>/", history),
    path("floor/articulations/", articulation_search),
    path("floor/articulated/", articulated),
    path("floor/front-door/", front_door),
    path("floor/counts/<str:what>/<str:who>/", counts),
]
