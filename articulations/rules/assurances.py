"""Annual Teacher Assurances: who writes the text, who signs it, what a missing one blocks, when one is reminded."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any, Final

from django.db.models import F, Q

from accounts.access import HeldSeat, Role, has_role, seats
from accounts.models import Event, User
from articulations.models import (
    AssuranceText,
    Countersignature,
    Section,
    TeacherAssurance,
    owed_in,
    owed_listed,
)
from articulations.rules.steps import name_in_words
from organizations.models import AcademicYear, College, Seat
from organizations.rules import can_keep_rules
from sers.lib.moments import day, moment
from sers.lib.refusal import Refusal

Side = Countersignature.Side

#: Who reads the work list of assurances: everyone who works above a teacher, where their seats stand.
FOLLOWS: Final = (
    Role.COUNSELOR, Role.DISTRICT, Role.FACULTY, Role.REGISTRAR, Role.CONSORTIUM, Role.STATE,
)  # fmt: skip
#: Who reminds teachers of them.
REMINDS: Final = (Role.DISTRICT, Role.REGISTRAR, Role.CONSORTIUM)
#: Who may be asked to sign beside a teacher: for the district its CTE director or the director of a skills center, for
#: the college who signs there. South Puget Sound asks both, Columbia Basin neither.
COUNTERSIGNS: Final = {
    Side.DISTRICT: (Role.DISTRICT, Role.COUNSELOR),
    Side.COLLEGE: (Role.FACULTY, Role.REGISTRAR),
}
#: One is reminded once in so many days, by people and by SERS together.
REMIND_EVERY: Final = timedelta(days=7)
#: So long before the last day SERS begins to remind by itself.
REMIND_BEFORE: Final = timedelta(days=14)


# --- The text ---------------------------------------------------------------------------------------------


def why_not_write_text(user: User, college: College, text: str) -> Refusal | None:
    """Staff of the college's consortium and its registrar write what teachers assure the college of."""
    if not can_keep_rules(user, college):
        return Refusal(
            "not_in_charge", f"Staff of the consortium of {college} and its registrar write its assurance."
        )
    if not text.strip():
        return Refusal("no_text", "The assurance has no text.", "Write what teachers assure the college of.")
    return None


def assurance_in_words(text: AssuranceText) -> list[tuple[str, str]]:
    """What a version asks beside its words, as pairs of a name and a value."""
    beside = [
        str(side.label).lower() for side in Side if getattr(text, f"{side}_signs")
    ]  # fmt: skip
    return [
        ("Version", str(text.number)),
        ("Sign until", day(text.due_on) if text.due_on else "No last day"),
        ("After the teacher sign", "the " + " and the ".join(beside) if beside else "Nobody"),
        ("Without the assurance", str(AssuranceText.Blocks(text.blocks).label)),
    ]


# --- Signing ----------------------------------------------------------------------------------------------


def why_not_assure(user: User, typed: str, sha256: str, text: AssuranceText) -> Refusal | None:
    """A signature is the name of the account, typed, for the very text that was on the screen."""
    if name_in_words(typed) != name_in_words(user.name):
        return Refusal("other_name", f"Type your name as it stands in your account: {user.name}.")
    if sha256 != text.sha256:
        return Refusal(
            "other_text",
            f"{text.college} has changed the text since you opened it.",
            "Read it again below before you sign.",
        )
    return None


def assurance_intent(text: AssuranceText, school: str, number: str) -> str:
    """What a teacher declares."""
    return (
        f"As teacher of {school} I have read the Annual Teacher Assurance of {text.college} for {text.year}, version "
        f"{text.number}, and give it for agreement {number}. My typed name stands for my signature."
    )


def countersigning_intent(assurance: TeacherAssurance, title: str, place: str) -> str:
    """What the district or the college declares beside a teacher."""
    text = assurance.text
    return (
        f"As {title} for {place} I have read the Annual Teacher Assurance of {text.college} for {text.year}, version "
        f"{text.number}, which {assurance.signed_name} signed for agreement {assurance.articulation}, and sign it too. "
        "My typed name stands for my signature."
    )


def sides_of(user: User) -> list[Side]:
    """For which sides this person signs beside teachers anywhere."""
    return [side for side, roles in COUNTERSIGNS.items() if any(one.may_sign for one in seats(user, *roles))]


