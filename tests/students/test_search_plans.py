"""Each kind of term of Search for Students has an index that answers it, as PostgreSQL itself says."""

import re
from datetime import date

import pytest
from django.db import connection
from django.db.models import Q

from students.models import Student
from students.models.people import identity_terms
from tests.people import Cast

#: Term, and the index that finds it; of two that both do, PostgreSQL takes either.
TERMS = (
    (identity_terms("veg"), "student_names"),
    (identity_terms("vega solis"), "student_names"),
    (identity_terms("hernández-de la"), "student_names"),
    (identity_terms("", sers_id="TP6-20-4187-9"), "sers_id_once|student_by_begun_id"),
    (identity_terms("", id_begins="TP6-20"), "student_by_begun_id"),
    (identity_terms("", birth_date=date(2009, 5, 1)), "student_by_birth_date"),
    (Q(school=1), "student_by_school|students_student_school_id"),
)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("terms", "index"), TERMS, ids=[f"{n}-{index}" for n, (_, index) in enumerate(TERMS)]
)
def test_a_term_is_found_by_its_index(terms: Q, index: str) -> None:
    with connection.cursor() as cursor:
        # A table of a few rows is read whole whatever there is: say that this is dear, and see what is left.
        for way in ("enable_seqscan", "enable_indexscan", "enable_indexonlyscan"):
            cursor.execute(f"SET LOCAL {way} = off")
        plan = Student.objects.filter(terms).order_by().explain()
    assert re.search(index, plan)


@pytest.mark.django_db
def test_merged_records_are_asked_apart_by_their_own_index() -> None:
    with connection.cursor() as cursor:
        for way in ("enable_seqscan", "enable_indexscan", "enable_indexonlyscan"):
            cursor.execute(f"SET LOCAL {way} = off")
        plan = Student.objects.merged_away().filter(Q(grade_level=11)).order_by().explain()
    assert "student_merged_away" in plan


@pytest.mark.django_db
def test_the_agreements_of_a_consortium_are_collected_once_and_not_for_each_student(cast: Cast) -> None:
    """Of each student a search finds, PostgreSQL looks at the classes alone, by an index that holds the agreement too."""
    found = Student.objects.visible_to(cast.consortium).matching(name="ma").order_by()
    with connection.cursor() as cursor:
        for way in ("enable_seqscan", "enable_bitmapscan"):
            cursor.execute(f"SET LOCAL {way} = off")
        plan = found.explain()
    (of_each,) = re.findall(
        r"Index Only Scan using registration_by_student .*\n(?:.*\n)*?.*Filter: (.*)", plan
    )[:1]
    assert re.fullmatch(r"\(\(ANY \(articulation_id = \(hashed SubPlan \d\)\.col1\)\) IS TRUE\)", of_each)
