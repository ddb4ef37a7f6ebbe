"""What leads back into an account: answers to security questions, saved codes, and addresses that are being changed."""

import uuid
from datetime import datetime, timedelta
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.people import User


class Question(models.TextChoices):
    """The security questions one chooses from. No answer to them stands on a school record or is likely to change."""

    FIRST_FRIEND = "first_friend", _("What was the first name of your first friend?")
    FIRST_TEACHER = "first_teacher", _("What was the last name of your first teacher?")
    STREET = "street", _("On what street did you live when you started school?")
    TOY = "toy", _("What was the name of your first stuffed animal or doll?")
    PET = "pet", _("What was the name of the first pet you remember?")
    NICKNAME = "nickname", _("What did your family call you when you were small?")
    BOOK = "book", _("What was the first book you read to the end?")
    TRIP = "trip", _("What place did you visit on your first long trip?")
    MOVIE = "movie", _("What was the first movie you saw in a theater?")
    CONCERT = "concert", _("Who played at the first concert you went to?")
    JOB = "job", _("Where did you first earn money?")
    NEIGHBOR = "neighbor", _("What was the last name of the first neighbor you remember?")


class SecurityAnswer(models.Model):
    """The answer to one of a person's three questions, hashed like a password: nobody can read it, they neither."""

    HOW_MANY: ClassVar = 3

    public_fields: ClassVar = {"id", "user", "number", "created_at"}
    private_fields: ClassVar = {"question", "answer_hash"}

    user = models.ForeignKey(User, models.PROTECT, related_name="answers")
    number = models.PositiveSmallIntegerField("number")
    question = models.CharField("question", max_length=20, choices=Question)
    answer_hash = models.CharField(max_length=128)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ("user", "number")
        constraints = (
            models.CheckConstraint(
                condition=Q(
                    question__in=(
                        "first_friend", "first_teacher", "street", "toy", "pet", "nickname", "book", "trip",
                        "movie", "concert", "job", "neighbor",
                    )
                ),
                name="security_question_is_known",
            ),
            models.UniqueConstraint(fields=("user", "question"), name="question_once"),
            models.UniqueConstraint(fields=("user", "number"), name="answer_number_once"),
            models.CheckConstraint(condition=Q(number__gte=1, number__lte=3), name="three_answers_at_most"),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"answer {self.number} of {self.user_id}"


class RecoveryCodeQuerySet(models.QuerySet["RecoveryCode"]):
    def left(self) -> "RecoveryCodeQuerySet":
        """Codes that were not used yet."""
        return self.filter(used_at__isnull=True)


class RecoveryCode(models.Model):
    """One of ten codes a person keeps on paper: it works once. Kept is its fingerprint, never the code."""

    #: A set, made and replaced as a whole.
    HOW_MANY: ClassVar = 10

    public_fields: ClassVar = {"id", "user", "created_at", "used_at"}
    private_fields: ClassVar = {"code_hash"}

    user = models.ForeignKey(User, models.PROTECT, related_name="recovery_codes")
    code_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    used_at = models.DateTimeField(null=True, blank=True)

    objects = RecoveryCodeQuerySet.as_manager()

    class Meta:
        ordering = ("user", "id")
        constraints = (models.UniqueConstraint(fields=("user", "code_hash"), name="recovery_code_once"),)

    def __str__(self) -> str:
        return f"recovery code of {self.user_id}"


class EmailChangeQuerySet(models.QuerySet["EmailChange"]):
    def waiting(self) -> "EmailChangeQuerySet":
        """Changes whose new address nobody has confirmed yet."""
        return self.filter(confirmed_at__isnull=True, ended_at__isnull=True)

    def holding(self, user: User, moment: datetime) -> "EmailChangeQuerySet":
        """Changes by somebody else that keep this account from being reset: recent, not ended, approved by no second
        person. The one that holds longest is first."""
        return self.held(moment).filter(user=user).order_by("-hold_until", "-id")

    def held(self, moment: datetime) -> "EmailChangeQuerySet":
        """Changes by somebody else that a second person may still decide: recent, not ended, neither approved nor
        refused."""
        return self.filter(
            hold_until__gt=moment, ended_at__isnull=True, approved_at__isnull=True, refused_at__isnull=True
        )


class EmailChange(models.Model):
    """A new address for an account: asked for, confirmed from the new address, or ended before.

    The address on file stays until the new one is confirmed. A change asked for by somebody else holds Reset Account
    and recovery by the new address for 72 hours, unless a second person approves it. A second person may refuse it as
    well: then the former address is back.
    """

    class Which(models.TextChoices):
        MAIN = "main", _("E-mail")
        SECOND = "second", _("Second recovery e-mail")

    HOLD: ClassVar = timedelta(hours=72)

    public_fields: ClassVar = {
        "id", "public_id", "user", "which", "asked_at", "by", "hold_until", "approved_by", "approved_at",
        "refused_by", "refused_at", "confirmed_at", "ended_at", "old_confirmed_at",
    }  # fmt: skip
    private_fields: ClassVar = {"old_address", "new_address"}

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, models.PROTECT, related_name="email_changes")
    which = models.CharField("which address", max_length=10, choices=Which, default=Which.MAIN)
    old_address = models.EmailField("from", max_length=254, blank=True)
    new_address = models.EmailField("to", max_length=254)
    asked_at = models.DateTimeField("asked for at", default=timezone.now, editable=False)
    #: Since when the former address was known to reach its person: it is again, when the change is refused.
    old_confirmed_at = models.DateTimeField("former address confirmed at", null=True, blank=True)
    #: The person themselves, or who changed it for them.
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    hold_until = models.DateTimeField("holds a reset until", null=True, blank=True)
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField("approved at", null=True, blank=True)
    refused_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    refused_at = models.DateTimeField("refused at", null=True, blank=True)
    confirmed_at = models.DateTimeField("confirmed at", null=True, blank=True)
    #: Ended before it was confirmed: by a newer one, or by its person.
    ended_at = models.DateTimeField("ended at", null=True, blank=True)

    objects = EmailChangeQuerySet.as_manager()

    class Meta:
        ordering = ("-asked_at", "-id")
        constraints = (
            models.CheckConstraint(
                condition=Q(which__in=("main", "second")), name="changed_address_is_known"
            ),
            models.UniqueConstraint(
                fields=("user", "which"),
                condition=Q(confirmed_at__isnull=True, ended_at__isnull=True),
                name="one_change_of_address_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True) | Q(ended_at__isnull=True),
                name="change_of_address_is_confirmed_or_ended",
            ),
            models.CheckConstraint(
                condition=(Q(by=F("user")) & Q(hold_until__isnull=True))
                | (~Q(by=F("user")) & Q(hold_until__isnull=False)),
                name="change_by_another_holds_a_reset",
            ),
            models.CheckConstraint(
                condition=(Q(approved_by__isnull=True) & Q(approved_at__isnull=True))
                | (Q(approved_by__isnull=False) & Q(approved_at__isnull=False) & Q(hold_until__isnull=False)),
                name="approval_has_its_person_and_moment",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | (~Q(approved_by=F("by")) & ~Q(approved_by=F("user"))),
                name="approved_by_a_second_person",
            ),
            models.CheckConstraint(
                condition=(Q(refused_by__isnull=True) & Q(refused_at__isnull=True))
                | (
                    Q(refused_by__isnull=False, refused_at__isnull=False, approved_at__isnull=True)
                    & (Q(confirmed_at__isnull=False) | Q(ended_at__isnull=False))
                    & ~Q(refused_by=F("by"))
                    & ~Q(refused_by=F("user"))
                ),
                name="refused_once_by_a_second_person",
            ),
        )
        indexes = (models.Index(fields=("user", "-asked_at"), name="email_change_of_person"),)

    def __str__(self) -> str:
        return f"new {self.which} address of {self.user_id}"

    @property
    def is_waiting(self) -> bool:
        """Has nobody confirmed the new address yet?"""
        return self.confirmed_at is None and self.ended_at is None


class RecoveryRequest(models.Model):
    """What somebody typed on I forgot my user name or I forgot my password, until a worker has looked for the account.

    The page that took it answers at once and the same to everybody; the row is gone when the mail is written.
    """

    class Wanted(models.TextChoices):
        USER_NAME = "user_name", _("User name")
        PASSWORD = "password", _("Password")

    public_fields: ClassVar = {"id", "wanted", "asked_at"}
    private_fields: ClassVar = {"first_name", "last_name", "username", "email"}

    wanted = models.CharField("wanted", max_length=10, choices=Wanted)
    first_name = models.CharField("first name", max_length=150, blank=True)
    last_name = models.CharField("last name", max_length=150, blank=True)
    username = models.CharField("user name", max_length=150, blank=True)
    email = models.CharField("e-mail", max_length=254)
    asked_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ("asked_at", "id")
        constraints = (
            models.CheckConstraint(condition=Q(wanted__in=("user_name", "password")), name="wanted_is_known"),
        )

    def __str__(self) -> str:
        return f"{self.wanted} wanted"
