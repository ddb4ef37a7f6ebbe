"""What a person proves themselves with besides a password: an authenticator app, a passkey, a sign-in elsewhere."""

import uuid
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models.people import User


class FactorQuerySet(models.QuerySet[Any]):
    def of(self, user: User) -> "FactorQuerySet":
        """One person's own, the oldest first."""
        return self.filter(user=user).order_by("id")


class AuthenticatorApp(models.Model):
    """An app that shows a new six-digit code every thirty seconds (RFC 6238). Its secret is sealed."""

    public_fields: ClassVar = {
        "id", "public_id", "user", "created_at", "last_used_at", "last_step",
    }  # fmt: skip
    private_fields: ClassVar = {"name", "sealed_secret"}

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, models.PROTECT, related_name="authenticator_apps")
    name = models.CharField("name", max_length=60)
    sealed_secret = models.BinaryField(max_length=120)
    #: The thirty seconds whose code was used last: no code works twice.
    last_step = models.BigIntegerField("last step", default=0)
    created_at = models.DateTimeField("created at", default=timezone.now, editable=False)
    last_used_at = models.DateTimeField("last used at", null=True, blank=True)

    objects: ClassVar = FactorQuerySet.as_manager()

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return self.name


class Passkey(models.Model):
    """A key that a phone, computer or security key holds (W3C Web Authentication). Kept is its public half."""

    public_fields: ClassVar = {
        "id", "public_id", "user", "created_at", "last_used_at", "sign_count", "transports",
    }  # fmt: skip
    private_fields: ClassVar = {"name", "credential_id", "public_key"}

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, models.PROTECT, related_name="passkeys")
    name = models.CharField("name", max_length=60)
    credential_id = models.BinaryField(max_length=1023, unique=True)
    public_key = models.BinaryField(max_length=2000)
    sign_count = models.BigIntegerField("sign count", default=0)
    transports = models.JSONField("transports", default=list)
    created_at = models.DateTimeField("created at", default=timezone.now, editable=False)
    last_used_at = models.DateTimeField("last used at", null=True, blank=True)

    objects: ClassVar = FactorQuerySet.as_manager()

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return self.name


class Identity(models.Model):
    """A person's account at a district or college that signs them in here (OpenID Connect).

    Bound by issuer and subject, the two that never change hands; never by an e-mail address, which does.
    """

    public_fields: ClassVar = {"id", "public_id", "user", "issuer", "created_at", "last_used_at"}
    private_fields: ClassVar = {"subject"}

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, models.PROTECT, related_name="identities")
    issuer = models.CharField("issuer", max_length=255)
    subject = models.CharField("subject", max_length=255)
    created_at = models.DateTimeField("created at", default=timezone.now, editable=False)
    last_used_at = models.DateTimeField("last used at", null=True, blank=True)

    objects: ClassVar = FactorQuerySet.as_manager()

    class Meta:
        ordering = ("id",)
        verbose_name_plural = "identities"
        constraints = (
            models.UniqueConstraint(
                fields=("issuer", "subject"),
                name="identity_once",
                violation_error_message="This sign-in belongs to another SERS account.",
            ),
            models.CheckConstraint(
                condition=~Q(issuer="") & ~Q(subject=""), name="identity_names_issuer_and_subject"
            ),
        )

    def __str__(self) -> str:
        return self.issuer


def factor_of(user: User, public_id: uuid.UUID) -> AuthenticatorApp | Passkey | Identity | None:
    """One of a person's own ways to sign in by its name in an address; None when it is not theirs."""
    for model in (AuthenticatorApp, Passkey, Identity):
        found: Any = model.objects.of(user).filter(public_id=public_id).first()
        if found is not None:
            return found
    return None
