"""Two at once on the way back in: one link in two browsers, one saved code twice, many tries at a limit."""

from concurrent.futures import ThreadPoolExecutor
from time import sleep
from typing import Any

import pytest
from django.db import connections

from accounts import actions, rules
from accounts.actions import recovery
from accounts.models import MailedLink, RecoveryCode
from sers.lib.refusal import Refused
from students import actions as students_actions
from students import rules as students_rules
from tests.people import Cast, make_user
from tests.proofs.test_races import REPEATS, at_once, meeting, refusals, threads

__all__ = ["threads"]  # the fixture that keeps eight threads

pytestmark = pytest.mark.django_db(transaction=True)
RECOVER = MailedLink.Purpose.RECOVER


def use_one_link_twice(patch: pytest.MonkeyPatch) -> list[Any]:
    """One link in two browsers: both have found that it is open before either chooses a password."""
    user = make_user(email="twice@example.org")
    token = actions.new_link(user=user, purpose=RECOVER)

    def choose(password: str) -> Any:
        return actions.recover_password(token=token, password=password)

    from accounts.actions import links

    with meeting(patch, links, "find_link"):
        return at_once(
            lambda: choose("seven herons over the reeds"), lambda: choose("nine otters under the ice")
        )


def test_one_link_sets_one_password(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(REPEATS):
        assert refusals(use_one_link_twice(monkeypatch)) == ["link_over"]


def test_control_one_link_without_protection(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Looked at and then written, as if nobody else were there: both passwords are set."""
    from accounts.actions import links

    def look_only(*, token: str, purpose: MailedLink.Purpose) -> MailedLink:
        link = links.find_link(token=token, purpose=purpose)
        if link is None:
            raise Refused(links.LINK_IS_OVER)
        MailedLink.objects.filter(pk=link.pk).update(used_at=link.created_at)
        return link

    monkeypatch.setattr(recovery, "use_link", look_only)
    assert [] in [refusals(use_one_link_twice(monkeypatch)) for _ in range(5)]


def test_one_saved_code_works_in_one_of_two_browsers(cast: Cast) -> None:
    for _ in range(REPEATS):
        user = make_user()
        code, *_rest = actions.new_recovery_codes(user=user, by=user)

        def type_it(user: Any = user, code: str = code) -> bool:
            return actions.use_recovery_code(user=user, typed=code)

        assert sorted(at_once(type_it, type_it)) == [False, True]


def test_control_one_saved_code_without_protection(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    user = make_user()
    code, *_rest = actions.new_recovery_codes(user=user, by=user)
    kept = RecoveryCode.objects.left().get(user=user, code_hash=actions.hash_token(rules.tidy_code(code)))

    def look() -> bool:
        return RecoveryCode.objects.left().filter(pk=kept.pk).exists()

    def look_and_then_write() -> bool:
        found = recovery_look()
        RecoveryCode.objects.filter(pk=kept.pk).update(used_at=kept.created_at)
        return found

    class Here:
        pass

    Here.look = staticmethod(look)  # type: ignore[attr-defined]
    with meeting(monkeypatch, Here, "look"):
        recovery_look = Here.look  # type: ignore[attr-defined]
        assert at_once(look_and_then_write, look_and_then_write) == [True, True]


def many_at_once(call: Any, tries: int) -> list[str]:
    """So many tries at once: "yes" for each that was let through, else the rule that refused it."""

    def run(_: int) -> str:
        try:
            call()
        except Refused as refused:
            return refused.refusal.rule
        finally:
            connections.close_all()
        return "yes"

    with ThreadPoolExecutor(16) as pool:
        return list(pool.map(run, range(tries)))


def test_limits_are_exact_under_many_tries_at_once(cast: Cast) -> None:
    """Never one more than the limit, never one less, for everything that is counted on the way in and back in."""
    token = actions.new_link(user=cast.colleague, purpose=RECOVER)
    link = actions.look_at_link(token)
    assert link is not None
    numbers = iter(range(1000))
    here = "192.0.2.1"
    for what, rule, most, call in (
        (
            "sign-in of one name",
            "too_many_tries",
            rules.SIGN_IN_TRIES_OF_ACCOUNT,
            lambda: actions.recognize(username="tess", password="wrong", address=here),
        ),
        (
            "sign-in from one network",
            "too_many_tries",
            rules.SIGN_IN_TRIES_OF_ADDRESS,
            lambda: actions.recognize(username=f"name{next(numbers)}", password="wrong", address="192.0.2.7"),
        ),
        (
            "security question",
            "too_many_tries",
            rules.ANSWER_TRIES,
            lambda: actions.check_answer(link=link, typed="wrong"),
        ),
        (
            "recovery code",
            "too_many_tries",
            rules.CODE_TRIES,
            lambda: actions.use_recovery_code(user=cast.colleague, typed="wrong"),
        ),
        (
            "forgotten password",
            "too_many_tries",
            rules.REQUESTS_OF_ACCOUNT,
            lambda: actions.ask_for_password(username="tess", email="t@example.org", address=here),
        ),
        (
            "change of e-mail",
            "too_many_tries",
            rules.REQUESTS_OF_ACCOUNT,
            lambda: actions.count_change_of_email(user=cast.teacher, address=f"192.0.2.{next(numbers)}"),
        ),
        (
            "new account",
            "too_many_accounts",
            students_rules.NEW_ACCOUNTS_OF_ADDRESS,
            lambda: students_actions.count_new_account(address=here),
        ),
        (
            "class codes of one student",
            "too_many_codes",
            students_rules.WRONG_CODES_OF_PERSON,
            lambda: students_actions.find_class(code="WRONG22", by=cast.newcomer.user, address=here),
        ),
        (
            "class codes of one network",
            "too_many_codes",
            students_rules.WRONG_CODES_OF_ADDRESS,
            lambda: students_actions.find_class(code="WRONG22", by=None, address="192.0.2.9"),
        ),
        (
            "search",
            "too_many_searches",
            students_rules.STATEWIDE_SEARCHES,
            lambda: students_actions.count_statewide_search(by=cast.teacher),
        ),
    ):
        tries = most + 20
        answers = many_at_once(call, tries)
        assert (what, answers.count("yes"), answers.count(rule)) == (what, most, 20)


def test_right_class_codes_are_not_counted_however_many_come_at_once(cast: Cast) -> None:
    """A classroom scans its code at once, behind one network; wrong ones among them are counted, and only they."""
    code = cast.section.class_code

    def scan(typed: str) -> Any:
        return students_actions.find_class(code=typed, by=None, address="192.0.2.30")

    for _ in range(3):
        assert many_at_once(lambda: scan(code), 80) == ["yes"] * 80
    assert many_at_once(lambda: scan("WRONG22"), 30) == ["yes"] * 30
    left = students_rules.WRONG_CODES_OF_ADDRESS - 30
    answers = many_at_once(lambda: scan("WRONG22"), left + 10)
    assert (answers.count("yes"), answers.count("too_many_codes")) == (left, 10)
    assert many_at_once(lambda: scan(code), 5) == ["too_many_codes"] * 5


def test_control_class_codes_looked_up_before_they_are_counted(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asked first and counted afterwards, more wrong codes are answered than the limit allows."""
    from accounts.models import RateLimit
    from students.actions import codes

    known: list[int] = [0]

    def count_late(**facts: Any) -> RateLimit:
        before = known[0]
        connections["default"].ensure_connection()
        sleep(0.01)
        known[0] = before + 1
        return RateLimit(tries=before + 1)

    monkeypatch.setattr(codes, "count_try", count_late)
    answers = many_at_once(
        lambda: students_actions.find_class(code="WRONG22", by=None, address="192.0.2.31"),
        students_rules.WRONG_CODES_OF_ADDRESS + 20,
    )
    assert answers.count("yes") > students_rules.WRONG_CODES_OF_ADDRESS
