"""Late claims in the demo state, one at each step, for classes of last year at Kamiakin.

Columbia Basin College takes no late claims, as it publishes. In the demo state it looks at those of the current year one
by one (`sers/seed/years.py`), so that the queue of its consortium can be seen.
"""

from datetime import timedelta
from decimal import Decimal
from typing import Final

from django.core.files.base import ContentFile
from django.core.files.storage import storages

from accounts.access import Role
from accounts.models import User
from sers.lib.sheets import fingerprint
from sers.seed.asking import paper
from sers.seed.places import CBC
from sers.seed.students import REFERENCE_LETTERS, Campus, Pupil, Status, kamiakin
from students.models import FIRST_CONSENT, LateClaim, LateClaimFile, LateClaimMessage

State = LateClaim.State
#: The class that is claimed, the step it has reached, how many days ago, the grade as it is read, and why it is late.
CLAIMS: Final = (
    ("Accounting 1-2", State.ASKED, 3, "A-", "I joined the class in October and nobody told me."),
    ("Digital Design", State.ASKED, 9, "94 %", ""),
    ("Computer Applications", State.QUESTION, 6, "A", "I was ill when the others registered."),
    ("Welding 1-2", State.CONSENT, 1, "", "The counselor saw it on the transcript."),
    ("Accounting 1-2", State.REFUSED, 20, "C", ""),
    ("Accounting 1-2", State.ACCEPTED, 25, "96", "I did not know of it."),
)  # fmt: skip


def build_claims(campus: Campus) -> None:
    """A claim for each line of `CLAIMS` by a student of Kamiakin, with its transcript; the accepted one has its
    registration and grade."""
    taken: set[int] = set()
    for title, state, days, grade, note in CLAIMS:
        course = kamiakin(campus, title).classes[0].pk
        pupil = next(
            one
            for one in campus.pupils[1:]  # the first is the demo student
            if one.school.name == "Kamiakin High School"
            and course not in one.taken
            and len(one.taken) > 1
            and one.student.pk not in taken
        )
        taken.add(pupil.student.pk)
        _claim(campus, pupil, title, State(state), days=days, grade=grade, note=note)


def _claim(
    campus: Campus, pupil: Pupil, title: str, state: LateClaim.State, *, days: int, grade: str, note: str
) -> None:
    clock, book = campus.clock, campus.book
    last_year = clock.year - 1
    offering = kamiakin(campus, title)
    deal = next(one for one in offering.deals_in(last_year) if one.articulation.college.name == CBC)
    counselor, staff = campus.folk.demo[Role.COUNSELOR], campus.folk.demo[Role.CONSORTIUM]
    asked_by = counselor if state is State.CONSENT else pupil.student.user
    at = clock.at(clock.day - timedelta(days=days), 16, 20)
    decided = state in (State.REFUSED, State.ACCEPTED)
    registration = None
    if state is State.ACCEPTED:
        taught = campus.timetable.taught[offering.classes[0].pk, last_year][0]
        registration = campus.register(pupil, deal, taught, status=Status.COMPLETED, percent=Decimal(grade))
    claim = book.add(
        LateClaim, reference="L-" + book.letters(REFERENCE_LETTERS, 10), student=pupil.student,
        high_school_course=offering.classes[0], year=campus.years.by_first[last_year], college=deal.articulation.college,
        articulation=deal.articulation, state=state, claimed_grade=grade, note=note, asked_by=asked_by, asked_at=at,
        consent_id=None if state is State.CONSENT else FIRST_CONSENT,
        consent_language="" if state is State.CONSENT else "en", agreed_at=None if state is State.CONSENT else at,
        decided_by=staff if decided else None, decided_at=at + timedelta(days=4) if decided else None,
        ground=LateClaim.Ground.BELOW if state is State.REFUSED else "",
        decision="A C is below the minimum of 85 %." if state is State.REFUSED else "", registration=registration,
    )  # fmt: skip
    _paper(campus, claim, asked_by)
    if state is State.QUESTION:
        book.add(
            LateClaimMessage, claim=claim, asks=True, written_by=staff, written_at=at + timedelta(days=1),
            text="The second page is missing. Which grade did you get in the second semester?",
        )  # fmt: skip


def _paper(campus: Campus, claim: LateClaim, by: User | None) -> None:
    content = paper(f"High school transcript: {claim.student.name}")
    path = f"demo/{fingerprint(content)[:32]}.pdf"
    if not storages["uploads"].exists(path):
        storages["uploads"].save(path, ContentFile(content))
    campus.book.add(
        LateClaimFile, claim=claim, name="transcript.pdf", mime="application/pdf", size=len(content),
        sha256=fingerprint(content), path=path, added_at=claim.asked_at, added_by=by,
    )  # fmt: skip
