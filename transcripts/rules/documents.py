"""Documents of a college: who may issue and revoke them, how they stand, whose letters are printed."""

from datetime import timedelta
from typing import Final

from django.db.models import F, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import Role, stands_on
from accounts.models import Job, RateLimit, User
from accounts.rules import language_of
from sers.lib.refusal import Refusal
from students.models import Amendment, Student, person_key, records_by
from transcripts.models import (
    CollegeIdentity,
    Language,
    MailingItem,
    PaperMailing,
    Transcript,
    TranscriptQuerySet,
)

#: Files that may be handed in to be checked, by one address and by everybody: each costs a second of a processor.
CHECKS_WITHIN: Final = timedelta(minutes=15)
CHECKS_BY_ADDRESS: Final = 20
CHECKS_BY_ALL: Final = 600


def statements_on(transcript: Transcript, *, is_letter: bool) -> tuple[list[Amendment], list[Amendment]]:
    """The statements about what a transcript tells: those that are printed on it, and those its check tells besides
    (34 CFR 99.21(c)). A statement given after the paper was issued is not on it, and no letter tells any."""
    found = Amendment.objects.on_transcripts(transcript.college, at=transcript.issued_at)
    every = list(found.of(transcript.student))
    printed = [] if is_letter else [one for one in every if one.given_by(transcript.issued_at)]
    return printed, [one for one in every if one not in printed]


def why_not_check(limit: RateLimit, most: int) -> Refusal | None:
    """A document is checked as long as it is among the first `most` of its stretch of time."""
    if limit.tries <= most:
        return None
    until = timezone.localtime(limit.ends_at + timedelta(seconds=59))  # in whole minutes, never too early
    clock = f"{until.hour % 12 or 12}:{until:%M} {'am' if until.hour < 12 else 'pm'}"
    return Refusal(
        "too_many_checks",
        _("Many documents were checked from your network just now."),
        _("Wait until %(clock)s, then try again.") % {"clock": clock},
    )


def standing_of(transcript: Transcript) -> str:
    """How a transcript stands, and its letter with it: revoked before all, then replaced, else genuine."""
    if transcript.revoked_at is not None:
        return "revoked"
    return "genuine" if transcript.replaced_by_id is None else "replaced"


def can_issue(user: User, college_id: int) -> bool:
    """The registrar of the college issues and revokes its documents and says what they look like."""
    return stands_on(user, Role.REGISTRAR, college_id)


def is_parked(key: str) -> bool:
    """Whether the workers gave up this piece of work: it waits for somebody to set it going again."""
    return Job.objects.parked([key]).exists()


def why_not_export(transcript: Transcript) -> Refusal | None:
    """Only a document that counts leaves SERS as data, and only under the name the record has."""
    if transcript.revoked_at is not None:
        return Refusal("revoked", "This transcript was revoked.", "Nothing is taken from it.")
    if transcript.replaced_by_id is not None:
        return Refusal("replaced", "A newer transcript replaces this one.", "Take the newer one.")
    if transcript.name != transcript.student.name:
        return Refusal(
            "other_name",
            "The name was corrected since this was issued.",
            "Issue it anew, then take the new one.",
        )
    return None


def why_not_reissue(transcript: Transcript, *, parked: bool = False) -> Refusal | None:
    """Only the newest transcript of a student at a college is issued anew, and once at a time."""
    if transcript.replaced_by_id is not None:
        return Refusal("replaced", "A newer transcript has replaced this one.", "Issue that one anew.")
    if transcript.reissue_asked_at is not None and parked:
        return Refusal(
            "parked", "A new issue was asked for, and its making has stopped.", "Press Try again on its page."
        )
    if transcript.reissue_asked_at is not None:
        return Refusal("asked_already", "A new issue was asked for already.", "A worker makes it now.")
    return None


def why_not_try_reissue(transcript: Transcript, *, parked: bool) -> Refusal | None:
    """A new issue is set going again when it was asked for and the workers gave it up."""
    if transcript.reissue_asked_at is None:
        return Refusal("not_asked", "No new issue was asked for.", "Issue it anew.")
    if transcript.replaced_by_id is not None:
        return Refusal("made", "The new issue is made.", "Open it below.")
    if not parked:
        return Refusal("going", "A worker makes the new issue now.", "Look again in a minute.")
    return None


def why_not_revoke(transcript: Transcript) -> Refusal | None:
    """A document is revoked once; nothing takes that back, a new issue follows it."""
    if transcript.revoked_at is not None:
        return Refusal("revoked_already", "This transcript is revoked already.", "Issue a new one.")
    return None


