"""Words without endings and small words, whatever signs stand in them."""

import pytest

from sers.lib.lexemes import MOST, any_of, lexemes_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Welding of joints", ["joint", "weld"]),
        ("weld a joint", ["joint", "weld"]),
        ("", []),
        ("the and of", []),
        ("O'Brien's", ["brien", "o"]),
    ],
)
def test_words_are_compared_without_endings(db: None, text: str, words: list[str]) -> None:
    assert lexemes_of(text, "english") == words


def test_no_more_words_than_are_compared(db: None) -> None:
    assert len(lexemes_of(" ".join(f"q{number}x" for number in range(300)), "english")) == MOST


def test_signs_are_kept_from_the_query(db: None) -> None:
    assert str(any_of(["a'b", "c\\d"]).get_source_expressions()[-1]).count("''") == 1
