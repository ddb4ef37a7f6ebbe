"""Letters to a chosen group: what was written, to whom it went, and who wants no more of them."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.access import Record, Role, VisibleQuerySet
from accounts.models import User
from organizations.models import AcademicYear, Consortium


class MailingQuerySet(VisibleQuerySet):
    def newest_first(self) -> "MailingQuerySet":
        return self.select_related("written_by", "year", "consortium").order_by("-written_at", "-id")


class Mailing(Record):
    """A letter to everybody of a group: a draft until it is sent, and not changed afterwards."""

    class Group(models.TextChoices):
        NOT_REGISTERED = "not_registered", "Students who are not registered"
        FORM_PENDING = "form_pending", "Students with Fees/Req Pending"
        BLANKS = "blanks", "Teachers with grades missing"
        ASSURANCE = "assurance", "Teachers whose assurance is not signed"
        AWARDED = "awarded", "Students whose credit was awarded"

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        SENDING = "sending", "Being sent"
        SENT = "sent", "Sent"

    #: What nobody must read: these leave out whoever wants no more of them. The others tell of a duty or a deadline of
    #: one's own registration or class.
    MAY_BE_STOPPED: ClassVar = (Group.NOT_REGISTERED, Group.AWARDED)

    seen_by: ClassVar = {Role.CONSORTIUM: "consortium"}
    public_fields: ClassVar = {
        "id", "public_id", "consortium", "year", "group", "written_by", "written_at", "sent_at", "done_at", "people",
    }  # fmt: skip
    private_fields: ClassVar = {"subject", "text", "subject_es", "text_es"}

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    consortium = models.ForeignKey(Consortium, models.PROTECT, related_name="mailings")
    year = models.ForeignKey(AcademicYear, models.PROTECT, related_name="+")
    group = models.CharField("group", max_length=14, choices=Group)
    subject = models.CharField("subject", max_length=120)
    text = models.TextField("text", max_length=4000)
    #: For whom reads SERS in Spanish; without it they get the English.
    subject_es = models.CharField("subject in Spanish", max_length=120, blank=True)
    text_es = models.TextField("text in Spanish", max_length=4000, blank=True)
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    written_at = models.DateTimeField("written at", default=timezone.now)
    sent_at = models.DateTimeField("sent at", null=True, blank=True)
    done_at = models.DateTimeField("handed to the outbox at", null=True, blank=True)
    people = models.PositiveIntegerField("people", default=0)

    objects = MailingQuerySet.as_manager()

    class Meta:
        ordering = ("-written_at", "-id")
        constraints = (
            models.CheckConstraint(
                condition=Q(group__in=("not_registered", "form_pending", "blanks", "assurance", "awarded")),
                name="mailing_group_is_known",
            ),
            models.CheckConstraint(condition=~Q(subject="") & ~Q(text=""), name="mailing_says_something"),
            models.CheckConstraint(
                condition=Q(subject_es="", text_es="") | (~Q(subject_es="") & ~Q(text_es="")),
                name="mailing_in_spanish_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True) | Q(sent_at__isnull=False), name="mailing_done_was_sent"
            ),
        )
        indexes = (models.Index(fields=("consortium", "-written_at"), name="mailing_by_consortium"),)

    def __str__(self) -> str:
        return f"mailing {self.pk}"

    @property
    def state(self) -> "Mailing.State":
        if self.sent_at is None:
            return self.State.DRAFT
        return self.State.SENDING if self.done_at is None else self.State.SENT

    @property
    def may_be_stopped(self) -> bool:
        return self.group in self.MAY_BE_STOPPED


class MailingRecipient(models.Model):
    """Somebody a mailing went to: once, however often it is sent. Its address opens *No more letters like this*."""

    public_fields: ClassVar = {"id", "public_id", "mailing", "user"}
    private_fields: ClassVar[set[str]] = set()

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    mailing = models.ForeignKey(Mailing, models.PROTECT, related_name="recipients")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        ordering = ("mailing", "id")
        constraints = (models.UniqueConstraint(fields=("mailing", "user"), name="mailed_once"),)

    def __str__(self) -> str:
        return f"{self.mailing_id} > {self.user_id}"


class NoLetters(models.Model):
    """Somebody wants no letters that nobody must read."""

    public_fields: ClassVar = {"id", "user", "since"}
    private_fields: ClassVar[set[str]] = set()

    user = models.OneToOneField(User, models.PROTECT, related_name="no_letters")
    since = models.DateTimeField("since", default=timezone.now)

    class Meta:
        ordering = ("user",)
        verbose_name_plural = "no letters"

    def __str__(self) -> str:
        return f"no letters to {self.user_id}"