def countersigning_seat(user: User, assurance: TeacherAssurance, side: str) -> HeldSeat | None:
    """The seat by which this person signs beside a teacher: it signs agreements, and stands where the assurance does."""
    for seat in seats(user, *COUNTERSIGNS[Side(side)]):
        where = {
            Role.DISTRICT: assurance.seat.school.district_id if assurance.seat.school else None,
            Role.COUNSELOR: assurance.seat.school_id,
        }.get(seat.role, assurance.articulation.college_id)
        if seat.may_sign and seat.anchor == where:
            return seat
    return None


def why_not_countersign(
    user: User, assurance: TeacherAssurance, side: str, given: Iterable[str]
) -> Refusal | None:
    """The district and the college sign beside the teacher where the text asks them to, once each, the district first."""
    given = set(given)
    who = f"the assurance of {assurance.signed_name}"
    if countersigning_seat(user, assurance, side) is None:
        return Refusal("not_yours", "This signature is not yours to give.")
    if not getattr(assurance.text, f"{side}_signs"):
        return Refusal("not_asked", f"The {side} is not asked to sign {who}.")
    if side in given:
        return Refusal("signed_already", f"The {side} has signed {who} already.")
    if side == Side.COLLEGE and assurance.text.district_signs and Side.DISTRICT not in given:
        return Refusal("district_first", f"The district signs {who} first.")
    return None


def way_of_signing_in(user: User) -> str:
    """How the person proved who they are when they last signed in: `password and authenticator app`."""
    last = Event.objects.filter(actor=user, kind="accounts.signed_in").order_by("-at", "-id").first()
    ways = {"app": "authenticator app", "elsewhere": "sign-in of the district or college"}
    told = [ways.get(one, one) for one in last.data.get("by", ())] if last else []
    return (" and ".join(told) or "not noted")[:100]


# --- How one stands ---------------------------------------------------------------------------------------


def stands_so(row: Mapping[str, Any], on: date) -> tuple[str, str]:
    """How an assurance stands that is owed: the state of its tag, and the word."""
    if row["signed_key"] is None:
        late = row["due_on"] is not None and row["due_on"] < on
        return ("stop", "Overdue") if late else ("wait", "Pending")
    if row["asks_district"] and not row["has_district"]:
        return "progress", "Waits for the district"
    if row["asks_college"] and not row["has_college"]:
        return "progress", "Waits for the college"
    return "done", "Signed"


def assurances_in_words(rows: Iterable[Mapping[str, Any]], on: date) -> list[dict[str, Any]]:
    """Rows of the work list with how each stands."""
    found = []
    for row in rows:
        tag, label = stands_so(row, on)
        found.append(
            {**row, "tag": tag, "label": label, "name": f"{row['first_name']} {row['last_name']}".strip()}
        )
    return found


def unassured(sections: Iterable[Section], blocks: str) -> frozenset[tuple[int, int]]:
    """The classes and colleges (ids) for which none of the teachers has signed the assurance though the college blocks
    this without it: `grading` or `registering`. A class with several teachers is assured when one has signed.

    One query where no college blocks it, as in most years.
    """
    some = list(sections)
    pending: set[tuple[int, int]] = set()
    assured: set[tuple[int, int]] = set()
    for year in {one.year_id: one.year for one in some}.values():
        texts = list(
            AssuranceText.objects.in_use(year).filter(blocks=blocks).order_by().values_list("pk", flat=True)
        )
        if not texts:
            continue
        keys = [one.pk for one in some if one.year_id == year.pk]
        for row in owed_in(year, section__in=keys).annotate(section_key=F("section_id")):
            if row["text_key"] in texts:
                pair = (row["section_key"], row["college_key"])
                (pending if row["signed_key"] is None else assured).add(pair)
    return frozenset(pending - assured)


# --- Reminding --------------------------------------------------------------------------------------------


def why_not_remind_of_assurances(user: User) -> Refusal | None:
    """Districts, registrars and consortia remind the teachers within their reach."""
    if not has_role(user, *REMINDS):
        return Refusal("not_yours", "The district, the registrar and the consortium remind teachers.")
    return None


def due_by_teacher(year: AcademicYear, on: date) -> dict[int, list[dict[str, Any]]]:
    """The assurances SERS reminds of on a day, by the teacher's seat: their last day comes within two weeks, or has
    passed."""
    found: dict[int, list[dict[str, Any]]] = {}
    pending = owed_listed(owed_in(year).filter(signed_key__isnull=True))
    for row in pending:
        if row["due_on"] is not None and row["due_on"] <= on + REMIND_BEFORE:
            found.setdefault(row["seat_key"], []).append(row)
    return found


