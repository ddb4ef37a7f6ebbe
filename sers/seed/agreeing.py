"""Agreements being prepared, out for signature, declined, amended and in force, so that every partner finds one that waits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from accounts.access import Role
from accounts.models import User
from articulations.actions import keep_document, search_words
from articulations.models import (
    AgreementDocument,
    AgreementMark,
    AgreementReview,
    AgreementSignature,
    AgreementSigner,
    AgreementText,
    AgreementWording,
    Articulation,
    ArticulationCourse,
    CollegeCourse,
    CourseChange,
    CourseFile,
    HighSchoolCourse,
    PartnerPlan,
    PlannedPartner,
    fingerprint,
)
from articulations.rules import USUAL_WORDING, signing_intent, title_of
from organizations.models import Seat
from sers.lib.chain import GENESIS, link
from sers.lib.codes import CODE_LENGTH, CODE_LETTERS
from sers.lib.folding import fold_parts
from sers.seed.places import CBC, IN_DEPTH
from sers.seed.rows import set_sequence
from sers.seed.students import Campus

State = AgreementText.State
Kind = AgreementText.Kind
TITLES = ("CTE director", "Chief instructional officer", "Dean")


@dataclass(frozen=True, slots=True)
class Paper:
    """One invented text: what it is about, and how far it came."""

    classes: tuple[str, ...]
    course: tuple[str, str, str]
    state: State
    #: Which of the partners have signed, by their place.
    signed: tuple[int, ...] = ()
    days_ago: int = 10
    conditions: str = ""
    reason: str = ""


PAPERS = (
    Paper(("Agricultural Mechanics",), ("AGM 110", "Agricultural Power and Machinery", "5"), State.DRAFT, days_ago=2),
    Paper(("Culinary Arts 1",), ("CUL 101", "Introduction to Culinary Arts", "5"), State.OUT, (2, 3), days_ago=9),
    Paper(
        ("Marketing 1", "Marketing 2"), ("BUS 146", "Sales Management", "5"), State.OUT, (1,), days_ago=6,
        conditions="The student passes the industry exam of the second class.",
    ),
    Paper(
        ("Photography 2",), ("PHOT 102", "Photography II", "5"), State.DECLINED, days_ago=25,
        reason="The class has no darkroom work, which the course asks for.",
    ),
    Paper(("Child Development 3",), ("ECED& 132", "Infants and Toddlers", "5"), State.SIGNED, (1, 2, 3), days_ago=60),
)  # fmt: skip


def build_agreements(campus: Campus) -> None:
    """The partners and words of Columbia Basin, and one agreement at each step, between Kamiakin and its college."""
    book, places, clock = campus.book, campus.places, campus.clock
    consortium, staff = places.consortia[IN_DEPTH[0]], campus.folk.demo[Role.CONSORTIUM]
    long_ago = clock.at(clock.day - timedelta(days=200), 9)
    year = campus.years.by_first[clock.year]
    plan = book.add(
        PartnerPlan, consortium=consortium, year=year, review_years=3, set_by=staff, set_at=long_ago
    )
    for position, title in enumerate(TITLES, 1):
        other = places.titles["Skills-center director"] if position == 1 else None
        book.add(
            PlannedPartner, plan=plan, position=position, signs_as=places.titles[title], or_signs_as=other
        )
    book.add(
        AgreementWording, consortium=consortium, number=1, written_by=staff, written_at=long_ago,
        text=f"{USUAL_WORDING}\n\nThe consortium’s director answers questions about this agreement.",
    )  # fmt: skip
    for paper in PAPERS:
        signing = _Signing(campus, paper)
        signing.build()
    _Signing(campus, paper, amends=signing).build()
    _change_a_course(campus)
    _hand_in_catalogs(campus)


def _hand_in_catalogs(campus: Campus) -> None:
    """The registrar's spreadsheets: one that can be saved, one with rows to correct."""
    book, clock = campus.book, campus.clock
    facts: dict[str, Any] = {
        "college": campus.places.colleges[CBC],
        "handed_in_by": campus.folk.demo[Role.REGISTRAR],
        "handed_in_at": clock.at(clock.day - timedelta(days=1), 15),
    }
    for name, rows in (
        (
            "catalog-2026-27.csv",
            (
                {
                    "code": "BUS 130",
                    "title": "Principles of Marketing",
                    "credits": "5",
                    "structure": "50 hours of lecture",
                },
                {
                    "code": "HORT 115",
                    "title": "Soils",
                    "credits": "4",
                    "cip": "01.0601",
                    "outcomes": "Test soil | Manage water",
                },
                {"code": "WELD 110", "credits": "6"},
            ),
        ),
        (
            "catalog-draft.csv",
            (
                {"code": "CUL 120", "title": "Baking", "credits": "30"},
                {"code": "CUL 121", "title": "", "credits": "5"},
                {"code": "IT 141", "title": "Network Essentials"},
            ),
        ),
    ):
        numbered = [{"line": line, **row} for line, row in enumerate(rows, 2)]
        book.add(CourseFile, name=name, rows=numbered, **facts)


