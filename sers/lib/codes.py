"""Verification codes of documents: drawn, shown in groups, and read as people type them from paper."""

import secrets
from typing import Final

#: Crockford's letters: a code is typed from paper, so I, L, O and U are left out.
CODE_LETTERS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

CODE_LENGTH: Final = 26


def new_code() -> str:
    """A verification code of 130 random bits: 26 letters and digits, shown in groups."""
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))


def in_groups(code: str) -> str:
    """`7KQ2M-9D4WX-R4T0P-BN3YV-8C6HJZ`: a few letters at a time, to be read aloud and typed."""
    starts = (0, 5, 10, 15, 20)
    return "-".join(code[at:end] for at, end in zip(starts, (*starts[1:], None), strict=True))


def read_code(typed: str) -> str:
    """A verification code as people type it: any case, spaces, hyphens, O for 0, I and L for 1.

    Empty when it cannot be one.
    """
    kept = "".join(
        letter
        for letter in typed.upper()
        if not letter.isspace() and letter not in "-\u2010\u2011\u2013\u2014"
    )
    kept = kept.translate(str.maketrans("OIL", "011"))
    return kept if len(kept) == CODE_LENGTH and set(kept) <= set(CODE_LETTERS) else ""
