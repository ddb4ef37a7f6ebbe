"""Who may: roles, the policy of every screen, and the rows a person may see.

Three questions in three places. *May this role open the screen?* `@for_roles` or `@for_anyone` on the
view. *Which rows may this person see?* `Model.objects.visible_to(user)`, written once here; a model
only declares its paths. *May this person do this act on this row now?* a rule in `rules.py`.
"""

import functools
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar, Final, Self, TypeAlias

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from accounts.models import User


class Role(models.TextChoices):
    """What a seat makes a person. The labels are the words users know."""

    STUDENT = "student", _("Student")
    TEACHER = "teacher", _("Teacher")
    COUNSELOR = "counselor", _("Counselor")
    DISTRICT = "district", _("District User")
    FACULTY = "faculty", _("College Faculty")
    REGISTRAR = "registrar", _("Registrar")
    CONSORTIUM = "consortium", _("Consortium")
    STATE = "state", _("State")


#: In `seen_by`: this role sees every row.
ALL: Final = "*"

#: What the path of each role in `seen_by` must end at: the seat's own column that is compared.
#: A student's path ends at the user; a teacher's at the seat (it stands on sections).
ANCHOR: Final[Mapping[Role, str]] = {
    Role.STUDENT: "user_id",
    Role.TEACHER: "id",
    Role.COUNSELOR: "school_id",
    Role.DISTRICT: "district_id",
    Role.FACULTY: "college_id",
    Role.REGISTRAR: "college_id",
    Role.CONSORTIUM: "consortium_id",
    Role.STATE: "id",
}


@dataclass(frozen=True, slots=True)
class HelpDesk:
    """Whom people of a seat ask first: their consortium."""

    name: str
    phone: str
    email: str


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an act of weight came from: the network, and how the person had proved who they are. A signature keeps it."""

    network: str
    way: str


@dataclass(frozen=True, slots=True)
class HeldSeat:
    """A seat held today, as plain values: enough to decide, cheap to load for every request."""

    id: int
    role: Role
    user_id: int
    consortium_id: int | None
    college_id: int | None
    district_id: int | None
    school_id: int | None
    may_sign: bool
    place: str
    help_desk: HelpDesk | None
    #: The school district the seat works for; none of a college, a consortium or the State.
    works_for: int | None = None

    @property
    def role_label(self) -> str:
        return str(self.role.label)

    @property
    def anchor(self) -> int:
        """The id that this seat's paths end at."""
        return int(getattr(self, ANCHOR[self.role]))


def all_seats(user: Any) -> list[HeldSeat]:
    """Every seat the person holds today, one query, remembered for as long as this user object lives."""
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return []
    held: list[HeldSeat] | None = getattr(user, "_held_seats", None)
    if held is None:
        held = user._held_seats = user.seats.held_by(user, timezone.localdate())
    return held


def seats(user: Any, *roles: Role) -> list[HeldSeat]:
    """The seats the person works as now: all of them, or the one hat they chose; of `roles` if given."""
    held = all_seats(user)
    hat = getattr(user, "hat", None)
    if any(seat.id == hat for seat in held):  # the hat of a seat that ended narrows nothing
        held = [seat for seat in held if seat.id == hat]
    return [seat for seat in held if not roles or seat.role in roles]


def has_role(user: Any, *roles: Role) -> bool:
    """Does the person hold a seat of one of these roles, under the hat they wear?"""
    return bool(seats(user, *roles))


def is_account_of(user: Any, account: int | None) -> bool:
    """Is this the person's account: the one they signed in with, or the one of the record theirs was merged into?"""
    if account is None:
        return False
    own = user.pk == account
    return own or any(seat.role is Role.STUDENT and seat.user_id == account for seat in all_seats(user))


def stands_on(user: Any, role: Role, place_id: int | None) -> bool:
    """Does the person hold a seat of this role on this very place (school, college, ...)?"""
    return any(seat.anchor == place_id for seat in seats(user, role))


Paths: TypeAlias = str | tuple[str, ...]


