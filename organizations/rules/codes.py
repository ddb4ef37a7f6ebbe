"""The codes by which CEDARS, the State's data system of schools, knows districts and schools."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from accounts.access import Role, has_role
from accounts.models import User
from organizations.models import HighSchool, SchoolDistrict
from sers.lib.sheets import fingerprint

DIGITS: Final = {SchoolDistrict: 5, HighSchool: 4}


def keeps_codes(user: User) -> bool:
    """The State keeps the codes of districts and schools: OSPI gives them out."""
    return has_role(user, Role.STATE)


def read_code(typed: str, digits: int) -> str:
    """So many digits, or nothing. Raises ValueError in words."""
    code = "".join(typed.split())
    if code and not re.fullmatch(rf"[0-9]{{{digits}}}", code, re.ASCII):
        example = "03017" if digits == 5 else "2531"
        words = {4: "four", 5: "five"}[digits]
        raise ValueError(f"Enter the {words} digits of the code, for example {example}.")
    return code


def codes_seen(district: SchoolDistrict, schools: Sequence[HighSchool]) -> str:
    """The fingerprint of what a page shows of a district's codes: who saved others meanwhile is not overwritten."""
    return fingerprint("\n".join([district.ospi_code, *(one.ospi_code for one in schools)]).encode())


def given_twice(codes: Mapping[HighSchool, str]) -> tuple[HighSchool, HighSchool] | None:
    """The first two schools of a district that would have one code, the later of them last."""
    before: dict[str, HighSchool] = {}
    for school, code in codes.items():
        if code and code in before:
            return before[code], school
        before[code] = school
    return None
