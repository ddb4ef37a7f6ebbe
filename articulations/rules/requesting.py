"""High School Requests to Articulate: who may ask, what a whole request says, how two versions differ."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Q

from accounts.access import Role, seats, stands_on
from accounts.models import User
from articulations.models import (
    AgreementText,
    AlignmentRow,
    ArticulationRequest,
    ArticulationRequestQuerySet,
    CollegeCourse,
    RequestFile,
    RequestStep,
    RequestVersion,
    StepKind,
    cip_in_words,
    course_number,
)
from articulations.rules.alternatives import covered_by, mapping_of
from articulations.rules.signers import signings
from organizations.models import College, Consortium, HighSchool
from sers.lib.refusal import Refusal

State = ArticulationRequest.State
Kind = ArticulationRequest.Kind

#: Who begins a request and answers for it: the school's side, and the consortium for a school that does not.
ASKS: Final = (Role.TEACHER, Role.DISTRICT, Role.CONSORTIUM)
#: Who reads requests at all.
READS: Final = (*ASKS, Role.COUNSELOR, Role.FACULTY, Role.STATE)

#: What the pathway of the class ends in. Perkins, section 122: an associate degree, a two-year certificate, or an
#: apprenticeship.
ENDS: Final[Mapping[str, str]] = {
    "degree": "Associate degree",
    "certificate": "Two-year certificate",
    "apprenticeship": "Apprenticeship",
}
#: The technical fields of Perkins Title II; information technology as the State Board's Tech Prep page adds it.
TECHNICAL_FIELDS: Final[Mapping[str, str]] = {
    "engineering": "Engineering technology",
    "science": "Applied science",
    "trade": "Mechanical, industrial or practical art or trade",
    "agriculture": "Agriculture",
    "health": "Health",
    "business": "Business",
    "information": "Information technology",
}
#: In what a sequence of classes builds competence, as Perkins asks.
SUBJECTS: Final[Mapping[str, str]] = {
    "mathematics": "Mathematics",
    "science": "Science",
    "technology": "Technology",
    "communications": "Communications",
}
#: The pages of a request in their order, and what each is called in the task list.
PAGES: Final[Mapping[str, str]] = {
    "schools": "Say where the class is taught",
    "class": "Describe the class",
    "teachers": "Name the teachers",
    "courses": "Name the college courses and credits",
    "teaching": "Say how the class is taught",
    "pathway": "Say what the pathway leads to",
    "competencies": "List the competencies",
    "files": "Attach the papers",
}


# --- Who may ----------------------------------------------------------------------------------------------


def starts_as(user: User, school: HighSchool) -> Role | None:
    """A request is begun by a teacher of the school, by its district, or by staff of a consortium of its district."""
    if any(seat.school_id == school.pk for seat in seats(user, Role.TEACHER)):
        return Role.TEACHER
    if stands_on(user, Role.DISTRICT, school.district_id):
        return Role.DISTRICT
    ids = [seat.anchor for seat in seats(user, Role.CONSORTIUM)]
    if ids and school.district.consortia.filter(pk__in=ids).exists():
        return Role.CONSORTIUM
    return None


def changes_as(user: User, asked: ArticulationRequest) -> Role | None:
    """Answers are changed, handed in and taken back by a teacher who follows the request, by the school's district, and
    by staff of its consortium."""
    held = {seat.id for seat in seats(user, Role.TEACHER)}
    if held and asked.seats.filter(pk__in=held).exists():
        return Role.TEACHER
    if stands_on(user, Role.DISTRICT, asked.school.district_id):
        return Role.DISTRICT
    if stands_on(user, Role.CONSORTIUM, asked.consortium_id):
        return Role.CONSORTIUM
    return None


def writes_as(user: User, asked: ArticulationRequest) -> Role | None:
    """Messages are written by whoever has to do with a request: the school's side, its counselors (a principal or
    skills-center director signs as one), the consortium, and the college's faculty."""
    own = changes_as(user, asked)
    if own is not None:
        return own
    held = {seat.anchor for seat in seats(user, Role.COUNSELOR)}
    if held and asked.schools.filter(pk__in=held).exists():
        return Role.COUNSELOR
    if stands_on(user, Role.FACULTY, asked.college_id):
        return Role.FACULTY
    return None


def why_not_start(
    *, consortium: Consortium, college: College, school: HighSchool, kind: str, renews_it: bool
) -> Refusal | None:
    """A request goes to a college of the consortium it is made in; with or without revision it renews an agreement."""
    if not consortium.colleges.filter(pk=college.pk).exists():
        return Refusal(
            "college_elsewhere", f"{college} belongs to another consortium.", "Choose one of its consortium."
        )
    if not school.district.consortia.filter(pk=consortium.pk).exists():
        return Refusal(
            "district_elsewhere",
            f"{school.district} is not in {consortium}.",
            f"Ask the director of {consortium} to begin the request.",
        )
    if (kind != Kind.NEW) is not renews_it:
        return Refusal(
            "renews_nothing", "A request with or without revision renews an agreement.", "Choose which."
        )
    return None


