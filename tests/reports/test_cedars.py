"""Dual credit classes for CEDARS: what a district flags in file D, Course Catalog. No student is in it."""

import csv
import datetime
import io
from decimal import Decimal

import pytest

from accounts.access import Role
from accounts.models import Job, User
from articulations.models import Articulation, ArticulationCourse
from organizations.models import AcademicYear
from reports import actions, rules
from reports.models import ListExport, ListPart
from reports.tasks import make_list
from students.models import Disclosure, Student
from tests.people import Cast, make_agreement, make_college_course, make_seat, make_section, make_user


def made(by: User, year: AcademicYear | None) -> ListExport:
    export = actions.ask_for_list(kind="cedars", form="csv", year=year, purpose="File D", by=by)
    make_list(Job.objects.get(task=actions.LIST_TASK, subject_id=export.pk).pk)
    export.refresh_from_db()
    return export


def rows(by: User, year: AcademicYear | None) -> list[dict[str, str]]:
    content = b"".join(ListPart.objects.content_of(made(by, year))).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(content, newline="")))


def coded(cast: Cast) -> None:
    cast.kennewick.ospi_code, cast.kamiakin.ospi_code = "03017", "2531"
    cast.kennewick.save()
    cast.kamiakin.save()
    cast.accounting.local_code, cast.accounting.state_code = "BUS201", "12104"
    cast.accounting.high_school_credits = Decimal("0.5")
    cast.accounting.save()


def test_a_row_has_the_columns_of_file_d(cast: Cast) -> None:
    coded(cast)
    (row,) = [one for one in rows(cast.district, cast.year) if one["Course title"] == cast.accounting.title]
    assert row == {
        "School year ending": str(cast.year.first_year + 1),
        "District code": "03017",
        "School district": "Kennewick School District",
        "School code": "2531",
        "High school": "Kamiakin High School",
        "Course ID": "BUS201",
        "Course title": "Accounting 1",
        "State course code": "12104",
        "CIP code": "520301",
        "High-school credits": "0.50",
        "Course designation": "CTE Dual Credit",
        "Colleges": "Columbia Basin College",
        "College courses": "ACCT& 201",
        "Agreements": str(cast.agreement),
    }


def test_a_class_is_one_row_a_year_with_all_its_colleges(cast: Cast) -> None:
    make_section(cast.accounting, cast.teacher_seat, label="Period 9")  # a further period is the same class
    further = make_agreement((cast.accounting, cast.ho_110), consortium=cast.walla_walla)
    told = rows(cast.district, cast.year)
    assert [one["Course title"] for one in told] == ["Accounting 1", "Welding Technology"]
    assert told[0]["Colleges"] == "Columbia Basin College and Walla Walla Community College"
    assert told[0]["Agreements"] == f"{cast.agreement} and {further}"
    every = rows(cast.district, None)
    assert [(one["Course title"], one["School year ending"]) for one in every if one["Course title"] == "Accounting 1"] == [
        ("Accounting 1", str(cast.year.first_year + 1)),
        ("Accounting 1", str(cast.last_year.first_year + 1)),
    ]  # fmt: skip


def test_only_years_with_an_agreement_in_force(cast: Cast) -> None:
    ends = datetime.date(cast.year.first_year, 6, 30)  # the last day of last year
    for model in (Articulation, ArticulationCourse):
        model._base_manager.filter(
            **{"pk" if model is Articulation else "articulation": cast.agreement.pk}
        ).update(valid_until=ends)
    titles = [(one["Course title"], one["School year ending"]) for one in rows(cast.district, None)]
    assert ("Accounting 1", str(cast.last_year.first_year + 1)) in titles
    assert ("Accounting 1", str(cast.year.first_year + 1)) not in titles


@pytest.mark.parametrize(
    ("who", "titles"),
    [
        ("district", ["Accounting 1", "Welding Technology"]),
        ("consortium", ["Accounting 1", "Welding Technology"]),
        ("other_district", ["Medical Terminology"]),
        ("state", ["Accounting 1", "Medical Terminology", "Welding Technology"]),
    ],
)
def test_it_holds_the_classes_of_the_seat(cast: Cast, who: str, titles: list[str]) -> None:
    assert sorted(one["Course title"] for one in rows(getattr(cast, who), cast.year)) == titles


def test_no_student_is_in_it(cast: Cast) -> None:
    newcomer = make_user()
    make_seat(newcomer, Role.STATE)
    export = made(newcomer, cast.year)  # and so nobody asks what records are read for
    words = b"".join(ListPart.objects.content_of(export)).decode()
    for student in Student.objects.order_by("pk"):
        assert student.sers_id not in words
    assert "education records" not in words
    assert (export.students, export.purpose) == (0, "File D")
    assert not Disclosure.objects.filter(reader=newcomer).exists()
    assert [kind for kind in rules.SHEETS if not rules.tells_of_students(kind)] == ["cedars"]


def test_a_workbook_holds_it_too(cast: Cast) -> None:
    course = make_college_course(cast.cbc, "ACCT 100")
    make_agreement((cast.accounting, course), consortium=cast.columbia_basin)
    export = actions.ask_for_list(
        kind="cedars", form="xlsx", year=cast.year, purpose="File D", by=cast.district
    )
    make_list(Job.objects.get(task=actions.LIST_TASK, subject_id=export.pk).pk)
    export.refresh_from_db()
    assert (export.total, export.state) == (2, ListExport.State.READY)
