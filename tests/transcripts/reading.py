"""Reading a PDF back: its text by what each font says its glyphs are, its tags, its fonts."""

import io
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pikepdf


def text_of(pdf: bytes) -> str:
    """The text a reader of the file would copy out of it, by the letters each font says its glyphs are."""
    found = []
    with pikepdf.open(io.BytesIO(pdf)) as document:
        for page in document.pages:
            letters = {name: to_unicode(font) for name, font in page.Resources.Font.items()}
            font: dict[int, str] = {}
            for instruction in pikepdf.parse_content_stream(page):
                operator = str(instruction.operator)
                if operator == "Tf":
                    font = letters[str(instruction.operands[0])]
                elif operator in ("TJ", "Tj"):
                    pieces: Any = instruction.operands[0]
                    for piece in pieces if operator == "TJ" else [pieces]:
                        if isinstance(piece, pikepdf.String):
                            glyphs = bytes(piece)
                            found.append(
                                "".join(
                                    font.get(
                                        int.from_bytes(glyphs[at : at + 2], "big"),
                                        "\N{REPLACEMENT CHARACTER}",
                                    )
                                    for at in range(0, len(glyphs), 2)
                                )
                            )
                elif operator == "ET":
                    found.append("\n")
    return "".join(found)


def to_unicode(font: Any) -> dict[int, str]:
    """The table of a font from glyph to letters."""
    table: str = font.ToUnicode.read_bytes().decode("latin-1")
    pairs = re.findall(r"<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>", table.partition("beginbfchar")[2])
    return {int(glyph, 16): bytes.fromhex(letters).decode("utf-16-be") for glyph, letters in pairs}


def tags_of(node: Any) -> Iterator[Any]:
    if isinstance(node, pikepdf.Array):
        for child in node:
            yield from tags_of(child)
    elif isinstance(node, pikepdf.Dictionary) and "/S" in node:
        yield node
        if "/K" in node:
            yield from tags_of(node.K)


def font_file(font: Any) -> bool:
    """Is the font in the file itself?"""
    descriptor = font.DescendantFonts[0].FontDescriptor
    return "/FontFile2" in descriptor or "/FontFile3" in descriptor


def untagged(document: pikepdf.Pdf) -> list[str]:
    """What is painted on some page outside marked content: neither tagged nor an artifact. PDF/UA-1 wants none."""
    painting = {"Tj", "TJ", "'", '"', "Do", "f", "F", "f*", "B", "B*", "b", "b*", "S", "s", "sh", "EI"}
    found = []
    for number, page in enumerate(document.pages, 1):
        depth = 0
        for instruction in pikepdf.parse_content_stream(page):
            operator = str(instruction.operator)
            if operator in ("BDC", "BMC"):
                depth += 1
            elif operator == "EMC":
                depth -= 1
            elif operator in painting and depth == 0:
                found.append(f"page {number}: {operator}")
    return found


@contextmanager
def quiet() -> Iterator[None]:
    """Font libraries warn of their own coming changes; those are not ours to mend."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
