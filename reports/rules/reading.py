"""Who reads which figures: their own places in full, everything else as it is published."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from accounts.access import HeldSeat, Role, seats
from accounts.models import User
from articulations.models import CareerCluster
from organizations.models import AcademicYear, College, Consortium, HighSchool, SchoolDistrict
from reports.models import Figure, Figures
from reports.rules.figures import Key
from sers.lib.refusal import Refusal
from students.models import Registration, StatedPurpose, Student

Area = Figure.Area
By = Figure.By
Kind = Figures.Kind

#: The seats whose people read figures.
READERS: Final = (
    Role.COUNSELOR, Role.DISTRICT, Role.FACULTY, Role.REGISTRAR, Role.CONSORTIUM, Role.STATE,
)  # fmt: skip
PLACES: Final[dict[str, Any]] = {
    Area.CONSORTIUM: Consortium, Area.COLLEGE: College, Area.DISTRICT: SchoolDistrict, Area.SCHOOL: HighSchool,
}  # fmt: skip
#: A seat of this role sees every registration counted in its place, one by one. Faculty see none.
SEES: Final = {
    Role.COUNSELOR: Area.SCHOOL, Role.DISTRICT: Area.DISTRICT, Role.REGISTRAR: Area.COLLEGE,
    Role.CONSORTIUM: Area.CONSORTIUM,
}  # fmt: skip
#: A year is over, its summer's transcription too, when letters have been out for two weeks.
PUBLISHED_FROM: Final = (9, 15)
#: Counting takes some seconds of everybody's database.
COUNTED_AGAIN_AFTER: Final = timedelta(minutes=10)
NOT_TOLD: Final[dict[str, str]] = {By.CLUSTER: "No cluster given", By.GRADE: "Another grade level"}


@dataclass(frozen=True, slots=True)
class Place:
    """What figures are of: the State, a consortium, college, district or school."""

    area: str
    pk: int
    public_id: str
    name: str

    @property
    def key(self) -> str:
        """As it stands in an address: `college.6f1c...`, `state`."""
        return f"{self.area}.{self.public_id}" if self.public_id else self.area


STATE: Final = Place(Area.STATE, 0, "", "Washington State")


def is_to_publish(year: AcademicYear, on: date) -> bool:
    """A school year is published from September 15 after its summer on."""
    return on >= date(year.first_year + 1, *PUBLISHED_FROM)


def years_to_count(on: date) -> list[AcademicYear]:
    """The school years a night counts: this one and the last, and every other that has registrations and no figures."""
    this = AcademicYear.objects.on(on)
    counted = Figures.objects.first_years(Kind.FULL)
    recent = (this.first_year, this.first_year - 1)
    with_registrations = AcademicYear.objects.filter(pk__in=Registration.objects.order_by().values("year"))
    return [
        year
        for year in with_registrations.order_by("-first_year")
        if year.first_year in recent or year.first_year not in counted
    ]


def why_not_count(user: User, known: Figures | None, *, now: datetime) -> Refusal | None:
    """Who reads some figures in full may have them counted again, ten minutes after the last time."""
    if not any(seat.role in SEES for seat in seats(user)) and not sees_all(user):
        return Refusal(
            "not_yours", "Figures are counted again for those who read them in full.", "They are every night."
        )
    if known is not None and known.counted_at + COUNTED_AGAIN_AFTER > now:
        return Refusal(
            "just_counted",
            "These figures were counted less than ten minutes ago.",
            "Ask again a little later.",
        )
    return None


def sees_all(user: User) -> bool:
    """People of the State read everything in full while the purpose they stated holds."""
    return bool(seats(user, Role.STATE)) and StatedPurpose.objects.standing(user) is not None


def reads_in_full(user: User, place: Place) -> bool:
    """Figures in full are for those who may see each student counted in them; a district's people see its schools."""
    held = seats(user)
    if any(SEES.get(seat.role) == place.area and seat.anchor == place.pk for seat in held):
        return True
    districts = [seat.anchor for seat in held if seat.role == Role.DISTRICT]
    if (
        place.area == Area.SCHOOL
        and districts
        and HighSchool.objects.filter(pk=place.pk, district__in=districts).exists()
    ):
        return True
    return sees_all(user)


