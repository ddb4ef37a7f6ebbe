"""What is sealed is not read, not changed and not opened by another key."""

import datetime
import subprocess

import pytest
from pytest_django import Settings

from sers.lib.fields import SealedDateField, SealedTextField, seal, unseal


def test_sealed_is_unsealed() -> None:
    assert unseal(seal("2009-05-01")) == "2009-05-01"
    assert seal("2009-05-01") == seal("2009-05-01")  # so that equality can be searched
    assert seal("2009-05-01") != seal("2009-05-02")
    assert b"2009" not in seal("2009-05-01")


def test_another_key_opens_nothing(settings: Settings) -> None:
    sealed = seal("2009-05-01")
    seal.cache_clear()
    unseal.cache_clear()
    settings.FIELD_KEY = "another key, which is also longer than thirty-two letters"
    with pytest.raises(ValueError, match="FIELD_KEY is not the key"):
        unseal(sealed)
    assert seal("2009-05-01") != sealed
    seal.cache_clear()
    unseal.cache_clear()


def test_a_changed_byte_is_found() -> None:
    sealed = bytearray(seal("2009-05-01"))
    for place in range(len(sealed)):
        changed = bytearray(sealed)
        changed[place] ^= 1
        with pytest.raises(ValueError, match="FIELD_KEY is not the key"):
            unseal(bytes(changed))


def test_the_field_speaks_dates() -> None:
    field = SealedDateField()
    day = datetime.date(2008, 2, 29)
    assert field.from_db_value(memoryview(seal("2008-02-29")), None, None) == day
    assert field.from_db_value(None, None, None) is None
    assert field.to_python("2008-02-29") == day
    assert field.get_prep_value(day) == seal("2008-02-29")


def test_a_sealed_text_is_read_back_and_an_empty_one_stays_empty() -> None:
    field = SealedTextField()
    sealed = field.get_prep_value("Vega,2009-05-01")
    assert b"2009" not in sealed
    assert field.from_db_value(memoryview(sealed), None, None) == "Vega,2009-05-01"
    assert field.get_prep_value("") == b""
    assert field.from_db_value(memoryview(b""), None, None) == ""
    assert field.from_db_value(None, None, None) is None
    assert field.to_python("Vega") == "Vega"
    assert field.get_prep_value(sealed) is sealed


def test_no_key_is_written_in_the_project() -> None:
    """Outside the demo state a key is given from outside; inside it is made from a name."""
    found = subprocess.run(
        ["git", "grep", "-nE", r"FIELD_KEY ?= ?['\"]"], capture_output=True, text=True, check=False
    )
    assert [line for line in found.stdout.splitlines() if not line.startswith("tests/")] == []
