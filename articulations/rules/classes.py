"""What a class of a high school is: who reads and keeps it, the codes CEDARS knows it by, and what a change of it is.

CEDARS is the data system of schools of the State's Office of Superintendent of Public Instruction (OSPI). Its file of
courses (D, Course Catalog) names a class by the codes of its district and school, by the Course ID of the district's
own system and by the State Course Code.
"""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Final
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q

from accounts.access import Role, has_role, seats, stands_on
from accounts.models import User
from articulations.models import CareerCluster, HighSchoolCourse, HighSchoolCourseQuerySet, cip_in_words
from articulations.rules.courses import fact_of, outcomes_typed, read_cip
from organizations.models import SchoolDistrict
from sers.lib.sheets import fingerprint

#: Who changes what a class is: its district, the district's consortium and the State.
KEEPS_CLASSES: Final = (Role.DISTRICT, Role.CONSORTIUM, Role.STATE)
#: Who reads it on a page of its own; everybody finds its agreements in Search Articulations.
READS_CLASSES: Final = (*KEEPS_CLASSES, Role.TEACHER, Role.COUNSELOR, Role.FACULTY, Role.REGISTRAR)
#: What of a class may change, in the words of a change. Agreements rest on its school and title: those stay.
CLASS_FIELDS: Final[Mapping[str, str]] = {
    "local_code": "Course ID",
    "state_code": "State course code",
    "cip": "CIP code",
    "cluster": "Career cluster",
    "high_school_credits": "High-school credits",
    "competencies": "Competencies",
}
#: The kinds of event that say what of a class was changed.
CLASS_CHANGES: Final = ("articulations.class_changed", "articulations.preparation_said")
LONGEST_COURSE_ID: Final = 30
LONGEST_COMPETENCY: Final = 300
_STATE_CODE: Final = re.compile(r"[0-9A-Z]{5,6}")


def classes_kept(user: User | AnonymousUser) -> HighSchoolCourseQuerySet:
    """The classes a person keeps: those of their district, of their consortium's districts; the State's, every one."""
    if has_role(user, Role.STATE):
        return HighSchoolCourse.objects.all()
    districts = [seat.anchor for seat in seats(user, Role.DISTRICT)]
    consortia = [seat.anchor for seat in seats(user, Role.CONSORTIUM)]
    of_consortia = SchoolDistrict.objects.filter(consortia__in=consortia).order_by().values("pk")
    return HighSchoolCourse.objects.filter(
        Q(school__district__in=districts) | Q(school__district__in=of_consortia)
    )


def classes_read(user: User | AnonymousUser) -> HighSchoolCourseQuerySet:
    """The classes a person reads with their codes: those they keep, those of their school, and those an agreement joins
    with their college or consortium."""
    if has_role(user, Role.STATE):
        return HighSchoolCourse.objects.all()
    schools = [seat.school_id for seat in seats(user, Role.TEACHER, Role.COUNSELOR)]
    colleges = [seat.anchor for seat in seats(user, Role.FACULTY, Role.REGISTRAR)]
    consortia = [seat.anchor for seat in seats(user, Role.CONSORTIUM)]
    joined = HighSchoolCourse.objects.filter(
        Q(articulated__articulation__college__in=colleges)
        | Q(articulated__articulation__consortium__in=consortia)
    )
    return HighSchoolCourse.objects.filter(
        Q(school__in=schools)
        | Q(pk__in=joined.order_by().values("pk"))
        | Q(pk__in=classes_kept(user).order_by().values("pk"))
    )


def classes_of(user: User | AnonymousUser, lines: Iterable[Mapping[str, Any]]) -> dict[UUID, str]:
    """The classes these lines of agreements name which the person reads on a page of its own: title by public id."""
    if not has_role(user, *READS_CLASSES):
        return {}
    keys = {line["high_school_course_id"] for line in lines}
    found = classes_read(user).filter(pk__in=keys).order_by("folded", "pk")
    return dict(found.values_list("public_id", "title"))


def keeps_class(user: User, taught: HighSchoolCourse) -> bool:
    """A class is kept by its district, the consortia of the district and the State."""
    return keeps_classes_of(user, taught.school.district)