class VisibleQuerySet(models.QuerySet[Any]):
    """A record's rows, and the one answer to which of them a person may see."""

    def visible_to(self, user: "User | Any") -> Self:
        """The rows this person may see: the union over the seats held now. Deny by default.

        No join repeats a row or changes what is counted: see `reaches`.
        """
        return self._seen_from(seats(user), self.opened_to(user))

    def within_reach(self, user: "User | Any", *roles: Role) -> Self:
        """The rows this person sees from seats of these roles, to act on them: a row that was only opened to be read
        for a while is not among them."""
        return self._seen_from(seats(user, *roles), models.Q())

    def _seen_from(self, held: "Sequence[HeldSeat]", condition: models.Q) -> Self:
        paths: Mapping[Role, Paths] = self.model.seen_by
        anchors: dict[Role, set[int]] = {}
        for seat in held:
            anchors.setdefault(seat.role, set()).add(seat.anchor)
        for role, ids in anchors.items():
            path = paths.get(role)
            if path is None:
                continue
            if path == ALL:
                return self.all()
            only = self.model.seen_if.get(role, models.Q())
            for one in (path,) if isinstance(path, str) else path:
                condition |= reaches(self.model, one, sorted(ids), wide=role in WIDE) & only
        return self.filter(condition) if condition else self.none()

    def opened_to(self, user: "User | Any") -> models.Q:
        """Rows open to this person for a while, beside those of their seats; a record that has such says which."""
        return models.Q()


#: Roles whose reach is a good part of everything: cheaper to ask of each row at hand than to collect.
WIDE: Final = (Role.REGISTRAR, Role.CONSORTIUM)


class RowByRow(models.Exists):
    """EXISTS that is asked for each row at hand. Without OFFSET PostgreSQL prefers to collect the whole reach
    first (every student of a consortium's two hundred thousand registrations) to look at some fifty names.
    For a teacher it is the other way round: some hundred students are collected in a millisecond."""

    template = "EXISTS(%(subquery)s OFFSET 0)"


class Collected(models.Func):
    """A condition whose sub-select is collected once and looked up, instead of being joined for each row at hand.
    Joined, the agreement of each of a student's classes is fetched anew; a consortium's agreements are some hundred."""

    template = "(%(expressions)s IS TRUE)"
    output_field = models.BooleanField()


def reaches(model: type[models.Model], path: str, ids: Sequence[int], *, wide: bool = False) -> models.Q:
    """The condition that a row's path ends at one of these ids, without a join that repeats the row.

    A path of single relations is a join that repeats nothing. From the first relation to many on, the rest is
    a sub-select of its own: PostgreSQL then answers each path by its own indexes, where one sub-select of
    outer joins for all paths together would be walked row by row.

    A key whose record may be stood for by another (`pointer`) leads to the row from that one too.
    """
    hops = path.split("__")
    here: type[models.Model] = model
    rows: models.QuerySet[Any, Any]
    followed = models.Q()
    for at, hop in enumerate(hops):
        field = here._meta.get_field(hop)
        pointer = getattr(field, "pointer", None)
        if pointer and at + 1 < len(hops):
            pointed: Any = field.related_model
            every = pointed._base_manager.order_by().values("pk")
            rest = "__".join(hops[at + 1 :])
            stood_for = every.filter(
                reaches(every.model, f"{pointer}__{rest}", ids)
            )  # few, and quickly collected
            if (
                not wide
            ):  # one list of keys keeps the index by this key in use, where two conditions would not
                stood_for = every.filter(reaches(every.model, rest, ids)).union(stood_for)
                return models.Q(**{"__".join([*hops[: at + 1], "in"]): stood_for})
            followed = models.Q(**{"__".join([*hops[: at + 1], "in"]): stood_for})
        if isinstance(field, models.ManyToOneRel) and not isinstance(field, models.OneToOneRel):
            back = field.remote_field.name
            there = field.related_model
            rest = "__".join(hops[at + 1 :])
            if at == 0 and there is here:  # records that others stand for: few, and quickly collected
                stood = there._base_manager.filter(
                    reaches(there, rest, ids, wide=wide), **{f"{back}__isnull": False}
                )
                return models.Q(pk__in=stood.order_by().values(back))
            if at == 0:
                found = _collected(there, rest, ids) if wide else reaches(there, rest, ids)
                rows = there._base_manager.filter(found, **{back: models.OuterRef("pk")})
                return models.Q(RowByRow(rows) if wide else models.Exists(rows))
            before = "__".join(hops[:at])
            if wide and _is_of_students(there):
                found = _collected(there, rest, ids)
                rows = there._base_manager.filter(found, **{back: models.OuterRef(before)})
                return followed | models.Q(RowByRow(rows))
            found = reaches(there, rest, ids) if rest else models.Q(pk__in=ids)
            rows = there._base_manager.filter(found).values(back)
            return followed | models.Q(**{f"{before}__in": rows})
        if isinstance(field, models.ManyToManyField | models.ManyToManyRel):
            rows = here._base_manager.filter(**{"__".join(hops[at:]) + "__in": ids}).order_by().values("pk")
            return followed | models.Q(
                **{"__".join([*hops[:at], "pk"] if at == 0 else hops[:at]) + "__in": rows}
            )
        if at + 1 < len(hops):
            here = field.related_model  # type: ignore[assignment]  # every hop but the last is a relation
    return followed | models.Q(**{f"{path}__in": ids})


