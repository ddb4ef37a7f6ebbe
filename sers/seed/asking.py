"""Requests to articulate at each step, so that every demo person finds one that waits for them."""

from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any, Final

from django.core.files.base import ContentFile
from django.core.files.storage import storages

from accounts.access import Role
from accounts.models import User
from articulations.models import (
    AlignmentRow,
    ArticulationRequest,
    PlannedStep,
    RequestFile,
    RequestMessage,
    RequestPair,
    RequestStep,
    RequestVersion,
    StepKind,
    StepPlan,
    VCodeCheck,
    fingerprint,
    folded_title,
)
from organizations.models import Seat
from sers.lib.folding import fold_parts
from sers.seed.places import CBC, IN_DEPTH
from sers.seed.students import Campus

State = ArticulationRequest.State
Outcome = RequestStep.Outcome
#: What is written down when a step is decided.
TOLD: Final = {
    Outcome.PASSED: "articulations.step_passed",
    Outcome.RETURNED: "articulations.request_returned",
    Outcome.DENIED: "articulations.request_denied",
}
LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
#: The way of every request in Columbia Basin, as the college publishes it.
STEPS = (StepKind.SIGN, StepKind.SCREEN, StepKind.REVIEW)


@dataclass(frozen=True, slots=True)
class Wish:
    """One invented request: the class, the course, how far it came."""

    title: str
    cip: str
    cluster: int
    pathway: str
    course: tuple[str, str, str]
    field: str
    competencies: tuple[str, ...]
    state: State
    #: So many steps of the last version are passed.
    passed: int
    #: So many versions, each before the last sent back at its screening.
    versions: int = 1
    days_ago: int = 10
    reason: str = ""
    #: Somebody who is not in SERS yet is named beside the teacher.
    names_new: bool = False


COMMON = (
    "Work safely and by the rules of the shop",
    "Plan a project and keep its papers",
    "Present the work to a client",
)
WISHES = (
    Wish("Robotics 1-2", "150405", 15, "Engineering and Technology", ("ENGT 115", "Robotics Fundamentals", "5"), "engineering",
         ("Build and wire a controlled machine", "Program a controller", "Read sensors and act on them", *COMMON), State.UNDER_WAY, 0, days_ago=3),
    Wish("Graphic Design 1-2", "500409", 3, "Visual Arts", ("ART 144", "Digital Layout", "5"), "business",
         ("Set type for print and screen", "Prepare pictures for print", "Lay out pages on a grid", *COMMON), State.UNDER_WAY, 1, days_ago=6),
    Wish("Payroll Accounting", "520302", 4, "Accounting", ("ACCT 145", "Payroll Procedures", "5"), "business",
         ("Compute gross and net pay", "Prepare a payroll register", "File quarterly forms", *COMMON), State.UNDER_WAY, 2, versions=2, days_ago=20),
    Wish("Hospitality 1", "520901", 9, "Restaurants and Food Services", ("HOSP 101", "Introduction to Hospitality", "5"), "business",
         ("Serve guests", "Plan an event", *COMMON), State.RETURNED, 1, days_ago=15,
         reason="The syllabus has no dual-credit notice yet. Attach one that has it."),
    Wish("Drafting 1-2", "151301", 2, "Design and Pre-Construction", ("ENGR 109", "Technical Drawing", "4"), "engineering",
         ("Draw to scale by hand", "Draw with a computer", "Read a plan", *COMMON), State.APPROVED, 3, days_ago=35, names_new=True),
    Wish("Hobby Photography", "500605", 3, "Visual Arts", ("PHOT 101", "Photography I", "5"), "business",
         ("Take pictures in daylight", *COMMON), State.DENIED, 2, days_ago=50,
         reason="The class covers a third of the outcomes: studio light, colour and printing are missing."),
)  # fmt: skip


def paper(words: str) -> bytes:
    """One page of PDF that says these words."""
    drawn = f"BT /F1 16 Tf 72 700 Td ({words}) Tj ET".encode("ascii", "replace")
    bodies = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    )
    pdf, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(bodies, 1):
        offsets.append(len(pdf))
        pdf += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(pdf)
    pdf += b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1)
    pdf += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return pdf + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(bodies) + 1, start)


