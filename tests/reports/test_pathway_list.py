"""The list of pathway progress: whose rows, what each says, and that the report counts the same students."""

from collections.abc import Iterable
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from articulations.models import CareerCluster, HighSchoolCourse
from reports import rules
from reports.rules.pathway_list import PATHWAYS, added_up
from reports.rules.standing import KINDS
from students.models import Registration, Student
from students.rules import Pathway, Taken, pathways
from tests.people import Cast, enter_grade, make_registration, make_student


@pytest.fixture
def credited(cast: Cast) -> Cast:
    """Accounting is of Finance and a credit and a half, welding of Manufacturing and half a credit."""
    for number, (section, name, credits) in enumerate(
        ((cast.section, "Finance", "1.5"), (cast.colleague_section, "Manufacturing", "0.5")), 20
    ):
        cluster = CareerCluster.objects.create(framework="legacy16", number=number, name=name)
        HighSchoolCourse.objects.filter(pk=section.high_school_course_id).update(
            cluster=cluster, high_school_credits=Decimal(credits)
        )
    enter_grade(cast.registration, "97")
    make_registration(cast.student, cast.colleague_section, cast.welding_agreement)
    return cast


def lines(cast: Cast, user: User) -> dict[str, dict[str, str]]:
    """The rows by CTE Dual Credit ID."""
    found = PATHWAYS.lines(PATHWAYS.rows(user, cast.year))
    rows = [dict(zip(PATHWAYS.heads, cells, strict=True)) for _, cells in found]
    return {row["CTE Dual Credit ID"]: row for row in rows}


def test_a_row_says_what_the_students_own_page_says(credited: Cast) -> None:
    cast = credited
    row = lines(cast, cast.counselor)[cast.student.sers_id]
    assert (row["Career cluster"], row["Credits Completed"], row["Credits in class now"]) == (
        "Finance",
        "1.5",
        "0",
    )
    assert row["Every cluster"] == (
        "Finance: 1.5 of 2 credits Completed; Manufacturing: 0 of 2 credits Completed, 0.5 credits in class now"
    )


def test_a_merged_record_brings_its_classes(credited: Cast) -> None:
    cast = credited
    again = make_student(cast.kamiakin, "Ana", "Vega")
    one = make_registration(again, cast.colleague_section, cast.welding_agreement)
    enter_grade(one, "97")
    Registration.objects.filter(student=cast.student, section=cast.colleague_section).update(
        status="withdrawn"
    )
    Student.objects.filter(pk=again.pk).update(merged_into=cast.student)
    rows = lines(cast, cast.counselor)
    assert again.sers_id not in rows
    assert rows[cast.student.sers_id]["Every cluster"] == (
        "Finance: 1.5 of 2 credits Completed; Manufacturing: 0.5 of 2 credits Completed"
    )


def test_it_is_of_ones_own_school_and_district(credited: Cast) -> None:
    cast = credited
    ours = lines(cast, cast.counselor)
    assert cast.student.sers_id in ours
    assert cast.newcomer.sers_id not in ours, "not registered this year"
    assert cast.other_student.sers_id not in ours
    assert set(ours) <= set(lines(cast, cast.district)) <= set(lines(cast, cast.state))
    assert cast.other_student.sers_id in lines(cast, cast.state), "it is there to be seen"


@pytest.mark.parametrize("who", ["counselor", "district", "state"])
def test_the_report_counts_the_students_of_the_list(credited: Cast, who: str) -> None:
    cast = credited
    user = getattr(cast, who)
    kind = next(one for one in KINDS if one.key == "pathways")
    total = dict(rules.standing_of(user, kind, year=cast.year).named_total)
    rows = lines(cast, user).values()
    completed = [Decimal(row["Credits Completed"]) for row in rows]
    assert total["Students"] == str(len(completed))
    assert total["2 credits or more"] == str(sum(one >= 2 for one in completed))
    assert total["1 to less than 2"] == str(sum(1 <= one < 2 for one in completed))
    assert int(total["1 to less than 2"]) > 0
    assert total["None yet"] == str(sum(one == 0 for one in completed))


@pytest.mark.parametrize("who", ["counselor", "district", "state"])
def test_who_visits_a_class_is_counted_at_their_own_school_alone(credited: Cast, who: str) -> None:
    """Of another school's student only the classes taken here are seen: their sum would be too small."""
    cast = credited
    user = getattr(cast, who)
    kind = next(one for one in KINDS if one.key == "pathways")
    before = dict(rules.standing_of(user, kind, year=cast.year).named_total)
    visits = enter_grade(
        make_registration(cast.other_student, cast.section, cast.agreement), "97"
    ).registration
    assert Registration.objects.visible_to(user).contains(visits)
    after = dict(rules.standing_of(user, kind, year=cast.year).named_total)
    assert len(lines(cast, user)) == int(after["Students"])
    if who == "state":
        assert int(after["1 to less than 2"]) == int(before["1 to less than 2"]) + 1
    else:
        assert after == before


def test_a_counselor_counts_a_student_with_every_class_wherever_it_is_taught(credited: Cast) -> None:
    cast = credited
    kind = next(one for one in KINDS if one.key == "pathways")
    HighSchoolCourse.objects.filter(pk=cast.other_section.high_school_course_id).update(
        cluster=CareerCluster.objects.get(name="Finance"), high_school_credits=Decimal("0.5")
    )
    before = dict(rules.standing_of(cast.counselor, kind, year=cast.year).named_total)
    enter_grade(make_registration(cast.student, cast.other_section, cast.other_agreement), "97")
    after = dict(rules.standing_of(cast.counselor, kind, year=cast.year).named_total)
    assert int(after["2 credits or more"]) == int(before["2 credits or more"]) + 1
    assert lines(cast, cast.counselor)[cast.student.sers_id]["Credits Completed"] == "2"


def test_credits_that_are_not_known_are_named_in_their_own_cluster(credited: Cast) -> None:
    cast = credited
    kind = next(one for one in KINDS if one.key == "pathways")
    HighSchoolCourse.objects.filter(pk=cast.colleague_section.high_school_course_id).update(
        high_school_credits=None
    )
    enter_grade(
        Registration.objects.get(student=cast.student, section=cast.colleague_section, year=cast.year), "97"
    )
    found = rules.standing_of(cast.counselor, kind, year=cast.year, by="cluster")
    rows = {line.label: dict(line.named) for line in found.lines}
    assert {name: row["Some credits not known"] for name, row in rows.items() if row["Students"] != "0"} == {
        "Finance": "0",
        "Manufacturing": "1",
    }
    assert dict(found.named_total)["Some credits not known"] == "1"


def test_a_students_classes_are_asked_and_added_up_once(
    credited: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast = credited
    added: list[int] = []

    def counted(taken: Iterable[Taken]) -> list[Pathway]:
        added.append(1)
        return pathways(taken)

    monkeypatch.setattr("reports.rules.pathway_list.pathways", counted)
    with CaptureQueriesContext(connection) as captured:
        rows = lines(cast, cast.counselor)
    assert len(rows) > 1
    assert len(added) == len(rows)
    assert [query["sql"].count("ARRAY(") for query in captured if "ARRAY(" in query["sql"]] == [1]


def test_nothing_taken_adds_up_to_nothing() -> None:
    assert added_up([]) == []