def teachers_seats(keys: Iterable[int]) -> dict[int, Seat]:
    """Seats by their ids, with their people."""
    return {one.pk: one for one in Seat.objects.filter(pk__in=list(keys)).select_related("user", "school")}


# --- In words ---------------------------------------------------------------------------------------------


def by_college(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """A teacher's assurances, college by college: how many are pending, until when, and each with how it stands."""
    found: dict[Any, dict[str, Any]] = {}
    for row in rows:
        one = found.setdefault(
            row["college_public"],
            {
                "key": row["college_public"],
                "name": row["college"],
                "due_on": row["due_on"],
                "rows": [],
                "pending": 0,
            },
        )
        one["rows"].append(row)
        one["pending"] += row["signed_key"] is None
    return list(found.values())


def of_college(rows: Iterable[Mapping[str, Any]], college: College) -> list[Mapping[str, Any]]:
    """The rows of one college."""
    return [row for row in rows if row["college_key"] == college.pk]


def signed_in_words(number: int, college: College) -> str:
    """What a signature did."""
    what = "1 agreement" if number == 1 else f"{number} agreements"
    return f"Signed for {what} with {college}. You can read it again at any time."


def countersigned_in_words(number: int) -> str:
    """What signing beside teachers did."""
    return f"{number} {'assurance is' if number == 1 else 'assurances are'} signed."


def reminded_in_words(number: int) -> str:
    """How many were mailed."""
    return f"{number} {'teacher is' if number == 1 else 'teachers are'} reminded by mail."


def left_out_in_words(number: int) -> str:
    """Why somebody who was ticked got no mail."""
    who = "1 teacher was" if number == 1 else f"{number} teachers were"
    return f"Left out: {who} reminded within the last {REMIND_EVERY.days} days, or has not activated the account yet."


def signature_in_words(given: TeacherAssurance | Countersignature) -> list[tuple[str, str]]:
    """What is kept of a signature."""
    return [
        ("Signed", given.signed_name),
        ("As", given.signed_as),
        ("On", moment(given.signed_at)),
        ("Declared", given.intent),
        ("Signed in by", given.signed_in_by),
        ("From the network address", given.network or "Not known"),
    ]


def countersignatures_of(assurance: TeacherAssurance) -> list[Countersignature]:
    """Who signed beside the teacher, the first first."""
    return list(assurance.countersignatures.order_by("signed_at", "id"))


def to_countersign(user: User, year: AcademicYear) -> dict[Side, list[TeacherAssurance]]:
    """The assurances that wait for this person's signature beside the teacher's, by side."""
    found = {}
    for side in sides_of(user):
        roles = COUNTERSIGNS[side]
        rows = TeacherAssurance.objects.within_reach(user, *roles).in_year(year).holding().without(side)
        signing = [one for one in seats(user, *roles) if one.may_sign]
        paths = {Role.DISTRICT: "seat__school__district", Role.COUNSELOR: "seat__school"}
        mine = Q(pk__in=[])
        for seat in signing:
            mine |= Q(**{paths.get(seat.role, "articulation__college"): seat.anchor})
        found[side] = list(rows.filter(mine).in_full().order_by("signed_at", "id")[:100])
    return found


def counts_of(owed: Any) -> dict[str, int]:
    """How many assurances are owed, signed by the teacher, and pending; the words stand on the page."""
    total, signed = owed.count(), owed.filter(signed_key__isnull=False).count()
    return {"total": total, "signed": signed, "pending": total - signed}


SHEET_HEADS: Final = (
    "Teacher",
    "E-mail",
    "High school",
    "College",
    "Agreement",
    "State",
    "Sign until",
    "Signed",
)


def sheet_of(rows: Iterable[Mapping[str, Any]]) -> list[list[str]]:
    """The work list as lines of a sheet."""
    return [
        [
            row["name"], row["email"], row["school"], row["college"], row["number"], row["label"],
            day(row["due_on"]), moment(row["signed_at"]),
        ]
        for row in rows
    ]  # fmt: skip


def years_near() -> list[AcademicYear]:
    """The school years that are looked after: the next, this one, the one before."""
    this = AcademicYear.objects.current().first_year
    return [AcademicYear(first_year=first) for first in (this + 1, this, this - 1)]


def year_near(typed: str) -> AcademicYear | None:
    """The one of these years that is asked for by its first calendar year; this one when none was, None for any other."""
    years = {str(one.first_year): one for one in years_near()}
    if not typed:
        return AcademicYear.objects.current()
    return AcademicYear.objects.named(int(typed)) if typed in years else None
