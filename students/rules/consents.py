"""Who publishes the texts students and guardians agree to, and what they have to hold."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from accounts.access import Role, has_role, stands_on
from accounts.models import User
from organizations.models import AcademicYear, Consortium
from sers.lib.refusal import Refusal
from students.models import ConsentText

#: Languages a text must be in before it is published: those the student pages are complete in.
WANTED_LANGUAGES = ("en", "es")


def can_publish(user: User, consortium: Consortium | None = None) -> bool:
    """The State publishes what stands for everybody; staff of a consortium its own text for guardians."""
    if consortium is None:
        return has_role(user, Role.STATE)
    return stands_on(user, Role.CONSORTIUM, consortium.pk)


def is_open_for_texts(year: AcademicYear) -> bool:
    """A text holds from this school year on, or from the next; what was signed for a year that is over stands."""
    return year.first_year >= AcademicYear.objects.current().first_year


def why_not_publish(
    wordings: Mapping[str, tuple[str, str]],
    *,
    by: User,
    consortium: Consortium | None = None,
    year: AcademicYear | None = None,
) -> Refusal | None:
    """A text is published by whose it is, complete in English and Spanish at once, and for no year that is over."""
    if not can_publish(by, consortium):
        if consortium is not None:
            return Refusal("not_consortium", "Staff of the consortium write its text for guardians.")
        return Refusal(
            "not_the_state", "The consent text is the State Board's.", "Ask the State Board to change it."
        )
    if year is not None and not is_open_for_texts(year):
        return Refusal(
            "year_is_over", f"{year} is over.", "Publish the text for this school year or the next."
        )
    if any(
        not all(part.strip() for part in wordings.get(language, ("", ""))) for language in WANTED_LANGUAGES
    ):
        return Refusal(
            "not_complete",
            "The text is not complete.",
            "Enter heading and text in English and in Spanish.",
        )
    return None


def why_not_agreed(shown: str, *, in_force: ConsentText) -> Refusal | None:
    """A student agrees to the text that was on the screen; one that is not in force any more is shown anew."""
    if shown == in_force.version:
        return None
    return Refusal(
        "consent_changed",
        _("The text you agree to was changed while this page was open."),
        _("Read it again, and tick the box once more."),
    )
