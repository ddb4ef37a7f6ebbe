"""A chain of fingerprints shows a changed, a missing and a moved row."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sers.lib.chain import GENESIS, link

FACTS: list[dict[str, str | int | None]] = [
    {"student": 1, "course": "ACCT& 201", "points": "3.9"},
    {"student": 2, "course": "ACCT& 201", "points": None},
    {"student": 3, "course": "WLD 110", "points": "4.0"},
]


def head(facts: list[dict[str, str | int | None]]) -> str:
    at = GENESIS
    for one in facts:
        at = link(at, one)
    return at


def test_a_link_is_the_same_every_time() -> None:
    """Written down once: a chain that was made years ago must still be read."""
    assert head(FACTS) == "d39632bef56eddf4cdf6d101a86cbbb6d3d84e80f44dbd858fe9f3fe4bb49a05"
    assert link(GENESIS, {"b": 2, "a": "é"}) == link(GENESIS, {"a": "é", "b": 2})


@pytest.mark.parametrize(
    "tampered",
    [
        FACTS[:2],
        FACTS[1:],
        [FACTS[1], FACTS[0], FACTS[2]],
        [{**FACTS[0], "points": "4.0"}, *FACTS[1:]],
        [{**FACTS[0], "student": "1"}, *FACTS[1:]],  # a text is not a number
        [FACTS[0], {**FACTS[1], "points": ""}, FACTS[2]],  # nothing is not an empty text
        [{**FACTS[0], "extra": None}, *FACTS[1:]],
        [],
    ],
)
def test_any_change_changes_the_head(tampered: Any) -> None:
    assert head(tampered) != head(FACTS)


@given(
    st.dictionaries(st.text(), st.text() | st.integers() | st.none()), st.dictionaries(st.text(), st.text())
)
def test_different_facts_have_different_links(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert (link(GENESIS, one) == link(GENESIS, other)) is (one == other)