def _change_a_course(campus: Campus) -> None:
    """A course of the college got another content and leads another person: its agreements are due for review."""
    book, clock = campus.book, campus.clock
    college, faculty = campus.places.colleges[CBC], campus.folk.demo[Role.FACULTY]
    course = campus.catalog.courses[CBC, "ACCT& 201"]
    at = clock.at(clock.day - timedelta(days=12), 10)
    course.outcomes = "Record transactions in a ledger\nPrepare financial statements\nAnalyze cash flow"
    course.faculty = "R. Delgado"
    change = book.add(
        CourseChange, course=course, changed_by=faculty, changed_at=at, note="New outcomes of the statewide review.",
        changes=[
            {"name": "Outcomes", "was": "Record transactions in a ledger\nPrepare financial statements", "is_now": course.outcomes},
            {"name": "Faculty", "was": "K. Lindgren", "is_now": course.faculty},
        ],
    )  # fmt: skip
    campus.tell(faculty, at, "articulations.course_changed", course)
    resting = {
        line.articulation_id: line.articulation
        for line in book.rows(ArticulationCourse)
        if line.college_course == course
        and line.articulation.college == college
        and line.valid_until >= clock.day
    }
    for number, agreement in enumerate(resting.values()):
        if number == 0:  # the first was reviewed already, and stays
            review = book.add(
                AgreementReview, articulation=agreement, outcome=AgreementReview.Outcome.STAYS, was_due_on=at.date(),
                note="The class covers the new outcome too.", reviewed_by=faculty, reviewed_at=at + timedelta(days=2),
            )  # fmt: skip
            book.add(AgreementMark, articulation=agreement, change=change, review=review)
        else:
            book.add(AgreementMark, articulation=agreement, change=change)
            agreement.review_due_on = min(agreement.valid_until, at.date())


def write_agreement_documents(campus: Campus) -> None:
    """The document of each agreement that is signed by all, as a worker would have made it."""
    for text in AgreementText.objects.filter(state=State.SIGNED).with_names():
        code = campus.book.letters(CODE_LETTERS, CODE_LENGTH)
        key = campus.book.next_key(AgreementDocument)
        keep_document(AgreementDocument(pk=key, text=text, code=code, made_at=text.ended_at))
        set_sequence(AgreementDocument)


