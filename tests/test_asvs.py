"""docs/asvs.csv: each requirement of OWASP ASVS 5.0 that SERS must meet names what shows it, and that exists."""

import csv
import re

import pytest

from tests import cluster

ROWS = list(csv.DictReader((cluster.ROOT / "docs" / "asvs.csv").read_text().splitlines()))


def test_each_requirement_stands_once() -> None:
    numbers = [row["requirement"] for row in ROWS]
    assert len(numbers) == len(set(numbers))
    assert all(re.fullmatch(r"\d{1,2}\.\d{1,2}\.\d{1,2}", number) for number in numbers)
    assert {row["status"] for row in ROWS} == {"met", "exception"}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["requirement"])
def test_what_shows_it_exists(row: dict[str, str]) -> None:
    file, _, test = row["shown by"].partition("::")
    text = (cluster.ROOT / file).read_text()
    assert not test or re.search(rf"^def {re.escape(test)}\(", text, re.MULTILINE)
