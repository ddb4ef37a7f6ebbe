"""Which passwords will do. NIST SP 800-63B-4, 3.1.1.2: length and a blocklist, nothing about kinds of letters."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Final

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.access import all_seats
from accounts.models import User
from accounts.rules.factors import LEAST_ALONE, LEAST_WITH_FACTOR, has_factor
from sers.lib.folding import fold, same_letters
from sers.lib.refusal import Refusal

#: A longer one is refused in words; none is ever cut.
MOST: Final = 128
#: What must be left of a password when everything easy to guess about a person and SERS is taken out.
LEAST_OF_ONES_OWN: Final = 8
#: A user name this long stands in a password on purpose; shorter ones are part of other words.
LONG_ENOUGH_TO_MEAN_IT: Final = 6
#: Fewer different letters than this make no password, however long.
LEAST_DIFFERENT: Final = 5

#: Words that everybody who guesses at a SERS account tries first.
PROGRAMME_WORDS: Final = frozenset(
    [
        "sers",
        "ctesers",
        "sersa",
        "statewide",
        "enrollment",
        "reporting",
        "system",
        "cte",
        "dual",
        "credit",
        "dualcredit",
        "techprep",
        "tech",
        "prep",
        "career",
        "technical",
        "education",
        "state",
        "washington",
        "wa",
        "board",
        "sbctc",
        "ospi",
        "perkins",
        "articulation",
        "articulated",
        "articulations",
        "agreement",
        "consortium",
        "consortia",
        "district",
        "school",
        "schools",
        "highschool",
        "high",
        "college",
        "community",
        "university",
        "skills",
        "center",
        "student",
        "students",
        "teacher",
        "teachers",
        "counselor",
        "counselors",
        "registrar",
        "registrars",
        "faculty",
        "principal",
        "director",
        "staff",
        "class",
        "classes",
        "course",
        "courses",
        "grade",
        "grades",
        "grading",
        "roster",
        "transcript",
        "transcripts",
        "graduate",
        "graduation",
        "senior",
        "junior",
        "sophomore",
        "freshman",
        "semester",
        "trimester",
        "quarter",
        "term",
        "year",
        "years",
        "spring",
        "summer",
        "fall",
        "autumn",
        "winter",
        "january",
        "february",
        "march",
        "april",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "password",
        "passwords",
        "passphrase",
        "passcode",
        "secret",
        "security",
        "login",
        "signin",
        "sign",
        "log",
        "account",
        "welcome",
        "hello",
        "letmein",
        "open",
        "change",
        "changeme",
        "default",
        "temporary",
        "temp",
        "test",
        "demo",
        "admin",
        "administrator",
        "user",
        "username",
        "guest",
        "please",
        "access",
    ]
)
ROWS: Final = (
    "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertzuiop", "azertyuiop", "01234567890",
)  # fmt: skip
#: A CTE Dual Credit ID as it stands on paper, `TP6-20-418` or `TP6-20-4187-9`, folded.
SERS_ID: Final = re.compile(r"tp ?\d ?\d\d ?\d{3,5}(?: ?\d)?")
#: Digits and signs before a word and after it.
HEAD: Final = re.compile(r"^[\W\d_]+")
TAIL: Final = re.compile(r"[\W\d_]+$")
YEAR: Final = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


def least_letters(user: User | None) -> int:
    """Fifteen letters where the password stands alone, eight once a second factor is asked for beside it."""
    registered = user is not None and user.pk is not None and has_factor(user)
    return LEAST_WITH_FACTOR if registered else LEAST_ALONE


def why_not_password(typed: str, user: User | None = None, words: Iterable[str] = ()) -> list[Refusal]:
    """Every rule a new password breaks, each with its reason; none when it will do.

    Letters are counted as Unicode code points, as typed and as kept: ﷺ is one letter that is kept as eighteen, and
    counts as one. `words` are names besides those of the person and their places, such as a new student's school.
    """
    kept = same_letters(typed)
    least = least_letters(user)
    if min(len(typed), len(kept)) < least:
        return [Refusal("too_short", _("Use at least {least} characters").format(least=least))]
    if max(len(typed), len(kept)) > MOST:
        return [Refusal("too_long", _("Use at most {most} characters: this has more").format(most=MOST))]
    return [
        refusal for refusal in (_why_guessed(kept), _why_known(kept, user, words)) if refusal is not None
    ][:1]


def _why_guessed(kept: str) -> Refusal | None:
    """What programs that guess try before anything else."""
    plain = kept.casefold()
    solid = "".join(plain.split())
    bare = _bare(solid)
    if plain in common_passwords() or _is_dressed_up(solid):
        return Refusal("common", _("Choose another password: many people use this one"))
    piece = _repeated(bare) or _repeated(solid)
    if len(set(solid)) < LEAST_DIFFERENT or (
        piece and (len(piece) < LEAST_OF_ONES_OWN or common_passwords() & {piece, _bare(piece)})
    ):
        return Refusal("repeats", _("Choose another password: this one says the same thing over and over"))
    if _only_rows(solid):
        return Refusal("in_a_row", _("Choose another password: this one is letters or numbers in a row"))
    return None


def _why_known(kept: str, user: User | None, words: Iterable[str]) -> Refusal | None:
    """What somebody tries who knows the person, the school or the programme."""
    text = fold(kept)
    solid = text.replace(" ", "")
    for secret in _own_names(user):
        if len(secret) >= LONG_ENOUGH_TO_MEAN_IT and secret in solid:
            return Refusal("own_name", _("Leave your user name and your e-mail out of the password"))
    left = YEAR.sub(" ", SERS_ID.sub(" ", text))
    if SERS_ID.search(text) and _of_ones_own(left, kept) < LEAST_OF_ONES_OWN:
        return Refusal("sers_id", _("Choose another password: a CTE Dual Credit ID is no secret"))
    known = (*_place_names(user), *_own_names(user), *words)
    names = {part for name in known for part in fold(name).split()}
    for word in sorted(PROGRAMME_WORDS | names, key=len, reverse=True):
        # A short name is taken out only where it stands alone: `wa` is in `water`.
        left = left.replace(word, " ") if len(word) > 3 else re.sub(rf"\b{re.escape(word)}\b", " ", left)
    if _of_ones_own(left, kept) < LEAST_OF_ONES_OWN:
        return Refusal(
            "known_words",
            _("Add words of your own: names, schools, years and words of SERS are guessed first"),
        )
    return None


def _own_names(user: User | None) -> Iterator[str]:
    """The user name and the parts of the e-mail addresses before the @, without what stands between their letters."""
    if user is not None:
        yield fold(user.username).replace(" ", "")
        for address in (user.email, user.second_email):
            yield fold(address.partition("@")[0]).replace(" ", "")


def _place_names(user: User | None) -> Iterator[str]:
    if user is not None:
        yield from (user.first_name, user.last_name)
        for seat in all_seats(user) if user.pk is not None else ():
            yield seat.place


@cache
def common_passwords() -> frozenset[str]:
    """The twenty thousand passwords that leak most, as Django ships them."""
    return frozenset(CommonPasswordValidator().passwords)


def _bare(solid: str) -> str:
    """Without the digits and signs people put before and after a word: `!!password2026`."""
    return TAIL.sub("", HEAD.sub("", solid)) or solid


def _is_dressed_up(solid: str) -> bool:
    """A common password with digits and signs before or after it, or nothing."""
    head, tail = HEAD.search(solid), TAIL.search(solid)
    before, after = head.end() if head else 0, tail.start() if tail else len(solid)
    return any(
        solid[start:end] in common_passwords()
        for start in range(before + 1)
        for end in range(max(after, start + 1), len(solid) + 1)
    )


def _repeated(text: str) -> str:
    """The piece a text consists of when it says it at least twice, the last time perhaps not to its end."""
    for length in range(1, len(text) // 2 + 1):
        if text[length:] == text[:-length]:
            return text[:length]
    return ""


def _only_rows(text: str) -> bool:
    """Nothing but stretches of three or more neighbours on the keyboard or in the alphabet, forwards or backwards."""
    rows = [row for one in ROWS for row in (one, one[::-1])]
    at = 0
    while at < len(text):
        longest = 0
        for end in range(at + 3, len(text) + 1):
            if not any(text[at:end] in row for row in rows):
                break
            longest = end - at
        if not longest:
            return False
        at += longest
    return True


def _of_ones_own(left: str, kept: str) -> int:
    """Letters and digits that are left of a folded text, and the signs folding leaves out that nobody types by habit."""
    signs = sum(not letter.isascii() and unicodedata.category(letter).startswith("S") for letter in kept)
    return len(left.replace(" ", "")) + signs


class PasswordRules:
    """Django's door to these rules: whatever sets a password asks them."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Raise what is wrong with a password, each with its reason."""
        refusals = why_not_password(password, user)
        if refusals:
            raise ValidationError([ValidationError(str(one), code=one.rule) for one in refusals])

    def get_help_text(self) -> str:
        """The rules in two sentences."""
        return password_help(LEAST_ALONE)


def password_help(least: int) -> str:
    """The rules as they stand on the screen."""
    return _(
        "At least {least} characters, at most {most}. Spaces and letters of any language count; several words are "
        "easy to keep. Leave out your user name and your e-mail. Names, schools and years are not enough."
    ).format(least=least, most=MOST)
