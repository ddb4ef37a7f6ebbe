"""Nobody is told apart by the clock: a wrong password at the door, and a request to be mailed a link.

Samples of two kinds of account are taken in turn; the AUC is how often a guess by the clock alone is right (0.5: never
better than a coin). The hashers run with little work, so that everything else the clock could tell shows the more.
"""

import os
import time
from collections.abc import Callable
from random import Random

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher, PBKDF2PasswordHasher, make_password
from pytest_django import Settings

from accounts import actions, rules
from accounts.models import User
from tests.people import PASSWORD, make_user

LONG = os.environ.get("SERS_PROOF") == "long"
SAMPLES = 2000 if LONG else 400
#: 2,000 samples a kind are what the goal names; fewer scatter by some hundredths by chance alone.
MOST = 0.05 if LONG else 0.08
#: A busy machine can favour one kind once. What the clock really tells, it tells every time.
ROUNDS = 3


def auc(one: list[float], other: list[float]) -> float:
    """How often a sample of one is larger than a sample of the other, ties by halves."""
    ranked = sorted([(value, 0) for value in one] + [(value, 1) for value in other])
    seen = above = 0
    for _value, kind in ranked:
        if kind == 1:
            seen += 1
        else:
            above += seen
    return above / (len(one) * len(other))


def measure(kinds: dict[str, Callable[[], object]], samples: int = SAMPLES) -> dict[str, list[float]]:
    """The seconds each kind takes, in an order nobody could learn from."""
    spent: dict[str, list[float]] = {kind: [] for kind in kinds}
    turns = [kind for kind in kinds for _ in range(samples)]
    Random(7).shuffle(turns)
    for kind in turns:
        begun = time.perf_counter()
        kinds[kind]()
        spent[kind].append(time.perf_counter() - begun)
    return spent


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.Argon2PasswordHasher",
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    ]
    monkeypatch.setattr(Argon2PasswordHasher, "time_cost", 1)
    monkeypatch.setattr(Argon2PasswordHasher, "memory_cost", 4096)
    monkeypatch.setattr(Argon2PasswordHasher, "parallelism", 1)
    monkeypatch.setattr(PBKDF2PasswordHasher, "iterations", 2000)
    monkeypatch.setattr(rules, "SIGN_IN_TRIES_OF_ACCOUNT", 10**6)
    monkeypatch.setattr(rules, "SIGN_IN_TRIES_OF_ADDRESS", 10**6)
    monkeypatch.setattr(rules, "REQUESTS_OF_ACCOUNT", 10**6)
    monkeypatch.setattr(rules, "REQUESTS_OF_NETWORK", 10**6)


def make_kinds() -> None:
    """An account of each kind; `kind.missing` is none."""
    make_user(username="kind.existing")
    make_user(username="kind.inactive", is_active=False)
    make_user(username="kind.without", password=None)
    old = make_user(username="kind.old")
    User.objects.filter(pk=old.pk).update(password=make_password(PASSWORD, hasher="pbkdf2_sha256"))


def at_the_door(samples: int = SAMPLES) -> dict[str, list[float]]:
    """The seconds a wrong password takes, for each kind of account."""

    def knock(kind: str) -> Callable[[], object]:
        return lambda: actions.recognize(username=f"kind.{kind}", password="not this", address="192.0.2.1")

    return measure(
        {kind: knock(kind) for kind in ("missing", "existing", "inactive", "without", "old")}, samples
    )


def told_apart(measured: Callable[[], dict[str, list[float]]]) -> dict[str, list[float]]:
    """The kinds a clock tells from a name nobody has, in every one of several rounds, and their AUC in each."""
    rounds: dict[str, list[float]] = {}
    for number in range(ROUNDS):
        spent = measured()
        found = {kind: round(auc(spent[kind], spent["missing"]), 3) for kind in spent if kind != "missing"}
        print(found)
        rounds = {
            kind: [*rounds.get(kind, []), one]
            for kind, one in found.items()
            if abs(one - 0.5) > MOST and (number == 0 or kind in rounds)
        }
        if not rounds:
            break
    return rounds


def test_a_wrong_password_takes_as_long_whoever_it_is(db: None) -> None:
    make_kinds()
    assert told_apart(at_the_door) == {}


def test_control_an_old_hash_would_show(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("accounts.actions.signing_in.even_out", lambda **_: None)
    monkeypatch.setattr(PBKDF2PasswordHasher, "iterations", 30_000)
    make_kinds()
    assert "old" in told_apart(lambda: at_the_door(60))


def test_a_request_takes_as_long_whether_or_not_there_is_an_account(db: None) -> None:
    make_user(username="kind.existing", email="existing@example.org")

    def ask(kind: str) -> Callable[[], object]:
        return lambda: actions.ask_for_password(
            username=f"kind.{kind}", email=f"{kind}@example.org", address="192.0.2.1"
        )

    assert told_apart(lambda: measure({kind: ask(kind) for kind in ("missing", "existing")})) == {}
