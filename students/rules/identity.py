"""Who a student is: the ID, the age, the address."""

import re
from datetime import date, timedelta

from django.utils import timezone
from stdnum import damm

from accounts.models import RateLimit
from sers.lib.moments import time_of_day
from sers.lib.refusal import Refusal

#: Grades 9 to 12, and some years either side: a year skipped, a year repeated, a return to school.
MIN_AGE = 12
MAX_AGE = 25

#: A school stands behind one address: its whole grade may make accounts in an hour.
NEW_ACCOUNTS_OF_ADDRESS = 300
NEW_ACCOUNTS_WITHIN = timedelta(hours=1)

#: What the addresses of schools and districts here look like: `k12.wa.us`, `wednet.edu`, `ksd.org`, `bsd405.org`.
_SCHOOL_ADDRESS = re.compile(
    r"\.edu$|(^|\.)(k12|wednet)(\.|$)|schools?\d*\.(org|net|com|us)$|(^|\.)[a-z]{1,12}sd\d{0,3}\.(org|net|us)$|(^|\.)[a-z]{2,8}ps\.org$"
)


def sers_id_of(number: int) -> str:
    """The visible CTE Dual Credit ID of a serial number: `TP6-20-4187-9`, the last digit checks the others.

    Seven digits and a Damm check digit, which finds every single wrong digit and every swap of two
    neighbours. Legacy IDs (`TP#-##-###`) have six digits and keep their own shape.
    """
    if not 0 < number < 10_000_000:
        raise ValueError("IDs have seven digits.")
    digits = f"{number:07}"
    return f"TP{digits[0]}-{digits[1:3]}-{digits[3:]}-{damm.calc_check_digit(digits)}"


def is_sers_id(text: str) -> bool:
    """Does it read as an ID, legacy or new, with a check digit that fits?"""
    kept = _digits(text)
    if not kept.isascii() or not kept.isdigit():
        return False
    return len(kept) == 6 or (len(kept) == 8 and bool(damm.is_valid(kept)))


def tidy_sers_id(text: str) -> str:
    """`tp6204187 9` as it is kept: `TP6-20-4187-9`; legacy IDs likewise. Empty when it is no ID."""
    if not is_sers_id(text):
        return ""
    kept = _digits(text)
    if len(kept) == 6:
        return f"TP{kept[0]}-{kept[1:3]}-{kept[3:]}"
    return f"TP{kept[0]}-{kept[1:3]}-{kept[3:7]}-{kept[7]}"


def begun_sers_id(text: str) -> str:
    """The beginning of an ID as it is kept, three digits at the least: `6204` becomes `TP6-20-4`. Empty when it is none.

    Six digits are a legacy ID and not the beginning of another.
    """
    kept = _digits(text)
    if not kept.isascii() or not kept.isdigit() or not 3 <= len(kept) <= 7 or len(kept) == 6:
        return ""
    return f"TP{kept[0]}-{kept[1:3]}" + (f"-{kept[3:]}" if kept[3:] else "")


def tidy_legacy_id(text: str) -> str:
    """An ID of the former system as it is kept, `TP1-23-456`; empty when it is none."""
    kept = tidy_sers_id(text)
    return kept if len(_digits(kept)) == 6 else ""


def _digits(text: str) -> str:
    return "".join(text.upper().split()).removeprefix("TP").replace("-", "")


def age_on(birth_date: date, on: date) -> int:
    """Years completed; a person of February 29 is a year older on March 1."""
    return on.year - birth_date.year - ((on.month, on.day) < (birth_date.month, birth_date.day))


def why_not_born(birth_date: date, *, on: date) -> Refusal | None:
    """A student is 12 to 25 years old: another date is a slip of the hand or somebody else's."""
    if birth_date > on:
        return Refusal("not_born_yet", "Enter a birth date in the past", "")
    if not MIN_AGE <= age_on(birth_date, on) <= MAX_AGE:
        return Refusal(
            "not_school_age", f"Enter your own birth date: students are {MIN_AGE} to {MAX_AGE} years old", ""
        )
    return None


def is_school_address(email: str) -> bool:
    """Does this look like an address that ends with school? A guess: it only asks once, it refuses nothing."""
    return bool(_SCHOOL_ADDRESS.search(email.rpartition("@")[2].strip().lower()))


def why_not_another_account(limit: RateLimit) -> Refusal | None:
    """New accounts from one network: a whole school in an hour, and no machine that fills strangers' mailboxes."""
    if limit.tries <= NEW_ACCOUNTS_OF_ADDRESS:
        return None
    until = timezone.localtime(limit.ends_at + timedelta(seconds=59))
    return Refusal(
        "too_many_accounts",
        "Too many accounts were created from here in an hour.",
        f"Try again after {time_of_day(until)}.",
    )
