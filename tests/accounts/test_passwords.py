"""Which passwords will do, and what a wrong one costs. NIST SP 800-63B-4, 3.1.1.2."""

import unicodedata
from collections import Counter
from typing import Any

import pytest
from django.contrib.auth.hashers import BasePasswordHasher, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import connection
from pytest_django import Settings

from accounts import actions
from accounts.models import AuthenticatorApp, User
from accounts.rules.passwords import (
    LEAST_ALONE,
    LEAST_WITH_FACTOR,
    PROGRAMME_WORDS,
    common_passwords,
    least_letters,
    why_not_password,
)
from sers.lib.fields import seal
from tests.people import PASSWORD, Cast, make_user

CURRENT = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]


def rules_broken(typed: str, user: User | None = None, *words: str) -> list[str]:
    return [refusal.rule for refusal in why_not_password(typed, user, words)]


# --- Length ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "broken"),
    [
        ("fjord tuba lim", ["too_short"]),  # 14
        ("fjord tuba lime", []),  # 15
        ("fjord tuba lime " * 4, []),
        ("fjords " * 4, ["repeats"]),
        ("correct horse battery staple", []),
        ("correcthorsebatterystaple", []),  # no kinds of letters are asked for
        ("plover river window basket lantern" * 3 + "mosaic", []),
        ("".join(chr(0x4E00 + number) for number in range(64)), []),
        ("".join(chr(0x4E00 + number) for number in range(128)), []),
        ("".join(chr(0x4E00 + number) for number in range(129)), ["too_long"]),
        ("".join(chr(0x4E00 + number) for number in range(256)), ["too_long"]),
        ("🐙🦀🐡🦐🐚🪸🦑🐠🐟🦈🐬🐳🐋🦭🦦", []),  # 15 code points, however many bytes
        ("🐙🦀🐡🦐🐚🪸🦑🐠🐟🦈🐬🐳🐋🦭", ["too_short"]),
        ("ﷺ", ["too_short"]),  # one letter, kept as eighteen
        ("ﷺ" * 8, ["too_short"]),
        ("ﷺqwzx" * 20, ["too_long"]),  # 100 letters, kept as 440
        (" fjord tuba lim", []),  # a space is a letter, before and after too
        ("fjord tuba lim ", []),
        (" " * 15, ["repeats"]),
        ("", ["too_short"]),
    ],
)
def test_length(typed: str, broken: list[str]) -> None:
    assert rules_broken(typed) == broken


@pytest.mark.parametrize("length", [70, 72, 73, 100])
def test_nothing_is_cut(db: None, length: int) -> None:
    """bcrypt would take two passwords that agree in 72 bytes for one."""
    long = ("lighthouse keepers count the ships that pass " * 4)[:length]
    user = make_user(password=long + "a")
    assert user.check_password(long + "a")
    assert not user.check_password(long + "b")
    assert not user.check_password(long)


def test_eight_letters_are_enough_beside_a_second_factor(cast: Cast) -> None:
    assert least_letters(cast.teacher) == LEAST_ALONE
    assert rules_broken("plum9axe", cast.teacher) == ["too_short"]
    AuthenticatorApp.objects.create(user=cast.teacher, name="phone", sealed_secret=seal("app x"))
    assert least_letters(cast.teacher) == LEAST_WITH_FACTOR
    assert rules_broken("plum9axe", cast.teacher) == []
    assert rules_broken("plum9ax", cast.teacher) == ["too_short"]
    assert least_letters(None) == LEAST_ALONE
    assert least_letters(User(username="not kept yet")) == LEAST_ALONE


def test_letters_put_together_otherwise_are_the_same_password(db: None) -> None:
    composed = "Señor Ålesund ﬁfteen"
    for form in ("NFC", "NFD", "NFKC", "NFKD"):
        user = make_user(password=unicodedata.normalize(form, composed))
        for other in ("NFC", "NFD", "NFKC", "NFKD"):
            assert user.check_password(unicodedata.normalize(other, composed)), (form, other)
        assert not user.check_password(composed.casefold())
    assert make_user(password="a lime ﬁeld of sun").check_password("a lime field of sun")


def test_spaces_are_kept(db: None) -> None:
    user = make_user(password="  two spaces before and one after ")
    assert not user.check_password("two spaces before and one after")
    assert user.check_password("  two spaces before and one after ")


