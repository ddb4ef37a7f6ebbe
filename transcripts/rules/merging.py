"""Two records of one person: who merges them, what stands in the way, and what each record brings."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import Exists, OuterRef, Q

from accounts.access import Role, has_role
from accounts.models import User
from organizations.models import ConsortiumYear
from sers.lib.moments import day
from sers.lib.refusal import Refusal
from sers.lib.tags import credits_in_words
from students.models import Disclosure, Inspection, LikelyTwins, Merge, Registration, Student, records_of
from students.rules import Beside, beside, is_own
from transcripts.models import CollegeIdentity, CreditAward, RunItem, Transcript, TranscriptionRun

MERGERS: Final = (Role.CONSORTIUM, Role.STATE)


def can_merge(user: User) -> bool:
    """Consortium and state staff merge records, and undo it."""
    return has_role(user, *MERGERS)


def why_not_merge(user: User, stands: Student, gone: Student) -> list[Refusal]:
    """Everything that keeps two records from being merged, each with what to do about it; nothing when they may be."""
    if not can_merge(user):
        return [Refusal("not_for_seat", "Consortium and state staff merge records.")]
    if stands.pk == gone.pk:
        return [Refusal("same_record", "This is one record.", "Choose two.")]
    return [*_why_not_these(user, stands, gone), *_what_is_double(stands, gone)]


def _why_not_these(user: User, stands: Student, gone: Student) -> list[Refusal]:
    found = []
    reached = Student.objects.within_reach(user, *MERGERS).filter(pk__in=(stands.pk, gone.pk)).count()
    if reached < 2:
        found.append(
            Refusal(
                "beyond_reach",
                "One of the two records is beyond your reach.",
                "Ask the State Board: it merges records of two consortia.",
            )
        )
    if is_own(user, stands) or is_own(user, gone):
        found.append(
            Refusal("own_record", "One of the two records is your own.", "Ask a colleague to do it.")
        )
    for one in (stands, gone):
        if one.merged_into_id is not None:
            found.append(
                Refusal("merged_already", f"{one.sers_id} was merged already.", "Open the log of merges.")
            )
    if gone.merged_into_id is None and Student.objects.filter(merged_into=gone).exists():
        found.append(
            Refusal(
                "stands_for_another",
                f"Another record was merged into {gone.sers_id}.",
                "Let that record stay, or undo the earlier merge first.",
            )
        )
    if stands.user_id is None and gone.user_id is not None:
        found.append(
            Refusal(
                "no_account",
                f"{stands.sers_id} has no account, and {gone.sers_id} has one.",
                f"Let {gone.sers_id} stay, so that the student keeps a way in.",
            )
        )
    found += _why_not_move(stands, gone)
    older, newer = sorted((stands.pk, gone.pk))
    if LikelyTwins.objects.told_apart().filter(older=older, newer=newer).exists():
        found.append(
            Refusal(
                "told_apart",
                "Somebody said that these are two people.",
                "Put the pair back on the list of likely twins first.",
            )
        )
    return found


def _why_not_move(*records: Student) -> list[Refusal]:
    """Nothing of a record is moved or removed while somebody has asked to inspect it (34 CFR 99.10(e))."""
    if not Inspection.objects.open().of_any(*records).exists():
        return []
    return [
        Refusal(
            "asked_to_inspect",
            "A request to see one of these records is open.",
            "Answer it first, under Requests to see a record.",
        )
    ]


def _what_is_double(stands: Student, gone: Student) -> list[Refusal]:
    """What one person cannot have twice: an ID at a college, a class of a year, credit for a course."""
    ours = records_of(stands)
    found = []
    theirs = CollegeIdentity.objects.standing().filter(student__in=ours, college=OuterRef("college"))
    for identity in (
        CollegeIdentity.objects.standing()
        .filter(Exists(theirs), student=gone.pk)
        .select_related("college")
        .order_by("college__name")
    ):
        found.append(
            Refusal(
                "two_college_ids",
                f"Each has a college ID at {identity.college}.",
                "Its registrar takes the wrong one back under College IDs, as long as no credit stands on it. Where "
                "credit stands on both, the college puts its two records together first.",
            )
        )
    live = Registration.objects.live().filter(
        student__in=ours, high_school_course=OuterRef("high_school_course"), year=OuterRef("year")
    )
    for one in (
        Registration.objects.live()
        .filter(Exists(live), student=gone.pk)
        .select_related("high_school_course__school", "year")
        .order_by("year__first_year", "id")
    ):
        found.append(
            Refusal(
                "class_twice",
                f"Both are registered for {one.high_school_course.title}, {one.high_school_course.school}, {one.year}.",
                "The teacher sets one of the two to Withdrawn or Not in Class. Of two with a grade one is wrong: a "
                "Grade Change comes first.",
            )
        )
    course = CreditAward.objects.standing().filter(
        student__in=ours, college_course=OuterRef("college_course")
    )
    for award in (
        CreditAward.objects.standing()
        .filter(Exists(course), student=gone.pk)
        .select_related("college")
        .order_by("course_code", "id")
    ):
        found.append(
            Refusal(
                "credit_twice",
                f"Both have credit for {award.course_code} of {award.college}.",
                "One of the two was not earned: a Grade Change that earns nothing takes it back. Ask the college’s "
                "registrar which.",
            )
        )
    for college in (
        TranscriptionRun.objects.live()
        .filter(
            Exists(
                RunItem.objects.filter(
                    run=OuterRef("pk"), student__in=(stands.pk, gone.pk), state=RunItem.State.WAITING
                )
            )
        )
        .order_by("college__name")
        .values_list("college__name", flat=True)
    ):
        found.append(
            Refusal(
                "being_transcribed",
                f"{college} transcribes this student’s credit just now.",
                "Wait until the run is finished.",
            )
        )
    return found


@dataclass(frozen=True, slots=True)
class Brought:
    """What one record brings: its classes, credit, documents and IDs, in words."""

    student: Student
    classes: Sequence[Registration]
    credit: Sequence[str]
    transcripts: Sequence[str]
    college_ids: Sequence[str]
    readings: int

    @property
    def account(self) -> str:
        user = self.student.user
        return user.username if user is not None else "No account"

    @property
    def facts(self) -> list[tuple[str, str]]:
        """Everything but the classes, as rows of a list."""
        return [
            ("Signs in as", self.account),
            ("College credit", "; ".join(self.credit) or "None"),
            ("Transcripts", "; ".join(self.transcripts) or "None"),
            ("College IDs", "; ".join(self.college_ids) or "None"),
            ("Who has seen it", _counted(self.readings, "reading", "readings")),
        ]


@dataclass(frozen=True, slots=True)
class Preview:
    """Two records before they are merged: field by field, what each brings, what stands in the way, what to look at."""

    stands: Student
    gone: Student
    rows: Sequence[Beside]
    brings: Sequence[Brought]
    refusals: Sequence[Refusal]
    notes: Sequence[str]


def preview_of(user: User, stands: Student, gone: Student) -> Preview:
    """What a merge would do. The number of queries is the same however much the records hold."""
    brings = [brought_by(stands), brought_by(gone)]
    number = {one.student.pk: len(one.classes) for one in brings}
    return Preview(
        stands,
        gone,
        beside(stands, gone, number),
        brings,
        why_not_merge(user, stands, gone),
        _look_at(*brings),
    )


def brought_by(student: Student) -> Brought:
    """What stands on one record alone."""
    classes = list(
        Registration.objects.filter(student=student.pk)
        .in_full()
        .order_by("-year__first_year", "high_school_course__title", "id")
    )
    awards = CreditAward.objects.standing().filter(student=student.pk).select_related("college", "year")
    transcripts = Transcript.objects.filter(student=student.pk).select_related("college")
    identities = CollegeIdentity.objects.standing().filter(student=student.pk).select_related("college")
    return Brought(
        student,
        classes,
        [
            f"{one.course_code}, {credits_in_words(one.credits)}, {one.college_grade}, {one.college}, {one.year}"
            for one in awards.order_by("year__first_year", "course_code", "id")
        ],
        [f"{one.college}, {day(one.issued_at)}" for one in transcripts.order_by("issued_at", "id")],
        [f"{one.college}: {one.sid}" for one in identities.order_by("college__name")],
        Disclosure.objects.filter(student=student.pk).by_others().count(),
    )


def _look_at(stands: Brought, gone: Brought) -> list[str]:
    """What is right to merge and wants a look afterwards."""
    notes = []
    yearly = set(
        ConsortiumYear.objects.filter(
            fee_basis=ConsortiumYear.FeeBasis.YEAR,
            year__in={one.year_id for one in gone.classes},
        ).values_list("consortium_id", "year_id")
    )
    bearing = [_bearing(one.classes) for one in (stands, gone)]
    both = yearly & bearing[0].keys() & bearing[1].keys()
    owed = {key for key in both for one in bearing if one[key] == Registration.FeesReq.PENDING}
    if owed:
        notes.append(
            "Both bear the yearly fee of one consortium. It is borne once then: what one still owes is dropped."
        )
    if both - owed:
        notes.append(
            "The yearly fee of one consortium was paid or waived on both. What was paid twice shows under Payments, "
            "as money to give back."
        )
    if stands.student.school_id != gone.student.school_id:
        notes.append(
            f"The student belongs to {stands.student.school} then. The counselors of {gone.student.school} "
            "reach the record only by classes taught there."
        )
    if stands.student.email.casefold() != gone.student.email.casefold():
        notes.append(
            f"Mail goes to {stands.student.email or 'no address'} then. Both addresses are told now."
        )
    return notes


def _counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def _bearing(classes: Iterable[Registration]) -> dict[tuple[int, int], str]:
    """How Fees/Req stands where a fee is borne, by consortium and year."""
    return {(one.articulation.consortium_id, one.year_id): one.fees_req for one in classes if one.bears_fee}


@dataclass(frozen=True, slots=True)
class Undoing:
    """A merge before it is undone: what goes back to the record, what stays with the other, what stands in the way."""

    merge: Merge
    back: Brought
    stays: Sequence[str]
    refusals: Sequence[Refusal]


def undoing_of(user: User, merge: Merge) -> Undoing:
    """What an undo would do."""
    return Undoing(merge, brought_by(merge.gone), _done_since(merge), why_not_undo_merge(user, merge))


def _done_since(merge: Merge) -> list[str]:
    """What was done on the record that stays since the merge: it stays there."""
    since, stands = merge.merged_at, merge.stands_id
    registered = Registration.objects.filter(student=stands, registered_at__gte=since).count()
    awarded = CreditAward.objects.filter(student=stands, awarded_at__gte=since).count()
    issued = Transcript.objects.filter(student=stands, issued_at__gte=since).count()
    figures = (
        (registered, "registration", "registrations"),
        (awarded, "award of credit", "awards of credit"),
        (issued, "transcript", "transcripts"),
    )
    return [_counted(number, one, many) for number, one, many in figures if number]


def why_not_undo_merge(user: User, merge: Merge) -> list[Refusal]:
    """A merge is undone by whoever may merge both, as long as nothing was issued that holds for both records together:
    credit for a class of the one awarded to the other, or a transcript with credit of both."""
    if not can_merge(user):
        return [Refusal("not_for_seat", "Consortium and state staff undo merges.")]
    if merge.undone_at is not None:
        return [Refusal("undone_already", "This merge was undone already.")]
    stands, gone, since = merge.stands_id, merge.gone_id, merge.merged_at
    found = []
    if Student.objects.within_reach(user, *MERGERS).filter(pk__in=(stands, gone)).count() < 2:
        found.append(
            Refusal("beyond_reach", "One of the two records is beyond your reach.", "Ask the State Board.")
        )
    found += _why_not_move(merge.stands, merge.gone)
    own_ids = CollegeIdentity.objects.standing().filter(student=gone, college=OuterRef("college"))
    awarded = (
        CreditAward.objects.filter(student=stands, awarded_at__gte=since)
        .filter(Q(sources__registration__student=gone) | Exists(own_ids))
        .select_related("college")
        .order_by("id")
        .first()
    )
    if awarded is not None:
        found.append(
            Refusal(
                "awarded_since",
                f"Since then {awarded.college} awarded {awarded.course_code} to both records as one person.",
                "Credit once awarded stays. If they are two people, the State Board settles it with the college.",
            )
        )
    credit_of_gone = CreditAward.objects.filter(student=gone, college=OuterRef("college"))
    issued = (
        Transcript.objects.current()
        .filter(Exists(credit_of_gone), student=stands, issued_at__gte=since)
        .select_related("college")
        .order_by("-issued_at")
        .first()
    )
    if issued is not None:
        found.append(
            Refusal(
                "issued_since",
                f"{issued.college} issued a transcript on {day(issued.issued_at)} that holds credit of both records.",
                "Its registrar revokes it first.",
            )
        )
    return found