def _is_of_students(model: type[models.Model]) -> bool:
    """Are these rows that students see as their own, of which a wide reach holds hundreds of thousands? Of seats, classes
    and agreements it holds some hundred: those are collected."""
    return Role.STUDENT in getattr(model, "seen_by", {})


def _collected(model: type[models.Model], path: str, ids: Sequence[int]) -> models.Q:
    """`reaches`, for a row that is looked at once for each of many others: where the path goes on from its first
    relation, what that may lead to is collected once."""
    first, _, rest = path.partition("__")
    if not rest:
        return reaches(model, path, ids)
    relation = model._meta.get_field(first)
    if relation.one_to_many:  # of a record that was merged away: its own rows are asked one by one again
        return reaches(model, path, ids, wide=True)
    ends: Any = relation.related_model
    keys = ends._base_manager.filter(reaches(ends, rest, ids)).order_by().values("pk")
    is_one = models.Q(**{f"{first}__in": keys})
    return models.Q(Collected(models.ExpressionWrapper(is_one, models.BooleanField())))


class Record(models.Model):
    """A model whose rows belong to somebody: it declares who sees them and which fields are private."""

    seen_by: ClassVar[Mapping[Role, Paths]] = {}
    #: What a row must be besides, to be seen from seats of a role.
    seen_if: ClassVar[Mapping[Role, models.Q]] = {}
    public_fields: ClassVar[set[str]] = set()
    private_fields: ClassVar[set[str]] = set()

    class Meta:
        abstract = True


class SignedIn(HttpRequest):
    """A request of somebody who signed in: what a view behind its door gets. For types only."""

    user: "User"


View: TypeAlias = Callable[..., HttpResponseBase]


def for_roles(*roles: Role) -> Callable[[View], View]:
    """The screen opens for people who hold a seat of one of these roles; others get 403."""

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not has_role(request.user, *roles):
                raise PermissionDenied(ended_seat(request.user, roles) or wrong_seat(roles))
            return view(request, *args, **kwargs)

        guarded.policy = frozenset(roles)  # type: ignore[attr-defined]
        return guarded

    return decorate


def for_anyone(why: str) -> Callable[[View], View]:
    """The screen needs no sign-in; `why` says what makes that right."""

    def decorate(view: View) -> View:
        opened: View = login_not_required(view)
        opened.policy = why  # type: ignore[attr-defined]
        return opened

    return decorate


def for_any_seat(why: str) -> Callable[[View], View]:
    """The screen opens for everyone who signed in, whatever their seats; `why` says what makes that right."""

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def signed_in(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            return view(request, *args, **kwargs)

        signed_in.policy = ("signed in", why)  # type: ignore[attr-defined]
        return signed_in

    return decorate


def kept_for_later(keep: Callable[..., bool]) -> Callable[[View], View]:
    """A form of this screen that comes after the session ended is not lost: `keep(form, **address)` puts it where
    its own writer finds it after signing in again, and says whether it could tell who that is."""

    def decorate(view: View) -> View:
        view.keep = keep  # type: ignore[attr-defined]
        return view

    return decorate


def is_english(view: object, user: Any) -> bool:
    """Whether this person reads a screen in English whatever they chose: staff, on a screen for staff alone."""
    return not is_translated(view) and has_role(user, *view.policy)  # type: ignore[attr-defined]


def is_translated(view: object) -> bool:
    """Whether a screen speaks every language of SERS: those that students, guardians and the public open do."""
    policy = getattr(view, "policy", None)
    return not isinstance(policy, frozenset) or Role.STUDENT in policy


def ended_seat(user: Any, roles: Iterable[Role]) -> str:
    """What a person reads whose seat opened the screen until it ended; empty where there was none."""
    title = user.seats.last_ended(timezone.localdate(), roles)
    return f"Your seat as {title} has ended." if title else ""


def wrong_seat(roles: Iterable[Role]) -> str:
    """What a person reads who opened a screen that is not for their seat."""
    names = [str(role.label) for role in roles]
    listed = get_text_list(names, gettext("or"))
    return gettext("This page is for people who work in SERS as {roles}.").format(roles=listed)


def school_year_of(on: date) -> int:
    """The first calendar year of the school year a day falls in; it turns on July 1."""
    return on.year if on.month >= 7 else on.year - 1
