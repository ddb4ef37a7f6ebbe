"""What SERS holds about a student: every table that leads to one, and what of it is handed out.

A table is handed out (`TABLES`) or left out with its reason (`LEFT_OUT`); a model that is in neither turns the suite
red. Of a table that is handed out every field is, private or not: they are the student's own. A row it only points
to tells no more than its public side: a place, a course or a class its name, a person of the staff theirs, another
student or another's row nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from django.db import models
from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import (
    AuthenticatorApp,
    EmailChange,
    Event,
    Identity,
    Mail,
    MailedLink,
    OpenSession,
    Passkey,
    RecoveryCode,
    SecurityAnswer,
    User,
)
from grading.models import GradeChange, GradeChangeFile, GradeEntry, GradePart, RosterComment
from organizations.models import Seat
from reports.models import NoLetters, RecordExport
from students.models import (
    Amendment,
    Checkout,
    ClassAnswer,
    CredentialTakenBack,
    Disclosure,
    EarnedCredential,
    GuardianAnswer,
    GuardianLink,
    Inspection,
    LateClaim,
    LateClaimFile,
    LateClaimMessage,
    LikelyTwins,
    Merge,
    Payment,
    PaymentShare,
    Registration,
    Requirement,
    RequirementDecision,
    RosterEntry,
    Student,
    YearlyNotice,
)
from transcripts.models import (
    AwardSource,
    Badge,
    CollegeIdentity,
    CreditAward,
    IdentityCandidate,
    IdentityConflict,
    Letter,
    MailingItem,
    PostingEvent,
    RunItem,
    RunLine,
    SettledRepeat,
    SidReplacement,
    TermActivation,
    Transcript,
    TranscriptRequest,
    WorksheetRow,
)

PROVES: Final = "It proves who somebody is: a copy of it would weaken the account."
COLLEGES: Final = "What a college keeps is the student’s alone."
FOR_SEARCH: Final = "The same names once more, as SERS sorts and searches them."


@dataclass(frozen=True, slots=True)
class Table:
    """One table of the record: what it is in words, how a row says whose it is, which columns are left out and why.

    `paths` end at the student, `person` at the account; `by_sid` finds rows of a college that name its ID alone.
    """

    model: type[models.Model]
    name: str
    title: str | Promise
    paths: tuple[str, ...] = ()
    person: str = ""
    by_sid: bool = False
    #: How somebody signs in is no education record: it is handed to its owner alone.
    own_only: bool = False
    #: A row is about another student as well: what was done to it is told of neither.
    of_two: bool = False
    #: What a row must be besides.
    rows_of: Q = field(default_factory=Q)
    left_out: Mapping[str, str] = field(default_factory=dict)
    #: Of a table of the school's side: which rows are of that side, and columns that tell of what a college keeps.
    of_school: Q = field(default_factory=Q)
    of_college: tuple[str, ...] = ()

    def of_school_side(self, parent: str) -> "Table":
        """The table as a parent gets it, whose name this is: what is the student's alone is neither a row nor a column."""
        rows = (
            Q(asker=Inspection.Asker.GUARDIAN, asker_name=parent)
            if self.model is Inspection
            else self.of_school
        )
        kept = dict.fromkeys(self.of_college, COLLEGES)
        return replace(self, rows_of=rows, left_out={**self.left_out, **kept})

    def fields(self) -> list[Any]:
        """The columns that are handed out, in the order they are declared."""
        return [one for one in self.model._meta.concrete_fields if one.name not in self.left_out]

    def rows(self, holder: "Holder") -> QuerySet[Any]:
        """This table's rows about the student, the oldest first."""
        some = Q(pk__in=[])
        for path in self.paths:
            some |= Q(**{f"{path}__in": holder.records})
        if self.person:
            some |= Q(**{f"{self.person}__in": holder.people})
        if self.by_sid:
            for college, sid in holder.sids:
                some |= Q(college=college, sid=sid)
        links = [one.name for one in self.model._meta.concrete_fields if one.is_relation]
        return self.model._default_manager.filter(some & self.rows_of).select_related(*links).order_by("pk")


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose rows they are: the record and those merged into it, their accounts, their IDs at colleges."""

    records: list[int]
    people: list[int]
    sids: list[tuple[int, str]]

    @classmethod
    def of(cls, student: Student) -> "Holder":
        """A merged record is part of the one it was merged into."""
        records = [student, *Student.objects.filter(merged_into=student).order_by("pk")]
        keys = [one.pk for one in records]
        identities = CollegeIdentity.objects.filter(student__in=keys, undone_at__isnull=True)
        return cls(
            records=keys,
            people=[one.user_id for one in records if one.user_id is not None],
            sids=list(identities.order_by("pk").values_list("college_id", "sid")),
        )


TABLES: Final = (
    # Who you are
    Table(
        Student, "student", _("Who you are and how you are reached"), ("pk",),
        left_out={"folded": FOR_SEARCH, "sort_name": FOR_SEARCH},
    ),
    Table(
        User, "account", _("Your account"), person="pk",
        left_out={"password": PROVES, "folded": FOR_SEARCH},
    ),
    Table(Seat, "seats", _("What your account may open"), person="user"),
    Table(
        LikelyTwins, "records_like_it", _("Where another record looked like yours"), ("older", "newer"), of_two=True,
        left_out={"reason": "It tells of the other person too."},
    ),
    Table(
        Merge, "merges", _("Where two records of yours became one"), ("stands", "gone"), of_two=True,
        left_out={
            "reason": "It may tell of another person too, where the merge was a mistake.",
            "undone_reason": "It tells of the other person too.",
        },
    ),
    # Classes and grades
    Table(Registration, "registrations", _("Your registrations"), ("student",), of_college=("awarded_at",)),
    Table(RosterEntry, "school_rosters", _("Where your school’s roster names you"), ("student",)),
    Table(ClassAnswer, "class_answers", _("Whether your teacher found you in a class"), ("registration__student",)),
    Table(Requirement, "requirements", _("What your classes owed"), ("registration__student",)),
    Table(
        RequirementDecision, "requirement_decisions", _("Decisions about what you owed"),
        ("requirement__registration__student",),
    ),
    Table(
        GuardianLink, "guardian_links", _("Links mailed to your parent or guardian"), ("student",),
        left_out={"token_hash": PROVES},
    ),
    Table(GuardianAnswer, "guardian_answers", _("Answers of your parent or guardian"), ("link__student",)),
    Table(Checkout, "checkouts", _("Payments you began online"), ("student",)),
    Table(Payment, "payments", _("What was paid for you, and given back"), ("student",)),
    Table(PaymentShare, "payment_shares", _("What each payment covers"), ("payment__student",)),
    Table(
        GradeEntry, "grades", _("Your grades, and each correction of one"), ("registration__student",),
        of_college=("points", "letter"),
    ),
    Table(GradePart, "grade_parts", _("Parts of a grade: semesters, exams, checklists"), ("registration__student",)),
    Table(RosterComment, "comments", _("Comments staff wrote about you in a class"), ("registration__student",)),
    Table(
        EarnedCredential, "industry_credentials", _("Industry credentials you earned"), ("registration__student",)
    ),
    Table(
        CredentialTakenBack, "credentials_taken_back", _("Industry credentials recorded in error, and why"),
        ("earned__registration__student",),
    ),
    Table(
        GradeChange, "grade_changes", _("Grade Changes"), ("registration__student",),
        of_college=("needs_reposting_at", "reposted_at"),
    ),
    Table(
        GradeChangeFile, "grade_change_papers", _("Papers handed in with a Grade Change"),
        ("change__registration__student",), left_out={"path": "Where SERS keeps the file; the file itself is beside."},
    ),
    Table(LateClaim, "late_claims", _("Your late claims"), ("student",)),
    Table(
        LateClaimFile, "late_claim_papers", _("Papers handed in with a late claim"), ("claim__student",),
        left_out={"path": "Where SERS keeps the file; the file itself is beside."},
    ),
    Table(LateClaimMessage, "late_claim_messages", _("What was asked and answered about a late claim"), ("claim__student",)),
    # Credit
    Table(CollegeIdentity, "college_ids", _("Your IDs at colleges"), ("student",)),
    Table(SidReplacement, "college_id_corrections", _("Corrections of your college IDs"), ("identity__student",)),
    Table(IdentityCandidate, "college_id_candidates", _("Where a college’s list looked like you"), ("student",)),
    Table(IdentityConflict, "college_id_decisions", _("What was decided about a college’s list"), ("student",)),
    Table(TermActivation, "terms_active", _("Terms a college opened for you"), by_sid=True),
    Table(SettledRepeat, "settled_repeats", _("Classes whose earlier credit stands"), ("registration__student",)),
    Table(TranscriptRequest, "transcription_requests", _("What you asked a college to transcribe"), ("registration__student",)),
    Table(RunItem, "transcription", _("Where the summer transcription looked at your classes"), ("student",)),
    Table(RunLine, "transcription_classes", _("What it found for each class"), ("registration__student",)),
    Table(CreditAward, "credit", _("College credit awarded to you"), ("student",)),
    Table(AwardSource, "credit_sources", _("Which class earned which credit"), ("registration__student",)),
    Table(WorksheetRow, "sent_to_ctclink", _("What was sent to the college’s system"), ("award__student",)),
    Table(
        PostingEvent, "posted_in_ctclink", _("What the college’s system answered"), ("award__student",), by_sid=True
    ),
    # Documents
    Table(Transcript, "transcripts", _("Your unofficial transcripts"), ("student",)),
    Table(Letter, "letters", _("Letters about your credit"), ("transcript__student",)),
    Table(MailingItem, "letters_on_paper", _("Letters on paper"), ("transcript__student",)),
    Table(Badge, "badges", _("Your badges"), ("award__student",)),
    # Who saw it and what was done
    Table(
        Disclosure, "readers", _("Who has seen your record"), ("student",),
        left_out={"session": "It is of the reader’s session, and names nobody."},
        # Who read a transcript, or took the student's own file, is no reader of the school's side.
        of_school=~Q(what__in=(Disclosure.What.RUN, Disclosure.What.TRANSCRIPT, Disclosure.What.EXPORT)),
    ),
    Table(
        Amendment, "requests_to_amend", _("Requests to amend your record, and your statements"), ("student",),
        of_school=Q(side=Amendment.Side.SCHOOL),
    ),
    Table(Inspection, "requests_to_inspect", _("Requests to see your record"), ("student",)),
    Table(YearlyNotice, "notices_of_rights", _("When you were told of your rights"), ("student",)),
    Table(RecordExport, "exports", _("Files like this one"), ("student",)),
    Table(
        Mail, "mail", _("Mail SERS wrote about you"), person="person",
        left_out={"html": "The same words once more, laid out.", "error": "The mail server’s own words on a try."},
    ),
    Table(NoLetters, "no_letters", _("Letters you asked not to get"), person="user"),
    Table(Event, "history", _("What was done, when and by whom")),
    # How you sign in
    Table(EmailChange, "address_changes", _("Changes of your e-mail"), person="user"),
    Table(
        MailedLink, "mailed_links", _("Links that were mailed to you"), person="user", own_only=True,
        left_out={"token_hash": PROVES},
    ),
    Table(
        OpenSession, "sessions", _("Where you are signed in"), person="user", own_only=True,
        left_out={"session_key": PROVES, "session_data": PROVES},
    ),
    Table(
        AuthenticatorApp, "authenticator_apps", _("Your authenticator apps"), person="user", own_only=True,
        left_out={"sealed_secret": PROVES, "last_step": PROVES},
    ),
    Table(
        Passkey, "passkeys", _("Your passkeys"), person="user", own_only=True,
        left_out={"credential_id": PROVES, "public_key": PROVES, "sign_count": PROVES},
    ),
    Table(Identity, "other_sign_ins", _("Your sign-ins at a district or college"), person="user", own_only=True),
    Table(
        RecoveryCode, "recovery_codes", _("Your recovery codes, without the codes"), person="user", own_only=True,
        left_out={"code_hash": PROVES},
    ),
    Table(
        SecurityAnswer, "security_questions", _("Your security questions, without the answers"), person="user",
        own_only=True, left_out={"answer_hash": PROVES},
    ),
)  # fmt: skip

#: Tables that lead to a student or an account, or hold what is private, and are not handed out: each with its reason.
LEFT_OUT: Final[Mapping[str, str]] = {
    "accounts.Job": "work of the system; it keeps the number of a row and nothing of it",
    "accounts.RecoveryRequest": "what anybody typed at the sign-in, gone within the hour: it proves nobody",
    "organizations.PeopleFile": "staff accounts, handed in by staff",
    "organizations.CollegeAnswer": "a college's public words; the account is who wrote them",
    "articulations.Articulation": "an agreement of schools and colleges; the account is who entered it",
    "students.StatedPurpose": "what the State reads records for; it stands as the reason beside each reading",
    "students.ConsentText": "the text of the State or a consortium for everybody; a registration names its version, and its page shows the words",
    "students.Receipt": "one act about many students; the student's own decisions are handed out",
    "students.ProviderNews": "a message between two machines; what came of it is the payment, which is handed out",
    "students.Statement": "a bank's file about many; the student's payments are handed out",
    "students.StatementLine": "a bank's line; once it is known whose it is, it is a payment, which is handed out",
    "students.StudentFile": "a sheet of many students handed in by staff; each of its rows became a record",
    "students.RosterImport": "a school's file about many students; what it says of the student is handed out",
    "students.RosterLine": "a line of such a file until it is taken in; then it is handed out as the school's roster",
    "students.RosterClass": "a class as a school names it",
    "articulations.ArticulationRequest": "a school's request about a class; the accounts are staff's",
    "articulations.RequestVersion": "what a school handed in about a class; the account is staff's",
    "articulations.RequestStep": "a decision of staff on such a request, with the signer's name",
    "articulations.RequestFile": "a school's paper about a class; the account is who handed it in",
    "articulations.RequestMessage": "what staff write each other about such a request",
    "articulations.PartnerPlan": "who signs agreements; the account is who set it",
    "articulations.PlannedPartner": "a partner of a school or college, no student",
    "articulations.AgreementWording": "the words of agreements; the account is who wrote them",
    "articulations.AgreementText": "what schools and colleges agree; the accounts are staff's",
    "articulations.AgreementSigner": "a partner of a school or college, no student",
    "articulations.AgreementSignature": "a partner's signature under an agreement",
    "articulations.SigningLink": "how a partner without an account signs, no student",
    "articulations.CourseFile": "a college's catalog, handed in by staff",
    "articulations.ClassFile": "codes of a district's classes, handed in by staff",
    "articulations.CourseChange": "what a college changed of a course; the account is who changed it",
    "articulations.AgreementReview": "what a review of an agreement found; the account is who reviewed",
    "articulations.VCodeCheck": "a teacher's certificate, looked up by the consortium",
    "articulations.Rollover": "classes rolled over by staff; the accounts are theirs",
    "articulations.AssuranceText": "a college's words to its teachers; the account is who wrote them",
    "articulations.TeacherAssurance": "a teacher's assurance to a college, with the signer's name",
    "articulations.Countersignature": "a signature of staff beside a teacher's",
    "grading.GradeDraft": "one teacher's typing before it is saved, of a whole class; what is saved is handed out",
    "grading.ClassCompletion": "numbers of a whole class",
    "grading.WindowExtension": "a request for a whole class",
    "transcripts.SheetImport": "a college's list of many people; what it said of the student is handed out row by row",
    "transcripts.TranscriptFile": "the PDF: it lies in the folder of files",
    "transcripts.LetterFile": "the PDF: it lies in the folder of files",
    "transcripts.TranscriptionRun": "a run over all students of a college; the student's lines are handed out",
    "transcripts.TranscriptionPlan": "a college's settings; the account is who set them",
    "transcripts.WorksheetBatch": "a sheet of many students; the student's rows are handed out",
    "transcripts.WorksheetFile": "a sheet of many students; the student's rows are handed out",
    "transcripts.PaperMailing": "a mailing of many students; the student's letter is handed out",
    "transcripts.MailingPart": "letters of many students; the student's letter lies in the folder of files",
    "transcripts.MailingFile": "letters of many students; the student's letter lies in the folder of files",
    "transcripts.Letterhead": "a college's letterhead; the account is who set it",
    "transcripts.LetterWording": "a college's words for all letters; the account is who wrote them",
    "reports.Figure": "how many registrations a group has; no row names anybody",
    "reports.ListExport": "a list of many students; that the student is in it stands among the readers",
    "reports.ListPart": "a list of many students; that the student is in it stands among the readers",
    "reports.Mailing": "a letter to many people; the student's own one is handed out as mail",
    "reports.MailingRecipient": "to whom a letter went; the student's own one is handed out as mail",
    "reports.RecordExportFile": "an earlier file like this one; the request for it is handed out",
}


#: Apps whose tables are the school's side of a record; what colleges, the account and the mail hold is the student's.
SCHOOL_SIDE: Final = ("students", "grading")


def tables_for(*, own: bool, parent: str = "") -> list[Table]:
    """The tables of a file: all of them for the student, the education record for staff who answer a request, for a
    parent of this name the school's side of it and what they asked themselves."""
    found = [table for table in TABLES if own or not table.own_only]
    if not parent:
        return found
    return [table.of_school_side(parent) for table in found if table.model._meta.app_label in SCHOOL_SIDE]


def events_about(owned: Mapping[str, list[int]], holder: Holder) -> QuerySet[Event]:
    """What was done to the rows that are handed out, by whomever, and what the student did."""
    some = Q(actor__in=holder.people)
    for label, keys in owned.items():
        if keys:
            some |= Q(subject_type=label, subject_id__in=keys)
    return Event.objects.filter(some).select_related("actor").order_by("pk")
