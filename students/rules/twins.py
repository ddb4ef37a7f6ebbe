"""When two records are one person: a pure rule over names and birth dates, as people really write them."""

from dataclasses import dataclass
from datetime import date
from enum import Enum
from functools import cache
from typing import Final

from sers.lib.folding import fold

#: Short and familiar forms of given names, one line a name. From common English and Spanish use; a line says that
#: its names may be one person's, not that they are.
GIVEN_NAMES: Final = """
alexander alex alec xander sasha
alejandro alex alejo jandro
alexandra alex lexi sandra sasha
andrew andy drew
anthony tony
antonio tony tono
benjamin ben benny
catherine cathy kate katie katherine kathy kathryn
charles charlie chuck
christina chris christy tina
christopher chris topher
daniel dan danny dani
david dave davey
edward ed eddie ned ted
elizabeth beth betsy eliza lisa liz lizzie betty
emmanuel manny manuel
francisco frank paco pancho
gabriel gabe
gabriela gabby
gregory greg
guadalupe lupe lupita
guillermo memo
ignacio nacho
isabel isa bella
isabella bella izzy
jacob jake
james jamie jim jimmy
jennifer jen jenna jenny
jesus chuy
john jack johnny jon
jonathan jon jonny nathan
jose pepe joe
joseph joe joey
joshua josh
kimberly kim
lawrence larry
margaret maggie meg peggy
maria mary mari
matthew matt
michael mike mikey
nathaniel nate nathan
nicholas nick nico
nicole nicky nikki
patricia pat patty tricia
patrick pat
rebecca becca becky
richard dick rich rick ricky
robert bob bobby rob robbie
rosario chayo
samantha sam
samuel sam sammy
stephanie steph
steven stephen steve
susan sue susie
theodore ted teddy theo
thomas tom tommy
timothy tim timmy
victoria tori vicky
william bill billy liam will
zachary zach zack
"""
#: Parts of a surname that come and go: "de la Cruz" is also entered as "Cruz".
PARTICLES: Final = frozenset(
    [
        "al",
        "bin",
        "da",
        "das",
        "de",
        "del",
        "der",
        "di",
        "do",
        "dos",
        "el",
        "la",
        "las",
        "los",
        "van",
        "von",
        "y",
    ]
)


class Likeness(Enum):
    """How sure it is that two records are one person's."""

    SAME = "the same name and birth date"
    LIKELY = "nearly the same name or birth date"
    NONE = "two people"


@dataclass(frozen=True, slots=True)
class Person:
    """What two records are compared by."""

    first_name: str
    last_name: str
    birth_date: date
    former_names: str = ""
    school_id: int | None = None


def likeness(one: Person, other: Person) -> Likeness:
    """Are two records one person's?

    The same: equal birth dates, and equal names, folded, whatever the order of surnames, a hyphen, a short form of
    the given name, or first and last name exchanged. Likely: one of the two is only near, a birth date with day and
    month exchanged or one digit off, a part of the surname, a former name. With both only near, it takes one school.
    """
    names, dates = _names(one, other), _dates(one.birth_date, other.birth_date)
    if Likeness.NONE in (names, dates):
        return Likeness.NONE
    if names is dates is Likeness.SAME:
        return Likeness.SAME
    if Likeness.SAME in (names, dates):
        return Likeness.LIKELY
    here = one.school_id is not None and one.school_id == other.school_id
    return Likeness.LIKELY if here else Likeness.NONE


def near_dates(day: date) -> list[date]:
    """Every date that a slip of the hand makes of this one: day and month exchanged, or one digit another one."""
    found = {_date(day.year, day.day, day.month)}
    text = day.isoformat().replace("-", "")
    for at in range(len(text)):
        for digit in "0123456789":
            slip = text[:at] + digit + text[at + 1 :]
            found.add(_date(int(slip[:4]), int(slip[4:6]), int(slip[6:])))
    return sorted(one for one in found if one is not None and one != day)


def name_parts(*names: str) -> list[str]:
    """The parts of names of which two records of one person share one at least."""
    return sorted(_parts(*names))


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _dates(one: date, other: date) -> Likeness:
    if one == other:
        return Likeness.SAME
    if (one.year, one.month, one.day) == (other.year, other.day, other.month):
        return Likeness.LIKELY
    digits = sum(a != b for a, b in zip(one.isoformat(), other.isoformat(), strict=True))
    return Likeness.LIKELY if digits == 1 else Likeness.NONE


def _names(one: Person, other: Person) -> Likeness:
    if _parts(one.first_name, one.last_name) == _parts(other.first_name, other.last_name):
        return Likeness.SAME  # "Marisol" "Vega", or "Vega" "Marisol"
    given = _given(one.first_name, other.first_name)
    family = _family(one, other)
    if Likeness.NONE in (given, family):
        return Likeness.NONE
    return Likeness.SAME if given is family is Likeness.SAME else Likeness.LIKELY


def _given(one: str, other: str) -> Likeness:
    """One given name: equal, a known short form; near when one only begins the other."""
    mine, theirs = fold(one).split(), fold(other).split()
    if not mine or not theirs:
        return Likeness.NONE
    if mine == theirs or _forms(mine[0]) & _forms(theirs[0]):
        return Likeness.SAME
    short, long = sorted((mine[0], theirs[0]), key=len)
    return Likeness.LIKELY if len(short) >= 3 and long.startswith(short) else Likeness.NONE


def _family(one: Person, other: Person) -> Likeness:
    """One surname: the same parts in any order; near when it is a part of the other, or a former one."""
    mine, theirs = _parts(one.last_name), _parts(other.last_name)
    if mine == theirs:
        return Likeness.SAME
    if mine and theirs and (mine <= theirs or theirs <= mine):
        return Likeness.LIKELY
    known = mine <= _parts(other.former_names) or theirs <= _parts(one.former_names)
    return Likeness.LIKELY if mine and theirs and known else Likeness.NONE


def _parts(*names: str) -> frozenset[str]:
    return frozenset(part for name in names for part in fold(name).split() if part not in PARTICLES)


@cache
def _forms(name: str) -> frozenset[str]:
    """The lines of the list this name stands in, by their first name; itself at least."""
    lines = (line.split() for line in GIVEN_NAMES.strip().splitlines())
    return frozenset({name, *(line[0] for line in lines if name in line)})
