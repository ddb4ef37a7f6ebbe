"""What a missing assurance blocks: nothing unless the college says so; then grades, or registrations."""

import pytest
from django.utils import timezone

from articulations import actions, rules
from articulations.models import AssuranceText
from grading.rules import colleges_unassured
from sers.lib.refusal import Refusal
from students.actions import register_classes
from students.actions.registrations import Wanted
from students.models import Registration
from students.rules import classes_on_offer
from tests.people import Cast, grade, make_consent

BLOCKS = AssuranceText.Blocks


def ask(cast: Cast, blocks: str) -> AssuranceText:
    return actions.write_assurance_text(
        college=cast.cbc, year=cast.year, text="I teach it.", blocks=blocks, asks_again=False, seen=1,
        by=cast.registrar,
    )  # fmt: skip


def sign(cast: Cast, text: AssuranceText) -> None:
    actions.sign_assurances(
        college=cast.cbc, year=cast.year, owed=[(cast.teacher_seat.pk, cast.agreement.pk)],
        typed_name=cast.teacher.name, sha256=text.sha256, network="", by=cast.teacher,
    )  # fmt: skip


@pytest.mark.parametrize("blocks", BLOCKS)
def test_each_blocks_what_it_says(cast: Cast, blocks: BLOCKS) -> None:
    sections = [cast.section, cast.colleague_section, cast.other_section, cast.last_section]
    text = ask(cast, blocks)
    pair = {(cast.section.pk, cast.cbc.pk)}  # the colleague has signed; the neighbour blocks nothing
    for what in (BLOCKS.GRADING, BLOCKS.REGISTERING):
        assert rules.unassured(sections, what) == (pair if blocks == what else set())
    sign(cast, text)
    for what in (BLOCKS.GRADING, BLOCKS.REGISTERING):
        assert rules.unassured(sections, what) == set()


def test_one_of_several_teachers_is_enough(cast: Cast) -> None:
    ask(cast, BLOCKS.GRADING)
    cast.section.teachers.add(cast.colleague_seat)
    assert colleges_unassured(cast.section) == {cast.cbc.pk}  # signed for another agreement
    cast.colleague_section.teachers.add(cast.teacher_seat)
    assert colleges_unassured(cast.colleague_section) == set()


def test_grades_wait_for_it(cast: Cast) -> None:
    text = ask(cast, BLOCKS.GRADING)
    row = grade(cast.registration, "91", by=cast.teacher)
    assert (row.outcome, row.rule) == ("refused", "not_assured")
    assert (
        "Columbia Basin College takes no grades before the Annual Teacher Assurance is signed." in row.message
    )
    sign(cast, text)
    row = grade(cast.registration, "91", by=cast.teacher)
    assert row.outcome == "saved"


def test_registrations_wait_for_it(cast: Cast) -> None:
    text = ask(cast, BLOCKS.REGISTERING)
    make_consent()
    wanted = [Wanted(cast.section, cast.cbc)]
    (answer,) = register_classes(student=cast.newcomer, wanted=wanted, by=cast.newcomer.user)
    assert isinstance(answer, Refusal)
    assert answer.rule == "not_assured"
    (offered,) = classes_on_offer(cast.newcomer, on=timezone.localdate(), courses=[cast.accounting.public_id])
    assert offered.offers[0].refusal is not None
    assert offered.offers[0].refusal.rule == "not_assured"
    sign(cast, text)
    (answer,) = register_classes(student=cast.newcomer, wanted=wanted, by=cast.newcomer.user)
    assert isinstance(answer, Registration)
