"""High School Requests to Articulate: what is asked for, version by version, with its files, messages and people."""

import hashlib
import json
import uuid
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.access import ALL, Record, Role, VisibleQuerySet
from accounts.models import User
from articulations.models.agreements import Articulation
from organizations.models import College, Consortium, HighSchool, Seat
from sers.lib.folding import fold


class ArticulationRequestQuerySet(VisibleQuerySet):
    def open(self) -> "ArticulationRequestQuerySet":
        """Requests that somebody still works on: begun, under way, sent back, or approved and not yet entered."""
        return self.filter(state__in=ArticulationRequest.OPEN)

    def closed(self) -> "ArticulationRequestQuerySet":
        return self.exclude(state__in=ArticulationRequest.OPEN)

    def worded(self, words: str) -> "ArticulationRequestQuerySet":
        """Requests of whose reference, class, school or college each word begins some word."""
        found = self
        for word in fold(words).split()[:8]:
            found = found.filter(folded__contains=f" {word}")
        return found

    def at(self, *, college: str = "", state: str = "") -> "ArticulationRequestQuerySet":
        """Requests to one college (its public id), in one state."""
        asked = {"college__public_id": college, "state": state}
        return self.filter(**{path: value for path, value in asked.items() if value})

    def with_names(self) -> "ArticulationRequestQuerySet":
        """With everything a page tells of one: where, by whom, at which step."""
        return self.select_related(
            "college", "consortium", "school__district", "started_by", "decided_by", "renews",
            "modelled_on__college", "step__version", "step__signs_as", "step__or_signs_as",
        )  # fmt: skip

    def latest_first(self) -> "ArticulationRequestQuerySet":
        return self.order_by("-changed_at", "-id")


