"""People who sign in: identity only."""

import uuid
from typing import Any, ClassVar, Final

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce, Lower
from django.utils import timezone

from accounts.access import Role
from sers.lib.folding import fold_parts, same_letters

#: How hashes begin that were made before Argon2 came.
OLD_HASH: Final = "pbkdf2_"


class UserQuerySet(models.QuerySet["User"]):
    def with_old_hash(self) -> "UserQuerySet":
        """People whose password was hashed before Argon2 came and who have not signed in since."""
        return self.filter(password__startswith=OLD_HASH)

    def named(self, username: str) -> "User | None":
        """The one of this user name, whatever its case."""
        # Lower, not iexact (which compares UPPER): the index that makes names unique is on Lower.
        return self.alias(low=Lower("username")).filter(low=Lower(Value(username))).first()

    def reached_by(self, address: str) -> "UserQuerySet":
        """People whose account is open and who have this address on file: the first, or a confirmed second one."""
        typed = Lower(Value(address))
        return (
            self.alias(low=Lower("email"), low_second=Lower("second_email"))
            .filter(Q(low=typed) | Q(low_second=typed, second_email_confirmed_at__isnull=False))
            .filter(is_active=True)
            .order_by("id")
        )


class UserManager(BaseUserManager.from_queryset(UserQuerySet)["User"]):  # type: ignore[misc]  # made at run time
    def create_user(self, username: str, email: str, password: str | None = None, **extra: Any) -> "User":
        """A person with a user name. Without a password they cannot sign in until they set one."""
        if password is not None:
            extra.setdefault("activated_at", timezone.now())
        user = self.model(username=username, email=self.normalize_email(email), **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        """User names are found whatever their case: people type them from paper."""
        # Lower, not iexact (which compares UPPER): the index that makes names unique is on Lower.
        return self.alias(low=Lower("username")).get(low=Lower(Value(username or "")))

    def active(self, pk: int) -> "User | None":
        """The person of a key, if their account is open."""
        return self.filter(pk=pk, is_active=True).first()

    def demo_people(self) -> "models.QuerySet[User]":
        """The people of the demo state whom anyone may sign in as: one a role, named after it."""
        return self.filter(is_demo=True, is_active=True, username__endswith=".demo").order_by("id")

    def demo_places(self) -> list[dict[str, Any]]:
        """The demo people as plain values, one row a seat, with its role's label and its place."""
        rows = self.demo_people().values(
            "username", "first_name", "last_name", "email",
            role=F("seats__role"),
            place=Coalesce(
                "seats__school__name", "seats__district__name", "seats__college__name",
                "seats__consortium__name", Value(""),
            ),
        )  # fmt: skip
        return [{**row, "role": Role(row["role"]).label if row["role"] else ""} for row in rows]


class User(AbstractBaseUser):
    """Identity only: who signs in. What they may do is their seats; student facts are on Student."""

    private_fields: ClassVar = {
        "username", "email", "first_name", "last_name", "password", "last_login", "phone", "second_email",
        "folded",
    }  # fmt: skip
    public_fields: ClassVar = {
        "id", "public_id", "is_active", "is_demo", "email_confirmed_at", "second_email_confirmed_at", "created_at",
        "activated_at", "language",
    }  # fmt: skip

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    username = models.CharField("user name", max_length=150)
    email = models.EmailField("e-mail", max_length=254)
    first_name = models.CharField("first name", max_length=150)
    last_name = models.CharField("last name", max_length=150, blank=True)
    phone = models.CharField("phone", max_length=30, blank=True)
    second_email = models.EmailField("second recovery e-mail", max_length=254, blank=True)
    is_active = models.BooleanField("active", default=True)
    is_demo = models.BooleanField("invented for the demo state", default=False)
    language = models.CharField("language", max_length=10, blank=True, help_text="empty: not chosen yet")
    email_confirmed_at = models.DateTimeField("e-mail confirmed at", null=True, blank=True)
    second_email_confirmed_at = models.DateTimeField("second e-mail confirmed at", null=True, blank=True)
    #: When the person first chose a password; empty for an account nobody has taken up yet.
    activated_at = models.DateTimeField("activated at", null=True, blank=True)
    created_at = models.DateTimeField("created at", default=timezone.now, editable=False)
    #: The name as lists sort and search it; `save` writes it.
    folded = models.CharField(max_length=310, editable=False)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar = ["email", "first_name"]
    objects = UserManager()

    #: The seat the person chose to work as, for this request; set by HatMiddleware, narrows visible_to.
    hat: int | None = None

    class Meta:
        ordering = ("username",)
        constraints = (
            models.UniqueConstraint(
                Lower("username"), name="user_name_once", violation_error_message="That user name is taken."
            ),
            models.CheckConstraint(
                condition=~Q(second_email="") | Q(second_email_confirmed_at__isnull=True),
                name="second_email_is_there_to_be_confirmed",
            ),
        )
        indexes = (
            # Empty once everybody has signed in since Argon2 came: then no wrong password costs two hashers.
            models.Index(
                fields=("id",), condition=Q(password__startswith=OLD_HASH), name="user_with_old_hash"
            ),
            models.Index(Lower("email"), name="user_by_email"),
            GinIndex(OpClass(F("folded"), name="gin_trgm_ops"), name="user_names"),
            models.Index(fields=("folded", "id"), name="user_by_name"),
            models.Index(Lower("second_email"), name="user_by_second_email", condition=~Q(second_email="")),
        )

    def __str__(self) -> str:
        return self.username

    def set_password(self, raw_password: str | None) -> None:
        """Keep a password's hash; however its letters were put together (NFKC), it is the same password."""
        super().set_password(raw_password if raw_password is None else same_letters(raw_password))

    def check_password(self, raw_password: str | None) -> bool:
        """Is this the password? Letters are put together as they were when it was set.

        Where there is none, the answer takes as long as for a name nobody has: Django's own way out draws some
        letters more, and enough samples show it. Where the hash is from before Argon2, Argon2 is asked first all the
        same, in the order of every other account (see `accounts.actions.passwords.even_out`).
        """
        if not self.has_usable_password():
            type(self)().set_password(raw_password)
            return False
        if self.password.startswith(OLD_HASH):
            type(self)().set_password(raw_password)
        return super().check_password(raw_password if raw_password is None else same_letters(raw_password))

    @property
    def addresses(self) -> list[str]:
        """Every address on file that was confirmed, and the first whether or not it was."""
        second = self.second_email if self.second_email_confirmed_at is not None else ""
        return list(dict.fromkeys(one for one in (self.email, second) if one))

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.folded = folded_name(self.first_name, self.last_name)
        fields = kwargs.get("update_fields")
        if fields is not None and {"first_name", "last_name"}.intersection(fields):
            kwargs["update_fields"] = {*fields, "folded"}
        super().save(*args, **kwargs)

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def list_name(self) -> str:
        """`Ortiz, Dana`; a person of one name is that name."""
        return f"{self.last_name}, {self.first_name}" if self.last_name else self.first_name


def folded_name(first_name: str, last_name: str) -> str:
    """What lists of people sort by and find by the beginning of any part: folded, last name first."""
    return fold_parts(last_name, first_name)[:310]
