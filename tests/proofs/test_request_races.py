"""Two people at one request at once: one wins, the other is told. Beside each race its control, with the guard taken off."""

import itertools
import time
from typing import Any

import pytest
from django.db import DatabaseError

from accounts.access import Role
from accounts.models import User
from articulations import actions
from articulations.actions import deciding
from articulations.actions import requesting as asking
from articulations.forms.drafts import Draft
from articulations.models import Articulation, ArticulationRequest, RequestPair, RequestStep, RequestVersion
from organizations.models import AcademicYear
from sers.lib.refusal import Refused
from tests import requesting
from tests.people import Cast, make_person
from tests.proofs.test_races import REPEATS, at_once, refusals, threads, without_constraint  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db(transaction=True)
titles = itertools.count(1)


def answered(cast: Cast, title: str = "") -> ArticulationRequest:
    """A whole request that is not handed in, by the teacher."""
    by = User.objects.get(pk=cast.teacher.pk)
    begun = requesting.begun(school=cast.kamiakin, college=cast.cbc, consortium=cast.columbia_basin, by=by)
    return requesting.answered(begun, by=by, title=title or f"Race {next(titles)}", seats=[cast.teacher_seat])


def in_review(cast: Cast) -> ArticulationRequest:
    asked = answered(cast)
    requesting.handed_in(asked, by=cast.teacher)
    requesting.signed(asked, by=User.objects.get(pk=cast.district.pk))
    return requesting.screened(asked, by=User.objects.get(pk=cast.consortium.pk))


def decide_at_once(cast: Cast, second: User) -> tuple[ArticulationRequest, list[Any]]:
    """Two of the faculty decide one review in the same moment: approved and denied."""
    asked = in_review(cast)
    step = requesting.at_hand(asked)

    def decide(act: Any, user: User, **facts: Any) -> Any:
        return act(
            asked=ArticulationRequest.objects.get(pk=asked.pk), step=RequestStep.objects.get(pk=step.pk),
            by=User.objects.get(pk=user.pk), **facts,
        )  # fmt: skip

    answers = at_once(
        lambda: decide(actions.pass_review, cast.faculty, rows=requesting.rows("wholly")),
        lambda: decide(actions.deny_step, second, reason="No ledger."),
    )
    return requesting.fresh(asked), answers


def test_of_two_who_decide_a_review_one_wins_and_the_other_is_told(cast: Cast) -> None:
    second = make_person(Role.FACULTY, cast.cbc, "Fred")
    for _ in range(REPEATS):
        asked, answers = decide_at_once(cast, second)
        assert refusals(answers) == ["decided"]
        (refused,) = (answer for answer in answers if isinstance(answer, Refused))
        assert asked.decided_by is not None
        assert asked.decided_by.name in str(refused)
        outcome = asked.latest.steps.get(kind="review").outcome
        assert (asked.state, outcome) in {("approved", "passed"), ("denied", "denied")}


def test_control_two_who_decide_a_review_without_the_lock(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database still lets one decision stand alone; but the other person gets an error instead of words."""

    def unheld(asked: ArticulationRequest) -> ArticulationRequest:
        found = requesting.fresh(asked)
        time.sleep(0.05)
        return found

    second = make_person(Role.FACULTY, cast.cbc, "Fred")
    broken = 0
    for _ in range(5):
        with monkeypatch.context() as patch:
            asked = in_review(cast)
            step = requesting.at_hand(asked)
            patch.setattr(deciding, "held", unheld)
            answers = at_once(
                lambda asked=asked, step=step: actions.pass_review(
                    asked=asked,
                    step=step,
                    rows=requesting.rows("wholly"),
                    by=User.objects.get(pk=cast.faculty.pk),
                ),
                lambda asked=asked, step=step: actions.deny_step(
                    asked=asked, step=step, reason="No.", by=User.objects.get(pk=second.pk)
                ),
            )
        assert requesting.fresh(asked).state in ("approved", "denied")
        broken += any(isinstance(answer, DatabaseError) for answer in answers)
    assert broken


def hand_in_twice(cast: Cast) -> list[Any]:
    """Two requests for one class and one college course are handed in in the same moment."""
    title = f"Race {next(titles)}"
    first, second = answered(cast, title), answered(cast, title)

    def hand_in(asked: ArticulationRequest) -> RequestVersion:
        found = requesting.fresh(asked)
        by = User.objects.get(pk=cast.teacher.pk)
        return actions.hand_in(asked=found, content=Draft(found).content(), by=by)

    return at_once(lambda: hand_in(first), lambda: hand_in(second))


def test_one_open_request_a_course_pair(cast: Cast) -> None:
    for _ in range(REPEATS):
        assert refusals(hand_in_twice(cast)) == ["under_way"]


def test_control_two_requests_for_a_pair_without_the_constraint(cast: Cast) -> None:
    with without_constraint((RequestPair, "one_open_request_for_a_course_pair")):
        assert refusals(hand_in_twice(cast)) == []


def enter_twice(cast: Cast, second: User) -> tuple[ArticulationRequest, list[Any]]:
    """Two of the consortium enter one approved request in the same moment."""
    asked = in_review(cast)
    requesting.approved(asked, by=User.objects.get(pk=cast.faculty.pk))
    year = AcademicYear.objects.current()

    def enter(user: User) -> list[Articulation]:
        return actions.enter_request(
            asked=ArticulationRequest.objects.get(pk=asked.pk), first_year=year.first_year, last_year=year.first_year,
            minimum_percent=None, starts_on=year.starts_on, by=User.objects.get(pk=user.pk),
        )  # fmt: skip

    return requesting.fresh(asked), at_once(lambda: enter(cast.consortium), lambda: enter(second))


def test_a_request_is_entered_once(cast: Cast) -> None:
    second = make_person(Role.CONSORTIUM, cast.columbia_basin, "Cora")
    for _ in range(REPEATS):
        asked, answers = enter_twice(cast, second)
        assert refusals(answers) == ["not_approved"]
        assert asked.agreements.count() == 1


def test_withdrawn_while_it_is_signed(cast: Cast) -> None:
    """Whoever was first: the request is signed and then taken back, or taken back and never signed."""
    for _ in range(REPEATS):
        asked = answered(cast)
        version = requesting.handed_in(asked, by=cast.teacher)
        step = requesting.at_hand(asked)
        answers = at_once(
            lambda asked=asked: asking.withdraw_request(asked=asked, by=User.objects.get(pk=cast.teacher.pk)),
            lambda asked=asked, step=step, version=version: actions.sign_step(
                asked=asked, step=step, typed_name=cast.district.name, sha256=version.sha256,
                origin=requesting.HERE,
                by=User.objects.get(pk=cast.district.pk),
            ),
        )  # fmt: skip
        assert refusals(answers) in ([], ["not_at_hand"])
        asked = requesting.fresh(asked)
        assert (asked.state, asked.step) == ("withdrawn", None)