class _Signing:
    """One text with its partners and signatures; an amendment of one when `amends` is given."""

    def __init__(self, campus: Campus, paper: Paper, amends: "_Signing | None" = None) -> None:
        self.campus, self.paper, self.amends = campus, paper, amends
        self.consortium = campus.places.consortia[IN_DEPTH[0]]
        self.college = campus.places.colleges[CBC]
        self.school = campus.places.school("Kamiakin High School")
        self.staff = campus.folk.demo[Role.CONSORTIUM]
        self.number, self.last_link = "", GENESIS
        self.agreement: Articulation | None = None

    def build(self) -> None:
        book, clock, paper, amends = self.campus.book, self.campus.clock, self.paper, self.amends
        days_ago = 4 if amends else paper.days_ago
        state = State.OUT if amends else paper.state
        on = clock.day - timedelta(days=days_ago)
        first = clock.year + 1 if amends else clock.year
        begins, ends = date(first, 7, 1), date(clock.year + 3, 6, 30)
        credits = "4" if amends else paper.course[2]
        self.number = number = amends.number if amends else self._number(first)
        content = self._content(number, begins, ends, credits)
        ended_at = clock.at(on + timedelta(days=4), 14) if state in (State.SIGNED, State.DECLINED) else None
        ended_by = self._people()[2] if ended_at else None
        text = book.add(
            AgreementText, number=number, version=2 if amends else 1, issue=1, state=state,
            kind=Kind.AMENDMENT if amends else Kind.NEW, consortium=self.consortium, college=self.college, school=self.school,
            title=title_of([(one, "", 0) for one in paper.classes]), content=content, sha256=fingerprint(content),
            folded=fold_parts(number, *paper.classes, self.school.name, self.college.name)[:400],
            amends=amends.agreement if amends else None, valid_from=begins, valid_until=ends,
            after=amends.last_link if amends else GENESIS,
            prepared_by=self.staff, prepared_at=clock.at(on - timedelta(days=1), 10),
            sent_by=None if state == State.DRAFT else self.staff,
            sent_at=None if state == State.DRAFT else clock.at(on, 9),
            changed_at=ended_at or clock.at(on, 9), ended_by=ended_by, ended_name=ended_by.name if ended_by else "",
            ended_at=ended_at, reason="" if amends else paper.reason,
        )  # fmt: skip
        self.campus.tell(self.staff, text.prepared_at, "articulations.agreement_prepared", text)
        if text.sent_at is not None:
            self.campus.tell(self.staff, text.sent_at, "articulations.agreement_sent_out", text)
        if ended_at is not None and state == State.DECLINED:
            self.campus.tell(ended_by, ended_at, "articulations.agreement_declined", text)
        self._sign(text, (1, 2) if amends else paper.signed, on)
        if state == State.SIGNED:
            self._put_in_force(text)

    def _number(self, first: int) -> str:
        stem = f"{self.college.code}-{first % 100:02}-"
        return f"{stem}{self.campus.catalog.next_number(stem):04}"

    def _content(self, number: str, begins: date, ends: date, credits: str) -> dict[str, Any]:
        code, title, _ = self.paper.course
        return {
            "number": number, "version": 2 if self.amends else 1,
            "kind": str(Kind.AMENDMENT if self.amends else Kind.NEW), "consortium": self.consortium.name,
            "college": self.college.name, "school": self.school.name, "district": self.school.district.name,
            "replaces": self.amends.number if self.amends else "",
            "classes": [{"title": one, "cip": "", "cluster": 0} for one in self.paper.classes],
            "courses": [{"code": code, "title": title, "credits": credits}], "minimum_percent": "",
            "valid_from": begins.isoformat(), "valid_until": ends.isoformat(), "conditions": self.paper.conditions,
            "wording": USUAL_WORDING, "partners": list(TITLES),
        }  # fmt: skip

    def _people(self) -> list[User]:
        """Who signs as each title."""
        titles = self.campus.places.titles
        officer = next(
            seat.user
            for seat in self.campus.book.rows(Seat)
            if seat.signs_as == titles[TITLES[1]] and seat.college == self.college
        )
        return [self.campus.folk.demo[Role.DISTRICT], officer, self.campus.folk.demo[Role.FACULTY]]

    def _sign(self, text: AgreementText, signed: Sequence[int], on: date) -> None:
        book, clock, titles = self.campus.book, self.campus.clock, self.campus.places.titles
        places = (self.school.district.name, self.college.name, self.college.name)
        previous, number = text.after, 0
        for position, (title, person, place) in enumerate(
            zip(TITLES, self._people(), places, strict=True), 1
        ):
            signer = book.add(AgreementSigner, text=text, position=position, signs_as=titles[title])
            if position not in signed:
                continue
            number += 1
            signature = book.add(
                AgreementSignature, text=text, signer=signer, number=number, sha256=text.sha256, by=person,
                name=person.name, signed_as=f"{title}, {place}", intent=signing_intent(text, title, place),
                signed_at=clock.at(on + timedelta(days=number), 11), network="192.0.2.10", way="password",
                previous=previous,
            )  # fmt: skip
            signature.link = previous = link(previous, signature.facts)
            self.campus.tell(person, signature.signed_at, "articulations.agreement_signed", text)
        self.last_link = previous

    def _put_in_force(self, text: AgreementText) -> None:
        book = self.campus.book
        code, title, credits = self.paper.course
        agreement = book.add(
            Articulation, number=text.number, consortium=self.consortium, college=self.college, valid_from=text.valid_from,
            valid_until=text.valid_until, entered_by=self.staff, entered_at=text.ended_at, basis=Articulation.Basis.SIGNED,
            text=text, review_years=3, review_due_on=text.valid_until,
        )  # fmt: skip
        course = book.add(
            CollegeCourse,
            college=self.college,
            code=code,
            title=title,
            credits=Decimal(credits).quantize(Decimal("0.1")),
            folded=fold_parts(code, title),
        )
        for name in self.paper.classes:
            taught = book.add(
                HighSchoolCourse, school=self.school, title=name, cip="", folded=fold_parts(name)
            )
            book.add(
                ArticulationCourse, articulation=agreement, high_school_course=taught, college_course=course,
                credits=course.credits, valid_from=text.valid_from, valid_until=text.valid_until,
                folded=search_words(taught, course),
            )  # fmt: skip
        self.agreement = agreement
        self.campus.tell(self.staff, agreement.entered_at, "articulations.agreement_in_force", agreement)