def build_requests(campus: Campus) -> None:
    """A request begun and left, and one at each step after it, from Kamiakin to Columbia Basin College."""
    book, places = campus.book, campus.places
    plan = book.add(StepPlan, consortium=places.consortia[IN_DEPTH[0]], minimum_alignment=80)
    for position, kind in enumerate(STEPS, 1):
        book.add(PlannedStep, plan=plan, position=position, kind=kind, **_signers(campus, kind))
    _begun(campus)
    for wish in WISHES:
        _Asking(campus, wish).build()


def _signers(campus: Campus, kind: StepKind) -> dict[str, Any]:
    if kind != StepKind.SIGN:
        return {}
    titles = campus.places.titles
    return {"signs_as": titles["CTE director"], "or_signs_as": titles["Skills-center director"]}


def _request(campus: Campus, *, title: str, days_ago: int, **facts: Any) -> ArticulationRequest:
    """The row of a request of the demo teacher, with where it is taught and who follows it."""
    book, places, clock = campus.book, campus.places, campus.clock
    school, college = places.school("Kamiakin High School"), places.colleges[CBC]
    reference = "A-" + book.letters(LETTERS, 8)
    asked = book.add(
        ArticulationRequest,
        reference=reference,
        kind=ArticulationRequest.Kind.NEW,
        consortium=places.consortia[IN_DEPTH[0]],
        college=college,
        school=school,
        title=title,
        folded=fold_parts(reference, title, school.name, college.name)[:400],
        started_by=campus.folk.demo[Role.TEACHER],
        started_as=Role.TEACHER,
        started_at=clock.at(clock.day - timedelta(days=days_ago + 4), 15),
        **facts,
    )
    book.add(ArticulationRequest.schools.through, articulationrequest=asked, highschool=school)
    book.add(
        ArticulationRequest.seats.through, articulationrequest=asked, seat=campus.folk.seats[Role.TEACHER]
    )
    campus.tell(asked.started_by, asked.started_at, "articulations.request_started", asked)
    return asked


def _begun(campus: Campus) -> None:
    clock = campus.clock
    answers = {
        "class": {"title": "Game Design 1-2", "cip": "110804", "cluster": "", "pathway": ""},
        "teaching": {"length": "2 semesters", "textbook": "", "other_colleges": ""},
    }
    at = clock.at(clock.day - timedelta(days=1), 16)
    _request(campus, title="Game Design 1-2", days_ago=1, answers=answers, changed_at=at)


