"""A picture is drawn anew: what is kept is what can be seen."""

from base64 import b64decode
from io import BytesIO

import pytest
from PIL import Image, PngImagePlugin

from sers.lib.confined import confined


def picture(width: int = 1200, height: int = 300, kind: str = "PNG", **extra: object) -> bytes:
    file = BytesIO()
    Image.new("RGBA" if kind == "PNG" else "RGB", (width, height), "teal").save(file, kind, **extra)
    return file.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_it_is_a_small_png_without_anything_else(kind: str) -> None:
    facts = PngImagePlugin.PngInfo()
    facts.add_text("Comment", "<script>alert(1)</script>")
    body = picture(kind=kind, **({"pnginfo": facts} if kind == "PNG" else {}))
    drawn = b64decode(confined("sers.lib.pictures:redrawn", body, width=520, height=320)["png"])
    with Image.open(BytesIO(drawn)) as found:
        assert found.format == "PNG"
        assert found.size == (520, 130)
        assert found.info == {}
    assert b"script" not in drawn


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "kind"),
        (b"GIF89a" + bytes(40), "kind"),
        (picture(4001, 1), "size"),
        (picture()[:200], "broken"),
        (b"", "kind"),
    ],
    ids=["svg", "gif", "wide", "cut", "empty"],
)
def test_what_is_no_picture_of_ours_is_told(body: bytes, why: str) -> None:
    # In the child, as views do: other libraries let this process draw what is cut short.
    assert confined("sers.lib.pictures:redrawn", body, width=520, height=320) == {"why": why}