class ArticulationRequest(Record):
    """A request of a school to articulate a class with a college, from the first answer to the agreement.

    What is being typed lies in `answers`; what was handed in is a `RequestVersion`, in ink. Faculty see a request once
    a version of it was handed in: before that it is the school's own paper.
    """

    class Kind(models.TextChoices):
        NEW = "new", "New Articulation"
        NO_REVISION = "no_revision", "Articulation with No Revision"
        REVISION = "revision", "Articulation with Revision"

    class State(models.TextChoices):
        DRAFT = "draft", "Not handed in"
        UNDER_WAY = "under_way", "Under way"
        RETURNED = "returned", "More information asked for"
        APPROVED = "approved", "Approved"
        DENIED = "denied", "Denied"
        WITHDRAWN = "withdrawn", "Withdrawn"
        ENTERED = "entered", "Agreement entered"

    #: Somebody must act.
    OPEN: ClassVar = (State.DRAFT, State.UNDER_WAY, State.RETURNED, State.APPROVED)
    #: The school's side may change its answers.
    CHANGEABLE: ClassVar = (State.DRAFT, State.RETURNED, State.WITHDRAWN)
    #: From which state to which; a trigger holds the database to it.
    TRANSITIONS: ClassVar = {
        State.DRAFT: {State.UNDER_WAY, State.WITHDRAWN},
        State.UNDER_WAY: {State.RETURNED, State.APPROVED, State.DENIED, State.WITHDRAWN},
        State.RETURNED: {State.UNDER_WAY, State.WITHDRAWN},
        State.WITHDRAWN: {State.UNDER_WAY},
        State.APPROVED: {State.ENTERED},
        State.DENIED: set(),
        State.ENTERED: set(),
    }

    seen_by: ClassVar = {
        Role.TEACHER: "seats",
        Role.COUNSELOR: "schools",
        Role.DISTRICT: "schools__district",
        Role.FACULTY: "versions__handed_to",
        Role.CONSORTIUM: "consortium",
        Role.STATE: ALL,
    }
    public_fields: ClassVar = {
        "id", "public_id", "reference", "kind", "state", "consortium", "college", "school", "schools", "renews",
        "title", "folded", "started_by", "started_as", "started_at", "changed_at", "step", "decided_by", "decided_at",
        "seats", "agreements", "modelled_on",
    }  # fmt: skip
    private_fields: ClassVar = {"answers"}

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    reference = models.CharField("reference", max_length=12, unique=True)
    kind = models.CharField("kind", max_length=12, choices=Kind)
    state = models.CharField("state", max_length=10, choices=State, default=State.DRAFT)
    consortium = models.ForeignKey(Consortium, models.PROTECT, related_name="articulation_requests")
    college = models.ForeignKey(College, models.PROTECT, related_name="articulation_requests")
    #: The school that asks; its district signs.
    school = models.ForeignKey(HighSchool, models.PROTECT, related_name="+")
    #: Where the class is taught: the school that asks, and others of its district.
    schools = models.ManyToManyField(HighSchool, related_name="articulation_requests")
    #: The agreement a request with or without revision renews.
    renews = models.ForeignKey(
        Articulation, models.PROTECT, null=True, blank=True, related_name="renewal_requests"
    )
    #: The agreement of another consortium whose class and mapping it began with.
    modelled_on = models.ForeignKey(
        Articulation, models.PROTECT, null=True, blank=True, related_name="modelled_requests"
    )
    title = models.CharField("class", max_length=120, blank=True)
    folded = models.CharField(max_length=400, editable=False, default="")
    #: Page by page what was typed, as it was typed: a saved, resumable form, no fact.
    answers = models.JSONField("answers so far", default=dict)
    started_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    started_as = models.CharField("started as", max_length=12, choices=Role)
    started_at = models.DateTimeField("started at", default=timezone.now)
    changed_at = models.DateTimeField("last changed at", default=timezone.now)
    #: The step that waits for somebody; there is one exactly while the request is under way.
    step = models.OneToOneField(
        "articulations.RequestStep", models.PROTECT, null=True, blank=True, related_name="at_hand_of"
    )
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField("decided at", null=True, blank=True)
    #: Teachers' seats that follow the request: who started it, and who is named in it.
    seats = models.ManyToManyField(Seat, related_name="articulation_requests")
    agreements = models.ManyToManyField(Articulation, related_name="articulation_requests")

    objects = ArticulationRequestQuerySet.as_manager()

    class Meta:
        ordering = ("-changed_at", "-id")
        constraints = (
            models.CheckConstraint(
                condition=Q(kind__in=("new", "no_revision", "revision")),
                name="articulation_request_kind_is_known",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=(
                        "draft", "under_way", "returned", "approved", "denied", "withdrawn", "entered",
                    )
                ),
                name="articulation_request_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(
                    started_as__in=(
                        "student", "teacher", "counselor", "district", "faculty", "registrar", "consortium", "state",
                    )
                ),
                name="articulation_request_started_as_is_known",
            ),
            models.CheckConstraint(
                condition=Q(kind="new", renews__isnull=True)
                | (~Q(kind="new") & Q(renews__isnull=False)),
                name="articulation_request_renews_what_is_there",
                violation_error_message="Choose the agreement that is renewed.",
            ),
            models.CheckConstraint(
                condition=Q(state="under_way", step__isnull=False)
                | (~Q(state="under_way") & Q(step__isnull=True)),
                name="articulation_request_under_way_is_at_a_step",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=("draft", "under_way", "returned"),
                    decided_by__isnull=True,
                    decided_at__isnull=True,
                )
                | Q(
                    state__in=("approved", "denied", "withdrawn", "entered"),
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                ),
                name="articulation_request_state_has_its_people",
            ),
        )  # fmt: skip
        indexes = (models.Index(fields=("state", "-changed_at"), name="articulation_request_by_state"),)
        triggers = (
            pgtrigger.Protect(name="articulation_request_stays", operation=pgtrigger.Delete),
            pgtrigger.FSM(
                name="articulation_request_goes_its_way",
                field="state",
                transitions=[
                    ("draft", "under_way"), ("draft", "withdrawn"),
                    ("under_way", "returned"), ("under_way", "approved"), ("under_way", "denied"),
                    ("under_way", "withdrawn"), ("returned", "under_way"), ("returned", "withdrawn"),
                    ("withdrawn", "under_way"), ("approved", "entered"),
                ],
            ),
            pgtrigger.ReadOnly(
                name="articulation_request_begins_once",
                fields=[
                    "reference", "kind", "consortium", "college", "school", "renews", "started_by", "started_as",
                    "started_at",
                ],
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return self.reference

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN

    @property
    def is_changeable(self) -> bool:
        return self.state in self.CHANGEABLE

    @property
    def latest(self) -> "RequestVersion | None":
        """What was handed in last."""
        return self.versions.order_by("-number").first()


class RequestPair(models.Model):
    """A class and a college course that an open request asks about. The row stands as long as it does, so that
    nobody asks for the same twice at a time."""

    public_fields: ClassVar = {"id", "asked", "school", "folded", "college", "code"}
    private_fields: ClassVar[set[str]] = set()

    asked = models.ForeignKey(ArticulationRequest, models.PROTECT, related_name="pairs")
    school = models.ForeignKey(HighSchool, models.PROTECT, related_name="+")
    folded = models.CharField("class, folded", max_length=160)
    college = models.ForeignKey(College, models.PROTECT, related_name="+")
    code = models.CharField("course number", max_length=20)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=("school", "folded", "college", "code"),
                name="one_open_request_for_a_course_pair",
                violation_error_message="Another request for this class and this college course is under way.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.folded} {self.code}"


class RequestFileQuerySet(VisibleQuerySet):
    def in_hand(self) -> "RequestFileQuerySet":
        """The files of what is being typed: handed in and not taken out again."""
        return self.filter(removed_at=None).order_by("id")

    def by_kind(self) -> "list[RequestFile]":
        """In the order a request lists its papers."""
        order = list(RequestFile.Kind)
        return sorted(self, key=lambda one: order.index(RequestFile.Kind(one.kind)))


class RequestFile(Record):
    """Ink: a paper that belongs to a request. It can be taken out of what comes next, never out of what was handed in."""

    class Kind(models.TextChoices):
        SYLLABUS = "syllabus", "Course syllabus with the dual-credit notice"
        COMPETENCIES = "competencies", "List of competencies"
        ASSESSMENT = "assessment", "Assessment criteria"
        PROGRAM = "program", "Program of Study form"
        FRAMEWORK = "framework", "OSPI framework"

    seen_by: ClassVar = {
        Role.TEACHER: "asked__seats",
        Role.COUNSELOR: "asked__schools",
        Role.DISTRICT: "asked__schools__district",
        Role.FACULTY: "versions__handed_to",
        Role.CONSORTIUM: "asked__consortium",
        Role.STATE: ALL,
    }
    public_fields: ClassVar = {
        "id", "public_id", "asked", "kind", "mime", "size", "sha256", "handed_in_by", "handed_in_at", "removed_at",
    }  # fmt: skip
    private_fields: ClassVar = {"name", "path"}

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    asked = models.ForeignKey(ArticulationRequest, models.PROTECT, related_name="files")
    kind = models.CharField("what it is", max_length=12, choices=Kind)
    name = models.CharField("name", max_length=100)
    mime = models.CharField("kind of file", max_length=40)
    size = models.PositiveIntegerField("bytes")
    sha256 = models.CharField(max_length=64)
    path = models.CharField(max_length=80, unique=True)
    handed_in_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    handed_in_at = models.DateTimeField("handed in at", default=timezone.now)
    removed_at = models.DateTimeField("taken out at", null=True, blank=True)

    objects = RequestFileQuerySet.as_manager()

    class Meta:
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(
                condition=Q(kind__in=("syllabus", "competencies", "assessment", "program", "framework")),
                name="request_file_kind_is_known",
            ),
        )
        triggers = (
            pgtrigger.Protect(name="request_file_stays", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="request_file_is_ink",
                fields=["asked", "kind", "name", "mime", "size", "sha256", "path", "handed_in_by", "handed_in_at"],
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return self.name


def canonical(content: Mapping[str, Any]) -> str:
    """The one way a version is written: what is signed is exactly this text."""
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def fingerprint(content: Mapping[str, Any]) -> str:
    return hashlib.sha256(canonical(content).encode()).hexdigest()


class RequestVersion(models.Model):
    """Ink: what was handed in, whole. A signature names its fingerprint, and no other text has it."""

    public_fields: ClassVar = {
        "id", "asked", "number", "sha256", "handed_to", "handed_in_by", "handed_in_at", "files",
    }  # fmt: skip
    private_fields: ClassVar = {"content", "note"}

    asked = models.ForeignKey(ArticulationRequest, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField("version")
    content = models.JSONField("what it says")
    sha256 = models.CharField("fingerprint", max_length=64)
    #: The college that reads it: its faculty see the request from then on.
    handed_to = models.ForeignKey(College, models.PROTECT, related_name="+")
    handed_in_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    handed_in_at = models.DateTimeField("handed in at", default=timezone.now)
    note = models.TextField("what has changed", max_length=1000, blank=True)
    files = models.ManyToManyField(RequestFile, related_name="versions")

    class Meta:
        ordering = ("asked", "number")
        constraints = (
            models.UniqueConstraint(fields=("asked", "number"), name="request_version_once"),
            # What a signature's key points to: see signature_names_its_version in the migration.
            models.UniqueConstraint(fields=("id", "sha256"), name="request_version_by_its_fingerprint"),
        )
        triggers = (
            pgtrigger.Protect(name="request_version_is_ink", operation=pgtrigger.Update | pgtrigger.Delete),
        )

    def __str__(self) -> str:
        return f"version {self.number}"

    @property
    def is_whole(self) -> bool:
        """Does the text still have the fingerprint that was signed?"""
        return fingerprint(self.content) == self.sha256


class RequestMessageQuerySet(models.QuerySet["RequestMessage"]):
    def told(self) -> "RequestMessageQuerySet":
        """With who wrote them, the first first."""
        return self.select_related("written_by").order_by("written_at", "id")


class RequestMessage(models.Model):
    """Ink: a message on a request, read by everybody who sees it. One may ask for a meeting."""

    public_fields: ClassVar = {"id", "asked", "written_by", "written_as", "written_at", "wants_meeting"}
    private_fields: ClassVar = {"text"}
    MOST_LETTERS: ClassVar = 2000

    asked = models.ForeignKey(ArticulationRequest, models.PROTECT, related_name="messages")
    text = models.TextField("message", max_length=2000)
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    written_as = models.CharField("written as", max_length=12, choices=Role)
    written_at = models.DateTimeField("written at", default=timezone.now)
    wants_meeting = models.BooleanField("asks for a meeting", default=False)

    objects = RequestMessageQuerySet.as_manager()

    class Meta:
        ordering = ("written_at", "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(
                    written_as__in=(
                        "student", "teacher", "counselor", "district", "faculty", "registrar", "consortium", "state",
                    )
                ),
                name="request_message_written_as_is_known",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="request_message_says_something"),
        )  # fmt: skip
        triggers = (
            pgtrigger.Protect(name="request_message_is_ink", operation=pgtrigger.Update | pgtrigger.Delete),
        )

    def __str__(self) -> str:
        return f"message on {self.asked_id}"


def listed(rows: ArticulationRequestQuerySet) -> models.QuerySet[ArticulationRequest, dict[str, Any]]:
    """What a row of a list shows, as plain values."""
    return rows.values(
        "public_id", "reference", "title", "kind", "state", "changed_at",
        step_kind=F("step__kind"),
        signs_as=F("step__signs_as__name"),
        school_name=F("school__name"),
        college_name=F("college__name"),
    )  # fmt: skip


def files_by_id(keys: Iterable[str]) -> dict[str, RequestFile]:
    """Files by their public ids, as a version's text names them."""
    return {str(one.public_id): one for one in RequestFile.objects.filter(public_id__in=list(keys))}
