"""Two people at one class, one file of codes, one district code at once. Beside each race its control."""

import itertools
from typing import Any

import pytest
from django.db import IntegrityError
from django.db.models import QuerySet

from accounts.models import Event, User
from articulations import actions, rules
from articulations.actions import classes
from articulations.models import ClassFile, HighSchoolCourse
from articulations.rules import class_files
from organizations import actions as places
from organizations import rules as place_rules
from organizations.actions import codes
from organizations.models import HighSchool, SchoolDistrict
from tests.people import Cast
from tests.proofs.test_races import REPEATS, at_once, meeting, refusals, threads  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db(transaction=True)
numbers = itertools.count(1)


def changes() -> int:
    return Event.objects.filter(kind="articulations.class_changed").count()


# --- One class on two pages -------------------------------------------------------------------------------


def change_twice(cast: Cast, patch: pytest.MonkeyPatch) -> list[Any]:
    """District and consortium save what they typed over the same page, in the same moment."""
    taught = HighSchoolCourse.objects.get(pk=cast.accounting.pk)
    seen, number = rules.class_seen(taught), next(numbers)

    def save(user: User, code: str) -> list[dict[str, str]]:
        by = User.objects.get(pk=user.pk)
        return actions.change_class(taught=taught, facts={"local_code": code}, seen=seen, by=by)

    with meeting(patch, rules, "class_seen"):
        return at_once(lambda: save(cast.district, f"A{number}"), lambda: save(cast.consortium, f"B{number}"))


def test_the_second_is_told(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(REPEATS):
        before = changes()
        assert refusals(change_twice(cast, monkeypatch)) == ["meanwhile"]
        assert changes() == before + 1


def test_control_the_second_overwrites_without_the_lock(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    overwritten = 0
    for _ in range(5):
        before = changes()
        with monkeypatch.context() as patch:
            patch.setattr(QuerySet, "select_for_update", lambda self, *args, **kwargs: self)
            change_twice(cast, patch)
        overwritten += changes() == before + 2
    assert overwritten


# --- One file, saved by two -------------------------------------------------------------------------------


def save_twice(cast: Cast, patch: pytest.MonkeyPatch) -> list[Any]:
    """District and consortium press Save All on one file in the same moment: both have read its rows."""
    row = {
        "line": 2,
        "school": "Kamiakin High School",
        "title": "Accounting 1",
        "local_code": f"C{next(numbers)}",
    }
    by = User.objects.get(pk=cast.district.pk)
    file = actions.hand_in_classes(district=cast.kennewick, name="codes.csv", rows=[row], by=by)
    seen = class_files.classes_seen(class_files.read_classes(cast.kennewick, file.rows))

    def press(user: User) -> ClassFile:
        return actions.save_classes(
            file=ClassFile.objects.get(pk=file.pk), seen=seen, by=User.objects.get(pk=user.pk)
        )

    with meeting(patch, class_files, "read_classes"):
        return at_once(lambda: press(cast.district), lambda: press(cast.consortium))


def test_a_file_of_codes_is_saved_once(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(REPEATS):
        before = changes()
        answers = save_twice(cast, monkeypatch)
        assert refusals(answers) == []
        assert [one.changed for one in answers] == [1, 1]
        assert changes() == before + 1


def test_control_a_file_of_codes_saved_twice_without_the_locks(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    doubled = 0
    for _ in range(5):
        before = changes()
        with monkeypatch.context() as patch:
            patch.setattr(QuerySet, "select_for_update", lambda self, *args, **kwargs: self)
            patch.setattr(classes, "one_at_a_time", lambda key: None)
            save_twice(cast, patch)
        doubled += changes() == before + 2
    assert doubled


# --- One district code for two ----------------------------------------------------------------------------


def give_to_two(cast: Cast, patch: pytest.MonkeyPatch) -> list[Any]:
    """Two people of the State give one code to two districts in the same moment."""
    SchoolDistrict.objects.update(ospi_code="")

    def give(district: SchoolDistrict) -> int:
        found = SchoolDistrict.objects.get(pk=district.pk)
        seen = place_rules.codes_seen(found, list(HighSchool.objects.of_district(found)))
        by = User.objects.get(pk=cast.state.pk)
        return places.set_codes(district=found, code="03017", schools={}, seen=seen, by=by)

    with meeting(patch, place_rules, "given_twice"):
        return at_once(lambda: give(cast.kennewick), lambda: give(cast.walla_walla_schools))


def test_a_code_goes_to_one_district_in_words(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(REPEATS):
        assert refusals(give_to_two(cast, monkeypatch)) == ["district_code_taken"]


def test_control_the_constraint_answers_without_the_lock(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = 0
    for _ in range(5):
        with monkeypatch.context() as patch:
            patch.setattr(codes, "one_at_a_time", lambda key: None)
            broken += any(isinstance(one, IntegrityError) for one in give_to_two(cast, patch))
    assert broken
