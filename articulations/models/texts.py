"""The text of an agreement, version by version, and the signatures under it."""

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any, ClassVar

import pgtrigger
from django.db import models
from django.db.models import Count, F, Q
from django.utils import timezone

from accounts.access import ALL, Record, Role, VisibleQuerySet
from accounts.models import User
from articulations.models.agreements import Articulation
from articulations.models.requesting import ArticulationRequest, fingerprint
from organizations.models import College, Consortium, HighSchool, SignerTitle
from sers.lib.chain import GENESIS
from sers.lib.folding import fold


class AgreementTextQuerySet(VisibleQuerySet):
    def open(self) -> "AgreementTextQuerySet":
        """Texts somebody still works on: being prepared, or out for signature."""
        return self.filter(state__in=AgreementText.OPEN)

    def closed(self) -> "AgreementTextQuerySet":
        return self.exclude(state__in=AgreementText.OPEN)

    def out(self) -> "AgreementTextQuerySet":
        return self.filter(state=AgreementText.State.OUT)

    def worded(self, words: str) -> "AgreementTextQuerySet":
        """Texts of whose number, class, school or college each word begins some word."""
        found = self
        for word in fold(words).split()[:8]:
            found = found.filter(folded__contains=f" {word}")
        return found

    def at(self, *, college: str = "", state: str = "") -> "AgreementTextQuerySet":
        """Texts of one college (its public id), in one state."""
        asked = {"college__public_id": college, "state": state}
        return self.filter(**{path: value for path, value in asked.items() if value})

    def with_names(self) -> "AgreementTextQuerySet":
        """With everything a page tells of one."""
        return self.select_related(
            "consortium", "college", "school__district", "prepared_by", "sent_by", "ended_by", "asked",
            "amends", "supersedes", "articulation",
        )  # fmt: skip

    def latest_first(self) -> "AgreementTextQuerySet":
        return self.order_by("-changed_at", "-id")

    def followed_up(self, sent_before: datetime) -> "AgreementTextQuerySet":
        """Texts that have been out since before that moment."""
        return self.out().filter(sent_at__lte=sent_before).order_by("id")

    def listed(self) -> models.QuerySet[Any, dict[str, Any]]:
        """What a row of a list shows, as plain values."""
        return self.values(
            "public_id", "number", "version", "kind", "state", "title", "changed_at", "valid_from", "valid_until",
            school_name=F("school__name"),
            college_name=F("college__name"),
        ).annotate(
            partners=Count("signers", distinct=True),
            signed=Count("signatures", distinct=True),
        )  # fmt: skip


