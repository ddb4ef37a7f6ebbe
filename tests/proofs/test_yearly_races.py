"""Classes rolled over and Annual Teacher Assurances, two people at once. Beside each race its control, with the guard off."""

from typing import Any

import pytest
from django.db import models

from accounts.models import Event, User
from articulations import actions
from articulations.models import AssuranceText, Countersignature, Rollover, Section, TeacherAssurance
from organizations.models import AcademicYear
from tests.people import Cast
from tests.proofs.test_races import (
    REPEATS,
    at_once,
    meeting,
    refusals,
    threads,  # noqa: F401 - a fixture
    without_constraint,
)

pytestmark = pytest.mark.django_db(transaction=True)

#: A control tries a race so often: on a busy machine the two do not always meet.
TRIES = 5


def again(user: User) -> User:
    return User.objects.get(pk=user.pk)


# --- Rolling over ---------------------------------------------------------------------------------------


def roll_twice(cast: Cast, patch: pytest.MonkeyPatch) -> list[Any]:
    """Two of the consortium press Roll over, and both have found the classes missing."""
    # There already: making it would keep the second out by itself.
    AcademicYear.objects.get_or_create(first_year=cast.year.first_year + 1)

    def press() -> Rollover:
        return actions.roll_over(
            consortium=cast.columbia_basin, school=cast.kamiakin, year_from=cast.year,
            year_to=AcademicYear(first_year=cast.year.first_year + 1), by=again(cast.consortium),
        )  # fmt: skip

    with meeting(patch, actions.rollovers.rules, "rolled_over"):
        return at_once(press, press)


def rolled(cast: Cast) -> int:
    return Section.objects.filter(year__first_year=cast.year.first_year + 1).count()


def test_classes_are_rolled_over_once(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(REPEATS):
        answers = roll_twice(cast, monkeypatch)
        assert refusals(answers) == ["nothing_new"]
        assert rolled(cast) == 2
        done = next(one for one in answers if isinstance(one, Rollover))
        assert actions.undo_rollover(rollover=done, by=again(cast.consortium)) == 2


def test_control_rolled_over_twice_without_lock_and_constraint(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions.rollovers, "one_at_a_time", lambda key: None)
    with without_constraint((Section, "section_once"), (Section, "class_rolled_over_once")):
        made = 0
        for _ in range(TRIES):
            made = max(made, sum(isinstance(one, Rollover) for one in roll_twice(cast, monkeypatch)))
            Section.objects.filter(rollover__isnull=False).delete()
    assert made == 2


def test_a_rolling_over_is_taken_back_once(cast: Cast) -> None:
    for _ in range(REPEATS):
        done = actions.roll_over(
            consortium=cast.columbia_basin, school=cast.kamiakin, year_from=cast.year,
            year_to=AcademicYear(first_year=cast.year.first_year + 1), by=again(cast.consortium),
        )  # fmt: skip
        answers = at_once(
            *[lambda done=done: actions.undo_rollover(rollover=done, by=again(cast.consortium))] * 2
        )
        assert refusals(answers) == ["undone"]
        assert Event.objects.filter(kind="articulations.rollover_undone", subject_id=done.pk).count() == 1


# --- Assurances -----------------------------------------------------------------------------------------


def text_of(cast: Cast) -> AssuranceText:
    found = AssuranceText.objects.latest_of(cast.cbc, cast.year)
    assert found is not None
    return found


def new_version(cast: Cast, words: str) -> AssuranceText:
    """The college asks everyone again."""
    return actions.write_assurance_text(
        college=cast.cbc, year=cast.year, text=words, district_signs=True, seen=text_of(cast).number,
        by=again(cast.registrar),
    )  # fmt: skip


def sign(cast: Cast) -> list[TeacherAssurance]:
    return actions.sign_assurances(
        college=cast.cbc, year=cast.year, owed=[(cast.teacher_seat.pk, cast.agreement.pk)],
        typed_name=cast.teacher.name, sha256=text_of(cast).sha256, network="", by=again(cast.teacher),
    )  # fmt: skip


def sign_twice(cast: Cast, patch: pytest.MonkeyPatch) -> list[Any]:
    with meeting(patch, actions.assurances, "owed_listed"):
        return at_once(lambda: sign(cast), lambda: sign(cast))


def of_the_teacher(cast: Cast, text: AssuranceText) -> int:
    return TeacherAssurance.objects.filter(seat=cast.teacher_seat, text=text).count()


def test_a_teacher_who_signs_in_two_tabs_signs_once(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(REPEATS):
        text = new_version(cast, f"I teach what the college course asks for, {number}.")
        answers = sign_twice(cast, monkeypatch)
        assert refusals(answers) == []
        assert sorted(map(len, answers)) == [0, 1]
        assert of_the_teacher(cast, text) == 1


def test_control_signed_twice_without_lock_and_constraint(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(models.QuerySet, "select_for_update", lambda self, **_: self)
    twice = 0
    with without_constraint((TeacherAssurance, "assured_once_a_text")):
        for number in range(TRIES):
            text = new_version(cast, f"I teach what the college course asks for, {number}.")
            sign_twice(cast, monkeypatch)
            twice += of_the_teacher(cast, text) == 2
    assert twice


def write_twice(cast: Cast, patch: pytest.MonkeyPatch, number: int) -> list[Any]:
    """Two registrars change the same version of the text."""
    seen = text_of(cast).number

    def write(words: str) -> AssuranceText:
        return actions.write_assurance_text(
            college=cast.cbc, year=cast.year, text=words, seen=seen, by=again(cast.registrar)
        )

    with meeting(patch, AssuranceText.objects, "latest_of"):
        return at_once(lambda: write(f"This way, {number}."), lambda: write(f"That way, {number}."))


def test_of_two_who_write_a_version_one_is_told(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(REPEATS):
        before = text_of(cast).number
        assert refusals(write_twice(cast, monkeypatch, number)) == ["meanwhile"]
        assert text_of(cast).number == before + 1


def test_control_two_versions_of_one_number_without_lock_and_constraint(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(models.QuerySet, "select_for_update", lambda self, **_: self)
    with without_constraint((AssuranceText, "assurance_text_once")):
        told = [refusals(write_twice(cast, monkeypatch, number)) for number in range(TRIES)]
    assert [] in told


def countersign_twice(
    cast: Cast, patch: pytest.MonkeyPatch, words: str
) -> tuple[TeacherAssurance, list[Any]]:
    """The district signs beside a teacher in two tabs."""
    new_version(cast, words)
    (given,) = sign(cast)

    def press() -> list[Countersignature]:
        return actions.countersign(
            assurances=[given], side="district", typed_name=cast.district.name, network="",
            by=again(cast.district),
        )  # fmt: skip

    with meeting(patch, actions.assurances.rules, "countersigning_seat"):
        return given, at_once(press, press)


def test_a_side_signs_beside_a_teacher_once(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(REPEATS):
        given, answers = countersign_twice(cast, monkeypatch, f"Beside, {number}.")
        assert len(refusals(answers)) == 1
        assert given.countersignatures.count() == 1


def test_control_a_side_signs_twice_without_the_constraint(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    with without_constraint((Countersignature, "countersigned_once_a_side")):
        signed = [countersign_twice(cast, monkeypatch, f"Beside, {number}.")[0] for number in range(TRIES)]
        assert 2 in [given.countersignatures.count() for given in signed]
