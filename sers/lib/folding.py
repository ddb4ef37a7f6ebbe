"""Names folded for searching and sorting: no accents, no case, one space between parts.

PostgreSQL sorts by C.UTF-8, which puts Á after Z; a folded column sorts and finds as people expect.
"""

import unicodedata

# Letters that do not decompose into a base letter and a mark.
_WHOLE_LETTERS = str.maketrans(
    {"ø": "o", "đ": "d", "ł": "l", "ħ": "h", "ŧ": "t", "ı": "i", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th"}
)


def fold(text: str) -> str:
    """`"Hernández de la Cruz-Łukasz"` becomes `"hernandez de la cruz lukasz"`; apostrophes vanish."""
    decomposed = unicodedata.normalize("NFKD", text).casefold().translate(_WHOLE_LETTERS)
    kept = []
    for character in decomposed:
        category = unicodedata.category(character)
        if category.startswith("M") or character in "'’ʻʼ`.":
            continue
        kept.append(character if category[0] in "LN" else " ")
    return " ".join("".join(kept).split())


def fold_parts(*names: str) -> str:
    """Every part of every name, each preceded by a space, so that `" clark"` finds any part by prefix."""
    return " " + fold(" ".join(name for name in names if name))


def same_letters(text: str) -> str:
    """What looks the same is the same: letters put together as NFKC says, as NIST SP 800-63B-4 asks for passwords."""
    return unicodedata.normalize("NFKC", text)
