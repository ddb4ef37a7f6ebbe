"""When two records are one person: the truth table, and what the worker does with it."""

from datetime import date
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Mail
from students import actions
from students.models import Disclosure, LikelyTwins, Student
from students.rules import Likeness, Person, likeness, near_dates
from tests.people import Cast, make_student
from tests.policing import PolicingClient
from tests.students.pages import text
from tests.students.pairs import pair_of

SAME, LIKELY, NONE = Likeness.SAME, Likeness.LIKELY, Likeness.NONE
DAY = date(2009, 5, 12)


def person(names: str, born: date = DAY, *, former: str = "", school: int | None = None) -> Person:
    """`Marisol / Vega Ruiz`."""
    first, _, last = names.partition("/")
    return Person(first.strip(), last.strip(), born, former, school)


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        # Names as people write them
        ("Marisol / Vega", "marisol / VÉGA", SAME),
        ("Marisol / Vega", "Vega / Marisol", SAME),
        ("Maximiliano / Hernández de la Cruz", "Maximiliano / de la Cruz Hernandez", SAME),
        ("Bo / Ángel-Lindqvist", "Bo / Angel Lindqvist", SAME),
        ("Gwen / O'Farrell", "Gwen / OFarrell", SAME),
        ("Ngozi /", "Ngozi /", SAME),
        ("Ana María / Ortiz", "Ana / Ortiz", SAME),
        # Short forms of given names
        ("Robert / Osei", "Bob / Osei", SAME),
        ("Guadalupe / Soto", "Lupita / Soto", SAME),
        ("Aleksandr / Petrov", "Aleks / Petrov", LIKELY),
        ("Max / Hernández", "Maximiliano / Hernandez", LIKELY),
        ("Jo / Hernández", "Joaquin / Hernandez", NONE),
        # Part of a surname
        ("Bo / Lindqvist", "Bo / Ángel-Lindqvist", LIKELY),
        ("Max / Cruz", "Maximiliano / Hernández de la Cruz", LIKELY),
        # Two people
        ("Marisol / Vega", "Marisa / Vega", NONE),
        ("Marisol / Vega", "Marisol / Vargas", NONE),
        ("Ivan / Petrov", "Igor / Petrov", NONE),  # brothers of one birth date
        ("Ngozi /", "Ngozi / Okafor", NONE),
    ],
)
def test_names_of_one_birth_date(one: str, other: str, said: Likeness) -> None:
    assert likeness(person(one), person(other)) is said
    assert likeness(person(other), person(one)) is said


@pytest.mark.parametrize(
    ("born", "said"),
    [
        (date(2009, 5, 12), SAME),
        (date(2009, 12, 5), LIKELY),  # day and month exchanged
        (date(2009, 5, 13), LIKELY),  # one digit
        (date(2008, 5, 12), LIKELY),
        (date(2009, 5, 21), NONE),  # two digits
        (date(2010, 5, 12), NONE),
        (date(2009, 6, 13), NONE),
    ],
)
def test_birth_dates_of_one_name(born: date, said: Likeness) -> None:
    assert likeness(person("Marisol / Vega"), person("Marisol / Vega", born)) is said


@pytest.mark.parametrize(
    ("school", "other_school", "said"), [(1, 1, LIKELY), (1, 2, NONE), (None, None, NONE), (1, None, NONE)]
)
def test_both_only_near_takes_one_school(
    school: int | None, other_school: int | None, said: Likeness
) -> None:
    one = person("Bo / Lindqvist", school=school)
    other = person("Bo / Ángel-Lindqvist", date(2009, 12, 5), school=other_school)
    assert likeness(one, other) is said


def test_a_former_name_is_looked_at() -> None:
    married = person("Grace / Nakamura", former="Sato")
    assert likeness(married, person("Grace / Sato")) is LIKELY
    assert likeness(person("Grace / Sato"), married) is LIKELY
    assert likeness(person("Grace / Ito"), married) is NONE


def test_near_dates_are_all_a_slip_makes() -> None:
    near = near_dates(DAY)
    assert date(2009, 12, 5) in near
    assert date(2009, 5, 13) in near
    assert DAY not in near
    assert near == sorted(set(near))
    for day in near:
        assert likeness(person("A / B", DAY), person("A / B", day)) is LIKELY
    assert near_dates(date(2008, 2, 29))  # a leap day slips too


