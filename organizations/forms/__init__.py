"""What a person types about places and years."""

from organizations.forms.answers import AnswerForm

__all__ = ["AnswerForm"]
