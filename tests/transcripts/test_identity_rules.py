"""Whose a college ID is: facts compared, scores, and the decision, by truth tables. No row is written."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sers.lib.sheets import Row
from students.models import Student
from transcripts import rules
from transcripts.models import IdentityConflict
from transcripts.rules import CONFLICT, KNOWN, MATCHED, NOBODY, Person

Kind = IdentityConflict.Kind
BORN = date(2009, 5, 1)


def student(pk: int = 1, **facts: Any) -> Student:
    return Student(
        pk=pk,
        **{
            "first_name": "Marisol", "last_name": "Vega", "birth_date": BORN, "imported_email": "marisol@example.net",
            "sers_id": "TP6-20-4187-9", **facts,
        },
    )  # fmt: skip


def person(**facts: Any) -> Person:
    return Person(
        **{
            "line": 2,
            "sid": "201234567",
            "first_name": "Marisol",
            "last_name": "Vega",
            "birth_date": BORN,
            **facts,
        }
    )


@pytest.mark.parametrize(
    ("theirs", "ours", "score"),
    [
        ({}, {}, 75),
        ({"email": "MARISOL@example.net"}, {}, 90),
        ({"sers_id": "TP6-20-4187-9"}, {}, 105),
        ({"email": "other@example.net"}, {}, 75),
        ({"sers_id": "TP1-00-000"}, {}, 60),
        # Names
        ({"last_name": "VEGA"}, {"last_name": "Véga"}, 75),
        ({"last_name": "Ortega"}, {"former_names": "Marisol Ortega"}, 70),
        ({"former_names": "Vega", "last_name": "Ortega"}, {}, 70),
        ({"last_name": "Vega Ortiz"}, {}, 65),
        ({"last_name": "Smith"}, {}, 50),
        ({"first_name": "Mari"}, {}, 65),
        ({"first_name": "Marisol Ana"}, {}, 65),
        ({"first_name": "Ana"}, {"middle_name": "Ana"}, 65),
        ({"first_name": "Ana"}, {}, 55),
        ({"last_name": ""}, {"last_name": ""}, 75),
        ({"last_name": ""}, {}, 50),
        # Birth date
        ({"birth_date": date(2009, 1, 5)}, {}, 55),
        ({"birth_date": date(2009, 5, 2)}, {}, 55),
        ({"birth_date": date(2008, 5, 1)}, {}, 55),
        ({"birth_date": date(2007, 11, 20)}, {}, 35),
        ({"birth_date": date(2007, 11, 20), "email": "marisol@example.net"}, {}, 50),
        ({"birth_date": date(2007, 11, 20), "last_name": "Smith", "first_name": "Ana"}, {}, 0),
    ],
)
def test_scores(theirs: dict[str, Any], ours: dict[str, Any], score: int) -> None:
    found = rules.likeness(person(**theirs), student(**ours))
    assert found.score == score
    assert {fact.name for fact in found.facts} >= {"Last name", "First name", "Birth date"}


def decide(
    *students: Student,
    who: Person | None = None,
    sid_of: dict[int, str] | None = None,
    rejected: frozenset[tuple[str, int]] = frozenset(),
    undone: frozenset[tuple[str, int]] = frozenset(),
) -> tuple[str, int | None, Kind | None]:
    has = sid_of or {}
    found = rules.match(
        who or person(),
        students,
        sid_of=has,
        student_of={sid: pk for pk, sid in has.items()},
        rejected=rejected,
        undone=undone,
    )
    return found.outcome, found.student.pk if found.student else None, found.kind


SMITH = person(last_name="Smith")
TURNED = person(birth_date=date(2009, 1, 5))


@pytest.mark.parametrize(
    ("students", "who", "sid_of", "rejected", "outcome"),
    [
        # Sure, and nobody else near
        ([student()], None, {}, (), (MATCHED, 1, None)),
        (
            [student(), student(2, first_name="Olga", birth_date=date(2008, 2, 2))],
            None,
            {},
            (),
            (MATCHED, 1, None),
        ),
        ([student(), student(2, first_name="Mari")], None, {}, (), (MATCHED, 1, None)),
        ([student(last_name="Ortega", former_names="Vega")], None, {}, (), (MATCHED, 1, None)),
        # Two who fit
        ([student(), student(2)], None, {}, (), (CONFLICT, None, Kind.SEVERAL)),
        (
            [student(first_name="Ana"), student(2, first_name="Eva")],
            None,
            {},
            (),
            (CONFLICT, None, Kind.SEVERAL),
        ),
        # One fact differs
        ([student()], TURNED, {}, (), (CONFLICT, None, Kind.BIRTH_DATE)),
        ([student()], SMITH, {}, (), (CONFLICT, None, Kind.NAME)),
        (
            [student()],
            person(birth_date=date(2007, 11, 20), email="marisol@example.net"),
            {},
            (),
            (CONFLICT, None, Kind.BIRTH_DATE),
        ),
        # Taken
        ([student()], None, {9: "201234567"}, (), (CONFLICT, None, Kind.SID_TAKEN)),
        ([student()], None, {1: "209999999"}, (), (CONFLICT, None, Kind.OTHER_SID)),
        # Known and decided
        ([student()], None, {1: "201234567"}, (), (KNOWN, 1, None)),
        ([student()], TURNED, {1: "201234567"}, (), (KNOWN, 1, None)),
        ([student()], SMITH, {}, (("201234567", 1),), (KNOWN, None, None)),
        # Decided of one student: another is asked about, by the same facts as ever
        ([student()], SMITH, {}, (("201234567", 2),), (CONFLICT, None, Kind.NAME)),
        ([student(), student(2)], None, {}, (("201234567", 2),), (MATCHED, 1, None)),
        ([student(), student(2)], SMITH, {}, (("201234567", 1), ("201234567", 2)), (KNOWN, None, None)),
        # Decided to be nobody's, and given by hand afterwards
        ([student()], SMITH, {1: "201234567"}, (("201234567", 1),), (KNOWN, 1, None)),
        (
            [student(), student(2, first_name="Mari")],
            SMITH,
            {2: "201234567"},
            (("201234567", 1),),
            (KNOWN, 2, None),
        ),
        # Nobody
        ([], None, {}, (), (NOBODY, None, None)),
        ([student(birth_date=date(2007, 11, 20))], None, {}, (), (NOBODY, None, None)),
    ],
)
def test_what_becomes_of_a_person(
    students: list[Student],
    who: Person | None,
    sid_of: dict[int, str],
    rejected: tuple[tuple[str, int], ...],
    outcome: Any,
) -> None:
    assert decide(*students, who=who, sid_of=sid_of, rejected=frozenset(rejected)) == outcome
    assert decide(*reversed(students), who=who, sid_of=sid_of, rejected=frozenset(rejected)) == outcome


UNDONE = (CONFLICT, None, Kind.UNDONE)


@pytest.mark.parametrize(
    ("students", "sid_of", "undone", "outcome"),
    [
        ([student()], {}, ("201234567", 1), UNDONE),
        ([student()], {}, ("201234567", 2), (MATCHED, 1, None)),
        ([student()], {}, ("201999999", 1), (MATCHED, 1, None)),
        ([student()], {1: "201234567"}, ("201234567", 1), (KNOWN, 1, None)),  # entered again by a person
        ([student()], {1: "209999999"}, ("201234567", 1), (CONFLICT, None, Kind.OTHER_SID)),
        ([student()], {9: "201234567"}, ("201234567", 1), (CONFLICT, None, Kind.SID_TAKEN)),
        ([student(), student(2)], {}, ("201234567", 1), UNDONE),
        ([student(), student(2)], {}, ("201234567", 2), (CONFLICT, None, Kind.SEVERAL)),
        ([student(), student(2, first_name="Mari")], {}, ("201234567", 2), (MATCHED, 1, None)),
    ],
)
def test_what_was_undone_comes_back_by_no_rule(
    students: list[Student], sid_of: dict[int, str], undone: tuple[str, int], outcome: Any
) -> None:
    assert decide(*students, sid_of=sid_of, undone=frozenset({undone})) == outcome


@given(
    st.text(max_size=12), st.text(max_size=12), st.dates(date(2005, 1, 1), date(2012, 1, 1)),
    st.text(max_size=12), st.text(max_size=12), st.dates(date(2005, 1, 1), date(2012, 1, 1)),
)  # fmt: skip
def test_no_id_is_given_by_itself_when_the_birth_date_differs(
    first: str, last: str, born: date, our_first: str, our_last: str, our_born: date
) -> None:
    outcome, _, _ = decide(
        student(first_name=our_first, last_name=our_last, birth_date=our_born),
        who=person(first_name=first, last_name=last, birth_date=born),
    )
    if born != our_born:
        assert outcome != MATCHED


@pytest.mark.parametrize(
    ("typed", "sid"),
    [
        ("201234567", "201234567"), ("201 234 567", "201234567"), ("201-234-567", "201234567"),
        ("1234567", "001234567"), ("201234567.0", "201234567"), ("123456", ""), ("2012345678", ""), ("", ""),
        ("20123456a", ""), ("٢٠١٢٣٤٥٦٧", ""), ("-", ""),
    ],
)  # fmt: skip
def test_college_ids_as_people_type_them(typed: str, sid: str) -> None:
    assert rules.tidy_sid(typed) == sid


def row(line: int, **cells: str) -> Row:
    return Row(line, {"sid": "201234567", "first_name": "Marisol", "birth_date": "2009-05-01", **cells})


def test_rows_of_people_name_the_field_and_the_remedy() -> None:
    people, faults = rules.read_people(
        [
            row(2),
            row(3, sid="12"),
            row(4),
            row(5, sid="201234568", birth_date="June"),
            row(6, sid="201234569", first_name=" "),
            row(7, sid="201234560", sers_id="TP6-20-4187-8"),
        ]
    )
    assert [one.line for one in people] == [2]
    assert [(fault.line, fault.message.partition(":")[0]) for fault in faults] == [
        (3, "SID"), (4, "SID"), (5, "Birth date"), (6, "First name"), (7, "CTE Dual Credit ID"),
    ]  # fmt: skip
    assert "line 2 already" in faults[1].message
