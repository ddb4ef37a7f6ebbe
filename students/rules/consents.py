"""Who publishes the consent text, and what it has to hold."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from accounts.access import Role, has_role
from accounts.models import User
from sers.lib.refusal import Refusal
from students.models import ConsentText

#: Languages a text must be in before it is published: those the student pages are complete in.
WANTED_LANGUAGES = ("en", "es")


def why_not_publish(wordings: Mapping[str, tuple[str, str]], *, by: User) -> Refusal | None:
    """The State publishes the consent text, complete in English and Spanish at once."""
    if not has_role(by, Role.STATE):
        return Refusal(
            "not_the_state", "The consent text is the State Board's.", "Ask the State Board to change it."
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
