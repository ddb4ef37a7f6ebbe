"""Letters on paper as pages show them: what is left to be mailed by when, how far a mailing is, who is left out."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q

from accounts.models import Job
from organizations.models import AcademicYear, College
from transcripts.models import PART, MailingItem, PaperMailing, Transcript, printable, usual_mail_by
from transcripts.rules.documents import MEND, why_item_left_out


@dataclass(frozen=True, slots=True)
class Deadline:
    """What a college has still to mail on one school year's credit, and by when."""

    college: str
    college_key: UUID
    year: str
    first_year: int
    mail_by: date
    days: int
    waiting: int
    in_making: int
    mailed: int
    under_way: bool
    #: The workers gave up the file that is being made.
    stopped: bool

    @property
    def left(self) -> int:
        """Letters that are not in the mail yet: those no mailing holds, and those printed and not handed in."""
        return self.waiting + self.in_making

    @property
    def letters(self) -> int:
        return self.left + self.mailed

    @property
    def state(self) -> tuple[str, str]:
        """The tag: how it is, in a word."""
        if not self.left:
            return "done", "Mailed"
        return ("stop", "Late") if self.days < 0 else ("wait", "To be mailed")


def deadlines(colleges: Collection[int], *, on: date) -> list[Deadline]:
    """For each college and school year with letters: how many are in the mail, how many are left, by which day.

    Letters that no mailing can print (no address, no paper wanted, ...) are left until a mailing has looked at them;
    then they are listed there, and count again when the reason is gone.
    """
    items = MailingItem.objects.filter(transcript=OuterRef("pk"))
    printed = items.printed()
    counted = (
        Transcript.objects.filter(college__in=colleges)
        .current()
        .alias(
            looked_at=Exists(items),
            in_a_file=Exists(printed.exclude(mailing__state=PaperMailing.State.MAILED)),
            in_the_mail=Exists(printed.filter(mailing__state=PaperMailing.State.MAILED)),
        )
        .order_by()
        .values("college", "run__year__first_year")
        .annotate(
            waiting=Count(
                "pk",
                filter=Q(in_a_file=False, in_the_mail=False) & (Q(looked_at=False) | printable()),
            ),
            printed=Count("pk", filter=Q(in_a_file=True)),
            mailed=Count("pk", filter=Q(in_the_mail=True)),
        )
        .order_by("-run__year__first_year", "college__name")
    )
    names = College.objects.in_bulk(list(colleges))
    going = {
        (one.college_id, one.year.first_year): one
        for one in PaperMailing.objects.filter(college__in=colleges, state=PaperMailing.State.PREPARING)
        .select_related("year")
        .order_by("pk")
    }
    stopped = parked_mailings(going.values())
    found = []
    for row in counted:
        college, year = names[row["college"]], AcademicYear(first_year=row["run__year__first_year"])
        mail_by = usual_mail_by(year)
        found.append(
            Deadline(
                college=college.name,
                college_key=college.public_id,
                year=str(year),
                first_year=year.first_year,
                mail_by=mail_by,
                days=(mail_by - on).days,
                waiting=row["waiting"],
                in_making=row["printed"],
                mailed=row["mailed"],
                under_way=(college.pk, year.first_year) in going,
                stopped=(mailing := going.get((college.pk, year.first_year))) is not None
                and mailing.pk in stopped,
            )
        )
    return found


def parked_mailings(mailings: Iterable[PaperMailing]) -> frozenset[int]:
    """Those of these mailings whose making the workers gave up; one query."""
    keys = {one.job_key: one.pk for one in mailings if one.state == PaperMailing.State.PREPARING}
    if not keys:
        return frozenset()
    return frozenset(keys[key] for key in Job.objects.parked(keys).values_list("key", flat=True))


def changed_row(item: MailingItem) -> dict[str, Any]:
    """One letter in a file that would be left out, or go elsewhere, if it were made now, as the list shows it."""
    reason = why_item_left_out(item)
    return {
        "key": item.transcript.public_id,
        "name": item.transcript.name,
        "sers_id": item.transcript.student.sers_id,
        "reason": MailingItem.Reason(reason).label if reason else "The student has moved",
    }


@dataclass(frozen=True, slots=True)
class MailingProgress:
    """How far a mailing is, in letters."""

    letters: int
    left_out: int
    parts: int
    parts_done: int
    reasons: Mapping[str, int]

    @property
    def done(self) -> int:
        return min(self.parts_done * PART, self.letters)

    @property
    def sentence(self) -> str:
        """`350 of 1,424 letters are put together.`"""
        return f"{self.done:,} of {self.letters:,} letters are put together."

    @property
    def listed(self) -> list[tuple[str, int]]:
        """Why letters are left out, and how many for each reason."""
        return [(str(MailingItem.Reason(reason).label), count) for reason, count in self.reasons.items()]


def mailing_progress(mailing: PaperMailing) -> MailingProgress:
    """Two queries: letters by reason, and the parts that are done."""
    reasons = dict(
        mailing.items.order_by().values_list("left_out").annotate(count=Count("id")).order_by("left_out")
    )
    letters = reasons.pop("", 0)
    parts = -(-letters // PART)
    done = mailing.parts.count() if mailing.state == PaperMailing.State.PREPARING else parts
    return MailingProgress(letters, sum(reasons.values()), parts, done, reasons)


def left_out_row(row: Mapping[str, Any]) -> dict[str, Any]:
    """One letter that is left out, as the list shows it."""
    reason = MailingItem.Reason(row["left_out"])
    return {
        "key": row["transcript__public_id"],
        "name": row["transcript__name"],
        "sers_id": row["sers_id"],
        "reason": reason.label,
        "mend": MEND[reason],
    }


def issued_rows(rows: Collection[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Issued transcripts as the list shows them; one query says whose new issue the workers gave up."""
    keys = {
        row["pk"]: Transcript(pk=row["pk"], reissue_tries=row["reissue_tries"]).reissue_key for row in rows
    }
    parked = set(Job.objects.parked(keys.values()).values_list("key", flat=True))
    return [issued_row(row, parked=keys[row["pk"]] in parked) for row in rows]


def issued_row(row: Mapping[str, Any], *, parked: bool = False) -> dict[str, Any]:
    """One issued transcript, as the list shows it: with its standing as a tag."""
    if row["revoked_at"]:
        tag, label = "stop", "Revoked"
    elif row["replaced_by_id"]:
        tag, label = "quiet", "Replaced"
    elif row["reissue_asked_at"] and parked:
        tag, label = "stop", "New issue stopped"
    elif row["reissue_asked_at"]:
        tag, label = "progress", "New issue in the making"
    else:
        tag, label = "done", "Current"
    return {
        "key": row["public_id"],
        "name": row["name"],
        "sers_id": row["sers_id"],
        "sid": row["sid"],
        "college": row["college__name"],
        "year": str(AcademicYear(first_year=row["run__year__first_year"])),
        "issued_at": row["issued_at"],
        "number": row["number"],
        "credits": row["credits"],
        "letter": {"en": "English", "es": "Spanish"}.get(row["letter__language"] or "", ""),
        "tag": tag,
        "label": label,
    }