def why_not_change(user: User, asked: ArticulationRequest) -> Refusal | None:
    """Answers are changed by the school's side, before they are handed in or when more is asked for."""
    if changes_as(user, asked) is None:
        return Refusal(
            "not_school_side", "The school’s side and the consortium change the answers of a request."
        )
    if not asked.is_changeable:
        return Refusal(
            "handed_in",
            f"Request {asked} is {State(asked.state).label.lower()}: its answers stay as they were handed in.",
            "Take it back to change them, or write a message.",
        )
    return None


def why_not_withdraw(user: User, asked: ArticulationRequest) -> Refusal | None:
    """The school's side takes a request back as long as nobody has decided it."""
    if changes_as(user, asked) is None:
        return Refusal("not_school_side", "The school’s side and the consortium take a request back.")
    if State.WITHDRAWN not in ArticulationRequest.TRANSITIONS[State(asked.state)]:
        return Refusal(
            "over",
            f"Request {asked} is {State(asked.state).label.lower()}.",
            "There is nothing to take back.",
        )
    return None


def why_not_meet(written_as: Role, asked: ArticulationRequest) -> Refusal | None:
    """A meeting is asked for by the consortium or the faculty, while the request is under way. It decides nothing."""
    if written_as not in (Role.CONSORTIUM, Role.FACULTY):
        return Refusal("not_college_side", "The consortium and the college ask for a meeting.")
    if asked.state != State.UNDER_WAY:
        return Refusal("not_under_way", f"Request {asked} is not under way.", "Write a message instead.")
    return None


def why_not_enter(user: User, asked: ArticulationRequest) -> Refusal | None:
    """What the faculty approved is entered as an agreement by the consortium's staff, once."""
    if not stands_on(user, Role.CONSORTIUM, asked.consortium_id):
        return Refusal("not_consortium", f"Staff of {asked.consortium} enter the agreement.")
    if asked.state != State.APPROVED:
        who = f" by {asked.decided_by.name}" if asked.decided_by is not None else ""
        return Refusal(
            "not_approved",
            f"Request {asked} is {State(asked.state).label.lower()}{who}.",
            "What stands now is shown below.",
        )
    if asked.texts.filter(state__in=AgreementText.OPEN).exists():
        return Refusal(
            "under_way",
            f"The agreement of request {asked} is being prepared or out for signature.",
            "Open it below.",
        )
    return None


# --- What a whole request says ----------------------------------------------------------------------------


def papers_asked(kind: str) -> tuple[str, ...]:
    """Which papers a request needs: all five; without revision the syllabus alone, the others are as they were."""
    if kind == Kind.NO_REVISION:
        return (RequestFile.Kind.SYLLABUS,)
    return tuple(RequestFile.Kind)


def why_not_perkins(content: Mapping[str, Any]) -> Refusal | None:
    """What Perkins asks of a class that earns college credit: its pathway ends in a degree, a certificate or an
    apprenticeship; it prepares in a technical field; it builds competence in mathematics, science, technology and
    communications."""
    if content.get("leads_to") not in ENDS or not content.get("leads_to_name"):
        return Refusal(
            "no_end",
            "The request does not say which degree, certificate or apprenticeship the class leads to.",
            "Ask the school for more information.",
        )
    if not set(content.get("technical_fields", ())) & set(TECHNICAL_FIELDS):
        return Refusal(
            "no_field", "The request names no technical field.", "Ask the school for more information."
        )
    missing = [label for subject, label in SUBJECTS.items() if not content.get(subject)]
    if missing or not content.get("competencies"):
        what = ", ".join(missing) or "the class"
        return Refusal(
            "no_competencies",
            f"The request lists no competencies in {what}.",
            "Ask the school for more information.",
        )
    return None


def why_not_hand_in(kind: str, content: Mapping[str, Any], papers: Iterable[str]) -> Refusal | None:
    """A request is handed in whole: class, teachers, courses, what Perkins asks, and its papers."""
    for key, what in (
        ("schools", "a school"),
        ("title", "the class"),
        ("teachers", "a teacher"),
        ("courses", "a college course"),
        ("length", "the length of the class"),
    ):
        if not content.get(key):
            return Refusal("not_whole", f"The request does not name {what}.", "Finish the task list first.")
    refusal = why_not_perkins(content)
    if refusal is not None:
        return Refusal(refusal.rule, refusal.message, "Finish the task list first.")
    there = set(papers)
    for wanted in papers_asked(kind):
        if wanted not in there:
            return Refusal(
                "paper_missing",
                f"The {RequestFile.Kind(wanted).label} is missing.",
                "Attach it, then hand the request in.",
            )
    return None