class _Asking:
    """One wish made true: answers, papers, versions, steps."""

    def __init__(self, campus: Campus, wish: Wish) -> None:
        self.campus, self.wish, self.book = campus, wish, campus.book
        self.teacher = campus.folk.demo[Role.TEACHER]
        seat: Seat = campus.folk.seats[Role.TEACHER]
        self.content: dict[str, Any] = {
            "kind": "new", "renews": "",
            "consortium": campus.places.consortia[IN_DEPTH[0]].name, "college": CBC,
            "district": "Kennewick School District",
            "schools": [{"id": str(campus.places.school("Kamiakin High School").public_id), "name": "Kamiakin High School"}],
            "title": wish.title, "cip": wish.cip, "cluster": campus.places.clusters[wish.cluster].name,
            "cluster_id": str(campus.places.clusters[wish.cluster].pk), "pathway": wish.pathway,
            "teachers": [{
                "seat": str(seat.public_id), "first_name": self.teacher.first_name,
                "last_name": self.teacher.last_name, "email": self.teacher.email, "phone": "",
            }],
            "courses": [dict(zip(("id", "code", "title", "credits"), ("", *wish.course), strict=True))],
            "length": "2 semesters", "textbook": "", "other_colleges": "",
            "leads_to": "degree", "leads_to_name": f"Associate in Applied Science, {wish.pathway}",
            "technical_fields": [wish.field], "competencies": list(wish.competencies),
            "mathematics": "Measure, compute percent and ratio, read tables and graphs.",
            "science": "Plan a trial, watch it, and say what it shows.",
            "technology": "Choose and use the tools of the trade, on the bench and on the screen.",
            "communications": "Write a report and speak to a client.",
        }  # fmt: skip
        if wish.names_new:
            self.content["teachers"].append({
                "seat": "", "first_name": "Nora", "last_name": "Newhall", "email": "nora.newhall@example.org",
                "phone": "509-555-0142",
            })  # fmt: skip

    def answers(self) -> dict[str, Any]:
        """What was typed on each page to say so."""
        said = self.content
        course = said["courses"][0]
        typed: dict[str, Any] = {
            f"{part}_{number}": "" for part in ("course", "code", "title", "credits") for number in (1, 2, 3)
        }
        typed |= {"code_1": course["code"], "title_1": course["title"], "credits_1": course["credits"]}
        teachers: dict[str, Any] = {
            f"{part}_{number}": "" for part in ("first_name", "last_name", "email", "phone") for number in (1, 2)
        }  # fmt: skip
        teachers["seats"] = [said["teachers"][0]["seat"]]
        for new in said["teachers"][1:]:
            teachers |= {f"{part}_1": new[part] for part in ("first_name", "last_name", "email", "phone")}
        subjects = ("mathematics", "science", "technology", "communications")
        return {
            "schools": {"schools": []},
            "class": {
                "title": said["title"], "cip": said["cip"], "cluster": said["cluster_id"], "pathway": said["pathway"],
            },
            "teachers": teachers,
            "courses": typed,
            "teaching": {name: said[name] for name in ("length", "textbook", "other_colleges")},
            "pathway": {name: said[name] for name in ("leads_to", "leads_to_name", "technical_fields")},
            "competencies": {
                "competencies": "\n".join(said["competencies"]), **{name: said[name] for name in subjects},
            },
        }  # fmt: skip

    def build(self) -> None:
        wish, clock, book = self.wish, self.campus.clock, self.book
        first = clock.day - timedelta(days=wish.days_ago)
        last = first + timedelta(days=wish.passed + 4 * (wish.versions - 1))
        decided = wish.state in (State.APPROVED, State.DENIED)
        faculty = self.campus.folk.demo[Role.FACULTY]
        asked = self.asked = _request(
            self.campus, title=wish.title, days_ago=wish.days_ago, state=wish.state, answers=self.answers(),
            changed_at=clock.at(last, 11),
            decided_by=faculty if decided else None, decided_at=clock.at(last, 11) if decided else None,
        )  # fmt: skip
        files = [self._file(kind, first) for kind in RequestFile.Kind]
        self.content["files"] = [
            {"id": str(one.public_id), "kind": one.kind, "name": one.name, "sha256": one.sha256}
            for one in files
        ]
        for number in range(1, wish.versions + 1):
            is_last = number == wish.versions
            on = first + timedelta(days=4 * (number - 1))
            content = self.content if is_last else self.content | {"length": "90 hours"}
            version = book.add(
                RequestVersion, asked=asked, number=number, content=content, sha256=fingerprint(content),
                handed_to=asked.college, handed_in_by=self.teacher, handed_in_at=clock.at(on, 9),
                note="The class is two semesters long." if number > 1 else "",
            )  # fmt: skip
            for file in files:
                book.add(RequestVersion.files.through, requestversion=version, requestfile=file)
            self.campus.tell(self.teacher, version.handed_in_at, "articulations.request_handed_in", asked)
            steps = [self._step(version, place, on, is_last) for place in range(1, len(STEPS) + 1)]
            if is_last and wish.state == State.UNDER_WAY:
                asked.step = steps[wish.passed]
                if asked.step.kind == StepKind.REVIEW:
                    self._matrix(asked.step)
        if wish.state in (State.UNDER_WAY, State.RETURNED, State.APPROVED):
            book.add(
                RequestPair, asked=asked, school=asked.school, folded=folded_title(wish.title), college=asked.college,
                code=wish.course[0],
            )  # fmt: skip
        if wish.versions > 1:
            book.add(
                RequestMessage, asked=asked, text="Is the class one semester long, or two?", written_by=faculty,
                written_as=Role.FACULTY, written_at=clock.at(last, 10),
            )  # fmt: skip

    def _file(self, kind: RequestFile.Kind, on: Any) -> RequestFile:
        """A paper, and its bytes in the storage: the same name and bytes each time."""
        content = paper(f"{kind.label}: {self.wish.title}")
        path = f"demo/{sha256(content).hexdigest()[:32]}.pdf"
        if not storages["uploads"].exists(path):
            storages["uploads"].save(path, ContentFile(content))
        return self.book.add(
            RequestFile, asked=self.asked, kind=kind, name=f"{self.wish.title} {kind}.pdf", mime="application/pdf",
            size=len(content), sha256=sha256(content).hexdigest(), path=path, handed_in_by=self.teacher,
            handed_in_at=self.campus.clock.at(on, 8),
        )  # fmt: skip

    def _step(self, version: RequestVersion, position: int, on: Any, is_last: bool) -> RequestStep:
        """One step of a version, decided as far as the request came."""
        wish, folk = self.wish, self.campus.folk
        kind = STEPS[position - 1]
        passed = wish.passed if is_last else 1
        facts: dict[str, Any] = {}
        sent_back = not is_last or wish.state == State.RETURNED
        if position <= passed:
            facts = self._passed(version, kind)
        elif position == passed + 1 and sent_back:
            reason = (
                wish.reason if is_last else "The class length and the textbook do not fit. Which is right?"
            )
            facts = {"outcome": Outcome.RETURNED, "reason": reason, "decided_by": self._who(kind)}
        elif position == passed + 1 and wish.state == State.DENIED:
            facts = {"outcome": Outcome.DENIED, "reason": wish.reason, "decided_by": folk.demo[Role.FACULTY]}
        if facts:
            facts["decided_at"] = self.campus.clock.at(on + timedelta(days=position), 9)
        step = self.book.add(
            RequestStep, version=version, position=position, kind=kind, **_signers(self.campus, kind), **facts
        )
        if facts:
            told = TOLD[facts["outcome"]]
            self.campus.tell(facts["decided_by"], facts["decided_at"], told, version.asked)
        if facts.get("outcome") == Outcome.PASSED and kind == StepKind.SCREEN:
            for number, teacher in enumerate(self.content["teachers"], 1):
                name = f"{teacher['first_name']} {teacher['last_name']}"
                self.book.add(VCodeCheck, step=step, position=number, name=name, code=f"V14010{number}")
        if facts.get("outcome") == Outcome.PASSED and kind == StepKind.REVIEW:
            self._matrix(step)
        return step

    def _who(self, kind: StepKind) -> User:
        roles = {
            StepKind.SIGN: Role.DISTRICT,
            StepKind.SCREEN: Role.CONSORTIUM,
            StepKind.REVIEW: Role.FACULTY,
        }
        return self.campus.folk.demo[roles[kind]]

    def _passed(self, version: RequestVersion, kind: StepKind) -> dict[str, Any]:
        by = self._who(kind)
        facts: dict[str, Any] = {"outcome": Outcome.PASSED, "decided_by": by}
        if kind == StepKind.SIGN:
            place = "Kennewick School District"
            facts |= {
                "signed_name": by.name, "signed_as": f"CTE director, {place}", "signed_sha256": version.sha256,
                "intent": f"As CTE director for {place} I have read version {version.number} of request {self.asked} "
                "and sign it. My typed name stands for my signature.",
            }  # fmt: skip
        elif kind == StepKind.SCREEN:
            facts |= {"perkins_confirmed": True, "teachers_checked": len(self.content["teachers"])}
        else:
            facts |= {"aligned": 80, "reason": "The class covers what the course teaches."}
        return facts

    def _matrix(self, step: RequestStep) -> None:
        """Five outcomes, four of them covered."""
        for position, competency in enumerate(self.wish.competencies[:5], 1):
            covered = position < 5
            self.book.add(
                AlignmentRow, step=step, position=position, course=self.wish.course[0],
                outcome=f"The student is able to: {competency[0].lower()}{competency[1:]}",
                competencies=str(position) if covered else "",
                cover=AlignmentRow.Cover.WHOLLY if covered else AlignmentRow.Cover.NOT,
            )  # fmt: skip