def with_another_id(transcripts: TranscriptQuerySet) -> TranscriptQuerySet:
    """Of these, the transcripts that count and say no college ID, or another than stands now; whose new issue is asked for
    already are left alone."""
    ours = records_by(OuterRef(OuterRef("person")))
    now = CollegeIdentity.objects.standing().filter(student__in=ours, college=OuterRef("college"))
    found = transcripts.current().filter(reissue_asked_at__isnull=True).alias(person=person_key())
    differing: TranscriptQuerySet = found.annotate(sid_now=Subquery(now.values("sid")[:1])).filter(
        ~Q(sid=F("sid_now")), sid_now__isnull=False
    )
    return differing


def why_not_issue_new_ids(count: int) -> Refusal | None:
    """There is something to issue anew."""
    if not count:
        return Refusal("nothing", "Every transcript tells the college ID that stands.", "")
    return None


#: One mailing of a college and year is made at a time; the database says so.
MAILING_IS_MADE: Final = Refusal(
    "mailing_is_made", "A mailing of this college and year is being made.", "Open it below."
)


def why_not_start_mailing(*, waiting: int) -> Refusal | None:
    """A mailing starts when letters wait to be printed."""
    if not waiting:
        return Refusal(
            "nothing_waits", "No letter waits to be printed.", "Letters come with the summer transcription."
        )
    return None


def why_not_make_again(mailing: PaperMailing, *, parked: bool) -> Refusal | None:
    """A file is made anew until it is in the mail; one that is being made is set going again when the workers gave it up."""
    if mailing.state == PaperMailing.State.MAILED:
        return Refusal(
            "mailed_already", "This mailing is in the mail already.", "Make another one of what is left."
        )
    if mailing.state == PaperMailing.State.PREPARING and not parked:
        return Refusal("being_made", "The file is being made.", "Look again in a minute.")
    return None


def place_in_the_mail(student: Student) -> tuple[str, str, str]:
    """Where a letter stands in a mailing: by ZIP code, then street, then name, as presorted mail is handed in."""
    return (student.postal_code, student.street.casefold(), student.sort_name)


def why_not_mark_mailed(mailing: PaperMailing) -> Refusal | None:
    """What is mailed was printed before, and is mailed once."""
    if mailing.state == PaperMailing.State.PREPARING:
        return Refusal("not_ready", "The file is not ready.", "Print it when it is.")
    if mailing.state == PaperMailing.State.MAILED:
        return Refusal("mailed_already", "This mailing is marked as mailed already.", "")
    return None


def why_left_out(student: Student, *, has_letter: bool, standing: str = "genuine") -> str:
    """Why a student's letter is not printed: it counts no more, then death, then the student's wish, then what is
    missing. Asked when a mailing is sorted, and again when its part is put together."""
    if standing in (MailingItem.Reason.REVOKED, MailingItem.Reason.REPLACED):
        return standing
    if student.died_on is not None:
        return str(MailingItem.Reason.DIED)
    if student.no_paper:
        return str(MailingItem.Reason.NO_PAPER)
    if not has_letter:
        return str(MailingItem.Reason.NO_LETTER)
    if not student.address_lines:
        return str(MailingItem.Reason.NO_ADDRESS)
    return ""


def why_item_left_out(item: MailingItem) -> str:
    """The same, of a letter in a mailing as it stands now."""
    transcript = item.transcript
    return why_left_out(
        transcript.student, has_letter=hasattr(transcript, "letter"), standing=standing_of(transcript)
    )


def needs_address_sheet(transcript: Transcript) -> bool:
    """A letter shows the address of the day it was written; who has moved since gets a sheet with today's before it."""
    return transcript.letter.address_lines != transcript.student.address_lines


#: Who can mend what keeps a letter from being printed, and how; empty where nothing is to be mended.
MEND: Final = {
    MailingItem.Reason.DIED: "Nothing is sent.",
    MailingItem.Reason.NO_PAPER: "The student reads letter and transcript in SERS.",
    MailingItem.Reason.NO_ADDRESS: "The student or the counselor enters the address; the next mailing prints it.",
    MailingItem.Reason.NO_LETTER: "Issue the transcript anew: a letter is written with it.",
    MailingItem.Reason.REVOKED: "Nothing is sent. A new issue goes with the next mailing.",
    MailingItem.Reason.REPLACED: "The next mailing prints the newer one.",
}


def letter_language(student: Student) -> str:
    """A letter is in the language the student reads SERS in, where there are letters in it; else in English."""
    chosen = language_of(student.user)
    return chosen if chosen in Language.values else str(Language.ENGLISH)
