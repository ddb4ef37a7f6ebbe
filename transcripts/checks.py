"""Is everything there that documents are made with? Asked at start, without loading WeasyPrint."""

import ctypes
from collections.abc import Iterable
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, Warning, register  # noqa: A004 - Django's name

#: Libraries of the system, by the file that is loaded, and the Debian package that brings each.
NEEDED = {"libpango-1.0.so.0": "libpango-1.0-0", "libpangoft2-1.0.so.0": "libpangoft2-1.0-0"}
SUBSET = {"libharfbuzz-subset.so.0": "libharfbuzz-subset0"}


def loads(library: str) -> bool:
    """Can this library of the system be loaded?"""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def missing(libraries: dict[str, str]) -> list[str]:
    """The packages of the libraries that cannot be loaded."""
    return [package for library, package in libraries.items() if not loads(library)]


@register(Tags.compatibility)
def check_documents(app_configs: Any = None, **_: Any) -> Iterable[CheckMessage]:
    """WeasyPrint cannot be imported without Pango; without HarfBuzz's subsetter a document costs four times as much."""
    if packages := missing(NEEDED):
        yield Error(
            "Transcripts cannot be made: Pango is missing.",
            hint=f"Install the system packages {' '.join([*packages, *missing(SUBSET)])}.",
            id="transcripts.E001",
        )
    elif packages := missing(SUBSET):
        yield Warning(
            "Every transcript takes four times as long: HarfBuzz's subsetter is missing.",
            hint=f"Install the system package {' '.join(packages)}.",
            id="transcripts.W001",
        )
