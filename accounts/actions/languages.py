"""The language a person reads and is written in."""

from accounts.models import User


def choose_language(*, user: User, language: str) -> None:
    """Keep the language a person chose: their pages and their mail are written in it. One's own taste: no event."""
    User.objects.filter(pk=user.pk).exclude(language=language).update(language=language)
    user.language = language
