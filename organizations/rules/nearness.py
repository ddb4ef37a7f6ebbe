"""How near two places are: by county, and by educational service district. SERS holds no coordinates."""

from collections.abc import Iterable, Mapping
from typing import Final

#: Washington's nine educational service districts by the counties they serve. A few school districts at a border
#: belong to the neighbour's (North Mason to 114, for one): near enough to say what is near.
ESDS: Final[Mapping[str, tuple[str, ...]]] = {
    "101": ("Adams", "Ferry", "Lincoln", "Pend Oreille", "Spokane", "Stevens", "Whitman"),
    "105": ("Kittitas", "Yakima"),
    "112": ("Clark", "Cowlitz", "Klickitat", "Skamania", "Wahkiakum"),
    "113": ("Grays Harbor", "Lewis", "Mason", "Pacific", "Thurston"),
    "114": ("Clallam", "Jefferson", "Kitsap"),
    "121": ("King", "Pierce"),
    "123": ("Asotin", "Benton", "Columbia", "Franklin", "Garfield", "Walla Walla"),
    "171": ("Chelan", "Douglas", "Grant", "Okanogan"),
    "189": ("Island", "San Juan", "Skagit", "Snohomish", "Whatcom"),
}


def esd_of(county: str) -> str:
    """The number of the educational service district of a county; empty where there is no such county."""
    return next((number for number, counties in ESDS.items() if county in counties), "")


def counties_beside(counties: Iterable[str]) -> list[str]:
    """Every county of the educational service districts of these counties, by name."""
    numbers = {esd_of(county) for county in counties}
    return sorted(county for number in numbers if number for county in ESDS[number])