# --- The worker --------------------------------------------------------------------------------------------


def owner_mails(cast: Cast) -> int:
    return Mail.objects.filter(to=cast.student.email, subject="You have a SERS account").count()


def twin(cast: Cast, first_name: str = "Marisol", last_name: str = "Vega", **facts: object) -> Student:
    return make_student(
        cast.kamiakin, first_name, last_name, **{"birth_date": cast.student.birth_date} | facts
    )


def test_the_owner_is_told_once_a_day(cast: Cast) -> None:
    assert actions.recognize_twins(student=twin(cast)) == [cast.student]
    actions.recognize_twins(student=twin(cast))
    assert owner_mails(cast) == 1
    mail = Mail.objects.get(subject="You have a SERS account", to=cast.student.email)
    assert str(timezone.localdate()) in mail.key


@pytest.mark.parametrize(
    "difference",
    [
        {"first_name": "Marisa"},
        {"last_name": "Vega Ruiz"},
        {"birth_date": date(1999, 1, 1)},
    ],
)
def test_who_only_looks_alike_hears_nothing(cast: Cast, difference: dict[str, object]) -> None:
    assert actions.recognize_twins(student=twin(cast, **difference)) == []
    assert owner_mails(cast) == 0


def test_a_record_that_was_merged_away_is_nobody(cast: Cast) -> None:
    newer = twin(cast)
    Student.objects.filter(pk=cast.student.pk).update(merged_into=make_student(cast.kamiakin))
    assert actions.recognize_twins(student=newer) == []


# --- The list -------------------------------------------------------------------------------------------


def test_pairs_within_reach_the_surest_first(cast: Cast, client: PolicingClient) -> None:
    sure = pair_of(cast)
    client.force_login(cast.consortium)
    words = text(client.get(reverse("students:twins")))
    assert "2 pairs, the surest first" in words
    assert f"Vega, Marisol {sure.older.sers_id}, Kamiakin High School" in words
    assert words.index("Same name and birth date") < words.index("Nearly the same")
    assert "Otto" not in words
    noted = set(
        Disclosure.objects.filter(reader=cast.consortium, what="twins").values_list("student", flat=True)
    )
    assert noted == {cast.student.pk, cast.classmate.pk, sure.newer_id}


def test_pairs_told_apart_are_kept_with_their_reason(cast: Cast, client: PolicingClient) -> None:
    actions.tell_apart(pair=pair_of(cast), reason="Cousins of one name", by=cast.state)
    client.force_login(cast.consortium)
    assert "Cousins" not in text(client.get(reverse("students:twins")))
    words = text(client.get(reverse("students:twins") + "?show=apart"))
    assert "1 pair" in words
    assert "by Stella State Cousins of one name" in words


def test_nothing_to_look_at(cast: Cast, client: PolicingClient) -> None:
    LikelyTwins.objects.all().delete()
    client.force_login(cast.consortium)
    assert "No two records within your reach" in text(client.get(reverse("students:twins")))
    assert "Nobody has told a pair apart yet" in text(client.get(reverse("students:twins") + "?show=apart"))


def test_only_consortium_and_state_come_here(cast: Cast, client: PolicingClient) -> None:
    assert client.get(reverse("students:twins")).status_code == 302
    for who in (cast.teacher, cast.counselor, cast.district, cast.registrar):
        client.force_login(who)
        assert client.get(reverse("students:twins")).status_code == 403
        assert "Likely twins" not in text(client.get(reverse("students:search")))
    client.force_login(cast.state)
    assert "Likely twins" in text(client.get(reverse("students:search")))
    assert "2 pairs" in text(client.get(reverse("students:twins")))


@pytest.mark.parametrize("number", [1, 3])
def test_a_list_costs_the_same_however_long(
    cast: Cast, client: PolicingClient, number: int, django_assert_num_queries: Any
) -> None:
    for _ in range(number - 1):
        pair_of(cast)
    client.force_login(cast.consortium)
    client.get(reverse("students:twins"))
    with django_assert_num_queries(7):
        client.get(reverse("students:twins"))
