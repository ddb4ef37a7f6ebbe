"""Every one-byte flip of a real document breaks its seal. Short: 100 flips; SERS_PROOF=long (bin/proof): 1,000.

Half of them anywhere in the file, half in the signature's own wrapping, which nothing signs. The file as it was issued is
the control: it is whole before the first flip and after the last.
"""

import datetime
import os
import random
import re
from concurrent.futures import ThreadPoolExecutor

import pytest

from organizations.models import College, HighSchool
from sers.lib import seals
from sers.lib.sealing import examine
from students.models import Student
from tests.transcripts.reading import quiet
from transcripts import documents
from transcripts.models import Transcript

FLIPS = 1000 if os.environ.get("SERS_PROOF") == "long" else 100


def a_real_transcript() -> bytes:
    student = Student(
        first_name="Marisol", last_name="Vega", sers_id="TP6-20-4187-3", birth_date=datetime.date(2009, 3, 12),
        school=HighSchool(name="Kamiakin High School"), graduation_year=2027,
    )  # fmt: skip
    transcript = Transcript(student=student, college=College(name="Columbia Basin College"), credits=0)
    with quiet():
        return documents.transcript_pdf(transcript, [])


def those_that_hold() -> tuple[int, list[int]]:
    """How long the document is, and the places where a flip did not break its seal."""
    body = a_real_transcript()
    known = seals.known_certificates()
    gap = re.search(rb"<[0-9A-F]{1000,}>", body)
    assert gap is not None
    assert examine(body, certificates=known)["is_whole"]
    dice = random.Random(2026)
    held = []
    for number in range(FLIPS):
        within = (gap.start(), gap.start() + 2200) if number % 2 else (0, len(body))
        at = dice.randrange(*within)
        changed = bytearray(body)
        changed[at] ^= dice.randrange(1, 256)
        if examine(bytes(changed), certificates=known).get("is_whole"):
            held.append(at)
    assert examine(body, certificates=known)["is_whole"]
    return len(body), held


def test_every_flip_breaks_the_seal(capsys: pytest.CaptureFixture[str]) -> None:
    # In a thread: a seal is set within an event loop of its own, and the browser's loop runs in this one.
    with ThreadPoolExecutor(1) as apart:
        length, held = apart.submit(those_that_hold).result()
    assert held == []
    with capsys.disabled():
        print(f"\n{FLIPS} one-byte flips in a document of {length:,} bytes: {FLIPS} broke the seal")