def place_named(text: str) -> Place | None:
    """The place of an address, `state` or `college.6f1c...`; None when there is none such."""
    if text == Area.STATE:
        return STATE
    area, _, key = text.partition(".")
    if area not in PLACES:
        return None
    try:
        public_id = uuid.UUID(key)
    except ValueError:
        return None
    found = PLACES[area].objects.filter(public_id=public_id).values_list("pk", "name").first()
    return None if found is None else Place(area, found[0], str(public_id), found[1])


def _places(area: str, rows: Any) -> list[Place]:
    listed = rows.order_by("name").values_list("pk", "public_id", "name")
    return [Place(area, pk, str(key), name) for pk, key, name in listed]


def own_places(held: Sequence[HeldSeat]) -> list[Place]:
    """The places whose figures the person's seats read in full; at most two queries a kind of place."""
    anchors: dict[str, list[int]] = {}
    for seat in held:
        if seat.role in SEES:
            anchors.setdefault(SEES[seat.role], []).append(seat.anchor)
    found = [
        place
        for area, ids in anchors.items()
        for place in _places(area, PLACES[area].objects.filter(pk__in=ids))
    ]
    if Area.DISTRICT in anchors:
        found += _places(Area.SCHOOL, HighSchool.objects.filter(district__in=anchors[Area.DISTRICT]))
    return list(dict.fromkeys(found))


Choices = list[tuple[str, Any]]


def place_choices(own: Sequence[Place], chosen: Place) -> Choices:
    """The places to choose from: one's own, the State, consortia and colleges, and the one that is looked at."""
    groups = {
        "Yours": list(own),
        "All": [STATE],
        "Consortia": _places(Area.CONSORTIUM, Consortium.objects.all()),
        "Colleges": _places(Area.COLLEGE, College.objects.all()),
    }
    offered: set[str] = set()
    choices: Choices = []
    for name, places in groups.items():
        options = [(one.key, one.name) for one in places if one.key not in offered]
        offered |= {key for key, _ in options}
        if options:
            choices.append((name, options))
    if chosen.key not in offered:
        choices.insert(0, ("Shown now", [(chosen.key, chosen.name)]))
    return choices


def public_keys(area: str, values: Iterable[str]) -> dict[str, str]:
    """The address of each place of these ids: `{"7": "college.6f1c..."}`."""
    if area not in PLACES:
        return {}
    ids = [int(value) for value in values if value.isdigit()]
    rows = PLACES[area].objects.filter(pk__in=ids).order_by().values_list("pk", "public_id")
    return {str(pk): f"{area}.{key}" for pk, key in rows}


class Names:
    """What groups are called while figures are written: each kind of name is asked for once."""

    def __init__(self) -> None:
        self._known: dict[str, dict[str, str]] = {}

    def of(self, key: Key) -> str:
        """The name of a group; empty where several stand together."""
        if key.by == By.WHOLE or not key.value:
            return ""
        if key.by not in self._known:
            self._known[key.by] = self._asked(key.by)
        return self._known[key.by].get(key.value) or NOT_TOLD.get(
            key.by, key.value if key.by == By.COURSE else "Not given"
        )

    def _asked(self, by: str) -> dict[str, str]:
        if by in PLACES:
            rows = PLACES[by].objects.order_by().values_list("pk", "name")
            return {str(pk): name for pk, name in rows}
        if by == By.CLUSTER:
            return {str(pk): name for pk, name in CareerCluster.objects.order_by().values_list("pk", "name")}
        if by == By.GENDER:
            return {value: str(label) for value, label in Student.Gender.choices}
        if by == By.ETHNICITY:
            return {value: str(label) for value, label in Student.Ethnicity.choices}
        return {str(grade): f"Grade {grade}" for grade in (9, 10, 11, 12)} if by == By.GRADE else {}