def why_not_again(before: str | None, now: str) -> Refusal | None:
    """What is handed in again says something new: the fingerprints of the two versions differ."""
    if before == now:
        return Refusal(
            "nothing_changed",
            "Nothing has changed since it was handed in last.",
            "Change what was asked about, then hand it in again.",
        )
    return None


# --- How it reads, and how two versions differ -------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line:
    """One thing a version says: on which page it stands, what it is called, what it says."""

    page: str
    name: str
    text: str


def lines_of(content: Mapping[str, Any]) -> list[Line]:
    """Everything a version says, in the order of its pages; what it leaves out is left out."""
    teachers = [
        ", ".join(filter(None, (f"{one['first_name']} {one['last_name']}", one["email"], one["phone"])))
        for one in content.get("teachers", ())
    ]
    courses = [
        f"{one['code']} {one['title']}, {one['credits']} credits" for one in content.get("courses", ())
    ]
    fields = [TECHNICAL_FIELDS[key] for key in content.get("technical_fields", ()) if key in TECHNICAL_FIELDS]
    competencies = [f"{number}. {one}" for number, one in enumerate(content.get("competencies", ()), 1)]
    end = ENDS.get(content.get("leads_to", ""), "")
    found = [
        Line("schools", "Schools", "\n".join(one["name"] for one in content.get("schools", ()))),
        Line("class", "Class", content.get("title", "")),
        Line("class", "Modelled on", content.get("modelled_on", "")),
        Line("class", "CIP code", cip_in_words(content.get("cip", ""))),
        Line("class", "State course code", content.get("state_code", "")),
        Line("class", "Career cluster", content.get("cluster", "")),
        Line("class", "Pathway", content.get("pathway", "")),
        Line("teachers", "Teachers", "\n".join(teachers)),
        Line("courses", "College courses", "\n".join(courses)),
        Line("teaching", "Class length", content.get("length", "")),
        Line("teaching", "Textbook", content.get("textbook", "")),
        Line("teaching", "Articulated with other colleges", content.get("other_colleges", "")),
        Line("pathway", "Leads to", ": ".join(filter(None, (end, content.get("leads_to_name", ""))))),
        Line("pathway", "Technical fields", "\n".join(fields)),
        Line("competencies", "Competencies", "\n".join(competencies)),
        *(Line("competencies", label, content.get(subject, "")) for subject, label in SUBJECTS.items()),
    ]
    found += [
        Line("files", RequestFile.Kind(one["kind"]).label, one["name"]) for one in content.get("files", ())
    ]
    return [line for line in found if line.text]


@dataclass(frozen=True, slots=True)
class Difference:
    """One line of two versions side by side."""

    name: str
    before: str
    now: str
    #: `changed`, `added`, `removed`, or empty.
    how: str

    @property
    def word(self) -> str:
        return {"changed": "Changed", "added": "Added", "removed": "Taken out"}.get(self.how, "The same")


