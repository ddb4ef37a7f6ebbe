"""Where else a class is articulated: agreements of other consortia, ranked by likeness of content, then by how near.

The rank is told in words, because a person decides by it (domain: the director recommends the best match of competencies,
as near as possible).
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext as _

from articulations.models import (
    LANGUAGE,
    AlignmentRow,
    Articulation,
    ArticulationCourse,
    ArticulationRequest,
    RequestVersion,
    StepKind,
)
from organizations.models import Consortium
from organizations.rules import counties_beside, esd_of
from sers.lib.folding import fold
from sers.lib.lexemes import lexemes_of

#: So many alternatives are enough to choose from; on a page of something else the first few.
MOST_ALTERNATIVES: Final = 20
FIRST_FEW: Final = 5
#: A CIP code as people type it: two, four or six digits, with or without the dot.
CIP_TYPED: Final = re.compile(r"(?<![\w.])\d{2}(?:\.?\d{2}(?:\d{2})?)?(?![\w.])")
#: Two outcomes say the same when so large a share of their words is common.
SAME_OUTCOME: Final = 0.5


@dataclass(frozen=True, slots=True)
class Sought:
    """What is looked for: a class by its words and CIP code, not in these consortia, near these counties."""

    words: str
    cip: str = ""
    consortia: Collection[int] = ()
    counties: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Alternative:
    """One college course that a class like it counts toward elsewhere, and why it stands where it stands."""

    line: Mapping[str, Any]
    reasons: Sequence[str]


def sought_of(words: str, *, consortia: Collection[int], counties: Collection[str] = ()) -> Sought:
    """What somebody typed to search articulations by: a number of two, four or six digits is a CIP code. Without a
    county of one's own, near is where the consortium's districts are."""
    cips = [one.replace(".", "") for one in CIP_TYPED.findall(words)]
    words = CIP_TYPED.sub(" ", words)
    near = counties or list(
        Consortium.objects.filter(pk__in=list(consortia))
        .order_by()
        .values_list("districts__county", flat=True)
        .distinct()
    )
    return Sought(words, cips[0] if cips else "", tuple(consortia), tuple(filter(None, near)))


def sought_by(asked: ArticulationRequest, content: Mapping[str, Any]) -> Sought:
    """What a request asks for, as far as it is written: its class and competencies, not in its own consortium, near its
    school."""
    named = [one["title"] for one in content.get("courses", ())]
    words = [content.get("title", "") or asked.title, *(content.get("competencies") or named)]
    return Sought(
        "\n".join(words), content.get("cip", ""), (asked.consortium_id,), (asked.school.district.county,)
    )


def alternatives_to(sought: Sought, on: date, *, most: int = MOST_ALTERNATIVES) -> list[Alternative]:
    """What is articulated elsewhere, the best first: each college course once, by its most alike and nearest class.

    A match is counted in points: up to three for the CIP code (six, four, two digits the same), up to four for words
    (nine tenths, half, a quarter, a tenth of one's own are in the competencies or in the course). More points come first; of equals the
    nearer, then the one with more words. What has less than half of the points of the best is left out.
    """
    words = lexemes_of(sought.words, LANGUAGE)
    if not words and not sought.cip:
        return []
    found = ArticulationCourse.objects.elsewhere(on, sought.consortia).alike(
        words=words, cip=sought.cip, counties=list(sought.counties), beside=counties_beside(sought.counties)
    )
    lines = list(found[:most])
    return [
        Alternative(line, reasons_of(line, sought, number=len(words)))
        for line in lines
        if 2 * line["match"] >= lines[0]["match"]
    ]


def reasons_of(line: Mapping[str, Any], sought: Sought, *, number: int) -> list[str]:
    """Why an alternative stands where it stands, a sentence each: CIP code, words, place."""
    reasons = []
    cip = f"{sought.cip[:2]}.{sought.cip[2:]}".rstrip(".")
    if line["cip_points"] == 3:
        reasons.append(_("CIP code {cip} is the same.").format(cip=cip))
    elif line["cip_points"] == 2:
        reasons.append(_("The first four digits of the CIP code are the same, {cip}.").format(cip=cip[:5]))
    elif line["cip_points"] == 1:
        reasons.append(_("The first two digits of the CIP code are the same, {cip}.").format(cip=cip[:2]))
    elif sought.cip:
        reasons.append(_("The CIP code is another one."))
    if number and line["in_class"] >= line["in_course"]:
        told = _("Words that are in the class and its competencies: {common} of {number}.")
    else:
        told = _("Words that are in the college course and its outcomes: {common} of {number}.")
    if number:
        reasons.append(told.format(common=line["common"], number=number))
    county = line["county"]
    if len(sought.counties) > 1 and line["distance"] == 0:
        reasons.append(
            _("Taught in {county} County, where the consortium has districts.").format(county=county)
        )
    elif sought.counties and line["distance"] == 0:
        reasons.append(_("Taught in the same county, {county}.").format(county=county))
    elif sought.counties and line["distance"] == 1:
        reasons.append(
            _("Taught in {county} County, of the same educational service district, ESD {esd}.").format(
                county=county, esd=esd_of(county)
            )
        )
    else:
        reasons.append(_("Taught in {county} County.").format(county=county))
    return reasons


# --- The mapping of an agreement, to begin another one with -------------------------------------------------


@dataclass(frozen=True, slots=True)
class CopiedMapping:
    """Which competencies of a class cover which outcomes of a college course, as the faculty of an agreement found."""

    competencies: Sequence[str]
    #: (outcome, the competencies that cover it)
    rows: Sequence[tuple[str, Sequence[str]]]


def source_of(agreement: Articulation) -> RequestVersion | None:
    """What was handed in and approved before an agreement was entered; None where it was entered by hand."""
    found = RequestVersion.objects.filter(asked__agreements=agreement).order_by("-asked", "-number")
    return found.first()


def mapping_of(agreement: Articulation) -> CopiedMapping:
    """The mapping of an agreement: from the review of its request; else what its class and its course list."""
    version = source_of(agreement)
    if version is not None:
        listed: list[str] = version.content.get("competencies", [])
        rows = AlignmentRow.objects.filter(step__version=version, step__kind=StepKind.REVIEW).exclude(
            cover="not"
        )
        told = [
            (row.outcome, [listed[int(one) - 1] for one in row.competencies.split(",") if one.strip()])
            for row in rows.order_by("position")
        ]
        if listed:
            return CopiedMapping(listed, told)
    line = agreement.courses.select_related("high_school_course", "college_course").order_by("id").first()
    if line is None:
        return CopiedMapping((), ())
    competencies = line.high_school_course.competencies.splitlines()
    return CopiedMapping(competencies, [(one, ()) for one in line.college_course.numbered_outcomes])


def covered_by(outcome: str, mapping: CopiedMapping, competencies: Sequence[str]) -> str:
    """The numbers of these competencies that covered an outcome like this one: `1, 3`; empty where none did."""
    numbers = {fold(one): number for number, one in enumerate(competencies, 1)}
    like = max(mapping.rows, key=lambda row: alike(row[0], outcome), default=None)
    if like is None or alike(like[0], outcome) < SAME_OUTCOME:
        return ""
    found = sorted({numbers[fold(one)] for one in like[1] if fold(one) in numbers})
    return ", ".join(map(str, found))


def alike(one: str, other: str) -> float:
    """Which share of the words of two sentences is common: 0 to 1."""
    words, others = set(fold(one).split()), set(fold(other).split())
    return len(words & others) / len(words | others) if words | others else 0.0
