"""A picture somebody handed in, drawn anew: nothing of the file is kept but what can be seen.

Run it in `sers.lib.confined`: a picture of a few bytes can ask for gigabytes.
"""

from base64 import b64encode
from io import BytesIO
from typing import Any, Final

#: The largest picture that is looked at, in pixels a side.
MOST_SIDE: Final = 4000


def redrawn(body: bytes, *, width: int, height: int) -> dict[str, Any]:
    """The picture as a PNG no larger than this many pixels, in base 64; or why not: `kind`, `size` or `broken`."""
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(BytesIO(body), formats=("PNG", "JPEG")) as picture:
            if max(picture.size) > MOST_SIDE or min(picture.size) < 1:
                return {"why": "size"}
            plain = picture.convert("RGBA")
    except UnidentifiedImageError:
        return {"why": "kind"}
    except Exception:  # what a hostile picture raises is as many-sided as its makers
        return {"why": "broken"}
    plain.thumbnail((width, height))
    fresh = Image.new("RGBA", plain.size, "white")
    fresh.alpha_composite(plain)
    file = BytesIO()
    fresh.convert("RGB").save(file, "PNG", optimize=True)
    return {"png": b64encode(file.getvalue()).decode()}
