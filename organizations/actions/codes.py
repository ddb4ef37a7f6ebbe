"""The codes of a district and its schools."""

from collections.abc import Mapping

from django.db import transaction

from accounts.actions import record_event
from accounts.models import User
from organizations import rules
from organizations.models import HighSchool, SchoolDistrict
from sers.lib.locks import one_at_a_time
from sers.lib.refusal import Refusal, Refused


def set_codes(
    *, district: SchoolDistrict, code: str, schools: Mapping[HighSchool, str], seen: str, by: User
) -> int:
    """Set the code of a district and those of its schools, all of them or none; each with its event: who, what was, what
    is. How many changed.

    `seen` is `rules.codes_seen` of the page: who saved others meanwhile is not overwritten. Refused where another
    district has the code, or two schools would have one.
    """
    if not rules.keeps_codes(by):
        raise Refused(Refusal("not_yours", "The State keeps the codes of districts and schools."))
    with transaction.atomic():
        one_at_a_time("codes of districts")
        district = SchoolDistrict.objects.get(pk=district.pk)
        stand = {one.pk: one for one in HighSchool.objects.of_district(district)}
        if seen != rules.codes_seen(district, list(stand.values())):
            raise Refused(
                Refusal(
                    "meanwhile",
                    "Somebody else has changed these codes meanwhile.",
                    "Your codes are still here. Compare them with those that stand, and save again if they are right.",
                )
            )
        other = (
            SchoolDistrict.objects.filter(ospi_code=code).exclude(pk=district.pk).first() if code else None
        )
        if other is not None:
            raise Refused(Refusal("district_code_taken", f"{other} has {code}.", "Correct one of the two."))
        twice = rules.given_twice(schools)
        if twice is not None:
            first, second = twice
            raise Refused(
                Refusal(
                    "school_code_twice",
                    f"{first} and {second} would have the same code.",
                    "Correct one of the two.",
                )
            )
        wanted: list[tuple[SchoolDistrict | HighSchool, str]] = [(district, code)]
        wanted += [(stand[one.pk], given) for one, given in schools.items()]
        # First emptied, so that two schools can change places.
        was = {place: place.ospi_code for place, given in wanted if place.ospi_code != given}
        HighSchool.objects.filter(pk__in=[one.pk for one in was if isinstance(one, HighSchool)]).update(
            ospi_code=""
        )
        for place, given in wanted:
            if place in was:
                place.ospi_code = given
                place.save(update_fields=("ospi_code",))
                data = {"was": was[place], "is_now": given}
                record_event(by=by, kind="organizations.code_set", subject=place, data=data)
    return len(was)
