"""Two at once at the door: one code in two browsers, two removals, two owners, many guesses."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from accounts import actions, rules
from accounts.actions import factors
from accounts.models import AuthenticatorApp, Identity, Passkey, RateLimit
from tests.accounts.factors import add_app, add_passkey, code_of
from tests.people import Cast
from tests.proofs.test_races import (
    REPEATS,
    at_once,
    meeting,
    refusals,
    threads,
    without_constraint,
)

__all__ = ["threads"]  # the fixture that keeps eight threads

pytestmark = pytest.mark.django_db(transaction=True)


def use_one_code_twice(cast: Cast, patch: pytest.MonkeyPatch) -> list[Any]:
    """One code is typed in two browsers, and both have found that the app shows it now."""
    AuthenticatorApp.objects.all().delete()
    code = code_of(add_app(cast.teacher))

    def type_it() -> bool:
        return actions.use_app_code(user=cast.teacher, code=code)

    with meeting(patch, factors, "_step_of"):
        return at_once(type_it, type_it)


def test_one_code_lets_one_browser_in(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(REPEATS):
        assert sorted(use_one_code_twice(cast, monkeypatch)) == [False, True]


def test_control_one_code_without_protection(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def look_and_then_write(app: AuthenticatorApp, step: int) -> bool:
        if AuthenticatorApp.objects.get(pk=app.pk).last_step >= step:
            return False
        AuthenticatorApp.objects.filter(pk=app.pk).update(last_step=step, last_used_at=timezone.now())
        return True

    monkeypatch.setattr(factors, "_use_step", look_and_then_write)
    assert [True, True] in [use_one_code_twice(cast, monkeypatch) for _ in range(5)]


def remove_both(cast: Cast, patch: pytest.MonkeyPatch, settings: Settings) -> list[Any]:
    """A registrar removes the app in one window and the passkey in another; each sees that the other is left."""
    settings.SECOND_FACTOR_REQUIRED = True
    AuthenticatorApp.objects.all().delete()
    Passkey.objects.all().delete()
    add_app(cast.registrar)
    add_passkey(cast.registrar)
    both = [AuthenticatorApp.objects.get().public_id, Passkey.objects.get().public_id]

    def removal(one: Any) -> Callable[[], Any]:
        return lambda: actions.remove_factor(factor=one, by=cast.registrar, address="192.0.2.1")

    with meeting(patch, rules, "why_not_remove_factor"):
        return at_once(*(removal(one) for one in both))


def left(cast: Cast) -> int:
    return AuthenticatorApp.objects.of(cast.registrar).count() + Passkey.objects.of(cast.registrar).count()


def test_of_two_removals_one_is_told_that_it_is_the_last(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    for _ in range(REPEATS):
        assert refusals(remove_both(cast, monkeypatch, settings)) == ["last_factor"]
        assert left(cast) == 1


def test_control_two_removals_without_protection(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    monkeypatch.setattr(factors, "one_at_a_time", lambda key: None)
    seen = []
    for _ in range(5):
        remove_both(cast, monkeypatch, settings)
        seen.append(left(cast))
    assert 0 in seen


def connect_one_sign_in(cast: Cast) -> list[Any]:
    """Two people at one computer bind the same account of the district, each to their own."""
    Identity.objects.all().delete()

    def bind(person: Any) -> Callable[[], Any]:
        return lambda: actions.connect(issuer="https://sign-in.example.org", subject="7", by=person)

    return at_once(bind(cast.teacher), bind(cast.colleague))


def test_a_sign_in_elsewhere_goes_to_one_account(cast: Cast) -> None:
    for _ in range(REPEATS):
        assert refusals(connect_one_sign_in(cast)) == ["identity_of_another"]
        assert Identity.objects.count() == 1


def test_control_one_sign_in_without_protection(cast: Cast) -> None:
    doubled = 0
    with without_constraint((Identity, "identity_once")):
        for _ in range(10):
            connect_one_sign_in(cast)
            doubled += Identity.objects.count() > 1
    assert doubled


def test_of_many_guesses_at_once_ten_are_looked_at(cast: Cast) -> None:
    """Never one more than the limit, never one less."""
    add_app(cast.teacher)

    def guess() -> None:
        actions.count_factor_try(user=cast.teacher, address="192.0.2.7")

    for _ in range(max(1, REPEATS // 20)):
        RateLimit.objects.all().delete()
        answers = [answer for _ in range(7) for answer in at_once(*[guess] * 8)]
        assert len(answers) - len(refusals(answers)) == rules.FACTOR_TRIES
