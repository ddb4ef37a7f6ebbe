"""Two people at one agreement at once. Beside each race its control, with the guard taken off."""

import contextlib
import datetime
import itertools
import threading
from typing import Any

import pytest
from django.db import DatabaseError

from accounts.models import User
from articulations import actions
from articulations.actions import signing
from articulations.models import AgreementText, Articulation
from sers.lib.refusal import Refused
from tests import agreeing
from tests.people import Cast
from tests.proofs.test_races import REPEATS, at_once, refusals, threads, without_constraint  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db(transaction=True)
classes = itertools.count(1)


def again(user: User) -> User:
    return User.objects.get(pk=user.pk)


def out(cast: Cast) -> AgreementText:
    text = agreeing.prepared(
        cast.columbia_basin, cast.cbc, cast.kamiakin,
        agreeing.terms(cast.year.first_year, classes=(f"Race {next(classes)}",)), by=again(cast.consortium),
    )  # fmt: skip
    return agreeing.out(text, by=again(cast.consortium))


def sign_at_once(cast: Cast, dean: User) -> tuple[AgreementText, list[Any]]:
    text = out(cast)
    answers = at_once(
        lambda: agreeing.signed(agreeing.fresh(text), by=again(cast.district)),
        lambda: agreeing.signed(agreeing.fresh(text), by=again(dean)),
    )
    return agreeing.fresh(text), answers


def test_two_partners_who_sign_at_once_both_sign_and_it_is_in_force_once(cast: Cast) -> None:
    dean = agreeing.make_dean(cast.cbc, cast.dean)
    for _ in range(REPEATS):
        text, answers = sign_at_once(cast, dean)
        assert refusals(answers) == []
        assert text.state == "signed"
        assert Articulation.objects.filter(text=text).count() == 1
        assert sorted(text.signatures.values_list("number", flat=True)) == [1, 2]


def test_control_two_partners_who_sign_without_the_lock(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """The chain still has one place for each signature: without the lock somebody gets an error, or nobody ends it."""

    looked = threading.Barrier(2)
    link = signing.link

    def linked(*args: Any) -> str:
        # Each has looked what the chain ends with before either writes, however busy the machine.
        with contextlib.suppress(threading.BrokenBarrierError):
            looked.wait(timeout=10)
        return link(*args)

    dean = agreeing.make_dean(cast.cbc, cast.dean)
    monkeypatch.setattr(signing, "held_text", agreeing.fresh)
    monkeypatch.setattr(signing, "link", linked)
    broken = 0
    for _ in range(5):
        looked.reset()
        text, answers = sign_at_once(cast, dean)
        broken += any(isinstance(answer, DatabaseError) for answer in answers) or text.state != "signed"
    assert broken


def test_one_partner_who_signs_twice_at_once_signs_once(cast: Cast) -> None:
    for _ in range(REPEATS):
        text = out(cast)
        answers = at_once(
            lambda text=text: agreeing.signed(agreeing.fresh(text), by=again(cast.district)),
            lambda text=text: agreeing.signed(agreeing.fresh(text), by=again(cast.district)),
        )
        assert refusals(answers) == ["signed_already"]
        assert text.signatures.count() == 1


def test_signed_while_its_words_are_put_right(cast: Cast) -> None:
    """Whoever was first: the signature is of the text before, and the further text has none; or it was refused."""
    for _ in range(REPEATS):
        text = out(cast)
        answers = at_once(
            lambda text=text: agreeing.signed(agreeing.fresh(text), by=again(cast.district)),
            lambda text=text: actions.revise_text(
                text=agreeing.fresh(text), terms=agreeing.terms(cast.year.first_year, classes=(text.title,)),
                by=again(cast.consortium),
            ),
        )  # fmt: skip
        assert refusals(answers) in ([], ["not_out"])
        further = AgreementText.objects.get(supersedes=text)
        assert not further.signatures.exists()
        assert agreeing.fresh(text).state == "called_back"


def renew_twice(cast: Cast) -> list[Any]:
    """Two of the consortium prepare the renewal of one agreement in the same moment."""
    found = Articulation.objects.with_names().get(pk=cast.agreement.pk)
    begins = found.valid_until + datetime.timedelta(days=1)
    agreed = agreeing.terms(
        begins.year, classes=("Accounting 1",), courses=(("ACCT& 201", "Principles", "5"),), valid_from=begins
    )

    def renew() -> AgreementText:
        return agreeing.prepared(
            cast.columbia_basin, cast.cbc, cast.kamiakin, agreed, kind="renewal",
            amends=Articulation.objects.get(pk=found.pk), by=again(cast.consortium),
        )  # fmt: skip

    answers = at_once(renew, renew)
    for text in AgreementText.objects.open().filter(amends=found):
        actions.call_back(text=text, by=again(cast.consortium))
    return answers


def test_an_agreement_is_renewed_once_at_a_time(cast: Cast) -> None:
    for _ in range(REPEATS):
        answers = renew_twice(cast)
        assert refusals(answers) == ["under_way"]
        assert sum(isinstance(answer, Refused) for answer in answers) == 1


def test_control_renewed_twice_without_lock_and_constraint(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    from articulations import rules

    monkeypatch.setattr(rules, "why_not_take_over", lambda *_, **__: None)
    with without_constraint((AgreementText, "one_open_text_for_an_agreement")):
        answers = renew_twice(cast)
    assert sum(isinstance(answer, AgreementText) for answer in answers) == 2
