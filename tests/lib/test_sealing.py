"""A seal holds for the file as it was issued and for no other."""

import random
import re
from functools import cache
from io import BytesIO

import pytest

from sers.lib import sealing
from sers.lib.sealing import Examined, demo_seal, examine, seal

OWN = demo_seal("for tests", "SERS tests")
STRANGER = demo_seal("somebody else", "SERS tests")
KNOWN = [OWN.certificate.decode()]

#: The smallest honest PDF, with an identifier.
PLAIN = b"\n".join(
    [
        b"%PDF-1.7",
        b"1 0 obj",
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"endobj",
        b"2 0 obj",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"endobj",
        b"3 0 obj",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]>>",
        b"endobj",
        b"xref",
        b"0 4",
        b"0000000000 65535 f ",
        b"0000000009 00000 n ",
        b"0000000054 00000 n ",
        b"0000000105 00000 n ",
        b"trailer",
        b"<</Size 4/Root 1 0 R/ID[(MARK)(MARK)]>>",
        b"startxref",
        b"170",
        b"%%EOF",
        b"",
    ]
)


@cache
def sealed() -> bytes:
    return seal(PLAIN, OWN, reason="Issued through SERS", name="SERS")


def look(body: bytes) -> Examined:
    return Examined(**examine(body, certificates=KNOWN))


def test_a_sealed_file_is_whole_and_keeps_its_mark() -> None:
    found = look(sealed())
    assert found.is_pdf
    assert found.is_sealed
    assert found.is_whole
    assert found.mark == "MARK"
    assert found.certificate == OWN.fingerprint


def test_an_unsealed_file_a_stranger_s_seal_and_no_pdf_at_all() -> None:
    assert look(PLAIN) == Examined(is_pdf=True, mark="MARK")
    strange = look(seal(PLAIN, STRANGER, reason="Issued through SERS", name="SERS"))
    assert (strange.is_sealed, strange.is_whole) == (False, False)
    assert look(b"<html>") == look(b"") == Examined()


def test_a_former_certificate_is_known_when_it_is_named() -> None:
    both = [STRANGER.certificate.decode(), *KNOWN]
    assert examine(sealed(), certificates=both)["is_whole"]


def test_every_flip_of_a_sample_breaks_the_seal() -> None:
    """Anywhere in the file, and more of them in the signature's own wrapping, which nothing signs."""
    body = sealed()
    gap = re.search(rb"<[0-9A-F]{1000,}>", body)
    assert gap is not None
    dice = random.Random(2026)
    places = [dice.randrange(len(body)) for _ in range(60)]
    places += [dice.randrange(gap.start(), gap.start() + 1600) for _ in range(60)]
    places += [gap.start(), gap.end() - 1, gap.end() - 2, 0, 7, len(body) - 1]
    for at in places:
        changed = bytearray(body)
        changed[at] ^= dice.randrange(1, 256)
        assert not look(bytes(changed)), at


@pytest.mark.parametrize(
    "change",
    [
        lambda body: body + b"\n",
        lambda body: body + b"%PDF-1.7\n%%EOF\n",
        lambda body: body[:-1],
        lambda body: re.sub(rb"<[0-9A-F]{1000,}>", lambda found: found[0].lower(), body),
        lambda body: body.replace(b"(SERS)", b"(SERX)"),
        lambda body: body.replace(b"00>", b"01>"),
    ],
    ids=["a line more", "another file behind it", "cut", "small letters", "a name", "the padding"],
)
def test_what_is_added_cut_or_written_otherwise_is_not_whole(change: object) -> None:
    assert callable(change)
    body = change(sealed())
    assert body != sealed()
    assert not look(body)


def test_a_page_added_later_is_not_whole() -> None:
    """An update behind the signature leaves the signed bytes as they were; the certification forbids it all the same."""
    from pyhanko.pdf_utils.generic import NameObject
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    writer = IncrementalPdfFileWriter(BytesIO(sealed()))
    writer.root[NameObject("/Lang")] = NameObject("/de")
    writer.update_root()
    out = BytesIO()
    writer.write(out)
    found = look(out.getvalue())
    assert out.getvalue().startswith(sealed())
    assert found.is_sealed
    assert not found.is_whole


def test_the_demo_seal_is_the_same_each_time() -> None:
    demo_seal.cache_clear()
    assert demo_seal("for tests", "SERS tests") == OWN
    assert sealing.fingerprint(OWN.certificate) == OWN.fingerprint