# --- The blocklist --------------------------------------------------------------------------------------


def test_the_list_of_common_passwords_is_long_and_whole() -> None:
    assert len(common_passwords()) >= 19_000


def test_no_common_password_will_do_however_it_is_stretched() -> None:
    """3,000 of them: as they are, with digits and signs around, twice, in capitals."""
    taken = []
    for common in sorted(common_passwords())[::6]:
        for typed in (common, f"{common}12345678901234", f"!!!!!!{common.upper()}!!!!!!2026", common * 2):
            if len(typed) >= LEAST_ALONE and typed.strip("0123456789!") and not rules_broken(typed):
                bare = "".join(letter for letter in typed.casefold() if letter.isalpha())
                if bare in common_passwords():
                    taken.append(typed)
    assert taken == []


@pytest.mark.parametrize(
    ("typed", "rule"),
    [
        ("passwordpassword", "repeats"),
        ("password1234567", "common"),
        ("1234567890123456", "common"),
        ("aaaaaaaaaaaaaaaaa", "repeats"),
        ("abababababababab", "repeats"),
        ("dragonfly dragonfly dragonfly", "repeats"),
        ("qwertyuiopasdfgh", "in_a_row"),
        ("abcdefghijklmnop", "in_a_row"),
        ("zyxwvutsrqponmlk", "in_a_row"),
        ("0987654321 abcde poiuy", "in_a_row"),
        ("qwertyuiop 123456", "common"),
        ("SERS dual credit 2026", "known_words"),
        ("techprep student password", "known_words"),
        ("CTE Dual Credit Washington", "known_words"),
        ("Spring Semester 2026!!", "known_words"),
        ("dual-credit-demo", "known_words"),
        ("tp6-20-4187-9 tp6-20-4187-9", "sers_id"),
        ("my TP6-20-4187-9 it", "sers_id"),
        ("TP6-20-418 TP7-31-222", "sers_id"),
    ],
)
def test_what_is_guessed_first_is_refused_with_its_reason(typed: str, rule: str) -> None:
    (refusal,) = why_not_password(typed)
    assert refusal.rule == rule
    assert len(str(refusal).split()) > 5


@pytest.mark.parametrize("word", sorted(PROGRAMME_WORDS, key=lambda word: (len(word), word))[-60:])
def test_words_of_the_programme_are_nothing_of_ones_own(word: str) -> None:
    for typed in (f"{word} {word} 2026 {word}x", f"{word}-School-2026!{word}"):
        if len(typed) >= LEAST_ALONE:
            assert rules_broken(typed), typed


def test_names_of_the_person_and_their_places(cast: Cast) -> None:
    assert rules_broken("Kamiakin High School 1", cast.teacher) == ["known_words"]
    assert rules_broken("Kamiakin High School 1") == []  # to others these are words like any
    assert rules_broken("Columbia Basin College", cast.registrar) == ["known_words"]
    assert rules_broken("Wapato High School 2026", None, "Wapato High School") == ["known_words"]
    assert rules_broken("Tess Kamiakin 2026 Teacher", cast.teacher) == ["known_words"]
    assert rules_broken("four tess.teacher wood", cast.teacher) == ["own_name"]
    assert rules_broken("fourTESSTEACHERwood", cast.teacher) == ["own_name"]
    assert (
        rules_broken("kamiakin plover river lantern", cast.teacher) == []
    )  # with enough of one's own beside it


@pytest.mark.parametrize(
    "typed",
    [
        PASSWORD,
        "a wagon of green apples",
        "nine kites above the wheat",
        "browsersandanswers",  # has s-e-r-s in it
        "watermelon wax seal",  # has w-a in it
        "el perro de san roque",
        "四月は君の嘘と言うけれども春は来る",
        "1066 and 1492 were years of ships",
    ],
)
def test_what_people_think_of_will_do(cast: Cast, typed: str) -> None:
    assert rules_broken(typed, cast.teacher) == []


def test_django_asks_the_same_rules(cast: Cast) -> None:
    with pytest.raises(ValidationError) as refused:
        validate_password("short", cast.teacher)
    assert [one.code for one in refused.value.error_list] == ["too_short"]
    validate_password(PASSWORD, cast.teacher)