def differences(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[Difference]:
    """Two versions line by line, in the order of the pages. A paper of the same name with other bytes has changed."""
    old = {line.name: line.text for line in lines_of(before)}
    new = {line.name: line.text for line in lines_of(now)}
    bytes_before = {one["kind"]: one["sha256"] for one in before.get("files", ())}
    bytes_now = {one["kind"]: one["sha256"] for one in now.get("files", ())}
    labels = {RequestFile.Kind(kind).label: kind for kind in {*bytes_before, *bytes_now}}
    order = [line.name for line in lines_of(now)]
    order += [line.name for line in lines_of(before) if line.name not in new]
    found = []
    for name in order:
        was, is_now = old.get(name, ""), new.get(name, "")
        kind = labels.get(name)
        other_bytes = kind is not None and bytes_before.get(kind) != bytes_now.get(kind)
        how = ""
        if not was:
            how = "added"
        elif not is_now:
            how = "removed"
        elif was != is_now or other_bytes:
            how = "changed"
        found.append(Difference(name, was, is_now, how))
    return found


def number_changed(found: Sequence[Difference] | None) -> int:
    """How many lines of a comparison differ."""
    return sum(bool(one.how) for one in found or ())


def two_of(
    versions: Sequence[RequestVersion], before: str, now: str
) -> tuple[RequestVersion | None, RequestVersion]:
    """The two versions that are asked for by number; the last two otherwise. With one version there is none before."""
    by_number = {str(one.number): one for one in versions}
    later = by_number.get(now, versions[-1])
    earlier = by_number.get(before)
    if earlier is None or earlier.number >= later.number:
        earlier = by_number.get(str(later.number - 1))
    return earlier, later


def asked_back(asked: ArticulationRequest) -> RequestStep | None:
    """The decision that asked for more information, as long as it stands."""
    latest = asked.latest
    if asked.state != State.RETURNED or latest is None:
        return None
    return RequestStep.objects.in_order().filter(version=latest).exclude(outcome="").last()


def to_invite(content: Mapping[str, Any]) -> list[str]:
    """The teachers who are invited when the agreement is entered: those who are named without a seat."""
    return [
        f"{one['first_name']} {one['last_name']}, {one['email']}"
        for one in content.get("teachers", ())
        if not one["seat"]
    ]


@dataclass(frozen=True, slots=True)
class Suggested:
    """A row an alignment matrix begins with: an outcome of a course, before the faculty have compared it."""

    course: str
    outcome: str
    competencies: str = ""


def matrix_begins_with(asked: ArticulationRequest) -> list[Suggested]:
    """The outcomes of each course that is asked about: as the college's catalog lists them, else as faculty entered
    them in the latest review. Of a request that is modelled on an agreement, each outcome with the competencies that
    cover one like it there; where nothing is known of a course, the outcomes of that agreement."""
    latest = asked.latest
    content = latest.content if latest is not None else {}
    catalog = CollegeCourse.objects.by_number(asked.college)
    mapping = mapping_of(asked.modelled_on) if asked.modelled_on is not None else None
    rows: list[Suggested] = []
    for one in content.get("courses", ()):
        course = catalog.get(course_number(one["code"]))
        outcomes = course.numbered_outcomes if course is not None else []
        outcomes = outcomes or _outcomes_reviewed(asked, one["code"])
        if mapping is not None and not outcomes and not rows:
            outcomes = [outcome for outcome, _ in mapping.rows]
        for text in outcomes:
            covered = covered_by(text, mapping, content.get("competencies", ())) if mapping else ""
            rows.append(Suggested(one["code"], text, covered))
    return rows


def _outcomes_reviewed(asked: ArticulationRequest, code: str) -> list[str]:
    rows = AlignmentRow.objects.filter(
        course=code, step__version__handed_to=asked.college, step__decided_at__isnull=False
    )
    last = rows.order_by("-step__decided_at").values_list("step", flat=True).first()
    return list(rows.filter(step=last).order_by("position").values_list("outcome", flat=True)) if last else []


# --- What waits for whom ----------------------------------------------------------------------------------


def waiting_for_me(user: User, rows: ArticulationRequestQuerySet) -> ArticulationRequestQuerySet:
    """Requests that wait for this person: to sign as what their seats sign, to screen, to review, to answer, to enter.

    The school's side is waited for while a request is not handed in or more is asked for; the consortium finishes
    what was approved.
    """
    held = seats(user)
    ids = {role: [seat.anchor for seat in held if seat.role == role] for role in Role}
    waits = Q()
    for one in signings(user):
        waits |= (Q(step__signs_as=one.title) | Q(step__or_signs_as=one.title)) & one.where
    if ids[Role.CONSORTIUM]:
        ours = Q(consortium__in=ids[Role.CONSORTIUM])
        waits |= ours & (Q(step__kind=StepKind.SCREEN) | Q(state=State.APPROVED))
    if ids[Role.FACULTY]:
        waits |= Q(college__in=ids[Role.FACULTY], step__kind=StepKind.REVIEW)
    own = Q(state__in=(State.DRAFT, State.RETURNED))
    if ids[Role.TEACHER]:
        follows = ArticulationRequest.objects.filter(seats__in=ids[Role.TEACHER]).order_by().values("pk")
        waits |= own & Q(pk__in=follows)
    if ids[Role.DISTRICT] or ids[Role.CONSORTIUM]:
        waits |= own & Q(started_by=user)
    return rows.filter(waits) if waits else rows.none()


STATE_TAG: Final[Mapping[str, str]] = {
    State.DRAFT: "quiet",
    State.UNDER_WAY: "progress",
    State.RETURNED: "wait",
    State.APPROVED: "done",
    State.DENIED: "stop",
    State.WITHDRAWN: "quiet",
    State.ENTERED: "done",
}


def state_in_words(state: str, step_kind: str | None, signs_as: str | None) -> str:
    """How a request stands, with what it waits for: `Waits for the CTE director`."""
    if state == State.UNDER_WAY:
        if step_kind == StepKind.SIGN:
            return f"Waits for the {signs_as}"
        return "In screening" if step_kind == StepKind.SCREEN else "In faculty review"
    return str(State(state).label)


def lines_typed(text: str) -> list[str]:
    """What was typed one a line: each once, in its order, spaces tidied."""
    return list(dict.fromkeys(filter(None, (" ".join(one.split()) for one in text.splitlines()))))
