"""Letters on paper: who stops them, and who notes a death."""

import datetime

import pytest
from django.utils import timezone

from accounts.models import Event
from sers.lib.refusal import Refused
from students import rules
from students.actions import choose_paper, note_death
from tests.people import Cast

#: Person: may stop letters to the graduate (of Kamiakin, earning credit at Columbia Basin College), may note the death.
WHO = {
    "graduate": (True, False),
    "classmate": (False, False),
    "teacher": (False, False),
    "counselor": (True, False),
    "district": (True, False),
    "faculty": (False, False),
    "registrar": (True, True),
    "consortium": (True, True),
    "state": (False, True),
    "other_counselor": (False, False),
    "other_district": (False, False),
    "other_registrar": (False, False),
    "other_consortium": (False, False),
    "nobody": (False, False),
}


@pytest.mark.parametrize("person", WHO)
def test_who_may(cast: Cast, person: str) -> None:
    one = getattr(cast, person)
    user = getattr(one, "user", one)
    found = (rules.can_choose_paper(user, cast.graduate), rules.can_note_death(user, cast.graduate))
    assert found == WHO[person]


def test_the_student_stops_letters_and_wants_them_again(cast: Cast) -> None:
    assert cast.graduate.user is not None
    assert choose_paper(student=cast.graduate, wanted=False, by=cast.graduate.user)
    assert not choose_paper(student=cast.graduate, wanted=False, by=cast.graduate.user)
    cast.graduate.refresh_from_db()
    assert cast.graduate.no_paper
    assert choose_paper(student=cast.graduate, wanted=True, by=cast.counselor)
    assert Event.objects.filter(kind="students.paper_chosen").count() == 2
    with pytest.raises(Refused):
        choose_paper(student=cast.graduate, wanted=False, by=cast.teacher)


def test_a_death_is_noted_and_a_mistake_taken_back(cast: Cast) -> None:
    today = timezone.localdate()
    assert note_death(student=cast.graduate, on=today, by=cast.registrar)
    assert not note_death(student=cast.graduate, on=today, by=cast.state)
    assert note_death(student=cast.graduate, on=None, by=cast.state)
    with pytest.raises(Refused):
        note_death(student=cast.graduate, on=today, by=cast.counselor)
    for day in (today + datetime.timedelta(days=1), cast.graduate.birth_date - datetime.timedelta(days=1)):
        with pytest.raises(Refused, match="before the birth date or in the future"):
            note_death(student=cast.graduate, on=day, by=cast.registrar)


def test_a_merged_record_is_nobody_s_to_change(cast: Cast) -> None:
    cast.graduate.merged_into = cast.classmate
    cast.graduate.save()
    assert not rules.can_choose_paper(cast.consortium, cast.graduate)
    assert not rules.can_note_death(cast.consortium, cast.graduate)
