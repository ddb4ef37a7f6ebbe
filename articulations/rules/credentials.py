"""Industry credentials: who keeps the State's list, what a class may prepare for, and what a change of either is."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from accounts.access import Role, has_role
from accounts.models import User
from articulations.models import HighSchoolCourse, IndustryCredential
from sers.lib.refusal import Refusal

#: What a credential is, in the words of a change.
CREDENTIAL_FIELDS: Final[Mapping[str, str]] = {
    "title": "Title",
    "given_by": "Given by",
    "clusters": "Career clusters",
    "last_year": "Last school year",
}


def keeps_credentials(user: User) -> bool:
    """The list of industry credentials is the State's: its staff add to it, correct it and end what is no longer given."""
    return has_role(user, Role.STATE)


def why_not_list(user: User, title: str, *, beside: IndustryCredential | None = None) -> Refusal | None:
    """A credential stands on the list once, whatever its capitals; the State's staff put it there."""
    if not keeps_credentials(user):
        return Refusal("not_state", "The State keeps the list of industry credentials.")
    others = IndustryCredential.objects.filter(title__iexact=title)
    if beside is not None:
        others = others.exclude(pk=beside.pk)
    if others.exists():
        return Refusal("there_already", f"{title} is on the list already.", "Open it and change it there.")
    return None


def credential_facts(credential: IndustryCredential) -> dict[str, str]:
    """What a credential is, as text that can be compared."""
    return {
        "title": credential.title,
        "given_by": credential.given_by,
        "clusters": ", ".join(sorted(one.name for one in credential.clusters.all())) or "Any",
        "last_year": str(credential.last_year or ""),
    }


def credential_mark(credential: IndustryCredential) -> str:
    """What a page was drawn with, so that of two people at once the second is told."""
    return "|".join(credential_facts(credential).values())


def credential_changes(before: Mapping[str, str], now: Mapping[str, str]) -> list[dict[str, str]]:
    """What differs, field by field, before and after."""
    return [
        {"name": name, "was": before[field], "is_now": now[field]}
        for field, name in CREDENTIAL_FIELDS.items()
        if before[field] != now[field]
    ]


def preparation_mark(credentials: Iterable[Any]) -> str:
    """What a page saw a class prepare for; to the same end."""
    return " ".join(sorted(str(one.pk) for one in credentials))


def offered_to(course: HighSchoolCourse, first_year: int) -> list[IndustryCredential]:
    """What a class may prepare for, by title: all that is recorded in this school year, and what it prepares for already.

    Those of its own career cluster come first; no filter hides one by accident.
    """
    chosen = set(course.prepares_for.values_list("pk", flat=True))
    every = IndustryCredential.objects.in_order().prefetch_related("clusters")
    offered = [one for one in every if one.is_recorded_in(first_year) or one.pk in chosen]
    return sorted(offered, key=lambda one: not fits(one, course))


def fits(credential: IndustryCredential, course: HighSchoolCourse) -> bool:
    """Is the credential one of the class's own career cluster?"""
    return any(one.pk == course.cluster_id for one in credential.clusters.all())