def keeps_classes_of(user: User, district: SchoolDistrict) -> bool:
    """Whoever keeps the classes of a district: its users, its consortia and the State."""
    if has_role(user, Role.STATE) or stands_on(user, Role.DISTRICT, district.pk):
        return True
    ids = [seat.anchor for seat in seats(user, Role.CONSORTIUM)]
    return bool(ids) and district.consortia.filter(pk__in=ids).exists()


def districts_kept(user: User) -> list[SchoolDistrict]:
    """The districts whose classes a person keeps, by name."""
    if has_role(user, Role.STATE):
        return list(SchoolDistrict.objects.order_by("name"))
    own = [seat.anchor for seat in seats(user, Role.DISTRICT)]
    consortia = [seat.anchor for seat in seats(user, Role.CONSORTIUM)]
    found = SchoolDistrict.objects.filter(Q(pk__in=own) | Q(consortia__in=consortia))
    return list(found.distinct().order_by("name"))


# --- What it is, and what changed -------------------------------------------------------------------------


def class_facts(taught: HighSchoolCourse) -> dict[str, str]:
    """What a class is, as text; its cluster by its key."""
    facts = {field: getattr(taught, field) for field in CLASS_FIELDS}
    return {field: fact_of(value) for field, value in {**facts, "cluster": taught.cluster_id}.items()}


def class_seen(taught: HighSchoolCourse) -> str:
    """The fingerprint of what a page shows of a class: who saved something else meanwhile is not overwritten."""
    return fingerprint("\n".join(class_facts(taught).values()).encode())


def set_class_facts(taught: HighSchoolCourse, facts: Mapping[str, str]) -> None:
    """Put these facts into the row."""
    for field, text in facts.items():
        if field == "cluster":
            taught.cluster_id = int(text) if text else None
        elif field == "high_school_credits":
            taught.high_school_credits = Decimal(text) if text else None
        else:
            setattr(taught, field, text)


def class_changes(before: Mapping[str, str], now: Mapping[str, str]) -> list[dict[str, str]]:
    """What differs, field by field, before and after; what `now` does not name stays."""
    return [
        {"name": name, "was": _in_words(field, before[field]), "is_now": _in_words(field, now[field])}
        for field, name in CLASS_FIELDS.items()
        if field in now and before[field] != now[field]
    ]


def _in_words(field: str, text: str) -> str:
    if field == "cip":
        return cip_in_words(text)
    if field != "cluster" or not text:
        return text
    return CareerCluster.objects.get(pk=text).name


# --- How it is typed --------------------------------------------------------------------------------------


def read_course_id(typed: str) -> str:
    """The Course ID of a district's own system, as it was typed. Raises ValueError in words."""
    code = " ".join(typed.split())
    if len(code) > LONGEST_COURSE_ID:
        raise ValueError(f"Shorten the Course ID to {LONGEST_COURSE_ID} letters.")
    return code


def read_state_code(typed: str) -> str:
    """A State Course Code: five digits, of some six characters. Raises ValueError in words."""
    code = typed.replace(" ", "").upper()
    if code and not _STATE_CODE.fullmatch(code):
        raise ValueError("Enter the state course code, for example 12104.")
    return code


def read_high_school_credits(typed: str) -> str:
    """High-school credits of the whole class, from 0.25 to 3, as text; empty where not known. Raises ValueError in words."""
    if not typed.strip():
        return ""
    try:
        credits = Decimal(typed.strip().replace(",", "."))
    except InvalidOperation:
        credits = Decimal("NaN")
    if not credits.is_finite() or not Decimal("0.25") <= credits <= 3 or credits != round(credits, 2):
        raise ValueError("Enter high-school credits from 0.25 to 3, for example 0.5 or 1.")
    return fact_of(credits)


def read_competencies(typed: str) -> str:
    """Competencies, one a line, each once. Raises ValueError in words."""
    found = outcomes_typed(typed)
    if any(len(one) > LONGEST_COMPETENCY for one in found):
        raise ValueError(f"Shorten each competency to {LONGEST_COMPETENCY} letters.")
    return "\n".join(found)


def read_class_fact(field: str, typed: Any) -> str:
    """One fact of a class as it was typed, in a form or in a cell of a sheet. Raises ValueError in words."""
    readers = {
        "local_code": read_course_id,
        "state_code": read_state_code,
        "cip": read_cip,
        "high_school_credits": read_high_school_credits,
        "competencies": read_competencies,
    }
    return readers[field](str(typed))