class AgreementText(Record):
    """One exact text of an agreement: prepared, sent out, signed by every partner, and only then in force.

    The words are ink from the moment the row is written: what is wrong in them is put right in a further text, which
    everybody signs anew. The agreement itself, an `Articulation` with its lines, is made by the last signature.
    """

    class Kind(models.TextChoices):
        NEW = "new", "New agreement"
        AMENDMENT = "amendment", "Amendment"
        RENEWAL = "renewal", "Renewal"

    class State(models.TextChoices):
        DRAFT = "draft", "Being prepared"
        OUT = "out", "Out for signature"
        SIGNED = "signed", "Signed by all"
        DECLINED = "declined", "Declined"
        CALLED_BACK = "called_back", "Called back"

    OPEN: ClassVar = (State.DRAFT, State.OUT)
    seen_by: ClassVar = {
        Role.TEACHER: "asked__seats",
        Role.COUNSELOR: "school",
        Role.DISTRICT: "school__district",
        Role.FACULTY: "college",
        Role.REGISTRAR: "college",
        Role.CONSORTIUM: "consortium",
        Role.STATE: ALL,
    }
    public_fields: ClassVar = {
        "id", "public_id", "number", "version", "issue", "kind", "state", "consortium", "college", "school", "title",
        "folded", "asked", "amends", "supersedes", "valid_from", "valid_until", "content", "sha256", "after",
        "prepared_by", "prepared_at", "sent_by", "sent_at", "changed_at", "ended_by", "ended_at", "review_years",
    }  # fmt: skip
    private_fields: ClassVar = {"ended_name", "reason"}

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField("agreement number", max_length=20)
    #: Version of the agreement: the first, and one more with each amendment or renewal.
    version = models.PositiveSmallIntegerField("version", default=1)
    #: Which text of that version it is: one more each time the words are put right before everybody has signed.
    issue = models.PositiveSmallIntegerField("text", default=1)
    kind = models.CharField("kind", max_length=10, choices=Kind)
    state = models.CharField("state", max_length=12, choices=State, default=State.DRAFT)
    consortium = models.ForeignKey(Consortium, models.PROTECT, related_name="agreement_texts")
    college = models.ForeignKey(College, models.PROTECT, related_name="agreement_texts")
    school = models.ForeignKey(HighSchool, models.PROTECT, related_name="agreement_texts")
    title = models.CharField("classes", max_length=300)
    folded = models.CharField(max_length=400, editable=False, default="")
    #: The approved request it was made from; none for one the consortium wrote.
    asked = models.ForeignKey(
        ArticulationRequest, models.PROTECT, null=True, blank=True, related_name="texts"
    )
    #: The agreement an amendment or a renewal takes over from.
    amends = models.ForeignKey(Articulation, models.PROTECT, null=True, blank=True, related_name="successors")
    #: The text this one puts right.
    supersedes = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="superseded_by"
    )
    valid_from = models.DateField("in force from")
    valid_until = models.DateField("in force until")
    review_years = models.PositiveSmallIntegerField("reviewed every so many years", default=3)
    content = models.JSONField("what it says")
    sha256 = models.CharField("fingerprint", max_length=64)
    #: The last link of the chain of signatures before this text: of the agreement it takes over from, if any.
    after = models.CharField("link before", max_length=64, default=GENESIS)
    prepared_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField("prepared at", default=timezone.now)
    sent_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    sent_at = models.DateTimeField("sent out at", null=True, blank=True)
    changed_at = models.DateTimeField("last changed at", default=timezone.now)
    #: Who declined or called back, or signed last, and when; somebody outside of SERS is a name alone.
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    ended_name = models.CharField("by", max_length=200, blank=True)
    ended_at = models.DateTimeField("ended at", null=True, blank=True)
    reason = models.TextField("reason", max_length=2000, blank=True)

    objects = AgreementTextQuerySet.as_manager()

    class Meta:
        ordering = ("-changed_at", "-id")
        constraints = (
            models.UniqueConstraint(fields=("number", "version", "issue"), name="agreement_text_once"),
            # What a signature's key points to: see signature_names_its_text in the migration.
            models.UniqueConstraint(fields=("id", "sha256"), name="agreement_text_by_its_fingerprint"),
            models.UniqueConstraint(
                fields=("amends",),
                condition=Q(state__in=("draft", "out")),
                name="one_open_text_for_an_agreement",
                violation_error_message="Another text that takes over from this agreement is under way.",
            ),
            models.UniqueConstraint(
                fields=("asked", "school"),
                condition=Q(state__in=("draft", "out")),
                name="one_open_text_for_a_request",
                violation_error_message="Another text for this request is under way.",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=("new", "amendment", "renewal")), name="agreement_text_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=("draft", "out", "signed", "declined", "called_back")),
                name="agreement_text_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(kind="new", amends__isnull=True)
                | (~Q(kind="new") & Q(amends__isnull=False)),
                name="agreement_text_takes_over_from_what_is_there",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__gt=F("valid_from")),
                name="agreement_text_ends_after_it_starts",
                violation_error_message="The agreement ends before it begins.",
            ),
            models.CheckConstraint(
                condition=Q(state="draft", sent_by__isnull=True, sent_at__isnull=True)
                | Q(state="called_back")
                | Q(state__in=("out", "signed", "declined"), sent_by__isnull=False, sent_at__isnull=False),
                name="agreement_text_out_says_who_sent_it",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("draft", "out"), ended_at__isnull=True, ended_by__isnull=True, ended_name="")
                | (Q(state__in=("signed", "declined", "called_back"), ended_at__isnull=False) & ~Q(ended_name="")),
                name="agreement_text_ended_says_by_whom",
            ),
            models.CheckConstraint(
                condition=~Q(state="declined") | ~Q(reason=""),
                name="declined_agreement_says_why",
                violation_error_message="Say why.",
            ),
            models.CheckConstraint(
                condition=Q(review_years__gte=1, review_years__lte=3), name="agreement_text_is_reviewed_in_time"
            ),
        )  # fmt: skip
        indexes = (models.Index(fields=("state", "-changed_at"), name="agreement_text_by_state"),)
        triggers = (
            pgtrigger.Protect(name="agreement_text_stays", operation=pgtrigger.Delete),
            pgtrigger.FSM(
                name="agreement_text_goes_its_way",
                field="state",
                transitions=[
                    ("draft", "out"), ("draft", "called_back"),
                    ("out", "signed"), ("out", "declined"), ("out", "called_back"),
                ],
            ),
            pgtrigger.ReadOnly(
                name="agreement_text_is_ink",
                fields=[
                    "number", "version", "issue", "kind", "consortium", "college", "school", "title", "asked", "amends",
                    "supersedes", "valid_from", "valid_until", "content", "sha256", "after", "prepared_by", "prepared_at",
                    "review_years",
                ],
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return self.number if self.version == 1 else f"{self.number}.{self.version}"

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN

    @property
    def is_whole(self) -> bool:
        """Does the text still have the fingerprint that was signed?"""
        return fingerprint(self.content) == self.sha256


class AgreementSignerQuerySet(models.QuerySet["AgreementSigner"]):
    def in_order(self) -> "AgreementSignerQuerySet":
        """With title and signature, the first first."""
        return self.select_related("signs_as", "or_signs_as", "signature__by").order_by("text", "position")


class AgreementSigner(models.Model):
    """A partner who must sign one text: copied from the plan when it is prepared, so that a plan moves nothing under way."""

    public_fields: ClassVar = {"id", "text", "position", "signs_as", "or_signs_as", "outside_title"}
    private_fields: ClassVar = {"outside_name", "outside_email"}

    text = models.ForeignKey(AgreementText, models.PROTECT, related_name="signers")
    position = models.PositiveSmallIntegerField("place")
    signs_as = models.ForeignKey(SignerTitle, models.PROTECT, null=True, blank=True, related_name="+")
    or_signs_as = models.ForeignKey(SignerTitle, models.PROTECT, null=True, blank=True, related_name="+")
    outside_name = models.CharField("name", max_length=200, blank=True)
    outside_title = models.CharField("title", max_length=200, blank=True)
    outside_email = models.EmailField("e-mail", max_length=254, blank=True)

    objects = AgreementSignerQuerySet.as_manager()

    class Meta:
        ordering = ("text", "position")
        constraints = (
            models.UniqueConstraint(fields=("text", "position"), name="agreement_signer_once"),
            models.CheckConstraint(
                condition=Q(signs_as__isnull=False, outside_name="", outside_title="", outside_email="")
                | (
                    Q(signs_as__isnull=True, or_signs_as__isnull=True)
                    & ~Q(outside_name="")
                    & ~Q(outside_title="")
                    & ~Q(outside_email="")
                ),
                name="agreement_signer_is_a_title_or_a_person",
            ),
        )
        triggers = (
            pgtrigger.Protect(name="agreement_signer_is_ink", operation=pgtrigger.Update | pgtrigger.Delete),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def is_outside(self) -> bool:
        return self.signs_as_id is None

    @property
    def name(self) -> str:
        """Who signs, in words: `CTE director`, `Ana Ruiz, superintendent`."""
        return (
            str(self.signs_as) if self.signs_as is not None else f"{self.outside_name}, {self.outside_title}"
        )

    @property
    def given(self) -> "AgreementSignature | None":
        """The signature, where it was given."""
        return getattr(self, "signature", None)


class AgreementSignature(models.Model):
    """Ink: one partner signed one exact text, once. Each signature's link covers the one before it."""

    public_fields: ClassVar = {
        "id", "text", "signer", "number", "sha256", "by", "name", "signed_as", "intent", "signed_at", "previous", "link",
    }  # fmt: skip
    private_fields: ClassVar = {"network", "way"}

    text = models.ForeignKey(AgreementText, models.PROTECT, related_name="signatures")
    signer = models.OneToOneField(AgreementSigner, models.PROTECT, related_name="signature")
    number = models.PositiveSmallIntegerField("place in the chain")
    sha256 = models.CharField("fingerprint that is signed", max_length=64)
    #: None for a partner outside of SERS, who came by a mailed link.
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField("typed name", max_length=200)
    signed_as = models.CharField("signed as", max_length=300)
    intent = models.TextField("what is declared", max_length=1000)
    signed_at = models.DateTimeField("signed at", default=timezone.now)
    network = models.CharField("network", max_length=50)
    way = models.CharField("signed in by", max_length=60)
    previous = models.CharField("link before", max_length=64)
    link = models.CharField("link", max_length=64, unique=True)

    class Meta:
        ordering = ("text", "number")
        constraints = (
            models.UniqueConstraint(fields=("text", "number"), name="agreement_signature_has_its_place"),
            models.UniqueConstraint(
                fields=("text", "by"),
                name="one_person_signs_an_agreement_once",
                violation_error_message="You have signed this agreement already.",
            ),
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(signed_as="") & ~Q(intent="") & ~Q(network="") & ~Q(way=""),
                name="agreement_signature_is_whole",
            ),
        )
        triggers = (
            pgtrigger.Protect(
                name="agreement_signature_is_ink", operation=pgtrigger.Update | pgtrigger.Delete
            ),
            pgtrigger.Trigger(
                name="only_what_is_out_is_signed",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                declare=[("stands", "text")],
                func="""
                    SELECT state INTO stands FROM articulations_agreementtext WHERE id = NEW.text_id;
                    IF stands NOT IN ('out', 'signed') THEN
                        RAISE EXCEPTION 'only_what_is_out_is_signed';
                    END IF;
                    IF NOT EXISTS (
                        SELECT 1 FROM articulations_agreementsigner WHERE id = NEW.signer_id AND text_id = NEW.text_id
                    ) THEN
                        RAISE EXCEPTION 'a_signature_is_of_a_partner_of_its_text';
                    END IF;
                    RETURN NEW;
                """,
            ),
        )

    def __str__(self) -> str:
        return f"signature of {self.name}"

    @property
    def facts(self) -> dict[str, str | int | None]:
        """What its link covers."""
        return {
            "text": self.sha256, "number": self.number, "by": self.by_id, "name": self.name, "signed_as": self.signed_as,
            "intent": self.intent, "signed_at": self.signed_at.isoformat(), "network": self.network, "way": self.way,
        }  # fmt: skip


class SigningLinkQuerySet(models.QuerySet["SigningLink"]):
    def open_at(self, moment: datetime) -> "SigningLinkQuerySet":
        """Links that still open something: never used, not ended by a newer one, not too old."""
        return self.filter(used_at__isnull=True, ended_at__isnull=True, expires_at__gt=moment)


class SigningLink(models.Model):
    """A link mailed to a partner outside of SERS, to sign one text once. Kept is a fingerprint of its token alone."""

    public_fields: ClassVar = {"id", "signer", "created_at", "expires_at", "used_at", "ended_at"}
    private_fields: ClassVar = {"token_hash"}

    signer = models.ForeignKey(AgreementSigner, models.PROTECT, related_name="links")
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = SigningLinkQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at", "-id")
        constraints = (
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")), name="signing_link_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(used_at__isnull=True) | Q(ended_at__isnull=True),
                name="signing_link_is_used_or_ended",
            ),
        )

    def __str__(self) -> str:
        return f"link of {self.signer_id}"


class AgreementDocumentQuerySet(models.QuerySet["AgreementDocument"]):
    def coded(self, code: str) -> "AgreementDocument | None":
        """The document of a verification code, with what a check of it shows."""
        return self.with_all().filter(code=code).first()

    def fingerprinted(self, sha256: str) -> "AgreementDocument | None":
        """The document whose file has this fingerprint."""
        return self.with_all().filter(sha256=sha256).first()

    def with_all(self) -> "AgreementDocumentQuerySet":
        return self.defer("pdf").select_related(
            "text__consortium", "text__college", "text__school__district", "text__articulation__replaced_by"
        )


class AgreementDocument(models.Model):
    """Ink: the signed agreement as a PDF under our seal, with the code by which anybody can verify it."""

    public_fields: ClassVar = {"id", "text", "code", "sha256", "certificate", "made_at", "pdf"}
    private_fields: ClassVar[set[str]] = set()

    text = models.OneToOneField(AgreementText, models.PROTECT, related_name="document")
    code = models.CharField("verification code", max_length=26, unique=True)
    sha256 = models.CharField(max_length=64)
    #: Fingerprint of the certificate it is sealed with.
    certificate = models.CharField(max_length=64)
    made_at = models.DateTimeField("made at", default=timezone.now)
    pdf = models.BinaryField()

    objects = AgreementDocumentQuerySet.as_manager()

    class Meta:
        ordering = ("id",)
        triggers = (
            pgtrigger.Protect(
                name="agreement_document_is_ink", operation=pgtrigger.Update | pgtrigger.Delete
            ),
        )

    def __str__(self) -> str:
        return f"document of {self.text_id}"


def open_texts_of(agreements: Iterable[int]) -> dict[int, AgreementText]:
    """The text under way that takes over from each of these agreements, by the agreement's id."""
    found = AgreementText.objects.open().filter(amends__in=list(agreements))
    return {one.amends_id: one for one in found}
