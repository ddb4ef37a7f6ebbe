"""Work on a stranger's file can do little and ends soon."""

import time
from pathlib import Path

import pytest

from sers.lib.confined import Limits, TooMuch, confined

HERE = "tests.lib.strangers"


def test_plain_arguments_in_a_plain_answer_out() -> None:
    assert confined(f"{HERE}:count", b"abc", times=4) == 12


@pytest.mark.parametrize("work", ["forever", "asleep", "hungry", "dies", "talks", "no_such_work"])
def test_too_much_ends_the_child_alone(work: str) -> None:
    began = time.monotonic()
    with pytest.raises(TooMuch):
        confined(f"{HERE}:{work}", b"", limits=Limits(processor=2, clock=4.0))
    assert time.monotonic() - began < 12


def test_the_child_writes_nothing(tmp_path: Path) -> None:
    """SIGXFSZ ends it, or the write is refused: either way no byte is on the disk."""
    path = tmp_path / "left behind"
    try:
        assert confined(f"{HERE}:writes", str(path).encode()) == "refused"
    except TooMuch:
        pass
    assert not path.exists() or path.stat().st_size == 0


def test_the_child_knows_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "a secret")
    names, place = confined(f"{HERE}:looks_around", b"")
    assert set(names) <= {"PYTHONPATH", "PATH", "LANG", "LC_CTYPE"}
    assert place == "/"
