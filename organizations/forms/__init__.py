"""What a person types about places, years and their rules."""

from organizations.forms.answers import AnswerForm

__all__ = ["AnswerForm"]
