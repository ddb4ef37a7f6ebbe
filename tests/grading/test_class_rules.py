"""A whole class: when grading is opened again for it, when it is complete. Truth tables and acts."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Event, Mail
from grading import actions, rules
from grading.models import ClassCompletion, WindowExtension
from grading.rules import Sums
from organizations.models import Window
from organizations.rules import Opening
from sers.lib.refusal import Refused
from students.models import Registration
from tests import people
from tests.people import Cast, close_window

TODAY = date(2027, 7, 10)


@pytest.mark.parametrize(
    ("opening", "under_way", "rule"),
    [
        (Opening(False, date(2027, 1, 1), date(2027, 6, 25)), False, None),
        (Opening(False, date(2027, 1, 1), date(2027, 6, 25)), True, "under_way"),
        (Opening(True, date(2027, 1, 1), date(2027, 7, 25)), False, "open"),
        (Opening(False, date(2027, 8, 1), date(2027, 8, 25)), False, "not_yet"),
        (Opening(False), False, "no_window"),
    ],
)
def test_when_it_is_asked_for(opening: Opening, under_way: bool, rule: str | None) -> None:
    refusal = rules.why_not_ask_extension(opening, under_way=under_way, on=TODAY)
    assert (refusal.rule if refusal else None) == rule


@pytest.mark.parametrize(
    ("person", "asks", "decides"),
    [
        ("teacher", True, False), ("colleague", False, False), ("former_teacher", False, False),
        ("counselor", False, False), ("district", False, False), ("registrar", False, False),
        ("consortium", False, True), ("other_consortium", False, False), ("state", False, False),
    ],
)  # fmt: skip
def test_who_asks_and_who_decides(cast: Cast, person: str, asks: bool, decides: bool) -> None:
    user = getattr(cast, person)
    assert rules.can_ask_extension(user, cast.last_section) is asks
    assert rules.can_decide_extension(user, cast.extension) is decides


@pytest.mark.parametrize(("days", "rule"), [(-1, "past"), (0, None), (1, None), (90, None), (91, "far")])
def test_until_when(cast: Cast, days: int, rule: str | None) -> None:
    refusal = rules.why_not_grant(cast.consortium, cast.extension, TODAY + timedelta(days=days), TODAY)
    assert (refusal.rule if refusal else None) == rule


def test_asked_granted_graded(cast: Cast) -> None:
    """The whole way: the window closes, the teacher asks, the consortium grants, the grade is saved."""
    close_window(Window.Kind.GRADING, cast.columbia_basin, cast.year)
    assert people.grade(cast.registration, "90", by=cast.teacher).rule == "grading_closed"
    extension = actions.ask_extension(
        section=cast.section, consortium=cast.columbia_basin, reason="I was ill.", by=cast.teacher
    )
    asked = Mail.objects.get(key=f"extension-{extension.pk}-asked-0")
    assert asked.to == cast.columbia_basin.contact_email
    assert "1 student without a grade" in asked.text
    with pytest.raises(Refused) as refused:
        actions.ask_extension(
            section=cast.section, consortium=cast.columbia_basin, reason="?", by=cast.teacher
        )
    assert refused.value.refusal.rule == "under_way"
    until = timezone.localdate() + timedelta(days=5)
    actions.grant_extension(extension=extension, until=until, by=cast.consortium)
    answer = Mail.objects.get(key=f"extension-{extension.pk}-granted")
    assert answer.to == cast.teacher.email
    assert f"{until:%B} {until.day}" in answer.text
    assert people.grade(cast.registration, "90", by=cast.teacher).outcome == "saved"
    # The neighbour's class stays closed, and so does another class of the same window.
    people.make_registration(cast.newcomer, cast.colleague_section, cast.welding_agreement)
    other = Registration.objects.get(student=cast.newcomer)
    assert people.grade(other, "90", by=cast.colleague).rule == "grading_closed"
    with pytest.raises(Refused) as refused:
        actions.decline_extension(extension=extension, reason="No.", by=cast.consortium)
    assert refused.value.refusal.rule == "decided"
    assert Event.objects.filter(kind="grading.extension_granted", subject_id=extension.pk).count() == 1


def test_strangers_are_refused(cast: Cast) -> None:
    for person in (cast.colleague, cast.consortium, cast.other_teacher, cast.state):
        with pytest.raises(Refused) as refused:
            actions.ask_extension(section=cast.section, consortium=cast.columbia_basin, reason="?", by=person)
        assert refused.value.refusal.rule == "not_teacher"
    with pytest.raises(Refused) as refused:
        actions.ask_extension(section=cast.section, consortium=cast.walla_walla, reason="?", by=cast.teacher)
    assert refused.value.refusal.rule == "no_students"
    for person in (cast.teacher, cast.other_consortium, cast.registrar):
        with pytest.raises(Refused) as refused:
            actions.grant_extension(extension=cast.extension, until=timezone.localdate(), by=person)
        assert refused.value.refusal.rule == "not_consortium"


SAID = ClassCompletion(completed=3, not_attained=1, ended=1)


@pytest.mark.parametrize(
    ("sums", "last", "rule"),
    [
        (Sums(3, 1, 1, 0), None, None),
        (Sums(0, 0, 0, 0), None, "no_students"),
        (Sums(3, 1, 1, 1), None, "blank"),
        (Sums(0, 0, 5, 0), None, None),
        (Sums(3, 1, 1, 0), SAID, "declared"),
        (Sums(4, 1, 1, 0), SAID, None),  # a late registration that has its grade
        (Sums(4, 0, 1, 0), SAID, None),  # a grade was changed
        (Sums(3, 1, 1, 1), SAID, "blank"),
    ],
)
def test_when_a_class_is_complete(
    cast: Cast, sums: Sums, last: ClassCompletion | None, rule: str | None
) -> None:
    if last is not None:
        last.declared_by = cast.teacher
    refusal = rules.why_not_declare(sums, last)
    assert (refusal.rule if refusal else None) == rule


def test_declared_complete(cast: Cast) -> None:
    def declare(by: Any) -> str:
        try:
            return str(actions.declare_complete(section=cast.section, by=by).number)
        except Refused as refused:
            return refused.refusal.rule

    assert declare(cast.teacher) == "blank"
    people.grade(cast.registration, "90", by=cast.teacher)
    assert declare(cast.colleague) == declare(cast.consortium) == "not_teacher"
    assert declare(cast.teacher) == "1"
    assert declare(cast.teacher) == "declared"
    made = ClassCompletion.objects.get(section=cast.section)
    assert (made.completed, made.not_attained, made.ended) == (3, 1, 1)
    people.make_registration(cast.newcomer, cast.section, cast.agreement, status="withdrawn")
    assert declare(cast.teacher) == "2"


def test_a_class_of_two_consortia_asks_the_one_that_closed(cast: Cast) -> None:
    course = people.make_college_course(cast.wwcc, "ACCT& 201")
    elsewhere = people.make_agreement((cast.accounting, course), consortium=cast.walla_walla)
    people.make_registration(cast.newcomer, cast.section, elsewhere)
    close_window(Window.Kind.GRADING, cast.walla_walla, cast.year)
    found = {one.consortium: one for one in rules.closed_windows(cast.section, timezone.localdate())}
    refusal = found[cast.columbia_basin].refusal
    assert refusal is not None
    assert refusal.rule == "open"
    assert found[cast.walla_walla].refusal is None
    assert found[cast.walla_walla].blank == 1
    assert set(WindowExtension.TRANSITIONS) == set(WindowExtension.State)
