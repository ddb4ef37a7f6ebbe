"""A QR code as one path of an SVG: no picture in an address, which the policy of content forbids."""

from dataclasses import dataclass

import segno


@dataclass(frozen=True, slots=True)
class QRPicture:
    """The dark squares as a path, and how many squares a side has."""

    modules: str
    size: int

    @property
    def box(self) -> str:
        """The view box: the squares, and the four empty ones around that a camera needs."""
        return f"-4 -4 {self.size + 8} {self.size + 8}"

    @property
    def ground(self) -> str:
        """The white below the squares, as a path."""
        return f"M-4-4h{self.size + 8}v{self.size + 8}h-{self.size + 8}z"


def qr_picture(text: str) -> QRPicture:
    """The picture of this text; it can be read when a seventh of it is dirty or torn."""
    code = segno.make_qr(text, error="m")
    modules = "".join(
        f"M{x} {y}h1v1h-1z" for y, row in enumerate(code.matrix) for x, dark in enumerate(row) if dark
    )
    return QRPicture(modules, len(code.matrix))
