"""/accounts/me/codes/: ten recovery codes, shown once."""

import re

import pytest

from accounts import actions, rules
from accounts.models import RecoveryCode
from sers.lib.refusal import Refused
from tests.accounts.pages import subjects, text
from tests.accounts.test_change_questions import proved  # noqa: F401  (a fixture)
from tests.people import Cast
from tests.policing import PolicingClient

URL = "/accounts/me/codes/"
CODE = re.compile(r"<code>([0-9A-Z-]+)</code>")


def test_ten_codes_are_shown_once(proved: PolicingClient, cast: Cast) -> None:  # noqa: F811
    assert CODE.findall(proved.get(URL).content.decode()) == []
    page = proved.post(URL)
    codes = CODE.findall(page.content.decode())
    assert len(set(codes)) == 10
    assert "no-store" in page["Cache-Control"]
    assert CODE.findall(proved.get(URL).content.decode()) == []
    assert "You have 10 codes left." in text(proved.get(URL))
    kept = str(list(RecoveryCode.objects.values()))
    assert not any(code in kept or code.replace("-", "") in kept for code in codes)
    assert subjects(cast.colleague.email) == ["You have new SERS recovery codes"]


def test_codes_have_more_random_bits_than_nist_asks() -> None:
    assert len(set(rules.CODE_LETTERS)) == 32
    assert rules.CODE_LENGTH * 5 >= 112


def test_a_new_set_ends_the_old(cast: Cast) -> None:
    old = actions.new_recovery_codes(user=cast.teacher, by=cast.teacher)
    new = actions.new_recovery_codes(user=cast.teacher, by=cast.teacher)
    assert not actions.use_recovery_code(user=cast.teacher, typed=old[0])
    assert actions.use_recovery_code(user=cast.teacher, typed=new[0])
    assert RecoveryCode.objects.filter(user=cast.teacher).left().count() == 9


def test_a_code_works_once_and_for_its_person(cast: Cast) -> None:
    code, *_ = actions.new_recovery_codes(user=cast.teacher, by=cast.teacher)
    assert not actions.use_recovery_code(user=cast.colleague, typed=code)
    assert actions.use_recovery_code(user=cast.teacher, typed=f" {code.lower()} ")
    assert not actions.use_recovery_code(user=cast.teacher, typed=code)


def test_tries_are_counted_and_not_forgiven(cast: Cast) -> None:
    code, *_ = actions.new_recovery_codes(user=cast.teacher, by=cast.teacher)
    for _ in range(rules.CODE_TRIES):
        assert not actions.use_recovery_code(user=cast.teacher, typed="wrong")
    with pytest.raises(Refused) as refused:
        actions.use_recovery_code(user=cast.teacher, typed=code)
    assert "Try again after " in refused.value.refusal.next_step


@pytest.mark.parametrize(
    ("typed", "tidy"),
    [("7kq2-m9xt", "7KQ2M9XT"), (" 7KQ2 M9XT ", "7KQ2M9XT"), ("OIL0", "0110"), ("oil-0", "0110"), ("", "")],
)
def test_tidy_code(typed: str, tidy: str) -> None:
    assert rules.tidy_code(typed) == tidy


def test_a_recovery_code_stands_for_the_second_factor(client: PolicingClient, cast: Cast) -> None:
    from accounts.models import AuthenticatorApp
    from sers.lib.fields import seal
    from tests.people import PASSWORD

    AuthenticatorApp.objects.create(
        user=cast.colleague, name="phone", sealed_secret=seal("app JBSWY3DPEHPK3PXP")
    )
    code, *_ = actions.new_recovery_codes(user=cast.colleague, by=cast.colleague)
    facts = {"username": cast.colleague.username, "password": PASSWORD}
    assert client.post("/accounts/sign-in/", facts)["Location"] == "/accounts/second-step/"
    assert client.post("/accounts/second-step/", {"code": "wrong"}).status_code == 422
    assert client.post("/accounts/second-step/", {"code": code})["Location"] == "/"
    assert client.session["_auth_user_id"] == str(cast.colleague.pk)


def test_with_a_second_factor_a_question_is_not_enough(client: PolicingClient, cast: Cast) -> None:
    from accounts.models import Passkey
    from tests.accounts.pages import Purpose, open_link

    Passkey.objects.create(user=cast.colleague, name="key", credential_id=b"1", public_key=b"2")
    open_link(client, cast.colleague, Purpose.RECOVER)
    page = client.get("/accounts/recover/")
    assert page.status_code == 403
    assert "Sign in with your passkey" in text(page)
    assert client.get("/accounts/new-password/")["Location"] == "/accounts/recover/"
    code, *_ = actions.new_recovery_codes(user=cast.colleague, by=cast.colleague)
    assert "Recovery code" in text(client.get("/accounts/recover/"))
    assert client.post("/accounts/recover/", {"typed": "Hatchet"}).status_code == 422
    assert client.post("/accounts/recover/", {"typed": code})["Location"] == "/accounts/new-password/"