# --- Hashing --------------------------------------------------------------------------------------------


def test_passwords_are_hashed_by_argon2id_and_old_hashes_are_remade(db: None, settings: Settings) -> None:
    settings.PASSWORD_HASHERS = CURRENT
    user = make_user(username="old.timer")
    assert user.password.startswith("argon2$argon2id$v=19$")
    user.password = make_password(PASSWORD, hasher="pbkdf2_sha256")
    user.save()
    assert User.objects.with_old_hash().count() == 1
    assert actions.recognize(username="old.timer", password="wrong", address="192.0.2.1") is None
    assert User.objects.with_old_hash().count() == 1
    assert actions.recognize(username="old.timer", password=PASSWORD, address="192.0.2.1") == user
    user.refresh_from_db()
    assert user.password.startswith("argon2$argon2id$")
    assert User.objects.with_old_hash().count() == 0


def people_of_every_kind() -> dict[str, str]:
    """One account of each kind the clock could tell apart, by user name; `missing` has none."""
    make_user(username="existing")
    make_user(username="inactive", is_active=False)
    make_user(username="without", password=None)
    old = make_user(username="old")
    User.objects.filter(pk=old.pk).update(password=make_password(PASSWORD, hasher="pbkdf2_sha256"))
    return {kind: kind for kind in ("missing", "existing", "inactive", "without", "old")}


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Counter[str]:
    """How often each hasher ran since the last time it was cleared, without the seconds it takes."""
    settings.PASSWORD_HASHERS = CURRENT
    ran: Counter[str] = Counter()

    def cheap(algorithm: str, encode: Any) -> Any:
        def run(self: BasePasswordHasher, password: str, *args: Any, **kwargs: Any) -> Any:
            ran[algorithm] += 1
            return encode(self, password, *args, **kwargs)

        return run

    from django.contrib.auth.hashers import Argon2PasswordHasher, PBKDF2PasswordHasher

    monkeypatch.setattr(Argon2PasswordHasher, "time_cost", 1)
    monkeypatch.setattr(Argon2PasswordHasher, "memory_cost", 64)
    monkeypatch.setattr(PBKDF2PasswordHasher, "iterations", 10)
    for hasher in (Argon2PasswordHasher, PBKDF2PasswordHasher):
        monkeypatch.setattr(hasher, "encode", cheap(hasher.algorithm, hasher.encode))
    verify = Argon2PasswordHasher.verify  # the library verifies without encoding
    monkeypatch.setattr(Argon2PasswordHasher, "verify", cheap("argon2", verify))
    return ran


def costs(counted: Counter[str]) -> dict[str, dict[str, int]]:
    spent = {}
    for kind, username in people_of_every_kind().items():
        counted.clear()
        assert actions.recognize(username=username, password="not this one", address="192.0.2.1") is None
        spent[kind] = dict(counted)
    return spent


def test_a_wrong_password_costs_the_same_hashing_on_every_account(db: None, counted: Counter[str]) -> None:
    spent = costs(counted)
    assert spent["missing"] == {"argon2": 1, "pbkdf2_sha256": 1}
    assert [kind for kind, cost in spent.items() if cost != spent["missing"]] == []


def test_without_evening_out_an_old_hash_would_show(
    db: None, counted: Counter[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: what the test above protects against is there."""
    monkeypatch.setattr("accounts.actions.signing_in.even_out", lambda **_: None)
    spent = costs(counted)
    assert spent["old"] != spent["missing"] == spent["existing"] == spent["inactive"] == spent["without"]


def test_when_no_old_hash_is_left_nobody_pays_for_it(db: None, counted: Counter[str]) -> None:
    make_user(username="existing")
    for username in ("existing", "missing"):
        counted.clear()
        actions.recognize(username=username, password="not this one", address="192.0.2.1")
        assert dict(counted) == {"argon2": 1}


def test_looking_for_old_hashes_reads_an_index_that_is_mostly_empty(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(
            "EXPLAIN "
            + str(User.objects.with_old_hash().values("id").order_by().query).replace(
                "pbkdf2\\_%", "'pbkdf2\\_%'"
            )
        )
        assert "user_with_old_hash" in "\n".join(row[0] for row in cursor.fetchall())
